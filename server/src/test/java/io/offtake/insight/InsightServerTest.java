package io.offtake.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Grant;
import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.Terms;
import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.primary.GoodsReceipts;
import io.offtake.primary.PostGoodsReceipt;
import io.offtake.receivables.Collections;
import io.offtake.receivables.PostCollection;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.testing.Fixture;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/// From a posted bill to the figure in the tower, through HTTP.
@ServerTest
class InsightServerTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    private static final Map<String, Object> MTD = Map.of("kind", "LAST_N_DAYS", "n", 7);

    @LocalServerPort int port;
    @Autowired Billing billing;
    @Autowired Collections collections;
    @Autowired GoodsReceipts receipts;
    @Autowired FactsFeed feed;
    @Autowired People people;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;
    private Fixture.Distributor d2;
    private Client owner;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        d2 = network.distributor("D2");
        for (var distributor : List.of(d1, d2)) {
            network.batch(distributor, "S1", "A1", "40.00", network.today().plusDays(300), 5000);
            network.batch(distributor, "S3", "A1", "115.00", network.today().plusDays(300), 5000);
        }
        owner = people.of(d1.id(), Role.DO).signIn(port);
    }

    private UUID bill(Fixture.Distributor distributor, UUID outlet, SaleType sale, Object... skuAndQty) {
        var lines = new ArrayList<PostInvoice.Line>();
        for (int at = 0; at < skuAndQty.length; at += 2) {
            lines.add(new PostInvoice.Line(at / 2 + 1, network.skus.get(skuAndQty[at]), BigDecimal.valueOf((int) skuAndQty[at + 1]), null, null, null, null, null));
        }
        var id = UUID.randomUUID();
        var outcome = billing.post(new PostInvoice(id, distributor.id(), network.principal, outlet, distributor.warehouse(), network.today(), sale, PaymentMode.CREDIT, null, null, lines, null), CLERK);
        assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return id;
    }

    private static JsonNode ask(Client client, Map<String, Object> question) {
        var answer = client.post("/api/v1/insight/query", question);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    private static Map<String, Object> question(String metric, String dimension) {
        return Map.of("metrics", List.of(metric), "dimensions", dimension.isEmpty() ? List.of() : List.of(dimension), "window", MTD);
    }

    private static String total(JsonNode answer, String metric) {
        return answer.path("totals").path(metric).path("value").asString(null);
    }

    @Test
    @Tag("ANA-02") @Tag("ANA-07") @Tag("ANA-19") @Tag("STK-04")
    void aBillIsInTheTowerWithinSecondsAndACancelledOneIsGone() {
        var first = bill(d1, d1.o1(), SaleType.DELIVERY, "S1", 185);
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(total(ask(owner, question("nsv", "")), "nsv")).isEqualTo("6406.55"));
        bill(d1, d1.o2(), SaleType.DELIVERY, "S1", 12, "S3", 2);
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(total(ask(owner, question("nsv", "")), "nsv")).isEqualTo("6990.11")); // + 415.56 + 168.00
        assertThat(billing.cancel(d1.id(), first, UUID.randomUUID(), "typed twice", new Actor(2, "owner"))).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(total(ask(owner, question("nsv", "")), "nsv")).isEqualTo("583.56"));
        var answer = ask(owner, question("receivable", "outlet"));
        assertThat(answer.path("rows").size()).isEqualTo(1);
        assertThat(answer.path("freshness").path("older").size()).isZero();
        assertThat(answer.path("freshness").path("distributors").asInt()).isEqualTo(1);
    }

    @Test
    @Tag("ANA-06")
    void drillsFromTheRegionToTheBill() {
        var head = people.create(null, List.of(new Grant.OfScope(Grant.ScopeKind.PRINCIPAL, network.principal, LocalDate.of(2000, 1, 1), null),
                new Grant.OfScope(Grant.ScopeKind.NETWORK, 0, LocalDate.of(2000, 1, 1), null)), Role.SO).signIn(port);
        transactions.shared(db -> {
            long region = db.sql("insert into network.territory (code, name, kind) values (?, 'West', 'REGION') returning id").param("R-" + network.tag).query(Long.class).single();
            long territory = db.sql("insert into network.territory (code, name, kind, parent_id) values (?, 'Pune', 'TERRITORY', ?) returning id").params("T-" + network.tag, region).query(Long.class).single();
            return db.sql("update network.distributor set territory_id = ? where id in (?, ?)").params(territory, d1.id(), d2.id()).update();
        });
        var bill = bill(d1, d1.o1(), SaleType.COUNTER, "S1", 24);
        bill(d2, d2.o1(), SaleType.COUNTER, "S3", 3);
        feed.drain();
        await(() -> ask(head, question("nsv", "region")).path("rows").size() == 1);
        var answer = ask(head, question("nsv", "region"));
        var path = new ArrayList<String>();
        var value = answer.path("rows").path(0).path("values").path("nsv").path("value").asString();
        assertThat(value).isEqualTo("1083.12"); // 24 × 34.63 + 3 × 84.00
        while (answer.path("rows").path(0).path("drill").path("document").isNull()) {
            var drill = answer.path("rows").path(0).path("drill");
            var row = answer.path("rows").path(0).path("values").path("nsv").path("value").asString();
            path.add(drill.path("dimensions").path(0).asString());
            answer = ask(head, Map.of("metrics", drill.path("metrics"), "dimensions", drill.path("dimensions"), "filters", drill.path("filters"), "window", MTD, "limit", 50));
            assertThat(total(answer, "nsv")).isEqualTo(row);
        }
        assertThat(path).containsExactly("territory", "distributor", "beat", "outlet", "invoice");
        assertThat(answer.path("rows").path(0).path("drill").path("document").path("id").asString()).isEqualTo(bill.toString());
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(condition);
    }

    @Test
    @Tag("ANA-06") @Tag("ANA-09")
    void tileExploreApiAndExportGiveOneNumber() throws Exception {
        bill(d1, d1.o1(), SaleType.COUNTER, "S1", 10, "S3", 1);
        bill(d1, d1.o2(), SaleType.COUNTER, "S1", 5);
        bill(d1, d1.o3(), SaleType.COUNTER, "S3", 7);
        feed.drain();
        await(() -> "1191.45".equals(total(ask(owner, question("nsv", "")), "nsv"))); // 15 × 34.63 + 8 × 84
        var tile = total(ask(owner, question("nsv", "")), "nsv");
        for (var dimension : List.of("outlet", "sku", "beat", "day", "channel", "principal", "category", "invoice")) {
            var explore = ask(owner, question("nsv", dimension));
            assertThat(total(explore, "nsv")).as(dimension).isEqualTo(tile);
            var csv = owner.post("/api/v1/insight/export?format=csv", question("nsv", dimension));
            assertThat(csv.status()).as(csv.toString()).isEqualTo(200);
            assertThat(csv.header("Content-Type")).startsWith("text/csv");
            assertThat(csv.text()).startsWith("\uFEFF");
            var sum = csv.text().lines().skip(1).map(line -> new BigDecimal(line.substring(line.lastIndexOf(',') + 1))).reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(sum).as(dimension).isEqualByComparingTo(tile);
            assertThat(csv.text().lines().count() - 1).isEqualTo(explore.path("rows").size());
        }
        var xlsx = owner.post("/api/v1/insight/export?format=xlsx", question("nsv", "outlet"));
        try (var workbook = new ReadableWorkbook(new ByteArrayInputStream(xlsx.raw().body()))) {
            var rows = workbook.getFirstSheet().read();
            assertThat(rows.getFirst().getCellText(0)).isEqualTo("Outlet");
            assertThat(rows.getLast().getCellText(0)).isEqualTo("Total");
            assertThat(rows.getLast().getCellAsNumber(2).orElseThrow()).isEqualByComparingTo(tile);
            var about = workbook.findSheet("Question").orElseThrow().read();
            assertThat(about).anyMatch(row -> row.getCellText(0).equals("Window")).anyMatch(row -> row.getCellText(0).equals("As of")).anyMatch(row -> row.getCellText(0).equals("Made by"));
        }
    }

    @Test
    @Tag("RCV-07") @Tag("RCV-08")
    void kpi52And53FollowBillsAndCollections() {
        // 10 × 34.63 + 5 % = 363.62, payable 364.00, 40 days ago with 14 days of credit: 26 days past due; 6,406.55 + 5 % = 6,727.00 today
        history(40, d1.o1(), 10);
        bill(d1, d1.o1(), SaleType.DELIVERY, "S1", 185);
        var posted = collections.post(new PostCollection(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), network.today(), "UPI", new BigDecimal("100.00"), "U1", null, null, null, null), CLERK);
        assertThat(posted).isInstanceOf(Collections.Outcome.Posted.class);
        var answer = ask(owner, Map.of("metrics", List.of("receivable", "overdue", "overdue-share", "not-due", "due-16-30", "unallocated-credits"), "dimensions", List.of("outlet"), "window", Map.of("kind", "NOW")));
        var cells = answer.path("rows").path(0).path("values");
        assertThat(cells.path("receivable").path("value").asString()).isEqualTo("6991.00");
        assertThat(cells.path("overdue").path("value").asString()).isEqualTo("264.00"); // oldest first
        assertThat(cells.path("due-16-30").path("value").asString()).isEqualTo("264.00");
        assertThat(cells.path("not-due").path("value").asString()).isEqualTo("6727.00");
        assertThat(cells.path("overdue-share").path("value").asString()).isEqualTo("3.78"); // 264 ÷ 6,991
        collections.post(new PostCollection(UUID.randomUUID(), d1.id(), network.principal, d1.o2(), network.today(), "UPI", new BigDecimal("50.00"), "U2", null, null, null, null), CLERK);
        assertThat(total(ask(owner, question("unallocated-credits", "outlet")), "unallocated-credits")).isEqualTo("50.00");
        assertThat(total(ask(owner, question("receivable", "ageing-bucket")), "receivable")).isEqualTo("6991.00");
    }

    @Test
    @Tag("ANA-01") @Tag("STK-19")
    void kpi37AndPrimaryFollowReceiptsAndBills() {
        history(40, d1.o1(), 100);
        bill(d1, d1.o2(), SaleType.COUNTER, "S1", 80);
        var receipt = new PostGoodsReceipt(UUID.randomUUID(), d1.id(), network.principal, d1.warehouse(), network.today(), "SB/1", network.today(),
                List.of(new PostGoodsReceipt.Line(1, network.skus.get("S2"), "N1", null, network.today().plusDays(200), new BigDecimal("10.00"), new BigDecimal("8.25"), new BigDecimal("120"),
                        new BigDecimal("12"), new BigDecimal("132"), BigDecimal.ZERO, BigDecimal.ZERO)));
        assertThat(receipts.post(receipt, CLERK, false)).isInstanceOf(GoodsReceipts.Outcome.Posted.class);
        feed.drain();
        await(() -> total(ask(owner, question("primary-value", "")), "primary-value") != null);
        assertThat(total(ask(owner, question("primary-value", "sku")), "primary-value")).isEqualTo("990.00"); // 120 × 8.25; free counts nothing
        var rows = ask(owner, Map.of("metrics", List.of("stock-cover", "stock-quantity"), "dimensions", List.of("sku"), "window", Map.of("kind", "NOW"))).path("rows");
        for (var row : rows) {
            var cell = row.path("values").path("stock-cover");
            switch (row.path("keys").path("sku").path("label").asString()) {
                case "Soap bar 100 g" -> assertThat(cell.path("value").asString()).isEqualTo("2410"); // 4,820 ÷ (180 ÷ 90)
                case "Biscuit 75 g" -> assertThat(cell.path("reason").asString()).isEqualTo("NEW_SKU");
                case "Detergent powder 1 kg" -> assertThat(cell.path("reason").asString()).isEqualTo("NON_MOVING");
                default -> throw new AssertionError(row);
            }
        }
        assertThat(rows.size()).isEqualTo(3);
    }

    @Test
    @Tag("ANA-24") @Tag("SCH-16")
    void whatASchemeGaveIsKnownByOutletAndSku() {
        var scheme = network.scheme("WHOLE", "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},
                "products":{},"eligibility":{},"stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""",
                network.today().minusDays(10), network.today().plusDays(10));
        bill(d1, d1.o1(), SaleType.DELIVERY, "S1", 185); // EX-07's slab: 4 % of 6,406.55
        bill(d1, d1.o2(), SaleType.DELIVERY, "S1", 5);   // below every slab
        var gone = bill(d1, d1.o1(), SaleType.DELIVERY, "S1", 40);
        billing.cancel(d1.id(), gone, UUID.randomUUID(), "typed twice", new Actor(2, "owner"));
        feed.drain();
        var question = Map.of("metrics", List.of("scheme-benefit", "scheme-claim", "scheme-bills"), "dimensions", List.of("scheme", "outlet", "sku"), "window", MTD);
        await(() -> "256.26".equals(total(ask(owner, question), "scheme-benefit")));
        var rows = ask(owner, question).path("rows");
        assertThat(rows.size()).isEqualTo(1);
        assertThat(rows.path(0).path("keys").path("scheme").path("id").asString()).isEqualTo(Long.toString(scheme));
        assertThat(rows.path(0).path("keys").path("outlet").path("id").asString()).isEqualTo(d1.o1().toString());
        assertThat(rows.path(0).path("values").path("scheme-claim").path("value").asString()).isEqualTo("256.26");
        assertThat(rows.path(0).path("values").path("scheme-bills").path("value").asString()).isEqualTo("1");
        assertThat(total(ask(owner, question("scheme-discount", "")), "scheme-discount")).isEqualTo("256.26");
    }

    private void history(int daysAgo, UUID outlet, int qty) {
        var line = new PostInvoice.Line(1, network.skus.get("S1"), BigDecimal.valueOf(qty), null, null, null, null, null);
        var command = new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today().minusDays(daysAgo), SaleType.COUNTER, PaymentMode.CREDIT, null, null, List.of(line), null);
        assertThat(billing.postAll(List.of(command), CLERK, Terms.HISTORY)).allMatch(PostInvoiceOutcome.Posted.class::isInstance);
    }

    @Test
    void aShopNamedLikeAFormulaIsQuotedInFiles() {
        transactions.write(d1.id(), db -> db.sql("update network.outlet set name = '=1+1' where distributor_id = ? and id = ?").params(d1.id(), d1.o1()).update());
        bill(d1, d1.o1(), SaleType.COUNTER, "S1", 10);
        feed.drain();
        await(() -> total(ask(owner, question("nsv", "")), "nsv") != null);
        assertThat(owner.post("/api/v1/insight/export?format=csv", question("nsv", "outlet")).text()).contains("'=1+1").doesNotContain("\n=1+1");
    }

    @Test
    void scopeHoldsThroughHttp() {
        bill(d1, d1.o1(), SaleType.COUNTER, "S1", 10);
        bill(d2, d2.o1(), SaleType.COUNTER, "S1", 20);
        feed.drain();
        await(() -> "346.30".equals(total(ask(owner, question("nsv", "distributor")), "nsv")));
        var other = people.of(d2.id(), Role.DO).signIn(port);
        await(() -> "692.60".equals(total(ask(other, question("nsv", "distributor")), "nsv")));
        var prying = Map.of("metrics", List.of("nsv"), "dimensions", List.of("outlet"), "window", MTD, "filters", List.of(Map.of("dimension", "distributor", "op", "in", "values", List.of(d2.id()))));
        assertThat(ask(owner, prying).path("rows").size()).isZero();
        assertThat(owner.post("/api/v1/insight/export?format=csv", prying).text().lines().count()).isEqualTo(1);
        assertThat(people.of(d1.id(), Role.BC).signIn(port).post("/api/v1/insight/query", question("nsv", "")).code()).isEqualTo("FORBIDDEN");
        assertThat(new Client(port).get("/api/v1/insight/catalogue").status()).isEqualTo(401);
    }

    @Test
    void refusalsNameWhatIsAccepted() {
        var refused = owner.post("/api/v1/insight/query", question("nvs", "region"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.code()).isEqualTo("QUESTION_INVALID");
        assertThat(refused.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/metrics/0");
        assertThat(refused.json().path("accepted").toString()).contains("nsv");
        assertThat(owner.post("/api/v1/insight/export?format=pdf", question("nsv", "region")).code()).isEqualTo("QUESTION_INVALID");
        assertThat(owner.get("/api/v1/insight/catalogue").json().path("metrics").size()).isGreaterThan(20);
    }
}
