package io.offtake.insight.store;

import io.offtake.insight.Dimension;
import io.offtake.insight.Metric;
import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.FactKind;
import io.offtake.insight.domain.Knowledge;
import io.offtake.insight.domain.Plan;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// From the sums of a few groups to an answer: numbers, order, ranks, pages and totals, as the last part of a statement would make
/// them. Planning that part takes the columnar store longer than reading the sums; here it costs next to nothing.
final class Finish {
    private final Plan plan;
    private final List<String> components;
    private final Names names;

    private final Knowledge knowledge;
    /// Of the metrics of which nothing is known in some groups.
    private final Map<String, FactKind> kinds = new HashMap<>();

    Finish(Plan plan, List<String> components, Names names, Knowledge knowledge) {
        this.knowledge = knowledge;
        for (var metric : plan.metrics()) {
            var kind = knowledge.kind(metric);
            if (kind != null && knowledge.open(kind)) kinds.put(metric.id(), kind);
        }
        this.plan = plan;
        this.components = components;
        this.names = names;
    }

    /// Names of masters by id, by dimension.
    record Names(Map<String, Map<Long, String>> byDimension) {
        static final Names NONE = new Names(Map.of());

        @Nullable String of(Dimension dimension, @Nullable Object key) {
            return key == null ? null : byDimension.getOrDefault(dimension.id(), Map.of()).get(key);
        }

        int size(String dimension) {
            return byDimension.getOrDefault(dimension, Map.of()).size();
        }
    }

    /// The sums of one combination of keys; those of the window compared with are `then`.
    static final class Sums {
        final @Nullable Object[] keys;
        @Nullable Long holder;
        final @Nullable String[] labels;
        final @Nullable BigDecimal[] now;
        final @Nullable BigDecimal[] then;
        final @Nullable BigDecimal[] values;
        final @Nullable BigDecimal[] compares;

        Sums(int dimensions, int components, int metrics) {
            keys = new Object[dimensions];
            labels = new String[dimensions];
            now = new BigDecimal[components];
            then = new BigDecimal[components];
            values = new BigDecimal[metrics];
            compares = new BigDecimal[metrics];
        }

        void add(Sums other) {
            for (int i = 0; i < now.length; i++) {
                now[i] = plus(now[i], other.now[i]);
                then[i] = plus(then[i], other.then[i]);
            }
        }

        private static @Nullable BigDecimal plus(@Nullable BigDecimal one, @Nullable BigDecimal other) {
            return one == null ? other : other == null ? one : one.add(other);
        }
    }

    /// Reads the groups of a level.
    List<Sums> read(ResultSet rows, boolean keyed) throws SQLException {
        var columns = new HashMap<String, Integer>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) columns.put(rows.getMetaData().getColumnName(i), i);
        int dimensions = keyed ? plan.dimensions().size() : 0;
        var key = new int[dimensions];
        var label = new int[dimensions];
        for (int i = 0; i < dimensions; i++) {
            key[i] = Objects.requireNonNull(columns.get(Dialect.internal(plan.dimensions().get(i)) ? "x" + i : "k" + i));
            label[i] = columns.getOrDefault("l" + i, 0);
        }
        var now = new int[components.size()];
        var then = new int[components.size()];
        for (int i = 0; i < now.length; i++) {
            now[i] = Objects.requireNonNull(columns.get("c" + i));
            if (plan.compare()) then[i] = Objects.requireNonNull(columns.get("d" + i));
        }
        var all = new ArrayList<Sums>();
        int holder = keyed ? columns.getOrDefault("h", 0) : 0;
        while (rows.next()) {
            var one = new Sums(dimensions, components.size(), plan.metrics().size());
            if (holder > 0) {
                long h = rows.getLong(holder);
                one.holder = rows.wasNull() ? null : (Long) h;
            }
            for (int i = 0; i < dimensions; i++) {
                var dimension = plan.dimensions().get(i);
                one.keys[i] = switch (dimension.type()) {
                    case NUMBER -> {
                        long number = rows.getLong(key[i]);
                        yield rows.wasNull() ? null : (Object) number;
                    }
                    case UUID -> rows.getObject(key[i], UUID.class);
                    case TEXT -> rows.getString(key[i]);
                    case DATE -> rows.getObject(key[i], LocalDate.class);
                };
                one.labels[i] = label[i] > 0 ? rows.getString(label[i]) : names.of(dimension, one.keys[i]);
            }
            for (int i = 0; i < now.length; i++) {
                one.now[i] = rows.getBigDecimal(now[i]);
                if (plan.compare()) one.then[i] = rows.getBigDecimal(then[i]);
            }
            all.add(one);
        }
        return all;
    }

    boolean lacksKeys(Sums one) {
        for (int i = 0; i < one.keys.length; i++) if (one.keys[i] == null && plan.dimensions().get(i).nullable()) return true;
        return false;
    }

    Sums total(List<Sums> of) {
        var sum = new Sums(0, components.size(), plan.metrics().size());
        of.forEach(sum::add);
        return sum;
    }

    Engine.Group whole(Sums one) {
        value(one);
        return group(one, Map.of(), Map.of());
    }

    /// One page of the groups that have all keys, in the order asked for, with running sums and ranks.
    List<Engine.Group> page(List<Sums> all) {
        var rows = all.stream().filter(one -> !lacksKeys(one)).toList();
        rows.forEach(this::value);
        var sorted = new ArrayList<>(rows);
        sorted.sort(order());
        var running = new ArrayList<Map<String, @Nullable BigDecimal>>();
        if (plan.extras().contains("running-share")) {
            Map<String, @Nullable BigDecimal> sums = new LinkedHashMap<>();
            for (var one : sorted) {
                for (int i = 0; i < one.values.length; i++) {
                    var id = plan.metrics().get(i).id();
                    sums.put(id, Sums.plus(sums.get(id), raw(plan.metrics().get(i), one.values[i])));
                }
                running.add(new LinkedHashMap<>(sums));
            }
        }
        var best = new ArrayList<List<BigDecimal>>();
        if (plan.extras().contains("rank")) {
            for (int i = 0; i < plan.metrics().size(); i++) {
                int at = i;
                best.add(rows.stream().map(one -> one.values[at]).filter(Objects::nonNull).sorted(Comparator.reverseOrder()).toList());
            }
        }
        var page = new ArrayList<Engine.Group>();
        for (int at = plan.offset(); at < sorted.size() && page.size() < plan.limit(); at++) {
            var one = sorted.get(at);
            Map<String, Integer> ranks = new LinkedHashMap<>();
            for (int i = 0; i < best.size(); i++) {
                var value = one.values[i];
                ranks.put(plan.metrics().get(i).id(), 1 + (value == null ? best.get(i).size() : above(best.get(i), value)));
            }
            page.add(group(one, running.isEmpty() ? Map.of() : running.get(at), ranks));
        }
        return page;
    }

    /// How many of the descending numbers are greater.
    private static int above(List<BigDecimal> descending, BigDecimal value) {
        int low = 0;
        int high = descending.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (descending.get(middle).compareTo(value) > 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private Engine.Group group(Sums one, Map<String, @Nullable BigDecimal> running, Map<String, Integer> ranks) {
        var parts = new LinkedHashMap<String, @Nullable BigDecimal>();
        for (int i = 0; i < components.size(); i++) parts.put(components.get(i), one.now[i]);
        Map<String, @Nullable BigDecimal> values = new LinkedHashMap<>();
        Map<String, @Nullable BigDecimal> compares = new LinkedHashMap<>();
        for (int i = 0; i < plan.metrics().size(); i++) {
            values.put(plan.metrics().get(i).id(), one.values[i]);
            if (plan.compare()) compares.put(plan.metrics().get(i).id(), one.compares[i]);
        }
        return new Engine.Group(Arrays.asList(one.keys), Arrays.asList(one.labels), null, one.holder, parts, values, compares, running, ranks);
    }

    // ---- order

    private Comparator<Sums> order() {
        Comparator<Sums> order = (_, _) -> 0;
        for (var ordering : plan.order()) {
            if (ordering.metric() != null) {
                int at = plan.metrics().indexOf(ordering.metric());
                order = order.thenComparing(by(ordering.descending(), Comparator.<BigDecimal>naturalOrder(), ordering.compare() ? one -> one.compares[at] : one -> one.values[at]));
                continue;
            }
            var dimension = Objects.requireNonNull(ordering.dimension());
            int at = plan.dimensions().indexOf(dimension);
            var buckets = Compiler.BUCKETS.get(dimension.id());
            if (buckets != null) order = order.thenComparing(by(ordering.descending(), Comparator.<Integer>naturalOrder(), one -> one.keys[at] instanceof String bucket ? Integer.valueOf(buckets.indexOf(bucket)) : null));
            else if (dimension.type() == Dimension.Type.DATE || dimension.type() == Dimension.Type.TEXT) order = order.thenComparing(by(ordering.descending(), Finish::keys, one -> one.keys[at]));
            else order = order.thenComparing(by(ordering.descending(), Finish::keys, one -> one.labels[at]));
        }
        for (int i = 0; i < plan.dimensions().size(); i++) {
            int at = i;
            order = order.thenComparing(by(false, Finish::keys, one -> one.keys[at]));
        }
        return order;
    }

    /// What is absent comes last, whichever way.
    private static <T> Comparator<Sums> by(boolean descending, Comparator<T> compare, Function<Sums, @Nullable T> of) {
        var way = descending ? compare.reversed() : compare;
        return (one, other) -> {
            var a = of.apply(one);
            var b = of.apply(other);
            if (a == null || b == null) return a == b ? 0 : a == null ? 1 : -1;
            return way.compare(a, b);
        };
    }

    /// Texts by their bytes, UUIDs without sign, as the engines do.
    private static int keys(Object one, Object other) {
        return switch (one) {
            case String text -> Arrays.compareUnsigned(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), ((String) other).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case UUID id -> {
                int high = Long.compareUnsigned(id.getMostSignificantBits(), ((UUID) other).getMostSignificantBits());
                yield high != 0 ? high : Long.compareUnsigned(id.getLeastSignificantBits(), ((UUID) other).getLeastSignificantBits());
            }
            case Long number -> number.compareTo((Long) other);
            case LocalDate day -> day.compareTo((LocalDate) other);
            default -> throw new IllegalStateException("no order of " + one.getClass());
        };
    }

    // ---- numbers

    private void value(Sums one) {
        for (int i = 0; i < plan.metrics().size(); i++) {
            one.values[i] = value(plan.metrics().get(i), one, false);
            if (plan.compare()) one.compares[i] = value(plan.metrics().get(i), one, true);
        }
    }

    /// As [Compiler] writes it in SQL.
    private @Nullable BigDecimal value(Metric metric, Sums one, boolean compared) {
        var value = metric.value();
        var kind = kinds.get(metric.id());
        if (kind != null && knowledge.group(kind, Arrays.asList(one.keys), one.holder).known() == 0) return null;
        if (compared && Components.of(List.of(metric)).stream().anyMatch(component -> !Components.factsOf(component).windowed())) return null;
        return switch (value.kind()) {
            case NONE -> null;
            case SUM -> {
                var sum = sum(Objects.requireNonNull(value.of()), one, compared);
                yield compared && plan.divisor() > 1 ? sum.divide(BigDecimal.valueOf(plan.divisor()), 2, RoundingMode.HALF_UP) : sum;
            }
            case DISTINCT -> compared && plan.divisor() > 1 ? null : sum(Objects.requireNonNull(value.of()), one, compared);
            case RATIO -> {
                if ("target.missing".equals(value.numerator()) && part("target.missing", one, compared) == null) yield null;
                yield quotient(sum(Objects.requireNonNull(value.numerator()), one, compared), sum(Objects.requireNonNull(value.denominator()), one, compared), Objects.requireNonNull(value.factor()), Objects.requireNonNull(value.scale()));
            }
            case GROWTH -> {
                if (compared || !plan.compare()) yield null;
                var now = sum(Objects.requireNonNull(value.of()), one, false);
                var then = sum(value.of(), one, true);
                yield quotient(now.multiply(BigDecimal.valueOf(plan.divisor())).subtract(then), then, 100, 2);
            }
            case COUNT_BACK -> {
                var known = part("countback.known", one, compared);
                var days = part("countback.days", one, compared);
                yield known == null || known.signum() <= 0 || days == null ? null : days.setScale(1, RoundingMode.HALF_UP);
            }
        };
    }

    /// What running sums add: quotients in units of their last place.
    private static @Nullable BigDecimal raw(Metric metric, @Nullable BigDecimal value) {
        if (value == null) return null;
        return switch (metric.value().kind()) {
            case RATIO -> value.movePointRight(Objects.requireNonNull(metric.value().scale()));
            case GROWTH -> value.movePointRight(2);
            case COUNT_BACK -> value.movePointRight(1);
            case SUM, DISTINCT, NONE -> value;
        };
    }

    private @Nullable BigDecimal part(String component, Sums one, boolean compared) {
        int at = components.indexOf(component);
        return compared ? one.then[at] : one.now[at];
    }

    private BigDecimal sum(String expression, Sums one, boolean compared) {
        var sum = BigDecimal.ZERO;
        for (var term : Components.terms(expression)) {
            var part = part(term.component(), one, compared);
            if (part != null) sum = term.minus() ? sum.subtract(part) : sum.add(part);
        }
        return sum;
    }

    /// Half away from zero; null unless the divisor is above 0.
    private static @Nullable BigDecimal quotient(BigDecimal above, BigDecimal below, int factor, int scale) {
        if (below.signum() <= 0) return null;
        int places = Math.max(above.scale(), below.scale());
        var n = above.setScale(places).unscaledValue();
        var d = below.setScale(places).unscaledValue();
        var whole = n.abs().multiply(BigInteger.valueOf(2L * factor).multiply(BigInteger.TEN.pow(scale))).add(d).divide(d.shiftLeft(1));
        return new BigDecimal(n.signum() < 0 ? whole.negate() : whole, scale);
    }
}
