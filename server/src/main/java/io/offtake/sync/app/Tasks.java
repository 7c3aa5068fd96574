package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Ids;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.stock.NegativeStock;
import io.offtake.sync.domain.TaskView;
import io.offtake.sync.store.TaskStore;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/// Tasks that offline work leaves: a document stands, and somebody decides what follows (OFF-10, OFF-14).
@Service
public class Tasks {
    /// What has to be decided, by whom, and within how many days.
    public enum Kind {
        PRICE_DIFFERS("ASM", 7), SCHEME_DIFFERS("ASM", 7), TAX_DIFFERS("DO", 3), CREDIT_PASSED("DO", 3), STOCK_NEGATIVE("DO", 2), SCHEME_OVERSHOOT("FIN", 7), LATE_DOCUMENT("ASM", 3),
        QUARANTINE("DO", 1), OUTLET_CRITICAL("DO", 7), OUTLET_DUPLICATE("DO", 7), ORDER_AMENDMENT("DO", 1);

        private final String owner;
        private final int days;

        Kind(String owner, int days) {
            this.owner = owner;
            this.days = days;
        }
    }

    private static final List<String> DECISIONS = List.of("ACCEPT", "CORRECT", "DISMISS");

    private final TenantTransaction transactions;
    private final AuditChain audit;
    private final NegativeStock negativeStock;
    private final Ids ids;
    private final Clock clock;

    Tasks(TenantTransaction transactions, AuditChain audit, NegativeStock negativeStock, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.audit = audit;
        this.negativeStock = negativeStock;
        this.ids = ids;
        this.clock = clock;
    }

    /// Negative stock is not argued away: the missing load or count is booked, then it is made good (OFF-14).
    private void makeGood(Caller caller, TaskView task, String decision) {
        if (!decision.equals("CORRECT"))
            throw Problem.of(ProblemCode.REFUSED, "Goods that left without being in the ledger have to be found: book the missing load or count, then correct.").rule("OFF-14")
                    .at("/decision", ProblemCode.REFUSED, "does not find the goods", List.of("CORRECT")).exception();
        var zone = transactions.<String>shared(db -> db.sql("select time_zone from network.distributor where id = ?").param(task.distributorId()).query(String.class).single());
        if (negativeStock.settle(task.distributorId(), task.documentId(), LocalDate.now(clock.withZone(java.time.ZoneId.of(zone))), caller.actor()) instanceof NegativeStock.Outcome.Short(var gaps))
            throw Problem.of(ProblemCode.STOCK_SHORT, "The missing load is not booked yet.").rule("OFF-14").with("gaps", gaps).exception();
    }

    /// The document a task is about.
    public record About(UUID documentId, String documentType, @Nullable String number, @Nullable UUID outletId, @Nullable UUID deviceId, String madeBy) {}

    /// Opens a task in the caller's transaction; a second one of its kind for a document is the first.
    UUID open(JdbcClient db, long distributorId, Kind kind, About about, Object evidence, LocalDate today) {
        return TaskStore.open(db, distributorId, ids.next(), kind.name(), about.documentId, about.documentType, about.number, about.outletId, about.deviceId, kind.owner,
                Fingerprint.json(evidence), today.plusDays(kind.days), about.madeBy, clock.instant());
    }

    public Page<TaskView> list(Caller caller, ListQuery query) {
        return transactions.read(caller.scope(), db -> TaskStore.page(db, caller.scope(), query));
    }

    /// Decides a task. CORRECT says that whoever decides writes the correcting document; ACCEPT that the document stands as it is.
    /// @throws io.offtake.platform.ProblemException SAME_PERSON for its maker, ILLEGAL_STATE if it is decided already, FORBIDDEN for another role
    public TaskView decide(Caller caller, UUID id, String decision, String note) {
        if (!DECISIONS.contains(decision)) throw Problem.of(ProblemCode.INVALID).at("/decision", ProblemCode.INVALID, "is no decision", DECISIONS).exception();
        var task = transactions.<java.util.Optional<TaskView>>read(caller.scope(), db -> TaskStore.find(db, caller.scope(), id)).orElseThrow(() -> caller.notFound("task"));
        if (task.madeBy().equals(caller.username()))
            throw Problem.of(ProblemCode.SAME_PERSON, "Somebody else than " + task.madeBy() + " has to decide this.").rule("INV-09").exception();
        var owner = Role.valueOf(task.ownerRole());
        if (caller.roles().stream().noneMatch(role -> role == owner || role == Role.RSM || role == Role.FIN))
            throw Problem.of(ProblemCode.FORBIDDEN, "This is " + owner.title() + "'s to decide.").rule("OFF-10").with("grantedBy", List.of(owner.name(), "RSM", "FIN")).exception();
        if (task.kind().equals(Kind.STOCK_NEGATIVE.name()) && task.state().equals("OPEN")) makeGood(caller, task, decision);
        return transactions.idempotent().write(task.distributorId(), db -> {
            if (!TaskStore.decide(db, task.distributorId(), id, decision, note, caller.username(), clock.instant())) {
                var now = TaskStore.find(db, io.offtake.platform.RowScope.of(task.distributorId()), id).orElseThrow();
                if (decision.equals(now.decision()) && caller.username().equals(now.decidedBy())) return now;
                throw Problem.of(ProblemCode.ILLEGAL_STATE, "This was decided by " + now.decidedBy() + ".").with("state", now.state()).with("accepted", List.of("OPEN")).exception();
            }
            audit.append(task.distributorId(), List.of(new AuditTrail.Entry(task.distributorId(), clock.instant().truncatedTo(ChronoUnit.MICROS), caller.username(), null, "TASK_" + decision,
                    task.documentType(), task.documentId(), null, Fingerprint.json(Map.of("task", task.kind(), "note", note)))));
            return TaskStore.find(db, io.offtake.platform.RowScope.of(task.distributorId()), id).orElseThrow();
        });
    }
}
