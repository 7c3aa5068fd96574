package io.offtake.rules.oracle;

import java.util.List;

/// The bugs: the kind that a careful programmer writes. Each names a piece of the engine's source that occurs once; where the engine is
/// rewritten, the bug is planted at the new place (`MutantsTest.fit` says which no longer fit).
final class Mutants {
    static final List<Mutant> ALL = List.of(
            new Mutant("half a paisa goes down", "Fixed.java", "long rest = product - quotient * divisor;\n            return halfUp && rest >= divisor - rest", "long rest = product - quotient * divisor;\n            return halfUp && rest > divisor - rest"),
            new Mutant("a slab's threshold belongs to the lower slab", "SchemeRun.java", "while (next < rule.slabs.length && rule.slabs[next] <= counted) next++;", "while (next < rule.slabs.length && rule.slabs[next] < counted) next++;"),
            new Mutant("a band begins after its first piece", "SchemeRun.java", "case BASE_QTY, CASES, DISTINCT -> Math.max(0, from - 1000);", "case BASE_QTY, CASES, DISTINCT -> from;"),
            new Mutant("equal remainders go to the last line", "Apportion.java", "if (rests[at] > rests[largest]) largest = at;\n            parts[largest]++;", "if (rests[at] >= rests[largest]) largest = at;\n            parts[largest]++;"),
            new Mutant("cases are rounded instead of counted full", "SchemeRun.java", "Math.multiplyExact(Fixed.mulDivDown(qty, unit.den(), unit.num()) / 1000, 1000L)", "Math.multiplyExact((Fixed.mulDivDown(qty, unit.den(), unit.num()) + 500) / 1000, 1000L)"),
            new Mutant("the dearest units are free", "UnitSets.java", "pool.unit.micros() < lowest.unit.micros()", "pool.unit.micros() > lowest.unit.micros()"),
            new Mutant("what is left of an outlet's limit is not looked at", "SchemeRun.java", "return left == null || left.amount() == null ? limit.amount().units() : Math.max(0, left.amount().units());", "return limit.amount().units();"),
            new Mutant("a candidate of an exclusion group is compared before its limits", "SchemeRun.java", "return rule.limited && !(rule.mechanic instanceof Mechanic.FreeGoods) ? granted(rule, value) : value;", "return value;"),
            new Mutant("an exclusion group takes the first, not the best", "SchemeRun.java", "(choice == Scheme.Choice.BEST_FOR_OUTLET && worth[at] > worth[best])", "(choice == Scheme.Choice.BEST_FOR_OUTLET && false)"),
            new Mutant("buy-inside counts only the bought units as a set", "FreeGoods.java", "return free.inside() && bill.only == null ? free.buy() + free.get().milli() : free.buy();", "return free.buy();"),
            new Mutant("a batch is not sold on its last fit day", "Fefo.java", "(long) expiresOn >= (long) on + minDays", "(long) expiresOn > (long) on + minDays"),
            new Mutant("the oldest price list of a level wins", "PriceIndex.java", "return Integer.compare(other.list.validFrom(), one.list.validFrom());", "return Integer.compare(one.list.validFrom(), other.list.validFrom());"),
            new Mutant("a list ends a day early", "PriceIndex.java", "if (compiled.list.validFrom() > on || on > compiled.list.validTo()) continue;", "if (compiled.list.validFrom() > on || on >= compiled.list.validTo()) continue;"),
            new Mutant("cess is left out of a price that contains the taxes", "TaxIndex.java", "long whole = 1_000_000 + rateMicros + cessMicros;", "long whole = 1_000_000 + rateMicros;"),
            new Mutant("a SEZ in the same State pays CGST and SGST", "TaxIndex.java", "return outlet.registration().isZeroRated()\n                || (seller", "return (seller"),
            new Mutant("a letter of undertaking ends a day early", "RuleBook.java", "if (one.validFrom() <= on && on <= one.validTo()) return true;", "if (one.validFrom() <= on && on < one.validTo()) return true;"),
            new Mutant("the user's discount is taken off gross", "Bill.java", "part.manualDiscount = Fixed.mulDivHalfUp(part.value, part.line", "part.manualDiscount = Fixed.mulDivHalfUp(part.gross, part.line"),
            new Mutant("an outlet must lie in every territory of the scheme's list", "SchemeIndex.java", "if (accepts != null) for (int word = 0; word < words; word++) scratch[word] |= accepts[word];", "if (accepts != null) for (int word = 0; word < words; word++) scratch[word] &= accepts[word];"),
            new Mutant("a scheme of one warehouse is given from every other", "SchemeIndex.java", "warehouse.keep(bits, facts.warehouseId());", "if (facts.warehouseId() == null) warehouse.keep(bits, null);"),
            new Mutant("a price per piece rounds down on a line", "Fixed.java", "return (micros * milli + 5_000_000) / 10_000_000;", "return micros * milli / 10_000_000;"),
            new Mutant("a daypart includes its last minute", "SchemeIndex.java", "part.from() <= minute && minute < part.to()", "part.from() <= minute && minute <= part.to()"),
            new Mutant("what was accrued before is paid again", "Accruals.java", "if (before.accrued() != null) return Fixed.parse(before.accrued(), scale);", "if (before.accrued() != null) return 0;"),
            new Mutant("CASCADE works on gross", "SchemeRun.java", "sum += out[at] = Math.min(Fixed.fraction(onGross ? row.gross : row.value, micros), alone ? row.gross : row.value);", "sum += out[at] = Math.min(Fixed.fraction(row.gross, micros), alone ? row.gross : row.value);"),
            new Mutant("the lowest of several versions in force counts", "SchemeRun.java", "its == own && rule.scheme.version() > index.rules[place].scheme.version()", "its == own && rule.scheme.version() < index.rules[place].scheme.version()"),
            new Mutant("a bill benefit is split by gross instead of net value", "SchemeRun.java", "weights[at] = alone ? row.gross : row.value;\n            left = Math.addExact(left, weights[at]);\n            qty = Math.addExact(qty, row.qty);\n        }\n        long total = switch (reward)", "weights[at] = row.gross;\n            left = Math.addExact(left, weights[at]);\n            qty = Math.addExact(qty, row.qty);\n        }\n        long total = switch (reward)"));

    private Mutants() {}
}
