package io.offtake.insight.store;

import io.offtake.insight.FactsGate;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Facts from files, in the same tables as those from documents, marked FILE. What a document said before is taken off before it
/// is said again.
public final class FileFacts implements FactsGate {
    private final TenantTransaction transactions;
    private final FeedStore store;
    private final Clock clock;

    public FileFacts(TenantTransaction transactions, FeedStore store, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.clock = clock;
    }

    @FunctionalInterface
    private interface Work {
        void on(Connection connection, long version) throws SQLException;
    }

    private void write(long distributorId, Work work) {
        transactions.networkOn(connection -> {
            long version = store.raise(connection, distributorId, false);
            store.places(connection, distributorId, version);
            work.on(connection, version);
            Named.update(connection, "update insight.facts_head set filed_at = :now where distributor_id = :d", Map.of("now", clock.instant().atOffset(ZoneOffset.UTC), "d", distributorId));
            return null;
        });
    }

    @Override
    public void sales(long distributorId, List<Sale> all) {
        if (all.isEmpty()) return;
        var documents = all.stream().filter(one -> one.kind() != Kind.FINANCIAL_CREDIT_NOTE).toList();
        write(distributorId, (connection, version) -> {
            var ids = all.stream().map(Sale::documentId).toArray();
            var arguments = Map.of("d", distributorId, "ids", ids, "v", version);
            Named.update(connection, FactSql.FILE_TAKE_DAILY, arguments);
            Named.update(connection, FactSql.FILE_TAKE_MONTHLY, arguments);
            for (var table : List.of("file_line where document_id", "scheme_use where source = 'FILE' and id", "return_line where source = 'FILE' and id", "note_line where source = 'FILE' and id")) {
                // rows that another engine copied must be seen to go: uses and returns are marked, not deleted
                if (table.startsWith("file_line")) Named.update(connection, "delete from insight." + table + " = any (:ids) and distributor_id = :d", arguments);
                else Named.update(connection, "update insight." + table.replace(" where", " set cancelled = true, version = :v where") + " = any (:ids) and distributor_id = :d", arguments);
            }
            Named.update(connection, "update insight.sales_document set cancelled = true, version = :v where distributor_id = :d and source = 'FILE' and id = any (:ids)", arguments);
            var rows = new Rows(connection);
            for (var sale : documents) {
                rows.add("""
                        insert into insight.sales_document as t (distributor_id, business_date, id, kind, principal_id, outlet_id, beat_id, channel, outlet_class, number, delivered_on, reason, lines, nsv, gross, scheme_discount, manual_discount,
                               returned, billed_qty, free_qty, returned_qty, cost, payable, cancelled, source, quality, version)
                        values (?, ?, ?, ?, ?, ?, null, '', '', ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ?, ?, 'FILE', ?, ?)
                        on conflict (distributor_id, business_date, id) do update set kind = excluded.kind, principal_id = excluded.principal_id, outlet_id = excluded.outlet_id, number = excluded.number, delivered_on = excluded.delivered_on,
                               reason = excluded.reason, payable = excluded.payable, cancelled = excluded.cancelled, quality = excluded.quality, version = excluded.version
                         where t.source = 'FILE'""",
                        distributorId, sale.businessDate(), sale.documentId(), sale.kind().name(), sale.principalId(), sale.outletId(), sale.number(), sale.kind() == Kind.INVOICE ? sale.businessDate() : null, sale.reason(), sale.payable(),
                        sale.cancelled(), sale.quality().name(), version);
            }
            rows.send();
            int line;
            for (var sale : documents) {
                line = 0;
                for (var one : sale.lines()) {
                    rows.add("insert into insight.file_line (distributor_id, business_date, document_id, line, principal_id, sku_id, qty, free_qty, gross, scheme_discount, manual_discount, cost, priced) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            distributorId, sale.businessDate(), sale.documentId(), ++line, sale.principalId(), one.skuId(), one.qty(), one.freeQty(), one.gross(), one.schemeDiscount(), one.manualDiscount(), one.cost(), one.atListPrice());
                }
            }
            rows.send();
            int sign;
            for (var sale : documents) {
                if (sale.cancelled()) continue;
                sign = sale.kind() == Kind.INVOICE ? 1 : -1;
                for (var one : sale.lines()) {
                    for (var use : one.schemes()) {
                        rows.add("""
                                insert into insight.scheme_use as t (distributor_id, business_date, id, scheme_id, sku_id, kind, principal_id, outlet_id, channel, outlet_class, number, benefit, claim, source, quality, version)
                                values (?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, ?, 'FILE', ?, ?)
                                on conflict (distributor_id, business_date, id, scheme_id, sku_id) do update set benefit = case when t.cancelled then 0 else t.benefit end + excluded.benefit,
                                       claim = case when t.cancelled then 0 else t.claim end + excluded.claim, cancelled = false, quality = excluded.quality, version = excluded.version""",
                                distributorId, sale.businessDate(), sale.documentId(), use.schemeId(), one.skuId(), sale.kind().name(), sale.principalId(), sale.outletId(), sale.number(), signed(sign, use.benefit()), signed(sign, use.claim()),
                                sale.quality().name(), version);
                    }
                }
            }
            rows.send();
            for (var sale : documents) {
                if (sale.cancelled() || sale.kind() == Kind.INVOICE) continue;
                for (var one : sale.lines()) {
                    rows.add("""
                            insert into insight.return_line as t (distributor_id, business_date, id, sku_id, reason, principal_id, outlet_id, channel, outlet_class, number, value, qty, source, quality, version)
                            values (?, ?, ?, ?, ?, ?, ?, '', '', ?, ?, ?, 'FILE', ?, ?)
                            on conflict (distributor_id, business_date, id, sku_id) do update set value = case when t.cancelled then 0 else t.value end + excluded.value,
                                   qty = case when t.cancelled then 0 else t.qty end + excluded.qty, reason = excluded.reason, cancelled = false, quality = excluded.quality, version = excluded.version""",
                            distributorId, sale.businessDate(), sale.documentId(), one.skuId(), Objects.requireNonNullElse(sale.reason(), ""), sale.principalId(), sale.outletId(), sale.number(),
                            one.gross().subtract(one.schemeDiscount()).subtract(one.manualDiscount()), one.qty(), sale.quality().name(), version);
                }
            }
            rows.send();
            for (var note : all) {
                if (note.cancelled() || note.kind() != Kind.FINANCIAL_CREDIT_NOTE) continue;
                for (var one : note.lines()) {
                    rows.add("""
                            insert into insight.note_line as t (distributor_id, business_date, id, sku_id, principal_id, outlet_id, channel, outlet_class, number, value, source, quality, version)
                            values (?, ?, ?, ?, ?, ?, '', '', ?, ?, 'FILE', ?, ?)
                            on conflict (distributor_id, business_date, id, sku_id) do update set value = case when t.cancelled then 0 else t.value end + excluded.value, cancelled = false, quality = excluded.quality, version = excluded.version""",
                            distributorId, note.businessDate(), note.documentId(), one.skuId(), note.principalId(), note.outletId(), note.number(), one.gross().subtract(one.schemeDiscount()).subtract(one.manualDiscount()), note.quality().name(), version);
                }
            }
            rows.send();
            placed(connection, distributorId, version, "sales_document", "scheme_use", "return_line", "note_line");
            Named.update(connection, FactSql.FILE_DOCUMENT_SUMS, arguments);
            Named.update(connection, FactSql.FILE_ADD_DAILY, arguments);
            Named.update(connection, FactSql.FILE_ADD_MONTHLY, arguments);
            Named.update(connection, FactSql.FILE_QUALITY, arguments);
        });
    }

    private static BigDecimal signed(int sign, BigDecimal amount) {
        return sign < 0 ? amount.negate() : amount;
    }

    @Override
    public void primary(long distributorId, List<Receipt> receipts) {
        if (receipts.isEmpty()) return;
        write(distributorId, (connection, version) -> {
            var arguments = Map.of("d", distributorId, "ids", receipts.stream().map(Receipt::documentId).toArray(), "v", version);
            Named.update(connection, FILE_PRIMARY.replace("{sign}", "-"), arguments);
            Named.update(connection, "delete from insight.file_receipt_line where distributor_id = :d and document_id = any (:ids)", arguments);
            var rows = new Rows(connection);
            for (var receipt : receipts) {
                int line = 0;
                if (receipt.cancelled()) continue;
                for (var one : receipt.lines()) {
                    rows.add("insert into insight.file_receipt_line (distributor_id, business_date, document_id, line, principal_id, sku_id, quality, billed_qty, free_qty, short_qty, value) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            distributorId, receipt.receivedOn(), receipt.documentId(), ++line, receipt.principalId(), one.skuId(), receipt.quality().name(), one.billedQty(), one.freeQty(), one.shortQty(), one.value());
                }
            }
            rows.send();
            Named.update(connection, FILE_PRIMARY.replace("{sign}", ""), arguments);
        });
    }

    private static final String FILE_PRIMARY = """
            insert into insight.primary_daily as t (distributor_id, business_date, sku_id, source, principal_id, quality, lines, value, billed_qty, free_qty, short_qty, version)
            select l.distributor_id, l.business_date, l.sku_id, 'FILE', l.principal_id, case when bool_or(l.quality = 'SUSPECT') then 'SUSPECT' when bool_or(l.quality = 'ESTIMATED') then 'ESTIMATED' else 'OK' end,
                   {sign}count(*), {sign}sum(l.value), {sign}sum(l.billed_qty), {sign}sum(l.free_qty), {sign}sum(l.short_qty), :v
              from insight.file_receipt_line l
             where l.distributor_id = :d and l.document_id = any (:ids)
             group by l.distributor_id, l.business_date, l.sku_id, l.principal_id
            on conflict (distributor_id, business_date, sku_id, source) do update set version = excluded.version, quality = excluded.quality, lines = t.lines + excluded.lines, value = t.value + excluded.value,
                   billed_qty = t.billed_qty + excluded.billed_qty, free_qty = t.free_qty + excluded.free_qty, short_qty = t.short_qty + excluded.short_qty""";

    @Override
    public void orders(long distributorId, List<OrderFact> orders) {
        if (orders.isEmpty()) return;
        write(distributorId, (connection, version) -> {
            var rows = new Rows(connection);
            for (var order : orders) {
                for (var line : order.lines()) {
                    rows.add("""
                            insert into insight.order_line (distributor_id, business_date, id, line, principal_id, outlet_id, channel, outlet_class, sku_id, ordered_qty, delivered_qty, rate, promise_on, delivered_on, state, reason, source, quality, version)
                            values (?, ?, ?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, ?, ?, 'FILE', ?, ?)
                            on conflict (distributor_id, business_date, id, line) do update set outlet_id = excluded.outlet_id, sku_id = excluded.sku_id, ordered_qty = excluded.ordered_qty, delivered_qty = excluded.delivered_qty,
                                   rate = excluded.rate, promise_on = excluded.promise_on, delivered_on = excluded.delivered_on, state = excluded.state, reason = excluded.reason, quality = excluded.quality, version = excluded.version""",
                            distributorId, order.orderedOn(), order.orderId(), line.line(), order.principalId(), order.outletId(), line.skuId(), line.ordered(), line.delivered(), line.rate(), order.promiseOn(), line.deliveredOn(), line.state().name(),
                            line.reason(), order.quality().name(), version);
                }
            }
            rows.send();
            placed(connection, distributorId, version, "order_line");
        });
    }

    @Override
    public void stock(long distributorId, LocalDate asOf, List<StockRow> rows) {
        write(distributorId, (connection, version) -> {
            var arguments = Map.of("d", distributorId, "v", version, "day", Date.valueOf(asOf));
            notLater(connection, "stock_batch", distributorId, asOf);
            Named.update(connection, "update insight.stock_daily set qty = 0, value = 0, version = :v where distributor_id = :d and source = 'FILE' and business_date = :day", arguments);
            var in = new Rows(connection);
            // the movement of the day: what lies there now, less all movements up to the day before
            var sums = new java.util.TreeMap<Long, BigDecimal[]>();
            var principals = new java.util.HashMap<Long, Long>();
            for (var row : rows) {
                principals.put(row.skuId(), row.principalId());
                if (!row.bucket().equals("SALEABLE") && !row.bucket().equals("RESERVED")) continue;
                var sum = sums.computeIfAbsent(row.skuId(), _ -> new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
                sum[0] = sum[0].add(row.qty());
                sum[1] = sum[1].add(row.qty().multiply(row.unitCost()).setScale(2, RoundingMode.HALF_UP));
            }
            try (var statement = Named.prepare(connection, "select sku_id, max(principal_id), sum(qty), sum(value) from insight.stock_daily where distributor_id = :d and source = 'FILE' and business_date < :day group by sku_id", arguments); var row = statement.executeQuery()) {
                while (row.next()) {
                    var sum = sums.computeIfAbsent(row.getLong(1), _ -> new BigDecimal[] {BigDecimal.ZERO, BigDecimal.ZERO});
                    principals.putIfAbsent(row.getLong(1), row.getLong(2));
                    sum[0] = sum[0].subtract(row.getBigDecimal(3));
                    sum[1] = sum[1].subtract(row.getBigDecimal(4));
                }
            }
            for (var sum : sums.entrySet()) {
                if (sum.getValue()[0].signum() == 0 && sum.getValue()[1].signum() == 0) continue;
                in.add("""
                        insert into insight.stock_daily as t (distributor_id, business_date, sku_id, source, principal_id, qty, value, issued_cost, version) values (?, ?, ?, 'FILE', ?, ?, ?, 0, ?)
                        on conflict (distributor_id, business_date, sku_id, source) do update set qty = excluded.qty, value = excluded.value, version = excluded.version""",
                        distributorId, asOf, sum.getKey(), Objects.requireNonNull(principals.get(sum.getKey())), sum.getValue()[0], sum.getValue()[1], version);
            }
            in.send();
            Named.update(connection, FactSql.STOCK_MONTHS, arguments);
            Named.update(connection, "delete from insight.stock_batch where distributor_id = :d", arguments);
            int line = 0;
            for (var row : rows) {
                in.add("insert into insight.stock_batch (distributor_id, line, sku_id, principal_id, batch_no, bucket, qty, unit_cost, expires_on, as_of, quality) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        distributorId, ++line, row.skuId(), row.principalId(), row.batchNo(), row.bucket(), row.qty(), row.unitCost(), row.expiresOn(), asOf, row.quality().name());
            }
            in.send();
        });
    }

    @Override
    public void receivables(long distributorId, LocalDate asOf, List<OpenItem> items) {
        write(distributorId, (connection, version) -> {
            var arguments = Map.of("d", distributorId, "v", version, "day", Date.valueOf(asOf));
            notLater(connection, "receivable_item", distributorId, asOf);
            var before = new java.util.HashMap<UUID, OpenItem>();
            try (var statement = Named.prepare(connection, "select document_id, number, kind, principal_id, outlet_id, business_date, due_on, amount, open_amount from insight.receivable_item where distributor_id = :d and as_of < :day", arguments); var row = statement.executeQuery()) {
                while (row.next()) {
                    before.put(row.getObject(1, UUID.class), new OpenItem(row.getObject(1, UUID.class), row.getString(2), row.getString(3), row.getLong(4), row.getObject(5, UUID.class), row.getObject(6, LocalDate.class), row.getObject(7, LocalDate.class),
                            row.getBigDecimal(8), row.getBigDecimal(9), Quality.OK));
                }
            }
            boolean again;
            try (var statement = Named.prepare(connection, "select exists (select 1 from insight.receivable_item where distributor_id = :d and as_of = :day)", arguments); var row = statement.executeQuery()) {
                row.next();
                again = row.getBoolean(1);
            }
            var in = new Rows(connection);
            if (!again) {
                // new items were charged on their own date; what is no longer open was paid by this day
                for (var item : items) {
                    var old = before.remove(item.documentId());
                    boolean debit = !item.kind().equals("CREDIT_NOTE") && !item.kind().equals("ON_ACCOUNT");
                    var paid = (old == null ? item.amount() : old.open()).subtract(item.open());
                    if (old == null) moved(in, distributorId, item.businessDate(), item, debit ? item.amount() : BigDecimal.ZERO, debit ? BigDecimal.ZERO : item.amount(), BigDecimal.ZERO, version);
                    if (paid.signum() != 0) moved(in, distributorId, asOf, item, BigDecimal.ZERO, BigDecimal.ZERO, debit ? paid : paid.negate(), version);
                }
                for (var gone : before.values()) {
                    boolean debit = !gone.kind().equals("CREDIT_NOTE") && !gone.kind().equals("ON_ACCOUNT");
                    moved(in, distributorId, asOf, gone, BigDecimal.ZERO, BigDecimal.ZERO, debit ? gone.open() : gone.open().negate(), version);
                }
                in.send();
            }
            Named.update(connection, "delete from insight.receivable_item where distributor_id = :d", arguments);
            for (var item : items) {
                in.add("insert into insight.receivable_item (distributor_id, document_id, principal_id, outlet_id, kind, number, business_date, due_on, amount, open_amount, as_of, quality) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        distributorId, item.documentId(), item.principalId(), item.outletId(), item.kind(), item.number(), item.businessDate(), item.dueOn(), item.amount(), item.open(), asOf, item.quality().name());
            }
            in.send();
            placed(connection, distributorId, version, "receivable_daily");
        });
    }

    private static void moved(Rows in, long distributorId, LocalDate on, OpenItem item, BigDecimal charged, BigDecimal credited, BigDecimal collected, long version) throws SQLException {
        in.add("""
                insert into insight.receivable_daily as t (distributor_id, business_date, outlet_id, source, principal_id, channel, outlet_class, charged, credited, collected, version) values (?, ?, ?, 'FILE', ?, '', '', ?, ?, ?, ?)
                on conflict (distributor_id, business_date, outlet_id, principal_id, source) do update set charged = t.charged + excluded.charged, credited = t.credited + excluded.credited, collected = t.collected + excluded.collected,
                       version = excluded.version""", distributorId, on, item.outletId(), item.principalId(), charged, credited, collected, version);
    }

    private static void notLater(Connection connection, String table, long distributorId, LocalDate asOf) throws SQLException {
        try (var statement = Named.prepare(connection, "select max(as_of) from insight." + table + " where distributor_id = :d", Map.of("d", distributorId)); var row = statement.executeQuery()) {
            row.next();
            var last = row.getObject(1, LocalDate.class);
            if (last != null && last.isAfter(asOf)) throw new IllegalArgumentException("a later day is known: " + last);
        }
    }

    @Override
    public void visits(long distributorId, List<Visit> visits) {
        if (visits.isEmpty()) return;
        write(distributorId, (connection, version) -> {
            var rows = new Rows(connection);
            for (var visit : visits) {
                rows.add("""
                        insert into insight.visit (distributor_id, business_date, id, outlet_id, channel, outlet_class, rep, planned, done, productive, skus, in_fence, version) values (?, ?, ?, ?, '', '', ?, ?, ?, ?, ?, ?, ?)
                        on conflict (distributor_id, business_date, id) do update set outlet_id = excluded.outlet_id, rep = excluded.rep, planned = excluded.planned, done = excluded.done, productive = excluded.productive,
                               skus = excluded.skus, in_fence = excluded.in_fence, version = excluded.version""",
                        distributorId, visit.on(), visit.visitId(), visit.outletId(), visit.rep(), visit.on().equals(visit.plannedOn()), visit.done(), visit.productive(), visit.skus(), visit.inFence(), version);
            }
            rows.send();
            placed(connection, distributorId, version, "visit");
        });
    }

    @Override
    public void targets(long distributorId, List<Target> targets) {
        if (targets.isEmpty()) return;
        write(distributorId, (connection, version) -> {
            var rows = new Rows(connection);
            for (var target : targets) {
                rows.add("""
                        insert into insight.target (distributor_id, metric, business_date, value, version) values (?, ?, ?, ?, ?)
                        on conflict (distributor_id, metric, business_date) do update set value = excluded.value, version = excluded.version""",
                        distributorId, target.metric(), target.month().withDayOfMonth(1), target.value(), version);
            }
            rows.send();
        });
    }

    /// Gives new rows the place that their outlet had on their date.
    private static void placed(Connection connection, long distributorId, long version, String... tables) throws SQLException {
        for (var table : tables) {
            Named.update(connection, "update insight." + table + " t " + """
                    set beat_id = p.beat_id, channel = p.channel, outlet_class = p.outlet_class
                      from insight.outlet_place p
                     where t.distributor_id = :d and t.version = :v and t.source = 'FILE' and p.distributor_id = t.distributor_id and p.outlet_id = t.outlet_id and p.from_on <= t.business_date
                       and (p.to_on is null or p.to_on > t.business_date)""", Map.of("d", distributorId, "v", version));
        }
    }

    /// Rows of one statement after the other, sent in batches.
    private static final class Rows {
        private final Connection connection;
        private final List<@Nullable Object[]> waiting = new ArrayList<>();
        private String sql = "";

        Rows(Connection connection) {
            this.connection = connection;
        }

        void add(String statement, @Nullable Object... values) throws SQLException {
            if (!statement.equals(sql) || waiting.size() >= 1000) send();
            sql = statement;
            waiting.add(values);
        }

        void send() throws SQLException {
            if (waiting.isEmpty()) return;
            try (var statement = connection.prepareStatement(sql)) {
                for (var values : waiting) {
                    for (int i = 0; i < values.length; i++) {
                        if (values[i] == null) statement.setNull(i + 1, Types.NULL);
                        else statement.setObject(i + 1, values[i]);
                    }
                    statement.addBatch();
                }
                statement.executeBatch();
            }
            waiting.clear();
        }
    }
}
