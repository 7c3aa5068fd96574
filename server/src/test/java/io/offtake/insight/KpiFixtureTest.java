package io.offtake.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.FactsGate.Kind;
import io.offtake.insight.FactsGate.OrderLine;
import io.offtake.insight.FactsGate.OrderState;
import io.offtake.insight.FactsGate.Quality;
import io.offtake.insight.FactsGate.SaleLine;
import io.offtake.insight.FactsGate.SchemeUse;
import io.offtake.insight.Question.Filter;
import io.offtake.insight.Question.Window;
import io.offtake.insight.app.Feed;
import io.offtake.insight.app.Questions;
import io.offtake.insight.domain.Engine;
import io.offtake.insight.store.ColumnarEngine;
import io.offtake.insight.store.ColumnarStore;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.FileFacts;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Every KPI that files can feed, with figures worked by hand, on both engines. Today is Monday, 16 November 2026. The facts come
/// in by the gate for files; only masters are written.
@DatabaseTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("ANA-01")
class KpiFixtureTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T06:00:00Z"), ZoneOffset.UTC);
    private static final Window OCTOBER = Window.of("L1M");
    private static final Window MTD = Window.of("MTD");

    private final TestDatabase database;
    private final World world;
    private final FileFacts gate;
    private final FeedStore feeding;
    private ColumnarStore store;
    private long d1, d2, p, s1, s2, s3;
    private UUID a, b, c, e, b1, b2;

    KpiFixtureTest(TestDatabase database) {
        this.database = database;
        this.world = new World(database.transactions());
        this.feeding = new FeedStore(database.transactions(), CLOCK);
        this.gate = new FileFacts(database.transactions(), feeding, CLOCK);
    }

    @BeforeAll
    void facts(@TempDir Path directory) {
        d1 = world.distributor("D1", world.territory("T1", "TERRITORY", world.territory("North", "REGION", null)));
        d2 = world.distributor("D2", null);
        p = world.principal("P");
        world.carries(d1, p);
        long biscuits = world.category("Biscuits");
        long sun = world.brand("Sun");
        s1 = world.sku("S1", p, biscuits, sun);
        s2 = world.sku("S2", p, world.category("Noodles"), sun);
        s3 = world.sku("S3", p, biscuits, sun);
        world.transactions.shared(client -> client.sql("update catalog.sku set must_stock = true where id in (?, ?)").params(s1, s2).update());
        b1 = world.beat(d1, "B1");
        b2 = world.beat(d1, "B2");
        a = world.outlet(d1, "a", b1, "GROCER", "A");
        b = world.outlet(d1, "b", b1, "GROCER", "B");
        c = world.outlet(d1, "c", b2, "CHEMIST", "C");
        var prospect = world.outlet(d1, "prospect", b1, "GROCER", "C");
        e = world.outlet(d1, "e", b2, "GROCER", "A");
        world.transactions.write(d1, client -> client.sql("update network.outlet set status = 'PROSPECT' where distributor_id = ? and id = ?").params(d1, prospect).update());
        world.transactions.write(d1, client -> client.sql("update network.outlet set created_at = timestamptz '2026-10-10 06:00Z' where distributor_id = ? and id = ?").params(d1, e).update());
        var f = world.outlet(d2, "f", null, "GROCER", "A");
        var g = world.outlet(d2, "g", null, "GROCER", "A");

        gate.sales(d1, List.of(
                bill("0", on(7, 2), c, line(s2, 1, 20, 12)),
                bill("00", on(9, 15), c, line(s3, 5, 11, 5)),
                bill("1", on(10, 5), a, new SaleLine(s1, n(10), n(1), n(100), n(5), n(0), n(70), true, List.of(new SchemeUse(1, n(5), n(4)))), new SaleLine(s2, n(5), n(0), n(100), n(0), n(10), n(60), false, List.of())),
                bill("2", on(10, 5), a, line(s1, 2, 10, 7)),
                bill("3", on(10, 12), b, line(s1, 4, 10, 7)),
                bill("4", on(10, 20), b, new SaleLine(s3, n(0), n(2), n(0), n(0), n(0), n(0), true, List.of()), line(s2, 1, 20, 12)),
                sale("5", Kind.CREDIT_NOTE, on(10, 25), b, false, "DAMAGED", line(s1, 1, 10, 7)),
                sale("6", Kind.INVOICE, on(10, 21), c, true, null, line(s1, 100, 10, 7)),
                bill("7", on(11, 2), e, line(s1, 20, 10, 7)),
                bill("8", on(11, 12), e, line(s1, 30, 10, 7))));
        gate.sales(d2, List.of(bill("1", on(8, 3), f, line(s1, 1, 10, 7)), bill("2", on(8, 20), f, line(s1, 1, 10, 7)), bill("3", on(8, 10), g, line(s1, 1, 10, 7))));
        gate.orders(d1, List.of(
                order("O1", on(10, 6), on(10, 8), a, new OrderLine(1, s1, n(10), n(10), n(10), on(10, 8), OrderState.DELIVERED, null), new OrderLine(2, s2, n(5), n(3), n(20), on(10, 8), OrderState.OPEN, "SHORT")),
                order("O2", on(10, 7), on(10, 9), a, new OrderLine(1, s1, n(4), n(4), n(10), on(10, 10), OrderState.DELIVERED, null)),
                order("O3", on(10, 8), on(10, 10), b, new OrderLine(1, s1, n(6), n(0), n(10), null, OrderState.CANCELLED_CUSTOMER, null)),
                order("O4", on(10, 9), on(10, 11), b, new OrderLine(1, s2, n(2), n(0), n(20), null, OrderState.CANCELLED_SUPPLIER, "NO_STOCK")),
                order("O5", on(11, 15), on(11, 17), b, new OrderLine(1, s1, n(9), n(0), n(10), null, OrderState.OPEN, "WAITING"))));
        gate.primary(d1, List.of(receipt("R1", on(10, 10), s1, 50, 500), receipt("R2", on(10, 29), s1, 10, 100), receipt("R3", on(10, 31), s1, 5, 50)));
        gate.targets(d1, List.of(new FactsGate.Target("nsv", on(11, 1), n(1000))));
        gate.visits(d1, List.of(
                new FactsGate.Visit(id("V1"), on(11, 3), on(11, 3), true, "R1", a, true, 3, true), new FactsGate.Visit(id("V2"), on(11, 3), null, true, "R1", a, false, 0, null),
                new FactsGate.Visit(id("V3"), on(11, 3), on(11, 3), false, "R1", b, false, 0, null), new FactsGate.Visit(id("V4"), on(11, 3), on(11, 3), true, "R1", c, false, 0, false)));
        gate.stock(d1, on(10, 31), List.of(stock(s1, "SALEABLE", 40, 7, null), stock(s2, "SALEABLE", 30, 12, null)));
        gate.stock(d1, on(11, 16), List.of(stock(s1, "SALEABLE", 34, 7, on(12, 20)), stock(s3, "SALEABLE", 10, 5, on(11, 10)), stock(s1, "DAMAGED", 500, 7, null)));
        gate.receivables(d1, on(10, 31), List.of(item("I1", "INVOICE", a, on(10, 5), on(10, 20), 220, 220), item("I2", "INVOICE", b, on(10, 12), on(10, 27), 60, 30)));
        gate.receivables(d1, on(11, 16), List.of(item("I1", "INVOICE", a, on(10, 5), on(10, 20), 220, 120), item("I3", "INVOICE", e, on(11, 12), on(11, 27), 300, 300), item("C1", "CREDIT_NOTE", b, on(10, 25), on(10, 25), 10, 10)));
        store = new ColumnarStore(database.transactions(), CLOCK, directory, "256MB", 2);
        store.sync((_, _) -> { });
    }

    @AfterAll
    void close() {
        store.close();
    }

    private static BigDecimal n(int value) {
        return BigDecimal.valueOf(value);
    }

    private static LocalDate on(int month, int day) {
        return LocalDate.of(2026, month, day);
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static SaleLine line(long sku, int qty, int price, int cost) {
        return new SaleLine(sku, n(qty), n(0), n(qty * price), n(0), n(0), n(qty * cost), true, List.of());
    }

    private FactsGate.Sale bill(String number, LocalDate on, UUID outlet, SaleLine... lines) {
        return sale(number, Kind.INVOICE, on, outlet, false, null, lines);
    }

    private FactsGate.Sale sale(String number, Kind kind, LocalDate on, UUID outlet, boolean cancelled, @Nullable String reason, SaleLine... lines) {
        return new FactsGate.Sale(id(outlet + number), number, kind, on, p, outlet, n(0), true, cancelled, reason, Quality.OK, List.of(lines));
    }

    private FactsGate.OrderFact order(String number, LocalDate on, LocalDate promise, UUID outlet, OrderLine... lines) {
        return new FactsGate.OrderFact(id(number), on, promise, p, outlet, Quality.OK, List.of(lines));
    }

    private FactsGate.Receipt receipt(String number, LocalDate on, long sku, int qty, int value) {
        return new FactsGate.Receipt(id(number), on, p, false, Quality.OK, List.of(new FactsGate.ReceiptLine(sku, n(qty), n(0), n(0), n(value))));
    }

    private FactsGate.StockRow stock(long sku, String bucket, int qty, int cost, @Nullable LocalDate expires) {
        return new FactsGate.StockRow(sku, p, "B" + sku, bucket, n(qty), n(cost), expires, Quality.OK);
    }

    private FactsGate.OpenItem item(String number, String kind, UUID outlet, LocalDate on, LocalDate due, int amount, int open) {
        return new FactsGate.OpenItem(id(number), number, kind, p, outlet, on, due, n(amount), n(open), Quality.OK);
    }

    private List<Answer> ask(Question question) {
        var answers = new ArrayList<Answer>();
        for (Engine engine : List.of(new PostgresEngine(database.transactions()), new ColumnarEngine(store))) {
            answers.add(new Questions(new NetworkDirectory(database.transactions(), CLOCK), engine, CLOCK).ask(Asker.network("test"), question));
        }
        return answers;
    }

    private Question of(long distributor, Window window, @Nullable String dimension, String metric) {
        return Question.of(List.of(metric), dimension == null ? List.of() : List.of(dimension), window, Filter.in("distributor", Long.toString(distributor)));
    }

    /// Expected figures by metric; a reason stands for n/a.
    private void expect(long distributor, Window window, Map<String, String> figures) {
        var wrong = new ArrayList<String>();
        figures.forEach((metric, figure) -> {
            for (var answer : ask(of(distributor, window, null, metric))) {
                var cell = answer.totals().get(metric);
                var found = cell.value() == null ? cell.reason() : cell.value();
                if (!figure.equals(found)) wrong.add(metric + " should be " + figure + " and is " + found + " in " + answer.engine());
            }
        });
        assertThat(wrong).isEmpty();
    }

    private void expect(long distributor, Window window, String dimension, String metric, Map<String, String> figures) {
        for (var answer : ask(of(distributor, window, dimension, metric))) {
            var found = new java.util.TreeMap<String, String>();
            for (var row : answer.rows()) {
                var cell = row.values().get(metric);
                found.put(row.keys().get(dimension).label(), cell.value() == null ? cell.reason() : cell.value());
            }
            assertThat(found).as(metric + " by " + dimension + " in " + answer.engine()).containsAllEntriesOf(figures);
        }
    }

    @Test
    void salesOfOctober() {
        expect(d1, OCTOBER, Map.ofEntries(
                Map.entry("gross-value", "280.00"),              // KPI-02: 100 + 100 + 20 + 40 + 20
                Map.entry("nsv", "255.00"),                      // KPI-01: 280 − 5 − 10 − 10; cancelled and free goods count nothing
                Map.entry("volume", "21"),                       // KPI-03: 22 − 1
                Map.entry("volume-physical", "24"),              // and 3 free
                Map.entry("bills", "4"), Map.entry("average-bill", "63.75"),
                Map.entry("tlsd", "4"),                          // KPI-13: two bills of S1 at a on one day are one, free-only S3 is none
                Map.entry("unique-lines", "4"), Map.entry("lines-per-bill", "1"),
                Map.entry("stops", "3"), Map.entry("drop-size", "85.00"),
                Map.entry("trade-spend", "15.00"), Map.entry("trade-spend-rate", "5.36"), Map.entry("gross-to-net", "94.64"), Map.entry("scheme-spend-rate", "1.79"),
                Map.entry("returns-value", "10.00"), Map.entry("returns", "10.00"), Map.entry("return-rate", "3.57"),
                Map.entry("gross-margin", "82.00"),              // KPI-57: 255 − 177 + 4
                Map.entry("gross-margin-share", "32.16"),
                Map.entry("price-compliance", "80"),             // KPI-70: 4 of 5
                Map.entry("digital-share", "0"), Map.entry("prior-period", "0.00"), Map.entry("scheme-benefit", "5.00"), Map.entry("scheme-claim", "4.00"), Map.entry("scheme-outlets", "1"), Map.entry("scheme-bills", "1"),
                Map.entry("data-days", "11.11")));               // KPI-71: the 5th, 12th and 20th of 27 days without Sundays; the 21st was cancelled, the 25th is a Sunday
        expect(d1, OCTOBER, "reason", "returns", Map.of("DAMAGED", "10.00"));
        expect(d1, Window.range("2026-06-01", "2026-06-30"), Map.of("nsv", "0.00", "return-rate", "NO_SALES", "drop-size", "NO_BILLS", "price-compliance", "NO_BILLS", "lines-per-bill", "NO_BILLS", "trade-spend-rate", "NO_SALES"));
    }

    @Test
    @Tag("OUT-03") @Tag("OUT-05") @Tag("OUT-09")
    void outletsAndDistribution() {
        expect(d1, OCTOBER, Map.ofEntries(
                Map.entry("active-outlets", "2"), Map.entry("billed-outlets", "2"),
                Map.entry("assigned-outlets", "4"),              // a, b, c and e, which came on the tenth; the prospect is out
                Map.entry("eco", "50"),
                Map.entry("new-outlets", "0"),                   // KPI-23: e was approved but not billed: a paper addition
                Map.entry("repeat-rate", "IMMATURE"),            // KPI-24: 60 days of a and b have not elapsed
                Map.entry("range-index", "33.33"),               // KPI-15: 4 of 4 × 3
                Map.entry("msl-compliance", "50"),               // KPI-28: 4 of 4 × 2
                Map.entry("order-frequency", "1.5")));           // KPI-18: 3 order days ÷ 2
        expect(d1, Window.range("2026-10-01", "2026-11-16"), Map.of("new-outlets", "1"));
        expect(d2, Window.range("2026-08-01", "2026-08-31"), Map.of("repeat-rate", "50"));     // f came again after 17 days, g never
        expect(d2, MTD, Map.of("dormant-outlets", "1", "lost-outlets", "1", "active-outlets", "0", "range-index", "NO_ASSORTMENT"));   // f: 88 days, g: 98
        expect(d1, OCTOBER, "sku", "numeric-distribution", Map.of("S1", "50", "S2", "50", "S3", "0"));
        expect(d1, OCTOBER, "sku", "throughput", Map.of("S2", "55.00"));                         // (90 + 20) ÷ 2
        expect(d1, OCTOBER, "sku", "weighted-distribution", Map.of("S1", "72.5", "S2", "84.62", "S3", "0"));  // biscuits: 145 of 200; noodles: 110 of 130
    }

    @Test
    void service() {
        expect(d1, OCTOBER, Map.ofEntries(
                Map.entry("line-fill", "50"), Map.entry("quantity-fill", "80.95"), Map.entry("value-fill", "71.43"),   // 2 of 4; 17 of 21; 200 of 280
                Map.entry("on-time", "50"), Map.entry("otif", "0"), Map.entry("orders-late", "3"),
                Map.entry("delivery-gap", "19.05"), Map.entry("gap-quantity", "4"), Map.entry("back-orders", "130.00")));
        expect(d1, OCTOBER, "reason", "gap-quantity", Map.of("SHORT", "2", "NO_STOCK", "2"));
        expect(d1, MTD, Map.of("line-fill", "NO_ORDERS", "otif", "NO_ORDERS"));                  // O5 has not matured
    }

    @Test
    @Tag("STK-16") @Tag("STK-17") @Tag("STK-18") @Tag("STK-26")
    void stockAndPrimary() {
        expect(d1, OCTOBER, Map.of("primary-value", "650.00", "primary-quantity", "65", "month-end-skew", "23.08", "stock-push", "3.1", "stock-turns", "3.32"));  // 177 × 12 ÷ 640
        expect(d1, MTD, Map.of("stock-quantity", "44", "stock-value", "288.00", "near-expiry", "238.00", "expired", "50.00", "over-norm", "144.38", "under-norm", "1", "stock-out-days", "33.33"));
        expect(d1, MTD, Map.of("availability", "66.67", "stock-ageing", "288.00"));             // what stock-out days leave of 100; 34 × 7 + 10 × 5
        expect(d1, Window.of("NOW"), "shelf-life", "stock-ageing", Map.of("expired", "50.00", "31-60", "238.00"));   // 20 December is 34 days away
        expect(d1, MTD, "region", "availability", Map.of("North", "66.67"));
        expect(d1, Window.of("NOW"), "sku", "stock-cover", Map.of("S1", "46.4", "S2", "0", "S3", "148"));   // 34 ÷ (66 ÷ 90); S3 was not there from 31 October to 15 November: 10 ÷ (5 ÷ 74)
        expect(d2, MTD, Map.of("stock-turns", "NOT_FED", "stock-push", "NOT_FED", "month-end-skew", "NOT_FED"));
    }

    /// KPI-37 from the ledger. The 90 days begin on 19 August. A ran out on 10 September, of whose 20 days to the end of the month none
    /// counts: 30 ÷ (120 ÷ 70). B lies there and does not sell. C ran out today. D goes out as it comes: of its 90 days three count, on which
    /// it moved: 4 ÷ (12 ÷ 3). E came five days ago. Together 41 ÷ (120 ÷ 70 + 10 ÷ 90 + 12 ÷ 3), E left out.
    @Test
    @Tag("STK-17") @Tag("STK-18")
    void daysWithoutStockAreNoDaysOfSale() {
        long d8 = world.distributor("D8", null);
        long own = world.principal("Own");
        var skus = new java.util.HashMap<String, Long>();
        for (var code : List.of("A", "B", "C", "D", "E")) skus.put(code, world.sku("K" + code, own, world.category("K" + code), world.brand("K" + code)));
        var outlet = world.outlet(d8, "n", null, "GROCER", "A");
        came(d8, own, skus.get("A"), on(8, 1), 100);
        sold(d8, own, outlet, skus.get("A"), on(9, 10), 100);
        came(d8, own, skus.get("A"), on(10, 1), 50);
        sold(d8, own, outlet, skus.get("A"), on(10, 20), 20);
        world.stock(d8, own, skus.get("A"), "SALEABLE", 30, "10", on(8, 1));
        came(d8, own, skus.get("B"), on(8, 1), 7);
        world.stock(d8, own, skus.get("B"), "RESERVED", 7, "10", on(8, 1));
        came(d8, own, skus.get("C"), on(8, 1), 10);
        sold(d8, own, outlet, skus.get("C"), on(11, 16), 10);
        for (int day : List.of(2, 9)) {
            came(d8, own, skus.get("D"), on(11, day), 6);
            sold(d8, own, outlet, skus.get("D"), on(11, day), 6);
        }
        came(d8, own, skus.get("D"), on(11, 16), 4);
        world.stock(d8, own, skus.get("D"), "SALEABLE", 4, "10", on(8, 1));
        came(d8, own, skus.get("E"), on(11, 11), 9);
        world.stock(d8, own, skus.get("E"), "SALEABLE", 9, "10", on(11, 11));
        new Feed(feeding).drain();
        store.sync((_, _) -> { });
        expect(d8, Window.of("NOW"), "sku", "stock-cover", Map.of("KA", "17.5", "KB", "NON_MOVING", "KC", "0", "KD", "1", "KE", "NEW_SKU"));
        expect(d8, Window.of("NOW"), "sku", "days-to-stock-out", Map.of("KA", "17.5", "KD", "1"));
        expect(d8, Window.of("NOW"), Map.of("stock-cover", "7", "over-norm", "70.00", "under-norm", "2"));   // B is over any norm; C and D are below half of 21 days
    }

    /// KPI-28: a must that the distributor had not all month is no outlet's failure. Two outlets, three musts. M1 is always there. M2 ran out in
    /// August and came back in November. M3 came and went on 31 October. August is the month in which stock becomes known: nothing is held
    /// against it.
    @Test
    @Tag("OUT-05") @Tag("STK-26")
    void aMustThatWasNotToBeHadIsAFailureOfSupply() {
        long d10 = world.distributor("D10", null);
        long own = world.principal("Musts");
        world.carries(d10, own);
        var skus = new java.util.HashMap<String, Long>();
        for (var code : List.of("M1", "M2", "M3", "N")) skus.put(code, world.sku(code, own, world.category("K" + code), world.brand("K" + code)));
        world.transactions.shared(client -> client.sql("update catalog.sku set must_stock = true where id in (?, ?, ?)").params(skus.get("M1"), skus.get("M2"), skus.get("M3")).update());
        var one = world.outlet(d10, "p", null, "GROCER", "A");
        var two = world.outlet(d10, "q", null, "GROCER", "A");
        came(d10, own, skus.get("M1"), on(8, 1), 100);
        sold(d10, own, one, skus.get("M1"), on(9, 15), 10);
        sold(d10, own, one, skus.get("M1"), on(10, 10), 20);
        world.stock(d10, own, skus.get("M1"), "SALEABLE", 70, "10", on(8, 1));
        came(d10, own, skus.get("M2"), on(8, 1), 30);
        sold(d10, own, one, skus.get("M2"), on(8, 20), 30);
        came(d10, own, skus.get("M2"), on(11, 2), 12);
        world.stock(d10, own, skus.get("M2"), "SALEABLE", 12, "10", on(11, 2));
        came(d10, own, skus.get("M3"), on(10, 31), 5);
        sold(d10, own, two, skus.get("M3"), on(10, 31), 5);
        new Feed(feeding).drain();
        store.sync((_, _) -> { });
        expect(d10, Window.range("2026-08-01", "2026-08-31"), Map.of("msl-compliance", "16.67", "msl-unavailable", "0"));   // 1 of 2 × 3
        expect(d10, Window.range("2026-09-01", "2026-09-30"), Map.of("msl-compliance", "50", "msl-unavailable", "4"));      // 1 of 2 × 1
        expect(d10, OCTOBER, Map.of("msl-compliance", "50", "msl-unavailable", "2"));                                       // 2 of 2 × 2
        expect(d10, Window.range("2026-09-10", "2026-10-20"), Map.of("msl-compliance", "25", "msl-unavailable", "2"));      // of the months that it touches: 1 of 2 × 2
        expect(d10, Window.range("2026-08-01", "2026-11-16"), "month", "msl-unavailable", Map.of("2026-08", "0", "2026-09", "4", "2026-10", "2", "2026-11", "2"));
        expect(d10, OCTOBER, "sku", "msl-unavailable", Map.of("M1", "0", "M2", "2", "M3", "0"));
    }

    /// KPI-37 from files. Stock is known from 6 November on: what stood at 0 before is unknown, and held against nothing. S3 is missing from
    /// the file of the sixth and comes on the eleventh: five of 90 days do not count, 8 ÷ (4 ÷ 85). A file that comes again moves nothing.
    @Test
    @Tag("STK-17") @Tag("FED-03")
    void daysBeforeTheFirstStockFileAreUnknownAndNotWithoutStock() {
        long d9 = world.distributor("D9", null);
        var outlet = world.outlet(d9, "o", null, "GROCER", "A");
        gate.sales(d9, List.of(bill("1", on(9, 1), outlet, line(s1, 45, 10, 7)), bill("2", on(10, 5), outlet, line(s3, 4, 10, 7), line(s2, 3, 20, 12))));
        store.sync((_, _) -> { });
        expect(d9, Window.of("NOW"), Map.of("stock-cover", "NOT_FED", "stock-value", "NOT_FED"));   // no stock was ever sent
        gate.stock(d9, on(11, 6), List.of(stock(s1, "SALEABLE", 20, 7, null), stock(s2, "SALEABLE", 6, 12, null)));
        for (int again = 0; again < 2; again++) gate.stock(d9, on(11, 11), List.of(stock(s1, "SALEABLE", 20, 7, null), stock(s3, "SALEABLE", 8, 5, null)));
        expectAfterSync(d9, Map.of("S1", "40", "S2", "0", "S3", "170"));
    }

    /// Unknown is not zero (INV-11): D11 sends sales and nothing else, D12 all there is. What D11 never sent is n/a, the total of both is
    /// that of D12 and says so; quotients have D12 on both sides. A kind of facts that began to come is known, though it be 0.
    @Test
    @Tag("ANA-20") @Tag("FED-03") @Tag("DST-05")
    void whatWasNeverSentIsUnknownAndNotZero() {
        long q = world.principal("Q");
        long area = world.territory("Unsent", "TERRITORY", null);
        long d11 = world.distributor("D11", area);
        long d12 = world.distributor("D12", area);
        for (long principal : new long[] {p, q}) for (long one : new long[] {d11, d12}) world.carries(one, principal);
        long q1 = world.sku("Q1", q, world.category("Quick"), world.brand("Quick"));
        var h = world.outlet(d11, "h", null, "GROCER", "A");
        var i = world.outlet(d12, "i", null, "GROCER", "A");
        var j = world.outlet(d12, "j", null, "GROCER", "A");
        gate.sales(d11, List.of(bill("1", on(10, 5), h, line(s1, 10, 10, 7)), bill("2", on(11, 5), h, line(s1, 10, 10, 7))));
        gate.sales(d12, List.of(bill("1", on(10, 6), i, line(s1, 20, 10, 7)), bill("2", on(11, 6), i, line(s1, 50, 10, 7)), new FactsGate.Sale(id("q1"), "3", Kind.INVOICE, on(8, 10), q, j, n(0), true, false, null, Quality.OK, List.of(line(q1, 4, 25, 20)))));
        gate.primary(d12, List.of(receipt("R11", on(10, 3), s1, 30, 210)));
        gate.orders(d12, List.of(order("O11", on(10, 6), on(10, 8), i, new OrderLine(1, s1, n(20), n(20), n(10), on(10, 8), OrderState.DELIVERED, null))));
        gate.stock(d12, on(11, 15), List.of(stock(s1, "SALEABLE", 35, 7, null)));
        gate.receivables(d12, on(11, 15), List.of(item("I11", "INVOICE", i, on(11, 6), on(11, 20), 500, 500)));
        gate.visits(d12, List.of(new FactsGate.Visit(id("V11"), on(10, 6), on(10, 6), true, "R1", i, true, 1, true)));
        gate.targets(d12, List.of(new FactsGate.Target("nsv", on(10, 1), n(600))));
        store.sync((_, _) -> { });

        var unknown = new java.util.HashMap<String, String>(Map.of("nsv", "100.00", "target", "NO_TARGET", "target-achievement", "NO_TARGET", "assigned-outlets", "1"));
        for (var metric : List.of("primary-value", "primary-quantity", "month-end-skew", "stock-push", "stock-value", "stock-quantity", "over-norm", "under-norm", "near-expiry", "stock-turns", "availability", "stock-cover",
                "receivable", "overdue", "overdue-share", "credit-sales", "collected", "dso", "dso-simple", "line-fill", "order-frequency", "back-orders", "orders-late", "calls", "unique-calls", "strike-rate", "visits-planned")) unknown.put(metric, "NOT_FED");
        expect(d11, OCTOBER, unknown);
        expect(d12, OCTOBER, Map.of("primary-value", "210.00", "stock-push", "1.5", "order-frequency", "1", "target-achievement", "33.33", "calls", "1", "back-orders", "0.00", "receivable", "500.00"));   // 30 ÷ 20; 200 ÷ 600
        expect(d12, Window.range("2026-09-01", "2026-09-30"), Map.of("primary-value", "0.00", "calls", "0", "credit-sales", "0.00"));

        var here = Filter.in("territory", Long.toString(area));
        var one = Filter.in("principal", Long.toString(p));
        var of = new Answer.Partial(1, 2);
        // 35 in stock, 70 billed in 90 days; not 30 ÷ 30, nor 300 ÷ 600
        Map.of("primary-value", "210.00", "stock-push", "1.5", "order-frequency", "1", "target-achievement", "33.33", "stock-cover", "45", "receivable", "500.00", "calls", "1", "stock-value", "245.00").forEach((metric, figure) -> {
            for (var answer : ask(Question.of(List.of(metric), List.of(), OCTOBER, here))) {
                assertThat(answer.totals().get(metric).value()).as(metric + " in " + answer.engine()).isEqualTo(figure);
                assertThat(answer.totals().get(metric).partial()).as(metric + " in " + answer.engine()).isEqualTo(of);
            }
        });
        for (var answer : ask(Question.of(List.of("nsv", "primary-value", "stock-push", "stock-cover"), List.of("distributor"), OCTOBER, here))) {
            var rows = answer.rows().stream().collect(java.util.stream.Collectors.toMap(row -> row.keys().get("distributor").label(), Answer.Row::values));
            assertThat(rows.get("D11").get("nsv")).isEqualTo(new Answer.Cell("100.00", null, null));
            for (var metric : List.of("primary-value", "stock-push", "stock-cover")) assertThat(rows.get("D11").get(metric)).as(metric + " in " + answer.engine()).isEqualTo(new Answer.Cell(null, null, "NOT_FED"));
            assertThat(rows.get("D12").get("primary-value")).isEqualTo(new Answer.Cell("210.00", null, null));
            assertThat(answer.totals().get("nsv")).isEqualTo(new Answer.Cell("300.00", null, null));
            assertThat(answer.totals().get("primary-value")).as(answer.engine()).isEqualTo(new Answer.Cell("210.00", null, null, null, null, null, of));
            assertThat(answer.totals().get("stock-push").value()).as(answer.engine()).isEqualTo("1.5");
        }
        // what is unknown comes last, whichever way it is ordered by
        for (boolean descending : new boolean[] {true, false}) {
            for (var answer : ask(new Question(List.of("primary-value", "nsv"), List.of("distributor"), List.of(here), OCTOBER, null, List.of(new Question.Order("primary-value", descending)), null, null, null, null, List.of()))) {
                assertThat(answer.rows()).as(answer.engine()).extracting(row -> row.keys().get("distributor").label()).containsExactly("D12", "D11");
            }
        }
        for (var answer : ask(Question.of(List.of("nsv", "receivable"), List.of("outlet"), MTD, here))) {
            var cells = answer.rows().stream().collect(java.util.stream.Collectors.toMap(row -> row.keys().get("outlet").label(), row -> row.values().get("receivable")));
            assertThat(cells).as(answer.engine()).containsEntry("h", new Answer.Cell(null, null, "NOT_FED")).containsEntry("i", new Answer.Cell("500.00", null, null));
        }
        // an outlet is one distributor's: there is no part of it
        for (var answer : ask(Question.of(List.of("receivable"), List.of(), MTD, Filter.in("outlet", h.toString())))) assertThat(answer.totals().get("receivable").reason()).as(answer.engine()).isEqualTo("NOT_FED");
        for (var answer : ask(Question.of(List.of("credit-sales"), List.of(), MTD, Filter.in("outlet", i.toString())))) assertThat(answer.totals().get("credit-sales")).as(answer.engine()).isEqualTo(new Answer.Cell("500.00", null, null));
        for (var answer : ask(Question.of(List.of("nsv", "primary-value"), List.of("month"), Window.range("2026-09-01", "2026-10-31"), here))) {
            assertThat(answer.rows()).as(answer.engine()).extracting(row -> row.values().get("primary-value")).containsExactly(new Answer.Cell("0.00", null, null, null, null, null, of), new Answer.Cell("210.00", null, null, null, null, null, of));
        }
        for (var answer : ask(Question.of(List.of("nsv", "primary-value"), List.of("principal"), Window.range("2026-08-01", "2026-10-31"), here))) {
            var cells = answer.rows().stream().collect(java.util.stream.Collectors.toMap(row -> row.keys().get("principal").label(), row -> row.values().get("primary-value")));
            assertThat(cells.get("Q").reason()).as(answer.engine()).isEqualTo("NOT_FED");
            assertThat(cells.get("P").value()).as(answer.engine()).isEqualTo("210.00");
        }
        for (var answer : ask(Question.of(List.of("primary-value", "stock-push"), List.of(), OCTOBER, here, one))) assertThat(answer.totals().get("primary-value").value()).isEqualTo("210.00");
        for (var answer : ask(Question.of(List.of("primary-value", "stock-push"), List.of(), OCTOBER, here, Filter.in("principal", Long.toString(q))))) {
            assertThat(answer.totals().values()).as(answer.engine()).extracting(Answer.Cell::reason).containsOnly("NOT_FED");
        }
    }

    private void expectAfterSync(long distributor, Map<String, String> covers) {
        store.sync((_, _) -> { });
        expect(distributor, Window.of("NOW"), "sku", "stock-cover", covers);
    }

    private void came(long distributor, long principal, long sku, LocalDate day, int quantity) {
        world.moved(distributor, principal, sku, day, quantity, "10", "GOODS_RECEIPT");
    }

    private void sold(long distributor, long principal, UUID outlet, long sku, LocalDate day, int quantity) {
        world.invoice(distributor, principal, outlet, day, World.line(sku, quantity, "10"));
        world.moved(distributor, principal, sku, day, -quantity, "10", "INVOICE");
    }

    /// KPI-35, its hours: what was ordered and delivered here. 30.5 and 5.5 hours make 18; what is still on its way counts nothing.
    @Test
    @Tag("DST-07")
    void hoursFromOrderToDelivery() {
        long d6 = world.distributor("D6", null);
        var outlet = world.outlet(d6, "k", null, "GROCER", "A");
        ordered(d6, outlet, on(11, 2), "2026-11-02T04:00:00Z", on(11, 3), "2026-11-03T10:30:00Z");
        ordered(d6, outlet, on(11, 4), "2026-11-04T05:00:00Z", on(11, 4), "2026-11-04T10:30:00Z");
        ordered(d6, outlet, on(11, 5), "2026-11-05T05:00:00Z", null, null);
        new Feed(feeding).drain();
        var postgres = new Questions(new NetworkDirectory(database.transactions(), CLOCK), new PostgresEngine(database.transactions()), CLOCK);
        assertThat(postgres.ask(Asker.network("test"), of(d6, MTD, null, "delivery-hours")).totals().get("delivery-hours").value()).isEqualTo("18");
        assertThat(postgres.ask(Asker.network("test"), of(d6, MTD, "day", "delivery-hours")).rows()).extracting(row -> row.keys().get("day").id() + " " + row.values().get("delivery-hours").value()).contains("2026-11-02 30.5", "2026-11-04 5.5");
        assertThat(postgres.ask(Asker.network("test"), of(d6, OCTOBER, null, "delivery-hours")).totals().get("delivery-hours").reason()).isEqualTo("NO_DELIVERIES");
    }

    private void ordered(long distributor, UUID outlet, LocalDate day, String at, @Nullable LocalDate deliveredOn, @Nullable String deliveredAt) {
        var order = world.order(distributor, p, outlet, day, "INVOICED", World.line(s1, 10, "10"));
        var bill = world.billed(distributor, p, outlet, order, day, true, World.line(s1, 10, "10"));
        world.transactions.write(distributor, client -> client.sql("update orders.sales_order set recorded_at = ?::timestamptz where distributor_id = ? and id = ?").params(at, distributor, order).update());
        if (deliveredOn != null) world.delivered(distributor, p, bill, deliveredOn, Instant.parse(java.util.Objects.requireNonNull(deliveredAt)));
    }

    /// Reporting reads a copy: it waits for nothing that posting holds, and holds nothing that posting needs.
    @Test
    @Tag("ANA-21")
    void questionsAreAnsweredWhileTheTablesOfPostingAreLocked() throws Exception {
        try (var connection = database.access().asMigrator(); var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table billing.invoice, billing.invoice_line, stock.balance, receivables.open_item, insight.sales_document, insight.sales_daily, insight.order_line in access exclusive mode");
            var answer = new Questions(new NetworkDirectory(database.transactions(), CLOCK), new ColumnarEngine(store), CLOCK).ask(Asker.network("test"),
                    Question.of(List.of("nsv", "active-outlets", "stock-value", "back-orders", "receivable"), List.of(), MTD, Filter.in("distributor", Long.toString(d1))));
            assertThat(answer.totals()).hasEntrySatisfying("stock-value", cell -> assertThat(cell.value()).isEqualTo("288.00")).hasEntrySatisfying("receivable", cell -> assertThat(cell.value()).isEqualTo("420.00"));
            connection.rollback();
        }
    }

    @Test
    void moneyOwed() {
        expect(d1, MTD, Map.ofEntries(
                Map.entry("dso", "28.2"),                        // KPI-50: 410 owed; November's 300 in 16 days, 110 of October's 280 × 31
                Map.entry("credit-sales", "300.00"), Map.entry("collected", "130.00"), Map.entry("collection-effectiveness", "54.17"),   // 130 of 240
                Map.entry("receivable", "420.00"), Map.entry("due-16-30", "120.00"), Map.entry("not-due", "300.00"), Map.entry("unallocated-credits", "10.00"), Map.entry("overdue-share", "28.57")));
        expect(d1, OCTOBER, Map.of("dso", "26.6", "dso-simple", "26.6", "collected", "30.00", "credit-sales", "280.00"));
        expect(d1, new Window("MONTHS_TO_DATE", null, null, 2), "month", "dso", Map.of("2026-10", "26.6", "2026-11", "28.2"));
        expect(d2, MTD, Map.of("dso", "NOT_FED", "dso-simple", "NOT_FED", "overdue-share", "NOT_FED", "receivable", "NOT_FED"));
    }

    @Test
    void targetsAndVisits() {
        expect(d1, MTD, Map.ofEntries(
                Map.entry("target", "1000.00"), Map.entry("target-achievement", "50"), Map.entry("target-on-track", "96.15"), Map.entry("run-rate-needed", "41.67"),   // 13 of 25 days gone
                Map.entry("visits-planned", "3"), Map.entry("visit-adherence", "66.67"), Map.entry("calls", "2"), Map.entry("unique-calls", "2"), Map.entry("productive-calls", "1"),
                Map.entry("strike-rate", "50"), Map.entry("lines-per-call", "3"), Map.entry("geo-compliance", "50")));
        expect(d1, MTD, Map.of("data-days", "16.67"));          // KPI-71: the 2nd and the 12th of 12 days to yesterday
        expect(d1, Window.range("2026-11-16", "2026-11-16"), Map.of("data-days", "NO_DAYS"));
        expect(d2, MTD, Map.of("target-achievement", "NO_TARGET", "run-rate-needed", "NO_TARGET", "target", "NO_TARGET", "strike-rate", "NOT_FED", "calls", "NOT_FED"));
        expect(d1, MTD, Map.of("roi", "NO_SOURCE", "fefo", "NO_SOURCE"));
    }

    @Test
    void comparisonsSharesAndRanks() {
        var one = Filter.in("distributor", Long.toString(d1));
        for (var answer : ask(Question.of(List.of("nsv", "nsv-growth"), List.of(), OCTOBER, one).comparedWith("PREVIOUS"))) {
            assertThat(answer.totals().get("nsv").compare()).as(answer.engine()).isEqualTo("55.00");
            assertThat(answer.totals().get("nsv-growth").value()).isEqualTo("363.64");
        }
        for (var answer : ask(Question.of(List.of("nsv", "nsv-growth"), List.of(), OCTOBER, one).comparedWith("L3M_AVERAGE"))) {
            assertThat(answer.totals().get("nsv").compare()).as(answer.engine()).isEqualTo("25.00");   // (20 + 0 + 55) ÷ 3
            assertThat(answer.totals().get("nsv-growth").value()).isEqualTo("920");
        }
        for (var answer : ask(new Question(List.of("nsv-growth"), List.of(), List.of(one), OCTOBER, "PREVIOUS", List.of(), null, null, null, "outlet", List.of()))) {
            assertThat(answer.totals().get("nsv-growth").reason()).as(answer.engine()).isEqualTo("NO_COMPARABLE");   // nobody bought in both months
        }
        for (var answer : ask(new Question(List.of("nsv"), List.of("sku"), List.of(one), OCTOBER, null, List.of(), null, null, null, null, List.of("share", "running-share", "rank")))) {
            var cells = answer.rows().stream().map(row -> row.values().get("nsv")).toList();
            assertThat(cells).as(answer.engine()).startsWith(new Answer.Cell("145.00", null, null, "56.86", "56.86", 1, null), new Answer.Cell("110.00", null, null, "43.14", "100.00", 2, null));
        }
    }

    @Test
    @Tag("FED-03")
    void aDocumentThatComesAgainReplacesWhatItSaid() {
        long d3 = world.distributor("D3", null);
        var outlet = world.outlet(d3, "h", null, "GROCER", "A");
        gate.sales(d3, List.of(bill("1", on(10, 5), outlet, line(s1, 10, 10, 7)), bill("2", on(10, 6), outlet, line(s1, 1, 10, 7))));
        gate.sales(d3, List.of(bill("1", on(10, 5), outlet, line(s1, 10, 10, 7))));
        gate.sales(d3, List.of(bill("1", on(11, 5), outlet, line(s2, 3, 20, 12))));
        gate.sales(d3, List.of(sale("2", Kind.INVOICE, on(10, 6), outlet, true, null, line(s1, 1, 10, 7))));
        store.sync((_, _) -> { });
        expect(d3, OCTOBER, Map.of("nsv", "0.00", "bills", "0", "tlsd", "0"));
        expect(d3, MTD, Map.of("nsv", "60.00", "bills", "1", "tlsd", "1", "gross-margin", "24.00"));
        for (var answer : ask(of(d3, MTD, null, "nsv"))) assertThat(answer.freshness().sources()).containsEntry("FILE", 1);
    }

    @Test
    @Tag("ANA-01")
    void aFinancialCreditNoteIsTradeSpendAndNoNegativeSale() {
        long d5 = world.distributor("D5", null);
        var outlet = world.outlet(d5, "j", null, "GROCER", "A");
        gate.sales(d5, List.of(bill("1", on(10, 5), outlet, line(s1, 20, 10, 7)), sale("2", Kind.FINANCIAL_CREDIT_NOTE, on(10, 20), outlet, false, null, line(s1, 1, 12, 0))));
        store.sync((_, _) -> { });
        expect(d5, OCTOBER, Map.of("nsv", "200.00", "bills", "1", "returns-value", "0.00", "trade-spend", "12.00", "trade-spend-rate", "6", "gross-to-net", "94"));
        expect(d5, OCTOBER, "sku", "trade-spend", Map.of("S1", "12.00"));
        gate.sales(d5, List.of(sale("2", Kind.FINANCIAL_CREDIT_NOTE, on(10, 20), outlet, true, null, line(s1, 1, 12, 0))));
        store.sync((_, _) -> { });
        expect(d5, OCTOBER, Map.of("nsv", "200.00", "trade-spend", "0.00"));
    }

    /// Class A: two buyers with 100 and 700, 400 on average: whoever has less than 200 is under-served, also who bought nothing. Class C has no potential.
    @Test
    @Tag("OUT-06")
    void outletsOfHighPotentialThatBuyLittleAreUnderServed() {
        long d7 = world.distributor("D7", null);
        var beat = world.beat(d7, "Far");
        var much = world.outlet(d7, "much", null, "GROCER", "A");
        var little = world.outlet(d7, "little", beat, "GROCER", "A");
        world.outlet(d7, "nothing", beat, "GROCER", "A");
        var small = world.outlet(d7, "small", beat, "GROCER", "C");
        gate.sales(d7, List.of(bill("1", on(10, 5), much, line(s1, 70, 10, 7)), bill("2", on(10, 6), little, line(s1, 10, 10, 7)), bill("3", on(10, 6), small, line(s1, 1, 10, 7))));
        store.sync((_, _) -> { });
        expect(d7, OCTOBER, Map.of("under-served", "2"));
        expect(d7, OCTOBER, "outlet", "under-served", Map.of("little", "1", "nothing", "1"));
        expect(d7, OCTOBER, "beat", "under-served", Map.of("Far", "2"));
        expect(d7, Window.range("2026-10-01", "2026-10-05"), Map.of("under-served", "2"));   // only `much` has bought yet, and is the average itself
    }

    /// A super-stockist's sub-distributors are a level of their own, whatever their territory.
    @Test
    @Tag("DST-05")
    void tiersAddUpToTheirSuperStockist() {
        long top = world.distributor("Super", null);
        long one = world.distributor("Sub 1", null);
        long two = world.distributor("Sub 2", null);
        world.transactions.shared(client -> client.sql("update network.distributor set tier = 'SUPER_STOCKIST' where id = ?").param(top).update());
        world.transactions.shared(client -> client.sql("update network.distributor set tier = 'SUB_DISTRIBUTOR', supplier_id = ? where id in (?, ?)").params(top, one, two).update());
        gate.sales(one, List.of(bill("1", on(10, 5), world.outlet(one, "l", null, "GROCER", "A"), line(s1, 10, 10, 7))));
        gate.sales(two, List.of(bill("1", on(10, 5), world.outlet(two, "m", null, "GROCER", "A"), line(s1, 5, 10, 7))));
        store.sync((_, _) -> { });
        var question = Question.of(List.of("nsv"), List.of("super-stockist"), OCTOBER, Filter.in("super-stockist", Long.toString(top)));
        for (var answer : ask(question)) {
            assertThat(answer.rows()).as(answer.engine()).extracting(row -> row.keys().get("super-stockist").label() + " " + row.values().get("nsv").value()).containsExactly("Super 150.00");
        }
        expect(one, OCTOBER, "tier", "nsv", Map.of("SUB_DISTRIBUTOR", "100.00"));
    }

    /// Margin by what was sold and to whom (KPI-57): a: 90 + 90 + 20 sold, 119 + … at cost, and what the principal bears.
    @Test
    @Tag("ANA-11")
    void marginBySkuAndByCustomerAddsUpToTheDistributors() {
        for (var answer : ask(of(d1, OCTOBER, "sku", "gross-margin"))) assertThat(sum(answer)).as(answer.engine()).isEqualByComparingTo("82.00");
        for (var answer : ask(of(d1, OCTOBER, "outlet", "gross-margin"))) assertThat(sum(answer)).as(answer.engine()).isEqualByComparingTo("82.00");
        expect(d1, OCTOBER, Map.of("stock-turns", "3.32"));
        // a: 100 − 5 + 100 − 10 + 20 sold, 70 + 60 + 14 at cost, 4 borne by the principal; b: 40 + 20 − 10, 28 + 12 − 7
        expect(d1, OCTOBER, "outlet", "gross-margin", Map.of("a", "65.00", "b", "17.00"));
        expect(d1, OCTOBER, "sku", "gross-margin", Map.of("S1", "44.00", "S2", "38.00"));
    }

    private static BigDecimal sum(Answer answer) {
        return answer.rows().stream().map(row -> new BigDecimal(java.util.Objects.requireNonNull(row.values().get("gross-margin").value()))).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void anOutletThatChangesItsBeatKeepsItsPast() {
        long d4 = world.distributor("D4", null);
        var before = world.beat(d4, "Before");
        var after = world.beat(d4, "After");
        var outlet = world.outlet(d4, "i", before, "GROCER", "A");
        gate.sales(d4, List.of(bill("1", on(10, 5), outlet, line(s1, 10, 10, 7))));
        world.move(d4, outlet, after, on(11, 10));
        new Feed(feeding).drain();
        feeding.moved().forEach(feeding::follow);
        gate.sales(d4, List.of(bill("2", on(11, 12), outlet, line(s1, 1, 10, 7)), bill("3", on(11, 9), outlet, line(s1, 2, 10, 7))));
        store.sync((_, _) -> { });
        expect(d4, OCTOBER, "beat", "nsv", Map.of("Before", "100.00"));
        expect(d4, MTD, "beat", "nsv", Map.of("Before", "20.00", "After", "10.00"));   // the ninth came late, and lands where the outlet stood
    }
}
