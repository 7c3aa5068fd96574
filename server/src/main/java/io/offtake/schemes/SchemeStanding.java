package io.offtake.schemes;

import io.offtake.platform.Pipeline;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Periods;
import io.offtake.rules.RuleBook;
import io.offtake.rules.Scheme;
import io.offtake.rules.Scheme.Scope;
import io.offtake.schemes.SchemeAccounts.Accrued;
import io.offtake.schemes.SchemeAccounts.AccrualKey;
import io.offtake.schemes.SchemeLimits.Key;
import io.offtake.schemes.SchemeLimits.Spent;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where a distributor's limits and periods stand, for all its outlets at once: what a device needs to decide as the server would
/// (OFF-01, PX-24). Of what an outlet has, only what was touched has a row: an untouched limit has all of it left, an untouched period
/// has counted nothing. What all share always has one, so that it can be divided among those who give it away unseen (OFF-11).
///
/// @param limits   what is left of limits
/// @param accruals what periods have counted
public record SchemeStanding(List<LimitRow> limits, List<AccrualRow> accruals) {
    /// @param outletId null but at scope OUTLET
    /// @param period   as in spec/README.md
    /// @param amount   left, in the distributor's currency; null: not limited
    /// @param freeQty  left, in base units; null: not limited
    /// @param times    documents left; null: not limited
    public record LimitRow(String schemeId, Scope scope, @Nullable UUID outletId, String period, @Nullable String amount, @Nullable String freeQty, @Nullable Integer times) {}

    /// @param skuId      where units are carried SKU by SKU; else null
    /// @param counted    in the unit of the scheme's basis
    /// @param growthBase the same period before; null: none
    public record AccrualRow(String schemeId, UUID outletId, String period, @Nullable String skuId, String counted, @Nullable String value, @Nullable String accrued,
                             @Nullable String growthBase) {}

    /// A read that was added to a pipeline; [#get] after its run.
    public static final class Load {
        private final RuleBook book;
        private final Collection<LocalDate> days;
        private final Map<Long, BigDecimal> reach;
        private final Pipeline.@Nullable Answer<Map<Key, Spent>> limits;
        private final Pipeline.@Nullable Answer<Map<AccrualKey, Accrued>> sums;

        private Load(RuleBook book, Collection<LocalDate> days, Map<Long, BigDecimal> reach, Pipeline.@Nullable Answer<Map<Key, Spent>> limits,
                     Pipeline.@Nullable Answer<Map<AccrualKey, Accrued>> sums) {
            this.book = book;
            this.days = days;
            this.reach = reach;
            this.limits = limits;
            this.sums = sums;
        }

        public SchemeStanding get() {
            return new SchemeStanding(limits == null ? List.of() : left(limits.get()), sums == null ? List.of() : counted(sums.get()));
        }

        private List<LimitRow> left(Map<Key, Spent> spent) {
            var terms = new HashMap<Key, Term>();
            for (var scheme : inForce(book, days))
                for (var limit : scheme.terms().limits())
                    if (limit.scope() != Scope.INVOICE)
                        for (var day : days) {
                            var key = SchemeAccounts.key(scheme, limit, SchemeLimits.NO_OUTLET, day);
                            if (isOn(scheme, day)) terms.merge(key, new Term(scheme, limit), (one, other) -> one.scheme.version() >= other.scheme.version() ? one : other);
                        }
            var told = new HashMap<>(spent);
            terms.keySet().stream().filter(key -> key.scope() != Scope.OUTLET).forEach(key -> told.putIfAbsent(key, Spent.NOTHING));
            var found = new ArrayList<LimitRow>();
            told.keySet().stream().sorted(Key.ORDER).forEach(key -> {
                var term = terms.get(new Key(key.schemeId(), key.scope(), SchemeLimits.NO_OUTLET, key.period()));
                if (term == null) return;
                var row = told.get(key);
                // what a refill would bring is within reach as well (docs/adr/0031)
                var granted = key.scope() == Scope.TOTAL ? row.granted().add(reach.getOrDefault(key.schemeId(), BigDecimal.ZERO)).max(row.taken().money()) : row.granted();
                var left = SchemeAccounts.left(term.scheme, term.limit, key, granted, row.taken(), book.currency().scale());
                var limit = term.limit;
                found.add(left == null ? new LimitRow(term.scheme.id(), key.scope(), key.scope() == Scope.OUTLET ? key.outletId() : null, key.period(), text(limit.amount()), text(limit.freeQty()), limit.times())
                        : new LimitRow(left.schemeId(), left.scope(), key.scope() == Scope.OUTLET ? key.outletId() : null, key.period(), text(left.amount()), text(left.freeQty()), left.times()));
            });
            return found;
        }

        private List<AccrualRow> counted(Map<AccrualKey, Accrued> sums) {
            var order = Comparator.comparingLong(AccrualKey::schemeId).thenComparing(AccrualKey::outletId).thenComparing(AccrualKey::period).thenComparingLong(AccrualKey::skuId);
            var periods = new HashMap<String, Scheme>();
            for (var scheme : inForce(book, days)) {
                var period = SchemeTerms.periodOf(scheme);
                if (period == null) continue;
                for (var day : days)
                    if (isOn(scheme, day)) periods.merge(scheme.id() + " " + Periods.key(period, (int) day.toEpochDay()), scheme, (one, other) -> one.version() >= other.version() ? one : other);
            }
            var found = new ArrayList<AccrualRow>();
            sums.keySet().stream().sorted(order).forEach(key -> {
                var scheme = periods.get(key.schemeId() + " " + key.period());
                if (scheme == null) return;
                DecideCommand.Cumulated sum = SchemeAccounts.cumulated(scheme, key, sums.get(key), book.currency().scale());
                found.add(new AccrualRow(sum.schemeId(), key.outletId(), key.period(), sum.skuId(), sum.counted(), text(sum.value()), sum.accrued(), text(sum.growthBase())));
            });
            return found;
        }

        private record Term(Scheme scheme, Scheme.Limit limit) {}
    }

    /// Adds the reads for one distributor, none if no scheme of its book keeps accounts.
    ///
    /// @param days on which bills may be dated
    /// @param reach by scheme, what of its total this distributor may still be granted beside its slice ([SchemeBudgets#reach])
    public static Load of(Pipeline load, long distributorId, RuleBook book, Collection<LocalDate> days, Map<Long, BigDecimal> reach) {
        var schemes = inForce(book, days);
        var periods = new TreeSet<String>();
        for (var day : days) for (var period : Scheme.Period.values()) periods.add(Periods.key(period, (int) day.toEpochDay()));
        var limited = schemes.stream().filter(SchemeTerms::isLimited).mapToLong(scheme -> Long.parseLong(scheme.id())).distinct().sorted().toArray();
        var cumulated = schemes.stream().filter(SchemeTerms::isCumulated).mapToLong(scheme -> Long.parseLong(scheme.id())).distinct().sorted().toArray();
        return new Load(book, days, reach, limited.length == 0 ? null : SchemeLimits.peekAll(load, distributorId, limited, periods),
                cumulated.length == 0 ? null : SchemeAccruals.readAll(load, distributorId, cumulated, periods));
    }

    /// What schemes have for the whole network, by scheme: of each the highest version's.
    public static Map<Long, BigDecimal> totals(RuleBook book) {
        var newest = new HashMap<String, Scheme>();
        for (var scheme : book.schemes()) newest.merge(scheme.id(), scheme, (one, other) -> one.version() >= other.version() ? one : other);
        var totals = new HashMap<Long, BigDecimal>();
        for (var scheme : newest.values())
            for (var limit : scheme.terms().limits())
                if (limit.scope() == Scope.TOTAL && limit.amount() != null) totals.put(Long.parseLong(scheme.id()), new BigDecimal(limit.amount().toString()));
        return totals;
    }

    private static List<Scheme> inForce(RuleBook book, Collection<LocalDate> days) {
        return book.schemes().stream().filter(scheme -> days.stream().anyMatch(day -> isOn(scheme, day))).toList();
    }

    private static boolean isOn(Scheme scheme, LocalDate day) {
        return scheme.validFrom() <= day.toEpochDay() && day.toEpochDay() <= scheme.validTo();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
