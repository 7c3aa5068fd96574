package io.offtake.insight.store;

import io.offtake.insight.Metric;
import io.offtake.insight.domain.FactKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parts that metrics are made of, by the facts that hold them. `f` is the row of the facts.
final class Components {
    private Components() {}

    private static final Set<String> PLACE = Set.of("region", "territory", "distributor", "tier", "super-stockist", "beat", "outlet", "channel", "class");
    private static final Set<String> SOLD = Set.of("region", "territory", "distributor", "tier", "super-stockist", "beat", "outlet", "channel", "class", "category", "brand", "sku", "principal", "month", "week", "day", "source");
    private static final Set<String> DOCUMENTS = Set.of("region", "territory", "distributor", "tier", "super-stockist", "beat", "outlet", "channel", "class", "principal", "month", "week", "day", "source");
    private static final Set<String> CLAIMED = Set.of("region", "territory", "distributor", "tier", "super-stockist", "principal", "scheme");
    private static final Set<String> GOODS = Set.of("region", "territory", "distributor", "tier", "super-stockist", "category", "brand", "sku", "principal", "source");

    /// Where parts come from.
    ///
    /// WINDOW facts have a business date in the span asked for; SPAN facts look at the span as a whole, zone by zone; NOW
    /// facts are states. A dimension that the facts lack does not split them: every key sees the whole.
    enum Facts {
        SALES(Reach.WINDOW, with(SOLD, "invoice")), DAYS(Reach.WINDOW, SOLD), DOCS(Reach.WINDOW, DOCUMENTS),
        OUTLETS(Reach.WINDOW, SOLD), ORDERERS(Reach.WINDOW, SOLD), BILLED(Reach.WINDOW, SOLD), RANGE(Reach.WINDOW, SOLD), MSL(Reach.WINDOW, SOLD), STOPS(Reach.WINDOW, SOLD), REACH(Reach.WINDOW, SOLD), VISITED(Reach.WINDOW, with(PLACE, "rep", "month", "week", "day", "source")),
        UNIVERSE(Reach.SPAN, with(PLACE, "month")), DUE(Reach.SPAN, with(PLACE, "category", "brand", "sku", "principal", "month")), LAPSED(Reach.SPAN, PLACE), JOINED(Reach.SPAN, PLACE), AGAIN(Reach.SPAN, PLACE), NEGLECTED(Reach.SPAN, PLACE),
        WEIGHT(Reach.SPAN, with(PLACE, "category", "sku")), WEIGHTS(Reach.SPAN, with(PLACE, "category", "sku")),
        SCHEME(Reach.WINDOW, with(SOLD, "scheme", "invoice")), SCHEMED(Reach.WINDOW, with(SOLD, "scheme")), RETURN(Reach.WINDOW, with(SOLD, "reason", "invoice")), NOTE(Reach.WINDOW, with(SOLD, "invoice")), PRIMARY(Reach.WINDOW, with(GOODS, "month", "week", "day")),
        ORDER(Reach.WINDOW, with(SOLD, "reason")), ORDERS(Reach.WINDOW, with(DOCUMENTS, "reason")), BACKLOG(Reach.NOW, with(SOLD, "reason")),
        COVER(Reach.NOW, GOODS), STOCK(Reach.NOW, with(GOODS, "batch", "shelf-life")), OUTAGE(Reach.SPAN, GOODS), TURNS(Reach.SPAN, GOODS),
        RECEIVABLE(Reach.NOW, with(PLACE, "invoice", "principal", "ageing-bucket", "source")), ACCOUNT(Reach.SPAN, with(PLACE, "principal", "source")), COUNTBACK(Reach.SPAN, with(PLACE, "principal", "month", "source")),
        CREDIT(Reach.NOW, with(PLACE, "principal")), TARGET(Reach.SPAN, Set.of("region", "territory", "distributor", "tier", "super-stockist", "month")), VISIT(Reach.WINDOW, with(PLACE, "rep", "month", "week", "day", "source")),
        CLAIM(Reach.WINDOW, with(CLAIMED, "month")), OPENCLAIM(Reach.NOW, CLAIMED),
        LEAD(Reach.WINDOW, DOCUMENTS), FED(Reach.SPAN, Set.of("region", "territory", "distributor", "tier", "super-stockist"));

        final Reach reach;
        final Set<String> dimensions;

        Facts(Reach reach, Set<String> dimensions) {
            this.reach = reach;
            this.dimensions = dimensions;
        }

        /// The kind of facts that a distributor may never have sent; null for sales and for what is kept of everyone.
        @Nullable FactKind kind() {
            return switch (this) {
                case PRIMARY -> FactKind.PRIMARY;
                case COVER, STOCK, OUTAGE, TURNS -> FactKind.STOCK;
                case RECEIVABLE, ACCOUNT, COUNTBACK -> FactKind.MONEY;
                case ORDER, ORDERS, BACKLOG, ORDERERS -> FactKind.ORDERS;
                case VISIT, VISITED -> FactKind.VISITS;
                case TARGET -> FactKind.TARGETS;
                default -> null;
            };
        }

        /// Whether sales are part of them, which are known of everyone: where the kind is known of some only, these facts must be kept to them.
        boolean mixed() {
            return this == COVER || this == TURNS || this == TARGET || this == ORDERERS;
        }

        boolean windowed() {
            return reach != Reach.NOW;
        }

        /// Whether its rows belong to a principal, and say so; what is counted from several tables is confined inside.
        boolean walled() {
            return dimensions.contains("principal") && this != DUE;
        }

        /// Whether the columnar store keeps them.
        boolean columnar() {
            return this != CREDIT && this != CLAIM && this != OPENCLAIM && this != LEAD;
        }
    }

    enum Reach { WINDOW, SPAN, NOW }

    static final String DEBIT = "f.debit";

    /// Sums that a month of a SKU keeps.
    static final Set<String> MONTHLY = Set.of("sales.nsv", "sales.gross", "sales.scheme_discount", "sales.manual_discount", "sales.returned", "sales.volume", "sales.volume_fed", "sales.billed_qty", "sales.physical", "sales.free_qty", "sales.cost");

    /// Sales of those whose primary is known, for what is compared with it.
    static final String FED = "sales.volume_fed";

    private static final Map<String, String> SQL = Map.ofEntries(
            Map.entry("sales.nsv", "sum(f.nsv)"),
            Map.entry("sales.gross", "sum(f.gross)"),
            Map.entry("sales.scheme_discount", "sum(f.scheme_discount)"),
            Map.entry("sales.manual_discount", "sum(f.manual_discount)"),
            Map.entry("sales.returned", "sum(f.returned)"),
            Map.entry("sales.volume", "sum(f.billed_qty - f.returned_qty)"),
            Map.entry(FED, "sum(f.billed_qty - f.returned_qty)"),
            Map.entry("sales.billed_qty", "sum(f.billed_qty)"),
            Map.entry("sales.physical", "sum(f.billed_qty + f.free_qty - f.returned_qty)"),
            Map.entry("sales.free_qty", "sum(f.free_qty)"),
            Map.entry("sales.cost", "sum(f.cost)"),
            Map.entry("days.tlsd", "count(*) filter (where f.billed_qty > 0)"),
            Map.entry("days.lines", "sum(f.invoice_lines)"),
            Map.entry("days.priced", "sum(f.priced_lines)"),
            Map.entry("docs.digital", "sum(f.nsv) filter (where f.source = 'LIVE' and f.manual_discount = 0)"),
            Map.entry("docs.nsv", "sum(f.nsv)"),
            Map.entry("docs.prior", "sum(f.nsv) filter (where f.posted_on is not null)"),
            Map.entry("docs.bills", "count(*) filter (where f.kind = 'INVOICE')"),
            Map.entry("outlets.active", "count(*)"),
            Map.entry("orderers.active", "count(*)"),
            Map.entry("billed.outlets", "count(*)"),
            Map.entry("range.lines", "count(*)"),
            Map.entry("msl.lines", "count(*)"),
            Map.entry("stops.count", "count(*)"),
            Map.entry("reach.outlets", "count(*)"),
            Map.entry("visited.outlets", "count(*)"),
            Map.entry("universe.outlets", "count(*)"),
            Map.entry("due.reach", "sum(f.outlets * f.any_sku)"),
            Map.entry("due.range", "sum(f.outlets * f.skus)"),
            Map.entry("due.msl", "sum(f.outlets * f.must_skus)"),
            Map.entry("due.msl_out", "sum(f.outlets * f.must_out)"),
            Map.entry("lapsed.dormant", "count(*) filter (where f.days >= 60 and f.days < 90)"),
            Map.entry("lapsed.lost", "count(*) filter (where f.days >= 90)"),
            Map.entry("joined.outlets", "count(*)"),
            Map.entry("neglected.outlets", "count(*)"),
            Map.entry("again.mature", "count(*)"),
            Map.entry("again.repeated", "count(*) filter (where f.repeated)"),
            Map.entry("weight.bought", "sum(f.weight)"),
            Map.entry("weights.all", "sum(f.weight)"),
            Map.entry("scheme.benefit", "sum(f.benefit)"),
            Map.entry("scheme.claim", "sum(f.claim)"),
            Map.entry("scheme.bills", "count(distinct f.id) filter (where f.kind = 'INVOICE')"),
            Map.entry("schemed.outlets", "count(*)"),
            Map.entry("note.value", "sum(f.value)"),
            Map.entry("return.value", "sum(f.value)"),
            Map.entry("return.qty", "sum(f.qty)"),
            Map.entry("primary.value", "sum(f.value)"),
            Map.entry("primary.billed_qty", "sum(f.billed_qty)"),
            Map.entry("primary.late", "sum(f.value) filter (where f.late)"),
            Map.entry("order.lines", "count(*) filter (where f.matured)"),
            Map.entry("order.full", "count(*) filter (where f.matured and f.delivered_qty >= f.ordered_qty)"),
            Map.entry("order.qty", "sum(f.ordered_qty) filter (where f.matured)"),
            Map.entry("order.filled", "sum(f.filled) filter (where f.matured)"),
            Map.entry("order.gap", "sum(f.ordered_qty - f.filled) filter (where f.matured)"),
            Map.entry("order.value", "sum(round(cast(f.ordered_qty as decimal(28,3)) * f.rate, 2)) filter (where f.matured)"),
            Map.entry("order.filled_value", "sum(round(cast(f.filled as decimal(28,3)) * f.rate, 2)) filter (where f.matured)"),
            Map.entry("orders.matured", "count(*) filter (where f.matured)"),
            Map.entry("orders.otif", "count(*) filter (where f.matured and f.whole and f.delivered_on <= f.promise_on)"),
            Map.entry("orders.delivered", "count(*) filter (where f.delivered_on is not null)"),
            Map.entry("orders.on_time", "count(*) filter (where f.delivered_on <= f.promise_on)"),
            Map.entry("orders.days", "count(distinct (f.distributor_id, f.outlet_id, f.business_date))"),
            Map.entry("backlog.value", "sum(round(cast(f.ordered_qty - f.delivered_qty as decimal(28,3)) * f.rate, 2))"),
            Map.entry("cover.stock", "sum(f.stock) filter (where not f.fresh)"),
            Map.entry("cover.run", "sum(f.run) filter (where not f.fresh)"),
            Map.entry("cover.stock_new", "sum(f.stock) filter (where f.fresh)"),
            Map.entry("cover.stock_all", "sum(f.stock)"),
            Map.entry("cover.value", "sum(f.value)"),
            Map.entry("cover.over_norm", "sum(case when f.stock > 0 and not f.fresh and f.stock * f.days > f.billed * 21 * 1.25 then round(cast(f.value as decimal(28,2)) * (f.stock * f.days - f.billed * 21 * 1.25) / (f.stock * f.days), 2) else 0 end)"),
            Map.entry("cover.under_norm", "count(*) filter (where not f.fresh and f.billed > 0 and f.stock * f.days < f.billed * 21 * 0.5)"),
            Map.entry("stock.value", "sum(f.value)"),
            Map.entry("stock.near", "sum(f.value) filter (where f.left_days between 0 and 60)"),
            Map.entry("stock.expired", "sum(f.value) filter (where f.left_days < 0)"),
            Map.entry("stock.dated", "sum(f.value) filter (where f.left_days is not null)"),
            Map.entry("outage.days", "sum(f.out_days)"),
            Map.entry("outage.all", "sum(f.all_days)"),
            Map.entry("turns.issued", "sum(f.issued)"),
            Map.entry("turns.average", "sum(f.average)"),
            Map.entry("receivable.open", "sum(f.open_amount) filter (where " + DEBIT + ")"),
            Map.entry("receivable.overdue", "sum(f.open_amount) filter (where " + DEBIT + " and f.days > 0)"),
            Map.entry("receivable.not_due", "sum(f.open_amount) filter (where " + DEBIT + " and f.days <= 0)"),
            Map.entry("receivable.due_1_7", days("between 1 and 7")),
            Map.entry("receivable.due_8_15", days("between 8 and 15")),
            Map.entry("receivable.due_16_30", days("between 16 and 30")),
            Map.entry("receivable.due_31_60", days("between 31 and 60")),
            Map.entry("receivable.due_61_90", days("between 61 and 90")),
            Map.entry("receivable.due_91_180", days("between 91 and 180")),
            Map.entry("receivable.due_over_180", days("> 180")),
            Map.entry("receivable.credits", "sum(f.open_amount) filter (where not " + DEBIT + ")"),
            Map.entry("account.opening", "sum(f.opening)"),
            Map.entry("account.closing", "sum(f.closing)"),
            Map.entry("account.closing_days", "sum(f.closing_days)"),
            Map.entry("account.sales", "sum(f.sales)"),
            Map.entry("account.collected", "sum(f.collected)"),
            Map.entry("countback.days", "sum(f.days)"),
            Map.entry("countback.known", "min(f.known)"),
            Map.entry("claim.filed", "count(*)"),
            Map.entry("claim.submitted", "sum(f.claimed)"),
            Map.entry("claim.lost", "sum(f.lost)"),
            Map.entry("claim.through", "count(*) filter (where f.straight_through)"),
            Map.entry("claim.settled", "count(*) filter (where f.settled_at is not null)"),
            Map.entry("claim.first", "count(*) filter (where f.settled_at is not null and f.queries = 0 and f.disallowed = 0)"),
            Map.entry("claim.days", "sum(f.days)"),
            Map.entry("openclaim.amount", "sum(f.open)"),
            Map.entry("openclaim.over_30", "sum(f.open) filter (where f.days > 30)"),
            Map.entry("openclaim.over_90", "sum(f.open) filter (where f.days > 90)"),
            Map.entry("credit.used", "sum(f.used)"),
            Map.entry("credit.limit", "sum(f.credit_limit)"),
            Map.entry("lead.hours", "sum(f.hours)"),
            Map.entry("lead.orders", "count(*)"),
            Map.entry("fed.days", "sum(f.days)"),
            Map.entry("fed.due", "sum(f.due)"),
            Map.entry("target.value", "sum(f.target)"),
            Map.entry("target.pro_rata", "sum(f.pro_rata)"),
            Map.entry("target.actual", "sum(f.actual)"),
            Map.entry("target.missing", "case when sum(f.target) > 0 then greatest(sum(f.target) - sum(f.actual), 0) end"),
            Map.entry("target.days_left", "max(f.days_left)"),
            Map.entry("visit.planned", "count(*) filter (where f.planned)"),
            Map.entry("visit.adhered", "count(*) filter (where f.planned and f.done)"),
            Map.entry("visit.done", "count(*) filter (where f.done)"),
            Map.entry("visit.calls", "count(distinct (f.distributor_id, f.outlet_id, f.business_date)) filter (where f.done)"),
            Map.entry("visit.productive", "count(distinct (f.distributor_id, f.outlet_id, f.business_date)) filter (where f.done and f.productive)"),
            Map.entry("visit.skus", "sum(f.skus) filter (where f.done and f.productive)"),
            Map.entry("visit.located", "count(*) filter (where f.done and f.in_fence is not null)"),
            Map.entry("visit.in_fence", "count(*) filter (where f.done and f.in_fence)"));

    private static String days(String range) {
        return "sum(f.open_amount) filter (where " + DEBIT + " and f.days " + range + ")";
    }

    private static Set<String> with(Set<String> some, String... more) {
        var all = new java.util.HashSet<>(some);
        all.addAll(List.of(more));
        return Set.copyOf(all);
    }

    static Facts factsOf(String component) {
        return Facts.valueOf(component.substring(0, component.indexOf('.')).toUpperCase(java.util.Locale.ROOT));
    }

    /// @param lines whether `f` is a line of a document, not a document
    static String sql(String component, boolean lines) {
        if (component.equals("sales.bills")) {
            return lines ? "count(distinct f.id) filter (where f.kind = 'INVOICE' and f.billed_qty > 0)" : "count(*) filter (where f.kind = 'INVOICE')";
        }
        var sql = SQL.get(component);
        if (sql == null) throw new IllegalArgumentException("no component " + component);
        return sql;
    }

    private static final Map<String, String> SUMMED = Map.ofEntries(
            Map.entry("sales.bills", "coalesce(sum(f.bills), 0)"), Map.entry("docs.bills", "coalesce(sum(f.bills), 0)"), Map.entry("docs.digital", "sum(f.digital)"), Map.entry("docs.prior", "sum(f.prior)"), Map.entry("days.tlsd", "coalesce(sum(f.tlsd), 0)"),
            Map.entry("order.lines", "coalesce(sum(f.lines) filter (where f.matured), 0)"), Map.entry("order.full", "coalesce(sum(f.whole) filter (where f.matured), 0)"),
            Map.entry("order.value", "sum(f.value) filter (where f.matured)"), Map.entry("order.filled_value", "sum(f.filled_value) filter (where f.matured)"));

    /// A part of sums by distributor and day or month, which the columnar store keeps.
    static String summed(String component) {
        var sql = SUMMED.get(component);
        return sql == null ? sql(component, false) : sql;
    }

    /// Whether a part of several groups is the sum of theirs.
    static boolean sums(String component, boolean lines) {
        var sql = sql(component, lines);
        return (sql.startsWith("sum(") || sql.startsWith("count(")) && !sql.startsWith("count(distinct");
    }

    static boolean exists(String component) {
        return component.equals("sales.bills") || SQL.containsKey(component);
    }

    /// One term of a sum of components.
    record Term(String component, boolean minus) {}

    /// `a+b-c` as terms.
    static List<Term> terms(String expression) {
        var terms = new ArrayList<Term>();
        boolean minus = false;
        for (var part : expression.splitWithDelimiters("[+-]", 0)) {
            switch (part) {
                case "+" -> minus = false;
                case "-" -> minus = true;
                default -> terms.add(new Term(part, minus));
            }
        }
        return terms;
    }

    /// The kinds of facts that must be known, by metric.
    static Map<String, FactKind> kinds(List<Metric> metrics) {
        var kinds = new HashMap<String, FactKind>();
        for (var metric : metrics) {
            var kind = of(List.of(metric)).stream().map(one -> factsOf(one).kind()).filter(Objects::nonNull).findFirst();
            kind.ifPresent(one -> kinds.put(metric.id(), one));
        }
        return kinds;
    }

    /// What the metrics need, each once, in a fixed order.
    static List<String> of(List<Metric> metrics) {
        Set<String> all = new LinkedHashSet<>();
        for (var metric : metrics) {
            var value = metric.value();
            switch (value.kind()) {
                case NONE -> { }
                case SUM, DISTINCT, GROWTH -> add(all, Objects.requireNonNull(value.of()));
                case COUNT_BACK -> {
                    all.add("countback.days");
                    all.add("countback.known");
                }
                case RATIO -> {
                    add(all, Objects.requireNonNull(value.numerator()));
                    add(all, Objects.requireNonNull(value.denominator()));
                    if (value.numerator().equals("cover.stock")) all.add("cover.stock_new");
                }
            }
        }
        return List.copyOf(all);
    }

    private static void add(Set<String> all, String expression) {
        terms(expression).forEach(term -> all.add(term.component));
    }
}
