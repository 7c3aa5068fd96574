package io.offtake.insight.score;

import io.offtake.insight.score.ScoreModel.BandName;
import io.offtake.insight.score.ScoreModel.Better;
import io.offtake.insight.score.ScoreModel.Component;
import io.offtake.insight.score.ScoreModel.Method;
import io.offtake.insight.score.ScoreModel.Name;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arithmetic of the health index (SC-01 to SC-07): pure, the same for publishing, for shadows and for explanations.
public final class Scorecard {
    private static final MathContext EXACT = MathContext.DECIMAL64;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final int PEERS = 10;
    /// Two-sided critical values of Student's t at p = 0.2 for 1 to 4 degrees of freedom.
    private static final double[] T20 = {3.078, 1.886, 1.638, 1.533};

    private Scorecard() {}

    /// What is known of a component.
    ///
    /// @param value  null if there is none (INV-11)
    /// @param reason why not
    /// @param peers  values of the archetype, for the percentile
    public record Input(@Nullable BigDecimal value, @Nullable String reason, List<BigDecimal> peers) {
        public Input {
            peers = List.copyOf(peers);
        }

        public static Input of(@Nullable BigDecimal value) {
            return new Input(value, null, List.of());
        }

        public static Input missing(String reason) {
            return new Input(null, reason, List.of());
        }
    }

    /// @param score     0 to 100
    /// @param weight    in the pillar, in percent, as the model has it
    /// @param effective share in the index after missing ones gave theirs away; 0 if it does not count
    /// @param points    what it adds to the index: the points of all components sum to the index
    public record Scored(String component, @Nullable BigDecimal value, @Nullable BigDecimal score, BigDecimal weight, BigDecimal effective, BigDecimal points, @Nullable String reason) {}

    /// @param present share of the pillar's weight that has a value, in percent
    /// @param score   null if less than half is present
    public record PillarScore(Name pillar, BigDecimal weight, BigDecimal effective, BigDecimal present, @Nullable BigDecimal score, @Nullable String reason, List<Scored> components) {
        public PillarScore {
            components = List.copyOf(components);
        }
    }

    /// @param raw    of the month, before smoothing and caps; null if it cannot be rated
    /// @param reason why not
    public record Card(@Nullable BigDecimal raw, @Nullable String reason, List<PillarScore> pillars) {
        public Card {
            pillars = List.copyOf(pillars);
        }

        public List<Scored> components() {
            return pillars.stream().flatMap(pillar -> pillar.components.stream()).toList();
        }
    }

    /// SC-01: where a value lies between floor and target.
    public static BigDecimal normalise(Component component, BigDecimal value, List<BigDecimal> peers) {
        if (component.method() == Method.PEER && peers.size() >= PEERS) {
            long worse = peers.stream().filter(peer -> component.better() == Better.UP ? peer.compareTo(value) < 0 : peer.compareTo(value) > 0).count();
            long same = peers.stream().filter(peer -> peer.compareTo(value) == 0).count();
            return BigDecimal.valueOf(2 * worse + same).multiply(HUNDRED).divide(BigDecimal.valueOf(2L * peers.size()), EXACT);
        }
        var share = value.subtract(component.floor()).divide(component.target().subtract(component.floor()), EXACT);
        return share.max(BigDecimal.ZERO).min(BigDecimal.ONE).multiply(HUNDRED);
    }

    /// SC-01 and SC-02: scores of components and pillars, and the index over the pillars that are there.
    public static Card card(ScoreModel model, Map<String, Input> inputs) {
        record Half(ScoreModel.Pillar pillar, Map<String, BigDecimal> scores, BigDecimal present, BigDecimal weights, @Nullable BigDecimal score) {}
        var halves = new ArrayList<Half>();
        for (var pillar : model.pillars()) {
            var scores = new HashMap<String, BigDecimal>();
            var weights = BigDecimal.ZERO;
            var sum = BigDecimal.ZERO;
            var all = BigDecimal.ZERO;
            for (var component : pillar.components()) {
                all = all.add(component.weight());
                var input = inputs.get(component.component());
                if (input == null || input.value == null) continue;
                var score = normalise(component, input.value, input.peers);
                scores.put(component.component(), score);
                weights = weights.add(component.weight());
                sum = sum.add(score.multiply(component.weight()));
            }
            var present = all.signum() == 0 ? BigDecimal.ZERO : weights.divide(all, EXACT);
            halves.add(new Half(pillar, scores, present, weights, present.compareTo(HALF) < 0 || weights.signum() == 0 ? null : sum.divide(weights, EXACT)));
        }
        var rated = halves.stream().filter(half -> half.score != null).toList();
        boolean financial = rated.stream().anyMatch(half -> half.pillar.pillar() == Name.FINANCIAL);
        boolean enough = rated.size() >= 3 && financial;
        var weight = rated.stream().map(half -> half.pillar.weight()).reduce(BigDecimal.ZERO, BigDecimal::add);
        var pillars = new ArrayList<PillarScore>();
        BigDecimal raw = enough ? BigDecimal.ZERO : null;
        for (var half : halves) {
            boolean counts = enough && half.score != null;
            var effective = counts ? half.pillar.weight().divide(weight, EXACT) : BigDecimal.ZERO;
            if (raw != null && half.score != null) raw = raw.add(effective.multiply(half.score, EXACT));
            var scored = new ArrayList<Scored>();
            for (var component : half.pillar.components()) {
                var input = inputs.get(component.component());
                var score = half.scores.get(component.component());
                var share = score != null && counts ? effective.multiply(component.weight()).divide(half.weights, EXACT) : BigDecimal.ZERO;
                scored.add(new Scored(component.component(), input == null ? null : input.value, score, component.weight(), share, score == null ? BigDecimal.ZERO : share.multiply(score, EXACT),
                        score != null ? null : input == null || input.reason == null ? "NO_FACTS" : input.reason));
            }
            pillars.add(new PillarScore(half.pillar.pillar(), half.pillar.weight(), effective, half.present.multiply(HUNDRED), half.score, half.score != null ? null : "INSUFFICIENT", scored));
        }
        var reason = enough ? null : !financial ? "FINANCIAL_INSUFFICIENT" : "FEWER_THAN_3_PILLARS";
        return new Card(raw, reason, pillars);
    }

    /// The index of given pillar scores: null ones give their weight away (the worked examples of chapter 7).
    public static @Nullable BigDecimal index(ScoreModel model, Map<Name, @Nullable BigDecimal> pillars) {
        var sum = BigDecimal.ZERO;
        var weight = BigDecimal.ZERO;
        int present = 0;
        for (var pillar : model.pillars()) {
            var score = pillars.get(pillar.pillar());
            if (score == null) continue;
            present++;
            sum = sum.add(score.multiply(pillar.weight()));
            weight = weight.add(pillar.weight());
        }
        return present < 3 || pillars.get(Name.FINANCIAL) == null ? null : sum.divide(weight, EXACT);
    }

    /// SC-03: the published index from the month and the ones before it, newest first; null ones are left out.
    public static @Nullable BigDecimal smooth(ScoreModel model, List<@Nullable BigDecimal> newestFirst) {
        if (newestFirst.isEmpty() || newestFirst.getFirst() == null) return null;
        var sum = BigDecimal.ZERO;
        var weight = BigDecimal.ZERO;
        for (int i = 0; i < Math.min(newestFirst.size(), model.smoothing().size()); i++) {
            var raw = newestFirst.get(i);
            if (raw == null) continue;
            sum = sum.add(raw.multiply(model.smoothing().get(i)));
            weight = weight.add(model.smoothing().get(i));
        }
        return weight.signum() == 0 ? null : sum.divide(weight, EXACT);
    }

    /// The band an index lies in.
    public static BandName band(ScoreModel model, BigDecimal index) {
        return model.bands().stream().sorted(Comparator.comparing(ScoreModel.Band::from).reversed()).filter(band -> index.setScale(1, RoundingMode.HALF_UP).compareTo(band.from()) >= 0).map(ScoreModel.Band::band).findFirst()
                .orElse(BandName.EXIT_REVIEW);
    }

    /// SC-05: a band changes only after two closed months in the new one; a knock-out counts at once.
    ///
    /// @param before  the band so far; null for the first
    /// @param last    the band in which the month before lay by its own index
    public static BandName band(@Nullable BandName before, @Nullable BandName last, BandName now, boolean knockedOut) {
        if (before == null || knockedOut || before == now) return now;
        return last == now ? now : before;
    }

    public enum Arrow { UP, DOWN, FLAT }

    /// @param slope in points a month
    public record Trend(Arrow arrow, BigDecimal slope) {}

    /// SC-06: least squares over the last six points, oldest first; an arrow needs 1.5 points a month and p < 0.2.
    public static @Nullable Trend trend(ScoreModel model, List<BigDecimal> oldestFirst) {
        var points = oldestFirst.subList(Math.max(0, oldestFirst.size() - 6), oldestFirst.size());
        int n = points.size();
        if (n < 3) return null;
        double meanX = (n - 1) / 2.0;
        double meanY = points.stream().mapToDouble(BigDecimal::doubleValue).average().orElseThrow();
        double sxy = 0;
        double sxx = 0;
        for (int i = 0; i < n; i++) {
            sxy += (i - meanX) * (points.get(i).doubleValue() - meanY);
            sxx += (i - meanX) * (i - meanX);
        }
        double slope = sxy / sxx;
        double residuals = 0;
        for (int i = 0; i < n; i++) {
            double error = points.get(i).doubleValue() - meanY - slope * (i - meanX);
            residuals += error * error;
        }
        double deviation = Math.sqrt(residuals / (n - 2) / sxx);
        boolean significant = deviation < 1e-9 || Math.abs(slope) / deviation > T20[n - 3];
        boolean steep = Math.abs(slope) >= model.trend().doubleValue();
        return new Trend(significant && steep ? slope > 0 ? Arrow.UP : Arrow.DOWN : Arrow.FLAT, BigDecimal.valueOf(slope).setScale(2, RoundingMode.HALF_UP));
    }

    public record Moved(String component, BigDecimal points) {}

    /// SC-07: what moved the index. The parts sum to the difference of the two indices, whatever was missing in either.
    public static List<Moved> moved(Card now, Card before) {
        if (now.raw == null || before.raw == null) return List.of();
        var points = new LinkedHashMap<String, BigDecimal>();
        for (var component : now.components()) points.merge(component.component, component.points, BigDecimal::add);
        for (var component : before.components()) points.merge(component.component, component.points.negate(), BigDecimal::add);
        return points.entrySet().stream().filter(entry -> entry.getValue().signum() != 0).map(entry -> new Moved(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Moved::points).reversed()).toList();
    }

    /// @param points that moving this component alone from `from` to `to` adds
    public record Step(String component, BigDecimal from, BigDecimal to, BigDecimal points) {}

    /// SC-07: what it takes to reach an index, one component at a time, the greatest lever first. Empty if it is reached.
    public static List<Step> reach(ScoreModel model, Card card, BigDecimal index) {
        var steps = new ArrayList<Step>();
        if (card.raw == null) return steps;
        var gap = index.subtract(card.raw);
        record Lever(Component component, Scored scored, BigDecimal most) {}
        var levers = new ArrayList<Lever>();
        for (var pillar : model.pillars()) {
            for (var component : pillar.components()) {
                card.components().stream().filter(scored -> scored.component.equals(component.component()) && scored.score != null && scored.effective.signum() > 0).findFirst()
                        .ifPresent(scored -> levers.add(new Lever(component, scored, scored.effective.multiply(HUNDRED.subtract(java.util.Objects.requireNonNull(scored.score)), EXACT))));
            }
        }
        levers.sort(Comparator.comparing(Lever::most).reversed().thenComparing(lever -> lever.component.component()));
        for (var lever : levers) {
            if (gap.signum() <= 0) break;
            if (lever.most.signum() <= 0 || lever.component.method() == Method.PEER) continue;
            var gain = lever.most.min(gap);
            var score = java.util.Objects.requireNonNull(lever.scored.score).add(gain.divide(lever.scored.effective, EXACT));
            var to = lever.component.floor().add(lever.component.target().subtract(lever.component.floor()).multiply(score).divide(HUNDRED, EXACT));
            steps.add(new Step(lever.component.component(), java.util.Objects.requireNonNull(lever.scored.value), to.setScale(2, lever.component.better() == Better.UP ? RoundingMode.CEILING : RoundingMode.FLOOR), gain));
            gap = gap.subtract(gain);
        }
        return steps;
    }

    /// @param shown  only with ten peers or more, none of them above a quarter of the value (7.3)
    /// @param reason why not
    public record Benchmark(boolean shown, @Nullable String reason, int peers, @Nullable BigDecimal median, @Nullable BigDecimal topQuartile) {}

    /// Median and top quartile of an archetype, without names.
    ///
    /// @param scores of the peers
    /// @param values of their business, in the same order
    public static Benchmark benchmark(List<BigDecimal> scores, List<BigDecimal> values) {
        if (scores.size() < PEERS) return new Benchmark(false, "FEWER_THAN_10_PEERS", scores.size(), null, null);
        var total = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (values.stream().anyMatch(value -> value.multiply(BigDecimal.valueOf(4)).compareTo(total) > 0)) return new Benchmark(false, "ONE_PEER_ABOVE_A_QUARTER", scores.size(), null, null);
        return new Benchmark(true, null, scores.size(), quantile(scores, 0.5), quantile(scores, 0.75));
    }

    /// Linear between the neighbours.
    static BigDecimal quantile(List<BigDecimal> of, double at) {
        var sorted = of.stream().sorted().toList();
        double place = (sorted.size() - 1) * at;
        int low = (int) Math.floor(place);
        var from = sorted.get(low);
        if (low + 1 >= sorted.size()) return from;
        return from.add(sorted.get(low + 1).subtract(from).multiply(BigDecimal.valueOf(place - low)), EXACT);
    }

    /// One decimal, as it is published.
    public static @Nullable BigDecimal shown(@Nullable BigDecimal score) {
        return score == null ? null : score.setScale(1, RoundingMode.HALF_UP);
    }
}
