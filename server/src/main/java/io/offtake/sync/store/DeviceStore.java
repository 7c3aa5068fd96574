package io.offtake.sync.store;

import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.platform.Fingerprint;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.RowScope;
import io.offtake.sync.domain.Device;
import io.offtake.sync.domain.DeviceState;
import io.offtake.sync.domain.DeviceView;
import io.offtake.sync.domain.Heartbeat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// SQL of devices.
public final class DeviceStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DEVICE = """
            select distributor_id, id, number, name, kind, user_id, state, secret_hash, schema_version, last_seen_at, version from sync.device where distributor_id = ? and id = ?""";
    private static final String VIEW = """
            select d.distributor_id, k.code as distributor_code, k.name as distributor_name, d.id, 'D' || d.number as code, d.name, d.kind, d.username, d.state, d.state_reason, d.state_by,
                   d.state_at, d.registered_at, d.app_version, d.schema_version, d.last_seen_at, d.last_sync_at, d.queue_length, d.oldest_unsent_at, d.unsent_value, d.storage_percent,
                   d.clock_drift_seconds, d.series_left, d.version,
                   (select count(*) from sync.command_outcome o where o.distributor_id = d.distributor_id and o.device_id = d.id and o.outcome in ('REFUSED', 'QUARANTINED')) as refused,
                   floor(extract(epoch from :now::timestamptz - d.last_seen_at) / 3600)::bigint as silent_hours,
                   (select max(a.hours) from sync.device_alert a where a.distributor_id = d.distributor_id and a.device_id = d.id and a.cleared_at is null) as alert
              from sync.device d join network.distributor k on k.id = d.distributor_id
             where d.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(VIEW).key("id", UUID).sortable("lastSeenAt", INSTANT).sortable("name", TEXT).sortable("distributorCode", TEXT).sortable("queueLength", LONG)
            .sortable("silentHours", LONG).equal("distributorId", LONG).equal("state", TEXT).equal("kind", TEXT).equal("alert", LONG).from("silentHours", "silentHours", LONG)
            .search("name", "code", "username", "distributorName", "distributorCode").order("lastSeenAt");

    private DeviceStore() {}

    public static Optional<Device> find(JdbcClient db, long distributorId, UUID id) {
        return db.sql(DEVICE).params(distributorId, id).query(DeviceStore::device).optional();
    }

    public static Optional<Device> lock(JdbcClient db, long distributorId, UUID id) {
        return db.sql(DEVICE + " for update").params(distributorId, id).query(DeviceStore::device).optional();
    }

    private static Device device(ResultSet row, int at) throws SQLException {
        return new Device(row.getLong(1), row.getObject(2, UUID.class), row.getInt(3), row.getString(4), row.getString(5), row.getLong(6), DeviceState.valueOf(row.getString(7)), row.getBytes(8),
                row.getInt(9), row.getObject(10, OffsetDateTime.class).toInstant(), row.getInt(11));
    }

    /// Which distributor of the scope a device belongs to.
    public static Optional<Long> distributorOf(JdbcClient db, RowScope scope, UUID id) {
        return db.sql("select distributor_id from sync.device where distributor_id = any (?::bigint[]) and id = ?").params(scope.distributorList(), id).query(Long.class).optional();
    }

    /// Adds a device under the distributor's next number. A second writer fails on its key.
    public static void add(JdbcClient db, long distributorId, UUID id, String name, String kind, long userId, String username, byte @Nullable [] secretHash, @Nullable String publicKey,
                           @Nullable String appVersion, int schemaVersion, Instant now) {
        db.sql("""
                insert into sync.device (distributor_id, id, number, name, kind, user_id, username, secret_hash, public_key, app_version, schema_version, registered_at, last_seen_at)
                select ?, ?, coalesce(max(number), 0) + 1, ?, ?, ?, ?, ?::bytea, ?, ?, ?, ?, ? from sync.device where distributor_id = ?""")
                .params(distributorId, id, name, kind, userId, username, secretHash, publicKey, appVersion, schemaVersion, at(now), at(now), distributorId).update();
    }

    public static void newSecret(JdbcClient db, long distributorId, UUID id, byte[] secretHash, @Nullable String publicKey, Instant now) {
        db.sql("update sync.device set secret_hash = ?, public_key = ?, last_seen_at = ?, version = version + 1 where distributor_id = ? and id = ?")
                .params(secretHash, publicKey, at(now), distributorId, id).update();
    }

    /// Notes a call and what the device said with it.
    public static void seen(JdbcClient db, Device device, Heartbeat said, boolean synced, Instant now) {
        var drift = said.deviceTime() == null ? null : Duration.between(now, said.deviceTime()).toSeconds();
        db.sql("""
                update sync.device
                   set last_seen_at = :now, last_sync_at = case when :synced then :now else last_sync_at end, app_version = coalesce(:app, app_version),
                       schema_version = coalesce(:schema::integer, schema_version), queue_length = coalesce(:queue::integer, queue_length),
                       oldest_unsent_at = case when :queue::integer is null then oldest_unsent_at else :oldest::timestamptz end,
                       unsent_value = case when :queue::integer is null then unsent_value else :value::numeric end, storage_percent = coalesce(:storage::numeric, storage_percent),
                       clock_drift_seconds = coalesce(:drift::bigint, clock_drift_seconds), series_left = coalesce(:left, series_left), persisted = coalesce(:persisted::boolean, persisted)
                 where distributor_id = :distributor and id = :id""")
                .param("now", at(now)).param("synced", synced).param("app", said.appVersion()).param("schema", said.schemaVersion()).param("queue", said.queueLength())
                .param("oldest", said.oldestUnsentAt() == null ? null : at(said.oldestUnsentAt())).param("value", said.unsentValue()).param("storage", said.storagePercent())
                .param("drift", drift).param("left", said.seriesLeft() == null ? null : Fingerprint.json(said.seriesLeft())).param("persisted", said.persisted())
                .param("distributor", device.distributorId()).param("id", device.id()).update();
        if (Duration.between(device.lastSeenAt(), now).toHours() >= 1)
            db.sql("update sync.device_alert set cleared_at = ? where distributor_id = ? and device_id = ? and cleared_at is null").params(at(now), device.distributorId(), device.id()).update();
    }

    public static void rename(JdbcClient db, long distributorId, UUID id, String name) {
        db.sql("update sync.device set name = ?, version = version + 1 where distributor_id = ? and id = ?").params(name, distributorId, id).update();
    }

    public static void state(JdbcClient db, long distributorId, UUID id, DeviceState state, String reason, String by, Instant now) {
        db.sql("update sync.device set state = ?, state_reason = ?, state_by = ?, state_at = ?, version = version + 1 where distributor_id = ? and id = ?")
                .params(state.name(), reason, by, at(now), distributorId, id).update();
    }

    public static Page<DeviceView> page(JdbcClient db, RowScope scope, ListQuery query, Instant now) {
        return LIST.page(db, query, Map.of("distributors", scope.distributorList(), "now", at(now)), DeviceStore::view);
    }

    public static Optional<DeviceView> view(JdbcClient db, RowScope scope, UUID id, Instant now) {
        return db.sql(VIEW + " and d.id = :id").param("distributors", scope.distributorList()).param("now", at(now)).param("id", id).query(DeviceStore::view).optional();
    }

    private static DeviceView view(ResultSet row, int at) throws SQLException {
        var left = row.getString("series_left");
        return new DeviceView(row.getObject("id", UUID.class), row.getLong("distributor_id"), row.getString("distributor_code"), row.getString("distributor_name"), row.getString("code"),
                row.getString("name"), row.getString("kind"), row.getString("username"), DeviceState.valueOf(row.getString("state")), row.getString("state_reason"), row.getString("state_by"),
                instant(row, "state_at"), instant(row, "registered_at"), row.getString("app_version"), row.getInt("schema_version"), instant(row, "last_seen_at"), instant(row, "last_sync_at"),
                row.getInt("queue_length"), instant(row, "oldest_unsent_at"), row.getBigDecimal("unsent_value"), row.getBigDecimal("storage_percent"),
                (Long) row.getObject("clock_drift_seconds"), left == null ? Map.of() : JSON.readValue(left, new TypeReference<Map<String, Long>>() {}), row.getInt("refused"),
                row.getInt("silent_hours"), (Integer) row.getObject("alert"), row.getInt("version"));
    }

    /// Keeps the key of a device's store for the user who works on it.
    public static void escrow(JdbcClient db, long distributorId, UUID id, long userId, String key, Instant now) {
        db.sql("""
                insert into sync.escrow (distributor_id, device_id, user_id, key, stored_at) values (?, ?, ?, ?, ?)
                on conflict (distributor_id, device_id) do update set user_id = excluded.user_id, key = excluded.key, stored_at = excluded.stored_at""")
                .params(distributorId, id, userId, key, at(now)).update();
    }

    /// The key, for the user who stored it.
    public static Optional<String> escrowed(JdbcClient db, long distributorId, UUID id, long userId) {
        return db.sql("select key from sync.escrow where distributor_id = ? and device_id = ? and user_id = ?").params(distributorId, id, userId).query(String.class).optional();
    }

    public record Alert(int hours, Instant raisedAt, @Nullable Instant clearedAt) {}

    public static List<Alert> alerts(JdbcClient db, long distributorId, UUID id) {
        return db.sql("select hours, raised_at, cleared_at from sync.device_alert where distributor_id = ? and device_id = ? order by raised_at desc limit 20").params(distributorId, id)
                .query((row, _) -> new Alert(row.getInt(1), instant(row, "raised_at"), instant(row, "cleared_at"))).list();
    }

    static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
