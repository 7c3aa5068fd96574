package io.offtake.receivables;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
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
public record PostCollection(@NotNull UUID id, long distributorId, long principalId, @NotNull UUID outletId, @NotNull LocalDate businessDate,
                             @NotNull @Pattern(regexp = "CASH|UPI|CHEQUE|NEFT", message = "must be CASH, UPI, CHEQUE or NEFT") String mode,
                             @NotNull @Positive @Digits(integer = 12, fraction = 2) BigDecimal amount, @Nullable @Size(max = 60) String reference,
                             @Nullable @Size(max = 80) String bank, @Nullable LocalDate chequeOn, @Nullable @Size(max = 500) List<@Valid Allocation> allocations,
                             @Nullable @Size(max = 500) String note) {
    public record Allocation(@NotNull UUID invoiceId, @NotNull @Positive @Digits(integer = 12, fraction = 2) BigDecimal amount) {}
}
