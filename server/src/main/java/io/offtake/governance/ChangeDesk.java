package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.governance.ChangeStore.ItemRow;
import io.offtake.governance.ChangeStore.Stored;
import io.offtake.governance.Finding.Severity;
import io.offtake.platform.Ids;
import io.offtake.platform.IfMatch;
import io.offtake.platform.Jobs;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Keeps change requests and puts approved ones into force. Each step is one transaction that begins with the request's row
/// locked, so that of two who decide at once one decides.
@Component
class ChangeDesk implements ChangeRequests, ChangeBundles, Jobs.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeDesk.class);
    private static final int SHOWN = 200;
    private static final int ITEMS_MAX = 5_000;
    private static final int DAYS_MAX = 366;
    private static final Duration DECIDE_WITHIN = Duration.ofHours(48);
    private static final BigDecimal CONFLICT = new BigDecimal("0.20");

    private final TenantTransaction transactions;
    private final MasterStore store;
    private final Map<String, Master<?>> kinds = new TreeMap<>();
    private final ObjectProvider<ChangeSteps> steps;
    private final ObjectProvider<ChangeChecks> checks;
    private final ObjectProvider<PastBills> pastBills;
    private final ObjectProvider<Templates> templates;
    private final Policies policies;
    private final AuditChain chain;
    private final Users users;
    private final Jobs jobs;
    private final JsonMapper json;
    private final Ids ids;
    private final Clock clock;
    private volatile boolean documents;

    ChangeDesk(TenantTransaction transactions, MasterStore store, List<Master<?>> masters, ObjectProvider<ChangeSteps> steps, ObjectProvider<ChangeChecks> checks, ObjectProvider<PastBills> pastBills,
               ObjectProvider<Templates> templates, Policies policies, AuditChain chain, Users users, @org.springframework.context.annotation.Lazy Jobs jobs, JsonMapper json, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        masters.stream().filter(this::governs).forEach(master -> kinds.put(master.type(), master));
        this.steps = steps;
        this.checks = checks;
        this.pastBills = pastBills;
        this.templates = templates;
        this.policies = policies;
        this.chain = chain;
        this.users = users;
        this.jobs = jobs;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public boolean governs(Master<?> master) {
        return master instanceof Governed<?>;
    }

    Master<?> kind(String type) {
        var master = kinds.get(type);
        if (master == null) throw Problem.of(ProblemCode.INVALID, "There are no change requests of kind " + type + ".").at("/kind", ProblemCode.INVALID, "is not known", List.copyOf(kinds.keySet())).exception();
        return master;
    }

    @SuppressWarnings("unchecked")
    static <F extends Record> Governed<F> governed(Master<F> master) {
        return (Governed<F>) master;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    // ---- what somebody may see and do

    private Map<String, @Nullable Object> scope(Caller caller, boolean waiting, boolean mine) {
        var parameters = ChangeStore.parameters();
        parameters.put("kinds", kinds.values().stream().filter(master -> caller.can(master.reads())).map(Master::type).toArray(String[]::new));
        parameters.put("approvable", waiting ? approvable(caller).toArray(String[]::new) : new String[0]);
        parameters.put("distributors", caller.scope().distributors().toArray(Long[]::new));
        parameters.put("principals", caller.scope().principals() == null ? null : caller.scope().principals().toArray(Long[]::new));
        parameters.put("local", isLocal(caller));
        parameters.put("me", caller.userId());
        parameters.put("waiting", waiting);
        parameters.put("mine", mine);
        return parameters;
    }

    /// A distributor's people see what is proposed for them, never what the network or a principal prepares.
    private static boolean isLocal(Caller caller) {
        return caller.roles().stream().noneMatch(role -> !role.ofDistributor() && role != Role.REP && role != Role.VS);
    }

    /// Kinds on which somebody may decide, for himself or for a person who delegated it.
    private Set<String> approvable(Caller caller) {
        var found = new TreeSet<String>();
        var delegators = delegators(caller);
        for (var master : kinds.values()) {
            var approves = governed(master).duty().approves();
            if (caller.can(approves) || delegators.stream().anyMatch(one -> one.covers(master.type()) && one.caller.can(approves))) found.add(master.type());
        }
        return found;
    }

    private record Delegator(Caller caller, Set<String> kinds) {
        boolean covers(String kind) {
            return kinds.isEmpty() || kinds.contains(kind);
        }
    }

    /// Those for whom somebody decides today.
    private List<Delegator> delegators(Caller caller) {
        record Row(String fromName, String[] kinds) {}
        var rows = transactions.shared(db -> db.sql("""
                        select from_name, kinds from governance.approval_delegation
                         where to_user = :user and revoked_at is null and :today between valid_from and valid_to order by created_at""")
                .param("user", caller.userId()).param("today", today()).query((row, _) -> new Row(row.getString(1), (String[]) row.getArray(2).getArray())).list());
        var found = new ArrayList<Delegator>();
        for (var row : rows) users.caller(row.fromName).ifPresent(from -> found.add(new Delegator(from, Set.of(row.kinds))));
        return found;
    }

    private Stored visible(JdbcClient db, Caller caller, UUID id) {
        return db.sql("select t.* from (" + ChangeStore.VISIBLE + ") t where t.id = :id").params(scope(caller, false, false)).param("id", id)
                .query((row, _) -> ChangeStore.stored(row, today())).optional().orElseThrow(() -> caller.notFound("change request"));
    }

    @Override
    public Page<Row> list(Caller caller, ListQuery query, boolean waiting, boolean mine) {
        var scope = scope(caller, waiting, mine);
        if (((String[]) scope.get("kinds")).length == 0) caller.require(Permission.CONFIG_READ);
        return transactions.shared(db -> ChangeStore.LIST.page(db, query, scope, (row, _) -> ChangeStore.row(row, today())));
    }

    @Override
    public Detail get(Caller caller, UUID id) {
        return transactions.shared(db -> detail(db, caller, visible(db, caller, id)));
    }

    private Detail detail(JdbcClient db, Caller caller, Stored stored) {
        var simulation = ChangeStore.simulation(db, stored.row().id()).map(row -> new SimulationNote(row.status(), row.days(), row.contentHash(), row.contentHash().equals(stored.row().contentHash()))).orElse(null);
        var items = ChangeStore.items(db, stored.row().id(), 0, SHOWN).stream().map(item -> shown(stored, item)).toList();
        return new Detail(stored.row(), items, stored.findings(), simulation, may(caller, stored));
    }

    private Item shown(Stored stored, ItemRow item) {
        var titles = new HashMap<String, String>();
        kind(stored.row().kind()).columns().forEach(column -> titles.put(column.name(), column.title()));
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
            var stored = visible(db, caller, id);
            var rows = ChangeStore.items(db, id, after, SHOWN);
            return new Page<>(rows.stream().map(item -> shown(stored, item)).toList(), rows.size() < SHOWN ? null : Integer.toString(rows.getLast().item()));
        });
    }

    @Override
    public List<Event> history(Caller caller, UUID id) {
        return transactions.shared(db -> {
            visible(db, caller, id);
            return db.sql("select seq, at, actor, action, text, details from governance.change_event where request_id = :id order by seq").param("id", id)
                    .query((row, _) -> new Event(row.getInt("seq"), row.getTimestamp("at").toInstant(), row.getString("actor"), row.getString("action"), row.getString("text"),
                            ChangeStore.JSON.readTree(row.getString("details")))).list();
        });
    }

    @Override
    public List<Duties> duties(Caller caller) {
        var mine = approvable(caller);
        return kinds.values().stream().map(master -> new Duties(master.type(), names(master.writes()), names(governed(master).duty().approves()), caller.can(master.writes()), mine.contains(master.type()))).toList();
    }

    private static Set<String> names(Permission permission) {
        var names = new TreeSet<String>();
        permission.roles().forEach(role -> names.add(role.name()));
        return names;
    }

    private May may(Caller caller, Stored stored) {
        var row = stored.row();
        boolean proposes = caller.can(kind(row.kind()).writes()) || stored.createdBy() == caller.userId();
        boolean open = row.status() == Status.DRAFT || row.status() == Status.SUBMITTED;
        boolean put = row.action().equals(PUT);
        var why = row.status() == Status.SUBMITTED ? whyNotDecide(caller, stored) : row.emergency() && stored.reviewedBy() == null ? whyNotDecide(caller, stored) : null;
        boolean decides = row.status() == Status.SUBMITTED && why == null;
        return new May(proposes && open && put, proposes && row.status() == Status.DRAFT, decides, decides && !stored.isMaker(caller.userId()), proposes && open,
                simulates(row.kind(), row.action()) && (proposes || decides || caller.can(governed(kind(row.kind())).duty().approves())),
                row.emergency() && stored.reviewedBy() == null && why == null, proposes && put && (row.status() == Status.IN_FORCE || row.status() == Status.SUPERSEDED), why);
    }

    private boolean simulates(String kind, String action) {
        if (action.equals(PUT)) return governed(kind(kind)).simulates();
        var step = step(kind);
        return step.simulates(action);
    }

    private ChangeSteps step(String kind) {
        return steps.stream().filter(one -> one.kind().equals(kind)).findFirst().orElseThrow(() -> new IllegalStateException("no steps for " + kind));
    }

    /// Null if the person may decide on it.
    private @Nullable String whyNotDecide(Caller caller, Stored stored) {
        var approves = governed(kind(stored.row().kind())).duty().approves();
        if (stored.isMaker(caller.userId())) {
            return isBootstrap(caller, stored) ? null : "You made this change; somebody else has to approve it (SOD-1).";
        }
        if (caller.can(approves)) return null;
        if (delegator(caller, stored) != null) return null;
        return "Approving this is for " + String.join(", ", names(approves)) + ".";
    }

    private @Nullable Caller delegator(Caller caller, Stored stored) {
        var approves = governed(kind(stored.row().kind())).duty().approves();
        for (var one : delegators(caller)) {
            if (one.covers(stored.row().kind()) && one.caller.can(approves) && !stored.isMaker(one.caller.userId()) && one.caller.scope().distributors().containsAll(stored.distributors())) return one.caller;
        }
        return null;
    }

    /// A network that is being set up by one person (domain 12.3): nobody else could approve, and no document was posted yet.
    private boolean isBootstrap(Caller caller, Stored stored) {
        var approves = governed(kind(stored.row().kind())).duty().approves();
        if (!caller.can(kind(stored.row().kind()).writes()) && !caller.can(approves)) return false;
        if (users.holders(approves).stream().anyMatch(holder -> holder != caller.userId())) return false;
        return !anyDocument();
    }

    /// Whether any distributor has posted anything. It is asked from inside transactions that see one distributor, so the
    /// network is read on a thread of its own; once there is a document, there always is one.
    private boolean anyDocument() {
        if (!documents) documents = CompletableFuture.supplyAsync(() -> transactions.network(db -> db.sql("select exists (select from platform.document_register)").query(Boolean.class).single()),
                work -> Thread.ofVirtual().start(work)).join();
        return documents;
    }

    // ---- proposing

    /// Content as it was examined.
    private record Examined(List<ItemRow> items, List<Found> findings, String hash, @Nullable LocalDate effectiveFrom, Set<Long> distributors, Set<Long> principals, List<String> simulatable) {
        boolean has(Severity severity) {
            return findings.stream().anyMatch(found -> found.severity() == severity);
        }
    }

    /// Opens a request for checked drafts of one owner, inside the transaction that checked them. An import is submitted at
    /// once: whoever confirmed it has seen its dry run.
    <F extends Record> UUID open(JdbcClient db, Caller caller, Master<F> master, long owner, List<Draft<F>> drafts, Origin origin, @Nullable String ref) {
        var proposals = drafts.stream().map(draft -> new Proposal(draft.isNew() ? null : draft.id().toString(), json.<JsonNode>valueToTree(draft.form()))).toList();
        var change = new NewChange(null, master.type(), owner == 0 ? null : owner, null, null, null, proposals, origin, ref, null);
        var id = insert(db, caller, master, owner, change);
        if (origin == Origin.IMPORT) {
            var stored = ChangeStore.lock(db, id, today()).orElseThrow();
            submitNow(db, caller, stored, examine(db, caller, master, stored), "Imported by " + caller.name() + ": " + ref, null);
        }
        return id;
    }

    @Override
    public Detail propose(Caller caller, NewChange change) {
        var master = kind(change.kind());
        if (change.origin() != Origin.TEMPLATE) caller.require(master.writes());
        if (change.items().isEmpty() || change.items().size() > ITEMS_MAX) throw Problem.of(ProblemCode.INVALID, "A change request holds 1 to " + ITEMS_MAX + " items.").at("/items", ProblemCode.INVALID, "1 to " + ITEMS_MAX).exception();
        long owner = owner(caller, master, change.distributorId());
        return transactions.write(owner, db -> {
            var id = insert(db, caller, master, owner, change);
            return detail(db, caller, visible(db, caller, id));
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
        var examined = examineForms(db, caller, master, owner, change.items(), change.effectiveFrom(), id, change.templateId());
        requireInScope(caller, examined);
        if (change.id() == null) {
            var same = ChangeStore.same(db, caller.userId(), master.type(), examined.hash);
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
                .param("template", change.templateId()).params(parameters(examined)).update();
        ChangeStore.replaceItems(db, id, examined.items);
        tell(db, caller, id, owner, "CREATED", Texts.orNull(change.reason()), Map.of("kind", master.type(), "contentHash", examined.hash, "items", examined.items.size(), "origin", change.origin().name()));
        return id;
    }

    private static Map<String, @Nullable Object> parameters(Examined examined) {
        var parameters = ChangeStore.parameters();
        parameters.put("distributors", examined.distributors.toArray(Long[]::new));
        parameters.put("principals", examined.principals.toArray(Long[]::new));
        parameters.put("from", examined.effectiveFrom);
        parameters.put("hash", examined.hash);
        parameters.put("items", examined.items.size());
        parameters.put("findings", ChangeStore.JSON.writeValueAsString(examined.findings.subList(0, Math.min(SHOWN, examined.findings.size()))));
        parameters.put("errors", (int) examined.findings.stream().filter(found -> found.severity() == Severity.ERROR).count());
        parameters.put("warnings", (int) examined.findings.stream().filter(found -> found.severity() == Severity.WARNING).count());
        return parameters;
    }

    private static String title(Master<?> master, @Nullable String given, Examined examined) {
        if (given != null && !given.isBlank()) return shortened(given.strip());
        var first = examined.items.getFirst();
        return shortened(examined.items.size() == 1 ? first.key() : examined.items.size() + " " + master.type() + " (" + first.key() + ", …)");
    }

    private static String shortened(String text) {
        return text.length() > 200 ? text.substring(0, 199) + "…" : text;
    }

    /// Nobody proposes what the same person could not read.
    private static void requireInScope(Caller caller, Examined examined) {
        examined.principals.forEach(caller::requirePrincipal);
        examined.distributors.forEach(caller::requireDistributor);
    }

    // ---- examining

    private Examined examine(JdbcClient db, Caller caller, Master<?> master, Stored stored) {
        var items = ChangeStore.items(db, stored.row().id(), 0, ITEMS_MAX);
        if (stored.row().action().equals(PUT)) {
            var proposals = items.stream().map(item -> new Proposal(item.targetId(), item.content())).toList();
            return examineForms(db, caller, master, stored.ownerId(), proposals, stored.row().effectiveFrom(), stored.row().id(), stored.templateId());
        }
        return examineStep(db, stored.row().kind(), stored.row().action(), items.getFirst(), stored.ownerId(), stored.row().effectiveFrom(), stored.distributors(), stored.principals(), stored.row().id());
    }

    private <F extends Record> Examined examineForms(JdbcClient db, Caller caller, Master<F> master, long owner, List<Proposal> proposals, @Nullable LocalDate effectiveFrom, UUID id,
                                                     @Nullable Long templateId) {
        var governed = governed(master);
        var drafts = drafts(db, master, owner, proposals);
        var found = new ArrayList<Found>();
        var items = new ArrayList<ItemRow>();
        var distributors = new TreeSet<Long>();
        var principals = new TreeSet<Long>();
        if (owner != AuditTrail.NETWORK) distributors.add(owner);
        LocalDate first = null;
        var others = checks.stream().filter(other -> other.kind().equals(master.type())).toList();
        for (int at = 0; at < drafts.size(); at++) {
            var draft = drafts.get(at);
            int item = at + 1;
            if (!governed.decides(draft)) found.add(found(Finding.error("NOT_GOVERNED", "GV-02", "", "a draft decides no money", "Edit it directly, and publish it when it is ready"), item));
            for (var fault : draft.faults()) found.add(new Found("FIELD", fault.code().name(), Severity.ERROR, item, fault.field(), fault.wrong(), fault.right(), false));
            if (draft.isGood()) {
                var codes = new HashSet<String>();
                for (var other : others) for (var finding : other.findings(db, owner, draft)) if (codes.add(finding.code() + finding.field() + finding.wrong())) found.add(found(finding, item));
                // what another module has found more exactly is not told twice
                var told = new HashSet<String>();
                found.stream().filter(one -> one.item() == item).forEach(one -> told.add(one.code()));
                for (var finding : governed.findings(db, owner, draft)) if (!told.contains(finding.code())) found.add(found(finding, item));
            }
            if (draft.isGood() && draft.current() != null && MasterStore.isUnchangedForm(master, draft) && drafts.size() == 1) {
                found.add(found(Finding.error("UNCHANGED", "GV-02", "", "nothing differs from what is in force", "Change something, or withdraw the request"), item));
            }
            if (draft.found("principalId") instanceof Long principal) principals.add(principal);
            if (draft.found("distributorId") instanceof Long distributor) distributors.add(distributor);
            var day = governed.effectiveFrom(draft.form());
            if (day != null && (first == null || day.isBefore(first))) first = day;
            items.add(new ItemRow(item, draft.current() == null ? null : draft.current().id().toString(), master.key(draft.form()), draft.current() == null ? null : draft.current().version(),
                    json.valueToTree(draft.form()), draft.current() == null ? null : json.valueToTree(draft.current().form())));
        }
        if (templateId != null) templates.getObject().locked(db, templateId, items).forEach(finding -> found.add(found(finding, 1)));
        var from = first != null ? first : effectiveFrom;
        var hash = hash(master.type(), PUT, owner, from, items);
        if (first == null && from != null && from.isBefore(today())) found.add(found(Finding.error("FIELD", "PX-42", "effectiveFrom", from + " is in the past", "Today or later"), 0));
        if (governed.simulates()) fromSimulation(db, master, drafts, id, hash, found);
        pending(db, master.type(), owner, items, id, found);
        return new Examined(items, found, hash, from, distributors, principals, List.of());
    }

    private <F extends Record> List<Draft<F>> drafts(JdbcClient db, Master<F> master, long owner, List<Proposal> proposals) {
        var forms = new ArrayList<MasterStore.Proposed<F>>(proposals.size());
        for (int at = 0; at < proposals.size(); at++) {
            var content = proposals.get(at).content();
            try {
                if (content == null || !content.isObject()) throw Problem.of(ProblemCode.INVALID, "The content is the form of a " + master.type() + ".").at("/items/" + at + "/content", ProblemCode.INVALID, "is missing").exception();
                forms.add(new MasterStore.Proposed<>(proposals.get(at).targetId(), json.treeToValue(content, master.formType())));
            } catch (JacksonException unreadable) {
                throw Problem.of(ProblemCode.INVALID, "The content is not the form of a " + master.type() + ": " + unreadable.getOriginalMessage()).at("/items/" + at + "/content", ProblemCode.INVALID, "cannot be read").exception();
            }
        }
        return store.drafts(db, master, owner, forms);
    }

    private static Found found(Finding finding, int item) {
        return new Found(finding.code(), finding.rule(), finding.severity(), item, finding.field(), finding.wrong(), finding.right(), false);
    }

    private Examined examineStep(JdbcClient db, String kind, String action, ItemRow item, long owner, @Nullable LocalDate from, Set<Long> distributors, Set<Long> principals, UUID id) {
        var step = step(kind);
        var target = java.util.Objects.requireNonNull(item.targetId());
        var content = step.present(db, action, target, item.content());
        var found = new ArrayList<Found>();
        step.findings(db, action, target, content).forEach(finding -> found.add(found(finding, 1)));
        var items = List.of(new ItemRow(1, target, item.key(), item.baseVersion(), content, item.before()));
        var hash = hash(kind, action, owner, from, items);
        if (step.simulates(action)) fromSimulation(db, kind(kind), List.of(), id, hash, found);
        return new Examined(items, found, hash, from, distributors, principals, List.of());
    }

    private static String hash(String kind, String action, long owner, @Nullable LocalDate from, List<ItemRow> items) {
        var content = ChangeStore.JSON.createObjectNode();
        content.put("kind", kind).put("action", action).put("owner", owner);
        if (from != null) content.put("effectiveFrom", from.toString());
        var all = content.putArray("items");
        for (var item : items) {
            var one = all.addObject();
            if (item.targetId() != null) one.put("target", item.targetId());
            if (item.baseVersion() != null) one.put("base", item.baseVersion());
            one.set("content", item.content());
        }
        return Canonical.hash(content);
    }

    /// Another open request for the same rows is no fault, but one of the two will be void.
    private static void pending(JdbcClient db, String kind, long owner, List<ItemRow> items, UUID id, List<Found> found) {
        var keys = items.stream().map(ItemRow::key).toArray(String[]::new);
        db.sql("""
                select distinct r.title, r.created_name from governance.change_request r join governance.change_item i on i.request_id = r.id
                 where r.kind = :kind and r.owner_id = :owner and r.status = 'SUBMITTED' and r.id <> :id and i.key = any (:keys) limit 3""")
                .param("kind", kind).param("owner", owner).param("id", id).param("keys", keys).query(row -> {
                    found.add(new Found("ANOTHER_PENDING", "GV-02", Severity.INFO, 0, "", row.getString(1) + " by " + row.getString(2) + " waits for approval and changes the same",
                            "Whichever is approved first makes the other one void", false));
                });
    }

    /// What the simulation of this very content says (domain/04 section 4.4).
    private <F extends Record> void fromSimulation(JdbcClient db, Master<F> master, List<Draft<F>> drafts, UUID id, String hash, List<Found> found) {
        var run = ChangeStore.simulation(db, id).filter(row -> row.contentHash().equals(hash) && row.status().equals("DONE") && row.result() != null).orElse(null);
        if (run == null) {
            found.add(found(Finding.warning("NOT_SIMULATED", "domain/04 4.4", "", "its cost on past bills is not known", "Run the simulation first, or say why it is not needed"), 0));
            return;
        }
        var result = json.readValue(run.result(), PastBills.Result.class);
        for (var conflict : result.conflicts()) {
            if (conflict.share().compareTo(CONFLICT) <= 0) continue;
            var percent = conflict.share().movePointRight(2).setScale(0, RoundingMode.HALF_UP) + " %";
            found.add(found(Finding.warning("CONFLICT_ON_LINES", "domain/04 4.4", "",
                    conflict.kind().equals("DISPLACED") ? "it takes " + percent + " of its lines from " + conflict.code() : conflict.code() + " works on " + percent + " of the same lines",
                    "Put both into one exclusion group, or narrow one of them"), 0));
        }
        if (result.budget() != null && result.budget().set().compareTo(result.budget().expected()) < 0) {
            found.add(found(Finding.warning("BUDGET_BELOW_EXPECTED", "domain/04 4.4", "budget",
                    "a budget of " + result.budget().set().toPlainString() + " is less than the " + result.budget().expected().toPlainString() + " to be expected from the last " + run.days() + " days",
                    "At least " + result.budget().expected().toPlainString() + ", or narrow the scheme"), 0));
        }
        if (result.refusedBills() > 0) {
            found.add(found(Finding.warning("BILLS_REFUSED", "PX-05", "", result.refusedBills() + " of " + result.bills() + " past bills would be refused: "
                    + String.join(", ", result.refusals().stream().map(PastBills.RefusedBills::code).toList()), "Look at what the simulation lists"), 0));
        }
    }

    // ---- editing, submitting

    @Override
    public Detail revise(Caller caller, UUID id, IfMatch revision, @Nullable String title, @Nullable String reason, @Nullable LocalDate effectiveFrom, List<Proposal> items) {
        return change(caller, id, (db, stored) -> {
            requireProposer(caller, stored);
            revision.check(stored.row().revision());
            requireStatus(stored, Status.DRAFT, Status.SUBMITTED);
            if (!stored.row().action().equals(PUT)) throw Problem.of(ProblemCode.ILLEGAL_STATE, "A step is not edited: withdraw it and start it again.").exception();
            if (items.isEmpty() || items.size() > ITEMS_MAX) throw Problem.of(ProblemCode.INVALID).at("/items", ProblemCode.INVALID, "1 to " + ITEMS_MAX).exception();
            var master = kind(stored.row().kind());
            var examined = examineForms(db, caller, master, stored.ownerId(), items, effectiveFrom != null ? effectiveFrom : stored.row().effectiveFrom(), id, stored.templateId());
            requireInScope(caller, examined);
            db.sql("""
                    update governance.change_request
                       set title = :title, reason = coalesce(:reason, reason), status = 'DRAFT', distributor_ids = :distributors, principal_ids = :principals, effective_from = :from, content_hash = :hash,
                           item_count = :items, findings = :findings, errors = :errors, warnings = :warnings, acknowledged = '[]', changed_by = :user, changed_name = :name, changed_at = :now,
                           submitted_by = null, submitted_name = null, submitted_at = null, due_at = null, revision = revision + 1
                     where id = :id""")
                    .param("id", id).param("title", title != null && !title.isBlank() ? shortened(title.strip()) : title(master, null, examined)).param("reason", Texts.orNull(reason))
                    .param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(clock.instant())).params(parameters(examined)).update();
            ChangeStore.replaceItems(db, id, examined.items);
            tell(db, caller, id, stored.ownerId(), "EDITED", Texts.orNull(reason), Map.of("contentHash", examined.hash, "was", stored.row().contentHash()));
        });
    }

    @Override
    public Detail check(Caller caller, UUID id) {
        return change(caller, id, (db, stored) -> {
            requireStatus(stored, Status.DRAFT, Status.SUBMITTED);
            examined(db, stored, examine(db, caller, kind(stored.row().kind()), stored), stored.acknowledged());
        });
    }

    /// Keeps what the checks found now, beside what the maker has acknowledged.
    private static void examined(JdbcClient db, Stored stored, Examined examined, Set<String> acknowledged) {
        var findings = examined.findings.stream().map(found -> new Found(found.code(), found.rule(), found.severity(), found.item(), found.field(), found.wrong(), found.right(), acknowledged.contains(found.code()))).toList();
        db.sql("update governance.change_request set findings = :findings, errors = :errors, warnings = :warnings where id = :id").param("id", stored.row().id())
                .params(parameters(new Examined(examined.items, findings, examined.hash, examined.effectiveFrom, examined.distributors, examined.principals, List.of()))).update();
    }

    @Override
    public Detail submit(Caller caller, UUID id, IfMatch revision, @Nullable String reason, List<String> acknowledged) {
        return change(caller, id, (db, stored) -> {
            requireProposer(caller, stored);
            revision.check(stored.row().revision());
            requireStatus(stored, Status.DRAFT);
            var why = Texts.orNull(reason) != null ? Texts.of(reason) : Texts.orNull(stored.row().reason());
            if (why == null) throw Problem.of(ProblemCode.INVALID, "Say why the change is needed (GOV-17).").rule("GOV-17").at("/reason", ProblemCode.INVALID, "is missing").exception();
            submitNow(db, caller, stored, examine(db, caller, kind(stored.row().kind()), stored), why, Set.copyOf(acknowledged));
        });
    }

    /// @param acknowledged null: everything that is a warning
    private void submitNow(JdbcClient db, Caller caller, Stored stored, Examined examined, String reason, @Nullable Set<String> acknowledged) {
        var codes = new TreeSet<>(acknowledged == null ? warnings(examined.findings) : acknowledged);
        requireChecks(examined, codes);
        var now = clock.instant();
        db.sql("""
                update governance.change_request
                   set status = 'SUBMITTED', reason = :reason, acknowledged = :codes, content_hash = :hash, submitted_by = :user, submitted_name = :name, submitted_at = :now, due_at = :due,
                       revision = revision + 1
                 where id = :id and status = 'DRAFT'""")
                .param("id", stored.row().id()).param("reason", reason).param("codes", ChangeStore.JSON.writeValueAsString(codes)).param("hash", examined.hash).param("user", caller.userId())
                .param("name", caller.username()).param("now", ChangeStore.time(now)).param("due", ChangeStore.time(now.plus(DECIDE_WITHIN))).update();
        ChangeStore.replaceItems(db, stored.row().id(), examined.items);
        examined(db, stored, examined, codes);
        tell(db, caller, stored.row().id(), stored.ownerId(), "SUBMITTED", reason, Map.of("contentHash", examined.hash, "acknowledged", codes));
    }

    private static Set<String> warnings(Collection<Found> findings) {
        var codes = new TreeSet<String>();
        for (var found : findings) if (found.severity() == Severity.WARNING) codes.add(found.code());
        return codes;
    }

    private static void requireChecks(Examined examined, Set<String> acknowledged) {
        var against = examined.findings.stream().filter(found -> found.severity() == Severity.ERROR || (found.severity() == Severity.WARNING && !acknowledged.contains(found.code()))).toList();
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
            var master = kind(stored.row().kind());
            var examined = examine(db, caller, master, stored);
            if (!examined.hash.equals(stored.row().contentHash())) {
                voided(db, caller, stored, examined);
                voided.set(examined.hash);
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
            for (var warning : examined.findings) {
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
    private <F extends Record> boolean waits(Master<F> master, Stored stored, Examined examined) {
        if (!stored.row().action().equals(PUT) || examined.effectiveFrom == null || !examined.effectiveFrom.isAfter(today())) return false;
        var governed = governed(master);
        return governed.waitsForItsDay() || examined.items.stream().allMatch(item -> governed.effectiveFrom(json.treeToValue(item.content(), master.formType())) == null);
    }

    private static ProblemException changed(String present) {
        return Problem.of(ProblemCode.CONTENT_CHANGED).rule("SOD-1").with("contentHash", present).exception();
    }

    /// What was proposed is no longer what would be put into force: the submission is void, and its maker has to look again.
    private void voided(JdbcClient db, Caller caller, Stored stored, Examined examined) {
        db.sql("""
                update governance.change_request
                   set status = 'DRAFT', content_hash = :hash, submitted_by = null, submitted_name = null, submitted_at = null, due_at = null, acknowledged = '[]', revision = revision + 1
                 where id = :id""").param("hash", examined.hash).param("id", stored.row().id()).update();
        ChangeStore.replaceItems(db, stored.row().id(), examined.items);
        examined(db, stored, examined, Set.of());
        tell(db, caller, stored.row().id(), stored.ownerId(), "VOIDED", "The content or the version in force has changed since it was submitted.", Map.of("was", stored.row().contentHash(), "contentHash", examined.hash));
    }

    /// For whom the caller decides; null: for himself.
    private @Nullable Caller requireDecider(Caller caller, Stored stored) {
        var approves = governed(kind(stored.row().kind())).duty().approves();
        if (stored.isMaker(caller.userId())) {
            if (isBootstrap(caller, stored)) return null;
            throw Problem.of(ProblemCode.SAME_PERSON, "You made this change; somebody else has to decide on it.").rule("SOD-1")
                    .with("accepted", Map.of("roles", names(approves))).exception();
        }
        if (caller.can(approves)) return null;
        var behalf = delegator(caller, stored);
        if (behalf == null) caller.require(approves);
        return behalf;
    }

    private <F extends Record> void enforce(JdbcClient db, Caller by, Stored stored, Examined examined) {
        var row = stored.row();
        var via = "change request " + row.id();
        var targets = new ArrayList<String>();
        if (row.action().equals(PUT)) {
            @SuppressWarnings("unchecked") var master = (Master<F>) kind(row.kind());
            var drafts = drafts(db, master, stored.ownerId(), examined.items.stream().map(item -> new Proposal(item.targetId(), item.content())).toList());
            store.publish(by, master, stored.ownerId(), drafts, via);
            for (int at = 0; at < drafts.size(); at++) {
                targets.add(drafts.get(at).id().toString());
                if (drafts.get(at).isNew()) db.sql("update governance.change_item set target_id = :target where request_id = :id and item = :item").param("target", drafts.get(at).id().toString()).param("id", row.id()).param("item", at + 1).update();
            }
        } else {
            var item = examined.items.getFirst();
            var target = java.util.Objects.requireNonNull(item.targetId());
            step(row.kind()).enforce(db, by, row.action(), target, item.content(), via);
            targets.add(target);
        }
        for (var old : ChangeStore.supersede(db, row.id(), row.kind(), row.action(), targets)) ChangeStore.note(db, old, clock.instant(), by.username(), "SUPERSEDED", null, Map.of("by", row.id().toString()));
        ChangeStore.note(db, row.id(), clock.instant(), by.username(), "IN_FORCE", null, examined.effectiveFrom == null ? Map.of() : Map.of("effectiveFrom", examined.effectiveFrom.toString()));
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
            var examined = examine(db, system, kind(stored.row().kind()), stored);
            if (!examined.hash.equals(stored.row().contentHash()) || examined.has(Severity.ERROR)) {
                reopen(db, system, stored, examined);
                return false;
            }
            db.sql("update governance.change_request set status = 'IN_FORCE', in_force_at = :now, revision = revision + 1 where id = :id").param("now", ChangeStore.time(clock.instant())).param("id", id).update();
            enforce(db, system, stored, examined);
            return true;
        });
    }

    /// The version in force moved on between approval and its day: the approval is void.
    private void reopen(JdbcClient db, Caller system, Stored stored, Examined examined) {
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
        var stored = transactions.shared(db -> visible(db, caller, id));
        requireStatus(stored, Status.IN_FORCE, Status.SUPERSEDED);
        if (!stored.row().action().equals(PUT)) throw Problem.of(ProblemCode.ILLEGAL_STATE, "A step is taken back by its counterpart, not by a rollback.").exception();
        var items = transactions.shared(db -> ChangeStore.items(db, id, 0, ITEMS_MAX));
        if (items.stream().anyMatch(item -> item.before() == null)) {
            throw Problem.of(ProblemCode.ILLEGAL_STATE, "Nothing was in force before it: end it instead.").with("state", stored.row().status()).exception();
        }
        return rolledBack(caller, kind(stored.row().kind()), stored, items, effectiveFrom, why);
    }

    private <F extends Record> Detail rolledBack(Caller caller, Master<F> master, Stored stored, List<ItemRow> items, @Nullable LocalDate day, String why) {
        var governed = governed(master);
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
                step(stored.row().kind()).enforce(db, caller, "REVERSE_" + stored.row().action(), java.util.Objects.requireNonNull(item.targetId()), item.content(), "change request " + id);
            }
            tell(db, caller, id, stored.ownerId(), "REVIEWED", why, Map.of("outcome", outcome));
        });
    }

    /// A content with the defaults of its form.
    JsonNode normal(String kind, JsonNode content) {
        return json.valueToTree(json.treeToValue(content, kind(kind).formType()));
    }

    // ---- steps of other modules

    @Override
    public Detail step(Caller caller, Permission needed, String kind, String action, String targetId, String key, JsonNode content, @Nullable JsonNode before, long owner, Set<Long> distributors,
                       Set<Long> principals, @Nullable LocalDate effectiveFrom, String reason, boolean acknowledgeAll) {
        caller.require(needed);
        return transactions.write(owner, db -> {
            var id = ids.next();
            var examined = examineStep(db, kind, action, new ItemRow(1, targetId, key, null, content, before), owner, effectiveFrom, distributors, principals, id);
            if (examined.has(Severity.ERROR)) requireChecks(examined, warnings(examined.findings));
            var same = ChangeStore.same(db, caller.userId(), kind, examined.hash);
            if (same.isPresent()) return detail(db, caller, visible(db, caller, same.get()));
            insertStep(db, caller, id, kind, action, key, examined, owner, reason);
            var stored = ChangeStore.lock(db, id, today()).orElseThrow();
            if (acknowledgeAll || !examined.has(Severity.WARNING)) submitNow(db, caller, stored, examined, reason, null);
            return detail(db, caller, visible(db, caller, id));
        });
    }

    private void insertStep(JdbcClient db, Caller caller, UUID id, String kind, String action, String key, Examined examined, long owner, String reason) {
        var now = clock.instant();
        db.sql("""
                insert into governance.change_request (id, kind, action, title, status, origin, owner_id, distributor_ids, principal_ids, effective_from, reason, content_hash, item_count, findings,
                                                       errors, warnings, created_by, created_name, created_at, changed_by, changed_name, changed_at)
                values (:id, :kind, :action, :title, 'DRAFT', 'USER', :owner, :distributors, :principals, :from, :reason, :hash, :items, :findings, :errors, :warnings, :user, :name, :now,
                        :user, :name, :now)""")
                .param("id", id).param("kind", kind).param("action", action).param("title", shortened(action + " " + key)).param("owner", owner).param("reason", reason)
                .param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(now)).params(parameters(examined)).update();
        ChangeStore.replaceItems(db, id, examined.items);
        tell(db, caller, id, owner, "CREATED", reason, Map.of("kind", kind, "action", action, "contentHash", examined.hash));
    }

    @Override
    public Detail emergency(Caller caller, Permission needed, String kind, String action, String targetId, String key, JsonNode content, Set<Long> distributors, Set<Long> principals, String reason) {
        caller.require(needed);
        return transactions.write(AuditTrail.NETWORK, db -> {
            var id = ids.next();
            var now = clock.instant();
            var item = new ItemRow(1, targetId, key, null, content, null);
            var examined = new Examined(List.of(item), List.of(), hash(kind, action, 0, null, List.of(item)), today(), distributors, principals, List.of());
            insertStep(db, caller, id, kind, action, key, examined, AuditTrail.NETWORK, reason);
            db.sql("""
                    update governance.change_request
                       set status = 'IN_FORCE', emergency = true, submitted_by = :user, submitted_name = :name, submitted_at = :now, decided_by = :user, decided_name = :name, decided_at = :now,
                           decision_reason = :reason, approved_hash = content_hash, in_force_at = :now, review_due = :due, revision = revision + 1
                     where id = :id""")
                    .param("user", caller.userId()).param("name", caller.username()).param("now", ChangeStore.time(now)).param("reason", reason).param("due", ChangeStore.time(now.plus(DECIDE_WITHIN))).param("id", id).update();
            ChangeStore.override(db, ids.next(), AuditTrail.NETWORK, now, caller.username(), "GV-04", "emergency: " + action + " " + key, reason, id);
            step(kind).enforce(db, caller, action, targetId, content, "change request " + id);
            tell(db, caller, id, AuditTrail.NETWORK, "STOPPED", reason, Map.of("reviewDue", now.plus(DECIDE_WITHIN).toString()));
            return detail(db, caller, visible(db, caller, id));
        });
    }

    // ---- simulation

    private record SimulationOrder(UUID id, String contentHash, LocalDate from, LocalDate to, @Nullable Set<Long> distributors) {}

    @Override
    public UUID simulate(Caller caller, UUID id, @Nullable Integer days, @Nullable Set<Long> distributors) {
        int span = days == null ? 90 : days;
        if (span < 1 || span > DAYS_MAX) throw Problem.of(ProblemCode.INVALID).at("/days", ProblemCode.INVALID, span + " is out of range", "1 to " + DAYS_MAX).exception();
        var stored = transactions.shared(db -> visible(db, caller, id));
        if (!may(caller, stored).simulate()) {
            if (!simulates(stored.row().kind(), stored.row().action())) throw Problem.of(ProblemCode.ILLEGAL_STATE, "Past bills cannot be decided again with " + stored.row().kind() + ".").exception();
            caller.require(governed(kind(stored.row().kind())).duty().approves());
        }
        var mine = distributors == null || distributors.isEmpty() ? caller.scope().distributors() : distributors;
        mine.forEach(caller::requireDistributor);
        var to = today();
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

    private void ended(SimulationOrder order, String status, @Nullable String result) {
        transactions.shared(db -> {
            db.sql("update governance.change_simulation set status = :status, result = :result, finished_at = :now where request_id = :id and content_hash = :hash")
                    .param("status", status).param("result", result).param("now", ChangeStore.time(clock.instant())).param("id", order.id).param("hash", order.contentHash).update();
            return null;
        });
        if (status.equals("DONE")) recheck(order.id);
    }

    /// The findings of an open request follow from its simulation.
    private void recheck(UUID id) {
        var owner = transactions.shared(db -> ChangeStore.find(db, id, today())).map(Stored::ownerId).orElseThrow();
        transactions.write(owner, db -> {
            var stored = ChangeStore.lock(db, id, today()).orElseThrow();
            if (stored.row().status() != Status.DRAFT && stored.row().status() != Status.SUBMITTED) return false;
            var system = new Caller(0, "system", "", Set.of(), new RowScope(stored.distributors(), null), "en", Set.of());
            examined(db, stored, examine(db, system, kind(stored.row().kind()), stored), stored.acknowledged());
            ChangeStore.note(db, id, clock.instant(), "system", "SIMULATED", null, Map.of());
            return true;
        });
    }

    /// What puts the request's content into a rule book.
    private Consumer<ObjectNode> inBook(Stored stored) {
        return transactions.write(stored.ownerId(), db -> inBook(db, kind(stored.row().kind()), stored));
    }

    private <F extends Record> Consumer<ObjectNode> inBook(JdbcClient db, Master<F> master, Stored stored) {
        var items = ChangeStore.items(db, stored.row().id(), 0, ITEMS_MAX);
        if (!stored.row().action().equals(PUT)) {
            var item = items.getFirst();
            return step(stored.row().kind()).inBook(db, stored.row().action(), java.util.Objects.requireNonNull(item.targetId()), item.content());
        }
        var drafts = drafts(db, master, stored.ownerId(), items.stream().map(item -> new Proposal(item.targetId(), item.content())).toList());
        var all = new ArrayList<Consumer<ObjectNode>>();
        for (var draft : drafts) {
            if (!draft.isGood()) throw Problem.of(ProblemCode.CHECKS_FAILED, "The content has faults: correct them before the simulation.").exception();
            all.add(governed(master).inBook(db, draft));
        }
        return book -> all.forEach(one -> one.accept(book));
    }

    /// Sets the simulated cost of the changed schemes beside what their form allows.
    private PastBills.Result withBudget(SimulationOrder order, PastBills.Result result) {
        var stored = transactions.shared(db -> ChangeStore.find(db, order.id, today())).orElseThrow();
        if (!stored.row().action().equals(PUT)) return result;
        return withBudget(kind(stored.row().kind()), order, result);
    }

    private <F extends Record> PastBills.Result withBudget(Master<F> master, SimulationOrder order, PastBills.Result result) {
        var items = transactions.shared(db -> ChangeStore.items(db, order.id, 0, 2));
        if (items.size() != 1) return result;
        var form = json.treeToValue(items.getFirst().content(), master.formType());
        var governed = governed(master);
        var budget = governed.budget(form);
        var from = governed.effectiveFrom(form);
        var to = governed.effectiveTo(form);
        if (budget == null || from == null || to == null) return result;
        long days = ChronoUnit.DAYS.between(from, to) + 1;
        long span = ChronoUnit.DAYS.between(order.from, order.to) + 1;
        var cost = result.schemes().stream().filter(PastBills.SchemeCost::changed).map(PastBills.SchemeCost::benefitAfter).reduce(BigDecimal.ZERO, BigDecimal::add);
        return result.withBudget(new PastBills.Budget(budget, cost.multiply(BigDecimal.valueOf(days)).divide(BigDecimal.valueOf(span), 2, RoundingMode.HALF_UP), days));
    }

    @Override
    public Simulation simulation(Caller caller, UUID id) {
        var stored = transactions.shared(db -> visible(db, caller, id));
        var row = transactions.shared(db -> ChangeStore.simulation(db, id)).orElseThrow(() -> caller.notFound("simulation"));
        var job = row.jobId() == null ? null : jobs.find(row.jobId()).orElse(null);
        return new Simulation(row.status(), row.jobId(), row.days(), row.from(), row.to(), row.contentHash(), row.contentHash().equals(stored.row().contentHash()), job == null ? 0 : job.done(),
                job == null ? null : job.total(), job == null ? null : job.message(), row.result() == null ? null : json.readValue(row.result(), PastBills.Result.class));
    }

    // ---- bundles

    @Override
    public Set<String> kinds() {
        var names = new TreeSet<String>();
        kinds.values().stream().filter(master -> master.owner() == Master.Owner.NETWORK && !master.type().equals("price-lists")).forEach(master -> names.add(master.type()));
        return names;
    }

    @Override
    public List<BundlePart.Part> parts(Caller caller, String kind) {
        // whoever may export may export all of it: what a bundle holds is the network's, not somebody's view of it
        var all = new Caller(caller.userId(), caller.username(), caller.name(), java.util.EnumSet.allOf(Role.class), new RowScope(caller.scope().distributors(), null), caller.language());
        var parts = new ArrayList<BundlePart.Part>();
        parts(all, kind(kind), parts);
        return parts;
    }

    private <F extends Record> void parts(Caller caller, Master<F> master, List<BundlePart.Part> parts) {
        store.each(caller, master, ListQuery.first(), stored -> {
            var governed = governed(master);
            var end = governed.effectiveTo(stored.form());
            if ((end == null || !end.isBefore(today())) && governed.travels(stored.form())) parts.add(new BundlePart.Part(master.key(stored.form()), json.valueToTree(stored.form())));
        });
    }

    @Override
    public Made propose(Caller caller, String kind, List<BundlePart.Part> parts, LocalDate from, String origin) {
        return proposed(caller, kind(kind), parts, from, origin);
    }

    private <F extends Record> Made proposed(Caller caller, Master<F> master, List<BundlePart.Part> parts, LocalDate from, String origin) {
        caller.require(master.writes());
        var governed = governed(master);
        var proposals = parts.stream().map(part -> new Proposal(null, part.content())).toList();
        var differing = new ArrayList<Proposal>();
        transactions.write(AuditTrail.NETWORK, db -> {
            for (var draft : drafts(db, master, AuditTrail.NETWORK, proposals)) {
                if (draft.current() != null && MasterStore.isUnchangedForm(master, draft)) continue;
                var day = governed.effectiveFrom(draft.form());
                boolean late = day != null && day.isBefore(today()) && governed.duty() != Duty.TAX;
                differing.add(new Proposal(draft.current() == null ? null : draft.current().id().toString(), json.valueToTree(late ? governed.from(draft.form(), from) : draft.form())));
            }
            return null;
        });
        if (differing.isEmpty()) return new Made(null, 0, parts.size());
        var title = differing.size() == 1 ? null : "Bundle: " + differing.size() + " " + master.type();
        var made = propose(caller, new NewChange(null, master.type(), null, title, "Bundle from " + origin, from, differing, Origin.BUNDLE, origin, null));
        return new Made(made.request().id(), differing.size(), parts.size() - differing.size());
    }

    // ---- common

    private interface Step {
        void take(JdbcClient db, Stored stored);
    }

    private Detail change(Caller caller, UUID id, Step step) {
        long owner = transactions.shared(db -> visible(db, caller, id)).ownerId();
        var after = transactions.write(owner, db -> {
            var stored = ChangeStore.lock(db, id, today()).orElseThrow(() -> caller.notFound("change request"));
            step.take(db, stored);
            return detail(db, caller, visible(db, caller, id));
        });
        return after;
    }

    private void requireProposer(Caller caller, Stored stored) {
        if (stored.createdBy() != caller.userId()) caller.require(kind(stored.row().kind()).writes());
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
