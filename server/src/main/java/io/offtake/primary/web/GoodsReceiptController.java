package io.offtake.primary.web;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Actor;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.primary.GoodsReceiptAnswers;
import io.offtake.primary.GoodsReceiptView;
import io.offtake.primary.GoodsReceipts;
import io.offtake.primary.PostGoodsReceipt;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Goods receipts over HTTP.
@RestController
@RequestMapping("/api/v1/goods-receipts")
class GoodsReceiptController {
    private static final ListSql LIST = ListSql.of("""
            select g.id, g.number, g.business_date, g.recorded_at, g.recorded_by, g.distributor_id, g.principal_id, g.warehouse_id, g.principal_invoice_number, g.principal_invoice_on,
                   g.taxable, g.total
              from primary_sales.goods_receipt g
             where g.distributor_id = any(:distributors)""")
            .sortable("businessDate", DATE).sortable("number", TEXT).sortable("total", DECIMAL).key("id", UUID)
            .equal("distributorId", LONG).equal("principalId", LONG).from("from", "businessDate", DATE).to("to", "businessDate", DATE)
            .search("number", "principalInvoiceNumber").order("-businessDate", "-number");

    private final GoodsReceipts receipts;
    private final TenantTransaction transactions;

    GoodsReceiptController(GoodsReceipts receipts, TenantTransaction transactions) {
        this.receipts = receipts;
        this.transactions = transactions;
    }

    record GoodsReceiptRow(java.util.UUID id, String number, LocalDate businessDate, Instant recordedAt, String recordedBy, long distributorId, long principalId,
                           java.util.UUID warehouseId, String principalInvoiceNumber, LocalDate principalInvoiceOn, BigDecimal taxable, BigDecimal total) {}

    @GetMapping
    @Operation(summary = "List goods receipts")
    Page<GoodsReceiptRow> list(Caller caller, ListQuery query) {
        caller.require(Permission.GOODS_RECEIPT_READ);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), GoodsReceiptRow.class));
    }

    @PostMapping
    @Operation(summary = "Receive goods against the principal's invoice", description = "Once per document id and once per principal's invoice.")
    @ApiResponse(responseCode = "201", description = "Posted", content = @Content(schema = @Schema(implementation = GoodsReceiptView.class)))
    @ApiResponse(responseCode = "200", description = "Was posted before", content = @Content(schema = @Schema(implementation = GoodsReceiptView.class)))
    ResponseEntity<Object> post(Caller caller, @Valid @RequestBody PostGoodsReceipt command) {
        caller.require(Permission.GOODS_RECEIPT_POST, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return GoodsReceiptAnswers.of(receipts.post(command, new Actor(caller.userId(), caller.username()), false), command);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read a goods receipt")
    GoodsReceiptView read(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.GOODS_RECEIPT_READ);
        return receipts.find(caller.scope(), id).orElseThrow(() -> caller.notFound("goods receipt"));
    }
}
