package io.offtake.insight.alert;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.insight.Answer;
import io.offtake.insight.Asker;
import io.offtake.insight.FeedQuality;
import io.offtake.insight.Insight;
import io.offtake.insight.Metric;
import io.offtake.insight.Question;
import io.offtake.insight.Says;
import io.offtake.insight.alert.AlertRules.AlertRuleForm;
import io.offtake.insight.alert.AlertRules.InForce;
import io.offtake.insight.alert.AlertRules.Shape;
import io.offtake.insight.alert.AlertSearch.Found;
import io.offtake.insight.alert.AlertSearch.Place;
import io.offtake.insight.alert.AlertSearch.Value;
import io.offtake.insight.score.FeedLag;
import io.offtake.platform.Ids;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The inbox of alerts (T6). Rules are looked for with questions of the catalogue after the facts have moved; what is found
/// once stays one alert while it lasts, closes by itself when it is over and nobody took it, and keeps its outcome.
@Service
public class Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ROWS = 50_000;
    private static final int MONTHS = 8;
    private static final int DAYS = 40;
    /// After an outcome the same thing is not told again for so long.
    private static final Duration QUIET = Duration.ofDays(45);
    private static final List<String> OUTCOMES = List.of("FIXED", "NOT_A_PROBLEM", "ACCEPTED_RISK", "FALSE_ALERT");

    /// @param ruleVersion 0 for a rule of the build, whose name and steps have words in every language under its code
    /// @param sentence    in English
    /// @param says        the same as a key and what goes into it, for the reader's own language: numbers with a point, days as `2026-11-16`; null in alerts of before
    /// @param evidence    the question that shows it, at /api/v1/insight/query
    /// @param drill       the next level
    public record Alert(UUID id, String rule, int ruleVersion, String ruleName, String kind, String severity, long distributorId, String distributor, @Nullable Long principalId, @Nullable String subject, String title, String sentence,
                        @Nullable Says says, List<Value> values, @Nullable String money, String currency, LocalDate openedOn, LocalDate lastSeenOn, String state, @Nullable String owner, @Nullable LocalDate dueOn,
                        @Nullable LocalDate snoozedUntil, @Nullable String snoozeReason, @Nullable String outcome, @Nullable String outcomeNote, List<String> steps, @Nullable String playbook, Question evidence,
                        @Nullable Question drill, List<Entry> log, int version) {
        public Alert {
            values = List.copyOf(values);
            steps = List.copyOf(steps);
            log = List.copyOf(log);
        }
    }

    public record Entry(Instant at, String actor, String action, String text) {}

    /// @param money at stake in those that are open, in the currency most of them have
    public record Summary(int open, int high, int medium, int low, String money, int mine) {}

    public record Take(@Nullable String owner, @Nullable LocalDate dueOn) {}

    public record Snooze(@Nullable LocalDate until, @Nullable String reason) {}

    public record Outcome(@Nullable String outcome, @Nullable String note) {}

    private static final String SELECT = """
            select a.*, d.name as distributor, coalesce(a.money, 0) as at_stake, case a.severity when 'HIGH' then 1 when 'MEDIUM' then 2 else 3 end as weight
              from insight.alert a join network.distributor d on d.id = a.distributor_id where a.distributor_id = any (:distributors)""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", ListSql.Type.UUID).sortable("weight", ListSql.Type.LONG).sortable("atStake", ListSql.Type.DECIMAL).sortable("openedOn", ListSql.Type.DATE)
            .equal("state", ListSql.Type.TEXT).equal("severity", ListSql.Type.TEXT).equal("rule", ListSql.Type.TEXT).equal("distributorId", ListSql.Type.LONG).equal("owner", ListSql.Type.TEXT)
            .search("title", "sentence", "distributor").order("weight", "-atStake");

    private final AlertRules rules;
    private final Insight insight;
    private final ObjectProvider<FeedQuality> feeds;
    private final FeedLag lag;
    private final TenantTransaction transactions;
    private final Ids ids;
    private final Clock clock;
    private final Duration every;
    private volatile String seen = "";
    private volatile Instant lookedAt = Instant.EPOCH;

    Alerts(AlertRules rules, Insight insight, ObjectProvider<FeedQuality> feeds, FeedLag lag, TenantTransaction transactions, Ids ids, Clock clock, @org.springframework.beans.factory.annotation.Value("${offtake.alerts.every:PT10M}") Duration every) {
        this.rules = rules;
        this.insight = insight;
        this.feeds = feeds;
        this.lag = lag;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
        this.every = every;
    }

    /// Looks again when the feed has moved, and at least once a day: silence moves no feed. A feed that is far behind is waited for,
    /// not passed over until the next turn.
    @Scheduled(initialDelayString = "${offtake.alerts.first:PT75S}", fixedDelayString = "${offtake.alerts.try:PT20S}")
    void lookAgain() {
        try {
            if (clock.instant().isBefore(lookedAt.plus(every))) return;
            var today = LocalDate.now(clock);
            String mark = today + " " + transactions.network(db -> db.sql("/* network: whether any feed has moved */ select coalesce(sum(seq), 0)::text from platform.feed_cursor where consumer = 'insight'").query(String.class).single());
            if (mark.equals(seen) || lag.isFar()) return;
            evaluate(today, null);
            seen = mark;
            lookedAt = clock.instant();
        } catch (RuntimeException failure) {
            LOG.error("Alerts could not be looked for; trying again", failure);
        }
    }

    private record Partner(long distributorId, long principalId, String currency, @Nullable String territory) {}

    /// Looks for everything that holds on a day.
    ///
    /// @param only null for the whole network
    /// @return how many alerts were opened
    public int evaluate(LocalDate today, @Nullable Set<Long> only) {
        var partners = transactions.shared(db -> db.sql("""
                select dp.distributor_id, dp.principal_id, d.currency, t.code as territory from network.distributor_principal dp
                  join network.distributor d on d.id = dp.distributor_id left join network.territory t on t.id = d.territory_id
                 where d.status <> 'EXITED' and (:only::bigint[] is null or d.id = any (:only::bigint[])) order by dp.principal_id, dp.distributor_id""").param("only", only == null ? null : only.toArray(Long[]::new))
                .query(Partner.class).list()).stream().collect(Collectors.groupingBy(Partner::principalId, TreeMap::new, Collectors.toList()));
        var inForce = rules.inForce();
        int opened = 0;
        for (var entry : partners.entrySet()) {
            var last = YearMonth.from(today).minusMonths(1);
            var reading = new Reading(entry.getKey(), entry.getValue().stream().map(Partner::distributorId).collect(Collectors.toCollection(TreeSet::new)), last, today);
            var known = inForce.stream().filter(one -> reading.knows(one.rule())).toList();
            var places = reading.places(known.stream().map(InForce::rule).toList(), entry.getValue());
            var found = AlertSearch.find(known.stream().map(InForce::rule).toList(), places, last, today);
            opened += keep(entry.getKey(), entry.getValue(), known, found, today);
        }
        return opened;
    }

    /// What the catalogue says of one principal's partners.
    private final class Reading {
        final long principal;
        final Set<Long> distributors;
        final YearMonth last;
        final LocalDate today;

        Reading(long principal, Set<Long> distributors, YearMonth last, LocalDate today) {
            this.principal = principal;
            this.distributors = distributors;
            this.last = last;
            this.today = today;
        }

        private Asker asker() {
            return new Asker("alerts", distributors, Set.of(principal));
        }

        boolean knows(AlertRuleForm rule) {
            return has(rule.metric()) && (String.valueOf(rule.other()).isEmpty() || has(rule.other()));
        }

        private boolean has(@Nullable String id) {
            return insight.catalogue().metric(String.valueOf(id)).filter(metric -> metric.source() != Metric.Source.NONE).isPresent();
        }

        private List<Answer.Row> ask(Question question) {
            try {
                return insight.ask(asker(), question.page(ROWS, null), ROWS).rows();
            } catch (ProblemException refused) {
                LOG.warn("Alerts cannot ask for {} by {}: {}", question.metrics(), question.dimensions(), refused.problem().detail());
                return List.of();
            }
        }

        List<Place> places(List<AlertRuleForm> rules, List<Partner> partners) {
            var months = new HashMap<Long, Map<String, TreeMap<YearMonth, Double>>>();
            var now = new HashMap<Long, Map<String, Double>>();
            var skus = new HashMap<Long, Map<String, Map<String, TreeMap<YearMonth, Double>>>>();
            var skusNow = new HashMap<Long, Map<String, Map<String, Double>>>();
            var metrics = new TreeSet<>(Set.of("nsv"));
            var bySku = new TreeSet<String>();
            for (var rule : rules) {
                if (rule.shape() == Shape.SILENT) continue;
                ("SKU".equals(rule.subject()) ? bySku : metrics).add(rule.metric());
                if (!String.valueOf(rule.other()).isEmpty()) metrics.add(Objects.requireNonNull(rule.other()));
            }
            if (!bySku.isEmpty()) bySku.add("nsv");
            var window = Question.Window.range(last.minusMonths(MONTHS - 1L).atDay(1), last.atEndOfMonth());
            for (var metric : metrics) {
                boolean state = isState(metric);
                for (var row : ask(Question.of(List.of(metric), state ? List.of("distributor") : List.of("distributor", "month"), state ? Question.Window.of("NOW") : window))) {
                    var value = value(row, metric);
                    if (value == null) continue;
                    if (state) now.computeIfAbsent(key(row), _ -> new HashMap<>()).put(metric, value);
                    else months.computeIfAbsent(key(row), _ -> new HashMap<>()).computeIfAbsent(metric, _ -> new TreeMap<>()).put(month(row), value);
                }
            }
            var mustSell = mustSell();
            if (!mustSell.isEmpty()) {
                var filter = Question.Filter.in("sku", mustSell.keySet().stream().map(String::valueOf).toArray(String[]::new));
                var short_ = Question.Window.range(last.minusMonths(3).atDay(1), last.atEndOfMonth());
                for (var metric : bySku) {
                    boolean state = isState(metric);
                    for (var row : ask(Question.of(List.of(metric), state ? List.of("distributor", "sku") : List.of("distributor", "sku", "month"), state ? Question.Window.of("NOW") : short_, filter))) {
                        var value = value(row, metric);
                        var code = mustSell.get(Long.valueOf(row.keys().get("sku").id()));
                        if (value == null || code == null) continue;
                        if (state) skusNow.computeIfAbsent(key(row), _ -> new HashMap<>()).computeIfAbsent(metric, _ -> new HashMap<>()).put(code, value);
                        else skus.computeIfAbsent(key(row), _ -> new HashMap<>()).computeIfAbsent(metric, _ -> new HashMap<>()).computeIfAbsent(code, _ -> new TreeMap<>()).put(month(row), value);
                    }
                }
            }
            var lastData = lastData();
            var places = new ArrayList<Place>();
            for (var partner : partners) {
                var own = months.getOrDefault(partner.distributorId, Map.of());
                // who sold in these months, but not in the days that were asked for, has been silent for longer
                var seenLast = lastData.get(partner.distributorId);
                if (seenLast == null && own.getOrDefault("nsv", new TreeMap<>()).values().stream().anyMatch(value -> value > 0)) seenLast = today.minusDays(DAYS + 1L);
                double daily = own.getOrDefault("nsv", new TreeMap<>()).getOrDefault(last, 0.0) / 25;
                places.add(new Place(partner.distributorId, partner.territory, own, now.getOrDefault(partner.distributorId, Map.of()), skus.getOrDefault(partner.distributorId, Map.of()),
                        skusNow.getOrDefault(partner.distributorId, Map.of()), seenLast, daily));
            }
            return places;
        }

        private boolean isState(String metric) {
            return insight.catalogue().metric(metric).map(one -> one.period() == Metric.Period.NOW).orElse(false);
        }

        private Map<Long, String> mustSell() {
            var found = new HashMap<Long, String>();
            transactions.shared(db -> {
                db.sql("select id, code from catalog.sku where principal_id = ? and must_stock and status = 'ACTIVE' order by id limit 300").param(principal).query(row -> {
                    found.put(row.getLong("id"), row.getString("code"));
                });
                return null;
            });
            return found;
        }

        /// The last business day with bills; of a feed the day before the first that is missing and red.
        private Map<Long, LocalDate> lastData() {
            var found = new HashMap<Long, LocalDate>();
            for (var row : ask(Question.of(List.of("bills"), List.of("distributor", "day"), Question.Window.range(today.minusDays(DAYS), today)))) {
                if (Objects.requireNonNullElse(value(row, "bills"), 0.0) > 0) found.merge(key(row), LocalDate.parse(row.keys().get("day").id()), (one, other) -> one.isAfter(other) ? one : other);
            }
            feeds.ifAvailable(one -> one.of(distributors, today.minusDays(DAYS), today, clock.instant()).forEach((id, days) -> {
                if (days.lateSince() != null) found.put(id, days.lateSince().minusDays(1));
            }));
            return found;
        }
    }

    private static long key(Answer.Row row) {
        return Long.parseLong(row.keys().get("distributor").id());
    }

    private static YearMonth month(Answer.Row row) {
        return YearMonth.parse(row.keys().get("month").id());
    }

    private static @Nullable Double value(Answer.Row row, String metric) {
        var cell = row.values().get(metric);
        return cell == null || cell.value() == null ? null : Double.valueOf(cell.value());
    }

    private record Live(UUID id, long distributorId, String rule, String subject, String state, @Nullable LocalDate snoozedUntil) {}

    private record Closed(long distributorId, String rule, String subject) {}

    /// Opens what is new, refreshes what lasts, closes what is over and nobody took.
    private int keep(long principal, List<Partner> partners, List<InForce> known, List<Found> found, LocalDate today) {
        var byCode = known.stream().collect(Collectors.toMap(one -> one.rule().code(), one -> one));
        var currency = partners.stream().collect(Collectors.toMap(Partner::distributorId, Partner::currency));
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        return transactions.network(db -> {
            var distributors = currency.keySet().toArray(Long[]::new);
            var live = new HashMap<Closed, Live>();
            db.sql("select id, distributor_id, rule, subject, state, snoozed_until from insight.alert where distributor_id = any (:ids) and principal_id = :principal and state <> 'CLOSED'").param("ids", distributors).param("principal", principal)
                    .query(Live.class).list().forEach(one -> live.put(new Closed(one.distributorId, one.rule, one.subject), one));
            var quiet = new HashSet<>(db.sql("select distributor_id, rule, subject from insight.alert where distributor_id = any (:ids) and principal_id = :principal and state = 'CLOSED' and outcome <> 'CLEARED' and closed_on > :since")
                    .param("ids", distributors).param("principal", principal).param("since", today.minusDays(QUIET.toDays())).query(Closed.class).list());
            int opened = 0;
            for (var one : found) {
                var key = new Closed(one.distributorId(), one.rule(), one.subject());
                var rule = Objects.requireNonNull(byCode.get(one.rule()));
                var there = live.remove(key);
                if (there != null) {
                    db.sql("update insight.alert set last_seen_on = :today, sentence = :sentence, says = :says, value_list = :list, money = :money, state = :state, snoozed_until = :until where distributor_id = :distributor and id = :id")
                            .param("today", today).param("sentence", one.said().english()).param("says", says(one)).param("list", JSON.writeValueAsString(one.values())).param("money", one.money())
                            .param("state", there.state.equals("SNOOZED") && there.snoozedUntil != null && !there.snoozedUntil.isAfter(today) ? "OPEN" : there.state)
                            .param("until", there.snoozedUntil != null && !there.snoozedUntil.isAfter(today) ? null : there.snoozedUntil).param("distributor", one.distributorId()).param("id", there.id).update();
                    continue;
                }
                if (quiet.contains(key)) continue;
                open(db, principal, rule, one, currency.get(one.distributorId()), today, now);
                opened++;
            }
            for (var over : live.values()) {
                if (!byCode.containsKey(over.rule) || !over.state.equals("OPEN")) continue;
                db.sql("update insight.alert set state = 'CLOSED', outcome = 'CLEARED', outcome_note = 'no longer holds', closed_on = :today, version = version + 1 where distributor_id = :distributor and id = :id").param("today", today)
                        .param("distributor", over.distributorId).param("id", over.id).update();
                log(db, over.distributorId, over.id, now, "system", "CLEARED", "no longer holds");
            }
            return opened;
        });
    }

    private void open(JdbcClient db, long principal, InForce of, Found one, String currency, LocalDate today, OffsetDateTime now) {
        var rule = of.rule();
        var id = ids.next();
        var last = YearMonth.from(today).minusMonths(1);
        var shape = Objects.requireNonNull(rule.shape());
        var metrics = String.valueOf(rule.other()).isEmpty() ? List.of(rule.metric()) : List.of(rule.metric(), Objects.requireNonNull(rule.other()));
        boolean state = insight.catalogue().metric(rule.metric()).map(metric -> metric.period() == Metric.Period.NOW).orElse(false);
        var window = shape == Shape.SILENT ? Question.Window.range(today.minusDays(20), today) : state ? Question.Window.of("NOW") : Question.Window.range(last.minusMonths(5).atDay(1), last.atEndOfMonth());
        var filters = new ArrayList<Question.Filter>();
        filters.add(Question.Filter.in("distributor", Long.toString(one.distributorId())));
        filters.add(Question.Filter.in("principal", Long.toString(principal)));
        if (!one.subject().isEmpty()) db.sql("select id from catalog.sku where principal_id = ? and code = ?").params(principal, one.subject()).query(Long.class).optional().ifPresent(sku -> filters.add(Question.Filter.in("sku", Long.toString(sku))));
        var evidence = new Question(metrics, List.of(shape == Shape.SILENT ? "day" : state ? "distributor" : "month"), filters, window, null, List.of(), null, null, null);
        var drill = new Question(metrics, List.of(one.subject().isEmpty() ? "sku" : "outlet"), filters, window, null, List.of(), null, null, null);
        db.sql("""
                insert into insight.alert (distributor_id, id, principal_id, rule, rule_version, rule_name, kind, severity, subject, title, sentence, says, value_list, money, currency, evidence, drill, steps, playbook, opened_on,
                       last_seen_on, state, due_on)
                values (:distributor, :id, :principal, :rule, :version, :name, :kind, :severity, :subject, :name, :sentence, :says, :list, :money, :currency, :evidence, :drill, :steps, :playbook, :today, :today, 'OPEN', :due)
                on conflict do nothing""")
                .param("distributor", one.distributorId()).param("id", id).param("principal", principal).param("rule", rule.code()).param("version", of.version()).param("name", rule.name()).param("kind", shape.kind())
                .param("severity", rule.severity()).param("subject", one.subject()).param("sentence", one.said().english()).param("says", says(one)).param("list", JSON.writeValueAsString(one.values())).param("money", one.money()).param("currency", currency)
                .param("evidence", JSON.writeValueAsString(evidence)).param("drill", JSON.writeValueAsString(drill)).param("steps", JSON.writeValueAsString(rule.steps()))
                .param("playbook", String.valueOf(rule.playbook()).isEmpty() ? null : rule.playbook()).param("today", today).param("due", today.plusDays(Objects.requireNonNull(rule.dueDays()))).update();
        log(db, one.distributorId(), id, now, "system", "OPENED", one.said().english());
    }

    private static String says(Found one) {
        return JSON.writeValueAsString(new Says(one.said().key(), one.said().parameters()));
    }

    private static void log(JdbcClient db, long distributor, UUID id, OffsetDateTime now, String actor, String action, String text) {
        db.sql("""
                insert into insight.alert_event (distributor_id, alert_id, seq, at, actor, action, text)
                values (:distributor, :id, (select coalesce(max(e.seq), 0) + 1 from insight.alert_event e where e.distributor_id = :distributor and e.alert_id = :id), :now, :actor, :action, :text)""")
                .param("distributor", distributor).param("id", id).param("now", now).param("actor", actor).param("action", action).param("text", text).update();
    }

    // ---- the inbox

    private static Map<String, ?> distributors(Caller caller) {
        return Map.of("distributors", caller.scope().distributors().toArray(Long[]::new));
    }

    public Page<Alert> list(Caller caller, ListQuery query) {
        caller.require(Permission.ALERT_READ);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, distributors(caller), Alerts::alert));
    }

    public Summary summary(Caller caller) {
        caller.require(Permission.ALERT_READ);
        return transactions.read(caller.scope(), db -> db.sql("""
                select count(*)::integer as open, (count(*) filter (where severity = 'HIGH'))::integer as high, (count(*) filter (where severity = 'MEDIUM'))::integer as medium,
                       (count(*) filter (where severity = 'LOW'))::integer as low, coalesce(sum(money), 0) as money, (count(*) filter (where owner = :me))::integer as mine
                  from insight.alert where distributor_id = any (:distributors) and state in ('OPEN', 'ACCEPTED')""").params(distributors(caller)).param("me", caller.username())
                .query((row, _) -> new Summary(row.getInt("open"), row.getInt("high"), row.getInt("medium"), row.getInt("low"), row.getBigDecimal("money").toPlainString(), row.getInt("mine"))).single());
    }

    /// With its log.
    public Alert get(Caller caller, UUID id) {
        caller.require(Permission.ALERT_READ);
        return transactions.read(caller.scope(), db -> db.sql(SELECT + " and a.id = :id").params(distributors(caller)).param("id", id).query(Alerts::alert).optional().map(alert -> {
            var log = db.sql("select at, actor, action, text from insight.alert_event where distributor_id = ? and alert_id = ? order by seq").params(alert.distributorId, id)
                    .query((row, _) -> new Entry(row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("actor"), row.getString("action"), row.getString("text"))).list();
            return new Alert(alert.id, alert.rule, alert.ruleVersion, alert.ruleName, alert.kind, alert.severity, alert.distributorId, alert.distributor, alert.principalId, alert.subject, alert.title, alert.sentence, alert.says, alert.values, alert.money,
                    alert.currency, alert.openedOn, alert.lastSeenOn, alert.state, alert.owner, alert.dueOn, alert.snoozedUntil, alert.snoozeReason, alert.outcome, alert.outcomeNote, alert.steps, alert.playbook, alert.evidence,
                    alert.drill, log, alert.version);
        })).orElseThrow(() -> caller.notFound("alert"));
    }

    private static Alert alert(ResultSet row, int number) throws SQLException {
        var money = row.getBigDecimal("money");
        var subject = row.getString("subject");
        var drill = row.getString("drill");
        var says = row.getString("says");
        return new Alert(row.getObject("id", UUID.class), row.getString("rule"), row.getInt("rule_version"), row.getString("rule_name"), row.getString("kind"), row.getString("severity"), row.getLong("distributor_id"), row.getString("distributor"),
                row.getLong("principal_id"), subject.isEmpty() ? null : subject, row.getString("title"), row.getString("sentence"), says == null ? null : JSON.readValue(says, Says.class), JSON.readValue(row.getString("value_list"), new TypeReference<List<Value>>() {}),
                money == null ? null : money.toPlainString(), row.getString("currency"), row.getObject("opened_on", LocalDate.class), row.getObject("last_seen_on", LocalDate.class), row.getString("state"), row.getString("owner"),
                row.getObject("due_on", LocalDate.class), row.getObject("snoozed_until", LocalDate.class), row.getString("snooze_reason"), row.getString("outcome"), row.getString("outcome_note"),
                JSON.readValue(row.getString("steps"), new TypeReference<List<String>>() {}), row.getString("playbook"), JSON.readValue(row.getString("evidence"), Question.class),
                drill == null ? null : JSON.readValue(drill, Question.class), List.of(), row.getInt("version"));
    }

    private interface Change {
        void on(JdbcClient db, Alert alert);
    }

    private Alert change(Caller caller, UUID id, List<String> from, String action, String text, Change change) {
        caller.require(Permission.ALERT_WRITE);
        var seenAlert = get(caller, id);
        transactions.write(seenAlert.distributorId, db -> {
            var state = db.sql("select state from insight.alert where distributor_id = ? and id = ? for update").params(seenAlert.distributorId, id).query(String.class).single();
            if (!from.contains(state)) throw Problem.of(ProblemCode.ILLEGAL_STATE, "The alert is " + state + ".").with("state", state).with("accepted", from).exception();
            change.on(db, seenAlert);
            log(db, seenAlert.distributorId, id, clock.instant().atOffset(ZoneOffset.UTC), caller.name(), action, text);
            return 1;
        });
        return get(caller, id);
    }

    /// Takes an alert, oneself or for somebody.
    public Alert accept(Caller caller, UUID id, Take take) {
        var owner = take.owner == null || take.owner.isBlank() ? caller.username() : take.owner.strip();
        return change(caller, id, List.of("OPEN", "SNOOZED", "ACCEPTED"), "ACCEPTED", "taken by " + owner, (db, alert) -> take(db, alert, owner, take.dueOn));
    }

    /// @throws io.offtake.platform.ProblemException INVALID without an owner
    public Alert assign(Caller caller, UUID id, Take take) {
        if (take.owner == null || take.owner.isBlank()) throw Problem.of(ProblemCode.INVALID, "Say to whom.").at("/owner", ProblemCode.INVALID, "is missing", "a user name").exception();
        return change(caller, id, List.of("OPEN", "SNOOZED", "ACCEPTED"), "ASSIGNED", "to " + take.owner.strip(), (db, alert) -> take(db, alert, take.owner.strip(), take.dueOn));
    }

    private static void take(JdbcClient db, Alert alert, String owner, @Nullable LocalDate due) {
        db.sql("update insight.alert set state = 'ACCEPTED', owner = :owner, due_on = coalesce(:due::date, due_on), snoozed_until = null, version = version + 1 where distributor_id = :distributor and id = :id").param("owner", owner)
                .param("due", due).param("distributor", alert.distributorId).param("id", alert.id).update();
    }

    /// Puts it aside until a day, with the reason.
    public Alert snooze(Caller caller, UUID id, Snooze snooze) {
        var today = LocalDate.now(clock);
        if (snooze.until == null || !snooze.until.isAfter(today) || snooze.until.isAfter(today.plusDays(90))) throw Problem.of(ProblemCode.INVALID, "Say until when.").at("/until", ProblemCode.INVALID, "is missing or out of range", "a day within 90 days").exception();
        if (snooze.reason == null || snooze.reason.isBlank()) throw Problem.of(ProblemCode.INVALID, "Say why.").at("/reason", ProblemCode.INVALID, "is missing", "a reason").exception();
        return change(caller, id, List.of("OPEN", "ACCEPTED", "SNOOZED"), "SNOOZED", "until " + snooze.until + ": " + snooze.reason.strip(), (db, alert) -> db.sql("update insight.alert set state = 'SNOOZED', snoozed_until = :until, snooze_reason = :reason, version = version + 1 where distributor_id = :distributor and id = :id")
                .param("until", snooze.until).param("reason", snooze.reason.strip()).param("distributor", alert.distributorId).param("id", alert.id).update());
    }

    /// Closes it with what came of it.
    public Alert outcome(Caller caller, UUID id, Outcome outcome) {
        if (outcome.outcome == null || !OUTCOMES.contains(outcome.outcome)) throw Problem.of(ProblemCode.INVALID, "Say what came of it.").at("/outcome", ProblemCode.INVALID, "is missing or not known", OUTCOMES).exception();
        if (outcome.note == null || outcome.note.isBlank()) throw Problem.of(ProblemCode.INVALID, "Say what was found.").at("/note", ProblemCode.INVALID, "is missing", "a sentence").exception();
        return change(caller, id, List.of("OPEN", "ACCEPTED", "SNOOZED"), "CLOSED", outcome.outcome + ": " + outcome.note.strip(), (db, alert) -> db.sql("update insight.alert set state = 'CLOSED', outcome = :outcome, outcome_note = :note, closed_on = :today, version = version + 1 where distributor_id = :distributor and id = :id")
                .param("outcome", outcome.outcome).param("note", outcome.note.strip()).param("today", LocalDate.now(clock)).param("distributor", alert.distributorId).param("id", alert.id).update());
    }
}
