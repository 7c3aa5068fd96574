package io.offtake.rules;

/// A quantity in base units, to a thousandth. Count goods use whole numbers only (the SKU's `qtyScale` says so).
public record Qty(long milli) implements Comparable<Qty> {
    public static final Qty ZERO = new Qty(0);

    public static Qty of(long whole) {
        return new Qty(Math.multiplyExact(whole, 1000));
    }

    /// @throws IllegalArgumentException if `text` is no decimal of at most three decimals
    public static Qty parse(String text) {
        return new Qty(Fixed.parse(text, 3));
    }

    public Qty plus(Qty other) {
        return new Qty(Math.addExact(milli, other.milli));
    }

    public Qty minus(Qty other) {
        return new Qty(Math.subtractExact(milli, other.milli));
    }

    public Qty negate() {
        return new Qty(Math.negateExact(milli));
    }

    public Qty min(Qty other) {
        return milli <= other.milli ? this : other;
    }

    public boolean isZero() {
        return milli == 0;
    }

    public boolean isPositive() {
        return milli > 0;
    }

    public boolean isWhole() {
        return milli % 1000 == 0;
    }

    @Override
    public int compareTo(Qty other) {
        return Long.compare(milli, other.milli);
    }

    @Override
    public String toString() {
        return Fixed.print(milli, 3, 0);
    }
}
