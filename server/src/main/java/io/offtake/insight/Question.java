package io.offtake.insight;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/// A question is data (DESIGN section 6): screens, links, exports, alerts and the API all carry this shape.
///
/// @param metrics    1 to 12 metric ids
/// @param dimensions up to 3 dimension ids; none asks for the whole
/// @param filters    all of them hold
/// @param window     month to date if absent; states such as stock and money owed are always as of now
/// @param compare    NONE, PREVIOUS, SAME_LAST_YEAR or L3M_AVERAGE, a third of the three closed months before the window's
/// @param order      by metric, `metric.compare` or dimension; absent: time ascending, else the first metric descending
/// @param limit      rows of this page, 1 to 1000, absent 100
/// @param cursor     `next` of the page before
/// @param totals     false leaves out totals and the "not allocated" row
/// @param likeForLike `distributor`, `outlet` or `sku`: both windows count only those that sold in both
/// @param extras     of `share`, `running-share` and `rank`
public record Question(List<String> metrics, List<String> dimensions, List<Filter> filters, @Nullable Window window, @Nullable String compare,
                       List<Order> order, @Nullable Integer limit, @Nullable String cursor, @Nullable Boolean totals, @Nullable String likeForLike, List<String> extras) {
    @SuppressWarnings("ConstantValue") // absent members of a request
    public Question {
        metrics = metrics == null ? List.of() : List.copyOf(metrics);
        dimensions = dimensions == null ? List.of() : List.copyOf(dimensions);
        filters = filters == null ? List.of() : List.copyOf(filters);
        order = order == null ? List.of() : List.copyOf(order);
        extras = extras == null ? List.of() : List.copyOf(extras);
    }

    /// Without what only some questions need.
    public Question(List<String> metrics, List<String> dimensions, List<Filter> filters, @Nullable Window window, @Nullable String compare, List<Order> order, @Nullable Integer limit, @Nullable String cursor,
                    @Nullable Boolean totals) {
        this(metrics, dimensions, filters, window, compare, order, limit, cursor, totals, null, List.of());
    }

    /// Keys of a dimension, as answers give them; `NOT_ALLOCATED` (or null) stands for facts that have none.
    ///
    /// @param op only `in`
    public record Filter(String dimension, @Nullable String op, @JsonDeserialize(contentUsing = KeyText.class) List<String> values) {
        @SuppressWarnings("ConstantValue")
        public Filter {
            values = values == null ? List.of() : values.stream().map(value -> Objects.requireNonNullElse(value, Dimension.NOT_ALLOCATED)).toList();
        }

        public static Filter in(String dimension, String... values) {
            return new Filter(dimension, "in", List.of(values));
        }
    }

    /// A span of business dates in each distributor's time zone.
    ///
    /// @param kind MTD, YTD, LAST_MONTH or L1M, L3M, L6M, L12M (closed months), LAST_N_MONTHS (n closed months), MONTHS_TO_DATE (n months, the
    ///             last one running), L13W and LAST_N_WEEKS (closed weeks), LAST_N_DAYS (n days, today included), RANGE (from and to
    ///             included) or NOW
    public record Window(String kind, @Nullable String from, @Nullable String to, @Nullable Integer n) {
        public static Window of(String kind) {
            return new Window(kind, null, null, null);
        }

        public static Window range(Object from, Object to) {
            return new Window("RANGE", from.toString(), to.toString(), null);
        }
    }

    public record Order(String by, boolean desc) {}

    /// The same question with other paging.
    public Question page(int limit, @Nullable String cursor) {
        return new Question(metrics, dimensions, filters, window, compare, order, limit, cursor, totals, likeForLike, extras);
    }

    public static Question of(List<String> metrics, List<String> dimensions, Window window, Filter... filters) {
        return new Question(metrics, dimensions, List.of(filters), window, null, List.of(), null, null, null);
    }

    public Question comparedWith(String compare) {
        return new Question(metrics, dimensions, filters, window, compare, order, limit, cursor, totals, likeForLike, extras);
    }
}
