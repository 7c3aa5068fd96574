package io.offtake.exchange.federation;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Feeds in the database.
@Component
class FeedStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final TenantTransaction transactions;

    FeedStore(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    /// @param types of records it has agreed to send
    record Source(long distributorId, String sourceSystem, String name, Set<RecordType> types, LocalTime cutOff, String level, LocalDate activeFrom, int version) {}

    record Place(long id, String code, String name, ZoneId zone, String currency) {}

    /// The latest revision of a key.
    record Latest(String key, int revision, byte[] hash, String state, boolean cancelled, BigDecimal value, LocalDate day) {}

    /// A batch-level fault list and the answers to the records, as kept for a repeat.
    record Kept(List<FeedFault> faults, List<FeedViews.RecordAnswer> records) {}

    /// One row to write.
    record Row(String key, int revision, int line, String state, boolean cancelled, LocalDate day, LocalDate snapshotOn, String doc, @Nullable UUID outlet, @Nullable Long sku, @Nullable String unknownOutlet,
               @Nullable String unknownSku, BigDecimal qty, BigDecimal value, boolean suspect, byte[] hash, String body) {}

    Optional<Place> place(String code) {
        return transactions.shared(db -> db.sql("select id, code, name, time_zone, currency from network.distributor where code = ?").param(code).query(FeedStore::place).optional());
    }

    List<Place> places(Collection<Long> ids) {
        return transactions.shared(db -> db.sql("select id, code, name, time_zone, currency from network.distributor where id = any (:ids) order by code").param("ids", ids.toArray(Long[]::new)).query(FeedStore::place).list());
    }

    private static Place place(ResultSet row, int number) throws SQLException {
        ZoneId zone;
        try {
            zone = ZoneId.of(row.getString("time_zone"));
        } catch (java.time.DateTimeException _) {
            zone = ZoneOffset.UTC;
        }
        return new Place(row.getLong("id"), row.getString("code"), row.getString("name"), zone, row.getString("currency"));
    }

    List<Source> sources(RowScope scope) {
        return transactions.read(scope, db -> sources(db, scope.distributors()));
    }

    static List<Source> sources(JdbcClient db, Collection<Long> distributors) {
        return db.sql("select * from exchange.feed_source where distributor_id = any (:distributors) order by distributor_id, source_system").param("distributors", distributors.toArray(Long[]::new))
                .query((row, _) -> new Source(row.getLong("distributor_id"), row.getString("source_system"), row.getString("name"),
                        Arrays.stream(row.getString("record_types").split(",")).flatMap(code -> RecordType.of(code).stream()).collect(java.util.stream.Collectors.toCollection(java.util.TreeSet::new)),
                        row.getObject("cut_off", LocalTime.class), row.getString("level"), row.getObject("active_from", LocalDate.class), row.getInt("version"))).list();
    }

    /// Holds the source until commit, so that two batches of one source come after each other.
    static Optional<Source> lockSource(JdbcClient db, long distributor, String system) {
        var held = db.sql("select version from exchange.feed_source where distributor_id = ? and source_system = ? for update").params(distributor, system).query(Integer.class).optional();
        return held.isEmpty() ? Optional.empty() : sources(db, List.of(distributor)).stream().filter(source -> source.sourceSystem.equals(system)).findFirst();
    }

    static RecordCheck.Codes codes(JdbcClient db, long distributor, String system, Collection<String> outlets, Collection<String> skus, Collection<String> gtins, LocalDate on) {
        var outletIds = new HashMap<String, UUID>();
        db.sql("select external_id, outlet_id from exchange.code_map where distributor_id = :distributor and source_system = :system and kind = 'OUTLET' and external_id = any (:codes)")
                .param("distributor", distributor).param("system", system).param("codes", outlets.toArray(String[]::new))
                .query(row -> {
                    outletIds.put(row.getString("external_id"), row.getObject("outlet_id", UUID.class));
                });
        var skuIds = new HashMap<String, Long>();
        db.sql("select external_id, sku_id from exchange.code_map where distributor_id = :distributor and source_system = :system and kind = 'SKU' and external_id = any (:codes)")
                .param("distributor", distributor).param("system", system).param("codes", skus.toArray(String[]::new))
                .query(row -> {
                    skuIds.put(row.getString("external_id"), row.getLong("sku_id"));
                });
        var gtinIds = new HashMap<String, Long>();
        if (!gtins.isEmpty()) db.sql("select gtin, sku_id from catalog.sku_barcode where gtin = any (:gtins)").param("gtins", gtins.toArray(String[]::new)).query(row -> {
            gtinIds.put(row.getString("gtin"), row.getLong("sku_id"));
        });
        var ids = new java.util.HashSet<>(skuIds.values());
        ids.addAll(gtinIds.values());
        var known = skus(db, distributor, ids, on);
        var byCode = new HashMap<String, RecordCheck.Sku>();
        skuIds.forEach((code, id) -> {
            if (known.get(id) != null) byCode.put(code, known.get(id));
        });
        var byGtin = new HashMap<String, RecordCheck.Sku>();
        gtinIds.forEach((gtin, id) -> {
            if (known.get(id) != null) byGtin.put(gtin, known.get(id));
        });
        return new RecordCheck.Codes(outletIds, byCode, byGtin);
    }

    /// The rate is that of the longest prefix of the HSN code in force on the day, in the distributor's regime.
    static Map<Long, RecordCheck.Sku> skus(JdbcClient db, long distributor, Collection<Long> ids, LocalDate on) {
        var found = new HashMap<Long, RecordCheck.Sku>();
        if (ids.isEmpty()) return found;
        db.sql("""
                select s.id, s.principal_id, s.pts, r.rate
                  from catalog.sku s
                  left join lateral (select t.rate from tax.tax_rate t
                                      where t.regime = (select d.tax_regime from network.distributor d where d.id = :distributor) and s.hsn like t.hsn_prefix || '%'
                                        and t.valid_from <= :on and (t.valid_to is null or t.valid_to >= :on)
                                      order by length(t.hsn_prefix) desc limit 1) r on true
                 where s.id = any (:ids)""").param("distributor", distributor).param("on", on).param("ids", ids.toArray(Long[]::new)).query(row -> {
            found.put(row.getLong("id"), new RecordCheck.Sku(row.getLong("id"), row.getLong("principal_id"), row.getBigDecimal("rate"), row.getBigDecimal("pts")));
        });
        return found;
    }

    static Map<String, Latest> latest(JdbcClient db, long distributor, String system, RecordType type, Collection<String> keys) {
        var found = new HashMap<String, Latest>();
        db.sql("""
                select record_key, revision, content_hash, state, cancelled, value, business_date from exchange.feed_record
                 where distributor_id = :distributor and record_type = :type and source_system = :system and record_key = any (:keys) order by record_key, revision""")
                .param("distributor", distributor).param("type", type.code()).param("system", system).param("keys", keys.toArray(String[]::new)).query(row -> {
                    found.put(row.getString("record_key"), new Latest(row.getString("record_key"), row.getInt("revision"), row.getBytes("content_hash"), row.getString("state"), row.getBoolean("cancelled"),
                            row.getBigDecimal("value"), row.getObject("business_date", LocalDate.class)));
                });
        return found;
    }

    /// Value of a month's accepted sales, for the one-percent rule of restatements.
    static BigDecimal monthValue(JdbcClient db, long distributor, String system, LocalDate month) {
        return db.sql("""
                select coalesce(sum(value), 0) from exchange.feed_record
                 where distributor_id = :distributor and source_system = :system and record_type = 'FC-1' and state = 'ACCEPTED' and not cancelled and business_date between :from and :to""")
                .param("distributor", distributor).param("system", system).param("from", month.withDayOfMonth(1)).param("to", month.withDayOfMonth(1).plusMonths(1).minusDays(1)).query(BigDecimal.class).single();
    }

    /// Earlier revisions of keys give way: those that wait at once, those that count only to one that counts.
    static void supersede(JdbcClient db, long distributor, String system, RecordType type, Map<String, Integer> revisions, boolean counting) {
        if (revisions.isEmpty()) return;
        var keys = revisions.keySet().toArray(String[]::new);
        var numbers = Arrays.stream(keys).map(revisions::get).toArray(Integer[]::new);
        db.sql("""
                update exchange.feed_record r set state = 'SUPERSEDED'
                  from unnest(:keys::text[], :numbers::integer[]) as n (record_key, revision)
                 where r.distributor_id = :distributor and r.record_type = :type and r.source_system = :system and r.record_key = n.record_key and r.revision < n.revision
                   and (r.state = 'QUARANTINED' or :counting and r.state = 'ACCEPTED')""")
                .param("keys", keys).param("numbers", numbers).param("distributor", distributor).param("type", type.code()).param("system", system).param("counting", counting).update();
    }

    /// A full batch replaces its period: what it does not name is no longer there.
    ///
    /// @return documents that lost lines
    static List<String> dropMissing(JdbcClient db, long distributor, String system, RecordType type, LocalDate from, LocalDate to, Collection<String> keys) {
        return db.sql("""
                update exchange.feed_record set state = 'SUPERSEDED'
                 where distributor_id = :distributor and record_type = :type and source_system = :system and snapshot_on between :from and :to and state in ('ACCEPTED', 'QUARANTINED')
                   and not record_key = any (:keys)
                returning doc""").param("distributor", distributor).param("type", type.code()).param("system", system).param("from", from).param("to", to).param("keys", keys.toArray(String[]::new))
                .query(String.class).list();
    }

    void insert(long distributor, String system, RecordType type, UUID batch, List<Row> rows, Instant now) {
        if (!rows.isEmpty()) transactions.writeOn(distributor, connection -> insert(connection, distributor, system, type, batch, rows, now));
    }

    private static int insert(Connection connection, long distributor, String system, RecordType type, UUID batch, List<Row> rows, Instant now) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into exchange.feed_record (distributor_id, source_system, record_type, record_key, revision, batch_id, line, state, cancelled, business_date, snapshot_on, doc, outlet_id, sku_id,
                       unknown_outlet, unknown_sku, qty, value, suspect, content_hash, body, recorded_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            for (var row : rows) {
                var values = new @Nullable Object[] {distributor, system, type.code(), row.key, row.revision, batch, row.line, row.state, row.cancelled, row.day, row.snapshotOn, row.doc, row.outlet, row.sku,
                        row.unknownOutlet, row.unknownSku, row.qty, row.value, row.suspect, row.hash, row.body, now.atOffset(ZoneOffset.UTC)};
                for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
                statement.addBatch();
            }
            return statement.executeBatch().length;
        }
    }

    void tests(long distributor, UUID batch, LocalDate day, List<RecordCheck.Test> tests) {
        if (!tests.isEmpty()) transactions.writeOn(distributor, connection -> tests(connection, distributor, batch, day, tests));
    }

    private static int tests(Connection connection, long distributor, UUID batch, LocalDate day, List<RecordCheck.Test> tests) throws SQLException {
        try (var statement = connection.prepareStatement("""
                insert into exchange.feed_test (distributor_id, batch_id, day, part, clause, passed, tested, sample) values (?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (distributor_id, batch_id, part, clause) do update set passed = excluded.passed, tested = excluded.tested, sample = excluded.sample""")) {
            for (var test : tests) {
                var values = new @Nullable Object[] {distributor, batch, day, test.part().name(), test.clause(), test.passed(), test.tested(), test.sample()};
                for (int i = 0; i < values.length; i++) statement.setObject(i + 1, values[i]);
                statement.addBatch();
            }
            return statement.executeBatch().length;
        }
    }

    static FeedViews.Batch batch(ResultSet row, int number) throws SQLException {
        return new FeedViews.Batch(row.getObject("id", UUID.class), row.getLong("distributor_id"), row.getString("source_system"), row.getString("record_type"), row.getString("contract_version"),
                row.getObject("period_from", LocalDate.class), row.getObject("period_to", LocalDate.class), row.getString("mode"), row.getString("channel"), row.getString("file_name"), row.getString("state"),
                row.getInt("record_count"), row.getInt("accepted"), row.getInt("unchanged"), row.getInt("quarantined"), row.getInt("rejected"), row.getInt("warnings"),
                row.getObject("received_at", OffsetDateTime.class).toInstant(), row.getString("late"), row.getString("signed_off_by"), kept(row.getString("answer")).faults());
    }

    static Kept kept(String answer) {
        return JSON.readValue(answer, Kept.class);
    }

    static String text(Kept kept) {
        return JSON.writeValueAsString(kept);
    }

    /// An accepted record as facts are made of it.
    record Current(String key, String doc, boolean cancelled, LocalDate day, @Nullable UUID outlet, @Nullable Long sku, boolean suspect, JsonNode body) {}

    /// The accepted records of some documents. Of a cancelled line the last words before are given, marked as cancelled.
    List<Current> ofDocs(long distributor, String system, RecordType type, Collection<String> docs) {
        return transactions.read(RowScope.of(distributor), db -> db.sql("""
                select r.record_key, r.doc, r.cancelled, coalesce(b.business_date, r.business_date) as business_date, coalesce(r.outlet_id, b.outlet_id) as outlet_id, coalesce(r.sku_id, b.sku_id) as sku_id,
                       r.suspect, coalesce(b.body, r.body) as body
                  from exchange.feed_record r
                  left join lateral (select p.business_date, p.outlet_id, p.sku_id, p.body from exchange.feed_record p
                                      where r.cancelled and p.distributor_id = r.distributor_id and p.record_type = r.record_type and p.source_system = r.source_system and p.record_key = r.record_key
                                        and p.revision < r.revision and not p.cancelled and p.state = 'SUPERSEDED'
                                      order by p.revision desc limit 1) b on true
                 where r.distributor_id = :distributor and r.record_type = :type and r.source_system = :system and r.doc = any (:docs) and r.state = 'ACCEPTED'
                 order by r.doc, r.record_key""").param("distributor", distributor).param("type", type.code()).param("system", system).param("docs", docs.toArray(String[]::new))
                .query(FeedStore::current).list());
    }

    /// The accepted records of a snapshot.
    List<Current> snapshot(long distributor, String system, RecordType type, LocalDate on) {
        return transactions.read(RowScope.of(distributor), db -> db.sql("""
                select record_key, doc, cancelled, business_date, outlet_id, sku_id, suspect, body from exchange.feed_record
                 where distributor_id = :distributor and record_type = :type and source_system = :system and snapshot_on = :on and state = 'ACCEPTED' and not cancelled order by record_key""")
                .param("distributor", distributor).param("type", type.code()).param("system", system).param("on", on).query(FeedStore::current).list());
    }

    private static Current current(ResultSet row, int number) throws SQLException {
        long sku = row.getLong("sku_id");
        Long skuId = row.wasNull() ? null : sku;
        return new Current(row.getString("record_key"), row.getString("doc"), row.getBoolean("cancelled"), row.getObject("business_date", LocalDate.class), row.getObject("outlet_id", UUID.class), skuId,
                row.getBoolean("suspect"), JSON.readTree(row.getString("body")));
    }
}
