package io.offtake.insight.domain;

import io.offtake.insight.Answer;
import io.offtake.insight.Catalogue;
import io.offtake.insight.Dimension;
import io.offtake.insight.Metric;
import io.offtake.insight.Question;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where a row opens to (UX 6.2): its keys become filters, and the next level of its path becomes the rows.
public final class Drills {
    /// The level of the place path at which a single distributor's people start.
    private static final int DISTRIBUTOR = 3;

    private final Catalogue catalogue;
    private final Plan plan;
    private final @Nullable Dimension next;
    private final List<String> metrics;

    public Drills(Catalogue catalogue, Plan plan) {
        this.catalogue = catalogue;
        this.plan = plan;
        this.next = next().orElse(null);
        var at = next;
        this.metrics = at == null ? List.of() : plan.metrics().stream().filter(metric -> metric.dimensions().contains(at.id())).map(Metric::id).toList();
    }

    /// One level down from a row.
    ///
    /// @param keys     by dimension, as in the answer
    /// @param document what the row is, if it is a document
    public Answer.@Nullable Drill of(Map<String, Answer.Key> keys, Answer.@Nullable DocumentLink document) {
        if (document != null) return new Answer.Drill(List.of(), List.of(), List.of(), document);
        if (next == null) return null;
        var filters = new ArrayList<Question.Filter>();
        for (var filter : plan.question().filters()) {
            if (!keys.containsKey(filter.dimension())) filters.add(filter);
        }
        keys.forEach((dimension, key) -> filters.add(Question.Filter.in(dimension, key.id())));
        filters.removeIf(filter -> plan.metrics().stream().filter(metric -> metrics.contains(metric.id())).anyMatch(metric -> !metric.dimensions().contains(filter.dimension())));
        return new Answer.Drill(metrics, List.of(next.id()), filters, null);
    }

    /// The next level of the path that the rows are on, else the top of the place path, else of the goods path, below what is filtered already.
    /// A metric that cannot be asked there is left behind, the first one never.
    private Optional<Dimension> next() {
        var taken = new HashSet<>(plan.used());
        plan.question().filters().forEach(filter -> taken.add(filter.dimension()));
        var paths = new LinkedHashSet<String>();
        for (int i = plan.dimensions().size() - 1; i >= 0; i--) {
            var path = plan.dimensions().get(i).path();
            if (path != null) paths.add(path);
        }
        paths.add("place");
        paths.add("goods");
        for (var path : paths) {
            var found = below(path, taken, plan.metrics()).or(() -> below(path, taken, plan.metrics().subList(0, 1)));
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private Optional<Dimension> below(String path, Set<String> taken, List<Metric> metrics) {
        int deepest = catalogue.dimensions().stream().filter(one -> path.equals(one.path()) && taken.contains(one.id())).mapToInt(Dimension::level).max().orElse(0);
        var own = plan.asker().distributors();
        if (path.equals("place") && deepest < DISTRIBUTOR && own != null && own.size() == 1) deepest = DISTRIBUTOR;
        int from = deepest;
        return catalogue.dimensions().stream()
                .filter(one -> path.equals(one.path()) && one.level() > from && metrics.stream().allMatch(metric -> metric.dimensions().contains(one.id())))
                .filter(one -> !path.equals("time") || !one.id().equals("week"))
                .findFirst();
    }
}
