package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.governance.ChangeRequests.Proposal;
import io.offtake.governance.ChangeRequests.Simulation;
import io.offtake.governance.ChangeRequests.Status;
import io.offtake.governance.ChangeStore.Stored;
import io.offtake.platform.Jobs;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Decides past bills again with the content of a change request, as a job with progress; what it says becomes findings of the request (domain/04 section 4.4).
@Component
class ChangeSimulations implements Jobs.Handler {
    private static final int DAYS_MAX = 366;

    private final TenantTransaction transactions;
    private final ChangeKinds kinds;
    private final ChangeSight sight;
    private final ChangeExaminer examiner;
    private final ObjectProvider<PastBills> pastBills;
    private final Jobs jobs;
    private final JsonMapper json;
    private final Clock clock;

    ChangeSimulations(TenantTransaction transactions, ChangeKinds kinds, ChangeSight sight, ChangeExaminer examiner, ObjectProvider<PastBills> pastBills, @org.springframework.context.annotation.Lazy Jobs jobs,
                      JsonMapper json, Clock clock) {
        this.transactions = transactions;
        this.kinds = kinds;
        this.sight = sight;
        this.examiner = examiner;
        this.pastBills = pastBills;
        this.jobs = jobs;
        this.json = json;
        this.clock = clock;
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    record SimulationOrder(UUID id, String contentHash, LocalDate from, LocalDate to, @Nullable Set<Long> distributors) {}

    UUID simulate(Caller caller, UUID id, @Nullable Integer days, @Nullable Set<Long> distributors) {
        int span = days == null ? 90 : days;
        if (span < 1 || span > DAYS_MAX) throw Problem.of(ProblemCode.INVALID).at("/days", ProblemCode.INVALID, span + " is out of range", "1 to " + DAYS_MAX).exception();
        var stored = transactions.shared(db -> sight.visible(db, caller, id));
        if (!sight.may(caller, stored).simulate()) {
            if (!kinds.simulates(stored.row().kind(), stored.row().action())) throw Problem.of(ProblemCode.ILLEGAL_STATE, "Past bills cannot be decided again with " + stored.row().kind() + ".").exception();
            caller.require(ChangeKinds.governed(kinds.of(stored.row().kind())).duty().approves());
        }
        var mine = distributors == null || distributors.isEmpty() ? caller.scope().distributors() : distributors;
        mine.forEach(caller::requireDistributor);
        var to = pastBills.getObject().latestDay(mine);
        var from = to.minusDays(span - 1);
        var hash = stored.row().contentHash();
        var running = transactions.shared(db -> ChangeStore.simulation(db, id).filter(row -> row.status().equals("RUNNING") && row.contentHash().equals(hash)).map(ChangeStore.SimulationRow::jobId).orElse(null));
        if (running != null) return running;
        var all = new HashSet<Long>(mine);
        transactions.shared(db -> db.sql("""
                        insert into governance.change_simulation as s (request_id, content_hash, days, from_date, to_date, status, created_by, created_at)
                        values (:id, :hash, :days, :from, :to, 'RUNNING', :by, :now)
                            on conflict (request_id) do update set content_hash = excluded.content_hash, days = excluded.days, from_date = excluded.from_date, to_date = excluded.to_date,
                               status = 'RUNNING', result = null, job_id = null, created_by = excluded.created_by, created_at = excluded.created_at, finished_at = null""")
                .param("id", id).param("hash", hash).param("days", span).param("from", from).param("to", to).param("by", caller.username()).param("now", ChangeStore.time(clock.instant())).update());
        var job = jobs.start(type(), "Simulation of " + stored.row().title(), caller.userId(), null, ChangeStore.JSON.writeValueAsString(new SimulationOrder(id, hash, from, to, all)));
        transactions.shared(db -> db.sql("update governance.change_simulation set job_id = :job where request_id = :id and content_hash = :hash").param("job", job).param("id", id).param("hash", hash).update());
        return job;
    }

    @Override
    public String type() {
        return "simulation";
    }

    @Override
    public String run(String body, Jobs.Steps progress) {
        var order = ChangeStore.JSON.readValue(body, SimulationOrder.class);
        try {
            var put = transactions.shared(db -> ChangeStore.find(db, order.id, today())).map(this::inBook).orElseThrow();
            var result = pastBills.getObject().decideAgain(new PastBills.Order(order.from, order.to, order.distributors, put), progress);
            ended(order, "DONE", ChangeStore.JSON.writeValueAsString(json.<JsonNode>valueToTree(withBudget(order, result))));
        } catch (Jobs.Cancelled cancelled) {
            ended(order, "CANCELLED", null);
            throw cancelled;
        } catch (RuntimeException failure) {
            ended(order, "FAILED", null);
            throw failure;
        }
        return order.id.toString();
    }

    void ended(SimulationOrder order, String status, @Nullable String result) {
        transactions.shared(db -> {
            db.sql("update governance.change_simulation set status = :status, result = :result, finished_at = :now where request_id = :id and content_hash = :hash")
                    .param("status", status).param("result", result).param("now", ChangeStore.time(clock.instant())).param("id", order.id).param("hash", order.contentHash).update();
            return null;
        });
        if (status.equals("DONE")) recheck(order.id);
    }

    /// The findings of an open request follow from its simulation.
    void recheck(UUID id) {
        var owner = transactions.shared(db -> ChangeStore.find(db, id, today())).map(Stored::ownerId).orElseThrow();
        transactions.write(owner, db -> {
            var stored = ChangeStore.lock(db, id, today()).orElseThrow();
            if (stored.row().status() != Status.DRAFT && stored.row().status() != Status.SUBMITTED) return false;
            var system = new Caller(0, "system", "", Set.of(), new RowScope(stored.distributors(), null), "en", Set.of());
            ChangeExaminer.keep(db, stored, examiner.examine(db, system, kinds.of(stored.row().kind()), stored), stored.acknowledged());
            ChangeStore.note(db, id, clock.instant(), "system", "SIMULATED", null, Map.of());
            return true;
        });
    }

    /// What puts the request's content into a rule book.
    Consumer<ObjectNode> inBook(Stored stored) {
        return transactions.write(stored.ownerId(), db -> inBook(db, kinds.of(stored.row().kind()), stored));
    }

    <F extends Record> Consumer<ObjectNode> inBook(JdbcClient db, Master<F> master, Stored stored) {
        var items = ChangeStore.items(db, stored.row().id(), 0, ChangeExaminer.ITEMS_MAX);
        if (!stored.row().action().equals(ChangeRequests.PUT)) {
            var item = items.getFirst();
            return kinds.step(stored.row().kind()).inBook(db, stored.row().action(), java.util.Objects.requireNonNull(item.targetId()), item.content());
        }
        var drafts = examiner.drafts(db, master, stored.ownerId(), items.stream().map(item -> new Proposal(item.targetId(), item.content())).toList());
        var all = new ArrayList<Consumer<ObjectNode>>();
        for (var draft : drafts) {
            if (!draft.isGood()) throw Problem.of(ProblemCode.CHECKS_FAILED, "The content has faults: correct them before the simulation.").exception();
            all.add(ChangeKinds.governed(master).inBook(db, draft));
        }
        return book -> all.forEach(one -> one.accept(book));
    }

    /// Sets the simulated cost of the changed schemes beside what their form allows.
    PastBills.Result withBudget(SimulationOrder order, PastBills.Result result) {
        var stored = transactions.shared(db -> ChangeStore.find(db, order.id, today())).orElseThrow();
        if (!stored.row().action().equals(ChangeRequests.PUT)) return result;
        return withBudget(kinds.of(stored.row().kind()), order, result);
    }

    <F extends Record> PastBills.Result withBudget(Master<F> master, SimulationOrder order, PastBills.Result result) {
        var items = transactions.shared(db -> ChangeStore.items(db, order.id, 0, 2));
        if (items.size() != 1) return result;
        var form = json.treeToValue(items.getFirst().content(), master.formType());
        var governed = ChangeKinds.governed(master);
        var budget = governed.budget(form);
        var from = governed.effectiveFrom(form);
        var to = governed.effectiveTo(form);
        if (budget == null || from == null || to == null) return result;
        long days = ChronoUnit.DAYS.between(from, to) + 1;
        long span = ChronoUnit.DAYS.between(order.from, order.to) + 1;
        var cost = result.schemes().stream().filter(PastBills.SchemeCost::changed).map(PastBills.SchemeCost::benefitAfter).reduce(BigDecimal.ZERO, BigDecimal::add);
        return result.withBudget(new PastBills.Budget(budget, cost.multiply(BigDecimal.valueOf(days)).divide(BigDecimal.valueOf(span), 2, RoundingMode.HALF_UP), days));
    }

    Simulation simulation(Caller caller, UUID id) {
        var stored = transactions.shared(db -> sight.visible(db, caller, id));
        var row = transactions.shared(db -> ChangeStore.simulation(db, id)).orElseThrow(() -> caller.notFound("simulation"));
        var job = row.jobId() == null ? null : jobs.find(row.jobId()).orElse(null);
        return new Simulation(row.status(), row.jobId(), row.days(), row.from(), row.to(), row.contentHash(), row.contentHash().equals(stored.row().contentHash()), job == null ? 0 : job.done(),
                job == null ? null : job.total(), job == null ? null : job.message(), row.result() == null ? null : json.readValue(row.result(), PastBills.Result.class));
    }
}
