package io.offtake.claims.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.UUID;

/// CL-20: which claims are approved without a hand.
public final class StraightThrough {
    private StraightThrough() {}

    /// @param limit  of the distributor: 0 where it is watched, or its grade has none
    /// @param score  sum of warnings from which a person looks
    public record Terms(BigDecimal limit, BigDecimal score, BigDecimal holdoutPercent) {}

    public enum Way { THROUGH, HOLDOUT, REVIEW }

    /// @param stopped lines and whole-claim results that fail or block
    /// @param warned  sum of the scores of the rules that warn
    /// @param pick    0 to 9999, by [#pick]: the sample that people see although nothing speaks against it
    public static Way of(Terms terms, int stopped, int warned, BigDecimal claimed, int pick) {
        if (stopped > 0 || BigDecimal.valueOf(warned).compareTo(terms.score) >= 0) return Way.REVIEW;
        if (claimed.signum() < 0 || claimed.compareTo(terms.limit) > 0) return Way.REVIEW;
        return BigDecimal.valueOf(pick).compareTo(terms.holdoutPercent.movePointRight(2)) < 0 ? Way.HOLDOUT : Way.THROUGH;
    }

    /// A number of the claim that nobody can choose and everybody can repeat: its id under the installation's seed.
    public static int pick(UUID claim, long seed) {
        long mixed = claim.getMostSignificantBits() * 0x9E3779B97F4A7C15L ^ claim.getLeastSignificantBits() ^ seed;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return (int) Math.floorMod(mixed ^ (mixed >>> 31), 10_000L);
    }

    /// The place of an amount among others, 0 to 100; 50 where there are too few to say.
    public static int percentile(java.util.List<BigDecimal> others, BigDecimal amount) {
        if (others.size() < 5) return 50;
        long below = others.stream().filter(other -> other.compareTo(amount) < 0).count();
        return BigDecimal.valueOf(100 * below).divide(BigDecimal.valueOf(others.size()), 0, RoundingMode.HALF_UP).intValue();
    }
}
