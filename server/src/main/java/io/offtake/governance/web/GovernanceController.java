package io.offtake.governance.web;

import io.offtake.access.Caller;
import io.offtake.governance.ChangeRequests;
import io.offtake.governance.app.Delegations;
import io.offtake.governance.app.Overrides;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Who decides on what, for whom, and what was let through.
@RestController
@Tag(name = "change-requests")
class GovernanceController {
    private final ChangeRequests changes;
    private final Delegations delegations;
    private final Overrides overrides;

    GovernanceController(ChangeRequests changes, Delegations delegations, Overrides overrides) {
        this.changes = changes;
        this.delegations = delegations;
        this.overrides = overrides;
    }

    @GetMapping("/api/v1/governance/duties")
    @Operation(summary = "Duties", description = "Who proposes and who approves each kind of configuration, and what the caller may do.")
    Page<ChangeRequests.Duties> duties(Caller caller) {
        return Page.all(changes.duties(caller));
    }

    @GetMapping("/api/v1/approval-delegations")
    @Operation(summary = "Delegations", description = "Those the caller has given or was given.")
    Page<Delegations.Delegation> delegations(Caller caller) {
        return delegations.list(caller);
    }

    @PostMapping("/api/v1/approval-delegations")
    @Operation(summary = "Delegate", description = "Somebody else decides for the caller in these days, never on requests of either of the two.")
    ResponseEntity<Delegations.Delegation> createDelegation(Caller caller, @RequestBody Delegations.NewDelegation delegation) {
        var made = delegations.create(caller, delegation);
        return ResponseEntity.created(URI.create("/api/v1/approval-delegations")).body(made);
    }

    @PostMapping("/api/v1/approval-delegations/{id}/revocation")
    @Operation(summary = "Revoke a delegation")
    Delegations.Delegation revoke(Caller caller, @PathVariable UUID id) {
        return delegations.revoke(caller, id);
    }

    @GetMapping("/api/v1/overrides")
    @Operation(summary = "Overrides", description = "What was let through although a check or rule spoke against it (GOV-12).")
    Page<Overrides.Override> overrides(Caller caller, ListQuery query) {
        return overrides.list(caller, query);
    }

    @GetMapping("/api/v1/overrides/ratio")
    @Operation(summary = "Override ratio", description = "Approved requests with an override, of all approved ones, between two days.")
    Overrides.Ratio ratio(Caller caller, @RequestParam(required = false) @Nullable LocalDate from, @RequestParam(required = false) @Nullable LocalDate to) {
        return overrides.ratio(caller, from, to);
    }
}
