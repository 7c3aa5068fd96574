package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.ChangeStore.ItemRow;
import io.offtake.governance.ChangeStore.Stored;
import io.offtake.governance.Finding.Severity;
import io.offtake.platform.Ids;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keeps change requests and puts approved ones into force. Each step is one transaction that begins with the request's row
/// locked, so that of two who decide at once one decides.
@Component
class ChangeDesk implements ChangeRequests {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeDesk.class);
    private static final int SHOWN = 200;
    private static final Duration DECIDE_WITHIN = Duration.ofHours(48);

    private final TenantTransaction transactions;
    private final MasterStore store;
    private final ChangeKinds kinds;
    private final ChangeSight sight;
    private final ChangeExaminer examiner;
    private final ChangeSimulations simulations;
    private final Policies policies;
    private final AuditChain chain;
    private final JsonMapper json;
    private final Ids ids;
    private final Clock clock;

    ChangeDesk(TenantTransaction transactions, MasterStore store, ChangeKinds kinds, ChangeSight sight, ChangeExaminer examiner, ChangeSimulations simulations, Policies policies, AuditChain chain, JsonMapper json,
               Ids ids, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.kinds = kinds;
        this.sight = sight;
        this.examiner = examiner;
        this.simulations = simulations;
        this.policies = policies;
        this.chain = chain;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public boolean governs(Master<?> master) {
        return ChangeKinds.isGoverned(master);
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    // ---- reading

    @Override
    public Page<Row> list(Caller caller, ListQuery query, boolean waiting, boolean mine) {
        var scope = sight.scope(caller, waiting, mine);
        if (((String[]) scope.get("kinds")).length == 0) caller.require(Permission.CONFIG_READ);
        return transactions.shared(db -> ChangeStore.LIST.page(db, query, scope, (row, _) -> ChangeStore.row(row, today())));
    }

    @Override
    public Detail get(Caller caller, UUID id) {
        return transactions.shared(db -> detail(db, caller, sight.visible(db, caller, id)));
    }

    private Detail detail(JdbcClient db, Caller caller, Stored stored) {
        var simulation = ChangeStore.simulation(db, stored.row().id()).map(row -> new SimulationNote(row.status(), row.days(), row.contentHash(), row.contentHash().equals(stored.row().contentHash()))).orElse(null);
        var items = ChangeStore.items(db, stored.row().id(), 0, SHOWN).stream().map(item -> shown(stored, item)).toList();
        return new Detail(stored.row(), items, stored.findings(), simulation, sight.may(caller, stored));
    }

    private Item shown(Stored stored, ItemRow item) {
        var titles = new HashMap<String, String>();
        kinds.of(stored.row().kind()).columns().forEach(column -> titles.put(column.name(), column.title()));
        var diff = Canonical.differences(item.before(), item.content()).stream()
                .filter(one -> !one.path().equals("/id") && !one.path().equals("/distributorId") && !one.path().equals("/status"))
                .map(one -> {
                    var field = one.path().split("/", -1)[1];
                    return new Diff(one.path(), field, titles.getOrDefault(field, field), one.before(), one.after());
                }).toList();
        return new Item(item.item(), item.targetId(), item.key(), item.baseVersion(), item.content(), item.before(), diff);
    }

    @Override
    public Page<Item> items(Caller caller, UUID id, int after) {
        return transactions.shared(db -> {
            var stored = sight.visible(db, caller, id);
            var rows = ChangeStore.items(db, id, after, SHOWN);
            return new Page<>(rows.stream().map(item -> shown(stored, item)).toList(), rows.size() < SHOWN ? null : Integer.toString(rows.getLast().item()));
        });
    }

    @Override
    public List<Event> history(Caller caller, UUID id) {
        return transactions.shared(db -> {
            sight.visible(db, caller, id);
            return db.sql("select seq, at, actor, action, text, details from governance.change_event where request_id = :id order by seq").param("id", id)
                    .query((row, _) -> new Event(row.getInt("seq"), row.getTimestamp("at").toInstant(), row.getString("actor"), row.getString("action"), row.getString("text"),
                            ChangeStore.JSON.readTree(row.getString("details")))).list();
        });
    }

    @Override
    public List<Duties> duties(Caller caller) {
        var mine = sight.approvable(caller);
        return kinds.all().stream().map(master -> new Duties(master.type(), ChangeSight.names(master.writes()), ChangeSight.names(ChangeKinds.governed(master).duty().approves()), caller.can(master.writes()), mine.contains(master.type()))).toList();
    }

    // ---- proposing

    /// Opens a request for checked drafts of one owner, inside the transaction that checked them. An import is submitted at
    /// once: whoever confirmed it has seen its dry run.
    <F extends Record> UUID open(JdbcClient db, Caller caller, Master<F> master, long owner, List<Draft<F>> drafts, Origin origin, @Nullable String ref) {
        var proposals = drafts.stream().map(draft -> new Proposal(draft.isNew() ? null : draft.id().toString(), json.<JsonNode>valueToTree(draft.form()))).toList();
        var change = new NewChange(null, master.type(), owner == 0 ? null : owner, null, null, null, proposals, origin, ref, null);
        var id = insert(db, caller, master, owner, change);
        if (origin == Origin.IMPORT) {
            var stored = ChangeStore.lock(db, id, today()).orElseThrow();
            submitNow(db, caller, stored, examiner.examine(db, caller, master, stored), "Imported by " + caller.name() + ": " + ref, null);
        }
        return id;
    }

    @Override
    public Detail propose(Caller caller, NewChange change) {
        var master = kinds.of(change.kind());
        if (change.origin() != Origin.TEMPLATE) caller.require(master.writes());
        if (change.items().isEmpty() || change.items().size() > ChangeExaminer.ITEMS_MAX) throw Problem.of(ProblemCode.INVALID, "A change request holds 1 to " + ChangeExaminer.ITEMS_MAX + " items.").at("/items", ProblemCode.INVALID, "1 to " + ChangeExaminer.ITEMS_MAX).exception();
        long owner = owner(caller, master, change.distributorId());
        return transactions.write(owner, db -> {
            var id = insert(db, caller, master, owner, change);
            return detail(db, caller, sight.visible(db, caller, id));
        });
    }

    private static long owner(Caller caller, Master<?> master, @Nullable Long distributorId) {
        if (master.owner() == Master.Owner.NETWORK) return AuditTrail.NETWORK;
        var only = distributorId == null ? caller.onlyDistributor() : distributorId;
        if (only == null) throw Problem.of(ProblemCode.INVALID, "Say for which distributor.").at("/distributorId", ProblemCode.INVALID, "is missing").exception();
        return caller.requireDistributor(only);
    }

    private <F extends Record> UUID insert(JdbcClient db, Caller caller, Master<F> master, long owner, NewChange change) {
        var id = change.id() != null ? change.id() : ids.next();
        if (change.id() != null) {
            var before = ChangeStore.find(db, id, today());
            if (before.isPresent()) {
                if (before.get().createdBy() == caller.userId()) return id;
                throw Problem.of(ProblemCode.ID_REUSED, "The id " + id + " belongs to another change request.").exception();
            }
        }
        var examined = examiner.examineForms(db, caller, master, owner, change.items(), change.effectiveFrom(), id, change.templateId());
        requireInScope(caller, examined);
        if (change.id() == null) {
            var same = ChangeStore.same(db, caller.userId(), master.type(), examined.hash());
            if (same.isPresent()) return same.get();
        }
        var now = clock.instant();
        db.sql("""
                insert into governance.change_request (id, kind, action, title, status, origin, origin_ref, owner_id, distributor_ids, principal_ids, effective_from, reason, content_hash,
                                                       item_count, findings, errors, warnings, created_by, created_name, created_at, changed_by, changed_name, changed_at, template_id)
                values (:id, :kind, 'PUT', :title, 'DRAFT', :origin, :ref, :owner, :distributors, :principals, :from, :reason, :hash, :items, :findings, :errors, :warnings,
                        :user, :name, :now, :user, :name, :now, :template)""")
                .param("id", id).param("kind", master.type()).param("title", title(master, change.title(), examined)).param("origin", change.origin().name()).param("ref", change.originRef())
                .param("owner", owner).param("reason", Texts.orNull(change.reason())).param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(now))
                .param("template", change.templateId()).params(ChangeExaminer.parameters(examined)).update();
        ChangeStore.replaceItems(db, id, examined.items());
        tell(db, caller, id, owner, "CREATED", Texts.orNull(change.reason()), Map.of("kind", master.type(), "contentHash", examined.hash(), "items", examined.items().size(), "origin", change.origin().name()));
        return id;
    }

    private static String title(Master<?> master, @Nullable String given, ChangeExaminer.Examined examined) {
        if (given != null && !given.isBlank()) return shortened(given.strip());
        var first = examined.items().getFirst();
        return shortened(examined.items().size() == 1 ? first.key() : examined.items().size() + " " + master.type() + " (" + first.key() + ", …)");
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 199) + "…" : text;
    }

    /// Nobody proposes what the same person could not read.
    private static void requireInScope(Caller caller, ChangeExaminer.Examined examined) {
        examined.principals().forEach(caller::requirePrincipal);
        examined.distributors().forEach(caller::requireDistributor);
    }

    // ---- editing, submitting

    @Override
    public Detail revise(Caller caller, UUID id, IfMatch revision, @Nullable String title, @Nullable String reason, @Nullable LocalDate effectiveFrom, List<Proposal> items) {
        return change(caller, id, (db, stored) -> {
            requireProposer(caller, stored);
            revision.check(stored.row().revision());
            requireStatus(stored, Status.DRAFT, Status.SUBMITTED);
            if (!stored.row().action().equals(PUT)) throw Problem.of(ProblemCode.ILLEGAL_STATE, "A step is not edited: withdraw it and start it again.").exception();
            if (items.isEmpty() || items.size() > ChangeExaminer.ITEMS_MAX) throw Problem.of(ProblemCode.INVALID).at("/items", ProblemCode.INVALID, "1 to " + ChangeExaminer.ITEMS_MAX).exception();
            var master = kinds.of(stored.row().kind());
            var examined = examiner.examineForms(db, caller, master, stored.ownerId(), items, effectiveFrom != null ? effectiveFrom : stored.row().effectiveFrom(), id, stored.templateId());
            requireInScope(caller, examined);
            db.sql("""
                    update governance.change_request
                       set title = :title, reason = coalesce(:reason, reason), status = 'DRAFT', distributor_ids = :distributors, principal_ids = :principals, effective_from = :from, content_hash = :hash,
                           item_count = :items, findings = :findings, errors = :errors, warnings = :warnings, acknowledged = '[]', changed_by = :user, changed_name = :name, changed_at = :now,
                           submitted_by = null, submitted_name = null, submitted_at = null, due_at = null, revision = revision + 1
                     where id = :id""")
                    .param("id", id).param("title", title != null && !title.isBlank() ? shortened(title.strip()) : title(master, null, examined)).param("reason", Texts.orNull(reason))
                    .param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(clock.instant())).params(ChangeExaminer.parameters(examined)).update();
            ChangeStore.replaceItems(db, id, examined.items());
            tell(db, caller, id, stored.ownerId(), "EDITED", Texts.orNull(reason), Map.of("contentHash", examined.hash(), "was", stored.row().contentHash()));
        });
    }

    @Override
    public Detail check(Caller caller, UUID id) {
        return change(caller, id, (db, stored) -> {
            requireStatus(stored, Status.DRAFT, Status.SUBMITTED);
            ChangeExaminer.keep(db, stored, examiner.examine(db, caller, kinds.of(stored.row().kind()), stored), stored.acknowledged());
        });
    }

    @Override
    public Detail submit(Caller caller, UUID id, IfMatch revision, @Nullable String reason, List<String> acknowledged) {
        return change(caller, id, (db, stored) -> {
            requireProposer(caller, stored);
            revision.check(stored.row().revision());
            requireStatus(stored, Status.DRAFT);
            var why = Texts.orNull(reason) != null ? Texts.of(reason) : Texts.orNull(stored.row().reason());
            if (why == null) throw Problem.of(ProblemCode.INVALID, "Say why the change is needed (GOV-17).").rule("GOV-17").at("/reason", ProblemCode.INVALID, "is missing").exception();
            submitNow(db, caller, stored, examiner.examine(db, caller, kinds.of(stored.row().kind()), stored), why, Set.copyOf(acknowledged));
        });
    }

    /// @param acknowledged null: everything that is a warning
    private void submitNow(JdbcClient db, Caller caller, Stored stored, ChangeExaminer.Examined examined, String reason, @Nullable Set<String> acknowledged) {
        var codes = new TreeSet<>(acknowledged == null ? warnings(examined.findings()) : acknowledged);
        requireChecks(examined, codes);
        var now = clock.instant();
        db.sql("""
                update governance.change_request
                   set status = 'SUBMITTED', reason = :reason, acknowledged = :codes, content_hash = :hash, submitted_by = :user, submitted_name = :name, submitted_at = :now, due_at = :due,
                       revision = revision + 1
                 where id = :id and status = 'DRAFT'""")
                .param("id", stored.row().id()).param("reason", reason).param("codes", ChangeStore.JSON.writeValueAsString(codes)).param("hash", examined.hash()).param("user", caller.userId())
                .param("name", caller.username()).param("now", ChangeStore.time(now)).param("due", ChangeStore.time(now.plus(DECIDE_WITHIN))).update();
        ChangeStore.replaceItems(db, stored.row().id(), examined.items());
        ChangeExaminer.keep(db, stored, examined, codes);
        tell(db, caller, stored.row().id(), stored.ownerId(), "SUBMITTED", reason, Map.of("contentHash", examined.hash(), "acknowledged", codes));
    }

    private static Set<String> warnings(Collection<Found> findings) {
        var codes = new TreeSet<String>();
        for (var found : findings) if (found.severity() == Severity.WARNING) codes.add(found.code());
        return codes;
    }

    private static void requireChecks(ChangeExaminer.Examined examined, Set<String> acknowledged) {
        var against = examined.findings().stream().filter(found -> found.severity() == Severity.ERROR || (found.severity() == Severity.WARNING && !acknowledged.contains(found.code()))).toList();
        if (against.isEmpty()) return;
        boolean errors = examined.has(Severity.ERROR);
        var problem = Problem.of(ProblemCode.CHECKS_FAILED, errors ? against.stream().filter(found -> found.severity() == Severity.ERROR).count() + " findings have to be corrected first."
                : against.size() + " warnings have to be acknowledged.").rule("domain/04 4.4").with("findings", against.subList(0, Math.min(50, against.size())));
        if (!errors) problem = problem.with("accepted", Map.of("acknowledged", warnings(against)));
        for (var found : against.subList(0, Math.min(50, against.size()))) {
            ProblemCode code;
            try {
                code = found.code().equals("FIELD") ? ProblemCode.valueOf(found.rule()) : ProblemCode.CHECKS_FAILED;
            } catch (IllegalArgumentException _) {
                code = ProblemCode.INVALID;
            }
            problem = problem.at("/items/" + Math.max(0, found.item() - 1) + "/content/" + found.field(), code, found.code() + ": " + found.wrong() + ". " + found.right() + ".", found.right());
        }
        throw problem.exception();
    }

    // ---- deciding

    @Override
    public Detail approve(Caller caller, UUID id, @Nullable String contentHash, @Nullable String reason, List<String> acknowledged) {
        var why = required(reason);
        var voided = new AtomicReference<@Nullable String>();
        var after = change(caller, id, (db, stored) -> {
            requireStatus(stored, Status.SUBMITTED);
            var behalf = requireDecider(caller, stored);
            // whoever decides for somebody else decides inside that person's scope
            var decider = behalf == null ? caller : new Caller(caller.userId(), caller.username(), caller.name(), caller.roles(), behalf.scope(), caller.language(), caller.permissions());
            boolean bootstrap = stored.isMaker(caller.userId());
            if (contentHash == null || !contentHash.equals(stored.row().contentHash())) throw changed(stored.row().contentHash());
            var master = kinds.of(stored.row().kind());
            var examined = examiner.examine(db, caller, master, stored);
            if (!examined.hash().equals(stored.row().contentHash())) {
                voided(db, caller, stored, examined);
                voided.set(examined.hash());
                return;
            }
            var codes = new TreeSet<>(stored.acknowledged());
            codes.addAll(acknowledged);
            requireChecks(examined, codes);
            requireInScope(decider, examined);
            var now = clock.instant();
            var waits = waits(master, stored, examined);
            db.sql("""
                    update governance.change_request
                       set status = :status, decided_by = :user, decided_name = :name, decided_for = :for, decided_for_name = :forName, decided_at = :now, decision_reason = :reason,
                           approved_hash = content_hash, bootstrap = :bootstrap, in_force_at = case when :status = 'IN_FORCE' then :now::timestamptz end, revision = revision + 1
                     where id = :id and status = 'SUBMITTED'""")
                    .param("status", waits ? "APPROVED" : "IN_FORCE").param("user", caller.userId()).param("name", caller.username()).param("for", behalf == null ? null : behalf.userId())
                    .param("forName", behalf == null ? null : behalf.username()).param("now", ChangeStore.time(now)).param("reason", why).param("bootstrap", bootstrap).param("id", id).update();
            for (var warning : examined.findings()) {
                if (warning.severity() == Severity.WARNING) ChangeStore.override(db, ids.next(), stored.ownerId(), now, caller.username(), warning.code(), stored.row().title() + ": " + warning.wrong(), why, id);
            }
            if (bootstrap) ChangeStore.override(db, ids.next(), stored.ownerId(), now, caller.username(), "SOD-1", stored.row().title() + ": approved by its maker, while the network is set up by one person", why, id);
            var details = new LinkedHashMap<String, Object>();
            details.put("contentHash", stored.row().contentHash());
            if (behalf != null) details.put("onBehalfOf", behalf.username());
            if (bootstrap) details.put("bootstrap", true);
            if (!waits) enforce(db, decider, stored, examined);
            tell(db, caller, id, stored.ownerId(), "APPROVED", why, details);
        });
        if (voided.get() != null) throw changed(voided.get());
        policies.refresh();
        return after;
    }

    /// Whether it is written on its day only.
    private <F extends Record> boolean waits(Master<F> master, Stored stored, ChangeExaminer.Examined examined) {
        if (!stored.row().action().equals(PUT) || examined.effectiveFrom() == null || !examined.effectiveFrom().isAfter(today())) return false;
        var governed = ChangeKinds.governed(master);
        return governed.waitsForItsDay() || examined.items().stream().allMatch(item -> governed.effectiveFrom(json.treeToValue(item.content(), master.formType())) == null);
    }

    private static ProblemException changed(String present) {
        return Problem.of(ProblemCode.CONTENT_CHANGED).rule("SOD-1").with("contentHash", present).exception();
    }

    /// What was proposed is no longer what would be put into force: the submission is void, and its maker has to look again.
    private void voided(JdbcClient db, Caller caller, Stored stored, ChangeExaminer.Examined examined) {
        db.sql("""
                update governance.change_request
                   set status = 'DRAFT', content_hash = :hash, submitted_by = null, submitted_name = null, submitted_at = null, due_at = null, acknowledged = '[]', revision = revision + 1
                 where id = :id""").param("hash", examined.hash()).param("id", stored.row().id()).update();
        ChangeStore.replaceItems(db, stored.row().id(), examined.items());
        ChangeExaminer.keep(db, stored, examined, Set.of());
        tell(db, caller, stored.row().id(), stored.ownerId(), "VOIDED", "The content or the version in force has changed since it was submitted.", Map.of("was", stored.row().contentHash(), "contentHash", examined.hash()));
    }

    /// For whom the caller decides; null: for himself.
    private @Nullable Caller requireDecider(Caller caller, Stored stored) {
        var approves = ChangeKinds.governed(kinds.of(stored.row().kind())).duty().approves();
        if (stored.isMaker(caller.userId())) {
            if (sight.isBootstrap(caller, stored)) return null;
            throw Problem.of(ProblemCode.SAME_PERSON, "You made this change; somebody else has to decide on it.").rule("SOD-1")
                    .with("accepted", Map.of("roles", ChangeSight.names(approves))).exception();
        }
        if (caller.can(approves)) return null;
        var behalf = sight.delegator(caller, stored);
        if (behalf == null) caller.require(approves);
        return behalf;
    }

    private <F extends Record> void enforce(JdbcClient db, Caller by, Stored stored, ChangeExaminer.Examined examined) {
        var row = stored.row();
        var via = "change request " + row.id();
        var targets = new ArrayList<String>();
        if (row.action().equals(PUT)) {
            @SuppressWarnings("unchecked") var master = (Master<F>) kinds.of(row.kind());
            var drafts = examiner.drafts(db, master, stored.ownerId(), examined.items().stream().map(item -> new Proposal(item.targetId(), item.content())).toList());
            store.publish(by, master, stored.ownerId(), drafts, via);
            for (int at = 0; at < drafts.size(); at++) {
                targets.add(drafts.get(at).id().toString());
                if (drafts.get(at).isNew()) db.sql("update governance.change_item set target_id = :target where request_id = :id and item = :item").param("target", drafts.get(at).id().toString()).param("id", row.id()).param("item", at + 1).update();
            }
        } else {
            var item = examined.items().getFirst();
            var target = java.util.Objects.requireNonNull(item.targetId());
            kinds.step(row.kind()).enforce(db, by, row.action(), target, item.content(), via);
            targets.add(target);
        }
        for (var old : ChangeStore.supersede(db, row.id(), row.kind(), row.action(), targets)) ChangeStore.note(db, old, clock.instant(), by.username(), "SUPERSEDED", null, Map.of("by", row.id().toString()));
        ChangeStore.note(db, row.id(), clock.instant(), by.username(), "IN_FORCE", null, examined.effectiveFrom() == null ? Map.of() : Map.of("effectiveFrom", examined.effectiveFrom().toString()));
    }

    /// Puts approved requests into force whose day has come.
    @Scheduled(initialDelayString = "PT20S", fixedDelayString = "PT30S")
    void putDueIntoForce() {
        record Due(UUID id, long ownerId) {}
        var due = transactions.shared(db -> db.sql("select id, owner_id from governance.change_request where status = 'APPROVED' and effective_from <= :today order by effective_from, decided_at")
                .param("today", today()).query(Due.class).list());
        for (var one : due) {
            try {
                putIntoForce(one.id, one.ownerId);
                policies.refresh();
            } catch (RuntimeException failure) {
                LOG.error("Change request {} was approved but cannot be put into force", one.id, failure);
            }
        }
    }

    private void putIntoForce(UUID id, long owner) {
        transactions.write(owner, db -> {
            var stored = ChangeStore.lock(db, id, today()).orElseThrow();
            if (stored.row().status() != Status.APPROVED) return false;
            var system = new Caller(stored.decidedBy() == null ? 0 : stored.decidedBy(), String.valueOf(stored.row().decidedBy()), "", Set.of(), owner == 0 ? new RowScope(stored.distributors(), null) : RowScope.of(owner), "en", Set.of());
            var examined = examiner.examine(db, system, kinds.of(stored.row().kind()), stored);
            if (!examined.hash().equals(stored.row().contentHash()) || examined.has(Severity.ERROR)) {
                reopen(db, system, stored, examined);
                return false;
            }
            db.sql("update governance.change_request set status = 'IN_FORCE', in_force_at = :now, revision = revision + 1 where id = :id").param("now", ChangeStore.time(clock.instant())).param("id", id).update();
            enforce(db, system, stored, examined);
            return true;
        });
    }

    /// The version in force moved on between approval and its day: the approval is void.
    private void reopen(JdbcClient db, Caller system, Stored stored, ChangeExaminer.Examined examined) {
        db.sql("update governance.change_request set decided_by = null, decided_name = null, decided_for = null, decided_for_name = null, decided_at = null, decision_reason = null, approved_hash = null, status = 'DRAFT' where id = :id")
                .param("id", stored.row().id()).update();
        voided(db, system, stored, examined);
    }

    @Override
    public Detail reject(Caller caller, UUID id, @Nullable String reason) {
        var why = required(reason);
        return change(caller, id, (db, stored) -> {
            requireStatus(stored, Status.SUBMITTED);
            if (stored.isMaker(caller.userId())) throw Problem.of(ProblemCode.SAME_PERSON, "You made this change: withdraw it instead.").rule("SOD-1").exception();
            var behalf = requireDecider(caller, stored);
            db.sql("""
                    update governance.change_request
                       set status = 'REJECTED', decided_by = :user, decided_name = :name, decided_for = :for, decided_for_name = :forName, decided_at = :now, decision_reason = :reason, revision = revision + 1
                     where id = :id and status = 'SUBMITTED'""")
                    .param("user", caller.userId()).param("name", caller.username()).param("for", behalf == null ? null : behalf.userId()).param("forName", behalf == null ? null : behalf.username())
                    .param("now", ChangeStore.time(clock.instant())).param("reason", why).param("id", id).update();
            tell(db, caller, id, stored.ownerId(), "REJECTED", why, Map.of("contentHash", stored.row().contentHash()));
        });
    }

    @Override
    public Detail withdraw(Caller caller, UUID id, @Nullable String reason) {
        return change(caller, id, (db, stored) -> {
            requireProposer(caller, stored);
            requireStatus(stored, Status.DRAFT, Status.SUBMITTED);
            db.sql("update governance.change_request set status = 'WITHDRAWN', revision = revision + 1 where id = :id").param("id", id).update();
            tell(db, caller, id, stored.ownerId(), "WITHDRAWN", Texts.orNull(reason), Map.of());
        });
    }

    @Override
    public Detail comment(Caller caller, UUID id, @Nullable String text) {
        var said = Texts.orNull(text);
        if (said == null || said.length() > 2_000) throw Problem.of(ProblemCode.INVALID, "Write 1 to 2,000 characters.").at("/text", ProblemCode.INVALID, said == null ? "is missing" : "is too long").exception();
        return change(caller, id, (db, stored) -> tell(db, caller, id, stored.ownerId(), "COMMENTED", said, Map.of()));
    }

    @Override
    public Detail rollback(Caller caller, UUID id, @Nullable LocalDate effectiveFrom, @Nullable String reason) {
        var why = required(reason);
        var stored = transactions.shared(db -> sight.visible(db, caller, id));
        requireStatus(stored, Status.IN_FORCE, Status.SUPERSEDED);
        if (!stored.row().action().equals(PUT)) throw Problem.of(ProblemCode.ILLEGAL_STATE, "A step is taken back by its counterpart, not by a rollback.").exception();
        var items = transactions.shared(db -> ChangeStore.items(db, id, 0, ChangeExaminer.ITEMS_MAX));
        if (items.stream().anyMatch(item -> item.before() == null)) {
            throw Problem.of(ProblemCode.ILLEGAL_STATE, "Nothing was in force before it: end it instead.").with("state", stored.row().status()).exception();
        }
        return rolledBack(caller, kinds.of(stored.row().kind()), stored, items, effectiveFrom, why);
    }

    private <F extends Record> Detail rolledBack(Caller caller, Master<F> master, Stored stored, List<ItemRow> items, @Nullable LocalDate day, String why) {
        var governed = ChangeKinds.governed(master);
        var first = day == null ? today().plusDays(1) : day;
        var proposals = items.stream().map(item -> {
            var before = json.treeToValue(item.before(), master.formType());
            return new Proposal(item.targetId(), json.<JsonNode>valueToTree(governed.effectiveFrom(before) == null ? before : governed.from(before, first)));
        }).toList();
        return propose(caller, new NewChange(null, master.type(), stored.ownerId() == 0 ? null : stored.ownerId(), "Back to what was before: " + stored.row().title(), why, first, proposals, Origin.ROLLBACK, stored.row().id().toString(), null));
    }

    @Override
    public Detail review(Caller caller, UUID id, String outcome, @Nullable String reason) {
        var why = required(reason);
        if (!Set.of("CONFIRMED", "REVERSED").contains(outcome)) throw Problem.of(ProblemCode.INVALID).at("/outcome", ProblemCode.INVALID, "is not possible", List.of("CONFIRMED", "REVERSED")).exception();
        return change(caller, id, (db, stored) -> {
            if (!stored.row().emergency() || stored.reviewedBy() != null) throw Problem.of(ProblemCode.ILLEGAL_STATE, "There is nothing to review.").with("state", stored.row().status()).exception();
            requireDecider(caller, stored);
            db.sql("update governance.change_request set reviewed_by = :user, reviewed_name = :name, reviewed_at = :now, review_outcome = :outcome, revision = revision + 1 where id = :id and reviewed_by is null")
                    .param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(clock.instant())).param("outcome", outcome).param("id", id).update();
            if (outcome.equals("REVERSED")) {
                var item = ChangeStore.items(db, id, 0, 1).getFirst();
                kinds.step(stored.row().kind()).enforce(db, caller, "REVERSE_" + stored.row().action(), java.util.Objects.requireNonNull(item.targetId()), item.content(), "change request " + id);
            }
            tell(db, caller, id, stored.ownerId(), "REVIEWED", why, Map.of("outcome", outcome));
        });
    }

    /// A content with the defaults of its form.
    JsonNode normal(String kind, JsonNode content) {
        return json.valueToTree(json.treeToValue(content, kinds.of(kind).formType()));
    }

    // ---- steps of other modules

    @Override
    public Detail step(Caller caller, Permission needed, String kind, String action, String targetId, String key, JsonNode content, @Nullable JsonNode before, long owner, Set<Long> distributors,
                       Set<Long> principals, @Nullable LocalDate effectiveFrom, String reason, boolean acknowledgeAll) {
        caller.require(needed);
        return transactions.write(owner, db -> {
            var id = ids.next();
            var examined = examiner.examineStep(db, kind, action, new ItemRow(1, targetId, key, null, content, before), owner, effectiveFrom, distributors, principals, id);
            if (examined.has(Severity.ERROR)) requireChecks(examined, warnings(examined.findings()));
            var same = ChangeStore.same(db, caller.userId(), kind, examined.hash());
            if (same.isPresent()) return detail(db, caller, sight.visible(db, caller, same.get()));
            insertStep(db, caller, id, kind, action, key, examined, owner, reason);
            var stored = ChangeStore.lock(db, id, today()).orElseThrow();
            if (acknowledgeAll || !examined.has(Severity.WARNING)) submitNow(db, caller, stored, examined, reason, null);
            return detail(db, caller, sight.visible(db, caller, id));
        });
    }

    private void insertStep(JdbcClient db, Caller caller, UUID id, String kind, String action, String key, ChangeExaminer.Examined examined, long owner, String reason) {
        var now = clock.instant();
        db.sql("""
                insert into governance.change_request (id, kind, action, title, status, origin, owner_id, distributor_ids, principal_ids, effective_from, reason, content_hash, item_count, findings,
                                                       errors, warnings, created_by, created_name, created_at, changed_by, changed_name, changed_at)
                values (:id, :kind, :action, :title, 'DRAFT', 'USER', :owner, :distributors, :principals, :from, :reason, :hash, :items, :findings, :errors, :warnings, :user, :name, :now,
                        :user, :name, :now)""")
                .param("id", id).param("kind", kind).param("action", action).param("title", shortened(action + " " + key)).param("owner", owner).param("reason", reason)
                .param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(now)).params(ChangeExaminer.parameters(examined)).update();
        ChangeStore.replaceItems(db, id, examined.items());
        tell(db, caller, id, owner, "CREATED", reason, Map.of("kind", kind, "action", action, "contentHash", examined.hash()));
    }

    @Override
    public Detail emergency(Caller caller, Permission needed, String kind, String action, String targetId, String key, JsonNode content, Set<Long> distributors, Set<Long> principals, String reason) {
        caller.require(needed);
        return transactions.write(AuditTrail.NETWORK, db -> {
            var id = ids.next();
            var now = clock.instant();
            var item = new ItemRow(1, targetId, key, null, content, null);
            var examined = new ChangeExaminer.Examined(List.of(item), List.of(), ChangeExaminer.hash(kind, action, 0, null, List.of(item)), today(), distributors, principals, List.of());
            insertStep(db, caller, id, kind, action, key, examined, AuditTrail.NETWORK, reason);
            db.sql("""
                    update governance.change_request
                       set status = 'IN_FORCE', emergency = true, submitted_by = :user, submitted_name = :name, submitted_at = :now, decided_by = :user, decided_name = :name, decided_at = :now,
                           decision_reason = :reason, approved_hash = content_hash, in_force_at = :now, review_due = :due, revision = revision + 1
                     where id = :id""")
                    .param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(now)).param("reason", reason).param("due", ChangeStore.time(now.plus(DECIDE_WITHIN))).param("id", id).update();
            ChangeStore.override(db, ids.next(), AuditTrail.NETWORK, now, caller.username(), "GV-04", "emergency: " + action + " " + key, reason, id);
            kinds.step(kind).enforce(db, caller, action, targetId, content, "change request " + id);
            tell(db, caller, id, AuditTrail.NETWORK, "STOPPED", reason, Map.of("reviewDue", now.plus(DECIDE_WITHIN).toString()));
            return detail(db, caller, sight.visible(db, caller, id));
        });
    }

    // ---- simulation

    @Override
    public UUID simulate(Caller caller, UUID id, @Nullable Integer days, @Nullable Set<Long> distributors) {
        return simulations.simulate(caller, id, days, distributors);
    }

    @Override
    public Simulation simulation(Caller caller, UUID id) {
        return simulations.simulation(caller, id);
    }

    // ---- common

    private interface Step {
        void take(JdbcClient db, Stored stored);
    }

    private Detail change(Caller caller, UUID id, Step step) {
        long owner = transactions.shared(db -> sight.visible(db, caller, id)).ownerId();
        var after = transactions.write(owner, db -> {
            var stored = ChangeStore.lock(db, id, today()).orElseThrow(() -> caller.notFound("change request"));
            step.take(db, stored);
            return detail(db, caller, sight.visible(db, caller, id));
        });
        return after;
    }

    private void requireProposer(Caller caller, Stored stored) {
        if (stored.createdBy() != caller.userId()) caller.require(kinds.of(stored.row().kind()).writes());
    }

    private static void requireStatus(Stored stored, Status... accepted) {
        if (List.of(accepted).contains(stored.row().status())) return;
        throw Problem.of(ProblemCode.ILLEGAL_STATE, stored.row().title() + " is " + stored.row().status() + ".").with("state", stored.row().status()).with("accepted", List.of(accepted)).exception();
    }

    private static String required(@Nullable String reason) {
        var why = Texts.orNull(reason);
        if (why == null || why.length() > 2_000) throw Problem.of(ProblemCode.INVALID, "Say why, in at most 2,000 characters (GOV-17).").rule("GOV-17").at("/reason", ProblemCode.INVALID, why == null ? "is missing" : "is too long").exception();
        return why;
    }

    /// Writes the request's history and the audit chain; the chain's head is held until commit, so it comes after the rows.
    private void tell(JdbcClient db, Caller caller, UUID id, long owner, String action, @Nullable String text, Map<String, ?> details) {
        var now = clock.instant();
        ChangeStore.note(db, id, now, caller.username(), action, text, details);
        var all = new LinkedHashMap<String, Object>(details);
        if (text != null) all.put("text", text);
        chain.append(owner, List.of(new AuditTrail.Entry(owner, now, caller.username(), null, "CHANGE_" + action, "change-requests", id, null, ChangeStore.JSON.writeValueAsString(all))));
    }
}
