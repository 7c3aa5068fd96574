package io.offtake.insight.score;

import io.offtake.governance.Finding;
import io.offtake.insight.Answer;
import io.offtake.insight.Asker;
import io.offtake.insight.FeedQuality;
import io.offtake.insight.Insight;
import io.offtake.insight.Metric;
import io.offtake.insight.Question;
import io.offtake.insight.score.ScoreModel.Component;
import io.offtake.insight.score.ScoreModel.Form;
import io.offtake.insight.score.ScoreStore.Kind;
import io.offtake.insight.score.ScoreStore.Partner;
import io.offtake.insight.score.ScoreStore.Score;
import io.offtake.insight.score.ScoreStore.State;
import io.offtake.insight.score.Scorecard.Input;
import io.offtake.platform.ProblemException;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/// Scores every distributor of every principal: closed months once and for good, the last four weeks provisionally every
/// Monday (domain 7.1). All its numbers are answers of the metric catalogue, so that each opens down to its documents.
@Service
public class Scores implements ScoreModels.Shadow {
    private static final Logger LOG = LoggerFactory.getLogger(Scores.class);
    private static final MathContext EXACT = MathContext.DECIMAL64;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final int ROWS = 50_000;
    private static final int PUBLISHED_BACK = 6;
    private static final int SILENT_DAYS = 15;
    /// A month is closed for scores when its soft freeze is over (11.3).
    private static final int CLOSED_ON_DAY = 3;
    /// A state as of now still speaks for a month that ended so many days ago.
    private static final int STATE_DAYS = 35;
    private static final String OVERDUE = "overdue-share";
    private static final Duration RETRY = Duration.ofHours(1);

    private final Insight insight;
    private final ScoreModels models;
    private final ScoreStore store;
    private final ObjectProvider<FeedQuality> feeds;
    private final FeedLag lag;
    private final Clock clock;
    private final Map<String, Instant> tried = new ConcurrentHashMap<>();

    Scores(Insight insight, ScoreModels models, ScoreStore store, ObjectProvider<FeedQuality> feeds, FeedLag lag, Clock clock) {
        this.insight = insight;
        this.models = models;
        this.store = store;
        this.feeds = feeds;
        this.lag = lag;
        this.clock = clock;
    }

    @Scheduled(initialDelayString = "${offtake.scores.first:PT60S}", fixedDelayString = "${offtake.scores.every:PT1M}")
    void publishWhatIsDue() {
        try {
            if (lag.isFar()) return;
            publishDue(LocalDate.now(clock), null);
        } catch (RuntimeException failure) {
            LOG.error("Scores could not be published; trying again", failure);
        }
    }

    /// Publishes the closed months that are missing, and the provisional score of the last Sunday. Who comes late, such as a
    /// distributor whose files begin with a history, gets the months that the others have.
    ///
    /// @param only null for all principals
    /// @return how many scores
    public int publishDue(LocalDate today, @Nullable Long only) {
        var last = YearMonth.from(today).minusMonths(today.getDayOfMonth() >= CLOSED_ON_DAY ? 1 : 2);
        var partners = store.partners(null, only).stream().collect(Collectors.groupingBy(Partner::principalId, TreeMap::new, Collectors.toList()));
        int count = 0;
        for (var entry : partners.entrySet()) {
            var all = RowScope.of(entry.getValue().stream().map(Partner::distributorId).collect(Collectors.toSet()));
            var there = store.counts(all, entry.getKey(), Kind.CLOSED);
            var first = there.isEmpty() ? LocalDate.MIN : there.firstKey();
            for (int back = PUBLISHED_BACK - 1; back >= 0; back--) {
                var end = last.minusMonths(back).atEndOfMonth();
                if (end.isBefore(first) || there.getOrDefault(end, 0) >= entry.getValue().size() || triedLately(entry.getKey(), end)) continue;
                count += publish(entry.getKey(), entry.getValue(), Kind.CLOSED, end.withDayOfMonth(1), end, today);
            }
            var sunday = today.with(TemporalAdjusters.previous(DayOfWeek.SUNDAY));
            if (!store.counts(all, entry.getKey(), Kind.PROVISIONAL).containsKey(sunday)) count += publish(entry.getKey(), entry.getValue(), Kind.PROVISIONAL, sunday.minusDays(27), sunday, today);
        }
        return count;
    }

    /// A month that some partners lack is looked at once an hour.
    private boolean triedLately(long principal, LocalDate end) {
        var now = clock.instant();
        var before = tried.put(principal + " " + end, now);
        return before != null && before.isAfter(now.minus(RETRY));
    }

    /// What the catalogue says of a period, for all partners of a principal.
    private final class Period {
        final long principal;
        final Set<Long> distributors;
        final LocalDate from;
        final LocalDate to;
        final LocalDate today;
        private final Map<String, Map<Long, Input>> asked = new HashMap<>();

        Period(long principal, Set<Long> distributors, LocalDate from, LocalDate to, LocalDate today) {
            this.principal = principal;
            this.distributors = distributors;
            this.from = from;
            this.to = to;
            this.today = today;
        }

        private Asker asker() {
            return new Asker("scores", distributors, Set.of(principal));
        }

        /// A metric by distributor; why it has none where it has not.
        Map<Long, Input> metric(String id, Question.Filter... filters) {
            return asked.computeIfAbsent(id + java.util.Arrays.toString(filters), _ -> {
                var metric = insight.catalogue().metric(id).orElse(null);
                if (metric == null || metric.source() == Metric.Source.NONE) return all("NO_SOURCE");
                if (metric.period() == Metric.Period.NOW && to.isBefore(today.minusDays(STATE_DAYS))) return id.equals(OVERDUE) ? store.overdueShare(principal, distributors, to) : all("NO_PAST");
                try {
                    // a metric that knows no principals, such as outlets assigned, speaks for the distributor
                    var asker = metric.dimensions().contains("principal") ? asker() : new Asker("scores", distributors, null);
                    var answer = insight.ask(asker, Question.of(List.of(id), List.of("distributor"), Question.Window.range(from, to), filters).page(ROWS, null), ROWS);
                    var values = new HashMap<Long, Input>();
                    for (var row : answer.rows()) values.put(key(row), input(row.values().get(id)));
                    return values;
                } catch (ProblemException refused) {
                    LOG.warn("Scores cannot ask for {}: {}", id, refused.problem().detail());
                    return all("NOT_ASKABLE");
                }
            });
        }

        Map<Long, Input> all(String reason) {
            return distributors.stream().collect(Collectors.toMap(id -> id, _ -> Input.missing(reason)));
        }

        /// A metric by distributor and month, of the months up to the period's end.
        Map<Long, TreeMap<YearMonth, BigDecimal>> months(String id, int months) {
            var found = new HashMap<Long, TreeMap<YearMonth, BigDecimal>>();
            var first = YearMonth.from(to).minusMonths(months - 1L).atDay(1);
            var answer = insight.ask(asker(), Question.of(List.of(id), List.of("distributor", "month"), Question.Window.range(first, to)).page(ROWS, null), ROWS);
            for (var row : answer.rows()) {
                var value = row.values().get(id).value();
                if (value != null) found.computeIfAbsent(key(row), _ -> new TreeMap<>()).put(YearMonth.parse(row.keys().get("month").id()), new BigDecimal(value));
            }
            return found;
        }

        /// Days on which a distributor billed.
        Map<Long, TreeSet<LocalDate>> days() {
            var found = new HashMap<Long, TreeSet<LocalDate>>();
            var answer = insight.ask(asker(), Question.of(List.of("bills"), List.of("distributor", "day"), Question.Window.range(from, to)).page(ROWS, null), ROWS);
            for (var row : answer.rows()) {
                var value = row.values().get("bills").value();
                if (value != null && new BigDecimal(value).signum() > 0) found.computeIfAbsent(key(row), _ -> new TreeSet<>()).add(LocalDate.parse(row.keys().get("day").id()));
            }
            return found;
        }
    }

    private static long key(Answer.Row row) {
        return Long.parseLong(row.keys().get("distributor").id());
    }

    private static Input input(Answer.@Nullable Cell cell) {
        if (cell == null) return Input.missing("NO_FACTS");
        return cell.value() == null ? Input.missing(cell.reason() == null ? "NO_FACTS" : cell.reason()) : Input.of(new BigDecimal(cell.value()));
    }

    private int publish(long principal, List<Partner> partners, Kind kind, LocalDate from, LocalDate to, LocalDate today) {
        var distributors = partners.stream().map(Partner::distributorId).collect(Collectors.toSet());
        var period = new Period(principal, distributors, from, to, today);
        var nsv = period.months("nsv", 13);
        if (kind == Kind.CLOSED && nsv.values().stream().allMatch(months -> months.getOrDefault(YearMonth.from(to), BigDecimal.ZERO).signum() == 0)) return 0;
        var inForce = models.inForce(to);
        var model = inForce.model();
        var inputs = inputs(period, model, nsv);
        var archetypes = new HashMap<Long, String>();
        for (var partner : partners) archetypes.put(partner.distributorId(), archetype(model, partner, nsv.getOrDefault(partner.distributorId(), new TreeMap<>()), to));
        withPeers(model, inputs, archetypes);
        var warnings = warnings(period, nsv);
        var before = store.networkScores(principal, Kind.CLOSED, YearMonth.from(to).minusMonths(7).atDay(1), YearMonth.from(to).minusMonths(1).atEndOfMonth()).stream().collect(Collectors.groupingBy(Score::distributorId));
        var knockOuts = store.knockOuts(RowScope.of(distributors), principal, to).stream().collect(Collectors.groupingBy(ScoreStore.KnockOut::distributorId));
        var falling = falling(partners, nsv, to);
        var scores = new ArrayList<Score>();
        for (var partner : partners) {
            var id = partner.distributorId();
            var own = inputs.get(id);
            // who has never sold anything is no partner yet
            if (!nsv.containsKey(id) || nsv.get(id).values().stream().allMatch(value -> value.signum() == 0)) continue;
            var history = before.getOrDefault(id, List.of());
            var card = Scorecard.card(model, own);
            var silent = own.get("#SILENT");
            own.remove("#SILENT");
            var state = silent != null ? State.UNRATED : card.raw() == null ? State.INSUFFICIENT : State.RATED;
            var caps = knockOuts.getOrDefault(id, List.of());
            var raw = state == State.RATED ? card.raw() : null;
            var index = raw == null ? null : published(model, raw, history, YearMonth.from(to), kind);
            if (index != null && !caps.isEmpty()) index = index.min(BigDecimal.valueOf(caps.getFirst().cap()));
            var last = history.isEmpty() ? null : history.getLast();
            var ownBand = index == null ? null : Scorecard.band(model, index);
            var band = ownBand == null ? null : Scorecard.band(last == null ? null : last.band(), last == null ? null : last.ownBand(), ownBand, !caps.isEmpty());
            var since = band == null ? null : last != null && band == last.band() && last.bandSince() != null ? last.bandSince() : to;
            scores.add(new Score(id, principal, kind, to, inForce.code(), inForce.version(), state, silent != null ? "NO_DATA_15_DAYS" : card.reason(), raw, index, band, ownBand, since,
                    archetypes.get(id), nsv.getOrDefault(id, new TreeMap<>()).getOrDefault(YearMonth.from(to), BigDecimal.ZERO), warned(warnings.getOrDefault(id, List.of()), own, history), falling.get(id), own));
        }
        return store.publish(scores, clock.instant());
    }

    /// Overdue that rises over two months is the one warning that lives in the scores themselves.
    private static List<String> warned(List<String> warnings, Map<String, Input> own, List<Score> history) {
        if (history.size() < 2) return warnings;
        var now = overdue(own);
        var before = overdue(history.getLast().inputs());
        var first = overdue(history.get(history.size() - 2).inputs());
        if (now == null || before == null || first == null || now.compareTo(before) <= 0 || before.compareTo(first) <= 0 || now.subtract(first).compareTo(BigDecimal.valueOf(3)) < 0) return warnings;
        var all = new ArrayList<>(warnings);
        all.add("OVERDUE_RISING");
        return all;
    }

    private static @Nullable BigDecimal overdue(Map<String, Input> inputs) {
        var input = inputs.get("OVERDUE");
        return input == null ? null : input.value();
    }

    /// The two closed months before weigh in (SC-03).
    private static @Nullable BigDecimal published(ScoreModel model, BigDecimal raw, List<Score> history, YearMonth month, Kind kind) {
        var newest = new ArrayList<@Nullable BigDecimal>();
        newest.add(raw);
        for (int back = 1; back < model.smoothing().size(); back++) {
            var of = month.minusMonths(back);
            newest.add(history.stream().filter(score -> YearMonth.from(score.periodEnd()).equals(of)).findFirst().map(Score::raw).orElse(null));
        }
        return Scorecard.smooth(model, newest);
    }

    /// Inputs of all components by distributor. Who was silent for fifteen days is marked with `#SILENT`.
    private Map<Long, Map<String, Input>> inputs(Period period, ScoreModel model, Map<Long, TreeMap<YearMonth, BigDecimal>> nsv) {
        var all = new HashMap<Long, Map<String, Input>>();
        for (var id : period.distributors) all.put(id, new LinkedHashMap<>());
        var sent = feeds.stream().findFirst().map(one -> one.of(period.distributors, period.from, period.to, clock.instant())).orElse(Map.of());
        var days = period.days();
        for (var pillar : model.pillars()) {
            for (var component : pillar.components()) {
                var values = component.form() == Form.FRESHNESS ? freshness(period, days, sent) : values(period, model, component);
                for (var id : period.distributors) all.get(id).put(component.component(), values.getOrDefault(id, Input.missing("NO_FACTS")));
            }
        }
        for (var id : period.distributors) {
            var last = days.getOrDefault(id, new TreeSet<>());
            boolean nothing = last.isEmpty();
            if (nothing || last.last().isBefore(period.to.minusDays(SILENT_DAYS - 1L))) all.get(id).put("#SILENT", Input.missing("NO_DATA_15_DAYS"));
            // silence cannot lift the score: the data component is 0, what depends on the data is unknown (SC-02)
            if (nothing) {
                for (var pillar : model.pillars()) {
                    for (var component : pillar.components()) all.get(id).put(component.component(), component.form() == Form.FRESHNESS ? Input.of(BigDecimal.ZERO) : Input.missing("NOT_SENT"));
                }
            }
        }
        return all;
    }

    private Map<Long, Input> values(Period period, ScoreModel model, Component component) {
        return switch (component.form()) {
            case PLAIN -> period.metric(component.metric());
            case TERMS -> mapped(period.metric(component.metric()), value -> value.divide(model.terms(), EXACT));
            case DISTANCE -> mapped(period.metric(component.metric()), value -> value.subtract(BigDecimal.ONE).abs());
            case REST -> {
                var whole = period.metric(Objects.requireNonNull(component.of()));
                var part = period.metric(component.metric());
                var rest = new HashMap<Long, Input>();
                part.forEach((id, input) -> {
                    var of = whole.getOrDefault(id, Input.missing("NO_FACTS"));
                    if (input.value() == null || of.value() == null || of.value().signum() <= 0) rest.put(id, Input.missing(input.reason() != null ? input.reason() : of.reason() != null ? of.reason() : "NOTHING_TO_COMPARE"));
                    else rest.put(id, Input.of(HUNDRED.subtract(input.value().multiply(HUNDRED).divide(of.value(), EXACT)).max(BigDecimal.ZERO)));
                });
                yield rest;
            }
            case GROWTH -> growth(period, component.metric());
            case FOCUS -> focus(period, model, component.metric());
            case FRESHNESS -> Map.of();
        };
    }

    private static Map<Long, Input> mapped(Map<Long, Input> values, java.util.function.UnaryOperator<BigDecimal> by) {
        var all = new HashMap<Long, Input>();
        values.forEach((id, input) -> all.put(id, input.value() == null ? input : Input.of(by.apply(input.value()))));
        return all;
    }

    /// Over the same days of last year, outlet by outlet where the catalogue can; n/a if there were no sales then.
    private Map<Long, Input> growth(Period period, String metric) {
        var question = Question.of(List.of(metric), List.of("distributor"), Question.Window.range(period.from, period.to)).comparedWith("SAME_LAST_YEAR").page(ROWS, null);
        var grown = new HashMap<Long, Input>();
        for (var row : insight.ask(period.asker(), question, ROWS).rows()) {
            var cell = row.values().get(metric);
            if (cell == null || cell.value() == null || cell.compare() == null) {
                grown.put(key(row), Input.missing(cell == null || cell.reason() == null ? "NO_HISTORY" : cell.reason()));
                continue;
            }
            var before = new BigDecimal(cell.compare());
            grown.put(key(row), before.signum() <= 0 ? Input.missing("NO_HISTORY") : Input.of(new BigDecimal(cell.value()).subtract(before).multiply(HUNDRED).divide(before, EXACT)));
        }
        return grown;
    }

    private Map<Long, Input> focus(Period period, ScoreModel model, String metric) {
        if (model.focus().isEmpty()) return period.all("NO_FOCUS_SKUS");
        var known = insight.catalogue().metric(metric).orElse(null);
        if (known == null || known.source() == Metric.Source.NONE) return period.all("NO_SOURCE");
        var sums = new HashMap<Long, BigDecimal>();
        var ids = store.skus(period.principal, model.focus());
        if (ids.isEmpty()) return period.all("NO_FOCUS_SKUS");
        var question = Question.of(List.of(metric), List.of("distributor", "sku"), Question.Window.range(period.from, period.to), Question.Filter.in("sku", ids.stream().map(String::valueOf).toArray(String[]::new)));
        try {
            for (var row : insight.ask(period.asker(), question.page(ROWS, null), ROWS).rows()) {
                var cell = row.values().get(metric);
                if (cell != null && cell.value() != null) sums.merge(key(row), new BigDecimal(cell.value()), BigDecimal::add);
            }
        } catch (ProblemException refused) {
            return period.all("NOT_ASKABLE");
        }
        var means = new HashMap<Long, Input>();
        for (var id : period.distributors) means.put(id, Input.of(sums.getOrDefault(id, BigDecimal.ZERO).divide(BigDecimal.valueOf(ids.size()), EXACT)));
        return means;
    }

    /// Working days with data by the cut-off (KPI-71): of a feed by its arrivals, of who works in the product by its bills.
    private static Map<Long, Input> freshness(Period period, Map<Long, TreeSet<LocalDate>> days, Map<Long, FeedQuality.Days> sent) {
        var all = new HashMap<Long, Input>();
        long working = period.from.datesUntil(period.to.plusDays(1)).filter(day -> day.getDayOfWeek() != DayOfWeek.SUNDAY).count();
        for (var id : period.distributors) {
            var fed = sent.get(id);
            if (fed != null && fed.expected() > 0) {
                all.put(id, Input.of(BigDecimal.valueOf(fed.inTime()).multiply(HUNDRED).divide(BigDecimal.valueOf(fed.expected()), EXACT)));
            } else {
                long with = days.getOrDefault(id, new TreeSet<>()).stream().filter(day -> day.getDayOfWeek() != DayOfWeek.SUNDAY).count();
                all.put(id, working == 0 ? Input.missing("NO_FACTS") : Input.of(BigDecimal.valueOf(with).multiply(HUNDRED).divide(BigDecimal.valueOf(working), EXACT)));
            }
        }
        return all;
    }

    /// Market, size and time with the network: whom a distributor may be compared with (DST-17).
    static String archetype(ScoreModel model, Partner partner, TreeMap<YearMonth, BigDecimal> nsv, LocalDate to) {
        var market = model.markets().stream().filter(one -> one.territory().equals(partner.territory())).map(ScoreModel.Market::type).findFirst().orElse("MIXED");
        var year = nsv.tailMap(YearMonth.from(to).minusMonths(11), true).values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        long size = model.sizes().stream().filter(from -> year.compareTo(from) >= 0).count();
        boolean established = !nsv.isEmpty() && !nsv.firstKey().isAfter(YearMonth.from(to).minusMonths(11));
        return market + " · " + List.of("S", "M", "L", "XL", "XXL").get((int) Math.min(4, size)) + " · " + (established ? "ESTABLISHED" : "NEW");
    }

    private static void withPeers(ScoreModel model, Map<Long, Map<String, Input>> inputs, Map<Long, String> archetypes) {
        for (var pillar : model.pillars()) {
            for (var component : pillar.components()) {
                if (component.method() != ScoreModel.Method.PEER) continue;
                var byType = new HashMap<String, List<BigDecimal>>();
                inputs.forEach((id, own) -> {
                    var value = own.get(component.component()).value();
                    if (value != null) byType.computeIfAbsent(archetypes.get(id), _ -> new ArrayList<>()).add(value);
                });
                inputs.forEach((id, own) -> own.computeIfPresent(component.component(), (_, input) -> new Input(input.value(), input.reason(), byType.getOrDefault(archetypes.get(id), List.of()))));
            }
        }
    }

    /// A distributor whose sales fall over three months: is it the market (the median of the others in its territory falls as well) or the partner?
    static Map<Long, @Nullable String> falling(List<Partner> partners, Map<Long, TreeMap<YearMonth, BigDecimal>> nsv, LocalDate to) {
        var change = new HashMap<Long, Double>();
        for (var partner : partners) {
            var months = nsv.getOrDefault(partner.distributorId(), new TreeMap<>());
            double now = sum(months, YearMonth.from(to), 3);
            double before = sum(months, YearMonth.from(to).minusMonths(3), 3);
            if (before > 0) change.put(partner.distributorId(), now / before - 1);
        }
        var tags = new HashMap<Long, @Nullable String>();
        for (var partner : partners) {
            var own = change.get(partner.distributorId());
            if (own == null || own > -0.05 || partner.territory() == null) continue;
            var others = partners.stream().filter(other -> other.distributorId() != partner.distributorId() && partner.territory().equals(other.territory())).map(other -> change.get(other.distributorId()))
                    .filter(Objects::nonNull).sorted().toList();
            if (others.isEmpty()) continue;
            double median = others.size() % 2 == 1 ? others.get(others.size() / 2) : (others.get(others.size() / 2 - 1) + others.get(others.size() / 2)) / 2;
            tags.put(partner.distributorId(), median <= -0.05 ? "MARKET" : "PARTNER");
        }
        return tags;
    }

    private static double sum(TreeMap<YearMonth, BigDecimal> months, YearMonth last, int count) {
        return months.subMap(last.minusMonths(count - 1L), true, last, true).values().stream().mapToDouble(BigDecimal::doubleValue).sum();
    }

    /// Early warnings that do not depend on the index (SC-06).
    private Map<Long, List<String>> warnings(Period period, Map<Long, TreeMap<YearMonth, BigDecimal>> nsv) {
        var found = new HashMap<Long, List<String>>();
        var push = period.metric("stock-push");
        var returned = months(period, "returns-value");
        var scheme = months(period, "scheme-discount");
        var gross = months(period, "gross-value");
        var month = YearMonth.from(period.to);
        for (var id : period.distributors) {
            var own = new ArrayList<String>();
            var sales = nsv.getOrDefault(id, new TreeMap<>());
            boolean falls = true;
            for (int back = 0; back < 3; back++) {
                var now = sales.get(month.minusMonths(back));
                var before = sales.get(month.minusMonths(back + 1L));
                falls &= now != null && before != null && now.compareTo(before) < 0;
            }
            if (falls) own.add("NSV_FALLING");
            double returnsNow = share(returned, gross, id, month, 1);
            double returnsBefore = share(returned, gross, id, month.minusMonths(1), 6);
            if (returnsNow > 0.01 && returnsBefore > 0 && returnsNow >= 2 * returnsBefore) own.add("RETURNS_HIGH");
            if (share(scheme, gross, id, month, 1) >= share(scheme, gross, id, month.minusMonths(1), 3) + 0.15) own.add("SCHEME_DEPENDENT");
            var index = push.getOrDefault(id, Input.missing("NO_FACTS")).value();
            if (index != null && index.compareTo(new BigDecimal("1.15")) > 0) own.add("STOCK_PUSH");
            if (!own.isEmpty()) found.put(id, own);
        }
        return found;
    }

    private Map<Long, TreeMap<YearMonth, BigDecimal>> months(Period period, String metric) {
        return insight.catalogue().metric(metric).isEmpty() ? Map.of() : period.months(metric, 8);
    }

    private static double share(Map<Long, TreeMap<YearMonth, BigDecimal>> part, Map<Long, TreeMap<YearMonth, BigDecimal>> whole, long id, YearMonth last, int count) {
        double of = sum(whole.getOrDefault(id, new TreeMap<>()), last, count);
        return of <= 0 ? 0 : sum(part.getOrDefault(id, new TreeMap<>()), last, count) / of;
    }

    // ---- shadows

    /// What a model would have published for a month.
    record Shadowed(long distributorId, long principalId, LocalDate periodEnd, @Nullable BigDecimal raw, @Nullable BigDecimal shadowRaw, ScoreModel.@Nullable BandName band, ScoreModel.@Nullable BandName shadowBand) {}

    /// The last six published months of every principal, computed again with a model (SC-08).
    List<Shadowed> shadow(ScoreModel model) {
        var rows = new ArrayList<Shadowed>();
        var to = LocalDate.now(clock);
        for (var principal : store.partners(null, null).stream().map(Partner::principalId).collect(Collectors.toCollection(TreeSet::new))) {
            var history = new HashMap<Long, List<@Nullable BigDecimal>>();
            for (var score : store.networkScores(principal, Kind.CLOSED, to.withDayOfMonth(1).minusMonths(PUBLISHED_BACK + 1L), to)) {
                var raw = score.state() == State.UNRATED ? null : Scorecard.card(model, score.inputs()).raw();
                var newest = history.computeIfAbsent(score.distributorId(), _ -> new ArrayList<>());
                newest.addFirst(raw);
                var index = Scorecard.smooth(model, newest);
                rows.add(new Shadowed(score.distributorId(), principal, score.periodEnd(), score.raw(), raw, score.ownBand(), index == null ? null : Scorecard.band(model, index)));
            }
        }
        return rows;
    }

    @Override
    public List<Finding> of(ScoreModel model) {
        // a transaction of its own: the check holds one that sees no distributor's rows
        var rows = CompletableFuture.supplyAsync(() -> shadow(model), task -> Thread.ofVirtual().name("score shadow").start(task)).join();
        if (rows.isEmpty()) return List.of(Finding.warning("SHADOW_EMPTY", "SC-08", "model", "no month has been published yet that could be computed again", "Acknowledge it, or wait for the first month"));
        var changed = rows.stream().filter(row -> row.band() != row.shadowBand()).toList();
        long months = rows.stream().map(Shadowed::periodEnd).distinct().count();
        if (changed.isEmpty()) return List.of(new Finding("SHADOW_SAME", "SC-08", Finding.Severity.INFO, "model", "in " + months + " months no band would have been another", ""));
        var last = changed.stream().map(Shadowed::periodEnd).max(Comparator.naturalOrder()).orElseThrow();
        var codes = store.partners(null, null).stream().collect(Collectors.toMap(Partner::distributorId, Partner::code, (one, _) -> one));
        var latest = changed.stream().filter(row -> row.periodEnd().equals(last)).limit(10).map(row -> codes.get(row.distributorId()) + " " + name(row.band()) + " → " + name(row.shadowBand())).collect(Collectors.joining(", "));
        return List.of(Finding.warning("SHADOW_BANDS", "SC-08", "model", changed.size() + " of " + rows.size() + " published bands of " + months + " months would have been others; in " + YearMonth.from(last) + ": " + latest,
                "Read /api/v1/health/shadow, then acknowledge it"));
    }

    private static String name(ScoreModel.@Nullable BandName band) {
        return band == null ? "unrated" : band.name();
    }

    static String plain(BigDecimal value, int decimals) {
        return value.setScale(decimals, RoundingMode.HALF_UP).toPlainString();
    }
}
