package io.offtake.receivables;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Take money from an outlet (P-05). Without allocations it settles bills by due date, then invoice date; what is left
/// stays on account.
///
/// @param id the document's id and idempotency key
/// @param mode CASH, UPI, CHEQUE or NEFT
/// @param allocations the bills to settle, or null for the default order
public record PostCollection(UUID id, long distributorId, long principalId, UUID outletId, LocalDate businessDate, String mode, BigDecimal amount,
                             @Nullable String reference, @Nullable String bank, @Nullable LocalDate chequeOn, @Nullable List<Allocation> allocations,
                             @Nullable String note) {
    public record Allocation(UUID invoiceId, BigDecimal amount) {}
}
