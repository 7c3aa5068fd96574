package io.offtake.rules;

import io.offtake.rules.Decision.Condition;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;
import io.offtake.rules.Scheme.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The schemes on one bill: who is eligible, who wins its exclusion group (PX-22), what each gives in the order of
/// PX-21, and the trace of why and why not. What is counted and compared is taken from pools (equal lines merged), so
/// splitting, merging or reordering lines decides nothing; money is rounded on the lines themselves.
final class SchemeRun {
    private final Bill bill;
    private final int scale;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, FreeValue> rewardPrices = new HashMap<>(4);

    /// The price at which a free unit of a SKU is valued: that of the batch it would leave from.
    private record FreeValue(Money mrp, PriceIndex.Price price) {}

    /// One scheme whose products are on the bill.
    private static final class Candidate {
        final int place;
        final Scheme scheme;
        final List<Bill.Pool> pools = new ArrayList<>();
        /// The pools it may still work on, after exclusion, and their lines in the order of the tie rule.
        List<Bill.Pool> active = List.of();
        List<Bill.Part> lines = List.of();
        Condition condition;
        String wanted, found;
        long benefit, freeQty, principalShare, distributorShare;
        Decision.NextStep next;

        Candidate(int place, Scheme scheme) {
            this.place = place;
            this.scheme = scheme;
        }

        void fails(Condition condition, String wanted, String found) {
            this.condition = condition;
            this.wanted = wanted;
            this.found = found;
        }
    }

    SchemeRun(Bill bill) {
        this.bill = bill;
        this.scale = bill.scale;
    }

    void run() {
        collect();
        if (candidates.isEmpty()) return;
        choose();
        for (var candidate : candidates) candidate.lines = lines(candidate.active);
        insideFreeGoods();
        for (var candidate : candidates) {
            if (candidate.condition != null || candidate.active.isEmpty()) continue;
            switch (candidate.scheme.mechanic()) {
                case Mechanic.Discount discount -> takeOff(candidate, discount.reward());
                case Mechanic.WholeSlab whole -> slab(candidate, whole);
                case Mechanic.FreeGoods free -> {
                    if (!free.inside()) outsideFreeGoods(candidate, free);
                }
            }
        }
    }

    // ---- candidates ----

    private void collect() {
        var index = bill.engine.schemes;
        int rank = -1;
        int[] places = SchemeIndex.NONE;
        var byPlace = new HashMap<Integer, Candidate>();
        for (var pool : bill.pools) {
            if (pool.rank != rank) {
                rank = pool.rank;
                places = index.of(pool.sku.id());
            }
            for (int place : places) {
                var candidate = byPlace.get(place);
                if (candidate == null) {
                    candidate = new Candidate(place, index.schemes[place]);
                    byPlace.put(place, candidate);
                    candidates.add(candidate);
                }
                candidate.pools.add(pool);
            }
        }
        if (candidates.size() > 1) candidates.sort(Comparator.comparingInt(candidate -> candidate.place));
        Map<String, Candidate> newest = new HashMap<>();
        for (var candidate : candidates) {
            var failed = SchemeIndex.failing(candidate.scheme, bill.command);
            if (failed != null) {
                candidate.fails(failed.condition(), failed.wanted(), failed.found());
                if (failed.condition() == Condition.NOT_IN_FORCE) continue;
            }
            // Of two versions in force, the later one counts.
            var other = newest.get(candidate.scheme.id());
            if (other == null || other.scheme.version() < candidate.scheme.version()) newest.put(candidate.scheme.id(), candidate);
        }
        candidates.removeIf(candidate -> {
            var kept = newest.get(candidate.scheme.id());
            return kept != null && kept != candidate;
        });
        for (var candidate : candidates) if (candidate.condition == null) candidate.active = candidate.pools;
    }

    private List<Bill.Part> lines(List<Bill.Pool> pools) {
        if (pools.isEmpty()) return List.of();
        if (pools.size() == bill.pools.size()) return bill.parts;
        var lines = new ArrayList<Bill.Part>(bill.parts.size());
        for (var part : bill.parts) if (pools.contains(part.pool)) lines.add(part);
        return lines;
    }

    // ---- exclusion groups (PX-22) ----

    private void choose() {
        List<String> groups = null;
        for (var candidate : candidates) {
            var group = candidate.scheme.exclusionGroup();
            if (group == null || candidate.condition != null) continue;
            if (groups == null) groups = new ArrayList<>(2);
            if (!groups.contains(group)) groups.add(group);
        }
        if (groups == null) return;
        for (var group : groups) {
            var members = new ArrayList<Candidate>();
            for (var candidate : candidates)
                if (candidate.condition == null && group.equals(candidate.scheme.exclusionGroup())) members.add(candidate);
            if (members.size() > 1) choose(members);
        }
    }

    private static final Comparator<Candidate> BY_PRIORITY = Comparator.<Candidate>comparingInt(candidate -> candidate.scheme.priority())
            .thenComparing(candidate -> candidate.scheme.code()).thenComparing(candidate -> candidate.scheme.id());

    /// Greedy: each candidate is valued alone on gross over what is left; the winner takes its pools, then again. A pool (lines
    /// equal in SKU, MRP and price) that a scheme of the group has used is closed to the others.
    private void choose(List<Candidate> members) {
        members.sort(BY_PRIORITY);
        var choice = members.getFirst().scheme.choice();
        for (var member : members)
            if (member.scheme.choice() != choice) {
                conflict(members.getFirst(), member, "choice");
                return;
            }
        var winners = new HashMap<Bill.Pool, Candidate>();
        var waiting = new ArrayList<>(members);
        while (!waiting.isEmpty()) {
            Candidate best = null;
            List<Bill.Pool> bestPools = null;
            long bestValue = 0;
            for (var member : waiting) {
                var open = open(member, winners);
                if (open.isEmpty()) continue;
                long value = valueAlone(member, open);
                if (value <= 0) continue;
                if (best == null || (choice == Scheme.Choice.BEST_FOR_OUTLET && value > bestValue)) {
                    best = member;
                    bestPools = open;
                    bestValue = value;
                }
            }
            if (best == null) break;
            best.active = bestPools;
            for (var pool : consumed(best, bestPools)) winners.put(pool, best);
            waiting.remove(best);
        }
        for (var member : waiting) {
            Candidate winner = null;
            for (var pool : member.pools) if (winner == null) winner = winners.get(pool);
            if (winner != null && valueAlone(member, member.pools) > 0) {
                member.active = List.of();
                member.fails(Condition.EXCLUDED, member.scheme.exclusionGroup(), winner.scheme.code());
            }
            // else: it gives nothing on its own either; the evaluation will say why.
        }
    }

    private static List<Bill.Pool> open(Candidate member, Map<Bill.Pool, Candidate> winners) {
        if (winners.isEmpty()) return member.pools;
        var open = new ArrayList<Bill.Pool>(member.pools.size());
        for (var pool : member.pools) if (!winners.containsKey(pool)) open.add(pool);
        return open;
    }

    private long valueAlone(Candidate candidate, List<Bill.Pool> pools) {
        return switch (candidate.scheme.mechanic()) {
            case Mechanic.Discount discount -> sum(amounts(candidate.scheme, discount.reward(), pools, true));
            case Mechanic.WholeSlab whole -> {
                var slab = reached(whole, counted(whole.basis(), pools, true));
                yield slab == null ? 0 : sum(amounts(candidate.scheme, slab.reward(), pools, true));
            }
            case Mechanic.FreeGoods free -> {
                long value = 0;
                for (var grant : grants(free, pools)) value += valueOf(grant.sku, grant.free, pools);
                yield value;
            }
        };
    }

    private static long sum(long[] amounts) {
        long sum = 0;
        for (long amount : amounts) sum = Math.addExact(sum, amount);
        return sum;
    }

    /// The pools whose units a benefit used up.
    private List<Bill.Pool> consumed(Candidate candidate, List<Bill.Pool> open) {
        if (!(candidate.scheme.mechanic() instanceof Mechanic.FreeGoods free)) return open;
        var pools = new ArrayList<Bill.Pool>();
        for (var grant : grants(free, open)) {
            long used = grant.used;
            for (var pool : open) {
                if (used <= 0) break;
                if (free.rewardSkuId() == null && pool.sku != grant.sku) continue;
                used -= pool.qty;
                if (!pools.contains(pool)) pools.add(pool);
            }
        }
        return pools;
    }

    // ---- M1 and M2 ----

    private void slab(Candidate candidate, Mechanic.WholeSlab whole) {
        long counted = counted(whole.basis(), candidate.active, false);
        var slab = reached(whole, counted);
        for (var above : whole.slabs())
            if (above.from() > counted) {
                candidate.next = new Decision.NextStep(whole.basis(), SchemeIndex.basisText(whole.basis(), above.from(), scale),
                        SchemeIndex.basisText(whole.basis(), above.from() - counted, scale), kind(above.reward()), text(above.reward()));
                break;
            }
        if (slab == null)
            candidate.fails(Condition.THRESHOLD, SchemeIndex.basisText(whole.basis(), whole.slabs().getFirst().from(), scale),
                    SchemeIndex.basisText(whole.basis(), counted, scale));
        else takeOff(candidate, slab.reward());
    }

    private static Scheme.Slab reached(Mechanic.WholeSlab whole, long counted) {
        Scheme.Slab reached = null;
        for (var slab : whole.slabs()) if (slab.from() <= counted) reached = slab;
        return reached;
    }

    private static long counted(Scheme.Basis basis, List<Bill.Pool> pools, boolean alone) {
        long sum = 0;
        for (var pool : pools)
            sum = Math.addExact(sum, switch (basis) {
                case BASE_QTY -> pool.qty;
                case GROSS_VALUE -> pool.gross;
                case NET_VALUE -> alone ? pool.gross : pool.value;
            });
        return sum;
    }

    private static Decision.RewardKind kind(Reward reward) {
        return switch (reward) {
            case Reward.Percent percent -> Decision.RewardKind.PERCENT;
            case Reward.PerUnit perUnit -> Decision.RewardKind.PER_UNIT;
            case Reward.Fixed fixed -> Decision.RewardKind.FIXED;
        };
    }

    private static String text(Reward reward) {
        return switch (reward) {
            case Reward.Percent percent -> percent.rate().toString();
            case Reward.PerUnit perUnit -> perUnit.amount().toString();
            case Reward.Fixed fixed -> fixed.amount().toString();
        };
    }

    private void takeOff(Candidate candidate, Reward reward) {
        for (var part : candidate.lines) {
            if (part.stackedStage == candidate.scheme.stage() && part.stackedAs != candidate.scheme.stacking()) {
                conflict(candidate, candidate, "stacking");
                return;
            }
        }
        var ofPools = amounts(candidate.scheme, reward, candidate.active, false);
        book(candidate, amounts(candidate.scheme, reward, candidate.lines, false), ofPools);
        for (var part : candidate.lines) {
            part.stackedStage = candidate.scheme.stage();
            part.stackedAs = candidate.scheme.stacking();
        }
        if (candidate.benefit == 0) candidate.fails(Condition.NO_VALUE, null, null);
    }

    private void conflict(Candidate one, Candidate other, String what) {
        bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, null, what.equals("choice") ? "PX-22" : "PX-23",
                Engine.values("schemeId", one.scheme.id(), "otherSchemeId", other.scheme.id(), "differ", what), List.of());
    }

    /// What a reward takes off each line (or pool). At CONTRACT and LINE each part rounds on its own; at GROUP and BILL the whole rounds
    /// once and is split by net value (PX-25, PX-26). Never more than is left.
    private long[] amounts(Scheme scheme, Reward reward, List<? extends Bill.Row> parts, boolean alone) {
        boolean onGross = alone || scheme.stacking() == Scheme.Stacking.ADDITIVE;
        boolean lineByLine = scheme.stage() == Stage.CONTRACT || scheme.stage() == Stage.LINE;
        var amounts = new long[parts.size()];
        if (lineByLine && !(reward instanceof Reward.Fixed)) {
            for (int at = 0; at < amounts.length; at++) {
                var part = parts.get(at);
                long amount = switch (reward) {
                    case Reward.Percent percent -> Fixed.mulDivHalfUp(onGross ? part.gross : part.value, percent.rate().micros(), 1_000_000);
                    case Reward.PerUnit perUnit -> Fixed.mulDivHalfUp(perUnit.amount().micros(), part.qty, Fixed.power10(9 - scale));
                    case Reward.Fixed fixed -> 0;
                };
                amounts[at] = Math.min(amount, alone ? part.gross : part.value);
            }
            return amounts;
        }
        int from = 0;
        while (from < amounts.length) {
            int to = from + 1;
            if (lineByLine) while (to < amounts.length && parts.get(to).rank == parts.get(from).rank) to++;
            else to = amounts.length;
            spread(reward, parts, from, to, onGross, alone, amounts);
            from = to;
        }
        return amounts;
    }

    private void spread(Reward reward, List<? extends Bill.Row> parts, int from, int to, boolean onGross, boolean alone, long[] amounts) {
        long base = 0, left = 0, qty = 0;
        var weights = new long[to - from];
        for (int at = from; at < to; at++) {
            var part = parts.get(at);
            base = Math.addExact(base, onGross ? part.gross : part.value);
            weights[at - from] = alone ? part.gross : part.value;
            left = Math.addExact(left, weights[at - from]);
            qty = Math.addExact(qty, part.qty);
        }
        long total = switch (reward) {
            case Reward.Percent percent -> Fixed.mulDivHalfUp(base, percent.rate().micros(), 1_000_000);
            case Reward.PerUnit perUnit -> Fixed.mulDivHalfUp(perUnit.amount().micros(), qty, Fixed.power10(9 - scale));
            case Reward.Fixed fixed -> fixed.amount().units();
        };
        var split = Apportion.split(Math.min(total, left), weights);
        System.arraycopy(split, 0, amounts, from, split.length);
    }

    /// Books a money benefit on the parts, with who pays it (PX-28).
    private void book(Candidate candidate, long[] amounts, long[] ofPools) {
        var scheme = candidate.scheme;
        for (int at = 0; at < ofPools.length; at++) candidate.active.get(at).value -= ofPools[at];
        for (int at = 0; at < amounts.length; at++) {
            long amount = amounts[at];
            if (amount == 0) continue;
            var part = candidate.lines.get(at);
            part.value -= amount;
            part.schemeDiscount += amount;
            long principal = Fixed.mulDivHalfUp(amount, scheme.principalShare().micros(), 1_000_000);
            part.principalShare += principal;
            candidate.benefit += amount;
            candidate.principalShare += principal;
            candidate.distributorShare += amount - principal;
            part.benefits.add(new Decision.LineBenefit(scheme.id(), scheme.version(), scheme.stage(), bill.money(amount), bill.money(principal),
                    bill.money(amount - principal)));
        }
    }

    // ---- M4 ----

    /// Free units of one SKU, the bought units that they used up, and what they would be without the cap.
    private record Grant(RuleBook.Sku sku, long free, long used, long uncapped) {}

    private List<Grant> grants(Mechanic.FreeGoods free, List<Bill.Pool> pools) {
        var grants = new ArrayList<Grant>(2);
        long cap = free.capPerInvoice() == null ? Long.MAX_VALUE : free.capPerInvoice().milli();
        if (free.rewardSkuId() != null) {
            long bought = 0;
            for (var pool : pools) bought += pool.qty;
            var sku = bill.engine.sku(free.rewardSkuId());
            if (sku != null) grant(grants, free, sku, bought, cap);
            return grants;
        }
        int from = 0;
        while (from < pools.size()) {
            long bought = 0;
            int to = from;
            for (; to < pools.size() && pools.get(to).rank == pools.get(from).rank; to++) bought += pools.get(to).qty;
            cap -= grant(grants, free, pools.get(from).sku, bought, cap);
            from = to;
        }
        return grants;
    }

    private static long step(Mechanic.FreeGoods free) {
        return free.inside() ? free.buy().milli() + free.get().milli() : free.buy().milli();
    }

    private static long grant(List<Grant> grants, Mechanic.FreeGoods free, RuleBook.Sku sku, long bought, long cap) {
        long sets = bought / step(free);
        if (!free.repeat()) sets = Math.min(sets, 1);
        if (sets == 0) return 0;
        long earned = whole(sku, Math.multiplyExact(sets, free.get().milli()));
        long given = whole(sku, Math.min(earned, cap));
        long usedSets = given == earned ? sets : (given + free.get().milli() - 1) / free.get().milli();
        grants.add(new Grant(sku, given, usedSets * step(free), earned));
        return given;
    }

    /// Free quantities round down to whole base units (PX-25).
    private static long whole(RuleBook.Sku sku, long milli) {
        return sku.qtyScale() == 0 ? milli - milli % 1000 : milli;
    }

    private FreeValue rewardPrice(RuleBook.Sku sku) {
        var known = rewardPrices.get(sku.id());
        if (known != null) return known;
        var mrp = sku.mrp();
        for (var place : bill.shelf(sku.id()).places)
            if (place.sellable && place.batch.saleable().isPositive()) {
                mrp = place.batch.mrp();
                break;
            }
        var reward = new FreeValue(mrp, bill.price(sku, mrp, null));
        rewardPrices.put(sku.id(), reward);
        return reward;
    }

    /// At the outlet's list price; goods without one are valued at what the bill charges for them, or at nothing.
    private UnitPrice unitValue(RuleBook.Sku sku, PriceIndex.Price price, List<Bill.Pool> pools) {
        if (price != null) return price.unit();
        for (var pool : pools) if (pool.sku == sku) return pool.unit;
        return null;
    }

    private long valueOf(RuleBook.Sku sku, long milli, List<Bill.Pool> pools) {
        var unit = unitValue(sku, rewardPrice(sku).price, pools);
        return unit == null ? 0 : Fixed.mulDivHalfUp(unit.micros(), milli, Fixed.power10(9 - scale));
    }

    /// "11+1 included": the free units come out of the ordered quantity, the cheapest first, and leave the billed value
    /// before any other scheme is worked out.
    private void insideFreeGoods() {
        for (var candidate : candidates) {
            if (candidate.condition != null || candidate.active.isEmpty()) continue;
            if (!(candidate.scheme.mechanic() instanceof Mechanic.FreeGoods free) || !free.inside()) continue;
            var grants = grants(free, candidate.active);
            afterGrants(candidate, free, grants);
            for (var grant : grants) {
                if (grant.free == 0) continue;
                burden(candidate, grant.sku, grant.free);
                var cheapest = new ArrayList<Bill.Pool>(2);
                for (var pool : candidate.active) if (pool.sku == grant.sku) cheapest.add(pool);
                cheapest.sort(Comparator.comparing(pool -> pool.unit));
                long left = grant.free;
                for (var pool : cheapest) {
                    // The manual discount tells lines of a pool apart: its order must not depend on how lines are split.
                    var parts = new ArrayList<>(pool.parts);
                    parts.sort(Comparator.comparingLong(part -> -Bill.manual(part)));
                    for (var part : parts) {
                        long milli = Math.min(left, part.qty);
                        if (milli == 0) continue;
                        left -= milli;
                        takeOut(candidate, part, milli);
                    }
                    pool.reprice(scale);
                }
            }
        }
    }

    /// Turns billed units of a line into free ones, from the end of its batches.
    private void takeOut(Candidate candidate, Bill.Part part, long milli) {
        var row = free(candidate.scheme, part.sku, part.mrp, part.unit, part.inclusive, true);
        row.qty += milli;
        part.qty -= milli;
        part.pool.qty -= milli;
        part.reprice(scale);
        candidate.freeQty += milli;
        candidate.benefit += Fixed.mulDivHalfUp(part.unit.micros(), milli, Fixed.power10(9 - scale));
        for (int at = part.takes.size() - 1; at >= 0 && milli > 0; at--) {
            var take = part.takes.get(at);
            long moved = Math.min(take.milli, milli);
            if (moved == 0) continue;
            take.milli -= moved;
            milli -= moved;
            row.takes.add(new Bill.Take(take.batch, moved));
        }
    }

    private Bill.Free free(Scheme scheme, RuleBook.Sku sku, Money mrp, UnitPrice unit, boolean inclusive, boolean inside) {
        for (var row : bill.frees)
            if (row.scheme == scheme && row.sku == sku && row.inside == inside && row.unit.equals(unit) && java.util.Objects.equals(row.mrp, mrp)) return row;
        var row = new Bill.Free();
        row.scheme = scheme;
        row.sku = sku;
        row.mrp = mrp;
        row.unit = unit;
        row.inclusive = inclusive;
        row.inside = inside;
        bill.frees.add(row);
        return row;
    }

    /// Says in the trace what was reached, what the cap cut, and what the next set needs.
    private void afterGrants(Candidate candidate, Mechanic.FreeGoods free, List<Grant> grants) {
        long uncapped = 0, given = 0;
        for (var grant : grants) {
            uncapped += grant.uncapped;
            given += grant.free;
        }
        var step = new Qty(step(free));
        long most = 0, more = Long.MAX_VALUE, from = 0;
        for (int at = 0; at < candidate.active.size(); ) {
            long bought = 0;
            int to = at;
            while (to < candidate.active.size() && (free.rewardSkuId() != null || candidate.active.get(to).rank == candidate.active.get(at).rank))
                bought += candidate.active.get(to++).qty;
            at = to;
            most = Math.max(most, bought);
            long need = step.milli() - bought % step.milli();
            if ((free.repeat() || bought < step.milli()) && need < more) {
                more = need;
                from = bought + need;
            }
        }
        if (uncapped == 0) candidate.fails(Condition.THRESHOLD, step.toString(), new Qty(most).toString());
        else if (given < uncapped) candidate.fails(Condition.CAP, free.capPerInvoice().toString(), new Qty(uncapped).toString());
        if (more < Long.MAX_VALUE && given == uncapped && (free.capPerInvoice() == null || given < free.capPerInvoice().milli()))
            candidate.next = new Decision.NextStep(Scheme.Basis.BASE_QTY, new Qty(from).toString(), new Qty(more).toString(),
                    Decision.RewardKind.FREE_QTY, free.get().toString());
    }

    private void outsideFreeGoods(Candidate candidate, Mechanic.FreeGoods free) {
        if (free.rewardSkuId() != null && bill.engine.sku(free.rewardSkuId()) == null) {
            bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, free.rewardSkuId(), "PX-20",
                    Engine.values("schemeId", candidate.scheme.id(), "rewardSkuId", free.rewardSkuId()), List.of());
            return;
        }
        var grants = grants(free, candidate.active);
        afterGrants(candidate, free, grants);
        for (var grant : grants) {
            if (grant.free == 0) continue;
            if (bill.rate(grant.sku) == null && bill.isTaxed()) {
                bill.refuse(Refusal.Code.TAX_RATE_MISSING, null, grant.sku.id(), "IN-06", Engine.values("hsn", grant.sku.hsn(), "on", bill.on), List.of());
                continue;
            }
            give(candidate, free, grant);
        }
    }

    private void give(Candidate candidate, Mechanic.FreeGoods free, Grant grant) {
        var sku = grant.sku;
        var shelf = bill.shelf(sku.id());
        long wanted = grant.free;
        boolean asValue = free.ifShort() == Scheme.IfShort.VALUE_AT_PTR;
        if (asValue) wanted = Math.min(wanted, whole(sku, shelf.sellableLeft()));
        long given = wanted - shelf.take(wanted, null, (place, milli) -> {
            var batch = shelf.places[place].batch;
            var price = bill.price(sku, batch.mrp(), batch.batchId());
            var unit = unitValue(sku, price, candidate.active);
            if (unit == null) {
                priceMissing(sku, batch.mrp());
                unit = UnitPrice.ZERO;
            }
            var row = free(candidate.scheme, sku, batch.mrp(), unit, price != null && price.list().taxInclusive(), false);
            row.qty += milli;
            row.takes.add(new Bill.Take(batch, milli));
            candidate.benefit += Fixed.mulDivHalfUp(unit.micros(), milli, Fixed.power10(9 - scale));
        });
        candidate.freeQty += given;
        burden(candidate, sku, given);
        long left = grant.free - given;
        if (left == 0) return;
        var price = rewardPrice(sku);
        var unit = unitValue(sku, price.price, candidate.active);
        if (unit == null) {
            priceMissing(sku, price.mrp);
            return;
        }
        if (asValue) {
            long value = Fixed.mulDivHalfUp(unit.micros(), left, Fixed.power10(9 - scale));
            var reward = new Reward.Fixed(bill.money(value));
            var ofPools = new long[candidate.active.size()];
            spread(reward, candidate.active, 0, ofPools.length, false, false, ofPools);
            var amounts = new long[candidate.lines.size()];
            spread(reward, candidate.lines, 0, amounts.length, false, false, amounts);
            book(candidate, amounts, ofPools);
            bill.warn(Decision.WarningCode.FREE_GOODS_AS_VALUE, null, sku.id(),
                    Engine.values("scheme", candidate.scheme.code(), "qty", new Qty(left), "value", bill.money(value)));
            return;
        }
        bill.missing(sku.id(), left);
        var row = free(candidate.scheme, sku, price.mrp, unit, price.price != null && price.price.list().taxInclusive(), false);
        row.qty += left;
        candidate.freeQty += left;
        candidate.benefit += Fixed.mulDivHalfUp(unit.micros(), left, Fixed.power10(9 - scale));
    }

    private void priceMissing(RuleBook.Sku sku, Money mrp) {
        bill.refuse(Refusal.Code.PRICE_MISSING, null, sku.id(), "PX-27", Engine.values("mrp", mrp, "on", bill.on), List.of());
    }

    /// The distributor's own part of free goods weighs on the floor of the lines that earned them (PX-05).
    private void burden(Candidate candidate, RuleBook.Sku sku, long milli) {
        long own = 1_000_000 - Math.min(1_000_000, candidate.scheme.principalShare().micros());
        if (own == 0 || sku.pts() == null || milli == 0) return;
        long worth = Fixed.mulDivHalfUp(sku.pts().micros(), milli, Fixed.power10(9 - scale));
        var weights = new long[candidate.lines.size()];
        long sum = 0;
        for (int at = 0; at < weights.length; at++) sum += weights[at] = candidate.lines.get(at).qty;
        if (sum == 0) return;
        var split = Apportion.split(Fixed.mulDivHalfUp(worth, own, 1_000_000), weights);
        for (int at = 0; at < weights.length; at++) candidate.lines.get(at).freeBurden += split[at];
    }

    /// EX-11: one price for bought and free goods is shared over both by their list values, so that each carries its own tax.
    void shareSinglePrices() {
        for (var candidate : candidates) {
            if (candidate.freeQty == 0 || !(candidate.scheme.mechanic() instanceof Mechanic.FreeGoods free)
                    || free.tax() != Scheme.FreeTax.SINGLE_PRICE_ALLOCATED) continue;
            var rows = new ArrayList<Bill.Free>();
            for (var row : bill.frees) if (row.scheme == candidate.scheme) rows.add(row);
            int bought = candidate.lines.size();
            var weights = new long[bought + rows.size()];
            long total = 0;
            for (int at = 0; at < bought; at++) {
                weights[at] = candidate.lines.get(at).gross;
                total = Math.addExact(total, candidate.lines.get(at).value);
            }
            for (int at = 0; at < rows.size(); at++)
                weights[bought + at] = Fixed.mulDivHalfUp(rows.get(at).unit.micros(), rows.get(at).qty, Fixed.power10(9 - scale));
            if (total <= 0) continue;
            var split = Apportion.split(total, weights);
            for (int at = 0; at < bought; at++) {
                var part = candidate.lines.get(at);
                part.shared += split[at] - part.value;
                part.value = split[at];
            }
            for (int at = 0; at < rows.size(); at++) rows.get(at).shared = split[bought + at];
        }
    }

    // ---- what came of it ----

    List<Decision.SchemeBenefit> benefits(List<Decision.FreeLine> freeLines) {
        var rows = new ArrayList<Decision.SchemeBenefit>();
        for (var candidate : candidates) {
            var scheme = candidate.scheme;
            long discount = candidate.principalShare + candidate.distributorShare;
            long value = 0, cost = 0, principal = 0;
            boolean gave = discount != 0;
            for (var line : freeLines) {
                if (!line.schemeId().equals(scheme.id())) continue;
                gave = true;
                value += line.value().units();
                cost += line.cost().units();
                principal += line.claimValue().timesHalfUp(scheme.principalShare()).units();
            }
            if (!gave) continue;
            long claim = scheme.claimable() ? candidate.principalShare + principal : 0;
            rows.add(new Decision.SchemeBenefit(scheme.id(), scheme.version(), scheme.code(), bill.money(discount), bill.money(candidate.principalShare),
                    bill.money(candidate.distributorShare), bill.money(value), bill.money(cost), bill.money(principal), bill.money(claim)));
        }
        return rows;
    }

    List<Decision.SchemeTrace> trace() {
        var rows = new ArrayList<Decision.SchemeTrace>(candidates.size());
        for (var candidate : candidates) {
            var lines = new ArrayList<Integer>();
            for (var pool : candidate.pools)
                for (var part : pool.parts) if (!lines.contains(part.line.line())) lines.add(part.line.line());
            lines.sort(null);
            boolean applied = candidate.benefit != 0 || candidate.freeQty != 0;
            rows.add(new Decision.SchemeTrace(candidate.scheme.id(), candidate.scheme.version(), candidate.scheme.code(), lines, applied,
                    candidate.condition, candidate.wanted, candidate.found, bill.money(candidate.benefit), new Qty(candidate.freeQty), candidate.next));
        }
        return rows;
    }
}
