package io.offtake.insight.store;

import io.offtake.insight.Dimension;
import io.offtake.insight.Metric;
import io.offtake.insight.domain.DateSpan;
import io.offtake.insight.domain.FactKind;
import io.offtake.insight.domain.Knowledge;
import io.offtake.insight.domain.Plan;
import io.offtake.insight.store.Components.Facts;
import io.offtake.insight.store.Components.Reach;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Turns a plan into SQL of an engine. Every subquery on facts carries the distributors of the plan, and the principals where
/// it is confined to some: there is no path to other rows, whatever is asked (INV-10).
///
/// Facts of each kind are grouped by themselves (`u`), laid over one another (`g`), and the metrics are computed from the
/// sums, so that a ratio is always the ratio of the sums. Facts that lack a dimension asked by are grouped by the others (`b`)
/// and stand beside every key of it.
final class Compiler {
    /// Which facts a statement answers for.
    enum Level {
        /// Each combination of keys.
        ROWS,
        /// All facts together.
        TOTAL,
        /// The facts that lack a key, together.
        NOT_ALLOCATED
    }

    private enum Shape { MONTH, DOCUMENT, DAILY, LINE }

    private static final Set<String> GOODS = Set.of("category", "brand", "sku");
    /// Sums by distributor and day are split by these.
    private static final Set<String> DAYWISE = Set.of("region", "territory", "distributor", "tier", "super-stockist", "principal", "source", "month", "week", "day");
    /// Outlets and ranges by month are split by these.
    private static final Set<String> PLACEWISE = Set.of("region", "territory", "distributor", "tier", "super-stockist", "beat", "outlet", "channel", "class", "principal", "source", "month");
    /// The buckets of the dimensions that are made of them, in their order.
    static final Map<String, List<String>> BUCKETS = Map.of(
            "ageing-bucket", List.of("not-due", "1-7", "8-15", "16-30", "31-60", "61-90", "91-180", "over-180"),
            "shelf-life", List.of("expired", "0-30", "31-60", "61-90", "91-180", "over-180", "undated"));
    private static final Set<String> MONTHLY = Set.of("region", "territory", "distributor", "tier", "super-stockist", "category", "brand", "sku", "principal", "month", "source");
    private static final int COVER_DAYS = 90;
    private static final int NEW_DAYS = 30;
    private static final int REPEAT_DAYS = 60;
    private static final String OUTLET_OF_RANGE = "f.distributor_id, f.outlet_id";

    private final Plan plan;
    private final Knowledge knowledge;
    private final Dialect dialect;
    private final List<String> components;
    private final Shape shape;
    private final boolean goods;
    private final boolean labelled;
    private final boolean documents;
    private final boolean everyone;
    private final boolean covered;
    private final boolean ranges;
    private final @Nullable Facts counting;
    private final Set<Facts> carried;

    /// @param everyone whether the store holds no distributor that is not in the plan, so that they need not be named
    Compiler(Plan plan, Knowledge knowledge, Dialect dialect, boolean everyone) {
        this(plan, knowledge, dialect, everyone, false, false);
    }

    /// @param covered whether the store keeps the stock cover of today
    /// @param ranges  whether ranges by month hold what was billed, which they do unless something was billed less than nothing
    Compiler(Plan plan, Knowledge knowledge, Dialect dialect, boolean everyone, boolean covered, boolean ranges) {
        this.plan = plan;
        this.knowledge = knowledge;
        this.dialect = dialect;
        this.covered = covered;
        this.ranges = ranges;
        this.everyone = everyone && plan.network() && plan.zones().size() == 1;
        this.components = Components.of(plan.metrics());
        var used = plan.used();
        this.goods = used.stream().anyMatch(GOODS::contains) || "sku".equals(plan.likeForLike());
        this.documents = plan.by("invoice");
        this.labelled = documents || plan.by("beat") || plan.by("outlet");
        if (goods && (used.contains("invoice") || components.contains("sales.bills"))) this.shape = Shape.LINE;
        else if (monthly(used)) this.shape = Shape.MONTH;
        else this.shape = goods ? Shape.DAILY : Shape.DOCUMENT;
        this.counting = counting();
        this.carried = carriedBy(counting);
    }

    private boolean monthly(Set<String> all) {
        var used = new HashSet<>(all);
        used.retainAll(Facts.SALES.dimensions);
        if (!MONTHLY.containsAll(used) || plan.likeForLike() != null) return false;
        var compared = plan.compared();
        if (compared != null && used.contains("month") && !compared.shift().endsWith("months")) return false;
        return components.stream().filter(one -> Components.factsOf(one) == Facts.SALES).allMatch(Components.MONTHLY::contains);
    }

    /// Whether the columnar store holds what the plan needs: it keeps no lines of documents, and no states that only bills move.
    static boolean columnar(Plan plan) {
        var compiler = new Compiler(plan, Knowledge.whole(plan), Dialect.COLUMNAR, false);
        return compiler.shape != Shape.LINE && !plan.used().contains("invoice") && compiler.components.stream().allMatch(one -> Components.factsOf(one).columnar());
    }

    /// Whether a plan reads sales by outlet, SKU and day.
    static boolean byOutletAndGoods(Plan plan) {
        var compiler = new Compiler(plan, Knowledge.whole(plan), Dialect.COLUMNAR, false);
        return compiler.shape == Shape.DAILY && compiler.components.stream().anyMatch(one -> Components.factsOf(one) == Facts.SALES);
    }

    Knowledge knowledge() {
        return knowledge;
    }

    boolean columnar() {
        return dialect == Dialect.COLUMNAR;
    }

    List<String> components() {
        return components;
    }

    boolean labelled() {
        return labelled;
    }

    boolean documents() {
        return documents;
    }

    /// Whether facts may lack a key on a dimension asked by.
    boolean mayLackKeys() {
        return plan.dimensions().stream().anyMatch(Dimension::nullable);
    }

    /// Whether the totals are the sums of the rows' parts, so that one statement answers for all levels: every part is a sum over
    /// facts that have all dimensions asked by.
    boolean together() {
        if (plan.dimensions().isEmpty()) return false;
        for (var component : components) {
            var facts = Components.factsOf(component);
            if (facts == Facts.COUNTBACK || facts == Facts.TARGET || entity(facts) != null && !parting(facts) || !Components.sums(component, shape == Shape.LINE)) return false;
            if (!plan.dimensions().stream().allMatch(one -> facts.dimensions.contains(one.id()))) return false;
        }
        return !components.isEmpty();
    }

    /// Whether each thing counted belongs to one group, so that the counts add up: a stop has one outlet and day, and with them one
    /// beat, channel and class; an outlet and what it bought have one distributor.
    private boolean parting(Facts facts) {
        var by = switch (facts) {
            case STOPS -> Set.of("region", "territory", "distributor", "tier", "super-stockist", "outlet", "beat", "channel", "class", "month", "week", "day");
            case REACH, SCHEMED, VISITED -> Set.of("region", "territory", "distributor", "tier", "super-stockist", "outlet");
            case RANGE, MSL -> Set.of("region", "territory", "distributor", "tier", "super-stockist", "outlet", "sku", "category", "brand");
            default -> Set.<String>of();
        };
        return !by.isEmpty() && plan.dimensions().stream().allMatch(one -> by.contains(one.id()));
    }

    /// Rows with level 0, the totals with 1, what lacks a key with 2, in any order. Columns as in [#statement], and `level`, `pos`
    /// (the place of a row).
    Sql together(boolean totals) {
        var sql = facts(Level.ROWS, "g");
        var columns = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) columns.add("cast(null as " + type(plan.dimensions().get(i)) + ") as k" + i);
        if (labelled) columns.add("cast(null as bigint) as h");
        if (documents) columns.add("cast(null as varchar) as n, cast(null as varchar) as dk");
        var parts = summed(false, List.of(), false);
        sql.add(", a as (\n  select 0 as level, g.* from g\n union all select 1, " + String.join(", ", columns) + ", " + String.join(", ", parts) + " from g");
        var lacking = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) if (plan.dimensions().get(i).nullable()) lacking.add("g.k" + i + " is null");
        if (totals && !lacking.isEmpty()) sql.add("\n union all select 2, " + String.join(", ", columns) + ", " + String.join(", ", parts) + " from g where " + String.join(" or ", lacking));
        sql.add("\n), m as (\n  select g.*");
        values(sql, true);
        sql.add("\n    from a g\n)\n(");
        sql = rows(sql, true);
        sql.add(")\nunion all\n(select m.*");
        for (int i = 0; i < plan.dimensions().size(); i++) {
            var dimension = plan.dimensions().get(i);
            sql.add(", cast(null as varchar), cast(null as " + (Dialect.internal(dimension) ? "uuid" : type(dimension)) + ")");
        }
        for (int i = 0; i < plan.metrics().size(); i++) {
            if (plan.extras().contains("running-share")) sql.add(", null::" + dialect.number());
            if (plan.extras().contains("rank")) sql.add(", null::bigint");
        }
        return sql.add(", 0::bigint, 0::bigint from m where m.level > 0)");
    }

    /// What makes the statement of the totals: where every part is the same sum or count whatever it is asked by, the one of the question
    /// that is asked by nothing, which months may answer though its rows need days.
    Compiler ofTotal() {
        if (!columnar() || plan.dimensions().isEmpty()) return this;
        for (var component : components) {
            var facts = Components.factsOf(component);
            if (facts != Facts.RANGE && facts != Facts.MSL && !Components.MONTHLY.contains(component)) return this;
        }
        return new Compiler(plan.whole(), knowledge.ofTotal(), dialect, everyone, covered, ranges);
    }

    /// The statement of one level. Columns: k0…, l0… (labels), h, n, dk (where documents or labels need them), c0…, d0…
    /// (compared), v0…, w0… (compared; quotients are whole, in units of their last place), r0… (running sums), all_rows.
    Sql statement(Level level) {
        boolean keyed = level == Level.ROWS;
        var sql = facts(level, "");
        sql.add(", m as (\n  select g.*");
        values(sql, keyed ? Boolean.FALSE : null);
        sql.add("\n    from " + from + " g\n)\n");
        if (!keyed) return sql.add("select m.*, 1::bigint as all_rows from m");
        return rows(sql, false);
    }

    /// Dimensions whose keys name themselves, and about how many there are.
    private static final Map<String, Integer> SMALL = Map.of("tier", 3, "channel", 8, "class", 5, "reason", 10, "source", 2, "ageing-bucket", 8, "shelf-life", 7);
    private static final int FEW = 12_000;

    /// Whether there are few groups, so that the sums are all that the store need be asked for, and the rest is [Finish]'s.
    boolean few(Finish.Names names) {
        if (!columnar() || documents) return false;
        long groups = 1;
        for (var dimension : plan.dimensions()) {
            var small = SMALL.get(dimension.id());
            groups *= small != null ? small : switch (dimension.id()) {
                case "region" -> Math.min(names.size("region"), 10);
                case "territory", "distributor" -> plan.places().size();
                case "super-stockist" -> Math.max(1, plan.places().size() / 5);
                case "beat" -> 8L * plan.places().size();
                case "principal", "category", "brand", "scheme" -> names.size(dimension.id());
                case "sku" -> skus(names);
                case "month", "week", "day" -> plan.window() == null ? FEW + 1 : 2 + ChronoUnit.DAYS.between(plan.window().span().from(), plan.window().span().to()) / (dimension.id().equals("month") ? 28 : dimension.id().equals("week") ? 7 : 1);
                default -> FEW + 1;
            };
            groups = Math.max(groups, 1);
            if (groups > FEW) return false;
        }
        return true;
    }

    private long skus(Finish.Names names) {
        long all = names.size("sku");
        for (var filter : plan.filters()) {
            if (filter.dimension().id().equals("sku")) all = Math.min(all, filter.keys().size());
            else if (filter.dimension().id().equals("category") || filter.dimension().id().equals("brand")) all = Math.min(all, 1 + filter.keys().size() * 2L * all / Math.max(1, names.size(filter.dimension().id())));
        }
        return all;
    }

    /// The sums of a level and nothing more: k0…, c0…, d0…; beats with their ids outside and their names as x0… and l0….
    Sql sums(Level level) {
        var sql = facts(level, "");
        var columns = new StringBuilder();
        var joins = new StringBuilder();
        for (int i = 0; i < plan.dimensions().size() && level == Level.ROWS; i++) {
            if (!Dialect.internal(plan.dimensions().get(i))) continue;
            columns.append(", t").append(i).append(".uid as x").append(i).append(", t").append(i).append(".name as l").append(i);
            joins.append(" left join network.").append(plan.dimensions().get(i).id()).append(" t").append(i).append(" on t").append(i).append(".id = g.k").append(i);
        }
        return sql.add("\nselect g.*" + columns + " from " + from + " g" + joins);
    }

    /// Whether facts stand beside every key that they lack.
    boolean beside() {
        return from.equals("gb");
    }

    /// Where the last statement keeps its sums.
    private String from = "g";

    /// The parts of a level, by key: `g`, or `gb` where facts stand beside.
    private Sql facts(Level level, String kept) {
        boolean keyed = level == Level.ROWS;
        var spread = new ArrayList<Sql>();
        var beside = new ArrayList<Sql>();
        var lacking = new LinkedHashSet<Integer>();
        for (var facts : Facts.values()) {
            if (components.stream().noneMatch(component -> Components.factsOf(component) == facts) || carried.contains(facts)) continue;
            boolean whole = keyed && plan.dimensions().stream().anyMatch(one -> !facts.dimensions.contains(one.id())) && !plan.dimensions().isEmpty() && anySpread();
            if (whole) for (int i = 0; i < plan.dimensions().size(); i++) if (!facts.dimensions.contains(plan.dimensions().get(i).id())) lacking.add(i);
            var into = whole ? beside : spread;
            boolean merged = facts.reach == Reach.WINDOW || facts == Facts.COUNTBACK || facts == Facts.TARGET;
            var zones = merged && !(facts == Facts.SALES && shape == Shape.MONTH) ? List.of(plan.zones()) : plan.zones().stream().map(List::of).toList();
            for (var some : zones) {
                into.add(source(facts, false, level, some));
                if (facts.windowed() && plan.compare()) into.add(source(facts, true, level, some));
            }
        }
        if (spread.isEmpty()) spread.add(nothing(keyed));
        from = "g";
        // one kind of facts is grouped as it should be already
        if (spread.size() == 1 && beside.isEmpty()) return new Sql().add("with g as " + (kept.isEmpty() ? "" : "materialized ") + "(\n").add(spread.getFirst()).add("\n)");
        var sql = new Sql().add("with u as (\n").add(Sql.join(spread, "\nunion all\n")).add("\n)");
        if (!beside.isEmpty()) sql.add(", bu as (\n").add(Sql.join(beside, "\nunion all\n")).add("\n)");
        sql.add(", g as " + (kept.isEmpty() ? "" : "materialized ") + "(\n  select " + String.join(", ", summed(keyed, List.of(), true)) + " from u");
        if (keyed && !plan.dimensions().isEmpty()) sql.add(" group by " + keyList(List.of()));
        sql.add("\n)");
        if (!beside.isEmpty()) {
            sql.add(", b as (\n  select " + String.join(", ", summed(true, lacking, false)) + " from bu");
            var left = keyList(lacking);
            if (!left.isEmpty()) sql.add(" group by " + left);
            sql.add("\n), gb as (\n  select " + String.join(", ", beside(lacking)) + "\n    from g left join b on " + joined(lacking) + "\n)");
            from = "gb";
        }
        return sql;
    }

    /// @param levels whether totals stand among the rows; null if there are no keys
    private void values(Sql sql, @Nullable Boolean levels) {
        for (int i = 0; i < plan.metrics().size(); i++) {
            var metric = plan.metrics().get(i);
            var kind = knowledge.kind(metric);
            var known = kind == null ? "" : known(kind, levels);
            sql.add(", " + known(known, value(metric, false)) + " as v" + i);
            if (plan.compare()) sql.add(", " + known(known, value(metric, true)) + " as w" + i);
        }
    }

    /// A value where it is known.
    private String known(String where, String value) {
        return where.isEmpty() ? value : where.equals("false") ? "null::" + dialect.number() : "case when " + where + " then " + value + " end";
    }

    /// Which groups facts of a kind are known of; empty for all.
    private String known(FactKind kind, @Nullable Boolean levels) {
        if (!knowledge.open(kind)) return "";
        if (knowledge.none(kind)) return "false";
        if (levels == null) return "";
        var dimensions = knowledge.dimensions(kind);
        String where;
        if (labelled && (plan.by("outlet") || plan.by("beat"))) where = "(g.h is null or g.h in (" + list(knowledge.distributors(kind)) + "))";
        else if (dimensions.isEmpty()) return "";
        else {
            var any = new ArrayList<String>();
            for (var key : knowledge.keys(kind)) {
                var all = new ArrayList<String>();
                for (int i = 0; i < key.size(); i++) all.add("g.k" + dimensions.get(i) + (key.get(i) == null ? " is null" : " = " + (key.get(i) instanceof Number ? key.get(i) : "'" + String.valueOf(key.get(i)).replace("'", "''") + "'")));
                any.add(all.size() == 1 ? all.getFirst() : "(" + String.join(" and ", all) + ")");
            }
            var single = dimensions.size() == 1 && knowledge.keys(kind).stream().allMatch(key -> key.getFirst() instanceof Number);
            where = any.isEmpty() ? "false" : single ? "g.k" + dimensions.getFirst() + " in (" + String.join(", ", knowledge.keys(kind).stream().map(key -> String.valueOf(key.getFirst())).toList()) + ")" : "(" + String.join(" or ", any) + ")";
        }
        return levels ? "(g.level > 0 or " + where + ")" : where;
    }

    private static String list(long[] ids) {
        return java.util.Arrays.stream(ids).mapToObj(Long::toString).collect(java.util.stream.Collectors.joining(", "));
    }

    /// Whether facts must be kept to the distributors that their kind is known of.
    private boolean kept(Facts facts) {
        var kind = facts.kind();
        return facts.mixed() && kind != null && !knowledge.all(kind);
    }

    /// A part of the rows of facts.
    private String part(String component, boolean lines) {
        var sql = Components.sql(component, lines);
        if (!component.equals(Components.FED) || knowledge.all(FactKind.PRIMARY)) return sql;
        return sql + " filter (where " + (knowledge.none(FactKind.PRIMARY) ? "false" : "f.distributor_id in (" + list(knowledge.distributors(FactKind.PRIMARY)) + ")") + ")";
    }

    private Sql rows(Sql before, boolean level) {
        var sql = Sql.of("select m.*");
        var joins = new StringBuilder();
        for (int i = 0; i < plan.dimensions().size(); i++) {
            var dimension = plan.dimensions().get(i);
            sql.add(", " + label(dimension, i, joins) + " as l" + i + ", " + dialect.outKey(dimension, i) + " as x" + i);
        }
        var order = order();
        var present = new ArrayList<String>();
        if (level) present.add("m.level = 0");
        for (int i = 0; i < plan.dimensions().size(); i++) {
            if (plan.dimensions().get(i).nullable()) present.add("m.k" + i + " is not null");
        }
        var where = present.isEmpty() ? "" : "\n where " + String.join(" and ", present);
        // a page of many groups is found without numbering them all
        boolean paged = columnar() && !plan.extras().contains("running-share") && !plan.extras().contains("rank");
        if (paged) {
            sql.add("\n  from m" + joins + where + "\n order by " + order + "\n limit ? offset ?", plan.limit(), plan.offset());
            var outer = order.replaceAll("\\bm\\.", "z.").replaceAll("\\bt(\\d+)\\.(?:name|code)\\b", "z.l$1").replaceAll("\\bt(\\d+)\\.uid\\b", "z.x$1");
            return before.add("select z.*, (select count(*) from m" + where + ") as all_rows" + (level ? ", row_number() over (order by " + outer + ") as pos" : "") + "\n  from (").add(sql).add(") z\n order by " + outer);
        }
        for (int i = 0; i < plan.metrics().size(); i++) {
            if (plan.extras().contains("running-share")) sql.add(", sum(m.v" + i + ") over (order by " + order + " rows between unbounded preceding and current row) as r" + i);
            if (plan.extras().contains("rank")) sql.add(", rank() over (order by m.v" + i + " desc nulls last) as p" + i);
        }
        sql.add(", count(*) over () as all_rows" + (level ? ", row_number() over (order by " + order + ") as pos" : "") + "\n  from m" + joins + where);
        return before.add(sql).add("\n order by " + order).add("\n limit ? offset ?", plan.limit(), plan.offset());
    }

    /// Facts whose parts are summed where things of the same rows are counted, so that the rows are read once. What sums of days
    /// answer for needs no rows.
    private Set<Facts> carriedBy(@Nullable Facts counting) {
        if (counting == null) return Set.of();
        var all = EnumSet.noneOf(Facts.class);
        for (var facts : List.of(Facts.SALES, Facts.DAYS, Facts.DOCS)) {
            if (!summed(facts) && components.stream().anyMatch(one -> Components.factsOf(one) == facts) && rows(facts).equals(rows(counting)) && Set.of(facts, counting).stream().allMatch(one -> one.dimensions.containsAll(plan.used()))) all.add(facts);
        }
        return all;
    }

    /// Things that are counted of rows which other parts are summed of.
    private @Nullable Facts counting() {
        for (var facts : List.of(Facts.RANGE, Facts.STOPS, Facts.REACH, Facts.BILLED, Facts.OUTLETS, Facts.ORDERERS)) {
            if (kept(facts)) continue;
            if (components.stream().anyMatch(one -> Components.factsOf(one) == facts) && !carriedBy(facts).isEmpty()) return facts;
        }
        return null;
    }

    /// Which rows facts are made of.
    private String rows(Facts facts) {
        return switch (facts) {
            case SALES -> shape == Shape.DAILY || shape == Shape.DOCUMENT ? shape.name() : facts.name();
            case DAYS, RANGE -> Shape.DAILY.name();
            case DOCS -> Shape.DOCUMENT.name();
            case OUTLETS, ORDERERS, BILLED, REACH, STOPS -> goods ? Shape.DAILY.name() : Shape.DOCUMENT.name();
            default -> facts.name();
        };
    }

    /// What a plan uses of facts.
    private Set<String> used(Facts facts) {
        var used = new HashSet<>(plan.used());
        used.retainAll(facts.dimensions);
        return used;
    }

    /// Whether sums that the columnar store keeps stand for the rows of facts, whatever the span: by distributor and day
    /// (sales, bills, lines and orders), or by SKU and month (prices).
    private boolean summed(Facts facts) {
        if (dialect != Dialect.COLUMNAR || plan.likeForLike() != null) return false;
        return switch (facts) {
            case SALES -> shape == Shape.DOCUMENT && DAYWISE.containsAll(used(facts));
            case DOCS -> DAYWISE.containsAll(used(facts));
            case DAYS -> !goods && DAYWISE.containsAll(used(facts)) || bySku();
            case ORDER -> !goods && DAYWISE.containsAll(used(facts));
            default -> false;
        };
    }

    /// Lines at their price, which the months of SKUs keep; lines sold are counted by day.
    private boolean bySku() {
        return goods && MONTHLY.containsAll(used(Facts.DAYS)) && monthsCompare() && !components.contains("days.tlsd");
    }

    /// Whether outlets and ranges are counted from what they bought by month; the days before and after whole months are added. Where
    /// other parts are summed of the same rows, the rows are read for both.
    private boolean monthly(Facts facts) {
        if (dialect != Dialect.COLUMNAR || plan.likeForLike() != null || facts == counting || !monthsCompare() || !PLACEWISE.containsAll(used(facts).stream().filter(one -> !GOODS.contains(one)).toList())) return false;
        return switch (facts) {
            case OUTLETS, ORDERERS, BILLED, REACH -> !goods;
            case RANGE, MSL -> ranges && !plan.used().contains("sku");
            default -> false;
        };
    }

    /// Months of the compared window have counterparts in the one asked for.
    private boolean monthsCompare() {
        var compared = plan.compared();
        return compared == null || !plan.used().contains("month") || compared.shift().endsWith("months");
    }

    /// Whether some facts of the plan are split by all its dimensions.
    private boolean anySpread() {
        return components.stream().map(Components::factsOf).anyMatch(facts -> plan.dimensions().stream().allMatch(one -> facts.dimensions.contains(one.id())));
    }

    private Sql nothing(boolean keyed) {
        var select = new ArrayList<String>();
        if (keyed) {
            for (int i = 0; i < plan.dimensions().size(); i++) {
                select.add("cast(null as " + switch (plan.dimensions().get(i).type()) {
                    case NUMBER -> "bigint";
                    case UUID -> "uuid";
                    case TEXT -> "varchar";
                    case DATE -> "date";
                } + ") as k" + i);
            }
            if (labelled) select.add("cast(null as bigint) as h");
            if (documents) select.add("cast(null as varchar) as n, cast(null as varchar) as dk");
        }
        for (int i = 0; i < components.size(); i++) {
            select.add("null::" + dialect.number() + " as c" + i);
            if (plan.compare()) select.add("null::" + dialect.number() + " as d" + i);
        }
        if (select.isEmpty()) select.add("1 as one");
        var sql = Sql.of("  select " + String.join(", ", select));
        return keyed && !plan.dimensions().isEmpty() ? sql.add(" where false") : sql;
    }

    private List<String> summed(boolean keyed, Iterable<Integer> lacking, boolean labels) {
        var columns = new ArrayList<String>();
        var without = new LinkedHashSet<Integer>();
        lacking.forEach(without::add);
        if (keyed) for (int i = 0; i < plan.dimensions().size(); i++) if (!without.contains(i)) columns.add("k" + i);
        if (keyed && labels && labelled) columns.add("max(h) as h");
        if (keyed && labels && documents) columns.add("max(n) as n, max(dk) as dk");
        for (int i = 0; i < components.size(); i++) {
            columns.add("sum(c" + i + ") as c" + i);
            if (plan.compare()) columns.add("sum(d" + i + ") as d" + i);
        }
        if (columns.isEmpty()) columns.add("1 as one");
        return columns;
    }

    private List<String> beside(Set<Integer> lacking) {
        var columns = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) columns.add("g.k" + i);
        if (labelled) columns.add("g.h");
        if (documents) columns.add("g.n, g.dk");
        for (int i = 0; i < components.size(); i++) {
            var facts = Components.factsOf(components.get(i));
            var from = plan.dimensions().stream().anyMatch(one -> !facts.dimensions.contains(one.id())) ? "b" : "g";
            columns.add(from + ".c" + i);
            if (plan.compare()) columns.add(from + ".d" + i);
        }
        return columns;
    }

    private String joined(Set<Integer> lacking) {
        var on = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) {
            if (lacking.contains(i)) continue;
            on.add(plan.dimensions().get(i).nullable() ? "g.k" + i + " is not distinct from b.k" + i : "g.k" + i + " = b.k" + i);
        }
        return on.isEmpty() ? "true" : String.join(" and ", on);
    }

    private String keyList(Iterable<Integer> lacking) {
        var without = new LinkedHashSet<Integer>();
        lacking.forEach(without::add);
        var keys = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) if (!without.contains(i)) keys.add("k" + i);
        return String.join(", ", keys);
    }

    private String order() {
        var terms = new ArrayList<String>();
        for (var ordering : plan.order()) {
            String by;
            if (ordering.metric() != null) by = "m." + (ordering.compare() ? "w" : "v") + plan.metrics().indexOf(ordering.metric());
            else {
                var dimension = Objects.requireNonNull(ordering.dimension());
                int at = plan.dimensions().indexOf(dimension);
                by = BUCKETS.containsKey(dimension.id()) ? bucketOrder(BUCKETS.get(dimension.id()), "m.k" + at)
                        : dimension.type() == Dimension.Type.DATE || dimension.type() == Dimension.Type.TEXT ? "m.k" + at : labelOf(dimension, at);
            }
            terms.add(by + (ordering.descending() ? " desc" : "") + " nulls last");
        }
        for (int i = 0; i < plan.dimensions().size(); i++) terms.add(dialect.outKey(plan.dimensions().get(i), i) + " nulls last");
        return plan.dimensions().isEmpty() ? "1" : String.join(", ", terms);
    }

    private static String bucketOrder(List<String> buckets, String key) {
        var sql = new StringBuilder("case " + key);
        for (int i = 0; i < buckets.size(); i++) sql.append(" when '").append(buckets.get(i)).append("' then ").append(i);
        return sql.append(" end").toString();
    }

    /// A number of a metric from the sums; quotients in units of their last place, so that both engines round alike.
    private String value(Metric metric, boolean compared) {
        var value = metric.value();
        var none = "null::" + dialect.number();
        if (compared && Components.of(List.of(metric)).stream().anyMatch(one -> !Components.factsOf(one).windowed())) return none;
        return switch (value.kind()) {
            case NONE -> none;
            case SUM -> {
                var sum = sum(Objects.requireNonNull(value.of()), compared);
                yield compared && plan.divisor() > 1 ? "round((" + sum + ") / " + plan.divisor() + ", 2)::" + dialect.number() : "(" + sum + ")::" + dialect.number();
            }
            case DISTINCT -> compared && plan.divisor() > 1 ? none : "(" + sum(Objects.requireNonNull(value.of()), compared) + ")::" + dialect.number();
            case RATIO -> quotient(sum(Objects.requireNonNull(value.numerator()), compared), sum(Objects.requireNonNull(value.denominator()), compared), Objects.requireNonNull(value.factor()), Objects.requireNonNull(value.scale()),
                    value.numerator().equals("target.missing") ? column("target.missing", compared) + " is not null and " : "");
            case GROWTH -> {
                if (compared) yield none;
                var now = sum(Objects.requireNonNull(value.of()), false);
                var then = sum(value.of(), true);
                yield plan.compare() ? quotient("(" + now + ") * " + plan.divisor() + " - (" + then + ")", then, 100, 2, "") : none;
            }
            case COUNT_BACK -> "case when " + column("countback.known", compared) + " > 0 then round(" + column("countback.days", compared) + " * 10)::" + dialect.number() + " end";
        };
    }

    private String column(String component, boolean compared) {
        return (compared ? "g.d" : "g.c") + components.indexOf(component);
    }

    private String sum(String expression, boolean compared) {
        var sql = new StringBuilder();
        for (var term : Components.terms(expression)) {
            if (!sql.isEmpty() || term.minus()) sql.append(term.minus() ? " - " : " + ");
            sql.append("coalesce(").append(column(term.component(), compared)).append(", 0)");
        }
        return sql.toString();
    }

    /// Half away from zero; null unless the divisor is above 0.
    private String quotient(String above, String below, int factor, int scale, String unless) {
        var n = dialect.whole(above);
        var d = dialect.whole(below);
        long times = 2L * factor;
        for (int i = 0; i < scale; i++) times *= 10;
        return "case when " + unless + "(" + below + ") > 0 then sign(" + above + ") * " + dialect.quotient("abs(" + n + ") * " + times + " + " + d, "2 * " + d) + " end";
    }

    private String labelOf(Dimension dimension, int i) {
        return switch (dimension.id()) {
            case "scheme" -> "t" + i + ".code";
            case "invoice" -> "m.n";
            case "region", "territory", "distributor", "super-stockist", "principal", "category", "brand", "sku", "beat", "outlet" -> "t" + i + ".name";
            default -> "null";
        };
    }

    private String label(Dimension dimension, int i, StringBuilder joins) {
        var table = "t" + i;
        switch (dimension.id()) {
            case "region", "territory" -> reference(joins, "network.territory", table, i);
            case "distributor", "super-stockist" -> reference(joins, "network.distributor", table, i);
            case "scheme" -> reference(joins, "schemes.scheme", table, i);
            case "principal" -> reference(joins, "network.principal", table, i);
            case "category" -> reference(joins, "catalog.category", table, i);
            case "brand" -> reference(joins, "catalog.brand", table, i);
            case "sku" -> reference(joins, "catalog.sku", table, i);
            case "beat", "outlet" -> joins.append("\n  left join network.").append(dimension.id()).append(' ').append(table).append(" on ").append(table).append(".distributor_id = m.h and ")
                    .append(table).append(".id = m.k").append(i);
            default -> { }
        }
        var label = labelOf(dimension, i);
        return label.equals("null") ? "cast(null as varchar)" : label;
    }

    private static void reference(StringBuilder joins, String of, String table, int i) {
        joins.append("\n  left join ").append(of).append(' ').append(table).append(" on ").append(table).append(".id = m.k").append(i);
    }

    // ---- one kind of facts, in the window or in the one compared with

    private Sql source(Facts facts, boolean compared, Level level, List<Plan.Zone> zones) {
        if (facts == Facts.COUNTBACK) return countBack(compared, level, zones);
        var joins = new LinkedHashSet<String>();
        var where = new ArrayList<Sql>();
        boolean confined = facts == Facts.SALES && shape == Shape.MONTH || facts == Facts.DAYS && bySku() && summed(facts) || monthly(facts);
        if (!confined) where.add(reach(facts, "f", compared, zones));
        if (plan.principals() != null && facts.walled()) where.add(dialect.among("f.principal_id", principals()));
        for (var filter : plan.filters()) {
            // weights are confined to the SKUs inside, where an outlet that bought two of them still counts once
            boolean inside = (facts == Facts.WEIGHT || facts == Facts.WEIGHTS) && filter.dimension().id().equals("sku") && !plan.by("sku");
            if (!inside && facts.dimensions.contains(filter.dimension().id())) where.add(filter(filter, facts, compared, joins));
        }
        if (kept(facts)) where.add(dialect.among("f.distributor_id", knowledge.distributors(Objects.requireNonNull(facts.kind()))));
        if (plan.likeForLike() != null && facts.reach == Reach.WINDOW) where.add(inBoth(plan.likeForLike(), facts));
        if (facts == Facts.MSL && !monthly(facts)) {
            joins.add(SKU);
            where.add(Sql.of("s.must_stock"));
        }
        if (facts == Facts.SCHEME || facts == Facts.SCHEMED || facts == Facts.RETURN || facts == Facts.NOTE) where.add(Sql.of("not f.cancelled"));
        var keys = new ArrayList<@Nullable String>();
        var lacking = new ArrayList<Sql>();
        for (var dimension : plan.dimensions()) {
            var key = facts.dimensions.contains(dimension.id()) ? key(dimension, facts, compared, joins) : null;
            keys.add(key);
            if (dimension.nullable() && key != null) lacking.add(Sql.of(key + " is null"));
        }
        if (level == Level.NOT_ALLOCATED) where.add(lacking.isEmpty() ? Sql.of("false") : Sql.of("(").add(Sql.join(lacking, " or ")).add(")"));
        if (facts == Facts.RECEIVABLE && plan.used().contains("ageing-bucket")) where.add(Sql.of(Components.DEBIT));
        if (where.isEmpty()) where.add(Sql.of("true"));

        boolean keyed = level == Level.ROWS;
        var select = new ArrayList<String>();
        var group = new ArrayList<String>();
        if (keyed) {
            for (int i = 0; i < keys.size(); i++) {
                var key = keys.get(i);
                if (key == null) continue;
                select.add(key + " as k" + i);
                group.add(Integer.toString(select.size()));
            }
            boolean whole = keys.stream().anyMatch(Objects::isNull) && anySpread();
            for (int i = 0; i < keys.size() && !whole; i++) {
                if (keys.get(i) == null) select.add("cast(null as " + type(plan.dimensions().get(i)) + ") as k" + i);
            }
            if (labelled && !whole) {
                select.add((facts.dimensions.contains("outlet") ? "f.distributor_id" : "cast(null as bigint)") + " as h");
                if (facts.dimensions.contains("outlet")) group.add(Integer.toString(select.size()));
            }
            if (documents && !whole) select.add(facts.dimensions.contains("invoice") ? "max(f.number) as n, max(" + kind(facts) + ") as dk" : "cast(null as varchar) as n, cast(null as varchar) as dk");
        }
        if ((facts == Facts.RANGE || facts == Facts.MSL) && monthly(facts)) return ranges(facts, select, group, joins, where, compared, zones);
        var entity = entity(facts);
        if (facts == counting) return counted(Objects.requireNonNull(entity), facts, select, group, joins, where, compared, zones, carried);
        if (entity != null) return counted(entity, facts, select, group, joins, where, compared, zones, Set.of());
        var all = new ArrayList<>(select);
        addComponents(all, facts, compared);
        var order = ordered(all, keyed);
        var sql = new Sql().add("  select " + String.join(", ", order.columns) + "\n    from ").add(from(facts, compared, zones)).add(String.join("", joins))
                .add("\n   where ").add(Sql.join(where, "\n     and "));
        var by = order.positions(group, all);
        if (!by.isEmpty()) sql.add("\n   group by " + String.join(", ", by));
        return sql;
    }

    private String type(Dimension dimension) {
        return switch (dimension.type()) {
            case NUMBER -> "bigint";
            case UUID -> dialect == Dialect.COLUMNAR && Dialect.internal(dimension) ? "integer" : "uuid";
            case TEXT -> "varchar";
            case DATE -> "date";
        };
    }

    private static String kind(Facts facts) {
        return facts == Facts.RETURN ? "'CREDIT_NOTE'" : "f.kind";
    }

    /// Columns in the order that all sources share: k0, k1 …, h, n, dk, parts.
    private record Ordered(List<String> columns) {
        List<String> positions(List<String> group, List<String> before) {
            return group.stream().map(at -> Integer.toString(columns.indexOf(before.get(Integer.parseInt(at) - 1)) + 1)).toList();
        }
    }

    private Ordered ordered(List<String> columns, boolean keyed) {
        if (!keyed) return new Ordered(columns);
        var order = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) {
            var suffix = " as k" + i;
            columns.stream().filter(column -> column.endsWith(suffix)).findFirst().ifPresent(order::add);
        }
        for (var column : columns) if (!order.contains(column)) order.add(column);
        return new Ordered(order);
    }

    private void addComponents(List<String> select, Facts facts, boolean compared) {
        for (int i = 0; i < components.size(); i++) {
            var component = components.get(i);
            boolean here = Components.factsOf(component) == facts;
            var sql = here ? "(" + (summed(facts) && !component.equals(Components.FED) ? Components.summed(component) : part(component, shape == Shape.LINE)) + ")::" + dialect.number() : "null::" + dialect.number();
            select.add((compared ? "null::" + dialect.number() : sql) + " as c" + i);
            if (plan.compare()) select.add((compared ? sql : "null::" + dialect.number()) + " as d" + i);
        }
    }

    private void addCounted(List<String> select, Facts facts, Set<Facts> along, boolean compared) {
        var none = "null::" + dialect.number();
        for (int i = 0; i < components.size(); i++) {
            var of = Components.factsOf(components.get(i));
            var sql = of == facts ? "(count(*) filter (where f.counts))::" + dialect.number() : along.contains(of) ? "(sum(f.s" + i + "))::" + dialect.number() : none;
            select.add((compared ? none : sql) + " as c" + i);
            if (plan.compare()) select.add((compared ? sql : none) + " as d" + i);
        }
    }

    /// Things that are counted once however many facts they have.
    ///
    /// @param columns what they are, of `f` or `o`
    /// @param having  which of them count
    private record Entity(String columns, String having, boolean registry) {}

    private @Nullable Entity entity(Facts facts) {
        var billed = monthly(facts) ? "sum(f.bills) > 0" : goods ? "sum(f.billed_qty) > 0" : "count(*) filter (where f.kind = 'INVOICE') > 0";
        return switch (facts) {
            case OUTLETS, ORDERERS -> new Entity("o.platform_outlet_id", "sum(f.nsv) > 0", true);
            case BILLED -> new Entity("o.platform_outlet_id", billed, true);
            case REACH -> new Entity(OUTLET_OF_RANGE, billed, false);
            case STOPS -> new Entity("f.distributor_id, f.outlet_id, f.business_date", goods ? "sum(f.bills) > 0" : billed, false);
            case RANGE, MSL -> new Entity("f.distributor_id, f.outlet_id, f.sku_id", "sum(f.billed_qty) > 0", false);
            case SCHEMED -> new Entity(OUTLET_OF_RANGE, "sum(f.benefit) > 0", false);
            case VISITED -> new Entity(OUTLET_OF_RANGE, "count(*) filter (where f.done) > 0", false);
            case UNIVERSE -> new Entity("f.platform_outlet_id", "true", false);
            default -> null;
        };
    }

    /// The columns of a grouping inside another one: the outer one keeps the names and the keys of the inner.
    private record Nested(List<String> inner, List<String> by, List<String> outer, List<String> outerBy) {
        static Nested of(List<String> select, List<String> group) {
            var nested = new Nested(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < select.size(); i++) {
                nested.inner.add(select.get(i));
                var name = select.get(i).substring(select.get(i).lastIndexOf(" as ") + 4);
                nested.outer.add("f." + name + " as " + name);
                if (group.contains(Integer.toString(i + 1))) {
                    nested.by.add(Integer.toString(nested.inner.size()));
                    nested.outerBy.add("f." + name);
                }
            }
            return nested;
        }
    }

    private Sql counted(Entity entity, Facts facts, List<String> select, List<String> group, Set<String> joins, List<Sql> where, boolean compared, List<Plan.Zone> zones, Set<Facts> along) {
        if (entity.registry) joins.add(dialect == Dialect.COLUMNAR ? "\n    left join network.outlet o on o.id = f.outlet_id" : OUTLET);
        var nested = Nested.of(select, group);
        var inner = nested.inner;
        var by = nested.by;
        var outer = nested.outer;
        var outerBy = nested.outerBy;
        var columns = entity.columns.split(", ");
        for (int i = 0; i < columns.length; i++) {
            // outlets are numbers of the whole network inside the copy
            if (columns[i].equals("f.distributor_id") && dialect == Dialect.COLUMNAR) continue;
            var key = columns[i] + " as k";
            if (select.stream().anyMatch(one -> one.startsWith(key))) continue;
            inner.add(columns[i] + " as e" + i);
            by.add(Integer.toString(inner.size()));
        }
        for (int i = 0; i < components.size(); i++) if (along.contains(Components.factsOf(components.get(i)))) inner.add(part(components.get(i), false) + " as s" + i);
        if (!along.isEmpty()) inner.add("(" + entity.having + ") as counts");
        var within = new Sql().add("select " + String.join(", ", inner) + "\n            from ").add(from(facts, compared, zones)).add(String.join("", joins))
                .add("\n           where ").add(Sql.join(where, "\n             and "))
                .add("\n           group by " + String.join(", ", by) + (along.isEmpty() ? "\n          having " + entity.having : ""));
        if (along.isEmpty()) addComponents(outer, facts, compared);
        else addCounted(outer, facts, along, compared);
        var order = ordered(outer, true);
        var sql = new Sql().add("  select " + String.join(", ", order.columns) + "\n    from (").add(within).add(") f");
        if (!outerBy.isEmpty()) sql.add("\n   group by " + String.join(", ", outerBy));
        return sql;
    }

    /// Distinct SKUs of outlets, 64 in a number: those of the goods asked for are what their mask leaves.
    private Sql ranges(Facts facts, List<String> select, List<String> group, Set<String> joins, List<Sql> where, boolean compared, List<Plan.Zone> zones) {
        var nested = Nested.of(select, group);
        var inner = nested.inner;
        var by = nested.by;
        var outer = nested.outer;
        var outerBy = nested.outerBy;
        inner.add("f.outlet_id as e0");
        by.add(Integer.toString(inner.size()));
        inner.add("f.chunk as e1");
        by.add(Integer.toString(inner.size()));
        boolean masked = facts == Facts.MSL || goods;
        inner.add("bit_count(bit_or(f.bits" + (masked ? " & s.mask" : "") + "))::bigint as skus");
        var within = new Sql().add("select " + String.join(", ", inner) + "\n            from ").add(boughtByMonth(facts, compared, zones)).add(String.join("", joins).replace(SKU, ""));
        if (masked) {
            within.add("\n    join (select g.id // 64 as chunk, " + MASKED.stream().filter(plan.used()::contains).map(one -> "g." + one + "_id, ").collect(java.util.stream.Collectors.joining()) + "bit_or(1::ubigint << (g.id % 64)::ubigint) as mask from catalog.sku g"
                    + (facts == Facts.MSL ? " where g.must_stock" : "") + " group by all) s on s.chunk = f.chunk");
        }
        within.add("\n           where ").add(Sql.join(where, "\n             and ")).add("\n           group by " + String.join(", ", by));
        for (int i = 0; i < components.size(); i++) {
            var none = "null::" + dialect.number();
            var sql = Components.factsOf(components.get(i)) == facts ? "(sum(f.skus))::" + dialect.number() : none;
            outer.add((compared ? none : sql) + " as c" + i);
            if (plan.compare()) outer.add((compared ? sql : none) + " as d" + i);
        }
        var sql = new Sql().add("  select " + String.join(", ", ordered(outer, true).columns) + "\n    from (").add(within).add(") f");
        if (!outerBy.isEmpty()) sql.add("\n   group by " + String.join(", ", outerBy));
        return sql;
    }

    /// Dimensions of goods that a mask is made by.
    private static final List<String> MASKED = List.of("category", "brand");

    /// What outlets bought: whole months, and the days before and after them.
    private Sql boughtByMonth(Facts facts, boolean compared, List<Plan.Zone> zones) {
        boolean range = facts == Facts.RANGE || facts == Facts.MSL;
        var shared = "f.distributor_id, f.business_date, f.outlet_id, f.beat_id, f.channel, f.outlet_class, f.principal_id, f.source, ";
        return spans(compared, zones,
                "select " + shared + (range ? "f.chunk, f.bits from insight.range_month f" : "f.nsv, f.bills from insight.outlet_month f") + " where ",
                "select " + shared + (range ? "f.sku_id // 64 as chunk, 1::ubigint << (f.sku_id % 64)::ubigint as bits from insight.sales_daily f where f.billed_qty > 0" : "f.nsv, case when f.kind = 'INVOICE' then 1 else 0 end as bills from insight.sales_document f where not f.cancelled") + " and ");
    }

    /// Spans as whole months, and as days before and after them.
    private Sql spans(boolean compared, List<Plan.Zone> zones, String months, String days) {
        var parts = new ArrayList<Sql>();
        for (var zone : zones) {
            var span = span(zone, compared);
            var first = span.from().getDayOfMonth() == 1 ? span.from() : span.from().withDayOfMonth(1).plusMonths(1);
            var last = YearMonth.from(span.to()).atEndOfMonth().equals(span.to()) ? span.to() : span.to().withDayOfMonth(1).minusDays(1);
            if (first.isBefore(last)) {
                parts.add(Sql.of(months).add(within("f", zone)).add(" and f.business_date between ? and ?", first, last));
                if (span.from().isBefore(first)) parts.add(Sql.of(days).add(within("f", zone)).add(" and f.business_date between ? and ?", span.from(), first.minusDays(1)));
                if (span.to().isAfter(last)) parts.add(Sql.of(days).add(within("f", zone)).add(" and f.business_date between ? and ?", last.plusDays(1), span.to()));
            } else {
                parts.add(Sql.of(days).add(within("f", zone)).add(" and f.business_date between ? and ?", span.from(), span.to()));
            }
        }
        if (parts.isEmpty()) parts.add(Sql.of(days + "false"));
        return Sql.of("(").add(Sql.join(parts, "\n     union all\n     ")).add(") f");
    }

    private Sql from(Facts facts, boolean compared, List<Plan.Zone> zones) {
        if (monthly(facts)) return boughtByMonth(facts, compared, zones);
        if (summed(facts)) {
            return switch (facts) {
                case DAYS -> goods ? linesBySku(compared, zones) : Sql.of("insight.line_day f");
                case ORDER -> Sql.of("(select *, promise_on <= ?::date as matured from insight.order_day) f", main(zones).today());
                default -> Sql.of("insight.bill_day f");
            };
        }
        return switch (facts) {
            case SALES -> switch (shape) {
                case DOCUMENT -> bills();
                case DAILY -> Sql.of("insight.sales_daily f");
                case MONTH -> months(compared, zones);
                case LINE -> Sql.of("""
                        (select s.distributor_id, s.business_date, s.id, s.number, s.kind, s.outlet_id, s.principal_id, s.beat_id, s.channel, s.outlet_class, s.source, l.sku_id,
                                case when s.kind = 'INVOICE' then l.gross else 0 end as gross,
                                case when s.kind = 'INVOICE' then l.scheme_discount else 0 end as scheme_discount,
                                case when s.kind = 'INVOICE' then l.manual_discount else 0 end as manual_discount,
                                case when s.kind = 'INVOICE' then 0 else l.gross - l.scheme_discount - l.manual_discount end as returned,
                                case when s.kind = 'INVOICE' then 1 else -1 end * (l.gross - l.scheme_discount - l.manual_discount) as nsv,
                                case when s.kind = 'INVOICE' then l.qty else 0 end as billed_qty,
                                case when s.kind = 'INVOICE' then l.free_qty else 0 end as free_qty,
                                case when s.kind = 'INVOICE' then 0 else l.qty end as returned_qty,
                                case when s.kind = 'INVOICE' then 1 else -1 end * l.cost as cost
                           from insight.sales_document s
                           join (select i.distributor_id, i.business_date, i.invoice_id as document_id, i.sku_id, i.gross, i.scheme_discount, i.manual_discount, i.qty, i.free_qty, i.cost from billing.invoice_line i
                                 union all
                                 select i.distributor_id, i.business_date, i.document_id, i.sku_id, i.gross, i.scheme_discount, i.manual_discount, i.qty, i.free_qty, i.cost from insight.file_line i) l
                             on l.distributor_id = s.distributor_id and l.business_date = s.business_date and l.document_id = s.id
                          where not s.cancelled) f""");
            };
            case OUTLETS, ORDERERS, BILLED, REACH, STOPS -> goods ? Sql.of("insight.sales_daily f") : bills();
            case DAYS, RANGE, MSL -> Sql.of("insight.sales_daily f");
            case DOCS -> bills();
            case SCHEME -> Sql.of(parted(facts, compared, zones) ? "(select *, false as cancelled from insight.scheme_part) f" : "insight.scheme_use f");
            case SCHEMED -> Sql.of("insight.scheme_use f");
            case RETURN -> Sql.of("insight.return_line f");
            case NOTE -> Sql.of("(select *, 'FINANCIAL_CREDIT_NOTE' as kind from insight.note_line) f");
            case PRIMARY -> components.contains("primary.late") ? Sql.of("""
                    (select p.*, p.business_date > e.month_end - case when extract(isodow from e.month_end)::int % 7 <= 4 then 6 else 5 end as late
                       from insight.primary_daily p
                       join (select distinct q.business_date as day, (date_trunc('month', q.business_date) + interval '1 month')::date - 1 as month_end from insight.primary_daily q where\s""").add(inside("q", zones)).add(") e on e.day = p.business_date) f")
                    : Sql.of(parted(facts, compared, zones) ? "insight.primary_part f" : "insight.primary_daily f");
            case ORDER -> Sql.of("""
                    (select l.*, least(l.delivered_qty, l.ordered_qty) as filled, l.promise_on <= ?::date as matured from insight.order_line l where l.state <> 'CANCELLED_CUSTOMER') f""", main(zones).today());
            case ORDERS -> Sql.of("""
                    (select l.distributor_id, l.business_date, l.id, l.principal_id, l.outlet_id, max(l.beat_id) as beat_id, max(l.channel) as channel, max(l.outlet_class) as outlet_class, l.source, min(l.reason) as reason,
                            bool_and(l.delivered_qty >= l.ordered_qty) as whole, max(l.delivered_on) as delivered_on, max(l.promise_on) as promise_on, max(l.promise_on) <= ?::date as matured
                       from insight.order_line l
                      where l.state <> 'CANCELLED_CUSTOMER' and\s""".replace("max(l.beat_id)", dialect == Dialect.POSTGRES ? "(array_agg(l.beat_id))[1]" : "max(l.beat_id)"), main(zones).today()).add(reach(facts, "l", compared, zones)).add("""

                      group by l.distributor_id, l.business_date, l.id, l.principal_id, l.outlet_id, l.source) f""");
            case BACKLOG -> Sql.of("(select * from insight.order_line where state = 'OPEN' and delivered_qty < ordered_qty) f");
            case COVER -> cover(zones.getFirst());
            case STOCK -> Sql.of("""
                    (select b.distributor_id, b.sku_id, b.principal_id, b.batch_no, b.source, round(cast(b.qty as decimal(28,3)) * b.unit_cost, 2) as value, b.expires_on - ?::date as left_days
                       from\s""" + dialect.stockNow() + " b where b.bucket in ('SALEABLE', 'RESERVED')) f", zones.getFirst().today());
            case OUTAGE -> outage(compared, zones.getFirst());
            case TURNS -> turns(compared, zones.getFirst());
            case RECEIVABLE -> Sql.of("(select i.*, ?::date - i.due_on as days, i.kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING') as debit from " + (owed() ? "insight.open_part" : dialect.openItems()) + " i) f", zones.getFirst().today());
            case ACCOUNT -> account(compared, zones.getFirst());
            case COUNTBACK -> throw new IllegalStateException("has a source of its own");
            case CREDIT -> Sql.of("""
                    (select a.distributor_id, a.principal_id, a.outlet_id, o.beat_id, o.channel, o.outlet_class, a.balance as used, a.credit_limit
                       from receivables.outlet_account a left join network.outlet o on o.distributor_id = a.distributor_id and o.id = a.outlet_id where a.credit_limit > 0) f""");
            // by the claim's period, as KPI-64 wants it: the month in which its sales ended, or in which it was filed if that was earlier
            case CLAIM -> Sql.of("""
                    (select c.distributor_id, c.principal_id, c.scheme_id, least(c.period_to, c.submitted_at::date) as business_date, c.claimed, c.disallowed, c.straight_through, c.settled_at, c.queries,
                            c.disallowed - coalesce((select sum(l.entitled) from claims.claim_line l where l.distributor_id = c.distributor_id and l.claim_id = c.id and l.sort = 'RECOVERY'), 0) as lost,
                            round((extract(epoch from c.settled_at - c.submitted_at) / 86400)::numeric - c.paused_days, 4) as days
                       from claims.claim c where c.submitted_at is not null) f""");
            case OPENCLAIM -> Sql.of("""
                    (select c.distributor_id, c.principal_id, c.scheme_id, c.submitted - c.disallowed - c.settled as open, ?::date - c.submitted_at::date as days
                       from claims.claim c where c.status in ('SUBMITTED', 'AUTO_VALIDATED', 'IN_REVIEW', 'QUERY', 'DISPUTED', 'APPROVED', 'PARTLY_APPROVED')) f""", main(zones).today());
            case LEAD -> Sql.of("""
                    (select s.distributor_id, s.business_date, s.principal_id, s.outlet_id, x.beat_id, x.channel, x.outlet_class, x.source, round((extract(epoch from x.delivered_at - s.recorded_at) / 3600)::numeric, 4) as hours
                       from orders.sales_order s
                       join (select n.distributor_id, n.order_id, (array_agg(n.beat_id))[1] as beat_id, max(n.channel) as channel, max(n.outlet_class) as outlet_class, max(n.source) as source, max(e.recorded_at) as delivered_at
                               from insight.sales_document n
                               join billing.delivery e on e.distributor_id = n.distributor_id and e.invoice_id = n.id
                              where n.kind = 'INVOICE' and not n.cancelled and n.order_id is not null and\s""").add(inside("n", zones)).add(" and n.business_date >= ?", zones.stream().map(zone -> span(zone, compared).from()).min(java.util.Comparator.naturalOrder()).orElseThrow()).add("""

                              group by n.distributor_id, n.order_id) x on x.distributor_id = s.distributor_id and x.order_id = s.id
                      where\s""").add(inside("s", zones)).add(") f");
            case FED -> fed(compared, zones.getFirst());
            case TARGET -> target(compared, zones);
            case VISIT, VISITED -> Sql.of("insight.visit f");
            case UNIVERSE -> Sql.of("(select p.distributor_id, p.outlet_id, p.platform_outlet_id, p.beat_id, p.channel, p.outlet_class, m.month as business_date from insight.outlet_place p join ").add(calendar(compared, zones.getFirst())).add("""
                     m on p.from_on <= m.last and (p.to_on is null or p.to_on > m.month) and p.since <= m.last
                      where p.status in ('ACTIVE', 'DORMANT')) f""");
            case DUE -> due(compared, zones.getFirst());
            case LAPSED -> lapsed(compared, zones.getFirst());
            case JOINED -> joined(compared, zones.getFirst());
            case AGAIN -> again(compared, zones.getFirst());
            case NEGLECTED -> neglected(compared, zones.getFirst());
            case WEIGHT, WEIGHTS -> weights(facts, compared, zones.getFirst());
        };
    }

    private Sql bills() {
        return Sql.of("(select * from insight.sales_document where not cancelled) f");
    }

    private static Plan.Zone main(List<Plan.Zone> zones) {
        return zones.getFirst();
    }

    private static DateSpan span(Plan.Zone zone, boolean compared) {
        return Objects.requireNonNull(compared ? zone.compared() : zone.span());
    }

    /// Whole months by SKU, and the days before and after them.
    private Sql months(boolean compared, List<Plan.Zone> zones) {
        var columns = "select f.distributor_id, f.business_date, f.principal_id, f.source, " + (goods ? "f.sku_id, " : "") + "f.nsv, f.gross, f.scheme_discount, f.manual_discount, f.returned, f.billed_qty, f.free_qty, f.returned_qty, f.cost from insight.";
        var days = goods ? "sales_daily f where " : rolled() ? "bill_day f where " : "sales_document f where not f.cancelled and ";
        return spans(compared, zones, columns + (rolled() ? "sales_part" : "sales_month") + " f where ", columns + days);
    }

    private Sql linesBySku(boolean compared, List<Plan.Zone> zones) {
        var columns = "select f.distributor_id, f.business_date, f.principal_id, f.source, f.sku_id, f.invoice_lines, f.priced_lines from insight.";
        return spans(compared, zones, columns + "sales_month f where ", columns + "sales_daily f where ");
    }

    /// Stock and what was billed of it in 90 days, by distributor and SKU. A SKU is new until 30 days after its first receipt,
    /// unless it was billed before. Whole months come from the months.
    private Sql cover(Plan.Zone zone) {
        return covered ? Sql.of("insight.cover_now f") : cover(dialect, zone.today(), table -> within(table, zone));
    }

    /// `days` of the 90 had stock; `run` is what is billed in 90 days at that rate, in millionths and whole, so that both engines
    /// round alike: parts of several SKUs are added before they are divided.
    ///
    /// @param within which distributors of a table
    static Sql cover(Dialect dialect, LocalDate today, Function<String, Sql> within) {
        var from = today.minusDays(COVER_DAYS - 1);
        var first = from.getDayOfMonth() == 1 ? from : from.withDayOfMonth(1).plusMonths(1);
        var last = today.withDayOfMonth(1).minusDays(1);
        var early = today.minusDays(NEW_DAYS);
        var days = "greatest(" + COVER_DAYS + " - coalesce(o.out_days, 0), 1)";
        return Sql.of("""
                (select y.distributor_id, y.sku_id, y.principal_id, y.stock, y.value, y.billed, y.source, cast(\s""" + days + " as integer) as days, " + dialect.quotient(dialect.whole("y.billed") + " * 90000000", dialect.whole(days)) + """
                 as run, (coalesce(r.received_on, date '2000-01-01') > ?::date and not y.early) as fresh
                   from (select x.distributor_id, x.sku_id, x.principal_id, max(x.source) as source, sum(x.stock) as stock, sum(x.value) as value, sum(x.billed) as billed, bool_or(x.early) as early
                           from (select b.distributor_id, b.sku_id, b.principal_id, b.source, b.qty as stock, round(cast(b.qty as decimal(28,3)) * b.unit_cost, 2) as value, 0 as billed, false as early
                                   from\s""", early).add(dialect.stockNow()).add("""
                 b
                                  where\s""").add(within.apply("b")).add("""
                 and b.bucket in ('SALEABLE', 'RESERVED')
                                 union all
                                 select s.distributor_id, s.sku_id, s.principal_id, max(s.source), 0, 0, sum(s.billed_qty), min(s.business_date) <= ?::date
                                   from insight.sales_month s
                                  where\s""", early.withDayOfMonth(1)).add(within.apply("s")).add("""
                 and s.business_date between ? and ?
                                  group by 1, 2, 3
                                 union all
                                 select s.distributor_id, s.sku_id, s.principal_id, max(s.source), 0, 0, sum(s.billed_qty), min(s.business_date) <= ?::date
                                   from insight.sales_daily s
                                  where\s""", first, last, early).add(within.apply("s")).add("""
                 and (s.business_date between ? and ? or s.business_date between ? and ?)
                                  group by 1, 2, 3) x
                          group by 1, 2, 3) y
                   left join\s""", from, first.minusDays(1), last.plusDays(1), today).add(dialect.firstReceipts()).add(" r on r.distributor_id = y.distributor_id and r.sku_id = y.sku_id\n   left join ")
                .add(outOfStock(dialect, from, today, within)).add(" o on o.distributor_id = y.distributor_id and o.sku_id = y.sku_id) f");
    }

    /// Days of a span that opened and closed without stock and on which nothing moved, by distributor and SKU (KPI-37): they are no
    /// days of sale. The day on which a SKU ran out is one, for its bills count. Before the first day that a distributor's stock is
    /// known of, nothing is held against it.
    private static Sql outOfStock(Dialect dialect, LocalDate from, LocalDate today, Function<String, Sql> within) {
        return Sql.of("""
                (select z.distributor_id, z.sku_id, sum(z.days) as out_days
                   from (select w.distributor_id, w.sku_id, w.closing, greatest(lead(w.day, 1, ?::date) over (partition by w.distributor_id, w.sku_id order by w.day) - greatest(w.day + 1, k.known), 0) as days
                           from (select v.distributor_id, v.sku_id, max(v.principal_id) as principal_id, v.day, sum(sum(v.qty)) over (partition by v.distributor_id, v.sku_id order by v.day) as closing
                                   from (select b.distributor_id, b.sku_id, b.principal_id, ?::date as day, b.qty from\s""", today.plusDays(1), from.minusDays(1)).add(dialect.stockNow()).add(" b where ").add(within.apply("b"))
                .add(" and b.bucket in ('SALEABLE', 'RESERVED')\n union all select s.distributor_id, s.sku_id, s.principal_id, ?::date, -s.qty from insight.stock_daily s where ", from.minusDays(1)).add(within.apply("s"))
                .add(" and s.business_date >= ?\n union all select s.distributor_id, s.sku_id, s.principal_id, s.business_date, s.qty from insight.stock_daily s where ", from).add(within.apply("s"))
                .add(" and s.business_date between ? and ? and (s.source = 'LIVE' or s.qty <> 0)", from, today).add("""
                ) v
                                  group by v.distributor_id, v.sku_id, v.day) w
                           join (""").add(firstKnown(dialect, within)).add("""
                ) k on k.distributor_id = w.distributor_id and k.principal_id = w.principal_id and k.known is not null) z
                  where z.closing <= 0
                  group by z.distributor_id, z.sku_id)""");
    }

    /// The first day of a distributor's stock of each principal, whoever asks: one look into the index each, or a scan of the blocks of
    /// these distributors.
    private static Sql firstKnown(Dialect dialect, Function<String, Sql> within) {
        if (dialect == Dialect.COLUMNAR) return Sql.of("select s.distributor_id, s.principal_id, min(s.business_date) as known from insight.stock_daily s where ").add(within.apply("s")).add(" group by s.distributor_id, s.principal_id");
        return Sql.of("select p.distributor_id, p.principal_id, (select min(s.business_date) from insight.stock_daily s where s.distributor_id = p.distributor_id and s.principal_id = p.principal_id) as known"
                + " from (select distinct s.distributor_id, s.principal_id from insight.stock_month s where ").add(within.apply("s")).add(") p");
    }

    /// Whether open amounts by distributor and due date will do.
    private boolean owed() {
        var used = used(Facts.RECEIVABLE);
        used.remove("ageing-bucket");
        return dialect == Dialect.COLUMNAR && DAYWISE.containsAll(used);
    }

    /// Days without saleable stock, from today's balance and what the days changed. SKUs that never moved nor lie there are
    /// no part of the assortment.
    private Sql outage(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        var to = span.to().isAfter(zone.today()) ? zone.today() : span.to();
        return Sql.of("""
                (select z.distributor_id, z.sku_id, z.principal_id, z.source, sum(case when z.closing <= 0 then z.days else 0 end) as out_days, sum(z.days) as all_days
                   from (select w.distributor_id, w.sku_id, w.principal_id, w.source, w.closing, lead(w.day, 1, ?::date) over (partition by w.distributor_id, w.sku_id order by w.day) - w.day as days
                           from (select v.distributor_id, v.sku_id, v.day, max(v.principal_id) as principal_id, max(v.source) as source, sum(sum(v.qty)) over (partition by v.distributor_id, v.sku_id order by v.day) as closing
                                   from (select b.distributor_id, b.sku_id, b.principal_id, b.source, ?::date as day, b.qty from\s""", to.plusDays(1), span.from()).add(dialect.stockNow()).add(" b where ").add(within("b", zone))
                .add(" and b.bucket in ('SALEABLE', 'RESERVED')\n union all select s.distributor_id, s.sku_id, s.principal_id, s.source, ?::date, -s.qty from insight.stock_daily s where ", span.from()).add(within("s", zone)).add(" and s.business_date > ?", span.from())
                .add("\n union all select s.distributor_id, s.sku_id, s.principal_id, s.source, s.business_date, s.qty from insight.stock_daily s where ").add(within("s", zone)).add(" and s.business_date > ? and s.business_date <= ?", span.from(), to)
                .add("""
                ) v
                                  group by v.distributor_id, v.sku_id, v.day) w) z
                  group by z.distributor_id, z.sku_id, z.principal_id, z.source) f""");
    }

    /// What was issued at cost, a year's worth of it, and the mean of the stock values at the window's month ends.
    private Sql turns(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        var ends = new ArrayList<LocalDate>();
        for (var end = YearMonth.from(span.from()).atEndOfMonth(); !end.isAfter(span.to()); end = YearMonth.from(end).plusMonths(1).atEndOfMonth()) ends.add(end);
        if (ends.isEmpty()) ends.add(span.to());
        var later = new StringBuilder();
        for (var end : ends) later.append(later.isEmpty() ? "" : " + ").append("case when s.business_date > date '").append(end).append("' then 1 else 0 end");
        // both sides are as many times too large as there are month ends: nothing is rounded before the quotient
        boolean parts = rolled();
        var sku = parts ? "" : ".sku_id, ";
        var now = parts ? Sql.of("(select b.distributor_id, b.principal_id, b.source, 0 as issued, b.value * " + ends.size() + " as average from insight.stock_worth b where ").add(within("b", zone))
                : Sql.of("(select b.distributor_id, b.sku_id, b.principal_id, b.source, 0 as issued, round(cast(b.qty as decimal(28,3)) * b.unit_cost, 2) * " + ends.size() + " as average from ").add(dialect.stockNow()).add(" b where ").add(within("b", zone))
                        .add(" and b.bucket in ('SALEABLE', 'RESERVED')");
        return now.add("\n union all select s.distributor_id, " + (sku.isEmpty() ? "" : "s" + sku) + "s.principal_id, s.source, 0, -s.value * (" + later + ") from insight." + (parts ? "stock_part" : "stock_month") + " s where ").add(within("s", zone))
                .add(" and s.business_date >= ?\n union all select s.distributor_id, " + (sku.isEmpty() ? "" : "s" + sku) + "s.principal_id, s.source, s.cost * 12, 0 from insight." + (parts ? "sales_part" : "sales_month") + " s where ", span.from().withDayOfMonth(1)).add(within("s", zone))
                .add(" and s.business_date between ? and ?) f", span.from().withDayOfMonth(1), span.to());
    }

    /// Whether sums by month answer for facts: of whole months, by nothing finer.
    private boolean parted(Facts facts, boolean compared, List<Plan.Zone> zones) {
        if (!rolled() || plan.likeForLike() != null || zones.isEmpty()) return false;
        var used = new HashSet<>(plan.used());
        used.retainAll(facts.dimensions);
        if (facts == Facts.SCHEME) used.remove("scheme");
        if (!MONTHLY.containsAll(used) || components.contains("scheme.bills") && facts == Facts.SCHEME) return false;
        if (compared && used.contains("month") && !Objects.requireNonNull(plan.compared()).shift().endsWith("months")) return false;
        return zones.stream().map(zone -> span(zone, compared)).allMatch(span -> span.from().getDayOfMonth() == 1 && YearMonth.from(span.to()).atEndOfMonth().equals(span.to()));
    }

    /// Whether sums by distributor, principal and month will do.
    private boolean rolled() {
        return dialect == Dialect.COLUMNAR && !goods;
    }

    /// What outlets owed before and after a span, and what moved it.
    private Sql account(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        var days = ChronoUnit.DAYS.between(span.from(), span.to()) + 1;
        return Sql.of("""
                (select a.distributor_id, a.outlet_id, a.principal_id, a.source, a.beat_id, a.channel, a.outlet_class,
                        case when a.business_date < ? then a.charged - a.credited - a.collected else 0 end as opening, a.charged - a.credited - a.collected as closing,
                        (a.charged - a.credited - a.collected) * """ + days + " as closing_days, case when a.business_date >= ? then a.charged else 0 end as sales, case when a.business_date >= ? then a.collected else 0 end as collected"
                + " from insight.receivable_daily a where a.business_date <= ? and ", span.from(), span.from(), span.from(), span.to()).add(within("a", zone)).add(") f");
    }

    /// Counting back (KPI-50): the months before a month end, latest first, whose sales make up what is owed then.
    private Sql countBack(boolean compared, Level level, List<Plan.Zone> zones) {
        var facts = Facts.COUNTBACK;
        var span = span(main(zones), compared);
        boolean byMonth = plan.by("month");
        var ends = new ArrayList<LocalDate>();
        if (byMonth && level == Level.ROWS) {
            for (var month = span.from().withDayOfMonth(1); !month.isAfter(span.to()); month = month.plusMonths(1)) ends.add(YearMonth.from(month).atEndOfMonth().isAfter(span.to()) ? span.to() : YearMonth.from(month).atEndOfMonth());
        } else {
            ends.add(span.to());
        }
        var calendar = new Sql();
        for (var end : ends) calendar.add((end.equals(ends.getFirst()) ? "select " : " union all select ") + "date '" + end + "' as month_end");
        var joins = new LinkedHashSet<String>();
        var where = new ArrayList<Sql>();
        where.add(inside("f", zones));
        where.add(Sql.of("f.business_date <= ?", span.to()));
        if (plan.principals() != null) where.add(dialect.among("f.principal_id", principals()));
        for (var filter : plan.filters()) if (!filter.dimension().id().equals("month")) where.add(filter(filter, facts, false, joins));
        var keys = new ArrayList<String>();
        var names = new ArrayList<String>();
        var lacking = new ArrayList<Sql>();
        for (int i = 0; i < plan.dimensions().size(); i++) {
            var dimension = plan.dimensions().get(i);
            if (dimension.id().equals("month")) continue;
            var key = key(dimension, facts, false, joins);
            if (dimension.nullable()) lacking.add(Sql.of(key + " is null"));
            keys.add(key + " as k" + i);
            names.add("k" + i);
        }
        boolean keyed = level == Level.ROWS;
        if (!keyed) {
            keys.clear();
            names.clear();
        }
        if (level == Level.NOT_ALLOCATED) where.add(lacking.isEmpty() ? Sql.of("false") : Sql.of("(").add(Sql.join(lacking, " or ")).add(")"));
        boolean h = keyed && labelled;
        if (h) {
            keys.add("f.distributor_id as h");
            names.add("h");
        }
        boolean owed = rolled() && MONTHLY.containsAll(plan.used());
        var monthStart = span.to().withDayOfMonth(1);
        // a month that is over as a whole needs no days
        boolean over = YearMonth.from(span.to()).atEndOfMonth().equals(span.to());
        var from = !owed ? "insight.receivable_daily" : over ? "insight.receivable_part"
                : "(select distributor_id, business_date, principal_id, source, charged, credited, collected from insight.receivable_part where business_date < date '" + monthStart + "' union all "
                + "select distributor_id, business_date, principal_id, source, charged, credited, collected from insight.receivable_daily where business_date between date '" + monthStart + "' and date '" + span.to() + "')";
        var list = names.isEmpty() ? "" : String.join(", ", names) + ", ";
        var byKeys = new StringBuilder();
        for (int i = 1; i <= names.size(); i++) byKeys.append(i).append(", ");
        var sql = Sql.of("select " + (keys.isEmpty() ? "" : String.join(", ", keys) + ", ") + "date_trunc('month', f.business_date)::date as mon, sum(f.charged) as sales, sum(f.charged - f.credited - f.collected) as net\n        from " + from + " f"
                + String.join("", joins) + "\n       where ").add(Sql.join(where, " and ")).add(" group by " + byKeys + (names.size() + 1));
        var order = (names.isEmpty() ? "" : "partition by " + String.join(", ", names) + " ") + "order by s.mon";
        var same = new ArrayList<String>();
        for (var name : names) same.add("x." + name + (name.startsWith("k") && plan.dimensions().get(Integer.parseInt(name.substring(1))).nullable() ? " is not distinct from " : " = ") + "t." + name);
        same.add("x.mon <= t.month_end");
        // later months that make up all that is owed leave nothing for earlier ones
        same.add("t.run - x.run < t.owed");
        // one row per key and month with what was sold and owed up to it, which holds until the next one
        var middle = Sql.of("with s as materialized (select s.*, sum(s.sales) over (" + order + ") as run, sum(s.net) over (" + order + ") as owed, lead(s.mon) over (" + order + ") as next\n      from (").add(sql).add(") s)"
                + "\n    select " + list.replaceAll("(k\\d+|h)", "t.$1") + "t.month_end, x.mon, x.sales, t.owed as ar, t.run as all_sales, t.run - x.run as later"
                + "\n      from (select s.*, c.month_end from s join (").add(calendar).add(") c on s.mon <= c.month_end and (s.next is null or s.next > c.month_end)) t left join s x on " + String.join(" and ", same));
        var dated = compared ? "(date_trunc('month', x.month_end) + interval '" + Objects.requireNonNull(plan.compared()).shift() + "')::date" : "date_trunc('month', x.month_end)::date";
        var outer = new ArrayList<String>();
        var by = new ArrayList<String>();
        if (keyed) {
            for (int i = 0; i < plan.dimensions().size(); i++) {
                var key = plan.dimensions().get(i).id().equals("month") ? dated : "x.k" + i;
                outer.add(key + " as k" + i);
                by.add(key);
            }
            if (h) {
                outer.add("x.h as h");
                by.add("x.h");
            }
            if (documents) outer.add("cast(null as varchar) as n, cast(null as varchar) as dk");
        }
        var days = "sum((least((x.mon + interval '1 month')::date - 1, x.month_end) - x.mon + 1) * case when x.sales <= 0 then (case when x.ar > x.later then 1 else 0 end) else least(1, greatest(0, (x.ar - x.later) / x.sales)) end)";
        for (int i = 0; i < components.size(); i++) {
            var here = switch (components.get(i)) {
                case "countback.days" -> "round(coalesce((" + days + ")::decimal(20,8), 0), 4)::" + dialect.number();
                case "countback.known" -> "(case when max(x.ar) > 0 and max(x.ar) <= max(x.all_sales) then 1 else 0 end)::" + dialect.number();
                default -> "null::" + dialect.number();
            };
            outer.add((compared ? "null::" + dialect.number() : here) + " as c" + i);
            if (plan.compare()) outer.add((compared ? here : "null::" + dialect.number()) + " as d" + i);
        }
        var all = Sql.of("  select " + String.join(", ", outer) + "\n    from (").add(middle).add(") x");
        return by.isEmpty() ? all : all.add("\n   group by " + String.join(", ", by));
    }

    /// Targets of the months that a span touches, what was sold in them up to its end, and how far the month is.
    private Sql target(boolean compared, List<Plan.Zone> zones) {
        var span = span(main(zones), compared);
        var first = span.from().withDayOfMonth(1);
        var running = span.to().withDayOfMonth(1);
        long all = working(running, YearMonth.from(running).atEndOfMonth());
        long done = working(running, span.to());
        return Sql.of("(select t.distributor_id, t.business_date, t.value as target, case when t.business_date = ? then round(t.value * " + done + " / " + Math.max(all, 1) + ", 2) else t.value end as pro_rata, 0 as actual, " + (all - done)
                        + " as days_left from insight.target t where t.metric = 'nsv' and t.business_date between ? and ? and ", running, first, span.to()).add(inside("t", zones))
                .add("\n union all select s.distributor_id, s.business_date, 0, 0, s.nsv, " + (all - done) + " from insight.sales_document s where not s.cancelled and s.business_date between ? and ? and ", first, span.to()).add(inside("s", zones))
                .add(plan.principals() == null ? Sql.of("") : Sql.of(" and ").add(dialect.among("s.principal_id", principals()))).add(") f");
    }

    /// Working days of a span on which a distributor has bills or credit notes, and how many there were to yesterday (KPI-71).
    private Sql fed(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        var to = span.to().isBefore(zone.today()) ? span.to() : zone.today().minusDays(1);
        long due = to.isBefore(span.from()) ? 0 : working(span.from(), to);
        return Sql.of("(select p.distributor_id, coalesce(x.days, 0) as days, " + due + " as due from " + dialect.places() + " p left join (select s.distributor_id, count(distinct s.business_date) as days from "
                + (columnar() ? "insight.bill_day s where " : "insight.sales_document s where not s.cancelled and ")).add(within("s", zone)).add(walls("s"))
                .add(" and s.business_date between ? and ? and extract(isodow from s.business_date) < 7 group by 1) x on x.distributor_id = p.distributor_id where ", span.from(), to).add(within("p", zone)).add(") f");
    }

    /// Working days are Monday to Saturday.
    private static long working(LocalDate from, LocalDate to) {
        return from.datesUntil(to.plusDays(1)).filter(day -> day.getDayOfWeek().getValue() < 7).count();
    }

    /// Months asked by, else the whole span as one.
    private Sql calendar(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        var sql = Sql.of("(");
        if (plan.used().contains("month")) {
            for (var month = span.from().withDayOfMonth(1); !month.isAfter(span.to()); month = month.plusMonths(1)) {
                var last = YearMonth.from(month).atEndOfMonth();
                sql.add((month.equals(span.from().withDayOfMonth(1)) ? "" : " union all ") + "select date '" + month + "' as month, date '" + (last.isAfter(span.to()) ? span.to() : last) + "' as last");
            }
        } else {
            sql.add("select date '" + span.from() + "' as month, date '" + span.to() + "' as last");
        }
        return sql.add(")");
    }

    /// What outlets could buy: outlets of a distributor by SKUs that its principals have, grouped as far as the question needs it. Musts that
    /// their distributor had not all the months that are asked for stand apart (KPI-28).
    private Sql due(boolean compared, Plan.Zone zone) {
        var used = plan.used();
        var goods = new ArrayList<String>();
        if (used.contains("sku")) goods.add("s.id as sku_id");
        if (used.contains("category")) goods.add("s.category_id");
        if (used.contains("brand")) goods.add("s.brand_id");
        if (used.contains("principal")) goods.add("s.principal_id");
        var outlet = used.contains("outlet") ? "p.outlet_id, " : "";
        var plus = goods.isEmpty() ? "" : ", " + String.join(", ", goods);
        var names = (plus.replace("s.id as sku_id", "sku_id").replace("s.", "")).replaceAll("(\\w+_id)", "k.$1");
        var by = new StringBuilder("1");
        for (int i = 0; i < goods.size(); i++) by.append(", ").append(i + 2);
        var walls = plan.principals() == null ? Sql.of("true") : dialect.among("s.principal_id", principals());
        // goods that are filtered but not asked by are filtered here, before SKUs are counted
        for (var filter : plan.filters()) {
            var column = switch (filter.dimension().id()) {
                case "sku" -> "s.id";
                case "category" -> "s.category_id";
                case "brand" -> "s.brand_id";
                default -> null;
            };
            if (column != null) walls.add(" and ").add(dialect.keys(column, filter.dimension(), filter.keys()));
        }
        boolean musts = components.contains("due.msl") || components.contains("due.msl_out");
        return Sql.of("(select n.*" + names + ", k.skus, k.must_skus, k.must_out, 1 as any_sku from (select p.distributor_id, " + outlet + "p.beat_id, p.channel, p.outlet_class, m.month as business_date, count(distinct p.outlet_id) as outlets from insight.outlet_place p join ")
                .add(calendar(compared, zone)).add(" m on p.from_on <= m.last and (p.to_on is null or p.to_on > m.month) and p.since <= m.last where p.status in ('ACTIVE', 'DORMANT') and ").add(within("p", zone))
                .add(" group by p.distributor_id, " + outlet + "p.beat_id, p.channel, p.outlet_class, m.month) n join (select c.distributor_id" + plus + ", count(*) as skus")
                .add(musts ? musts(compared, zone) : Sql.of(", 0 as must_skus, 0 as must_out from network.distributor_principal c join catalog.sku s on s.principal_id = c.principal_id"))
                .add(" where s.status <> 'DISCONTINUED' and ").add(walls).add(" group by " + by + (musts ? ", m.month" : "") + ") k on k.distributor_id = n.distributor_id" + (musts ? " and k.month = n.business_date" : "") + ") f");
    }

    /// Musts that a distributor had, and those that it had not, in the months of a span: had is what lay there when they began, moved or
    /// was billed in them. Before the month after the first in which its stock of a principal is known, it had all.
    private Sql musts(boolean compared, Plan.Zone zone) {
        var start = plan.used().contains("month") ? Sql.of("m.month") : Sql.of("?::date", span(zone, compared).from().withDayOfMonth(1));
        var from = span(zone, compared).from().withDayOfMonth(1);
        var had = Sql.of("(w.known is null or w.known >= ").add(start).add(" or a.sku_id is not null)");
        return Sql.of(", m.month, count(*) filter (where s.must_stock and ").add(had).add(") as must_skus, count(*) filter (where s.must_stock and not ").add(had)
                .add(") as must_out from network.distributor_principal c join catalog.sku s on s.principal_id = c.principal_id cross join ").add(calendar(compared, zone)).add(" m\n left join (select s.distributor_id, s.principal_id, min(s.business_date) as known from insight.stock_month s where ")
                .add(within("s", zone)).add(" group by s.distributor_id, s.principal_id) w on w.distributor_id = c.distributor_id and w.principal_id = c.principal_id\n left join (select v.distributor_id, v.sku_id, m.month from (select b.distributor_id, b.sku_id, date '9999-01-01' as month, b.qty, false as moved from ")
                .add(dialect.stockNow()).add(" b where b.bucket in ('SALEABLE', 'RESERVED') and ").add(within("b", zone))
                .add("\n union all select s.distributor_id, s.sku_id, s.business_date, -s.qty, s.source = 'LIVE' or s.qty <> 0 or s.issued_cost <> 0 from insight.stock_month s where s.business_date >= ? and ", from).add(within("s", zone))
                .add("\n union all select s.distributor_id, s.sku_id, s.business_date, 0, true from insight.sales_month s where s.billed_qty > 0 and s.business_date between ? and ? and ", from, span(zone, compared).to()).add(within("s", zone))
                .add(") v cross join ").add(calendar(compared, zone)).add(" m group by 1, 2, 3 having sum(case when v.month >= ").add(start).add(" then v.qty else 0 end) > 0 or count(*) filter (where v.moved and v.month between ").add(start)
                .add(" and m.last) > 0) a on a.distributor_id = c.distributor_id and a.sku_id = s.id and a.month = m.month");
    }

    /// Outlets by the days since their last bill at the end of a span.
    private Sql lapsed(boolean compared, Plan.Zone zone) {
        var at = end(compared, zone);
        return Sql.of("""
                (select p.distributor_id, p.outlet_id, p.beat_id, p.channel, p.outlet_class, ?::date - b.last_on as days
                   from (select s.distributor_id, s.outlet_id, max(s.business_date) as last_on from\s""", at).add(billsUpTo(at)).add(" s where ").add(within("s", zone))
                .add(walls("s")).add("""
                 group by 1, 2) b
                   join insight.outlet_place p on p.distributor_id = b.distributor_id and p.outlet_id = b.outlet_id and p.from_on <= ? and (p.to_on is null or p.to_on > ?)
                  where p.status in ('ACTIVE', 'DORMANT')) f""", at, at);
    }

    /// Days of bills up to one: of months that are over, the last day of each outlet will do.
    private Sql billsUpTo(LocalDate at) {
        if (dialect != Dialect.COLUMNAR) return Sql.of("(select d.* from insight.sales_document d where not d.cancelled and d.kind = 'INVOICE' and d.business_date <= ?)", at);
        boolean whole = YearMonth.from(at).atEndOfMonth().equals(at);
        var start = at.withDayOfMonth(1);
        var sql = Sql.of("(select m.distributor_id, m.outlet_id, m.principal_id, m.last_on as business_date from insight.outlet_month m where m.bills > 0 and m.business_date " + (whole ? "<=" : "<") + " ?", start);
        if (!whole) sql.add(" union all select d.distributor_id, d.outlet_id, d.principal_id, d.business_date from insight.sales_document d where not d.cancelled and d.kind = 'INVOICE' and d.business_date between ? and ?", start, at);
        return sql.add(")");
    }

    /// Outlets approved in a span and billed by its end.
    private Sql joined(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        return Sql.of("""
                (select p.distributor_id, p.outlet_id, p.beat_id, p.channel, p.outlet_class
                   from insight.outlet_place p
                  where p.since between ? and ? and p.from_on <= ? and (p.to_on is null or p.to_on > ?) and p.status in ('ACTIVE', 'DORMANT', 'BLOCKED') and\s""", span.from(), span.to(), span.to(), span.to()).add(within("p", zone))
                .add(" and (p.distributor_id, p.outlet_id) in (select f.distributor_id, f.outlet_id from ")
                .add(dialect == Dialect.COLUMNAR ? boughtByMonth(Facts.REACH, compared, List.of(zone)) : Sql.of("(select d.*, 1 as bills from insight.sales_document d where not d.cancelled and d.kind = 'INVOICE' and d.business_date between ? and ?) f", span.from(), span.to()))
                .add(" where f.bills > 0 and ").add(within("f", zone)).add(walls("f")).add(")) f");
    }

    /// Outlets of the classes with most potential that bought less than half of what the buying outlets of their class bought on average
    /// from the same distributor.
    private Sql neglected(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        var end = end(compared, zone);
        return Sql.of("""
                (select w.distributor_id, w.outlet_id, w.beat_id, w.channel, w.outlet_class
                   from (select p.distributor_id, p.outlet_id, p.beat_id, p.channel, p.outlet_class, coalesce(b.nsv, 0) as nsv,
                                sum(case when b.nsv > 0 then b.nsv end) over (partition by p.distributor_id, p.outlet_class) as bought, count(case when b.nsv > 0 then 1 end) over (partition by p.distributor_id, p.outlet_class) as buyers
                           from insight.outlet_place p
                           left join (select f.distributor_id, f.outlet_id, sum(f.nsv) as nsv from\s""").add(dialect == Dialect.COLUMNAR ? boughtByMonth(Facts.REACH, compared, List.of(zone)) : Sql.of("(select d.* from insight.sales_document d where not d.cancelled and d.business_date between ? and ?) f", span.from(), span.to()))
                .add(" where ").add(within("f", zone)).add(walls("f")).add("""
                 group by 1, 2) b on b.distributor_id = p.distributor_id and b.outlet_id = p.outlet_id
                          where p.outlet_class in ('A', 'B') and p.status in ('ACTIVE', 'DORMANT') and p.from_on <= ? and (p.to_on is null or p.to_on > ?) and p.since < ? and\s""", end, end, span.from()).add(within("p", zone)).add("""
                ) w
                  where w.nsv * 2 * w.buyers < w.bought) f""");
    }

    /// Outlets first billed in a span and 60 days ago or longer, and whether they were billed again in their 60 days.
    private Sql again(boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        return Sql.of("""
                (select p.distributor_id, p.outlet_id, p.beat_id, p.channel, p.outlet_class, w.repeated
                   from (select b.distributor_id, b.outlet_id, b.first_on, bool_or(s.business_date > b.first_on and s.business_date <= b.first_on + """ + REPEAT_DAYS + """
                ) as repeated
                           from (select x.distributor_id, x.outlet_id, min(\s""" + (dialect == Dialect.COLUMNAR ? "x.first_on) as first_on from insight.outlet_month x where x.bills > 0 and " : "x.business_date) as first_on from insight.sales_document x where not x.cancelled and x.kind = 'INVOICE' and ")).add(within("x", zone)).add(walls("x"))
                .add(" group by 1, 2) b join insight.sales_document s on s.distributor_id = b.distributor_id and s.outlet_id = b.outlet_id and not s.cancelled and s.kind = 'INVOICE' and s.business_date between ? and ? where b.first_on between ? and ? and b.first_on + " + REPEAT_DAYS + " <= ?",
                        span.from(), span.to().plusDays(REPEAT_DAYS), span.from(), span.to(), zone.today()).add(walls("s")).add("""
                 group by 1, 2, 3) w
                   join insight.outlet_place p on p.distributor_id = w.distributor_id and p.outlet_id = w.outlet_id and p.from_on <= w.first_on and (p.to_on is null or p.to_on > w.first_on)) f""");
    }

    /// What outlets bought of a category in twelve months stands for its turnover there; WEIGHT has those that bought the SKU
    /// in the span.
    private Sql weights(Facts facts, boolean compared, Plan.Zone zone) {
        var span = span(zone, compared);
        var yearAgo = span.to().plusDays(1).minusYears(1);
        boolean bySku = plan.by("sku");
        var weights = Sql.of("select d.distributor_id, d.outlet_id, s.category_id, max(d.principal_id) as principal_id, sum(d.nsv) as weight from insight.sales_daily d join catalog.sku s on s.id = d.sku_id where d.business_date between ? and ? and ", yearAgo, span.to())
                .add(within("d", zone)).add(walls("d"));
        var skus = plan.filters().stream().filter(filter -> filter.dimension().id().equals("sku")).findFirst();
        if (skus.isPresent()) weights.add(" and s.category_id in (select y.category_id from catalog.sku y where ").add(dialect.keys("y.id", skus.get().dimension(), skus.get().keys())).add(")");
        weights.add(" group by 1, 2, 3 having sum(d.nsv) > 0");
        var place = " join insight.outlet_place p on p.distributor_id = w.distributor_id and p.outlet_id = w.outlet_id and p.from_on <= ? and (p.to_on is null or p.to_on > ?)";
        if (facts == Facts.WEIGHT) {
            return Sql.of("(select w.distributor_id, w.outlet_id, w.category_id, w.principal_id, w.weight, " + (bySku ? "b.sku_id, " : "") + "p.beat_id, p.channel, p.outlet_class from (").add(weights)
                    .add(") w join (select " + (bySku ? "" : "distinct ") + "d.distributor_id, d.outlet_id, s.category_id" + (bySku ? ", d.sku_id" : "") + " from insight.sales_daily d join catalog.sku s on s.id = d.sku_id where d.business_date between ? and ? and ", span.from(), span.to())
                    .add(within("d", zone)).add(walls("d")).add(skus.isEmpty() ? Sql.of("") : Sql.of(" and ").add(dialect.keys("d.sku_id", skus.get().dimension(), skus.get().keys()))).add(bySku ? " group by 1, 2, 3, 4 having sum(d.billed_qty) > 0" : " and d.billed_qty > 0")
                    .add(") b on b.distributor_id = w.distributor_id and b.outlet_id = w.outlet_id and b.category_id = w.category_id" + place + ") f", span.to(), span.to());
        }
        return Sql.of("(select w.distributor_id, w.outlet_id, w.category_id, w.principal_id, w.weight, " + (bySku ? "k.id as sku_id, " : "") + "p.beat_id, p.channel, p.outlet_class from (").add(weights).add(") w" + (bySku ? " join catalog.sku k on k.category_id = w.category_id" : "") + place + ") f", span.to(), span.to());
    }

    private static LocalDate end(boolean compared, Plan.Zone zone) {
        var to = span(zone, compared).to();
        return to.isAfter(zone.today()) ? zone.today() : to;
    }

    private Sql walls(String table) {
        return plan.principals() == null ? Sql.of("") : Sql.of(" and ").add(dialect.among(table + ".principal_id", principals()));
    }

    /// The distributors of a zone.
    private Sql within(String table, Plan.Zone zone) {
        return everyone ? Sql.of("true") : dialect.among(table + ".distributor_id", zone.distributors());
    }

    private Sql inside(String table, List<Plan.Zone> zones) {
        if (everyone) return Sql.of("true");
        return dialect.among(table + ".distributor_id", zones.stream().flatMapToLong(zone -> java.util.Arrays.stream(zone.distributors())).toArray());
    }

    /// The distributors, and their window.
    private Sql reach(Facts facts, String table, boolean compared, List<Plan.Zone> zones) {
        if (facts.reach != Reach.WINDOW) return inside(table, zones);
        if (zones.isEmpty()) return Sql.of("false");
        var any = new ArrayList<Sql>();
        for (var zone : zones) {
            var span = span(zone, compared);
            any.add(within(table, zone).add(" and " + table + ".business_date between ? and ?", span.from(), span.to()));
        }
        return any.size() == 1 ? any.getFirst() : Sql.of("((").add(Sql.join(any, ") or (")).add("))");
    }

    /// Like for like (KPI-04): who sold in both windows.
    private Sql inBoth(String entity, Facts facts) {
        var columns = switch (entity) {
            case "distributor" -> List.of("distributor_id");
            case "outlet" -> List.of("distributor_id", "outlet_id");
            default -> List.of("sku_id");
        };
        if (!facts.dimensions.containsAll(Set.of(entity))) return Sql.of("true");
        var from = entity.equals("sku") ? "insight.sales_daily" : "insight.sales_document";
        var list = String.join(", ", columns.stream().map(column -> "y." + column).toList());
        var sides = new ArrayList<Sql>();
        for (boolean compared : new boolean[] {false, true}) {
            sides.add(Sql.of("select " + list + " from " + from + " y where " + (entity.equals("sku") ? "" : "not y.cancelled and ")).add(reach(Facts.DAYS, "y", compared, plan.zones())).add(walls("y")).add(" group by " + list + " having sum(y.nsv) > 0"));
        }
        var left = String.join(", ", columns.stream().map(column -> "f." + column).toList());
        return Sql.of((columns.size() > 1 ? "(" + left + ")" : left) + " in (").add(Sql.join(sides, " intersect ")).add(")");
    }

    private long[] principals() {
        return Objects.requireNonNull(plan.principals()).stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private Sql filter(Plan.KeyFilter filter, Facts facts, boolean compared, Set<String> joins) {
        var key = key(filter.dimension(), facts, compared, joins);
        List<Object> keys = filter.keys();
        if (filter.dimension().type() == Dimension.Type.DATE) keys = keys.stream().map(day -> (Object) start(filter.dimension(), (LocalDate) day)).toList();
        var sql = Sql.of("(").add(dialect.keys(key, filter.dimension(), keys));
        if (filter.orNone()) sql.add(" or " + key + " is null");
        return sql.add(")");
    }

    private static LocalDate start(Dimension dimension, LocalDate day) {
        return switch (dimension.id()) {
            case "month" -> day.withDayOfMonth(1);
            case "week" -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
            default -> day;
        };
    }

    /// The key of a fact on a dimension. A compared fact is dated to its counterpart in the window asked for.
    private String key(Dimension dimension, Facts facts, boolean compared, Set<String> joins) {
        var date = compared ? "(f.business_date + interval '" + Objects.requireNonNull(plan.compared()).shift() + "')" : "f.business_date";
        return switch (dimension.id()) {
            case "region" -> with(place(), joins, "pd.region_id");
            case "territory" -> with(place(), joins, "pd.territory_id");
            case "tier" -> with(place(), joins, "pd.tier");
            case "super-stockist" -> with(place(), joins, "pd.supplier_id");
            case "distributor" -> "f.distributor_id";
            case "beat" -> "f.beat_id";
            case "outlet" -> "f.outlet_id";
            case "invoice" -> facts == Facts.RECEIVABLE ? "f.document_id" : "f.id";
            case "category" -> facts == Facts.WEIGHT || facts == Facts.WEIGHTS || facts == Facts.DUE ? "f.category_id" : with(SKU, joins, "s.category_id");
            case "brand" -> facts == Facts.DUE ? "f.brand_id" : with(SKU, joins, "s.brand_id");
            case "sku" -> "f.sku_id";
            case "principal" -> "f.principal_id";
            case "scheme" -> "f.scheme_id";
            case "channel" -> "f.channel";
            case "class" -> "f.outlet_class";
            case "reason" -> "nullif(f.reason, '')";
            case "source" -> "f.source";
            case "batch" -> "f.batch_no";
            case "rep" -> "f.rep";
            case "month" -> "date_trunc('month', " + date + ")::date";
            case "week" -> "date_trunc('week', " + date + ")::date";
            case "day" -> date + "::date";
            case "ageing-bucket" -> "case when f.days <= 0 then 'not-due' when f.days <= 7 then '1-7' when f.days <= 15 then '8-15' when f.days <= 30 then '16-30'"
                    + " when f.days <= 60 then '31-60' when f.days <= 90 then '61-90' when f.days <= 180 then '91-180' else 'over-180' end";
            case "shelf-life" -> "case when f.left_days is null then 'undated' when f.left_days < 0 then 'expired' when f.left_days <= 30 then '0-30' when f.left_days <= 60 then '31-60'"
                    + " when f.left_days <= 90 then '61-90' when f.left_days <= 180 then '91-180' else 'over-180' end";
            default -> throw new IllegalArgumentException("no dimension " + dimension.id());
        };
    }

    private String place() {
        return "\n    join " + dialect.places() + " pd on pd.distributor_id = f.distributor_id";
    }

    private static String with(String join, Set<String> joins, String key) {
        joins.add(join);
        return key;
    }

    private static final String OUTLET = "\n    left join network.outlet o on o.distributor_id = f.distributor_id and o.id = f.outlet_id";
    private static final String SKU = "\n    join catalog.sku s on s.id = f.sku_id";
}
