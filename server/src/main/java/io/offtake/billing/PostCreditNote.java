package io.offtake.billing;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Credit an outlet for goods that came back, or for value only. `id` is the document's id and the idempotency key.
///
/// @param originalId the invoice it credits, or null for an unmatched one; not more may be credited than was billed
/// @param reason     why, for people and reports
public record PostCreditNote(UUID id, long distributorId, long principalId, UUID outletId, UUID warehouseId, LocalDate businessDate, @Nullable UUID originalId,
                             String reason, @Nullable String note, List<Line> lines) {
    public PostCreditNote {
        lines = List.copyOf(lines);
    }

    /// @param qty       base units
    /// @param unitPrice what is credited per base unit, before tax and net of every benefit
    /// @param batchId   the batch the goods go back to, saleable; null credits value only and moves no goods
    public record Line(int line, long skuId, BigDecimal qty, BigDecimal unitPrice, @Nullable UUID batchId) {}
}
