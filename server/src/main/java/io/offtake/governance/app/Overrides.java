package io.offtake.governance.app;

import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What was let through although a check or a rule spoke against it, with the reason (GOV-12, GOV-17).
@Component
public class Overrides {

    /// @param rule the check's code or the rule's id
    public record Override(UUID id, @Nullable Long distributorId, Instant at, String actor, String rule, String what, String reason, @Nullable UUID changeRequestId) {}

    /// @param decisions requests approved in these days
    /// @param overridden of them those with at least one override
    /// @param ratio      overridden ÷ decisions, four decimals; null if nothing was decided
    public record Ratio(LocalDate from, LocalDate to, long decisions, long overridden, long overrides, @Nullable BigDecimal ratio) {}

    private static final ListSql LIST = ListSql.of("""
            select o.id, nullif(o.owner_id, 0) as distributor_id, o.at, o.actor, o.rule, o.what, o.reason, o.change_request_id
              from governance.override_entry o
              left join governance.change_request r on r.id = o.change_request_id
             where (o.owner_id = any (:distributors::bigint[]) or (:network and o.owner_id = 0))
               and (r.id is null or (r.distributor_ids <@ :distributors::bigint[] and (:principals::bigint[] is null or r.principal_ids <@ :principals::bigint[])))""")
            .key("id", ListSql.Type.UUID).sortable("at", INSTANT).equal("rule", TEXT).equal("actor", TEXT).equal("changeRequestId", ListSql.Type.UUID).search("what", "reason").order("-at");

    private final TenantTransaction transactions;
    private final Clock clock;

    Overrides(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    private static HashMap<String, @Nullable Object> scope(Caller caller) {
        caller.require(Permission.CONFIG_READ);
        var scope = new HashMap<String, @Nullable Object>();
        scope.put("distributors", caller.scope().distributors().toArray(Long[]::new));
        scope.put("principals", caller.scope().principals() == null ? null : caller.scope().principals().toArray(Long[]::new));
        scope.put("network", caller.roles().stream().anyMatch(role -> !role.ofDistributor()));
        return scope;
    }

    public Page<Override> list(Caller caller, ListQuery query) {
        var scope = scope(caller);
        return transactions.shared(db -> LIST.page(db, query, scope, Override.class));
    }

    /// @param from null: thirty days ago
    /// @param to   null: today
    public Ratio ratio(Caller caller, @Nullable LocalDate from, @Nullable LocalDate to) {
        var scope = scope(caller);
        var last = to == null ? LocalDate.now(clock) : to;
        var first = from == null ? last.minusDays(30) : from;
        record Counts(long decisions, long overridden, long overrides) {}
        var counts = transactions.shared(db -> db.sql("""
                        select count(*) as decisions, count(*) filter (where n.overrides > 0) as overridden, coalesce(sum(n.overrides), 0) as overrides
                          from (select r.id, (select count(*) from governance.override_entry o where o.change_request_id = r.id) as overrides
                                  from governance.change_request r
                                 where r.approved_hash is not null and r.decided_at >= :from and r.decided_at < :to
                                   and (r.owner_id = any (:distributors::bigint[]) or (:network and r.owner_id = 0))) n""")
                .params(scope).param("from", first.atStartOfDay().atOffset(ZoneOffset.UTC)).param("to", last.plusDays(1).atStartOfDay().atOffset(ZoneOffset.UTC)).query(Counts.class).single());
        return new Ratio(first, last, counts.decisions, counts.overridden, counts.overrides,
                counts.decisions == 0 ? null : BigDecimal.valueOf(counts.overridden).divide(BigDecimal.valueOf(counts.decisions), 4, RoundingMode.HALF_UP));
    }
}
