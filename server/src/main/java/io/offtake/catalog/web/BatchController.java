package io.offtake.catalog.web;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.Masters;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Batches with MRP and expiry. A goods receipt makes them; nobody edits one.
@RestController
@RequestMapping("/api/v1/batches")
@Tag(name = "batches")
class BatchController {

    record BatchView(java.util.UUID id, long distributorId, long principalId, long skuId, String sku, String skuName, String batchNo, BigDecimal mrp, @Nullable LocalDate mfgOn,
                     @Nullable LocalDate expiresOn, LocalDate receivedOn, BigDecimal unitCost, boolean hold) {}

    private static final String SELECT = """
            select b.id, b.distributor_id, b.principal_id, b.sku_id, s.code as sku, s.name as sku_name, b.batch_no, b.mrp, b.mfg_on, b.expires_on,
                   coalesce(b.expires_on, date '9999-12-31') as expiry, b.received_on, b.unit_cost, b.hold
              from catalog.batch b join catalog.sku s on s.id = b.sku_id
             where b.distributor_id = any (:distributors::bigint[]) and (:principals::bigint[] is null or b.principal_id = any (:principals::bigint[]))""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("sku", TEXT).sortable("batchNo", TEXT).sortable("receivedOn", DATE).sortable("expiry", DATE)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("skuId", LONG).equal("sku", TEXT).equal("batchNo", TEXT)
            .from("expiresFrom", "expiresOn", DATE).to("expiresTo", "expiresOn", DATE).search("batch_no", "sku", "sku_name").order("sku", "expiry");

    private final TenantTransaction transactions;

    BatchController(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @GetMapping
    @Operation(summary = "List", description = "A page of batches; `expiresFrom` and `expiresTo` bound the expiry date.")
    Page<BatchView> list(Caller caller, ListQuery query) {
        caller.require(Permission.SKU_READ);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, Masters.scope(caller.scope()), BatchView.class));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read one")
    BatchView read(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.SKU_READ);
        return transactions.read(caller.scope(), db -> db.sql("select t.* from (" + SELECT + ") t where t.id = :id").params(Masters.scope(caller.scope())).param("id", id)
                .query(DataClassRowMapper.newInstance(BatchView.class)).optional().orElseThrow(() -> caller.notFound("batch")));
    }
}
