package io.offtake.rules;

/// Splits an amount by weights with the largest-remainder method: the parts always add up to the whole (DOMAIN B).
public final class Apportion {
    private Apportion() {}

    /// Parts of `total` in proportion to `weights`. Remainders that are equal go to the earlier place, so callers that
    /// want an answer independent of line order pass the weights in the order of the tie rule: SKU code, MRP, quantity, line.
    /// A place of weight 0 gets nothing.
    ///
    /// @param total   in smallest units; may be negative
    /// @param weights never negative
    /// @throws IllegalArgumentException if there is something to split and nobody to take it
    public static long[] split(long total, long[] weights) {
        var parts = new long[weights.length];
        split(total, weights, 0, weights.length, parts, new long[weights.length]);
        return parts;
    }

    /// The same for the places from (included) to (excluded), into `parts`; `rests` is scratch of the same length.
    static void split(long total, long[] weights, int from, int to, long[] parts, long[] rests) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            if (weights[at] < 0) throw new IllegalArgumentException("a weight is negative");
            sum = Math.addExact(sum, weights[at]);
            parts[at] = 0;
        }
        if (total == 0) return;
        if (sum == 0) throw new IllegalArgumentException("nothing to split by");
        long magnitude = Math.absExact(total);
        long given = 0;
        if (magnitude < 1L << 31 && sum < 1L << 31) {
            for (int at = from; at < to; at++) {
                long product = magnitude * weights[at];
                long part = product / sum;
                parts[at] = part;
                rests[at] = product - part * sum;
                given += part;
            }
        } else for (int at = from; at < to; at++) {
            parts[at] = Fixed.mulDivDown(magnitude, weights[at], sum);
            rests[at] = Fixed.mulMod(magnitude, weights[at], sum);
            given += parts[at];
        }
        for (long left = magnitude - given; left > 0; left--) {
            int largest = from;
            for (int at = from + 1; at < to; at++) if (rests[at] > rests[largest]) largest = at;
            parts[largest]++;
            rests[largest] = -1;
        }
        if (total < 0) for (int at = from; at < to; at++) parts[at] = -parts[at];
    }
}
