package io.offtake.claims.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// KPI-64 to KPI-68 over claims that were filed in a window.
@Component
public class ClaimMetrics {

    /// @param value null where there is nothing to divide by
    /// @param parts what it is made of
    public record Metric(String id, String title, @Nullable BigDecimal value, String unit, @Nullable BigDecimal numerator, @Nullable BigDecimal denominator, Map<String, @Nullable BigDecimal> parts) {}

    private final TenantTransaction transactions;
    private final Clock clock;

    ClaimMetrics(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Sums(long filed, BigDecimal submitted, BigDecimal rejected, BigDecimal recovered, long through, BigDecimal throughValue, long settled, long firstPass, @Nullable BigDecimal p50,
                        @Nullable BigDecimal p90, BigDecimal paid, BigDecimal sampled, BigDecimal sampledInvalid, long decided, long disputed, long overturned, long onTime) {}

    private record Ages(BigDecimal week, BigDecimal month, BigDecimal quarter, BigDecimal older) {}

    /// @param from null: ninety days ago
    /// @param to   null: today
    public List<Metric> of(Caller caller, @Nullable LocalDate from, @Nullable LocalDate to, @Nullable Long distributorId, @Nullable Long principalId) {
        caller.require(Permission.CLAIM_READ);
        if (distributorId != null) caller.requireDistributor(distributorId);
        var today = LocalDate.now(clock);
        var parameters = Views.scope(caller.scope());
        if (distributorId != null) parameters.put("scope", new Long[] {distributorId});
        if (principalId != null) parameters.put("principals", new Long[] {caller.requirePrincipal(principalId)});
        Views.window(from == null ? today.minusDays(90) : from, to == null ? today : to);
        parameters.put("from", from == null ? today.minusDays(90) : from);
        parameters.put("to", to == null ? today : to);
        parameters.put("now", clock.instant().atOffset(ZoneOffset.UTC));
        return transactions.read(caller.scope(), db -> {
            var sums = db.sql("""
                            with filed as (
                              select c.*, extract(epoch from c.settled_at - c.submitted_at) / 86400 - c.paused_days as days,
                                     (select -coalesce(sum(l.entitled), 0) from claims.claim_line l where l.distributor_id = c.distributor_id and l.claim_id = c.id and l.sort = 'RECOVERY') as taken_back
                                from claims.claim c
                               where c.distributor_id = any (:scope) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[])) and c.submitted_at >= :from::date and c.submitted_at < :to::date + 1)
                            select count(*) as filed, coalesce(sum(claimed), 0) as submitted, coalesce(sum(disallowed), 0) as rejected, coalesce(sum(taken_back), 0) as recovered,
                                   count(*) filter (where straight_through) as through, coalesce(sum(claimed) filter (where straight_through), 0) as through_value,
                                   count(*) filter (where settled_at is not null) as settled, count(*) filter (where settled_at is not null and queries = 0 and disallowed = 0) as first_pass,
                                   round(percentile_cont(0.5) within group (order by days)::numeric, 1) as p50, round(percentile_cont(0.9) within group (order by days)::numeric, 1) as p90,
                                   coalesce(sum(settled), 0) as paid, coalesce(sum(claimed) filter (where holdout and decided_at is not null), 0) as sampled,
                                   coalesce(sum(disallowed) filter (where holdout and decided_at is not null), 0) as sampled_invalid, count(*) filter (where decided_at is not null) as decided,
                                   count(*) filter (where disputes > 0) as disputed, count(*) filter (where overturned) as overturned, count(*) filter (where settled_at is not null and escalated < 100) as on_time
                              from filed""").params(parameters).query(Sums.class).single();
            var ages = db.sql("""
                            select coalesce(sum(a.open) filter (where a.days <= 7), 0) as week, coalesce(sum(a.open) filter (where a.days > 7 and a.days <= 30), 0) as month,
                                   coalesce(sum(a.open) filter (where a.days > 30 and a.days <= 90), 0) as quarter, coalesce(sum(a.open) filter (where a.days > 90), 0) as older
                              from (select c.submitted - c.disallowed - c.settled as open, extract(epoch from :now::timestamptz - c.submitted_at) / 86400 as days from claims.claim c
                                     where c.distributor_id = any (:scope) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[]))
                                       and c.status in ('SUBMITTED', 'AUTO_VALIDATED', 'IN_REVIEW', 'QUERY', 'DISPUTED', 'APPROVED', 'PARTLY_APPROVED')) a""").params(parameters).query(Ages.class).single();
            return metrics(sums, ages);
        });
    }

    private static List<Metric> metrics(Sums sums, Ages ages) {
        var lost = sums.rejected.add(sums.recovered);
        var residual = ratio(sums.sampledInvalid, sums.sampled);
        var leakage = parts("rejected", sums.rejected, "recovered", sums.recovered, "sampled", sums.sampled, "sampledInvalid", sums.sampledInvalid, "residual", residual, "paid", sums.paid,
                "residualAmount", residual == null ? null : residual.multiply(sums.paid).setScale(2, RoundingMode.HALF_UP));
        var open = ages.week.add(ages.month).add(ages.quarter).add(ages.older);
        return List.of(
                new Metric("KPI-64", "Leakage ratio", ratio(lost, sums.submitted), "%", lost, sums.submitted, leakage),
                new Metric("KPI-65", "Claim turnaround", sums.p50, "days", null, null, parts("p50", sums.p50, "p90", sums.p90, "onTime", ratio(sums.onTime, sums.settled))),
                new Metric("KPI-66", "Straight-through rate", ratio(sums.through, sums.filed), "%", BigDecimal.valueOf(sums.through), BigDecimal.valueOf(sums.filed),
                        parts("byValue", ratio(sums.throughValue, sums.submitted), "value", sums.throughValue)),
                new Metric("KPI-67", "First-pass yield", ratio(sums.firstPass, sums.settled), "%", BigDecimal.valueOf(sums.firstPass), BigDecimal.valueOf(sums.settled),
                        parts("disputed", ratio(sums.disputed, sums.decided), "overturned", ratio(sums.overturned, sums.disputed))),
                new Metric("KPI-68", "Claim ageing", open, "currency", open, null, parts("to7Days", ages.week, "to30Days", ages.month, "to90Days", ages.quarter, "older", ages.older)));
    }

    private static Map<String, @Nullable BigDecimal> parts(@Nullable Object... namesAndValues) {
        var all = new LinkedHashMap<String, @Nullable BigDecimal>();
        for (int at = 0; at < namesAndValues.length; at += 2) all.put(String.valueOf(namesAndValues[at]), (BigDecimal) namesAndValues[at + 1]);
        return all;
    }

    private static @Nullable BigDecimal ratio(long part, long whole) {
        return ratio(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    }

    private static @Nullable BigDecimal ratio(BigDecimal part, BigDecimal whole) {
        return whole.signum() == 0 ? null : part.divide(whole, 4, RoundingMode.HALF_UP);
    }
}
