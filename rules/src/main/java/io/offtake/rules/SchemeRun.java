package io.offtake.rules;

import io.offtake.rules.Decision.Condition;
import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;
import io.offtake.rules.Scheme.Scope;
import io.offtake.rules.Scheme.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The schemes on one bill: who is eligible, who wins its exclusion group (PX-22), what each gives in the order of
/// PX-21, what limits leave of it (PX-24), and the trace of why and why not. What is counted and compared is taken from
/// pools (equal lines merged), so splitting, merging or reordering lines decides nothing; money is rounded on the lines themselves.
final class SchemeRun {
    static final long MILLION = 1_000_000;
    final Bill bill;
    private final SchemeIndex index;
    final Engine.Scratch scratch;
    final int scale;
    final long valueDivisor;
    /// Every pool and every part of the bill, in the order of the tie rule.
    Bill.Pool[] pools;
    Bill.Part[] parts;
    /// Each pool has one part, at the same place: what is worked out for pools holds for lines.
    boolean alike;
    Candidate[] candidates;
    int count;
    final List<Decision.Accrual> accruals = new ArrayList<>(0);
    final UnitSets units;
    final PeriodSums periods;
    final FreeGoods freeGoods;
    final List<Decision.LimitUse> limitUses = new ArrayList<>(0);

    SchemeRun(Bill bill, Engine.Scratch scratch) {
        this.bill = bill;
        this.index = bill.engine.schemes;
        this.scratch = scratch;
        this.scale = bill.scale;
        this.valueDivisor = Fixed.power10(9 - scale);
        this.units = new UnitSets(this);
        this.periods = new PeriodSums(this);
        this.freeGoods = new FreeGoods(this);
    }

    Candidate[] candidates() {
        return candidates;
    }

    int count() {
        return count;
    }

    int scale() {
        return scale;
    }

    /// Everything but the accruals.
    void run() {
        pools = bill.pools.toArray(scratch.pools(bill.pools.size()));
        parts = bill.parts.toArray(scratch.parts(bill.parts.size()));
        alike = bill.pools.size() == bill.parts.size();
        for (int at = 0; alike && at < bill.pools.size(); at++) alike = parts[at].pool == pools[at];
        scratch.ensure(bill.parts.size());
        collect();
        if (count == 0) return;
        choose();
        boolean inside = false;
        for (int at = 0; at < count; at++) {
            var candidate = candidates[at];
            if (candidate.condition != null || candidate.activeCount == 0) continue;
            lines(candidate);
            inside |= bill.only == null && candidate.rule.mechanic instanceof Mechanic.FreeGoods free && free.inside();
        }
        if (inside) freeGoods.insideFreeGoods();
        int stage = 0;
        for (int at = 0; at < count; at++) {
            var candidate = candidates[at];
            if (candidate.condition != null || candidate.activeCount == 0 || candidate.rule.accrues) continue;
            if (candidate.rule.stageNumber > stage) {
                if (index.netAfter) remember(stage, candidate.rule.stageNumber);
                stage = candidate.rule.stageNumber;
            }
            switch (candidate.rule.mechanic) {
                case Mechanic.Discount discount -> takeOff(candidate, discount.reward());
                case Mechanic.WholeSlab whole -> slab(candidate, whole);
                case Mechanic.IncrementalSlab incremental -> bands(candidate, incremental);
                case Mechanic.FreeGoods free -> {
                    if (!free.inside() || bill.only != null) freeGoods.outsideFreeGoods(candidate, free);
                }
                case Mechanic.CheapestFree cheapest -> units.sets(candidate, units.cheapestSets(candidate, cheapest, false));
                case Mechanic.Combo combo -> units.combo(candidate, combo);
                case Mechanic.BundlePrice bundle -> units.bundle(candidate, bundle);
                case Mechanic.PerCaseRebate rebate -> perCase(candidate, rebate);
                default -> { }
            }
        }
        if (index.netAfter) remember(stage, Stage.values().length);
    }

    /// Values after the stages from (included) to (excluded).
    private void remember(int from, int to) {
        for (int at = 0; at < bill.pools.size(); at++) {
            if (pools[at].after == null) pools[at].after = new long[Stage.values().length];
            for (int stage = from; stage < to; stage++) pools[at].after[stage] = pools[at].value;
        }
    }

    // ---- candidates ----

    private void collect() {
        int poolCount = bill.pools.size();
        var touched = scratch.touched(index);
        var eligible = scratch.eligible;
        int words = index.words, on = bill.on;
        index.eligible(bill.command, eligible, scratch.words);
        boolean all = bill.traceAll;
        var filter = all ? index.ofLevel(bill.command.facts().level()) : eligible;
        scratch.links(poolCount, index);
        var head = scratch.head;
        var tail = scratch.tail;
        for (int at = 0; at < poolCount; at++)
            for (int place : index.of(pools[at].rank)) {
                if ((filter[place >>> 6] & 1L << place) == 0) continue;
                int link = scratch.link(at);
                if ((touched[place >>> 6] & 1L << place) == 0) {
                    touched[place >>> 6] |= 1L << place;
                    head[place] = link;
                } else scratch.next[tail[place]] = link;
                tail[place] = link;
            }
        for (int place : index.all(bill.principalId)) {
            if ((filter[place >>> 6] & 1L << place) == 0) continue;
            touched[place >>> 6] |= 1L << place;
            head[place] = -2;
        }
        candidates = scratch.candidates;
        count = 0;
        for (int word = 0; word < words; word++) {
            long bits = touched[word];
            touched[word] = 0;
            for (; bits != 0; bits &= bits - 1) {
                int place = (word << 6) + Long.numberOfTrailingZeros(bits);
                var rule = index.rules[place];
                boolean inForce = rule.inForce(on), retro = !inForce && rule.inRetrospect(on);
                if (bill.only != null ? !bill.only.contains(rule.scheme.id() + '|' + rule.scheme.version())
                        : index.siblings[place] != null && isSuperseded(place, on, inForce, retro)) continue;
                if (!inForce && !retro && !all) continue;
                if (count == candidates.length) candidates = scratch.moreCandidates();
                var candidate = candidates[count];
                if (candidate == null) candidate = candidates[count] = new Candidate();
                candidate.reset(rule, place);
                candidate.retro = retro;
                if (head[place] == -2) {
                    for (int at = 0; at < poolCount; at++) if (rule.excluded.length == 0 || Arrays.binarySearch(rule.excluded, pools[at].rank) < 0) candidate.add(pools[at]);
                } else {
                    for (int link = head[place]; ; link = scratch.next[link]) {
                        candidate.add(pools[scratch.pool[link]]);
                        if (link == tail[place]) break;
                    }
                }
                if (candidate.poolCount == 0) continue;
                count++;
                if (all && (!(inForce || retro) || !SchemeIndex.has(eligible, place))) {
                    candidate.failures = SchemeIndex.failing(rule, bill.command, bill.command.facts().explain());
                    var first = candidate.failures.getFirst();
                    candidate.fails(first.condition(), first.wanted(), first.found());
                    candidate.activeCount = 0;
                }
            }
        }
    }

    /// Of several versions in force the highest counts; without one the highest that pays in retrospect; without that the highest of all,
    /// for the trace.
    private boolean isSuperseded(int place, int on, boolean inForce, boolean retro) {
        for (int other : index.siblings[place]) {
            if (other == place) continue;
            var rule = index.rules[other];
            int own = inForce ? 2 : retro ? 1 : 0, its = rule.inForce(on) ? 2 : rule.inRetrospect(on) ? 1 : 0;
            if (its > own || its == own && rule.scheme.version() > index.rules[place].scheme.version()) return true;
        }
        return false;
    }

    void lines(Candidate candidate) {
        candidate.lineCount = 0;
        if (alike) return;
        for (int at = 0; at < candidate.activeCount; at++) candidate.active[at].marked = candidate;
        if (candidate.lines.length < bill.parts.size()) candidate.lines = new Bill.Part[Math.max(bill.parts.size(), candidate.lines.length * 2)];
        for (int at = 0; at < bill.parts.size(); at++) if (parts[at].pool.marked == candidate) {
                parts[at].slot = candidate.lineCount;
                candidate.lines[candidate.lineCount++] = parts[at];
            }
    }

    /// The lines that carry the money, and how many.
    Bill.Row[] rows(Candidate candidate) {
        return alike ? candidate.active : candidate.lines;
    }

    int rowCount(Candidate candidate) {
        return alike ? candidate.activeCount : candidate.lineCount;
    }

    // ---- exclusion groups (PX-22) ----

    private void choose() {
        if (index.groupCount == 0) return;
        var seen = scratch.groupSizes(index.groupCount);
        boolean several = false;
        for (int at = 0; at < count; at++) {
            int group = index.groups[candidates[at].place];
            if (group >= 0 && candidates[at].condition == null && ++seen[group] == 2) several = true;
        }
        if (!several) return;
        var members = new ArrayList<Candidate>();
        for (int first = 0; first < count; first++) {
            int group = index.groups[candidates[first].place];
            if (group < 0 || seen[group] < 2 || candidates[first].condition != null) continue;
            members.clear();
            for (int at = first; members.size() < seen[group]; at++)
                if (index.groups[candidates[at].place] == group && candidates[at].condition == null) members.add(candidates[at]);
            seen[group] = 0;
            choose(members);
        }
    }

    /// Greedy: each candidate is valued alone on gross over what is left; the winner takes its pools, then again. A pool (lines
    /// equal in SKU, MRP and price) that a scheme of the group has used is closed to the others.
    private void choose(List<Candidate> members) {
        for (int at = 1; at < members.size(); at++) {
            var member = members.get(at);
            int to = at;
            for (; to > 0 && index.choiceOrder[members.get(to - 1).place] > index.choiceOrder[member.place]; to--) members.set(to, members.get(to - 1));
            members.set(to, member);
        }
        var choice = members.getFirst().rule.scheme.choice();
        for (var member : members)
            if (member.rule.scheme.choice() != choice) {
                conflict(members.getFirst(), member, "choice");
                return;
            }
        for (int at = 0; at < bill.pools.size(); at++) pools[at].winner = null;
        var waiting = new ArrayList<>(members);
        var worth = new long[members.size()];
        boolean first = true;
        while (!waiting.isEmpty()) {
            int best = -1;
            for (int at = 0; at < waiting.size(); at++) {
                var member = waiting.get(at);
                // What did not lose a pool since is worth what it was.
                if (first || narrow(member)) worth[at] = member.activeCount == 0 ? 0 : valueAlone(member);
                if (worth[at] > 0 && (best < 0 || (choice == Scheme.Choice.BEST_FOR_OUTLET && worth[at] > worth[best]))) {
                    best = at;
                    if (choice == Scheme.Choice.PRIORITY && first) {
                        // The rest is looked at when its turn comes.
                        for (int other = at + 1; other < waiting.size(); other++) worth[other] = valueAlone(waiting.get(other));
                        break;
                    }
                }
            }
            if (best < 0) break;
            var winner = waiting.get(best);
            consume(winner);
            waiting.remove(best);
            System.arraycopy(worth, best + 1, worth, best, waiting.size() - best);
            first = false;
        }
        for (var member : waiting) {
            Candidate winner = null;
            for (int at = 0; at < member.poolCount && winner == null; at++) winner = member.pools[at].winner;
            if (winner == null) continue;
            member.active = member.pools;
            member.activeCount = member.poolCount;
            if (valueAlone(member) > 0) member.fails(Condition.EXCLUDED, member.rule.scheme.exclusionGroup(), winner.rule.scheme.code());
            else if (member.rule.limited) limitedAlone(member);
            if (member.condition != null) member.activeCount = 0;
            // else: it gives nothing on its own either; the evaluation will say why.
        }
    }

    /// Takes the closed pools out of a member's active ones; whether there were any.
    private boolean narrow(Candidate member) {
        int kept = 0;
        for (int at = 0; at < member.activeCount; at++) if (member.active[at].winner == null) kept++;
        if (kept == member.activeCount) return false;
        var open = new Bill.Pool[kept];
        kept = 0;
        for (int at = 0; at < member.activeCount; at++) if (member.active[at].winner == null) open[kept++] = member.active[at];
        member.active = open;
        member.activeCount = kept;
        return true;
    }

    private long valueAlone(Candidate candidate) {
        long value = valueUnlimited(candidate);
        var rule = candidate.rule;
        return rule.limited && !(rule.mechanic instanceof Mechanic.FreeGoods) ? granted(rule, value) : value;
    }

    /// What a candidate is worth alone on gross; free goods after their limits, money before.
    private long valueUnlimited(Candidate candidate) {
        var rule = candidate.rule;
        var active = candidate.active;
        int size = candidate.activeCount;
        return switch (rule.mechanic) {
            case Mechanic.Discount discount -> amounts(rule, discount.reward(), active, size, true, scratch.amounts);
            case Mechanic.WholeSlab whole -> {
                int slab = reached(rule, counted(rule.count, active, 0, size, true, rule.ordered));
                yield slab < 0 ? 0 : amounts(rule, whole.slabs().get(slab).reward(), active, size, true, scratch.amounts);
            }
            case Mechanic.IncrementalSlab incremental -> banded(rule, incremental, active, size, counted(rule.count, active, 0, size, true, false), true, scratch.amounts);
            case Mechanic.FreeGoods free -> {
                long sum = 0;
                for (var grant : freeGoods.grants(candidate, free, true)) sum += freeGoods.worth(candidate, free, grant.sku(), grant.free());
                yield sum;
            }
            case Mechanic.CheapestFree cheapest -> units.setsTotal(candidate, units.cheapestSets(candidate, cheapest, true), true);
            case Mechanic.Combo combo -> {
                long sets = units.comboSets(candidate, combo, true);
                yield sets <= 0 ? 0 : units.comboAlone(candidate, combo, sets);
            }
            case Mechanic.BundlePrice bundle -> units.bundleAlone(candidate, bundle, units.bundleSets(candidate, bundle));
            case Mechanic.PerCaseRebate rebate -> rebate.cumulative() ? 0 : perCaseAmounts(candidate, rebate, active, size, true, scratch.amounts);
            case Mechanic.Qps qps -> Math.max(0, periods.qpsDelta(candidate, qps, counted(rule.count, active, 0, size, true, false), grossOf(active, size)));
            default -> 0;
        };
    }

    /// Says which limit leaves a member of a group nothing to compete with, if one does.
    private void limitedAlone(Candidate member) {
        if (member.rule.mechanic instanceof Mechanic.FreeGoods free) freeGoods.grants(member, free, false);
        else grantedSaying(member, valueUnlimited(member));
        if (member.condition != null && !member.condition.name().startsWith("LIMIT")) {
            member.condition = null;
            member.nextBasis = null;
        }
    }

    private static long grossOf(Bill.Pool[] pools, int size) {
        long sum = 0;
        for (int at = 0; at < size; at++) sum += pools[at].gross;
        return sum;
    }

    /// Closes the pools whose units the winner used up.
    private void consume(Candidate winner) {
        if (winner.rule.mechanic instanceof Mechanic.FreeGoods free) {
            boolean units = free.count().basis() == Basis.BASE_QTY;
            for (var grant : freeGoods.grants(winner, free, true)) {
                long used = grant.free() == 0 ? 0 : units ? grant.used() : Long.MAX_VALUE;
                for (int at = 0; at < winner.activeCount && used > 0; at++) {
                    var pool = winner.active[at];
                    if (free.rewardSkuIds().isEmpty() && pool.sku != grant.sku()) continue;
                    used -= pool.qty;
                    close(pool, winner);
                }
            }
            return;
        }
        boolean partly = switch (winner.rule.mechanic) {
            case Mechanic.BundlePrice bundle -> {
                UnitSets.takeUnits(winner, bundle.components(), units.bundleSets(winner, bundle));
                yield true;
            }
            case Mechanic.Combo combo when combo.repeat() -> {
                UnitSets.takeUnits(winner, combo.groups(), units.comboSets(winner, combo, true));
                yield true;
            }
            case Mechanic.PerCaseRebate rebate -> {
                // SKUs without a full case (or weight) earned nothing.
                for (int from = 0, to; from < winner.activeCount; from = to) {
                    long qty = 0;
                    for (to = from; to < winner.activeCount && winner.active[to].rank == winner.active[from].rank; to++) qty += winner.active[to].qty;
                    long earned = ofSku(winner.rule.count, winner.active[from].sku, qty);
                    for (int at = from; at < to; at++) winner.active[at].used = earned;
                }
                yield true;
            }
            default -> false;
        };
        for (int at = 0; at < winner.activeCount; at++) if (!partly || winner.active[at].used > 0) close(winner.active[at], winner);
    }

    static void close(Bill.Pool pool, Candidate winner) {
        pool.winner = winner;
        if (pool.takers == null) pool.takers = new ArrayList<>(1);
        pool.takers.add(winner);
    }

    // ---- counting ----

    /// The place of the slab that a count reaches; −1: none.
    private static int reached(Rule rule, long counted) {
        int next = 0;
        while (next < rule.slabs.length && rule.slabs[next] <= counted) next++;
        return next == 0 || counted > rule.slabEnds[next - 1] ? -1 : next - 1;
    }

    /// What a basis counts on rows of one or several SKUs; rows of one SKU lie together.
    long counted(Scheme.Count count, Bill.Row[] rows, int from, int to, boolean alone, boolean ordered) {
        long sum = 0;
        switch (count.basis()) {
            case BASE_QTY -> {
                for (int at = from; at < to; at++) sum = Math.addExact(sum, ordered ? rows[at].ordered() : rows[at].qty);
            }
            case GROSS_VALUE -> {
                for (int at = from; at < to; at++) sum = Math.addExact(sum, ordered ? scaled(rows[at].gross, rows[at]) : rows[at].gross);
            }
            case NET_VALUE -> {
                for (int at = from; at < to; at++) {
                    var row = rows[at];
                    long value = alone ? row.gross : count.netAfter() == null || row.after == null ? row.value : row.after[count.netAfter().ordinal()];
                    sum = Math.addExact(sum, ordered ? scaled(value, row) : value);
                }
            }
            case CASES, WEIGHT, DISTINCT -> {
                while (from < to) {
                    int end = from + 1;
                    long qty = ordered ? rows[from].ordered() : rows[from].qty;
                    for (; end < to && rows[end].rank == rows[from].rank; end++) qty = Math.addExact(qty, ordered ? rows[end].ordered() : rows[end].qty);
                    sum = Math.addExact(sum, ofSku(count, rows[from].sku, qty));
                    from = end;
                }
            }
        }
        return sum;
    }

    private static long scaled(long value, Bill.Row row) {
        return row.extra == 0 || row.qty == 0 ? value : Fixed.mulDivHalfUp(value, row.qty + row.extra, row.qty);
    }

    /// Full cases, kilograms, or one, of a quantity of one SKU; in thousandths.
    static long ofSku(Scheme.Count count, RuleBook.Sku sku, long qty) {
        return switch (count.basis()) {
            case CASES -> {
                var unit = PriceIndex.unit(sku, count.unit());
                yield unit == null ? 0 : Math.multiplyExact(Fixed.mulDivDown(qty, unit.den(), unit.num()) / 1000, 1000L);
            }
            case WEIGHT -> Fixed.mulDivHalfUp(qty, sku.weight(), MILLION);
            case DISTINCT -> qty > 0 ? 1000 : 0;
            default -> qty;
        };
    }

    // ---- M1, M2, M3 ----

    private void slab(Candidate candidate, Mechanic.WholeSlab whole) {
        long counted = counted(candidate.rule.count, candidate.active, 0, candidate.activeCount, false, candidate.rule.ordered);
        int slab = reached(candidate.rule, counted);
        if (bill.traceAll) nextSlab(candidate, whole.slabs(), counted);
        if (slab < 0) candidate.fails(Condition.THRESHOLD, candidate.rule.count.basis(), candidate.nextBasis == null ? candidate.rule.slabs[0] : candidate.nextFrom, counted);
        else if (alike && candidate.rule.lineByLine && candidate.rule.slabPercents[slab] >= 0) {
            if (!mixes(candidate)) book(candidate, percents(candidate.rule.slabPercents[slab], candidate.active, candidate.activeCount, candidate.rule.additive, false, scratch.amounts));
        } else takeOff(candidate, whole.slabs().get(slab).reward());
    }

    static void nextSlab(Candidate candidate, List<Scheme.Slab> slabs, long counted) {
        var from = candidate.rule.slabs;
        if (from.length == 0 || from[from.length - 1] <= counted) return;
        for (int at = 0; at < from.length; at++)
            if (from[at] > counted) {
                candidate.next(candidate.rule.count.basis(), slabs.get(at).from(), slabs.get(at).from() - counted, slabs.get(at).reward());
                return;
            }
    }

    /// The first count that belongs to the band: thresholds of counted things name the first one inside, money the value above which.
    static long bandStart(Basis basis, long from) {
        return switch (basis) {
            case BASE_QTY, CASES, DISTINCT -> Math.max(0, from - 1000);
            default -> from;
        };
    }

    private void bands(Candidate candidate, Mechanic.IncrementalSlab incremental) {
        long counted = counted(candidate.rule.count, candidate.active, 0, candidate.activeCount, false, false);
        nextSlab(candidate, incremental.slabs(), counted);
        if (counted < incremental.slabs().getFirst().from()) {
            candidate.fails(Condition.THRESHOLD, candidate.rule.count.basis(), incremental.slabs().getFirst().from(), counted);
            return;
        }
        if (mixes(candidate)) return;
        if (!alike) banded(candidate.rule, incremental, candidate.active, candidate.activeCount, counted, false, scratch.poolAmounts);
        long total = banded(candidate.rule, incremental, rows(candidate), rowCount(candidate), counted, false, scratch.amounts);
        book(candidate, total);
    }

    /// Every row has each band in the proportion of the whole, so the bands make one rate for all rows.
    private long banded(Rule rule, Mechanic.IncrementalSlab incremental, Bill.Row[] rows, int size, long counted, boolean alone, long[] out) {
        var slabs = incremental.slabs();
        long percent = 0, perUnit = 0, perCount = 0, fixed = 0;
        if (counted < slabs.getFirst().from()) return 0;
        for (int at = 0; at < slabs.size(); at++) {
            long from = bandStart(rule.count.basis(), slabs.get(at).from());
            if (counted <= from || counted < slabs.get(at).from()) break;
            long to = at + 1 < slabs.size() ? Math.min(counted, bandStart(rule.count.basis(), slabs.get(at + 1).from())) : counted;
            if (slabs.get(at).to() != null) to = Math.min(to, slabs.get(at).to());
            long band = Math.max(0, to - from);
            switch (slabs.get(at).reward()) {
                case Reward.Percent one -> percent = Math.addExact(percent, Math.multiplyExact(band, one.rate().micros()));
                case Reward.PerUnit one -> perUnit = Math.addExact(perUnit, Math.multiplyExact(band, one.amount().micros()));
                case Reward.PerCount one -> perCount = Math.addExact(perCount, Math.multiplyExact(band, one.amount().micros()));
                case Reward.Fixed one -> fixed += one.amount().units();
            }
        }
        boolean onGross = alone || rule.additive;
        var weights = scratch.weights;
        if (rule.lineByLine && perCount == 0 && fixed == 0) {
            long sum = 0;
            for (int at = 0; at < size; at++) {
                long amount = percent == 0 ? 0 : Fixed.mulDivHalfUp(onGross ? rows[at].gross : rows[at].value, percent, Math.multiplyExact(counted, MILLION));
                if (perUnit != 0) amount += Fixed.mulDivHalfUp(perUnit, rows[at].qty, Math.multiplyExact(counted, valueDivisor));
                sum += out[at] = Math.min(amount, alone ? rows[at].gross : rows[at].value);
            }
            return sum;
        }
        long base = 0, left = 0, qty = 0;
        for (int at = 0; at < size; at++) {
            base = Math.addExact(base, onGross ? rows[at].gross : rows[at].value);
            weights[at] = alone ? rows[at].gross : rows[at].value;
            left = Math.addExact(left, weights[at]);
            qty = Math.addExact(qty, rows[at].qty);
        }
        long total = fixed;
        if (percent != 0) total += Fixed.mulDivHalfUp(base, percent, Math.multiplyExact(counted, MILLION));
        if (perUnit != 0) total += Fixed.mulDivHalfUp(perUnit, qty, Math.multiplyExact(counted, valueDivisor));
        if (perCount != 0) total += Fixed.mulDivHalfUp(perCount, 1, rule.count.basis().isMoney() ? MILLION : valueDivisor);
        total = Math.min(total, left);
        Apportion.split(total, weights, 0, size, out, scratch.rests);
        return total;
    }

    static Decision.RewardKind kind(Reward reward) {
        return switch (reward) {
            case Reward.Percent percent -> Decision.RewardKind.PERCENT;
            case Reward.PerUnit perUnit -> Decision.RewardKind.PER_UNIT;
            case Reward.Fixed fixed -> Decision.RewardKind.FIXED;
            case Reward.PerCount perCount -> Decision.RewardKind.PER_COUNT;
        };
    }

    static String text(Reward reward) {
        return switch (reward) {
            case Reward.Percent percent -> percent.rate().toString();
            case Reward.PerUnit perUnit -> perUnit.amount().toString();
            case Reward.Fixed fixed -> fixed.amount().toString();
            case Reward.PerCount perCount -> perCount.amount().toString();
        };
    }

    void takeOff(Candidate candidate, Reward reward) {
        if (mixes(candidate)) return;
        if (!alike) amounts(candidate.rule, reward, candidate.active, candidate.activeCount, false, scratch.poolAmounts);
        book(candidate, amounts(candidate.rule, reward, rows(candidate), rowCount(candidate), false, scratch.amounts));
    }

    /// Two schemes of one stage that stack in different ways on one line are a mistake in the set-up (PX-23).
    boolean mixes(Candidate candidate) {
        var rule = candidate.rule;
        if (!index.mixes[rule.stageNumber]) return false;
        int way = rule.stageNumber * 2 + (rule.additive ? 1 : 0) + 1, other = rule.stageNumber * 2 + (rule.additive ? 0 : 1) + 1;
        if (isOff(candidate)) return false;
        for (int at = 0; at < candidate.activeCount; at++)
            if (candidate.active[at].stacked == other) {
                conflict(candidate, candidate, "stacking");
                return true;
            }
        for (int at = 0; at < candidate.activeCount; at++) candidate.active[at].stacked = way;
        return false;
    }

    void conflict(Candidate one, Candidate other, String what) {
        bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, null, what.equals("choice") ? "PX-22" : "PX-23",
                Engine.values("schemeId", one.rule.scheme.id(), "otherSchemeId", other.rule.scheme.id(), "differ", what), List.of());
    }

    /// What a reward takes off each row, into `out`; the answer is the sum. At CONTRACT and LINE each row rounds on its own; at GROUP and
    /// BILL the whole rounds once and is split by net value (PX-25, PX-26). Never more than is left.
    long amounts(Rule rule, Reward reward, Bill.Row[] rows, int size, boolean alone, long[] out) {
        boolean onGross = alone || rule.additive;
        long sum = 0;
        if (rule.lineByLine) {
            switch (reward) {
                case Reward.Percent percent -> {
                    return percents(percent.rate().micros(), rows, size, onGross, alone, out);
                }
                case Reward.PerUnit perUnit -> {
                    for (int at = 0; at < size; at++)
                        sum += out[at] = Math.min(Fixed.mulDivHalfUp(perUnit.amount().micros(), rows[at].qty, valueDivisor), alone ? rows[at].gross : rows[at].value);
                    return sum;
                }
                case Reward.PerCount perCount when rule.count != null && rule.count.basis() == Basis.WEIGHT -> {
                    // What is weighed is the SKU; each of its lines has the part of it that its quantity is.
                    for (int from = 0; from < size; ) {
                        int to = from;
                        long qty = 0;
                        for (; to < size && rows[to].rank == rows[from].rank; to++) qty = Math.addExact(qty, rows[to].qty);
                        long worth = Math.multiplyExact(perCount.amount().micros(), counted(rule.count, rows, from, to, alone, false));
                        for (; from < to; from++)
                            sum += out[from] = qty == 0 ? 0 : Math.min(Fixed.mulDivHalfUp(worth, rows[from].qty, Math.multiplyExact(qty, valueDivisor)), alone ? rows[from].gross : rows[from].value);
                    }
                    return sum;
                }
                case Reward.PerCount perCount when rule.count != null && (rule.count.basis() == Basis.BASE_QTY || rule.count.basis().isMoney()) -> {
                    for (int at = 0; at < size; at++) {
                        long counted = counted(rule.count, rows, at, at + 1, alone, false);
                        long amount = Fixed.mulDivHalfUp(perCount.amount().micros(), counted, rule.count.basis().isMoney() ? MILLION : valueDivisor);
                        sum += out[at] = Math.min(amount, alone ? rows[at].gross : rows[at].value);
                    }
                    return sum;
                }
                default -> { }
            }
        }
        int from = 0;
        while (from < size) {
            int to = from + 1;
            if (rule.lineByLine) while (to < size && rows[to].rank == rows[from].rank) to++;
            else to = size;
            sum += spread(rule, reward, rows, from, to, onGross, alone, out);
            from = to;
        }
        return sum;
    }

    /// A percentage of each row, rounded on its own.
    private static long percents(long micros, Bill.Row[] rows, int size, boolean onGross, boolean alone, long[] out) {
        long sum = 0;
        for (int at = 0; at < size; at++) {
            var row = rows[at];
            sum += out[at] = Math.min(Fixed.fraction(onGross ? row.gross : row.value, micros), alone ? row.gross : row.value);
        }
        return sum;
    }

    long spread(Rule rule, Reward reward, Bill.Row[] rows, int from, int to, boolean onGross, boolean alone, long[] out) {
        long base = 0, left = 0, qty = 0;
        var weights = scratch.weights;
        for (int at = from; at < to; at++) {
            var row = rows[at];
            base = Math.addExact(base, onGross ? row.gross : row.value);
            weights[at] = alone ? row.gross : row.value;
            left = Math.addExact(left, weights[at]);
            qty = Math.addExact(qty, row.qty);
        }
        long total = switch (reward) {
            case Reward.Percent percent -> Fixed.fraction(base, percent.rate().micros());
            case Reward.PerUnit perUnit -> Fixed.mulDivHalfUp(perUnit.amount().micros(), qty, valueDivisor);
            case Reward.Fixed fixed -> fixed.amount().units();
            case Reward.PerCount perCount -> rule.count == null ? Fixed.mulDivHalfUp(perCount.amount().micros(), qty, valueDivisor)
                    : Fixed.mulDivHalfUp(perCount.amount().micros(), counted(rule.count, rows, from, to, alone, false), rule.count.basis().isMoney() ? MILLION : valueDivisor);
        };
        total = Math.min(total, left);
        Apportion.split(total, weights, from, to, out, scratch.rests);
        return total;
    }

    // ---- M11 on the bill ----

    private long perCaseAmounts(Candidate candidate, Mechanic.PerCaseRebate rebate, Bill.Row[] rows, int size, boolean alone, long[] out) {
        return amounts(candidate.rule, new Reward.PerCount(rebate.amount()), rows, size, alone, out);
    }

    private void perCase(Candidate candidate, Mechanic.PerCaseRebate rebate) {
        long counted = counted(candidate.rule.count, candidate.active, 0, candidate.activeCount, false, false);
        if (counted == 0 && rebate.unit() != null) {
            candidate.fails(Condition.THRESHOLD, Basis.CASES, 1000, 0);
            candidate.next(Basis.CASES, 1000, 1000, Decision.RewardKind.PER_COUNT, rebate.amount().toString());
            return;
        }
        if (rebate.unit() != null) candidate.next(Basis.CASES, counted + 1000, 1000, Decision.RewardKind.PER_COUNT, rebate.amount().toString());
        if (mixes(candidate)) return;
        if (!alike) perCaseAmounts(candidate, rebate, candidate.active, candidate.activeCount, false, scratch.poolAmounts);
        book(candidate, perCaseAmounts(candidate, rebate, rows(candidate), rowCount(candidate), false, scratch.amounts));
    }

    // ---- limits (PX-24) ----

    DecideCommand.LimitLeft left(Rule rule, Scope scope) {
        var rows = bill.command.facts().limits();
        for (int at = 0; at < rows.size(); at++) if (rows.get(at).scope() == scope && rows.get(at).schemeId().equals(rule.scheme.id())) return rows.get(at);
        return null;
    }

    static long moneyLeft(Scheme.Limit limit, DecideCommand.LimitLeft left) {
        if (limit.amount() == null) return Long.MAX_VALUE;
        return left == null || left.amount() == null ? limit.amount().units() : Math.max(0, left.amount().units());
    }

    static long qtyLeft(Scheme.Limit limit, DecideCommand.LimitLeft left) {
        if (limit.freeQty() == null) return Long.MAX_VALUE;
        return left == null || left.freeQty() == null ? limit.freeQty().milli() : Math.max(0, left.freeQty().milli());
    }

    static boolean timesOver(Scheme.Limit limit, DecideCommand.LimitLeft left) {
        if (limit.times() == null) return false;
        return (left == null || left.times() == null ? limit.times() : left.times()) <= 0;
    }

    /// What the limits leave of a money benefit.
    private long granted(Rule rule, long earned) {
        long granted = earned;
        for (var limit : rule.scheme.terms().limits()) granted = granted(rule, limit, granted);
        return granted;
    }

    private long granted(Rule rule, Scheme.Limit limit, long earned) {
        var left = left(rule, limit.scope());
        if (timesOver(limit, left)) return 0;
        long room = moneyLeft(limit, left);
        if (earned <= room) return earned;
        return switch (rule.scheme.terms().whenCut()) {
            case PARTIAL -> room;
            case NONE -> 0;
            case FULL_LAST -> room > 0 ? earned : 0;
        };
    }

    static Condition condition(Scope scope) {
        return switch (scope) {
            case INVOICE -> Condition.LIMIT_INVOICE;
            case OUTLET -> Condition.LIMIT_OUTLET;
            case DISTRIBUTOR -> Condition.LIMIT_DISTRIBUTOR;
            case TOTAL -> Condition.LIMIT_TOTAL;
        };
    }

    /// The same, saying in the trace which limit cut.
    long grantedSaying(Candidate candidate, long earned) {
        long granted = earned;
        for (var limit : candidate.rule.scheme.terms().limits()) {
            long after = granted(candidate.rule, limit, granted);
            var left = left(candidate.rule, limit.scope());
            if (after < granted) {
                if (timesOver(limit, left)) candidate.fails(condition(limit.scope()), "0", "1");
                else candidate.fails(condition(limit.scope()), Basis.GROSS_VALUE, moneyLeft(limit, left), granted);
            }
            granted = after;
        }
        return granted;
    }

    /// What is to be taken from which row, once it is known what was given.
    void useLimits(Candidate candidate) {
        if (!candidate.rule.limited || candidate.benefit <= 0 && candidate.freeQty == 0) return;
        var scheme = candidate.rule.scheme;
        for (var limit : scheme.terms().limits()) {
            if (limit.scope() == Scope.INVOICE) continue;
            var left = left(candidate.rule, limit.scope());
            boolean exhausted = (limit.amount() != null && moneyLeft(limit, left) <= candidate.benefit) || (limit.freeQty() != null && qtyLeft(limit, left) <= candidate.freeQty)
                    || (limit.times() != null && (left == null || left.times() == null ? limit.times() : left.times()) <= 1);
            limitUses.add(new Decision.LimitUse(scheme.id(), limit.scope(), limit.period() == null ? "S" : Periods.key(limit.period(), bill.on), bill.money(candidate.benefit),
                    new Qty(candidate.freeQty), 1, exhausted));
        }
    }

    // ---- booking ----

    boolean isOff(Candidate candidate) {
        return candidate.rule.offInvoice || candidate.retro;
    }

    /// Books a money benefit (in `scratch.amounts` by row, and by pool where rows are not pools), with who pays it (PX-28).
    void book(Candidate candidate, long total) {
        if (total == 0) {
            candidate.fails(Condition.NO_VALUE, null, null);
            return;
        }
        var amounts = scratch.amounts;
        int size = rowCount(candidate);
        if (candidate.rule.limited) {
            long granted = grantedSaying(candidate, total);
            if (granted < total) {
                cut(amounts, size, granted);
                if (!alike) cut(scratch.poolAmounts, candidate.activeCount, granted);
                total = granted;
            }
        }
        boolean off = isOff(candidate);
        if (!alike && !off) for (int at = 0; at < candidate.activeCount; at++) candidate.active[at].value -= Math.min(scratch.poolAmounts[at], candidate.active[at].value);
        for (int at = 0; at < size; at++) {
            long amount = amounts[at];
            if (amount == 0) continue;
            long principal = Fixed.fraction(amount, candidate.rule.principalMicros);
            candidate.benefit += amount;
            candidate.principalShare += principal;
            candidate.distributorShare += amount - principal;
            if (off) continue;
            Bill.Part part;
            if (alike) {
                var pool = candidate.active[at];
                part = parts[pool.place];
                if (part != pool) pool.value -= amount;
            } else part = candidate.lines[at];
            part.value -= amount;
            part.schemeDiscount += amount;
            part.principalShare += principal;
            if (bill.traceAll) part.benefit(candidate, amount, principal);
        }
        if (off) {
            candidate.accrued = candidate.benefit != 0;
            if (candidate.benefit != 0) periods.accrue(candidate, candidate.retro ? Decision.AccrualKind.RETRO
                    : candidate.rule.scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Decision.AccrualKind.PAYOUT : Decision.AccrualKind.CREDIT_NOTE, null, null, candidate.benefit);
        }
        if (candidate.benefit == 0 && candidate.condition == null) candidate.fails(Condition.NO_VALUE, null, null);
        if (candidate.rule.limited) useLimits(candidate);
    }

    private void cut(long[] amounts, int size, long granted) {
        if (granted == 0) {
            Arrays.fill(amounts, 0, size, 0);
            return;
        }
        System.arraycopy(amounts, 0, scratch.weights, 0, size);
        Apportion.split(granted, scratch.weights, 0, size, amounts, scratch.rests);
    }

    List<Decision.LimitUse> limitUses() {
        return limitUses;
    }

    // ---- what came of it ----

    List<Decision.SchemeBenefit> benefits(List<Decision.FreeLine> freeLines) {
        var rows = new ArrayList<Decision.SchemeBenefit>();
        for (int at = 0; at < count; at++) {
            var candidate = candidates[at];
            if (candidate.rule.accrues || isOff(candidate)) continue;
            var scheme = candidate.rule.scheme;
            long discount = candidate.principalShare + candidate.distributorShare;
            long value = 0, cost = 0, principal = 0;
            boolean gave = discount != 0;
            if (candidate.freeQty != 0) for (var line : freeLines) {
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
        var rows = new ArrayList<Decision.SchemeTrace>(count);
        for (int at = 0; at < count; at++) {
            var candidate = candidates[at];
            if (!bill.traceAll && !candidate.applied()) continue;
            rows.add(new Decision.SchemeTrace(candidate.rule.scheme.id(), candidate.rule.scheme.version(), candidate.rule.scheme.code(), lineNumbers(candidate),
                    candidate.applied(), candidate.condition, candidate.wanted(scale), candidate.found(scale), bill.money(candidate.benefit), new Qty(candidate.freeQty),
                    candidate.next(scale)));
        }
        return rows;
    }

    /// What applied, without reasons.
    List<Evaluation.Applied> applied() {
        var rows = new ArrayList<Evaluation.Applied>(count);
        for (int at = 0; at < count; at++) {
            var candidate = candidates[at];
            if (!candidate.applied()) continue;
            int size = 0;
            if (alike) {
                var lines = new int[candidate.activeCount];
                for (; size < lines.length; size++) lines[size] = parts[candidate.active[size].place].line.line();
                rows.add(new Evaluation.Applied(candidate.rule.scheme, candidate.benefit, candidate.freeQty, lines));
                continue;
            }
            for (int pool = 0; pool < candidate.activeCount; pool++) size += candidate.active[pool].parts().size();
            var lines = new int[size];
            size = 0;
            for (int pool = 0; pool < candidate.activeCount; pool++) for (var part : candidate.active[pool].parts()) lines[size++] = part.line.line();
            rows.add(new Evaluation.Applied(candidate.rule.scheme, candidate.benefit, candidate.freeQty, lines));
        }
        return rows;
    }

    private List<Integer> lineNumbers(Candidate candidate) {
        if (candidate.poolCount == 1 && candidate.pools[0].parts().size() == 1) return List.of(candidate.pools[0].parts().getFirst().line.line());
        var numbers = scratch.numbers(bill.parts.size());
        int size = 0;
        for (int at = 0; at < candidate.poolCount; at++) for (var part : candidate.pools[at].parts()) numbers[size++] = part.line.line();
        Arrays.sort(numbers, 0, size);
        var lines = new ArrayList<Integer>(size);
        for (int at = 0; at < size; at++) if (at == 0 || numbers[at] != numbers[at - 1]) lines.add(numbers[at]);
        return lines;
    }
}
