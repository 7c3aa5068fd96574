package io.offtake.orders.web;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.orders.OrderAnswers;
import io.offtake.orders.OrderView;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Actor;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Secondary orders over HTTP.
@RestController
@RequestMapping("/api/v1/orders")
class OrderController {
    private static final ListSql LIST = ListSql.of("""
            select o.id, o.number, o.business_date, o.distributor_id, o.principal_id, o.outlet_id, t.code as outlet_code, t.name as outlet_name, o.status, o.hold_reason,
                   o.indicative as total
              from orders.sales_order o
              join network.outlet t on t.distributor_id = o.distributor_id and t.id = o.outlet_id
             where o.distributor_id = any(:distributors)""")
            .sortable("businessDate", DATE).sortable("number", TEXT).sortable("total", DECIMAL).sortable("outletName", TEXT).key("id", UUID)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("outletId", UUID).equal("status", TEXT).from("from", "businessDate", DATE).to("to", "businessDate", DATE)
            .search("number", "outletName", "outletCode").order("-businessDate", "-number");

    private final Orders orders;
    private final TenantTransaction transactions;

    OrderController(Orders orders, TenantTransaction transactions) {
        this.orders = orders;
        this.transactions = transactions;
    }

    record OrderRow(java.util.UUID id, String number, LocalDate businessDate, long distributorId, long principalId, java.util.UUID outletId, String outletCode, String outletName,
                    String status, @Nullable String holdReason, BigDecimal total) {}

    record AllocateOrder(@NotNull java.util.UUID id) {}

    record CancelOrder(@NotNull java.util.UUID id, @NotBlank @Size(max = 200) String reason) {}

    @GetMapping
    @Operation(summary = "List orders")
    Page<OrderRow> list(Caller caller, ListQuery query) {
        caller.require(Permission.ORDER_READ);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), OrderRow.class));
    }

    @PostMapping
    @Operation(summary = "Book an order", description = "Once per document id. Over the credit limit it is booked on hold, not lost.")
    @ApiResponse(responseCode = "201", description = "Booked", content = @Content(schema = @Schema(implementation = OrderView.class)))
    @ApiResponse(responseCode = "200", description = "Was booked before", content = @Content(schema = @Schema(implementation = OrderView.class)))
    ResponseEntity<Object> book(Caller caller, @Valid @RequestBody PostOrder command) {
        caller.require(Permission.ORDER_WRITE, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return OrderAnswers.of(orders.book(command, actor(caller)), HttpStatus.CREATED);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read an order with its history")
    OrderView read(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.ORDER_READ);
        return find(caller, id);
    }

    @PostMapping("/{id}/allocation")
    @Operation(summary = "Reserve batches for an order", description = "First expired, first out; what stock does not cover stays open.")
    @ApiResponse(responseCode = "200", description = "Allocated, in part or whole, or held", content = @Content(schema = @Schema(implementation = OrderView.class)))
    ResponseEntity<Object> allocate(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody AllocateOrder body) {
        caller.require(Permission.ORDER_ALLOCATE);
        return OrderAnswers.of(orders.allocate(find(caller, id).distributorId(), id, body.id(), actor(caller)), HttpStatus.OK);
    }

    @PostMapping("/{id}/cancellation")
    @Operation(summary = "Cancel an order", description = "What it reserved is free again.")
    @ApiResponse(responseCode = "200", description = "Cancelled", content = @Content(schema = @Schema(implementation = OrderView.class)))
    ResponseEntity<Object> cancel(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody CancelOrder body) {
        caller.require(Permission.ORDER_CANCEL);
        return OrderAnswers.of(orders.cancel(find(caller, id).distributorId(), id, body.id(), body.reason(), actor(caller)), HttpStatus.OK);
    }

    private OrderView find(Caller caller, java.util.UUID id) {
        return orders.find(caller.scope(), id).orElseThrow(() -> caller.notFound("order"));
    }

    private static Actor actor(Caller caller) {
        return new Actor(caller.userId(), caller.username());
    }
}
