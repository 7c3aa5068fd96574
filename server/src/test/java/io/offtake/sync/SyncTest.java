package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.StockMoves.Node;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a counter reads and sends, over HTTP.
@ServerTest
class SyncTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;
    private final UUID device = UUID.randomUUID();

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC, Role.GK).signIn(port);
    }

    private Map<String, Object> bill(UUID id, String sku, int qty, String expected) {
        var body = new LinkedHashMap<String, Object>();
        body.put("id", id);
        body.put("distributorId", d1.id());
        body.put("principalId", network.principal);
        body.put("outletId", d1.o2());
        body.put("warehouseId", d1.warehouse());
        body.put("businessDate", network.today());
        body.put("saleType", "COUNTER");
        body.put("paymentMode", "CASH");
        body.put("lines", List.of(Map.of("line", 1, "skuId", network.skus.get(sku), "qty", Integer.toString(qty), "enteredQty", qty + "")));
        if (expected != null) body.put("expected", Map.of("payable", expected));
        return body;
    }

    private Map<String, Object> command(UUID id, int seq, String kind, Object body) {
        return Map.of("id", id, "seq", seq, "kind", kind, "businessDate", network.today(), "at", "2026-11-25T10:00:00Z", "body", body);
    }

    private JsonNode send(Object... commands) {
        var answer = clerk.post("/api/v1/sync/commands", Map.of("deviceId", device, "distributorId", d1.id(), "commands", List.of(commands)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("answers");
    }

    private List<JsonNode> rows(String text, String type) {
        return text.lines().map(JSON::readTree).filter(line -> line.path("t").asString().equals(type)).map(line -> line.path("r")).toList();
    }

    @Test
    @Tag("UXP-04") @Tag("STK-11")
    void aSnapshotIsWholeAndUnchangedGroupsAreNotSentAgain() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 500);
        for (var group : List.of("must", "soon", "later")) {
            var answer = clerk.get("/api/v1/sync/snapshot/" + group + "?distributorId=" + d1.id());
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            var lines = answer.text().lines().toList();
            assertThat(JSON.readTree(lines.getFirst()).path("t").asString()).isEqualTo("head");
            assertThat(JSON.readTree(lines.getLast()).path("rows").asInt()).isEqualTo(lines.size() - 2);
            clerk.header("If-None-Match", answer.etag());
            assertThat(clerk.get("/api/v1/sync/snapshot/" + group + "?distributorId=" + d1.id()).status()).isEqualTo(304);
            clerk.header("If-None-Match", null);
        }
        var must = clerk.get("/api/v1/sync/snapshot/must?distributorId=" + d1.id()).text();
        assertThat(rows(must, "sku")).hasSize(6).anySatisfy(sku -> {
            assertThat(sku.path("ptr").asString()).isEqualTo("34.63");
            assertThat(sku.path("gstPercent").asString()).isEqualTo("5");
        });
        assertThat(rows(must, "outlet")).hasSize(3);
        assertThat(rows(must, "rulebook")).hasSize(1);
        assertThat(rows(must, "context").getFirst().path("series").size()).isPositive();
        assertThat(rows(clerk.get("/api/v1/sync/snapshot/soon?distributorId=" + d1.id()).text(), "batch")).hasSize(1)
                .allSatisfy(batch -> assertThat(batch.path("saleable").asString()).isEqualTo("500"));
    }

    @Test
    @Tag("BIL-05") @Tag("ORD-02")
    void commandsAreAnsweredOneByOneAndARepeatIsHarmless() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 100);
        var good = UUID.randomUUID();
        var poison = UUID.randomUUID();
        var tooMuch = UUID.randomUUID();
        var differs = UUID.randomUUID();
        var commands = new Object[] {command(good, 1, "invoice", bill(good, "S1", 10, null)), command(poison, 2, "invoice", Map.of("id", poison)),
                command(tooMuch, 3, "invoice", bill(tooMuch, "S1", 91, null)), command(differs, 4, "invoice", bill(differs, "S1", 10, "1.00"))};
        var answers = send(commands);
        assertThat(answers.path(0).path("outcome").asString()).isEqualTo("ACCEPTED");
        assertThat(answers.path(0).path("document").path("number").asString()).isNotBlank();
        assertThat(answers.path(1).path("outcome").asString()).isEqualTo("REFUSED");
        assertThat(answers.path(1).path("problem").path("errors").size()).isPositive();
        assertThat(answers.path(2).path("problem").path("code").asString()).isEqualTo("STOCK_SHORT");
        assertThat(answers.path(2).path("problem").path("gaps").path(0).path("values").path("available").asString()).isEqualTo("90");
        assertThat(answers.path(3).path("outcome").asString()).isEqualTo("DIFFERS");
        assertThat(answers.path(3).path("difference").path("server").asString()).isEqualTo("364.00");
        var again = send(commands);
        assertThat(again.path(0).path("replayed").asBoolean()).isTrue();
        assertThat(again.path(0).path("document")).isEqualTo(answers.path(0).path("document"));
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("80");
        assertThat(transactions.<Integer>write(d1.id(), db -> db.sql("select count(*) from sync.difference where distributor_id = ?").param(d1.id()).query(Integer.class).single())).isOne();
    }

    @Test
    @Tag("GOV-15")
    void anotherDistributorsQueueIsNotThere() {
        var other = network.distributor("D2");
        assertThat(clerk.get("/api/v1/sync/snapshot/must?distributorId=" + other.id()).status()).isEqualTo(404);
        assertThat(clerk.post("/api/v1/sync/commands", Map.of("deviceId", device, "distributorId", other.id(), "commands", List.of())).status()).isEqualTo(404);
    }

    @Test
    @Tag("ORD-03") @Tag("ORD-07") @Tag("ORD-20") @Tag("ORD-21") @Tag("BIL-01") @Tag("STK-10")
    void anOrderIsBookedAllocatedBilledAndItsReservedStockIssued() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 100);
        var order = UUID.randomUUID();
        var allocation = UUID.randomUUID();
        var booked = send(command(order, 1, "order", Map.of("id", order, "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o1(), "warehouseId", d1.warehouse(),
                "businessDate", network.today(), "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", "30")))));
        assertThat(booked.path(0).path("document").path("status").asString()).as(booked.toString()).isEqualTo("BOOKED");
        var allocated = send(command(allocation, 2, "allocate-order", Map.of("id", order)));
        assertThat(allocated.path(0).path("document").path("status").asString()).as(allocated.toString()).isEqualTo("ALLOCATED");
        assertThat(network.balance(d1, "S1", Node.RESERVED)).isEqualByComparingTo("30");
        var invoice = UUID.randomUUID();
        var body = bill(invoice, "S1", 24, null);
        body.put("orderId", order);
        body.put("outletId", d1.o1());
        body.put("saleType", "DELIVERY");
        body.put("paymentMode", "CREDIT");
        var billed = send(command(invoice, 3, "invoice", body));
        assertThat(billed.path(0).path("outcome").asString()).as(billed.toString()).isEqualTo("ACCEPTED");
        assertThat(network.balance(d1, "S1", Node.RESERVED)).isEqualByComparingTo("0");
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("76");
        assertThat(network.balance(d1, "S1", Node.IN_TRANSIT_OUT)).isEqualByComparingTo("24");
        // whose answer was lost asks again, when the order has long gone on (OFF-06)
        var late = send(command(allocation, 2, "allocate-order", Map.of("id", order)));
        assertThat(late.path(0).path("outcome").asString()).as(late.toString()).isEqualTo("ACCEPTED");
        assertThat(late.path(0).path("replayed").asBoolean()).isTrue();
        assertThat(network.balance(d1, "S1", Node.RESERVED)).isEqualByComparingTo("0");
        var history = clerk.get("/api/v1/orders/" + order).json().path("history");
        assertThat(history.findValuesAsString("status")).containsExactly("BOOKED", "ALLOCATED", "INVOICED");
    }

    @Test
    @Tag("OFF-06") @Tag("ORD-20")
    void aStepThatWasAcceptedIsNeitherTakenAgainNorRefusedWhenItsAnswerWasLost() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 100);
        limit("10");
        var order = UUID.randomUUID();
        var allocation = command(UUID.randomUUID(), 2, "allocate-order", Map.of("id", order));
        send(command(order, 1, "order", Map.of("id", order, "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o1(), "warehouseId", d1.warehouse(),
                "businessDate", network.today(), "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", "30")))));
        var held = send(allocation).path(0);
        assertThat(held.path("outcome").asString()).as(held.toString()).isEqualTo("ACCEPTED");
        assertThat(held.path("document").path("status").asString()).isEqualTo("ON_HOLD");
        // meanwhile the limit is raised: the copy of the step is its answer, not another decision
        limit("1000000");
        var copy = send(allocation).path(0);
        assertThat(copy.path("outcome").asString()).as(copy.toString()).isEqualTo("ACCEPTED");
        assertThat(copy.path("replayed").asBoolean()).isTrue();
        assertThat(copy.path("document").path("status").asString()).isEqualTo("ON_HOLD");
        assertThat(network.balance(d1, "S1", Node.RESERVED)).isEqualByComparingTo("0");
        // a step of its own allocates
        assertThat(send(command(UUID.randomUUID(), 3, "allocate-order", Map.of("id", order))).path(0).path("document").path("status").asString()).isEqualTo("ALLOCATED");
    }

    private void limit(String amount) {
        transactions.write(d1.id(), db -> db.sql("update receivables.outlet_account set credit_limit = ? where distributor_id = ?").params(new java.math.BigDecimal(amount), d1.id()).update());
    }

    @Test
    @Tag("OFF-06")
    void aCopyOfARefusedCommandThatComesLateIsRefusedAgainUntilAPersonSendsItAgain() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 5);
        var id = UUID.randomUUID();
        var first = new LinkedHashMap<String, Object>(command(id, 1, "invoice", bill(id, "S1", 8, null)));
        first.put("attempt", 1);
        var refused = send(first).path(0);
        assertThat(refused.path("problem").path("code").asString()).isEqualTo("STOCK_SHORT");
        network.batch(d1, "S1", "A2", "40.00", network.today().plusDays(300), 50);
        var copy = send(first).path(0);
        assertThat(copy.path("outcome").asString()).as("its device was told that it is refused, and may have taken it back").isEqualTo("REFUSED");
        assertThat(copy.path("problem")).isEqualTo(refused.path("problem"));
        first.put("attempt", 2);
        assertThat(send(first).path(0).path("outcome").asString()).isEqualTo("ACCEPTED");
        first.put("attempt", 1);
        assertThat(send(first).path(0).path("replayed").asBoolean()).isTrue();
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("47");
    }

    @Test
    @Tag("OFF-06") @Tag("BIL-06")
    void aRequestToCancelThatComesAgainLateOpensNothingThatWasTurnedDown() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 100);
        var invoice = UUID.randomUUID();
        var asking = UUID.randomUUID();
        var body = bill(invoice, "S1", 2, null);
        body.put("saleType", "DELIVERY");
        send(command(invoice, 1, "invoice", body), command(asking, 2, "cancel-invoice", Map.of("id", invoice, "reason", "wrong outlet")));
        var owner = people.of(d1.id(), Role.DO).signIn(port);
        var keep = Map.of("deviceId", UUID.randomUUID(), "distributorId", d1.id(), "commands", List.of(command(UUID.randomUUID(), 1, "keep-invoice", Map.of("id", invoice, "reason", "it is right"))));
        for (int time = 0; time < 2; time++) assertThat(owner.post("/api/v1/sync/commands", keep).json().path("answers").path(0).path("outcome").asString()).isEqualTo("ACCEPTED");
        assertThat(send(command(asking, 2, "cancel-invoice", Map.of("id", invoice, "reason", "wrong outlet"))).path(0).path("outcome").asString()).isEqualTo("ACCEPTED");
        assertThat(transactions.<String>write(d1.id(), db -> db.sql("select status from billing.cancellation_request where distributor_id = ? and invoice_id = ?").params(d1.id(), invoice).query(String.class).single())).isEqualTo("KEPT");
    }

    @Test
    @Tag("RCV-04") @Tag("RCV-07") @Tag("RCV-03")
    void p05MoneySettlesBillsByDueDateAndTheRestStaysOnAccount() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 500);
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        for (var id : List.of(first, second)) {
            var body = bill(id, "S1", 72, null);
            body.put("outletId", d1.o1());
            body.put("paymentMode", "CREDIT");
            assertThat(clerk.post("/api/v1/invoices", body).status()).isEqualTo(201);
        }
        var money = UUID.randomUUID();
        var collection = Map.of("id", money, "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o1(), "businessDate", network.today(), "mode", "CASH", "amount", "3000.00");
        var posted = clerk.post("/api/v1/collections", collection);
        assertThat(posted.status()).as(posted.text()).isEqualTo(201);
        assertThat(posted.json().path("settled").findValuesAsString("amount")).containsExactly("2618.00", "382.00");
        assertThat(clerk.post("/api/v1/collections", collection).text()).isEqualTo(posted.text());
        assertThat(network.journal(d1, money)).containsEntry("1100", new BigDecimal("3000.00")).containsEntry("1200", new BigDecimal("-3000.00"));
        var row = clerk.get("/api/v1/receivables/outlets?distributorId=" + d1.id() + "&q=O1").json().path("items").path(0);
        assertThat(row.path("balance").asString()).isEqualTo("2236.00");
        var much = new LinkedHashMap<>(collection);
        much.put("id", UUID.randomUUID());
        much.put("amount", "200000.00");
        assertThat(clerk.post("/api/v1/collections", much).code()).isEqualTo("REFUSED");
    }

    @Test
    @Tag("ANA-01") @Tag("STK-01") @Tag("STK-05") @Tag("STK-15")
    void p01GoodsReceiptPutsGoodAndDamagedIntoTheirBuckets() {
        var id = UUID.randomUUID();
        var line = new LinkedHashMap<String, Object>(Map.of("line", 1, "skuId", network.skus.get("S1"), "batchNo", "S2607", "expiresOn", network.today().plusDays(400), "mrp", "40.00", "unitCost", "32.98",
                "billedQty", "720", "freeQty", "0", "goodQty", "718", "damagedQty", "2"));
        line.put("shortQty", "0");
        var body = new LinkedHashMap<String, Object>(Map.of("id", id, "distributorId", d1.id(), "principalId", network.principal, "warehouseId", d1.warehouse(), "businessDate", network.today(),
                "principalInvoiceNumber", "SF/1", "principalInvoiceOn", network.today(), "lines", List.of(line)));
        var posted = clerk.post("/api/v1/goods-receipts", body);
        assertThat(posted.status()).as(posted.text()).isEqualTo(201);
        assertThat(posted.json().path("total").asString()).isEqualTo("24932.88");
        assertThat(network.journal(d1, id)).containsEntry("1300", new BigDecimal("23679.64")).containsEntry("1320", new BigDecimal("65.96"))
                .containsEntry("1500", new BigDecimal("1187.28")).containsEntry("2100", new BigDecimal("-24932.88"));
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("718");
        assertThat(network.balance(d1, "S1", Node.DAMAGED)).isEqualByComparingTo("2");
        assertThat(clerk.post("/api/v1/goods-receipts", body).status()).isEqualTo(200);
        body.put("id", UUID.randomUUID());
        assertThat(clerk.post("/api/v1/goods-receipts", body).code()).isEqualTo("DUPLICATE");
    }

    @Test
    @Tag("STK-07") @Tag("STK-03")
    void nearExpiryIsListedAndWhatIsPastItsExpiryIsNotSold() {
        network.batch(d1, "S1", "GONE", "40.00", network.today().minusDays(1), 50);
        network.batch(d1, "S1", "SOON", "40.00", network.today().plusDays(20), 10);
        network.batch(d1, "S1", "LATER", "40.00", network.today().plusDays(300), 10);
        var near = clerk.get("/api/v1/stock?distributorId=" + d1.id() + "&sort=expiryOrder&expiresTo=" + network.today().plusDays(60)).json().path("items");
        assertThat(near.findValuesAsString("batchNo")).containsExactly("GONE", "SOON");
        var refused = clerk.post("/api/v1/invoices", bill(UUID.randomUUID(), "S1", 21, null));
        assertThat(refused.code()).as(refused.text()).isEqualTo("STOCK_SHORT");
        assertThat(refused.json().path("gaps").path(0).path("values").path("available").asString()).isEqualTo("20");
        var sold = clerk.post("/api/v1/invoices", bill(UUID.randomUUID(), "S1", 12, null));
        assertThat(sold.json().path("lines").path(0).path("batches").findValuesAsString("batchNo")).containsExactly("SOON", "LATER");
    }

    @Test
    @Tag("RCV-04") @Tag("race")
    void oneCollectionSentAtOnceFromManyTabsIsOneCollection() throws Exception {
        var collection = Map.of("id", UUID.randomUUID(), "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o1(), "businessDate", network.today(), "mode", "CASH",
                "amount", "500.00");
        try (var tabs = Executors.newFixedThreadPool(8)) {
            var calls = Collections.nCopies(16, (Callable<Client.Answer>) () -> clerk.post("/api/v1/collections", collection));
            var answers = new ArrayList<Client.Answer>();
            for (var call : tabs.invokeAll(calls)) answers.add(call.get());
            assertThat(answers).extracting(Client.Answer::status).containsOnly(200, 201).containsOnlyOnce(201);
            assertThat(answers).extracting(Client.Answer::text).containsOnly(answers.getFirst().text());
        }
    }
}
