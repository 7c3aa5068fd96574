package io.offtake.testing;

import io.offtake.governance.AuditTrail;
import io.offtake.platform.Pipeline;
import io.offtake.platform.TenantTransaction;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.BatchStock;
import io.offtake.stock.Stock;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// The shared test network of DOMAIN section C: principal P, distributor D1 with outlets O1 to O3, SKUs S1 to S7 with prices
/// and tax rates. Each fixture is a network of its own, so that test classes can share one database.
public final class Fixture {
    private static final AtomicInteger SERIAL = new AtomicInteger();

    public final TenantTransaction transactions;
    public final String tag;
    public final long principal;
    public final Map<String, Long> skus = new LinkedHashMap<>();
    private final LocalDate today;

    /// A distributor of the network with its warehouse and outlets.
    public record Distributor(long id, UUID warehouse, UUID o1, UUID o2, UUID o3) {}

    private record Item(String code, String hsn, String name, String mrp, String ptr, String pts, int caseSize, int inner) {}

    private static final List<Item> ITEMS = List.of(
            new Item("S1", "340111", "Soap bar 100 g", "40.00", "34.63", "32.98", 72, 12),
            new Item("S2", "190531", "Biscuit 75 g", "10.00", "8.66", "8.25", 120, 24),
            new Item("S3", "340250", "Detergent powder 1 kg", "115.00", "84.00", "80.00", 12, 0),
            new Item("S4", "220210", "Cola 600 ml", "40.00", "25.97", "24.74", 24, 0),
            new Item("S5", "96190010", "Sanitary napkin", "45.00", "40.00", "38.00", 48, 6),
            new Item("S6", "3004", "Antacid strip", "60.00", "45.71", "42.32", 100, 10));

    public Fixture(TenantTransaction transactions, LocalDate today) {
        this.transactions = transactions;
        this.today = today;
        this.tag = "T" + SERIAL.incrementAndGet() + "-" + Long.toString(System.nanoTime(), 36);
        principal = transactions.<Long>shared(db -> {
            long id = db.sql("insert into network.principal (code, name, legal_name, gstin, state_code) values (?, 'Sunbird Foods', 'Sunbird Foods Ltd', '27ABCDE1234F1Z0', '27') returning id")
                    .param("P-" + tag).query(Long.class).single();
            long category = db.sql("insert into catalog.category (code, name) values (?, 'Goods') returning id").param("C-" + tag).query(Long.class).single();
            long brand = db.sql("insert into catalog.brand (code, name) values (?, 'Sunbird') returning id").param("B-" + tag).query(Long.class).single();
            for (var item : ITEMS) {
                long sku = db.sql("""
                        insert into catalog.sku (principal_id, code, name, category_id, brand_id, hsn, mrp, pts) values (?, ?, ?, ?, ?, ?, ?, ?) returning id""")
                        .params(id, item.code, item.name, category, brand, item.hsn, new BigDecimal(item.mrp), new BigDecimal(item.pts)).query(Long.class).single();
                skus.put(item.code, sku);
                db.sql("insert into catalog.sku_unit (sku_id, unit, name, numerator) values (?, 'CASE', 'Case', ?)").params(sku, item.caseSize).update();
                if (item.inner > 0) db.sql("insert into catalog.sku_unit (sku_id, unit, name, numerator) values (?, 'INNER', 'Inner', ?)").params(sku, item.inner).update();
            }
            long list = db.sql("""
                    insert into pricing.price_list (code, version_no, name, principal_id, level, valid_from) values (?, 1, 'National PTR', ?, 7, date '2025-01-01') returning id""")
                    .params("NAT-" + tag, id).query(Long.class).single();
            for (var item : ITEMS)
                db.sql("insert into pricing.price_list_line (price_list_id, sku_id, price) values (?, ?, ?)").params(list, skus.get(item.code), new BigDecimal(item.ptr)).update();
            for (var rate : List.of(List.of("3401", "0.05"), List.of("1905", "0.05"), List.of("3402", "0.18"), List.of("2202", "0.40"), List.of("9619", "0"), List.of("3004", "0.05")))
                db.sql("""
                        insert into tax.tax_rate (hsn_prefix, rate, valid_from, source) values (?, ?, date '2025-09-22', 'N/N 9/2025-CT(R)')
                        on conflict do nothing""").params(rate.get(0), new BigDecimal(rate.get(1))).update();
            raise(db);
            return id;
        });
    }

    private static void raise(org.springframework.jdbc.core.simple.JdbcClient db) {
        db.sql("""
                insert into governance.config_version (part, version, changed_at) values ('national', 1, now())
                on conflict (part) do update set version = config_version.version + 1""").update();
    }

    /// Puts a scheme version into force for this network's principal; `definition` is the JSON of spec/README.md without
    /// id, version, code and principal.
    public long scheme(String code, String mechanic, String definition, LocalDate from, LocalDate to) {
        return transactions.<Long>shared(db -> {
            long id = db.sql("insert into schemes.scheme (code, principal_id) values (?, ?) returning id").params(code + "-" + tag, principal).query(Long.class).single();
            var json = "{\"id\":\"" + id + "\",\"version\":1,\"code\":\"" + code + "-" + tag + "\",\"name\":\"" + code + "\",\"principalId\":\"" + principal + "\"," + definition
                    + ",\"validFrom\":" + from.toEpochDay() + ",\"validTo\":" + to.toEpochDay() + "}";
            db.sql("""
                    insert into schemes.scheme_version (scheme_id, version_no, principal_id, name, mechanic, definition, valid_from, valid_to, created_at)
                    values (?, 1, ?, ?, ?, ?::jsonb, ?, ?, now())""").params(id, principal, code, mechanic, json, from, to).update();
            raise(db);
            return id;
        });
    }

    /// A further distributor of this network, in Maharashtra, with outlets O1 (registered), O2 (unregistered) and O3
    /// (registered in Karnataka), each with credit of 1,000,000 for 14 days.
    public Distributor distributor(String code) {
        long id = transactions.<Long>shared(db -> {
            long made = db.sql("""
                    insert into network.distributor (code, name, legal_name, gstin, state_code, address, city, pin, upi_id)
                    values (?, ?, ?, '27PQRST5678K1Z2', '27', '1 Station Road', 'Pune', '411001', 'kesar@upi') returning id""")
                    .params(code + "-" + tag, "Distributor " + code, "Distributor " + code + " Pvt Ltd").query(Long.class).single();
            db.sql("insert into network.distributor_principal (distributor_id, principal_id, valid_from) values (?, ?, date '2025-01-01')").params(made, principal).update();
            return made;
        });
        var warehouse = UUID.randomUUID();
        var outlets = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        var gstins = new String[] {"27ABCDE1234F1Z0", null, "29ABCDE1234F1ZW"};
        transactions.shared(db -> {
            for (var outlet : outlets) db.sql("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, now())").param(outlet).update();
            return null;
        });
        transactions.write(id, db -> {
            db.sql("insert into network.warehouse (distributor_id, id, code, name) values (?, ?, 'MAIN', 'Main godown')").params(id, warehouse).update();
            db.sql("insert into network.warehouse_name (id, distributor_id, code, name) values (?, ?, 'MAIN', 'Main godown')").params(warehouse, id).update();
            var beat = UUID.randomUUID();
            db.sql("insert into network.beat (distributor_id, id, code, name, salesman) values (?, ?, 'B1', 'Station Road', 'Imran')").params(id, beat).update();
            for (int at = 0; at < 3; at++) {
                db.sql("""
                        insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, beat_id, gstin, registration, state_code, created_at, changed_at)
                        values (?, ?, ?, ?, ?, 'GROCER', 'A', ?, ?, ?, ?, now(), now())""")
                        .params(id, outlets.get(at), outlets.get(at), "O" + (at + 1), "Outlet O" + (at + 1), beat, gstins[at], gstins[at] == null ? "UNREGISTERED" : "REGULAR",
                                gstins[at] == null ? "27" : gstins[at].substring(0, 2)).update();
                db.sql("""
                        insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, 1000000, 14)""")
                        .params(id, principal, outlets.get(at)).update();
            }
            for (var type : List.of("INVOICE:K", "COLLECTION:R", "GOODS_RECEIPT:G", "ORDER:O", "CREDIT_NOTE:C", "DEBIT_NOTE:N", "FINANCIAL_CREDIT_NOTE:F")) {
                for (int year = 2025; year <= 2027; year++)
                    db.sql("insert into platform.number_sequence (distributor_id, document_type, series, fiscal_year) values (?, ?, ?, ?)")
                            .params(id, type.split(":")[0], "D" + type.split(":")[1] + (year % 100) + "/", year).update();
            }
            return null;
        });
        transactions.writeOn(id, connection -> {
            AuditTrail.open(connection, id);
            return null;
        });
        return new Distributor(id, warehouse, outlets.get(0), outlets.get(1), outlets.get(2));
    }

    /// Puts stock of a new batch into the warehouse as opening stock, through the stock ledger.
    public UUID batch(Distributor distributor, String sku, String batchNo, String mrp, LocalDate expiresOn, int qty) {
        return transactions.<UUID>writeOn(distributor.id, connection -> {
            var batch = UUID.randomUUID();
            var item = ITEMS.stream().filter(any -> any.code.equals(sku)).findFirst().orElseThrow();
            var cost = UnitPrice.parse(item.pts);
            var post = new Pipeline();
            post.update("""
                    insert into catalog.batch (distributor_id, id, principal_id, sku_id, batch_no, mrp, expires_on, received_on, unit_cost)
                    values (?, ?, ?, ?, ?, ?, ?::date, ?, ?)""", distributor.id, batch, principal, skus.get(sku), batchNo, new BigDecimal(mrp), expiresOn, today.minusDays(30),
                    new BigDecimal(item.pts));
            var moves = StockMoves.between(Node.SUPPLIER, Node.SALEABLE, skus.get(sku).toString(), batch.toString(), Money.parse(mrp, 2), Qty.of(qty), cost);
            Stock.move(post, distributor.id, List.of(new Stock.Movement(distributor.id, UUID.randomUUID(), "OPENING", today.minusDays(30), principal, distributor.warehouse, moves)),
                    Map.of(batch.toString(), new BatchStock(batch, skus.get(sku), principal, batchNo, new BigDecimal(mrp), expiresOn, today.minusDays(30), BigDecimal.valueOf(qty),
                            new BigDecimal(item.pts))));
            post.run(connection);
            return batch;
        });
    }

    /// What the balance of a bucket is, over all batches of a SKU.
    public BigDecimal balance(Distributor distributor, String sku, Node bucket) {
        return transactions.<BigDecimal>write(distributor.id, db -> db.sql("""
                select coalesce(sum(qty), 0) from stock.balance where distributor_id = ? and sku_id = ? and bucket = ?""")
                .params(distributor.id, skus.get(sku), bucket.name()).query(BigDecimal.class).single());
    }

    /// The journal of a document as account → amount, debits positive.
    public Map<String, BigDecimal> journal(Distributor distributor, UUID documentId) {
        return transactions.<Map<String, BigDecimal>>write(distributor.id, db -> {
            var sums = new LinkedHashMap<String, BigDecimal>();
            db.sql("select account, sum(amount) from receivables.journal_entry where distributor_id = ? and document_id = ? group by account order by account")
                    .params(distributor.id, documentId).query(row -> {
                        sums.put(row.getString(1), row.getBigDecimal(2));
                    });
            return sums;
        });
    }

    public LocalDate today() {
        return today;
    }

    public Instant now() {
        return today.atTime(6, 0).toInstant(ZoneOffset.UTC);
    }
}
