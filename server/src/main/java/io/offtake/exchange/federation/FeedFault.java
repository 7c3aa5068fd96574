package io.offtake.exchange.federation;

import org.jspecify.annotations.Nullable;

/// What is wrong with a batch or one of its records, by the clause of the data contract (domain 11) that it breaks.
///
/// @param clause   stable: `FC-1.outlet_ext_id` for a field, `FC-ENV.record_count` for the envelope, `11.4.tax` for a reconciliation rule, `11.3.revision` for timing
/// @param severity an ERROR keeps the record out, a WARNING is only told
/// @param field    of the record or the envelope
/// @param accepted what would be accepted
public record FeedFault(String clause, Severity severity, String field, String detail, @Nullable String accepted) {
    public enum Severity { ERROR, WARNING }

    public static FeedFault error(String clause, String field, String detail, @Nullable String accepted) {
        return new FeedFault(clause, Severity.ERROR, field, detail, accepted);
    }

    public static FeedFault warning(String clause, String field, String detail, @Nullable String accepted) {
        return new FeedFault(clause, Severity.WARNING, field, detail, accepted);
    }
}
