package io.offtake.rules;

import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;

/// What a period's account comes to (M8): QPS and TOD, whole or incremental slabs, growth over a base.
final class Accruals {
    private Accruals() {}

    /// The sum counted before, in the unit of the basis.
    static long counted(DecideCommand.Cumulated before, Scheme.Basis basis, int scale) {
        return before == null || before.counted() == null ? 0 : Fixed.parse(before.counted(), basis.isMoney() ? scale : 3);
    }

    /// The net value before: as counted, if the basis is value and none is given.
    static long value(DecideCommand.Cumulated before, Scheme.Basis basis, int scale) {
        if (before == null) return 0;
        if (before.value() != null) return before.value().units();
        return basis.isMoney() ? counted(before, basis, scale) : 0;
    }

    /// What has been accrued: as given, else what the slabs give for what was counted before.
    static long accrued(Mechanic.Qps qps, DecideCommand.Cumulated before, int scale) {
        if (before == null) return 0;
        if (before.accrued() != null) return Fixed.parse(before.accrued(), scale);
        return due(qps, scale, counted(before, qps.count().basis(), scale), value(before, qps.count().basis(), scale), before.growthBase());
    }

    /// The base of growth, or null if there is none to grow from (EX-17).
    static Long growthBase(Scheme.Growth growth, Money base) {
        if (base != null && base.isPositive() && (growth.minBase() == null || base.compareTo(growth.minBase()) >= 0)) return base.units();
        return growth.floorBase() == null ? null : (Long) growth.floorBase().units();
    }

    /// What the account comes to. Never negative.
    /// @param counted in the unit of the basis
    /// @param value   net value, of which percentages are taken
    static long due(Mechanic.Qps qps, int scale, long counted, long value, Money growthBase) {
        if (counted <= 0 && value <= 0) return 0;
        if (qps.growth() != null) {
            var base = growthBase(qps.growth(), growthBase);
            if (base == null || base <= 0 || value <= base) return 0;
            long increase = value - base;
            long growth = Fixed.mulDivDown(increase, 1_000_000, base);
            Scheme.Slab reached = null;
            for (var slab : qps.slabs()) if (slab.from() <= growth) reached = slab;
            return reached == null ? 0 : reward(reached.reward(), increase, counted, scale, true);
        }
        var basis = qps.count().basis();
        if (!qps.incremental()) {
            Scheme.Slab reached = null;
            for (var slab : qps.slabs()) if (slab.from() <= counted) reached = slab;
            if (reached == null || (reached.to() != null && counted > reached.to())) return 0;
            return reward(reached.reward(), value, counted, scale, basis.isMoney());
        }
        long percent = 0, amounts = 0, fixed = 0;
        for (int at = 0; at < qps.slabs().size(); at++) {
            var slab = qps.slabs().get(at);
            if (counted < slab.from()) break;
            long from = SchemeRun.bandStart(basis, slab.from());
            long to = at + 1 < qps.slabs().size() ? Math.min(counted, SchemeRun.bandStart(basis, qps.slabs().get(at + 1).from())) : counted;
            long band = Math.max(0, to - from);
            switch (slab.reward()) {
                case Reward.Percent one -> percent = Math.addExact(percent, Math.multiplyExact(band, one.rate().micros()));
                case Reward.PerUnit one -> amounts = Math.addExact(amounts, Math.multiplyExact(band, one.amount().micros()));
                case Reward.PerCount one -> amounts = Math.addExact(amounts, Math.multiplyExact(band, one.amount().micros()));
                case Reward.Fixed one -> fixed += one.amount().units();
            }
        }
        long divisor = basis.isMoney() ? 1_000_000 : Fixed.power10(9 - scale);
        if (basis.isMoney() && value == counted) return Math.max(0, fixed + Fixed.mulDivHalfUp(Math.addExact(percent, amounts), 1, 1_000_000));
        if (percent == 0 || amounts == 0)
            return Math.max(0, fixed + (percent == 0 ? Fixed.mulDivHalfUp(amounts, 1, divisor) : Fixed.mulDivHalfUp(value, percent, Math.multiplyExact(counted, 1_000_000L))));
        // Bands of both kinds make one amount, which rounds once.
        long whole = Math.multiplyExact(counted, 1_000_000L);
        return Math.max(0, fixed + Fixed.mulDivDown(value, percent, whole) + amounts / divisor + Fixed.roundedOnce(Fixed.fineRest(value, percent, whole) + Fixed.fineRest(amounts, 1, divisor)));
    }

    private static long reward(Reward reward, long value, long counted, int scale, boolean money) {
        return Math.max(0, switch (reward) {
            case Reward.Percent percent -> Fixed.mulDivHalfUp(value, percent.rate().micros(), 1_000_000);
            case Reward.PerUnit perUnit -> Fixed.mulDivHalfUp(perUnit.amount().micros(), counted, money ? 1_000_000 : Fixed.power10(9 - scale));
            case Reward.PerCount perCount -> Fixed.mulDivHalfUp(perCount.amount().micros(), counted, money ? 1_000_000 : Fixed.power10(9 - scale));
            case Reward.Fixed fixed -> fixed.amount().units();
        });
    }
}
