package io.offtake.returns.web;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.DECIMAL;
import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.Reversals;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.returns.Rejection;
import io.offtake.returns.RequestReturn;
import io.offtake.returns.ReturnAnswers;
import io.offtake.returns.ReturnView;
import io.offtake.returns.Returns;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Returns over HTTP.
@RestController
@RequestMapping("/api/v1/returns")
@Tag(name = "returns")
class SalesReturnController {
    private static final ListSql LIST = ListSql.of("""
            select r.id, r.reference, r.business_date, r.distributor_id, r.principal_id, r.outlet_id, o.code as outlet_code, o.name as outlet_name, r.original_number, r.reason,
                   coalesce(n.title, r.reason) as reason_title, coalesce(n.title_hi, '') as reason_title_hi, r.status, r.value, r.flags, r.requested_by, r.credit_number, r.credited, r.requested_at, d.name as distributor_name
              from returns.sales_return r
              join\s""" + NetworkRelations.DISTRIBUTORS + """
             d on d.id = r.distributor_id
              join\s""" + NetworkRelations.OUTLETS + """
             o on o.distributor_id = r.distributor_id and o.id = r.outlet_id
              left join returns.reason n on n.code = r.reason
             where r.distributor_id = any(:distributors)
               and (not :waiting or (r.status = 'REQUESTED' and r.requested_by <> :me and r.value <= case when r.flags ~ 'UNMATCHED|OUTLET_RATIO|OVER_WINDOW' then :doubtful::numeric else :limit::numeric end))""")
            .sortable("businessDate", DATE).sortable("reference", TEXT).sortable("value", DECIMAL).sortable("outletName", TEXT).key("id", UUID)
            .equal("distributorId", LONG).equal("principalId", LONG).equal("outletId", UUID).equal("status", TEXT).equal("reason", TEXT).from("from", "businessDate", DATE).to("to", "businessDate", DATE)
            .sortable("requestedAt", INSTANT)
            .search("reference", "outletName", "outletCode", "originalNumber", "creditNumber", "distributorName").order("-businessDate", "-reference");

    private final Returns returns;
    private final TenantTransaction transactions;
    private final Clock clock;

    SalesReturnController(Returns returns, TenantTransaction transactions, Clock clock) {
        this.returns = returns;
        this.transactions = transactions;
        this.clock = clock;
    }

    record ReturnRow(java.util.UUID id, String reference, LocalDate businessDate, long distributorId, long principalId, java.util.UUID outletId, String outletCode, String outletName,
                     @Nullable String originalNumber, String reason, String reasonTitle, String reasonTitleHi, String status, BigDecimal value, String flags, String requestedBy,
                     @Nullable String creditNumber, @Nullable BigDecimal credited, Instant requestedAt, String distributorName) {}

    /// @param code   why it is rejected, one of `GET /returns/rejections`
    /// @param reason in words; needed with the code OTHER, enough without a code
    record DecideReturn(@NotNull java.util.UUID id, @NotNull @Pattern(regexp = "APPROVED|REJECTED") String decision, @Nullable @Size(max = 60) String code, @Nullable @Size(max = 200) String reason) {}

    /// A reason to reject a return (GOV-17).
    ///
    /// @param note whether words are needed as well
    record RejectionView(String code, String title, String titleHi, boolean note) {}

    record CameLine(int line, @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal qty) {}

    /// @param lines what came of each line; a line that is missing came in full
    record ReceiveReturn(@NotNull java.util.UUID id, @Nullable @Size(max = 500) List<@NotNull @Valid CameLine> lines) {}

    record BucketQty(@NotNull @Pattern(regexp = "SALEABLE|DAMAGED|EXPIRED|QUARANTINE|BACK") String bucket, @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal qty) {}

    record InspectLine(int line, @NotNull @Size(max = 5) List<@NotNull @Valid BucketQty> buckets) {}

    record InspectReturn(@NotNull java.util.UUID id, @NotEmpty @Size(max = 500) List<@NotNull @Valid InspectLine> lines) {}

    record CreditReturn(@NotNull java.util.UUID id, @NotNull LocalDate businessDate) {}

    record CancelReturn(@NotNull java.util.UUID id, @NotBlank @Size(max = 200) String reason) {}

    record Pictures(@NotEmpty @Size(max = 20) List<@NotNull @Pattern(regexp = "[0-9a-f]{64}") String> hashes) {}

    /// @param credit what the note would credit; null without a bill
    record QuoteView(Reversals.@Nullable Preview credit, BigDecimal value, List<String> flags, List<String> approvers) {}

    @GetMapping
    @Operation(summary = "List returns", description = "In the caller's scope; `waiting=true` are those that wait for the caller: asked for by somebody else, and within the limit of the caller's roles.")
    Page<ReturnRow> list(Caller caller, ListQuery query) {
        caller.require(Permission.RETURN_READ);
        var limits = returns.limits(caller.roles());
        return transactions.read(caller.scope(), db -> LIST.page(db, query.without("waiting"), Map.of("distributors", caller.scope().distributors().toArray(Long[]::new), "me", caller.username(),
                "waiting", "true".equals(query.filter("waiting")) && caller.can(Permission.RETURN_APPROVE), "limit", limits.ordinary(), "doubtful", limits.doubtful()), ReturnRow.class));
    }

    @GetMapping("/rejections")
    @Operation(operationId = "listReturnRejections", summary = "Reasons to reject a return", description = "The codes that a rejection names (GOV-17).")
    Page<RejectionView> rejections(Caller caller) {
        caller.require(Permission.RETURN_READ);
        return Page.all(Arrays.stream(Rejection.values()).map(one -> new RejectionView(one.name(), one.title(), one.titleHi(), one == Rejection.OTHER)).toList());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read a return with its history")
    ReturnView read(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.RETURN_READ);
        return find(caller, id);
    }

    @GetMapping("/reasons")
    @Operation(summary = "Reason codes in force", description = "With the bucket they usually lead to, the window they are bound to and whether a picture is asked for.")
    Page<Returns.Reason> reasons(Caller caller, @RequestParam(required = false) @Nullable LocalDate on) {
        caller.require(Permission.RETURN_READ);
        return Page.all(returns.reasons(on == null ? LocalDate.now(clock) : on));
    }

    @GetMapping("/creditable/{invoiceId}")
    @Operation(summary = "Read what may come back of a bill", description = "Each line with what was billed, came back, is on its way and is left, at its net price.")
    Reversals.Reversible creditable(Caller caller, @PathVariable java.util.UUID invoiceId) {
        caller.require(Permission.RETURN_READ);
        return returns.creditable(caller.scope(), invoiceId).orElseThrow(() -> caller.notFound("invoice"));
    }

    @PostMapping("/preview")
    @Operation(summary = "What a return would be credited", description = "Value, tax and benefits taken back as the bill's rules say; nothing is held or written.")
    @ApiResponse(responseCode = "200", description = "Worked out", content = @Content(schema = @Schema(implementation = QuoteView.class)))
    ResponseEntity<Object> preview(Caller caller, @Valid @RequestBody RequestReturn command) {
        own(caller, command);
        var quote = returns.preview(command, caller.actor());
        return quote.refused() != null ? ReturnAnswers.of(quote.refused(), HttpStatus.OK) : ResponseEntity.ok(new QuoteView(quote.credit(), quote.value(), quote.flags(), quote.approvers()));
    }

    @PostMapping
    @Operation(summary = "Ask for goods to be taken back", description = "Once per id. The units are held from now on; somebody else approves.")
    @ApiResponse(responseCode = "201", description = "Asked for", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    @ApiResponse(responseCode = "200", description = "Was asked for before", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    ResponseEntity<Object> request(Caller caller, @Valid @RequestBody RequestReturn command) {
        own(caller, command);
        return ReturnAnswers.of(returns.request(command, caller.actor()), HttpStatus.CREATED);
    }

    private static void own(Caller caller, RequestReturn command) {
        caller.require(Permission.RETURN_REQUEST, command.distributorId());
        caller.requirePrincipal(command.principalId());
    }

    @PostMapping("/{id}/approval")
    @Operation(summary = "Approve or reject a return", description = "Never the one who asked, and within the role's limit (policy returns.approval-limit).")
    @ApiResponse(responseCode = "200", description = "Decided", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    ResponseEntity<Object> decide(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody DecideReturn body) {
        caller.require(Permission.RETURN_APPROVE);
        boolean approved = body.decision().equals("APPROVED");
        var reason = body.reason() == null || body.reason().isBlank() ? null : body.reason().strip();
        if (!approved) {
            var code = body.code() == null ? null : Rejection.of(body.code()).orElseThrow(() -> Problem.of(ProblemCode.INVALID, "There is no such reason.").rule("GOV-17")
                    .at("/code", ProblemCode.INVALID, "is no reason to reject", Rejection.codes()).exception());
            if (reason == null && (code == null || code == Rejection.OTHER))
                throw Problem.of(ProblemCode.INVALID, "A rejection says why.").rule("GOV-17").at(code == null ? "/code" : "/reason", ProblemCode.INVALID, "is missing", code == null ? Rejection.codes() : "1 to 200 characters").exception();
            reason = code == null ? reason : code.name() + (reason == null ? "" : ": " + reason);
        }
        return ReturnAnswers.of(returns.decide(find(caller, id).distributorId(), id, body.id(), approved, reason, caller.actor(), caller.roles()), HttpStatus.OK);
    }

    @PostMapping("/{id}/receipt")
    @Operation(summary = "Receive the goods of a return", description = "They are on their way until they are inspected; what did not come may be asked back again.")
    @ApiResponse(responseCode = "200", description = "Received", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    ResponseEntity<Object> receive(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody ReceiveReturn body) {
        caller.require(Permission.RETURN_RECEIVE);
        var lines = body.lines() == null ? List.<Returns.Came>of() : body.lines().stream().map(line -> new Returns.Came(line.line(), line.qty())).toList();
        return ReturnAnswers.of(returns.receive(find(caller, id).distributorId(), id, body.id(), lines, caller.actor()), HttpStatus.OK);
    }

    @PostMapping("/{id}/inspection")
    @Operation(summary = "Put every received piece into its bucket", description = "BACK is what is not accepted and goes back to the outlet.")
    @ApiResponse(responseCode = "200", description = "Inspected", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    ResponseEntity<Object> inspect(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody InspectReturn body) {
        caller.require(Permission.RETURN_RECEIVE);
        var lines = body.lines().stream().map(line -> new Returns.Inspected(line.line(), line.buckets().stream().map(bucket -> new ReturnView.Bucket(bucket.bucket(), bucket.qty())).toList())).toList();
        return ReturnAnswers.of(returns.inspect(find(caller, id).distributorId(), id, body.id(), lines, caller.actor()), HttpStatus.OK);
    }

    @PostMapping("/{id}/credit")
    @Operation(summary = "Credit a return", description = "Posts the credit note under the body's id: with tax while the law allows it, else a financial one (IN-22).")
    @ApiResponse(responseCode = "200", description = "Credited", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    ResponseEntity<Object> credit(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody CreditReturn body) {
        caller.require(Permission.RETURN_CREDIT);
        return ReturnAnswers.of(returns.credit(find(caller, id).distributorId(), id, body.id(), body.businessDate(), caller.actor()), HttpStatus.OK);
    }

    @PostMapping("/{id}/cancellation")
    @Operation(summary = "Withdraw a return", description = "Before its goods are there.")
    @ApiResponse(responseCode = "200", description = "Withdrawn", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    ResponseEntity<Object> cancel(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody CancelReturn body) {
        caller.require(Permission.RETURN_REQUEST);
        return ReturnAnswers.of(returns.cancel(find(caller, id).distributorId(), id, body.id(), body.reason(), caller.actor()), HttpStatus.OK);
    }

    @PostMapping("/{id}/pictures")
    @Operation(summary = "Add pictures to a return", description = "By the hash of their content; the bytes may follow.")
    @ApiResponse(responseCode = "200", description = "Added", content = @Content(schema = @Schema(implementation = ReturnView.class)))
    ResponseEntity<Object> attach(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody Pictures body) {
        caller.require(Permission.RETURN_REQUEST);
        return ReturnAnswers.of(returns.attach(find(caller, id).distributorId(), id, body.hashes(), caller.actor()), HttpStatus.OK);
    }

    private ReturnView find(Caller caller, java.util.UUID id) {
        return returns.find(caller.scope(), id).orElseThrow(() -> caller.notFound("return"));
    }
}
