package io.offtake.tax.web;

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
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.app.EwayBills;
import io.offtake.tax.app.Filings;
import io.offtake.tax.app.Portals;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.india.EwayPayload;
import io.offtake.tax.india.Fault;
import io.offtake.tax.india.Inv01;
import io.offtake.tax.store.FilingStore;
import io.offtake.tax.store.FilingStore.Filing;
import io.offtake.tax.store.FilingStore.State;
import io.offtake.tax.store.FilingStore.Task;
import io.offtake.tax.store.LawStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// E-invoices and e-way bills: the state of each document at its portal, why, and the way out (BIL-08, BIL-09).
@RestController
@RequestMapping("/api/v1/tax")
@Tag(name = "tax-documents")
class FilingController {
    private static ListSql list(Task task) {
        return ListSql.of("""
                        select p.document_id as id, p.distributor_id, p.principal_id, p.kind, p.number, p.business_date, p.buyer, p.payable, p.state, p.reference, p.acknowledged_at, p.valid_until, p.code,
                               p.reason, p.report_by, p.attempts, p.next_try_at, p.changed_at
                          from tax.portal_document p
                         where p.distributor_id = any(:distributors) and p.task = '""" + task.name() + "'")
                .sortable("businessDate", DATE).sortable("number", TEXT).sortable("payable", DECIMAL).sortable("state", TEXT).key("id", UUID)
                .equal("distributorId", LONG).equal("principalId", LONG).equal("state", TEXT).equal("kind", TEXT).from("from", "businessDate", DATE).to("to", "businessDate", DATE).to("reportBy", "reportBy", DATE)
                .search("number", "buyer", "reference").order("-businessDate", "-number");
    }

    private static final ListSql INVOICES = list(Task.E_INVOICE);
    private static final ListSql EWAY_BILLS = list(Task.E_WAY_BILL);

    private final TenantTransaction transactions;
    private final FilingStore store;
    private final Filings filings;
    private final EwayBills ewayBills;
    private final Portals portals;
    private final Clock clock;

    FilingController(TenantTransaction transactions, FilingStore store, Filings filings, EwayBills ewayBills, Portals portals, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.filings = filings;
        this.ewayBills = ewayBills;
        this.portals = portals;
        this.clock = clock;
    }

    /// One line of a list. `reference` is the IRN or the number of the e-way bill.
    record FilingRow(java.util.UUID id, long distributorId, long principalId, String kind, String number, LocalDate businessDate, String buyer, BigDecimal payable, String state, @Nullable String reference,
                     @Nullable Instant acknowledgedAt, @Nullable Instant validUntil, @Nullable String code, @Nullable String reason, @Nullable LocalDate reportBy, int attempts, @Nullable Instant nextTryAt,
                     Instant changedAt) {}

    /// @param cancelBy  until when the portal cancels it; null: not registered
    /// @param extendFrom from when an e-way bill is extended, and `extendBy` until when; null where it is not
    /// @param mayRetry  whether looking at it again makes sense now
    /// @param payload   as it was or would be sent, JSON text
    record FilingView(java.util.UUID id, long distributorId, long principalId, String task, String kind, String number, LocalDate businessDate, String buyer, BigDecimal payable, String state,
                      @Nullable String reference, @Nullable String acknowledgement, @Nullable Instant acknowledgedAt, @Nullable Instant validUntil, @Nullable String code, @Nullable String reason, List<Fault> faults,
                      @Nullable LocalDate reportBy, @Nullable Instant cancelBy, @Nullable Instant extendFrom, @Nullable Instant extendBy, boolean mayRetry, boolean mayCancel, int attempts, @Nullable Instant nextTryAt, @Nullable String cancelReason,
                      @Nullable Instant cancelledAt, @Nullable String signedQr, @Nullable String payload, EwayPayload.@Nullable Transport transport, List<FilingStore.Event> events) {}

    record CancelFiling(@NotNull EInvoice.CancelReason reason, @NotBlank @Size(max = 100) String remark) {}

    /// @param distanceKm by road, 1 to 4000
    record MakeEwayBill(long distributorId, @NotNull java.util.UUID documentId, @Min(1) @Max(4000) int distanceKm, @Nullable @Size(max = 20) String vehicle, @Nullable @Size(max = 15) String transporterId,
                        @Nullable @Size(max = 100) String transporterName) {}

    record ChangeVehicle(@NotBlank @Size(max = 20) String vehicle, @NotBlank @Size(max = 50) String place, @NotBlank @Size(max = 50) String remark) {}

    record Extend(@NotBlank @Size(max = 20) String vehicle, @Min(1) @Max(4000) int remainingKm, @NotBlank @Size(max = 50) String place, @NotNull @Pattern(regexp = "[1-9][0-9]{5}") String pin,
                  @NotBlank @Size(max = 50) String remark) {}

    @GetMapping("/e-invoices")
    @Operation(summary = "List e-invoices", description = "Documents that need an IRN, with their state at the portal.")
    Page<FilingRow> invoices(Caller caller, ListQuery query) {
        return page(caller, query, INVOICES);
    }

    @GetMapping("/e-way-bills")
    @Operation(summary = "List e-way bills")
    Page<FilingRow> ewayBills(Caller caller, ListQuery query) {
        return page(caller, query, EWAY_BILLS);
    }

    private Page<FilingRow> page(Caller caller, ListQuery query, ListSql list) {
        caller.require(Permission.TAX_READ);
        return transactions.read(caller.scope(), db -> list.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), FilingRow.class));
    }

    @GetMapping("/e-invoices/{id}")
    @Operation(summary = "Read an e-invoice", description = "State, reason, faults, what was sent and what the portal said.")
    FilingView invoice(Caller caller, @PathVariable java.util.UUID id) {
        return read(caller, id, Task.E_INVOICE);
    }

    @GetMapping("/e-way-bills/{id}")
    @Operation(summary = "Read an e-way bill", description = "By the id of its invoice.")
    FilingView ewayBill(Caller caller, @PathVariable java.util.UUID id) {
        return read(caller, id, Task.E_WAY_BILL);
    }

    private FilingView read(Caller caller, java.util.UUID id, Task task) {
        caller.require(Permission.TAX_READ);
        return transactions.read(caller.scope(), db -> locate(db, caller, id, task).map(filing -> view(db, filing)).orElseThrow(() -> caller.notFound(task == Task.E_INVOICE ? "e-invoice" : "e-way bill")));
    }

    private java.util.Optional<Filing> locate(JdbcClient db, Caller caller, java.util.UUID id, Task task) {
        return db.sql("select distributor_id from tax.portal_document where distributor_id = any(:distributors) and document_id = :id and task = :task")
                .param("distributors", caller.scope().distributors().toArray(Long[]::new)).param("id", id).param("task", task.name()).query(Long.class).optional()
                .flatMap(distributor -> store.find(db, distributor, id, task));
    }

    private long distributorOf(Caller caller, java.util.UUID id, Task task) {
        return transactions.read(caller.scope(), db -> locate(db, caller, id, task)).map(Filing::distributorId).orElseThrow(() -> caller.notFound(task == Task.E_INVOICE ? "e-invoice" : "e-way bill"));
    }

    private FilingView view(JdbcClient db, Filing filing) {
        var law = LawStore.law(db);
        var now = clock.instant();
        var acknowledged = filing.acknowledgedAt();
        var cancelBy = acknowledged == null ? null : filing.task() == Task.E_INVOICE ? EInvoice.cancelBy(acknowledged, law)
                : acknowledged.plus(java.time.Duration.ofHours(law.value(io.offtake.tax.india.Law.Key.EWAY_CANCEL_HOURS, LocalDate.ofInstant(acknowledged, EwayBill.ZONE)).longValueExact()));
        boolean mayCancel = filing.state() == State.REGISTERED && cancelBy != null && !now.isAfter(cancelBy);
        var window = filing.task() != Task.E_WAY_BILL || filing.state() != State.REGISTERED || filing.validUntil() == null ? null
                : java.time.Duration.ofHours(law.value(io.offtake.tax.india.Law.Key.EWAY_EXTEND_HOURS, LocalDate.ofInstant(filing.validUntil(), EwayBill.ZONE)).longValueExact());
        boolean mayRetry = filing.state() != State.REGISTERED && filing.state() != State.CANCELLED;
        return new FilingView(filing.documentId(), filing.distributorId(), filing.principalId(), filing.task().name(), filing.kind(), filing.number(), filing.businessDate(), filing.buyer(), filing.payable(),
                filing.state().name(), filing.reference(), filing.acknowledgement(), acknowledged, filing.validUntil(), filing.code(), filing.reason(), filing.faults(), filing.reportBy(), cancelBy, window == null ? null : filing.validUntil().minus(window), window == null ? null : filing.validUntil().plus(window), mayRetry,
                mayCancel, filing.attempts(), filing.nextTryAt(), filing.cancelReason(), filing.cancelledAt(), filing.signedQr(), filing.payload(),
                filing.task() == Task.E_WAY_BILL ? Inv01.JSON.readValue(filing.request(), EwayPayload.Transport.class) : null, store.events(db, filing.distributorId(), filing.documentId(), filing.task()));
    }

    @PostMapping("/e-invoices/{id}/retry")
    @Operation(summary = "Look at an e-invoice again", description = "What is blocked or rejected is built and sent anew; what is unknown is asked for at the portal.")
    @ApiResponse(responseCode = "200", description = "Will be tried at once", content = @Content(schema = @Schema(implementation = FilingView.class)))
    ResponseEntity<Object> retryInvoice(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.TAX_FILE);
        return answer(caller, filings.retry(distributorOf(caller, id, Task.E_INVOICE), id, Task.E_INVOICE, actor(caller)));
    }

    @PostMapping("/e-invoices/{id}/cancellation")
    @Operation(summary = "Cancel an e-invoice at the portal", description = "Within 24 hours of its acknowledgement, the whole document, while no e-way bill stands on it (IN-35). The bill in the books is cancelled by itself.")
    @ApiResponse(responseCode = "200", description = "The portal is asked to", content = @Content(schema = @Schema(implementation = FilingView.class)))
    ResponseEntity<Object> cancelInvoice(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody CancelFiling body) {
        caller.require(Permission.TAX_FILE);
        return answer(caller, filings.cancel(distributorOf(caller, id, Task.E_INVOICE), id, Task.E_INVOICE, body.reason, body.remark, actor(caller)));
    }

    @PostMapping("/e-way-bills")
    @Operation(summary = "Make an e-way bill", description = "For a posted invoice; sent as soon as the portal is reached.")
    @ApiResponse(responseCode = "201", description = "On its way", content = @Content(schema = @Schema(implementation = FilingView.class)))
    ResponseEntity<Object> makeEwayBill(Caller caller, @Valid @RequestBody MakeEwayBill body) {
        caller.require(Permission.E_WAY_BILL_POST, body.distributorId);
        caller.requirePrincipal(filings.principalOf(caller.scope(), body.documentId).orElseThrow(() -> caller.notFound("invoice")));
        var outcome = filings.openEwayBill(body.distributorId, body.documentId, new EwayPayload.Transport(body.distanceKm, body.vehicle, body.transporterId, body.transporterName), actor(caller));
        var answer = answer(caller, outcome);
        return outcome instanceof Filings.Outcome.Done ? ResponseEntity.status(HttpStatus.CREATED).body(answer.getBody()) : answer;
    }

    @PostMapping("/e-way-bills/{id}/retry")
    @Operation(summary = "Look at an e-way bill again")
    @ApiResponse(responseCode = "200", description = "Will be tried at once", content = @Content(schema = @Schema(implementation = FilingView.class)))
    ResponseEntity<Object> retryEwayBill(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.E_WAY_BILL_POST);
        return answer(caller, filings.retry(distributorOf(caller, id, Task.E_WAY_BILL), id, Task.E_WAY_BILL, actor(caller)));
    }

    @PostMapping("/e-way-bills/{id}/cancellation")
    @Operation(summary = "Cancel an e-way bill", description = "Within 24 hours of its making (IN-41).")
    @ApiResponse(responseCode = "200", description = "The portal is asked to", content = @Content(schema = @Schema(implementation = FilingView.class)))
    ResponseEntity<Object> cancelEwayBill(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody CancelFiling body) {
        caller.require(Permission.E_WAY_BILL_POST);
        return answer(caller, filings.cancel(distributorOf(caller, id, Task.E_WAY_BILL), id, Task.E_WAY_BILL, body.reason, body.remark, actor(caller)));
    }

    @PostMapping("/e-way-bills/{id}/vehicle")
    @Operation(summary = "Change the vehicle of an e-way bill", description = "Part B; waits for the portal.")
    @ApiResponse(responseCode = "200", description = "Changed", content = @Content(schema = @Schema(implementation = FilingView.class)))
    ResponseEntity<Object> vehicle(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody ChangeVehicle body) {
        caller.require(Permission.E_WAY_BILL_POST);
        return answer(caller, ewayBills.vehicle(distributorOf(caller, id, Task.E_WAY_BILL), id, body.vehicle, body.place, body.remark, actor(caller)));
    }

    @PostMapping("/e-way-bills/{id}/extension")
    @Operation(summary = "Extend an e-way bill", description = "Within 8 hours before or after its end; waits for the portal.")
    @ApiResponse(responseCode = "200", description = "Extended", content = @Content(schema = @Schema(implementation = FilingView.class)))
    ResponseEntity<Object> extend(Caller caller, @PathVariable java.util.UUID id, @Valid @RequestBody Extend body) {
        caller.require(Permission.E_WAY_BILL_POST);
        return answer(caller, ewayBills.extend(distributorOf(caller, id, Task.E_WAY_BILL), id, body.vehicle, body.remainingKm, body.place, body.pin, body.remark, actor(caller)));
    }

    /// @param documentIds invoices with an e-way bill in force, of one distributor
    /// @param place       where the vehicle starts
    record Consolidate(long distributorId, @NotNull @Size(min = 1, max = 200) List<java.util.@NotNull UUID> documentIds, @NotBlank @Size(max = 20) String vehicle, @NotBlank @Size(max = 50) String place) {}

    /// @param number of the EWB-02, which the vehicle's driver carries
    record Consolidated(String number, Instant madeAt, String vehicle, List<Carried> carried) {}

    record Carried(java.util.UUID id, String number, String eWayBill, String buyer, BigDecimal payable, @Nullable Instant validUntil) {}

    @PostMapping("/e-way-bills/consolidation")
    @Operation(summary = "Make one paper for a vehicle", description = "EWB-02: one consolidated e-way bill for several that one vehicle carries (IN-40); waits for the portal. The newest counts, so asking again does no harm.")
    @ApiResponse(responseCode = "201", description = "Made", content = @Content(schema = @Schema(implementation = Consolidated.class)))
    ResponseEntity<Object> consolidate(Caller caller, @Valid @RequestBody Consolidate body) {
        caller.require(Permission.E_WAY_BILL_POST, body.distributorId);
        // what is not yours does not exist
        for (var id : body.documentIds) if (distributorOf(caller, id, Task.E_WAY_BILL) != body.distributorId) throw caller.notFound("e-way bill");
        return switch (ewayBills.consolidate(body.distributorId, body.documentIds, body.vehicle, body.place, actor(caller))) {
            case EwayBills.Trip.Made(var number, var at, var made) -> ResponseEntity.status(HttpStatus.CREATED).body(new Consolidated(number, at, EwayPayload.plate(body.vehicle),
                    made.stream().map(filing -> new Carried(filing.documentId(), filing.number(), java.util.Objects.requireNonNull(filing.reference()), filing.buyer(), filing.payable(), filing.validUntil())).toList()));
            case EwayBills.Trip.Unknown(_) -> Problem.of(ProblemCode.NOT_FOUND, "There is no such e-way bill.").response();
            case EwayBills.Trip.WrongState(var id, var state) -> Problem.of(ProblemCode.ILLEGAL_STATE, "One of them is " + state + ".").rule("IN-40")
                    .at("/documentIds/" + body.documentIds.indexOf(id), ProblemCode.ILLEGAL_STATE, "is " + state, "REGISTERED").with("state", state.name()).with("accepted", List.of("REGISTERED")).response();
            case EwayBills.Trip.Over(var id, var until) -> Problem.of(ProblemCode.CANCEL_WINDOW, "One of them ended at " + until + ": extend it first.").rule("IN-41")
                    .at("/documentIds/" + body.documentIds.indexOf(id), ProblemCode.CANCEL_WINDOW, "is over", "an e-way bill that is valid").response();
            case EwayBills.Trip.PortalRefused(var refused) -> Problem.of(ProblemCode.PORTAL_REFUSED, refused.faults().getFirst().text() + ".").rule("IN-40").with("portal", refused.faults()).response();
            case EwayBills.Trip.Silent(var why) -> Problem.of(ProblemCode.PORTAL_SILENT, "The portal gave no answer: " + why + ".").rule("IN-40").response();
        };
    }

    private static Actor actor(Caller caller) {
        return new Actor(caller.userId(), caller.username());
    }

    private ResponseEntity<Object> done(Caller caller, Filing filing) {
        return ResponseEntity.ok(transactions.read(caller.scope(), db -> view(db, filing)));
    }

    private ResponseEntity<Object> answer(Caller caller, Filings.Outcome outcome) {
        return switch (outcome) {
            case Filings.Outcome.Done(var filing) -> done(caller, filing);
            case Filings.Outcome.Unknown() -> Problem.of(ProblemCode.NOT_FOUND, "There is no such invoice.").response();
            case Filings.Outcome.WrongState(var state, var accepted) -> Problem.of(ProblemCode.ILLEGAL_STATE, "It is " + state + ", so this is not possible.").with("state", state.name())
                    .with("accepted", accepted.stream().map(State::name).toList()).response();
            case Filings.Outcome.Refused(var rule, var why) -> Problem.of(ProblemCode.CANCEL_WINDOW, "This is not possible: " + why + ".").rule(rule).response();
            case Filings.Outcome.Faulty(var faults) -> {
                var problem = Problem.of(ProblemCode.INVALID, faults.getFirst().detail() + ".").rule("IN-41");
                for (var fault : faults) problem = problem.at(new Problem.Fault(member(fault.pointer()), fault.code(), fault.detail(), fault.accepted()));
                yield problem.response();
            }
        };
    }

    private static String member(String pointer) {
        return switch (pointer) {
            case "/transDistance" -> "/distanceKm";
            case "/vehicleNo" -> "/vehicle";
            default -> "/documentId";
        };
    }

    private ResponseEntity<Object> answer(Caller caller, EwayBills.Outcome outcome) {
        return switch (outcome) {
            case EwayBills.Outcome.Done(var filing) -> done(caller, filing);
            case EwayBills.Outcome.Unknown() -> Problem.of(ProblemCode.NOT_FOUND, "There is no such e-way bill.").response();
            case EwayBills.Outcome.WrongState(var state) -> Problem.of(ProblemCode.ILLEGAL_STATE, "It is " + state + ", so this is not possible.").with("state", state.name()).with("accepted", List.of("REGISTERED")).response();
            case EwayBills.Outcome.Closed(var why) -> Problem.of(ProblemCode.CANCEL_WINDOW, "This is not possible: " + why + ".").rule("IN-41").response();
            case EwayBills.Outcome.PortalRefused(var refused) -> Problem.of(ProblemCode.PORTAL_REFUSED, refused.faults().getFirst().text() + ".").rule("IN-41").with("portal", refused.faults()).response();
            case EwayBills.Outcome.Silent(var why) -> Problem.of(ProblemCode.PORTAL_SILENT, "The portal gave no answer: " + why + ".").rule("IN-41").response();
        };
    }

    /// How the way to the portals stands, for the callers' own distributors.
    ///
    /// @param simulator whether the portal is the one in the box, whose numbers have no legal worth
    /// @param counts    documents by task and state
    /// @param dueSoon   e-invoices whose last day is within a week
    record PortalView(boolean setUp, boolean simulator, List<Count> counts, long dueSoon) {}

    record Count(String task, String state, long documents) {}

    @GetMapping("/portal")
    @Operation(summary = "How the way to the tax portals stands")
    PortalView portal(Caller caller) {
        caller.require(Permission.TAX_READ);
        var today = LocalDate.ofInstant(clock.instant(), EwayBill.ZONE);
        return transactions.read(caller.scope(), db -> {
            var distributors = caller.scope().distributors().toArray(Long[]::new);
            var counts = new ArrayList<>(db.sql("select task, state, count(*) as documents from tax.portal_document where distributor_id = any(:distributors) group by task, state order by task, state")
                    .param("distributors", distributors).query(Count.class).list());
            var due = db.sql("""
                            select count(*) from tax.portal_document
                             where distributor_id = any(:distributors) and task = 'E_INVOICE' and report_by <= :soon and state not in ('REGISTERED', 'CANCELLED', 'CANCELLING')""")
                    .param("distributors", distributors).param("soon", today.plusDays(7)).query(Long.class).single();
            return new PortalView(portals.isSetUp(), portals.isSetUp() && portals.simulator().isPresent(), counts, due);
        });
    }
}
