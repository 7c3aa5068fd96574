package io.offtake.rules.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The arithmetic of DOMAIN section B in `BigDecimal`: one rounding, one apportioning.
final class Slow {
    static final BigDecimal ONE = BigDecimal.ONE, ZERO = BigDecimal.ZERO;

    private Slow() {}

    /// DOMAIN B: HALF_UP, 0.005 becomes 0.01; negative amounts alike (LESSON 39).
    static BigDecimal round(BigDecimal exact, int scale) {
        return exact.setScale(scale, RoundingMode.HALF_UP);
    }

    /// A division that is rounded right away, never an intermediate result.
    static BigDecimal divideRounded(BigDecimal dividend, BigDecimal divisor, int scale) {
        return dividend.divide(divisor, scale, RoundingMode.HALF_UP);
    }

    static BigDecimal min(BigDecimal one, BigDecimal other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    static BigDecimal max(BigDecimal one, BigDecimal other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    static boolean positive(BigDecimal value) {
        return value.signum() > 0;
    }

    /// One taker of an apportioned sum, with what decides ties between equal remainders.
    /// @param own the user's own discount on the line, in percent: it tells lines apart that are equal otherwise, and the order of lines must not
    record Share<T>(T taker, BigDecimal weight, String skuCode, BigDecimal mrp, BigDecimal qty, BigDecimal own, int line, int part) {
        static Share<Piece> of(Piece piece, BigDecimal weight) {
            return new Share<>(piece, weight, piece.skuCode(), piece.mrp, piece.qty, piece.manualPercent, piece.line, piece.part);
        }
    }

    record Given<T>(T taker, BigDecimal amount) {}

    /// PX-25, DOMAIN B "Apportioning": every share is cut off below the smallest money unit; the units left over go one by one to the
    /// largest remainders; ties to the lower SKU code, then MRP, then quantity, then (what else tells lines apart, then) line. Weights of zero get nothing (PX-26).
    static <T> List<Given<T>> apportion(BigDecimal sum, List<Share<T>> shares, int scale) {
        var whole = shares.stream().map(Share::weight).reduce(ZERO, BigDecimal::add);
        var given = new ArrayList<Given<T>>();
        if (whole.signum() == 0) {
            for (var share : shares) given.add(new Given<>(share.taker(), ZERO.setScale(scale)));
            return given;
        }
        var floors = new BigDecimal[shares.size()];
        var remainders = new BigDecimal[shares.size()];
        var left = sum;
        for (int at = 0; at < shares.size(); at++) {
            // Numerators over the common denominator `whole`, so that remainders compare exactly.
            var numerator = sum.multiply(shares.get(at).weight());
            floors[at] = numerator.divide(whole, scale, RoundingMode.DOWN);
            remainders[at] = numerator.subtract(floors[at].multiply(whole));
            left = left.subtract(floors[at]);
        }
        var places = new ArrayList<Integer>();
        for (int at = 0; at < shares.size(); at++) if (shares.get(at).weight().signum() != 0) places.add(at);
        places.sort(Comparator.comparing((Integer at) -> remainders[at]).reversed().thenComparing(at -> shares.get(at).skuCode())
                .thenComparing(at -> shares.get(at).mrp(), Comparator.nullsFirst(Comparator.<BigDecimal>naturalOrder())).thenComparing(at -> shares.get(at).qty())
                .thenComparing(at -> shares.get(at).own(), Comparator.nullsFirst(Comparator.<BigDecimal>naturalOrder()))
                .thenComparing(at -> shares.get(at).line()).thenComparing(at -> shares.get(at).part()));
        var smallest = BigDecimal.ONE.movePointLeft(scale);
        for (int next = 0; left.signum() > 0; next++) {
            int at = places.get(next % places.size());
            floors[at] = floors[at].add(smallest);
            left = left.subtract(smallest);
        }
        for (int at = 0; at < shares.size(); at++) given.add(new Given<>(shares.get(at).taker(), floors[at].setScale(scale)));
        return given;
    }
}
