package io.offtake.schemes;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.schemes.SchemeAccounts.Accrued;
import io.offtake.schemes.SchemeAccounts.AccrualEntry;
import io.offtake.schemes.SchemeAccounts.AccrualKey;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// SQL of the accrual accounts in a posting: outlet × scheme × period, with the entries that made them.
final class SchemeAccruals {
    /// Kinds that only add up: no slab looks at what was there before.
    private static final Set<String> ADDED = Set.of("CREDIT_NOTE", "PAYOUT", "RETRO");

    private SchemeAccruals() {}

    static Pipeline.Answer<Map<AccrualKey, Accrued>> read(Pipeline load, long distributorId, long[] schemeIds, UUID[] outletIds, Collection<String> periods, boolean lock) {
        return load.query("""
                select scheme_id, outlet_id, period, sku_id, counted, value, accrued, carry, growth_base from schemes.accrual
                 where distributor_id = ? and scheme_id = any(?) and outlet_id = any(?) and period = any(?)
                 order by scheme_id, outlet_id, period, sku_id""" + (lock ? " for update" : ""), SchemeAccruals::sums, distributorId, schemeIds, outletIds, periods.toArray(String[]::new));
    }

    /// Reads the accounts of some schemes of one distributor, of all its outlets.
    static Pipeline.Answer<Map<AccrualKey, Accrued>> readAll(Pipeline load, long distributorId, long[] schemeIds, Collection<String> periods) {
        return load.query("""
                select scheme_id, outlet_id, period, sku_id, counted, value, accrued, carry, growth_base from schemes.accrual
                 where distributor_id = ? and scheme_id = any(?) and period = any(?)""", SchemeAccruals::sums, distributorId, schemeIds, periods.toArray(String[]::new));
    }

    private static Map<AccrualKey, Accrued> sums(ResultSet rows) throws SQLException {
        var found = new HashMap<AccrualKey, Accrued>();
        while (rows.next())
            found.put(new AccrualKey(rows.getLong(1), rows.getObject(2, UUID.class), rows.getString(3), rows.getLong(4)),
                    new Accrued(rows.getBigDecimal(5), rows.getBigDecimal(6), rows.getBigDecimal(7), rows.getBigDecimal(8), rows.getBigDecimal(9)));
        return found;
    }

    /// What a document added to one account, and where the account stands now.
    record Booked(UUID documentId, AccrualKey key, int schemeVersion, String kind, String unit, Accrued added, BigDecimal principalShare, Accrued now) {}

    /// Locks the accounts that some documents have added to, and reads what they added.
    static Pipeline.Answer<List<Booked>> lockOf(Pipeline load, long distributorId, LocalDate from, LocalDate to, UUID[] documentIds) {
        return load.query("""
                select e.document_id, e.scheme_id, e.outlet_id, e.period, e.sku_id, e.scheme_version, a.kind, a.unit, e.counted, e.value, e.amount, e.carry, e.principal_share,
                       a.counted, a.value, a.accrued, a.carry, a.growth_base
                  from schemes.accrual a
                  join schemes.accrual_entry e on e.distributor_id = a.distributor_id and e.scheme_id = a.scheme_id and e.outlet_id = a.outlet_id and e.period = a.period and e.sku_id = a.sku_id
                 where a.distributor_id = ? and e.distributor_id = ? and e.business_date between ? and ? and e.document_id = any(?)
                 order by a.scheme_id, a.outlet_id, a.period, a.sku_id for update of a""",
                rows -> {
                    var found = new ArrayList<Booked>();
                    while (rows.next())
                        found.add(new Booked(rows.getObject(1, UUID.class), new AccrualKey(rows.getLong(2), rows.getObject(3, UUID.class), rows.getString(4), rows.getLong(5)), rows.getInt(6),
                                rows.getString(7), rows.getString(8), new Accrued(rows.getBigDecimal(9), rows.getBigDecimal(10), rows.getBigDecimal(11), rows.getBigDecimal(12), null),
                                rows.getBigDecimal(13), new Accrued(rows.getBigDecimal(14), rows.getBigDecimal(15), rows.getBigDecimal(16), rows.getBigDecimal(17), rows.getBigDecimal(18))));
                    return found;
                }, distributorId, distributorId, from, to, documentIds);
    }

    private record Account(long principalId, int schemeVersion, String kind, String unit, Accrued sum) {}

    /// @param known accounts that were read under lock; others are opened, and whoever is second looks again
    static void add(Post post, long distributorId, List<AccrualEntry> entries, Set<AccrualKey> known, Instant at) {
        if (entries.isEmpty()) return;
        var sums = new LinkedHashMap<AccrualKey, Account>();
        for (var entry : entries)
            sums.merge(entry.key(), new Account(entry.principalId(), entry.schemeVersion(), entry.kind(), entry.unit(), entry.change()), (one, other) -> new Account(one.principalId,
                    Math.max(one.schemeVersion, other.schemeVersion), one.kind, one.unit, plus(one.sum, other.sum)));
        var changed = new ArrayList<@Nullable Object[]>();
        var opened = new ArrayList<@Nullable Object[]>();
        sums.forEach((key, account) -> (known.contains(key) || ADDED.contains(account.kind) ? changed : opened).add(new @Nullable Object[] {distributorId, key.schemeId(), key.outletId(), key.period(), key.skuId(),
                account.principalId, account.schemeVersion, account.kind, account.unit, account.sum.counted(), account.sum.value(), account.sum.accrued(), account.sum.carry()}));
        var insert = "insert into schemes.accrual (distributor_id, scheme_id, outlet_id, period, sku_id, principal_id, scheme_version, kind, unit, counted, value, accrued, carry) values ";
        post.rows("scheme accruals", insert, Post.row(13), """

                 on conflict (distributor_id, scheme_id, outlet_id, period, sku_id) do update
                    set counted = accrual.counted + excluded.counted, value = accrual.value + excluded.value, accrued = accrual.accrued + excluded.accrued,
                        carry = accrual.carry + excluded.carry, scheme_version = excluded.scheme_version""", changed);
        post.rows("scheme accruals", insert, Post.row(13), "", opened);
        var rows = new LinkedHashMap<List<Object>, AccrualEntry>();
        for (var entry : entries)
            rows.merge(List.of(entry.documentId(), entry.key()), entry, (one, other) -> new AccrualEntry(one.documentId(), one.documentType(), one.businessDate(), one.principalId(),
                    other.schemeVersion(), one.key(), one.kind(), one.unit(), plus(one.change(), other.change()), one.principalShare().add(other.principalShare()),
                    one.distributorShare().add(other.distributorShare())));
        post.rows("scheme accrual entries", """
                insert into schemes.accrual_entry (distributor_id, business_date, document_id, scheme_id, period, sku_id, scheme_version, document_type, principal_id, outlet_id,
                                                   counted, value, amount, carry, principal_share, distributor_share, recorded_at)
                values\s""", Post.row(17), "", rows.values().stream().map(any -> new @Nullable Object[] {distributorId, any.businessDate(), any.documentId(), any.key().schemeId(),
                any.key().period(), any.key().skuId(), any.schemeVersion(), any.documentType(), any.principalId(), any.key().outletId(), any.change().counted(), any.change().value(),
                any.change().accrued(), any.change().carry(), any.principalShare(), any.distributorShare(), at}).toList());
    }

    private static Accrued plus(Accrued one, Accrued other) {
        return new Accrued(one.counted().add(other.counted()), one.value().add(other.value()), one.accrued().add(other.accrued()), one.carry().add(other.carry()), null);
    }
}
