package io.offtake.sync.store;

import io.offtake.platform.Documents;
import io.offtake.sync.domain.Lease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of leased number series. Which numbers were used is the number register's to say.
public final class LeaseStore {
    private static final String LEASE = """
            select l.distributor_id, l.device_id, l.document_type, l.fiscal_year, l.series, l.width, l.max_number, l.state, coalesce(u.number, 0), u.business_date, l.retired_at, l.void_after, l.voided_at
              from sync.lease l
              left join lateral (select n.number, coalesce(d.business_date, n.voided_on) as business_date
                                   from platform.number_register n
                                   left join platform.document_register d on d.distributor_id = n.distributor_id and d.document_id = n.document_id
                                  where n.distributor_id = l.distributor_id and n.document_type = l.document_type and n.series = l.series and n.fiscal_year = l.fiscal_year
                                  order by n.number desc limit 1) u on true
             where l.distributor_id = ?""";

    private LeaseStore() {}

    public static List<Lease> of(JdbcClient db, long distributorId, UUID deviceId) {
        return db.sql(LEASE + " and l.device_id = ? order by l.fiscal_year, l.document_type").params(distributorId, deviceId).query(LeaseStore::lease).list();
    }

    private static Lease lease(ResultSet row, int at) throws SQLException {
        return new Lease(row.getLong(1), row.getObject(2, UUID.class), row.getString(3), row.getInt(4), row.getString(5), row.getInt(6), row.getLong(7), row.getString(8).equals("ACTIVE"),
                row.getLong(9), row.getObject(10, LocalDate.class), DeviceStore.instant(row, "retired_at"), row.getObject(12, LocalDate.class), DeviceStore.instant(row, "voided_at"));
    }

    /// Opens a series under the first free name that begins with `prefix`, and leases it.
    public static void open(JdbcClient db, long distributorId, UUID deviceId, UUID seriesId, String documentType, int fiscalYear, String prefix, int width, long max, Instant now) {
        var taken = db.sql("select series from platform.number_sequence where distributor_id = ? and fiscal_year = ?").params(distributorId, fiscalYear).query(String.class).set();
        var series = prefix + "/";
        for (char more = 'A'; taken.contains(series); more++) series = prefix + more + "/";
        db.sql("""
                insert into platform.number_sequence (distributor_id, id, document_type, series, fiscal_year, width, next_number, closed, version, device_id)
                values (?, ?, ?, ?, ?, ?, 1, false, 1, ?)""").params(distributorId, seriesId, documentType, series, fiscalYear, width, deviceId).update();
        db.sql("insert into sync.lease (distributor_id, device_id, document_type, fiscal_year, series, width, max_number, leased_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(distributorId, deviceId, documentType, fiscalYear, series, width, max, DeviceStore.at(now)).update();
    }

    public static void raise(JdbcClient db, Lease lease, long max) {
        db.sql("update sync.lease set max_number = greatest(max_number, ?) where distributor_id = ? and device_id = ? and document_type = ? and fiscal_year = ?")
                .params(max, lease.distributorId(), lease.deviceId(), lease.documentType(), lease.fiscalYear()).update();
    }

    /// Retires every active series of a device; what never arrives is void after `voidAfter`.
    public static void retire(JdbcClient db, long distributorId, UUID deviceId, String reason, LocalDate voidAfter, Instant now) {
        for (var lease : of(db, distributorId, deviceId)) {
            if (!lease.active()) continue;
            db.sql("""
                    update sync.lease set state = 'RETIRED', retired_at = ?, retired_reason = ?, last_number = ?, void_after = ?
                     where distributor_id = ? and device_id = ? and document_type = ? and fiscal_year = ?""")
                    .params(DeviceStore.at(now), reason, lease.lastNumber(), voidAfter, distributorId, deviceId, lease.documentType(), lease.fiscalYear()).update();
            db.sql("update platform.number_sequence set closed = true where distributor_id = ? and document_type = ? and series = ? and fiscal_year = ?")
                    .params(distributorId, lease.documentType(), lease.series(), lease.fiscalYear()).update();
        }
    }

    /// Where some numbers of a series stand.
    ///
    /// @param holder the document that has the number, if any
    /// @param below  business date of the next lower number that is registered; `above` of the next higher
    public record Place(@Nullable UUID holder, @Nullable LocalDate below, @Nullable LocalDate above) {}

    /// Dates of the registered numbers around some numbers of a series, and who holds the numbers themselves.
    public static Map<Long, Place> places(JdbcClient db, Documents.Series series, Collection<Long> numbers) {
        var found = new HashMap<Long, Place>();
        if (numbers.isEmpty()) return found;
        db.sql("""
                select a.number, (select n.document_id from platform.number_register n where n.distributor_id = :distributor and n.document_type = :type and n.series = :series
                                     and n.fiscal_year = :year and n.number = a.number) as holder,
                       (select coalesce(d.business_date, n.voided_on) from platform.number_register n
                          left join platform.document_register d on d.distributor_id = n.distributor_id and d.document_id = n.document_id
                         where n.distributor_id = :distributor and n.document_type = :type and n.series = :series and n.fiscal_year = :year and n.number < a.number and n.fate <> 'VOID'
                         order by n.number desc limit 1) as below,
                       (select coalesce(d.business_date, n.voided_on) from platform.number_register n
                          left join platform.document_register d on d.distributor_id = n.distributor_id and d.document_id = n.document_id
                         where n.distributor_id = :distributor and n.document_type = :type and n.series = :series and n.fiscal_year = :year and n.number > a.number and n.fate <> 'VOID'
                         order by n.number limit 1) as above
                  from unnest(:numbers::bigint[]) a (number)""")
                .param("distributor", series.distributorId()).param("type", series.documentType()).param("series", series.series()).param("year", series.fiscalYear())
                .param("numbers", numbers.toArray(Long[]::new))
                .query(row -> {
                    found.put(row.getLong(1), new Place(row.getObject(2, UUID.class), row.getObject(3, LocalDate.class), row.getObject(4, LocalDate.class)));
                });
        return found;
    }

    /// A run of numbers that have no document.
    ///
    /// @param why NOT_ARRIVED, REFUSED (waits for a correction) or VOID
    public record Gap(String documentType, String series, long from, long to, String why, @Nullable String reason) {}

    /// Every number of a device's series up to the highest that has arrived which no document bears, and why (OFF-03).
    public static List<Gap> gaps(JdbcClient db, long distributorId, UUID deviceId) {
        return db.sql("""
                select document_type, series, min(number), max(number), why, reason from (
                  select m.*, m.number - row_number() over (partition by m.document_type, m.series, m.why, m.reason order by m.number) as run from (
                    select l.document_type, l.series, a.number,
                           case when n.fate = 'VOID' then 'VOID' when o.outcome in ('REFUSED', 'QUARANTINED') then 'REFUSED' else 'NOT_ARRIVED' end as why, coalesce(n.reason, o.code) as reason
                      from sync.lease l
                     cross join lateral (select max(r.number) as last from platform.number_register r where r.distributor_id = l.distributor_id and r.document_type = l.document_type
                                            and r.series = l.series and r.fiscal_year = l.fiscal_year) h
                     cross join lateral generate_series(1, h.last) a (number)
                      left join platform.number_register n on n.distributor_id = l.distributor_id and n.document_type = l.document_type and n.series = l.series and n.fiscal_year = l.fiscal_year
                                                          and n.number = a.number
                      left join lateral (select c.outcome, c.code from sync.command_outcome c where c.distributor_id = l.distributor_id and c.device_id = l.device_id
                                            and c.number = l.series || lpad(a.number::text, greatest(l.width, length(a.number::text)), '0') limit 1) o on true
                     where l.distributor_id = ? and l.device_id = ? and (n.number is null or n.fate = 'VOID')) m) runs
                 group by document_type, series, why, reason, run order by document_type, series, min(number) limit 200""")
                .params(distributorId, deviceId).query((row, _) -> new Gap(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getString(5), row.getString(6))).list();
    }

    /// A retired series whose missing numbers are due to be declared void.
    ///
    /// @param used the highest number that the device is known to have given
    public record Due(Lease lease, long used) {}

    /// @param deviceLeft what the device last said it had left, as the JSON of its heartbeat
    public static List<Due> due(JdbcClient db, long distributorId, LocalDate today) {
        return db.sql(LEASE.replace("l.voided_at\n", "l.voided_at, (select (v.series_left::json ->> l.document_type)::bigint from sync.device v where v.distributor_id = l.distributor_id and v.id = l.device_id) as left_then\n")
                        + " and l.state = 'RETIRED' and l.voided_at is null and l.void_after < ? order by l.device_id")
                .params(distributorId, today).query((row, at) -> {
                    var lease = lease(row, at);
                    var left = (Long) row.getObject("left_then");
                    return new Due(lease, Math.max(lease.lastNumber(), left == null ? 0 : Math.min(lease.max(), lease.max() - left)));
                }).list();
    }

    public static List<Long> missing(JdbcClient db, Lease lease, long upTo) {
        return db.sql("""
                select a.number from generate_series(1, ?) a (number)
                 where not exists (select from platform.number_register n where n.distributor_id = ? and n.document_type = ? and n.series = ? and n.fiscal_year = ? and n.number = a.number)
                 order by a.number""").params(upTo, lease.distributorId(), lease.documentType(), lease.series(), lease.fiscalYear()).query(Long.class).list();
    }

    public static void voided(JdbcClient db, Lease lease, Instant now) {
        db.sql("update sync.lease set voided_at = ? where distributor_id = ? and device_id = ? and document_type = ? and fiscal_year = ?")
                .params(DeviceStore.at(now), lease.distributorId(), lease.deviceId(), lease.documentType(), lease.fiscalYear()).update();
    }

    /// Leases of a device by series, the newest fiscal year of a name last.
    public static NavigableMap<String, Lease> bySeries(List<Lease> leases) {
        var found = new TreeMap<String, Lease>();
        leases.forEach(lease -> found.put(lease.series(), lease));
        return found;
    }

    public static Optional<Lease> find(List<Lease> leases, String series) {
        return leases.stream().filter(lease -> lease.series().equals(series)).reduce((_, later) -> later);
    }
}
