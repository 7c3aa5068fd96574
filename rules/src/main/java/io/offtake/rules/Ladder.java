package io.offtake.rules;

import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Why and why not, line by line: what each candidate scheme gave to a line, or all conditions that fail, and how much more of the
/// line reaches the next step.
final class Ladder {
    private final SchemeRun run;
    private final int scale;

    private Ladder(SchemeRun run) {
        this.run = run;
        this.scale = run.scale();
    }

    static List<Decision.LadderLine> of(SchemeRun run) {
        return new Ladder(run).lines();
    }

    private List<Decision.LadderLine> lines() {
        var lines = new ArrayList<Decision.LadderLine>();
        for (var part : run.bill.parts) {
            boolean known = false;
            for (var line : lines) known |= line.line() == part.line.line();
            if (known) continue;
            var rows = new ArrayList<Decision.LadderRow>();
            for (int at = 0; at < run.count(); at++) {
                var candidate = run.candidates()[at];
                if (looksAt(candidate, part)) rows.add(row(candidate, part));
            }
            lines.add(new Decision.LadderLine(part.line.line(), part.sku.id(), rows));
        }
        lines.sort(Comparator.comparingInt(Decision.LadderLine::line));
        return lines;
    }

    private static boolean looksAt(Candidate candidate, Bill.Part part) {
        for (int at = 0; at < candidate.poolCount; at++) if (candidate.pools[at].sku == part.sku) return true;
        return false;
    }

    private Decision.LadderRow row(Candidate candidate, Bill.Part part) {
        var scheme = candidate.rule.scheme;
        long amount = 0, freeQty = 0;
        for (var other : run.bill.parts) if (other.line == part.line) amount += other.from(candidate);
        boolean ofSku = scheme.mechanic() instanceof Mechanic.FreeGoods free && free.rewardSkuIds().isEmpty();
        var taker = candidate.failures == null ? taker(candidate, part) : null;
        if (taker == null && candidate.freeQty != 0) for (var row : run.bill.frees) {
            if (row.scheme != scheme || (ofSku && row.sku != part.sku && !((Mechanic.FreeGoods) scheme.mechanic()).substituteSkuIds().contains(row.sku.id()))) continue;
            freeQty += row.qty;
            amount += Fixed.mulDivHalfUp(row.unit.micros(), row.qty, Fixed.power10(9 - scale));
        } else if (taker == null && amount == 0 && candidate.accrued) amount = candidate.benefit;
        boolean applied = amount != 0 || freeQty != 0 || taker == null && candidate.accrued;
        var failing = new ArrayList<Decision.Failing>(1);
        String winner = null;
        if (candidate.failures != null) for (var failed : candidate.failures) failing.add(new Decision.Failing(failed.condition(), failed.wanted(), failed.found()));
        else if (candidate.condition == Decision.Condition.EXCLUDED || taker != null) {
            // Units added here count for the one that has the line.
            winner = taker == null ? candidate.found(scale) : taker.rule.scheme.code();
            failing.add(new Decision.Failing(Decision.Condition.EXCLUDED, scheme.exclusionGroup(), winner));
        } else if (candidate.condition != null) failing.add(new Decision.Failing(candidate.condition, candidate.wanted(scale), candidate.found(scale)));
        else if (!candidate.applied()) failing.add(new Decision.Failing(Decision.Condition.NO_VALUE, null, null));
        var next = candidate.failures != null || taker != null ? null : next(candidate, part);
        return new Decision.LadderRow(scheme.id(), scheme.version(), scheme.code(), scheme.stage(), applied, run.bill.money(amount), new Qty(freeQty), failing, winner,
                next, next == null ? null : moreQty(candidate, part, next),
                scheme.mechanic() instanceof Mechanic.FreeGoods free && free.rewardSkuIds().size() > 1 ? free.rewardSkuIds() : List.of());
    }

    /// Who of the scheme's exclusion group has this line, if the scheme works on others.
    private static Candidate taker(Candidate candidate, Bill.Part part) {
        var group = candidate.rule.scheme.exclusionGroup();
        if (group == null || part.pool.takers == null || candidate.activeCount == 0) return null;
        for (var taker : part.pool.takers) if (taker != candidate && group.equals(taker.rule.scheme.exclusionGroup())) return taker;
        return null;
    }

    /// The next step as this line sees it: free goods of the bought SKU count SKU by SKU; a scheme that lost its group is asked as if alone.
    private Decision.NextStep next(Candidate candidate, Bill.Part part) {
        var rule = candidate.rule;
        if (rule.mechanic instanceof Mechanic.FreeGoods free) {
            long bought = counted(candidate, free.rewardSkuIds().isEmpty() ? part.sku : null);
            if (free.inside()) for (var row : run.bill.frees) if (row.inside && row.scheme == rule.scheme && row.sku == part.sku) bought += row.qty;
            var reward = run.freeGoods.rewarded(free, part.sku);
            long sets = run.freeGoods.nextSets(free, reward, bought);
            if (sets == 0 || candidate.condition == Decision.Condition.CAP) return null;
            long from = Math.multiplyExact(sets, run.freeGoods.step(free));
            return new Decision.NextStep(free.count().basis(), SchemeIndex.basisText(free.count().basis(), from, scale),
                    SchemeIndex.basisText(free.count().basis(), from - bought, scale), Decision.RewardKind.FREE_QTY, new Qty(run.freeGoods.gained(free, reward, sets, bought)).toString(), null);
        }
        if (candidate.condition == Decision.Condition.EXCLUDED) {
            var slabs = switch (rule.mechanic) {
                case Mechanic.WholeSlab whole -> whole.slabs();
                case Mechanic.IncrementalSlab incremental -> incremental.slabs();
                default -> List.<Scheme.Slab>of();
            };
            if (slabs.isEmpty()) return null;
            long counted = counted(candidate, null);
            for (var slab : slabs)
                if (slab.from() > counted)
                    return new Decision.NextStep(rule.count.basis(), SchemeIndex.basisText(rule.count.basis(), slab.from(), scale),
                            SchemeIndex.basisText(rule.count.basis(), slab.from() - counted, scale), SchemeRun.kind(slab.reward()), SchemeRun.text(slab.reward()), null);
            return null;
        }
        return candidate.next(scale);
    }

    private long counted(Candidate candidate, RuleBook.Sku only) {
        var pools = candidate.activeCount == 0 ? candidate.pools : candidate.active;
        int size = candidate.activeCount == 0 ? candidate.poolCount : candidate.activeCount, from = 0, to = size;
        if (only != null) {
            while (from < size && pools[from].sku != only) from++;
            to = from;
            while (to < size && pools[to].sku == only) to++;
        }
        return run.counted(candidate.rule.count, pools, from, to, false, false);
    }

    /// Base units more on this line that reach the step; null if more of this line does not do it, or other schemes decide.
    private Qty moreQty(Candidate candidate, Bill.Part part, Decision.NextStep next) {
        var rule = candidate.rule;
        if (next.group() != null && !Integer.valueOf(next.group()).equals(rule.groupOfRank.get(part.rank))) return null;
        long more = next.basis().isMoney() ? Fixed.parse(next.more(), scale) : Fixed.parse(next.more(), 3);
        long step = part.sku.qtyScale() == 0 ? 1000 : 1;
        long qty = 0;
        for (var pool : run.bill.pools) if (pool.sku == part.sku) qty += pool.qty;
        return switch (next.basis()) {
            case BASE_QTY -> up(more, step);
            case CASES -> {
                var unit = PriceIndex.unit(part.sku, rule.count.unit());
                if (unit == null) yield null;
                long wanted = Fixed.mulDivDown(SchemeRun.ofSku(rule.count, part.sku, qty) + more, unit.num(), unit.den());
                yield up(wanted - qty, step);
            }
            case WEIGHT -> {
                if (part.sku.weight() == 0) yield null;
                long have = SchemeRun.ofSku(rule.count, part.sku, qty);
                long guess = Math.max(0, Fixed.mulDivDown(more, 1_000_000, part.sku.weight()) / step * step - step);
                while (SchemeRun.ofSku(rule.count, part.sku, qty + guess) - have < more) guess += step;
                yield new Qty(guess);
            }
            case GROSS_VALUE -> {
                long price = part.unit.micros();
                if (price == 0) yield null;
                long divisor = Fixed.power10(9 - scale), pool = part.pool.qty;
                long have = Fixed.mulDivHalfUp(price, pool, divisor);
                // From below: half a smallest unit less may round up to it.
                long guess = Math.max(0, Fixed.mulDivDown(Math.max(0, more - 2), divisor, price) / step * step - step);
                while (Fixed.mulDivHalfUp(price, pool + guess, divisor) - have < more) guess += step;
                yield new Qty(guess);
            }
            case NET_VALUE, DISTINCT -> null;
        };
    }

    private static Qty up(long milli, long step) {
        return new Qty((milli + step - 1) / step * step);
    }
}
