package io.offtake.schemes;

import io.offtake.access.Caller;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a scheme's limits are spent (SCH-18). Amounts in the distributors' currency.
///
/// @param total         for all distributors together, of the latest version; null: not limited
/// @param soft          held by orders, of all distributors
/// @param used          spent by bills, of all distributors
/// @param free          what is left of `total`; null if it is not limited
/// @param burnPerDay    spent a day, over the last 28 days on which the scheme ran
/// @param endsOn        the day on which `free` is gone at that pace, if that is before the scheme's last day
/// @param byDistributor the caller's distributors
public record SchemeBudget(@Nullable BigDecimal total, BigDecimal soft, BigDecimal used, @Nullable BigDecimal free, boolean exhausted, BigDecimal burnPerDay, @Nullable LocalDate endsOn,
                           List<Holder> byDistributor) {

    /// @param granted the slice of the total it holds
    /// @param cap     the limit of each distributor; null: none
    public record Holder(long distributorId, String code, String name, BigDecimal granted, BigDecimal soft, BigDecimal used, @Nullable BigDecimal cap) {}

    /// Reads budgets.
    public interface Reader {
        /// @throws io.offtake.platform.ProblemException NOT_FOUND
        SchemeBudget of(Caller caller, long schemeId);
    }
}
