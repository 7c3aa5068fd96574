package io.offtake.exchange.history;

import io.offtake.catalog.Batches;
import io.offtake.exchange.history.SourceHistory.Customer;
import io.offtake.exchange.history.SourceHistory.Totals;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.BulkPost;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Pipeline;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.BatchStock;
import io.offtake.stock.Stock;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The wholesaler's masters and opening stock, written in sets with their audit entries, and what the books hold of its
/// history. What is there already stays.
@Component
class HistoryStore {
    static final String REGIME = "NONE";
    /// Goods of this installation whose tax class nobody has said: the regime knows one rate for all of them, none.
    private static final String CLASS = "9999";
    private static final String OPENING = "OPENING_STOCK";

    private final TenantTransaction transactions;
    private final Clock clock;

    HistoryStore(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Codes and names of the parties that the source does not name.
    record Parties(String distributor, String distributorName, String principal, String principalName) {}

    record Ids(long distributor, long principal, UUID warehouse, LocalDate first, Map<String, Long> skus) {}

    /// Makes the principal, the distributor in pounds, its tax regime without tax, and the items.
    Ids network(Parties parties, SourceHistory history) {
        return transactions.writeOn(AuditTrail.NETWORK, connection -> {
            AuditTrail.open(connection, AuditTrail.NETWORK);
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var made = new ArrayList<AuditTrail.Entry>();
            one(connection, made, at, "principals", parties.principal, "insert into network.principal (code, name, legal_name, state_code) values (?, ?, ?, 'GB') on conflict do nothing", parties.principal,
                    parties.principalName, parties.principalName);
            long principal = id(connection, "select id from network.principal where code = ?", parties.principal);
            one(connection, made, at, "distributors", parties.distributor, """
                    insert into network.distributor (code, name, legal_name, registration, state_code, time_zone, currency, tax_regime)
                    values (?, ?, ?, 'REGULAR', 'GB', 'Europe/London', 'GBP', ?) on conflict do nothing""", parties.distributor, parties.distributorName, parties.distributorName, REGIME);
            long distributor = id(connection, "select id from network.distributor where code = ?", parties.distributor);
            one(connection, made, at, "principals-of-distributors", parties.distributor, "insert into network.distributor_principal (distributor_id, principal_id, valid_from) values (?, ?, date '2000-01-01') on conflict do nothing",
                    distributor, principal);
            one(connection, made, at, "tax-rates", CLASS, """
                    insert into tax.tax_rate (regime, hsn_prefix, rate, kind, valid_from, source) values (?, ?, 0, 'NON_GST', date '2000-01-01', 'the source states prices without tax')
                    on conflict do nothing""", REGIME, CLASS.substring(0, 2));
            one(connection, made, at, "brands", parties.principal, "insert into catalog.brand (code, name) values (?, 'Unbranded') on conflict do nothing", parties.principal);
            long brand = id(connection, "select id from catalog.brand where code = ?", parties.principal);
            for (var category : List.of("GOODS", "CHARGES"))
                one(connection, made, at, "categories", parties.principal + "-" + category, "insert into catalog.category (code, name) values (?, ?) on conflict do nothing", parties.principal + "-" + category,
                        category.charAt(0) + category.substring(1).toLowerCase(Locale.ROOT));
            long goods = id(connection, "select id from catalog.category where code = ?", parties.principal + "-GOODS");
            long charges = id(connection, "select id from catalog.category where code = ?", parties.principal + "-CHARGES");
            var known = skus(connection, principal);
            var post = new BulkPost();
            int fresh = 0;
            for (var item : history.items().values()) {
                if (known.containsKey(item.code())) continue;
                fresh++;
                post.update("""
                        insert into catalog.sku (principal_id, code, name, aliases, category_id, brand_id, hsn, batch_tracked, expiry_tracked, mrp, pts)
                        values (?, ?, ?, ?, ?, ?, ?, ?, false, ?, 0)""", principal, item.code(), item.name(), String.join(";", item.aliases().stream().map(alias -> alias.replace(';', ',')).toList()),
                        item.charge() ? charges : goods, brand, CLASS, !item.charge(), item.priceMax());
                made.add(created(AuditTrail.NETWORK, at, "skus", item.code(), null));
            }
            if (fresh > 0)
                post.update("""
                        insert into governance.config_version (part, version, changed_at) values ('national', 1, ?)
                        on conflict (part) do update set version = config_version.version + 1, changed_at = excluded.changed_at""", at);
            if (!made.isEmpty()) AuditTrail.append(post, AuditTrail.lock(connection, AuditTrail.NETWORK), made, List.of(), List.of());
            post.run(connection);
            return new Ids(distributor, principal, id(parties.distributor, "warehouse", "MAIN", history.documents().getFirst().on()), history.documents().getFirst().on(),
                    skus(connection, principal));
        });
    }

    /// Makes warehouse, outlets with their accounts, series and, as one document, the opening stock.
    /// @return outlets by customer
    Map<Customer, UUID> distributor(Parties parties, Ids ids, SourceHistory history) {
        var first = history.documents().getFirst().on();
        return transactions.writeOn(ids.distributor, connection -> {
            AuditTrail.open(connection, ids.distributor);
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var made = new ArrayList<AuditTrail.Entry>();
            var events = new ArrayList<AuditTrail.Event>();
            var post = new BulkPost();
            var codes = outlets(connection, ids.distributor);
            one(connection, made, at, "warehouses", "MAIN", "insert into network.warehouse (distributor_id, id, code, name) values (?, ?, 'MAIN', 'Warehouse') on conflict do nothing", ids.distributor, ids.warehouse);
            post.update("insert into network.warehouse_name (id, distributor_id, code, name) values (?, ?, 'MAIN', 'Warehouse') on conflict do nothing", ids.warehouse, ids.distributor);
            var outlets = new LinkedHashMap<Customer, UUID>();
            history.customers().forEach((customer, code) -> {
                var known = codes.get(code);
                var id = known != null ? known : id(parties.distributor, "outlet", code, first);
                outlets.put(customer, id);
                if (known != null) return;
                post.update("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, ?) on conflict do nothing", id, at);
                post.update("""
                        insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, state_code, city, created_at, changed_at)
                        values (?, ?, ?, ?, ?, 'WHOLESALE', 'C', ?, ?, ?, ?)""", ids.distributor, id, id, code, customer.id().isEmpty() ? "Walk-in customers, " + customer.country() : "Customer " + customer.id(),
                        state(customer.country()), customer.country(), at, at);
                post.update("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, 999999999.99, 30)", ids.distributor,
                        ids.principal, id);
                made.add(created(ids.distributor, at, "outlets", code, id));
            });
            series(connection, parties, ids, history);
            var opening = id(parties.distributor, "document", OPENING, first.minusDays(1));
            if (!isRegistered(connection, ids.distributor, opening)) {
                opening(post, parties, ids, history, opening, first.minusDays(1), at);
                made.add(new AuditTrail.Entry(ids.distributor, at, "system", null, "POSTED", OPENING, opening, first.minusDays(1),
                        "{\"origin\":\"MIGRATION\",\"derived\":\"least stock from which every invoice of the history could be served\",\"cost\":\"unknown\"}"));
                events.add(new AuditTrail.Event("opening-stock.posted", opening, first.minusDays(1), "{\"origin\":\"MIGRATION\"}"));
            }
            if (!made.isEmpty()) append(post, connection, ids.distributor, made, events);
            post.run(connection);
            return outlets;
        });
    }

    /// Only the opening stock tells the feed, and it comes last: entries before it have no event.
    private static void append(BulkPost post, Connection connection, long distributorId, List<AuditTrail.Entry> entries, List<AuditTrail.Event> events) throws SQLException {
        if (events.isEmpty()) {
            AuditTrail.append(post, AuditTrail.lock(connection, distributorId), entries, List.of(), List.of());
            return;
        }
        if (entries.size() > 1) {
            var before = new BulkPost();
            AuditTrail.append(before, AuditTrail.lock(connection, distributorId), entries.subList(0, entries.size() - 1), List.of(), List.of());
            before.run(connection);
        }
        AuditTrail.append(post, AuditTrail.lock(connection, distributorId), List.of(entries.getLast()), List.of(), events);
    }

    private static void series(Connection connection, Parties parties, Ids ids, SourceHistory history) throws SQLException {
        var years = new java.util.TreeSet<Integer>();
        history.documents().forEach(document -> years.add(Documents.fiscalYear(document.on())));
        for (int year : years) {
            for (var type : List.of("INVOICE", "CREDIT_NOTE", "ORDER", "COLLECTION", "GOODS_RECEIPT"))
                run(connection, "insert into platform.number_sequence (distributor_id, document_type, series, fiscal_year) values (?, ?, ?, ?) on conflict do nothing", ids.distributor, type,
                        "N" + type.charAt(0) + year % 100 + "/", year);
        }
    }

    private void opening(BulkPost post, Parties parties, Ids ids, SourceHistory history, UUID document, LocalDate on, Instant at) {
        Documents.register(post, List.of(new Documents.Registration(ids.distributor, document, OPENING, Fingerprint.of(List.of(parties.distributor, history.rows().size())), on, at)));
        var batches = new ArrayList<Batches.NewBatch>();
        var facts = new HashMap<String, BatchStock>();
        var entries = new ArrayList<StockMoves.Entry>();
        int line = 0;
        for (var item : history.items().values()) {
            if (item.charge()) continue;
            long sku = ids.skus.get(item.code());
            var batch = batch(parties, item.code(), on.plusDays(1));
            batches.add(new Batches.NewBatch(batch, ids.principal, new Batches.Identity(sku, "OPENING", item.priceMax(), BigDecimal.ZERO), null, null, on));
            facts.put(batch.toString(), new BatchStock(batch, sku, ids.principal, "OPENING", item.priceMax(), null, on, BigDecimal.ZERO, BigDecimal.ZERO.setScale(6)));
            if (item.opening().signum() == 0) continue;
            line++;
            var moved = StockMoves.between(Node.SUPPLIER, Node.SALEABLE, Long.toString(sku), batch.toString(), new Money(item.priceMax().movePointRight(2).longValueExact(), 2),
                    new Qty(item.opening().movePointRight(3).longValueExact()), UnitPrice.ZERO);
            for (var entry : moved.entries())
                entries.add(new StockMoves.Entry(line, entry.leg(), entry.skuId(), entry.batchId(), entry.mrp(), entry.node(), entry.qty(), entry.unitCost()));
        }
        Batches.create(post, ids.distributor, batches);
        Stock.move(post, ids.distributor, List.of(new Stock.Movement(ids.distributor, document, OPENING, on, ids.principal, ids.warehouse, new StockMoves(entries))), facts);
    }

    /// The one batch in which an item's opening stock lies.
    static UUID batch(Parties parties, String item, LocalDate first) {
        return id(parties.distributor, "batch", item, first);
    }

    static UUID document(Parties parties, SourceHistory.Document document) {
        return id(parties.distributor, "document", document.number(), document.on());
    }

    /// A UUIDv7 of the day whose other bits are those of a hash of the source's own names: the same again on every run.
    private static UUID id(String distributor, String kind, String key, LocalDate on) {
        try {
            var hash = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest((distributor + "\n" + kind + "\n" + key).getBytes(StandardCharsets.UTF_8)));
            long day = on.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
            return new UUID(day << 16 | 0x7000L | hash.getLong() >>> 52, 0x8000000000000000L | hash.getLong() >>> 2);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Which of these documents are in the books.
    Set<UUID> posted(long distributorId, List<UUID> documents) {
        return transactions.readOn(RowScope.of(distributorId), connection -> {
            var load = new Pipeline();
            var found = Documents.find(load, distributorId, documents.toArray(UUID[]::new));
            load.run(connection);
            return new HashSet<>(found.get().keySet());
        });
    }

    /// What the books hold of the migrated history, by month.
    Map<String, Totals> totals(long distributorId) {
        return transactions.read(RowScope.of(distributorId), db -> {
            var sums = new TreeMap<String, Totals>();
            db.sql("""
                    select to_char(i.business_date, 'YYYY-MM'), i.kind, count(*), sum(i.payable), sum(l.lines), sum(l.qty)
                      from billing.invoice i
                      join (select distributor_id, invoice_id, business_date, count(distinct line) as lines, sum(qty) as qty from billing.invoice_line
                             where distributor_id = ? group by distributor_id, invoice_id, business_date) l
                        on l.distributor_id = i.distributor_id and l.invoice_id = i.id and l.business_date = i.business_date
                     where i.distributor_id = ? and i.origin = 'MIGRATION'
                     group by 1, 2""").params(distributorId, distributorId).query(row -> {
                boolean credit = row.getString(2).equals("CREDIT_NOTE");
                var sign = credit ? BigDecimal.ONE.negate() : BigDecimal.ONE;
                sums.merge(row.getString(1), new Totals(row.getInt(5), credit ? 0 : row.getInt(3), credit ? row.getInt(3) : 0, row.getBigDecimal(6).multiply(sign),
                        row.getBigDecimal(4).multiply(sign)), Totals::plus);
            });
            return sums;
        });
    }

    /// The ISO code of a country where we know it, else its name.
    private static String state(String country) {
        for (var code : Locale.getISOCountries()) if (Locale.of("", code).getDisplayCountry(Locale.ENGLISH).equalsIgnoreCase(country)) return code;
        return switch (country) {
            case "EIRE" -> "IE";
            case "USA" -> "US";
            case "Channel Islands" -> "JE";
            default -> country;
        };
    }

    private static AuditTrail.Entry created(long distributorId, Instant at, String type, String key, @Nullable UUID id) {
        return new AuditTrail.Entry(distributorId, at, "system", null, "CREATED", type, id, null, Fingerprint.json(new TreeMap<>(Map.of("key", key, "via", "import"))));
    }

    private static void one(Connection connection, List<AuditTrail.Entry> made, Instant at, String type, String key, String sql, @Nullable Object... args) throws SQLException {
        if (run(connection, sql, args) > 0) made.add(created(type.equals("warehouses") ? (Long) args[0] : AuditTrail.NETWORK, at, type, key, null));
    }

    private static int run(Connection connection, String sql, @Nullable Object... args) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < args.length; at++) statement.setObject(at + 1, args[at]);
            return statement.executeUpdate();
        }
    }

    private static long id(Connection connection, String sql, String code) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, code);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) throw new IllegalStateException("there is no " + code);
                return rows.getLong(1);
            }
        }
    }

    private static boolean isRegistered(Connection connection, long distributorId, UUID document) throws SQLException {
        var load = new Pipeline();
        var found = Documents.find(load, distributorId, new UUID[] {document});
        load.run(connection);
        return !found.get().isEmpty();
    }

    private static Map<String, Long> skus(Connection connection, long principal) throws SQLException {
        try (var statement = connection.prepareStatement("select code, id from catalog.sku where principal_id = ?")) {
            statement.setLong(1, principal);
            try (var rows = statement.executeQuery()) {
                var found = new HashMap<String, Long>();
                while (rows.next()) found.put(rows.getString(1), rows.getLong(2));
                return found;
            }
        }
    }

    private static Map<String, UUID> outlets(Connection connection, long distributorId) throws SQLException {
        try (var statement = connection.prepareStatement("select code, id from network.outlet where distributor_id = ?")) {
            statement.setLong(1, distributorId);
            try (var rows = statement.executeQuery()) {
                var found = new HashMap<String, UUID>();
                while (rows.next()) found.put(rows.getString(1), rows.getObject(2, UUID.class));
                return found;
            }
        }
    }
}
