package io.offtake.insight.domain;

import static io.offtake.platform.ProblemCode.QUESTION_INVALID;

import io.offtake.insight.Asker;
import io.offtake.insight.Catalogue;
import io.offtake.insight.Dimension;
import io.offtake.insight.Metric;
import io.offtake.insight.Question;
import io.offtake.platform.Cursor;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Checks a question against the catalogue, confines it to its asker's scope, and fixes what its window means. Refuses with
/// the place that is wrong and what would be accepted there.
public final class Planner {
    public static final int METRICS_MAX = 12;
    public static final int DIMENSIONS_MAX = 3;
    public static final int FILTERS_MAX = 20;
    public static final int KEYS_MAX = 500;
    public static final int LIMIT_DEFAULT = 100;
    public static final int LIMIT_MAX = 1000;
    private static final int MONTHS_MAX = 120;
    private static final int DAYS_MAX = 3660;
    private static final int YEAR_MIN = 1990;
    private static final int YEAR_MAX = 2199;
    private static final Set<String> PLACES = Set.of("region", "territory", "distributor");
    private static final List<String> WINDOWS = List.of("MTD", "YTD", "LAST_MONTH", "L1M", "L3M", "L6M", "L12M", "LAST_N_MONTHS", "MONTHS_TO_DATE", "L13W", "LAST_N_WEEKS", "LAST_N_DAYS", "RANGE", "NOW");
    private static final List<String> LIKE_FOR_LIKE = List.of("distributor", "outlet", "sku");
    private static final List<String> EXTRAS = List.of("share", "running-share", "rank");
    private static final int WEEKS_MAX = 520;
    private static final List<String> COMPARES = List.of("NONE", "PREVIOUS", "SAME_LAST_YEAR", "L3M_AVERAGE");

    private final Catalogue catalogue;

    public Planner(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// @param network every distributor there is; only those in the asker's scope are ever looked at
    /// @throws ProblemException QUESTION_INVALID
    public Plan plan(Question question, Asker asker, List<Place> network, Instant now, int limitMax) {
        var metrics = metrics(question);
        var dimensions = dimensions(question, metrics);
        var keyFilters = filters(question, metrics);
        var places = new ArrayList<Place>();
        for (var place : network) {
            if (asker.distributors() == null || asker.distributors().contains(place.id())) places.add(place);
        }
        var principals = asker.principals();
        var home = mainCurrency(places);
        boolean whole = places.size() == network.size() && principals == null;
        var filters = new ArrayList<Plan.KeyFilter>();
        for (var filter : keyFilters) {
            if (PLACES.contains(filter.dimension().id())) {
                places.removeIf(place -> !passes(filter, place));
            } else if (filter.dimension().id().equals("principal")) {
                var asked = filter.keys().stream().map(Long.class::cast).collect(Collectors.toSet());
                if (principals != null) asked.retainAll(principals);
                principals = asked;
            } else {
                filters.add(filter);
            }
        }

        String currency = null;
        var leftOut = new ArrayList<Place>();
        if (metrics.stream().anyMatch(Metric::money)) {
            currency = places.stream().anyMatch(place -> place.currency().equals(home)) ? home : mainCurrency(places);
            for (var place : List.copyOf(places)) {
                if (!place.currency().equals(currency)) leftOut.add(place);
            }
            places.removeAll(leftOut);
        }

        boolean windowed = metrics.stream().anyMatch(metric -> metric.period() == Metric.Period.WINDOW);
        var compareKind = compareOf(question, metrics);
        var byZone = places.stream().collect(Collectors.groupingBy(Place::zone, LinkedHashMap::new, Collectors.toList()));
        var zones = new ArrayList<Plan.Zone>();
        byZone.forEach((zone, there) -> {
            var today = LocalDate.ofInstant(now, zone);
            var window = windowed ? window(question, today) : null;
            var compared = window == null ? null : compared(window, compareKind);
            zones.add(new Plan.Zone(there, today, window == null ? null : window.span(), compared == null ? null : compared.span()));
        });
        var main = zones.stream().max(Comparator.comparingInt(zone -> zone.places().size())).map(Plan.Zone::today)
                .orElseGet(() -> LocalDate.ofInstant(now, ZoneId.of("UTC")));
        var window = windowed ? window(question, main) : null;
        var compared = window == null ? null : compared(window, compareKind);

        extras(question, metrics, dimensions, compared != null);
        int limit = limit(question, limitMax);
        int offset = question.cursor() == null ? 0 : offset(question.cursor(), fingerprint(question));
        return new Plan(question, asker, whole, metrics, dimensions, zones, principals, filters, compared != null, order(question, metrics, dimensions, compared != null),
                limit, offset, !Boolean.FALSE.equals(question.totals()), currency, leftOut, window, compared,
                compared == null ? null : question.likeForLike(), Set.copyOf(question.extras()));
    }

    /// The cursor of the page after this one.
    public static String next(Plan plan) {
        return new Cursor(fingerprint(plan.question()), List.of(Integer.toString(plan.offset() + plan.limit()))).encode();
    }

    private static int offset(String cursor, String fingerprint) {
        try {
            return Integer.parseUnsignedInt(Cursor.decode(cursor, fingerprint, 1).key().getFirst(), 10) & Integer.MAX_VALUE;
        } catch (NumberFormatException _) {
            throw refuse("/cursor", "is not a cursor of this question", "`next` of the page before");
        }
    }

    private static String fingerprint(Question question) {
        return "insight" + Objects.hash(question.metrics(), question.dimensions(), question.filters(), question.window(), question.compare(), question.order(), question.likeForLike());
    }

    private List<Metric> metrics(Question question) {
        var known = catalogue.metrics().stream().map(Metric::id).toList();
        if (question.metrics().isEmpty()) throw refuse("/metrics", "a question needs a metric", known);
        if (question.metrics().size() > METRICS_MAX) throw refuse("/metrics", "at most " + METRICS_MAX + " metrics at once", METRICS_MAX);
        if (new HashSet<>(question.metrics()).size() < question.metrics().size()) throw refuse("/metrics", "a metric is asked for twice", question.metrics().stream().distinct().toList());
        return IntStream.range(0, question.metrics().size()).mapToObj(i -> catalogue.metric(question.metrics().get(i))
                .orElseThrow(() -> refuse("/metrics/" + i, "there is no metric " + question.metrics().get(i), known))).toList();
    }

    private List<Dimension> dimensions(Question question, List<Metric> metrics) {
        if (question.dimensions().size() > DIMENSIONS_MAX) throw refuse("/dimensions", "at most " + DIMENSIONS_MAX + " dimensions at once", DIMENSIONS_MAX);
        if (new HashSet<>(question.dimensions()).size() < question.dimensions().size()) throw refuse("/dimensions", "a dimension is asked for twice", question.dimensions().stream().distinct().toList());
        return IntStream.range(0, question.dimensions().size()).mapToObj(i -> dimension(question.dimensions().get(i), "/dimensions/" + i, metrics)).toList();
    }

    private Dimension dimension(String id, String pointer, List<Metric> metrics) {
        var accepted = catalogue.dimensions().stream().map(Dimension::id).filter(one -> metrics.stream().allMatch(metric -> metric.dimensions().contains(one))).toList();
        var dimension = catalogue.dimension(id).orElseThrow(() -> refuse(pointer, "there is no dimension " + id, accepted));
        for (var metric : metrics) {
            if (!metric.dimensions().contains(id)) throw refuse(pointer, metric.id() + " cannot be asked by " + id, accepted);
        }
        return dimension;
    }

    private List<Plan.KeyFilter> filters(Question question, List<Metric> metrics) {
        if (question.filters().size() > FILTERS_MAX) throw refuse("/filters", "at most " + FILTERS_MAX + " filters at once", FILTERS_MAX);
        var filters = new ArrayList<Plan.KeyFilter>();
        for (int i = 0; i < question.filters().size(); i++) {
            var filter = question.filters().get(i);
            var at = "/filters/" + i;
            if (filter.op() != null && !filter.op().equals("in")) throw refuse(at + "/op", "there is no filter " + filter.op(), List.of("in"));
            var dimension = dimension(filter.dimension(), at + "/dimension", metrics);
            if (filter.values().isEmpty()) throw refuse(at + "/values", "a filter needs a value", "1 to " + KEYS_MAX + " keys");
            if (filter.values().size() > KEYS_MAX) throw refuse(at + "/values", "at most " + KEYS_MAX + " keys at once", KEYS_MAX);
            var keys = new LinkedHashSet<Object>();
            boolean orNone = false;
            for (int j = 0; j < filter.values().size(); j++) {
                var value = filter.values().get(j);
                if (value.equals(Dimension.NOT_ALLOCATED)) orNone = true;
                else keys.add(key(dimension, value, at + "/values/" + j));
            }
            filters.add(new Plan.KeyFilter(dimension, List.copyOf(keys), orNone));
        }
        return filters;
    }

    private static Object key(Dimension dimension, String value, String at) {
        try {
            return switch (dimension.type()) {
                case NUMBER -> Long.valueOf(value);
                case UUID -> UUID.fromString(value);
                case TEXT -> {
                    if (value.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) throw new IllegalArgumentException("no text");
                    yield value;
                }
                case DATE -> reasonable(LocalDate.parse(dimension.id().equals("month") && value.length() == 7 ? value + "-01" : value));
            };
        } catch (IllegalArgumentException | DateTimeException _) {
            var form = switch (dimension.type()) {
                case NUMBER -> "a number";
                case UUID -> "a UUID";
                case TEXT -> "a text";
                case DATE -> dimension.id().equals("month") ? "a month as 2026-11" : "a date as 2026-11-30";
            };
            throw refuse(at, "is not a key of " + dimension.id(), form);
        }
    }

    private static boolean passes(Plan.KeyFilter filter, Place place) {
        var key = switch (filter.dimension().id()) {
            case "region" -> place.regionId();
            case "territory" -> place.territoryId();
            default -> (Long) place.id();
        };
        return key == null ? filter.orNone() : filter.keys().contains(key);
    }

    /// The currency most of them keep their books in: money of two currencies is never added.
    private static @Nullable String mainCurrency(List<Place> places) {
        return places.stream().collect(Collectors.groupingBy(Place::currency, Collectors.counting())).entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder()))).map(Map.Entry::getKey).orElse(null);
    }

    private static Windows.Resolved window(Question question, LocalDate today) {
        var window = question.window() == null ? Question.Window.of("MTD") : question.window();
        return switch (window.kind()) {
            case "MTD" -> Windows.monthToDate(today);
            case "YTD" -> Windows.yearToDate(today);
            case "LAST_MONTH", "L1M" -> Windows.closedMonths(today, 1);
            case "L6M" -> Windows.closedMonths(today, 6);
            case "L13W" -> Windows.closedWeeks(today, 13);
            case "LAST_N_WEEKS" -> Windows.closedWeeks(today, count(window, WEEKS_MAX));
            case "L3M" -> Windows.closedMonths(today, 3);
            case "L12M" -> Windows.closedMonths(today, 12);
            case "LAST_N_MONTHS" -> Windows.closedMonths(today, count(window, MONTHS_MAX));
            case "MONTHS_TO_DATE" -> Windows.monthsToDate(today, count(window, MONTHS_MAX));
            case "LAST_N_DAYS" -> Windows.lastDays(today, count(window, DAYS_MAX));
            case "RANGE" -> {
                var from = date(window.from(), "/window/from");
                var to = date(window.to(), "/window/to");
                if (from.isAfter(to)) throw refuse("/window/to", "the window ends before it begins", "a date from " + from);
                if (ChronoUnit.DAYS.between(from, to) > DAYS_MAX) throw refuse("/window", "the window is too long", "at most " + DAYS_MAX + " days");
                yield Windows.range(from, to);
            }
            case "NOW" -> throw refuse("/window/kind", "only states (stock, money owed) are as of now; these metrics need a window", WINDOWS.stream().filter(kind -> !kind.equals("NOW")).toList());
            case null -> throw refuse("/window/kind", "a window needs a kind", WINDOWS);
            default -> throw refuse("/window/kind", "there is no window " + window.kind(), WINDOWS);
        };
    }

    private static int count(Question.Window window, int max) {
        if (window.n() == null || window.n() < 1 || window.n() > max) throw refuse("/window/n", "how many?", "1 to " + max);
        return window.n();
    }

    private static LocalDate date(@Nullable String text, String at) {
        try {
            if (text != null) return reasonable(LocalDate.parse(text));
        } catch (DateTimeException _) {
            // answered below
        }
        throw refuse(at, "is not a date", "a date as 2026-11-30");
    }

    private static LocalDate reasonable(LocalDate day) {
        if (day.getYear() < YEAR_MIN || day.getYear() > YEAR_MAX) throw new DateTimeException("out of range");
        return day;
    }

    private static String compareOf(Question question, List<Metric> metrics) {
        boolean growth = metrics.stream().anyMatch(metric -> metric.value().kind() == Metric.Kind.GROWTH);
        var kind = question.compare() == null ? "NONE" : question.compare();
        if (!COMPARES.contains(kind)) throw refuse("/compare", "there is no comparison " + kind, COMPARES);
        return growth && kind.equals("NONE") ? "SAME_LAST_YEAR" : kind;
    }

    private static Windows.@Nullable Compared compared(Windows.Resolved window, String kind) {
        return switch (kind) {
            case "PREVIOUS" -> window.previous();
            case "SAME_LAST_YEAR" -> window.sameLastYear();
            case "L3M_AVERAGE" -> window.threeMonthsBefore();
            default -> null;
        };
    }

    private static void extras(Question question, List<Metric> metrics, List<Dimension> dimensions, boolean compared) {
        if (question.likeForLike() != null) {
            if (!LIKE_FOR_LIKE.contains(question.likeForLike())) throw refuse("/likeForLike", "like for like of what?", LIKE_FOR_LIKE);
            if (!compared) throw refuse("/likeForLike", "like for like compares two windows", COMPARES.subList(1, COMPARES.size()));
        }
        if ("L3M_AVERAGE".equals(question.compare()) && dimensions.stream().anyMatch(one -> "time".equals(one.path()))) throw refuse("/compare", "a mean of months has no months", COMPARES.subList(0, 3));
        for (int i = 0; i < question.extras().size(); i++) {
            var extra = question.extras().get(i);
            if (!EXTRAS.contains(extra)) throw refuse("/extras/" + i, "there is no " + extra, EXTRAS);
            var used = Stream.concat(question.dimensions().stream(), question.filters().stream().map(Question.Filter::dimension)).collect(Collectors.toSet());
            if (!extra.equals("rank") && metrics.stream().noneMatch(metric -> metric.additiveOver(used))) {
                throw refuse("/extras/" + i, "only what adds up has shares", List.of("rank"));
            }
        }
    }

    private static int limit(Question question, int max) {
        int limit = question.limit() == null ? Math.min(LIMIT_DEFAULT, max) : question.limit();
        if (limit < 1 || limit > max) throw refuse("/limit", "rows per page", "1 to " + max);
        return limit;
    }

    private static List<Plan.Ordering> order(Question question, List<Metric> metrics, List<Dimension> dimensions, boolean compared) {
        var order = new ArrayList<Plan.Ordering>();
        for (int i = 0; i < question.order().size(); i++) {
            var by = question.order().get(i);
            boolean compare = by.by() != null && by.by().endsWith(".compare");
            var name = compare ? by.by().substring(0, by.by().length() - ".compare".length()) : by.by();
            var metric = metrics.stream().filter(one -> one.id().equals(name)).findFirst().orElse(null);
            var dimension = compare ? null : dimensions.stream().filter(one -> one.id().equals(name)).findFirst().orElse(null);
            if (metric == null && dimension == null || compare && !compared) {
                var accepted = new ArrayList<String>();
                metrics.forEach(one -> accepted.add(one.id()));
                if (compared) metrics.forEach(one -> accepted.add(one.id() + ".compare"));
                dimensions.forEach(one -> accepted.add(one.id()));
                throw refuse("/order/" + i + "/by", "the answer cannot be ordered by " + by.by(), accepted);
            }
            order.add(new Plan.Ordering(metric, dimension, compare, by.desc()));
        }
        if (order.isEmpty()) {
            for (var dimension : dimensions) {
                if ("time".equals(dimension.path()) || dimension.id().equals("ageing-bucket")) order.add(new Plan.Ordering(null, dimension, false, false));
            }
            order.add(new Plan.Ordering(metrics.getFirst(), null, false, true));
        }
        return order;
    }

    private static ProblemException refuse(String pointer, String text, Object accepted) {
        return Problem.of(QUESTION_INVALID, "This question cannot be asked: " + text + ".").at(pointer, QUESTION_INVALID, text, accepted).with("accepted", accepted).exception();
    }
}
