package io.offtake.orders;

import jakarta.validation.Valid;
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

/// Book a secondary order. Prices and schemes are indicative; the invoice decides (PX-03).
///
/// @param id the document's id and idempotency key
public record PostOrder(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID outletId, @NotNull UUID warehouseId, @NotNull LocalDate businessDate,
                        @Nullable @Size(max = 500) String note, @NotEmpty @Size(max = 500) List<@Valid Line> lines) {
    public PostOrder {
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /// @param qty base units
    public record Line(@Min(1) @Max(9999) int line, long skuId, @NotNull @Positive @Digits(integer = 9, fraction = 3) BigDecimal qty) {}
}
