package io.offtake.insight.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.alert.AlertSearch.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Planted stories are found, and clean distributors are left alone: the search over generated networks, month by month for a
/// year, as the jobs ask it. `-Dstories.seeds=200` for the full size, `-Dstories.from` for others.
@Tag("ANA-04")
@Tag("ANA-13")
@Tag("ANA-14")
@Tag("ANA-15")
@Tag("STK-28")
class AlertSearchTest {
    static final YearMonth LAST = YearMonth.of(2026, 10);
    private static final List<String> SKUS = List.of("S1", "S2", "S3", "S4", "S5", "S6");
    private static final int SEEDS = Integer.getInteger("stories.seeds", 20);
    private static final int FROM = Integer.getInteger("stories.from", 0);

    enum Story { CLEAN, STOCK_PUSH, DYING, WEAK_MARKET, SUPPLY_GAP, LATE }

    /// Twelve distributors in three territories over 20 months with a season, weekly noise in both flows, and five of them with
    /// a story in its last months: push × 1.35 over secondary for 3 months; 12 % fall a month for 4; a territory that loses 9 %
    /// a month for 3; supply × 0.72 for 3; five working days without data.
    static final class Network {
        final Map<Long, Story> stories = new HashMap<>();
        final Map<Long, String> territories = new HashMap<>();
        final Map<Long, TreeMap<YearMonth, double[]>> months = new HashMap<>();
        final Map<Long, Map<String, TreeMap<YearMonth, Double>>> skus = new HashMap<>();

        Network(int seed) {
            var random = new Random(seed);
            for (long id = 1; id <= 12; id++) {
                stories.put(id, Story.CLEAN);
                territories.put(id, "T" + (id - 1) / 4);
            }
            stories.put(1L, Story.STOCK_PUSH);
            stories.put(2L, Story.DYING);
            stories.put(5L, Story.SUPPLY_GAP);
            stories.put(6L, Story.LATE);
            for (long id = 9; id <= 12; id++) stories.put(id, Story.WEAK_MARKET);
            for (var entry : stories.entrySet()) {
                double size = 400_000 * Math.exp(random.nextGaussian() * 0.5);
                double growth = 1 + random.nextGaussian() * 0.004;
                double market = 1;
                double own = 1;
                double backlog = 0;
                var series = new TreeMap<YearMonth, double[]>();
                var bySku = new HashMap<String, TreeMap<YearMonth, Double>>();
                for (int at = 0; at < 20; at++) {
                    var month = LAST.minusMonths(19 - at);
                    int toEnd = 19 - at;
                    double season = 1 + 0.18 * Math.sin(2 * Math.PI * (month.getMonthValue() - 4) / 12);
                    if (entry.getValue() == Story.WEAK_MARKET && toEnd < 3) market *= 0.91;
                    if (entry.getValue() == Story.DYING && toEnd < 4) own *= 0.88;
                    double secondary = size * Math.pow(growth, at) * season * market * own * Math.exp(random.nextGaussian() * 0.035);
                    // primary follows sales of the month before and this one, in lumps
                    double wanted = secondary + backlog;
                    double primary = wanted * Math.exp(random.nextGaussian() * 0.07);
                    backlog = (wanted - primary) * 0.7;
                    if (entry.getValue() == Story.STOCK_PUSH && toEnd < 3) primary = secondary * 1.35 * Math.exp(random.nextGaussian() * 0.05);
                    if (entry.getValue() == Story.SUPPLY_GAP && toEnd < 3) primary = secondary * 0.72 * Math.exp(random.nextGaussian() * 0.05);
                    series.put(month, new double[] {secondary, primary});
                    for (int sku = 0; sku < SKUS.size(); sku++) bySku.computeIfAbsent(SKUS.get(sku), _ -> new TreeMap<>()).put(month, secondary / (sku + 3) * Math.exp(random.nextGaussian() * 0.15));
                }
                months.put(entry.getKey(), series);
                skus.put(entry.getKey(), bySku);
            }
        }

        List<Place> on(YearMonth last, boolean end) {
            var places = new ArrayList<Place>();
            for (var entry : months.entrySet()) {
                var nsv = new TreeMap<YearMonth, Double>();
                var volume = new TreeMap<YearMonth, Double>();
                var primary = new TreeMap<YearMonth, Double>();
                entry.getValue().headMap(last, true).forEach((month, values) -> {
                    nsv.put(month, values[0]);
                    volume.put(month, values[0] / 20);
                    primary.put(month, values[1] / 20);
                });
                var bySku = new HashMap<String, TreeMap<YearMonth, Double>>();
                skus.get(entry.getKey()).forEach((sku, all) -> bySku.put(sku, new TreeMap<>(all.headMap(last, true))));
                var today = last.plusMonths(1).atDay(5);
                var lastData = stories.get(entry.getKey()) == Story.LATE && end ? today.minusDays(7) : today.minusDays(1);
                places.add(new Place(entry.getKey(), territories.get(entry.getKey()), Map.of("nsv", nsv, "volume", volume, "primary-quantity", primary), Map.of(), Map.of("nsv", bySku), Map.of(), lastData, nsv.get(last) / 25));
            }
            return places;
        }
    }

    static final Map<Story, String> RULE = Map.of(Story.STOCK_PUSH, "STOCK_PUSH", Story.DYING, "SALES_FALLING", Story.WEAK_MARKET, "MARKET_WEAK", Story.SUPPLY_GAP, "SUPPLY_GAP", Story.LATE, "DATA_LATE");

    @Test
    void storiesAreFoundAndCleanDistributorsAreLeftAlone() throws Exception {
        var rules = AlertRules.builtIn();
        var told = new HashMap<Story, int[]>();
        int falseAlerts = 0;
        int cleanYears = 0;
        int worst = 0;
        int mistaken = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            var network = new Network((FROM + seed) * 7919);
            var found = new HashMap<Long, Set<String>>();
            var clean = new HashMap<Long, Set<String>>();
            var live = new HashMap<Long, Set<String>>();
            for (int back = 11; back >= 0; back--) {
                var last = LAST.minusMonths(back);
                var now = new HashMap<Long, Set<String>>();
                for (var one : AlertSearch.find(rules, network.on(last, back == 0), last, last.plusMonths(1).atDay(5))) {
                    var key = one.rule() + " " + one.subject();
                    now.computeIfAbsent(one.distributorId(), _ -> new HashSet<>()).add(key);
                    if (back < 4) found.computeIfAbsent(one.distributorId(), _ -> new HashSet<>()).add(one.rule());
                    // one that goes on is the same alert; one that begins anew is another
                    if (network.stories.get(one.distributorId()) == Story.CLEAN && !live.getOrDefault(one.distributorId(), Set.of()).contains(key)) clean.computeIfAbsent(one.distributorId(), _ -> new HashSet<>()).add(key + " " + last);
                }
                live.clear();
                live.putAll(now);
            }
            for (var entry : network.stories.entrySet()) {
                var rule = RULE.get(entry.getValue());
                var alerts = found.getOrDefault(entry.getKey(), Set.of());
                if (rule == null) {
                    int count = clean.getOrDefault(entry.getKey(), Set.of()).size();
                    falseAlerts += count;
                    worst = Math.max(worst, count);
                    cleanYears++;
                    continue;
                }
                var count = told.computeIfAbsent(entry.getValue(), _ -> new int[2]);
                count[1]++;
                if (alerts.contains(rule)) count[0]++;
                if (entry.getValue() == Story.WEAK_MARKET && alerts.contains("SALES_FALLING")) mistaken++;
            }
        }
        var report = new StringBuilder();
        told.forEach((story, count) -> report.append(story).append(": ").append(count[0]).append(" of ").append(count[1]).append(" found\n"));
        report.append(falseAlerts).append(" false alerts in ").append(cleanYears).append(" years of clean distributors, at most ").append(worst).append(" in one\n").append(mistaken).append(" partners of a weak market taken for weak partners\n")
                .append(SEEDS).append(" seeds\n");
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/stories-search.txt"), report);
        for (var entry : told.entrySet()) assertThat(entry.getValue()[0] / (double) entry.getValue()[1]).as(report.toString()).isGreaterThanOrEqualTo(0.9);
        assertThat(falseAlerts / (double) cleanYears).as(report.toString()).isLessThanOrEqualTo(1);
    }

    @Test
    void silenceCountsWorkingDaysOnly() {
        var rule = AlertRules.builtIn().stream().filter(one -> one.code().equals("DATA_LATE")).toList();
        var saturday = LocalDate.of(2026, 11, 21);
        var place = new Place(1, null, Map.of(), Map.of(), Map.of(), Map.of(), saturday, 1000);
        assertThat(AlertSearch.find(rule, List.of(place), LAST, LocalDate.of(2026, 11, 26))).as("Monday to Wednesday").isEmpty();
        var found = AlertSearch.find(rule, List.of(place), LAST, LocalDate.of(2026, 11, 27));
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().money()).isEqualByComparingTo("4000");
    }

    /// Each sentence has its words where the tower has its own, and they name what the search gives them.
    @Test
    @Tag("ANA-13")
    void whatIsSaidHasWordsInEveryLanguage() throws java.io.IOException {
        var said = new HashMap<String, Map<String, String>>();
        for (int seed = 0; seed < 4; seed++) {
            var network = new Network((seed + 1) * 7919);
            for (var one : AlertSearch.find(AlertRules.builtIn(), network.on(LAST, true), LAST, LAST.plusMonths(1).atDay(5))) said.put(one.said().key(), one.said().parameters());
        }
        assertThat(said).containsKeys("pushed", "starved", "falling", "market", "silent");
        for (var language : List.of("en", "hi")) {
            var words = tools.jackson.databind.json.JsonMapper.builder().build().readTree(java.nio.file.Files.readString(java.nio.file.Path.of("../web/src/i18n/locales/" + language + "/insight.json"))).path("alertSays");
            said.forEach((key, parameters) -> {
                assertThat(words.path(key).isString()).as(language + " " + key).isTrue();
                for (var parameter : parameters.keySet()) assertThat(words.path(key).asString()).as(language + " " + key).contains("{{" + parameter + "}}");
            });
        }
    }

    @Test
    void primaryThatNobodyTellsIsNoSupplyGapButOneThatStoppedIs() {
        var rule = AlertRules.builtIn().stream().filter(one -> one.code().equals("SUPPLY_GAP")).toList();
        var sold = new TreeMap<YearMonth, Double>();
        for (int back = 0; back < 12; back++) sold.put(LAST.minusMonths(back), 10_000.0);
        var stopped = new TreeMap<>(sold);
        for (int back = 0; back < 3; back++) stopped.put(LAST.minusMonths(back), 0.0);
        var today = LocalDate.of(2026, 11, 2);
        var untold = new Place(1, null, Map.of("nsv", sold, "volume", sold), Map.of(), Map.of(), Map.of(), today, 1000);
        var dry = new Place(2, null, Map.of("nsv", sold, "volume", sold, "primary-quantity", stopped), Map.of(), Map.of(), Map.of(), today, 1000);
        var begun = new TreeMap<>(Map.of(LAST, 10_000.0));   // its feed of primary began last month: what came before is unknown
        var fresh = new Place(3, null, Map.of("nsv", sold, "volume", sold, "primary-quantity", begun), Map.of(), Map.of(), Map.of(), today, 1000);
        assertThat(AlertSearch.find(rule, List.of(untold, dry, fresh), LAST, today)).extracting(AlertSearch.Found::distributorId).containsExactly(2L);
    }
}
