package io.offtake.rules;

import io.offtake.rules.Decision.Condition;
import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Free goods (M4): how many units, of which SKU and batch, what they are worth, and their tax (EX-09 to EX-12).
final class FreeGoods {
    private final SchemeRun run;
    private final Bill bill;
    private final Engine.Scratch scratch;
    private final int scale;
    private final long valueDivisor;
    private final Map<String, FreeValue> rewardPrices = new HashMap<>(4);

    FreeGoods(SchemeRun run) {
        this.run = run;
        this.bill = run.bill;
        this.scratch = run.scratch;
        this.scale = run.scale;
        this.valueDivisor = run.valueDivisor;
    }

    /// The price at which a free unit of a SKU is valued: that of the batch it would leave from.
    record FreeValue(Money mrp, PriceIndex.Price price) {}

    /// Free units of one SKU, the bought units that they used up, and what they would be without the cap.
    record Grant(RuleBook.Sku sku, long free, long used, long uncapped) {}

    /// What a scheme gives free, within its cap and limits; the trace is told unless `quiet`.
    List<Grant> grants(Candidate candidate, Mechanic.FreeGoods free, boolean quiet) {
        var grants = new ArrayList<Grant>(2);
        var active = candidate.active;
        int size = candidate.activeCount;
        long cap = free.capPerInvoice() == null ? Long.MAX_VALUE : free.capPerInvoice().milli();
        if (!free.rewardSkuIds().isEmpty()) {
            long sets = sets(free, run.counted(free.count(), active, 0, size, quiet, false));
            if (sets > 0) {
                if (free.rewardSkuIds().size() == 1) {
                    var sku = bill.engine.sku(free.rewardSkuId());
                    if (sku != null) grant(grants, free, sku, sets, cap);
                } else chosen(grants, candidate, free, sets, cap);
            }
        } else {
            int from = 0;
            while (from < size) {
                int to = from;
                while (to < size && active[to].rank == active[from].rank) to++;
                long sets = sets(free, run.counted(free.count(), active, from, to, quiet, false));
                if (sets > 0) cap -= grant(grants, free, active[from].sku, sets, cap);
                from = to;
            }
        }
        // what the trace says, nobody asks where it is not told
        if (!quiet && bill.traceAll) afterGrants(candidate, free, grants);
        return candidate.rule.limited ? limited(candidate, free, grants, quiet) : grants;
    }

    long sets(Mechanic.FreeGoods free, long counted) {
        long sets = counted / step(free);
        return free.repeat() ? sets : Math.min(sets, 1);
    }

    /// On a bill that is worked out again after a return, free units have left the billed ones already.
    long step(Mechanic.FreeGoods free) {
        return free.inside() && bill.only == null ? free.buy() + free.get().milli() : free.buy();
    }

    /// Base units (thousandths) of a quantity of the scheme's unit of get.
    private static long base(Mechanic.FreeGoods free, RuleBook.Sku sku, long milli) {
        if (free.getUnit() == null || free.getUnit().equals(sku.baseUnit())) return milli;
        var unit = PriceIndex.unit(sku, free.getUnit());
        return unit == null ? 0 : Fixed.mulDivDown(milli, unit.num(), unit.den());
    }

    private long grant(List<Grant> grants, Mechanic.FreeGoods free, RuleBook.Sku sku, long sets, long cap) {
        long earned = whole(free, sku, base(free, sku, Math.multiplyExact(sets, free.get().milli())));
        long given = whole(free, sku, Math.min(earned, cap));
        long oneSet = base(free, sku, free.get().milli());
        long usedSets = given == earned || oneSet == 0 ? sets : (given + oneSet - 1) / oneSet;
        grants.add(new Grant(sku, given, Math.multiplyExact(usedSets, step(free)), earned));
        return given;
    }

    /// The outlet's choice out of the list; what it leaves open is the first SKU in stock.
    private void chosen(List<Grant> grants, Candidate candidate, Mechanic.FreeGoods free, long sets, long cap) {
        long open = Math.multiplyExact(sets, free.get().milli()), all = open;
        long step = step(free);
        for (var choice : bill.command.facts().choices()) {
            if (open == 0 || !choice.schemeId().equals(candidate.rule.scheme.id()) || !free.rewardSkuIds().contains(choice.skuId())) continue;
            var sku = bill.engine.sku(choice.skuId());
            if (sku == null) continue;
            long most = whole(free, sku, base(free, sku, open));
            long wanted = choice.qty() == null ? most : whole(free, sku, Math.min(most, choice.qty().milli()));
            long one = base(free, sku, 1000);
            long spent = wanted == most || one == 0 ? open : Math.min(open, Fixed.mulDivDown(wanted, 1000, one));
            long given = whole(free, sku, Math.min(wanted, cap));
            grants.add(new Grant(sku, given, Fixed.mulDivDown(Math.multiplyExact(sets, step), spent, all), wanted));
            cap -= given;
            open -= spent;
        }
        if (open == 0) return;
        RuleBook.Sku first = null, stocked = null;
        for (var id : free.rewardSkuIds()) {
            var sku = bill.engine.sku(id);
            if (sku == null) continue;
            if (first == null) first = sku;
            if (stocked == null && bill.freeAvailable(sku) > 0) stocked = sku;
        }
        var sku = stocked == null ? first : stocked;
        if (sku == null) return;
        long earned = whole(free, sku, base(free, sku, open));
        long given = whole(free, sku, Math.min(earned, cap)), one = base(free, sku, free.get().milli());
        // Sets beyond the cap use up nothing.
        long used = given < earned && one > 0 ? Math.multiplyExact((given + one - 1) / one, step) : Fixed.mulDivDown(Math.multiplyExact(sets, step), open, all);
        grants.add(new Grant(sku, given, used, earned));
    }

    /// Cuts grants to what the limits leave; whole units that fit.
    private List<Grant> limited(Candidate candidate, Mechanic.FreeGoods free, List<Grant> grants, boolean quiet) {
        var rule = candidate.rule;
        for (var limit : rule.scheme.terms().limits()) {
            var left = run.left(rule, limit.scope());
            boolean over = SchemeRun.timesOver(limit, left);
            long qtyRoom = SchemeRun.qtyLeft(limit, left), moneyRoom = SchemeRun.moneyLeft(limit, left), qty = 0, value = 0;
            for (var grant : grants) {
                qty += grant.free;
                value += worth(candidate, free, grant.sku, grant.free);
            }
            if (qty == 0 || (!over && qty <= qtyRoom && value <= moneyRoom)) continue;
            boolean anything = !over && qtyRoom > 0 && moneyRoom > 0;
            // The last one is let through: nothing is cut.
            if (anything && rule.scheme.terms().whenCut() == Scheme.WhenCut.FULL_LAST) continue;
            if (!quiet) {
                if (over) candidate.fails(SchemeRun.condition(limit.scope()), "0", "1");
                else if (qty > qtyRoom) candidate.fails(SchemeRun.condition(limit.scope()), Basis.BASE_QTY, qtyRoom, qty);
                else candidate.fails(SchemeRun.condition(limit.scope()), Basis.GROSS_VALUE, moneyRoom, value);
                candidate.nextBasis = null;
            }
            switch (rule.scheme.terms().whenCut()) {
                case NONE -> {
                    return List.of();
                }
                case FULL_LAST -> {
                    return List.of();
                }
                case PARTIAL -> {
                    if (!anything) return List.of();
                    var kept = new ArrayList<Grant>(grants.size());
                    long exactRoom = moneyRoom == Long.MAX_VALUE ? 0 : Math.multiplyExact(moneyRoom, valueDivisor);
                    for (var grant : grants) {
                        long given = Math.min(grant.free, qtyRoom);
                        if (moneyRoom != Long.MAX_VALUE) given = whole(free, grant.sku, fitting(candidate, free, grant.sku, given, exactRoom));
                        given = whole(free, grant.sku, given);
                        if (qtyRoom != Long.MAX_VALUE) qtyRoom -= given;
                        if (moneyRoom != Long.MAX_VALUE) exactRoom -= exactWorth(candidate, free, grant.sku, given);
                        long one = base(free, grant.sku, free.get().milli());
                        // Whole sets are used up, as many as what is given needs.
                        kept.add(new Grant(grant.sku, given, one == 0 ? grant.used : Math.min(grant.used, Math.multiplyExact((given + one - 1) / one, step(free))), grant.uncapped));
                    }
                    grants = kept;
                }
            }
        }
        return grants;
    }

    /// Free quantities round down to whole base units, or to the scheme's free unit (PX-25).
    static long whole(Mechanic.FreeGoods free, RuleBook.Sku sku, long milli) {
        if (free.freeUnit() != null) {
            var unit = PriceIndex.unit(sku, free.freeUnit());
            if (unit != null) return Fixed.mulDivDown(Fixed.mulDivDown(milli, unit.den(), unit.num()) / 1000 * 1000, unit.num(), unit.den());
        }
        return sku.qtyScale() == 0 ? milli - milli % 1000 : milli;
    }

    /// The price of free units that no batch covers: at the SKU's own MRP.
    private FreeValue rewardPrice(RuleBook.Sku sku) {
        if (bill.light) return new FreeValue(sku.mrp(), bill.price(sku, sku.mrp(), null));
        var known = rewardPrices.get(sku.id());
        if (known != null) return known;
        var reward = new FreeValue(sku.mrp(), bill.price(sku, sku.mrp(), null));
        rewardPrices.put(sku.id(), reward);
        return reward;
    }

    /// At the outlet's list price; goods without one are valued at what the bill charges for them, or at nothing.
    private static UnitPrice unitValue(RuleBook.Sku sku, PriceIndex.Price price, Bill.Pool[] pools, int size) {
        if (price != null) return price.unit();
        for (int at = 0; at < size; at++) if (pools[at].sku == sku) return pools[at].unit;
        return null;
    }

    /// So many free units at one price, as their line will say.
    private record Priced(Money mrp, long micros, long milli) {}

    /// Where free units of a SKU would come from, with the prices they will be printed at: out of the cheapest bought ones, or first-expired
    /// first from what the shelf has left.
    private List<Priced> priced(Candidate candidate, Mechanic.FreeGoods free, RuleBook.Sku sku, long milli) {
        var rows = new ArrayList<Priced>(2);
        long left = milli;
        if (free.inside() && bill.only == null) {
            for (var pool : cheapest(candidate, sku)) {
                long part = Math.min(left, pool.qty);
                if (part > 0) rows.add(new Priced(pool.mrp, pool.unit.micros(), part));
                left -= part;
            }
            return rows;
        }
        if (!bill.light)
            for (var place : bill.shelf(sku.id()).places) {
                long part = place.sellable ? Math.min(left, place.left) : 0;
                if (part <= 0) continue;
                var unit = unitValue(sku, bill.price(sku, place.batch.mrp(), place.batch.batchId()), candidate.active, candidate.activeCount);
                merge(rows, place.batch.mrp(), unit == null ? 0 : unit.micros(), part);
                left -= part;
            }
        if (left > 0) {
            var price = rewardPrice(sku);
            var unit = unitValue(sku, price.price, candidate.active, candidate.activeCount);
            merge(rows, price.mrp, unit == null ? 0 : unit.micros(), left);
        }
        return rows;
    }

    static void merge(List<Priced> rows, Money mrp, long micros, long milli) {
        for (int at = 0; at < rows.size(); at++)
            if (rows.get(at).micros == micros && java.util.Objects.equals(rows.get(at).mrp, mrp)) {
                rows.set(at, new Priced(mrp, micros, rows.get(at).milli + milli));
                return;
            }
        rows.add(new Priced(mrp, micros, milli));
    }

    private static List<Bill.Pool> cheapest(Candidate candidate, RuleBook.Sku sku) {
        var cheapest = new ArrayList<Bill.Pool>(2);
        for (int at = 0; at < candidate.activeCount; at++) if (candidate.active[at].sku == sku) cheapest.add(candidate.active[at]);
        cheapest.sort(Comparator.comparing(pool -> pool.unit));
        return cheapest;
    }

    /// What free units are worth on their lines.
    long worth(Candidate candidate, Mechanic.FreeGoods free, RuleBook.Sku sku, long milli) {
        if (milli == 0) return 0;
        long sum = 0;
        for (var row : priced(candidate, free, sku, milli)) sum += Fixed.worth(row.micros, row.milli, scale);
        return sum;
    }

    /// The same before rounding, times [#valueDivisor].
    private long exactWorth(Candidate candidate, Mechanic.FreeGoods free, RuleBook.Sku sku, long milli) {
        long sum = 0;
        if (milli > 0) for (var row : priced(candidate, free, sku, milli)) sum = Math.addExact(sum, Math.multiplyExact(row.micros, row.milli));
        return sum;
    }

    /// How many of the units are worth no more than the room.
    private long fitting(Candidate candidate, Mechanic.FreeGoods free, RuleBook.Sku sku, long milli, long exactRoom) {
        long fits = 0, room = exactRoom;
        for (var row : priced(candidate, free, sku, milli)) {
            long part = row.micros == 0 ? row.milli : Math.min(row.milli, room / row.micros);
            fits += part;
            if (part < row.milli) return fits;
            room -= Math.multiplyExact(row.micros, part);
        }
        return fits;
    }

    /// "11+1 included": the free units come out of the ordered quantity, the cheapest first, and leave the billed value
    /// before any other scheme is worked out.
    void insideFreeGoods() {
        for (int place = 0; place < run.count; place++) {
            var candidate = run.candidates[place];
            if (candidate.condition != null || candidate.activeCount == 0) continue;
            if (!(candidate.rule.mechanic instanceof Mechanic.FreeGoods free) || !free.inside()) continue;
            for (var grant : grants(candidate, free, false)) {
                if (grant.free == 0) continue;
                burden(candidate, grant.sku, grant.free);
                long left = grant.free;
                for (var pool : cheapest(candidate, grant.sku)) {
                    // The manual discount tells lines of a pool apart: its order must not depend on how lines are split.
                    var own = new ArrayList<>(pool.parts());
                    own.sort(Comparator.comparingLong(part -> -Bill.manual(part)));
                    for (var part : own) {
                        long milli = Math.min(left, part.qty);
                        if (milli == 0) continue;
                        left -= milli;
                        takeOut(candidate, part, milli);
                    }
                    pool.reprice(scale);
                }
            }
            if (candidate.rule.limited) run.useLimits(candidate);
        }
    }

    /// Turns billed units of a line into free ones, from the end of its batches.
    private void takeOut(Candidate candidate, Bill.Part part, long milli) {
        var row = free(candidate.rule.scheme, part.sku, part.mrp, part.unit, part.inclusive, true);
        add(candidate, row, milli);
        part.qty -= milli;
        if (part.pool != part) part.pool.qty -= milli;
        part.reprice(scale);
        candidate.freeQty += milli;
        for (int at = part.takes.size() - 1; at >= 0 && milli > 0; at--) {
            var take = part.takes.get(at);
            long moved = Math.min(take.milli, milli);
            if (moved == 0) continue;
            take.milli -= moved;
            milli -= moved;
            row.takes.add(new Bill.Take(take.batch, moved));
        }
    }

    Bill.Free free(Scheme scheme, RuleBook.Sku sku, Money mrp, UnitPrice unit, boolean inclusive, boolean inside) {
        for (var row : bill.frees)
            if (row.scheme == scheme && row.sku == sku && row.inside == inside && row.unit.equals(unit) && java.util.Objects.equals(row.mrp, mrp)) return row;
        var row = new Bill.Free(bill.light);
        row.scheme = scheme;
        row.sku = sku;
        row.mrp = mrp;
        row.unit = unit;
        row.inclusive = inclusive;
        row.inside = inside;
        bill.frees.add(row);
        return row;
    }

    /// Free units on their line: what they are worth is what the line says, rounded once.
    void add(Candidate candidate, Bill.Free row, long milli) {
        candidate.benefit -= Fixed.worth(row.unit.micros(), row.qty, scale);
        row.qty += milli;
        candidate.benefit += Fixed.worth(row.unit.micros(), row.qty, scale);
    }

    /// Says in the trace what was reached, what the cap cut, and what the next set needs.
    private void afterGrants(Candidate candidate, Mechanic.FreeGoods free, List<Grant> grants) {
        long uncapped = 0, given = 0;
        for (var grant : grants) {
            uncapped += grant.uncapped;
            given += grant.free;
        }
        long step = step(free), most = 0, more = Long.MAX_VALUE, from = 0, reward = 0;
        boolean together = !free.rewardSkuIds().isEmpty();
        for (int at = 0; at < candidate.activeCount; ) {
            int to = at;
            while (to < candidate.activeCount && (together || candidate.active[to].rank == candidate.active[at].rank)) to++;
            long bought = run.counted(free.count(), candidate.active, at, to, false, false), sets = nextSets(free, rewarded(free, candidate.active[at].sku), bought);
            if (sets > 0 && Math.multiplyExact(sets, step) - bought < more) {
                from = sets * step;
                more = from - bought;
                reward = gained(free, rewarded(free, candidate.active[at].sku), sets, bought);
            }
            at = to;
            most = Math.max(most, bought);
        }
        if (uncapped == 0) candidate.fails(Condition.THRESHOLD, free.count().basis(), more == Long.MAX_VALUE ? step : from, most);
        else if (given < uncapped) candidate.fails(Condition.CAP, Basis.BASE_QTY, free.capPerInvoice().milli(), uncapped);
        if (more < Long.MAX_VALUE && given == uncapped && (free.capPerInvoice() == null || given < free.capPerInvoice().milli()))
            candidate.nextFree(free.count().basis(), from, more, reward);
    }

    /// The SKU whose units a set earns: the bought one, or the first that may be chosen.
    RuleBook.Sku rewarded(Mechanic.FreeGoods free, RuleBook.Sku bought) {
        if (free.rewardSkuIds().isEmpty()) return bought;
        RuleBook.Sku first = null;
        for (var id : free.rewardSkuIds()) {
            var sku = bill.engine.sku(id);
            if (sku != null && first == null) first = sku;
            if (sku != null && bill.freeAvailable(sku) > 0) return sku;
        }
        return first;
    }

    /// How many sets earn one whole free unit more than what is bought does; 0: none does.
    long nextSets(Mechanic.FreeGoods free, RuleBook.Sku reward, long bought) {
        long sets = bought / step(free);
        if (!free.repeat() && sets > 0 || reward == null) return 0;
        if (free.freeUnit() == null) return sets + 1;
        long now = earned(free, reward, sets);
        for (long more = sets + 1; more <= (free.repeat() ? sets + 100_000 : 1); more++) if (earned(free, reward, more) > now) return more;
        return 0;
    }

    /// What that step adds: in the scheme's unit of get, or in base units where only whole free units count.
    long gained(Mechanic.FreeGoods free, RuleBook.Sku reward, long sets, long bought) {
        return free.freeUnit() == null ? free.get().milli() : earned(free, reward, sets) - earned(free, reward, bought / step(free));
    }

    private static long earned(Mechanic.FreeGoods free, RuleBook.Sku reward, long sets) {
        return whole(free, reward, base(free, reward, Math.multiplyExact(sets, free.get().milli())));
    }

    void outsideFreeGoods(Candidate candidate, Mechanic.FreeGoods free) {
        if (candidate.rule.namesRewards) for (var id : candidate.rule.scheme.rewardSkuIds())
            if (bill.engine.sku(id) == null) {
                bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, id, "PX-20",
                        Engine.values("schemeId", candidate.rule.scheme.id(), "rewardSkuId", id), List.of());
                return;
            }
        var grants = grants(candidate, free, false);
        if (run.isOff(candidate)) {
            for (var grant : grants) candidate.benefit += worth(candidate, free, grant.sku, grant.free);
            candidate.principalShare = Fixed.fraction(candidate.benefit, candidate.rule.principalMicros);
            candidate.distributorShare = candidate.benefit - candidate.principalShare;
            candidate.accrued = candidate.benefit != 0;
            if (candidate.benefit != 0) run.periods.accrue(candidate, candidate.retro ? Decision.AccrualKind.RETRO
                    : candidate.rule.scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Decision.AccrualKind.PAYOUT : Decision.AccrualKind.CREDIT_NOTE, null, null, candidate.benefit);
        } else for (var grant : grants) {
            if (grant.free == 0) continue;
            if (!bill.light && bill.rate(grant.sku) == null && bill.isTaxed()) {
                bill.refuse(Refusal.Code.TAX_RATE_MISSING, null, grant.sku.id(), "IN-06", Engine.values("hsn", grant.sku.hsn(), "on", bill.on), List.of());
                continue;
            }
            give(candidate, free, grant);
        }
        if (candidate.rule.limited) run.useLimits(candidate);
    }

    private void give(Candidate candidate, Mechanic.FreeGoods free, Grant grant) {
        var sku = grant.sku;
        boolean mayBeLess = free.ifShort() != Scheme.IfShort.REFUSE;
        long wanted = mayBeLess ? Math.min(grant.free, whole(free, sku, bill.freeAvailable(sku))) : grant.free;
        long left = grant.free - hand(candidate, sku, wanted);
        if (left == 0) return;
        if (free.ifShort() == Scheme.IfShort.SUBSTITUTE)
            for (var id : free.substituteSkuIds()) {
                var other = bill.engine.sku(id);
                if (bill.rate(other) == null && bill.isTaxed()) continue;
                left -= hand(candidate, other, whole(free, other, Math.min(left, bill.freeAvailable(other))));
                if (left == 0) return;
            }
        var price = rewardPrice(sku);
        var unit = unitValue(sku, price.price, candidate.active, candidate.activeCount);
        if (unit == null) {
            priceMissing(sku, price.mrp);
            return;
        }
        if (mayBeLess) {
            long value = Fixed.mulDivHalfUp(unit.micros(), left, valueDivisor);
            var reward = new Reward.Fixed(bill.money(value));
            if (!run.alike) run.spread(candidate.rule, reward, candidate.active, 0, candidate.activeCount, false, false, scratch.poolAmounts);
            long total = run.spread(candidate.rule, reward, run.rows(candidate), 0, run.rowCount(candidate), false, false, scratch.amounts);
            bookValue(candidate, total);
            bill.warn(Decision.WarningCode.FREE_GOODS_AS_VALUE, null, sku.id(),
                    Engine.values("scheme", candidate.rule.scheme.code(), "qty", new Qty(left), "value", bill.money(value)));
            return;
        }
        bill.missing(sku.id(), left);
        var row = free(candidate.rule.scheme, sku, price.mrp, unit, price.price != null && price.price.list().taxInclusive(), false);
        add(candidate, row, left);
        candidate.freeQty += left;
    }

    /// Free goods turned into value: already within the limits.
    private void bookValue(Candidate candidate, long total) {
        if (total == 0) return;
        var condition = candidate.condition;
        for (int at = 0; at < run.rowCount(candidate); at++) {
            long amount = scratch.amounts[at];
            if (amount == 0) continue;
            long principal = Fixed.fraction(amount, candidate.rule.principalMicros);
            candidate.benefit += amount;
            candidate.principalShare += principal;
            candidate.distributorShare += amount - principal;
            var part = run.alike ? run.parts[candidate.active[at].place] : candidate.lines[at];
            part.value -= amount;
            part.schemeDiscount += amount;
            part.principalShare += principal;
            part.benefit(candidate, amount, principal);
        }
        for (int at = 0; at < candidate.activeCount; at++)
            if (!run.alike || run.parts[candidate.active[at].place] != candidate.active[at]) candidate.active[at].value -= Math.min(run.alike ? scratch.amounts[at] : scratch.poolAmounts[at], candidate.active[at].value);
        candidate.condition = condition;
    }

    /// Hands out free units from the shelf; the answer is how many were there.
    private long hand(Candidate candidate, RuleBook.Sku sku, long wanted) {
        if (wanted <= 0) return 0;
        if (bill.light) {
            var price = rewardPrice(sku);
            handed(candidate, sku, null, price.mrp, price.price, wanted);
            candidate.freeQty += wanted;
            return wanted;
        }
        long given = wanted - bill.takeFree(sku, wanted, (batch, milli) -> handed(candidate, sku, batch, batch.mrp(), bill.price(sku, batch.mrp(), batch.batchId()), milli));
        candidate.freeQty += given;
        burden(candidate, sku, given);
        return given;
    }

    /// Free units of one batch, or of none where there is no shelf, on their line.
    private void handed(Candidate candidate, RuleBook.Sku sku, DecideCommand.Batch batch, Money mrp, PriceIndex.Price price, long milli) {
        var unit = unitValue(sku, price, candidate.active, candidate.activeCount);
        if (price != null && price.conflict() != null)
            bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, sku.id(), "PX-01", Engine.values("priceListId", price.list().id(), "otherPriceListId", price.conflict().id()), List.of());
        if (unit == null) {
            priceMissing(sku, mrp);
            unit = UnitPrice.ZERO;
        }
        var row = free(candidate.rule.scheme, sku, mrp, unit, price != null && price.list().taxInclusive(), false);
        add(candidate, row, milli);
        if (batch != null) row.takes.add(new Bill.Take(batch, milli));
    }

    private void priceMissing(RuleBook.Sku sku, Money mrp) {
        bill.refuse(Refusal.Code.PRICE_MISSING, null, sku.id(), "PX-27", Engine.values("mrp", mrp, "on", bill.on), List.of());
    }

    /// The distributor's own part of free goods weighs on the floor of the lines that earned them (PX-05).
    private void burden(Candidate candidate, RuleBook.Sku sku, long milli) {
        long own = SchemeRun.MILLION - Math.min(SchemeRun.MILLION, candidate.rule.principalMicros);
        if (own == 0 || sku.pts() == null || milli == 0 || bill.light) return;
        long worth = Fixed.mulDivHalfUp(sku.pts().micros(), milli, valueDivisor);
        int size = run.rowCount(candidate);
        var rows = run.rows(candidate);
        var weights = new long[size];
        long sum = 0;
        for (int at = 0; at < size; at++) sum += weights[at] = rows[at].qty;
        if (sum == 0) return;
        var split = Apportion.split(Fixed.mulDivHalfUp(worth, own, SchemeRun.MILLION), weights);
        for (int at = 0; at < size; at++) (run.alike ? run.parts[candidate.active[at].place] : candidate.lines[at]).freeBurden += split[at];
    }

    /// EX-11: one price for bought and free goods is shared over both by their list values, so that each carries its own tax; or,
    /// as one mixed supply, all of it carries the highest rate.
    void shareSinglePrices() {
        for (int place = 0; place < run.count; place++) {
            var candidate = run.candidates[place];
            if (candidate.freeQty == 0 || !(candidate.rule.mechanic instanceof Mechanic.FreeGoods free) || free.tax() == Scheme.FreeTax.ZERO_PRICED) continue;
            var rows = new ArrayList<Bill.Free>();
            for (var row : bill.frees) if (row.scheme == candidate.rule.scheme) rows.add(row);
            int size = run.rowCount(candidate);
            var own = new Bill.Part[size];
            for (int at = 0; at < size; at++) own[at] = run.alike ? run.parts[candidate.active[at].place] : candidate.lines[at];
            if (free.tax() == Scheme.FreeTax.MIXED_SUPPLY) {
                mixedSupply(own, rows);
                continue;
            }
            // In the order of the tie rule: SKU code, MRP, quantity; then bought before free.
            var order = new ArrayList<Integer>(size + rows.size());
            for (int at = 0; at < size + rows.size(); at++) order.add(at);
            order.sort((one, other) -> {
                int compared = Integer.compare(rank(own, rows, one), rank(own, rows, other));
                if (compared == 0) compared = Bill.compareMrp(one < size ? own[one].mrp : rows.get(one - size).mrp, other < size ? own[other].mrp : rows.get(other - size).mrp);
                if (compared == 0) compared = Long.compare(one < size ? own[one].qty : rows.get(one - size).qty, other < size ? own[other].qty : rows.get(other - size).qty);
                return compared;
            });
            var weights = new long[size + rows.size()];
            long total = 0;
            for (int at = 0; at < size; at++) total = Math.addExact(total, own[at].value);
            for (int at = 0; at < weights.length; at++) {
                int which = order.get(at);
                weights[at] = which < size ? own[which].gross : Fixed.mulDivHalfUp(rows.get(which - size).unit.micros(), rows.get(which - size).qty, valueDivisor);
            }
            if (total <= 0) continue;
            var split = Apportion.split(total, weights);
            for (int at = 0; at < weights.length; at++) {
                int which = order.get(at);
                if (which < size) {
                    own[which].shared += split[at] - own[which].value;
                    own[which].value = split[at];
                } else rows.get(which - size).shared = split[at];
            }
        }
    }

    int rank(Bill.Part[] own, List<Bill.Free> rows, int which) {
        return which < own.length ? own[which].rank : bill.engine.rank(rows.get(which - own.length).sku.id());
    }

    private void mixedSupply(Bill.Part[] own, List<Bill.Free> rows) {
        RuleBook.TaxRate highest = null;
        for (var part : own) highest = higher(highest, bill.rate(part));
        for (var row : rows) highest = higher(highest, bill.rate(row.sku));
        for (var part : own) part.rate = highest;
    }

    private static RuleBook.TaxRate higher(RuleBook.TaxRate one, RuleBook.TaxRate other) {
        if (one == null || other == null) return one == null ? other : one;
        return other.rate().micros() + other.cess().micros() > one.rate().micros() + one.cess().micros() ? other : one;
    }
}
