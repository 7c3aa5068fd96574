package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.StockMoves.Node;
import io.offtake.testing.Fixture;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
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

/// Many invoices in one request (DESIGN section 4): what another system sends, over HTTP.
@ServerTest
class BulkInvoicesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC).signIn(port);
    }

    private String bill(UUID id, String qty) {
        return JSON.writeValueAsString(Map.of("id", id, "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o2(), "warehouseId", d1.warehouse(),
                "businessDate", network.today().toString(), "saleType", "COUNTER", "paymentMode", "CASH", "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", qty))));
    }

    private List<JsonNode> send(List<String> lines, String... prefer) {
        var headers = prefer.length == 0 ? Map.of("Content-Type", "application/x-ndjson") : Map.of("Content-Type", "application/x-ndjson", "Prefer", prefer[0]);
        var answer = clerk.send("POST", "/api/v1/invoices/bulk?distributorId=" + d1.id(), String.join("\n", lines), headers);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.text().lines().map(JSON::readTree).toList();
    }

    @Test
    @Tag("BIL-05") @Tag("INT-06")
    void everyLineIsAnsweredForItselfAndARepeatPostsNothingTwice() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 100);
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        var lines = new ArrayList<>(List.of(bill(first, "12"), "{\"id\": nonsense}", "", bill(UUID.randomUUID(), "500"), bill(UUID.randomUUID(), "-1"), bill(first, "12"), bill(second, "88"), bill(first, "13")));
        var answers = send(lines);
        assertThat(answers).extracting(answer -> answer.path("line").asInt()).containsExactly(1, 2, 4, 5, 6, 7, 8);
        assertThat(answers).extracting(answer -> answer.path("status").asInt()).containsExactly(201, 400, 409, 422, 200, 201, 409);
        assertThat(answers.get(0).path("number").asString()).endsWith("/000001").isEqualTo(answers.get(4).path("number").asString());
        assertThat(answers.get(5).path("number").asString()).as("what is refused takes no number (INV-03)").endsWith("/000002");
        assertThat(answers.get(0).has("invoice")).isFalse();
        assertThat(answers.get(2).path("problem").path("errors").path(0).path("code").asString()).isEqualTo("STOCK_SHORT");
        assertThat(answers.get(3).path("problem").path("errors").path(0).path("pointer").asString()).isEqualTo("/lines/0/qty");
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("0");

        var again = send(List.of(bill(first, "12"), bill(second, "88")), "return=representation");
        assertThat(again).extracting(answer -> answer.path("status").asInt()).containsExactly(200, 200);
        assertThat(again.getFirst().path("invoice")).as("the document as anybody reads it").isEqualTo(clerk.get("/api/v1/invoices/" + first).json());
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("0");
    }

    @Test
    @Tag("INT-06")
    void tooManyLinesNoneAndThoseOfAnotherDistributorAreRefused() {
        var other = network.distributor("D2");
        var headers = Map.of("Content-Type", "application/x-ndjson");
        var path = "/api/v1/invoices/bulk?distributorId=";
        assertThat(clerk.send("POST", path + d1.id(), "\n\n", headers).status()).isEqualTo(422);
        assertThat(clerk.send("POST", path + d1.id(), "{}\n".repeat(501), headers).status()).isEqualTo(422);
        assertThat(clerk.send("POST", path + other.id(), bill(UUID.randomUUID(), "1"), headers).status()).isEqualTo(404);
        var foreign = bill(UUID.randomUUID(), "1").replace("\"distributorId\":" + d1.id(), "\"distributorId\":" + other.id());
        assertThat(send(List.of(foreign)).getFirst().path("problem").path("errors").path(0).path("pointer").asString()).isEqualTo("/distributorId");
    }

    @Test
    @Tag("BIL-05") @Tag("STK-04")
    void fiveHundredBillsAreOneTransactionWithConsecutiveNumbersAndLedgersThatAgree() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 600);
        var lines = new ArrayList<String>();
        for (int at = 0; at < 500; at++) lines.add(bill(UUID.randomUUID(), at % 2 == 0 ? "1" : "1.0"));
        var answers = send(lines);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.path("status").asInt()).isEqualTo(201));
        assertThat(answers).extracting(answer -> answer.path("number").asString().replaceAll(".*/", "")).startsWith("000001", "000002").endsWith("000500").isSorted();
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("100");
        var kept = transactions.<List<java.math.BigDecimal>>write(d1.id(), db -> db.sql("""
                select (select -sum(qty) from stock.entry where distributor_id = :d and bucket = 'SALEABLE' and document_type = 'INVOICE'), (select sum(qty) from billing.invoice_line where distributor_id = :d),
                       (select sum(amount) from receivables.journal_entry where distributor_id = :d), (select count(*) from governance.audit_entry where distributor_id = :d and action = 'POSTED'),
                       (select count(*) from platform.outbox where distributor_id = :d and topic = 'invoice.posted'), (select count(*) from platform.number_register where distributor_id = :d)""")
                .param("d", d1.id()).query((row, _) -> List.of(row.getBigDecimal(1), row.getBigDecimal(2), row.getBigDecimal(3), row.getBigDecimal(4), row.getBigDecimal(5), row.getBigDecimal(6))).single());
        assertThat(kept).usingElementComparator(java.math.BigDecimal::compareTo).containsExactly(new java.math.BigDecimal(500), new java.math.BigDecimal(500), java.math.BigDecimal.ZERO,
                new java.math.BigDecimal(500), new java.math.BigDecimal(500), new java.math.BigDecimal(500));
    }
}
