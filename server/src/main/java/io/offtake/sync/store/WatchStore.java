package io.offtake.sync.store;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of the watch over devices.
public final class WatchStore {
    private WatchStore() {}

    public record Silent(long distributorId, UUID id, Instant lastSeenAt) {}

    public static List<Silent> silent(JdbcClient db, Instant since) {
        return db.sql("""
                /* network: devices of every distributor are watched */
                select d.distributor_id, d.id, d.last_seen_at from sync.device d
                 where d.state in ('ACTIVE', 'LOCKED', 'WIPE_REQUESTED') and d.last_seen_at <= ?
                   and not exists (select 1 from sync.device_alert a where a.distributor_id = d.distributor_id and a.device_id = d.id and a.hours = 72 and a.cleared_at is null)""")
                .param(DeviceStore.at(since)).query(Silent.class).list();
    }

    /// Raises an alert as of the moment when the silence became so long; a second node changes nothing.
    public static int raise(JdbcClient db, Silent device, int hours) {
        return db.sql("insert into sync.device_alert (distributor_id, device_id, hours, raised_at) values (?, ?, ?, ?) on conflict do nothing")
                .params(device.distributorId, device.id, hours, DeviceStore.at(device.lastSeenAt.plus(Duration.ofHours(hours)))).update();
    }

    public static List<Long> withRetired(JdbcClient db, LocalDate today) {
        return db.sql("/* network: retired series of every distributor fall due */ select distinct distributor_id from sync.lease where state = 'RETIRED' and voided_at is null and void_after < ?")
                .param(today).query(Long.class).list();
    }
}
