package io.offtake.billing;

import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Bill an outlet. `id` is the document's id and the idempotency key, made by whoever creates the document (OFF-02).
///
/// @param orderId the allocated order that is billed, or null; its reserved batches are issued and what is left is released
/// @param expected what the counter printed or showed, compared with the server's decision (INV-05); null if nothing was
public record PostInvoice(UUID id, long distributorId, long principalId, UUID outletId, UUID warehouseId, LocalDate businessDate, SaleType saleType,
                          PaymentMode paymentMode, @Nullable UUID orderId, @Nullable String note, List<Line> lines, @Nullable Expected expected) {
    public PostInvoice {
        lines = List.copyOf(lines);
    }

    /// @param qty base units
    /// @param enteredQty as typed, for people
    /// @param batchId sell from this batch; null: first expired, first out (STK-08)
    /// @param manualPrice per base unit, instead of the list's (PX-43)
    public record Line(int line, long skuId, BigDecimal qty, @Nullable String enteredQty, @Nullable UUID batchId, @Nullable BigDecimal manualPrice,
                       @Nullable BigDecimal manualDiscountPercent, @Nullable String manualReason) {}

    public record Expected(BigDecimal payable) {}
}
