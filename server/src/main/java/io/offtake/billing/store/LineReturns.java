package io.offtake.billing.store;

import io.offtake.billing.Reversals.LastSold;
import io.offtake.billing.Reversals.Turnover;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.rules.Doors;
import io.offtake.rules.Json;
import io.offtake.rules.ReturnNote;
import io.offtake.rules.Returns;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// SQL of what has come back of posted bills: one guarded row a line, the outcomes of the returns, the benefits taken back.
public final class LineReturns {
    private LineReturns() {}

    /// Some units of one line, with what the row has to know when it is opened.
    public record Units(int line, int part, long skuId, BigDecimal sold, BigDecimal qty) {}

    private static final String OPEN = """
            insert into billing.line_return (distributor_id, invoice_id, line, part, principal_id, sku_id, sold, held, credited)
            values\s""";
    private static final String WITHIN = """

             on conflict (distributor_id, invoice_id, line, part) do update set held = line_return.held + excluded.held, credited = line_return.credited + excluded.credited
              where line_return.held + line_return.credited + excluded.held + excluded.credited <= line_return.sold""";

    /// Holds units, or fails its guard where they are not left.
    public static void hold(Post post, long distributorId, UUID invoiceId, long principalId, List<Units> units) {
        post.rows("returned lines", OPEN, Post.row(9), WITHIN, units.stream().map(one -> new @Nullable Object[] {distributorId, invoiceId, one.line, one.part, principalId, one.skuId, one.sold,
                one.qty, BigDecimal.ZERO}).toList());
    }

    /// Counts units as credited that nobody had held.
    public static void credit(Post post, long distributorId, UUID invoiceId, long principalId, List<Units> units) {
        post.rows("returned lines", OPEN, Post.row(9), WITHIN, units.stream().map(one -> new @Nullable Object[] {distributorId, invoiceId, one.line, one.part, principalId, one.skuId, one.sold,
                BigDecimal.ZERO, one.qty}).toList());
    }

    /// Counts held units as credited.
    public static void settle(Post post, long distributorId, UUID invoiceId, int line, int part, BigDecimal qty) {
        post.guarded("returned lines", 1, """
                update billing.line_return set held = held - ?, credited = credited + ?
                 where distributor_id = ? and invoice_id = ? and line = ? and part = ? and held >= ?""", qty, qty, distributorId, invoiceId, line, part, qty);
    }

    /// Lets held units go.
    public static void release(Post post, long distributorId, UUID invoiceId, int line, int part, BigDecimal qty) {
        post.guarded("returned lines", 1, """
                update billing.line_return set held = held - ? where distributor_id = ? and invoice_id = ? and line = ? and part = ? and held >= ?""",
                qty, distributorId, invoiceId, line, part, qty);
    }

    /// Whether anything has come back of a bill or is on its way.
    public static boolean isTouched(Connection connection, long distributorId, UUID invoiceId) throws SQLException {
        try (var statement = connection.prepareStatement("select 1 from billing.line_return where distributor_id = ? and invoice_id = ? and held + credited > 0 limit 1")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, invoiceId);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /// The state of a bill's lines that anything has happened to, by [ReturnNote#key]: held, credited.
    public static Map<String, BigDecimal[]> states(Connection connection, long distributorId, UUID invoiceId) throws SQLException {
        try (var statement = connection.prepareStatement("select line, part, held, credited from billing.line_return where distributor_id = ? and invoice_id = ?")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, invoiceId);
            var found = new java.util.HashMap<String, BigDecimal[]>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.put(ReturnNote.key(rows.getInt(1), rows.getInt(2)), new BigDecimal[] {rows.getBigDecimal(3), rows.getBigDecimal(4)});
            }
            return found;
        }
    }

    /// One return of a bill as the rules said it.
    public record Done(UUID documentId, Returns.Outcome outcome, BigDecimal carry) {}

    /// The returns of a bill so far, oldest first.
    public static List<Done> done(Connection connection, long distributorId, UUID invoiceId, int scale) throws SQLException {
        try (var statement = connection.prepareStatement("select document_id, outcome, carry from billing.reversal where distributor_id = ? and invoice_id = ? order by ordinal")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, invoiceId);
            var found = new ArrayList<Done>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.add(new Done(rows.getObject(1, UUID.class), Doors.outcome(Json.object(rows.getString(2)), scale), rows.getBigDecimal(3)));
            }
            return found;
        }
    }

    /// Keeps what a return did. `ordinal` is one above the last: whoever is second looks again.
    public static void keep(Post post, long distributorId, UUID invoiceId, int ordinal, UUID documentId, long principalId, Returns.Outcome outcome, BigDecimal carry, Instant at) {
        post.rows("reversals", "insert into billing.reversal (distributor_id, invoice_id, ordinal, document_id, principal_id, outcome, carry, recorded_at) values ", Post.row(8), "",
                java.util.Collections.singletonList(new @Nullable Object[] {distributorId, invoiceId, ordinal, documentId, principalId, Doors.write(outcome), carry, at}));
    }

    /// Who takes back, and from which bill.
    public record Of(long distributorId, UUID documentId, String documentType, LocalDate businessDate, UUID invoiceId, LocalDate invoiceDate, long principalId, UUID outletId) {}

    /// Adds what a note takes back of schemes.
    public static void takeBack(Post post, Of of, List<ReturnNote.Taken> taken, Instant at) {
        post.rows("benefit reversals", """
                insert into billing.benefit_reversal (distributor_id, business_date, document_id, line, part, scheme_id, scheme_version, document_type, invoice_id, invoice_date, principal_id, outlet_id,
                                                      kind, amount, principal_share, distributor_share, free_sku_id, free_qty, claim_value, recorded_at)
                values\s""", "(" + "?, ".repeat(16) + "?::bigint, ?, ?, ?)", "", taken.stream().map(one -> new @Nullable Object[] {of.distributorId, of.businessDate, of.documentId, one.line(), one.part(),
                Long.parseLong(one.schemeId()), one.schemeVersion(), of.documentType, of.invoiceId, of.invoiceDate, of.principalId, of.outletId, one.freeSkuId() == null ? "DISCOUNT" : "FREE_GOODS",
                decimal(one.amount()), decimal(one.principalShare()), decimal(one.distributorShare()), one.freeSkuId() == null ? null : Long.valueOf(one.freeSkuId()),
                BigDecimal.valueOf(one.freeQty().milli(), 3), decimal(one.claim()), at}).toList());
    }

    private static BigDecimal decimal(io.offtake.rules.Money money) {
        return BigDecimal.valueOf(money.units(), money.scale());
    }

    /// Notes of goods of a bill, oldest first.
    public static List<UUID> notes(Connection connection, long distributorId, UUID invoiceId) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select id from billing.invoice where distributor_id = ? and original_id = ? and kind in ('CREDIT_NOTE', 'FINANCIAL_CREDIT_NOTE') order by recorded_at, id""")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, invoiceId);
            var found = new ArrayList<UUID>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) found.add(rows.getObject(1, UUID.class));
            }
            return found;
        }
    }

    /// What an outlet was billed of a SKU, newest bill first.
    public static Pipeline.Answer<List<LastSold>> lastSold(Pipeline load, long distributorId, long principalId, UUID outletId, long skuId, int bills) {
        return load.query("""
                select i.id, i.number, i.business_date, trunc(sum(l.taxable) / sum(l.qty), 6), max(l.tax_rate)
                  from billing.invoice i
                  join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id and l.sku_id = ? and l.qty > 0
                 where i.distributor_id = ? and i.outlet_id = ? and i.principal_id = ? and i.kind = 'INVOICE'
                   and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)
                 group by 1, 2, 3 order by i.business_date desc, i.number desc limit ?""",
                rows -> {
                    var found = new ArrayList<LastSold>();
                    while (rows.next())
                        found.add(new LastSold(rows.getObject(1, UUID.class), rows.getString(2), rows.getObject(3, LocalDate.class), rows.getBigDecimal(4), rows.getBigDecimal(5), null));
                    return found;
                }, skuId, distributorId, outletId, principalId, bills);
    }

    /// What an outlet was billed, and credited for goods that came back.
    public static Pipeline.Answer<Turnover> turnover(Pipeline load, long distributorId, UUID outletId, LocalDate from, LocalDate to) {
        return load.query("""
                select coalesce(sum(i.payable) filter (where i.kind = 'INVOICE'), 0),
                       coalesce(sum(i.payable) filter (where i.kind <> 'INVOICE' and exists (select 1 from billing.reversal r where r.distributor_id = i.distributor_id and r.document_id = i.id)), 0)
                  from billing.invoice i
                 where i.distributor_id = ? and i.outlet_id = ? and i.business_date between ? and ?
                   and not exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)""",
                rows -> {
                    rows.next();
                    return new Turnover(rows.getBigDecimal(1), rows.getBigDecimal(2));
                }, distributorId, outletId, from, to);
    }
}
