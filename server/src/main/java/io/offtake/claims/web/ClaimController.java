package io.offtake.claims.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.claims.Claims;
import io.offtake.claims.app.ClaimDesk;
import io.offtake.claims.app.ClaimMetrics;
import io.offtake.claims.app.ClaimViews;
import io.offtake.claims.app.Lapses;
import io.offtake.claims.app.Settlements;
import io.offtake.claims.domain.Reason;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Claims over HTTP (domain/02 section 2.10, domain/06). Each step answers the claim as it stands after it.
@RestController
@RequestMapping("/api/v1/claims")
@Tag(name = "claims")
class ClaimController {
    private final ClaimDesk desk;
    private final ClaimViews views;
    private final ClaimMetrics metrics;

    ClaimController(ClaimDesk desk, ClaimViews views, ClaimMetrics metrics) {
        this.desk = desk;
        this.views = views;
        this.metrics = metrics;
    }

    private ResponseEntity<ClaimViews.Detail> detail(Caller caller, UUID id) {
        var found = views.get(caller, id);
        return IfMatch.ok(found, found.claim().version());
    }

    /// A list without what is not there; none is an empty one.
    private static <T> List<T> given(@Nullable List<T> list) {
        return list == null ? List.of() : list.stream().filter(Objects::nonNull).toList();
    }

    /// @param period as `2026-10`; null: the last month
    record NewDrafts(@Nullable Long distributorId, @Nullable String period) {}

    record Lowered(@Nullable List<ClaimDesk.LineAmount> lines) {}

    record NewEvidence(@Nullable String kind, @Nullable String hash, @Nullable String name, @Nullable String note) {}

    record Note(@Nullable String note) {}

    record Why(@Nullable String reason) {}

    record Question(@Nullable String text, @Nullable List<Integer> lines) {}

    record Reply(@Nullable String text) {}

    record Dispute(@Nullable String text, @Nullable List<ClaimDesk.LineNote> lines) {}

    /// @param rule      that cuts for it, if one does
    /// @param overrules whether it may stand for letting through what a rule cut
    record ReasonView(String code, String title, String titleHi, @Nullable String rule, boolean cuts, boolean overrules) {}

    @GetMapping
    @Operation(operationId = "listClaims", summary = "List claims", description = "In the caller's scope; `waiting=true` are those that wait for the caller, delegations included.")
    Page<ClaimViews.Row> list(Caller caller, ListQuery query) {
        caller.require(Permission.CLAIM_READ);
        return views.list(caller, query, "true".equals(query.filter("waiting")));
    }

    @GetMapping("/summary")
    @Operation(operationId = "summariseClaims", summary = "Count claims", description = "By state and band, with what is receivable (1400) and accrued (1405).")
    ClaimViews.Summary summary(Caller caller, @RequestParam(required = false) @Nullable Long distributorId, @RequestParam(required = false) @Nullable Long principalId) {
        return views.summary(caller, distributorId, principalId);
    }

    @GetMapping("/reasons")
    @Operation(operationId = "listClaimReasons", summary = "Reason codes", description = "For cuts, rejections and overruled rules.")
    Page<ReasonView> reasons(Caller caller) {
        caller.require(Permission.CLAIM_READ);
        return Page.all(Arrays.stream(Reason.values()).map(reason -> new ReasonView(reason.name(), reason.title(), reason.titleHi(), reason.rule(), reason.cuts(), reason.overrules())).toList());
    }

    @PostMapping("/drafts")
    @Operation(operationId = "draftClaims", summary = "Draft a month's claims", description = "From posted benefits less returns; again changes nothing. The system does it by itself when a month is over.")
    Claims.Drafted drafts(Caller caller, @RequestBody NewDrafts wanted) {
        YearMonth period;
        try {
            period = wanted.period == null ? null : YearMonth.parse(wanted.period);
        } catch (DateTimeParseException _) {
            throw Problem.of(ProblemCode.INVALID).at("/period", ProblemCode.INVALID, "is no month", "2026-10").exception();
        }
        return desk.drafted(caller, wanted.distributorId, period);
    }

    @GetMapping("/batches")
    @Operation(operationId = "listClaimBatches", summary = "Straight-through batches", description = "What the rules approved, by day and principal (CL-20).")
    Page<ClaimViews.Batch> batches(Caller caller, @RequestParam(required = false) @Nullable Long principalId) {
        return views.batches(caller, principalId);
    }

    @PostMapping("/batches/{batch}/settlement")
    @Operation(operationId = "settleClaimBatch", summary = "Settle a batch", description = "One credit note for each distributor (CL-25). Once per id.")
    ClaimDesk.BatchSettled settleBatch(Caller caller, @PathVariable String batch, @RequestBody ClaimDesk.Settle wanted) {
        return desk.settledBatch(caller, batch, wanted);
    }

    @GetMapping("/settlements")
    @Operation(operationId = "listClaimSettlements", summary = "List settlements")
    Page<Settlements.View> settlements(Caller caller, ListQuery query) {
        return views.settlements(caller, query);
    }

    @GetMapping("/settlements/{id}")
    @Operation(operationId = "readClaimSettlement", summary = "Read a settlement", description = "The principal's credit note with its claims and taxes.")
    Settlements.View settlement(Caller caller, @PathVariable UUID id) {
        return views.settlement(caller, id);
    }

    @GetMapping("/metrics")
    @Operation(operationId = "measureClaims", summary = "KPI-64 to KPI-68", description = "Over claims filed in a window, the last ninety days unless one is given.")
    Page<ClaimMetrics.Metric> metrics(Caller caller, @RequestParam(required = false) @Nullable LocalDate from, @RequestParam(required = false) @Nullable LocalDate to,
                                      @RequestParam(required = false) @Nullable Long distributorId, @RequestParam(required = false) @Nullable Long principalId) {
        return Page.all(metrics.of(caller, from, to, distributorId, principalId));
    }

    @GetMapping("/rules")
    @Operation(operationId = "tuneClaimRules", summary = "How rules do", description = "Hits, what people said of them, and what they are set to (CL-27).")
    Page<ClaimViews.Tuning> rules(Caller caller, @RequestParam(required = false) @Nullable LocalDate from, @RequestParam(required = false) @Nullable LocalDate to) {
        return views.tuning(caller, from, to);
    }

    @GetMapping("/accruals")
    @Operation(operationId = "listUnclaimedAccruals", summary = "Accrued and not claimed", description = "By scheme version, with the day from which it may lapse (CL-26).")
    Page<Lapses.Accrual> accruals(Caller caller, @RequestParam(required = false) @Nullable Long distributorId) {
        return views.accruals(caller, distributorId);
    }

    @PostMapping("/lapses")
    @Operation(operationId = "lapseAccrual", summary = "Let an accrual lapse", description = "What lies unclaimed ninety days after its window, in both books (CL-26). Once per id.")
    Lapses.Lapsed lapse(Caller caller, @RequestBody ClaimDesk.Lapse wanted) {
        return desk.lapsed(caller, wanted);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "readClaim", summary = "Read a claim")
    ResponseEntity<ClaimViews.Detail> read(Caller caller, @PathVariable UUID id) {
        return detail(caller, id);
    }

    @GetMapping("/{id}/lines")
    @Operation(operationId = "listClaimLines", summary = "Lines beside their bills", description = "With what the rules found and the numbers they used.")
    Page<ClaimViews.Line> lines(Caller caller, @PathVariable UUID id, ListQuery query) {
        return views.lines(caller, id, query);
    }

    @GetMapping("/{id}/history")
    @Operation(operationId = "listClaimHistory", summary = "History of a claim")
    Page<ClaimViews.EventView> history(Caller caller, @PathVariable UUID id) {
        return views.history(caller, id);
    }

    @PutMapping("/{id}/lines")
    @Operation(operationId = "lowerClaimLines", summary = "Lower claimed amounts", description = "Of a draft; nothing can be raised above what the bill gives.")
    ResponseEntity<ClaimViews.Detail> lower(Caller caller, @PathVariable UUID id, IfMatch version, @RequestBody Lowered wanted) {
        desk.lower(caller, id, (int) version.version(), given(wanted.lines));
        return detail(caller, id);
    }

    @PostMapping("/{id}/evidence")
    @Operation(operationId = "attachClaimEvidence", summary = "Attach evidence", description = "By the hash under which its bytes are stored.")
    ResponseEntity<ClaimViews.Detail> attach(Caller caller, @PathVariable UUID id, @RequestBody NewEvidence wanted) {
        desk.attach(caller, id, wanted.kind, wanted.hash, wanted.name, wanted.note);
        return detail(caller, id);
    }

    @PostMapping("/{id}/submission")
    @Operation(operationId = "submitClaim", summary = "File a claim", description = "The rules look at it at once: it is approved, or goes to review.")
    ResponseEntity<ClaimViews.Detail> submit(Caller caller, @PathVariable UUID id, IfMatch version, @RequestBody Note note) {
        desk.submit(caller, id, (int) version.version(), note.note);
        return detail(caller, id);
    }

    @PostMapping("/{id}/withdrawal")
    @Operation(operationId = "withdrawClaim", summary = "Withdraw a draft", description = "Its sales may stand in another claim.")
    ResponseEntity<ClaimViews.Detail> withdraw(Caller caller, @PathVariable UUID id, @RequestBody Why why) {
        desk.withdraw(caller, id, why.reason);
        return detail(caller, id);
    }

    @PostMapping("/{id}/waiver")
    @Operation(operationId = "waiveLateClaim", summary = "Let a late claim in")
    ResponseEntity<ClaimViews.Detail> waive(Caller caller, @PathVariable UUID id, @RequestBody Why why) {
        desk.waive(caller, id, why.reason);
        return detail(caller, id);
    }

    @PostMapping("/{id}/query")
    @Operation(operationId = "queryClaim", summary = "Ask the distributor", description = "The clock stands until it answers.")
    ResponseEntity<ClaimViews.Detail> query(Caller caller, @PathVariable UUID id, @RequestBody Question question) {
        desk.ask(caller, id, question.text, given(question.lines));
        return detail(caller, id);
    }

    @PostMapping("/{id}/reply")
    @Operation(operationId = "replyToClaimQuery", summary = "Answer a question")
    ResponseEntity<ClaimViews.Detail> reply(Caller caller, @PathVariable UUID id, @RequestBody Reply reply) {
        desk.replyTo(caller, id, reply.text);
        return detail(caller, id);
    }

    @PostMapping("/{id}/decision")
    @Operation(operationId = "decideClaim", summary = "Decide a claim", description = "By line; above the auditor's limit or at high risk it waits for a second person of Finance.")
    ResponseEntity<ClaimViews.Detail> decide(Caller caller, @PathVariable UUID id, IfMatch version, @RequestBody ClaimDesk.Decision decision) {
        desk.decided(caller, id, (int) version.version(), new ClaimDesk.Decision(decision.decision(), decision.reason(), decision.note(), given(decision.lines()), given(decision.disagree())));
        return detail(caller, id);
    }

    @PostMapping("/{id}/confirmation")
    @Operation(operationId = "confirmClaimDecision", summary = "Confirm a decision", description = "By a second person.")
    ResponseEntity<ClaimViews.Detail> confirm(Caller caller, @PathVariable UUID id, IfMatch version, @RequestBody Note note) {
        desk.confirmed(caller, id, (int) version.version(), note.note);
        return detail(caller, id);
    }

    @PostMapping("/{id}/sending-back")
    @Operation(operationId = "sendClaimBack", summary = "Send a decision back", description = "The proposal is dropped.")
    ResponseEntity<ClaimViews.Detail> sendBack(Caller caller, @PathVariable UUID id, @RequestBody Why why) {
        desk.sentBack(caller, id, why.reason);
        return detail(caller, id);
    }

    @PostMapping("/{id}/dispute")
    @Operation(operationId = "disputeClaim", summary = "Dispute a decision", description = "Another auditor looks at it again.")
    ResponseEntity<ClaimViews.Detail> dispute(Caller caller, @PathVariable UUID id, @RequestBody Dispute dispute) {
        desk.disputed(caller, id, dispute.text, given(dispute.lines));
        return detail(caller, id);
    }

    @PostMapping("/{id}/appeal")
    @Operation(operationId = "appealClaim", summary = "Appeal the decision on a dispute", description = "A panel of the regional manager and Finance decides, none of whom has decided on the claim before; that is final.")
    ResponseEntity<ClaimViews.Detail> appeal(Caller caller, @PathVariable UUID id, @RequestBody Reply appeal) {
        desk.appealed(caller, id, appeal.text);
        return detail(caller, id);
    }

    @PostMapping("/{id}/clawback")
    @Operation(operationId = "clawBackClaim", summary = "Take money of a settled claim back", description = "By line and with a reason; somebody else of Finance confirms it, then a debit note stands in both books. Sending it back drops it.")
    ResponseEntity<ClaimViews.Detail> clawBack(Caller caller, @PathVariable UUID id, IfMatch version, @RequestBody ClaimDesk.Clawback wanted) {
        desk.clawedBack(caller, id, (int) version.version(), new ClaimDesk.Clawback(wanted.reason(), wanted.note(), given(wanted.lines())));
        return detail(caller, id);
    }

    @PostMapping("/{id}/settlement")
    @Operation(operationId = "settleClaim", summary = "Settle a claim", description = "By the principal's credit note to the distributor's account (P-09). Once per id.")
    Settlements.View settle(Caller caller, @PathVariable UUID id, @RequestBody ClaimDesk.Settle wanted) {
        return desk.settled(caller, id, wanted);
    }
}
