package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.claims.ClaimStep;
import io.offtake.claims.ClaimSteps;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/// A device's queued steps of claims: the bodies of the REST operations with the claim they belong to; the command's id is the step's.
@Component
public class ClaimCommands {
    private record Kind(Class<? extends ClaimStep> body, Permission permission) {}

    private static final Map<String, Kind> STEPS = Map.of(
            "claim-evidence", new Kind(ClaimStep.Evidence.class, Permission.CLAIM_WRITE),
            "claim-submission", new Kind(ClaimStep.Submission.class, Permission.CLAIM_SUBMIT),
            "claim-reply", new Kind(ClaimStep.Reply.class, Permission.CLAIM_WRITE),
            "claim-withdrawal", new Kind(ClaimStep.Withdrawal.class, Permission.CLAIM_SUBMIT),
            "claim-dispute", new Kind(ClaimStep.Dispute.class, Permission.CLAIM_SUBMIT),
            "claim-appeal", new Kind(ClaimStep.Appeal.class, Permission.CLAIM_SUBMIT));

    /// The kinds it takes.
    public static final Set<String> KINDS = STEPS.keySet();

    private final ClaimSteps steps;

    ClaimCommands(ClaimSteps steps) {
        this.steps = steps;
    }

    /// Takes one command of [#KINDS]; 201 tells a step that was done now from a repeat.
    ResponseEntity<Object> take(Caller caller, long distributorId, UUID id, String name, ReturnCommands.Body body) {
        var kind = STEPS.get(name);
        if (kind == null) throw new IllegalArgumentException(name);
        caller.require(kind.permission, distributorId);
        var taken = steps.take(caller, distributorId, id, body.as(kind.body));
        return ResponseEntity.status(taken.repeated() ? HttpStatus.OK : HttpStatus.CREATED).body(taken.claim());
    }
}
