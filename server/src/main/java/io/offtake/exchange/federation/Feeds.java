package io.offtake.exchange.federation;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.exchange.federation.FeedStore.Kept;
import io.offtake.exchange.federation.FeedStore.Latest;
import io.offtake.exchange.federation.FeedStore.Row;
import io.offtake.exchange.federation.FeedViews.Answer;
import io.offtake.exchange.federation.FeedViews.RecordAnswer;
import io.offtake.exchange.federation.RecordCheck.Checked;
import io.offtake.exchange.federation.RecordCheck.Outcome;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// Takes in batches of other systems by the data contract (domain 11, FED-02, INT-07): checks them, answers record by
/// record with the exact clause, keeps every revision, and turns what holds into facts. A repeat of a batch is answered with
/// the first answer.
@Component
public class Feeds {
    private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);
    private static final BigDecimal RESTATED_MAX = new BigDecimal("0.01");
    private static final BigDecimal ROLL = new BigDecimal("0.005");
    private static final String BATCHES = """
            select id, distributor_id, source_system, record_type, contract_version, period_from, period_to, mode, channel, file_name, state, record_count, accepted, unchanged, quarantined, rejected,
                   warnings, received_at, late, signed_off_by, answer
              from exchange.feed_batch where distributor_id = any (:distributors)""";
    private static final ListSql LIST = ListSql.of(BATCHES).key("id", ListSql.Type.UUID).sortable("receivedAt", ListSql.Type.INSTANT).equal("distributorId", ListSql.Type.LONG)
            .equal("state", ListSql.Type.TEXT).equal("recordType", ListSql.Type.TEXT).equal("sourceSystem", ListSql.Type.TEXT).order("-receivedAt");

    public enum Channel { API, FILE }

    /// @param replay whether it had been answered before
    public record Received(Answer answer, boolean replay) {}

    private final FeedStore store;
    private final FeedFacts facts;
    private final TenantTransaction transactions;
    private final Clock clock;

    Feeds(FeedStore store, FeedFacts facts, TenantTransaction transactions, Clock clock) {
        this.store = store;
        this.facts = facts;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// A file beside its manifest.
    public Received receive(Caller caller, JsonNode manifest, String fileName, byte[] content) {
        caller.require(Permission.FEED_SEND);
        return receive(caller, manifest, FeedFile.read(manifest, content), Channel.FILE, fileName);
    }

    /// A batch.
    ///
    /// @param head the envelope's members; others are ignored
    /// @throws io.offtake.platform.ProblemException FEED_INVALID naming the clauses of the envelope; ID_REUSED; NOT_FOUND for a distributor that is not the caller's
    public Received receive(Caller caller, JsonNode head, List<? extends JsonNode> records, Channel channel, @Nullable String fileName) {
        caller.require(Permission.FEED_SEND);
        var read = Envelope.read(head);
        if (read.envelope() == null) {
            var problem = Problem.of(ProblemCode.FEED_INVALID, read.faults().getFirst().detail() + ".").rule(read.faults().getFirst().clause());
            for (var fault : read.faults()) problem = problem.at(new Problem.Fault("/" + fault.field().replace('.', '/'), fault.clause(), fault.detail(), fault.accepted()));
            throw problem.exception();
        }
        var envelope = read.envelope();
        if (records.size() > FeedFile.RECORDS_MAX) throw FeedFile.refused("FC-FILE.size", "The batch holds " + records.size() + " records.", "at most " + FeedFile.RECORDS_MAX);
        var place = store.place(envelope.distributor()).orElseThrow(() -> caller.notFound("distributor"));
        caller.requireDistributor(place.id());
        var hash = Fingerprint.of(List.of(envelope, records));
        var now = clock.instant();
        var touched = new Touched();
        var received = transactions.idempotent().write(place.id(), db -> {
            var source = FeedStore.lockSource(db, place.id(), envelope.sourceSystem()).orElseThrow(() -> FeedFile.refused("FC-ENV.source_system", "Nobody has said that " + place.code() + " keeps " + envelope.sourceSystem() + ".",
                    "a system registered for the distributor (/api/v1/feeds/sources)"));
            var before = repeated(db, place.id(), envelope.batchId(), hash);
            if (before != null) return new Received(before, true);
            touched.clear();
            return new Received(take(db, place, source, envelope, records, hash, channel, fileName, now, caller, touched), false);
        });
        if (!received.replay()) catchUp(place.id(), envelope.sourceSystem(), envelope.type(), List.of(envelope.batchId()), touched);
        return received;
    }

    /// What facts have to follow.
    private static final class Touched {
        final Set<String> docs = new LinkedHashSet<>();
        final Set<LocalDate> days = new TreeSet<>();

        void clear() {
            docs.clear();
            days.clear();
        }
    }

    private static @Nullable Answer repeated(JdbcClient db, long distributor, UUID id, byte[] hash) {
        var row = db.sql("select content_hash, " + BATCHES.substring(BATCHES.indexOf("select ") + 7).replace("distributor_id = any (:distributors)", "distributor_id = :distributor and id = :id"))
                .param("distributor", distributor).param("id", id)
                .query((result, number) -> Map.entry(result.getBytes("content_hash"), new Answer(FeedStore.batch(result, number), FeedStore.kept(result.getString("answer")).records()))).optional();
        if (row.isEmpty()) return null;
        if (!Arrays.equals(row.get().getKey(), hash)) throw Problem.of(ProblemCode.ID_REUSED, "Batch " + id + " was sent before with another content.").rule("11.1.batch_id").exception();
        return row.get().getValue();
    }

    private Answer take(JdbcClient db, FeedStore.Place place, FeedStore.Source source, Envelope envelope, List<? extends JsonNode> records, byte[] hash, Channel channel,
                        @Nullable String fileName, Instant now, Caller caller, Touched touched) {
        var type = envelope.type();
        var today = LocalDate.ofInstant(now, place.zone());
        var codes = codes(db, place.id(), envelope, records);
        var result = RecordCheck.check(envelope, records, codes, today);
        var told = new ArrayList<>(result.told());
        var tests = new ArrayList<>(result.tests());
        if (!source.types().contains(type)) told.add(FeedFault.warning("FC-ENV.record_type", "record_type", FaultText.NOT_AGREED.of("type", type.code(), "source", source.name()), FaultText.plain(String.join(", ", source.types().stream().map(RecordType::code).toList()))));
        boolean history = envelope.to().isBefore(source.activeFrom());
        var late = history ? Timing.Status.GREEN : Timing.status(type, envelope.to(), source.cutOff(), place.zone(), now, now);
        var answers = new ArrayList<RecordAnswer>();
        String state;
        var counts = new int[Outcome.values().length];
        if (!result.blocking().isEmpty()) {
            state = "BLOCKED";
            told.addAll(0, result.blocking());
            for (var record : result.records()) answers.add(new RecordAnswer(record.line(), record.key(), record.revision(), "REJECTED", record.faults()));
            counts[Outcome.REJECTED.ordinal()] = result.records().size();
        } else {
            var latest = FeedStore.latest(db, place.id(), envelope.sourceSystem(), type, result.records().stream().map(Checked::key).toList());
            var decided = new LinkedHashMap<Checked, Outcome>();
            for (var record : result.records()) decided.put(record, decide(record, latest.get(record.key()), envelope, place, history, now, tests));
            boolean held = type == RecordType.SALES_LINE && !history && restatesTooMuch(db, place, envelope, decided, latest, today, told);
            var rows = new ArrayList<Row>();
            var accepted = new HashMap<String, Integer>();
            var waiting = new HashMap<String, Integer>();
            for (var entry : decided.entrySet()) {
                var record = entry.getKey();
                var outcome = entry.getValue();
                if (held && (outcome == Outcome.ACCEPTED || outcome == Outcome.QUARANTINED)) outcome = Outcome.HELD;
                counts[outcome.ordinal()]++;
                answers.add(new RecordAnswer(record.line(), record.key(), record.revision(), outcome.name(), faults(record)));
                if (outcome == Outcome.UNCHANGED || outcome == Outcome.REJECTED) continue;
                rows.add(row(record, outcome, envelope, type));
                if (outcome == Outcome.ACCEPTED) accepted.put(record.key(), record.revision());
                if (outcome == Outcome.QUARANTINED) waiting.put(record.key(), record.revision());
                if (outcome == Outcome.ACCEPTED) touch(touched, type, record.doc(), envelope.to(), record.day());
            }
            FeedStore.supersede(db, place.id(), envelope.sourceSystem(), type, accepted, true);
            FeedStore.supersede(db, place.id(), envelope.sourceSystem(), type, waiting, false);
            if (envelope.full() && !held) {
                var keys = result.records().stream().map(Checked::key).toList();
                var dropped = FeedStore.dropMissing(db, place.id(), envelope.sourceSystem(), type, type == RecordType.RECEIVABLE ? envelope.to() : envelope.from(), envelope.to(), keys);
                if (!dropped.isEmpty()) {
                    told.add(FeedFault.warning("11.1.full", "mode", FaultText.GONE.of("count", dropped.size()), null));
                    dropped.forEach(doc -> touch(touched, type, doc, envelope.to(), envelope.to()));
                }
            }
            store.insert(place.id(), envelope.sourceSystem(), type, envelope.batchId(), rows, now);
            if (type == RecordType.STOCK && !held) roll(db, place.id(), envelope, tests, told);
            if (type == RecordType.SALES_LINE && now.isAfter(Timing.softlyFrozen(envelope.to(), place.zone())) && !history) told.add(FeedFault.warning("11.3.freeze", "period", FaultText.SOFTLY_FROZEN.of("day", envelope.to()), null));
            state = held ? "HELD" : counts[Outcome.QUARANTINED.ordinal()] + counts[Outcome.REJECTED.ordinal()] > 0 ? "PARTIAL" : "ACCEPTED";
        }
        store.tests(place.id(), envelope.batchId(), envelope.to(), merged(tests));
        int warnings = (int) (told.stream().filter(fault -> fault.severity() == FeedFault.Severity.WARNING).count()
                + answers.stream().flatMap(answer -> answer.faults().stream()).filter(fault -> fault.severity() == FeedFault.Severity.WARNING).count());
        db.sql("""
                insert into exchange.feed_batch (distributor_id, id, source_system, record_type, contract_version, period_from, period_to, mode, channel, file_name, content_hash, state, record_count, accepted,
                       unchanged, quarantined, rejected, warnings, late, restatement, facts_due, answer, generated_at, received_at, received_by)
                values (:distributor, :id, :system, :type, :version, :from, :to, :mode, :channel, :file, :hash, :state, :count, :accepted, :unchanged, :quarantined, :rejected, :warnings, :late, :restatement,
                        :due, :answer, :generated, :now, :by)""")
                .param("distributor", place.id()).param("id", envelope.batchId()).param("system", envelope.sourceSystem()).param("type", type.code()).param("version", envelope.contractVersion())
                .param("from", envelope.from()).param("to", envelope.to()).param("mode", envelope.full() ? "FULL" : "DELTA").param("channel", channel.name()).param("file", shortened(fileName))
                .param("hash", hash).param("state", state).param("count", records.size()).param("accepted", counts[Outcome.ACCEPTED.ordinal()]).param("unchanged", counts[Outcome.UNCHANGED.ordinal()])
                .param("quarantined", counts[Outcome.QUARANTINED.ordinal()] + counts[Outcome.HELD.ordinal()]).param("rejected", counts[Outcome.REJECTED.ordinal()]).param("warnings", warnings)
                .param("late", late == Timing.Status.GREEN || late == Timing.Status.DUE ? "ON_TIME" : late.name()).param("restatement", envelope.restatement())
                .param("due", !touched.docs.isEmpty() || !touched.days.isEmpty()).param("answer", FeedStore.text(new Kept(told, answers))).param("generated", envelope.generatedAt().atOffset(ZoneOffset.UTC))
                .param("now", now.atOffset(ZoneOffset.UTC)).param("by", caller.username()).update();
        return java.util.Objects.requireNonNull(repeated(db, place.id(), envelope.batchId(), hash));
    }

    private static @Nullable String shortened(@Nullable String name) {
        return name == null ? null : name.substring(0, Math.min(200, name.length()));
    }

    /// The faults of a record, and, where a code is unknown, the clause that keeps it waiting.
    private static List<FeedFault> faults(Checked record) {
        if (record.unknownOutlet() == null && record.unknownSku() == null) return record.faults();
        var all = new ArrayList<>(record.faults());
        if (record.unknownOutlet() != null) all.add(FeedFault.warning("11.4.outlet_map", "outlet_ext_id", FaultText.OUTLET_UNMAPPED.of("code", record.unknownOutlet()), FaultText.MAP_IT.of()));
        if (record.unknownSku() != null) all.add(FeedFault.warning("11.4.sku_map", "sku_ext_id", FaultText.SKU_UNMAPPED.of("code", record.unknownSku()), FaultText.MAP_OR_GTIN.of()));
        return all;
    }

    private static void touch(Touched touched, RecordType type, String doc, LocalDate snapshot, @Nullable LocalDate day) {
        if (type == RecordType.STOCK || type == RecordType.RECEIVABLE) touched.days.add(type == RecordType.STOCK && day != null ? day : snapshot);
        else touched.docs.add(doc);
    }

    private static RecordCheck.Codes codes(JdbcClient db, long distributor, Envelope envelope, List<? extends JsonNode> records) {
        var outlets = new TreeSet<String>();
        var skus = new TreeSet<String>();
        var gtins = new TreeSet<String>();
        for (var record : records) {
            outlets.add(Fields.text(record.path("outlet_ext_id")));
            skus.add(Fields.text(record.path("sku_ext_id")));
            if (!Fields.isAbsent(record.path("gtin"))) gtins.add(Fields.text(record.path("gtin")));
        }
        return FeedStore.codes(db, distributor, envelope.sourceSystem(), outlets, skus, gtins, envelope.to());
    }

    /// What becomes of a record beside what was sent before (11.3).
    private static Outcome decide(Checked record, @Nullable Latest before, Envelope envelope, FeedStore.Place place, boolean history, Instant now, List<RecordCheck.Test> tests) {
        if (record.outcome() == Outcome.REJECTED) return Outcome.REJECTED;
        var hash = Fingerprint.of(record.body());
        if (before != null && before.revision() == record.revision() && Arrays.equals(before.hash(), hash) && !before.state().equals("SUPERSEDED")) return Outcome.UNCHANGED;
        if (before != null && before.revision() >= record.revision()) {
            tests.add(new RecordCheck.Test(Quality.Part.UNIQUENESS, "11.3.revision", 0, 1, record.key()));
            record.faults().add(FeedFault.error("11.3.revision", "revision", FaultText.REVISION_KNOWN.of("key", record.key(), "revision", before.revision()), FaultText.REVISION_FROM.of("revision", before.revision() + 1)));
            return Outcome.REJECTED;
        }
        if (record.cancel() && (before == null || before.cancelled())) {
            record.faults().add(FeedFault.error("11.1.op", "op", FaultText.NOTHING_TO_CANCEL.of("key", record.key()), FaultText.ACCEPTED_KEY.of()));
            return Outcome.REJECTED;
        }
        if (!history && envelope.type() == RecordType.SALES_LINE && envelope.restatement() == null && record.day() != null && now.isAfter(Timing.frozen(record.day(), place.zone()))) {
            record.faults().add(FeedFault.error("11.3.freeze", "doc_date", FaultText.FROZEN.of("day", record.day()), FaultText.RESTATEMENT.of()));
            return Outcome.REJECTED;
        }
        return record.outcome();
    }

    /// Whether corrections of closed months change more than one percent of a month's value.
    private static boolean restatesTooMuch(JdbcClient db, FeedStore.Place place, Envelope envelope, Map<Checked, Outcome> decided, Map<String, Latest> latest, LocalDate today, List<FeedFault> told) {
        var changed = new TreeMap<LocalDate, BigDecimal>();
        decided.forEach((record, outcome) -> {
            var before = latest.get(record.key());
            if (before == null || outcome == Outcome.UNCHANGED || outcome == Outcome.REJECTED || !before.state().equals("ACCEPTED")) return;
            var month = before.day().withDayOfMonth(1);
            if (!month.isBefore(today.withDayOfMonth(1))) return;
            var now = record.cancel() ? BigDecimal.ZERO : record.value();
            changed.merge(month, now.subtract(before.cancelled() ? BigDecimal.ZERO : before.value()).abs(), BigDecimal::add);
        });
        boolean held = false;
        for (var entry : changed.entrySet()) {
            var value = FeedStore.monthValue(db, place.id(), envelope.sourceSystem(), entry.getKey());
            if (value.signum() <= 0 || entry.getValue().compareTo(value.multiply(RESTATED_MAX)) <= 0) continue;
            held = true;
            told.add(FeedFault.warning("11.3.restatement", "records", FaultText.RESTATED.of("changed", entry.getValue().setScale(2, RoundingMode.HALF_UP), "value", value.setScale(2, RoundingMode.HALF_UP), "month", entry.getKey().toString().substring(0, 7)),
                    FaultText.SIGN_OFF.of()));
        }
        return held;
    }

    private static Row row(Checked record, Outcome outcome, Envelope envelope, RecordType type) {
        boolean flagged = type == RecordType.SALES_LINE && Boolean.TRUE.equals(Fields.flag(record.body().path("cancelled_flag")));
        var day = record.day() == null ? envelope.to() : record.day();
        boolean suspect = record.faults().stream().anyMatch(fault -> fault.clause().startsWith("11.4"));
        return new Row(record.key(), record.revision(), record.line(), outcome.name(), record.cancel() || flagged, day, type == RecordType.RECEIVABLE ? envelope.to() : day, record.doc(), record.outlet(),
                record.sku() == null ? null : record.sku().id(), record.unknownOutlet(), record.unknownSku(), qty(type, record.body()), record.value().setScale(2, RoundingMode.HALF_UP), suspect, Fingerprint.of(record.body()),
                record.body().toString());
    }

    /// What a record moves, in base units: sales out, returns and receipts in; the closing stock of a snapshot.
    private static BigDecimal qty(RecordType type, JsonNode body) {
        var qty = switch (type) {
            case SALES_LINE -> {
                var all = FeedFacts.base(body).add(FeedFacts.free(body));
                yield switch (Fields.text(body.path("doc_type"))) {
                    case "CN" -> all;
                    case "INV" -> all.negate();
                    default -> BigDecimal.ZERO;
                };
            }
            case STOCK -> Fields.decimalOrZero(body.path("qty"));
            case PRIMARY -> Fields.decimalOrZero(body.path("received"));
            // sales, their returns and receipts come as FC-1 and FC-4; what only changes its bucket stays
            case MOVEMENT -> switch (Fields.text(body.path("type"))) {
                case "TRANSFER_IN", "GAIN" -> Fields.decimalOrZero(body.path("qty"));
                case "TRANSFER_OUT", "LOSS", "WRITE_OFF", "RETURN_TO_PRINCIPAL" -> Fields.decimalOrZero(body.path("qty")).negate();
                default -> BigDecimal.ZERO;
            };
            case RECEIVABLE, OUTLET, ACTIVITY -> BigDecimal.ZERO;
        };
        return qty.setScale(3, RoundingMode.HALF_UP);
    }

    /// Opening and movement give the closing stock, per SKU, within half a percent; and nobody sells more than there was (11.4).
    private static void roll(JdbcClient db, long distributor, Envelope envelope, List<RecordCheck.Test> tests, List<FeedFault> told) {
        record Rolled(long sku, BigDecimal opening, BigDecimal received, BigDecimal sold, BigDecimal closing) {}
        var rolled = db.sql("""
                select s.sku_id as sku, s.opening, coalesce(m.received, 0) as received, coalesce(m.sold, 0) as sold, s.closing
                  from (select r.sku_id, coalesce(sum(r.qty) filter (where r.business_date = p.day), 0) as opening, coalesce(sum(r.qty) filter (where r.business_date = :on), 0) as closing
                          from exchange.feed_record r,
                               (select max(business_date) as day from exchange.feed_record
                                 where distributor_id = :distributor and record_type = 'FC-2' and source_system = :system and state = 'ACCEPTED' and business_date < :on) p
                         where r.distributor_id = :distributor and r.record_type = 'FC-2' and r.source_system = :system and r.state = 'ACCEPTED' and not r.cancelled and p.day is not null
                           and r.business_date in (p.day, :on)
                         group by r.sku_id) s
                  left join (select r.sku_id, sum(r.qty) filter (where r.qty > 0) as received, -sum(r.qty) filter (where r.qty < 0) as sold
                               from exchange.feed_record r
                              where r.distributor_id = :distributor and r.record_type in ('FC-1', 'FC-3', 'FC-4') and r.source_system = :system and r.state = 'ACCEPTED' and not r.cancelled
                                and r.business_date <= :on
                                and r.business_date > (select max(business_date) from exchange.feed_record
                                                        where distributor_id = :distributor and record_type = 'FC-2' and source_system = :system and state = 'ACCEPTED' and business_date < :on)
                              group by r.sku_id) m on m.sku_id = s.sku_id""").param("distributor", distributor).param("system", envelope.sourceSystem()).param("on", envelope.to()).query(Rolled.class).list();
        if (rolled.isEmpty()) return;
        var off = new ArrayList<String>();
        var over = new ArrayList<String>();
        for (var one : rolled) {
            var expected = one.opening.add(one.received).subtract(one.sold);
            var allowed = one.opening.add(one.received).abs().multiply(ROLL).max(BigDecimal.ONE);
            if (expected.subtract(one.closing).abs().compareTo(allowed) > 0) off.add(one.sku + ": " + expected.stripTrailingZeros().toPlainString() + " expected, " + one.closing.stripTrailingZeros().toPlainString() + " sent");
            if (one.sold.compareTo(one.opening.add(one.received)) > 0) over.add(Long.toString(one.sku));
        }
        tests.add(new RecordCheck.Test(Quality.Part.CONSISTENCY, "11.4.roll", rolled.size() - off.size(), rolled.size(), off.isEmpty() ? null : off.getFirst()));
        tests.add(new RecordCheck.Test(Quality.Part.CONSISTENCY, "11.4.secondary_le_stock", rolled.size() - over.size(), rolled.size(), over.isEmpty() ? null : "SKU " + over.getFirst()));
        if (!off.isEmpty()) told.add(FeedFault.warning("11.4.roll", "qty", FaultText.ROLL_OFF.of("count", off.size(), "skus", String.join("; ", off.subList(0, Math.min(5, off.size())))), FaultText.plain("± 0.5 %")));
        if (!over.isEmpty()) told.add(FeedFault.warning("11.4.secondary_le_stock", "qty", FaultText.SOLD_BEYOND.of("count", over.size()), FaultText.UP_TO_STOCK.of()));
    }

    /// One row per part and clause.
    private static List<RecordCheck.Test> merged(List<RecordCheck.Test> tests) {
        record Key(Quality.Part part, String clause) {}
        var all = new LinkedHashMap<Key, RecordCheck.Test>();
        for (var test : tests) {
            all.merge(new Key(test.part(), test.clause()), test, (one, other) -> new RecordCheck.Test(one.part(), one.clause(), one.passed() + other.passed(), one.tested() + other.tested(),
                    one.sample() != null ? one.sample() : other.sample()));
        }
        return List.copyOf(all.values());
    }

    /// Brings the facts up to date; if that fails, the batch stays marked and [#catchUpAll] does it later.
    private void catchUp(long distributor, String system, RecordType type, List<UUID> batches, Touched touched) {
        if (touched.docs.isEmpty() && touched.days.isEmpty()) return;
        try {
            facts.write(distributor, system, type, touched.docs, touched.days);
            transactions.write(distributor, db -> db.sql("update exchange.feed_batch set facts_due = false where distributor_id = :distributor and id = any (:ids)").param("distributor", distributor)
                    .param("ids", batches.toArray(UUID[]::new)).update());
        } catch (RuntimeException failure) {
            LOG.error("The facts of batch {} of distributor {} wait", batches, distributor, failure);
        }
    }

    /// Facts of batches whose node died or failed after the records were kept.
    @Scheduled(initialDelayString = "PT40S", fixedDelayString = "PT60S")
    void catchUpAll() {
        record Due(long distributorId, UUID id, String sourceSystem, String recordType) {}
        var before = clock.instant().minusSeconds(30).atOffset(ZoneOffset.UTC);
        List<Due> due = transactions.network(db -> db.sql("/* network: facts that wait, of any distributor */ select distributor_id, id, source_system, record_type from exchange.feed_batch where facts_due and received_at < :before order by received_at limit 50")
                .param("before", before).query(Due.class).list());
        for (var one : due) {
            var type = RecordType.of(one.recordType).orElseThrow();
            var touched = new Touched();
            transactions.read(RowScope.of(one.distributorId), db -> {
                db.sql("select doc, business_date, snapshot_on from exchange.feed_record where distributor_id = ? and batch_id = ? and state = 'ACCEPTED'").params(one.distributorId, one.id).query(row -> {
                    touch(touched, type, row.getString("doc"), row.getObject("snapshot_on", LocalDate.class), row.getObject("business_date", LocalDate.class));
                });
                return null;
            });
            catchUp(one.distributorId, one.sourceSystem, type, List.of(one.id), touched);
        }
    }

    // ---- reading

    public Page<FeedViews.Batch> list(Caller caller, ListQuery query) {
        caller.requireAny(Permission.FEED_READ, Permission.FEED_SEND);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), FeedStore::batch));
    }

    /// @throws io.offtake.platform.ProblemException NOT_FOUND outside of the caller's scope
    public Answer get(Caller caller, UUID id) {
        caller.requireAny(Permission.FEED_READ, Permission.FEED_SEND);
        requireAllPrincipals(caller);
        return transactions.read(caller.scope(), db -> db.sql(BATCHES + " and id = :id").param("distributors", caller.scope().distributors().toArray(Long[]::new)).param("id", id)
                .query((row, number) -> new Answer(FeedStore.batch(row, number), FeedStore.kept(row.getString("answer")).records())).optional()).orElseThrow(() -> caller.notFound("batch"));
    }

    /// Records of a batch are of all principals: who serves only some does not see them.
    static void requireAllPrincipals(Caller caller) {
        if (caller.scope().principals() != null) throw caller.notFound("batch");
    }

    /// Signs a restatement off that changes more than 1 % of a closed month (11.3).
    public FeedViews.Rerun signOff(Caller caller, UUID id) {
        caller.require(Permission.FEED_SIGN_OFF);
        requireAllPrincipals(caller);
        var batch = get(caller, id).batch();
        if (!batch.state().equals("HELD")) throw Problem.of(ProblemCode.ILLEGAL_STATE, "This batch does not wait for a sign-off.").with("state", batch.state()).with("accepted", List.of("HELD")).exception();
        var type = RecordType.of(batch.recordType()).orElseThrow();
        var touched = new Touched();
        var done = transactions.write(batch.distributorId(), db -> {
            FeedStore.lockSource(db, batch.distributorId(), batch.sourceSystem());
            int ready = db.sql("update exchange.feed_batch set state = 'ACCEPTED', signed_off_by = :by, facts_due = true, accepted = accepted + quarantined, quarantined = 0 where distributor_id = :distributor and id = :id and state = 'HELD' and received_by <> :by")
                    .param("by", caller.username()).param("distributor", batch.distributorId()).param("id", id).update();
            if (ready == 0) throw Problem.of(ProblemCode.SAME_PERSON, "Who sent the restatement does not sign it off.").rule("INV-09").exception();
            var revisions = new HashMap<String, Integer>();
            int[] waiting = new int[1];
            db.sql("""
                    update exchange.feed_record set state = case when unknown_outlet is null and unknown_sku is null then 'ACCEPTED' else 'QUARANTINED' end
                     where distributor_id = ? and batch_id = ? and state = 'HELD' returning record_key, revision, doc, business_date, snapshot_on, state""").params(batch.distributorId(), id).query(row -> {
                if (!row.getString("state").equals("ACCEPTED")) {
                    waiting[0]++;
                    return;
                }
                revisions.put(row.getString("record_key"), row.getInt("revision"));
                touch(touched, type, row.getString("doc"), row.getObject("snapshot_on", LocalDate.class), row.getObject("business_date", LocalDate.class));
            });
            FeedStore.supersede(db, batch.distributorId(), batch.sourceSystem(), type, revisions, true);
            return new FeedViews.Rerun(revisions.size() + waiting[0], revisions.size(), waiting[0]);
        });
        catchUp(batch.distributorId(), batch.sourceSystem(), type, List.of(id), touched);
        return done;
    }

    /// Runs the work queue again with the codes known now.
    ///
    /// @param system null for all systems of the distributor
    FeedViews.Rerun rerun(long distributor, @Nullable String system) {
        int all = 0;
        int accepted = 0;
        for (var source : store.sources(RowScope.of(distributor))) {
            if (system != null && !system.equals(source.sourceSystem())) continue;
            for (var type : RecordType.values()) {
                var touched = new Touched();
                var batches = new TreeSet<UUID>();
                var run = transactions.write(distributor, db -> rerun(db, distributor, source.sourceSystem(), type, touched, batches));
                all += run.rerun();
                accepted += run.accepted();
                catchUp(distributor, source.sourceSystem(), type, List.copyOf(batches), touched);
            }
        }
        return new FeedViews.Rerun(all, accepted, all - accepted);
    }

    private static FeedViews.Rerun rerun(JdbcClient db, long distributor, String system, RecordType type, Touched touched, Set<UUID> batches) {
        FeedStore.lockSource(db, distributor, system);
        record Waits(String key, int revision, @Nullable String unknownOutlet, @Nullable String unknownSku, String doc, LocalDate day, LocalDate snapshotOn, UUID batch, @Nullable UUID outlet, @Nullable Long sku) {}
        var waits = db.sql("""
                select record_key as key, revision, unknown_outlet, unknown_sku, doc, business_date as day, snapshot_on, batch_id as batch, outlet_id as outlet, sku_id as sku from exchange.feed_record
                 where distributor_id = :distributor and record_type = :type and source_system = :system and state = 'QUARANTINED'""").param("distributor", distributor).param("type", type.code()).param("system", system)
                .query(Waits.class).list();
        if (waits.isEmpty()) return new FeedViews.Rerun(0, 0, 0);
        var outlets = new TreeSet<String>();
        var skus = new TreeSet<String>();
        var gtins = new TreeSet<String>();
        for (var one : waits) {
            if (one.unknownOutlet != null) outlets.add(one.unknownOutlet);
            if (one.unknownSku != null && one.unknownSku.startsWith("GTIN:")) gtins.add(one.unknownSku.substring(5));
            else if (one.unknownSku != null) skus.add(one.unknownSku);
        }
        var codes = FeedStore.codes(db, distributor, system, outlets, skus, gtins, waits.getFirst().day);
        var revisions = new HashMap<String, Integer>();
        var ready = new ArrayList<Waits>();
        for (var one : waits) {
            var outlet = one.unknownOutlet == null ? one.outlet : codes.outlets().get(one.unknownOutlet);
            Long sku = one.sku;
            if (one.unknownSku != null) {
                var found = one.unknownSku.startsWith("GTIN:") ? codes.gtins().get(one.unknownSku.substring(5)) : codes.skus().get(one.unknownSku);
                sku = found == null ? null : found.id();
            }
            if (one.unknownOutlet != null && outlet == null || one.unknownSku != null && sku == null) continue;
            ready.add(new Waits(one.key, one.revision, null, null, one.doc, one.day, one.snapshotOn, one.batch, outlet, sku));
            revisions.merge(one.key, one.revision, Math::max);
        }
        if (ready.isEmpty()) return new FeedViews.Rerun(waits.size(), 0, waits.size());
        FeedStore.supersede(db, distributor, system, type, revisions, true);
        db.sql("""
                update exchange.feed_record r set state = 'ACCEPTED', outlet_id = coalesce(n.outlet_id, r.outlet_id), sku_id = coalesce(n.sku_id, r.sku_id)
                  from unnest(:keys::text[], :numbers::integer[], :outlets::uuid[], :skus::bigint[]) as n (record_key, revision, outlet_id, sku_id)
                 where r.distributor_id = :distributor and r.record_type = :type and r.source_system = :system and r.record_key = n.record_key and r.revision = n.revision and r.state = 'QUARANTINED'""")
                .param("keys", ready.stream().map(Waits::key).toArray(String[]::new)).param("numbers", ready.stream().map(Waits::revision).toArray(Integer[]::new))
                .param("outlets", ready.stream().map(Waits::outlet).toArray(UUID[]::new)).param("skus", ready.stream().map(Waits::sku).toArray(Long[]::new))
                .param("distributor", distributor).param("type", type.code()).param("system", system).update();
        for (var one : ready) {
            touch(touched, type, one.doc, one.snapshotOn, one.day);
            batches.add(one.batch);
        }
        db.sql("""
                update exchange.feed_batch b set facts_due = true, accepted = b.accepted + x.fixed, quarantined = b.quarantined - x.fixed,
                       state = case when b.quarantined - x.fixed + b.rejected = 0 then 'ACCEPTED' else b.state end
                  from (select batch_id, count(*)::integer as fixed from unnest(:batches::uuid[]) as u (batch_id) group by batch_id) x
                 where b.distributor_id = :distributor and b.id = x.batch_id""").param("batches", ready.stream().map(Waits::batch).toArray(UUID[]::new)).param("distributor", distributor).update();
        return new FeedViews.Rerun(waits.size(), ready.size(), waits.size() - ready.size());
    }
}
