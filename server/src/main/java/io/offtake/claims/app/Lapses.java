package io.offtake.claims.app;

import io.offtake.billing.BillingRelations;
import io.offtake.schemes.SchemeRelations;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Accruals that stand unclaimed (CL-26).
public final class Lapses {
    private Lapses() {}

    /// What was accrued of a scheme version, and what of it claims hold.
    ///
    /// @param claimed   filed, draft or decided; a lowered amount counts as lowered
    /// @param lapsed    before
    /// @param lastOn    the last day on which something was accrued that no claim holds; null: nothing
    /// @param lapsesOn  from when Finance may let the rest lapse
    public record Accrual(long distributorId, String distributorCode, long schemeId, int schemeVersion, String schemeCode, String schemeName, BigDecimal accrued, BigDecimal claimed, BigDecimal lapsed,
                          BigDecimal difference, @Nullable LocalDate lastOn, @Nullable LocalDate lapsesOn, boolean lapsable) {}

    public record Lapsed(UUID id, long distributorId, long schemeId, int schemeVersion, BigDecimal amount, LocalDate until, String reason) {}

    /// By distributor, scheme and version: what is in 1405 by the documents themselves, and what claims took out of it. `lapsing` is the
    /// part that lies before `:before` and stands in no claim.
    static final String ACCRUALS = """
            with given as (
              select b.distributor_id, b.scheme_id, b.scheme_version, b.business_date, b.claim_value as amount from\s""" + BillingRelations.BENEFITS + """
             b where b.distributor_id = any (:scope) and (:principals::bigint[] is null or b.principal_id = any (:principals::bigint[])) and b.claim_value <> 0
              union all
              select r.distributor_id, r.scheme_id, r.scheme_version, r.invoice_date, -r.claim_value from\s""" + BillingRelations.REVERSED + """
             r where r.distributor_id = any (:scope) and (:principals::bigint[] is null or r.principal_id = any (:principals::bigint[])) and r.claim_value <> 0
              union all
              select e.distributor_id, e.scheme_id, e.scheme_version, e.business_date, e.principal_share from\s""" + SchemeRelations.EARNED + """
             e where e.distributor_id = any (:scope) and (:principals::bigint[] is null or e.principal_id = any (:principals::bigint[]))),
            accrued as (select distributor_id, scheme_id, scheme_version, sum(amount) as accrued, sum(amount) filter (where business_date <= :before) as old, max(business_date) as last_on from given group by 1, 2, 3),
            claimed as (select c.distributor_id, c.scheme_id, c.scheme_version, sum(l.claimed + case when l.sort = 'RETURN' and l.claimed = 0 then l.entitled else 0 end) as claimed,
                               sum(l.claimed + case when l.sort = 'RETURN' and l.claimed = 0 then l.entitled else 0 end) filter (where l.business_date <= :before) as old,
                               sum(l.claimed) filter (where c.status = 'DRAFT') as draft
                          from claims.claim c join claims.claim_line l on l.distributor_id = c.distributor_id and l.claim_id = c.id and l.live
                         where c.distributor_id = any (:scope) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[])) group by 1, 2, 3),
            gone as (select x.distributor_id, x.scheme_id, x.scheme_version, sum(x.amount) as lapsed from claims.lapse x
                      where x.distributor_id = any (:scope) and (:principals::bigint[] is null or x.principal_id = any (:principals::bigint[])) group by 1, 2, 3)
            select a.distributor_id, a.scheme_id, a.scheme_version, a.accrued, coalesce(k.claimed, 0) as claimed, coalesce(g.lapsed, 0) as lapsed,
                   a.accrued - coalesce(k.claimed, 0) - coalesce(g.lapsed, 0) as difference, greatest(coalesce(a.old, 0) - coalesce(k.old, 0) - coalesce(g.lapsed, 0), 0) as lapsing, a.last_on
              from accrued a
              left join claimed k on k.distributor_id = a.distributor_id and k.scheme_id = a.scheme_id and k.scheme_version = a.scheme_version
              left join gone g on g.distributor_id = a.distributor_id and g.scheme_id = a.scheme_id and g.scheme_version = a.scheme_version""";
}
