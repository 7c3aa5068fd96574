package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.governance.ChangeRequests.Found;
import io.offtake.governance.ChangeRequests.Proposal;
import io.offtake.governance.ChangeStore.ItemRow;
import io.offtake.governance.ChangeStore.Stored;
import io.offtake.governance.Finding.Severity;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Looks at the content of a change request as it stands now: what its master, other modules and the simulation find in it, and the hash that binds an approval to it (GV-02).
@Component
class ChangeExaminer {
    /// The most items of one request.
    static final int ITEMS_MAX = 5_000;
    private static final int SHOWN = 200;
    private static final BigDecimal CONFLICT = new BigDecimal("0.20");

    private final MasterStore store;
    private final ChangeKinds kinds;
    private final ObjectProvider<ChangeChecks> checks;
    private final ObjectProvider<Templates> templates;
    private final JsonMapper json;
    private final Clock clock;

    ChangeExaminer(MasterStore store, ChangeKinds kinds, ObjectProvider<ChangeChecks> checks, ObjectProvider<Templates> templates, JsonMapper json, Clock clock) {
        this.store = store;
        this.kinds = kinds;
        this.checks = checks;
        this.templates = templates;
        this.json = json;
        this.clock = clock;
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    /// Content as it was examined.
    record Examined(List<ItemRow> items, List<Found> findings, String hash, @Nullable LocalDate effectiveFrom, Set<Long> distributors, Set<Long> principals, List<String> simulatable) {
        boolean has(Severity severity) {
            return findings.stream().anyMatch(found -> found.severity() == severity);
        }
    }

    Examined examine(JdbcClient db, Caller caller, Master<?> master, Stored stored) {
        var items = ChangeStore.items(db, stored.row().id(), 0, ITEMS_MAX);
        if (stored.row().action().equals(ChangeRequests.PUT)) {
            var proposals = items.stream().map(item -> new Proposal(item.targetId(), item.content())).toList();
            return examineForms(db, caller, master, stored.ownerId(), proposals, stored.row().effectiveFrom(), stored.row().id(), stored.templateId());
        }
        return examineStep(db, stored.row().kind(), stored.row().action(), items.getFirst(), stored.ownerId(), stored.row().effectiveFrom(), stored.distributors(), stored.principals(), stored.row().id());
    }

    <F extends Record> Examined examineForms(JdbcClient db, Caller caller, Master<F> master, long owner, List<Proposal> proposals, @Nullable LocalDate effectiveFrom, UUID id,
                                                     @Nullable Long templateId) {
        var governed = ChangeKinds.governed(master);
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
        var hash = hash(master.type(), ChangeRequests.PUT, owner, from, items);
        if (first == null && from != null && from.isBefore(today())) found.add(found(Finding.error("FIELD", "PX-42", "effectiveFrom", from + " is in the past", "Today or later"), 0));
        if (governed.simulates()) fromSimulation(db, master, drafts, id, hash, found);
        pending(db, master.type(), owner, items, id, found);
        return new Examined(items, found, hash, from, distributors, principals, List.of());
    }

    <F extends Record> List<Draft<F>> drafts(JdbcClient db, Master<F> master, long owner, List<Proposal> proposals) {
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

    static Found found(Finding finding, int item) {
        return new Found(finding.code(), finding.rule(), finding.severity(), item, finding.field(), finding.wrong(), finding.right(), false);
    }

    Examined examineStep(JdbcClient db, String kind, String action, ItemRow item, long owner, @Nullable LocalDate from, Set<Long> distributors, Set<Long> principals, UUID id) {
        var step = kinds.step(kind);
        var target = java.util.Objects.requireNonNull(item.targetId());
        var content = step.present(db, action, target, item.content());
        var found = new ArrayList<Found>();
        step.findings(db, action, target, content).forEach(finding -> found.add(found(finding, 1)));
        var items = List.of(new ItemRow(1, target, item.key(), item.baseVersion(), content, item.before()));
        var hash = hash(kind, action, owner, from, items);
        if (step.simulates(action)) fromSimulation(db, kinds.of(kind), List.of(), id, hash, found);
        return new Examined(items, found, hash, from, distributors, principals, List.of());
    }

    static String hash(String kind, String action, long owner, @Nullable LocalDate from, List<ItemRow> items) {
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
    static void pending(JdbcClient db, String kind, long owner, List<ItemRow> items, UUID id, List<Found> found) {
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
    <F extends Record> void fromSimulation(JdbcClient db, Master<F> master, List<Draft<F>> drafts, UUID id, String hash, List<Found> found) {
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

    static Map<String, @Nullable Object> parameters(Examined examined) {
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

    /// Keeps what the checks found now, beside what the maker has acknowledged.
    static void keep(JdbcClient db, Stored stored, Examined examined, Set<String> acknowledged) {
        var findings = examined.findings.stream().map(found -> new Found(found.code(), found.rule(), found.severity(), found.item(), found.field(), found.wrong(), found.right(), acknowledged.contains(found.code()))).toList();
        db.sql("update governance.change_request set findings = :findings, errors = :errors, warnings = :warnings where id = :id").param("id", stored.row().id())
                .params(parameters(new Examined(examined.items, findings, examined.hash, examined.effectiveFrom, examined.distributors, examined.principals, List.of()))).update();
    }
}
