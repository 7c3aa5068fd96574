package io.offtake.stock.web;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.Operation;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Stock on hand and its ledger over HTTP.
@RestController
@RequestMapping("/api/v1/stock")
class StockController {
    private static final ListSql BALANCES = ListSql.of("""
            select b.distributor_id::text || '/' || b.warehouse_id || '/' || b.batch_id || '/' || b.bucket as id, b.distributor_id, b.principal_id, b.warehouse_id, w.name as warehouse,
                   b.sku_id, s.code as sku_code, s.name as sku_name, b.batch_id, b.batch_no, b.mrp, b.expires_on, coalesce(b.expires_on, date '9999-12-31') as expiry_order, b.received_on,
                   b.bucket, b.qty, b.unit_cost, round(b.qty * b.unit_cost, 2) as value
              from stock.balance b
              join catalog.sku s on s.id = b.sku_id
              join network.warehouse w on w.distributor_id = b.distributor_id and w.id = b.warehouse_id
             where b.distributor_id = any(:distributors) and b.qty > 0""")
            .sortable("skuName", TEXT).sortable("skuCode", TEXT).sortable("expiryOrder", DATE).sortable("qty", DECIMAL).sortable("value", DECIMAL).key("id", TEXT)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("warehouseId", UUID).equal("skuId", LONG).equal("batchId", UUID).equal("bucket", TEXT)
            .from("expiresFrom", "expiryOrder", DATE).to("expiresTo", "expiryOrder", DATE).search("skuName", "skuCode", "batchNo").order("skuName", "expiryOrder");

    private static final ListSql ENTRIES = ListSql.of("""
            select e.document_id::text || '/' || e.line || '/' || e.leg as id, e.distributor_id, e.business_date, e.document_id, e.document_type, e.line, e.leg, e.warehouse_id, e.sku_id,
                   s.code as sku_code, s.name as sku_name, e.batch_id, b.batch_no, e.bucket, e.qty, e.unit_cost
              from stock.entry e
              join catalog.sku s on s.id = e.sku_id
              join catalog.batch b on b.distributor_id = e.distributor_id and b.id = e.batch_id
             where e.distributor_id = any(:distributors)""")
            .sortable("businessDate", DATE).key("id", TEXT)
            .equal("distributorId", LONG).equal("skuId", LONG).equal("batchId", UUID).equal("documentId", UUID).equal("bucket", TEXT).equal("documentType", TEXT)
            .from("from", "businessDate", DATE).to("to", "businessDate", DATE).search("skuName", "skuCode", "batchNo").order("-businessDate");

    private final TenantTransaction transactions;

    StockController(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    /// What one warehouse holds of one batch in one bucket.
    record StockRow(String id, long distributorId, long principalId, java.util.UUID warehouseId, String warehouse, long skuId, String skuCode, String skuName, java.util.UUID batchId,
                    String batchNo, BigDecimal mrp, @Nullable LocalDate expiresOn, LocalDate receivedOn, String bucket, BigDecimal qty, BigDecimal unitCost, BigDecimal value) {}

    /// One end of a movement: below zero where goods left, above where they came.
    record StockEntryRow(String id, long distributorId, LocalDate businessDate, java.util.UUID documentId, String documentType, int line, int leg, java.util.UUID warehouseId, long skuId,
                         String skuCode, String skuName, java.util.UUID batchId, String batchNo, String bucket, BigDecimal qty, BigDecimal unitCost) {}

    @GetMapping
    @Operation(summary = "List stock by warehouse, SKU, batch and bucket")
    Page<StockRow> balances(Caller caller, ListQuery query) {
        caller.require(Permission.STOCK_READ);
        return transactions.read(caller.scope(), db -> BALANCES.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), StockRow.class));
    }

    @GetMapping("/entries")
    @Operation(summary = "List the stock ledger", description = "Every unit from receipt to sale: filter by batch or document.")
    Page<StockEntryRow> entries(Caller caller, ListQuery query) {
        caller.require(Permission.STOCK_READ);
        return transactions.read(caller.scope(), db -> ENTRIES.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), StockEntryRow.class));
    }
}
