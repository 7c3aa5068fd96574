package io.offtake.claims.web;

import io.offtake.access.Caller;
import io.offtake.claims.app.TradeSpend;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The trade-spend ledger over HTTP (SCH-27).
@RestController
@RequestMapping("/api/v1/trade-spend")
@Tag(name = "claims")
class TradeSpendController {
    private final TradeSpend spend;

    TradeSpendController(TradeSpend spend) {
        this.spend = spend;
    }

    @GetMapping
    @Operation(operationId = "sumTradeSpend", summary = "Trade spend", description = "Promised, accrued, claimed, approved, settled and reversed by scheme, SKU, distributor, outlet or month.")
    TradeSpend.View of(Caller caller, @RequestParam(defaultValue = "scheme") String by, @RequestParam(required = false) @Nullable LocalDate from, @RequestParam(required = false) @Nullable LocalDate to,
                       @RequestParam(required = false) @Nullable Long distributorId, @RequestParam(required = false) @Nullable Long principalId, @RequestParam(required = false) @Nullable Long schemeId,
                       @RequestParam(required = false) @Nullable UUID outletId, @RequestParam(required = false) @Nullable Long skuId) {
        return spend.of(caller, by, new TradeSpend.Filter(from, to, distributorId, principalId, schemeId, outletId, skuId));
    }

    @GetMapping("/entries")
    @Operation(operationId = "listTradeSpendEntries", summary = "Entries of trade spend", description = "Every rupee with its bill; filters as the sums, and `stage`.")
    Page<TradeSpend.Entry> entries(Caller caller, ListQuery query, @RequestParam(required = false) @Nullable LocalDate from, @RequestParam(required = false) @Nullable LocalDate to,
                                   @RequestParam(required = false) @Nullable Long distributorId, @RequestParam(required = false) @Nullable Long principalId, @RequestParam(required = false) @Nullable Long schemeId,
                                   @RequestParam(required = false) @Nullable UUID outletId, @RequestParam(required = false) @Nullable Long skuId) {
        return spend.entries(caller, query, new TradeSpend.Filter(from, to, distributorId, principalId, schemeId, outletId, skuId));
    }
}
