package io.offtake.schemes;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Decision;
import io.offtake.rules.Money;
import io.offtake.rules.Periods;
import io.offtake.rules.Qty;
import io.offtake.rules.Scheme;
import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Scope;
import io.offtake.rules.Settlements;
import io.offtake.schemes.SchemeLimits.Ceiling;
import io.offtake.schemes.SchemeLimits.Key;
import io.offtake.schemes.SchemeLimits.Measure;
import io.offtake.schemes.SchemeLimits.Movement;
import io.offtake.schemes.SchemeLimits.Spent;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// The accounts of schemes in one posting attempt: what limits have left and what periods add up to, less what the attempt's
/// earlier documents have used. It gives the rules their facts, takes what they decided, and adds the statements that book it.
///
/// Not thread-safe; one attempt, one distributor.
public final class SchemeAccounts {
    /// Accounts of a posting that no scheme concerns.
    public static final SchemeAccounts NONE = new SchemeAccounts(0, List.of(), Map.of(), Map.of(), Map.of());

    private final long distributorId;
    private final List<Scheme> schemes;
    private final Map<Key, Spent> seen;
    private final Map<Key, Spent> now;
    private final Map<UUID, List<SchemeLimits.Booked>> ofOrders;
    private final Map<AccrualKey, Accrued> sumsSeen;
    private final Map<AccrualKey, Accrued> sums;
    private final List<Movement> movements = new ArrayList<>();
    private final List<AccrualEntry> entries = new ArrayList<>();
    private final Map<Key, Ceiling> ceilings = new HashMap<>();
    private final Map<Key, Lacking> lacking = new LinkedHashMap<>();
    private final Map<Long, Boolean> isDry = new HashMap<>();
    private final List<SchemeAccruals.Booked> added = new ArrayList<>();

    /// @param skuId 0 but where units are carried SKU by SKU
    record AccrualKey(long schemeId, UUID outletId, String period, long skuId) {}

    /// What a period has counted and accrued so far.
    record Accrued(BigDecimal counted, BigDecimal value, BigDecimal accrued, BigDecimal carry, @Nullable BigDecimal growthBase) {
        static final Accrued NOTHING = new Accrued(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, null);
    }

    record AccrualEntry(UUID documentId, String documentType, LocalDate businessDate, long principalId, int schemeVersion, AccrualKey key, String kind, String unit, Accrued change,
                        BigDecimal principalShare, BigDecimal distributorShare) {}

    private record Lacking(Scheme scheme, BigDecimal total, BigDecimal needed, BigDecimal wanted) {}

    private SchemeAccounts(long distributorId, List<Scheme> schemes, Map<Key, Spent> seen, Map<UUID, List<SchemeLimits.Booked>> ofOrders, Map<AccrualKey, Accrued> sums) {
        this.distributorId = distributorId;
        this.schemes = schemes;
        this.seen = seen;
        this.now = new HashMap<>(seen);
        this.ofOrders = ofOrders;
        this.sumsSeen = sums;
        this.sums = new HashMap<>(sums);
    }

    /// A load that was added to a pipeline; [#get] after its run.
    public static final class Load {
        private final long distributorId;
        private final List<Scheme> schemes;
        private Pipeline.@Nullable Answer<Map<Key, Spent>> limits;
        private Pipeline.@Nullable Answer<Map<UUID, List<SchemeLimits.Booked>>> ofOrders;
        private Pipeline.@Nullable Answer<Map<AccrualKey, Accrued>> sums;
        private Pipeline.@Nullable Answer<List<SchemeAccruals.Booked>> added;

        private Load(long distributorId, List<Scheme> schemes) {
            this.distributorId = distributorId;
            this.schemes = schemes;
        }

        public SchemeAccounts get() {
            var booked = added == null ? List.<SchemeAccruals.Booked>of() : added.get();
            var standing = new HashMap<AccrualKey, Accrued>(sums == null ? Map.of() : sums.get());
            for (var one : booked) standing.put(one.key(), one.now());
            var accounts = new SchemeAccounts(distributorId, schemes, limits == null ? Map.of() : limits.get(), ofOrders == null ? Map.of() : ofOrders.get(), standing);
            accounts.added.addAll(booked);
            return accounts;
        }

        /// Whether these are all of `others`, so that what was loaded suffices for them.
        public boolean holds(List<Scheme> others) {
            var names = schemes.stream().map(SchemeTerms::name).collect(java.util.stream.Collectors.toSet());
            return others.stream().allMatch(other -> names.contains(SchemeTerms.name(other)));
        }
    }

    /// Adds the reads that these schemes need, none if there are none; rows are locked in the global order of locks.
    ///
    /// @param schemes  of [SchemeTerms#concerning]
    /// @param orderIds orders that are billed now, whose soft part is given back
    public static Load lock(Pipeline load, long distributorId, List<Scheme> schemes, UUID[] outletIds, Collection<LocalDate> days, UUID[] orderIds) {
        return load(load, distributorId, schemes, outletIds, days, orderIds, true);
    }

    /// As [#lock], for previews: nothing is locked.
    public static Load peek(Pipeline load, long distributorId, List<Scheme> schemes, UUID[] outletIds, Collection<LocalDate> days) {
        return load(load, distributorId, schemes, outletIds, days, new UUID[0], false);
    }

    /// Adds the reads of what some documents took from limits and added to periods, so that it can be given back; rows are locked.
    /// @param documents their business dates, by id
    public static Load lockOf(Pipeline load, long distributorId, Map<UUID, LocalDate> documents) {
        var loading = new Load(distributorId, List.of());
        if (documents.isEmpty()) return loading;
        var from = documents.values().stream().min(LocalDate::compareTo).orElseThrow();
        var to = documents.values().stream().max(LocalDate::compareTo).orElseThrow();
        var ids = documents.keySet().toArray(UUID[]::new);
        loading.limits = SchemeLimits.lockOf(load, distributorId, from, to, ids);
        loading.ofOrders = SchemeLimits.ofDocuments(load, distributorId, from, to, ids);
        loading.added = SchemeAccruals.lockOf(load, distributorId, from, to, ids);
        return loading;
    }

    private static Load load(Pipeline load, long distributorId, List<Scheme> schemes, UUID[] outletIds, Collection<LocalDate> days, UUID[] orderIds, boolean lock) {
        var loading = new Load(distributorId, schemes);
        if (orderIds.length > 0) loading.ofOrders = SchemeLimits.ofOrders(load, distributorId, orderIds);
        if (schemes.isEmpty() && orderIds.length == 0) return loading;
        var periods = new TreeSet<String>();
        for (var day : days) for (var period : Scheme.Period.values()) periods.add(Periods.key(period, (int) day.toEpochDay()));
        var limited = schemes.stream().filter(SchemeTerms::isLimited).mapToLong(SchemeAccounts::id).distinct().sorted().toArray();
        if (limited.length > 0)
            loading.limits = lock ? SchemeLimits.lock(load, distributorId, limited, outletIds, periods) : SchemeLimits.peek(load, distributorId, limited, outletIds, periods);
        var cumulated = schemes.stream().filter(SchemeTerms::isCumulated).mapToLong(SchemeAccounts::id).distinct().sorted().toArray();
        if (cumulated.length > 0) loading.sums = SchemeAccruals.read(load, distributorId, cumulated, outletIds, periods, lock);
        return loading;
    }

    private static long id(Scheme scheme) {
        return Long.parseLong(scheme.id());
    }

    static Key key(Scheme scheme, Scheme.Limit limit, UUID outletId, LocalDate on) {
        return new Key(id(scheme), limit.scope(), limit.scope() == Scope.OUTLET ? outletId : SchemeLimits.NO_OUTLET,
                limit.period() == null || limit.scope() == Scope.TOTAL ? SchemeLimits.WHOLE : Periods.key(limit.period(), (int) on.toEpochDay()));
    }

    // ---- facts for the rules

    /// The limits' rest and the periods' sums for one document, beside what `facts` says already.
    ///
    /// @param concerned the schemes that look at its SKUs
    /// @param dry   whether a scheme's total is known to be exhausted for this distributor, so that its slice is all there is
    /// @param scale decimals of money
    public DecideCommand.Facts facts(DecideCommand.Facts facts, List<Scheme> concerned, UUID outletId, LocalDate on, @Nullable UUID orderId, LongPredicate dry, int scale) {
        if (schemes.isEmpty() || concerned.isEmpty()) return facts;
        var limits = new ArrayList<>(facts.limits());
        var cumulated = new ArrayList<>(facts.cumulated());
        for (var scheme : concerned) {
            for (var limit : scheme.terms().limits()) {
                if (limit.scope() == Scope.INVOICE || (limit.scope() == Scope.TOTAL && !isDry(scheme, dry))) continue;
                var key = key(scheme, limit, outletId, on);
                var spent = now.get(key);
                var taken = (spent == null ? Measure.NONE : spent.taken()).plus(held(orderId, key).negated());
                var left = left(scheme, limit, key, spent == null ? BigDecimal.ZERO : spent.granted(), taken, scale);
                if (left != null) limits.add(left);
            }
            var period = SchemeTerms.periodOf(scheme);
            if (period == null) continue;
            var name = Periods.key(period, (int) on.toEpochDay());
            sums.forEach((key, sum) -> {
                if (key.schemeId != id(scheme) || !key.outletId.equals(outletId) || !key.period.equals(name)) return;
                cumulated.add(cumulated(scheme, key, sum, scale));
            });
        }
        cumulated.sort(java.util.Comparator.comparing(DecideCommand.Cumulated::schemeId).thenComparing(any -> String.valueOf(any.skuId())));
        return facts.withStanding(limits, cumulated);
    }

    /// What is left of a limit; null if it is untouched.
    static DecideCommand.@Nullable LimitLeft left(Scheme scheme, Scheme.Limit limit, Key key, BigDecimal granted, Measure taken, int scale) {
        if (limit.scope() == Scope.TOTAL) return new DecideCommand.LimitLeft(scheme.id(), limit.scope(), null, money(granted.subtract(taken.money()), scale), null, null);
        if (taken.isNone()) return null;
        return new DecideCommand.LimitLeft(scheme.id(), limit.scope(), key.period(), limit.amount() == null ? null : money(decimal(limit.amount()).subtract(taken.money()), scale),
                limit.freeQty() == null ? null : qty(decimal(limit.freeQty()).subtract(taken.free())), limit.times() == null ? null : Math.max(0, limit.times() - taken.times()));
    }

    /// What a period has counted, as the rules take it.
    static DecideCommand.Cumulated cumulated(Scheme scheme, AccrualKey key, Accrued sum, int scale) {
        return key.skuId != 0 ? new DecideCommand.Cumulated(scheme.id(), key.period, Long.toString(key.skuId), plain(sum.carry.max(BigDecimal.ZERO)), null, null, null)
                : new DecideCommand.Cumulated(scheme.id(), key.period, null, counted(scheme, sum.counted, scale), money(sum.value, scale), accrued(scheme, sum.accrued, scale),
                sum.growthBase == null ? null : money(sum.growthBase, scale));
    }

    /// Asked once in an attempt: what the rules were told and what is booked must agree.
    private boolean isDry(Scheme scheme, LongPredicate dry) {
        return isDry.computeIfAbsent(id(scheme), dry::test);
    }

    private Measure held(@Nullable UUID orderId, Key key) {
        if (orderId == null) return Measure.NONE;
        return ofOrders.getOrDefault(orderId, List.of()).stream().filter(booked -> booked.key().equals(key)).map(SchemeLimits.Booked::soft).reduce(Measure.NONE, Measure::plus);
    }

    /// In the unit of the scheme's basis.
    private static String counted(Scheme scheme, BigDecimal counted, int scale) {
        var basis = switch (scheme.mechanic()) {
            case Mechanic.Qps qps -> qps.count().basis();
            case Mechanic.Points points -> points.count().basis();
            default -> Basis.BASE_QTY;
        };
        return basis == Basis.NET_VALUE || basis == Basis.GROSS_VALUE ? counted.setScale(scale).toPlainString() : plain(counted);
    }

    private static String accrued(Scheme scheme, BigDecimal accrued, int scale) {
        return scheme.mechanic() instanceof Mechanic.Points ? plain(accrued) : accrued.setScale(scale).toPlainString();
    }

    private static String plain(BigDecimal value) {
        var stripped = value.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
    }

    private static Money money(BigDecimal value, int scale) {
        return Money.parse(value.max(BigDecimal.ZERO).setScale(scale, RoundingMode.DOWN).toPlainString(), scale);
    }

    private static Qty qty(BigDecimal value) {
        return new Qty(value.max(BigDecimal.ZERO).movePointRight(3).longValue());
    }

    private static BigDecimal decimal(Money money) {
        return BigDecimal.valueOf(money.units(), money.scale());
    }

    private static BigDecimal decimal(Qty qty) {
        return BigDecimal.valueOf(qty.milli(), 3);
    }

    // ---- what was decided

    /// A document that the rules have decided on.
    /// @param orderId the order that is allocated or billed, else null
    public record Document(UUID id, String type, LocalDate businessDate, long principalId, UUID outletId, @Nullable UUID orderId) {}

    /// Takes a bill into account: it uses limits, gives back what its order held, and adds to its periods.
    public void bill(Document document, Decision.Decided decided) {
        bill(document, decided, false);
    }

    /// As [#bill(Document, Decision.Decided)]; a bill that stands was handed to the outlet already, and what it gave beyond a limit is
    /// booked and answered instead of refused (OFF-11).
    /// @return the part of each scheme's benefit that lies beyond its limits, from 0 to 1, by scheme id; only those with any
    public Map<String, BigDecimal> bill(Document document, Decision.Decided decided, boolean stands) {
        var beyond = new HashMap<String, BigDecimal>();
        if (document.orderId != null)
            for (var booked : ofOrders.getOrDefault(document.orderId, List.of()))
                if (!booked.soft().isNone()) take(document, booked.schemeVersion(), booked.key(), booked.soft().negated(), Measure.NONE);
        for (var use : decided.more().limits()) {
            var part = take(document, use, false, stands);
            if (stands && part.signum() > 0) beyond.merge(use.schemeId(), part, BigDecimal::max);
        }
        for (var accrual : decided.more().accruals()) accrue(document, accrual);
        return beyond;
    }

    /// Takes only what one scheme gives for a bill into account: it was approved after the bill (EX-29).
    ///
    /// @return whether it gives anything
    public boolean retrospective(Document document, Decision.Decided decided, String schemeId) {
        boolean gives = false;
        for (var accrual : decided.more().accruals()) {
            if (!accrual.schemeId().equals(schemeId)) continue;
            accrue(document, accrual);
            gives = true;
        }
        if (gives) for (var use : decided.more().limits()) if (use.schemeId().equals(schemeId)) take(document, use, false, false);
        return gives;
    }

    /// Takes an order's allocation into account: it holds limits softly.
    public void order(Document document, Decision.Decided decided) {
        for (var use : decided.more().limits()) take(document, use, true, false);
    }

    /// @return the part of the use that lies beyond the limit
    private BigDecimal take(Document document, Decision.LimitUse use, boolean softly, boolean stands) {
        var beyond = BigDecimal.ZERO;
        if (use.scope() == Scope.INVOICE) return beyond;
        var scheme = inForce(use.schemeId(), document.businessDate);
        if (scheme == null) return beyond;
        for (var limit : scheme.terms().limits()) {
            if (limit.scope() != use.scope()) continue;
            var key = key(scheme, limit, document.outletId, document.businessDate);
            var measure = new Measure(decimal(use.amount()), decimal(use.freeQty()), use.times());
            take(document, scheme.version(), key, softly ? measure : Measure.NONE, softly ? Measure.NONE : measure);
            var taken = now.get(key).taken();
            boolean all = stands || scheme.terms().whenCut() == Scheme.WhenCut.FULL_LAST;
            if (limit.scope() != Scope.TOTAL && stands) beyond = beyond.max(beyond(limit, taken, measure));
            if (limit.scope() == Scope.TOTAL) {
                var granted = now.get(key).granted();
                if (taken.money().compareTo(granted) <= 0) continue;
                var before = seen.containsKey(key) ? seen.get(key).taken().money() : BigDecimal.ZERO;
                lacking.put(key, new Lacking(scheme, decimal(limit.amount()), taken.money().subtract(granted), taken.money().subtract(before)));
                if (all) ceilings.put(key, new Ceiling(taken.money(), null, null));
                if (stands) beyond = beyond.max(part(taken.money().subtract(granted), measure.money()));
            } else {
                ceilings.put(key, new Ceiling(limit.amount() == null ? null : all ? decimal(limit.amount()).max(taken.money()) : decimal(limit.amount()),
                        limit.freeQty() == null ? null : all ? decimal(limit.freeQty()).max(taken.free()) : decimal(limit.freeQty()),
                        limit.times() == null ? null : stands ? Math.max(limit.times(), taken.times()) : limit.times()));
            }
        }
        return beyond;
    }

    private static BigDecimal beyond(Scheme.Limit limit, Measure taken, Measure use) {
        var part = BigDecimal.ZERO;
        if (limit.amount() != null) part = part.max(part(taken.money().subtract(decimal(limit.amount())), use.money()));
        if (limit.freeQty() != null) part = part.max(part(taken.free().subtract(decimal(limit.freeQty())), use.free()));
        if (limit.times() != null && taken.times() > limit.times()) part = BigDecimal.ONE;
        return part;
    }

    private static BigDecimal part(BigDecimal over, BigDecimal use) {
        return over.signum() <= 0 || use.signum() <= 0 ? BigDecimal.ZERO : over.divide(use, 10, RoundingMode.UP).min(BigDecimal.ONE);
    }

    private @Nullable Scheme inForce(String id, LocalDate on) {
        Scheme found = null;
        for (var scheme : schemes)
            if (scheme.id().equals(id) && scheme.validFrom() <= on.toEpochDay() && on.toEpochDay() <= scheme.validTo() && (found == null || found.version() < scheme.version())) found = scheme;
        return found;
    }

    private void take(Document document, int schemeVersion, Key key, Measure soft, Measure used) {
        now.merge(key, Spent.NOTHING.plus(soft, used), (spent, more) -> spent.plus(more.soft(), more.used()));
        movements.add(new Movement(document.id, document.type, document.businessDate, document.principalId, document.outletId, document.orderId, schemeVersion, key, soft, used));
    }

    private void accrue(Document document, Decision.Accrual accrual) {
        long sku = accrual.skuId() == null ? 0 : Long.parseLong(accrual.skuId());
        var key = new AccrualKey(Long.parseLong(accrual.schemeId()), document.outletId, accrual.period() == null ? SchemeLimits.WHOLE : accrual.period(), sku);
        var before = sums.getOrDefault(key, Accrued.NOTHING);
        var carry = accrual.carry() == null ? BigDecimal.ZERO : decimal(accrual.carry()).subtract(before.carry);
        var change = new Accrued(accrual.counted() == null ? BigDecimal.ZERO : new BigDecimal(accrual.counted()), accrual.value() == null ? BigDecimal.ZERO : decimal(accrual.value()),
                new BigDecimal(accrual.amount()), carry, null);
        add(new AccrualEntry(document.id, document.type, document.businessDate, document.principalId, accrual.schemeVersion(), key, accrual.kind().name(), accrual.unit(), change,
                accrual.principalShare() == null ? BigDecimal.ZERO : decimal(accrual.principalShare()),
                accrual.distributorShare() == null ? BigDecimal.ZERO : decimal(accrual.distributorShare())));
    }

    private void add(AccrualEntry entry) {
        var before = sums.getOrDefault(entry.key, Accrued.NOTHING);
        sums.put(entry.key, new Accrued(before.counted.add(entry.change.counted), before.value.add(entry.change.value), before.accrued.add(entry.change.accrued),
                before.carry.add(entry.change.carry), before.growthBase));
        entries.add(entry);
    }

    /// Gives back what an order holds: it is cancelled.
    public void release(Document document) {
        for (var booked : ofOrders.getOrDefault(document.orderId, List.of()))
            if (!booked.soft().isNone()) take(document, booked.schemeVersion(), booked.key(), booked.soft().negated(), Measure.NONE);
    }

    /// Gives back what a document used of limits and added to periods, in the part that is taken back.
    ///
    /// @param document the one that takes it back
    /// @param schemes  finds the version that the original was decided with; null if it is not known
    /// @param part     of each scheme's benefit, from 0 to 1: 1 for a cancellation
    /// @param scale    decimals of money
    public void giveBack(Document document, UUID original, BiFunction<Long, Integer, @Nullable Scheme> schemes, LongFunction<BigDecimal> part, int scale) {
        giveBackTo(document, original, schemes, scheme -> new Share(BigDecimal.ZERO, part.apply(scheme)), scale);
    }

    /// How much of a benefit has been taken back, before a document and with it: from 0 to 1. What several documents give back adds up to the whole.
    public record Share(BigDecimal before, BigDecimal now) {}

    /// As [#giveBack], for one of several documents that take back parts of the same original.
    public void giveBackTo(Document document, UUID original, BiFunction<Long, Integer, @Nullable Scheme> schemes, LongFunction<Share> part, int scale) {
        for (var booked : ofOrders.getOrDefault(original, List.of())) {
            var of = part.apply(booked.key().schemeId());
            var used = until(booked.used(), of.now, scale).plus(until(booked.used(), of.before, scale).negated());
            if (!used.isNone()) take(document, booked.schemeVersion(), booked.key(), Measure.NONE, used.negated());
        }
        for (var booked : added) {
            if (!booked.documentId().equals(original)) continue;
            var share = part.apply(booked.key().schemeId());
            var to = share.now.min(BigDecimal.ONE);
            var of = to.subtract(share.before);
            if (of.signum() == 0) continue;
            var counted = part(booked.added().counted(), to, 3).subtract(part(booked.added().counted(), share.before, 3));
            var value = part(booked.added().value(), to, scale).subtract(part(booked.added().value(), share.before, scale));
            var scheme = schemes.apply(booked.key().schemeId(), booked.schemeVersion());
            var amount = lost(booked, scheme, counted, value, share.before, to, scale);
            var principal = booked.added().accrued().signum() == 0 ? amount.multiply(scheme == null ? BigDecimal.ONE : new BigDecimal(scheme.principalShare().toString()))
                    : amount.multiply(booked.principalShare()).divide(booked.added().accrued(), 10, RoundingMode.HALF_UP);
            principal = principal.setScale(2, RoundingMode.HALF_UP);
            add(new AccrualEntry(document.id, document.type, document.businessDate, document.principalId, booked.schemeVersion(), booked.key(), booked.kind(), booked.unit(),
                    new Accrued(counted.negate(), value.negate(), amount, to.compareTo(BigDecimal.ONE) == 0 && share.before.compareTo(BigDecimal.ONE) < 0 ? booked.added().carry().negate() : BigDecimal.ZERO, null), principal,
                    amount.subtract(principal)));
        }
    }

    /// Rounded down, so that several returns never give back more than was used; the whole, times included, when all is back.
    private static Measure until(Measure used, BigDecimal part, int scale) {
        if (part.compareTo(BigDecimal.ONE) >= 0) return used;
        return new Measure(used.money().multiply(part).setScale(scale, RoundingMode.DOWN), used.free().multiply(part).setScale(0, RoundingMode.DOWN), 0);
    }

    private static BigDecimal part(BigDecimal of, BigDecimal part, int scale) {
        return of.multiply(part).setScale(scale, RoundingMode.HALF_UP);
    }

    /// What an account loses when so much is taken out of it: slabs are worked out again on what stays (EX-16).
    private BigDecimal lost(SchemeAccruals.Booked booked, @Nullable Scheme scheme, BigDecimal counted, BigDecimal value, BigDecimal from, BigDecimal to, int scale) {
        var now = sums.getOrDefault(booked.key(), Accrued.NOTHING);
        return switch (scheme == null ? null : scheme.mechanic()) {
            case Mechanic.Qps qps -> {
                var basis = qps.count().basis();
                boolean money = basis == Basis.NET_VALUE || basis == Basis.GROSS_VALUE;
                var before = new DecideCommand.Cumulated(scheme.id(), booked.key().period(), null, counted(scheme, now.counted, scale), money(now.value, scale),
                        now.accrued.setScale(scale).toPlainString(), now.growthBase == null ? null : money(now.growthBase, scale));
                var row = Settlements.accrue(qps, scale, before, counted.negate().movePointRight(money ? scale : 3).longValue(), value.negate().movePointRight(scale).longValueExact(), null);
                yield decimal(row.amount());
            }
            // points are earned bill by bill, in whole ones
            case Mechanic.Points _ -> part(booked.added().accrued(), from, 0).subtract(part(booked.added().accrued(), to, 0));
            case null, default -> part(booked.added().accrued(), from, 2).subtract(part(booked.added().accrued(), to, 2));
        };
    }

    /// @throws BudgetShort if a slice is short and may be refilled; the posting's transaction is to be rolled back
    public void requireSlices(LongPredicate dry) {
        var lacks = lacking.values().stream().filter(lack -> !isDry(lack.scheme, dry))
                .map(lack -> new BudgetShort.Lack(id(lack.scheme), Long.parseLong(lack.scheme.principalId()), lack.total, lack.needed, lack.wanted)).toList();
        if (!lacks.isEmpty()) throw new BudgetShort(lacks);
    }

    /// Adds the statements that book what the documents took and earned; none if they did neither.
    public void post(Post post, Instant at) {
        SchemeLimits.move(post, distributorId, movements, seen, ceilings, at);
        SchemeAccruals.add(post, distributorId, entries, sumsSeen.keySet(), at);
    }
}
