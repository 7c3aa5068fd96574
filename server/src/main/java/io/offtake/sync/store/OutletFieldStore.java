package io.offtake.sync.store;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of when outlets' fields were changed by devices.
public final class OutletFieldStore {
    private OutletFieldStore() {}

    public static Map<String, Instant> read(JdbcClient db, long distributorId, UUID outletId) {
        var found = new HashMap<String, Instant>();
        db.sql("select field, effective_at from sync.outlet_field where distributor_id = ? and outlet_id = ?").params(distributorId, outletId).query(row -> {
            found.put(row.getString(1), row.getObject(2, OffsetDateTime.class).toInstant());
        });
        return found;
    }

    public static void note(JdbcClient db, long distributorId, UUID outletId, Collection<String> fields, Instant effective, UUID commandId) {
        for (var field : fields)
            db.sql("""
                    insert into sync.outlet_field (distributor_id, outlet_id, field, effective_at, command_id) values (?, ?, ?, ?, ?)
                    on conflict (distributor_id, outlet_id, field) do update set effective_at = excluded.effective_at, command_id = excluded.command_id
                     where outlet_field.effective_at <= excluded.effective_at""").params(distributorId, outletId, field, DeviceStore.at(effective), commandId).update();
    }
}
