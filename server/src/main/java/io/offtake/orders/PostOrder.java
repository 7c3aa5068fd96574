package io.offtake.orders;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.offtake.schemes.FreeChoice;
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
/// @param choices what the outlet takes out of lists of free goods; kept for the bill
/// @param orderSource how the order came in; null: nobody said
public record PostOrder(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID outletId, @NotNull UUID warehouseId, @NotNull LocalDate businessDate,
                        @Nullable @Size(max = 500) String note, @NotEmpty @Size(max = 500) List<@Valid Line> lines,
                        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Size(max = 100) @Nullable List<@Valid FreeChoice> choices,
                        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable OrderSource orderSource) {
    // what is left out does not count in the fingerprint: an order booked before there were choices is still its own repeat (OFF-06)
    @JsonCreator
    public PostOrder {
        lines = lines == null ? List.of() : List.copyOf(lines);
        choices = choices == null ? List.of() : List.copyOf(choices);
    }

    /// An order without choices whose source nobody named.
    public PostOrder(UUID id, long distributorId, long principalId, UUID outletId, UUID warehouseId, LocalDate businessDate, @Nullable String note, List<Line> lines) {
        this(id, distributorId, principalId, outletId, warehouseId, businessDate, note, lines, List.of(), null);
    }

    /// @param qty base units
    public record Line(@Min(1) @Max(9999) int line, long skuId, @NotNull @Positive @Digits(integer = 9, fraction = 3) BigDecimal qty) {}
}
