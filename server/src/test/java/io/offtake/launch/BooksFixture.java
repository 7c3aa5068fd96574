package io.offtake.launch;

import io.offtake.governance.AuditTrail;
import io.offtake.platform.Pipeline;
import io.offtake.platform.testing.TestDatabase;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

/// The smallest books that agree: one receipt of ten pieces, one bill over four of them, one payment on account.
final class BooksFixture {
    static final LocalDate DAY = LocalDate.of(2026, 11, 16);
    static final Instant AT = Instant.parse("2026-11-16T10:15:30.123456Z");
    static final UUID WAREHOUSE = new UUID(0x0190000000007000L, 1);
    static final UUID BATCH = new UUID(0x0190000000007000L, 2);
    static final UUID OUTLET = new UUID(0x0190000000007000L, 3);

    private BooksFixture() {}

    static void post(TestDatabase database, long distributor) {
        database.transactions().shared(jdbc -> jdbc.sql("insert into network.principal (id, code, name, legal_name, state_code) values (1, 'P', 'Príncipal \"P\", Ltd.', 'P', '29') on conflict do nothing").update());
        database.transactions().shared(jdbc -> jdbc.sql("insert into network.distributor (id, code, name, legal_name, state_code, address) values (?, ?, 'D', 'D', '29', '') on conflict do nothing")
                .params(distributor, "D" + distributor).update());
        database.transactions().writeOn(distributor, connection -> {
            var setup = new Pipeline();
            AuditTrail.open(setup, distributor);
            setup.update("insert into platform.number_sequence (distributor_id, document_type, series, fiscal_year) values (?, 'INVOICE', 'KT26/', 2026)", distributor);
            setup.update("insert into stock.balance (distributor_id, warehouse_id, sku_id, batch_id, bucket, principal_id, qty, unit_cost, batch_no, mrp, expires_on, received_on)"
                    + " values (?, ?, 1, ?, 'SALEABLE', 1, 6, 32.98, 'B1', 40, ?, ?)", distributor, WAREHOUSE, BATCH, DAY.plusYears(1), DAY);
            setup.run(connection);
            move(connection, distributor, "GOODS_RECEIPT", "SUPPLIER", "SALEABLE", 10, 1);
            var invoice = move(connection, distributor, "INVOICE", "SALEABLE", "CUSTOMER", 4, 2);
            var post = new Pipeline();
            journal(post, distributor, invoice, 1, "1200", "138.52");
            journal(post, distributor, invoice, 2, "4000", "-138.52");
            var payment = new UUID(0x0190000000007000L, 100 + distributor);
            journal(post, distributor, payment, 1, "1100", "150.00");
            journal(post, distributor, payment, 2, "1200", "-138.52");
            journal(post, distributor, payment, 3, "2210", "-11.48");
            post.update("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, balance) values (?, 1, ?, -11.48)", distributor, OUTLET);
            post.update("insert into receivables.open_item (distributor_id, document_id, principal_id, outlet_id, kind, business_date, due_on, amount, open_amount)"
                    + " values (?, ?, 1, ?, 'INVOICE', ?, ?, 138.52, 0), (?, ?, 1, ?, 'ON_ACCOUNT', ?, ?, 11.48, 11.48)", distributor, invoice, OUTLET, DAY, DAY, distributor, payment, OUTLET, DAY, DAY);
            post.run(connection);
            return null;
        });
    }

    private static UUID move(java.sql.Connection connection, long distributor, String type, String from, String to, int qty, int seed) throws java.sql.SQLException {
        var id = new UUID(0x0190000000007000L, 10 * distributor + seed);
        var post = new Pipeline();
        post.update("insert into platform.document_register (distributor_id, document_id, type, body_hash, business_date, recorded_at) values (?, ?, ?, ?, ?, ?)",
                distributor, id, type, new byte[] {0, (byte) 0xff, 10}, DAY, AT);
        post.update("""
                insert into stock.entry (distributor_id, business_date, document_id, line, leg, document_type, principal_id, warehouse_id, sku_id, batch_id, bucket, qty, unit_cost)
                values (?, ?, ?, 1, 1, ?, 1, ?, 1, ?, ?, ?, 32.98), (?, ?, ?, 1, 2, ?, 1, ?, 1, ?, ?, ?, 32.98)""",
                distributor, DAY, id, type, WAREHOUSE, BATCH, from, -qty, distributor, DAY, id, type, WAREHOUSE, BATCH, to, qty);
        if (type.equals("INVOICE")) {
            post.update("update platform.number_sequence set next_number = next_number + 1 where distributor_id = ?", distributor);
            post.update("insert into platform.number_register (distributor_id, document_type, series, fiscal_year, number, document_id, formatted) values (?, 'INVOICE', 'KT26/', 2026, 1, ?, 'KT26/000001')", distributor, id);
        }
        AuditTrail.append(post, new AuditTrail.Entry(distributor, AT, "asha", null, "POSTED", type, id, DAY, "{\"note\":\"a, b\\n\"}"), null,
                new AuditTrail.Event(type, id, DAY, "{}"));
        post.run(connection);
        return id;
    }

    private static void journal(Pipeline post, long distributor, UUID document, int line, String account, String amount) {
        post.update("insert into receivables.journal_entry (distributor_id, business_date, document_id, line, document_type, principal_id, account, outlet_id, amount)"
                        + " values (?, ?, ?, ?, 'INVOICE', 1, ?, ?::uuid, ?)", distributor, DAY, document, line, account,
                account.equals("1200") || account.equals("2210") ? OUTLET : null, new java.math.BigDecimal(amount));
    }
}
