package io.offtake.schemes.store;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.SchemeBudget;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

@Component
class BudgetReader implements SchemeBudget.Reader {
    private static final int DAYS = 28;

    private final TenantTransaction transactions;
    private final Clock clock;

    BudgetReader(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Terms(@Nullable BigDecimal total, @Nullable BigDecimal cap, LocalDate validFrom, LocalDate validTo) {}

    private record Sums(BigDecimal soft, BigDecimal used, BigDecimal lately) {}

    @Override
    public SchemeBudget of(Caller caller, long schemeId) {
        caller.require(Permission.SCHEME_READ);
        var today = LocalDate.now(clock);
        var terms = transactions.shared(db -> db.sql("""
                        select (v.definition #>> '{limits,total,amount}')::numeric as total, (v.definition #>> '{limits,perDistributor,amount}')::numeric as cap,
                               (select min(o.valid_from) from schemes.scheme_version o where o.scheme_id = s.id) as valid_from, v.valid_to
                          from schemes.scheme s join schemes.scheme_version v on v.scheme_id = s.id
                         where s.id = :id and (:principals::bigint[] is null or s.principal_id = any (:principals::bigint[]))
                         order by v.version_no desc limit 1""")
                .param("id", schemeId).param("principals", caller.scope().principals() == null ? null : caller.scope().principals().toArray(Long[]::new))
                .query(Terms.class).optional().orElseThrow(() -> caller.notFound("scheme")));
        var scope = terms.total != null ? "TOTAL" : terms.cap != null ? "DISTRIBUTOR" : "OUTLET";
        var since = today.minusDays(DAYS - 1L).isBefore(terms.validFrom) ? terms.validFrom : today.minusDays(DAYS - 1L);
        var sums = transactions.network(db -> db.sql("""
                        /* network: a scheme's budget is one for all distributors */
                        select coalesce(sum(b.soft), 0) as soft, coalesce(sum(b.used), 0) as used,
                               (select coalesce(sum(m.used), 0) from schemes.limit_movement m
                                 where m.scheme_id = :id and m.scope = :scope and m.business_date between :since and :today) as lately
                          from schemes.limit_balance b where b.scheme_id = :id and b.scope = :scope""")
                .param("id", schemeId).param("scope", scope).param("since", since).param("today", today).query(Sums.class).single());
        var holders = transactions.read(caller.scope(), db -> db.sql("""
                        select d.id, d.code, d.name, coalesce(sum(b.granted), 0) as granted, coalesce(sum(b.soft), 0) as soft, coalesce(sum(b.used), 0) as used
                          from schemes.limit_balance b join\s""" + NetworkRelations.DISTRIBUTORS + """
                         d on d.id = b.distributor_id
                         where b.distributor_id = any (:distributors) and b.scheme_id = :id and b.scope = :scope
                         group by d.id, d.code, d.name order by used desc, d.code""")
                .param("distributors", caller.scope().distributors().toArray(Long[]::new)).param("id", schemeId).param("scope", scope)
                .query((row, _) -> new SchemeBudget.Holder(row.getLong(1), row.getString(2), row.getString(3), money(row.getBigDecimal(4)), money(row.getBigDecimal(5)),
                        money(row.getBigDecimal(6)), terms.cap)).list());
        return budget(terms, sums, Math.max(1, ChronoUnit.DAYS.between(since, today) + 1), today, holders);
    }

    private static SchemeBudget budget(Terms terms, Sums sums, long days, LocalDate today, List<SchemeBudget.Holder> holders) {
        var free = terms.total == null ? null : money(terms.total.subtract(sums.soft).subtract(sums.used).max(BigDecimal.ZERO));
        var burn = sums.lately.max(BigDecimal.ZERO).divide(BigDecimal.valueOf(days), 2, RoundingMode.HALF_UP);
        LocalDate ends = null;
        if (free != null && burn.signum() > 0) {
            var left = free.divide(burn, 0, RoundingMode.UP);
            if (left.compareTo(BigDecimal.valueOf(36_500)) < 0 && today.plusDays(left.longValue()).isBefore(terms.validTo)) ends = today.plusDays(left.longValue());
        }
        return new SchemeBudget(terms.total, money(sums.soft), money(sums.used), free, free != null && free.signum() == 0, burn, ends, holders);
    }

    private static BigDecimal money(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP);
    }
}
