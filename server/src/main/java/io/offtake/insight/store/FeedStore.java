package io.offtake.insight.store;

import io.offtake.platform.TenantTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Moves the facts of a distributor from one place in its change feed to a later one. Facts and cursor are written in one
/// transaction, so that every event counts exactly once, whenever the process dies.
///
/// The feed is in commit order: its sequence is taken from the audit head, whose row is locked until commit. So every event
/// up to the greatest one that can be seen is there.
public final class FeedStore {
    private static final String CONSUMER = "insight";
    private static final String SOLD = "o.topic in ('invoice.posted', 'credit-note.posted')";
    private static final String CANCELLED = "o.topic in ('invoice.cancelled', 'credit-note.cancelled')";
    private static final String RECEIVED = "o.topic = 'goods-receipt.posted'";
    private static final String RANGE = "o.distributor_id = ? and o.seq > ? and o.seq <= ?";

    /// Documents that were posted in the range and are not facts yet: a document that is told twice counts once.
    private static final String NEW_SALES = """
            (select distinct i.distributor_id, i.id, i.business_date, i.kind, i.principal_id, i.outlet_id, i.number
               from platform.outbox o
               join billing.invoice i on i.distributor_id = o.distributor_id and i.id = o.document_id
              where\s""" + RANGE + " and " + SOLD + """

                and not exists (select 1 from insight.sales_document k where k.distributor_id = i.distributor_id and k.id = i.id)) i""";

    /// Facts whose document was cancelled in the range and which still count. The event names the document or its cancellation.
    private static final String NEW_CANCELS = """
            (select distinct k.distributor_id, k.id, k.business_date, k.kind, k.principal_id, k.outlet_id
               from platform.outbox o
               left join billing.invoice_cancellation c on c.distributor_id = o.distributor_id and c.id = o.document_id
               join insight.sales_document k on k.distributor_id = o.distributor_id and k.id = coalesce(c.invoice_id, o.document_id)
              where\s""" + RANGE + " and " + CANCELLED + " and not k.cancelled) i";

    private static final String LINES = """

              join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id""";

    /// Sums over lines: what invoices bill, what credit notes take back, and the net of both.
    private static final String SUMS = """
            sum(case when i.kind = 'INVOICE' then l.gross - l.scheme_discount - l.manual_discount else l.scheme_discount + l.manual_discount - l.gross end),
                   sum(case when i.kind = 'INVOICE' then l.gross else 0 end),
                   sum(case when i.kind = 'INVOICE' then l.scheme_discount else 0 end),
                   sum(case when i.kind = 'INVOICE' then l.manual_discount else 0 end),
                   sum(case when i.kind = 'INVOICE' then 0 else l.gross - l.scheme_discount - l.manual_discount end),
                   sum(case when i.kind = 'INVOICE' then l.qty else 0 end),
                   sum(case when i.kind = 'INVOICE' then l.free_qty else 0 end),
                   sum(case when i.kind = 'INVOICE' then 0 else l.qty end)""";

    private static final String ADD_DAILY = """
            insert into insight.sales_daily as t (distributor_id, business_date, outlet_id, sku_id, principal_id, bills, lines,
                   nsv, gross, scheme_discount, manual_discount, returned, billed_qty, free_qty, returned_qty)
            select i.distributor_id, i.business_date, i.outlet_id, l.sku_id, i.principal_id,
                   count(distinct i.id) filter (where i.kind = 'INVOICE' and l.qty > 0), count(*),
                  \s""" + SUMS + "\n  from " + NEW_SALES + LINES + """

             group by i.distributor_id, i.business_date, i.outlet_id, l.sku_id, i.principal_id
            on conflict (distributor_id, business_date, outlet_id, sku_id) do update set
                   bills = t.bills + excluded.bills, lines = t.lines + excluded.lines, nsv = t.nsv + excluded.nsv, gross = t.gross + excluded.gross,
                   scheme_discount = t.scheme_discount + excluded.scheme_discount, manual_discount = t.manual_discount + excluded.manual_discount,
                   returned = t.returned + excluded.returned, billed_qty = t.billed_qty + excluded.billed_qty, free_qty = t.free_qty + excluded.free_qty,
                   returned_qty = t.returned_qty + excluded.returned_qty""";

    private static final String ADD_DOCUMENTS = """
            insert into insight.sales_document (distributor_id, id, business_date, kind, principal_id, outlet_id, number, lines,
                   nsv, gross, scheme_discount, manual_discount, returned, billed_qty, free_qty, returned_qty)
            select i.distributor_id, i.id, i.business_date, i.kind, i.principal_id, i.outlet_id, i.number, count(*),
                  \s""" + SUMS + "\n  from " + NEW_SALES + LINES + """

             group by i.distributor_id, i.id, i.business_date, i.kind, i.principal_id, i.outlet_id, i.number""";

    private static final String TAKE_DAILY = """
            update insight.sales_daily t
               set bills = t.bills - x.bills, lines = t.lines - x.lines, nsv = t.nsv - x.nsv, gross = t.gross - x.gross,
                   scheme_discount = t.scheme_discount - x.scheme_discount, manual_discount = t.manual_discount - x.manual_discount,
                   returned = t.returned - x.returned, billed_qty = t.billed_qty - x.billed_qty, free_qty = t.free_qty - x.free_qty,
                   returned_qty = t.returned_qty - x.returned_qty
              from (select i.distributor_id, i.business_date, i.outlet_id, l.sku_id,
                           count(distinct i.id) filter (where i.kind = 'INVOICE' and l.qty > 0) as bills, count(*) as lines,
                          \s""" + named(SUMS) + "\n          from " + NEW_CANCELS + LINES + """

                     group by i.distributor_id, i.business_date, i.outlet_id, l.sku_id) x
             where t.distributor_id = x.distributor_id and t.business_date = x.business_date and t.outlet_id = x.outlet_id and t.sku_id = x.sku_id""";

    private static final String MARK_CANCELLED = """
            update insight.sales_document t set cancelled = true
              from\s""" + NEW_CANCELS + """

             where t.distributor_id = i.distributor_id and t.business_date = i.business_date and t.id = i.id""";

    private static final String DROP_EMPTY = "delete from insight.sales_daily where distributor_id = ? and lines = 0";

    private static final String NEW_RECEIPTS = """
            (select distinct g.distributor_id, g.id, g.business_date
               from platform.outbox o
               join primary_sales.goods_receipt g on g.distributor_id = o.distributor_id and g.id = o.document_id
              where\s""" + RANGE + " and " + RECEIVED + """

                and not exists (select 1 from insight.primary_document k where k.distributor_id = g.distributor_id and k.id = g.id)) g""";

    private static final String ADD_PRIMARY = """
            insert into insight.primary_daily as t (distributor_id, business_date, sku_id, principal_id, lines, value, billed_qty, free_qty)
            select g.distributor_id, g.business_date, l.sku_id, l.principal_id, count(*), sum(l.taxable), sum(l.billed_qty), sum(l.free_qty)
              from\s""" + NEW_RECEIPTS + """

              join primary_sales.goods_receipt_line l on l.distributor_id = g.distributor_id and l.business_date = g.business_date and l.goods_receipt_id = g.id
             group by g.distributor_id, g.business_date, l.sku_id, l.principal_id
            on conflict (distributor_id, business_date, sku_id) do update set
                   lines = t.lines + excluded.lines, value = t.value + excluded.value, billed_qty = t.billed_qty + excluded.billed_qty, free_qty = t.free_qty + excluded.free_qty""";

    private static final String ADD_RECEIPTS = """
            insert into insight.primary_document (distributor_id, id, business_date)
            select g.distributor_id, g.id, g.business_date from\s""" + NEW_RECEIPTS;

    private static String named(String sums) {
        var names = List.of("nsv", "gross", "scheme_discount", "manual_discount", "returned", "billed_qty", "free_qty", "returned_qty");
        var terms = sums.split(",\\n");
        var text = new StringBuilder();
        for (int i = 0; i < terms.length; i++) text.append(i == 0 ? "" : ",\n").append(terms[i]).append(" as ").append(names.get(i));
        return text.toString();
    }

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

    /// Takes in the next events of one distributor.
    ///
    /// @return how many; 0 if there are none or another node is at it
    public int advance(long distributorId, int most) {
        return transactions.networkOn(connection -> {
            // Facts and cursor are lost together, and made again from the feed: their commit need not wait for the disk.
            execute(connection, "SET LOCAL synchronous_commit = off");
            var from = lock(connection, distributorId, "for update skip locked");
            if (from == null) {
                open(connection, distributorId);
                from = lock(connection, distributorId, "for update skip locked");
            }
            if (from == null) return 0;
            var batch = next(connection, distributorId, from, most);
            if (batch.events == 0) return 0;
            take(connection, distributorId, from, batch);
            move(connection, distributorId, batch.to);
            return batch.events;
        });
    }

    /// Makes all facts of one distributor again, in one transaction.
    public long rebuild(long distributorId, int most, LongConsumer progress) {
        return transactions.networkOn(connection -> {
            open(connection, distributorId);
            lock(connection, distributorId, "for update");
            for (var table : List.of("sales_daily", "sales_document", "primary_daily", "primary_document")) {
                update(connection, "delete from insight." + table + " where distributor_id = ?", distributorId);
            }
            long events = 0;
            long from = 0;
            for (var batch = next(connection, distributorId, from, most); batch.events > 0; batch = next(connection, distributorId, from, most)) {
                take(connection, distributorId, from, batch);
                from = batch.to;
                events += batch.events;
                progress.accept(events);
            }
            move(connection, distributorId, from);
            return events;
        });
    }

    /// How many events a distributor's feed holds.
    public long events(long distributorId) {
        return transactions.network(client -> client.sql("select count(*) from platform.outbox where distributor_id = ?").param(distributorId).query(Long.class).single());
    }

    private record Batch(int events, long to, boolean sold, boolean cancelled, boolean received) {}

    private static Batch next(Connection connection, long distributorId, long from, int most) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select count(*), coalesce(max(o.seq), 0), coalesce(bool_or(\s""" + SOLD + "), false), coalesce(bool_or(" + CANCELLED + "), false), coalesce(bool_or(" + RECEIVED + """
                ), false)
                  from (select q.seq, q.topic from platform.outbox q where q.distributor_id = ? and q.seq > ? order by q.seq limit ?) o""")) {
            statement.setLong(1, distributorId);
            statement.setLong(2, from);
            statement.setInt(3, most);
            try (var row = statement.executeQuery()) {
                row.next();
                return new Batch(row.getInt(1), row.getLong(2), row.getBoolean(3), row.getBoolean(4), row.getBoolean(5));
            }
        }
    }

    /// The rollups of one range of events. Days come before documents, which say what was counted.
    private static void take(Connection connection, long distributorId, long from, Batch batch) throws SQLException {
        if (batch.sold) {
            update(connection, ADD_DAILY, distributorId, from, batch.to);
            update(connection, ADD_DOCUMENTS, distributorId, from, batch.to);
        }
        if (batch.cancelled) {
            update(connection, TAKE_DAILY, distributorId, from, batch.to);
            update(connection, MARK_CANCELLED, distributorId, from, batch.to);
            update(connection, DROP_EMPTY, distributorId);
        }
        if (batch.received) {
            update(connection, ADD_PRIMARY, distributorId, from, batch.to);
            update(connection, ADD_RECEIPTS, distributorId, from, batch.to);
        }
    }

    private void open(Connection connection, long distributorId) throws SQLException {
        update(connection, "insert into platform.feed_cursor (distributor_id, consumer, seq, moved_at) values (?, '" + CONSUMER + "', 0, ?) on conflict do nothing",
                distributorId, at(clock.instant()));
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
        update(connection, "update platform.feed_cursor set seq = ?, moved_at = ? where distributor_id = ? and consumer = '" + CONSUMER + "'", to, at(clock.instant()), distributorId);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static void update(Connection connection, String sql, Object... arguments) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) statement.setObject(i + 1, arguments[i]);
            statement.executeUpdate();
        }
    }
}
