package io.offtake.exchange.federation;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.exchange.federation.FeedViews.Check;
import io.offtake.exchange.federation.FeedViews.DayStatus;
import io.offtake.exchange.federation.FeedViews.Health;
import io.offtake.exchange.federation.FeedViews.HealthDetail;
import io.offtake.exchange.federation.FeedViews.MonthScore;
import io.offtake.exchange.federation.FeedViews.PartScore;
import io.offtake.exchange.federation.FeedViews.TypeStatus;
import io.offtake.insight.FeedQuality;
import io.offtake.insight.Says;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// How complete, timely and right each distributor's data are (domain 11.3, 11.6, VAL-11): what was expected, what came,
/// and the score of it. Distributors that work in the product are judged by how long they have been silent.
@Component
public class DataHealth implements FeedQuality {
    private static final int DAYS = 30;
    private static final Duration LIVE_AMBER = Duration.ofHours(36);
    private static final Duration LIVE_RED = Duration.ofHours(84);

    private final FeedStore store;
    private final TenantTransaction transactions;
    private final Clock clock;

    DataHealth(FeedStore store, TenantTransaction transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// A batch as lateness sees it.
    record Arrival(long distributorId, String sourceSystem, String recordType, LocalDate periodFrom, LocalDate periodTo, String state, int recordCount, Instant receivedAt) {}

    record Tested(long distributorId, String part, String clause, long passed, long tested, @Nullable String sample) {}

    record Open(long distributorId, int quarantined, BigDecimal value) {}

    record Counted(long distributorId, int rejected, int blocked) {}

    record LastPosted(long distributorId, Instant recordedAt, LocalDate businessDate) {}

    /// Everybody in the caller's scope.
    ///
    /// @param asOf when it was read
    public record All(Instant asOf, List<Health> items) {
        public All {
            items = List.copyOf(items);
        }
    }

    public All all(Caller caller) {
        caller.require(Permission.FEED_READ);
        var now = clock.instant();
        return new All(now, health(caller.scope().distributors(), now).stream().map(Read::health).toList());
    }

    /// @throws io.offtake.platform.ProblemException NOT_FOUND outside of the caller's scope
    public HealthDetail one(Caller caller, long distributor) {
        caller.require(Permission.FEED_READ, distributor);
        var now = clock.instant();
        var read = health(Set.of(distributor), now).stream().findFirst().orElseThrow(() -> caller.notFound("distributor"));
        var today = LocalDate.ofInstant(now, read.place.zone());
        var days = new ArrayList<DayStatus>();
        for (var day = today.minusDays(1); !day.isBefore(today.minusDays(DAYS)); day = day.minusDays(1)) {
            var types = new ArrayList<TypeStatus>();
            for (var source : read.sources) for (var type : source.types()) types.add(read.status(source, type, day, now));
            if (!types.isEmpty()) days.add(new DayStatus(day, types));
        }
        var checks = read.tests.stream().map(test -> new Check(test.part, test.clause, test.passed, test.tested, caller.scope().principals() == null ? test.sample : null)).toList();
        var batches = transactions.read(RowScope.of(distributor), db -> db.sql("""
                select id, distributor_id, source_system, record_type, contract_version, period_from, period_to, mode, channel, file_name, state, record_count, accepted, unchanged, quarantined, rejected,
                       warnings, received_at, late, signed_off_by, answer
                  from exchange.feed_batch where distributor_id = ? order by received_at desc limit 20""").param(distributor).query(FeedStore::batch).list());
        var history = new ArrayList<MonthScore>();
        for (int back = 5; back >= 0; back--) {
            var month = YearMonth.from(today).minusMonths(back);
            var score = score(distributor, month, now).score();
            history.add(new MonthScore(month.toString(), score == null ? null : score.toPlainString()));
        }
        return new HealthDetail(read.health, days, checks, batches, history);
    }

    /// The score of a month, up to now where it is running.
    public Quality score(long distributor, YearMonth month, Instant now) {
        return read(Set.of(distributor), month.atDay(1), month.atEndOfMonth(), now).stream().findFirst().map(Read::quality).orElse(Quality.of(Map.of(), false));
    }

    @Override
    public Map<Long, Days> of(Set<Long> distributors, LocalDate from, LocalDate to, Instant now) {
        var days = new HashMap<Long, Days>();
        for (var read : read(distributors, from, to, now)) {
            if (read.sources.isEmpty()) continue;
            long expected = 0;
            long inTime = 0;
            LocalDate late = null;
            for (var source : read.sources) {
                for (var day = from.isBefore(source.activeFrom()) ? source.activeFrom() : from; !day.isAfter(to); day = day.plusDays(1)) {
                    if (!Timing.expected(RecordType.SALES_LINE, day) || !source.types().contains(RecordType.SALES_LINE)) continue;
                    var first = read.first(source, RecordType.SALES_LINE, day);
                    var status = Timing.status(RecordType.SALES_LINE, day, source.cutOff(), read.place.zone(), first == null ? null : first.receivedAt, now);
                    if (status == Timing.Status.DUE) continue;
                    expected++;
                    if (status == Timing.Status.GREEN) inTime++;
                    if (first == null && status == Timing.Status.RED && late == null) late = day;
                }
            }
            var last = read.arrivals.stream().filter(one -> !one.state.equals("BLOCKED") && one.recordType.equals("FC-1")).map(Arrival::periodTo).max(Comparator.naturalOrder()).orElse(null);
            days.put(read.place.id(), new Days(expected, inTime, last, late));
        }
        return days;
    }

    /// What is known of one distributor's feeds.
    private static final class Read {
        final FeedStore.Place place;
        final List<FeedStore.Source> sources;
        final List<Arrival> arrivals;
        final List<Tested> tests;
        Quality quality = Quality.of(Map.of(), false);
        Map<Quality.Part, long[]> counts = Map.of();
        @Nullable Health health;

        Read(FeedStore.Place place, List<FeedStore.Source> sources, List<Arrival> arrivals, List<Tested> tests) {
            this.place = place;
            this.sources = sources;
            this.arrivals = arrivals;
            this.tests = tests;
        }

        Health health() {
            return java.util.Objects.requireNonNull(health);
        }

        Quality quality() {
            return quality;
        }

        /// The first batch that covers the day and was not blocked.
        @Nullable Arrival first(FeedStore.Source source, RecordType type, LocalDate day) {
            return arrivals.stream().filter(one -> one.sourceSystem.equals(source.sourceSystem()) && one.recordType.equals(type.code()) && !one.state.equals("BLOCKED"))
                    .filter(one -> !one.periodFrom.isAfter(day) && !one.periodTo.isBefore(day)).min(Comparator.comparing(Arrival::receivedAt)).orElse(null);
        }

        TypeStatus status(FeedStore.Source source, RecordType type, LocalDate day, Instant now) {
            if (day.isBefore(source.activeFrom()) || !Timing.expected(type, day)) return new TypeStatus(type.code(), "NONE", null, 0);
            var first = first(source, type, day);
            var status = Timing.status(type, day, source.cutOff(), place.zone(), first == null ? null : first.receivedAt, now);
            return new TypeStatus(type.code(), status.name(), first == null ? null : first.receivedAt, first == null ? 0 : first.recordCount);
        }
    }

    private List<Read> health(Set<Long> distributors, Instant now) {
        var to = LocalDate.ofInstant(now, clock.getZone()).plusDays(1);
        var reads = read(distributors, to.minusDays(DAYS + 2), to, now);
        var ids = distributors.toArray(Long[]::new);
        var scope = RowScope.of(distributors);
        var open = new HashMap<Long, Open>();
        var counted = new HashMap<Long, Counted>();
        var last = new HashMap<Long, LastPosted>();
        var importErrors = new HashMap<Long, Integer>();
        var since = now.minus(Duration.ofDays(DAYS)).atOffset(ZoneOffset.UTC);
        transactions.read(scope, db -> {
            db.sql("select distributor_id, count(*)::integer as quarantined, coalesce(sum(value), 0) as value from exchange.feed_record where distributor_id = any (:ids) and state in ('QUARANTINED', 'HELD') group by distributor_id")
                    .param("ids", ids).query(Open.class).list().forEach(one -> open.put(one.distributorId, one));
            db.sql("""
                    select b.distributor_id, coalesce(sum(b.rejected) filter (where b.state <> 'BLOCKED'), 0)::integer as rejected,
                           count(*) filter (where b.state = 'BLOCKED' and not exists (select 1 from exchange.feed_batch g where g.distributor_id = b.distributor_id and g.source_system = b.source_system
                                     and g.record_type = b.record_type and g.state <> 'BLOCKED' and g.received_at > b.received_at and g.period_from <= b.period_to and g.period_to >= b.period_from))::integer as blocked
                      from exchange.feed_batch b where b.distributor_id = any (:ids) and b.received_at > :since group by b.distributor_id""").param("ids", ids).param("since", since)
                    .query(Counted.class).list().forEach(one -> counted.put(one.distributorId, one));
            db.sql("""
                    select d.id as distributor_id, o.recorded_at, o.business_date
                      from unnest(:ids::bigint[]) as d (id)
                     cross join lateral (select recorded_at, business_date from platform.outbox where distributor_id = d.id order by seq desc limit 1) o""").param("ids", ids)
                    .query((row, _) -> new LastPosted(row.getLong("distributor_id"), row.getObject("recorded_at", OffsetDateTime.class).toInstant(), row.getObject("business_date", LocalDate.class))).list()
                    .forEach(one -> last.put(one.distributorId, one));
            db.sql("select distributor_id, sum(bad_rows)::integer as bad from exchange.import_run where distributor_id = any (:ids) and state = 'DONE' and created_at > :since group by distributor_id")
                    .param("ids", ids).param("since", since).query(row -> {
                        importErrors.put(row.getLong("distributor_id"), row.getInt("bad"));
                    });
            return null;
        });
        for (var read : reads) {
            var id = read.place.id();
            var waits = open.getOrDefault(id, new Open(id, 0, BigDecimal.ZERO));
            var count = counted.getOrDefault(id, new Counted(id, 0, 0));
            read.health = read.sources.isEmpty() ? live(read, last.get(id), importErrors.getOrDefault(id, 0), now) : fed(read, waits, count, importErrors.getOrDefault(id, 0), now);
        }
        return reads;
    }

    private static Health live(Read read, @Nullable LastPosted last, int importErrors, Instant now) {
        String status = "UNKNOWN";
        String reason = "posted nothing yet";
        var says = Says.of("nothing");
        if (last != null) {
            var silent = Duration.between(last.recordedAt, now);
            status = silent.compareTo(LIVE_RED) > 0 ? "RED" : silent.compareTo(LIVE_AMBER) > 0 ? "AMBER" : "GREEN";
            reason = status.equals("GREEN") ? "works in the product" : "silent for " + silent.toHours() + " hours";
            says = status.equals("GREEN") ? Says.of("live") : Says.of("silent", "hours", Long.toString(silent.toHours()));
        }
        return new Health(read.place.id(), read.place.code(), read.place.name(), "LIVE", null, status, reason, says, last == null ? null : last.recordedAt, last == null ? null : last.businessDate,
                last == null ? 0 : (int) Duration.between(last.recordedAt, now).toDays(), null, null, List.of(), false, 0, "0", 0, 0, importErrors);
    }

    private static Health fed(Read read, Open waits, Counted count, int importErrors, Instant now) {
        var today = LocalDate.ofInstant(now, read.place.zone());
        var worst = Timing.Status.GREEN;
        var reason = "all there by the cut-off";
        var says = Says.of("inTime");
        int lateDays = 0;
        for (var source : read.sources) {
            for (var type : source.types()) {
                int missing = 0;
                for (var day = today.minusDays(1); !day.isBefore(today.minusDays(DAYS)) && !day.isBefore(source.activeFrom()); day = day.minusDays(1)) {
                    if (!Timing.expected(type, day)) continue;
                    if (read.first(source, type, day) != null) break;
                    var status = Timing.status(type, day, source.cutOff(), read.place.zone(), null, now);
                    if (status == Timing.Status.DUE) continue;
                    missing++;
                    if (status.ordinal() > worst.ordinal()) {
                        worst = status;
                        reason = type.code() + " of " + day + " has not come";
                        says = Says.of("missing", "type", type.code(), "day", day.toString());
                    }
                }
                lateDays = Math.max(lateDays, missing);
            }
        }
        if (count.blocked > 0 && worst == Timing.Status.GREEN) {
            worst = Timing.Status.AMBER;
            reason = "a batch is blocked";
            says = Says.of("blocked");
        }
        var good = read.arrivals.stream().filter(one -> !one.state.equals("BLOCKED")).toList();
        var lastAt = good.stream().map(Arrival::receivedAt).max(Comparator.naturalOrder()).orElse(null);
        var lastDay = good.stream().filter(one -> one.recordType.equals("FC-1")).map(Arrival::periodTo).max(Comparator.naturalOrder()).orElse(null);
        if (lastAt == null && worst == Timing.Status.GREEN) {
            reason = "nothing was sent yet";
            says = Says.of("nothing");
        }
        var parts = new ArrayList<PartScore>();
        for (var part : Quality.Part.values()) {
            var score = read.quality.parts().get(part);
            var counts = read.counts.getOrDefault(part, new long[2]);
            parts.add(new PartScore(part.name(), part.weight(), score == null ? null : score.setScale(1, RoundingMode.HALF_UP).toPlainString(), counts[0], counts[1]));
        }
        var band = read.quality.band();
        return new Health(read.place.id(), read.place.code(), read.place.name(), "FEED", read.sources.getFirst().sourceSystem(), lastAt == null && worst == Timing.Status.GREEN ? "UNKNOWN" : worst.name(), reason, says, lastAt,
                lastDay, lateDays, read.quality.score() == null ? null : read.quality.score().toPlainString(), band == null ? null : band.name(), parts, read.quality.capped(), waits.quarantined,
                waits.value.setScale(2, RoundingMode.HALF_UP).toPlainString(), count.rejected, count.blocked, importErrors);
    }

    /// Reads what came for days of a span, and scores it.
    private List<Read> read(Set<Long> distributors, LocalDate from, LocalDate to, Instant now) {
        if (distributors.isEmpty()) return List.of();
        var ids = distributors.toArray(Long[]::new);
        var places = store.places(distributors);
        record All(List<FeedStore.Source> sources, List<Arrival> arrivals, List<Tested> tests) {}
        var all = transactions.read(RowScope.of(distributors), db -> new All(FeedStore.sources(db, distributors),
                db.sql("""
                        select distributor_id, source_system, record_type, period_from, period_to, state, record_count, received_at from exchange.feed_batch
                         where distributor_id = any (:ids) and period_to >= :from and period_from <= :to""").param("ids", ids).param("from", from).param("to", to)
                        .query((row, _) -> new Arrival(row.getLong("distributor_id"), row.getString("source_system"), row.getString("record_type"), row.getObject("period_from", LocalDate.class),
                                row.getObject("period_to", LocalDate.class), row.getString("state"), row.getInt("record_count"), row.getObject("received_at", OffsetDateTime.class).toInstant())).list(),
                db.sql("""
                        select distributor_id, part, clause, sum(passed)::bigint as passed, sum(tested)::bigint as tested, max(sample) as sample from exchange.feed_test
                         where distributor_id = any (:ids) and day between :from and :to group by distributor_id, part, clause order by distributor_id, part, clause""").param("ids", ids).param("from", from).param("to", to)
                        .query(Tested.class).list()));
        var reads = new ArrayList<Read>();
        for (var place : places) {
            var read = new Read(place, all.sources.stream().filter(one -> one.distributorId() == place.id()).toList(), all.arrivals.stream().filter(one -> one.distributorId == place.id()).toList(),
                    all.tests.stream().filter(one -> one.distributorId == place.id()).toList());
            if (!read.sources.isEmpty()) score(read, from, to, now);
            reads.add(read);
        }
        return reads;
    }

    /// Completeness is the share of expected days received times the share of complete records, so that neither hides the other.
    private static void score(Read read, LocalDate from, LocalDate to, Instant now) {
        long expected = 0;
        long received = 0;
        long inTime = 0;
        for (var source : read.sources) {
            for (var type : source.types()) {
                for (var day = from.isBefore(source.activeFrom()) ? source.activeFrom() : from; !day.isAfter(to); day = day.plusDays(1)) {
                    if (!Timing.expected(type, day)) continue;
                    var first = read.first(source, type, day);
                    if (first == null && !now.isAfter(Timing.due(type, day, source.cutOff(), read.place.zone()))) continue;
                    expected++;
                    if (first == null) continue;
                    received++;
                    if (Timing.status(type, day, source.cutOff(), read.place.zone(), first.receivedAt, now) == Timing.Status.GREEN) inTime++;
                }
            }
        }
        var counts = new EnumMap<Quality.Part, long[]>(Quality.Part.class);
        for (var part : Quality.Part.values()) counts.put(part, new long[2]);
        for (var test : read.tests) {
            var count = counts.get(Quality.Part.valueOf(test.part));
            count[0] += test.passed;
            count[1] += test.tested;
        }
        var parts = new EnumMap<Quality.Part, @Nullable BigDecimal>(Quality.Part.class);
        counts.forEach((part, count) -> parts.put(part, Quality.share(count[0], count[1])));
        var days = Quality.share(received, expected);
        var full = parts.get(Quality.Part.COMPLETENESS);
        parts.put(Quality.Part.COMPLETENESS, days == null ? full : full == null ? days : days.multiply(full).divide(BigDecimal.valueOf(100), 4, RoundingMode.HALF_UP));
        parts.put(Quality.Part.TIMELINESS, Quality.share(inTime, expected));
        counts.put(Quality.Part.TIMELINESS, new long[] {inTime, expected});
        counts.put(Quality.Part.COMPLETENESS, new long[] {received, expected});
        boolean mismatch = read.arrivals.stream().anyMatch(one -> one.state.equals("BLOCKED") && one.receivedAt.isBefore(now.minus(Duration.ofDays(2))) && read.arrivals.stream().noneMatch(later -> !later.state.equals("BLOCKED")
                && later.recordType.equals(one.recordType) && later.receivedAt.isAfter(one.receivedAt) && !later.periodFrom.isAfter(one.periodTo) && !later.periodTo.isBefore(one.periodFrom)));
        read.quality = Quality.of(parts, mismatch);
        read.counts = counts;
    }
}
