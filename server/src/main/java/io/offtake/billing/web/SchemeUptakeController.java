package io.offtake.billing.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.catalog.CatalogRelations;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.SchemeBudget;
import io.offtake.schemes.SchemeRelations;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Who used a scheme (SCH-22), from the posted documents themselves.
@RestController
@RequestMapping("/api/v1/schemes/{id}")
@Tag(name = "schemes")
class SchemeUptakeController {
    private static final int LONGEST_DAYS = 800;
    private static final int ROWS = 200;

    /// Of a window, in the caller's distributors. `benefit` is what bills gave: money off, the claim value of free goods, and what was
    /// accrued; cancelled bills are left out.
    ///
    /// @param rows the largest first, at most 200
    record Uptake(LocalDate from, LocalDate to, @Nullable Integer version, Totals totals, List<Day> series, List<Row> rows, SchemeBudget budget) {}

    record Totals(long invoices, long outlets, long lines, BigDecimal benefit, BigDecimal freeQty, BigDecimal freeValue, BigDecimal claim) {}

    /// @param usedToDate the sum of the benefit since `from`
    record Day(LocalDate on, BigDecimal benefit, long invoices, BigDecimal usedToDate) {}

    record Row(String id, String code, String name, long invoices, long outlets, BigDecimal benefit, BigDecimal freeQty) {}

    /// What a scheme gave, line by line, and what it accrued, document by document.
    private static final String GIVEN = """
            with given as (
              select b.distributor_id, b.business_date, b.invoice_id, i.outlet_id, l.sku_id, b.line, b.amount + case when b.kind = 'FREE_GOODS' then b.claim_value else 0 end as benefit,
                     b.free_qty, case when b.kind = 'FREE_GOODS' then b.claim_value else 0 end as free_value, b.claim_value as claim
                from billing.scheme_benefit b
                join billing.invoice i on i.distributor_id = b.distributor_id and i.id = b.invoice_id
                join billing.invoice_line l on l.distributor_id = b.distributor_id and l.business_date = b.business_date and l.invoice_id = b.invoice_id and l.line = b.line and l.part = b.part
               where b.distributor_id = any (:distributors) and b.scheme_id = :scheme and b.business_date between :from and :to
                 and (:principals::bigint[] is null or b.principal_id = any (:principals::bigint[]))
                 and (:version::integer is null or b.scheme_version = :version::integer)
                 and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = b.distributor_id and c.invoice_id = b.invoice_id)
               union all
              select r.distributor_id, r.business_date, r.invoice_id, r.outlet_id, l.sku_id, r.line, -r.amount - case when r.kind = 'FREE_GOODS' then r.claim_value else 0 end,
                     -r.free_qty, -case when r.kind = 'FREE_GOODS' then r.claim_value else 0 end, -r.claim_value
                from billing.benefit_reversal r
                join billing.invoice_line l on l.distributor_id = r.distributor_id and l.business_date = r.invoice_date and l.invoice_id = r.invoice_id and l.line = r.line and l.part = r.part
               where r.distributor_id = any (:distributors) and r.scheme_id = :scheme and r.business_date between :from and :to
                 and (:principals::bigint[] is null or r.principal_id = any (:principals::bigint[]))
                 and (:version::integer is null or r.scheme_version = :version::integer)
               union all
              select a.distributor_id, a.business_date, a.document_id, a.outlet_id, null::bigint, 0, a.amount, 0, 0, a.principal_share
                from\s""" + SchemeRelations.ACCRUED + """
             a
               where a.distributor_id = any (:distributors) and a.scheme_id = :scheme and a.business_date between :from and :to
                 and (:version::integer is null or a.scheme_version = :version::integer))
            """;
    private static final String TOTALS = GIVEN + """
            select count(distinct invoice_id), count(distinct outlet_id), count(distinct (invoice_id, line)), coalesce(sum(benefit), 0), coalesce(sum(free_qty), 0), coalesce(sum(free_value), 0),
                   coalesce(sum(claim), 0) from given""";
    private static final String DAYS = GIVEN + """
            select business_date, sum(benefit), count(distinct invoice_id), sum(sum(benefit)) over (order by business_date) from given group by business_date order by business_date""";
    private static final Map<String, String> BY = Map.of(
            "distributor", "select g.distributor_id::text as id, k.code, k.name, " + "%s from given g join " + NetworkRelations.DISTRIBUTORS + " k on k.id = g.distributor_id",
            "outlet", "select g.outlet_id::text as id, k.code, k.name, %s from given g join " + NetworkRelations.OUTLETS + " k on k.distributor_id = g.distributor_id and k.id = g.outlet_id",
            "sku", "select g.sku_id::text as id, k.code, k.name, %s from given g join " + CatalogRelations.SKUS + " k on k.id = g.sku_id");
    private static final String SUMS = "count(distinct g.invoice_id) as invoices, count(distinct g.outlet_id) as outlets, sum(g.benefit) as benefit, sum(g.free_qty) as free_qty";

    private final TenantTransaction transactions;
    private final SchemeBudget.Reader budgets;
    private final Clock clock;

    SchemeUptakeController(TenantTransaction transactions, SchemeBudget.Reader budgets, Clock clock) {
        this.transactions = transactions;
        this.budgets = budgets;
        this.clock = clock;
    }

    @GetMapping("/uptake")
    @Operation(summary = "Uptake", description = "Bills, outlets and benefit of a scheme, by day and by distributor, outlet or SKU (`by`). The last 90 days unless a window is given.")
    Uptake uptake(Caller caller, @PathVariable long id, @RequestParam(required = false) @Nullable LocalDate from, @RequestParam(required = false) @Nullable LocalDate to,
                  @RequestParam(defaultValue = "distributor") String by, @RequestParam(required = false) @Nullable Integer version) {
        var budget = budgets.of(caller, id);
        var last = to == null ? LocalDate.now(clock).plusDays(1) : to;
        var first = from == null ? last.minusDays(90) : from;
        if (first.isAfter(last) || first.plusDays(LONGEST_DAYS).isBefore(last))
            throw Problem.of(ProblemCode.INVALID, "The window is from " + first + " to " + last + ".").at("?from", ProblemCode.INVALID, "is after the end, or more than " + LONGEST_DAYS + " days before it").exception();
        if (!by.equals("day") && !BY.containsKey(by))
            throw Problem.of(ProblemCode.INVALID, "There is no uptake by " + by + ".").at("?by", ProblemCode.INVALID, "is none of day, distributor, outlet, sku", List.of("day", "distributor", "outlet", "sku")).exception();
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("distributors", caller.scope().distributors().toArray(Long[]::new));
        parameters.put("principals", caller.scope().principals() == null ? null : caller.scope().principals().toArray(Long[]::new));
        parameters.put("scheme", id);
        parameters.put("from", first);
        parameters.put("to", last);
        parameters.put("version", version);
        return transactions.read(caller.scope(), db -> {
            var totals = db.sql(TOTALS).params(parameters).query((row, _) -> new Totals(row.getLong(1), row.getLong(2), row.getLong(3), row.getBigDecimal(4), row.getBigDecimal(5),
                    row.getBigDecimal(6), row.getBigDecimal(7))).single();
            var series = db.sql(DAYS).params(parameters).query((row, _) -> new Day(row.getObject(1, LocalDate.class), row.getBigDecimal(2), row.getLong(3), row.getBigDecimal(4))).list();
            return new Uptake(first, last, version, totals, series, by.equals("day") ? List.of() : rows(db, by, parameters), budget);
        });
    }

    private static List<Row> rows(JdbcClient db, String by, Map<String, @Nullable Object> parameters) {
        return db.sql(GIVEN + BY.get(by).replace("%s", SUMS) + " group by 1, 2, 3 order by benefit desc, code limit " + ROWS).params(parameters).query(Row.class).list();
    }
}
