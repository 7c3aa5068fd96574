package io.offtake.receivables.web;

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
import io.offtake.receivables.CollectionAnswers;
import io.offtake.receivables.CollectionView;
import io.offtake.receivables.Collections;
import io.offtake.receivables.PostCollection;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Collections, open bills and outlets' accounts over HTTP.
@RestController
@RequestMapping("/api/v1")
class CollectionController {
    private static final ListSql COLLECTIONS = ListSql.of("""
            select c.id, c.number, c.business_date, c.recorded_at, c.recorded_by, c.distributor_id, c.principal_id, c.outlet_id, o.code as outlet_code, o.name as outlet_name, c.mode,
                   c.amount, c.on_account, c.reference, c.status
              from receivables.collection c
              join network.outlet o on o.distributor_id = c.distributor_id and o.id = c.outlet_id
             where c.distributor_id = any(:distributors)""")
            .sortable("businessDate", DATE).sortable("number", TEXT).sortable("amount", DECIMAL).sortable("outletName", TEXT).key("id", UUID)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("outletId", UUID).equal("mode", TEXT).equal("status", TEXT)
            .from("from", "businessDate", DATE).to("to", "businessDate", DATE).search("number", "outletName", "reference").order("-businessDate", "-number");

    private static final ListSql OUTLETS = ListSql.of("""
            select a.outlet_id as id, a.distributor_id, a.principal_id, o.code as outlet_code, o.name as outlet_name, coalesce(b.name, '') as beat, a.credit_limit, a.credit_days,
                   a.balance, coalesce(s.overdue, 0) as overdue, coalesce(s.open_bills, 0) as open_bills, s.oldest_due_on,
                   coalesce(s.not_due, 0) as not_due, coalesce(s.days1to7, 0) as days1to7, coalesce(s.days8to15, 0) as days8to15, coalesce(s.days16to30, 0) as days16to30,
                   coalesce(s.days31to60, 0) as days31to60, coalesce(s.days61to90, 0) as days61to90, coalesce(s.over90, 0) as over90
              from receivables.outlet_account a
              join network.outlet o on o.distributor_id = a.distributor_id and o.id = a.outlet_id
              left join network.beat b on b.distributor_id = o.distributor_id and b.id = o.beat_id
              left join (select i.distributor_id, i.principal_id, i.outlet_id, sum(i.open_amount) filter (where i.due_on < cast(:today as date)) as overdue, count(*) as open_bills,
                                min(i.due_on) as oldest_due_on,
                                sum(i.open_amount) filter (where i.due_on >= cast(:today as date)) as not_due,
                                sum(i.open_amount) filter (where cast(:today as date) - i.due_on between 1 and 7) as days1to7,
                                sum(i.open_amount) filter (where cast(:today as date) - i.due_on between 8 and 15) as days8to15,
                                sum(i.open_amount) filter (where cast(:today as date) - i.due_on between 16 and 30) as days16to30,
                                sum(i.open_amount) filter (where cast(:today as date) - i.due_on between 31 and 60) as days31to60,
                                sum(i.open_amount) filter (where cast(:today as date) - i.due_on between 61 and 90) as days61to90,
                                sum(i.open_amount) filter (where cast(:today as date) - i.due_on > 90) as over90
                           from receivables.open_item i
                          where i.distributor_id = any(:distributors) and i.open_amount > 0 and i.kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING')
                          group by i.distributor_id, i.principal_id, i.outlet_id) s
                on s.distributor_id = a.distributor_id and s.principal_id = a.principal_id and s.outlet_id = a.outlet_id
             where a.distributor_id = any(:distributors)""")
            .sortable("outletName", TEXT).sortable("outletCode", TEXT).sortable("balance", DECIMAL).sortable("overdue", DECIMAL).key("id", UUID)
            .equal("distributorId", LONG).equal("principalId", LONG).search("outletName", "outletCode").order("-overdue", "outletName");

    private static final ListSql BILLS = ListSql.of("""
            select i.document_id as id, i.distributor_id, i.principal_id, i.outlet_id, o.name as outlet_name, i.kind, coalesce(i.number, '') as number, i.business_date, i.due_on, i.amount,
                   i.open_amount
              from receivables.open_item i
              join network.outlet o on o.distributor_id = i.distributor_id and o.id = i.outlet_id
             where i.distributor_id = any(:distributors) and i.open_amount > 0""")
            .sortable("dueOn", DATE).sortable("businessDate", DATE).sortable("number", TEXT).sortable("openAmount", DECIMAL).key("id", UUID)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("outletId", UUID).equal("kind", TEXT).from("dueFrom", "dueOn", DATE).to("dueTo", "dueOn", DATE)
            .search("number", "outletName").order("dueOn", "businessDate", "number");

    private final Collections collections;
    private final TenantTransaction transactions;
    private final Clock clock;

    CollectionController(Collections collections, TenantTransaction transactions, Clock clock) {
        this.collections = collections;
        this.transactions = transactions;
        this.clock = clock;
    }

    record CollectionRow(java.util.UUID id, String number, LocalDate businessDate, Instant recordedAt, String recordedBy, long distributorId, long principalId, java.util.UUID outletId,
                         String outletCode, String outletName, String mode, BigDecimal amount, BigDecimal onAccount, @Nullable String reference, String status) {}

    /// An outlet's account with its ageing by days past due (KPI-52).
    record OutletAccountRow(java.util.UUID id, long distributorId, long principalId, String outletCode, String outletName, String beat, BigDecimal creditLimit, int creditDays,
                            BigDecimal balance, BigDecimal overdue, int openBills, @Nullable LocalDate oldestDueOn, BigDecimal notDue, BigDecimal days1to7, BigDecimal days8to15,
                            BigDecimal days16to30, BigDecimal days31to60, BigDecimal days61to90, BigDecimal over90) {}

    record OpenBillRow(java.util.UUID id, long distributorId, long principalId, java.util.UUID outletId, String outletName, String kind, String number, LocalDate businessDate,
                       LocalDate dueOn, BigDecimal amount, BigDecimal openAmount) {}

    @GetMapping("/collections")
    @Operation(summary = "List collections")
    Page<CollectionRow> list(Caller caller, ListQuery query) {
        caller.require(Permission.COLLECTION_READ);
        return transactions.read(caller.scope(), db -> COLLECTIONS.page(db, query, distributors(caller), CollectionRow.class));
    }

    @PostMapping("/collections")
    @Operation(summary = "Take money from an outlet", description = "Once per document id. Without allocations bills are settled by due date, then bill date; the rest stays on account.")
    @ApiResponse(responseCode = "201", description = "Posted", content = @Content(schema = @Schema(implementation = CollectionView.class)))
    @ApiResponse(responseCode = "200", description = "Was posted before", content = @Content(schema = @Schema(implementation = CollectionView.class)))
    ResponseEntity<Object> post(Caller caller, @Valid @RequestBody PostCollection command) {
        caller.require(Permission.COLLECTION_POST, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return CollectionAnswers.of(collections.post(command, new Actor(caller.userId(), caller.username())));
    }

    @GetMapping("/collections/{id}")
    @Operation(summary = "Read a collection with what it settled")
    CollectionView read(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.COLLECTION_READ);
        return collections.find(caller.scope(), id).orElseThrow(() -> caller.notFound("collection"));
    }

    @GetMapping("/receivables/outlets")
    @Operation(summary = "List outlets' accounts with limit, balance and ageing")
    Page<OutletAccountRow> outlets(Caller caller, ListQuery query) {
        caller.require(Permission.COLLECTION_READ);
        return transactions.read(caller.scope(), db -> OUTLETS.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new), "today",
                LocalDate.now(clock)), OutletAccountRow.class));
    }

    @GetMapping("/receivables/bills")
    @Operation(summary = "List what is open: unpaid bills, and credits that are not used yet")
    Page<OpenBillRow> bills(Caller caller, ListQuery query) {
        caller.require(Permission.COLLECTION_READ);
        return transactions.read(caller.scope(), db -> BILLS.page(db, query, distributors(caller), OpenBillRow.class));
    }

    private static Map<String, Object> distributors(Caller caller) {
        return Map.of("distributors", caller.scope().distributors().toArray(Long[]::new));
    }
}
