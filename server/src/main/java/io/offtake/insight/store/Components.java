package io.offtake.insight.store;

import io.offtake.insight.Metric;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The additive parts that metrics are made of, by the facts that hold them. `f` is the row of the facts.
final class Components {
    private Components() {}

    /// Where facts come from; all but OUTLETS sum, OUTLETS counts.
    enum Facts {
        SALES, OUTLETS, SCHEME, PRIMARY, COVER, RECEIVABLE;

        boolean windowed() {
            return this != COVER && this != RECEIVABLE;
        }
    }

    static final String DEBIT = "f.kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING')";

    private static final Map<String, String> SQL = Map.ofEntries(
            Map.entry("sales.nsv", "sum(f.nsv)"),
            Map.entry("sales.gross", "sum(f.gross)"),
            Map.entry("sales.scheme_discount", "sum(f.scheme_discount)"),
            Map.entry("sales.returned", "sum(f.returned)"),
            Map.entry("sales.volume", "sum(f.billed_qty - f.returned_qty)"),
            Map.entry("sales.free_qty", "sum(f.free_qty)"),
            Map.entry("outlets.active", "count(*)"),
            Map.entry("scheme.benefit", "sum(f.benefit)"),
            Map.entry("scheme.claim", "sum(f.claim)"),
            Map.entry("scheme.bills", "count(distinct f.id) filter (where f.kind = 'INVOICE')"),
            Map.entry("primary.value", "sum(f.value)"),
            Map.entry("primary.billed_qty", "sum(f.billed_qty)"),
            Map.entry("cover.stock", "sum(f.stock) filter (where not f.fresh)"),
            Map.entry("cover.billed", "sum(f.billed) filter (where not f.fresh)"),
            Map.entry("cover.stock_new", "sum(f.stock) filter (where f.fresh)"),
            Map.entry("cover.stock_all", "sum(f.stock)"),
            Map.entry("cover.value", "sum(f.value)"),
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
            Map.entry("receivable.credits", "sum(f.open_amount) filter (where not " + DEBIT + ")"));

    private static String days(String range) {
        return "sum(f.open_amount) filter (where " + DEBIT + " and f.days " + range + ")";
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

    static boolean exists(String component) {
        return component.equals("sales.bills") || SQL.containsKey(component);
    }

    /// What the metrics need, each once, in a fixed order.
    static List<String> of(List<Metric> metrics) {
        Set<String> all = new LinkedHashSet<>();
        for (var metric : metrics) {
            var value = metric.value();
            switch (value.kind()) {
                case SUM, DISTINCT, GROWTH -> all.add(java.util.Objects.requireNonNull(value.of()));
                case RATIO -> {
                    all.add(java.util.Objects.requireNonNull(value.numerator()));
                    all.add(java.util.Objects.requireNonNull(value.denominator()));
                    if (factsOf(java.util.Objects.requireNonNull(value.numerator())) == Facts.COVER) all.add("cover.stock_new");
                }
            }
        }
        return List.copyOf(all);
    }
}
