package io.offtake.schemes;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.rules.Scheme.Scope;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The limits of schemes in a posting (PX-24): it reads and locks what is spent of them, and adds the statements that spend more.
/// In the order of locks they come after the stock and before the outlet's account (DESIGN section 4).
///
/// A limit goes free → soft (order) → used (invoice) → free again (cancellation, credit note). How much it is stands in the
/// scheme version in force and not here; a slice of the total is the exception (docs/adr/0031).
public final class SchemeLimits {
    /// The outlet of a limit that is no outlet's.
    public static final UUID NO_OUTLET = new UUID(0, 0);
    /// The period of a limit that lasts as long as its scheme.
    public static final String WHOLE = "S";
    private static final BigDecimal UNLIMITED = BigDecimal.TEN.pow(14);

    private SchemeLimits() {}

    /// One limit of one scheme.
    /// @param scope    TOTAL is this distributor's slice of what the scheme has for all of them
    /// @param outletId [#NO_OUTLET] but at scope OUTLET
    /// @param period   as in spec/README.md: `2026-11`, `FY2026`, `S`
    public record Key(long schemeId, Scope scope, UUID outletId, String period) {
        static final Comparator<Key> ORDER = Comparator.comparingLong(Key::schemeId).thenComparing(key -> key.scope.name()).thenComparing(Key::outletId).thenComparing(Key::period);
    }

    /// A benefit as limits count it.
    /// @param money in the distributor's currency
    /// @param free  free base units
    /// @param times documents
    public record Measure(BigDecimal money, BigDecimal free, int times) {
        public static final Measure NONE = new Measure(BigDecimal.ZERO, BigDecimal.ZERO, 0);

        public Measure plus(Measure other) {
            return new Measure(money.add(other.money), free.add(other.free), times + other.times);
        }

        public Measure negated() {
            return new Measure(money.negate(), free.negate(), -times);
        }

        boolean isNone() {
            return money.signum() == 0 && free.signum() == 0 && times == 0;
        }
    }

    /// How far a limit may go; null where it is not limited.
    public record Ceiling(@Nullable BigDecimal money, @Nullable BigDecimal free, @Nullable Integer times) {
        static final Ceiling NONE = new Ceiling(null, null, null);
        /// As far as the slice goes.
        static final Ceiling SLICE = new Ceiling(BigDecimal.ZERO, null, null);
    }

    /// How far a limit is spent.
    /// @param granted the slice's size at scope TOTAL; else 0
    public record Spent(BigDecimal granted, Measure soft, Measure used) {
        public static final Spent NOTHING = new Spent(BigDecimal.ZERO, Measure.NONE, Measure.NONE);

        public Measure taken() {
            return soft.plus(used);
        }

        boolean isGivenBack() {
            return soft.money.signum() <= 0 && used.money.signum() <= 0 && soft.free.signum() <= 0 && used.free.signum() <= 0 && soft.times <= 0 && used.times <= 0;
        }

        Spent plus(Measure moreSoft, Measure moreUsed) {
            return new Spent(granted, soft.plus(moreSoft), used.plus(moreUsed));
        }
    }

    /// Locks and reads the limits of some schemes: this distributor's, its slices, and those of some outlets. What was never
    /// spent has no row.
    static Pipeline.Answer<Map<Key, Spent>> lock(Pipeline load, long distributorId, long[] schemeIds, UUID[] outletIds, Collection<String> periods) {
        return read(load, distributorId, schemeIds, outletIds, periods, " for update");
    }

    /// Reads the same without a lock, for previews.
    static Pipeline.Answer<Map<Key, Spent>> peek(Pipeline load, long distributorId, long[] schemeIds, UUID[] outletIds, Collection<String> periods) {
        return read(load, distributorId, schemeIds, outletIds, periods, "");
    }

    /// Reads the limits of some schemes of one distributor, of all its outlets.
    static Pipeline.Answer<Map<Key, Spent>> peekAll(Pipeline load, long distributorId, long[] schemeIds, Collection<String> periods) {
        return load.query("""
                select scheme_id, scope, outlet_id, period, granted, soft, soft_free, soft_times, used, used_free, used_times from schemes.limit_balance
                 where distributor_id = ? and scheme_id = any(?) and period = any(?)""", SchemeLimits::spent, distributorId, schemeIds, periods.toArray(String[]::new));
    }

    private static Pipeline.Answer<Map<Key, Spent>> read(Pipeline load, long distributorId, long[] schemeIds, UUID[] outletIds, Collection<String> periods, String lock) {
        var outlets = new ArrayList<>(List.of(outletIds));
        outlets.add(NO_OUTLET);
        return load.query("""
                select scheme_id, scope, outlet_id, period, granted, soft, soft_free, soft_times, used, used_free, used_times from schemes.limit_balance
                 where distributor_id = ? and scheme_id = any(?) and outlet_id = any(?) and period = any(?)
                 order by scheme_id, scope, outlet_id, period""" + lock,
                SchemeLimits::spent, distributorId, schemeIds, outlets.toArray(UUID[]::new), periods.toArray(String[]::new));
    }

    /// Locks and reads the limits that some documents have taken from.
    static Pipeline.Answer<Map<Key, Spent>> lockOf(Pipeline load, long distributorId, LocalDate from, LocalDate to, UUID[] documentIds) {
        return load.query("""
                select b.scheme_id, b.scope, b.outlet_id, b.period, b.granted, b.soft, b.soft_free, b.soft_times, b.used, b.used_free, b.used_times
                  from schemes.limit_balance b
                 where b.distributor_id = ?
                   and (b.scheme_id, b.scope, b.period, b.outlet_id) in (
                       select m.scheme_id, m.scope, m.period, case when m.scope = 'OUTLET' then m.outlet_id else '00000000-0000-0000-0000-000000000000'::uuid end
                         from schemes.limit_movement m where m.distributor_id = ? and m.business_date between ? and ? and m.document_id = any(?))
                 order by b.scheme_id, b.scope, b.outlet_id, b.period for update of b""", SchemeLimits::spent, distributorId, distributorId, from, to, documentIds);
    }

    private static Map<Key, Spent> spent(ResultSet rows) throws SQLException {
        var found = new HashMap<Key, Spent>();
        while (rows.next())
            found.put(new Key(rows.getLong(1), Scope.valueOf(rows.getString(2)), rows.getObject(3, UUID.class), rows.getString(4)),
                    new Spent(rows.getBigDecimal(5), new Measure(rows.getBigDecimal(6), rows.getBigDecimal(7), rows.getInt(8)),
                            new Measure(rows.getBigDecimal(9), rows.getBigDecimal(10), rows.getInt(11))));
        return found;
    }

    /// What one document takes from one limit, or gives back to it (measures below zero).
    /// @param orderId the order whose soft part it raises or lowers, else null
    public record Movement(UUID documentId, String documentType, LocalDate businessDate, long principalId, UUID outletId, @Nullable UUID orderId, int schemeVersion, Key key,
                           Measure soft, Measure used) {}

    /// What an order or a document has of one limit: the sum of its movements.
    public record Booked(Key key, int schemeVersion, Measure soft, Measure used) {}

    /// What orders hold softly, by order.
    static Pipeline.Answer<Map<UUID, List<Booked>>> ofOrders(Pipeline load, long distributorId, UUID[] orderIds) {
        return booked(load, "order_id", "", distributorId, (Object) orderIds);
    }

    /// What documents of some business dates have taken, by document.
    static Pipeline.Answer<Map<UUID, List<Booked>>> ofDocuments(Pipeline load, long distributorId, LocalDate from, LocalDate to, UUID[] documentIds) {
        return booked(load, "document_id", " and business_date between ? and ?", distributorId, documentIds, from, to);
    }

    private static Pipeline.Answer<Map<UUID, List<Booked>>> booked(Pipeline load, String by, String more, long distributorId, Object... rest) {
        var args = new ArrayList<Object>(List.of(distributorId));
        args.addAll(List.of(rest));
        return load.query("select " + by + """
                , scheme_id, scope, case when scope = 'OUTLET' then outlet_id end, period, max(scheme_version), sum(soft), sum(soft_free), sum(soft_times), sum(used), sum(used_free), sum(used_times)
                  from schemes.limit_movement where distributor_id = ? and\s""" + by + " = any(?)" + more + " group by 1, 2, 3, 4, 5 order by 2, 3, 5",
                rows -> {
                    var found = new HashMap<UUID, List<Booked>>();
                    while (rows.next()) {
                        var outlet = rows.getObject(4, UUID.class);
                        var key = new Key(rows.getLong(2), Scope.valueOf(rows.getString(3)), outlet == null ? NO_OUTLET : outlet, rows.getString(5));
                        found.computeIfAbsent(rows.getObject(1, UUID.class), _ -> new ArrayList<>()).add(new Booked(key, rows.getInt(6),
                                new Measure(rows.getBigDecimal(7), rows.getBigDecimal(8), rows.getInt(9)), new Measure(rows.getBigDecimal(10), rows.getBigDecimal(11), rows.getInt(12))));
                    }
                    return found;
                }, args.toArray());
    }

    /// Adds the movements of some documents of one distributor to its limits, each under guard, and to their ledger.
    ///
    /// @param seen     what the posting has read under lock; a limit that is not there is opened
    /// @param ceilings how far each limit may go; one that is only given back needs none
    /// @throws Post.GuardFailed when run, if somebody else has spent it meanwhile
    static void move(Post post, long distributorId, List<Movement> movements, Map<Key, Spent> seen, Map<Key, Ceiling> ceilings, Instant at) {
        var moved = merged(movements);
        if (moved.isEmpty()) return;
        var sums = new TreeMap<Key, Spent>(Key.ORDER);
        var principals = new HashMap<Key, Long>();
        for (var movement : moved) {
            sums.merge(movement.key, new Spent(BigDecimal.ZERO, movement.soft, movement.used), (one, other) -> one.plus(other.soft, other.used));
            principals.put(movement.key, movement.principalId);
        }
        var opened = new ArrayList<@Nullable Object[]>();
        var known = new LinkedHashMap<Key, Spent>();
        sums.forEach((key, sum) -> {
            if (seen.containsKey(key) || sum.isGivenBack()) known.put(key, sum);
            else opened.add(new @Nullable Object[] {distributorId, key.schemeId, key.scope.name(), key.outletId, key.period, principals.get(key), sum.soft.money, sum.used.money,
                    sum.soft.free, sum.used.free, sum.soft.times, sum.used.times});
        });
        if (moved.stream().map(Movement::documentId).distinct().count() > 1) {
            // Many documents: one short statement, sent as a batch (see the stock's balances).
            known.forEach((key, sum) -> {
                var values = values(key, sum, ceilings);
                post.guarded("scheme limit", 1, """
                        update schemes.limit_balance set soft = soft + ?, used = used + ?, soft_free = soft_free + ?, used_free = used_free + ?, soft_times = soft_times + ?,
                                                         used_times = used_times + ?
                         where distributor_id = ? and scheme_id = ? and scope = ? and outlet_id = ? and period = ?
                           and (?::numeric <= 0 or soft + used + ? <= greatest(?, granted)) and (?::numeric <= 0 or soft_free + used_free + ? <= ?)
                           and (?::integer <= 0 or soft_times + used_times + ? <= ?)""",
                        values[4], values[5], values[6], values[7], values[8], values[9], distributorId, values[0], values[1], values[2], values[3],
                        sum.taken().money, sum.taken().money, values[10], sum.taken().free, sum.taken().free, values[11], sum.taken().times, sum.taken().times, values[12]);
            });
        } else if (!known.isEmpty()) {
            var args = new ArrayList<Object>();
            known.forEach((key, sum) -> args.addAll(List.of(values(key, sum, ceilings))));
            args.add(distributorId);
            var row = "(?::bigint, ?::text, ?::uuid, ?::text, ?::numeric, ?::numeric, ?::numeric, ?::numeric, ?::integer, ?::integer, ?::numeric, ?::numeric, ?::integer)";
            post.guarded("scheme limit", known.size(), """
                    update schemes.limit_balance b
                       set soft = b.soft + t.soft, used = b.used + t.used, soft_free = b.soft_free + t.soft_free, used_free = b.used_free + t.used_free,
                           soft_times = b.soft_times + t.soft_times, used_times = b.used_times + t.used_times
                      from (values\s""" + (row + ", ").repeat(known.size() - 1) + row + """
                    ) as t (scheme_id, scope, outlet_id, period, soft, used, soft_free, used_free, soft_times, used_times, money_max, free_max, times_max)
                     where b.distributor_id = ? and b.scheme_id = t.scheme_id and b.scope = t.scope and b.outlet_id = t.outlet_id and b.period = t.period
                       and (t.soft + t.used <= 0 or b.soft + b.used + t.soft + t.used <= greatest(t.money_max, b.granted))
                       and (t.soft_free + t.used_free <= 0 or b.soft_free + b.used_free + t.soft_free + t.used_free <= t.free_max)
                       and (t.soft_times + t.used_times <= 0 or b.soft_times + b.used_times + t.soft_times + t.used_times <= t.times_max)""", args.toArray());
        }
        // A limit that somebody else opened meanwhile fails on its key, and the posting looks again.
        post.rows("scheme limit", """
                insert into schemes.limit_balance (distributor_id, scheme_id, scope, outlet_id, period, principal_id, soft, used, soft_free, used_free, soft_times, used_times)
                values\s""", Post.row(12), "", opened);
        post.rows("scheme limit movements", """
                insert into schemes.limit_movement (distributor_id, business_date, document_id, scheme_id, scope, period, scheme_version, document_type, principal_id, outlet_id, order_id,
                                                    soft, used, soft_free, used_free, soft_times, used_times, recorded_at)
                values\s""", "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::uuid, ?, ?, ?, ?, ?, ?, ?)", "", moved.stream().map(any -> new @Nullable Object[] {distributorId, any.businessDate,
                any.documentId, any.key.schemeId, any.key.scope.name(), any.key.period, any.schemeVersion, any.documentType, any.principalId, any.outletId, any.orderId,
                any.soft.money, any.used.money, any.soft.free, any.used.free, any.soft.times, any.used.times, at}).toList());
    }

    /// One movement for each limit of a document: billing an order lowers and raises the same one.
    private static List<Movement> merged(List<Movement> movements) {
        record Of(UUID documentId, Key key) {}
        var merged = new LinkedHashMap<Of, Movement>();
        for (var movement : movements)
            merged.merge(new Of(movement.documentId, movement.key), movement, (one, other) -> new Movement(one.documentId, one.documentType, one.businessDate, one.principalId,
                    one.outletId, one.orderId, Math.max(one.schemeVersion, other.schemeVersion), one.key, one.soft.plus(other.soft), one.used.plus(other.used)));
        return merged.values().stream().filter(any -> !any.soft.isNone() || !any.used.isNone()).toList();
    }

    private static Object[] values(Key key, Spent sum, Map<Key, Ceiling> ceilings) {
        var ceiling = ceilings.getOrDefault(key, key.scope == Scope.TOTAL ? Ceiling.SLICE : Ceiling.NONE);
        return new Object[] {key.schemeId, key.scope.name(), key.outletId, key.period, sum.soft.money, sum.used.money, sum.soft.free, sum.used.free, sum.soft.times, sum.used.times,
                ceiling.money == null ? UNLIMITED : ceiling.money, ceiling.free == null ? UNLIMITED : ceiling.free, ceiling.times == null ? Integer.MAX_VALUE : ceiling.times};
    }
}
