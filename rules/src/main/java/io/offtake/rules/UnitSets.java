package io.offtake.rules;

import io.offtake.rules.Decision.Condition;
import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;
import java.util.List;

/// Schemes that work on sets of units of one bill: the cheapest free (M4), combos (M5), bundle prices (M7).
final class UnitSets {
    private final SchemeRun run;
    private final Engine.Scratch scratch;
    private final long valueDivisor;

    UnitSets(SchemeRun run) {
        this.run = run;
        this.scratch = run.scratch;
        this.valueDivisor = run.valueDivisor;
    }

    /// Marks on the active pools how many units are free: the cheapest of all.
    long cheapestSets(Candidate candidate, Mechanic.CheapestFree cheapest, boolean quiet) {
        long bought = 0;
        for (int at = 0; at < candidate.activeCount; at++) {
            bought = Math.addExact(bought, candidate.active[at].qty);
            candidate.active[at].used = 0;
            candidate.active[at].usedOf = candidate.active[at].qty;
        }
        long step = cheapest.buy().milli(), sets = bought / step;
        if (!cheapest.repeat()) sets = Math.min(sets, 1);
        long earned = Math.multiplyExact(sets, cheapest.get().milli());
        long free = cheapest.capPerInvoice() == null ? earned : Math.min(earned, cheapest.capPerInvoice().milli());
        if (!quiet) {
            if (sets == 0) candidate.fails(Condition.THRESHOLD, Basis.BASE_QTY, step, bought);
            else if (free < earned) candidate.fails(Condition.CAP, Basis.BASE_QTY, free, earned);
            if ((cheapest.repeat() || sets == 0) && free == earned && (cheapest.capPerInvoice() == null || free < cheapest.capPerInvoice().milli())) {
                long more = step - bought % step;
                candidate.next(Basis.BASE_QTY, bought + more, more, Decision.RewardKind.FREE_QTY, cheapest.get().toString());
            }
        }
        while (free > 0) {
            Bill.Pool lowest = null;
            for (int at = 0; at < candidate.activeCount; at++) {
                var pool = candidate.active[at];
                if (pool.used == 0 && pool.qty > 0 && (lowest == null || pool.unit.micros() < lowest.unit.micros())) lowest = pool;
            }
            if (lowest == null) break;
            lowest.used = Math.min(free, lowest.qty);
            free -= lowest.used;
        }
        return sets;
    }

    void sets(Candidate candidate, long sets) {
        if (sets == 0 || run.mixes(candidate)) return;
        if (!run.alike) {
            // Slots are those of the scheme that looked at the lines last.
            for (int at = 0; at < candidate.lineCount; at++) candidate.lines[at].slot = at;
            unitValues(candidate.active, candidate.activeCount, candidate.rule.additive, scratch.poolAmounts);
        }
        run.book(candidate, run.alike ? unitValues(candidate.active, candidate.activeCount, candidate.rule.additive, scratch.amounts) : lineValues(candidate, scratch.amounts));
    }

    long setsTotal(Candidate candidate, long sets, boolean alone) {
        if (sets == 0) return 0;
        long sum = 0;
        for (int at = 0; at < candidate.activeCount; at++) sum += unitValue(candidate.active[at], alone);
        return sum;
    }

    /// The value of the units used of a pool, at what is left of its value or at list.
    private static long unitValue(Bill.Row row, boolean onGross) {
        long value = onGross ? row.gross : row.value;
        return row.used == row.usedOf ? value : row.used == 0 ? 0 : Fixed.mulDivHalfUp(value, row.used, row.usedOf);
    }

    private static long unitValues(Bill.Row[] rows, int size, boolean onGross, long[] out) {
        long sum = 0;
        for (int at = 0; at < size; at++) sum += out[at] = Math.min(unitValue(rows[at], onGross), rows[at].value);
        return sum;
    }

    /// The same on the lines: equal units are the same goods, so that each line of a pool has its part of what the pool's units are worth,
    /// however the quantity was split over lines.
    private long lineValues(Candidate candidate, long[] out) {
        long sum = 0;
        var weights = scratch.weights;
        for (int at = 0; at < candidate.activeCount; at++) {
            var pool = candidate.active[at];
            long base = 0, left = 0;
            int size = 0;
            for (var part : pool.parts()) {
                base = Math.addExact(base, candidate.rule.additive ? part.gross : part.value);
                weights[size++] = part.value;
                left = Math.addExact(left, part.value);
            }
            long total = pool.used == 0 || pool.qty == 0 ? 0 : Math.min(pool.used == pool.qty ? base : Fixed.mulDivHalfUp(base, pool.used, pool.qty), left);
            var split = new long[size];
            Apportion.split(total, weights, 0, size, split, scratch.rests);
            for (int part = 0; part < size; part++) out[pool.parts().get(part).slot] = split[part];
            sum += total;
        }
        return sum;
    }

    /// Takes `sets` times each group's units from the active pools, in the order of SKU code, MRP, price.
    static void takeUnits(Candidate candidate, List<Scheme.Part> groups, long sets) {
        for (int at = 0; at < candidate.activeCount; at++) {
            candidate.active[at].used = 0;
            candidate.active[at].usedOf = candidate.active[at].qty;
        }
        for (int group = 0; group < groups.size(); group++) {
            long left = Math.multiplyExact(sets, groups.get(group).qty().milli());
            for (int at = 0; at < candidate.activeCount && left > 0; at++) {
                var pool = candidate.active[at];
                if (groupOf(candidate, pool) != group) continue;
                pool.used = Math.min(left, pool.qty);
                left -= pool.used;
            }
        }
    }

    private static int groupOf(Candidate candidate, Bill.Pool pool) {
        var group = candidate.rule.groupOfRank.get(pool.rank);
        return group == null ? -1 : group;
    }

    /// The units used of a pool lie on its lines in proportion.
    private void partUnits(Candidate candidate) {
        if (run.alike) return;
        for (int at = 0; at < candidate.activeCount; at++)
            for (var part : candidate.active[at].parts()) {
                part.used = candidate.active[at].used;
                part.usedOf = candidate.active[at].qty;
            }
    }

    /// Whole sets of the groups that are there; `short` of the first group that has none.
    private long wholeSets(Candidate candidate, List<Scheme.Part> groups) {
        long sets = Long.MAX_VALUE;
        for (int group = 0; group < groups.size(); group++) {
            long qty = 0;
            for (int at = 0; at < candidate.activeCount; at++) if (groupOf(candidate, candidate.active[at]) == group) qty = Math.addExact(qty, candidate.active[at].qty);
            sets = Math.min(sets, qty / groups.get(group).qty().milli());
        }
        return sets;
    }

    private void nextSet(Candidate candidate, List<Scheme.Part> groups, long sets, boolean once, Decision.RewardKind kind, String reward) {
        if (once && sets > 0) return;
        // The group that lacks most of its part of the next set is what stands in the way.
        for (int group = 0; group < groups.size(); group++) {
            long qty = 0, want = Math.multiplyExact(sets + 1, groups.get(group).qty().milli());
            for (int at = 0; at < candidate.activeCount; at++) if (groupOf(candidate, candidate.active[at]) == group) qty += candidate.active[at].qty;
            if (qty >= want) continue;
            if (sets == 0) candidate.fails(Condition.THRESHOLD, Basis.BASE_QTY, want, qty);
            candidate.next(Basis.BASE_QTY, want, want - qty, kind, reward);
            candidate.nextGroup = group;
            return;
        }
    }

    /// How many sets (1 if not repeated) are reached; 0 with the reason said unless `quiet`.
    long comboSets(Candidate candidate, Mechanic.Combo combo, boolean quiet) {
        long sets = 1;
        if (!combo.groups().isEmpty()) {
            sets = wholeSets(candidate, combo.groups());
            if (!quiet) nextSet(candidate, combo.groups(), sets, !combo.repeat(), SchemeRun.kind(combo.reward()), SchemeRun.text(combo.reward()));
            if (sets == 0) return 0;
        }
        long each = combo.minEach() == null ? 1 : combo.minEach().milli();
        int distinct = 0;
        if (combo.minDistinct() > 0) {
            for (int from = 0; from < candidate.activeCount; ) {
                long qty = 0;
                int rank = candidate.active[from].rank;
                for (; from < candidate.activeCount && candidate.active[from].rank == rank; from++) qty += candidate.active[from].qty;
                if (qty >= each) distinct++;
            }
            if (distinct < combo.minDistinct()) {
                if (!quiet) {
                    candidate.fails(Condition.DISTINCT, Basis.DISTINCT, combo.minDistinct() * 1000L, distinct * 1000L);
                    candidate.next(Basis.DISTINCT, combo.minDistinct() * 1000L, (combo.minDistinct() - distinct) * 1000L, combo.reward());
                    candidate.nextGroup = -1;
                }
                return 0;
            }
        }
        return combo.repeat() ? sets : 1;
    }

    void combo(Candidate candidate, Mechanic.Combo combo) {
        long sets = comboSets(candidate, combo, false);
        if (sets == 0) return;
        if (!combo.repeat()) {
            run.takeOff(candidate, combo.reward());
            return;
        }
        if (run.mixes(candidate)) return;
        takeUnits(candidate, combo.groups(), sets);
        partUnits(candidate);
        if (!run.alike) spreadUnits(candidate.active, candidate.activeCount, comboTotal(candidate.rule, combo, candidate.active, candidate.activeCount, sets, false), scratch.poolAmounts);
        run.book(candidate, spreadUnits(run.rows(candidate), run.rowCount(candidate), comboTotal(candidate.rule, combo, run.rows(candidate), run.rowCount(candidate), sets, false), scratch.amounts));
    }

    /// What whole sets earn alone, before it is split.
    long comboAlone(Candidate candidate, Mechanic.Combo combo, long sets) {
        if (!combo.repeat()) return run.amounts(candidate.rule, combo.reward(), candidate.active, candidate.activeCount, true, scratch.amounts);
        takeUnits(candidate, combo.groups(), sets);
        return comboTotal(candidate.rule, combo, candidate.active, candidate.activeCount, sets, true);
    }

    /// What whole sets earn on rows whose units are marked; rounded once.
    private long comboTotal(Rule rule, Mechanic.Combo combo, Bill.Row[] rows, int size, long sets, boolean alone) {
        long base = 0, rest = 0, left = 0, leftRest = 0, qty = 0, qtyRest = 0;
        for (int at = 0; at < size; at++) {
            var row = rows[at];
            if (row.used == 0 || row.usedOf == 0) continue;
            long value = alone || rule.additive ? row.gross : row.value, own = alone ? row.gross : row.value;
            base = Math.addExact(base, Fixed.mulDivDown(value, row.used, row.usedOf));
            rest += Fixed.fineRest(value, row.used, row.usedOf);
            left = Math.addExact(left, Fixed.mulDivDown(own, row.used, row.usedOf));
            leftRest += Fixed.fineRest(own, row.used, row.usedOf);
            qty += Fixed.mulDivDown(row.qty, row.used, row.usedOf);
            qtyRest += Fixed.fineRest(row.qty, row.used, row.usedOf);
        }
        left += (leftRest + 100) / Fixed.FINE;
        qty += Fixed.roundedOnce(qtyRest);
        return Math.min(left, switch (combo.reward()) {
            case Reward.Percent percent -> {
                long micros = percent.rate().micros();
                yield Fixed.mulDivDown(base, micros, SchemeRun.MILLION) + Fixed.roundedOnce(Fixed.fineRest(base, micros, SchemeRun.MILLION) + Fixed.mulDivHalfUp(rest, micros, SchemeRun.MILLION));
            }
            case Reward.PerUnit perUnit -> Fixed.mulDivHalfUp(perUnit.amount().micros(), qty, valueDivisor);
            case Reward.PerCount perCount -> Fixed.mulDivHalfUp(perCount.amount().micros(), qty, valueDivisor);
            case Reward.Fixed fixed -> Math.multiplyExact(fixed.amount().units(), sets);
        });
    }

    long bundleSets(Candidate candidate, Mechanic.BundlePrice bundle) {
        long sets = wholeSets(candidate, bundle.components());
        if (!bundle.repeat()) sets = Math.min(sets, 1);
        return bundle.maxSets() == null ? sets : Math.min(sets, bundle.maxSets());
    }

    long bundleAlone(Candidate candidate, Mechanic.BundlePrice bundle, long sets) {
        if (sets == 0) return 0;
        takeUnits(candidate, bundle.components(), sets);
        return bundleTotal(candidate.rule, bundle, candidate.active, candidate.activeCount, sets, true);
    }

    /// What the sets' price saves of what their units are worth; rounded once.
    private long bundleTotal(Rule rule, Mechanic.BundlePrice bundle, Bill.Row[] rows, int size, long sets, boolean alone) {
        long base = 0, rest = 0, left = 0, leftRest = 0;
        for (int at = 0; at < size; at++) {
            var row = rows[at];
            if (row.used == 0 || row.usedOf == 0) continue;
            long value = alone || rule.additive ? row.gross : row.value, own = alone ? row.gross : row.value;
            base = Math.addExact(base, Fixed.mulDivDown(value, row.used, row.usedOf));
            rest += Fixed.fineRest(value, row.used, row.usedOf);
            left = Math.addExact(left, Fixed.mulDivDown(own, row.used, row.usedOf));
            leftRest += Fixed.fineRest(own, row.used, row.usedOf);
        }
        left += (leftRest + 100) / Fixed.FINE;
        return Math.min(left, Math.max(0, base - Math.multiplyExact(bundle.price().units(), sets) + Fixed.roundedOnce(rest)));
    }

    void bundle(Candidate candidate, Mechanic.BundlePrice bundle) {
        long there = wholeSets(candidate, bundle.components()), sets = bundleSets(candidate, bundle);
        long reached = bundle.repeat() ? there : Math.min(there, 1);
        if (sets == reached) nextSet(candidate, bundle.components(), there, !bundle.repeat() || bundle.maxSets() != null && sets >= bundle.maxSets(), Decision.RewardKind.BUNDLE_PRICE, bundle.price().toString());
        else candidate.fails(Condition.CAP, Basis.DISTINCT, sets * 1000, reached * 1000);
        if (sets == 0 || run.mixes(candidate)) return;
        takeUnits(candidate, bundle.components(), sets);
        partUnits(candidate);
        if (!run.alike) spreadUnits(candidate.active, candidate.activeCount, bundleTotal(candidate.rule, bundle, candidate.active, candidate.activeCount, sets, false), scratch.poolAmounts);
        run.book(candidate, spreadUnits(run.rows(candidate), run.rowCount(candidate), bundleTotal(candidate.rule, bundle, run.rows(candidate), run.rowCount(candidate), sets, false), scratch.amounts));
    }

    /// PX-26: by the net value of the units that the benefit used up; a row never gives more than it has.
    private long spreadUnits(Bill.Row[] rows, int size, long total, long[] out) {
        var weights = scratch.weights;
        long sum = 0, most = 0;
        for (int at = 0; at < size; at++) most = Math.max(most, rows[at].value);
        // Fractions of units weigh as well, as finely as there is room for.
        long fine = most < 1L << 40 ? 100_000 : 1;
        for (int at = 0; at < size; at++) sum += weights[at] = rows[at].used == 0 || rows[at].usedOf == 0 ? 0 : Fixed.mulDivHalfUp(rows[at].value * fine, rows[at].used, rows[at].usedOf);
        total = sum == 0 ? 0 : total;
        Apportion.split(total, weights, 0, size, out, scratch.rests);
        return total;
    }
}
