package io.offtake.schemes.web;

import io.offtake.access.Caller;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.SchemeBudget;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What schemes have spent, and what outlets have earned outside of the invoice.
@RestController
@RequestMapping("/api/v1/schemes/{id}")
@Tag(name = "schemes")
class BudgetController {
    private static final ListSql ACCRUALS = ListSql.of("""
            select a.distributor_id, a.outlet_id, o.code as outlet_code, o.name as outlet_name, a.period, a.kind, a.unit, a.counted, a.value, a.accrued, a.settled,
                   concat_ws('/', a.distributor_id, a.outlet_id, a.period) as id
              from schemes.accrual a join\s""" + NetworkRelations.OUTLETS + """
             o on o.distributor_id = a.distributor_id and o.id = a.outlet_id
             where a.distributor_id = any (:distributors) and a.scheme_id = :scheme and a.sku_id = 0""")
            .key("id", ListSql.Type.TEXT).sortable("period", ListSql.Type.TEXT).sortable("accrued", ListSql.Type.DECIMAL).sortable("outletName", ListSql.Type.TEXT)
            .equal("period", ListSql.Type.TEXT).equal("outletId", ListSql.Type.UUID).equal("distributorId", ListSql.Type.LONG).search("outletCode", "outletName").order("-period", "-accrued");

    /// What an outlet has earned in one period of a scheme (M8, M9, M11, M12).
    ///
    /// @param period  as in spec/README.md: `2026-11`, `2026-Q4`, `FY2026`, `S`
    /// @param unit    MONEY or POINTS
    /// @param counted in the unit of the scheme's basis
    record AccrualRow(long distributorId, UUID outletId, String outletCode, String outletName, String period, String kind, String unit, BigDecimal counted, BigDecimal value,
                      BigDecimal accrued, BigDecimal settled) {}

    private final SchemeBudget.Reader budgets;
    private final TenantTransaction transactions;

    BudgetController(SchemeBudget.Reader budgets, TenantTransaction transactions) {
        this.budgets = budgets;
        this.transactions = transactions;
    }

    @GetMapping("/budget")
    @Operation(summary = "Budget", description = "What is soft, used and free of the scheme's total, its pace, and the caller's distributors.")
    SchemeBudget budget(Caller caller, @PathVariable long id) {
        return budgets.of(caller, id);
    }

    @GetMapping("/accruals")
    @Operation(summary = "Accruals", description = "What outlets have earned outside of the invoice, by period.")
    Page<AccrualRow> accruals(Caller caller, @PathVariable long id, ListQuery query) {
        budgets.of(caller, id);   // what is not yours does not exist
        return transactions.read(caller.scope(), db -> ACCRUALS.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new), "scheme", id), AccrualRow.class));
    }
}
