package io.offtake.orders;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Book a secondary order. Prices and schemes are indicative; the invoice decides (PX-03).
///
/// @param id the document's id and idempotency key
public record PostOrder(UUID id, long distributorId, long principalId, UUID outletId, UUID warehouseId, LocalDate businessDate, @Nullable String note, List<Line> lines) {
    public PostOrder {
        lines = List.copyOf(lines);
    }

    /// @param qty base units
    public record Line(int line, long skuId, BigDecimal qty) {}
}
