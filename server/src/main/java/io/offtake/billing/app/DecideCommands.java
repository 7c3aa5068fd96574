package io.offtake.billing.app;

import io.offtake.billing.PostInvoice;
import io.offtake.network.Printed;
import io.offtake.network.RuleOutlets;
import io.offtake.receivables.Standing;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Qty;
import io.offtake.rules.Rate;
import io.offtake.rules.Refusal;
import io.offtake.rules.UnitPrice;
import io.offtake.schemes.BuyerFacts;
import io.offtake.stock.BatchStock;
import io.offtake.stock.RuleBatches;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what the server knows into what the rules decide on.
final class DecideCommands {
    private DecideCommands() {}

    /// @param more what schemes ask of the outlet beside its master; null where there are none
    static DecideCommand of(PostInvoice command, Printed.Buyer buyer, List<BatchStock> stock, @Nullable Standing standing, List<Refusal.Code> approved, DecideCommand.Facts facts, BuyerFacts.@Nullable Read more) {
        var outlet = RuleOutlets.of(buyer, Standing.forRules(command.principalId(), standing));
        return new DecideCommand(DecideCommand.Kind.INVOICE, (int) command.businessDate().toEpochDay(), command.saleType(), command.paymentMode(),
                Long.toString(command.principalId()), more == null ? outlet : more.of(outlet, command.outletId(), command.principalId(), command.businessDate()),
                command.lines().stream().map(DecideCommands::line).toList(), RuleBatches.of(stock), approved, facts);
    }

    private static DecideCommand.Line line(PostInvoice.Line line) {
        return new DecideCommand.Line(line.line(), Long.toString(line.skuId()), new Qty(line.qty().movePointRight(3).longValueExact()),
                line.batchId() == null ? null : line.batchId().toString(), line.manualPrice() == null ? null : UnitPrice.parse(line.manualPrice().toPlainString()),
                line.manualDiscountPercent() == null ? null : Rate.ofPercent(line.manualDiscountPercent().toPlainString()), line.manualReason());
    }
}
