package io.offtake.insight.store;

import io.offtake.platform.TenantTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Moves the facts of a distributor from one place in its change feed to a later one. Facts and cursor are written in one
/// transaction, so that every event counts exactly once, whenever the process dies.
///
/// The feed is in commit order: its sequence is taken from the audit head, whose row is locked until commit. So every event
/// up to the greatest one that can be seen is there. Whoever changes facts holds the distributor's row of `insight.facts_head`
/// until commit and takes its version from it: versions are in commit order too.
public final class FeedStore {
    private static final String CONSUMER = "insight";
    /// Days from order to promised delivery (KPI-33) as long as routes have no lead times of their own.
    static final int PROMISE_DAYS = 2;

    private final TenantTransaction transactions;
    private final Clock clock;

    public FeedStore(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Distributors with events that are not facts yet: one index look-up each.
    public List<Long> pending() {
        return transactions.network(client -> client.sql("""
                select d.id from network.distributor d
                  left join platform.feed_cursor c on c.distributor_id = d.id and c.consumer = 'insight'
                 where exists (select 1 from platform.outbox o where o.distributor_id = d.id and o.seq > coalesce(c.seq, 0))
                 order by d.id""").query(Long.class).list());
    }

    /// Distributors with outlets that changed beat, channel, class or status since facts were last written.
    public List<Long> moved() {
        return transactions.network(client -> client.sql(FactSql.MOVED_ANYWHERE).query(Long.class).list());
    }

    /// About how many rows of daily sales there are; 0 with fewer distributors than `least`.
    public long size(int least) {
        return transactions.network(client -> client.sql("""
                select case when (select count(*) from insight.facts_head) < ? then 0 else greatest(c.reltuples, 0)::bigint end from pg_class c where c.oid = 'insight.sales_daily'::regclass""")
                .param(least).query(Long.class).single());
    }

    /// Takes in the next events of one distributor.
    ///
    /// @return how many; 0 if there are none or another node is at it
    public int advance(long distributorId, int most) {
        return transactions.networkOn(connection -> {
            relaxed(connection);
            var from = lock(connection, distributorId, "for update skip locked");
            if (from == null) {
                open(connection, distributorId);
                from = lock(connection, distributorId, "for update skip locked");
            }
            if (from == null) return 0;
            var batch = next(connection, distributorId, from, most);
            if (batch.events == 0) return 0;
            boolean exact = exact(connection, distributorId);
            long version = raise(connection, distributorId, false);
            places(connection, distributorId, version);
            take(connection, distributorId, from, batch, version, exact);
            if (!exact) Named.update(connection, "update insight.facts_head set exact = true where distributor_id = :d", Map.of("d", distributorId));
            move(connection, distributorId, batch.to);
            return batch.events;
        });
    }

    /// Notes where the outlets of a distributor stand from today on.
    public void follow(long distributorId) {
        transactions.networkOn(connection -> {
            relaxed(connection);
            places(connection, distributorId, raise(connection, distributorId, false));
            return null;
        });
    }

    /// Makes all facts of one distributor's documents again, in one transaction. Facts from files and the places of outlets stay.
    public long rebuild(long distributorId, int most, LongConsumer progress) {
        return transactions.networkOn(connection -> {
            open(connection, distributorId);
            lock(connection, distributorId, "for update");
            long version = raise(connection, distributorId, true);
            places(connection, distributorId, version);
            for (var table : List.of("sales_daily", "sales_month", "sales_document", "scheme_use", "return_line", "note_line", "primary_daily", "order_line", "stock_daily", "stock_month", "receivable_daily")) {
                Named.update(connection, "delete from insight." + table + " where distributor_id = :d and source = 'LIVE'", Map.of("d", distributorId));
            }
            Named.update(connection, "delete from insight.primary_document where distributor_id = :d", Map.of("d", distributorId));
            long events = 0;
            long from = 0;
            for (var batch = next(connection, distributorId, from, most); batch.events > 0; batch = next(connection, distributorId, from, most)) {
                take(connection, distributorId, from, batch, version, true);
                from = batch.to;
                events += batch.events;
                progress.accept(events);
            }
            move(connection, distributorId, from);
            Named.update(connection, "update insight.facts_head set exact = true where distributor_id = :d", Map.of("d", distributorId));
            return events;
        });
    }

    /// How many events a distributor's feed holds.
    public long events(long distributorId) {
        return transactions.network(client -> client.sql("select count(*) from platform.outbox where distributor_id = ?").param(distributorId).query(Long.class).single());
    }

    private record Batch(int events, long to, boolean sold, boolean noted, boolean prior, boolean cancelled, boolean received, boolean ordered, boolean delivered, boolean moving, boolean booking) {}

    private static Batch next(Connection connection, long distributorId, long from, int most) throws SQLException {
        try (var statement = Named.prepare(connection, FactSql.NEXT, Map.of("d", distributorId, "from", from, "most", most)); var row = statement.executeQuery()) {
            row.next();
            return new Batch(row.getInt("events"), row.getLong("last"), row.getBoolean("sold"), row.getBoolean("noted"), row.getBoolean("prior"), row.getBoolean("cancelled"), row.getBoolean("received"), row.getBoolean("ordered"), row.getBoolean("delivered"), row.getBoolean("moving"), row.getBoolean("booking"));
        }
    }

    /// The facts of one range of events. Days come before documents, which say what was counted.
    ///
    /// @param exact whether days of stock and accounts hold what the feed has told so far and no more; else they are summed again once
    private static void take(Connection connection, long distributorId, long from, Batch batch, long version, boolean exact) throws SQLException {
        var arguments = new HashMap<String, Object>(Map.of("d", distributorId, "from", from, "to", batch.to, "v", version, "promise", PROMISE_DAYS));
        if (batch.sold) {
            for (var sql : List.of(FactSql.ADD_DAILY, FactSql.ADD_MONTHLY, FactSql.ADD_SCHEMES, FactSql.ADD_RETURNS, FactSql.ADD_STOCK, FactSql.ADD_RECEIVABLES, FactSql.ADD_DOCUMENTS)) Named.update(connection, sql, arguments);
        }
        if (batch.cancelled) {
            for (var sql : List.of(FactSql.TAKE_DAILY, FactSql.TAKE_MONTHLY, FactSql.CANCEL_SCHEMES, FactSql.CANCEL_RETURNS, FactSql.MARK_CANCELLED)) Named.update(connection, sql, arguments);
        }
        if (batch.prior) Named.update(connection, FactSql.MARK_PRIOR, arguments);
        if (batch.noted) Named.update(connection, FactSql.ADD_NOTES, arguments);
        if (batch.received) {
            Named.update(connection, FactSql.ADD_PRIMARY, arguments);
            Named.update(connection, FactSql.ADD_RECEIPTS, arguments);
        }
        if (batch.delivered) Named.update(connection, FactSql.MARK_DELIVERED, arguments);
        if (batch.moving) Named.update(connection, FactSql.STOCK_DAYS, arguments);
        if (batch.booking) Named.update(connection, FactSql.RECEIVABLE_DAYS, arguments);
        if (!exact) {
            Named.update(connection, FactSql.ALL_STOCK_DAYS, arguments);
            Named.update(connection, FactSql.ALL_RECEIVABLE_DAYS, arguments);
        }
        if (batch.sold || batch.moving || !exact) Named.update(connection, FactSql.STOCK_MONTHS, arguments);
        if (batch.ordered) Named.update(connection, FactSql.ORDER_LINES, arguments);
    }

    void places(Connection connection, long distributorId, long version) throws SQLException {
        var arguments = Map.of("d", distributorId, "v", version);
        try (var statement = Named.prepare(connection, FactSql.ANY_MOVED, arguments); var row = statement.executeQuery()) {
            row.next();
            if (!row.getBoolean(1)) return;
        }
        Named.update(connection, FactSql.END_PLACES, arguments);
        Named.update(connection, FactSql.NEW_PLACES, arguments);
        for (var sql : FactSql.follow()) Named.update(connection, sql, arguments);
    }

    /// The next version of a distributor's facts; its row stays locked until commit.
    ///
    /// @param anew whether the facts are made anew, so that whoever keeps a copy drops it
    long raise(Connection connection, long distributorId, boolean anew) throws SQLException {
        try (var statement = Named.prepare(connection, """
                insert into insight.facts_head as t (distributor_id, version, epoch, moved_at, exact) values (:d, 1, 0, :now, true)
                on conflict (distributor_id) do update set version = t.version + 1, epoch = t.epoch + :anew, moved_at = excluded.moved_at
                returning version""", Map.of("d", distributorId, "now", at(clock.instant()), "anew", anew ? 1L : 0L)); var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /// Whoever has no facts yet has none too many.
    private static boolean exact(Connection connection, long distributorId) throws SQLException {
        try (var statement = Named.prepare(connection, "select exact from insight.facts_head where distributor_id = :d", Map.of("d", distributorId)); var row = statement.executeQuery()) {
            return !row.next() || row.getBoolean(1);
        }
    }

    private void open(Connection connection, long distributorId) throws SQLException {
        Named.update(connection, "insert into platform.feed_cursor (distributor_id, consumer, seq, moved_at) values (:d, '" + CONSUMER + "', 0, :now) on conflict do nothing",
                Map.of("d", distributorId, "now", at(clock.instant())));
    }

    private static @Nullable Long lock(Connection connection, long distributorId, String how) throws SQLException {
        try (var statement = connection.prepareStatement("select seq from platform.feed_cursor where distributor_id = ? and consumer = '" + CONSUMER + "' " + how)) {
            statement.setLong(1, distributorId);
            try (var row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : null;
            }
        }
    }

    private void move(Connection connection, long distributorId, long to) throws SQLException {
        Named.update(connection, "update platform.feed_cursor set seq = :to, moved_at = :now where distributor_id = :d and consumer = '" + CONSUMER + "'",
                Map.of("to", to, "now", at(clock.instant()), "d", distributorId));
    }

    /// Facts and cursor are lost together, and made again from the feed: their commit need not wait for the disk.
    private static void relaxed(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET LOCAL synchronous_commit = off");
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
