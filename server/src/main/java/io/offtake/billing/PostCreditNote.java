package io.offtake.billing;

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

/// Credit an outlet for goods that came back, or for value only. `id` is the document's id and the idempotency key.
///
/// @param originalId the invoice it credits, or null for an unmatched one; not more may be credited than was billed
/// @param reason     why, for people and reports
public record PostCreditNote(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID outletId, @NotNull UUID warehouseId, @NotNull LocalDate businessDate,
                             @Nullable UUID originalId, @NotBlank @Size(max = 200) String reason, @Nullable @Size(max = 500) String note,
                             @NotEmpty @Size(max = 500) List<@Valid Line> lines) {
    public PostCreditNote {
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /// @param qty       base units
    /// @param unitPrice what is credited per base unit, before tax and net of every benefit
    /// @param batchId   the batch the goods go back to, saleable; null credits value only and moves no goods
    public record Line(@Min(1) @Max(9999) int line, long skuId, @NotNull @Positive @Digits(integer = 9, fraction = 3) BigDecimal qty,
                       @NotNull @PositiveOrZero @Digits(integer = 12, fraction = 6) BigDecimal unitPrice, @Nullable UUID batchId) {}
}
