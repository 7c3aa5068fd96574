package io.offtake.rules;

/// Fixed-point arithmetic on `long`, exact or refused: a result that does not fit throws [ArithmeticException].
/// Products are taken on 128 bits, so that `a × b ÷ d` never overflows half-way.
public final class Fixed {
    private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
            1_000_000_000};

    private Fixed() {}

    /// 10 to the power of `exponent` (0 to 9).
    public static long power10(int exponent) {
        return POWERS[exponent];
    }

    /// `a × b ÷ divisor`, half away from zero (0.5 → 1, −0.5 → −1): HALF_UP as accountants say it.
    public static long mulDivHalfUp(long a, long b, long divisor) {
        boolean negative = (a < 0) != (b < 0);
        long magnitude = divide(Math.absExact(a), Math.absExact(b), divisor, true);
        return negative ? -magnitude : magnitude;
    }

    /// `amount × micros ÷ 1,000,000`, half away from zero: the commonest rounding of all.
    static long fraction(long amount, long micros) {
        if (amount >= 0 && amount < 1L << 38 && micros >= 0 && micros < 1L << 24) return (amount * micros + 500_000) / 1_000_000;
        return mulDivHalfUp(amount, micros, 1_000_000);
    }

    /// What a quantity in thousandths is worth at a price in millionths, in units of 10^−scale, half away from zero: asked of every line.
    static long worth(long micros, long milli, int scale) {
        if (scale == 2 && (micros | milli) >>> 31 == 0) return (micros * milli + 5_000_000) / 10_000_000;
        return mulDivHalfUp(micros, milli, power10(9 - scale));
    }

    /// The parts in which fractions of a smallest unit are added up before the sum rounds once.
    static final long FINE = 1_000_000_000;

    /// The fraction of `a × b ÷ divisor` (non-negative), in parts of [#FINE].
    static long fineRest(long a, long b, long divisor) {
        return mulDivHalfUp(mulMod(a, b, divisor), FINE, divisor);
    }

    /// Fractions that were added up, as whole units, half away from zero. Each may be off by half a part; what the sum misses a half by no
    /// more than that is a half.
    static long roundedOnce(long fine) {
        return mulDivHalfUp(mulDivHalfUp(fine, 1, 100), 1, FINE / 100);
    }

    /// `a × b ÷ divisor`, towards zero. For quantities that are only given whole.
    public static long mulDivDown(long a, long b, long divisor) {
        boolean negative = (a < 0) != (b < 0);
        long magnitude = divide(Math.absExact(a), Math.absExact(b), divisor, false);
        return negative ? -magnitude : magnitude;
    }

    /// The remainder of `a × b ÷ divisor` for non-negative `a` and `b`; what largest-remainder apportioning ranks by.
    public static long mulMod(long a, long b, long divisor) {
        if (a == 0 || b <= Long.MAX_VALUE / a) return a * b % divisor;
        return wide(a, b, divisor, false, true);
    }

    private static long divide(long a, long b, long divisor, boolean halfUp) {
        if (divisor <= 0) throw new ArithmeticException("divisor must be positive");
        if (a == 0 || b == 0) return 0;
        // what has 31 bits each fits for sure, which is known without a division
        if ((a | b) >>> 31 == 0 || b <= Long.MAX_VALUE / a) {
            long product = a * b;
            long quotient = product / divisor;
            long rest = product - quotient * divisor;
            return halfUp && rest >= divisor - rest ? Math.addExact(quotient, 1) : quotient;
        }
        return wide(a, b, divisor, halfUp, false);
    }

    /// Schoolbook division of the 128-bit product, bit by bit: rare, so it is small rather than fast.
    private static long wide(long a, long b, long divisor, boolean halfUp, boolean wantRest) {
        long aLow = a & 0xFFFFFFFFL, aHigh = a >>> 32, bLow = b & 0xFFFFFFFFL, bHigh = b >>> 32;
        long low = aLow * bLow;
        long middle = aHigh * bLow + (low >>> 32);
        long middle2 = aLow * bHigh + (middle & 0xFFFFFFFFL);
        long high = aHigh * bHigh + (middle >>> 32) + (middle2 >>> 32);
        long bits = (middle2 << 32) | (low & 0xFFFFFFFFL);
        if (!wantRest && high >= divisor) throw new ArithmeticException("decimal overflow");
        long rest = high % divisor;
        long quotient = 0;
        for (int bit = 63; bit >= 0; bit--) {
            rest = (rest << 1) | ((bits >>> bit) & 1);      // rest < divisor ≤ 2^63 − 1, so one bit more fits unsigned
            boolean fits = rest < 0 || rest >= divisor;
            if (fits) rest -= divisor;
            quotient = (quotient << 1) | (fits ? 1 : 0);
        }
        if (wantRest) return rest;
        if (quotient < 0) throw new ArithmeticException("decimal overflow");
        return halfUp && rest >= divisor - rest ? Math.addExact(quotient, 1) : quotient;
    }

    /// Reads a plain decimal (`-12.50`, `7`, `.5`) into units of 10^−scale.
    /// @throws IllegalArgumentException if it is not a decimal, has more decimals than `scale`, or does not fit
    public static long parse(String text, int scale) {
        if (text == null) throw new IllegalArgumentException("a decimal is missing");
        int at = 0, end = text.length();
        boolean negative = end > 0 && text.charAt(0) == '-';
        if (negative) at++;
        long units = 0;
        int digits = 0, decimals = -1, low = 0, lowPower = 1;
        for (; at < end; at++) {
            char c = text.charAt(at);
            if (c == '.' && decimals < 0) {
                decimals = 0;
                continue;
            }
            if (c < '0' || c > '9') throw new IllegalArgumentException("not a decimal: " + text);
            digits++;
            if (decimals >= scale) {
                if (c != '0') throw new IllegalArgumentException("more than " + scale + " decimals: " + text);
                continue;
            }
            // Nine digits at a time in an int: a browser's long is slow.
            low = low * 10 + (c - '0');
            lowPower *= 10;
            if (decimals >= 0) decimals++;
            if (lowPower == 1_000_000_000) {
                units = times(units, lowPower, low, text);
                low = 0;
                lowPower = 1;
            }
        }
        if (digits == 0) throw new IllegalArgumentException("not a decimal: " + text);
        units = lowPower == 1 ? units : units == 0 ? low : times(units, lowPower, low, text);
        int missing = scale - Math.max(decimals, 0);
        if (missing > 0) units = times(units, POWERS[missing], 0, text);
        return negative ? -units : units;
    }

    private static long times(long units, long power, int more, String text) {
        if (units > (Long.MAX_VALUE - more) / power) throw new IllegalArgumentException("too large: " + text);
        return units * power + more;
    }

    /// Writes units of 10^−scale as a plain decimal with at least `decimalsMin` decimals and no needless zeros after them.
    public static String print(long units, int scale, int decimalsMin) {
        if (scale == 0) return Long.toString(units);
        var out = new StringBuilder(24);
        print(out, units, scale, decimalsMin);
        return out.toString();
    }

    /// The same, at the end of `out`.
    static void print(StringBuilder out, long units, int scale, int decimalsMin) {
        if (units == Long.MIN_VALUE) throw new ArithmeticException("decimal overflow");
        if (units == (int) units && units != Integer.MIN_VALUE) {
            // Most decimals, in plain ints: a browser's long is slow.
            int small = (int) units, power = (int) POWERS[scale];
            if (small < 0) {
                out.append('-');
                small = -small;
            }
            int whole = small / power;
            out.append(whole);
            decimals(out, small - whole * power, scale, decimalsMin);
            return;
        }
        long magnitude = units < 0 ? -units : units;
        long power = POWERS[scale];
        long whole = magnitude / power;
        if (units < 0) out.append('-');
        out.append(whole);
        decimals(out, (int) (magnitude - whole * power), scale, decimalsMin);
    }

    private static void decimals(StringBuilder out, int part, int scale, int decimalsMin) {
        int decimals = scale;
        while (decimals > decimalsMin && part % 10 == 0) {
            part /= 10;
            decimals--;
        }
        if (decimals > 0) {
            out.append('.');
            for (int step = (int) POWERS[decimals - 1]; step > 0; step /= 10) out.append((char) ('0' + part / step % 10));
        }
    }
}
