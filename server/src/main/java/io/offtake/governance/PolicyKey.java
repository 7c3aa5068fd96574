package io.offtake.governance;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Limits and checks that decide money and are data: dated rows of `policies`, with the default that holds where none is in force.
public enum PolicyKey {
    CREDIT_LIMIT_CHECK("credit.limit-check", Kind.CHECK, "BLOCK", "LOC-03", null, null),
    CREDIT_OVERDUE_CHECK("credit.overdue-check", Kind.CHECK, "BLOCK", "LOC-03", null, null),
    CREDIT_OVERDUE_DAYS("credit.overdue-days", Kind.DAYS, "30", "LOC-03", "0", "365"),
    CLAIM_FILING_DAYS("claim.filing-days", Kind.DAYS, "45", "CL-21", "1", "365"),
    CLAIM_DECISION_DAYS("claim.decision-days", Kind.DAYS, "5", "2.10", "1", "60"),
    CLAIM_SETTLEMENT_DAYS("claim.settlement-days", Kind.DAYS, "5", "2.10", "1", "60"),
    CLAIM_WORKING_DAYS("claim.working-days-a-week", Kind.COUNT, "6", "2.10", "5", "7"),
    CLAIM_QUERY_DAYS("claim.query-days", Kind.DAYS, "30", "2.10", "1", "180"),
    CLAIM_DISPUTE_DAYS("claim.dispute-days", Kind.DAYS, "30", "2.10", "1", "180"),
    CLAIM_APPEAL_DAYS("claim.appeal-days", Kind.DAYS, "15", "2.10", "1", "180"),
    CLAIM_LAPSE_DAYS("claim.lapse-days", Kind.DAYS, "90", "CL-26", "0", "720"),
    CLAIM_STP_LIMIT("claim.straight-through-limit", Kind.AMOUNT, "50000", "CL-20", "0", "99999999"),
    CLAIM_STP_SCORE("claim.straight-through-score", Kind.COUNT, "30", "CL-20", "0", "1000"),
    CLAIM_HOLDOUT("claim.holdout-percent", Kind.PERCENT, "3", "CL-20", "0", "100"),
    CLAIM_AUDITOR_LIMIT("claim.auditor-limit", Kind.AMOUNT, "50000", "2.10", "0", "99999999"),
    CLAIM_TOLERANCE("claim.entitlement-tolerance", Kind.AMOUNT, "1", "CL-03", "0", "100"),
    CLAIM_NEAR_DAYS("claim.near-duplicate-days", Kind.DAYS, "3", "CL-02", "0", "31"),
    CLAIM_NEAR_PERCENT("claim.near-duplicate-percent", Kind.PERCENT, "1", "CL-02", "0", "20"),
    CLAIM_SEGMENT_DAYS("claim.segment-days", Kind.DAYS, "30", "CL-05", "0", "365"),
    CLAIM_SPIKE_SIGMAS("claim.spike-sigmas", Kind.AMOUNT, "3", "CL-07", "1", "10"),
    CLAIM_LOAD_DAYS("claim.loading-days", Kind.DAYS, "3", "CL-08", "1", "15"),
    CLAIM_LOAD_PERCENT("claim.loading-percent", Kind.PERCENT, "40", "CL-08", "1", "100"),
    CLAIM_LOAD_RETURNED("claim.loading-returned-percent", Kind.PERCENT, "30", "CL-08", "1", "100"),
    CLAIM_SPLIT_BILLS("claim.split-bills", Kind.COUNT, "3", "CL-09", "2", "20"),
    CLAIM_POOL_PERCENT("claim.pooling-percent", Kind.PERCENT, "150", "CL-09", "100", "1000"),
    CLAIM_PHANTOM_FLAGS("claim.phantom-flags", Kind.COUNT, "3", "CL-11", "2", "6"),
    CLAIM_DIGIT_BILLS("claim.first-digit-bills", Kind.COUNT, "300", "CL-18", "100", "100000"),
    CLAIM_PAIR_PERCENT("claim.override-pair-percent", Kind.PERCENT, "60", "CL-22", "0", "100"),
    CLAIM_BACKDATE_DAYS("claim.backdate-days", Kind.DAYS, "3", "CL-10", "0", "31"),
    CLAIM_PASSED_ON("claim.passed-on-percent", Kind.PERCENT, "95", "CL-12", "0", "100"),
    FLOOR_CHECK("price.floor-check", Kind.CHECK, "BLOCK", "PX-05", null, null),
    CEILING_CHECK("price.ceiling-check", Kind.CHECK, "BLOCK", "PX-05", null, null),
    SHELF_LIFE_DAYS("stock.shelf-life-days", Kind.DAYS, "0", "STK-07", "0", "720", "CHANNEL"),
    NEAR_EXPIRY_DAYS("stock.near-expiry-days", Kind.DAYS, "30", "STK-07", "0", "720"),
    BACKDATE_DAYS("document.backdate-days", Kind.DAYS, null, "PX-42", "0", "31"),
    RETURN_WINDOW_DAYS("returns.window-days", Kind.DAYS, "30", "2.7", "0", "3650"),
    RETURN_EXPIRY_WINDOW_DAYS("returns.expiry-window-days", Kind.DAYS, "60", "2.7", "0", "3650"),
    RETURN_WINDOW_CHECK("returns.window-check", Kind.CHECK, "BLOCK", "2.7", null, null),
    RETURN_UNMATCHED_CHECK("returns.unmatched-check", Kind.CHECK, "WARN", "2.7", null, null),
    RETURN_RATIO_PERCENT("returns.outlet-ratio-percent", Kind.PERCENT, "10", "RET-08", "0", "100"),
    RETURN_APPROVAL_LIMIT("returns.approval-limit", Kind.AMOUNT, null, "2.7", "0", "99999999", "ROLE"),
    CASH_LIMIT("collection.cash-limit", Kind.AMOUNT, null, "IN-61", "0", "99999999"),
    MANUAL_DISCOUNT_LIMIT("discount.manual-limit-percent", Kind.PERCENT, "100", "PX-43", "0", "100", "ROLE"),
    CASH_DISCOUNT_MAX("cash-discount.max-percent", Kind.PERCENT, "10", "PX-20", "0", "100"),
    OFFLINE_MASTERS_WARN("offline.masters-warn-hours", Kind.COUNT, "24", "OFF-18", "1", "720"),
    OFFLINE_MASTERS_STOP("offline.masters-stop-hours", Kind.COUNT, "72", "OFF-18", "1", "720"),
    OFFLINE_MASTERS_READ_ONLY("offline.masters-read-only-days", Kind.DAYS, "7", "OFF-18", "1", "90"),
    OFFLINE_SERIES_WARN("offline.series-warn", Kind.COUNT, "50", "OFF-18", "1", "400"),
    OFFLINE_CLOCK_WARN("offline.clock-warn-minutes", Kind.COUNT, "3", "OFF-18", "1", "1440"),
    OFFLINE_CLOCK_STOP("offline.clock-stop-minutes", Kind.COUNT, "60", "OFF-18", "1", "1440"),
    OFFLINE_SIGN_IN_WARN("offline.sign-in-warn-days", Kind.DAYS, "7", "OFF-18", "1", "90"),
    OFFLINE_SIGN_IN_STOP("offline.sign-in-stop-days", Kind.DAYS, "45", "OFF-18", "1", "90"),
    OFFLINE_PIN_TRIES("offline.pin-tries", Kind.COUNT, "5", "OFF-18", "3", "10"),
    OFFLINE_STORAGE_WARN("offline.storage-warn-percent", Kind.PERCENT, "80", "OFF-18", "10", "100"),
    OFFLINE_STORAGE_STOP("offline.storage-stop-percent", Kind.PERCENT, "95", "OFF-18", "10", "100"),
    OFFLINE_STORAGE_RESERVE("offline.storage-reserve-mb", Kind.COUNT, "10", "OFF-18", "1", "500"),
    OFFLINE_UNSENT_WARN("offline.unsent-warn-hours", Kind.COUNT, "24", "OFF-18", "1", "720"),
    OFFLINE_UNSENT_STOP("offline.unsent-stop-hours", Kind.COUNT, "72", "OFF-18", "1", "720"),
    OFFLINE_CREDIT_SHARE("offline.credit-share-percent", Kind.PERCENT, "100", "OFF-11", "0", "100"),
    REPORTING_CUTOFF("calendar.reporting-cutoff-hour", Kind.COUNT, "8", "OFF-08", "0", "23"),
    SOFT_CLOSE_DAY("calendar.soft-close-day", Kind.DAYS, "2", "OFF-08", "1", "28"),
    SOFT_CLOSE_HOUR("calendar.soft-close-hour", Kind.COUNT, "20", "OFF-08", "0", "23"),
    HARD_CLOSE_DAY("calendar.hard-close-day", Kind.DAYS, "5", "OFF-08", "1", "28");

    /// How a value is written: BLOCK, WARN or OFF; whole days; percent; an amount in the distributor's currency; a whole number of
    /// what the key's name ends with.
    public enum Kind { CHECK, DAYS, PERCENT, AMOUNT, COUNT }

    private static final List<String> CHECKS = List.of("BLOCK", "WARN", "OFF");

    private final String key;
    private final Kind kind;
    private final @Nullable String builtIn;
    private final String rule;
    private final @Nullable BigDecimal min;
    private final @Nullable BigDecimal max;
    private final Set<String> scopes;

    PolicyKey(String key, Kind kind, @Nullable String builtIn, String rule, @Nullable String min, @Nullable String max, String... more) {
        this.key = key;
        this.kind = kind;
        this.builtIn = builtIn;
        this.rule = rule;
        this.min = min == null ? null : new BigDecimal(min);
        this.max = max == null ? null : new BigDecimal(max);
        var all = new java.util.TreeSet<>(Arrays.asList(more));
        all.addAll(List.of("NETWORK", "DISTRIBUTOR"));
        this.scopes = java.util.Collections.unmodifiableSet(all);
    }

    /// As in the row and the API, such as `credit.overdue-days`.
    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    /// What holds where no row is in force; null where the installation's settings say it.
    public @Nullable String builtIn() {
        return builtIn;
    }

    /// The domain's rule it belongs to.
    public String rule() {
        return rule;
    }

    public @Nullable BigDecimal min() {
        return min;
    }

    public @Nullable BigDecimal max() {
        return max;
    }

    /// For what it can be set.
    public Set<String> scopes() {
        return scopes;
    }

    /// What would be accepted, or null if `value` is.
    public @Nullable String expects(String value) {
        if (kind == Kind.CHECK) return CHECKS.contains(value) ? null : "BLOCK, WARN or OFF";
        var right = "A number from " + String.valueOf(min) + " to " + max + (kind == Kind.DAYS ? ", whole days" : kind == Kind.COUNT ? ", a whole number" : "");
        try {
            var number = new BigDecimal(value);
            boolean whole = kind != Kind.DAYS && kind != Kind.COUNT || number.stripTrailingZeros().scale() <= 0;
            return whole && number.stripTrailingZeros().scale() <= 2 && number.compareTo(min) >= 0 && number.compareTo(max) <= 0 ? null : right;
        } catch (NumberFormatException _) {
            return right;
        }
    }

    /// The key of that name.
    public static Optional<PolicyKey> of(String key) {
        return Arrays.stream(values()).filter(one -> one.key.equals(key)).findFirst();
    }
}
