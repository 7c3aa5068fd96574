package io.offtake.sync.domain;

import java.time.LocalDate;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/// When a document counts as late (OFF-08): a month is open until its soft close, early in the next month, and shut by its hard close.
public final class CutOffs {
    private CutOffs() {}

    /// Arrived after the soft close of its month: accepted, and the area sales manager is told.
    public static final String LATE = "LATE";
    /// Arrived after the hard close: the business date stays for the law and for schemes, it is posted in the current period.
    public static final String PRIOR_PERIOD = "PRIOR_PERIOD";

    /// @param arrived local time of the distributor
    /// @return null if it is in time
    public static @Nullable String late(LocalDate businessDate, LocalDateTime arrived, OfflinePolicy policy) {
        var next = businessDate.withDayOfMonth(1).plusMonths(1);
        var soft = next.withDayOfMonth(policy.softCloseDay()).atTime(policy.softCloseHour(), 0);
        var hard = next.withDayOfMonth(policy.hardCloseDay()).plusDays(1).atStartOfDay();
        if (!arrived.isBefore(hard)) return PRIOR_PERIOD;
        return arrived.isBefore(soft) ? null : LATE;
    }
}
