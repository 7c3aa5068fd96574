package io.offtake.insight.score;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.insight.Insight;
import io.offtake.insight.Question;
import io.offtake.insight.Says;
import io.offtake.insight.score.ScoreModel.BandName;
import io.offtake.insight.score.ScoreModel.Name;
import io.offtake.insight.score.ScoreStore.Kind;
import io.offtake.insight.score.ScoreStore.Partner;
import io.offtake.insight.score.ScoreStore.Score;
import io.offtake.insight.score.ScoreStore.State;
import io.offtake.platform.Ids;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// What is told about scores: the board of all partners (T4), one distributor with what made and what moves its index (T3),
/// benchmarks without names, and the ways to act on it.
@Service
public class Health {
    private static final int TREND_MONTHS = 6;
    private static final int CONTEST_DAYS = 7;
    private static final Map<String, Integer> CAPS = Map.of("CHEQUE_BOUNCED", 50, "LICENCE_CANCELLED", 20, "CLAIM_FRAUD", 20);
    private static final Map<String, String> WARNING_TEXTS = Map.of("NSV_FALLING", "Secondary sales have fallen for three months in a row", "RETURNS_HIGH", "Returns are more than twice what is usual here",
            "SCHEME_DEPENDENT", "Sales depend on schemes 15 points more than before", "OVERDUE_RISING", "Overdue has risen for two months in a row", "STOCK_PUSH", "Primary runs ahead of secondary: the stock-push index is above 1.15");
    private static final Map<String, String> WARNING_METRICS = Map.of("NSV_FALLING", "nsv", "RETURNS_HIGH", "returns-value", "SCHEME_DEPENDENT", "scheme-discount", "STOCK_PUSH", "primary-quantity", "OVERDUE_RISING", "overdue");

    public record Period(LocalDate end, String kind, String label) {}

    public record PrincipalView(long id, String code, String name) {}

    public record ModelView(String code, int version, @Nullable LocalDate validFrom) {}

    public record BandView(String band, String from, int count, String rhythm, String help, String consequence) {}

    public record PillarView(String pillar, @Nullable String score, String weight, @Nullable String reason) {}

    public record KnockOutView(UUID id, String code, int cap, String text, LocalDate since) {}

    /// A distributor as the board shows it.
    ///
    /// @param index   published: smoothed and capped; `raw` is the period's own
    /// @param nextBand band in which the index itself lies, where it waits for its second month
    /// @param tag     MARKET: the others of the territory fall as well; PARTNER: they do not; null: not falling
    public record ScoreView(long distributorId, String code, String name, @Nullable String territory, @Nullable String region, long principalId, String state, @Nullable String reason, @Nullable String index,
                            @Nullable String raw, @Nullable String previous, @Nullable String movement, @Nullable String band, @Nullable LocalDate bandSince, @Nullable String nextBand, @Nullable String classification,
                            @Nullable String tag, @Nullable String trend, @Nullable String slope, List<PillarView> pillars, @Nullable String weakest, List<KnockOutView> knockouts, String archetype,
                            List<String> warnings, int openPlans, @Nullable String owner, @Nullable LocalDate nextReview) {}

    public record Board(@Nullable Period period, long principalId, List<PrincipalView> principals, ModelView model, List<BandView> bands, List<ScoreView> items) {}

    /// @param points what it adds to the raw index; the points of all components sum to it
    public record ComponentView(String component, String label, String kpi, String metric, String unit, @Nullable String value, @Nullable String previousValue, @Nullable String score, String weight,
                                String effectiveWeight, String points, String floor, String target, String better, @Nullable String reason, String behaviour, @Nullable Question question) {}

    public record PillarDetail(String pillar, String weight, String effectiveWeight, @Nullable String score, String presentWeight, @Nullable String reason, List<ComponentView> components) {}

    public record MovedView(String component, String points) {}

    public record Movement(List<MovedView> up, List<MovedView> down) {}

    public record StepView(String component, String from, String to, String points) {}

    public record Reach(String band, String at, List<StepView> steps) {}

    public record Point(LocalDate end, String kind, @Nullable String raw, @Nullable String index, @Nullable String band, int modelVersion) {}

    public record PillarBenchmark(String pillar, @Nullable String median, @Nullable String topQuartile) {}

    public record BenchmarkView(boolean shown, @Nullable String reason, String archetype, int peers, @Nullable String median, @Nullable String topQuartile, List<PillarBenchmark> pillars) {}

    public record WarningView(String code, String text, @Nullable Question question) {}

    /// @param why  in English
    /// @param says the same by its key
    public record Suggested(String playbook, String title, String why, Says says, List<String> proposals) {}

    /// @param text     in English, or as it was typed
    /// @param says     the same by its key, where the product wrote it
    /// @param subject  the plan's title; null for what is of no plan
    /// @param playbook of that plan
    public record Event(Instant at, String kind, String text, @Nullable Says says, @Nullable String subject, @Nullable String playbook) {}

    public record Detail(ScoreView score, Period period, String currency, List<PillarDetail> pillars, Movement moved, @Nullable Reach reach, List<Point> history, BenchmarkView benchmark, List<WarningView> warnings,
                         List<Suggested> suggested, List<Plans.Plan> plans, List<Event> events) {}

    private final ScoreStore store;
    private final ScoreModels models;
    private final Scores scores;
    private final Plans plans;
    private final Insight insight;
    private final TenantTransaction transactions;
    private final Ids ids;
    private final Clock clock;

    Health(ScoreStore store, ScoreModels models, Scores scores, Plans plans, Insight insight, TenantTransaction transactions, Ids ids, Clock clock) {
        this.store = store;
        this.models = models;
        this.scores = scores;
        this.plans = plans;
        this.insight = insight;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    /// The principals a caller may see scores of, and the one asked for.
    private record Chosen(List<ScoreStore.PrincipalRow> principals, long principal, List<Partner> partners) {}

    private Chosen chosen(Caller caller, @Nullable Long wanted, @Nullable Long distributor) {
        var all = store.partners(distributor == null ? caller.scope().distributors() : Set.of(distributor), null);
        var ids = new LinkedHashSet<Long>();
        for (var partner : all) if (caller.scope().principals() == null || caller.scope().principals().contains(partner.principalId())) ids.add(partner.principalId());
        if (wanted != null && !ids.contains(wanted)) throw caller.notFound("principal");
        if (ids.isEmpty()) return new Chosen(List.of(), 0, List.of());
        var principals = store.principals(ids);
        long principal = wanted != null ? wanted : principals.getFirst().id();
        return new Chosen(principals, principal, all.stream().filter(partner -> partner.principalId() == principal).toList());
    }

    /// @param wanted `2026-10`, `provisional`, or null for the last closed month
    private @Nullable Period period(RowScope scope, long principal, @Nullable String wanted) {
        if (wanted != null && !wanted.equals("provisional")) {
            try {
                var month = YearMonth.parse(wanted);
                return new Period(month.atEndOfMonth(), Kind.CLOSED.name(), month.toString());
            } catch (DateTimeException _) {
                throw Problem.of(ProblemCode.INVALID, "There is no period " + wanted + ".").at("?period", ProblemCode.INVALID, "is no period", List.of("2026-10", "provisional")).exception();
            }
        }
        var kind = wanted == null ? Kind.CLOSED : Kind.PROVISIONAL;
        var published = store.published(scope, principal, kind);
        if (published.isEmpty() && wanted == null) {
            kind = Kind.PROVISIONAL;
            published = store.published(scope, principal, kind);
        }
        if (published.isEmpty()) return null;
        var end = published.getFirst();
        return new Period(end, kind.name(), kind == Kind.CLOSED ? YearMonth.from(end).toString() : "4 weeks to " + end);
    }

    public Board board(Caller caller, @Nullable Long principalId, @Nullable String wanted) {
        caller.require(Permission.SCORE_READ);
        var chosen = chosen(caller, principalId, null);
        var scope = RowScope.of(chosen.partners.stream().map(Partner::distributorId).collect(Collectors.toSet()));
        var principals = chosen.principals.stream().map(row -> new PrincipalView(row.id(), row.code(), row.name())).toList();
        var period = chosen.partners.isEmpty() ? null : period(scope, chosen.principal, wanted);
        var inForce = models.inForce(period == null ? today() : period.end);
        var model = new ModelView(inForce.code(), inForce.version(), inForce.validFrom());
        var items = period == null ? List.<ScoreView>of() : views(caller, chosen, scope, period, inForce.model());
        var bands = inForce.model().bands().stream().map(band -> new BandView(band.band().name(), band.from().toPlainString(), (int) items.stream().filter(item -> band.band().name().equals(item.band)).count(), band.rhythm(),
                band.help(), band.consequence())).toList();
        return new Board(period, chosen.principal, principals, model, bands, items);
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    private record OpenPlan(long distributorId, int plans, @Nullable String owner, @Nullable LocalDate review) {}

    private List<ScoreView> views(Caller caller, Chosen chosen, RowScope scope, Period period, ScoreModel model) {
        var kind = Kind.valueOf(period.kind);
        var history = store.scores(scope, chosen.principal, Kind.CLOSED, period.end.minusMonths(TREND_MONTHS + 1L), period.end).stream().collect(Collectors.groupingBy(Score::distributorId));
        var of = kind == Kind.CLOSED ? Map.<Long, Score>of() : store.scores(scope, chosen.principal, kind, period.end, period.end).stream().collect(Collectors.toMap(Score::distributorId, score -> score));
        var open = transactions.read(caller.scope(), db -> db.sql("select distributor_id, count(*)::integer as plans, min(owner_principal) as owner, min(review_on) as review from insight.plan where distributor_id = any (:ids) and principal_id = :principal and state = 'OPEN' group by distributor_id")
                .param("ids", scope.distributors().toArray(Long[]::new)).param("principal", chosen.principal).query(OpenPlan.class).list()).stream().collect(Collectors.toMap(OpenPlan::distributorId, one -> one));
        var knockOuts = store.knockOuts(scope, chosen.principal, period.end).stream().collect(Collectors.groupingBy(ScoreStore.KnockOut::distributorId));
        var items = new ArrayList<ScoreView>();
        for (var partner : chosen.partners) {
            var past = history.getOrDefault(partner.distributorId(), List.of());
            var score = kind == Kind.PROVISIONAL ? of.get(partner.distributorId()) : past.stream().filter(one -> one.periodEnd().equals(period.end)).findFirst().orElse(null);
            if (score == null) continue;
            items.add(view(model, partner, score, past, open.get(partner.distributorId()), knockOuts.getOrDefault(partner.distributorId(), List.of())));
        }
        items.sort(Comparator.comparing((ScoreView item) -> item.index == null).thenComparing(item -> item.index == null ? BigDecimal.ZERO : new BigDecimal(item.index)).thenComparing(ScoreView::code));
        return items;
    }

    private static ScoreView view(ScoreModel model, Partner partner, Score score, List<Score> closed, @Nullable OpenPlan open, List<ScoreStore.KnockOut> knockOuts) {
        var card = Scorecard.card(model, score.inputs());
        var before = closed.stream().filter(one -> one.periodEnd().isBefore(score.periodEnd())).max(Comparator.comparing(Score::periodEnd)).orElse(null);
        var points = new ArrayList<BigDecimal>();
        for (var one : closed) if (one.index() != null && !one.periodEnd().isAfter(score.periodEnd())) points.add(one.index());
        var trend = Scorecard.trend(model, points);
        var previous = before == null ? null : before.index();
        var pillars = card.pillars().stream().map(pillar -> new PillarView(pillar.pillar().name(), one(pillar.score()), pillar.weight().toPlainString(), pillar.reason())).toList();
        var weakest = card.pillars().stream().filter(pillar -> pillar.score() != null).min(Comparator.comparing(pillar -> Objects.requireNonNull(pillar.score()))).map(pillar -> pillar.pillar().name()).orElse(null);
        return new ScoreView(partner.distributorId(), partner.code(), partner.name(), partner.territoryName(), partner.region(), partner.principalId(), score.state().name(), score.reason(), one(score.index()), one(score.raw()),
                one(previous), score.index() == null || previous == null ? null : signed(one(score.index()), one(previous)), name(score.band()), score.bandSince(),
                score.band() == score.ownBand() ? null : name(score.ownBand()), classification(score), score.tag(), trend == null ? null : trend.arrow().name(), trend == null ? null : trend.slope().toPlainString(), pillars,
                weakest, knockOuts.stream().map(one -> new KnockOutView(one.id(), one.code(), one.cap(), one.reason(), one.since())).toList(), score.archetype(), score.warnings(), open == null ? 0 : open.plans,
                open == null ? null : open.owner, open == null ? null : open.review);
    }

    /// Invest, sustain, fix or exit (DST-16). Who falls with the market is not shown the door for it: the market is fixed first.
    static @Nullable String classification(Score score) {
        if (score.band() == null) return null;
        return switch (score.band()) {
            case INVEST -> "INVEST";
            case SUSTAIN -> "SUSTAIN";
            case FIX -> "FIX";
            case EXIT_REVIEW -> "MARKET".equals(score.tag()) ? "FIX" : "EXIT";
        };
    }

    private static @Nullable String name(@Nullable BandName band) {
        return band == null ? null : band.name();
    }

    private static @Nullable String one(@Nullable BigDecimal score) {
        return score == null ? null : score.setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private static @Nullable String signed(@Nullable String now, @Nullable String before) {
        if (now == null || before == null) return null;
        var difference = new BigDecimal(now).subtract(new BigDecimal(before));
        return (difference.signum() > 0 ? "+" : "") + difference.toPlainString();
    }

    private static @Nullable String value(@Nullable BigDecimal value) {
        if (value == null) return null;
        var rounded = value.setScale(2, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /// @throws io.offtake.platform.ProblemException NOT_FOUND outside of the caller's scope, or before the first score
    public Detail detail(Caller caller, long distributor, @Nullable Long principalId, @Nullable String wanted) {
        caller.require(Permission.SCORE_READ, distributor);
        var chosen = chosen(caller, principalId, distributor);
        if (chosen.partners.isEmpty()) throw caller.notFound("score");
        var partner = chosen.partners.getFirst();
        var scope = RowScope.of(distributor);
        var period = period(scope, chosen.principal, wanted);
        if (period == null) throw caller.notFound("score");
        var inForce = models.inForce(period.end);
        var model = inForce.model();
        var view = views(caller, chosen, scope, period, model).stream().findFirst().orElseThrow(() -> caller.notFound("score"));
        var year = store.scores(scope, chosen.principal, null, period.end.minusMonths(13), today());
        var score = year.stream().filter(one -> one.periodEnd().equals(period.end) && one.kind().name().equals(period.kind)).findFirst().orElseThrow(() -> caller.notFound("score"));
        var before = year.stream().filter(one -> one.kind() == Kind.CLOSED && one.periodEnd().isBefore(period.end)).max(Comparator.comparing(Score::periodEnd)).orElse(null);
        var card = Scorecard.card(model, score.inputs());
        var beforeCard = before == null || before.state() != State.RATED ? null : Scorecard.card(models.inForce(before.periodEnd()).model(), before.inputs());
        var from = score.kind() == Kind.CLOSED ? period.end.withDayOfMonth(1) : period.end.minusDays(27);
        var moved = beforeCard == null ? List.<Scorecard.Moved>of() : Scorecard.moved(card, beforeCard);
        return new Detail(view, period, partner.currency(), pillars(model, card, before, partner, chosen.principal, from, period.end),
                new Movement(moved.stream().filter(one -> one.points().signum() > 0).limit(3).map(Health::moved).toList(),
                        moved.stream().filter(one -> one.points().signum() < 0).sorted(Comparator.comparing(Scorecard.Moved::points)).limit(3).map(Health::moved).toList()),
                reach(model, card, score), year.stream().map(one -> new Point(one.periodEnd(), one.kind().name(), one(one.raw()), one(one.index()), name(one.band()), one.modelVersion())).toList(),
                benchmark(chosen.principal, score, model), warnings(score, partner, from, period.end), suggested(view, card, score),
                plans.list(caller, io.offtake.platform.ListQuery.first()).items().stream().filter(plan -> plan.distributorId() == distributor && plan.principalId() == chosen.principal).toList(),
                events(caller, distributor, chosen.principal, year));
    }

    private static MovedView moved(Scorecard.Moved one) {
        return new MovedView(one.component(), (one.points().signum() > 0 ? "+" : "") + one.points().setScale(1, RoundingMode.HALF_UP).toPlainString());
    }

    private List<PillarDetail> pillars(ScoreModel model, Scorecard.Card card, @Nullable Score before, Partner partner, long principal, LocalDate from, LocalDate to) {
        var details = new ArrayList<PillarDetail>();
        for (int at = 0; at < card.pillars().size(); at++) {
            var scored = card.pillars().get(at);
            var components = new ArrayList<ComponentView>();
            for (var component : model.pillars().get(at).components()) {
                var of = scored.components().stream().filter(one -> one.component().equals(component.component())).findFirst().orElseThrow();
                var was = before == null ? null : before.inputs().get(component.component());
                boolean askable = insight.catalogue().metric(component.metric()).isPresent();
                var question = !askable ? null : Question.of(List.of(component.metric()), List.of("distributor"), Question.Window.range(from, to), Question.Filter.in("distributor", Long.toString(partner.distributorId())),
                        Question.Filter.in("principal", Long.toString(principal)));
                components.add(new ComponentView(component.component(), component.label(), component.kpi(), component.metric(), component.unit(), value(of.value()), was == null ? null : value(was.value()), one(of.score()),
                        component.weight().toPlainString(), of.effective().movePointRight(2).setScale(1, RoundingMode.HALF_UP).toPlainString(), of.points().setScale(2, RoundingMode.HALF_UP).toPlainString(),
                        component.floor().toPlainString(), component.target().toPlainString(), component.better().name(), of.reason(), component.behaviour(), question));
            }
            details.add(new PillarDetail(scored.pillar().name(), scored.weight().toPlainString(), scored.effective().movePointRight(2).setScale(1, RoundingMode.HALF_UP).toPlainString(), one(scored.score()),
                    scored.present().setScale(0, RoundingMode.HALF_UP).toPlainString(), scored.reason(), components));
        }
        return details;
    }

    /// The next better band, and what reaches it.
    private static @Nullable Reach reach(ScoreModel model, Scorecard.Card card, Score score) {
        if (card.raw() == null || score.state() != State.RATED) return null;
        var next = model.bands().stream().filter(band -> band.from().compareTo(card.raw()) > 0).min(Comparator.comparing(ScoreModel.Band::from)).orElse(null);
        if (next == null) return null;
        return new Reach(next.band().name(), next.from().toPlainString(), Scorecard.reach(model, card, next.from()).stream()
                .map(step -> new StepView(step.component(), value(step.from()), value(step.to()), "+" + step.points().setScale(1, RoundingMode.HALF_UP).toPlainString())).toList());
    }

    /// Median and top quartile of the archetype, network-wide and without names (7.3).
    private BenchmarkView benchmark(long principal, Score score, ScoreModel model) {
        var peers = store.networkScores(principal, score.kind(), score.periodEnd(), score.periodEnd()).stream()
                .filter(one -> one.archetype().equals(score.archetype()) && one.distributorId() != score.distributorId() && one.index() != null).toList();
        var values = peers.stream().map(Score::nsv).map(nsv -> nsv.max(BigDecimal.ZERO)).toList();
        var all = Scorecard.benchmark(peers.stream().map(Score::index).map(Objects::requireNonNull).toList(), values);
        var pillars = new ArrayList<PillarBenchmark>();
        if (all.shown()) {
            for (var name : Name.values()) {
                var of = peers.stream().map(one -> Scorecard.card(model, one.inputs()).pillars().stream().filter(pillar -> pillar.pillar() == name).findFirst().map(Scorecard.PillarScore::score).orElse(null)).filter(Objects::nonNull).toList();
                if (of.size() >= 10) pillars.add(new PillarBenchmark(name.name(), one(Scorecard.quantile(of, 0.5)), one(Scorecard.quantile(of, 0.75))));
            }
        }
        return new BenchmarkView(all.shown(), all.reason(), score.archetype(), all.peers(), one(all.median()), one(all.topQuartile()), pillars);
    }

    private List<WarningView> warnings(Score score, Partner partner, LocalDate from, LocalDate to) {
        return score.warnings().stream().map(code -> {
            var metric = WARNING_METRICS.get(code);
            var known = metric == null ? null : insight.catalogue().metric(metric).orElse(null);
            var question = known == null ? null : known.period() == io.offtake.insight.Metric.Period.NOW ? Question.of(List.of(known.id()), List.of("outlet"), Question.Window.of("NOW"),
                    Question.Filter.in("distributor", Long.toString(partner.distributorId())), Question.Filter.in("principal", Long.toString(score.principalId()))) : Question.of(List.of(known.id()), List.of("month"), Question.Window.range(from.minusMonths(5).withDayOfMonth(1), to),
                    Question.Filter.in("distributor", Long.toString(partner.distributorId())), Question.Filter.in("principal", Long.toString(score.principalId())));
            return new WarningView(code, WARNING_TEXTS.getOrDefault(code, code), question);
        }).toList();
    }

    /// Playbooks whose trigger holds.
    private static List<Suggested> suggested(ScoreView view, Scorecard.Card card, Score score) {
        var found = new ArrayList<Suggested>();
        var pillar = new HashMap<Name, @Nullable BigDecimal>();
        card.pillars().forEach(one -> pillar.put(one.pillar(), one.score()));
        var months = view.bandSince == null ? 0 : java.time.temporal.ChronoUnit.MONTHS.between(YearMonth.from(view.bandSince), YearMonth.from(score.periodEnd())) + 1;
        var overdue = score.inputs().getOrDefault("OVERDUE", Scorecard.Input.missing("NO_FACTS")).value();
        var roi = score.inputs().getOrDefault("ROI", Scorecard.Input.missing("NO_SOURCE")).value();
        if (score.band() == BandName.INVEST && months >= 3 && overdue != null && overdue.signum() == 0) suggest(found, "GROW_CREDIT", "Invest for " + months + " months, nothing overdue", Says.of("GROW_CREDIT", "months", Long.toString(months)));
        if (score.band() == BandName.FIX && below(pillar.get(Name.FINANCIAL), 40)) suggest(found, "REPAIR_FINANCE", "financial hygiene is " + one(pillar.get(Name.FINANCIAL)), Says.of("REPAIR_FINANCE", "score", one(pillar.get(Name.FINANCIAL))));
        if (below(pillar.get(Name.SERVICE), 50) && pillar.get(Name.GROWTH) != null && !below(pillar.get(Name.GROWTH), 60)) suggest(found, "SUPPORT_SERVICE", "grows, but service is " + one(pillar.get(Name.SERVICE)), Says.of("SUPPORT_SERVICE", "score", one(pillar.get(Name.SERVICE))));
        if (roi != null && roi.compareTo(BigDecimal.valueOf(8)) < 0) suggest(found, "COST_TO_SERVE", "return on investment is " + value(roi) + " %", Says.of("COST_TO_SERVE", "percent", value(roi)));
        if (score.warnings().contains("STOCK_PUSH")) suggest(found, "STOP_PUSH", "stock-push index above 1.15", Says.of("STOP_PUSH"));
        if (score.band() == BandName.EXIT_REVIEW && months >= 2) suggest(found, "RECOVER", "exit review for " + months + " months", Says.of("RECOVER", "months", Long.toString(months)));
        if (score.state() == State.UNRATED) suggest(found, "DATA_DISCIPLINE", "no data for 15 days", Says.of("SILENT"));
        else if (below(pillar.get(Name.DATA), 60)) suggest(found, "DATA_DISCIPLINE", "data and compliance are " + one(pillar.get(Name.DATA)), Says.of("DATA_DISCIPLINE", "score", one(pillar.get(Name.DATA))));
        return found;
    }

    private static boolean below(@Nullable BigDecimal score, int mark) {
        return score != null && score.compareTo(BigDecimal.valueOf(mark)) < 0;
    }

    private static void suggest(List<Suggested> found, String code, String why, Says says) {
        Playbooks.of(code).ifPresent(playbook -> found.add(new Suggested(code, playbook.title(), why, says, playbook.proposals())));
    }

    private List<Event> events(Caller caller, long distributor, long principal, List<Score> year) {
        var events = new ArrayList<Event>();
        BandName band = null;
        for (var score : year) {
            if (score.kind() != Kind.CLOSED || score.band() == null) continue;
            if (band != null && band != score.band()) events.add(new Event(score.periodEnd().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(), "BAND", band + " → " + score.band(), Says.of("band", "from", band.name(), "to", score.band().name()), null, null));
            band = score.band();
        }
        transactions.read(caller.scope(), db -> {
            db.sql("""
                    select l.at, p.title, p.playbook, l.text, l.says from insight.plan_log l join insight.plan p on p.distributor_id = l.distributor_id and p.id = l.plan_id
                     where l.distributor_id = ? and p.principal_id = ? order by l.at desc limit 30""").params(distributor, principal).query((row, _) -> events.add(new Event(ScoreStore.instant(row, "at"), "PLAN", row.getString("title") + ": " + row.getString("text"), Plans.said(row.getString("says"), row.getString("text"), row.getString("playbook")),
                    row.getString("title"), row.getString("playbook")))).list();
            return db.sql("select raised_at, component, period_end::text as period_end, reason from insight.contest where distributor_id = ? and principal_id = ? order by raised_at desc limit 10")
                    .params(distributor, principal).query((row, _) -> events.add(new Event(ScoreStore.instant(row, "raised_at"), "CONTEST", row.getString("component") + " of " + row.getString("period_end") + " is contested: " + row.getString("reason"),
                            Says.of("contested", "component", row.getString("component"), "until", row.getString("period_end"), "reason", row.getString("reason")), null, null))).list();
        });
        events.sort(Comparator.comparing(Event::at).reversed());
        return events;
    }

    // ---- acting

    public record Start(@Nullable List<Long> distributorIds, long principalId, @Nullable String reason, @Nullable LocalDate dueOn, @Nullable String ownerDistributor) {}

    /// @param code NOT_CARRIED or RUNNING
    public record Skipped(long distributorId, String why, String code) {}

    public record Started(List<Plans.Plan> opened, List<Skipped> skipped) {}

    /// Opens the plan of a playbook for each distributor that has none of it open.
    public Started start(Caller caller, String code, Start start) {
        caller.require(Permission.PLAN_WRITE);
        caller.requirePrincipal(start.principalId);
        var playbook = Playbooks.of(code).orElseThrow(() -> caller.notFound("playbook"));
        if (start.distributorIds == null || start.distributorIds.isEmpty() || start.reason == null || start.reason.isBlank()) {
            throw Problem.of(ProblemCode.INVALID, "Say for whom and why.").at("/" + (start.reason == null || start.reason.isBlank() ? "reason" : "distributorIds"), ProblemCode.INVALID, "is missing", "distributors and a reason").exception();
        }
        start.distributorIds.forEach(caller::requireDistributor);
        var names = store.partners(Set.copyOf(start.distributorIds), start.principalId).stream().collect(Collectors.toMap(Partner::distributorId, Partner::name));
        var opened = new ArrayList<Plans.Plan>();
        var skipped = new ArrayList<Skipped>();
        for (var distributor : new LinkedHashSet<>(start.distributorIds)) {
            if (!names.containsKey(distributor)) {
                skipped.add(new Skipped(distributor, "does not carry the principal", "NOT_CARRIED"));
                continue;
            }
            boolean running = transactions.read(caller.scope(), db -> db.sql("select exists (select from insight.plan where distributor_id = ? and principal_id = ? and playbook = ? and state = 'OPEN')").params(distributor, start.principalId, code)
                    .query(Boolean.class).single());
            if (running) {
                skipped.add(new Skipped(distributor, "this playbook is running already", "RUNNING"));
                continue;
            }
            var today = today();
            var actions = new ArrayList<Plans.Action>();
            for (var task : playbook.tasks()) {
                actions.add(new Plans.Action(actions.size() + 1, task.text(), task.side(), task.side().equals("PRINCIPAL") ? caller.username() : start.ownerDistributor == null ? "owner" : start.ownerDistributor, today.plusDays(task.days()), null));
            }
            var id = ids.next();
            plans.insert(caller, id, distributor, start.principalId, playbook.title(), start.reason.strip(), code, "", null, caller.username(), start.ownerDistributor == null ? "owner" : start.ownerDistributor,
                    start.dueOn == null ? today.plusDays(playbook.reviewDays()) : start.dueOn, playbook.proposals(), actions);
            opened.add(plans.get(caller, id));
        }
        return new Started(opened, skipped);
    }

    /// @param period `2026-10`
    public record NewContest(long principalId, @Nullable String component, @Nullable String period, @Nullable String reason) {}

    public record Contest(UUID id, long distributorId, long principalId, String component, LocalDate periodEnd, String reason, String state, String raisedBy, Instant raisedAt) {}

    /// The right to contest a number within seven days of its publication (7.3). What follows is a fix of the data, never of the score.
    public Contest contest(Caller caller, long distributor, NewContest contest) {
        caller.require(Permission.PLAN_WRITE, distributor);
        caller.requirePrincipal(contest.principalId);
        YearMonth month;
        try {
            month = YearMonth.parse(String.valueOf(contest.period));
        } catch (DateTimeException _) {
            throw Problem.of(ProblemCode.INVALID, "Say which month.").at("/period", ProblemCode.INVALID, "is no month", "2026-10").exception();
        }
        var computed = transactions.read(caller.scope(), db -> db.sql("select computed_at from insight.score where distributor_id = ? and principal_id = ? and kind = 'CLOSED' and period_end = ?").params(distributor, contest.principalId, month.atEndOfMonth())
                .query((row, _) -> ScoreStore.instant(row, "computed_at")).optional()).orElseThrow(() -> caller.notFound("score"));
        boolean known = models.inForce(month.atEndOfMonth()).model().pillars().stream().flatMap(pillar -> pillar.components().stream()).anyMatch(component -> component.component().equals(contest.component));
        if (!known || contest.reason == null || contest.reason.isBlank() || contest.reason.length() > 2000) {
            throw Problem.of(ProblemCode.INVALID, "Say which number and why.").at(known ? "/reason" : "/component", ProblemCode.INVALID, "is missing or not known", "a component of the score, and a reason").exception();
        }
        if (clock.instant().isAfter(computed.plus(java.time.Duration.ofDays(CONTEST_DAYS)))) {
            throw Problem.of(ProblemCode.REFUSED, "A number can be contested for " + CONTEST_DAYS + " days after it was published.").rule("7.3").exception();
        }
        var id = ids.next();
        var now = clock.instant();
        transactions.write(distributor, db -> db.sql("insert into insight.contest (distributor_id, id, principal_id, component, period_end, reason, state, raised_by, raised_at) values (?, ?, ?, ?, ?, ?, 'OPEN', ?, ?)")
                .params(distributor, id, contest.principalId, contest.component, month.atEndOfMonth(), contest.reason.strip(), caller.username(), now.atOffset(ZoneOffset.UTC)).update());
        return new Contest(id, distributor, contest.principalId, Objects.requireNonNull(contest.component), month.atEndOfMonth(), contest.reason.strip(), "OPEN", caller.username(), now);
    }

    public record NewKnockOut(long principalId, @Nullable String code, @Nullable String reason, @Nullable LocalDate since) {}

    /// Caps the index from a day on (SC-04), until it is lifted.
    public KnockOutView knockOut(Caller caller, long distributor, NewKnockOut wanted) {
        caller.require(Permission.SCORE_APPROVE, distributor);
        caller.requirePrincipal(wanted.principalId);
        var cap = wanted.code == null ? null : CAPS.get(wanted.code);
        if (cap == null || wanted.reason == null || wanted.reason.isBlank()) {
            throw Problem.of(ProblemCode.INVALID, "Say what happened.").rule("SC-04").at(cap == null ? "/code" : "/reason", ProblemCode.INVALID, "is missing or not known", CAPS.keySet().stream().sorted().toList()).exception();
        }
        var id = ids.next();
        var since = wanted.since == null ? today() : wanted.since;
        transactions.write(distributor, db -> db.sql("insert into insight.knock_out (distributor_id, id, principal_id, code, cap, reason, since, set_by) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(distributor, id, wanted.principalId, wanted.code, cap, wanted.reason.strip(), since, caller.username()).update());
        return new KnockOutView(id, Objects.requireNonNull(wanted.code), cap, wanted.reason.strip(), since);
    }

    /// Ends a cap.
    public void lift(Caller caller, long distributor, UUID id) {
        caller.require(Permission.SCORE_APPROVE, distributor);
        int lifted = transactions.write(distributor, db -> db.sql("update insight.knock_out set lifted_on = coalesce(lifted_on, :today), lifted_by = coalesce(lifted_by, :by) where distributor_id = :distributor and id = :id")
                .param("today", today()).param("by", caller.username()).param("distributor", distributor).param("id", id).update());
        if (lifted == 0) throw caller.notFound("knock-out");
    }

    public record ShadowRow(long distributorId, long principalId, LocalDate periodEnd, @Nullable String raw, @Nullable String shadowRaw, @Nullable String band, @Nullable String shadowBand) {}

    /// The last six months under another model, for those in the caller's scope (SC-08).
    public List<ShadowRow> shadow(Caller caller, ScoreModel model) {
        caller.require(Permission.SCORE_READ);
        return scores.shadow(model).stream().filter(row -> caller.scope().distributors().contains(row.distributorId()) && (caller.scope().principals() == null || caller.scope().principals().contains(row.principalId())))
                .map(row -> new ShadowRow(row.distributorId(), row.principalId(), row.periodEnd(), one(row.raw()), one(row.shadowRaw()), name(row.band()), name(row.shadowBand()))).toList();
    }
}
