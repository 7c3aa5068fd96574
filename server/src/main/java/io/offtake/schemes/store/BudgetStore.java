package io.offtake.schemes.store;

import io.offtake.governance.AuditTrail;
import io.offtake.schemes.SchemeLimits;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// SQL of the budget pool (the network's, distributor 0) and of the slices that distributors hold.
@Component
public class BudgetStore {
    /// How many moves are looked through for one that was cut off: between two steps of one refill lie no more.
    private static final int LATEST = 16;
    private static final String GRANT = "BUDGET_GRANT";
    private static final String RETURN = "BUDGET_RETURN";

    /// @param holders how many distributors hold a slice
    public record Pool(BigDecimal granted, int holders) {}

    /// A slice on its way: `amount` is above 0 towards the distributor.
    public record Grant(UUID id, BigDecimal amount, LocalDate on) {}

    /// A distributor with something unspent.
    public record Holder(long distributorId, long principalId) {}

    public Pool lockPool(JdbcClient db, long schemeId, long principalId, BigDecimal total) {
        db.sql("""
                        insert into schemes.budget_pool as p (distributor_id, scheme_id, principal_id, total) values (:network, :scheme, :principal, :total)
                            on conflict (distributor_id, scheme_id) do update set total = excluded.total""")
                .param("network", AuditTrail.NETWORK).param("scheme", schemeId).param("principal", principalId).param("total", total).update();
        return db.sql("""
                        select p.granted, (select count(distinct g.to_distributor_id) from schemes.budget_grant g where g.distributor_id = :network and g.scheme_id = :scheme)
                          from schemes.budget_pool p where p.distributor_id = :network and p.scheme_id = :scheme""")
                .param("network", AuditTrail.NETWORK).param("scheme", schemeId).query((row, _) -> new Pool(row.getBigDecimal(1), row.getInt(2))).single();
    }

    /// What has been granted of some schemes' totals, and how many others hold a part of it. A scheme of which nothing was granted has none.
    public Map<Long, Pool> pools(JdbcClient db, Collection<Long> schemeIds, long but) {
        var found = new HashMap<Long, Pool>();
        db.sql("""
                        select p.scheme_id, p.granted, (select count(distinct g.to_distributor_id) from schemes.budget_grant g
                                                         where g.distributor_id = :network and g.scheme_id = p.scheme_id and g.to_distributor_id <> :but)
                          from schemes.budget_pool p where p.distributor_id = :network and p.scheme_id = any (:schemes)""")
                .param("network", AuditTrail.NETWORK).param("but", but).param("schemes", schemeIds.toArray(Long[]::new))
                .query(row -> { found.put(row.getLong(1), new Pool(row.getBigDecimal(2), row.getInt(3))); });
        return found;
    }

    public void grant(JdbcClient db, UUID id, long schemeId, long principalId, long to, BigDecimal amount, Instant at) {
        db.sql("""
                        insert into schemes.budget_grant (distributor_id, id, scheme_id, principal_id, to_distributor_id, amount, recorded_at)
                        values (:network, :id, :scheme, :principal, :to, :amount, :at)""")
                .param("network", AuditTrail.NETWORK).param("id", id).param("scheme", schemeId).param("principal", principalId).param("to", to).param("amount", amount)
                .param("at", at.atOffset(ZoneOffset.UTC)).update();
        db.sql("update schemes.budget_pool set granted = granted + :amount where distributor_id = :network and scheme_id = :scheme")
                .param("amount", amount).param("network", AuditTrail.NETWORK).param("scheme", schemeId).update();
    }

    public List<Grant> latest(JdbcClient db, long schemeId, long to) {
        return db.sql("""
                        select id, amount, recorded_at from schemes.budget_grant
                         where distributor_id = :network and scheme_id = :scheme and to_distributor_id = :to and amount > 0 order by recorded_at desc limit\s""" + LATEST)
                .param("network", AuditTrail.NETWORK).param("scheme", schemeId).param("to", to)
                .query((row, _) -> new Grant(row.getObject(1, UUID.class), row.getBigDecimal(2), day(row.getTimestamp(3).toInstant()))).list();
    }

    private static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    /// Adds the grants that have not arrived yet to the slice.
    /// @return whether there were any
    public boolean arrive(JdbcClient db, long distributorId, long schemeId, long principalId, List<Grant> grants, Instant at) {
        db.sql("""
                        insert into schemes.limit_balance (distributor_id, scheme_id, scope, outlet_id, period, principal_id) values (:distributor, :scheme, 'TOTAL', :none, :whole, :principal)
                            on conflict do nothing""")
                .param("distributor", distributorId).param("scheme", schemeId).param("none", SchemeLimits.NO_OUTLET).param("whole", SchemeLimits.WHOLE).param("principal", principalId).update();
        lockSlice(db, distributorId, schemeId);
        boolean any = false;
        for (var grant : grants) any |= moved(db, distributorId, schemeId, principalId, grant, GRANT, at);
        return any;
    }

    /// What is left of a slice.
    public BigDecimal rest(JdbcClient db, long distributorId, long schemeId) {
        return db.sql("select granted - soft - used from schemes.limit_balance where distributor_id = :distributor and scheme_id = :scheme and scope = 'TOTAL'")
                .param("distributor", distributorId).param("scheme", schemeId).query(BigDecimal.class).optional().orElse(BigDecimal.ZERO);
    }

    /// Whether a slice has left the pool or a distributor and not arrived yet.
    public boolean isOnItsWay(JdbcClient db, long schemeId) {
        return db.sql("""
                        /* network: what the pool has handed out beside what has arrived */
                        select coalesce((select granted from schemes.budget_pool where scheme_id = :scheme), 0)
                               <> coalesce((select sum(granted) from schemes.limit_balance where scheme_id = :scheme and scope = 'TOTAL'), 0)""")
                .param("scheme", schemeId).query(Boolean.class).single();
    }

    private BigDecimal lockSlice(JdbcClient db, long distributorId, long schemeId) {
        return db.sql("""
                        select granted - soft - used from schemes.limit_balance
                         where distributor_id = :distributor and scheme_id = :scheme and scope = 'TOTAL' for update""")
                .param("distributor", distributorId).param("scheme", schemeId).query(BigDecimal.class).optional().orElse(BigDecimal.ZERO);
    }

    private boolean moved(JdbcClient db, long distributorId, long schemeId, long principalId, Grant grant, String type, Instant at) {
        int added = db.sql("""
                        insert into schemes.limit_movement (distributor_id, business_date, document_id, scheme_id, scope, period, scheme_version, document_type, principal_id, outlet_id, granted, recorded_at)
                        values (:distributor, :on, :id, :scheme, 'TOTAL', :whole, 0, :type, :principal, :none, :amount, :at) on conflict do nothing""")
                .param("distributor", distributorId).param("on", grant.on).param("id", grant.id).param("scheme", schemeId).param("type", type).param("principal", principalId).param("whole", SchemeLimits.WHOLE)
                .param("none", SchemeLimits.NO_OUTLET).param("amount", grant.amount).param("at", at.atOffset(ZoneOffset.UTC)).update();
        if (added == 0) return false;
        db.sql("update schemes.limit_balance set granted = granted + :amount where distributor_id = :distributor and scheme_id = :scheme and scope = 'TOTAL'")
                .param("amount", grant.amount).param("distributor", distributorId).param("scheme", schemeId).update();
        return true;
    }

    public List<Holder> holders(JdbcClient db, long schemeId, long but) {
        return db.sql("""
                        /* network: who holds an unspent slice of a scheme's budget */
                        select distributor_id, principal_id from schemes.limit_balance
                         where scheme_id = :scheme and scope = 'TOTAL' and distributor_id <> :but and granted - soft - used > 0
                         order by granted - soft - used desc, distributor_id limit 50""")
                .param("scheme", schemeId).param("but", but).query(Holder.class).list();
    }

    /// Takes an unspent part out of a slice.
    public void leave(JdbcClient db, UUID id, long distributorId, long schemeId, long principalId, BigDecimal wanted, Instant at) {
        var free = lockSlice(db, distributorId, schemeId);
        var given = free.min(wanted).max(free.divide(BigDecimal.TWO, 2, RoundingMode.DOWN));
        if (given.signum() <= 0) return;
        moved(db, distributorId, schemeId, principalId, new Grant(id, given.negate(), day(at)), RETURN, at);
    }

    /// The latest parts that have left a slice; amounts below 0.
    public List<Grant> latestReturns(JdbcClient db, long distributorId, long schemeId) {
        return db.sql("""
                        select document_id, granted, business_date from schemes.limit_movement
                         where distributor_id = :distributor and scheme_id = :scheme and document_type = :type order by recorded_at desc limit\s""" + LATEST)
                .param("distributor", distributorId).param("scheme", schemeId).param("type", RETURN)
                .query((row, _) -> new Grant(row.getObject(1, UUID.class), row.getBigDecimal(2), row.getObject(3, LocalDate.class))).list();
    }

    /// Puts the parts that have not come back yet into the pool.
    /// @return how much that was
    public BigDecimal comeBack(JdbcClient db, long schemeId, long from, List<Grant> returns, Instant at) {
        var sum = BigDecimal.ZERO;
        for (var one : returns) {
            int added = db.sql("""
                            insert into schemes.budget_grant (distributor_id, id, scheme_id, principal_id, to_distributor_id, amount, recorded_at)
                            select distributor_id, :id, scheme_id, principal_id, :from, :amount, :at::timestamptz from schemes.budget_pool where distributor_id = :network and scheme_id = :scheme
                                on conflict do nothing""")
                    .param("id", one.id).param("from", from).param("amount", one.amount).param("at", at.atOffset(ZoneOffset.UTC)).param("network", AuditTrail.NETWORK)
                    .param("scheme", schemeId).update();
            if (added > 0) sum = sum.subtract(one.amount);
        }
        if (sum.signum() > 0)
            db.sql("update schemes.budget_pool set granted = granted - :sum where distributor_id = :network and scheme_id = :scheme")
                    .param("sum", sum).param("network", AuditTrail.NETWORK).param("scheme", schemeId).update();
        return sum;
    }
}
