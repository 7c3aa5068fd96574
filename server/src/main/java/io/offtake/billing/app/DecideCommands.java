package io.offtake.billing.app;

import io.offtake.billing.PostInvoice;
import io.offtake.network.Printed;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.Rate;
import io.offtake.rules.RuleBook;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.BatchStock;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns what the server knows into what the rules decide on.
final class DecideCommands {
    private DecideCommands() {}

    /// An outlet's standing with the document's principal, before the document.
    record Standing(BigDecimal creditLimit, BigDecimal exposure, int overdueDays, int creditDays) {}

    static DecideCommand of(PostInvoice command, Printed.Buyer buyer, List<BatchStock> stock, @Nullable Standing standing) {
        var principal = Long.toString(command.principalId());
        List<DecideCommand.CreditAccount> credit = standing == null ? List.of() : List.of(new DecideCommand.CreditAccount(principal,
                money(standing.creditLimit), money(standing.exposure), standing.overdueDays, standing.creditDays));
        var outlet = new DecideCommand.Outlet(buyer.id().toString(), buyer.channel(), buyer.outletClass(), buyer.group(),
                buyer.parentId() == null ? null : buyer.parentId().toString(), buyer.stateCode(), RuleBook.Registration.valueOf(buyer.registration()),
                buyer.gstin(), !isBillable(buyer), credit);
        return new DecideCommand(DecideCommand.Kind.INVOICE, (int) command.businessDate().toEpochDay(), command.saleType(), command.paymentMode(), principal, outlet,
                command.lines().stream().map(DecideCommands::line).toList(), stock.stream().map(DecideCommands::batch).toList(), List.of());
    }

    /// Only an active or dormant outlet is billed (domain/02 section 2.3).
    private static boolean isBillable(Printed.Buyer buyer) {
        return buyer.status().equals("ACTIVE") || buyer.status().equals("DORMANT");
    }

    private static DecideCommand.Line line(PostInvoice.Line line) {
        return new DecideCommand.Line(line.line(), Long.toString(line.skuId()), qty(line.qty()), line.batchId() == null ? null : line.batchId().toString(),
                line.manualPrice() == null ? null : UnitPrice.parse(line.manualPrice().toPlainString()),
                line.manualDiscountPercent() == null ? null : Rate.ofPercent(line.manualDiscountPercent().toPlainString()), line.manualReason());
    }

    static DecideCommand.Batch batch(BatchStock batch) {
        return new DecideCommand.Batch(batch.batchId().toString(), Long.toString(batch.skuId()), batch.batchNo(), money(batch.mrp()),
                batch.expiresOn() == null ? null : (int) batch.expiresOn().toEpochDay(), (int) batch.receivedOn().toEpochDay(), qty(batch.qty()),
                new UnitPrice(batch.unitCost().movePointRight(6).longValueExact()));
    }

    private static Money money(BigDecimal amount) {
        var scaled = amount.setScale(2, RoundingMode.UNNECESSARY);
        return new Money(scaled.unscaledValue().longValueExact(), 2);
    }

    private static Qty qty(BigDecimal qty) {
        return new Qty(qty.movePointRight(3).longValueExact());
    }
}
