package io.offtake.stock;

import io.offtake.rules.DecideCommand;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.UnitPrice;
import java.util.List;

/// Batches as the rules see them.
public final class RuleBatches {
    private RuleBatches() {}

    public static List<DecideCommand.Batch> of(List<BatchStock> stock) {
        return stock.stream().map(batch -> new DecideCommand.Batch(batch.batchId().toString(), Long.toString(batch.skuId()), batch.batchNo(),
                batch.mrp().signum() == 0 ? null : new Money(batch.mrp().movePointRight(2).longValueExact(), 2),
                batch.expiresOn() == null ? null : (int) batch.expiresOn().toEpochDay(), (int) batch.receivedOn().toEpochDay(),
                new Qty(batch.qty().movePointRight(3).longValueExact()), new UnitPrice(batch.unitCost().movePointRight(6).longValueExact()))).toList();
    }
}
