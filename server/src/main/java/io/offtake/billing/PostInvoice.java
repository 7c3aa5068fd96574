package io.offtake.billing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.offtake.orders.OrderSource;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.schemes.FreeChoice;
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
/// @param choices what the outlet takes out of lists of free goods; of an order without any: as chosen with the order
/// @param orderSource how the order came in; null: as the order says, or COUNTER for a counter sale
/// @param expected what the counter printed or showed, compared with the server's decision (INV-05); null if nothing was
public record PostInvoice(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID outletId, @NotNull UUID warehouseId, @NotNull LocalDate businessDate,
                          @NotNull SaleType saleType, @NotNull PaymentMode paymentMode, @Nullable UUID orderId, @Nullable @Size(max = 500) String note,
                          @NotEmpty @Size(max = 500) List<@Valid Line> lines, @Valid @Nullable Expected expected,
                          @JsonInclude(JsonInclude.Include.NON_EMPTY) @Size(max = 100) @Nullable List<@Valid FreeChoice> choices,
                          @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable OrderSource orderSource) {
    // what is left out does not count in the fingerprint: a bill posted before there were choices is still its own repeat (OFF-06)
    @JsonCreator
    public PostInvoice {
        lines = lines == null ? List.of() : List.copyOf(lines);
        choices = choices == null ? List.of() : List.copyOf(choices);
    }

    /// A bill without choices whose source nobody named.
    public PostInvoice(UUID id, long distributorId, long principalId, UUID outletId, UUID warehouseId, LocalDate businessDate, SaleType saleType, PaymentMode paymentMode,
                       @Nullable UUID orderId, @Nullable String note, List<Line> lines, @Nullable Expected expected) {
        this(id, distributorId, principalId, outletId, warehouseId, businessDate, saleType, paymentMode, orderId, note, lines, expected, List.of(), null);
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
