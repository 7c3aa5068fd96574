package io.offtake.schemes;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The limits of schemes in a posting (PX-24): it reads and locks what is left of them, and adds the statements that spend it. In
/// the order of locks they come after the stock and before the outlet's account (DESIGN section 4).
///
/// A limit is free → soft (order) → used (invoice) → free again (cancellation, credit note). Its amount is not kept here: it is
/// the one of the scheme version in force.
public final class SchemeLimits {
    /// The outlet of a limit that is no outlet's.
    public static final UUID NO_OUTLET = new UUID(0, 0);
    /// The period of a limit that lasts as long as its scheme.
    public static final LocalDate WHOLE = LocalDate.of(1970, 1, 1);

    private SchemeLimits() {}

    /// `TOTAL` is this distributor's slice of what the scheme has for all of them (docs/adr/0031).
    public enum Level { TOTAL, DISTRIBUTOR, OUTLET }

    /// One limit of one scheme.
    /// @param outletId   [#NO_OUTLET] but at level `OUTLET`
    /// @param periodFrom the first day of its period, or [#WHOLE]
    public record Key(long schemeId, Level level, UUID outletId, LocalDate periodFrom) {
        static final Comparator<Key> ORDER = Comparator.comparingLong(Key::schemeId).thenComparing(key -> key.level.name()).thenComparing(Key::outletId, SchemeLimits::byBytes)
                .thenComparing(Key::periodFrom);
    }

    /// As PostgreSQL orders them, so that the order of locks is one.
    private static int byBytes(UUID one, UUID other) {
        int high = Long.compareUnsigned(one.getMostSignificantBits(), other.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(one.getLeastSignificantBits(), other.getLeastSignificantBits());
    }

    /// How far a limit is spent.
    /// @param granted the slice's size at level `TOTAL`; else 0
    public record Spent(BigDecimal granted, BigDecimal soft, BigDecimal used) {
        public static final Spent NOTHING = new Spent(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

        public BigDecimal taken() {
            return soft.add(used);
        }

        Spent plus(BigDecimal moreSoft, BigDecimal moreUsed) {
            return new Spent(granted, soft.add(moreSoft), used.add(moreUsed));
        }
    }

    /// Locks and reads the limits of some schemes: this distributor's, its slices, and those of some outlets. What was never
    /// spent has no row.
    public static Pipeline.Answer<Map<Key, Spent>> lock(Pipeline load, long distributorId, long[] schemeIds, UUID[] outletIds) {
        return read(load, distributorId, schemeIds, outletIds, " for update");
    }

    /// Reads the same without a lock, for previews.
    public static Pipeline.Answer<Map<Key, Spent>> peek(Pipeline load, long distributorId, long[] schemeIds, UUID[] outletIds) {
        return read(load, distributorId, schemeIds, outletIds, "");
    }

    private static Pipeline.Answer<Map<Key, Spent>> read(Pipeline load, long distributorId, long[] schemeIds, UUID[] outletIds, String lock) {
        var outlets = new ArrayList<>(List.of(outletIds));
        outlets.add(NO_OUTLET);
        return load.query("""
                select scheme_id, level, outlet_id, period_from, granted, soft, used from schemes.limit_balance
                 where distributor_id = ? and scheme_id = any(?) and outlet_id = any(?)
                 order by scheme_id, level, outlet_id, period_from""" + lock,
                rows -> {
                    var found = new HashMap<Key, Spent>();
                    while (rows.next())
                        found.put(new Key(rows.getLong(1), Level.valueOf(rows.getString(2)), rows.getObject(3, UUID.class), rows.getObject(4, LocalDate.class)),
                                new Spent(rows.getBigDecimal(5), rows.getBigDecimal(6), rows.getBigDecimal(7)));
                    return found;
                }, distributorId, schemeIds, outlets.toArray(UUID[]::new));
    }

    /// What one document takes from, or gives back to, the limits of one scheme.
    ///
    /// @param orderId           the order whose soft part it raises or lowers, else null
    /// @param outletPeriod      first day of the outlet limit's period, null where the scheme has no such limit
    /// @param distributorPeriod the same for the distributor's limit
    /// @param ofTotal           whether it counts against the scheme's total
    /// @param soft              in money; below zero gives back
    /// @param used              in money; below zero gives back
    public record Movement(UUID documentId, String documentType, LocalDate businessDate, long principalId, UUID outletId, @Nullable UUID orderId, long schemeId, int schemeVersion,
                           @Nullable LocalDate outletPeriod, @Nullable LocalDate distributorPeriod, boolean ofTotal, BigDecimal soft, BigDecimal used) {

        /// The limits it moves.
        public List<Key> keys() {
            var keys = new ArrayList<Key>(3);
            if (ofTotal) keys.add(new Key(schemeId, Level.TOTAL, NO_OUTLET, WHOLE));
            if (distributorPeriod != null) keys.add(new Key(schemeId, Level.DISTRIBUTOR, NO_OUTLET, distributorPeriod));
            if (outletPeriod != null) keys.add(new Key(schemeId, Level.OUTLET, outletId, outletPeriod));
            return keys;
        }
    }

    /// What one scheme has of an order or a document: the sum of its movements.
    public record Booked(long schemeId, int schemeVersion, @Nullable LocalDate outletPeriod, @Nullable LocalDate distributorPeriod, boolean ofTotal, BigDecimal soft, BigDecimal used) {}

    /// What orders hold softly, by order.
    public static Pipeline.Answer<Map<UUID, List<Booked>>> ofOrders(Pipeline load, long distributorId, UUID[] orderIds) {
        return booked(load, "order_id", "", distributorId, (Object) orderIds);
    }

    /// What documents of one business date have used, by document.
    public static Pipeline.Answer<Map<UUID, List<Booked>>> ofDocuments(Pipeline load, long distributorId, LocalDate businessDate, UUID[] documentIds) {
        return booked(load, "document_id", " and business_date = ?", distributorId, documentIds, businessDate);
    }

    private static Pipeline.Answer<Map<UUID, List<Booked>>> booked(Pipeline load, String by, String more, long distributorId, Object... rest) {
        var args = new ArrayList<Object>(List.of(distributorId));
        args.addAll(List.of(rest));
        return load.query("select " + by + """
                , scheme_id, max(scheme_version), outlet_period, distributor_period, of_total, sum(soft), sum(used) from schemes.limit_movement
                 where distributor_id = ? and\s""" + by + " = any(?)" + more + " group by " + by + ", scheme_id, outlet_period, distributor_period, of_total order by scheme_id",
                rows -> {
                    var found = new HashMap<UUID, List<Booked>>();
                    while (rows.next())
                        found.computeIfAbsent(rows.getObject(1, UUID.class), _ -> new ArrayList<>()).add(new Booked(rows.getLong(2), rows.getInt(3), rows.getObject(4, LocalDate.class),
                                rows.getObject(5, LocalDate.class), rows.getBoolean(6), rows.getBigDecimal(7), rows.getBigDecimal(8)));
                    return found;
                }, args.toArray());
    }

    /// Adds the movements of some documents of one distributor to its limits, each under guard, and to their ledger.
    ///
    /// @param seen     what the posting has read under lock; a limit that is not there is opened
    /// @param ceilings how far each limit may be taken; a limit that is only given back needs none
    /// @throws Post.GuardFailed when run, if somebody else has spent it meanwhile
    public static void move(Post post, long distributorId, List<Movement> movements, Map<Key, Spent> seen, Map<Key, BigDecimal> ceilings, Instant at) {
        if (movements.isEmpty()) return;
        var sums = new TreeMap<Key, Spent>(Key.ORDER);
        var principals = new HashMap<Key, Long>();
        for (var movement : movements)
            for (var key : movement.keys()) {
                sums.merge(key, new Spent(BigDecimal.ZERO, movement.soft, movement.used), (one, other) -> one.plus(other.soft, other.used));
                principals.put(key, movement.principalId);
            }
        var rows = new ArrayList<@Nullable Object[]>();
        var known = new LinkedHashMap<Key, Spent>();
        sums.forEach((key, sum) -> {
            if (seen.containsKey(key)) known.put(key, sum);
            else rows.add(new @Nullable Object[] {distributorId, key.schemeId, key.level.name(), key.outletId, key.periodFrom, principals.get(key), sum.soft, sum.used});
        });
        UnaryOperator<BigDecimal> orNone = ceiling -> ceiling == null ? BigDecimal.ZERO : ceiling;
        if (movements.size() > 1) {
            known.forEach((key, sum) -> {
                var taken = sum.taken();
                post.guarded("scheme limit", 1, """
                        update schemes.limit_balance set soft = soft + ?, used = used + ?
                         where distributor_id = ? and scheme_id = ? and level = ? and outlet_id = ? and period_from = ?
                           and soft + ? >= 0 and used + ? >= 0 and (?::numeric <= 0 or soft + used + ? <= greatest(?, granted))""",
                        sum.soft, sum.used, distributorId, key.schemeId, key.level.name(), key.outletId, key.periodFrom, sum.soft, sum.used, taken, taken, orNone.apply(ceilings.get(key)));
            });
        } else if (!known.isEmpty()) {
            var args = new ArrayList<Object>();
            known.forEach((key, sum) -> args.addAll(List.of(key.schemeId, key.level.name(), key.outletId, key.periodFrom, sum.soft, sum.used, orNone.apply(ceilings.get(key)))));
            args.add(distributorId);
            var row = "(?::bigint, ?::text, ?::uuid, ?::date, ?::numeric, ?::numeric, ?::numeric)";
            post.guarded("scheme limit", known.size(), """
                    update schemes.limit_balance b set soft = b.soft + t.soft, used = b.used + t.used
                      from (values\s""" + (row + ", ").repeat(known.size() - 1) + row + """
                    ) as t (scheme_id, level, outlet_id, period_from, soft, used, ceiling)
                     where b.distributor_id = ? and b.scheme_id = t.scheme_id and b.level = t.level and b.outlet_id = t.outlet_id and b.period_from = t.period_from
                       and b.soft + t.soft >= 0 and b.used + t.used >= 0
                       and (t.soft + t.used <= 0 or b.soft + b.used + t.soft + t.used <= greatest(t.ceiling, b.granted))""", args.toArray());
        }
        // A limit that somebody else opened meanwhile fails on its key, and the posting looks again.
        post.rows("scheme limit", "insert into schemes.limit_balance (distributor_id, scheme_id, level, outlet_id, period_from, principal_id, soft, used) values ", Post.row(8), "", rows);
        post.rows("scheme limit movements", """
                insert into schemes.limit_movement (distributor_id, business_date, document_id, scheme_id, scheme_version, document_type, principal_id, outlet_id, order_id,
                                                    outlet_period, distributor_period, of_total, soft, used, recorded_at)
                values\s""", "(?, ?, ?, ?, ?, ?, ?, ?, ?::uuid, ?::date, ?::date, ?, ?, ?, ?)", "", movements.stream().map(any -> new @Nullable Object[] {distributorId, any.businessDate,
                any.documentId, any.schemeId, any.schemeVersion, any.documentType, any.principalId, any.outletId, any.orderId, any.outletPeriod, any.distributorPeriod, any.ofTotal,
                any.soft, any.used, at}).toList());
    }
}
