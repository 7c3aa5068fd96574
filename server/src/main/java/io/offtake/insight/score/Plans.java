package io.offtake.insight.score;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.insight.Says;
import io.offtake.platform.Ids;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Action plans agreed with a distributor (DST-13, domain 7.2): owners on both sides, actions with dates, a log, and an
/// outcome without which none is closed. A playbook opens a plan with tasks and proposals; it changes nothing by itself.
@Service
public class Plans {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> SIDES = List.of("PRINCIPAL", "DISTRIBUTOR");
    private static final String OPENED = "opened: ";
    private static final String DONE = "done: ";
    private static final String CLOSED = "closed, ";
    private static final List<String> OUTCOMES = List.of("REACHED", "PARTLY", "NOT_REACHED", "STOPPED");

    /// @param side PRINCIPAL or DISTRIBUTOR
    public record Action(int no, String text, String side, String owner, LocalDate dueOn, @Nullable LocalDate doneOn) {}

    /// @param text in English, or as it was typed
    /// @param says the same by its key where the product wrote it: opened, done or closed
    public record Entry(Instant at, String actor, String text, @Nullable Says says) {}

    /// @param cause     why it was opened
    /// @param playbook  the words of its title, tasks and proposals stand under this code in every language
    /// @param proposals what somebody may propose because of it; nothing of it happens by itself
    public record Plan(UUID id, long distributorId, String distributor, long principalId, String title, String trigger, @Nullable String playbook, String state, String support, @Nullable String expectedPoints,
                       @Nullable String indexAtStart, String ownerPrincipal, String ownerDistributor, LocalDate openedOn, LocalDate reviewOn, List<String> proposals, List<Action> actions, List<Entry> log,
                       @Nullable String outcome, @Nullable String outcomeNote, @Nullable LocalDate closedOn, int version) {
        public Plan {
            proposals = List.copyOf(proposals);
            actions = List.copyOf(actions);
            log = List.copyOf(log);
        }
    }

    public record NewAction(@Nullable String text, @Nullable String side, @Nullable String owner, @Nullable LocalDate dueOn) {}

    /// @param id made by the caller, so that a repeat is harmless
    public record NewPlan(@Nullable UUID id, long distributorId, long principalId, @Nullable String title, @Nullable String trigger, @Nullable String support, @Nullable BigDecimal expectedPoints,
                          @Nullable String ownerPrincipal, @Nullable String ownerDistributor, @Nullable LocalDate reviewOn, @Nullable List<NewAction> actions) {}

    public record NewEntry(@Nullable String text, @Nullable LocalDate reviewOn) {}

    public record Closure(@Nullable String outcome, @Nullable String note) {}

    private static final String SELECT = """
            select p.*, d.name as distributor from insight.plan p join network.distributor d on d.id = p.distributor_id where p.distributor_id = any (:distributors)""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", ListSql.Type.UUID).sortable("openedOn", ListSql.Type.DATE).sortable("reviewOn", ListSql.Type.DATE).equal("distributorId", ListSql.Type.LONG)
            .equal("state", ListSql.Type.TEXT).equal("playbook", ListSql.Type.TEXT).search("title", "distributor").order("reviewOn");

    private final TenantTransaction transactions;
    private final Ids ids;
    private final Clock clock;

    Plans(TenantTransaction transactions, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    private static Map<String, ?> distributors(Caller caller) {
        return Map.of("distributors", caller.scope().distributors().toArray(Long[]::new));
    }

    public Page<Plan> list(Caller caller, ListQuery query) {
        caller.require(Permission.SCORE_READ);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, distributors(caller), Plans::plan));
    }

    /// With its log.
    public Plan get(Caller caller, UUID id) {
        caller.require(Permission.SCORE_READ);
        return transactions.read(caller.scope(), db -> db.sql(SELECT + " and p.id = :id").params(distributors(caller)).param("id", id).query(Plans::plan).optional().map(plan -> withLog(db, plan)))
                .orElseThrow(() -> caller.notFound("plan"));
    }

    private static Plan withLog(JdbcClient db, Plan plan) {
        var log = db.sql("select at, actor, text, says from insight.plan_log where distributor_id = ? and plan_id = ? order by seq").params(plan.distributorId, plan.id)
                .query((row, _) -> new Entry(ScoreStore.instant(row, "at"), row.getString("actor"), row.getString("text"), said(row.getString("says"), row.getString("text"), plan.playbook))).list();
        return new Plan(plan.id, plan.distributorId, plan.distributor, plan.principalId, plan.title, plan.trigger, plan.playbook, plan.state, plan.support, plan.expectedPoints, plan.indexAtStart, plan.ownerPrincipal,
                plan.ownerDistributor, plan.openedOn, plan.reviewOn, plan.proposals, plan.actions, log, plan.outcome, plan.outcomeNote, plan.closedOn, plan.version);
    }

    /// What a line of the log says, if the product wrote it.
    ///
    /// @param says as it was kept; empty where somebody typed the line, null for lines of before, which are read from their words
    static @Nullable Says said(@Nullable String says, String text, @Nullable String playbook) {
        return says == null ? said(text, playbook) : says.isEmpty() ? null : JSON.readValue(says, Says.class);
    }

    /// What a line without a key says, by its words. The task of a playbook goes by its number.
    static @Nullable Says said(String text, @Nullable String playbook) {
        if (text.startsWith(OPENED)) return Says.of("opened", "why", text.substring(OPENED.length()));
        if (text.startsWith(CLOSED)) {
            int end = text.indexOf(": ", CLOSED.length());
            return end < 0 ? null : Says.of("closed", "outcome", text.substring(CLOSED.length(), end), "note", text.substring(end + 2));
        }
        if (!text.startsWith(DONE)) return null;
        return done(text.substring(DONE.length()), playbook);
    }

    private static Says done(String what, @Nullable String playbook) {
        var tasks = Playbooks.of(playbook).map(Playbooks.Playbook::tasks).orElse(List.of());
        for (int at = 0; at < tasks.size(); at++) if (tasks.get(at).text().equals(what)) return Says.of("done", "what", what, "task", Integer.toString(at + 1));
        return Says.of("done", "what", what);
    }

    private static Plan plan(ResultSet row, int number) throws SQLException {
        var points = row.getBigDecimal("expected_points");
        var index = row.getBigDecimal("index_at_start");
        return new Plan(row.getObject("id", UUID.class), row.getLong("distributor_id"), row.getString("distributor"), row.getLong("principal_id"), row.getString("title"), row.getString("cause"), row.getString("playbook"),
                row.getString("state"), row.getString("support"), points == null ? null : points.stripTrailingZeros().toPlainString(), index == null ? null : index.setScale(1, RoundingMode.HALF_UP).toPlainString(),
                row.getString("owner_principal"), row.getString("owner_distributor"), row.getObject("opened_on", LocalDate.class), row.getObject("review_on", LocalDate.class),
                JSON.readValue(row.getString("proposals"), new TypeReference<List<String>>() {}), JSON.readValue(row.getString("actions"), new TypeReference<List<Action>>() {}), List.of(), row.getString("outcome"),
                row.getString("outcome_note"), row.getObject("closed_on", LocalDate.class), row.getInt("version"));
    }

    LocalDate today() {
        return LocalDate.now(clock);
    }

    /// A plan; the same id again answers the plan that is there.
    ///
    /// @throws io.offtake.platform.ProblemException INVALID, one entry per field
    public Plan open(Caller caller, NewPlan wanted) {
        caller.require(Permission.PLAN_WRITE, wanted.distributorId);
        caller.requirePrincipal(wanted.principalId);
        var problem = Problem.of(ProblemCode.INVALID, "The plan is not complete.");
        int faults = 0;
        for (var needed : List.of(new String[] {"title", wanted.title}, new String[] {"trigger", wanted.trigger}, new String[] {"ownerPrincipal", wanted.ownerPrincipal}, new String[] {"ownerDistributor", wanted.ownerDistributor})) {
            if (needed[1] != null && !needed[1].isBlank() && needed[1].length() <= 300) continue;
            problem = problem.at("/" + needed[0], ProblemCode.INVALID, "is missing or too long", "a text of at most 300 characters");
            faults++;
        }
        if (wanted.reviewOn == null || wanted.reviewOn.isBefore(today())) {
            problem = problem.at("/reviewOn", ProblemCode.INVALID, "is missing or in the past", "a day from " + today() + " on");
            faults++;
        }
        var actions = new ArrayList<Action>();
        var given = wanted.actions == null ? List.<NewAction>of() : wanted.actions;
        if (given.isEmpty()) {
            problem = problem.at("/actions", ProblemCode.INVALID, "is empty", "one action at least");
            faults++;
        }
        for (int at = 0; at < given.size(); at++) {
            var action = given.get(at);
            if (action.text == null || action.text.isBlank() || action.side == null || !SIDES.contains(action.side) || action.owner == null || action.owner.isBlank() || action.dueOn == null) {
                problem = problem.at("/actions/" + at, ProblemCode.INVALID, "is not complete", "text, side (PRINCIPAL or DISTRIBUTOR), owner and dueOn");
                faults++;
            } else {
                actions.add(new Action(at + 1, action.text.strip(), action.side, action.owner.strip(), action.dueOn, null));
            }
        }
        if (faults > 0) throw problem.exception();
        var id = wanted.id == null ? ids.next() : wanted.id;
        insert(caller, id, wanted.distributorId, wanted.principalId, String.valueOf(wanted.title), String.valueOf(wanted.trigger), null, wanted.support == null ? "" : wanted.support, wanted.expectedPoints,
                String.valueOf(wanted.ownerPrincipal), String.valueOf(wanted.ownerDistributor), java.util.Objects.requireNonNull(wanted.reviewOn), List.of(), actions);
        return get(caller, id);
    }

    boolean insert(Caller caller, UUID id, long distributor, long principal, String title, String cause, @Nullable String playbook, String support, @Nullable BigDecimal points, String ownerPrincipal,
                   String ownerDistributor, LocalDate reviewOn, List<String> proposals, List<Action> actions) {
        return transactions.write(distributor, db -> {
            int made = db.sql("""
                    insert into insight.plan (distributor_id, id, principal_id, title, cause, playbook, state, support, expected_points, index_at_start, owner_principal, owner_distributor, opened_on, review_on, proposals, actions)
                    values (:distributor, :id, :principal, :title, :cause, :playbook, 'OPEN', :support, :points,
                            (select s.published from insight.score s where s.distributor_id = :distributor and s.principal_id = :principal and s.kind = 'CLOSED' order by s.period_end desc limit 1),
                            :ownerPrincipal, :ownerDistributor, :today, :review, :proposals, :actions) on conflict (distributor_id, id) do nothing""")
                    .param("distributor", distributor).param("id", id).param("principal", principal).param("title", title).param("cause", cause).param("playbook", playbook).param("support", support).param("points", points)
                    .param("ownerPrincipal", ownerPrincipal).param("ownerDistributor", ownerDistributor).param("today", today()).param("review", reviewOn).param("proposals", JSON.writeValueAsString(proposals))
                    .param("actions", JSON.writeValueAsString(actions)).update();
            if (made > 0) log(db, distributor, id, caller.name(), OPENED + cause, Says.of("opened", "why", cause));
            return made > 0;
        });
    }

    /// @param says null where somebody typed the line
    private void log(JdbcClient db, long distributor, UUID id, String actor, String text, @Nullable Says says) {
        db.sql("""
                insert into insight.plan_log (distributor_id, plan_id, seq, at, actor, text, says)
                values (:distributor, :id, (select coalesce(max(l.seq), 0) + 1 from insight.plan_log l where l.distributor_id = :distributor and l.plan_id = :id), :now, :actor, :text, :says)""")
                .param("distributor", distributor).param("id", id).param("now", clock.instant().atOffset(ZoneOffset.UTC)).param("actor", actor).param("text", text).param("says", says == null ? "" : JSON.writeValueAsString(says)).update();
    }

    /// Locks an open plan for a change.
    private Plan locked(Caller caller, JdbcClient db, Plan seen) {
        var plan = db.sql("select p.*, '' as distributor from insight.plan p where p.distributor_id = ? and p.id = ? for update").params(seen.distributorId, seen.id).query(Plans::plan).optional().orElseThrow(() -> caller.notFound("plan"));
        if (!plan.state.equals("OPEN")) throw Problem.of(ProblemCode.ILLEGAL_STATE, "The plan is closed.").with("state", plan.state).with("accepted", List.of("OPEN")).exception();
        return plan;
    }

    private Plan writable(Caller caller, UUID id) {
        caller.require(Permission.PLAN_WRITE);
        return get(caller, id);
    }

    private static String text(@Nullable String text, String field) {
        if (text == null || text.isBlank() || text.length() > 2000) throw Problem.of(ProblemCode.INVALID, "Say what happened.").at("/" + field, ProblemCode.INVALID, "is missing or too long", "a text of at most 2000 characters").exception();
        return text.strip();
    }

    /// Notes what was found, and when it is looked at next.
    public Plan note(Caller caller, UUID id, NewEntry entry) {
        var seen = writable(caller, id);
        var text = text(entry.text, "text");
        transactions.write(seen.distributorId, db -> {
            locked(caller, db, seen);
            log(db, seen.distributorId, id, caller.name(), text, null);
            return db.sql("update insight.plan set review_on = coalesce(:review::date, review_on), version = version + 1 where distributor_id = :distributor and id = :id").param("review", entry.reviewOn)
                    .param("distributor", seen.distributorId).param("id", id).update();
        });
        return get(caller, id);
    }

    /// Marks an action as done; a repeat changes nothing.
    public Plan done(Caller caller, UUID id, int no, @Nullable LocalDate on) {
        var seen = writable(caller, id);
        if (seen.actions.stream().noneMatch(action -> action.no == no)) throw caller.notFound("action");
        transactions.write(seen.distributorId, db -> {
            var plan = locked(caller, db, seen);
            var actions = plan.actions.stream().map(action -> action.no == no && action.doneOn == null ? new Action(no, action.text, action.side, action.owner, action.dueOn, on == null ? today() : on) : action).toList();
            if (actions.equals(plan.actions)) return 0;
            log(db, seen.distributorId, id, caller.name(), DONE + plan.actions.get(no - 1).text, done(plan.actions.get(no - 1).text, plan.playbook));
            return db.sql("update insight.plan set actions = :actions, version = version + 1 where distributor_id = :distributor and id = :id").param("actions", JSON.writeValueAsString(actions)).param("distributor", seen.distributorId)
                    .param("id", id).update();
        });
        return get(caller, id);
    }

    /// Closes a plan with what came of it.
    ///
    /// @throws io.offtake.platform.ProblemException INVALID without outcome or note
    public Plan close(Caller caller, UUID id, Closure closure) {
        var seen = writable(caller, id);
        if (closure.outcome == null || !OUTCOMES.contains(closure.outcome)) {
            throw Problem.of(ProblemCode.INVALID, "A plan is closed only with its outcome.").rule("7.2").at("/outcome", ProblemCode.INVALID, "is missing or not known", OUTCOMES).exception();
        }
        var note = text(closure.note, "note");
        transactions.write(seen.distributorId, db -> {
            locked(caller, db, seen);
            log(db, seen.distributorId, id, caller.name(), CLOSED + closure.outcome + ": " + note, Says.of("closed", "outcome", closure.outcome, "note", note));
            return db.sql("update insight.plan set state = 'CLOSED', outcome = :outcome, outcome_note = :note, closed_on = :today, version = version + 1 where distributor_id = :distributor and id = :id")
                    .param("outcome", closure.outcome).param("note", note).param("today", today()).param("distributor", seen.distributorId).param("id", id).update();
        });
        return get(caller, id);
    }
}
