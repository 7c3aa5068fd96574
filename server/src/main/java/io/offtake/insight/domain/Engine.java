package io.offtake.insight.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What answers a plan: PostgreSQL, or a columnar store beside it. Same plan, same answer.
public interface Engine {

    Result answer(Plan plan);

    /// @param totals       null if not asked for
    /// @param notAllocated null if there are no such facts
    /// @param count        rows of all pages
    /// @param engine       its name
    /// @param knowledge    which kinds of facts are known of whom; null where nothing was asked
    record Result(List<Group> rows, @Nullable Group totals, @Nullable Group notAllocated, long count, List<Fed> fed, String engine, @Nullable Knowledge knowledge) {
        public Result(List<Group> rows, @Nullable Group totals, @Nullable Group notAllocated, long count, List<Fed> fed, String engine) {
            this(rows, totals, notAllocated, count, fed, engine, null);
        }
    }

    /// The facts of one combination of keys.
    ///
    /// @param keys     in the order of the plan's dimensions: Long, UUID, String or LocalDate; empty for totals
    /// @param labels   null where the key is its own label
    /// @param document set where a row is a document
    /// @param holder   the distributor of an outlet or beat that is one of the keys
    /// @param parts    the components, `facts.name` → sum; what is absent is null
    /// @param values   by metric
    /// @param compares by metric
    /// @param running  by metric, the sum of the rows up to this one; empty unless asked for
    /// @param ranks    by metric; empty unless asked for
    record Group(List<@Nullable Object> keys, List<@Nullable String> labels, @Nullable Document document, @Nullable Long holder, Map<String, @Nullable BigDecimal> parts,
                 Map<String, @Nullable BigDecimal> values, Map<String, @Nullable BigDecimal> compares, Map<String, @Nullable BigDecimal> running, Map<String, Integer> ranks) {}

    record Document(String kind, UUID id, long distributorId) {}

    /// How far the facts of a distributor reach.
    ///
    /// @param seq      last event taken in
    /// @param head     last event there is
    /// @param asOf     when the last event taken in was posted
    /// @param firstDay business date of the first fact
    /// @param filed    whether files bring its facts
    record Fed(long distributorId, long seq, long head, @Nullable Instant asOf, @Nullable LocalDate firstDay, boolean filed) {}
}
