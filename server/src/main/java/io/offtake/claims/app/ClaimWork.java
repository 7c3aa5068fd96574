package io.offtake.claims.app;

import io.offtake.access.Permission;
import io.offtake.claims.domain.Workdays;
import io.offtake.claims.store.ClaimStore;
import io.offtake.claims.store.ClaimStore.Event;
import io.offtake.governance.Delegable;
import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// What happens to claims without anybody: drafts of the month that is over, accruals, validation of what a node that died has
/// left, questions nobody answers, and the clock's escalations (domain/02 section 2.10). All of it may run twice.
@Component
public class ClaimWork {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimWork.class);
    private static final List<Integer> LEVELS = List.of(150, 100, 80);
    private static final Map<Integer, String> TOLD = Map.of(80, "QUEUE_LEAD", 100, "FINANCE_HEAD", 150, "CFO");

    private final TenantTransaction transactions;
    private final ClaimDesk desk;
    private final Bookkeeper books;
    private final Policies policies;
    private final Clock clock;
    private volatile @Nullable LocalDate drafted;

    ClaimWork(TenantTransaction transactions, ClaimDesk desk, Bookkeeper books, Policies policies, Clock clock) {
        this.transactions = transactions;
        this.desk = desk;
        this.books = books;
        this.policies = policies;
        this.clock = clock;
    }

    /// Drafts once a day; the rest every quarter of an hour.
    @Scheduled(initialDelayString = "${offtake.claims.delay:PT30M}", fixedDelayString = "${offtake.claims.every:PT15M}")
    void work() {
        var today = LocalDate.now(clock);
        if (!today.equals(drafted)) {
            for (var distributor : billing(today)) draft(distributor, YearMonth.from(today).minusMonths(1));
            drafted = today;
        }
        for (var distributor : open()) keep(distributor, today);
    }

    private List<Long> billing(LocalDate today) {
        return transactions.network(db -> db.sql("/* network: who has given anything in the month that is over */ select distinct b.distributor_id from " + io.offtake.billing.BillingRelations.BENEFITS
                        + " b where b.business_date >= :from union select distinct e.distributor_id from " + io.offtake.schemes.SchemeRelations.EARNED + " e where e.business_date >= :from")
                .param("from", YearMonth.from(today).minusMonths(1).atDay(1)).query(Long.class).list());
    }

    private List<Long> open() {
        return transactions.network(db -> db.sql("/* network: whose claims are not at rest */ select distinct distributor_id from claims.claim where awaits is not null and status <> 'DRAFT' order by 1").query(Long.class).list());
    }

    private void draft(long distributorId, YearMonth period) {
        try {
            desk.draft(distributorId, period);
        } catch (RuntimeException failure) {
            LOG.error("Claims of distributor {} for {} could not be drafted", distributorId, period, failure);
        }
    }

    /// One distributor's claims, as of a day.
    public void keep(long distributorId, LocalDate today) {
        try {
            desk.validate(distributorId);
            closeQueries(distributorId, today);
            escalate(distributorId, today);
        } catch (RuntimeException failure) {
            LOG.error("Claims of distributor {} could not be looked after", distributorId, failure);
        }
    }

    /// A question that nobody answers for thirty days ends the claim.
    private void closeQueries(long distributorId, LocalDate today) {
        int days = policies.days(PolicyKey.CLAIM_QUERY_DAYS, distributorId, today, 30);
        var stale = transactions.read(io.offtake.platform.RowScope.of(distributorId), db -> db.sql("select id from claims.claim where distributor_id = :distributor and status = 'QUERY' and paused_on < :before order by id")
                .param("distributor", distributorId).param("before", today.minusDays(days)).query(UUID.class).list());
        for (var claim : stale) desk.unanswered(distributorId, claim);
    }

    private void escalate(long distributorId, LocalDate today) {
        int week = policies.days(PolicyKey.CLAIM_WORKING_DAYS, distributorId, today, 6);
        var open = transactions.read(io.offtake.platform.RowScope.of(distributorId), db -> db.sql("select id from claims.claim where distributor_id = :distributor and awaits in ('AUDITOR', 'PANEL', 'FINANCE', 'SETTLEMENT', 'WAIVER') and escalated < 150 and due_on is not null order by id")
                .param("distributor", distributorId).query(UUID.class).list());
        for (var claim : open) {
            transactions.idempotent().write(distributorId, db -> {
                var head = ClaimStore.lock(db, distributorId, claim);
                if (head.clockStartedAt() == null || head.dueOn() == null || head.awaits() == null || !Set.of("AUDITOR", "PANEL", "FINANCE", "SETTLEMENT", "WAIVER").contains(head.awaits())) return false;
                int used = Math.max(0, Workdays.between(LocalDate.ofInstant(head.clockStartedAt(), clock.getZone()), today, week) - head.pausedDays());
                int percent = 100 * used / Math.max(1, head.clockDays());
                int level = LEVELS.stream().filter(one -> percent >= one).findFirst().orElse(0);
                if (level <= head.escalated()) return false;
                var set = new LinkedHashMap<String, @Nullable Object>();
                set.put("escalated", level);
                ClaimStore.set(db, distributorId, claim, set);
                books.tell(db, head, new Event("ESCALATED", head.status(), head.status(), null, null, Map.of("level", level, "to", TOLD.get(level), "dueOn", head.dueOn().toString())),
                        clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MICROS), "system", null);
                return true;
            });
        }
    }

    @Configuration
    static class Passing {
        /// Decisions on claims may be passed on for some days (CLM-11).
        @Bean
        Delegable claimDecisions() {
            return new Delegable(ClaimDesk.KIND, Set.of(Permission.CLAIM_DECIDE, Permission.CLAIM_APPROVE, Permission.CLAIM_SETTLE));
        }
    }
}
