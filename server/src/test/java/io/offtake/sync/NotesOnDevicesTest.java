package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.StockMoves.Node;
import io.offtake.sync.store.OutcomeStore;
import io.offtake.testing.Fixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Credit notes that a device wrote without the server, against a bill it keeps (OFF-01, OFF-03, OFF-10, PX-41).
@ServerTest
class NotesOnDevicesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @Autowired RuleBookSource books;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;
    private Client owner;
    private UUID device;
    private String series;
    private UUID batch;
    private int number;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC).signIn(port);
        owner = people.of(d1.id(), Role.DO).signIn(port);
        batch = network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 500);
        device = UUID.randomUUID();
        clerk.header("X-Device-Secret", clerk.post("/api/v1/sync/devices", Map.of("id", device, "distributorId", d1.id(), "name", "Till", "kind", "COUNTER", "appVersion", "1", "schemaVersion", 2)).json()
                .path("secret").asString());
        series = clerk.post("/api/v1/sync/devices/" + device + "/leases?distributorId=" + d1.id(), Map.of("documentTypes", List.of("CREDIT_NOTE"))).json().path("leases").path(0).path("series").asString();
        assertThat(clerk.get("/api/v1/sync/snapshot/must?distributorId=" + d1.id()).status()).isEqualTo(200);
    }

    private JsonNode sold(UUID outlet, int qty) {
        var answer = clerk.post("/api/v1/invoices", Map.of("id", UUID.randomUUID(), "distributorId", d1.id(), "principalId", network.principal, "outletId", outlet, "warehouseId", d1.warehouse(),
                "businessDate", network.today(), "saleType", "COUNTER", "paymentMode", "CREDIT", "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", Integer.toString(qty)))));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.json();
    }

    /// A note as a device queues it: the net price of the bill, the batch of the bill, decided without schemes.
    private Map<String, Object> note(JsonNode bill, String qty, String payable) {
        var id = UUID.randomUUID();
        var line = bill.path("lines").path(0);
        var sku = Long.toString(network.skus.get("S1"));
        var body = new LinkedHashMap<String, Object>(Map.of("id", id, "distributorId", d1.id(), "principalId", network.principal, "outletId", bill.path("outlet").path("id").asString(), "warehouseId", d1.warehouse(),
                "businessDate", network.today(), "originalId", bill.path("id").asString(), "reason", "SHORT_EXPIRY",
                "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", qty, "unitPrice", "34.630000", "batchId", batch))));
        var outlet = new LinkedHashMap<String, Object>(Map.of("id", bill.path("outlet").path("id").asString(), "channel", "GROCER", "class", "A", "stateCode", "27", "registration", bill.path("outlet").path("registration").asString(), "blocked", false,
                "credit", List.of()));
        if (bill.path("outlet").path("gstin").isString()) outlet.put("gstin", bill.path("outlet").path("gstin").asString());
        var asked = new LinkedHashMap<String, Object>(Map.of("kind", "INVOICE", "businessDate", network.today().toEpochDay(), "saleType", "COUNTER", "paymentMode", "CREDIT", "principalId", Long.toString(network.principal), "outlet", outlet,
                "lines", List.of(Map.of("line", 1, "skuId", sku, "qty", qty, "batchId", batch, "manualPrice", "34.630000", "manualReason", "SHORT_EXPIRY")),
                "batches", List.of(Map.of("batchId", batch, "skuId", sku, "batchNo", "A1", "mrp", line.path("mrp").asString(), "expiresOn", network.today().plusDays(300).toEpochDay(), "saleable", qty, "unitCost", "0")),
                "approved", List.of("STOCK_SHORT", "SHELF_LIFE_SHORT")));
        var command = new LinkedHashMap<String, Object>(Map.of("id", id, "seq", ++number, "kind", "credit-note", "businessDate", network.today(), "number", Map.of("series", series, "number", number), "body", body));
        command.put("decided", Map.of("ruleBookHash", books.current(d1.id()).hash(), "payable", payable, "command", asked));
        return command;
    }

    private JsonNode send(Object... commands) {
        var answer = clerk.post("/api/v1/sync/commands", Map.of("deviceId", device, "distributorId", d1.id(), "schemaVersion", 2, "commands", List.of(commands)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("answers");
    }

    private static Map<String, Object> with(Map<String, Object> command, String member, Object value) {
        var copy = new LinkedHashMap<>(command);
        copy.put(member, value);
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> body(Map<String, Object> command, String member, Object value) {
        return with(command, "body", with((Map<String, Object>) command.get("body"), member, value));
    }

    @Test
    @Tag("OFF-03") @Tag("OFF-06") @Tag("BIL-07")
    void aNoteOfADeviceIsPostedOnceUnderItsOwnNumberAsTheServerWouldHavePostedIt() throws IOException {
        var bill = sold(d1.o2(), 12);
        var command = note(bill, "5", "182.00");
        var answer = send(command).path(0);
        assertThat(answer.path("outcome").asString()).as(answer.toString()).isEqualTo("ACCEPTED");
        var posted = answer.path("document");
        assertThat(posted.path("kind").asString()).isEqualTo("CREDIT_NOTE");
        assertThat(posted.path("number").asString()).isEqualTo(series + "00001");
        assertThat(posted.path("originalId").asString()).isEqualTo(bill.path("id").asString());
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("493");
        // the same note through the REST operation
        var online = clerk.post("/api/v1/credit-notes", body(with(command, "none", 0), "id", UUID.randomUUID()).get("body"));
        assertThat(online.status()).as(online.text()).isEqualTo(201);
        assertThat(online.json().path("totals")).isEqualTo(posted.path("totals"));
        assertThat(network.journal(d1, UUID.fromString(posted.path("id").asString()))).isEqualTo(network.journal(d1, UUID.fromString(online.json().path("id").asString())));
        // sent again it is the same, with another content it is kept and never posted, its number belongs to it
        var again = send(command).path(0);
        assertThat(again.path("replayed").asBoolean()).isTrue();
        assertThat(again.path("document")).isEqualTo(posted);
        assertThat(send(body(command, "reason", "other")).path(0).path("outcome").asString()).isEqualTo("QUARANTINED");
        assertThat(send(with(note(bill, "1", "36.00"), "number", Map.of("series", series, "number", 1))).path(0).path("problem").path("code").asString()).isEqualTo("NUMBER_TAKEN");
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("498");
        // the outlet owes that much less
        var owed = transactions.<BigDecimal>write(d1.id(), db -> db.sql("select balance from receivables.outlet_account where distributor_id = ? and outlet_id = ?").params(d1.id(), d1.o2()).query(BigDecimal.class).single());
        assertThat(owed).isEqualByComparingTo(new BigDecimal(bill.path("totals").path("payable").asString()).subtract(new BigDecimal(posted.path("totals").path("payable").asString()).multiply(BigDecimal.TWO)));
        // and a device that pulls knows how much of the bill is gone
        var later = new ArrayList<JsonNode>();
        var pulled = clerk.get("/api/v1/sync/changes/later?distributorId=" + d1.id()).raw().body();
        new String(new GZIPInputStream(new ByteArrayInputStream(pulled)).readAllBytes(), StandardCharsets.UTF_8).lines().map(JSON::readTree).filter(row -> row.path("t").asString().equals("paper"))
                .map(row -> row.path("r")).forEach(later::add);
        assertThat(later).filteredOn(row -> row.path("id").asString().equals(bill.path("id").asString())).singleElement()
                .satisfies(row -> assertThat(row.path("returned").path(0).path("qty").asString()).isEqualTo("10"));
    }

    @Test
    @Tag("OFF-10")
    void off10APaperThatSaysOtherwiseIsRecordedAndSomebodyDecides() {
        var bill = sold(d1.o2(), 12);
        var answer = send(note(bill, "5", "190.00")).path(0);
        assertThat(answer.path("outcome").asString()).as(answer.toString()).isEqualTo("DIFFERS");
        assertThat(answer.path("difference").path("server").asString()).isEqualTo(answer.path("document").path("totals").path("payable").asString());
        assertThat(answer.path("tasks").size()).isEqualTo(1);
        assertThat(owner.get("/api/v1/sync/tasks?kind=PRICE_DIFFERS").json().path("items").path(0).path("number").asString()).isEqualTo(series + "00001");
        var kept = transactions.<Map<String, Object>>write(d1.id(), db -> db.sql("select kind, expected from sync.difference where distributor_id = ?").param(d1.id()).query().singleRow());
        assertThat(kept.get("kind")).isEqualTo("credit-note");
        // what was decided is this note and no other
        var unlike = note(bill, "2", "72.00");
        assertThat(send(body(unlike, "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", "2", "unitPrice", "40.00", "batchId", batch)))).path(0).path("problem").path("errors").path(0).path("pointer").asString())
                .isEqualTo("/lines/0/unitPrice");
        assertThat(send(body(note(bill, "2", "72.00"), "businessDate", network.today().minusDays(1))).path(0).path("problem").path("errors").path(0).path("pointer").asString()).isEqualTo("/body/businessDate");
    }

    @Test
    @Tag("OFF-04") @Tag("BIL-07") @Tag("OFF-09")
    void whatMayNotBeCreditedIsRefusedWithTheWayOut() {
        var bill = sold(d1.o2(), 12);
        assertThat(send(note(bill, "10", "364.00")).path(0).path("outcome").asString()).isIn("ACCEPTED", "DIFFERS");
        var more = send(note(bill, "3", "109.00")).path(0);
        assertThat(more.path("outcome").asString()).isEqualTo("REFUSED");
        assertThat(more.path("problem").path("code").asString()).isEqualTo("QUANTITY_INVALID");
        assertThat(more.path("problem").path("rule").asString()).isEqualTo("PX-41");
        // its number is accounted for by the device's own declaration
        var voided = send(Map.of("id", UUID.randomUUID(), "seq", 90, "kind", "void-number", "businessDate", network.today(), "body", Map.of("documentType", "CREDIT_NOTE", "series", series, "number", 2, "reason", "asked for as a return instead"))).path(0);
        assertThat(voided.path("outcome").asString()).as(voided.toString()).isEqualTo("ACCEPTED");

        network.scheme("OFF10", "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"36","reward":{"percent":"0.10"}}]},"products":{"skuIds":["%d"]},"eligibility":{},
                "stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get("S1")), network.today().minusDays(40), network.today().plusDays(40));
        var schemed = send(note(sold(d1.o2(), 40), "1", "33.00")).path(0);
        assertThat(schemed.path("problem").path("code").asString()).as(schemed.toString()).isEqualTo("RETURN_NOT_CREDITABLE");
        assertThat(schemed.path("problem").path("accepted").asString()).isEqualTo("RETURN");

        var registered = sold(d1.o1(), 12);
        transactions.write(d1.id(), db -> {
            db.sql("insert into tax.fiscal_year (distributor_id, year, turnover, recorded_at, recorded_by) values (?, 2025, 900000000, now(), 'test')").param(d1.id()).update();
            return db.sql("insert into tax.registration (distributor_id, e_invoice_from, recorded_at, recorded_by) values (?, ?, now(), 'test')").params(d1.id(), network.today().minusDays(100)).update();
        });
        assertThat(send(note(registered, "1", "36.00")).path(0).path("problem").path("code").asString()).isEqualTo("OFFLINE_ISSUE");
        // and a keeper of the godown may post none at all
        var other = people.of(d1.id(), Role.GK).signIn(port);
        assertThat(other.post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", d1.id(), "commands", List.of(with(note(bill, "1", "36.00"), "number", Map.of("series", series, "number", 9))))).json()
                .path("answers").path(0).path("problem").path("code").asString()).isIn("FORBIDDEN", "NO_RIGHT", "ROLE_MISSING");
    }

    @Test
    @Tag("OFF-06")
    void anOutcomeThatCannotBeRecordedIsNotAnswered() {
        var outcome = new OutcomeStore.New(UUID.randomUUID(), 1, "order", network.today(), new byte[32], "ACCEPTED", null, null, null, null, null, null, null, null);
        assertThatThrownBy(() -> transactions.writeOn(987_654_321L, connection -> {
            OutcomeStore.record(connection, 987_654_321L, device, "clerk", List.of(outcome), clock.instant());
            return null;
        })).isInstanceOf(IllegalStateException.class).hasMessageContaining("only 0 are recorded");
        // what was accepted stays, and is no gap
        for (int times = 0; times < 2; times++)
            transactions.writeOn(d1.id(), connection -> {
                OutcomeStore.record(connection, d1.id(), device, "clerk", List.of(outcome), clock.instant());
                return null;
            });
        assertThat(transactions.<Integer>write(d1.id(), db -> db.sql("select tries from sync.command_outcome where distributor_id = ? and command_id = ?").params(d1.id(), outcome.commandId()).query(Integer.class).single())).isEqualTo(1);
    }
}
