package io.offtake.insight.store;

import io.offtake.insight.domain.Place;
import io.offtake.platform.TenantTransaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The distributors with their place in the territory tree, remembered for some seconds.
public final class NetworkDirectory {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private record Read(List<Place> places, Set<Long> ids, Instant at) {}

    private final TenantTransaction transactions;
    private final Clock clock;
    private volatile @Nullable Read last;

    public NetworkDirectory(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// @param needed distributors that must be among them if they exist; null for no one in particular
    public List<Place> places(@Nullable Set<Long> needed) {
        var known = last;
        var now = clock.instant();
        if (known != null && !now.isBefore(known.at) && now.isBefore(known.at.plus(FRESH)) && (needed == null || known.ids.containsAll(needed))) return known.places;
        var places = transactions.shared(client -> client.sql("""
                select d.id, d.code, d.name, d.time_zone, d.currency, d.tier, d.supplier_id,
                       case when t.kind = 'TERRITORY' then t.id end as territory_id,
                       case when t.kind = 'REGION' then t.id when p.kind = 'REGION' then p.id when g.kind = 'REGION' then g.id end as region_id
                  from network.distributor d
                  left join network.territory t on t.id = d.territory_id
                  left join network.territory p on p.id = t.parent_id
                  left join network.territory g on g.id = p.parent_id
                 order by d.id""").query(NetworkDirectory::place).list());
        last = new Read(places, places.stream().map(Place::id).collect(Collectors.toSet()), now);
        return places;
    }

    private static Place place(ResultSet row, int number) throws SQLException {
        return new Place(row.getLong("id"), row.getString("code"), row.getString("name"), id(row, "territory_id"), id(row, "region_id"), zone(row.getString("time_zone")), row.getString("currency"), row.getString("tier"), id(row, "supplier_id"));
    }

    private static @Nullable Long id(ResultSet row, String column) throws SQLException {
        long id = row.getLong(column);
        return row.wasNull() ? null : id;
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            return ZoneId.of("UTC");
        }
    }
}
