package io.offtake.rules;

/// An amount of money in the smallest unit of its currency (`scale` 0 to 3 decimals). Amounts of different scales
/// never meet; every operation is exact or refused.
public record Money(long units, int scale) implements Comparable<Money> {
    public Money {
        if (scale < 0 || scale > 3) throw new IllegalArgumentException("money has 0 to 3 decimals");
    }

    public static Money zero(int scale) {
        return new Money(0, scale);
    }

    /// @throws IllegalArgumentException if `text` is no decimal of at most `scale` decimals
    public static Money parse(String text, int scale) {
        return new Money(Fixed.parse(text, scale), scale);
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(units, same(other).units), scale);
    }

    public Money minus(Money other) {
        return new Money(Math.subtractExact(units, same(other).units), scale);
    }

    public Money negate() {
        return new Money(Math.negateExact(units), scale);
    }

    /// This amount × `rate`, HALF_UP to the currency's smallest unit.
    public Money timesHalfUp(Rate rate) {
        return new Money(Fixed.mulDivHalfUp(units, rate.micros(), 1_000_000), scale);
    }

    public Money min(Money other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public boolean isZero() {
        return units == 0;
    }

    public boolean isNegative() {
        return units < 0;
    }

    public boolean isPositive() {
        return units > 0;
    }

    private Money same(Money other) {
        if (other.scale != scale) throw new IllegalArgumentException("money of " + scale + " and " + other.scale + " decimals");
        return other;
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(units, same(other).units);
    }

    @Override
    public String toString() {
        return Fixed.print(units, scale, scale);
    }
}
