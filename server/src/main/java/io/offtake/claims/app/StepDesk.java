package io.offtake.claims.app;

import io.offtake.access.Caller;
import io.offtake.claims.ClaimStep;
import io.offtake.claims.ClaimSteps;
import io.offtake.platform.Fingerprint;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;

/// A device's queued steps: the desk's own, once for each id.
@Service
class StepDesk implements ClaimSteps {
    private final ClaimDesk desk;
    private final ClaimViews views;

    StepDesk(ClaimDesk desk, ClaimViews views) {
        this.desk = desk;
        this.views = views;
    }

    @Override
    public Taken take(Caller caller, long distributorId, UUID id, ClaimStep step) {
        var once = new ClaimDesk.Once(distributorId, id, Fingerprint.of(List.of(step.getClass().getSimpleName(), step)));
        var claim = step.claimId();
        switch (step) {
            case ClaimStep.Evidence paper -> desk.attach(caller, claim, once, paper.kind(), paper.hash(), paper.name(), paper.note());
            case ClaimStep.Submission filed -> desk.submit(caller, claim, once, null, filed.claimed(), filed.note());
            case ClaimStep.Reply reply -> desk.replyTo(caller, claim, once, reply.text());
            case ClaimStep.Withdrawal why -> desk.withdraw(caller, claim, once, why.reason());
            case ClaimStep.Dispute dispute -> desk.disputed(caller, claim, once, dispute.text(),
                    dispute.lines() == null ? List.of() : dispute.lines().stream().map(line -> new ClaimDesk.LineNote(line.line(), line.note())).toList());
            case ClaimStep.Appeal appeal -> desk.appealed(caller, claim, once, appeal.text());
        }
        return new Taken(once.repeated(), views.get(caller, claim));
    }
}
