package io.offtake.exchange.federation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The data-quality score (domain 11.6): six parts of 0 to 100, each what was passed of what was tested, weighted.
///
/// @param score  0 to 100 with one decimal; null if nothing was tested
/// @param capped whether a control-total mismatch that stayed open for more than two days holds it at 60
public record Quality(@Nullable BigDecimal score, Map<Part, @Nullable BigDecimal> parts, boolean capped) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal CAP = BigDecimal.valueOf(60);

    /// The parts and their weights.
    public enum Part {
        COMPLETENESS(25), TIMELINESS(20), ACCURACY(20), CONSISTENCY(15), UNIQUENESS(10), MAPPING(10);

        private final int weight;

        Part(int weight) {
            this.weight = weight;
        }

        public int weight() {
            return weight;
        }
    }

    /// What green, amber and red mean: green may go straight through, red sends claims to manual review.
    public enum Band { GREEN, AMBER, RED }

    public @Nullable Band band() {
        if (score == null) return null;
        return score.compareTo(BigDecimal.valueOf(90)) >= 0 ? Band.GREEN : score.compareTo(BigDecimal.valueOf(75)) >= 0 ? Band.AMBER : Band.RED;
    }

    /// Passed ÷ tested as 0 to 100; null if nothing was tested (INV-11).
    static @Nullable BigDecimal share(long passed, long tested) {
        return tested == 0 ? null : BigDecimal.valueOf(passed).multiply(HUNDRED).divide(BigDecimal.valueOf(tested), 4, RoundingMode.HALF_UP);
    }

    /// A part that was not tested gives its weight to the others.
    ///
    /// @param mismatchOpen whether a control-total mismatch has been open for more than two days
    public static Quality of(Map<Part, @Nullable BigDecimal> parts, boolean mismatchOpen) {
        var kept = new EnumMap<Part, @Nullable BigDecimal>(Part.class);
        kept.putAll(parts);
        var sum = BigDecimal.ZERO;
        int weight = 0;
        for (var part : Part.values()) {
            var score = kept.get(part);
            if (score == null) continue;
            sum = sum.add(score.multiply(BigDecimal.valueOf(part.weight)));
            weight += part.weight;
        }
        if (weight == 0) return new Quality(null, kept, false);
        var score = sum.divide(BigDecimal.valueOf(weight), 1, RoundingMode.HALF_UP);
        boolean capped = mismatchOpen && score.compareTo(CAP) > 0;
        return new Quality(capped ? CAP.setScale(1) : score, kept, capped);
    }
}
