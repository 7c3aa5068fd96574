package io.offtake.billing.app;

import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostCreditNote;
import io.offtake.rules.Decision;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;

/// Which part of a scheme's benefit on an invoice goes back with a credit note (PX-41, proportional): of money off, that on the
/// returned units; of free goods and accruals, that of the value returned.
final class ReturnedPart {
    private ReturnedPart() {}

    /// @return from 0 to 1
    static BigDecimal of(InvoiceView original, PostCreditNote note, Decision.Decided credited, long schemeId) {
        var billed = new HashMap<Long, BigDecimal>();
        var benefits = new HashMap<Long, BigDecimal>();
        for (var line : original.lines()) {
            billed.merge(line.skuId(), line.qty(), BigDecimal::add);
            for (var benefit : line.schemes()) if (benefit.schemeId() == schemeId) benefits.merge(line.skuId(), benefit.amount(), BigDecimal::add);
        }
        var returned = new HashMap<Long, BigDecimal>();
        for (var line : note.lines()) returned.merge(line.skuId(), line.qty(), BigDecimal::add);
        var all = benefits.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (all.signum() > 0) {
            var back = BigDecimal.ZERO;
            for (var benefit : benefits.entrySet())
                back = back.add(benefit.getValue().multiply(returned.getOrDefault(benefit.getKey(), BigDecimal.ZERO).min(billed.get(benefit.getKey())))
                        .divide(billed.get(benefit.getKey()), 10, RoundingMode.DOWN));
            return back.divide(all, 10, RoundingMode.DOWN).min(BigDecimal.ONE);
        }
        if (original.totals().taxable().signum() <= 0) return BigDecimal.ZERO;
        var value = BigDecimal.valueOf(credited.totals().taxable().units(), credited.totals().taxable().scale());
        return value.divide(original.totals().taxable(), 10, RoundingMode.DOWN).min(BigDecimal.ONE);
    }
}
