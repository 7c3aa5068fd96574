package io.offtake.governance.web;

import io.offtake.access.Caller;
import io.offtake.governance.ChangeRequests;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Change requests over HTTP: the one way by which people change what decides money.
@RestController
@RequestMapping("/api/v1/change-requests")
@Tag(name = "change-requests")
class ChangeRequestController {

    /// @param items several of one kind; or `targetId` and `content` for one
    record NewRequest(@Nullable UUID id, String kind, @Nullable Long distributorId, @Nullable String title, @Nullable String reason, @Nullable LocalDate effectiveFrom, @Nullable String targetId,
                      @Schema(type = "object") @Nullable JsonNode content, @Nullable List<ChangeRequests.Proposal> items) {}

    record Revision(@Nullable String title, @Nullable String reason, @Nullable LocalDate effectiveFrom, @Nullable String targetId, @Schema(type = "object") @Nullable JsonNode content,
                    @Nullable List<ChangeRequests.Proposal> items) {}

    /// @param acknowledged codes of warnings
    record Submission(@Nullable String reason, @Nullable List<String> acknowledged) {}

    /// @param contentHash what was read
    record Approval(@Nullable String contentHash, @Nullable String reason, @Nullable List<String> acknowledged) {}

    record Reason(@Nullable String reason) {}

    record Comment(@Nullable String text) {}

    record Rollback(@Nullable LocalDate effectiveFrom, @Nullable String reason) {}

    /// @param outcome CONFIRMED or REVERSED
    record Review(String outcome, @Nullable String reason) {}

    /// @param days          1 to 366; 90 if nothing is said
    /// @param distributorIds all in the own scope if nothing is said
    record SimulationOrder(@Nullable Integer days, @Nullable Set<Long> distributorIds) {}

    record Started(UUID jobId) {}

    private final ChangeRequests changes;

    ChangeRequestController(ChangeRequests changes) {
        this.changes = changes;
    }

    @GetMapping
    @Operation(summary = "List", description = "A page. `waiting=me`: what I may decide on; `mine=true`: what I proposed.")
    Page<ChangeRequests.Row> list(Caller caller, ListQuery query) {
        var filters = new HashMap<>(query.filters());
        boolean waiting = "me".equals(filters.remove("waiting"));
        boolean mine = "true".equals(filters.remove("mine"));
        return changes.list(caller, new ListQuery(query.cursor(), query.limit(), query.q(), query.sort(), filters), waiting, mine);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read one", description = "With its items, their differences from what is in force, the findings and what the caller may do.")
    ResponseEntity<ChangeRequests.Detail> read(Caller caller, @PathVariable UUID id) {
        return ok(changes.get(caller, id));
    }

    @GetMapping("/{id}/items")
    @Operation(summary = "Items", description = "All items, 200 on a page, after the number `cursor`.")
    Page<ChangeRequests.Item> items(Caller caller, @PathVariable UUID id, @RequestParam(defaultValue = "0") int cursor) {
        return changes.items(caller, id, cursor);
    }

    @GetMapping("/{id}/history")
    @Operation(summary = "History", description = "Every step in order.")
    Page<ChangeRequests.Event> history(Caller caller, @PathVariable UUID id) {
        return Page.all(changes.history(caller, id));
    }

    @PostMapping
    @Operation(summary = "Propose", description = "A draft; faults of the content are findings and do not refuse it.")
    ResponseEntity<ChangeRequests.Detail> create(Caller caller, @RequestBody NewRequest request) {
        var made = changes.propose(caller, new ChangeRequests.NewChange(request.id(), String.valueOf(request.kind()), request.distributorId(), request.title(), request.reason(), request.effectiveFrom(),
                items(request.items(), request.targetId(), request.content()), ChangeRequests.Origin.USER, null, null));
        return ResponseEntity.status(HttpStatus.CREATED).eTag(IfMatch.etag(made.request().revision())).location(URI.create("/api/v1/change-requests/" + made.request().id())).body(made);
    }

    private static List<ChangeRequests.Proposal> items(@Nullable List<ChangeRequests.Proposal> items, @Nullable String targetId, @Nullable JsonNode content) {
        if (items != null && !items.isEmpty()) return items;
        return content == null ? List.of() : List.of(new ChangeRequests.Proposal(targetId, content));
    }

    @PutMapping("/{id}")
    @Operation(summary = "Edit", description = "Replaces the content; a submitted request becomes a draft again, and what was approved for the old content is void.")
    ResponseEntity<ChangeRequests.Detail> change(Caller caller, @PathVariable UUID id, IfMatch version, @RequestBody Revision revision) {
        return ok(changes.revise(caller, id, version, revision.title(), revision.reason(), revision.effectiveFrom(), items(revision.items(), revision.targetId(), revision.content())));
    }

    @PostMapping("/{id}/checks")
    @Operation(summary = "Check again")
    ResponseEntity<ChangeRequests.Detail> check(Caller caller, @PathVariable UUID id) {
        return ok(changes.check(caller, id));
    }

    @PostMapping("/{id}/submission")
    @Operation(summary = "Submit", description = "Errors refuse it; warnings have to be acknowledged by their codes; a reason is needed.")
    ResponseEntity<ChangeRequests.Detail> submit(Caller caller, @PathVariable UUID id, IfMatch version, @RequestBody Submission submission) {
        return ok(changes.submit(caller, id, version, submission.reason(), list(submission.acknowledged())));
    }

    @PostMapping("/{id}/approval")
    @Operation(summary = "Approve", description = "By somebody else than whoever made or edited it, for the content that was read (`contentHash`).")
    ResponseEntity<ChangeRequests.Detail> approve(Caller caller, @PathVariable UUID id, @RequestBody Approval approval) {
        return ok(changes.approve(caller, id, approval.contentHash(), approval.reason(), list(approval.acknowledged())));
    }

    private static List<String> list(@Nullable List<String> codes) {
        return codes == null ? List.of() : codes;
    }

    @PostMapping("/{id}/rejection")
    @Operation(summary = "Reject")
    ResponseEntity<ChangeRequests.Detail> reject(Caller caller, @PathVariable UUID id, @RequestBody Reason reason) {
        return ok(changes.reject(caller, id, reason.reason()));
    }

    @PostMapping("/{id}/withdrawal")
    @Operation(summary = "Withdraw")
    ResponseEntity<ChangeRequests.Detail> withdraw(Caller caller, @PathVariable UUID id, @RequestBody Reason reason) {
        return ok(changes.withdraw(caller, id, reason.reason()));
    }

    @PostMapping("/{id}/comments")
    @Operation(summary = "Comment")
    ResponseEntity<ChangeRequests.Detail> comment(Caller caller, @PathVariable UUID id, @RequestBody Comment comment) {
        return ok(changes.comment(caller, id, comment.text()));
    }

    @PostMapping("/{id}/rollback")
    @Operation(summary = "Roll back", description = "A new draft with what was in force before: nothing is ever overwritten.")
    ResponseEntity<ChangeRequests.Detail> rollback(Caller caller, @PathVariable UUID id, @RequestBody Rollback rollback) {
        var made = changes.rollback(caller, id, rollback.effectiveFrom(), rollback.reason());
        return ResponseEntity.status(HttpStatus.CREATED).eTag(IfMatch.etag(made.request().revision())).location(URI.create("/api/v1/change-requests/" + made.request().id())).body(made);
    }

    @PostMapping("/{id}/review")
    @Operation(summary = "Review an emergency stop", description = "Within 48 hours, by somebody else (GV-04).")
    ResponseEntity<ChangeRequests.Detail> review(Caller caller, @PathVariable UUID id, @RequestBody Review review) {
        return ok(changes.review(caller, id, String.valueOf(review.outcome()), review.reason()));
    }

    @PostMapping("/{id}/simulation")
    @Operation(summary = "Simulate", description = "Decides the bills of the last days again with the change in the rule book, in a job; it writes nothing but its result.")
    ResponseEntity<Started> simulate(Caller caller, @PathVariable UUID id, @RequestBody SimulationOrder order) {
        return ResponseEntity.accepted().body(new Started(changes.simulate(caller, id, order.days(), order.distributorIds())));
    }

    @GetMapping("/{id}/simulation")
    @Operation(summary = "Simulation", description = "How far it is, and what it found.")
    ChangeRequests.Simulation simulation(Caller caller, @PathVariable UUID id) {
        return changes.simulation(caller, id);
    }

    private static ResponseEntity<ChangeRequests.Detail> ok(ChangeRequests.Detail detail) {
        return IfMatch.ok(detail, detail.request().revision());
    }
}
