package io.offtake.sync.domain;

import io.offtake.governance.Policies;
import io.offtake.governance.PolicyKey;

/// The policy table OFF-18 and the cut-offs of OFF-08 as they stand for a distributor on a day: screens quote these, nothing else does.
public record OfflinePolicy(int backdateDays, int mastersWarnHours, int mastersStopHours, int mastersReadOnlyDays, int seriesWarn, int clockWarnMinutes, int clockStopMinutes,
                            int signInWarnDays, int signInStopDays, int pinTries, int storageWarnPercent, int storageStopPercent, int storageReserveMb, int unsentWarnHours,
                            int unsentStopHours, int creditSharePercent, int reportingCutoffHour, int softCloseDay, int softCloseHour, int hardCloseDay) {

    /// @param backdateDays where no policy says it
    public static OfflinePolicy of(Policies.Values values, int backdateDays) {
        return new OfflinePolicy(values.text(PolicyKey.BACKDATE_DAYS) == null ? backdateDays : values.days(PolicyKey.BACKDATE_DAYS), values.days(PolicyKey.OFFLINE_MASTERS_WARN),
                values.days(PolicyKey.OFFLINE_MASTERS_STOP), values.days(PolicyKey.OFFLINE_MASTERS_READ_ONLY), values.days(PolicyKey.OFFLINE_SERIES_WARN),
                values.days(PolicyKey.OFFLINE_CLOCK_WARN), values.days(PolicyKey.OFFLINE_CLOCK_STOP), values.days(PolicyKey.OFFLINE_SIGN_IN_WARN), values.days(PolicyKey.OFFLINE_SIGN_IN_STOP),
                values.days(PolicyKey.OFFLINE_PIN_TRIES), percent(values, PolicyKey.OFFLINE_STORAGE_WARN), percent(values, PolicyKey.OFFLINE_STORAGE_STOP),
                values.days(PolicyKey.OFFLINE_STORAGE_RESERVE), values.days(PolicyKey.OFFLINE_UNSENT_WARN), values.days(PolicyKey.OFFLINE_UNSENT_STOP),
                percent(values, PolicyKey.OFFLINE_CREDIT_SHARE), values.days(PolicyKey.REPORTING_CUTOFF), values.days(PolicyKey.SOFT_CLOSE_DAY), values.days(PolicyKey.SOFT_CLOSE_HOUR),
                values.days(PolicyKey.HARD_CLOSE_DAY));
    }

    private static int percent(Policies.Values values, PolicyKey key) {
        return new java.math.BigDecimal(String.valueOf(values.text(key))).intValue();
    }
}
