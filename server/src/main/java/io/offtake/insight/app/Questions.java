package io.offtake.insight.app;

import io.offtake.insight.Answer;
import io.offtake.insight.Asker;
import io.offtake.insight.Catalogue;
import io.offtake.insight.Dimension;
import io.offtake.insight.Insight;
import io.offtake.insight.Metric;
import io.offtake.insight.Question;
import io.offtake.insight.domain.Drills;
import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.FactKind;
import io.offtake.insight.domain.Knowledge;
import io.offtake.insight.domain.Place;
import io.offtake.insight.domain.Plan;
import io.offtake.insight.domain.Planner;
import io.offtake.insight.domain.Windows;
import io.offtake.insight.store.NetworkDirectory;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// Understands a question, has an engine compute it, and puts the answer into words.
@Service
public class Questions implements Insight {
    private static final Duration QUIET = Duration.ofHours(24);

    private final Catalogue catalogue = Catalogue.load();
    private final Planner planner = new Planner(catalogue);
    private final NetworkDirectory network;
    private final Engine engine;
    private final Clock clock;

    public Questions(NetworkDirectory network, Engine engine, Clock clock) {
        this.network = network;
        this.engine = engine;
        this.clock = clock;
    }

    @Override
    public Catalogue catalogue() {
        return catalogue;
    }

    @Override
    public Answer ask(Asker asker, Question question) {
        return ask(asker, question, Planner.LIMIT_MAX);
    }

    @Override
    public Answer ask(Asker asker, Question question, int rows) {
        var now = clock.instant();
        var plan = planner.plan(question, asker, network.places(asker.distributors()), now, rows);
        var result = engine.answer(plan);
        return new Wording(plan, result, now).answer();
    }

    private final class Wording {
        private final Plan plan;
        private final Engine.Result result;
        private final Instant now;
        private final Drills drills;
        private final boolean known;
        private final boolean history;

        Wording(Plan plan, Engine.Result result, Instant now) {
            this.plan = plan;
            this.result = result;
            this.now = now;
            this.drills = new Drills(catalogue, plan);
            this.known = result.fed().stream().anyMatch(fed -> fed.seq() > 0 || fed.filed());
            this.history = hasHistory();
        }

        /// Whether the facts reach back to the beginning of the window compared with; they begin with the month of the first one.
        private boolean hasHistory() {
            var compared = plan.compared();
            if (compared == null) return false;
            var first = result.fed().stream().map(Engine.Fed::firstDay).filter(Objects::nonNull).min(Comparator.naturalOrder());
            return first.isPresent() && !first.get().withDayOfMonth(1).isAfter(compared.span().from());
        }

        Answer answer() {
            var rows = filled(result.rows()).stream().map(this::row).toList();
            var totals = !plan.totals() ? null : cells(result.totals());
            Answer.Row notAllocated = null;
            if (result.notAllocated() != null) {
                var keys = new LinkedHashMap<String, Answer.Key>();
                boolean single = plan.dimensions().size() == 1;
                for (var dimension : plan.dimensions()) if (dimension.nullable()) keys.put(dimension.id(), new Answer.Key(Dimension.NOT_ALLOCATED, "Not allocated"));
                notAllocated = new Answer.Row(keys, cells(result.notAllocated()), single ? drills.of(keys, null) : null);
            }
            boolean more = plan.offset() + result.rows().size() < result.count() && !result.rows().isEmpty();
            return new Answer(columns(), rows, totals, notAllocated, Math.max(result.count(), rows.size()), freshness(), window(), comparedWith(), scope(), whose(),
                    plan.currency(), more ? Planner.next(plan) : null, result.engine());
        }

        private List<Answer.Column> columns() {
            var columns = new ArrayList<Answer.Column>();
            for (var dimension : plan.dimensions()) columns.add(new Answer.Column(dimension.id(), "dimension", dimension.label(), null, null, null, dimension.definition(), null, null));
            var used = new java.util.HashSet<>(plan.used());
            for (var metric : plan.metrics()) {
                columns.add(new Answer.Column(metric.id(), "metric", metric.label(), metric.unit(), metric.additiveOver(used), metric.direction().name(), metric.definition(), metric.kpi(), metric.source().name()));
            }
            return columns;
        }

        /// A single time dimension shows every month, week or day of its window, those without facts as well.
        private List<Engine.Group> filled(List<Engine.Group> rows) {
            if (plan.dimensions().size() != 1 || !"time".equals(plan.dimensions().getFirst().path()) || plan.window() == null || !known) return rows;
            if (!plan.question().order().isEmpty() || plan.offset() > 0 || result.count() > plan.limit() || plan.filters().stream().anyMatch(filter -> "time".equals(filter.dimension().path()))) return rows;
            var dimension = plan.dimensions().getFirst();
            var present = rows.stream().collect(Collectors.toMap(row -> Objects.requireNonNull(row.keys().getFirst()), Function.identity()));
            var span = plan.window().span();
            var all = new ArrayList<Engine.Group>();
            for (var day = start(dimension, span.from()); !day.isAfter(span.to()); day = next(dimension, day)) all.add(present.containsKey(day) ? present.get(day) : nothing(day));
            return all.size() > plan.limit() || all.size() < rows.size() ? rows : all;
        }

        private LocalDate start(Dimension dimension, LocalDate day) {
            return switch (dimension.id()) {
                case "month" -> day.withDayOfMonth(1);
                case "week" -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
                default -> day;
            };
        }

        private LocalDate next(Dimension dimension, LocalDate day) {
            return switch (dimension.id()) {
                case "month" -> day.plusMonths(1);
                case "week" -> day.plusWeeks(1);
                default -> day.plusDays(1);
            };
        }

        private Engine.Group nothing(LocalDate day) {
            Map<String, @Nullable BigDecimal> zeros = new LinkedHashMap<>();
            for (var metric : plan.metrics()) zeros.put(metric.id(), zero(metric));
            return new Engine.Group(List.of(day), java.util.Collections.singletonList(null), null, null, Map.of(), zeros, plan.compare() ? zeros : Map.of(), Map.of(), Map.of());
        }

        private @Nullable BigDecimal zero(Metric metric) {
            return switch (metric.value().kind()) {
                case SUM, DISTINCT -> BigDecimal.ZERO;
                case RATIO, GROWTH, COUNT_BACK, NONE -> null;
            };
        }

        private Answer.Row row(Engine.Group group) {
            var keys = new LinkedHashMap<String, Answer.Key>();
            for (int i = 0; i < plan.dimensions().size(); i++) {
                var dimension = plan.dimensions().get(i);
                var key = group.keys().get(i);
                var id = key == null ? Dimension.NOT_ALLOCATED : dimension.id().equals("month") ? key.toString().substring(0, 7) : key.toString();
                var label = key == null ? "Not allocated" : group.labels().get(i);
                keys.put(dimension.id(), new Answer.Key(id, label == null ? id : label));
            }
            var document = group.document() == null ? null : new Answer.DocumentLink(group.document().kind(), group.document().id().toString(), group.document().distributorId());
            return new Answer.Row(keys, cells(group), drills.of(keys, document));
        }

        private Map<String, Answer.Cell> cells(Engine.@Nullable Group group) {
            var cells = new LinkedHashMap<String, Answer.Cell>();
            for (var metric : plan.metrics()) {
                boolean windowed = metric.period() == Metric.Period.WINDOW;
                var fed = known(metric, group);
                var value = group == null || windowed && !known || fed != null && fed.known() == 0 ? null : group.values().get(metric.id());
                var compare = group == null || !history || fed != null && fed.known() == 0 ? null : group.compares().get(metric.id());
                if (metric.value().kind() == Metric.Kind.GROWTH && !history) value = null;
                String reason = null;
                if (value == null) reason = reason(metric, group, windowed);
                else if (plan.compare() && compare == null) reason = !windowed ? "NO_PAST" : !history ? "NO_HISTORY" : null;
                cells.put(metric.id(), new Answer.Cell(text(metric, value), text(metric, compare), reason, share(metric, value), group == null ? null : share(metric, group.running().get(metric.id())),
                        group == null || value == null ? null : group.ranks().get(metric.id()), value == null || fed == null || !fed.partial() ? null : new Answer.Partial(fed.known(), fed.of())));
            }
            return cells;
        }

        /// Of how many of a group's distributors a metric is known; null if it is made of what is known of everyone.
        private Knowledge.@Nullable Share known(Metric metric, Engine.@Nullable Group group) {
            var knowledge = result.knowledge();
            var kind = knowledge == null ? null : knowledge.kind(metric);
            if (kind == null || knowledge == null || group == null) return null;
            return knowledge.group(kind, group.keys(), group.holder());
        }

        /// Shares are of the total, in hundredths of a percent; of what does not add up there are none.
        private @Nullable String share(Metric metric, @Nullable BigDecimal part) {
            if (part == null || result.totals() == null || !plan.extras().contains("share") && !plan.extras().contains("running-share") || !metric.additiveOver(plan.used())) return null;
            var total = result.totals().values().get(metric.id());
            return !positive(total) ? null : part.multiply(BigDecimal.valueOf(100)).divide(Objects.requireNonNull(total), 2, java.math.RoundingMode.HALF_UP).toPlainString();
        }

        private @Nullable String reason(Metric metric, Engine.@Nullable Group group, boolean windowed) {
            if (metric.value().kind() == Metric.Kind.NONE) return "NO_SOURCE";
            if (group == null || windowed && !known) return "NO_FACTS";
            var fed = known(metric, group);
            if (fed != null && fed.known() == 0) return Objects.requireNonNull(result.knowledge()).kind(metric) == FactKind.TARGETS ? "NO_TARGET" : "NOT_FED";
            if (metric.value().kind() == Metric.Kind.GROWTH && !history) return "NO_HISTORY";
            if (!"COVER".equals(metric.nullReason())) return metric.nullReason();
            if (positive(group.parts().get("cover.stock"))) return "NON_MOVING";
            return positive(group.parts().get("cover.stock_new")) ? "NEW_SKU" : "NO_STOCK_NO_SALES";
        }

        private static boolean positive(@Nullable BigDecimal part) {
            return part != null && part.signum() > 0;
        }

        private static @Nullable String text(Metric metric, @Nullable BigDecimal value) {
            if (value == null) return null;
            return switch (metric.unit()) {
                case "currency" -> value.setScale(2, java.math.RoundingMode.HALF_UP).toPlainString();
                case "count" -> value.setScale(0, java.math.RoundingMode.HALF_UP).toPlainString();
                default -> value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
            };
        }

        private Answer.Freshness freshness() {
            var byId = result.fed().stream().collect(Collectors.toMap(Engine.Fed::distributorId, Function.identity()));
            var latest = result.fed().stream().map(Engine.Fed::asOf).filter(Objects::nonNull).max(Comparator.naturalOrder()).orElse(null);
            boolean behind = false;
            var older = new ArrayList<Answer.Older>();
            for (var place : plan.places()) {
                var fed = byId.get(place.id());
                if (fed == null || fed.head() == 0 && !fed.filed()) {
                    older.add(older(place, null, "NO_FACTS"));
                } else if (fed.seq() < fed.head()) {
                    behind = true;
                    older.add(older(place, fed.asOf(), "FEED_BEHIND"));
                } else if (fed.asOf() != null && latest != null && fed.asOf().isBefore(latest.minus(QUIET))) {
                    older.add(older(place, fed.asOf(), "QUIET"));
                }
            }
            var asOf = latest == null ? null : behind ? latest : now.truncatedTo(ChronoUnit.SECONDS);
            int filed = (int) result.fed().stream().filter(Engine.Fed::filed).count();
            return new Answer.Freshness(asOf, plan.places().size(), older, Map.of("LIVE", (int) result.fed().stream().filter(fed -> fed.head() > 0).count(), "FILE", filed));
        }

        private Answer.Older older(Place place, @Nullable Instant asOf, String reason) {
            return new Answer.Older(place.id(), place.code(), place.name(), asOf, reason);
        }

        private Answer.Span window() {
            return span(plan.window(), Windows.Resolved::span, Windows.Resolved::label, "Now");
        }

        private Answer.@Nullable Span comparedWith() {
            if (plan.compared() == null) return null;
            var label = "PREVIOUS".equals(plan.question().compare()) ? "Previous window" : "Same last year";
            return span(plan.compared(), Windows.Compared::span, _ -> label, label);
        }

        private static <T> Answer.Span span(@Nullable T of, Function<T, io.offtake.insight.domain.DateSpan> span, Function<T, String> label, String otherwise) {
            return of == null ? new Answer.Span(null, null, otherwise) : new Answer.Span(span.apply(of).from(), span.apply(of).to(), label.apply(of));
        }

        private Answer.Whose whose() {
            int size = plan.places().size();
            return new Answer.Whose(size, size == 1 ? plan.places().getFirst().name() : null, plan.principals() == null ? null : plan.principals().size(), plan.leftOut().stream().map(place -> place.name() + " (" + place.currency() + ")").toList());
        }

        private String scope() {
            int size = plan.places().size();
            var text = new StringBuilder(size == 1 ? plan.places().getFirst().name() : size + " distributors");
            if (plan.principals() != null) text.append(", ").append(plan.principals().size()).append(plan.principals().size() == 1 ? " principal" : " principals");
            if (!plan.leftOut().isEmpty()) {
                text.append("; in ").append(plan.currency()).append(", without ").append(plan.leftOut().stream().map(place -> place.name() + " (" + place.currency() + ")").collect(Collectors.joining(", ")));
            }
            return text.toString();
        }
    }
}
