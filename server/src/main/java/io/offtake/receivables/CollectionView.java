package io.offtake.receivables;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A posted collection with the bills it settled.
///
/// @param status POSTED (cash), INITIATED (UPI, NEFT), IN_HAND (cheque) or HELD (post-dated cheque): domain/02 section 2.9
public record CollectionView(UUID id, String number, long distributorId, long principalId, UUID outletId, String outletName, LocalDate businessDate, Instant postedAt,
                             String postedBy, String mode, BigDecimal amount, BigDecimal onAccount, @Nullable String reference, @Nullable String bank,
                             @Nullable LocalDate chequeOn, @Nullable String note, String status, List<Settled> settled) {
    /// A bill, or a part of it, that was settled.
    ///
    /// @param amount   the money
    /// @param discount deducted for early payment (EX-18); the bill fell by both
    public record Settled(UUID invoiceId, String number, BigDecimal amount, BigDecimal discount) {}
}
