package io.offtake.insight;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a question is answered with. Decimals are strings.
///
/// @param columns      the dimensions, then the metrics, in the order of the question
/// @param totals       by metric, over the whole of what was asked, not of the page; made again where a metric is not additive
/// @param notAllocated facts without a key on a dimension asked by; rows + notAllocated = totals for additive metrics
/// @param count        rows of all pages
/// @param scope        whose figures these are, in English
/// @param whose        the same in parts
/// @param currency     of all money in the answer; null if it holds none
/// @param next         cursor of the next page, null on the last
/// @param engine       what answered, `columnar` or `postgres`: for those who measure
public record Answer(List<Column> columns, List<Row> rows, @Nullable Map<String, Cell> totals, @Nullable Row notAllocated, long count,
                     Freshness freshness, Span window, @Nullable Span comparedWith, String scope, Whose whose, @Nullable String currency, @Nullable String next, String engine) {

    /// @param kind       `dimension` or `metric`
    /// @param additive   in this question; totals of other metrics are made again from their parts
    /// @param definition the metric's formula
    public record Column(String id, String kind, String label, @Nullable String unit, @Nullable Boolean additive, @Nullable String direction,
                         @Nullable String definition, @Nullable String kpi, @Nullable String source) {}

    /// @param keys  by dimension
    /// @param drill the question one level down from every cell of the row; null at the end of the paths
    public record Row(Map<String, Key> keys, Map<String, Cell> values, @Nullable Drill drill) {}

    /// @param id goes into a filter as it is
    public record Key(String id, String label) {}

    /// @param value   null is n/a, and `reason` says why (INV-11)
    /// @param compare the metric in the window compared with
    /// @param share   of the total, in percent; null unless asked for, or when there is no total above 0
    /// @param runningShare of the rows up to this one
    /// @param rank    1 for the greatest
    /// @param partial set where it is the figure of those of its distributors that anything is known of
    public record Cell(@Nullable String value, @Nullable String compare, @Nullable String reason, @Nullable String share, @Nullable String runningShare, @Nullable Integer rank, @Nullable Partial partial) {
        public Cell(@Nullable String value, @Nullable String compare, @Nullable String reason) {
            this(value, compare, reason, null, null, null, null);
        }
    }

    /// Some of a cell's distributors never sent facts of its kind: it is the total of what is known.
    ///
    /// @param known distributors that it is made of
    /// @param of    all distributors of the cell
    public record Partial(int known, int of) {}

    /// @param metrics    those that can be asked one level down; the question's own unless some cannot
    /// @param dimensions to ask by, empty if the row is a document
    /// @param document   the document itself, at the end of the place path
    public record Drill(List<String> metrics, List<String> dimensions, List<Question.Filter> filters, @Nullable DocumentLink document) {}

    public record DocumentLink(String type, String id, long distributorId) {}

    /// How fresh the figures are (ANA-19).
    ///
    /// @param asOf         everything posted up to here is in the figures
    /// @param distributors how many distributors the question covers
    /// @param older        those whose figures stop earlier
    /// @param sources      how many of them feed LIVE facts, how many FILE facts
    public record Freshness(@Nullable Instant asOf, int distributors, List<Older> older, Map<String, Integer> sources) {}

    /// @param reason FEED_BEHIND, QUIET (posted nothing for a day more than the others) or NO_FACTS (never posted)
    public record Older(long id, String code, String name, @Nullable Instant asOf, String reason) {}

    /// @param distributors how many
    /// @param name         of the distributor, if it is one
    /// @param principals   how many the asker is confined to; null for all
    /// @param without      distributors left out for their currency
    public record Whose(int distributors, @Nullable String name, @Nullable Integer principals, List<String> without) {
        public Whose {
            without = List.copyOf(without);
        }
    }

    public record Span(@Nullable LocalDate from, @Nullable LocalDate to, String label) {}
}
