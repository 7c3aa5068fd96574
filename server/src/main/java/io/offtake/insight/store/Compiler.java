package io.offtake.insight.store;

import io.offtake.insight.Dimension;
import io.offtake.insight.Metric;
import io.offtake.insight.domain.DateSpan;
import io.offtake.insight.domain.Plan;
import io.offtake.insight.store.Components.Facts;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Turns a plan into PostgreSQL. Every subquery on a distributed table carries the distributors of the plan, and the
/// principals where it is confined to some: there is no path to other rows, whatever is asked (INV-10).
///
/// Facts of each kind are grouped by themselves (`u`), laid over one another (`g`), and the metrics are computed from the
/// sums, so that a ratio is always the ratio of the sums.
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

    private enum Shape { DOCUMENT, DAILY, LINE }

    private static final Set<String> GOODS = Set.of("category", "brand", "sku");
    private static final int COVER_DAYS = 90;
    private static final int NEW_DAYS = 30;

    private final Plan plan;
    private final List<String> components;
    private final Shape shape;
    private final boolean labelled;
    private final boolean documents;

    Compiler(Plan plan) {
        this.plan = plan;
        this.components = Components.of(plan.metrics());
        var used = plan.used();
        boolean goods = used.stream().anyMatch(GOODS::contains);
        this.shape = !goods ? Shape.DOCUMENT : used.contains("invoice") || components.contains("sales.bills") ? Shape.LINE : Shape.DAILY;
        this.documents = plan.by("invoice");
        this.labelled = documents || plan.by("beat") || plan.by("outlet");
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

    /// The statement of one level. Columns: k0…, l0… (labels), h, n, dk (where documents or labels need them), c0…, d0…
    /// (compared), v0…, w0… (compared), rows (of all pages).
    Sql statement(Level level) {
        boolean keyed = level == Level.ROWS;
        var sources = new ArrayList<Sql>();
        for (var facts : Facts.values()) {
            if (components.stream().noneMatch(component -> Components.factsOf(component) == facts)) continue;
            if (facts.windowed()) {
                sources.add(source(facts, false, level, plan.zones()));
                if (plan.compare()) sources.add(source(facts, true, level, plan.zones()));
            } else {
                for (var zone : plan.zones()) sources.add(source(facts, false, level, List.of(zone)));
            }
        }
        var sql = new Sql().add("with u as (\n").add(Sql.join(sources, "\nunion all\n")).add("\n), g as (\n  select ");
        var columns = new ArrayList<String>();
        if (keyed) for (int i = 0; i < plan.dimensions().size(); i++) columns.add("k" + i);
        if (keyed && labelled) columns.add("max(h) as h");
        if (keyed && documents) columns.add("max(n) as n, max(dk) as dk");
        for (int i = 0; i < components.size(); i++) {
            columns.add("sum(c" + i + ") as c" + i);
            if (plan.compare()) columns.add("sum(d" + i + ") as d" + i);
        }
        sql.add(String.join(", ", columns)).add(" from u");
        if (keyed && !plan.dimensions().isEmpty()) sql.add(" group by " + keyList());
        sql.add("\n), m as (\n  select g.*");
        for (int i = 0; i < plan.metrics().size(); i++) {
            sql.add(", " + value(plan.metrics().get(i), false) + " as v" + i);
            if (plan.compare()) sql.add(", " + value(plan.metrics().get(i), true) + " as w" + i);
        }
        sql.add("\n    from g\n)\nselect m.*");
        if (!keyed) return sql.add(", 1::bigint as rows from m");
        var joins = new StringBuilder();
        for (int i = 0; i < plan.dimensions().size(); i++) {
            sql.add(", " + label(plan.dimensions().get(i), i, joins) + " as l" + i);
        }
        sql.add(", count(*) over () as rows\n  from m" + joins);
        var present = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) {
            if (plan.dimensions().get(i).nullable()) present.add("m.k" + i + " is not null");
        }
        if (!present.isEmpty()) sql.add("\n where " + String.join(" and ", present));
        sql.add("\n order by " + order()).add("\n limit ? offset ?", plan.limit(), plan.offset());
        return sql;
    }

    private String keyList() {
        var keys = new ArrayList<String>();
        for (int i = 0; i < plan.dimensions().size(); i++) keys.add("k" + i);
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
                by = dimension.id().equals("ageing-bucket") ? "array_position(array['not-due','1-7','8-15','16-30','31-60','61-90','91-180','over-180'], m.k" + at + ")"
                        : dimension.type() == Dimension.Type.DATE || dimension.type() == Dimension.Type.TEXT ? "m.k" + at : "l" + at;
            }
            terms.add(by + (ordering.descending() ? " desc" : "") + " nulls last");
        }
        for (int i = 0; i < plan.dimensions().size(); i++) terms.add("m.k" + i);
        return plan.dimensions().isEmpty() ? "1" : String.join(", ", terms);
    }

    private String value(Metric metric, boolean compared) {
        var value = metric.value();
        var column = compared ? "g.d" : "g.c";
        return switch (value.kind()) {
            case SUM, DISTINCT -> {
                var of = Objects.requireNonNull(value.of());
                yield compared && !Components.factsOf(of).windowed() ? "null::numeric" : "coalesce(" + column + components.indexOf(of) + ", 0)::numeric";
            }
            case RATIO -> {
                var numerator = Objects.requireNonNull(value.numerator());
                if (compared && !Components.factsOf(numerator).windowed()) yield "null::numeric";
                var below = column + components.indexOf(Objects.requireNonNull(value.denominator()));
                yield "case when " + below + " > 0 then round(coalesce(" + column + components.indexOf(numerator) + ", 0)::numeric * " + value.factor() + " / " + below + ", " + value.scale() + ") end";
            }
            case GROWTH -> {
                int at = components.indexOf(Objects.requireNonNull(value.of()));
                yield compared ? "null::numeric" : "case when g.d" + at + " > 0 then round((coalesce(g.c" + at + ", 0) - g.d" + at + ") * 100 / g.d" + at + ", 2) end";
            }
        };
    }

    private String label(Dimension dimension, int i, StringBuilder joins) {
        var table = "t" + i;
        return switch (dimension.id()) {
            case "region", "territory" -> reference(joins, "network.territory", table, i);
            case "distributor" -> reference(joins, "network.distributor", table, i);
            case "scheme" -> {
                joins.append("\n  left join schemes.scheme ").append(table).append(" on ").append(table).append(".id = m.k").append(i);
                yield table + ".code";
            }
            case "principal" -> reference(joins, "network.principal", table, i);
            case "category" -> reference(joins, "catalog.category", table, i);
            case "brand" -> reference(joins, "catalog.brand", table, i);
            case "sku" -> reference(joins, "catalog.sku", table, i);
            case "beat", "outlet" -> {
                joins.append("\n  left join network.").append(dimension.id()).append(' ').append(table).append(" on ").append(table).append(".distributor_id = m.h and ")
                        .append(table).append(".id = m.k").append(i);
                yield table + ".name";
            }
            case "invoice" -> "m.n";
            default -> "null::text";
        };
    }

    private static String reference(StringBuilder joins, String of, String table, int i) {
        joins.append("\n  left join ").append(of).append(' ').append(table).append(" on ").append(table).append(".id = m.k").append(i);
        return table + ".name";
    }

    // ---- one kind of facts, in the window or in the one compared with

    private Sql source(Facts facts, boolean compared, Level level, List<Plan.Zone> zones) {
        var joins = new LinkedHashSet<String>();
        var where = new ArrayList<Sql>();
        where.add(reach(facts, compared, zones));
        if (plan.principals() != null) where.add(Sql.of("f.principal_id = any (?)", principals()));
        for (var filter : plan.filters()) where.add(filter(filter, facts, compared, joins));
        var keys = new ArrayList<String>();
        var lacking = new ArrayList<Sql>();
        for (var dimension : plan.dimensions()) {
            var key = key(dimension, facts, compared, joins);
            keys.add(key);
            if (dimension.nullable()) lacking.add(Sql.of(key + " is null"));
        }
        if (level == Level.NOT_ALLOCATED) where.add(Sql.of("(").add(Sql.join(lacking, " or ")).add(")"));
        if (facts == Facts.RECEIVABLE && plan.used().contains("ageing-bucket")) where.add(Sql.of(Components.DEBIT));

        boolean keyed = level == Level.ROWS;
        var select = new ArrayList<String>();
        var group = new ArrayList<String>();
        if (keyed) {
            for (int i = 0; i < keys.size(); i++) {
                select.add(keys.get(i) + " as k" + i);
                group.add(Integer.toString(select.size()));
            }
            if (labelled) {
                select.add("f.distributor_id as h");
                group.add(Integer.toString(select.size()));
            }
            if (documents) select.add("max(f.number) as n, max(f.kind) as dk");
        }
        if (facts == Facts.OUTLETS) return outlets(select, group, joins, where, compared, zones, keyed, keys.size());
        addComponents(select, facts, compared);
        var sql = new Sql().add("  select " + String.join(", ", select) + "\n    from ").add(from(facts, zones)).add(String.join("", joins))
                .add("\n   where ").add(Sql.join(where, "\n     and "));
        if (!group.isEmpty()) sql.add("\n   group by " + String.join(", ", group));
        return sql;
    }

    private void addComponents(List<String> select, Facts facts, boolean compared) {
        for (int i = 0; i < components.size(); i++) {
            var component = components.get(i);
            boolean here = Components.factsOf(component) == facts;
            var sql = here ? "(" + Components.sql(component, shape == Shape.LINE) + ")::numeric" : "null::numeric";
            select.add((compared ? "null::numeric" : sql) + " as c" + i);
            if (plan.compare()) select.add((compared ? sql : "null::numeric") + " as d" + i);
        }
    }

    /// Outlets whose sales in the window are above zero, each once, whoever serves it.
    private Sql outlets(List<String> select, List<String> group, Set<String> joins, List<Sql> where, boolean compared, List<Plan.Zone> zones, boolean keyed, int keys) {
        joins.add(OUTLET);
        select.add("o.platform_outlet_id as po");
        group.add(Integer.toString(select.size()));
        var inner = new Sql().add("select " + String.join(", ", select) + "\n            from ").add(from(Facts.OUTLETS, zones)).add(String.join("", joins))
                .add("\n           where ").add(Sql.join(where, "\n             and "))
                .add("\n           group by " + String.join(", ", group) + "\n          having sum(f.nsv) > 0");
        var outer = new ArrayList<String>();
        var by = new ArrayList<String>();
        if (keyed) {
            for (int i = 0; i < keys; i++) outer.add("f.k" + i);
            if (labelled) outer.add("f.h");
            by.addAll(outer);
        }
        addComponents(outer, Facts.OUTLETS, compared);
        var sql = new Sql().add("  select " + String.join(", ", outer) + "\n    from (").add(inner).add(") f");
        if (!by.isEmpty()) sql.add("\n   group by " + String.join(", ", by));
        return sql;
    }

    private Sql from(Facts facts, List<Plan.Zone> zones) {
        return switch (facts) {
            case SALES, OUTLETS -> switch (shape) {
                case DOCUMENT -> Sql.of("(select * from insight.sales_document where not cancelled) f");
                case DAILY -> Sql.of("insight.sales_daily f");
                case LINE -> Sql.of("""
                        (select s.distributor_id, s.business_date, s.id, s.number, s.kind, s.outlet_id, s.principal_id, l.sku_id,
                                case when s.kind = 'INVOICE' then l.gross else 0 end as gross,
                                case when s.kind = 'INVOICE' then l.scheme_discount else 0 end as scheme_discount,
                                case when s.kind = 'INVOICE' then 0 else l.gross - l.scheme_discount - l.manual_discount end as returned,
                                case when s.kind = 'INVOICE' then 1 else -1 end * (l.gross - l.scheme_discount - l.manual_discount) as nsv,
                                case when s.kind = 'INVOICE' then l.qty else 0 end as billed_qty,
                                case when s.kind = 'INVOICE' then l.free_qty else 0 end as free_qty,
                                case when s.kind = 'INVOICE' then 0 else l.qty end as returned_qty
                           from insight.sales_document s
                           join billing.invoice_line l on l.distributor_id = s.distributor_id and l.business_date = s.business_date and l.invoice_id = s.id
                          where not s.cancelled) f""");
            };
            case SCHEME -> Sql.of("""
                    (select s.distributor_id, s.business_date, s.id, s.number, s.kind, s.outlet_id, s.principal_id, l.sku_id, b.scheme_id,
                            case when s.kind = 'INVOICE' then 1 else -1 end * (b.amount + case when b.kind = 'FREE_GOODS' then b.claim_value else 0 end) as benefit,
                            case when s.kind = 'INVOICE' then 1 else -1 end * b.claim_value as claim
                       from insight.sales_document s
                       join (select distributor_id, business_date, invoice_id, line, part, scheme_id, kind, amount, claim_value from billing.scheme_benefit
                              union all
                             select distributor_id, business_date, document_id, line, part, scheme_id, kind, amount, claim_value from billing.benefit_reversal) b
                         on b.distributor_id = s.distributor_id and b.business_date = s.business_date and b.invoice_id = s.id
                       join billing.invoice_line l on l.distributor_id = b.distributor_id and l.business_date = b.business_date and l.invoice_id = b.invoice_id and l.line = b.line and l.part = b.part
                      where not s.cancelled) f""");
            case PRIMARY -> Sql.of("insight.primary_daily f");
            case COVER -> cover(zones.getFirst());
            case RECEIVABLE -> Sql.of("(select i.*, ?::date - i.due_on as days from receivables.open_item i where i.open_amount > 0) f", zones.getFirst().today());
        };
    }

    /// Stock and what was billed of it in 90 days, by distributor and SKU. A SKU is new until 30 days after its first receipt,
    /// unless it was billed before.
    private Sql cover(Plan.Zone zone) {
        var ids = zone.distributors();
        var today = zone.today();
        return Sql.of("""
                (select y.distributor_id, y.sku_id, y.principal_id, y.stock, y.value, y.billed, (coalesce(r.received_on, date '2000-01-01') > ?::date and not y.early) as fresh
                   from (select x.distributor_id, x.sku_id, x.principal_id, sum(x.stock) as stock, sum(x.value) as value, sum(x.billed) as billed, bool_or(x.early) as early
                           from (select b.distributor_id, b.sku_id, b.principal_id, b.qty as stock, b.qty * b.unit_cost as value, 0::numeric as billed, false as early
                                   from stock.balance b
                                  where b.distributor_id = any (?) and b.bucket in ('SALEABLE', 'RESERVED') and b.qty > 0
                                 union all
                                 select s.distributor_id, s.sku_id, s.principal_id, 0, 0, sum(s.billed_qty), min(s.business_date) <= ?::date
                                   from insight.sales_daily s
                                  where s.distributor_id = any (?) and s.business_date between ? and ?
                                  group by 1, 2, 3) x
                          group by 1, 2, 3) y
                   left join (select c.distributor_id, c.sku_id, min(c.received_on) as received_on from catalog.batch c where c.distributor_id = any (?) group by 1, 2) r
                     on r.distributor_id = y.distributor_id and r.sku_id = y.sku_id) f""",
                today.minusDays(NEW_DAYS), ids, today.minusDays(NEW_DAYS), ids, today.minusDays(COVER_DAYS - 1), today, ids);
    }

    /// The distributors, and their window.
    private Sql reach(Facts facts, boolean compared, List<Plan.Zone> zones) {
        if (zones.isEmpty()) return Sql.of("f.distributor_id = any (?) and false", new long[0]);
        var any = new ArrayList<Sql>();
        for (var zone : zones) {
            var one = Sql.of("f.distributor_id = any (?)", zone.distributors());
            if (facts.windowed()) {
                DateSpan span = Objects.requireNonNull(compared ? zone.compared() : zone.span());
                one.add(" and f.business_date between ? and ?", span.from(), span.to());
            }
            any.add(one);
        }
        return any.size() == 1 ? any.getFirst() : Sql.of("((").add(Sql.join(any, ") or (")).add("))");
    }

    private Sql.Array principals() {
        return new Sql.Array("int8", List.copyOf(Objects.requireNonNull(plan.principals())));
    }

    private Sql filter(Plan.KeyFilter filter, Facts facts, boolean compared, Set<String> joins) {
        var key = key(filter.dimension(), facts, compared, joins);
        var type = switch (filter.dimension().type()) {
            case NUMBER -> "int8";
            case UUID -> "uuid";
            case TEXT -> "text";
            case DATE -> "date";
        };
        List<Object> keys = filter.keys();
        if (filter.dimension().type() == Dimension.Type.DATE) keys = keys.stream().map(day -> (Object) start(filter.dimension(), (LocalDate) day)).toList();
        var sql = Sql.of("(" + key + " = any (?)", new Sql.Array(type, keys));
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
            case "region" -> {
                joins.add(PLACE);
                yield "case when pt.kind = 'REGION' then pt.id when pp.kind = 'REGION' then pp.id when pg.kind = 'REGION' then pg.id end";
            }
            case "territory" -> {
                joins.add(PLACE);
                yield "case when pt.kind = 'TERRITORY' then pt.id end";
            }
            case "distributor" -> "f.distributor_id";
            case "beat" -> with(OUTLET, joins, "o.beat_id");
            case "outlet" -> "f.outlet_id";
            case "invoice" -> facts == Facts.RECEIVABLE ? "f.document_id" : "f.id";
            case "category" -> with(SKU, joins, "s.category_id");
            case "brand" -> with(SKU, joins, "s.brand_id");
            case "sku" -> "f.sku_id";
            case "principal" -> "f.principal_id";
            case "scheme" -> "f.scheme_id";
            case "channel" -> with(OUTLET, joins, "o.channel");
            case "class" -> with(OUTLET, joins, "o.outlet_class");
            case "month" -> "date_trunc('month', " + date + ")::date";
            case "week" -> "date_trunc('week', " + date + ")::date";
            case "day" -> date + "::date";
            case "ageing-bucket" -> "case when f.days <= 0 then 'not-due' when f.days <= 7 then '1-7' when f.days <= 15 then '8-15' when f.days <= 30 then '16-30'"
                    + " when f.days <= 60 then '31-60' when f.days <= 90 then '61-90' when f.days <= 180 then '91-180' else 'over-180' end";
            default -> throw new IllegalArgumentException("no dimension " + dimension.id());
        };
    }

    private static String with(String join, Set<String> joins, String key) {
        joins.add(join);
        return key;
    }

    private static final String OUTLET = "\n    left join network.outlet o on o.distributor_id = f.distributor_id and o.id = f.outlet_id";
    private static final String SKU = "\n    join catalog.sku s on s.id = f.sku_id";
    private static final String PLACE = "\n    join network.distributor pd on pd.id = f.distributor_id left join network.territory pt on pt.id = pd.territory_id"
            + " left join network.territory pp on pp.id = pt.parent_id left join network.territory pg on pg.id = pp.parent_id";
}
