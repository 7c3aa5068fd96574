package io.offtake.insight.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.score.ScoreModel.BandName;
import io.offtake.insight.score.ScoreModel.Name;
import io.offtake.insight.score.Scorecard.Arrow;
import io.offtake.insight.score.Scorecard.Input;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SC-01 to SC-07, with the worked numbers of domain/07.
@Tag("DST-08")
@Tag("DST-09")
class ScorecardTest {
    private static final ScoreModel MODEL = ScoreModels.builtIn();

    private static BigDecimal of(String text) {
        return new BigDecimal(text);
    }

    private static Map<Name, BigDecimal> pillars(String growth, String service, String financial, String data) {
        var pillars = new EnumMap<Name, BigDecimal>(Name.class);
        if (growth != null) pillars.put(Name.GROWTH, of(growth));
        if (service != null) pillars.put(Name.SERVICE, of(service));
        if (financial != null) pillars.put(Name.FINANCIAL, of(financial));
        if (data != null) pillars.put(Name.DATA, of(data));
        return pillars;
    }

    @Test
    void workedIndexIs68Point1AndWithoutTheDataPillar64Point2() {
        assertThat(Scorecard.shown(Scorecard.index(MODEL, pillars("62", "80", "48", "90")))).isEqualByComparingTo("68.1");
        assertThat(Scorecard.shown(Scorecard.index(MODEL, pillars("62", "80", "48", null)))).isEqualByComparingTo("64.2");
        assertThat(Scorecard.band(MODEL, of("68.1"))).isEqualTo(BandName.SUSTAIN);
    }

    @Test
    void sc02TheIndexNeedsThreePillarsAndTheFinancialOne() {
        assertThat(Scorecard.index(MODEL, pillars("62", null, "48", null))).isNull();
        assertThat(Scorecard.index(MODEL, pillars("62", "80", null, "90"))).isNull();
    }

    @Test
    void sc01FloorIsZeroTargetIsHundredAndBeyondIsClamped() {
        var fill = component("FILL_RATE");
        assertThat(Scorecard.normalise(fill, of("80"), List.of())).isEqualByComparingTo("0");
        assertThat(Scorecard.normalise(fill, of("97"), List.of())).isEqualByComparingTo("100");
        assertThat(Scorecard.normalise(fill, of("88.5"), List.of())).isEqualByComparingTo("50");
        assertThat(Scorecard.normalise(fill, of("60"), List.of())).isEqualByComparingTo("0");
        var overdue = component("OVERDUE");
        assertThat(Scorecard.normalise(overdue, of("0"), List.of())).isEqualByComparingTo("100");
        assertThat(Scorecard.normalise(overdue, of("15"), List.of())).isEqualByComparingTo("50");
        assertThat(Scorecard.normalise(overdue, of("45"), List.of())).isEqualByComparingTo("0");
    }

    @Test
    @Tag("DST-17")
    void sc01PeersNeedTenOfTheArchetypeElseAbsolute() {
        var component = component("FILL_RATE");
        var byPeers = new ScoreModel.Component(component.component(), component.label(), component.kpi(), component.metric(), null, component.unit(), component.form(), component.weight(), component.better(),
                component.floor(), component.target(), ScoreModel.Method.PEER, component.behaviour());
        var peers = new ArrayList<BigDecimal>();
        for (int i = 1; i <= 10; i++) peers.add(BigDecimal.valueOf(80 + i));
        assertThat(Scorecard.normalise(byPeers, of("88"), peers)).isEqualByComparingTo("75");
        assertThat(Scorecard.normalise(byPeers, of("88.5"), peers.subList(0, 9))).isEqualByComparingTo("50");
    }

    private static ScoreModel.Component component(String name) {
        return MODEL.pillars().stream().flatMap(pillar -> pillar.components().stream()).filter(component -> component.component().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void weightsOfPillarsAndOfComponentsInEachAreHundred() {
        assertThat(MODEL.pillars().stream().map(ScoreModel.Pillar::weight).reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo("100");
        for (var pillar : MODEL.pillars()) assertThat(pillar.components().stream().map(ScoreModel.Component::weight).reduce(BigDecimal.ZERO, BigDecimal::add)).as(pillar.pillar().name()).isEqualByComparingTo("100");
    }

    private static Map<String, Input> anyInputs(Random random, double missing) {
        var inputs = new HashMap<String, Input>();
        for (var pillar : MODEL.pillars()) {
            for (var component : pillar.components()) {
                double at = random.nextDouble() * 1.4 - 0.2;
                var value = component.floor().add(component.target().subtract(component.floor()).multiply(BigDecimal.valueOf(at)));
                inputs.put(component.component(), random.nextDouble() < missing ? Input.missing("NO_FACTS") : Input.of(value));
            }
        }
        return inputs;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    @Tag("DST-10")
    void sc07PointsAddUpToTheIndexAndMovementsToItsDifference(int seed) {
        var random = new Random(seed);
        var now = Scorecard.card(MODEL, anyInputs(random, 0.2));
        var before = Scorecard.card(MODEL, anyInputs(random, 0.2));
        if (now.raw() != null) assertThat(now.components().stream().map(Scorecard.Scored::points).reduce(BigDecimal.ZERO, BigDecimal::add).subtract(now.raw()).abs()).isLessThan(of("0.000001"));
        if (now.raw() == null || before.raw() == null) return;
        var moved = Scorecard.moved(now, before).stream().map(Scorecard.Moved::points).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(moved.subtract(now.raw().subtract(before.raw())).abs()).isLessThan(of("0.000001"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void sc07TakingTheStepsReachesTheBand(int seed) {
        var inputs = anyInputs(new Random(seed), 0);
        var card = Scorecard.card(MODEL, inputs);
        var steps = Scorecard.reach(MODEL, card, of("75"));
        if (card.raw().compareTo(of("75")) >= 0) {
            assertThat(steps).isEmpty();
            return;
        }
        for (var step : steps) inputs.put(step.component(), Input.of(step.to()));
        assertThat(Scorecard.card(MODEL, inputs).raw()).isGreaterThanOrEqualTo(of("74.999"));
    }

    @Test
    void sc02AMissingComponentGivesItsWeightAwayInsideThePillarAndLessThanHalfIsInsufficient() {
        var inputs = anyInputs(new Random(3), 0);
        for (var name : List.of("FILL_RATE", "OTIF", "COVER_BAND", "STOCK_OUT")) inputs.put(name, Input.of(name.equals("OTIF") ? component(name).target() : component(name).floor()));
        assertThat(service(inputs).score()).isEqualByComparingTo("25");
        inputs.put("FILL_RATE", Input.missing("NO_ORDERS"));
        assertThat(Scorecard.shown(service(inputs).score())).isEqualByComparingTo("35.7");
        inputs.put("STOCK_OUT", Input.missing("NO_STOCK"));
        assertThat(service(inputs).present()).isEqualByComparingTo("50");
        assertThat(service(inputs).score()).isNotNull();
        inputs.put("COVER_BAND", Input.missing("NO_STOCK"));
        assertThat(service(inputs).score()).isNull();
        assertThat(service(inputs).reason()).isEqualTo("INSUFFICIENT");
        assertThat(service(inputs).components().getFirst().reason()).isEqualTo("NO_ORDERS");
        inputs.put("OVERDUE", Input.missing("NO_FACTS"));
        inputs.put("DSO", Input.missing("NO_FACTS"));
        inputs.put("ROI", Input.missing("NO_SOURCE"));
        var card = Scorecard.card(MODEL, inputs);
        assertThat(card.raw()).isNull();
        assertThat(card.reason()).isEqualTo("FINANCIAL_INSUFFICIENT");
    }

    private static Scorecard.PillarScore service(Map<String, Input> inputs) {
        return Scorecard.card(MODEL, inputs).pillars().get(1);
    }

    @Test
    void sc03TheLastMonthWeighsHalfAndIsReweightedWhereFewerAreThere() {
        assertThat(Scorecard.smooth(MODEL, List.of(of("60"), of("70"), of("80")))).isEqualByComparingTo("67");
        assertThat(Scorecard.smooth(MODEL, List.of(of("60"), of("76")))).isEqualByComparingTo("66");
        assertThat(Scorecard.smooth(MODEL, List.of(of("60")))).isEqualByComparingTo("60");
        assertThat(Scorecard.smooth(MODEL, Arrays.asList(of("60"), null, of("74")))).isEqualByComparingTo("64");
        assertThat(Scorecard.smooth(MODEL, Arrays.asList((BigDecimal) null, of("74")))).isNull();
    }

    @Test
    @Tag("DST-11")
    void sc05BandsChangeAfterTwoMonthsAndAKnockOutAtOnce() {
        assertThat(Scorecard.band(MODEL, of("75"))).isEqualTo(BandName.INVEST);
        assertThat(Scorecard.band(MODEL, of("74.94"))).isEqualTo(BandName.SUSTAIN);
        assertThat(Scorecard.band(MODEL, of("34.9"))).isEqualTo(BandName.EXIT_REVIEW);
        assertThat(Scorecard.band(BandName.SUSTAIN, BandName.SUSTAIN, BandName.FIX, false)).isEqualTo(BandName.SUSTAIN);
        assertThat(Scorecard.band(BandName.SUSTAIN, BandName.FIX, BandName.FIX, false)).isEqualTo(BandName.FIX);
        assertThat(Scorecard.band(BandName.INVEST, BandName.INVEST, BandName.FIX, true)).isEqualTo(BandName.FIX);
        assertThat(Scorecard.band(null, null, BandName.FIX, false)).isEqualTo(BandName.FIX);
    }

    @Test
    void sc06AnArrowNeedsASteepAndSureSlope() {
        assertThat(Scorecard.trend(MODEL, points(60, 62, 64, 66, 68, 70)).arrow()).isEqualTo(Arrow.UP);
        assertThat(Scorecard.trend(MODEL, points(60, 62, 64, 66, 68, 70)).slope()).isEqualByComparingTo("2");
        assertThat(Scorecard.trend(MODEL, points(70, 69, 68, 67, 66, 65)).arrow()).as("only one point a month").isEqualTo(Arrow.FLAT);
        assertThat(Scorecard.trend(MODEL, points(50, 80, 45, 85, 50, 75)).arrow()).as("steep by chance").isEqualTo(Arrow.FLAT);
        assertThat(Scorecard.trend(MODEL, points(70, 66, 64, 61, 55, 54)).arrow()).isEqualTo(Arrow.DOWN);
        assertThat(Scorecard.trend(MODEL, points(70, 66))).isNull();
    }

    private static List<BigDecimal> points(int... values) {
        return Arrays.stream(values).mapToObj(BigDecimal::valueOf).toList();
    }

    @Test
    @Tag("DST-12")
    void benchmarksNeedTenPeersAndNoneAboveAQuarter() {
        var ten = points(40, 45, 50, 55, 60, 65, 70, 75, 80, 85);
        var equal = points(1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(Scorecard.benchmark(ten, equal).median()).isEqualByComparingTo("62.5");
        assertThat(Scorecard.benchmark(ten, equal).topQuartile()).isEqualByComparingTo("73.75");
        assertThat(Scorecard.benchmark(ten.subList(0, 9), equal.subList(0, 9)).reason()).isEqualTo("FEWER_THAN_10_PEERS");
        assertThat(Scorecard.benchmark(ten, points(9, 1, 1, 1, 1, 1, 1, 1, 1, 1)).reason()).isEqualTo("ONE_PEER_ABOVE_A_QUARTER");
    }
}
