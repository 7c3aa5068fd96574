package io.offtake.governance;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One column of a master's file, and one field of its form.
///
/// @param name     the form's field
/// @param title    the heading that exports write
/// @param aliases  other headings under which imports know it
/// @param value    reads it from a form: text, number, date, yes or no; null is an empty cell
/// @param hint     what may stand in it, for the sample file and the error file
public record Column<F>(String name, String title, List<String> aliases, boolean required, Function<F, @Nullable Object> value, String hint) {
    public Column {
        aliases = List.copyOf(aliases);
    }

    public static <F> Column<F> required(String name, String title, Function<F, @Nullable Object> value, String hint, String... aliases) {
        return new Column<>(name, title, List.of(aliases), true, value, hint);
    }

    public static <F> Column<F> optional(String name, String title, Function<F, @Nullable Object> value, String hint, String... aliases) {
        return new Column<>(name, title, List.of(aliases), false, value, hint);
    }

    /// The cell of a form as text; equal forms have equal texts.
    public String text(F form) {
        return ofValue(value.apply(form));
    }

    /// A value as text: decimals without needless zeros, yes and no, ISO dates.
    public static String ofValue(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case BigDecimal decimal -> decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
            case Boolean yes -> yes ? "yes" : "no";
            default -> value.toString();
        };
    }
}
