package io.offtake.rules;

import io.offtake.rules.Decision.Condition;
import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import java.util.ArrayList;
import java.util.List;

/// What a bill adds to the accounts of periods (M8, M11 and M12 over a period) and what it promises for early payment (M10): PX-21 (6).
final class PeriodSums {
    private final SchemeRun run;
    private final Bill bill;
    private final int scale;
    private final long valueDivisor;

    PeriodSums(SchemeRun run) {
        this.run = run;
        this.bill = run.bill;
        this.scale = run.scale;
        this.valueDivisor = run.valueDivisor;
    }

    void accrue(Candidate candidate, Decision.AccrualKind kind, String period, String counted, long amount) {
        var scheme = candidate.rule.scheme;
        long principal = Fixed.fraction(amount, candidate.rule.principalMicros);
        run.accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), kind, period, "MONEY", counted, null, bill.money(amount).toString(), null, null, null,
                scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Scheme.Settlement.PAYOUT : Scheme.Settlement.CREDIT_NOTE, bill.money(principal), bill.money(amount - principal)));
    }

    DecideCommand.Cumulated cumulated(Rule rule, String skuId) {
        for (var row : bill.command.facts().cumulated())
            if (row.schemeId().equals(rule.scheme.id()) && (skuId == null || skuId.equals(row.skuId()))) return row;
        return null;
    }

    long qpsDelta(Candidate candidate, Mechanic.Qps qps, long counted, long value) {
        var before = cumulated(candidate.rule, null);
        return Accruals.due(qps, scale, Accruals.counted(before, qps.count().basis(), scale) + counted, Accruals.value(before, qps.count().basis(), scale) + value,
                before == null ? null : before.growthBase()) - Accruals.accrued(qps, before, scale);
    }

    /// PX-21 (6): what the bill adds to the period's account, on the values that all other schemes and manual discounts left.
    void accrue() {
        if (!bill.engine.schemes.accrues) return;
        for (int at = 0; at < run.count; at++) {
            var candidate = run.candidates[at];
            if (candidate.condition != null || candidate.activeCount == 0 || !candidate.rule.accrues) continue;
            // What counts now is the net value itself.
            for (int pool = 0; pool < candidate.activeCount; pool++) {
                long value = 0;
                for (var part : candidate.active[pool].parts()) value += part.heads == null ? part.value : part.heads.taxable;
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
        var counting = candidate.rule.count;
        if (counting.basis() != Basis.NET_VALUE || counting.netAfter() != null) return run.counted(counting, candidate.active, 0, candidate.activeCount, false, false);
        return net(candidate);
    }

    static long net(Candidate candidate) {
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
        if (candidate.rule.limited && delta > 0) delta = run.grantedSaying(candidate, delta);
        candidate.benefit = delta;
        candidate.accrued = delta != 0;
        var scheme = candidate.rule.scheme;
        long principal = Fixed.fraction(delta, candidate.rule.principalMicros);
        candidate.principalShare = principal;
        candidate.distributorShare = delta - principal;
        run.accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), qps.turnover() ? Decision.AccrualKind.TOD : Decision.AccrualKind.QPS,
                Periods.key(qps.period(), bill.on), "MONEY", SchemeIndex.basisText(basis, counted, scale), bill.money(value), bill.money(delta).toString(),
                bill.money(accrued + delta).toString(), null, null, settlement(scheme), bill.money(principal), bill.money(delta - principal)));
        if (qps.growth() == null) {
            SchemeRun.nextSlab(candidate, qps.slabs(), sum);
            if (sum < qps.slabs().getFirst().from()) candidate.fails(Condition.THRESHOLD, basis, qps.slabs().getFirst().from(), sum);
        } else if (due == 0) {
            var base = before == null ? null : Accruals.growthBase(qps.growth(), before.growthBase());
            if (base == null && (before == null || before.growthBase() == null)) base = Accruals.growthBase(qps.growth(), null);
            candidate.fails(Condition.THRESHOLD, "growth " + Fixed.print(qps.slabs().getFirst().from(), 6, 0), base == null ? null : bill.money(values - base).toString());
        }
        if (candidate.rule.limited) run.useLimits(candidate);
    }

    static Scheme.Settlement settlement(Scheme scheme) {
        return scheme.terms().settlement() == Scheme.Settlement.PAYOUT ? Scheme.Settlement.PAYOUT : Scheme.Settlement.CREDIT_NOTE;
    }

    void points(Candidate candidate, Mechanic.Points points) {
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
        run.accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), Decision.AccrualKind.POINTS, Periods.key(points.period(), bill.on), "POINTS",
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
            long counted = SchemeRun.ofSku(candidate.rule.count, sku, sum), carry = 0;
            if (rebate.unit() != null) {
                var unit = PriceIndex.unit(sku, rebate.unit());
                if (unit == null) continue;
                carry = sum - Fixed.mulDivDown(counted, unit.num(), unit.den());
            }
            long amount = Fixed.mulDivHalfUp(rebate.amount().micros(), counted, valueDivisor);
            if (candidate.rule.limited) amount = Math.max(0, run.grantedSaying(candidate, candidate.benefit + amount) - candidate.benefit);
            long principal = Fixed.fraction(amount, candidate.rule.principalMicros);
            candidate.benefit += amount;
            candidate.principalShare += principal;
            candidate.distributorShare += amount - principal;
            candidate.accrued |= amount != 0;
            run.accruals.add(new Decision.Accrual(scheme.id(), scheme.version(), scheme.code(), Decision.AccrualKind.REBATE, Periods.key(rebate.period(), bill.on), "MONEY",
                    new Qty(qty).toString(), bill.money(value), bill.money(amount).toString(), null, new Qty(carry), sku.id(), settlement(scheme),
                    bill.money(principal), bill.money(amount - principal)));
        }
        if (candidate.rule.limited) run.useLimits(candidate);
    }

    /// What may be deducted for early payment of the bill (M10): said on the bill, settled with the receipt.
    List<Decision.CashDiscount> cashDiscounts(long payable) {
        List<Decision.CashDiscount> rows = null;
        for (int at = 0; at < run.count; at++) {
            var candidate = run.candidates[at];
            if (candidate.condition != null || !(candidate.rule.mechanic instanceof Mechanic.CashDiscount cash)) continue;
            if (rows == null) rows = new ArrayList<>(1);
            var terms = new ArrayList<Decision.CashTerm>();
            for (var term : cash.terms())
                terms.add(new Decision.CashTerm(bill.on + term.days(), term.percent(), bill.money(Fixed.fraction(payable, term.percent().micros()))));
            rows.add(new Decision.CashDiscount(candidate.rule.scheme.id(), candidate.rule.scheme.version(), terms));
        }
        return rows == null ? List.of() : rows;
    }
}
