package io.offtake.primary;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A posted goods receipt.
public record GoodsReceiptView(UUID id, String number, long distributorId, long principalId, UUID warehouseId, LocalDate businessDate, Instant postedAt, String postedBy,
                               String principalInvoiceNumber, LocalDate principalInvoiceOn, BigDecimal taxable, BigDecimal cgst, BigDecimal sgst, BigDecimal igst,
                               BigDecimal cess, BigDecimal vat, BigDecimal total, List<Line> lines) {
    public record Line(int line, long skuId, String skuCode, String skuName, UUID batchId, String batchNo, BigDecimal mrp, @Nullable LocalDate expiresOn, BigDecimal billedQty,
                       BigDecimal freeQty, BigDecimal goodQty, BigDecimal damagedQty, BigDecimal shortQty, BigDecimal unitCost, BigDecimal taxable, BigDecimal tax) {}
}
