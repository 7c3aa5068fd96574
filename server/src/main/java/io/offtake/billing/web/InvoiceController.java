package io.offtake.billing.web;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.Billing;
import io.offtake.billing.InvoiceAnswers;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
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
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Tax invoices over HTTP.
@RestController
@RequestMapping("/api/v1/invoices")
class InvoiceController {
    private static final ListSql LIST = ListSql.of("""
            select i.id, i.kind, i.number, i.business_date, i.recorded_at, i.recorded_by, i.distributor_id, i.principal_id, i.outlet_id, o.code as outlet_code, o.name as outlet_name,
                   i.sale_type, i.payment_mode, i.taxable, i.payable, i.due_on, i.origin,
                   case when c.invoice_id is not null then 'CANCELLED' when i.sale_type = 'COUNTER' or d.invoice_id is not null then 'DELIVERED' else 'POSTED' end as status
              from billing.invoice i
              join network.outlet o on o.distributor_id = i.distributor_id and o.id = i.outlet_id
              left join billing.invoice_cancellation c on c.distributor_id = i.distributor_id and c.invoice_id = i.id
              left join billing.delivery d on d.distributor_id = i.distributor_id and d.invoice_id = i.id
             where i.distributor_id = any(:distributors)""")
            .sortable("businessDate", DATE).sortable("number", TEXT).sortable("payable", DECIMAL).sortable("outletName", TEXT).key("id", UUID)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("outletId", UUID).equal("kind", TEXT).equal("status", TEXT).equal("paymentMode", TEXT)
            .from("from", "businessDate", DATE).to("to", "businessDate", DATE).search("number", "outletName", "outletCode").order("-businessDate", "-number");

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final Billing billing;
    private final TenantTransaction transactions;

    InvoiceController(Billing billing, TenantTransaction transactions) {
        this.billing = billing;
        this.transactions = transactions;
    }

    /// One line of the list.
    record InvoiceRow(java.util.UUID id, String kind, String number, LocalDate businessDate, Instant recordedAt, String recordedBy, long distributorId, long principalId,
                      java.util.UUID outletId, String outletCode, String outletName, String saleType, String paymentMode, BigDecimal taxable, BigDecimal payable, LocalDate dueOn,
                      String origin, String status) {}

    record CancelInvoice(@NotNull java.util.UUID id, @NotBlank @Size(max = 200) String reason) {}

    record KeepInvoice(@NotBlank @Size(max = 200) String reason) {}

    record DeliverInvoice(@NotNull java.util.UUID id) {}

    @GetMapping
    @Operation(summary = "List invoices and credit notes")
    Page<InvoiceRow> list(Caller caller, ListQuery query) {
        caller.require(Permission.INVOICE_READ);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), InvoiceRow.class));
    }

    @PostMapping
    @Operation(summary = "Post an invoice", description = "Once per document id: a repeat gets the first answer, byte for byte. A refusal writes nothing.")
    @ApiResponse(responseCode = "201", description = "Posted", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    @ApiResponse(responseCode = "200", description = "Was posted before", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    ResponseEntity<Object> post(Caller caller, @Valid @RequestBody PostInvoice command) {
        caller.require(Permission.INVOICE_POST, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return InvoiceAnswers.of(billing.post(command, caller.actor()), command);
    }

    /// What the rules decide, with the ladder of schemes on each line: what each gave, or every condition that fails and how much more
    /// reaches the next step.
    ///
    /// @param decision the answer of the rules (spec/README.md), `outcome` DECIDED or REFUSED
    record Quoted(Map<String, Object> decision) {}

    /// @param decision as posted, with its ladder
    /// @param same     whether today's rules decide as they did then, character by character
    record Explained(Map<String, Object> decision, boolean same, String ruleBookHash, String configVersion) {}

    @PostMapping("/quote")
    @Operation(summary = "Quote an invoice", description = "What posting it now would decide, with the ladder: why each scheme applies or not, and what more would earn. Writes nothing.")
    @ApiResponse(responseCode = "200", description = "Decided or refused by the rules", content = @Content(schema = @Schema(implementation = Quoted.class)))
    ResponseEntity<Object> quote(Caller caller, @Valid @RequestBody PostInvoice command) {
        caller.require(Permission.INVOICE_POST, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return switch (billing.quote(command, caller.actor())) {
            case Billing.Quote.Decided(var answer) -> ResponseEntity.ok(new Quoted(JSON.readValue(answer, OBJECT)));
            case Billing.Quote.NotPossible(var outcome) -> InvoiceAnswers.of(outcome, command);
        };
    }

    @GetMapping("/{id}/explanation")
    @Operation(summary = "Explain a posted invoice", description = "Decided again from its stored input and the rule book that decided it (INV-06), with the ladder of schemes on each line.")
    Explained explanation(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.INVOICE_READ);
        billing.find(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
        var explained = billing.explain(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
        return new Explained(JSON.readValue(explained.answer(), OBJECT), explained.same(), explained.ruleBookHash(), explained.configVersion());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read a posted invoice or credit note", description = "As it was decided and printed.")
    InvoiceView read(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.INVOICE_READ);
        return billing.find(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
    }

    @PostMapping("/{id}/cancellation")
    @Operation(summary = "Cancel an invoice", description = "In full, on its own day, before goods or money have moved; the number is burnt. Two people do it: who may only ask files a request (202), "
            + "who may confirm cancels, unless that is who posted or asked (INV-09).")
    @ApiResponse(responseCode = "200", description = "Cancelled", content = @Content(schema = @Schema(implementation = InvoiceAnswers.InvoiceState.class)))
    @ApiResponse(responseCode = "202", description = "Asked for; somebody else confirms", content = @Content(schema = @Schema(implementation = InvoiceAnswers.InvoiceState.class)))
    ResponseEntity<Object> cancel(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody CancelInvoice body) {
        caller.requireAny(Permission.INVOICE_CANCEL, Permission.INVOICE_CANCEL_CONFIRM);
        var invoice = billing.find(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
        var actor = new Actor(caller.userId(), caller.username());
        return InvoiceAnswers.of(caller.can(Permission.INVOICE_CANCEL_CONFIRM) ? billing.cancel(invoice.distributorId(), id, body.id(), body.reason(), actor)
                : billing.askToCancel(invoice.distributorId(), id, body.id(), body.reason(), actor));
    }

    @PostMapping("/{id}/cancellation-refusal")
    @Operation(summary = "Turn down a request to cancel", description = "The invoice stands; the request may be made again.")
    @ApiResponse(responseCode = "200", description = "The invoice stands", content = @Content(schema = @Schema(implementation = InvoiceAnswers.InvoiceState.class)))
    ResponseEntity<Object> keep(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody KeepInvoice body) {
        caller.require(Permission.INVOICE_CANCEL_CONFIRM);
        var invoice = billing.find(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
        return InvoiceAnswers.of(billing.keep(invoice.distributorId(), id, body.reason(), new Actor(caller.userId(), caller.username())));
    }

    @PostMapping("/{id}/delivery")
    @Operation(summary = "Confirm the delivery of an invoice", description = "Where dispatch is switched off: its goods have reached the outlet.")
    @ApiResponse(responseCode = "200", description = "Delivered", content = @Content(schema = @Schema(implementation = InvoiceAnswers.InvoiceState.class)))
    ResponseEntity<Object> deliver(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody DeliverInvoice body) {
        caller.require(Permission.ORDER_DELIVER);
        var invoice = billing.find(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
        return InvoiceAnswers.of(billing.deliver(invoice.distributorId(), id, body.id(), new Actor(caller.userId(), caller.username())));
    }

}
