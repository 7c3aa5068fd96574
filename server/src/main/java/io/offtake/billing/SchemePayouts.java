package io.offtake.billing;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/// Pays outlets what schemes owe them outside of their bills (QPS, TOD, rebates, retrospective schemes): one credit note without tax
/// for each outlet (P-15).
public interface SchemePayouts {

    /// @param id the run's id and idempotency key: a run that is sent again pays nothing twice
    record PaySchemes(@NotNull UUID id, long distributorId, @NotNull LocalDate businessDate) {}

    /// What an outlet would be paid; `periods` as they are kept, for example `2026-10`.
    record Due(UUID outletId, long principalId, BigDecimal amount, List<String> periods) {}

    /// A credit note to an outlet.
    record Payout(UUID id, UUID runId, String number, long distributorId, long principalId, UUID outletId, long schemeId, int schemeVersion, LocalDate businessDate, BigDecimal amount,
                  List<String> periods, Instant postedAt, String postedBy) {}

    sealed interface Outcome {
        /// All notes of the run; `replayed` if it was posted before.
        record Paid(List<Payout> payouts, boolean replayed) implements Outcome {}

        /// The business date is not open; it must be from `earliest` to `latest`.
        record DateClosed(LocalDate earliest, LocalDate latest) implements Outcome {}

        /// No open series of financial credit notes.
        record SeriesMissing(int fiscalYear) implements Outcome {}
    }

    Outcome pay(long schemeId, PaySchemes command, Actor actor);

    /// What a run on that day would pay in one distributor.
    List<Due> due(RowScope scope, long distributorId, long schemeId, LocalDate on);

    /// The notes of a scheme in a scope, the latest first, at most 1,000.
    List<Payout> paid(RowScope scope, long schemeId);
}
