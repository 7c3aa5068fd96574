package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.governance.ChangeRequests.NewChange;
import io.offtake.governance.ChangeRequests.Origin;
import io.offtake.governance.ChangeRequests.Proposal;
import io.offtake.platform.ListQuery;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The network's governed forms as parts of bundles, and a bundle's parts as one change request.
@Component
class BundleDesk implements ChangeBundles {
    private final TenantTransaction transactions;
    private final MasterStore store;
    private final ChangeKinds kinds;
    private final ChangeExaminer examiner;
    private final ChangeRequests requests;
    private final JsonMapper json;
    private final Clock clock;

    BundleDesk(TenantTransaction transactions, MasterStore store, ChangeKinds kinds, ChangeExaminer examiner, ChangeRequests requests, JsonMapper json, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.kinds = kinds;
        this.examiner = examiner;
        this.requests = requests;
        this.json = json;
        this.clock = clock;
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    @Override
    public Set<String> kinds() {
        var names = new TreeSet<String>();
        kinds.all().stream().filter(master -> master.owner() == Master.Owner.NETWORK && !master.type().equals("price-lists")).forEach(master -> names.add(master.type()));
        return names;
    }

    @Override
    public List<BundlePart.Part> parts(Caller caller, String kind) {
        // whoever may export may export all of it: what a bundle holds is the network's, not somebody's view of it
        var all = new Caller(caller.userId(), caller.username(), caller.name(), java.util.EnumSet.allOf(Role.class), new RowScope(caller.scope().distributors(), null), caller.language());
        var parts = new ArrayList<BundlePart.Part>();
        parts(all, kinds.of(kind), parts);
        return parts;
    }

    <F extends Record> void parts(Caller caller, Master<F> master, List<BundlePart.Part> parts) {
        store.each(caller, master, ListQuery.first(), stored -> {
            var governed = ChangeKinds.governed(master);
            var end = governed.effectiveTo(stored.form());
            if ((end == null || !end.isBefore(today())) && governed.travels(stored.form())) parts.add(new BundlePart.Part(master.key(stored.form()), json.valueToTree(stored.form())));
        });
    }

    @Override
    public Made propose(Caller caller, String kind, List<BundlePart.Part> parts, LocalDate from, String origin) {
        return proposed(caller, kinds.of(kind), parts, from, origin);
    }

    <F extends Record> Made proposed(Caller caller, Master<F> master, List<BundlePart.Part> parts, LocalDate from, String origin) {
        caller.require(master.writes());
        var governed = ChangeKinds.governed(master);
        var proposals = parts.stream().map(part -> new Proposal(null, part.content())).toList();
        var differing = new ArrayList<Proposal>();
        transactions.write(AuditTrail.NETWORK, db -> {
            for (var draft : examiner.drafts(db, master, AuditTrail.NETWORK, proposals)) {
                if (draft.current() != null && MasterStore.isUnchangedForm(master, draft)) continue;
                var day = governed.effectiveFrom(draft.form());
                boolean late = day != null && day.isBefore(today()) && governed.duty() != Duty.TAX;
                differing.add(new Proposal(draft.current() == null ? null : draft.current().id().toString(), json.valueToTree(late ? governed.from(draft.form(), from) : draft.form())));
            }
            return null;
        });
        if (differing.isEmpty()) return new Made(null, 0, parts.size());
        var title = differing.size() == 1 ? null : "Bundle: " + differing.size() + " " + master.type();
        var made = requests.propose(caller, new NewChange(null, master.type(), null, title, "Bundle from " + origin, from, differing, Origin.BUNDLE, origin, null));
        return new Made(made.request().id(), differing.size(), parts.size() - differing.size());
    }
}
