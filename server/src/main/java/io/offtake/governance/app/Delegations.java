package io.offtake.governance.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Users;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.governance.ChangeRequests;
import io.offtake.governance.Delegable;
import io.offtake.governance.Substitutes;
import io.offtake.governance.Texts;
import io.offtake.platform.Ids;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Decisions passed on to somebody else for some days: leave, illness. The other person decides inside the scope of whoever
/// delegates, and never on requests that either of the two has made (SOD-1).
@Component
public class Delegations implements Substitutes {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int DAYS_MAX = 92;

    /// @param kinds empty for all that the delegating person may decide
    public record Delegation(UUID id, String fromUser, String toUser, List<String> kinds, LocalDate validFrom, LocalDate validTo, String reason, Instant createdAt, @Nullable Instant revokedAt) {}

    /// @param toUser user name
    public record NewDelegation(@Nullable String toUser, @Nullable List<String> kinds, @Nullable LocalDate validFrom, @Nullable LocalDate validTo, @Nullable String reason) {}

    private final TenantTransaction transactions;
    private final ChangeRequests changes;
    private final List<Delegable> others;
    private final Users users;
    private final AuditChain chain;
    private final Ids ids;
    private final Clock clock;

    Delegations(TenantTransaction transactions, ChangeRequests changes, List<Delegable> others, Users users, AuditChain chain, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.changes = changes;
        this.others = others;
        this.users = users;
        this.chain = chain;
        this.ids = ids;
        this.clock = clock;
    }

    /// Those the caller has given or was given; an auditor sees all.
    public Page<Delegation> list(Caller caller) {
        boolean all = caller.can(Permission.AUDIT_READ);
        return Page.all(transactions.shared(db -> db.sql("""
                        select id, from_name, to_name, kinds, valid_from, valid_to, reason, created_at, revoked_at from governance.approval_delegation
                         where :all or from_user = :user or to_user = :user order by created_at desc, id limit 500""")
                .param("all", all).param("user", caller.userId()).query((row, _) -> new Delegation(row.getObject("id", UUID.class), row.getString("from_name"), row.getString("to_name"),
                        List.of((String[]) row.getArray("kinds").getArray()), row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class), row.getString("reason"),
                        row.getTimestamp("created_at").toInstant(), row.getTimestamp("revoked_at") == null ? null : row.getTimestamp("revoked_at").toInstant())).list()));
    }

    /// Passes on what the caller may decide himself.
    public Delegation create(Caller caller, NewDelegation wanted) {
        var mine = new ArrayList<>(changes.duties(caller).stream().filter(duty -> duty.approves().stream().anyMatch(role -> caller.roles().stream().anyMatch(held -> held.name().equals(role)))).map(ChangeRequests.Duties::kind).toList());
        others.stream().filter(other -> other.any().stream().anyMatch(caller::can)).map(Delegable::kind).forEach(mine::add);
        if (mine.isEmpty()) caller.require(Permission.CONFIG_APPROVE);
        var kinds = wanted.kinds() == null ? List.<String>of() : wanted.kinds().stream().map(String::valueOf).toList();
        var today = LocalDate.now(clock);
        var problem = Problem.of(ProblemCode.INVALID);
        if (!mine.containsAll(kinds)) problem = problem.at("/kinds", ProblemCode.INVALID, "you may not decide on all of them yourself", mine);
        if (wanted.validFrom() == null || wanted.validFrom().isBefore(today)) problem = problem.at("/validFrom", ProblemCode.INVALID, "is missing or in the past", today);
        if (wanted.validTo() == null || (wanted.validFrom() != null && (wanted.validTo().isBefore(wanted.validFrom()) || wanted.validTo().isAfter(wanted.validFrom().plusDays(DAYS_MAX))))) {
            problem = problem.at("/validTo", ProblemCode.INVALID, "is missing, before the first day or more than " + DAYS_MAX + " days after it");
        }
        var reason = Texts.orNull(wanted.reason());
        if (reason == null || reason.length() > 500) problem = problem.at("/reason", ProblemCode.INVALID, "write 1 to 500 characters (GOV-17)");
        var to = users.caller(Texts.of(wanted.toUser())).orElse(null);
        if (to == null || to.userId() == caller.userId()) problem = problem.at("/toUser", ProblemCode.INVALID, "is no other active user");
        if (!problem.errors().isEmpty() || to == null || reason == null || wanted.validFrom() == null || wanted.validTo() == null) throw problem.exception();
        var id = ids.next();
        var now = clock.instant();
        transactions.write(AuditTrail.NETWORK, db -> {
            db.sql("""
                    insert into governance.approval_delegation (id, from_user, from_name, to_user, to_name, kinds, valid_from, valid_to, reason, created_at)
                    values (:id, :from, :fromName, :to, :toName, :kinds, :validFrom, :validTo, :reason, :now)""")
                    .param("id", id).param("from", caller.userId()).param("fromName", caller.username()).param("to", to.userId()).param("toName", to.username())
                    .param("kinds", kinds.toArray(String[]::new)).param("validFrom", wanted.validFrom()).param("validTo", wanted.validTo()).param("reason", reason)
                    .param("now", now.atOffset(ZoneOffset.UTC)).update();
            tell(caller, "DELEGATED", id, now, Map.of("to", to.username(), "kinds", kinds, "validFrom", wanted.validFrom().toString(), "validTo", wanted.validTo().toString(), "reason", reason));
            return id;
        });
        return list(caller).items().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    /// Ends one at once; whoever gave it may, and whoever was given it.
    public Delegation revoke(Caller caller, UUID id) {
        var known = list(caller).items().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow(() -> caller.notFound("delegation"));
        if (!known.fromUser().equals(caller.username()) && !known.toUser().equals(caller.username())) throw caller.notFound("delegation");
        var now = clock.instant();
        transactions.write(AuditTrail.NETWORK, db -> {
            int ended = db.sql("update governance.approval_delegation set revoked_at = :now where id = :id and revoked_at is null").param("now", now.atOffset(ZoneOffset.UTC)).param("id", id).update();
            if (ended > 0) tell(caller, "DELEGATION_REVOKED", id, now, Map.of("to", known.toUser()));
            return ended;
        });
        return list(caller).items().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
    }

    private void tell(Caller caller, String action, UUID id, Instant at, Map<String, ?> details) {
        chain.append(AuditTrail.NETWORK, List.of(new AuditTrail.Entry(AuditTrail.NETWORK, at, caller.username(), null, action, "approval-delegations", id, null, JSON.writeValueAsString(details))));
    }

    @Override
    public List<Caller> of(Caller caller, String kind) {
        var today = LocalDate.now(clock);
        var names = transactions.shared(db -> db.sql("""
                        select from_name from governance.approval_delegation
                         where to_user = :user and revoked_at is null and :today between valid_from and valid_to and (cardinality(kinds) = 0 or :kind = any (kinds)) order by created_at""")
                .param("user", caller.userId()).param("today", today).param("kind", kind).query(String.class).list());
        var found = new ArrayList<Caller>();
        for (var name : names) users.caller(name).ifPresent(found::add);
        return found;
    }
}
