package io.offtake.claims.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// CL-23: 0.45 × rules + 0.20 × amount + 0.25 × the distributor's history + 0.10 × newness, each from 0 to 100, and what made it.
///
/// @param score   0.0 to 100.0
/// @param reasons the largest contribution first
public record Risk(BigDecimal score, Band band, List<Reason> reasons) {
    /// What one rule that fails adds to the rules' part; a warning adds its own score, a block makes it full.
    public static final int FAIL_POINTS = 40;
    private static final BigDecimal LOW_BELOW = new BigDecimal("30");
    private static final BigDecimal HIGH_ABOVE = new BigDecimal("60");

    public Risk {
        reasons = List.copyOf(reasons);
    }

    public enum Band { LOW, MEDIUM, HIGH }

    public enum Factor {
        RULES("0.45"), AMOUNT("0.20"), HISTORY("0.25"), NEW("0.10");

        private final BigDecimal weight;

        Factor(String weight) {
            this.weight = new BigDecimal(weight);
        }
    }

    /// @param points what it adds to the score, one decimal
    public record Reason(Factor factor, BigDecimal points, String text) {}

    /// What one rule found on a claim.
    ///
    /// @param warnScore of a warning of this rule
    public record Found(String rule, int warned, int failed, int blocked, int warnScore) {}

    /// @param found     rules that did not pass
    /// @param percentile of the amount among the principal's claims of six months, 0 to 100
    /// @param claimed   by the distributor in six months, decided ones only
    /// @param approved  of it
    /// @param repeated  reasons for which three or more of its claims were cut
    /// @param isNew     whether the distributor has been claiming for less than ninety days
    public static Risk of(List<Found> found, int percentile, BigDecimal claimed, BigDecimal approved, int repeated, boolean isNew) {
        var reasons = new ArrayList<Reason>();
        int rules = 0;
        for (var one : found) rules += one.blocked > 0 ? 100 : one.failed > 0 ? FAIL_POINTS : one.warned > 0 ? one.warnScore : 0;
        int capped = Math.min(100, rules);
        for (var one : found) {
            int own = one.blocked > 0 ? 100 : one.failed > 0 ? FAIL_POINTS : one.warned > 0 ? one.warnScore : 0;
            if (own == 0) continue;
            int lines = one.blocked + one.failed + one.warned;
            add(reasons, Factor.RULES, BigDecimal.valueOf((long) own * capped).divide(BigDecimal.valueOf(rules), 4, RoundingMode.HALF_UP), one.rule + " on " + lines + (lines == 1 ? " line" : " lines"));
        }
        add(reasons, Factor.AMOUNT, BigDecimal.valueOf(percentile), "larger than " + percentile + " % of claims");
        var cut = claimed.signum() <= 0 ? BigDecimal.ZERO : BigDecimal.ONE.subtract(approved.divide(claimed, 6, RoundingMode.HALF_UP)).max(BigDecimal.ZERO).movePointRight(2);
        add(reasons, Factor.HISTORY, cut.add(BigDecimal.valueOf(10L * repeated)).min(BigDecimal.valueOf(100)),
                cut.setScale(1, RoundingMode.HALF_UP).toPlainString() + " % cut in six months" + (repeated > 0 ? ", " + repeated + (repeated == 1 ? " reason" : " reasons") + " again and again" : ""));
        add(reasons, Factor.NEW, isNew ? BigDecimal.valueOf(100) : BigDecimal.ZERO, "claims for less than ninety days");
        var score = reasons.stream().map(Reason::points).reduce(BigDecimal.ZERO, BigDecimal::add).min(BigDecimal.valueOf(100));
        reasons.sort(Comparator.comparing(Reason::points).reversed());
        return new Risk(score, band(score), reasons);
    }

    static Band band(BigDecimal score) {
        return score.compareTo(LOW_BELOW) < 0 ? Band.LOW : score.compareTo(HIGH_ABOVE) > 0 ? Band.HIGH : Band.MEDIUM;
    }

    private static void add(List<Reason> reasons, Factor factor, BigDecimal part, String text) {
        var points = part.multiply(factor.weight).setScale(1, RoundingMode.HALF_UP);
        if (points.signum() > 0) reasons.add(new Reason(factor, points, text));
    }
}
