package io.offtake.insight.domain;

import io.offtake.insight.Asker;
import io.offtake.insight.Dimension;
import io.offtake.insight.Metric;
import io.offtake.insight.Question;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A question that was understood, within its asker's scope; an engine turns it into its own language.
///
/// @param asker      whose it is; everything below is already confined to that scope
/// @param network    whether the asker may see all of the network and all principals
/// @param zones      the distributors asked about, by what "today" is for them; filters on places are already applied
/// @param principals the only principals whose facts count, null for all
/// @param filters    those that are not on region, territory, distributor or principal
/// @param compare    whether the compared spans of the zones are asked for
/// @param currency   of all money, null if the metrics hold none
/// @param leftOut    distributors that keep their books in another currency
public record Plan(Question question, Asker asker, boolean network, List<Metric> metrics, List<Dimension> dimensions, List<Zone> zones, @Nullable Set<Long> principals,
                   List<KeyFilter> filters, boolean compare, List<Ordering> order, int limit, int offset, boolean totals,
                   @Nullable String currency, List<Place> leftOut, Windows.@Nullable Resolved window, Windows.@Nullable Compared compared, @Nullable String likeForLike, Set<String> extras) {

    /// Distributors whose clocks agree.
    public record Zone(List<Place> places, LocalDate today, @Nullable DateSpan span, @Nullable DateSpan compared) {
        public long[] distributors() {
            return places.stream().mapToLong(Place::id).toArray();
        }
    }

    /// @param keys    in the dimension's type: Long, UUID, String or LocalDate
    /// @param orNone  facts without a key pass as well
    public record KeyFilter(Dimension dimension, List<Object> keys, boolean orNone) {}

    /// @param compare by the compared value of the metric
    public record Ordering(@Nullable Metric metric, @Nullable Dimension dimension, boolean compare, boolean descending) {}

    /// What sums of the compared window are divided by.
    public int divisor() {
        return "L3M_AVERAGE".equals(question.compare()) ? 3 : 1;
    }

    public List<Place> places() {
        return zones.stream().flatMap(zone -> zone.places().stream()).toList();
    }

    /// Every dimension asked by or filtered by.
    public Set<String> used() {
        return Stream.concat(dimensions.stream().map(Dimension::id), filters.stream().map(filter -> filter.dimension().id())).collect(Collectors.toSet());
    }

    /// The same question as one figure, asked by nothing.
    public Plan whole() {
        return new Plan(question, asker, network, metrics, List.of(), zones, principals, filters, compare, List.of(), limit, 0, totals, currency, leftOut, window, compared, likeForLike, extras);
    }

    public boolean by(String dimension) {
        return dimensions.stream().anyMatch(one -> one.id().equals(dimension));
    }
}
