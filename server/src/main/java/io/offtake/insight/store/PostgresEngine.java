package io.offtake.insight.store;

import static io.offtake.platform.ProblemCode.QUESTION_INVALID;

import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.Plan;
import io.offtake.insight.domain.Place;
import io.offtake.platform.Problem;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers plans from the rollups and ledgers in PostgreSQL, all statements of an answer in one snapshot.
///
/// A question of the whole network runs under the network role; one that is confined runs under row-level security, which
/// would hold back what the compiler let through.
public final class PostgresEngine implements Engine {
    /// jit: compiling costs more than these queries take. repeatable read: rows, totals and freshness agree.
    private static final String SETTINGS = "set transaction isolation level repeatable read; set local statement_timeout = '15s'; set local jit = off; set local work_mem = '64MB'";
    private static final String TIMED_OUT = "57014";

    private final TenantTransaction transactions;

    public PostgresEngine(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @Override
    public Result answer(Plan plan) {
        if (plan.zones().isEmpty()) return new Result(List.of(), null, null, 0, List.of());
        var asker = plan.asker();
        if (plan.network()) return transactions.networkOn(connection -> run(connection, plan));
        var distributors = plan.places().stream().map(Place::id).collect(Collectors.toSet());
        var scope = RowScope.of(distributors);
        return transactions.readOn(asker.principals() == null ? scope : scope.confinedTo(asker.principals()), connection -> run(connection, plan));
    }

    private Result run(Connection connection, Plan plan) throws SQLException {
        var compiler = new Compiler(plan);
        try (var statement = connection.createStatement()) {
            statement.execute(SETTINGS);
        }
        try {
            var rows = new ArrayList<Group>();
            long count = 0;
            try (var statement = compiler.statement(Compiler.Level.ROWS).prepare(connection); var found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(group(found, plan, compiler, true));
                    count = found.getLong("rows");
                }
            }
            if (rows.isEmpty() && plan.offset() > 0) count = plan.offset();
            Group totals = null;
            Group notAllocated = null;
            if (plan.totals()) {
                totals = plan.dimensions().isEmpty() && !rows.isEmpty() ? rows.getFirst() : single(connection, plan, compiler, Compiler.Level.TOTAL);
                if (compiler.mayLackKeys()) notAllocated = single(connection, plan, compiler, Compiler.Level.NOT_ALLOCATED);
                if (notAllocated != null && notAllocated.parts().values().stream().allMatch(part -> part == null || part.signum() == 0)) notAllocated = null;
            }
            return new Result(rows, totals, notAllocated, count, fed(connection, plan));
        } catch (SQLException failure) {
            if (!TIMED_OUT.equals(failure.getSQLState())) throw failure;
            throw Problem.of(QUESTION_INVALID, "This question takes more than 15 seconds: ask for a shorter window, fewer places or fewer dimensions.")
                    .at("", QUESTION_INVALID, "takes too long", "a narrower question").exception();
        }
    }

    private static @Nullable Group single(Connection connection, Plan plan, Compiler compiler, Compiler.Level level) throws SQLException {
        try (var statement = compiler.statement(level).prepare(connection); var found = statement.executeQuery()) {
            return found.next() ? group(found, plan, compiler, false) : null;
        }
    }

    private static Group group(ResultSet row, Plan plan, Compiler compiler, boolean keyed) throws SQLException {
        var keys = new ArrayList<@Nullable Object>();
        var labels = new ArrayList<@Nullable String>();
        Document document = null;
        if (keyed) {
            for (int i = 0; i < plan.dimensions().size(); i++) {
                keys.add(key(row, plan, i));
                labels.add(row.getString("l" + i));
            }
            if (compiler.documents()) {
                for (int i = 0; i < plan.dimensions().size(); i++) {
                    if (plan.dimensions().get(i).id().equals("invoice") && keys.get(i) instanceof UUID id) document = new Document(row.getString("dk"), id, row.getLong("h"));
                }
            }
        }
        var parts = new LinkedHashMap<String, @Nullable BigDecimal>();
        for (int i = 0; i < compiler.components().size(); i++) parts.put(compiler.components().get(i), row.getBigDecimal("c" + i));
        Map<String, @Nullable BigDecimal> values = new LinkedHashMap<>();
        Map<String, @Nullable BigDecimal> compares = new LinkedHashMap<>();
        for (int i = 0; i < plan.metrics().size(); i++) {
            values.put(plan.metrics().get(i).id(), row.getBigDecimal("v" + i));
            if (plan.compare()) compares.put(plan.metrics().get(i).id(), row.getBigDecimal("w" + i));
        }
        return new Group(keys, labels, document, parts, values, compares);
    }

    private static @Nullable Object key(ResultSet row, Plan plan, int i) throws SQLException {
        var column = "k" + i;
        return switch (plan.dimensions().get(i).type()) {
            case NUMBER -> {
                long number = row.getLong(column);
                yield row.wasNull() ? null : (Object) number;
            }
            case UUID -> row.getObject(column, UUID.class);
            case TEXT -> row.getString(column);
            case DATE -> row.getObject(column, LocalDate.class);
        };
    }

    /// How far the feed has come for each distributor of the question: a few index look-ups each.
    private static List<Fed> fed(Connection connection, Plan plan) throws SQLException {
        var ids = plan.places().stream().mapToLong(Place::id).toArray();
        var sql = Sql.of("""
                select d.id, coalesce(c.seq, 0) as seq, o.recorded_at,
                       coalesce((select max(x.seq) from platform.outbox x where x.distributor_id = d.id), 0) as head,
                       (select min(s.business_date) from insight.sales_document s where s.distributor_id = d.id) as first_day
                  from network.distributor d
                  left join platform.feed_cursor c on c.distributor_id = d.id and c.consumer = 'insight'
                  left join platform.outbox o on o.distributor_id = c.distributor_id and o.seq = c.seq
                 where d.id = any (?)
                 order by d.id""", ids);
        try (var statement = sql.prepare(connection); var row = statement.executeQuery()) {
            var fed = new ArrayList<Fed>();
            while (row.next()) {
                var asOf = row.getObject("recorded_at", OffsetDateTime.class);
                fed.add(new Fed(row.getLong("id"), row.getLong("seq"), row.getLong("head"), asOf == null ? null : asOf.toInstant(), row.getObject("first_day", LocalDate.class)));
            }
            return fed;
        }
    }
}
