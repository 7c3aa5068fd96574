package io.offtake.billing;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A debit note (more is due than was billed, s.34(3)) or a financial credit note (a discount after the sale, without GST,
/// IN-21) on a posted invoice. `id` is the document's id and the idempotency key. No goods move.
///
/// @param originalId the invoice it belongs to: outlet, principal, godown and rates are that invoice's
/// @param reason     why, for people and reports
public record PostNote(@NotNull UUID id, long distributorId, long principalId, @NotNull LocalDate businessDate, @NotNull UUID originalId, @NotBlank @Size(max = 200) String reason,
                       @Nullable @Size(max = 500) String note, @NotEmpty @Size(max = 500) List<@Valid Line> lines) {
    public PostNote {
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /// @param skuId     a SKU of the original
    /// @param qty       base units
    /// @param unitPrice what is charged or given more per base unit, before tax
    public record Line(@Min(1) @Max(9999) int line, long skuId, @NotNull @Positive @Digits(integer = 9, fraction = 3) BigDecimal qty,
                       @NotNull @Positive @Digits(integer = 12, fraction = 6) BigDecimal unitPrice) {}
}
