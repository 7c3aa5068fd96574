package io.offtake.primary;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Receive goods against the principal's invoice (P-01).
///
/// @param id the document's id and idempotency key
public record PostGoodsReceipt(UUID id, long distributorId, long principalId, UUID warehouseId, LocalDate businessDate, String principalInvoiceNumber,
                               LocalDate principalInvoiceOn, List<Line> lines) {
    public PostGoodsReceipt {
        lines = List.copyOf(lines);
    }

    /// Quantities in base units; good + damaged + short = billed + free.
    /// @param unitCost what the principal bills per base unit, before tax
    public record Line(int line, long skuId, String batchNo, @Nullable LocalDate mfgOn, @Nullable LocalDate expiresOn, BigDecimal mrp, BigDecimal unitCost,
                       BigDecimal billedQty, BigDecimal freeQty, BigDecimal goodQty, BigDecimal damagedQty, BigDecimal shortQty) {}
}
