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
        if (total == 0) return parts;
        long sum = 0;
        for (long weight : weights) {
            if (weight < 0) throw new IllegalArgumentException("a weight is negative");
            sum = Math.addExact(sum, weight);
        }
        if (sum == 0) throw new IllegalArgumentException("nothing to split by");
        long magnitude = Math.absExact(total);
        long given = 0;
        var rests = new long[weights.length];
        for (int at = 0; at < weights.length; at++) {
            parts[at] = Fixed.mulDivDown(magnitude, weights[at], sum);
            rests[at] = Fixed.mulMod(magnitude, weights[at], sum);
            given += parts[at];
        }
        for (long left = magnitude - given; left > 0; left--) {
            int largest = 0;
            for (int at = 1; at < rests.length; at++) if (rests[at] > rests[largest]) largest = at;
            parts[largest]++;
            rests[largest] = -1;
        }
        if (total < 0) for (int at = 0; at < parts.length; at++) parts[at] = -parts[at];
        return parts;
    }
}
