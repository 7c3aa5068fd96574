package io.offtake.governance;

import io.offtake.platform.ProblemCode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The cells of one row by column, read as what people write: `1,23,456.50`, `31-12-2026`, `Yes`. What cannot be read
/// becomes a fault and a null; the row goes on, so that all its faults are told at once.
public final class Cells {
    private static final Pattern PLAIN = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,12})?");
    private static final Pattern GROUPED = Pattern.compile("[+-]?\\d{1,3}(,\\d{2,3})*,\\d{3}(\\.\\d{1,12})?");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?\\d{1,18},\\d{1,12}");
    private static final Pattern ISO = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})(T00:00(:00)?)?");
    private static final Pattern DAY_FIRST = Pattern.compile("(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})");

    private final Map<String, String> texts;
    private final boolean decimalComma;
    private final List<Fault> faults = new ArrayList<>();

    /// @param texts        cell texts by column name; a missing column reads as empty
    /// @param decimalComma whether `12,50` is twelve and a half, as in files separated by semicolons
    public Cells(Map<String, String> texts, boolean decimalComma) {
        this.texts = Map.copyOf(texts);
        this.decimalComma = decimalComma;
    }

    /// The same cells, laid over what is stored: columns that the file does not have read as stored.
    public Cells over(Map<String, String> stored) {
        var all = new java.util.HashMap<>(stored);
        all.putAll(texts);
        return new Cells(all, decimalComma);
    }

    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    /// The text, without surrounding blanks; empty if there is none.
    public String text(String column) {
        return texts.getOrDefault(column, "").strip();
    }

    public @Nullable String textOrNull(String column) {
        var text = text(column);
        return text.isEmpty() ? null : text;
    }

    public String text(String column, String ifEmpty) {
        var text = text(column);
        return text.isEmpty() ? ifEmpty : text;
    }

    public String upper(String column, String ifEmpty) {
        return text(column, ifEmpty).toUpperCase(Locale.ROOT);
    }

    public @Nullable BigDecimal decimal(String column) {
        var text = text(column).replace("\u00a0", "").replace(" ", "");
        if (text.isEmpty()) return null;
        if (decimalComma && DECIMAL_COMMA.matcher(text).matches()) return new BigDecimal(text.replace(',', '.'));
        if (PLAIN.matcher(text).matches()) return new BigDecimal(text);
        if (GROUPED.matcher(text).matches()) return new BigDecimal(text.replace(",", ""));
        if (DECIMAL_COMMA.matcher(text).matches()) return new BigDecimal(text.replace(',', '.'));
        faults.add(new Fault(column, ProblemCode.INVALID, "\"" + text(column) + "\" is not a number", "Write a number such as 1234.50"));
        return null;
    }

    public BigDecimal decimal(String column, BigDecimal ifEmpty) {
        var value = decimal(column);
        return value == null ? ifEmpty : value;
    }

    public @Nullable Integer integer(String column) {
        var value = decimal(column);
        if (value == null) return null;
        try {
            return value.intValueExact();
        } catch (ArithmeticException _) {
            faults.add(new Fault(column, ProblemCode.INVALID, "\"" + text(column) + "\" is not a whole number", "Write a whole number such as 12"));
            return null;
        }
    }

    public int integer(String column, int ifEmpty) {
        var value = integer(column);
        return value == null ? ifEmpty : value;
    }

    public @Nullable LocalDate date(String column) {
        var text = text(column);
        if (text.isEmpty()) return null;
        try {
            var iso = ISO.matcher(text);
            if (iso.matches()) return LocalDate.of(Integer.parseInt(iso.group(1)), Integer.parseInt(iso.group(2)), Integer.parseInt(iso.group(3)));
            var day = DAY_FIRST.matcher(text);
            if (day.matches()) return LocalDate.of(Integer.parseInt(day.group(3)), Integer.parseInt(day.group(2)), Integer.parseInt(day.group(1)));
        } catch (DateTimeException _) {
            // told below: a day that no calendar has
        }
        faults.add(new Fault(column, ProblemCode.INVALID, "\"" + text + "\" is not a date", "Write a date such as 2026-04-01 or 01-04-2026"));
        return null;
    }

    public boolean yes(String column, boolean ifEmpty) {
        return switch (text(column).toLowerCase(Locale.ROOT)) {
            case "" -> ifEmpty;
            case "yes", "y", "true", "1", "हाँ", "हां" -> true;
            case "no", "n", "false", "0", "नहीं" -> false;
            default -> {
                faults.add(new Fault(column, ProblemCode.INVALID, "\"" + text(column) + "\" is neither yes nor no", "Write yes or no"));
                yield ifEmpty;
            }
        };
    }

    /// Items separated by `;` or `|`, without empty ones.
    public List<String> items(String column) {
        var items = new ArrayList<String>();
        for (var item : text(column).split("[;|]")) if (!item.isBlank()) items.add(item.strip());
        return List.copyOf(items);
    }

    public void fault(String column, String wrong, String right) {
        faults.add(new Fault(column, ProblemCode.INVALID, wrong, right));
    }
}
