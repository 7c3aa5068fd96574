package io.offtake.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An order with its lines, what is allocated to them, and its history (ORD-07).
public record OrderView(UUID id, String number, long distributorId, long principalId, UUID outletId, String outletName, UUID warehouseId, LocalDate businessDate, String status,
                        @Nullable String holdReason, BigDecimal total, @Nullable String note, int version, List<Line> lines, List<Event> history) {
    public record Line(int line, long skuId, String skuCode, String skuName, BigDecimal qty, BigDecimal allocated, BigDecimal rate, BigDecimal amount) {}

    public record Event(String status, @Nullable String reason, Instant at, String by) {}
}
