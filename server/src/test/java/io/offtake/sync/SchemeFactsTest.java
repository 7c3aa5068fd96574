package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.billing.PostInvoice;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Decision;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What schemes ask of a bill beside its lines: the free goods that the outlet picked, how the order came in, and what is left of
/// limits, the last one also at a counter without a network.
@ServerTest
class SchemeFactsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @Autowired RuleBookSource books;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC, Role.GK).signIn(port);
        for (var sku : List.of("S1", "S2", "S3")) network.batch(d1, sku, "A1", sku.equals("S3") ? "115.00" : sku.equals("S2") ? "10.00" : "40.00", network.today().plusDays(300), 2_000);
    }

    private long scheme(String code, String mechanic, String definition) {
        return network.scheme(code, mechanic, definition, network.today().minusDays(40), network.today().plusDays(40));
    }

    /// Of ten pieces of S1 one piece is free: of S2 or of S3, as the outlet likes.
    private long choiceList() {
        return scheme("PICK", "M4", """
                "stage":"FREE_GOODS","mechanic":{"type":"FREE_GOODS","buy":"10","get":"1","repeat":true,"rewardSkuIds":["%d","%d"],"tax":"ZERO_PRICED","ifShort":"REFUSE"},"products":{"skuIds":["%d"]},
                "eligibility":{},"stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get("S2"), network.skus.get("S3"), network.skus.get("S1")));
    }

    private Map<String, Object> bill(String sku, int qty) {
        var body = new LinkedHashMap<String, Object>();
        body.put("id", UUID.randomUUID());
        body.put("distributorId", d1.id());
        body.put("principalId", network.principal);
        body.put("outletId", d1.o1());
        body.put("warehouseId", d1.warehouse());
        body.put("businessDate", network.today());
        body.put("saleType", "COUNTER");
        body.put("paymentMode", "CASH");
        body.put("lines", List.of(Map.of("line", 1, "skuId", network.skus.get(sku), "qty", Integer.toString(qty))));
        return body;
    }

    private Map<String, Object> with(Map<String, Object> body, String member, Object value) {
        var more = new LinkedHashMap<>(body);
        more.put(member, value);
        return more;
    }

    private List<Map<String, Object>> choice(long scheme, long sku, String qty) {
        return List.of(Map.of("schemeId", scheme, "skuId", sku, "qty", qty));
    }

    private JsonNode post(String path, Object body) {
        var answer = clerk.post(path, body);
        assertThat(answer.status()).as(answer.text()).isIn(200, 201);
        return answer.json();
    }

    private List<JsonNode> soon(String type) {
        return clerk.get("/api/v1/sync/snapshot/soon?distributorId=" + d1.id()).text().lines().map(JSON::readTree).filter(line -> line.path("t").asString().equals(type)).map(line -> line.path("r")).toList();
    }

    private static void assertFree(JsonNode freeLines, String... codesAndQty) {
        assertThat(freeLines).as(freeLines.toString()).hasSize(codesAndQty.length / 2);
        for (int at = 0; at < codesAndQty.length; at += 2) {
            assertThat(freeLines.path(at / 2).path("skuCode").asString()).isEqualTo(codesAndQty[at]);
            assertThat(new BigDecimal(freeLines.path(at / 2).path("qty").asString())).isEqualByComparingTo(codesAndQty[at + 1]);
        }
    }

    @Test
    @Tag("SCH-08") @Tag("BIL-05")
    void px20TheOutletPicksTheSecondSkuOfAList() {
        var scheme = choiceList();
        assertFree(post("/api/v1/invoices", bill("S1", 20)).path("freeLines"), "S2", "2");
        var picked = with(bill("S1", 20), "choices", choice(scheme, network.skus.get("S3"), "5"));
        var quoted = post("/api/v1/invoices/quote", picked).path("decision").path("freeLines");
        assertThat(quoted.path(0).path("skuId").asString()).isEqualTo(Long.toString(network.skus.get("S3")));
        var posted = post("/api/v1/invoices", picked);
        assertFree(posted.path("freeLines"), "S3", "2");
        // kept with the bill: decided again it is the same, and the same id with another choice is another bill
        assertThat(clerk.get("/api/v1/invoices/" + picked.get("id") + "/explanation").json().path("same").asBoolean()).isTrue();
        assertThat(clerk.post("/api/v1/invoices", picked).status()).isEqualTo(200);
        assertThat(clerk.post("/api/v1/invoices", with(picked, "choices", choice(scheme, network.skus.get("S2"), "5"))).code()).isEqualTo("ID_REUSED");
        // what is left open is the first of the list
        assertFree(post("/api/v1/invoices", with(bill("S1", 30), "choices", choice(scheme, network.skus.get("S3"), "1"))).path("freeLines"), "S3", "1", "S2", "2");
        var queued = with(bill("S1", 10), "choices", choice(scheme, network.skus.get("S3"), "1"));
        var sent = post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", d1.id(), "commands", List.of(
                Map.of("id", queued.get("id"), "seq", 1, "kind", "invoice", "businessDate", network.today(), "body", queued)))).path("answers").path(0);
        assertFree(sent.path("document").path("freeLines"), "S3", "1");
    }

    @Test
    @Tag("SCH-08")
    void px20AChoiceOfWhatNobodyKnowsIsRefusedAtItsPlace() {
        var scheme = choiceList();
        for (var path : List.of("/api/v1/invoices", "/api/v1/invoices/quote")) {
            var noScheme = clerk.post(path, with(bill("S1", 20), "choices", choice(999_999_999L, network.skus.get("S3"), "1")));
            assertThat(noScheme.status()).isEqualTo(422);
            assertThat(noScheme.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/choices/0/schemeId");
            var noSku = clerk.post(path, with(bill("S1", 20), "choices", choice(scheme, 999_999_999L, "1")));
            assertThat(noSku.status()).isEqualTo(422);
            assertThat(noSku.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/choices/0/skuId");
        }
        assertThat(clerk.post("/api/v1/invoices", with(bill("S1", 20), "choices", choice(scheme, network.skus.get("S3"), "0"))).json().path("errors").path(0).path("pointer").asString()).isEqualTo("/choices/0/qty");
        // known, but not on offer: nothing changes, for the bill may have been printed when it still was
        assertFree(post("/api/v1/invoices", with(bill("S1", 20), "choices", choice(scheme, network.skus.get("S5"), "1"))).path("freeLines"), "S2", "2");
    }

    @Test
    @Tag("SCH-08") @Tag("ORD-03")
    void px20WhatIsPickedWithAnOrderIsAllocatedAndBilled() {
        var scheme = choiceList();
        var order = bill("S1", 20);
        order.keySet().removeAll(List.of("saleType", "paymentMode"));
        assertThat(clerk.post("/api/v1/orders", with(order, "choices", choice(scheme, 999_999_999L, "1"))).json().path("errors").path(0).path("pointer").asString()).isEqualTo("/choices/0/skuId");
        post("/api/v1/orders", with(order, "choices", choice(scheme, network.skus.get("S3"), "2")));
        post("/api/v1/orders/" + order.get("id") + "/allocation", Map.of("id", UUID.randomUUID()));
        assertThat(soon("order").getFirst().path("choices").path(0).path("skuId").asLong()).isEqualTo(network.skus.get("S3"));
        assertThat(network.balance(d1, "S3", io.offtake.rules.StockMoves.Node.RESERVED)).isEqualByComparingTo("2");
        assertFree(post("/api/v1/invoices", with(bill("S1", 20), "orderId", order.get("id"))).path("freeLines"), "S3", "2");
    }

    @Test
    @Tag("SCH-29")
    void aSchemeForOneOrderSourceLooksAtHowTheOrderCameIn() {
        scheme("FIELD", "M1", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.10"}},"products":{"skuIds":["%d"]},"eligibility":{"orderSources":["FIELD"]},
                "stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get("S1")));
        scheme("COUNTER", "M1", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.10"}},"products":{"skuIds":["%d"]},"eligibility":{"orderSources":["COUNTER"]},
                "stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get("S2")));
        assertThat(discount(post("/api/v1/invoices", bill("S1", 10)))).isEqualByComparingTo("0");
        assertThat(discount(post("/api/v1/invoices", with(bill("S1", 10), "orderSource", "FIELD")))).isEqualByComparingTo("34.63");
        assertThat(discount(post("/api/v1/invoices", bill("S2", 100)))).isEqualByComparingTo("86.60");
        assertThat(discount(post("/api/v1/invoices", with(bill("S2", 100), "saleType", "DELIVERY")))).isEqualByComparingTo("0");
        var order = bill("S1", 10);
        order.keySet().removeAll(List.of("saleType", "paymentMode"));
        post("/api/v1/orders", with(order, "orderSource", "FIELD"));
        assertThat(soon("order").getFirst().path("orderSource").asString()).isEqualTo("FIELD");
        post("/api/v1/orders/" + order.get("id") + "/allocation", Map.of("id", UUID.randomUUID()));
        assertThat(discount(post("/api/v1/invoices", with(bill("S1", 10), "orderId", order.get("id"))))).isEqualByComparingTo("34.63");
        assertThat(clerk.post("/api/v1/invoices", with(bill("S1", 10), "orderSource", "PIGEON")).status()).isEqualTo(400);
    }

    private static BigDecimal discount(JsonNode invoice) {
        return new BigDecimal(invoice.path("totals").path("schemeDiscount").asString());
    }

    /// The stored input of a bill, but with the limits and sums that a device has been told.
    private Decision.Decided decidedWith(Object invoiceId, List<JsonNode> limits, List<JsonNode> accruals) {
        var stored = transactions.<String>write(d1.id(), db -> db.sql("select command::text from billing.invoice where distributor_id = ? and id = ?").params(d1.id(), invoiceId).query(String.class).single());
        var command = (tools.jackson.databind.node.ObjectNode) JSON.readTree(stored);
        command.remove(List.of("limits", "cumulated"));
        limits.forEach(command.withArray("limits")::add);
        accruals.forEach(command.withArray("cumulated")::add);
        var book = books.current(d1.id());
        return (Decision.Decided) book.engine().decide(CommandJson.read(command.toString(), book.book()));
    }

    @Test
    @Tag("SCH-29") @Tag("SCH-11")
    void px24ADeviceIsToldWhatIsLeftAndDecidesAsTheServer() {
        var scheme = scheme("LIMITED", "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"36","reward":{"percent":"0.04"}}]},"products":{"skuIds":["%d"]},"eligibility":{},
                "stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS","limits":{"total":{"amount":"10000.00"},
                "perOutlet":{"amount":"100.00","times":5,"period":"MONTH"},"perDistributor":{"amount":"500.00"}}""".formatted(network.skus.get("S1")));
        // what all share is told before anybody has touched it: nobody may give away what he was not told of (OFF-11)
        assertThat(soon("limit").stream().map(row -> row.path("scope").asString() + " " + row.path("amount").asString())).containsExactlyInAnyOrder("DISTRIBUTOR 500.00", "TOTAL 10000.00");
        var before = clerk.get("/api/v1/sync/snapshot/soon?distributorId=" + d1.id()).etag();
        assertThat(discount(post("/api/v1/invoices", bill("S1", 40)))).isEqualByComparingTo("55.41");
        assertThat(clerk.get("/api/v1/sync/snapshot/soon?distributorId=" + d1.id()).etag()).isNotEqualTo(before);
        var rows = soon("limit");
        assertThat(rows).as(rows.toString()).hasSize(3);
        var total = rows.stream().filter(row -> row.path("scope").asString().equals("TOTAL")).findFirst().orElseThrow();
        assertThat(total.path("amount").asString()).isEqualTo("9944.59");                                 // the slice and what a refill would bring, less 55.41
        var outlet = rows.stream().filter(row -> row.path("scope").asString().equals("OUTLET")).findFirst().orElseThrow();
        assertThat(outlet.path("schemeId").asString()).isEqualTo(Long.toString(scheme));
        assertThat(outlet.path("outletId").asString()).isEqualTo(d1.o1().toString());
        assertThat(outlet.path("period").asString()).isEqualTo(network.today().toString().substring(0, 7));
        assertThat(outlet.path("amount").asString()).isEqualTo("44.59");
        assertThat(outlet.path("times").asInt()).isEqualTo(4);
        assertThat(outlet.path("freeQty").isNull()).isTrue();
        var distributor = rows.stream().filter(row -> row.path("scope").asString().equals("DISTRIBUTOR")).findFirst().orElseThrow();
        assertThat(distributor.path("amount").asString()).isEqualTo("444.59");
        assertThat(distributor.path("outletId").isNull()).isTrue();

        var second = bill("S1", 40);
        var posted = post("/api/v1/invoices", second);
        assertThat(discount(posted)).isEqualByComparingTo("44.59");
        var device = decidedWith(second.get("id"), rows, List.of());
        assertThat(device.totals().schemeDiscount()).hasToString("44.59");
        assertThat(device.totals().payable().toString()).isEqualTo(posted.path("totals").path("payable").asString());
        // without them it would have promised more
        assertThat(decidedWith(second.get("id"), List.of(), List.of()).totals().schemeDiscount()).hasToString("55.41");
        assertThat(soon("limit")).anySatisfy(row -> assertThat(row.path("amount").asString()).isEqualTo("0.00"));
    }

    @Test
    @Tag("SCH-29") @Tag("SCH-07")
    void ex15ADeviceIsToldWhatAPeriodHasCounted() {
        var scheme = scheme("QPS", "M8", """
                "stage":"ACCRUAL","mechanic":{"type":"QPS","basis":"NET_VALUE","period":"MONTH","method":"WHOLE","slabs":[{"from":"10000.00","reward":{"percent":"0.01"}},
                {"from":"25000.00","reward":{"percent":"0.02"}}]},"products":{},"eligibility":{},"priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS","settlement":"CREDIT_NOTE\"""");
        assertThat(soon("accrual")).isEmpty();
        post("/api/v1/invoices", bill("S3", 143));
        var rows = soon("accrual");
        assertThat(rows).as(rows.toString()).hasSize(1);
        assertThat(rows.getFirst().path("schemeId").asString()).isEqualTo(Long.toString(scheme));
        assertThat(rows.getFirst().path("outletId").asString()).isEqualTo(d1.o1().toString());
        assertThat(rows.getFirst().path("counted").asString()).isEqualTo("12012.00");
        assertThat(rows.getFirst().path("value").asString()).isEqualTo("12012.00");
        assertThat(rows.getFirst().path("accrued").asString()).isEqualTo("120.12");
        var second = bill("S3", 202);                                                                    // 28,980.00 in all: 2 %
        post("/api/v1/invoices", second);
        assertThat(decidedWith(second.get("id"), List.of(), rows).more().accruals().getFirst().amount()).isEqualTo("459.48");
        assertThat(soon("accrual").getFirst().path("accrued").asString()).isEqualTo("579.60");
    }

    @Test
    @Tag("BIL-05")
    void off06ABillWithoutChoicesHasTheFingerprintItAlwaysHad() {
        var invoice = new PostInvoice(UUID.randomUUID(), 1, 2, UUID.randomUUID(), UUID.randomUUID(), network.today(), DecideCommand.SaleType.COUNTER, DecideCommand.PaymentMode.CASH, null, null, List.of(), null);
        assertThat(Fingerprint.json(invoice)).endsWith("\"lines\":[],\"expected\":null}");
        assertThat(Fingerprint.json(new PostOrder(UUID.randomUUID(), 1, 2, UUID.randomUUID(), UUID.randomUUID(), network.today(), null, List.of()))).endsWith("\"note\":null,\"lines\":[]}");
    }
}
