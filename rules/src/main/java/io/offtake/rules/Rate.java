package io.offtake.rules;

/// A fraction to six decimals: 0.05 is 5 %. Never negative, never above 100.
public record Rate(long micros) implements Comparable<Rate> {
    public static final Rate ZERO = new Rate(0);
    public static final Rate ONE = new Rate(1_000_000);

    public Rate {
        if (micros < 0 || micros > 100_000_000) throw new IllegalArgumentException("a rate lies between 0 and 100");
    }

    /// @throws IllegalArgumentException if `text` is no decimal of at most six decimals between 0 and 100
    public static Rate parse(String text) {
        return new Rate(Fixed.parse(text, 6));
    }

    /// Reads a percentage: `5` and `5.00` are 0.05.
    public static Rate ofPercent(String text) {
        return new Rate(Fixed.parse(text, 4));
    }

    /// This rate as a percentage, for people: 0.05 is `5`.
    public String toPercent() {
        return Fixed.print(micros, 4, 0);
    }

    public boolean isZero() {
        return micros == 0;
    }

    @Override
    public int compareTo(Rate other) {
        return Long.compare(micros, other.micros);
    }

    @Override
    public String toString() {
        return Fixed.print(micros, 6, 0);
    }
}
