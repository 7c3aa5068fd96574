package io.offtake.returns;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A return with its lines, where they went, its pictures and its history.
///
/// @param value      what the credit note is expected to come to, tax included; in the distributor's currency
/// @param flags      what an approver should know: UNMATCHED, OVER_WINDOW, OUTLET_RATIO, REPEAT, BREAKS_SLAB, PICTURE_MISSING
/// @param approvers  roles whose limit covers `value`
/// @param creditKind CREDIT_NOTE or FINANCIAL_CREDIT_NOTE
public record ReturnView(UUID id, String reference, long distributorId, long principalId, UUID outletId, String outletCode, String outletName, UUID warehouseId, LocalDate businessDate,
                         @Nullable UUID originalId, @Nullable String originalNumber, @Nullable LocalDate originalDate, String reason, String reasonTitle, @Nullable String note, String status,
                         BigDecimal value, List<String> flags, List<String> approvers, String requestedBy, Instant requestedAt, @Nullable String decidedBy, @Nullable UUID creditNoteId,
                         @Nullable String creditNoteNumber, @Nullable String creditKind, @Nullable BigDecimal credited, int version, List<Line> lines, List<String> pictures, List<Event> history) {

    /// @param received null until the goods are there
    /// @param buckets  empty until they were inspected; BACK is what was not accepted
    public record Line(int line, @Nullable Integer originalLine, @Nullable Integer originalPart, boolean free, long skuId, String skuCode, String skuName, String unit, BigDecimal mrp, UUID batchId,
                       String batchNo, @Nullable LocalDate expiresOn, BigDecimal qty, @Nullable BigDecimal received, BigDecimal unitPrice, String condition, List<Bucket> buckets) {}

    public record Bucket(String bucket, BigDecimal qty) {}

    public record Event(String status, @Nullable String reason, Instant at, String by) {}
}
