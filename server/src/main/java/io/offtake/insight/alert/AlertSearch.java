package io.offtake.insight.alert;

import io.offtake.insight.alert.AlertRules.AlertRuleForm;
import io.offtake.insight.alert.AlertRules.Shape;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Looks for what the rules describe in the numbers of a network: pure. Falls are measured against the network's own
/// movement of the month, so that a season is nobody's fault.
public final class AlertSearch {
    private static final int QUARTER = 3;
    private static final int PEERS = 3;

    private AlertSearch() {}

    /// The numbers of one distributor.
    ///
    /// @param months   by metric, closed months only
    /// @param now      states as of now, by metric
    /// @param skus     months and states of must-stock SKUs by metric, then code
    /// @param lastData the last business day with data; null if there never was one
    /// @param daily    net sales of an average day
    public record Place(long distributorId, @Nullable String territory, Map<String, TreeMap<YearMonth, Double>> months, Map<String, Double> now, Map<String, Map<String, TreeMap<YearMonth, Double>>> skus,
                        Map<String, Map<String, Double>> skusNow, @Nullable LocalDate lastData, double daily) {}

    /// A value shown as evidence.
    ///
    /// @param label in English; a month as `2026-10`, a metric by its id
    /// @param key   under which the reader's own language names it; null where the label is a month or a metric, and in what was kept before
    public record Value(String label, String value, String unit, @Nullable String key) {}

    /// @param subject code of the SKU, empty for the distributor
    /// @param said  what was found
    /// @param money at stake
    public record Found(String rule, long distributorId, String subject, Said said, List<Value> values, BigDecimal money) {}

    /// A sentence that the reader's own language makes of a key and what goes into it: numbers with a point, days as `2026-11-16`.
    ///
    /// @param english the same in English
    public record Said(String key, Map<String, String> parameters, String english) {
        public Said {
            parameters = Map.copyOf(parameters);
        }
    }

    /// Everything that holds on a day.
    ///
    /// @param last the last closed month
    public static List<Found> find(List<AlertRuleForm> rules, List<Place> places, YearMonth last, LocalDate today) {
        var found = new ArrayList<Found>();
        var network = new Network(places, last);
        for (var rule : rules) {
            var shape = Objects.requireNonNull(rule.shape());
            for (var place : places) {
                var ones = switch (shape) {
                    case RATIO_ABOVE, RATIO_BELOW -> ratio(rule, place, last);
                    case FALLING -> falling(rule, place, network, last);
                    case MARKET -> market(rule, place, network, last);
                    case DROP -> drop(rule, place, last);
                    case SILENT -> silent(rule, place, today);
                    case ABOVE, BELOW -> threshold(rule, place, last);
                };
                for (var one : ones) if (one.money.compareTo(Objects.requireNonNull(rule.minMoney())) >= 0) found.add(one);
            }
        }
        return found;
    }

    private static double at(@Nullable TreeMap<YearMonth, Double> months, YearMonth month) {
        return months == null ? 0 : months.getOrDefault(month, 0.0);
    }

    private static double sum(@Nullable TreeMap<YearMonth, Double> months, YearMonth last, int count) {
        double sum = 0;
        for (int back = 0; back < count; back++) sum += at(months, last.minusMonths(back));
        return sum;
    }

    private static boolean has(@Nullable TreeMap<YearMonth, Double> months, YearMonth last, int count) {
        for (int back = 0; back < count; back++) if (months == null || months.getOrDefault(last.minusMonths(back), 0.0) <= 0) return false;
        return true;
    }

    /// How the middle distributor moved.
    private static final class Network {
        final List<Place> places;
        final Map<String, Double> medians = new HashMap<>();
        final YearMonth last;

        Network(List<Place> places, YearMonth last) {
            this.places = places;
            this.last = last;
        }

        /// Month over month, as a factor.
        double month(String metric, YearMonth month) {
            return medians.computeIfAbsent(metric + month, _ -> median(places.stream().map(place -> place.months.get(metric)).filter(months -> has(months, month, 2))
                    .map(months -> at(months, month) / at(months, month.minusMonths(1))).toList(), 1));
        }

        /// Month over month of the market a distributor works in: the network's, or that of its territory where it clearly falls behind.
        double around(Place place, String metric, YearMonth month) {
            double all = month(metric, month);
            if (place.territory == null) return all;
            var others = places.stream().filter(other -> other.distributorId != place.distributorId && place.territory.equals(other.territory)).map(other -> other.months.get(metric)).filter(months -> has(months, month, 2))
                    .map(months -> at(months, month) / at(months, month.minusMonths(1))).toList();
            if (others.size() < PEERS - 1) return all;
            double territory = median(others, all);
            return territory < all * 0.95 ? territory : all;
        }

        /// Quarter over quarter, as a factor.
        double quarter(String metric) {
            return medians.computeIfAbsent(metric + " quarter", _ -> median(places.stream().map(place -> change(place, metric)).filter(Objects::nonNull).toList(), 1));
        }

        @Nullable Double change(Place place, String metric) {
            var months = place.months.get(metric);
            double before = sum(months, last.minusMonths(QUARTER), QUARTER);
            return before <= 0 || !has(months, last.minusMonths(QUARTER), QUARTER) ? null : sum(months, last, QUARTER) / before;
        }

        /// The others of the territory, quarter over quarter; null if they are too few to speak for the market.
        @Nullable Double others(Place place, String metric) {
            if (place.territory == null) return null;
            var others = places.stream().filter(other -> other.distributorId != place.distributorId && place.territory.equals(other.territory)).map(other -> change(other, metric)).filter(Objects::nonNull).toList();
            return others.size() < PEERS - 1 ? null : median(others, 1);
        }

        /// Whether the territory falls more than the network by the given percent.
        boolean isWeak(Place place, String metric, double percent) {
            var others = others(place, metric);
            return others != null && others / quarter(metric) <= 1 - percent / 100;
        }
    }

    static double median(List<Double> of, double otherwise) {
        if (of.isEmpty()) return otherwise;
        var sorted = of.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static List<Found> ratio(AlertRuleForm rule, Place place, YearMonth last) {
        boolean above = rule.shape() == Shape.RATIO_ABOVE;
        double threshold = number(rule.threshold());
        var metric = place.months.get(rule.metric());
        var other = place.months.get(Objects.requireNonNull(rule.other()));
        // nobody tells what this distributor buys: that is no proof that it buys nothing
        if (metric == null || metric.values().stream().noneMatch(value -> value > 0)) return List.of();
        // before its first month nothing is known of what it buys, either
        if (metric.firstKey().isAfter(last.minusMonths(Objects.requireNonNull(rule.periods()) - 1L + QUARTER - 1))) return List.of();
        double ratio = 0;
        for (int back = Objects.requireNonNull(rule.periods()) - 1; back >= 0; back--) {
            var month = last.minusMonths(back);
            if (!has(other, month, QUARTER)) return List.of();
            ratio = sum(metric, month, QUARTER) / sum(other, month, QUARTER);
            if (above ? ratio <= threshold : ratio >= threshold) return List.of();
        }
        // what was taken beyond sales, or sold beyond supply, at the distributor's selling price
        double sales = sum(place.months.get("nsv"), last, QUARTER);
        double money = Math.abs(ratio - 1) * sales;
        return List.of(new Found(rule.code(), place.distributorId, "",
                new Said(above ? "pushed" : "starved", Map.of("ratio", two(ratio)), above ? "Over three months primary was " + two(ratio) + " times secondary" : "Over three months primary was only " + two(ratio) + " times secondary"),
                List.of(new Value("Primary ÷ secondary, 3 months", two(ratio), "ratio", "ratio"), new Value("Primary, 3 months", whole(sum(metric, last, QUARTER)), "base-unit", "primary"), new Value("Secondary, 3 months", whole(sum(other, last, QUARTER)), "base-unit", "secondary")),
                amount(money)));
    }

    private static List<Found> falling(AlertRuleForm rule, Place place, Network network, YearMonth last) {
        var months = place.months.get(rule.metric());
        int periods = Objects.requireNonNull(rule.periods());
        if (!has(months, last.minusMonths(1), periods)) return List.of();
        double together = 1;
        for (int back = periods - 1; back >= 0; back--) {
            var month = last.minusMonths(back);
            double factor = at(months, month) / at(months, month.minusMonths(1)) / network.around(place, rule.metric(), month);
            if (factor >= 1) return List.of();
            together *= factor;
        }
        double percent = (1 - together) * 100;
        if (percent < number(rule.threshold()) || network.isWeak(place, rule.metric(), 8)) return List.of();
        double before = at(months, last.minusMonths(periods));
        var values = new ArrayList<Value>();
        for (int back = periods; back >= 0; back--) values.add(new Value(last.minusMonths(back).toString(), whole(at(months, last.minusMonths(back))), "currency", null));
        return List.of(new Found(rule.code(), place.distributorId, "",
                new Said("falling", Map.of("months", Integer.toString(periods), "percent", one(percent)), "Fell " + periods + " months in a row, by " + one(percent) + " % more than the network"), values, amount(Math.max(0, before - at(months, last)) * QUARTER)));
    }

    private static List<Found> market(AlertRuleForm rule, Place place, Network network, YearMonth last) {
        var own = network.change(place, rule.metric());
        if (own == null || !network.isWeak(place, rule.metric(), number(rule.threshold()))) return List.of();
        double others = Objects.requireNonNull(network.others(place, rule.metric()));
        double all = network.quarter(rule.metric());
        // a partner that loses far more than its market has a trouble of its own
        if (own / others < 0.85) return List.of();
        double before = sum(place.months.get(rule.metric()), last.minusMonths(QUARTER), QUARTER);
        var weaker = one((1 - others / all) * 100);
        return List.of(new Found(rule.code(), place.distributorId, "", new Said("market", Map.of("percent", weaker), "The others of the territory fell by " + weaker + " % more than the network; this partner holds its place"),
                List.of(new Value("Own change", one((own - 1) * 100), "percent", "own"), new Value("Territory", one((others - 1) * 100), "percent", "territory"), new Value("Network", one((all - 1) * 100), "percent", "network")),
                amount(Math.max(0, before * (all - others)))));
    }

    private static List<Found> drop(AlertRuleForm rule, Place place, YearMonth last) {
        int periods = Objects.requireNonNull(rule.periods());
        double threshold = number(rule.threshold());
        var found = new ArrayList<Found>();
        Map<String, TreeMap<YearMonth, Double>> of = "SKU".equals(rule.subject()) ? place.skus.getOrDefault(rule.metric(), Map.of())
                : place.months.get(rule.metric()) == null ? Map.of() : Map.of("", place.months.get(rule.metric()));
        of.forEach((subject, months) -> {
            if (!has(months, last.minusMonths(1), periods)) return;
            double mean = sum(months, last.minusMonths(1), periods) / periods;
            double now = at(months, last);
            if (now > mean * (1 - threshold / 100)) return;
            var below = one((1 - now / mean) * 100);
            found.add(new Found(rule.code(), place.distributorId, subject, new Said("drop", Map.of("percent", below, "months", Integer.toString(periods)), (subject.isEmpty() ? "" : subject + ": ") + below + " % below the mean of " + periods + " months"),
                    List.of(new Value("Last month", whole(now), "currency", "last"), new Value("Mean before", whole(mean), "currency", "mean")), amount(mean - now)));
        });
        return found;
    }

    private static List<Found> silent(AlertRuleForm rule, Place place, LocalDate today) {
        if (place.lastData == null) return List.of();
        long missing = place.lastData.plusDays(1).datesUntil(today.isAfter(place.lastData) ? today : place.lastData.plusDays(1)).filter(day -> day.getDayOfWeek() != DayOfWeek.SUNDAY).count();
        if (missing <= number(rule.threshold())) return List.of();
        return List.of(new Found(rule.code(), place.distributorId, "", new Said("silent", Map.of("since", place.lastData.toString(), "days", Long.toString(missing)), "No data since " + place.lastData + ": " + missing + " working days"),
                List.of(new Value("Working days without data", Long.toString(missing), "days", "silent")),
                amount(place.daily * missing)));
    }

    private static List<Found> threshold(AlertRuleForm rule, Place place, YearMonth last) {
        boolean above = rule.shape() == Shape.ABOVE;
        double threshold = number(rule.threshold());
        if ("SKU".equals(rule.subject())) {
            var found = new ArrayList<Found>();
            place.skusNow.getOrDefault(rule.metric(), Map.of()).forEach((sku, value) -> {
                if (above ? value <= threshold : value >= threshold) return;
                double sales = sum(place.skus.getOrDefault("nsv", Map.of()).get(sku), last, QUARTER) / 90 * 7;
                found.add(new Found(rule.code(), place.distributorId, sku, compared(above, value, threshold, sku + ": ", ""), List.of(new Value(rule.metric(), one(value), "days", null)), amount(sales)));
            });
            return found;
        }
        double sales = sum(place.months.get("nsv"), last, 1);
        var now = place.now.get(rule.metric());
        if (now != null) {
            if (above ? now <= threshold : now >= threshold) return List.of();
            return List.of(new Found(rule.code(), place.distributorId, "", compared(above, now, threshold, "", ""), List.of(new Value(rule.metric(), one(now), "", null)), amount(sales * now / 100)));
        }
        var months = place.months.get(rule.metric());
        double value = 0;
        for (int back = Objects.requireNonNull(rule.periods()) - 1; back >= 0; back--) {
            var one = months == null ? null : months.get(last.minusMonths(back));
            if (one == null || (above ? one <= threshold : one >= threshold)) return List.of();
            value = one;
        }
        return List.of(new Found(rule.code(), place.distributorId, "",
                new Said(above ? "aboveFor" : "belowFor", Map.of("value", one(value), "threshold", one(threshold), "months", String.valueOf(rule.periods())), compared(above, value, threshold, "", " for " + rule.periods() + " months").english),
                List.of(new Value(rule.metric(), one(value), "", null)),
                amount(Math.abs(sales * value / 100))));
    }

    private static Said compared(boolean above, double value, double threshold, String before, String after) {
        return new Said(above ? "above" : "below", Map.of("value", one(value), "threshold", one(threshold)), before + one(value) + (above ? " is above " : " is below ") + one(threshold) + after);
    }

    private static double number(@Nullable BigDecimal value) {
        return Objects.requireNonNull(value).doubleValue();
    }

    private static BigDecimal amount(double money) {
        return BigDecimal.valueOf(money).setScale(2, RoundingMode.HALF_UP);
    }

    private static String one(double value) {
        return BigDecimal.valueOf(value).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private static String two(double value) {
        return BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }

    private static String whole(double value) {
        return BigDecimal.valueOf(value).setScale(0, RoundingMode.HALF_UP).toPlainString();
    }
}
