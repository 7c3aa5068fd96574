package io.offtake.rules;

/// A price or cost per base unit, to six decimals, never negative (PX-04).
public record UnitPrice(long micros) implements Comparable<UnitPrice> {
    public static final UnitPrice ZERO = new UnitPrice(0);

    public UnitPrice {
        if (micros < 0) throw new IllegalArgumentException("a unit price is never negative");
    }

    /// @throws IllegalArgumentException if `text` is no decimal of at most six decimals, or negative
    public static UnitPrice parse(String text) {
        return new UnitPrice(Fixed.parse(text, 6));
    }

    /// The value of `qty` at this price, HALF_UP to the currency's smallest unit.
    public Money timesHalfUp(Qty qty, int moneyScale) {
        return new Money(Fixed.mulDivHalfUp(micros, qty.milli(), Fixed.power10(9 - moneyScale)), moneyScale);
    }

    /// The price per base unit of a price quoted for `perUnit` base units (`num ÷ den` of them), HALF_UP at six decimals.
    public UnitPrice perBaseHalfUp(long num, long den) {
        return new UnitPrice(Fixed.mulDivHalfUp(micros, den, num));
    }

    @Override
    public int compareTo(UnitPrice other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return Fixed.print(micros, 6, 2);
    }
}
