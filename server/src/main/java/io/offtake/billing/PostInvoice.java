package io.offtake.billing;

import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Bill an outlet. `id` is the document's id and the idempotency key, made by whoever creates the document (OFF-02).
///
/// @param orderId the allocated order that is billed, or null; its reserved batches are issued and what is left is released
/// @param expected what the counter printed or showed, compared with the server's decision (INV-05); null if nothing was
public record PostInvoice(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID outletId, @NotNull UUID warehouseId, @NotNull LocalDate businessDate,
                          @NotNull SaleType saleType, @NotNull PaymentMode paymentMode, @Nullable UUID orderId, @Nullable @Size(max = 500) String note,
                          @NotEmpty @Size(max = 500) List<@Valid Line> lines, @Valid @Nullable Expected expected) {
    public PostInvoice {
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /// @param qty base units
    /// @param enteredQty as typed, for people
    /// @param batchId sell from this batch; null: first expired, first out (STK-08)
    /// @param manualPrice per base unit, instead of the list's (PX-43)
    public record Line(@Min(1) @Max(9999) int line, long skuId, @NotNull @Positive @Digits(integer = 9, fraction = 3) BigDecimal qty, @Nullable @Size(max = 20) String enteredQty,
                       @Nullable UUID batchId, @Nullable @Positive @Digits(integer = 9, fraction = 6) BigDecimal manualPrice,
                       @Nullable @Positive @DecimalMax("100") @Digits(integer = 3, fraction = 4) BigDecimal manualDiscountPercent, @Nullable @Size(max = 200) String manualReason) {}

    public record Expected(@NotNull BigDecimal payable) {}
}
