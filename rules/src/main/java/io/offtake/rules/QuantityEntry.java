package io.offtake.rules;

import java.util.ArrayList;
import java.util.List;

/// Reads a quantity as it is typed at the counter: `24` (base units), `2c` (2 cases), `2c6` (2 cases and 6), `2c3i5`, `1d` (a dozen),
/// `.5` where the SKU is sold by weight. A unit is named by the first letters of its code; the base unit may be named too.
public final class QuantityEntry {
    private QuantityEntry() {}

    public sealed interface Outcome {
        record Ok(Qty qty) implements Outcome {}

        record Refused(Refusal refusal) implements Outcome {}
    }

    public static Outcome parse(RuleBook.Sku sku, String text) {
        var entry = text == null ? "" : text.trim();
        if (entry.isEmpty()) return refused(Refusal.Code.QTY_NOT_POSITIVE, sku, "qty", "", accepted(sku));
        long total = 0;
        int at = 0;
        while (at < entry.length()) {
            int from = at;
            while (at < entry.length() && (isDigit(entry.charAt(at)) || entry.charAt(at) == '.')) at++;
            var number = entry.substring(from, at);
            int unitFrom = at;
            while (at < entry.length() && isLetter(entry.charAt(at))) at++;
            var unitText = entry.substring(unitFrom, at);
            while (at < entry.length() && (entry.charAt(at) == ' ' || entry.charAt(at) == '+')) at++;
            if (number.isEmpty()) return refused(Refusal.Code.UNIT_UNKNOWN, sku, "text", entry, accepted(sku));
            long milli;
            try {
                milli = Fixed.parse(number, 3);
            } catch (IllegalArgumentException notANumber) {
                return refused(Refusal.Code.QTY_NOT_WHOLE, sku, "text", entry, accepted(sku));
            }
            if (unitText.isEmpty()) {
                if (at < entry.length() && !isDigit(entry.charAt(at)) && entry.charAt(at) != '.')
                    return refused(Refusal.Code.UNIT_UNKNOWN, sku, "text", entry, accepted(sku));
                total = add(total, milli);
            } else {
                var unit = unit(sku, unitText);
                if (unit == null) return refused(Refusal.Code.UNIT_UNKNOWN, sku, "unit", unitText, accepted(sku));
                long scaled = multiply(milli, unit.num());
                if (scaled < 0 || scaled % unit.den() != 0) return refused(Refusal.Code.QTY_NOT_WHOLE, sku, "text", entry, accepted(sku));
                total = add(total, scaled / unit.den());
            }
            if (total < 0) return refused(Refusal.Code.QTY_NOT_WHOLE, sku, "text", entry, accepted(sku));
        }
        if (total == 0) return refused(Refusal.Code.QTY_NOT_POSITIVE, sku, "qty", "0", accepted(sku));
        if (sku.qtyScale() == 0 && total % 1000 != 0) return refused(Refusal.Code.QTY_NOT_WHOLE, sku, "qty", new Qty(total).toString(), accepted(sku));
        return new Outcome.Ok(new Qty(total));
    }

    /// A quantity in its largest units, for people: 185 is `2c 3i 5` with cases of 72 and inners of 12 (EX-01).
    public static String format(RuleBook.Sku sku, Qty qty) {
        var out = new StringBuilder();
        var units = new ArrayList<>(sku.units());
        units.sort((one, other) -> Long.compare(other.num() * one.den(), one.num() * other.den()));
        long left = qty.milli();
        for (var unit : units) {
            if (unit.num() % unit.den() != 0) continue;
            long size = unit.num() / unit.den() * 1000;
            if (size <= 1000 || left < size) continue;
            if (!out.isEmpty()) out.append(' ');
            out.append(left / size).append(Character.toLowerCase(unit.code().charAt(0)));
            left %= size;
        }
        if (left != 0 || out.isEmpty()) {
            if (!out.isEmpty()) out.append(' ');
            out.append(new Qty(left));
        }
        return out.toString();
    }

    private static long add(long one, long other) {
        long sum = one + other;
        return one < 0 || other < 0 || sum < 0 ? -1 : sum;
    }

    private static long multiply(long milli, long num) {
        return milli != 0 && num > Long.MAX_VALUE / milli ? -1 : milli * num;
    }

    private static RuleBook.Unit unit(RuleBook.Sku sku, String text) {
        for (var unit : sku.units()) if (unit.code().equalsIgnoreCase(text)) return unit;
        if (sku.baseUnit().equalsIgnoreCase(text)) return new RuleBook.Unit(sku.baseUnit(), 1, 1);
        for (var unit : sku.units()) if (startsWith(unit.code(), text)) return unit;
        if (startsWith(sku.baseUnit(), text)) return new RuleBook.Unit(sku.baseUnit(), 1, 1);
        return startsWith("DOZEN", text) || text.equalsIgnoreCase("dz") ? new RuleBook.Unit("DOZEN", 12, 1) : null;
    }

    private static boolean startsWith(String code, String text) {
        return code.regionMatches(true, 0, text, 0, text.length());
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static String accepted(RuleBook.Sku sku) {
        var out = new StringBuilder(sku.baseUnit());
        for (var unit : sku.units()) out.append(", ").append(unit.code());
        return out.append(", DOZEN").toString();
    }

    private static Outcome refused(Refusal.Code code, RuleBook.Sku sku, String name, String value, String accepted) {
        return new Outcome.Refused(new Refusal(code, null, sku.id(), "PX-04", List.of(new Refusal.Value(name, value)),
                List.of(new Refusal.Value("units", accepted))));
    }
}
