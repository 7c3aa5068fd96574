package io.offtake.schemes.app;

import io.offtake.governance.AuditTrail;
import io.offtake.platform.Ids;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.SchemeBudgets;
import io.offtake.schemes.store.BudgetStore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Service;

/// Hands out slices and takes them back. A slice moves in two steps, each a transaction of one distributor: first it leaves
/// where it was, then it arrives. What is cut off between the two is nobody's until the next refill finds it, so that the sum of
/// all slices never passes the total.
@Service
class Slices implements SchemeBudgets {
    private static final Duration DRY = Duration.ofSeconds(2);
    private static final int LOOKS = 5;
    private static final BigDecimal AHEAD = BigDecimal.valueOf(4);

    private final TenantTransaction transactions;
    private final BudgetStore store;
    private final Ids ids;
    private final Clock clock;
    private final Map<Slice, Instant> dry = new ConcurrentHashMap<>();
    private final Map<Slice, Object> refills = new ConcurrentHashMap<>();

    private record Slice(long distributorId, long schemeId) {}

    Slices(TenantTransaction transactions, BudgetStore store, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public boolean isDry(long distributorId, long schemeId) {
        var until = dry.get(new Slice(distributorId, schemeId));
        return until != null && clock.instant().isBefore(until);
    }

    /// One at a time for each slice of this node: who comes second mostly finds what the first has brought, and does not ask for as
    /// much again, which another distributor would then have to take back.
    @Override
    public void refill(long distributorId, long principalId, long schemeId, BigDecimal total, BigDecimal needed, BigDecimal wanted) {
        var slice = new Slice(distributorId, schemeId);
        synchronized (refills.computeIfAbsent(slice, _ -> new Object())) {
            for (int look = 1; ; look++) {
                if (transactions.<BigDecimal>write(distributorId, db -> store.rest(db, distributorId, schemeId)).compareTo(wanted) >= 0) return;
                boolean grown = grant(distributorId, principalId, schemeId, total, needed);
                if (!grown && recall(distributorId, schemeId, needed)) grown = grant(distributorId, principalId, schemeId, total, needed);
                if (grown) {
                    dry.remove(slice);
                    return;
                }
                // What has left one place and not arrived at another cannot be asked for: it gets a moment.
                if (look == LOOKS || !transactions.<Boolean>network(db -> store.isOnItsWay(db, schemeId))) break;
                pause();
            }
            exhausted(distributorId, schemeId);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Override
    public Map<Long, BigDecimal> reach(long distributorId, Map<Long, BigDecimal> totals) {
        if (totals.isEmpty()) return Map.of();
        var pools = transactions.<Map<Long, BudgetStore.Pool>>read(RowScope.of(AuditTrail.NETWORK), db -> store.pools(db, totals.keySet(), distributorId));
        var reach = new HashMap<Long, BigDecimal>();
        totals.forEach((scheme, total) -> {
            var pool = pools.getOrDefault(scheme, new BudgetStore.Pool(BigDecimal.ZERO, 0));
            var free = isDry(distributorId, scheme) ? BigDecimal.ZERO : total.subtract(pool.granted()).max(BigDecimal.ZERO);
            reach.put(scheme, free.divide(BigDecimal.valueOf(pool.holders() + 1L), 2, RoundingMode.DOWN));
        });
        return reach;
    }

    @Override
    public void exhausted(long distributorId, long schemeId) {
        dry.put(new Slice(distributorId, schemeId), clock.instant().plus(DRY));
    }

    private boolean grant(long distributorId, long principalId, long schemeId, BigDecimal total, BigDecimal needed) {
        var on = transactions.idempotent();
        on.write(AuditTrail.NETWORK, db -> {
            var pool = store.lockPool(db, schemeId, principalId, total);
            var free = total.subtract(pool.granted());
            if (free.signum() <= 0) return null;
            var share = free.divide(AHEAD.multiply(BigDecimal.valueOf(pool.holders() + 1L)), 2, RoundingMode.DOWN);
            var amount = needed.multiply(AHEAD).max(share).max(needed).min(free);
            store.grant(db, ids.next(), schemeId, principalId, distributorId, amount, clock.instant());
            return null;
        });
        // Also what an earlier refill was cut off from.
        var granted = on.<java.util.List<BudgetStore.Grant>>write(AuditTrail.NETWORK, db -> store.latest(db, schemeId, distributorId));
        return on.<Boolean>write(distributorId, db -> store.arrive(db, distributorId, schemeId, principalId, granted, clock.instant()));
    }

    /// Asks the other holders for what they have not spent, the largest first: what is needed, or half of it if that is more.
    private boolean recall(long distributorId, long schemeId, BigDecimal needed) {
        var missing = needed;
        boolean any = false;
        for (var holder : transactions.network(db -> store.holders(db, schemeId, distributorId))) {
            if (missing.signum() <= 0) break;
            var id = ids.next();
            var wanted = missing;
            var on = transactions.idempotent();
            on.write(holder.distributorId(), db -> {
                store.leave(db, id, holder.distributorId(), schemeId, holder.principalId(), wanted, clock.instant());
                return null;
            });
            var left = on.<java.util.List<BudgetStore.Grant>>write(holder.distributorId(), db -> store.latestReturns(db, holder.distributorId(), schemeId));
            var back = on.<BigDecimal>write(AuditTrail.NETWORK, db -> store.comeBack(db, schemeId, holder.distributorId(), left, clock.instant()));
            missing = missing.subtract(back);
            any |= back.signum() > 0;
        }
        return any;
    }
}
