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
    private final Engine.Scratch scratch;
    private final int scale;
    private final long valueDivisor;
    /// Every pool and every part of the bill, in the order of the tie rule.
    private Bill.Pool[] pools;
    private Bill.Part[] parts;
    /// Each pool has one part, at the same place: what is worked out for pools holds for lines.
    private boolean alike;
    private Candidate[] candidates;
    private int count;
    private final Map<String, FreeValue> rewardPrices = new HashMap<>(4);
    private final List<Decision.Accrual> accruals = new ArrayList<>(0);
    private final List<Decision.LimitUse> limitUses = new ArrayList<>(0);

    /// The price at which a free unit of a SKU is valued: that of the batch it would leave from.
    private record FreeValue(Money mrp, PriceIndex.Price price) {}

    /// One scheme whose products are on the bill. Reused from bill to bill.
    static final class Candidate {
        Rule rule;
        int place;
        /// All its pools, and those it may still work on after exclusion; their lines in the order of the tie rule.
        Bill.Pool[] pools = new Bill.Pool[8], active = pools;
        int poolCount, activeCount;
        Bill.Part[] lines = new Bill.Part[8];
        int lineCount;
        Condition condition;
        String wanted, found;
        Basis measure;
        long wantedCount, foundCount;
        long benefit, freeQty, principalShare, distributorShare;
        boolean retro, accrued;
        List<SchemeIndex.Failed> failures;
        /// The next step: what is counted up to, how much is missing, the reward.
        Basis nextBasis;
        long nextFrom, nextMore;
        Decision.RewardKind nextKind;
        Reward nextReward;
        String nextText;
        int nextGroup;

        void reset(Rule rule, int place) {
            this.rule = rule;
            this.place = place;
            active = pools;
            poolCount = activeCount = lineCount = 0;
            condition = null;
            wanted = found = null;
            measure = null;
            benefit = freeQty = principalShare = distributorShare = 0;
            retro = accrued = false;
            failures = null;
            nextBasis = null;
            nextText = null;
            nextReward = null;
            nextGroup = -1;
        }

        void add(Bill.Pool pool) {
            if (poolCount == pools.length) {
                pools = Arrays.copyOf(pools, poolCount * 2);
                active = pools;
            }
            pools[poolCount++] = pool;
            activeCount = poolCount;
        }

        void fails(Condition condition, String wanted, String found) {
            this.condition = condition;
            this.wanted = wanted;
            this.found = found;
            measure = null;
        }

        /// The numbers become text only if somebody asks for the trace.
        void fails(Condition condition, Basis measure, long wanted, long found) {
            this.condition = condition;
            this.measure = measure;
            wantedCount = wanted;
            foundCount = found;
        }

        String wanted(int scale) {
            return measure == null ? wanted : SchemeIndex.basisText(measure, wantedCount, scale);
        }

        String found(int scale) {
            return measure == null ? found : SchemeIndex.basisText(measure, foundCount, scale);
        }

        boolean applied() {
            return benefit != 0 || freeQty != 0 || accrued;
        }

        void next(Basis basis, long from, long more, Reward reward) {
            nextBasis = basis;
            nextFrom = from;
            nextMore = more;
            nextReward = reward;
            nextText = null;
        }

        void next(Basis basis, long from, long more, Decision.RewardKind kind, String text) {
            nextBasis = basis;
            nextFrom = from;
            nextMore = more;
            nextKind = kind;
            nextText = text;
            nextReward = null;
        }

        Decision.NextStep next(int scale) {
            if (nextBasis == null) return null;
            return new Decision.NextStep(nextBasis, SchemeIndex.basisText(nextBasis, nextFrom, scale), SchemeIndex.basisText(nextBasis, nextMore, scale),
                    nextReward == null ? nextKind : kind(nextReward), nextReward == null ? nextText : text(nextReward), nextGroup < 0 ? null : nextGroup);
        }
    }

    SchemeRun(Bill bill, Engine.Scratch scratch) {
        this.bill = bill;
        this.index = bill.engine.schemes;
        this.scratch = scratch;
        this.scale = bill.scale;
        this.valueDivisor = Fixed.power10(9 - scale);
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
        if (inside) insideFreeGoods();
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
                    if (!free.inside() || bill.only != null) outsideFreeGoods(candidate, free);
                }
                case Mechanic.CheapestFree cheapest -> sets(candidate, cheapestSets(candidate, cheapest, false));
                case Mechanic.Combo combo -> combo(candidate, combo);
                case Mechanic.BundlePrice bundle -> bundle(candidate, bundle);
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
                    candidate.failures = SchemeIndex.failing(rule.scheme, bill.command, bill.command.facts().explain());
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

    private void lines(Candidate candidate) {
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
    private Bill.Row[] rows(Candidate candidate) {
        return alike ? candidate.active : candidate.lines;
    }

    private int rowCount(Candidate candidate) {
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
                var slab = reached(whole.slabs(), counted(rule.count, active, 0, size, true, rule.scheme.terms().honour() == Scheme.Honour.ORDERED_SLAB));
                yield slab == null ? 0 : amounts(rule, slab.reward(), active, size, true, scratch.amounts);
            }
            case Mechanic.IncrementalSlab incremental -> banded(rule, incremental, active, size, counted(rule.count, active, 0, size, true, false), true, scratch.amounts);
            case Mechanic.FreeGoods free -> {
                long sum = 0;
                for (var grant : grants(candidate, free, true)) sum += worth(candidate, free, grant.sku, grant.free);
                yield sum;
            }
            case Mechanic.CheapestFree cheapest -> setsTotal(candidate, cheapestSets(candidate, cheapest, true), true);
            case Mechanic.Combo combo -> {
                long sets = comboSets(candidate, combo, true);
                yield sets <= 0 ? 0 : comboAlone(candidate, combo, sets);
            }
            case Mechanic.BundlePrice bundle -> bundleAlone(candidate, bundle, bundleSets(candidate, bundle));
            case Mechanic.PerCaseRebate rebate -> rebate.cumulative() ? 0 : perCaseAmounts(candidate, rebate, active, size, true, scratch.amounts);
            case Mechanic.Qps qps -> Math.max(0, qpsDelta(candidate, qps, counted(rule.count, active, 0, size, true, false), grossOf(active, size)));
            default -> 0;
        };
    }

    /// Says which limit leaves a member of a group nothing to compete with, if one does.
    private void limitedAlone(Candidate member) {
        if (member.rule.mechanic instanceof Mechanic.FreeGoods free) grants(member, free, false);
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
            for (var grant : grants(winner, free, true)) {
                long used = grant.free == 0 ? 0 : units ? grant.used : Long.MAX_VALUE;
                for (int at = 0; at < winner.activeCount && used > 0; at++) {
                    var pool = winner.active[at];
                    if (free.rewardSkuIds().isEmpty() && pool.sku != grant.sku) continue;
                    used -= pool.qty;
                    close(pool, winner);
                }
            }
            return;
        }
        boolean partly = switch (winner.rule.mechanic) {
            case Mechanic.BundlePrice bundle -> {
                takeUnits(winner, bundle.components(), bundleSets(winner, bundle));
                yield true;
            }
            case Mechanic.Combo combo when combo.repeat() -> {
                takeUnits(winner, combo.groups(), comboSets(winner, combo, true));
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

    private static void close(Bill.Pool pool, Candidate winner) {
        pool.winner = winner;
        if (pool.takers == null) pool.takers = new ArrayList<>(1);
        pool.takers.add(winner);
    }

    // ---- counting ----

    private static Scheme.Slab reached(List<Scheme.Slab> slabs, long counted) {
        Scheme.Slab reached = null;
        for (int at = 0; at < slabs.size(); at++) {
            var slab = slabs.get(at);
            if (slab.from() > counted) break;
            reached = slab;
        }
        return reached == null || (reached.to() != null && counted > reached.to()) ? null : reached;
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
        boolean ordered = candidate.rule.scheme.terms().honour() == Scheme.Honour.ORDERED_SLAB;
        long counted = counted(candidate.rule.count, candidate.active, 0, candidate.activeCount, false, ordered);
        var slab = reached(whole.slabs(), counted);
        nextSlab(candidate, whole.slabs(), counted);
        if (slab == null) candidate.fails(Condition.THRESHOLD, whole.basis(), candidate.nextBasis == null ? whole.slabs().getFirst().from() : candidate.nextFrom, counted);
        else takeOff(candidate, slab.reward());
    }

    private static void nextSlab(Candidate candidate, List<Scheme.Slab> slabs, long counted) {
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

    private void takeOff(Candidate candidate, Reward reward) {
        if (mixes(candidate)) return;
        if (!alike) amounts(candidate.rule, reward, candidate.active, candidate.activeCount, false, scratch.poolAmounts);
        book(candidate, amounts(candidate.rule, reward, rows(candidate), rowCount(candidate), false, scratch.amounts));
    }

    /// Two schemes of one stage that stack in different ways on one line are a mistake in the set-up (PX-23).
    private boolean mixes(Candidate candidate) {
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

    private void conflict(Candidate one, Candidate other, String what) {
        bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, null, what.equals("choice") ? "PX-22" : "PX-23",
                Engine.values("schemeId", one.rule.scheme.id(), "otherSchemeId", other.rule.scheme.id(), "differ", what), List.of());
    }

    /// What a reward takes off each row, into `out`; the answer is the sum. At CONTRACT and LINE each row rounds on its own; at GROUP and
    /// BILL the whole rounds once and is split by net value (PX-25, PX-26). Never more than is left.
    private long amounts(Rule rule, Reward reward, Bill.Row[] rows, int size, boolean alone, long[] out) {
        boolean onGross = alone || rule.additive;
        long sum = 0;
        if (rule.lineByLine) {
            switch (reward) {
                case Reward.Percent percent -> {
                    long micros = percent.rate().micros();
                    for (int at = 0; at < size; at++) {
                        var row = rows[at];
                        sum += out[at] = Math.min(Fixed.fraction(onGross ? row.gross : row.value, micros), alone ? row.gross : row.value);
                    }
                    return sum;
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

    private long spread(Rule rule, Reward reward, Bill.Row[] rows, int from, int to, boolean onGross, boolean alone, long[] out) {
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

    // ---- M4 cheapest, M5, M7: sets of units ----

    /// Marks on the active pools how many units are free: the cheapest of all.
    private long cheapestSets(Candidate candidate, Mechanic.CheapestFree cheapest, boolean quiet) {
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

    private void sets(Candidate candidate, long sets) {
        if (sets == 0 || mixes(candidate)) return;
        if (!alike) {
            // Slots are those of the scheme that looked at the lines last.
            for (int at = 0; at < candidate.lineCount; at++) candidate.lines[at].slot = at;
            unitValues(candidate.active, candidate.activeCount, candidate.rule.additive, scratch.poolAmounts);
        }
        book(candidate, alike ? unitValues(candidate.active, candidate.activeCount, candidate.rule.additive, scratch.amounts) : lineValues(candidate, scratch.amounts));
    }

    private long setsTotal(Candidate candidate, long sets, boolean alone) {
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
            for (var part : pool.parts) {
                base = Math.addExact(base, candidate.rule.additive ? part.gross : part.value);
                weights[size++] = part.value;
                left = Math.addExact(left, part.value);
            }
            long total = pool.used == 0 || pool.qty == 0 ? 0 : Math.min(pool.used == pool.qty ? base : Fixed.mulDivHalfUp(base, pool.used, pool.qty), left);
            var split = new long[size];
            Apportion.split(total, weights, 0, size, split, scratch.rests);
            for (int part = 0; part < size; part++) out[pool.parts.get(part).slot] = split[part];
            sum += total;
        }
        return sum;
    }

    /// Takes `sets` times each group's units from the active pools, in the order of SKU code, MRP, price.
    private static void takeUnits(Candidate candidate, List<Scheme.Part> groups, long sets) {
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
        if (alike) return;
        for (int at = 0; at < candidate.activeCount; at++)
            for (var part : candidate.active[at].parts) {
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
    private long comboSets(Candidate candidate, Mechanic.Combo combo, boolean quiet) {
        long sets = 1;
        if (!combo.groups().isEmpty()) {
            sets = wholeSets(candidate, combo.groups());
            if (!quiet) nextSet(candidate, combo.groups(), sets, !combo.repeat(), kind(combo.reward()), text(combo.reward()));
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

    private void combo(Candidate candidate, Mechanic.Combo combo) {
        long sets = comboSets(candidate, combo, false);
        if (sets == 0) return;
        if (!combo.repeat()) {
            takeOff(candidate, combo.reward());
            return;
        }
        if (mixes(candidate)) return;
        takeUnits(candidate, combo.groups(), sets);
        partUnits(candidate);
        if (!alike) spreadUnits(candidate.active, candidate.activeCount, comboTotal(candidate.rule, combo, candidate.active, candidate.activeCount, sets, false), scratch.poolAmounts);
        book(candidate, spreadUnits(rows(candidate), rowCount(candidate), comboTotal(candidate.rule, combo, rows(candidate), rowCount(candidate), sets, false), scratch.amounts));
    }

    /// What whole sets earn alone, before it is split.
    private long comboAlone(Candidate candidate, Mechanic.Combo combo, long sets) {
        if (!combo.repeat()) return amounts(candidate.rule, combo.reward(), candidate.active, candidate.activeCount, true, scratch.amounts);
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
                yield Fixed.mulDivDown(base, micros, MILLION) + Fixed.roundedOnce(Fixed.fineRest(base, micros, MILLION) + Fixed.mulDivHalfUp(rest, micros, MILLION));
            }
            case Reward.PerUnit perUnit -> Fixed.mulDivHalfUp(perUnit.amount().micros(), qty, valueDivisor);
            case Reward.PerCount perCount -> Fixed.mulDivHalfUp(perCount.amount().micros(), qty, valueDivisor);
            case Reward.Fixed fixed -> Math.multiplyExact(fixed.amount().units(), sets);
        });
    }

    private long bundleSets(Candidate candidate, Mechanic.BundlePrice bundle) {
        long sets = wholeSets(candidate, bundle.components());
        if (!bundle.repeat()) sets = Math.min(sets, 1);
        return bundle.maxSets() == null ? sets : Math.min(sets, bundle.maxSets());
    }

    private long bundleAlone(Candidate candidate, Mechanic.BundlePrice bundle, long sets) {
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

    private void bundle(Candidate candidate, Mechanic.BundlePrice bundle) {
        long there = wholeSets(candidate, bundle.components()), sets = bundleSets(candidate, bundle);
        long reached = bundle.repeat() ? there : Math.min(there, 1);
        if (sets == reached) nextSet(candidate, bundle.components(), there, !bundle.repeat() || bundle.maxSets() != null && sets >= bundle.maxSets(), Decision.RewardKind.BUNDLE_PRICE, bundle.price().toString());
        else candidate.fails(Condition.CAP, Basis.DISTINCT, sets * 1000, reached * 1000);
        if (sets == 0 || mixes(candidate)) return;
        takeUnits(candidate, bundle.components(), sets);
        partUnits(candidate);
        if (!alike) spreadUnits(candidate.active, candidate.activeCount, bundleTotal(candidate.rule, bundle, candidate.active, candidate.activeCount, sets, false), scratch.poolAmounts);
        book(candidate, spreadUnits(rows(candidate), rowCount(candidate), bundleTotal(candidate.rule, bundle, rows(candidate), rowCount(candidate), sets, false), scratch.amounts));
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

    private DecideCommand.LimitLeft left(Rule rule, Scope scope) {
        var rows = bill.command.facts().limits();
        for (int at = 0; at < rows.size(); at++) if (rows.get(at).scope() == scope && rows.get(at).schemeId().equals(rule.scheme.id())) return rows.get(at);
        return null;
    }

    private static long moneyLeft(Scheme.Limit limit, DecideCommand.LimitLeft left) {
        if (limit.amount() == null) return Long.MAX_VALUE;
        return left == null || left.amount() == null ? limit.amount().units() : Math.max(0, left.amount().units());
    }

    private static long qtyLeft(Scheme.Limit limit, DecideCommand.LimitLeft left) {
        if (limit.freeQty() == null) return Long.MAX_VALUE;
        return left == null || left.freeQty() == null ? limit.freeQty().milli() : Math.max(0, left.freeQty().milli());
    }

    private static boolean timesOver(Scheme.Limit limit, DecideCommand.LimitLeft left) {
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

    private static Condition condition(Scope scope) {
        return switch (scope) {
            case INVOICE -> Condition.LIMIT_INVOICE;
            case OUTLET -> Condition.LIMIT_OUTLET;
            case DISTRIBUTOR -> Condition.LIMIT_DISTRIBUTOR;
            case TOTAL -> Condition.LIMIT_TOTAL;
        };
    }

    /// The same, saying in the trace which limit cut.
    private long grantedSaying(Candidate candidate, long earned) {
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
    private void useLimits(Candidate candidate) {
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

    private boolean isOff(Candidate candidate) {
        return candidate.rule.offInvoice || candidate.retro;
    }

    /// Books a money benefit (in `scratch.amounts` by row, and by pool where rows are not pools), with who pays it (PX-28).
    private void book(Candidate candidate, long total) {
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
        var scheme = candidate.rule.scheme;
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
                candidate.active[at].value -= amount;
                part = parts[candidate.active[at].place];
            } else part = candidate.lines[at];
            part.value -= amount;
            part.schemeDiscount += amount;
            part.principalShare += principal;
            part.benefit(candidate, amount, principal);
        }
        if (off) {
            candidate.accrued = candidate.benefit != 0;
            if (candidate.benefit != 0) accrue(candidate, candidate.retro ? Decision.AccrualKind.RETRO
                    : scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Decision.AccrualKind.PAYOUT : Decision.AccrualKind.CREDIT_NOTE, null, null, candidate.benefit);
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

    // ---- accruals ----

    private void accrue(Candidate candidate, Decision.AccrualKind kind, String period, String counted, long amount) {
        var scheme = candidate.rule.scheme;
        long principal = Fixed.fraction(amount, candidate.rule.principalMicros);
        accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), kind, period, "MONEY", counted, null, bill.money(amount).toString(), null, null, null,
                scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Scheme.Settlement.PAYOUT : Scheme.Settlement.CREDIT_NOTE, bill.money(principal), bill.money(amount - principal)));
    }

    private DecideCommand.Cumulated cumulated(Rule rule, String skuId) {
        for (var row : bill.command.facts().cumulated())
            if (row.schemeId().equals(rule.scheme.id()) && (skuId == null || skuId.equals(row.skuId()))) return row;
        return null;
    }

    private long qpsDelta(Candidate candidate, Mechanic.Qps qps, long counted, long value) {
        var before = cumulated(candidate.rule, null);
        return Accruals.due(qps, scale, Accruals.counted(before, qps.count().basis(), scale) + counted, Accruals.value(before, qps.count().basis(), scale) + value,
                before == null ? null : before.growthBase()) - Accruals.accrued(qps, before, scale);
    }

    /// PX-21 (6): what the bill adds to the period's account, on the values that all other schemes and manual discounts left.
    void accrue() {
        for (int at = 0; at < count; at++) {
            var candidate = candidates[at];
            if (candidate.condition != null || candidate.activeCount == 0 || !candidate.rule.accrues) continue;
            // What counts now is the net value itself.
            for (int pool = 0; pool < candidate.activeCount; pool++) {
                long value = 0;
                for (var part : candidate.active[pool].parts) value += part.heads == null ? part.value : part.heads.taxable;
                candidate.active[pool].net = value;
            }
            switch (candidate.rule.mechanic) {
                case Mechanic.Qps qps -> qps(candidate, qps);
                case Mechanic.Points points -> points(candidate, points);
                case Mechanic.PerCaseRebate rebate -> carried(candidate, rebate);
                default -> candidate.accrued = true;
            }
        }
    }

    private long countedNet(Candidate candidate) {
        var count = candidate.rule.count;
        if (count.basis() != Basis.NET_VALUE || count.netAfter() != null) return counted(count, candidate.active, 0, candidate.activeCount, false, false);
        return net(candidate);
    }

    private static long net(Candidate candidate) {
        long sum = 0;
        for (int at = 0; at < candidate.activeCount; at++) sum = Math.addExact(sum, candidate.active[at].net);
        return sum;
    }

    private void qps(Candidate candidate, Mechanic.Qps qps) {
        long counted = countedNet(candidate), value = net(candidate);
        var basis = qps.count().basis();
        var before = cumulated(candidate.rule, null);
        long sum = Accruals.counted(before, basis, scale) + counted, values = Accruals.value(before, basis, scale) + value;
        long accrued = Accruals.accrued(qps, before, scale);
        long due = Accruals.due(qps, scale, sum, values, before == null ? null : before.growthBase());
        long delta = due - accrued;
        if (candidate.rule.limited && delta > 0) delta = grantedSaying(candidate, delta);
        candidate.benefit = delta;
        candidate.accrued = delta != 0;
        var scheme = candidate.rule.scheme;
        long principal = Fixed.fraction(delta, candidate.rule.principalMicros);
        candidate.principalShare = principal;
        candidate.distributorShare = delta - principal;
        accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), qps.turnover() ? Decision.AccrualKind.TOD : Decision.AccrualKind.QPS,
                Periods.key(qps.period(), bill.on), "MONEY", SchemeIndex.basisText(basis, counted, scale), bill.money(value), bill.money(delta).toString(),
                bill.money(accrued + delta).toString(), null, null, settlement(scheme), bill.money(principal), bill.money(delta - principal)));
        if (qps.growth() == null) {
            nextSlab(candidate, qps.slabs(), sum);
            if (sum < qps.slabs().getFirst().from()) candidate.fails(Condition.THRESHOLD, basis, qps.slabs().getFirst().from(), sum);
        } else if (due == 0) {
            var base = before == null ? null : Accruals.growthBase(qps.growth(), before.growthBase());
            if (base == null && (before == null || before.growthBase() == null)) base = Accruals.growthBase(qps.growth(), null);
            candidate.fails(Condition.THRESHOLD, "growth " + Fixed.print(qps.slabs().getFirst().from(), 6, 0), base == null ? null : bill.money(values - base).toString());
        }
        if (candidate.rule.limited) useLimits(candidate);
    }

    private static Scheme.Settlement settlement(Scheme scheme) {
        return scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Scheme.Settlement.PAYOUT : Scheme.Settlement.CREDIT_NOTE;
    }

    private void points(Candidate candidate, Mechanic.Points points) {
        long counted = countedNet(candidate);
        long steps = counted / points.per();
        candidate.next(points.count().basis(), Math.multiplyExact(steps + 1, points.per()), points.per() - Math.floorMod(counted, points.per()),
                Decision.RewardKind.POINTS, Long.toString(points.points()));
        if (steps <= 0) {
            candidate.fails(Condition.THRESHOLD, points.count().basis(), points.per(), counted);
            return;
        }
        candidate.accrued = true;
        var scheme = candidate.rule.scheme;
        var before = cumulated(candidate.rule, null);
        long earned = Math.multiplyExact(steps, points.points());
        accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), Decision.AccrualKind.POINTS, Periods.key(points.period(), bill.on), "POINTS",
                SchemeIndex.basisText(points.count().basis(), counted, scale), bill.money(net(candidate)), Long.toString(earned),
                before == null || before.accrued() == null ? null : Long.toString(Fixed.parse(before.accrued(), 0) + earned), null, null, null, Money.zero(scale), Money.zero(scale)));
    }

    /// EX-30: the period's left-over of each SKU is carried to its next full case.
    private void carried(Candidate candidate, Mechanic.PerCaseRebate rebate) {
        var scheme = candidate.rule.scheme;
        for (int from = 0; from < candidate.activeCount; ) {
            var sku = candidate.active[from].sku;
            long qty = 0, value = 0;
            for (; from < candidate.activeCount && candidate.active[from].sku == sku; from++) {
                qty += candidate.active[from].qty;
                value += candidate.active[from].net;
            }
            var before = cumulated(candidate.rule, sku.id());
            long sum = qty + (before == null || before.counted() == null ? 0 : Fixed.parse(before.counted(), 3));
            long counted = ofSku(candidate.rule.count, sku, sum), carry = 0;
            if (rebate.unit() != null) {
                var unit = PriceIndex.unit(sku, rebate.unit());
                if (unit == null) continue;
                carry = sum - Fixed.mulDivDown(counted, unit.num(), unit.den());
            }
            long amount = Fixed.mulDivHalfUp(rebate.amount().micros(), counted, valueDivisor);
            if (candidate.rule.limited) amount = Math.max(0, grantedSaying(candidate, candidate.benefit + amount) - candidate.benefit);
            long principal = Fixed.fraction(amount, candidate.rule.principalMicros);
            candidate.benefit += amount;
            candidate.principalShare += principal;
            candidate.distributorShare += amount - principal;
            candidate.accrued |= amount != 0;
            accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), Decision.AccrualKind.REBATE, Periods.key(rebate.period(), bill.on), "MONEY",
                    new Qty(qty).toString(), bill.money(value), bill.money(amount).toString(), null, new Qty(carry), sku.id(), settlement(scheme),
                    bill.money(principal), bill.money(amount - principal)));
        }
        if (candidate.rule.limited) useLimits(candidate);
    }

    List<Decision.Accrual> accruals() {
        return accruals;
    }

    List<Decision.LimitUse> limitUses() {
        return limitUses;
    }

    /// What may be deducted for early payment of the bill (M10): said on the bill, settled with the receipt.
    List<Decision.CashDiscount> cashDiscounts(long payable) {
        List<Decision.CashDiscount> rows = null;
        for (int at = 0; at < count; at++) {
            var candidate = candidates[at];
            if (candidate.condition != null || !(candidate.rule.mechanic instanceof Mechanic.CashDiscount cash)) continue;
            if (rows == null) rows = new ArrayList<>(1);
            var terms = new ArrayList<Decision.CashTerm>();
            for (var term : cash.terms())
                terms.add(new Decision.CashTerm(bill.on + term.days(), term.percent(), bill.money(Fixed.fraction(payable, term.percent().micros()))));
            rows.add(new Decision.CashDiscount(candidate.rule.scheme.id(), candidate.rule.scheme.version(), terms));
        }
        return rows == null ? List.of() : rows;
    }

    // ---- M4 ----

    /// Free units of one SKU, the bought units that they used up, and what they would be without the cap.
    private record Grant(RuleBook.Sku sku, long free, long used, long uncapped) {}

    /// What a scheme gives free, within its cap and limits; the trace is told unless `quiet`.
    private List<Grant> grants(Candidate candidate, Mechanic.FreeGoods free, boolean quiet) {
        var grants = new ArrayList<Grant>(2);
        var active = candidate.active;
        int size = candidate.activeCount;
        long cap = free.capPerInvoice() == null ? Long.MAX_VALUE : free.capPerInvoice().milli();
        if (!free.rewardSkuIds().isEmpty()) {
            long sets = sets(free, counted(free.count(), active, 0, size, quiet, false));
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
                long sets = sets(free, counted(free.count(), active, from, to, quiet, false));
                if (sets > 0) cap -= grant(grants, free, active[from].sku, sets, cap);
                from = to;
            }
        }
        if (!quiet) afterGrants(candidate, free, grants);
        return candidate.rule.limited ? limited(candidate, free, grants, quiet) : grants;
    }

    private long sets(Mechanic.FreeGoods free, long counted) {
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
            var left = left(rule, limit.scope());
            boolean over = timesOver(limit, left);
            long qtyRoom = qtyLeft(limit, left), moneyRoom = moneyLeft(limit, left), qty = 0, value = 0;
            for (var grant : grants) {
                qty += grant.free;
                value += worth(candidate, free, grant.sku, grant.free);
            }
            if (qty == 0 || (!over && qty <= qtyRoom && value <= moneyRoom)) continue;
            boolean anything = !over && qtyRoom > 0 && moneyRoom > 0;
            // The last one is let through: nothing is cut.
            if (anything && rule.scheme.terms().whenCut() == Scheme.WhenCut.FULL_LAST) continue;
            if (!quiet) {
                if (over) candidate.fails(condition(limit.scope()), "0", "1");
                else if (qty > qtyRoom) candidate.fails(condition(limit.scope()), Basis.BASE_QTY, qtyRoom, qty);
                else candidate.fails(condition(limit.scope()), Basis.GROSS_VALUE, moneyRoom, value);
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
    private static long whole(Mechanic.FreeGoods free, RuleBook.Sku sku, long milli) {
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

    private static void merge(List<Priced> rows, Money mrp, long micros, long milli) {
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
    private long worth(Candidate candidate, Mechanic.FreeGoods free, RuleBook.Sku sku, long milli) {
        if (milli == 0) return 0;
        long sum = 0;
        for (var row : priced(candidate, free, sku, milli)) sum += Fixed.mulDivHalfUp(row.micros, row.milli, valueDivisor);
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
    private void insideFreeGoods() {
        for (int place = 0; place < count; place++) {
            var candidate = candidates[place];
            if (candidate.condition != null || candidate.activeCount == 0) continue;
            if (!(candidate.rule.mechanic instanceof Mechanic.FreeGoods free) || !free.inside()) continue;
            for (var grant : grants(candidate, free, false)) {
                if (grant.free == 0) continue;
                burden(candidate, grant.sku, grant.free);
                long left = grant.free;
                for (var pool : cheapest(candidate, grant.sku)) {
                    // The manual discount tells lines of a pool apart: its order must not depend on how lines are split.
                    var own = new ArrayList<>(pool.parts);
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
            if (candidate.rule.limited) useLimits(candidate);
        }
    }

    /// Turns billed units of a line into free ones, from the end of its batches.
    private void takeOut(Candidate candidate, Bill.Part part, long milli) {
        var row = free(candidate.rule.scheme, part.sku, part.mrp, part.unit, part.inclusive, true);
        add(candidate, row, milli);
        part.qty -= milli;
        part.pool.qty -= milli;
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

    /// Free units on their line: what they are worth is what the line says, rounded once.
    private void add(Candidate candidate, Bill.Free row, long milli) {
        candidate.benefit -= Fixed.mulDivHalfUp(row.unit.micros(), row.qty, valueDivisor);
        row.qty += milli;
        candidate.benefit += Fixed.mulDivHalfUp(row.unit.micros(), row.qty, valueDivisor);
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
            long bought = counted(free.count(), candidate.active, at, to, false, false), sets = nextSets(free, rewarded(free, candidate.active[at].sku), bought);
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
            candidate.next(free.count().basis(), from, more, Decision.RewardKind.FREE_QTY, new Qty(reward).toString());
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

    private void outsideFreeGoods(Candidate candidate, Mechanic.FreeGoods free) {
        for (var id : candidate.rule.scheme.rewardSkuIds())
            if (bill.engine.sku(id) == null) {
                bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, id, "PX-20",
                        Engine.values("schemeId", candidate.rule.scheme.id(), "rewardSkuId", id), List.of());
                return;
            }
        var grants = grants(candidate, free, false);
        if (isOff(candidate)) {
            for (var grant : grants) candidate.benefit += worth(candidate, free, grant.sku, grant.free);
            candidate.principalShare = Fixed.fraction(candidate.benefit, candidate.rule.principalMicros);
            candidate.distributorShare = candidate.benefit - candidate.principalShare;
            candidate.accrued = candidate.benefit != 0;
            if (candidate.benefit != 0) accrue(candidate, candidate.retro ? Decision.AccrualKind.RETRO
                    : candidate.rule.scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Decision.AccrualKind.PAYOUT : Decision.AccrualKind.CREDIT_NOTE, null, null, candidate.benefit);
        } else for (var grant : grants) {
            if (grant.free == 0) continue;
            if (bill.rate(grant.sku) == null && bill.isTaxed()) {
                bill.refuse(Refusal.Code.TAX_RATE_MISSING, null, grant.sku.id(), "IN-06", Engine.values("hsn", grant.sku.hsn(), "on", bill.on), List.of());
                continue;
            }
            give(candidate, free, grant);
        }
        if (candidate.rule.limited) useLimits(candidate);
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
            if (!alike) spread(candidate.rule, reward, candidate.active, 0, candidate.activeCount, false, false, scratch.poolAmounts);
            long total = spread(candidate.rule, reward, rows(candidate), 0, rowCount(candidate), false, false, scratch.amounts);
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
        for (int at = 0; at < rowCount(candidate); at++) {
            long amount = scratch.amounts[at];
            if (amount == 0) continue;
            long principal = Fixed.fraction(amount, candidate.rule.principalMicros);
            candidate.benefit += amount;
            candidate.principalShare += principal;
            candidate.distributorShare += amount - principal;
            var part = alike ? parts[candidate.active[at].place] : candidate.lines[at];
            part.value -= amount;
            part.schemeDiscount += amount;
            part.principalShare += principal;
            part.benefit(candidate, amount, principal);
        }
        for (int at = 0; at < candidate.activeCount; at++)
            candidate.active[at].value -= Math.min(alike ? scratch.amounts[at] : scratch.poolAmounts[at], candidate.active[at].value);
        candidate.condition = condition;
    }

    /// Hands out free units from the shelf; the answer is how many were there.
    private long hand(Candidate candidate, RuleBook.Sku sku, long wanted) {
        if (wanted <= 0) return 0;
        long given = wanted - bill.takeFree(sku, wanted, (batch, milli) -> {
            var price = batch == null ? rewardPrice(sku).price : bill.price(sku, batch.mrp(), batch.batchId());
            var unit = unitValue(sku, price, candidate.active, candidate.activeCount);
            var mrp = batch == null ? rewardPrice(sku).mrp : batch.mrp();
            if (price != null && price.conflict() != null)
                bill.refuse(Refusal.Code.CONFIG_CONFLICT, null, sku.id(), "PX-01", Engine.values("priceListId", price.list().id(), "otherPriceListId", price.conflict().id()), List.of());
            if (unit == null) {
                priceMissing(sku, mrp);
                unit = UnitPrice.ZERO;
            }
            var row = free(candidate.rule.scheme, sku, mrp, unit, price != null && price.list().taxInclusive(), false);
            add(candidate, row, milli);
            if (batch != null) row.takes.add(new Bill.Take(batch, milli));
        });
        candidate.freeQty += given;
        burden(candidate, sku, given);
        return given;
    }

    private void priceMissing(RuleBook.Sku sku, Money mrp) {
        bill.refuse(Refusal.Code.PRICE_MISSING, null, sku.id(), "PX-27", Engine.values("mrp", mrp, "on", bill.on), List.of());
    }

    /// The distributor's own part of free goods weighs on the floor of the lines that earned them (PX-05).
    private void burden(Candidate candidate, RuleBook.Sku sku, long milli) {
        long own = MILLION - Math.min(MILLION, candidate.rule.principalMicros);
        if (own == 0 || sku.pts() == null || milli == 0 || bill.light) return;
        long worth = Fixed.mulDivHalfUp(sku.pts().micros(), milli, valueDivisor);
        int size = rowCount(candidate);
        var rows = rows(candidate);
        var weights = new long[size];
        long sum = 0;
        for (int at = 0; at < size; at++) sum += weights[at] = rows[at].qty;
        if (sum == 0) return;
        var split = Apportion.split(Fixed.mulDivHalfUp(worth, own, MILLION), weights);
        for (int at = 0; at < size; at++) (alike ? parts[candidate.active[at].place] : candidate.lines[at]).freeBurden += split[at];
    }

    /// EX-11: one price for bought and free goods is shared over both by their list values, so that each carries its own tax; or,
    /// as one mixed supply, all of it carries the highest rate.
    void shareSinglePrices() {
        for (int place = 0; place < count; place++) {
            var candidate = candidates[place];
            if (candidate.freeQty == 0 || !(candidate.rule.mechanic instanceof Mechanic.FreeGoods free) || free.tax() == Scheme.FreeTax.ZERO_PRICED) continue;
            var rows = new ArrayList<Bill.Free>();
            for (var row : bill.frees) if (row.scheme == candidate.rule.scheme) rows.add(row);
            int size = rowCount(candidate);
            var own = new Bill.Part[size];
            for (int at = 0; at < size; at++) own[at] = alike ? parts[candidate.active[at].place] : candidate.lines[at];
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

    private int rank(Bill.Part[] own, List<Bill.Free> rows, int which) {
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
            for (int pool = 0; pool < candidate.activeCount; pool++) size += candidate.active[pool].parts.size();
            var lines = new int[size];
            size = 0;
            for (int pool = 0; pool < candidate.activeCount; pool++) for (var part : candidate.active[pool].parts) lines[size++] = part.line.line();
            rows.add(new Evaluation.Applied(candidate.rule.scheme, candidate.benefit, candidate.freeQty, lines));
        }
        return rows;
    }

    private List<Integer> lineNumbers(Candidate candidate) {
        if (candidate.poolCount == 1 && candidate.pools[0].parts.size() == 1) return List.of(candidate.pools[0].parts.getFirst().line.line());
        var numbers = scratch.numbers(bill.parts.size());
        int size = 0;
        for (int at = 0; at < candidate.poolCount; at++) for (var part : candidate.pools[at].parts) numbers[size++] = part.line.line();
        Arrays.sort(numbers, 0, size);
        var lines = new ArrayList<Integer>(size);
        for (int at = 0; at < size; at++) if (at == 0 || numbers[at] != numbers[at - 1]) lines.add(numbers[at]);
        return lines;
    }
}
