package io.offtake.tax.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// How totals are rounded, by currency. Line amounts always round HALF_UP; this is about the bill's total (IN-10).
@RestController
@RequestMapping("/api/v1/rounding-policies")
@Tag(name = "tax-rates")
class RoundingController {

    record RoundingPolicyView(long id, int versionNo, String currency, String documentRounding, LocalDate validFrom) {}

    private final TenantTransaction transactions;

    RoundingController(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @GetMapping
    @Operation(summary = "List", description = "All rounding policies, the latest of a currency last.")
    Page<RoundingPolicyView> list(Caller caller) {
        caller.require(Permission.SKU_READ);
        return transactions.shared(db -> Page.all(db.sql("select id, version_no, currency, document_rounding, valid_from from tax.rounding_policy order by currency, valid_from, version_no")
                .query(RoundingPolicyView.class).list()));
    }
}
