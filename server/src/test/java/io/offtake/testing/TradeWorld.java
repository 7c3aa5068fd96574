package io.offtake.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.offtake.Offtake;
import io.offtake.access.Grant;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.launch.Verify;
import io.offtake.platform.Progress;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.database.DatabaseAccess;
import io.offtake.platform.database.DatabaseBootstrap;
import io.offtake.platform.database.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import tools.jackson.databind.json.JsonMapper;

/// The other side of the simulated devices in `e2e/`: the whole server on an embedded database, networks made to order, and
/// what the ledgers hold as JSON. It runs from the packaged application's jars and these test classes:
///
/// `java -cp target/run/offtake.jar:target/run/lib/*:server/target/test-classes io.offtake.testing.TradeWorld HOME [PORT]`
///
/// It prints `WORLD {"address":…,"control":…}` when it is ready and ends with its standard input. The control port knows
/// `POST /network` ([Order]), `GET /ledger?distributor=`, `GET /verify?distributor=…,…`.
public final class TradeWorld {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PASSWORD = "correct horse battery";
    private static final List<String> SKUS = List.of("S1", "S2", "S3", "S4", "S5", "S6");

    private final TenantTransaction transactions;
    private final Users users;
    private final LocalDate today;
    private final DatabaseAccess access;

    private TradeWorld(ConfigurableApplicationContext application, DatabaseAccess access) {
        transactions = application.getBean(TenantTransaction.class);
        users = application.getBean(Users.class);
        today = LocalDate.now(application.getBean(Clock.class).withZone(ZoneId.of("Asia/Kolkata")));
        this.access = access;
    }

    /// A network of one principal. All its distributors begin alike: batches `A-SKU` and `B-SKU` (a month longer) of every SKU,
    /// outlets `O1`… with the credit limit.
    ///
    /// @param distributors their codes
    /// @param outlets      of each distributor
    /// @param stock        pieces of each batch
    /// @param creditLimit  of each outlet
    /// @param skus         further SKUs of a catalogue, each with a batch at every distributor; null for none
    /// @param schemes      code, mechanic and definition ([Fixture#scheme])
    record Order(List<String> distributors, int outlets, int stock, String creditLimit, @Nullable Integer skus, @Nullable List<Scheme> schemes) {
        record Scheme(String code, String mechanic, String definition) {}
    }

    public static void main(String[] arguments) throws Exception {
        var home = Path.of(arguments[0]).toAbsolutePath();
        var application = new SpringApplication(Offtake.class);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> context.getBeanFactory().registerSingleton("shippedOnly", new ShippedOnly()));
        var settings = Boolean.getBoolean("world.durable") ? Map.<String, String>of() : Map.of("fsync", "off", "full_page_writes", "off", "synchronous_commit", "off");
        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, settings)) {
            var context = application.run("--offtake.home=" + home, "--offtake.join=true", "--server.address=127.0.0.1", "--server.port=" + (arguments.length > 1 ? arguments[1] : "0"));
            var world = new TradeWorld(context, DatabaseBootstrap.embeddedAccess(postgres, "offtake"));
            var control = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
            control.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            control.createContext("/", world::answer);
            control.start();
            System.out.println("WORLD " + JSON.writeValueAsString(Map.of("address", "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"),
                    "control", "http://127.0.0.1:" + control.getAddress().getPort())));
            while (System.in.read() >= 0) {
                // until whoever started this ends
            }
            control.stop(0);
            context.close();
        }
    }

    /// The beans of tests lie in the same packages as the application's.
    private static final class ShippedOnly extends TypeExcludeFilter {
        @Override
        public boolean match(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
            return reader.getResource().getURL().getPath().contains("/test-classes/");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ShippedOnly;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body;
        int status = 200;
        try {
            var query = new HashMap<String, String>();
            var raw = exchange.getRequestURI().getQuery();
            if (raw != null) for (var pair : raw.split("&")) query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            body = switch (exchange.getRequestURI().getPath()) {
                case "/network" -> JSON.writeValueAsBytes(network(JSON.readValue(exchange.getRequestBody().readAllBytes(), Order.class)));
                case "/ledger" -> ledger(Long.parseLong(query.get("distributor"))).getBytes(StandardCharsets.UTF_8);
                case "/verify" -> JSON.writeValueAsBytes(verify(List.of(query.get("distributor").split(",")).stream().map(Long::valueOf).toList()));
                default -> throw new IllegalArgumentException("unknown: " + exchange.getRequestURI());
            };
        } catch (Exception failure) {
            failure.printStackTrace();
            status = 500;
            body = String.valueOf(failure).getBytes(StandardCharsets.UTF_8);
        }
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private Map<String, Object> network(Order order) {
        var fixture = new Fixture(transactions, today);
        var schemes = new LinkedHashMap<String, Long>();
        for (var scheme : order.schemes == null ? List.<Order.Scheme>of() : order.schemes)
            schemes.put(scheme.code, fixture.scheme(scheme.code, scheme.mechanic, scheme.definition.replaceAll("\\$(S[1-6])", "SKU-$1")
                    .transform(text -> {
                        for (var sku : SKUS) text = text.replace("SKU-" + sku, fixture.skus.get(sku).toString());
                        return text;
                    }), today.minusDays(10), today.plusDays(10)));
        if (order.skus != null) catalogue(fixture, order.skus);
        var distributors = new ArrayList<Map<String, Object>>();
        for (var code : order.distributors) distributors.add(distributor(fixture, code, order));
        return Map.of("principal", fixture.principal, "skus", fixture.skus, "today", today.toString(), "schemes", schemes, "password", PASSWORD, "distributors", distributors);
    }

    /// Further SKUs with names, units, codes to scan and prices as a catalogue has them.
    private void catalogue(Fixture fixture, int count) {
        transactions.shared(db -> {
            db.sql("""
                    insert into catalog.sku (principal_id, code, name, category_id, brand_id, hsn, mrp, pts)
                    select s.principal_id, 'X' || lpad(n::text, 5, '0'),
                           (array['Tulip','Marigold','Lotus','Jasmine','Sandal','Neem','Lemon','Rose','Mint','Honey','Almond','Saffron','Tulsi','Amla','Aloe','Clove'])[1 + n % 16] || ' '
                           || (array['soap','shampoo','biscuit','rusk','detergent','tea','noodles','toothpaste','hair oil','cream','juice','wafer','atta','salt','agarbatti'])[1 + (n / 16) % 15] || ' '
                           || (array['50 g','75 g','100 g','125 g','200 g','250 ml','400 g','500 ml','1 kg'])[1 + (n / 240) % 9] || ' ' || n,
                           s.category_id, s.brand_id, s.hsn, 10 + (n * 7919 % 49000) / 100.0, 8 + (n * 7919 % 37000) / 100.0
                      from generate_series(1, ?) n, catalog.sku s where s.id = ?""").params(count, fixture.skus.get("S2")).update();
            var more = "catalog.sku k where k.principal_id = ? and k.code like 'X%'";
            db.sql("insert into catalog.sku_unit (sku_id, unit, name, numerator) select k.id, u.unit, u.name, u.pieces from (values ('CASE', 'Case', 48), ('INNER', 'Inner', 6)) as u (unit, name, pieces), " + more)
                    .param(fixture.principal).update();
            db.sql("insert into catalog.sku_barcode (sku_id, gtin, unit) select k.id, '89' || lpad((k.id * 7 + 10000)::text, 11, '0'), k.base_unit from " + more + " on conflict do nothing").param(fixture.principal).update();
            return db.sql("insert into pricing.price_list_line (price_list_id, sku_id, price) select l.id, k.id, k.pts * 1.05 from pricing.price_list l, " + more + " and l.principal_id = k.principal_id")
                    .param(fixture.principal).update();
        });
    }

    private Map<String, Object> distributor(Fixture fixture, String code, Order order) {
        var one = fixture.distributor(code);
        var outlets = new LinkedHashMap<String, UUID>(Map.of("O1", one.o1(), "O2", one.o2(), "O3", one.o3()));
        for (int at = 4; at <= order.outlets; at++) {
            var id = UUID.randomUUID();
            outlets.put("O" + at, id);
        }
        transactions.shared(db -> {
            outlets.forEach((_, id) -> db.sql("insert into network.outlet_registry (platform_outlet_id, registered_at) values (?, now()) on conflict do nothing").param(id).update());
            return null;
        });
        var limit = new BigDecimal(order.creditLimit);
        transactions.write(one.id(), db -> {
            outlets.forEach((number, id) -> {
                if (id.equals(one.o1()) || id.equals(one.o2()) || id.equals(one.o3())) return;
                db.sql("""
                        insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, gstin, registration, state_code, created_at, changed_at)
                        values (?, ?, ?, ?, ?, 'GROCER', 'A', ?, ?, '27', now(), now())""")
                        .params(one.id(), id, id, number, named(number), number.endsWith("5") ? "27ABCDE1234F1Z0" : null, number.endsWith("5") ? "REGULAR" : "UNREGISTERED").update();
                db.sql("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, ?, 14)")
                        .params(one.id(), fixture.principal, id, limit).update();
            });
            return db.sql("update receivables.outlet_account set credit_limit = ? where distributor_id = ?").params(limit, one.id()).update();
        });
        for (var sku : SKUS) {
            fixture.batch(one, sku, "A-" + sku, mrp(sku), today.plusDays(300), order.stock);
            fixture.batch(one, sku, "B-" + sku, mrp(sku), today.plusDays(330), order.stock);
        }
        if (order.skus != null) transactions.write(one.id(), db -> {
            // only pulled and sold from, never verified: without the entries that made it
            db.sql("""
                    insert into catalog.batch (distributor_id, id, principal_id, sku_id, batch_no, mrp, expires_on, received_on, unit_cost)
                    select ?, gen_random_uuid(), k.principal_id, k.id, 'B' || (k.id * 31 % 100000), k.mrp, ?::date + (k.id % 200)::integer, ?::date, k.pts
                      from catalog.sku k where k.principal_id = ? and k.code like 'X%'""").params(one.id(), today.plusDays(120), today.minusDays(30), fixture.principal).update();
            return db.sql("""
                    insert into stock.balance (distributor_id, warehouse_id, sku_id, batch_id, bucket, principal_id, qty, unit_cost, batch_no, mrp, expires_on, received_on)
                    select b.distributor_id, ?, b.sku_id, b.id, 'SALEABLE', b.principal_id, 1000 + b.sku_id % 500, b.unit_cost, b.batch_no, b.mrp, b.expires_on, b.received_on
                      from catalog.batch b join catalog.sku k on k.id = b.sku_id where b.distributor_id = ? and k.code like 'X%'""").params(one.warehouse(), one.id()).update();
        });
        var always = LocalDate.of(2000, 1, 1);
        var scope = List.of(new Grant.OfScope(Grant.ScopeKind.DISTRIBUTOR, one.id(), always, null));
        var clerk = "clerk" + one.id();
        var owner = "owner" + one.id();
        users.register(new Users.NewUser(clerk, "Clerk", Users.Kind.PERSON, "en", one.id(), List.of(new Grant.OfRole(Role.BC, always, null), new Grant.OfRole(Role.GK, always, null)), scope, PASSWORD), "test");
        users.register(new Users.NewUser(owner, "Owner", Users.Kind.PERSON, "en", one.id(), List.of(new Grant.OfRole(Role.DO, always, null), new Grant.OfRole(Role.BC, always, null), new Grant.OfRole(Role.GK, always, null)), scope, PASSWORD), "test");
        return Map.of("code", code, "id", one.id(), "warehouse", one.warehouse(), "outlets", outlets, "clerk", clerk, "owner", owner);
    }

    private static String named(String number) {
        int n = Integer.parseInt(number.substring(1));
        return List.of("Shree", "Ganesh", "Laxmi", "Sai", "Balaji", "New", "Mahalaxmi", "Om", "Patel", "Gupta", "Jain", "Sharma", "Krishna", "Ambika", "Royal").get(n % 15) + " "
                + List.of("Kirana", "Stores", "Provision", "General", "Super Mart", "Traders", "Medical", "Bakery", "Dairy", "Bazaar", "Agency").get(n / 15 % 11) + ", "
                + List.of("Station Road", "Camp", "Main Bazaar", "Gandhi Chowk", "Nehru Nagar", "MG Road", "Sadar", "Ward").get(n / 165 % 8) + " " + n;
    }

    private static String mrp(String sku) {
        return switch (sku) {
            case "S2" -> "10.00";
            case "S3" -> "115.00";
            case "S5" -> "45.00";
            case "S6" -> "60.00";
            default -> "40.00";
        };
    }

    /// What one list of the ledger is; `:id` is the distributor.
    private static final Map<String, String> LISTS = lists();

    private static Map<String, String> lists() {
        var lists = new LinkedHashMap<String, String>();
        lists.put("documents", "select document_id as id, type, recorded_at as at from platform.document_register where distributor_id = :id");
        lists.put("numbers", "select document_type as type, series, fiscal_year as year, number, formatted, document_id as document, fate, reason from platform.number_register where distributor_id = :id order by 1, 2, 3, 4");
        lists.put("sequences", "select document_type as type, series, fiscal_year as year, next_number as next from platform.number_sequence where distributor_id = :id order by 1, 2, 3");
        lists.put("audit", "select seq, action, document_type as type, document_id as document, details, recorded_at as at from governance.audit_entry where distributor_id = :id order by seq");
        lists.put("stock", """
                select k.code as sku, b.batch_no as batch, b.bucket, b.qty::text as qty from stock.balance b join catalog.sku k on k.id = b.sku_id
                 where b.distributor_id = :id order by 1, 2, 3""");
        lists.put("moves", """
                select e.document_id as document, e.document_type as type, k.code as sku, c.batch_no as batch, e.bucket, sum(e.qty)::text as qty from stock.entry e
                  join catalog.sku k on k.id = e.sku_id join catalog.batch c on c.distributor_id = e.distributor_id and c.id = e.batch_id
                 where e.distributor_id = :id group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5""");
        lists.put("accounts", """
                select o.code as outlet, a.balance::text as balance, a.credit_limit::text as "limit" from receivables.outlet_account a
                  join network.outlet o on o.distributor_id = a.distributor_id and o.id = a.outlet_id where a.distributor_id = :id order by 1""");
        lists.put("journal", """
                select j.document_id as document, j.document_type as type, j.account, o.code as outlet, j.tax_head as head, j.tax_rate::text as rate, j.scheme_id as scheme, sum(j.amount)::text as amount
                  from receivables.journal_entry j left join network.outlet o on o.distributor_id = j.distributor_id and o.id = j.outlet_id
                 where j.distributor_id = :id group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7""");
        lists.put("openItems", """
                select i.document_id as document, o.code as outlet, i.kind, i.due_on as due, i.amount::text as amount, i.open_amount::text as open from receivables.open_item i
                  join network.outlet o on o.distributor_id = i.distributor_id and o.id = i.outlet_id where i.distributor_id = :id order by 1""");
        lists.put("invoices", """
                select i.id, i.kind, i.number, i.series, o.code as outlet, i.business_date as on, i.payment_mode as mode, i.sale_type as sale, i.gross::text as gross, i.scheme_discount::text as scheme,
                       i.taxable::text as taxable, i.cgst::text as cgst, i.sgst::text as sgst, i.igst::text as igst, i.rounding::text as rounding, i.payable::text as payable, i.cost::text as cost,
                       i.recorded_at as at, x.invoice_id is not null as cancelled
                  from billing.invoice i join network.outlet o on o.distributor_id = i.distributor_id and o.id = i.outlet_id
                  left join billing.invoice_cancellation x on x.distributor_id = i.distributor_id and x.invoice_id = i.id
                 where i.distributor_id = :id order by i.id""");
        lists.put("lines", """
                select l.invoice_id as invoice, l.line, l.part, l.kind, k.code as sku, l.qty::text as qty, l.free_qty::text as free, l.unit_price::text as price, l.gross::text as gross,
                       l.scheme_discount::text as scheme, l.taxable::text as taxable, l.tax_rate::text as rate, l.cgst::text as cgst, l.sgst::text as sgst, l.igst::text as igst, l.cost::text as cost
                  from billing.invoice_line l join catalog.sku k on k.id = l.sku_id where l.distributor_id = :id order by 1, 2, 3""");
        lists.put("orders", """
                select o.id, o.number, x.code as outlet, o.status, o.indicative::text as total from orders.sales_order o
                  join network.outlet x on x.distributor_id = o.distributor_id and x.id = o.outlet_id where o.distributor_id = :id order by 1""");
        lists.put("collections", "select id, number, amount::text as amount, on_account::text as \"onAccount\", status from receivables.collection where distributor_id = :id order by 1");
        lists.put("receipts", "select id, number, total::text as total from primary_sales.goods_receipt where distributor_id = :id order by 1");
        lists.put("differences", "select document_id as document, kind, expected::text as expected, decided::text as decided from sync.difference where distributor_id = :id order by 1");
        lists.put("limits", "select scheme_id as scheme, scope, period, granted::text as granted, soft::text as soft, used::text as used from schemes.limit_balance where distributor_id = :id order by 1, 2, 3");
        lists.put("limitMoves", """
                select document_id as document, document_type as type, scheme_id as scheme, scope, period, granted::text as granted, soft::text as soft, used::text as used
                  from schemes.limit_movement where distributor_id = :id order by 1, 3, 4, 5""");
        lists.put("commands", "select command_id as id, kind, outcome, code, number, tries, device_id as device from sync.command_outcome where distributor_id = :id order by 1");
        lists.put("tasks", "select kind, document_id as document, state, due_on as due from sync.task where distributor_id = :id order by 1, 2");
        lists.put("benefits", "select invoice_id as document, scheme_id as scheme, sum(amount)::text as amount from billing.scheme_benefit where distributor_id = :id group by 1, 2 order by 1, 2");
        return lists;
    }

    private String ledger(long distributor) {
        var scope = RowScope.of(distributor);
        return transactions.<String>read(scope, db -> {
            var text = new StringBuilder("{");
            LISTS.forEach((name, sql) -> text.append(text.length() == 1 ? "" : ",").append('"').append(name).append("\":")
                    .append(db.sql("select coalesce(json_agg(to_json(t)), '[]')::text from (" + sql + ") t").param("id", distributor).query(String.class).single()));
            return text.append('}').toString();
        });
    }

    private List<String> verify(List<Long> distributors) throws Exception {
        try (var connection = access.asNetwork()) {
            return Verify.run(connection, Progress.SILENT).findings().stream().filter(finding -> distributors.contains(finding.distributorId()) || finding.distributorId() == 0)
                    .map(finding -> finding.check() + ": " + finding.text()).toList();
        }
    }
}
