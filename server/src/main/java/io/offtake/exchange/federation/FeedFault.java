package io.offtake.exchange.federation;

import io.offtake.insight.Says;
import org.jspecify.annotations.Nullable;

/// What is wrong with a batch or one of its records, by the clause of the data contract (domain 11) that it breaks.
///
/// @param clause   stable: `FC-1.outlet_ext_id` for a field, `FC-ENV.record_count` for the envelope, `11.4.tax` for a reconciliation rule, `11.3.revision` for timing
/// @param severity an ERROR keeps the record out, a WARNING is only told
/// @param field    of the record or the envelope
/// @param detail   in English
/// @param accepted what would be accepted
/// @param says     the detail by its key and what goes into it; null in what was kept before
/// @param accepts  the same of what would be accepted; null where it is the same in every language
public record FeedFault(String clause, Severity severity, String field, String detail, @Nullable String accepted, @Nullable Says says, @Nullable Says accepts) {
    public enum Severity { ERROR, WARNING }

    static FeedFault error(String clause, String field, FaultText.Words detail, FaultText.@Nullable Words accepted) {
        return of(clause, Severity.ERROR, field, detail, accepted);
    }

    static FeedFault warning(String clause, String field, FaultText.Words detail, FaultText.@Nullable Words accepted) {
        return of(clause, Severity.WARNING, field, detail, accepted);
    }

    private static FeedFault of(String clause, Severity severity, String field, FaultText.Words detail, FaultText.@Nullable Words accepted) {
        return new FeedFault(clause, severity, field, detail.english(), accepted == null ? null : accepted.english(), detail.says(), accepted == null ? null : accepted.says());
    }
}
