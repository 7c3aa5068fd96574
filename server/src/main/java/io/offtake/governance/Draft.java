package io.offtake.governance;

import io.offtake.platform.ProblemCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A master somebody wants to store: the form, what is stored now, and what its owner found while checking.
public final class Draft<F extends Record> {
    private static final Pattern CODE = Pattern.compile("[\\p{L}\\p{N}]([\\p{L}\\p{M}\\p{N}._/ +&#()'-]{0,38}[\\p{L}\\p{M}\\p{N}.)])?");
    private static final int TEXT_MAX = 200;

    /// What is stored now.
    /// @param id a UUID or a Long
    public record Current<F>(Object id, int version, F form) {}

    private final F form;
    private final @Nullable Current<F> current;
    private final Object id;
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, @Nullable Object> found = new HashMap<>();

    Draft(F form, @Nullable Current<F> current, Object id) {
        this.form = form;
        this.current = current;
        this.id = id;
    }

    public F form() {
        return form;
    }

    /// Null for a new one.
    public @Nullable Current<F> current() {
        return current;
    }

    public boolean isNew() {
        return current == null;
    }

    /// The id it has or will have.
    public Object id() {
        return id;
    }

    public int version() {
        return current == null ? 1 : current.version() + 1;
    }

    public List<Fault> faults() {
        return List.copyOf(faults);
    }

    public boolean isGood() {
        return faults.isEmpty();
    }

    void faults(Collection<Fault> more) {
        faults.addAll(more);
    }

    /// What a code of the form stands for, such as the id of a beat; bound to the statements under this name.
    public void found(String name, @Nullable Object value) {
        found.put(name, value);
    }

    public @Nullable Object found(String name) {
        return found.get(name);
    }

    Map<String, @Nullable Object> found() {
        return found;
    }

    public void fault(String field, ProblemCode code, String wrong, String right) {
        faults.add(new Fault(field, code, wrong, right));
    }

    public void fault(String field, String wrong, String right) {
        fault(field, ProblemCode.INVALID, wrong, right);
    }

    /// A code: letters and digits of any script, at most 40 characters.
    public void code(String field, @Nullable String value) {
        if (value == null || value.isBlank()) fault(field, "is missing", "Give it a code, such as A-101");
        else if (!CODE.matcher(value).matches()) fault(field, "\"" + value + "\" is no code", "Use letters, digits and - . / _ and at most 40 characters");
    }

    public void required(String field, @Nullable String value) {
        if (value == null || value.isBlank()) fault(field, "is missing", "Fill it in");
        else text(field, value);
    }

    /// Text that may be missing: no control characters, at most 200 characters.
    public void text(String field, @Nullable String value) {
        text(field, value, TEXT_MAX);
    }

    public void text(String field, @Nullable String value, int lengthMax) {
        if (value == null) return;
        if (value.codePointCount(0, value.length()) > lengthMax) fault(field, "is longer than " + lengthMax + " characters", "Shorten it");
        if (value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) fault(field, "holds a line break or another control character", "Write it in one line");
    }

    public void pattern(String field, @Nullable String value, String regex, String right) {
        if (value != null && !value.isEmpty() && !value.matches(regex)) fault(field, "\"" + value + "\" has not the right form", right);
    }

    public void oneOf(String field, @Nullable String value, Collection<String> accepted) {
        if (value == null || !accepted.contains(value)) fault(field, value == null || value.isBlank() ? "is missing" : "\"" + value + "\" is not possible", "Write one of " + String.join(", ", accepted));
    }

    /// The first day must be there, and the last one not before it.
    /// @return whether there is a first day to go on with
    public boolean period(Dated form) {
        if (form.validFrom() == null) {
            fault("validFrom", "is missing", "The first day");
            return false;
        }
        if (form.validTo() != null && form.validTo().isBefore(form.validFrom())) fault("validTo", "is before the first day", "A day on or after " + form.validFrom());
        return true;
    }

    /// @param decimals how many decimals it may have
    public void decimal(String field, @Nullable BigDecimal value, BigDecimal min, BigDecimal max, int decimals, boolean required) {
        if (value == null) {
            if (required) fault(field, "is missing", "Write a number");
            return;
        }
        if (value.stripTrailingZeros().scale() > decimals) fault(field, value.toPlainString() + " has too many decimals", "Use at most " + decimals);
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            fault(field, value.toPlainString() + " is out of range", "From " + min.toPlainString() + " to " + max.toPlainString());
        }
    }
}
