package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.governance.ChangeRequests.May;
import io.offtake.governance.ChangeRequests.Status;
import io.offtake.governance.ChangeStore.Stored;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Which change requests somebody sees, and what the person may do with one: by role, by delegation, never with what he made himself (SOD-1).
@Component
class ChangeSight {
    private final TenantTransaction transactions;
    private final ChangeKinds kinds;
    private final Users users;
    private final Clock clock;
    private volatile boolean documents;

    ChangeSight(TenantTransaction transactions, ChangeKinds kinds, Users users, Clock clock) {
        this.transactions = transactions;
        this.kinds = kinds;
        this.users = users;
        this.clock = clock;
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    Map<String, @Nullable Object> scope(Caller caller, boolean waiting, boolean mine) {
        var parameters = ChangeStore.parameters();
        parameters.put("kinds", kinds.all().stream().filter(master -> caller.can(master.reads())).map(Master::type).toArray(String[]::new));
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
    static boolean isLocal(Caller caller) {
        return caller.roles().stream().noneMatch(role -> !role.ofDistributor() && role != Role.REP && role != Role.VS);
    }

    /// Kinds on which somebody may decide, for himself or for a person who delegated it.
    Set<String> approvable(Caller caller) {
        var found = new TreeSet<String>();
        var delegators = delegators(caller);
        for (var master : kinds.all()) {
            var approves = ChangeKinds.governed(master).duty().approves();
            if (caller.can(approves) || delegators.stream().anyMatch(one -> one.covers(master.type()) && one.caller.can(approves))) found.add(master.type());
        }
        return found;
    }

    record Delegator(Caller caller, Set<String> kinds) {
        boolean covers(String kind) {
            return kinds.isEmpty() || kinds.contains(kind);
        }
    }

    /// Those for whom somebody decides today.
    List<Delegator> delegators(Caller caller) {
        record Row(String fromName, String[] kinds) {}
        var rows = transactions.shared(db -> db.sql("""
                        select from_name, kinds from governance.approval_delegation
                         where to_user = :user and revoked_at is null and :today between valid_from and valid_to order by created_at""")
                .param("user", caller.userId()).param("today", today()).query((row, _) -> new Row(row.getString(1), (String[]) row.getArray(2).getArray())).list());
        var found = new ArrayList<Delegator>();
        for (var row : rows) users.caller(row.fromName).ifPresent(from -> found.add(new Delegator(from, Set.of(row.kinds))));
        return found;
    }

    Stored visible(JdbcClient db, Caller caller, UUID id) {
        return db.sql("select t.* from (" + ChangeStore.VISIBLE + ") t where t.id = :id").params(scope(caller, false, false)).param("id", id)
                .query((row, _) -> ChangeStore.stored(row, today())).optional().orElseThrow(() -> caller.notFound("change request"));
    }

    static Set<String> names(Permission permission) {
        var names = new TreeSet<String>();
        permission.roles().forEach(role -> names.add(role.name()));
        return names;
    }

    May may(Caller caller, Stored stored) {
        var row = stored.row();
        boolean proposes = caller.can(kinds.of(row.kind()).writes()) || stored.createdBy() == caller.userId();
        boolean open = row.status() == Status.DRAFT || row.status() == Status.SUBMITTED;
        boolean put = row.action().equals(ChangeRequests.PUT);
        var why = row.status() == Status.SUBMITTED ? whyNotDecide(caller, stored) : row.emergency() && stored.reviewedBy() == null ? whyNotDecide(caller, stored) : null;
        boolean decides = row.status() == Status.SUBMITTED && why == null;
        return new May(proposes && open && put, proposes && row.status() == Status.DRAFT, decides, decides && !stored.isMaker(caller.userId()), proposes && open,
                kinds.simulates(row.kind(), row.action()) && (proposes || decides || caller.can(ChangeKinds.governed(kinds.of(row.kind())).duty().approves())),
                row.emergency() && stored.reviewedBy() == null && why == null, proposes && put && (row.status() == Status.IN_FORCE || row.status() == Status.SUPERSEDED), why);
    }

    /// Null if the person may decide on it.
    @Nullable String whyNotDecide(Caller caller, Stored stored) {
        var approves = ChangeKinds.governed(kinds.of(stored.row().kind())).duty().approves();
        if (stored.isMaker(caller.userId())) {
            return isBootstrap(caller, stored) ? null : "You made this change; somebody else has to approve it (SOD-1).";
        }
        if (caller.can(approves)) return null;
        if (delegator(caller, stored) != null) return null;
        return "Approving this is for " + String.join(", ", names(approves)) + ".";
    }

    @Nullable Caller delegator(Caller caller, Stored stored) {
        var approves = ChangeKinds.governed(kinds.of(stored.row().kind())).duty().approves();
        for (var one : delegators(caller)) {
            if (one.covers(stored.row().kind()) && one.caller.can(approves) && !stored.isMaker(one.caller.userId()) && one.caller.scope().distributors().containsAll(stored.distributors())) return one.caller;
        }
        return null;
    }

    /// A network that is being set up by one person (domain 12.3): nobody else could approve, and no document was posted yet.
    boolean isBootstrap(Caller caller, Stored stored) {
        var approves = ChangeKinds.governed(kinds.of(stored.row().kind())).duty().approves();
        if (!caller.can(kinds.of(stored.row().kind()).writes()) && !caller.can(approves)) return false;
        if (users.holders(approves).stream().anyMatch(holder -> holder != caller.userId())) return false;
        return !anyDocument();
    }

    /// Whether any distributor has posted anything. It is asked from inside transactions that see one distributor, so the
    /// network is read on a thread of its own; once there is a document, there always is one.
    boolean anyDocument() {
        if (!documents) documents = CompletableFuture.supplyAsync(() -> transactions.network(db -> db.sql("select exists (select from platform.document_register)").query(Boolean.class).single()),
                work -> Thread.ofVirtual().start(work)).join();
        return documents;
    }
}
