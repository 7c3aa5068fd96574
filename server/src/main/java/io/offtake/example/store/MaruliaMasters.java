package io.offtake.example.store;

import io.offtake.example.domain.Country;
import io.offtake.example.domain.Goods;
import io.offtake.example.domain.Promotions;
import io.offtake.example.domain.Seed;
import io.offtake.example.domain.Shops;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.BulkPost;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.StandardRates;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The masters of the example, written in sets: the network's in one transaction, each distributor's in another; every row
/// has its audit entry. What is there already stays.
@Component
public class MaruliaMasters {
    public static final String PRINCIPAL = "SUNBIRD";
    public static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");
    private static final List<String[]> SERIES = List.of(new String[] {"INVOICE", ""}, new String[] {"ORDER", "O"}, new String[] {"COLLECTION", "R"},
            new String[] {"GOODS_RECEIPT", "G"}, new String[] {"CREDIT_NOTE", "C"}, new String[] {"DEBIT_NOTE", "N"}, new String[] {"FINANCIAL_CREDIT_NOTE", "F"});

    private final TenantTransaction transactions;
    private final Clock clock;

    MaruliaMasters(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Makes the network's masters, unless they are there.
    /// @param from first day of the history, `to` its last
    public void network(LocalDate from, LocalDate to, List<Country.Distributor> distributors) {
        transactions.writeOn(AuditTrail.NETWORK, connection -> {
            if (id(connection, "select id from network.principal where code = ?", PRINCIPAL) != null) return null;
            AuditTrail.open(connection, AuditTrail.NETWORK);
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var made = new ArrayList<AuditTrail.Entry>();
            places(connection, at, made, from, distributors);
            taxes(connection, at, made);
            goods(connection, at, made, from);
            prices(connection, at, made, from, to);
            schemes(connection, at, made, from, to);
            var post = new BulkPost();
            for (var part : List.of("national", "zone:COAST"))
                post.update("""
                        insert into governance.config_version (part, version, changed_at) values (?, 1, ?)
                        on conflict (part) do update set version = config_version.version + 1, changed_at = excluded.changed_at""", part, at);
            AuditTrail.append(post, AuditTrail.lock(connection, AuditTrail.NETWORK), made, List.of(), List.of());
            post.run(connection);
            return null;
        });
    }

    /// A sub-distributor that buys from another distributor, unless it is there.
    /// @return its id
    public long subDistributor(Country.Distributor d, String supplier, LocalDate from) {
        long made = transactions.writeOn(AuditTrail.NETWORK, connection -> {
            var known = id(connection, "select id from network.distributor where code = ?", d.code());
            if (known != null) return known;
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            run(connection, """
                    insert into network.distributor (code, name, legal_name, gstin, state_code, territory_id, address, city, pin, phone, tier, supplier_id)
                    values (?, ?, ?, ?, ?, (select id from network.territory where code = ?), 'Bazaar Road', ?, ?, ?, 'SUB_DISTRIBUTOR', (select id from network.distributor where code = ?))""", d.code(), d.name(), d.legalName(),
                    Shops.gstin(d.stateCode() + d.pan() + "1Z"), d.stateCode(), d.territory(), d.city(), d.pin() + "001", d.phone(), supplier);
            long id = found(connection, "select id from network.distributor where code = ?", d.code());
            run(connection, "insert into network.distributor_principal (distributor_id, principal_id, valid_from) select ?, id, ? from network.principal where code = ?", id, from, PRINCIPAL);
            var post = new BulkPost();
            AuditTrail.append(post, AuditTrail.lock(connection, AuditTrail.NETWORK), List.of(created(0, at, "distributors", d.code(), null)), List.of(), List.of());
            post.run(connection);
            return id;
        });
        return made;
    }

    /// Makes one distributor's masters, unless they are there.
    public void distributor(Country.Distributor distributor, long id, long principalId, LocalDate from, LocalDate to, int outlets) {
        registration(distributor, id);
        var warehouse = warehouse(distributor, from);
        transactions.writeOn(id, connection -> {
            if (exists(connection, "select 1 from network.warehouse where distributor_id = ? and id = ?", id, warehouse)) return null;
            AuditTrail.open(connection, id);
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            // the shops were there before the first bill: counts of assigned outlets look back as far as the bills do
            var opened = from.atStartOfDay(ZONE).toInstant();
            var made = new ArrayList<AuditTrail.Entry>();
            var post = new BulkPost();
            post.update("insert into network.warehouse (distributor_id, id, code, name, address) values (?, ?, 'MAIN', 'Main godown', ?)", id, warehouse,
                    "Godown 4, " + distributor.city());
            post.update("insert into network.warehouse_name (id, distributor_id, code, name) values (?, ?, 'MAIN', 'Main godown') on conflict do nothing", warehouse, id);
            made.add(created(id, at, "warehouses", "MAIN", warehouse));
            var beats = new ArrayList<UUID>();
            for (var beat : Shops.beats(distributor)) {
                var beatId = Seed.id(morning(from), "beat", distributor.code(), beat.code());
                beats.add(beatId);
                post.update("insert into network.beat (distributor_id, id, code, name, salesman, weekday) values (?, ?, ?, ?, ?, ?)", id, beatId, beat.code(), beat.name(),
                        beat.salesman(), beat.weekday());
                made.add(created(id, at, "beats", beat.code(), beatId));
            }
            for (var outlet : Shops.outlets(distributor, outlets)) {
                var outletId = outlet(outlet.code(), from);
                post.update("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, ?) on conflict do nothing", outletId, at);
                post.update("""
                        insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, name_local, channel, outlet_class, beat_id, gstin, registration, state_code,
                                                    address, city, pin, phone, latitude, longitude, created_at, changed_at)
                        values (?, ?, ?, ?, ?, ?::text, ?, ?, ?, ?::text, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", id, outletId, outletId, outlet.code(), outlet.name(), outlet.nameLocal(), outlet.channel(),
                        outlet.outletClass(), beats.get(outlet.beat()), outlet.gstin(), outlet.registration(), outlet.stateCode(), outlet.address(), outlet.city(), outlet.pin(),
                        outlet.phone(), BigDecimal.valueOf(outlet.latitude()).setScale(6, RoundingMode.HALF_UP), BigDecimal.valueOf(outlet.longitude()).setScale(6, RoundingMode.HALF_UP), opened, opened);
                post.update("""
                        insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, ?, ?)""", id, principalId, outletId,
                        BigDecimal.valueOf(outlet.creditLimit()), outlet.creditDays());
                made.add(created(id, at, "outlets", outlet.code(), outletId));
            }
            for (int year = Documents.fiscalYear(from); year <= Documents.fiscalYear(to) + 1; year++) {
                for (var series : SERIES)
                    post.update("insert into platform.number_sequence (distributor_id, document_type, series, fiscal_year) values (?, ?, ?, ?)", id, series[0],
                            distributor.code() + series[1] + year % 100 + "/", year);
            }
            AuditTrail.append(post, AuditTrail.lock(connection, id), made, List.of(), List.of());
            post.run(connection);
            return null;
        });
    }

    public static UUID outlet(String code, LocalDate from) {
        return Seed.id(morning(from), "outlet", code);
    }

    public static UUID warehouse(Country.Distributor distributor, LocalDate from) {
        return Seed.id(morning(from), "warehouse", distributor.code());
    }

    private static Instant morning(LocalDate on) {
        return on.atTime(9, 0).atZone(ZONE).toInstant();
    }

    /// The network's ids by code, once it is there.
    public record Ids(long principal, Map<String, Long> distributors, Map<String, Long> skus) {}

    public Ids ids() {
        return transactions.shared(db -> {
            long principal = db.sql("select id from network.principal where code = ?").param(PRINCIPAL).query(Long.class).single();
            var distributors = new HashMap<String, Long>();
            db.sql("select d.code, d.id from network.distributor d join network.distributor_principal p on p.distributor_id = d.id where p.principal_id = ? order by d.id").param(principal)
                    .query(row -> {
                        distributors.put(row.getString(1), row.getLong(2));
                    });
            var skus = new LinkedHashMap<String, Long>();
            db.sql("select code, id from catalog.sku where principal_id = ? order by id").param(principal).query(row -> {
                skus.put(row.getString(1), row.getLong(2));
            });
            return new Ids(principal, distributors, skus);
        });
    }

    private void places(Connection connection, Instant at, List<AuditTrail.Entry> made, LocalDate from, List<Country.Distributor> distributors) throws SQLException {
        run(connection, "insert into network.territory (code, name, kind) values ('MARULIA', 'Marulia', 'COUNTRY')");
        long country = found(connection, "select id from network.territory where code = ?", "MARULIA");
        var ids = new HashMap<String, Long>();
        for (var region : Country.REGIONS) {
            run(connection, "insert into network.territory (code, name, kind, parent_id) values (?, ?, 'REGION', ?)", region.code(), region.name(), country);
            ids.put(region.code(), found(connection, "select id from network.territory where code = ?", region.code()));
            made.add(created(0, at, "territories", region.code(), null));
        }
        for (var territory : Country.TERRITORIES) {
            run(connection, "insert into network.territory (code, name, kind, parent_id) values (?, ?, 'TERRITORY', ?)", territory.code(), territory.name(), ids.get(territory.region()));
            ids.put(territory.code(), found(connection, "select id from network.territory where code = ?", territory.code()));
            made.add(created(0, at, "territories", territory.code(), null));
        }
        run(connection, "insert into network.principal (code, name, legal_name, gstin, state_code, address) values (?, 'Sunbird Foods', 'Sunbird Foods Ltd', ?, '27', ?)", PRINCIPAL,
                Shops.gstin("27AAGCS4417E1Z"), "Plot 12, Industrial Estate, Anandpur 413001");
        long principal = found(connection, "select id from network.principal where code = ?", PRINCIPAL);
        made.add(created(0, at, "principals", PRINCIPAL, null));
        int place = 0;
        for (var d : distributors) {
            place++;
            run(connection, """
                    insert into network.distributor (code, name, legal_name, gstin, state_code, price_zone, territory_id, address, city, pin, phone, fssai, upi_id, bank)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", d.code(), d.name(), d.legalName(), Shops.gstin(d.stateCode() + d.pan() + "1Z"), d.stateCode(),
                    d.zone().equals("COAST") ? "COAST" : null, ids.get(d.territory()), place * 7 + ", " + (place % 2 == 0 ? "Market Yard" : "Godown Lane"), d.city(), d.pin() + "001", d.phone(),
                    "115%02d0260001%02d".formatted(place, place) + "0", d.name().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z]", "") + "@maruliabank",
                    "Marulia Bank, a/c 50200%05d, IFSC MARU0000%03d".formatted(34000 + place, place));
            long id = found(connection, "select id from network.distributor where code = ?", d.code());
            run(connection, "insert into network.distributor_principal (distributor_id, principal_id, valid_from) values (?, ?, ?)", id, principal, from);
            made.add(created(0, at, "distributors", d.code(), null));
        }
    }

    /// Before and after 22-09-2025. Source: IN-07, CGST rate notifications 1/2017 and 9/2025.
    /// Turnovers between seven and sixteen crore: all make e-invoices, the larger ones within thirty days (IN-30, IN-31).
    private void registration(Country.Distributor distributor, long id) {
        transactions.writeOn(id, connection -> {
            var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var today = LocalDate.ofInstant(at, ZONE);
            var turnover = BigDecimal.valueOf(Math.round(distributor.weight() * 100)).multiply(new BigDecimal(1_200_000)).setScale(2);
            var year = today.getMonthValue() >= 4 ? today.getYear() : today.getYear() - 1;
            for (int back = 2; back >= 1; back--)
                run(connection, """
                        insert into tax.fiscal_year (distributor_id, year, turnover, recorded_at, recorded_by) values (?, ?, ?, ?, 'system') on conflict (distributor_id, year) do nothing""",
                        id, year - back, turnover, at.atOffset(java.time.ZoneOffset.UTC));
            run(connection, """
                    insert into tax.registration (distributor_id, e_invoice_from, recorded_at, recorded_by) values (?, ?, ?, 'system') on conflict (distributor_id) do nothing""",
                    id, today.minusDays(2), at.atOffset(java.time.ZoneOffset.UTC));
            return null;
        });
    }

    private static final List<List<String>> RATES = List.of(List.of("1905", "0.18", "0.05"), List.of("2106", "0.18", "0.05"), List.of("1902", "0.12", "0.05"), List.of("1704", "0.18", "0.05"),
            List.of("1806", "0.18", "0.05"), List.of("2103", "0.12", "0.05"), List.of("2007", "0.12", "0.05"), List.of("220299", "0.12", "0.05"), List.of("220210", "0.28", "0.40"),
            List.of("2101", "0.18", "0.05"), List.of("0401", "0.05", "0"), List.of("0405", "0.12", "0.05"), List.of("3402", "0.18", "0.18"));

    private void taxes(Connection connection, Instant at, List<AuditTrail.Entry> made) throws SQLException {
        for (var rate : RATES) {
            var kind = rate.get(2).equals("0") ? "NIL" : "TAXABLE";
            run(connection, """
                    insert into tax.tax_rate (regime, hsn_prefix, rate, kind, valid_from, valid_to, source)
                    values ('IN_GST', ?, ?, 'TAXABLE', date '2017-07-01', date '2025-09-21', 'N/N 1/2017-CT(R)') on conflict do nothing""", rate.get(0), new BigDecimal(rate.get(1)));
            run(connection, """
                    insert into tax.tax_rate (regime, hsn_prefix, rate, kind, valid_from, source)
                    values ('IN_GST', ?, ?, ?, date '2025-09-22', 'N/N 9/2025-CT(R)') on conflict do nothing""", rate.get(0), new BigDecimal(rate.get(2)), kind);
            made.add(created(0, at, "tax-rates", rate.get(0), null));
        }
        for (var rate : StandardRates.india())
            run(connection, """
                    insert into tax.tax_rate (regime, hsn_prefix, rate, cess, kind, valid_from, valid_to, source) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
                    rate.regime(), rate.hsn(), rate.percent().movePointLeft(2), rate.cessPercent().movePointLeft(2), rate.kind(), rate.from(), rate.to(), rate.source());
    }

    private void goods(Connection connection, Instant at, List<AuditTrail.Entry> made, LocalDate from) throws SQLException {
        long principal = found(connection, "select id from network.principal where code = ?", PRINCIPAL);
        for (var brand : Goods.brands()) {
            run(connection, "insert into catalog.brand (code, name) values (?, ?)", Goods.code(brand), brand);
            made.add(created(0, at, "brands", Goods.code(brand), null));
        }
        for (var category : Goods.categories()) {
            run(connection, "insert into catalog.category (code, name, parent_id) select ?, ?, (select id from catalog.category where code = ?)", category.code(), category.name(),
                    category.parent() == null ? "" : category.parent());
            made.add(created(0, at, "categories", category.code(), null));
        }
        var brands = all(connection, "select code, id from catalog.brand");
        var categories = all(connection, "select code, id from catalog.category");
        var post = new BulkPost();
        for (var sku : Goods.SKUS) {
            var mrp = sku.newMrp() == null ? sku.mrp() : sku.newMrp();
            post.update("""
                    insert into catalog.sku (principal_id, code, name, name_local, aliases, category_id, brand_id, variant, pack, price_tier, hsn, weight_g, shelf_life_days, mrp, pts,
                                             must_stock, launched_on)
                    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", principal, sku.code(), sku.name(), sku.nameLocal(), sku.aliases(), categories.get(sku.category()),
                    brands.get(Goods.code(sku.brand())), sku.variant(), sku.pack(), sku.tier(), sku.hsn(), BigDecimal.valueOf(sku.weight()), sku.shelfLifeDays(), mrp, sku.pts(mrp), sku.mustStock(), from);
            made.add(created(0, at, "skus", sku.code(), null));
        }
        post.run(connection);
        var ids = skus(connection, principal);
        var parts = new BulkPost();
        for (var sku : Goods.SKUS) {
            long id = ids.get(sku.code());
            parts.update("insert into catalog.sku_unit (sku_id, unit, name, numerator) values (?, ?, ?, ?)", id, "CASE", "Case", (long) sku.caseSize());
            if (sku.inner() > 0) parts.update("insert into catalog.sku_unit (sku_id, unit, name, numerator) values (?, ?, ?, ?)", id, "INNER", "Inner", (long) sku.inner());
            parts.update("insert into catalog.sku_barcode (gtin, sku_id, unit) values (?, ?, ?)", sku.gtin(), id, "PCS");
            parts.update("insert into catalog.sku_barcode (gtin, sku_id, unit) values (?, ?, ?)", sku.caseGtin(), id, "CASE");
            if (!sku.mustStock()) continue;
            parts.update("insert into catalog.must_sell (principal_id, outlet_class, sku_id, valid_from) values (?, 'A', ?, ?)", principal, id, from);
            made.add(created(0, at, "must-sell", sku.code(), null));
        }
        parts.run(connection);
    }

    private void prices(Connection connection, Instant at, List<AuditTrail.Entry> made, LocalDate from, LocalDate to) throws SQLException {
        long principal = found(connection, "select id from network.principal where code = ?", PRINCIPAL);
        var ids = skus(connection, principal);
        long national = list(connection, made, at, "MAR-NAT", "National retail prices", principal, 7, null, null, from);
        long coast = list(connection, made, at, "MAR-COAST", "Coast: drinks", principal, 6, "COAST", null, from.plusDays(45));
        long key = list(connection, made, at, "MAR-CLASS-A", "Class A shops", principal, 4, null, "A", to.minusDays(200));
        var post = new BulkPost();
        var line = "insert into pricing.price_list_line (price_list_id, sku_id, mrp, price) values (?, ?, ?, ?)";
        for (var sku : Goods.SKUS) {
            long id = ids.get(sku.code());
            post.update(line, national, id, BigDecimal.ZERO.setScale(2), sku.ptr(sku.mrp()));
            if (sku.newMrp() != null) post.update(line, national, id, sku.newMrp(), sku.ptr(sku.newMrp()));
            if (sku.newMrp() != null) continue;
            if (sku.family().equals("COL") || sku.family().equals("JUI")) post.update(line, coast, id, BigDecimal.ZERO.setScale(2), times(sku.ptr(sku.mrp()), "1.01"));
            if (List.of("GLU", "NMK", "NDL", "DSH").contains(sku.family())) post.update(line, key, id, BigDecimal.ZERO.setScale(2), times(sku.ptr(sku.mrp()), "0.985"));
        }
        post.run(connection);
    }

    private static BigDecimal times(BigDecimal price, String factor) {
        return price.multiply(new BigDecimal(factor)).setScale(2, RoundingMode.HALF_UP);
    }

    private static long list(Connection connection, List<AuditTrail.Entry> made, Instant at, String code, String name, long principal, int level, @Nullable String zone,
                             @Nullable String outletClass, LocalDate from) throws SQLException {
        run(connection, "insert into pricing.price_list (code, version_no, name, principal_id, level, zone, outlet_class, valid_from) values (?, 1, ?, ?, ?, ?, ?, ?)", code, name, principal,
                level, zone, outletClass, from);
        made.add(created(0, at, "price-lists", code, null));
        return found(connection, "select id from pricing.price_list where code = ?", code);
    }

    private void schemes(Connection connection, Instant at, List<AuditTrail.Entry> made, LocalDate from, LocalDate to) throws SQLException {
        long principal = found(connection, "select id from network.principal where code = ?", PRINCIPAL);
        var categories = all(connection, "select code, id from catalog.category");
        var skus = skus(connection, principal);
        for (var promotion : Promotions.between(from, to)) {
            run(connection, "insert into schemes.scheme (code, principal_id) values (?, ?)", promotion.code(), principal);
            long id = found(connection, "select id from schemes.scheme where code = ?", promotion.code());
            run(connection, """
                    insert into schemes.scheme_version (scheme_id, version_no, principal_id, name, mechanic, definition, valid_from, valid_to, status, created_at)
                    values (?, 1, ?, ?, ?, ?::jsonb, ?, ?, ?, ?)""", id, principal, promotion.name(), promotion.mechanic(), promotion.json(id, principal, categories, skus),
                    promotion.from(), promotion.to(), promotion.to().isBefore(to) ? "ENDED" : "ACTIVE", at);
            made.add(created(0, at, "schemes", promotion.code(), null));
        }
    }

    private static AuditTrail.Entry created(long distributorId, Instant at, String type, String code, @Nullable UUID id) {
        return new AuditTrail.Entry(distributorId, at, "system", null, "CREATED", type, id, null, Fingerprint.json(new java.util.TreeMap<>(Map.of("key", code, "via", "example"))));
    }

    private static Map<String, Long> skus(Connection connection, long principal) throws SQLException {
        return all(connection, "select code, id from catalog.sku where principal_id = " + principal);
    }

    private static Map<String, Long> all(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql); var rows = statement.executeQuery()) {
            var found = new HashMap<String, Long>();
            while (rows.next()) found.put(rows.getString(1), rows.getLong(2));
            return found;
        }
    }

    private static void run(Connection connection, String sql, @Nullable Object... args) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < args.length; at++) {
                if (args[at] instanceof Instant instant) statement.setObject(at + 1, instant.atOffset(java.time.ZoneOffset.UTC));
                else statement.setObject(at + 1, args[at]);
            }
            statement.executeUpdate();
        }
    }

    private static boolean exists(Connection connection, String sql, Object... args) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < args.length; at++) statement.setObject(at + 1, args[at]);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static @Nullable Long id(Connection connection, String sql, String code) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setString(1, code);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getLong(1) : null;
            }
        }
    }

    private static long found(Connection connection, String sql, String code) throws SQLException {
        var id = id(connection, sql, code);
        if (id == null) throw new IllegalStateException("there is no " + code);
        return id;
    }
}
