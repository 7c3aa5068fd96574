package io.offtake.insight.store;

import static io.offtake.platform.ProblemCode.QUESTION_INVALID;

import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.FactKind;
import io.offtake.insight.domain.Knowledge;
import io.offtake.insight.domain.Place;
import io.offtake.insight.domain.Plan;
import io.offtake.platform.Problem;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Answers plans from the facts and ledgers in PostgreSQL, all statements of an answer in one snapshot.
///
/// A question of the whole network runs under the network role; one that is confined runs under row-level security, which
/// would hold back what the compiler let through.
public final class PostgresEngine implements Engine {
    public static final String NAME = "postgres";
    /// jit: compiling costs more than these queries take. repeatable read: rows, totals and freshness agree.
    private static final String SETTINGS = "set transaction isolation level repeatable read; set local statement_timeout = '%ds'; set local jit = off; set local work_mem = '64MB'";
    private static final int SECONDS = 15;
    private static final String TIMED_OUT = "57014";

    private final TenantTransaction transactions;
    private final int seconds;

    public PostgresEngine(TenantTransaction transactions) {
        this(transactions, SECONDS);
    }

    /// @param seconds that one statement may take
    public PostgresEngine(TenantTransaction transactions, int seconds) {
        this.transactions = transactions;
        this.seconds = seconds;
    }

    @Override
    public Result answer(Plan plan) {
        if (plan.zones().isEmpty()) return new Result(List.of(), null, null, 0, List.of(), NAME);
        var asker = plan.asker();
        if (plan.network()) return transactions.networkOn(connection -> run(connection, plan));
        var distributors = plan.places().stream().map(Place::id).collect(Collectors.toSet());
        var scope = RowScope.of(distributors);
        return transactions.readOn(asker.principals() == null ? scope : scope.confinedTo(asker.principals()), connection -> run(connection, plan));
    }

    private Result run(Connection connection, Plan plan) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(SETTINGS.replace("%d", Integer.toString(seconds)));
        }
        try {
            return new Reader(connection, plan, new Compiler(plan, known(connection, plan), Dialect.POSTGRES, false)).read(fed(connection, plan), NAME);
        } catch (SQLException failure) {
            if (!TIMED_OUT.equals(failure.getSQLState())) throw failure;
            throw Problem.of(QUESTION_INVALID, "This question takes more than " + seconds + " seconds: ask for a shorter window, fewer places or fewer dimensions.")
                    .at("", QUESTION_INVALID, "takes too long", "a narrower question").exception();
        }
    }

    private static Knowledge known(Connection connection, Plan plan) throws SQLException {
        var kinds = Components.kinds(plan.metrics());
        return kinds.isEmpty() ? Knowledge.whole(plan) : Knowledge.of(plan, kinds, sent(connection, plan, Set.copyOf(kinds.values())), Holders.of(connection, plan, Dialect.POSTGRES));
    }

    /// Of whom facts of the kinds asked for are known: a look into an index each, which ends at the first one.
    private static Map<FactKind, Map<Long, Set<Long>>> sent(Connection connection, Plan plan, Set<FactKind> kinds) throws SQLException {
        var all = new EnumMap<FactKind, Map<Long, Set<Long>>>(FactKind.class);
        var ids = plan.places().stream().mapToLong(Place::id).toArray();
        for (var kind : kinds) {
            // what lies there and what is open are looked at last: who has a ledger has its movements
            var tables = switch (kind) {
                case PRIMARY -> List.of("insight.primary_daily f where ");
                case STOCK -> List.of("insight.stock_month f where ", "stock.balance f where f.qty > 0 and f.bucket in ('SALEABLE', 'RESERVED') and ", "insight.stock_batch f where f.qty > 0 and f.bucket in ('SALEABLE', 'RESERVED') and ");
                case MONEY -> List.of("insight.receivable_daily f where ", "receivables.open_item f where f.open_amount > 0 and ", "insight.receivable_item f where f.open_amount > 0 and ");
                case ORDERS -> List.of("insight.order_line f where f.state <> 'CANCELLED_CUSTOMER' and ");
                case VISITS -> List.of("insight.visit f where ");
                case TARGETS -> List.of("insight.target f where ");
            };
            boolean apart = kind.ofPrincipals() && (plan.by("principal") || plan.principals() != null);
            var sql = apart ? Sql.of("select d.distributor_id, d.principal_id from network.distributor_principal d where d.distributor_id = any (?)", ids) : Sql.of("select d.id, 0::bigint from network.distributor d where d.id = any (?)", ids);
            if (apart && plan.principals() != null) sql.add(" and d.principal_id = any (?)", plan.principals().stream().mapToLong(Long::longValue).toArray());
            var same = "f.distributor_id = d." + (apart ? "distributor_id and f.principal_id = d.principal_id" : "id");
            sql.add(" and (" + String.join(" or ", tables.stream().map(table -> "exists (select 1 from " + table + same + ")").toList()) + ")");
            var sent = new HashMap<Long, Set<Long>>();
            try (var statement = sql.prepare(connection); var row = statement.executeQuery()) {
                while (row.next()) sent.computeIfAbsent(row.getLong(1), _ -> new HashSet<>()).add(row.getLong(2));
            }
            all.put(kind, sent);
        }
        return all;
    }

    /// How far the feed has come for each distributor of the question: a few index look-ups each.
    private static List<Fed> fed(Connection connection, Plan plan) throws SQLException {
        var ids = plan.places().stream().mapToLong(Place::id).toArray();
        var sql = Sql.of("""
                select d.id, coalesce(c.seq, 0) as seq, o.recorded_at,
                       coalesce((select max(x.seq) from platform.outbox x where x.distributor_id = d.id), 0) as head,
                       (select min(s.business_date) from insight.sales_document s where s.distributor_id = d.id and not s.cancelled) as first_day, h.filed_at
                  from network.distributor d
                  left join platform.feed_cursor c on c.distributor_id = d.id and c.consumer = 'insight'
                  left join platform.outbox o on o.distributor_id = c.distributor_id and o.seq = c.seq
                  left join insight.facts_head h on h.distributor_id = d.id
                 where d.id = any (?)
                 order by d.id""", ids);
        try (var statement = sql.prepare(connection); var row = statement.executeQuery()) {
            var fed = new ArrayList<Fed>();
            while (row.next()) {
                var asOf = row.getObject("recorded_at", OffsetDateTime.class);
                var filedAt = row.getObject("filed_at", OffsetDateTime.class);
                if (asOf == null || filedAt != null && filedAt.isAfter(asOf)) asOf = filedAt;
                fed.add(new Fed(row.getLong("id"), row.getLong("seq"), row.getLong("head"), asOf == null ? null : asOf.toInstant(), row.getObject("first_day", LocalDate.class), filedAt != null));
            }
            return fed;
        }
    }
}
