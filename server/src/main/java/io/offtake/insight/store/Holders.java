package io.offtake.insight.store;

import io.offtake.insight.domain.Place;
import io.offtake.insight.domain.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whose outlets and beats a question is about, where it names some: what is known is told of their distributors alone.
final class Holders {
    private Holders() {}

    /// Null if the plan names no outlets or beats.
    static @Nullable Set<Long> of(Connection connection, Plan plan, Dialect dialect) throws SQLException {
        Set<Long> holders = null;
        for (var filter : plan.filters()) {
            if (!Dialect.internal(filter.dimension()) || filter.orNone()) continue;
            var sql = Sql.of("select distinct z.distributor_id from network." + filter.dimension().id() + " z where ").add(dialect.keys("z.id", filter.dimension(), filter.keys()))
                    .add(" and ").add(dialect.among("z.distributor_id", plan.places().stream().mapToLong(Place::id).toArray()));
            var found = new HashSet<Long>();
            try (var statement = (dialect == Dialect.COLUMNAR ? sql.literal() : sql).prepare(connection); var row = statement.executeQuery()) {
                while (row.next()) found.add(row.getLong(1));
            }
            if (holders == null) holders = found;
            else holders.retainAll(found);
        }
        return holders;
    }
}
