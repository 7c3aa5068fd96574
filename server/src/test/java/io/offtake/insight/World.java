package io.offtake.insight;

import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Rows as the posting path leaves them, written directly: for the compiler and the feed, whose input they are.
final class World {
    final TenantTransaction transactions;
    private int number;

    World(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    /// @param batch one batch per SKU is enough here
    record Line(long sku, String qty, String free, String price, String schemeDiscount) {
        BigDecimal gross() {
            return new BigDecimal(qty).multiply(new BigDecimal(price)).setScale(2, java.math.RoundingMode.HALF_UP);
        }
    }

    static Line line(long sku, int qty, String price) {
        return new Line(sku, Integer.toString(qty), "0", price, "0");
    }

    static Line line(long sku, int qty, int free, String price, String schemeDiscount) {
        return new Line(sku, Integer.toString(qty), Integer.toString(free), price, schemeDiscount);
    }

    long territory(String code, String kind, @Nullable Long parent) {
        return shared(client -> client.sql("insert into network.territory (code, name, kind, parent_id) values (?, ?, ?, ?) returning id").params(code, code, kind, parent).query(Long.class).single());
    }

    long distributor(String code, @Nullable Long territory) {
        return distributor(code, territory, "Asia/Kolkata", "INR");
    }

    long distributor(String code, @Nullable Long territory, String zone, String currency) {
        long id = shared(client -> client.sql("""
                insert into network.distributor (code, name, legal_name, state_code, territory_id, time_zone, currency) values (?, ?, ?, '27', ?, ?, ?) returning id""")
                .params(code, code, code, territory, zone, currency).query(Long.class).single());
        transactions.write(id, client -> client.sql("insert into governance.audit_head (distributor_id, seq, hash) values (?, 0, ''::bytea) on conflict do nothing").param(id).update());
        return id;
    }

    long principal(String code) {
        return shared(client -> client.sql("insert into network.principal (code, name, legal_name, state_code) values (?, ?, ?, '27') returning id").params(code, code, code).query(Long.class).single());
    }

    long category(String code) {
        return shared(client -> client.sql("insert into catalog.category (code, name) values (?, ?) returning id").params(code, code).query(Long.class).single());
    }

    long brand(String code) {
        return shared(client -> client.sql("insert into catalog.brand (code, name) values (?, ?) returning id").params(code, code).query(Long.class).single());
    }

    long sku(String code, long principal, long category, long brand) {
        return shared(client -> client.sql("""
                insert into catalog.sku (principal_id, code, name, category_id, brand_id, hsn, mrp, pts) values (?, ?, ?, ?, ?, '19053100', 40, 32.98) returning id""")
                .params(principal, code, code, category, brand).query(Long.class).single());
    }

    UUID beat(long distributor, String code) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> client.sql("insert into network.beat (distributor_id, id, code, name) values (?, ?, ?, ?)").params(distributor, id, code, code).update());
        return id;
    }

    UUID outlet(long distributor, String code, @Nullable UUID beat, String channel, String outletClass) {
        return outlet(distributor, code, beat, channel, outletClass, UUID.randomUUID());
    }

    UUID outlet(long distributor, String code, @Nullable UUID beat, String channel, String outletClass, UUID platformOutlet) {
        var id = UUID.randomUUID();
        var now = Timestamp.from(Instant.EPOCH);
        transactions.write(distributor, client -> client.sql("""
                insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, beat_id, state_code, created_at, changed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?::uuid, '27', ?, ?)""")
                .params(java.util.Arrays.asList(distributor, id, platformOutlet, code, code, channel, outletClass, beat, now, now)).update());
        return id;
    }

    UUID invoice(long distributor, long principal, UUID outlet, LocalDate on, Line... lines) {
        return document("INVOICE", distributor, principal, outlet, on, lines);
    }

    UUID creditNote(long distributor, long principal, UUID outlet, LocalDate on, Line... lines) {
        return document("CREDIT_NOTE", distributor, principal, outlet, on, lines);
    }

    /// A credit note without tax.
    UUID financialNote(long distributor, long principal, UUID outlet, LocalDate on, Line... lines) {
        return document("FINANCIAL_CREDIT_NOTE", distributor, principal, outlet, on, lines);
    }

    private UUID document(String kind, long distributor, long principal, UUID outlet, LocalDate on, Line... lines) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> {
            document(client, id, kind, distributor, principal, outlet, on, List.of(lines));
            tell(client, distributor, kind.toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ".posted", id, on);
            return null;
        });
        return id;
    }

    private void document(JdbcClient client, UUID id, String kind, long distributor, long principal, UUID outlet, LocalDate on, List<Line> lines) {
        document(client, id, kind, distributor, principal, outlet, on, null, "COUNTER", lines);
    }

    private void document(JdbcClient client, UUID id, String kind, long distributor, long principal, UUID outlet, LocalDate on, @Nullable UUID order, String saleType, List<Line> lines) {
        var gross = BigDecimal.ZERO;
        var scheme = BigDecimal.ZERO;
        for (var line : lines) {
            gross = gross.add(line.gross());
            scheme = scheme.add(new BigDecimal(line.schemeDiscount));
        }
        var net = gross.subtract(scheme);
        client.sql("""
                insert into billing.invoice (distributor_id, id, kind, principal_id, outlet_id, warehouse_id, series, number, business_date, due_on, order_id, sale_type, payment_mode,
                       gross, scheme_discount, manual_discount, taxable, cgst, sgst, igst, cess, rounding, payable, cost, rule_book_hash, config_version, command, decision, printed, recorded_at, recorded_by)
                values (?, ?, ?, ?, ?, ?, 'T/', ?, ?, ?, ?::uuid, ?, 'CREDIT', ?, ?, 0, ?, 0, 0, 0, 0, 0, ?, 0, '', '', '', '', '', ?, 'test')""")
                .params(java.util.Arrays.asList(distributor, id, kind, principal, outlet, id, "T/" + ++number, on, on.plusDays(7), order, saleType, gross, scheme, net, net, Timestamp.from(Instant.EPOCH))).update();
        int at = 0;
        for (var line : lines) {
            client.sql("""
                    insert into billing.invoice_line (distributor_id, business_date, invoice_id, line, part, kind, principal_id, outlet_id, sku_id, mrp, qty, free_qty, unit_price,
                           gross, scheme_discount, manual_discount, taxable, tax_rate, cgst, sgst, igst, cess, cost, hsn)
                    values (?, ?, ?, ?, 1, ?, ?, ?, ?, 40, ?, ?, ?, ?, ?, 0, ?, 0, 0, 0, 0, 0, 0, '19053100')""")
                    .params(distributor, on, id, ++at, kind, principal, outlet, line.sku, new BigDecimal(line.qty), new BigDecimal(line.free), new BigDecimal(line.price), line.gross(),
                            new BigDecimal(line.schemeDiscount), line.gross().subtract(new BigDecimal(line.schemeDiscount))).update();
        }
    }

    /// The event names the cancellation, as the document that was posted.
    UUID cancel(long distributor, long principal, UUID invoice, LocalDate on) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> {
            client.sql("insert into billing.invoice_cancellation (distributor_id, invoice_id, id, principal_id, business_date, reason, recorded_at, recorded_by) values (?, ?, ?, ?, ?, 'test', ?, 'test')")
                    .params(distributor, invoice, id, principal, on, Timestamp.from(Instant.EPOCH)).update();
            tell(client, distributor, "invoice.cancelled", id, on);
            return null;
        });
        return id;
    }

    void receipt(long distributor, long principal, LocalDate on, Line... lines) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> {
            client.sql("""
                    insert into primary_sales.goods_receipt (distributor_id, id, principal_id, warehouse_id, number, business_date, principal_invoice_number, principal_invoice_on,
                           taxable, cgst, sgst, igst, cess, total, decision, recorded_at, recorded_by) values (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, '', ?, 'test')""")
                    .params(distributor, id, principal, id, "G" + ++number, on, "P" + number, on, Timestamp.from(Instant.EPOCH)).update();
            int at = 0;
            for (var line : lines) {
                client.sql("""
                        insert into primary_sales.goods_receipt_line (distributor_id, business_date, goods_receipt_id, line, principal_id, sku_id, batch_id, billed_qty, free_qty, good_qty, damaged_qty,
                               short_qty, unit_cost, taxable, tax) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 0)""")
                        .params(distributor, on, id, ++at, principal, line.sku, UUID.randomUUID(), new BigDecimal(line.qty), new BigDecimal(line.free), new BigDecimal(line.qty),
                                new BigDecimal(line.price), line.gross()).update();
            }
            tell(client, distributor, "goods-receipt.posted", id, on);
            return null;
        });
    }

    void stock(long distributor, long principal, long sku, String bucket, int qty, String cost, LocalDate receivedOn) {
        var batch = UUID.randomUUID();
        transactions.write(distributor, client -> {
            client.sql("insert into catalog.batch (distributor_id, id, principal_id, sku_id, batch_no, mrp, received_on, unit_cost) values (?, ?, ?, ?, ?, 40, ?, ?)")
                    .params(distributor, batch, principal, sku, "B" + ++number, receivedOn, new BigDecimal(cost)).update();
            return client.sql("insert into stock.balance (distributor_id, warehouse_id, sku_id, batch_id, bucket, principal_id, qty, unit_cost, batch_no, mrp, received_on) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 40, ?)")
                    .params(distributor, batch, sku, batch, bucket, principal, qty, new BigDecimal(cost), "B" + number, receivedOn).update();
        });
    }

    /// What a document moved in the books of stock, told as opening stock is.
    UUID moved(long distributor, long principal, long sku, LocalDate on, int qty, String cost, String type) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> {
            client.sql("""
                    insert into stock.entry (distributor_id, business_date, document_id, line, leg, document_type, principal_id, warehouse_id, sku_id, batch_id, bucket, qty, unit_cost)
                    values (?, ?, ?, 1, 1, ?, ?, ?, ?, ?, 'SALEABLE', ?, ?)""").params(distributor, on, id, type, principal, id, sku, id, qty, new BigDecimal(cost)).update();
            tell(client, distributor, "opening-stock.posted", id, on);
            return null;
        });
        return id;
    }

    /// An entry on an outlet's account: charged above 0, paid or credited below.
    void owes(long distributor, long principal, UUID outlet, LocalDate on, String type, String amount) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> {
            client.sql("insert into receivables.journal_entry (distributor_id, business_date, document_id, line, document_type, principal_id, account, outlet_id, amount) values (?, ?, ?, 1, ?, ?, '1200', ?, ?)")
                    .params(distributor, on, id, type, principal, outlet, new BigDecimal(amount)).update();
            tell(client, distributor, "collection.posted", id, on);
            return null;
        });
    }

    UUID order(long distributor, long principal, UUID outlet, LocalDate on, String status, Line... lines) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> {
            client.sql("""
                    insert into orders.sales_order (distributor_id, id, principal_id, outlet_id, warehouse_id, number, business_date, status, indicative, recorded_at, recorded_by, changed_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 'test', ?)""")
                    .params(distributor, id, principal, outlet, id, "SO" + ++number, on, status, Timestamp.from(Instant.EPOCH), Timestamp.from(Instant.EPOCH)).update();
            int at = 0;
            for (var line : lines) {
                client.sql("insert into orders.sales_order_line (distributor_id, order_id, line, principal_id, sku_id, qty, rate, amount) values (?, ?, ?, ?, ?, ?, ?, ?)")
                        .params(distributor, id, ++at, principal, line.sku, new BigDecimal(line.qty), new BigDecimal(line.price), line.gross()).update();
            }
            tell(client, distributor, "order.booked", id, on);
            return null;
        });
        return id;
    }

    void cancelOrder(long distributor, long principal, UUID order, LocalDate on, String reason) {
        transactions.write(distributor, client -> {
            client.sql("update orders.sales_order set status = 'CANCELLED' where distributor_id = ? and id = ?").params(distributor, order).update();
            client.sql("insert into orders.order_event (distributor_id, order_id, seq, principal_id, status, reason, recorded_at, recorded_by) values (?, ?, 1, ?, 'CANCELLED', ?, ?, 'test')")
                    .params(distributor, order, principal, reason, Timestamp.from(Instant.EPOCH)).update();
            tell(client, distributor, "order.cancelled", order, on);
            return null;
        });
    }

    /// Bills an order; goods that are delivered later stay on the van until [#delivered].
    UUID billed(long distributor, long principal, UUID outlet, UUID order, LocalDate on, boolean deliveredLater, Line... lines) {
        var id = UUID.randomUUID();
        transactions.write(distributor, client -> {
            document(client, id, "INVOICE", distributor, principal, outlet, on, order, deliveredLater ? "DELIVERY" : "COUNTER", List.of(lines));
            tell(client, distributor, "invoice.posted", id, on);
            return null;
        });
        return id;
    }

    void delivered(long distributor, long principal, UUID invoice, LocalDate on) {
        delivered(distributor, principal, invoice, on, Instant.EPOCH);
    }

    void delivered(long distributor, long principal, UUID invoice, LocalDate on, Instant at) {
        transactions.write(distributor, client -> {
            client.sql("insert into billing.delivery (distributor_id, invoice_id, id, principal_id, business_date, recorded_at, recorded_by) values (?, ?, ?, ?, ?, ?, 'test')")
                    .params(distributor, invoice, UUID.randomUUID(), principal, on, Timestamp.from(at)).update();
            tell(client, distributor, "invoice.delivered", invoice, on);
            return null;
        });
    }

    void carries(long distributor, long principal) {
        shared(client -> client.sql("insert into network.distributor_principal (distributor_id, principal_id, valid_from) values (?, ?, date '2020-01-01') on conflict do nothing").params(distributor, principal).update());
    }

    /// From `on` the outlet stands on another beat.
    void move(long distributor, UUID outlet, UUID beat, LocalDate on) {
        transactions.write(distributor, client -> client.sql("update network.outlet set beat_id = ?, changed_at = ? where distributor_id = ? and id = ?")
                .params(beat, Timestamp.from(on.atTime(9, 0).toInstant(java.time.ZoneOffset.UTC)), distributor, outlet).update());
    }

    void openItem(long distributor, long principal, UUID outlet, String kind, LocalDate dueOn, String amount, String open) {
        transactions.write(distributor, client -> client.sql("""
                insert into receivables.open_item (distributor_id, document_id, principal_id, outlet_id, kind, number, business_date, due_on, amount, open_amount)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(distributor, UUID.randomUUID(), principal, outlet, kind, "O" + ++number, dueOn.minusDays(7), dueOn, new BigDecimal(amount), new BigDecimal(open)).update());
    }

    /// An event of its own topic, telling of `document` once more.
    void tellAgain(long distributor, String topic, UUID document, LocalDate on) {
        transactions.write(distributor, client -> {
            tell(client, distributor, topic, document, on);
            return null;
        });
    }

    private static void tell(JdbcClient client, long distributor, String topic, UUID document, LocalDate on) {
        client.sql("update governance.audit_head set seq = seq + 1 where distributor_id = ?").param(distributor).update();
        client.sql("""
                insert into platform.outbox (distributor_id, seq, topic, document_id, business_date, payload, recorded_at)
                select distributor_id, seq, ?, ?, ?, '', ? from governance.audit_head where distributor_id = ?""")
                .params(topic, document, on, Timestamp.from(on.atTime(10, 0).toInstant(java.time.ZoneOffset.UTC)), distributor).update();
    }

    private <T> T shared(java.util.function.Function<JdbcClient, T> work) {
        return transactions.shared(work);
    }

    /// Every fact there is, as text, to compare two ways of making them.
    List<String> facts() {
        return transactions.network(client -> {
            var all = new ArrayList<String>();
            for (var table : List.of("sales_document", "sales_daily", "sales_month", "scheme_use", "return_line", "primary_daily", "primary_document", "order_line", "stock_daily", "stock_month", "receivable_daily")) {
                all.addAll(client.sql("select '" + table + " ' || (to_jsonb(t) - 'version')::text from insight." + table + " t" + (table.startsWith("sales_daily") || table.startsWith("sales_month") ? " where t.nsv <> 0 or t.billed_qty <> 0 or t.returned_qty <> 0 or t.free_qty <> 0" : "") + " order by 1").query(String.class).list());
            }
            return all;
        });
    }
}
