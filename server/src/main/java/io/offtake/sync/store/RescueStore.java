package io.offtake.sync.store;

import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.RowScope;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of rescued queues.
public final class RescueStore {
    private static final String VIEW = """
            select r.distributor_id, r.id, r.device_id, 'D' || d.number as device_code, d.name as device_name, r.username as "user", r.commands, r.state, r.uploaded_at, r.decided_by, r.decided_at, r.reason
              from sync.rescue r join sync.device d on d.distributor_id = r.distributor_id and d.id = r.device_id
             where r.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(VIEW).key("id", UUID).sortable("uploadedAt", INSTANT).equal("distributorId", LONG).equal("deviceId", UUID).equal("state", TEXT).order("-uploadedAt");

    private RescueStore() {}

    /// @param user     whose queue it is
    /// @param commands how many
    /// @param state    HELD, ACCEPTED or DISCARDED
    public record RescueView(long distributorId, UUID id, UUID deviceId, String deviceCode, String deviceName, String user, int commands, String state, Instant uploadedAt, @Nullable String decidedBy,
                             @Nullable Instant decidedAt, @Nullable String reason) {}

    /// A held queue with what is needed to take it in its maker's name.
    public record Held(UUID deviceId, long userId, String username, String permissions, String body, String state) {}

    /// Keeps a queue; the same content again is the same rescue.
    public static UUID add(JdbcClient db, long distributorId, UUID id, UUID deviceId, long userId, String username, String permissions, byte[] hash, int commands, String body, Instant now) {
        db.sql("""
                insert into sync.rescue (distributor_id, id, device_id, user_id, username, permissions, content_hash, commands, body, uploaded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (distributor_id, device_id, content_hash) do nothing""").params(distributorId, id, deviceId, userId, username, permissions, hash, commands, body, DeviceStore.at(now)).update();
        return db.sql("select id from sync.rescue where distributor_id = ? and device_id = ? and content_hash = ?").params(distributorId, deviceId, hash).query(UUID.class).single();
    }

    public static Optional<Held> find(JdbcClient db, long distributorId, UUID id) {
        return db.sql("select device_id, user_id, username, permissions, body, state from sync.rescue where distributor_id = ? and id = ?").params(distributorId, id).query(Held.class).optional();
    }

    public static Optional<RescueView> view(JdbcClient db, RowScope scope, UUID id) {
        return db.sql(VIEW + " and r.id = :id").param("distributors", scope.distributorList()).param("id", id).query(RescueView.class).optional();
    }

    public static Page<RescueView> page(JdbcClient db, RowScope scope, ListQuery query) {
        return LIST.page(db, query, Map.of("distributors", scope.distributorList()), RescueView.class);
    }

    public static void decide(JdbcClient db, long distributorId, UUID id, String state, String by, String reason, Instant now) {
        db.sql("update sync.rescue set state = ?, decided_by = ?, decided_at = ?, reason = ? where distributor_id = ? and id = ? and state = 'HELD'")
                .params(state, by, DeviceStore.at(now), reason, distributorId, id).update();
    }
}
