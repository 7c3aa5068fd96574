package io.offtake.primary;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Receive goods against the principal's invoice (P-01).
///
/// @param id the document's id and idempotency key
public record PostGoodsReceipt(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID warehouseId, @NotNull LocalDate businessDate,
                               @NotBlank @Size(max = 40) String principalInvoiceNumber, @NotNull LocalDate principalInvoiceOn,
                               @NotEmpty @Size(max = 1000) List<@Valid Line> lines) {
    public PostGoodsReceipt {
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /// Quantities in base units; good + damaged + short = billed + free.
    /// @param unitCost what the principal bills per base unit, before tax
    public record Line(@Min(1) @Max(9999) int line, long skuId, @NotBlank @Size(max = 40) String batchNo, @Nullable LocalDate mfgOn, @Nullable LocalDate expiresOn,
                       @NotNull @Positive @Digits(integer = 9, fraction = 2) BigDecimal mrp, @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 6) BigDecimal unitCost,
                       @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal billedQty, @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal freeQty,
                       @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal goodQty, @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal damagedQty,
                       @NotNull @PositiveOrZero @Digits(integer = 9, fraction = 3) BigDecimal shortQty) {}
}
