package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Devices, the numbers that are theirs, and what becomes of their commands (OFF-03, OFF-06, OFF-07, OFF-13, OFF-16).
@ServerTest
class DevicesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;
    private Client owner;
    private UUID device;
    private int seq;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC, Role.GK).signIn(port);
        owner = people.of(d1.id(), Role.DO).signIn(port);
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 10_000);
        device = register(clerk);
    }

    private UUID register(Client who) {
        var id = UUID.randomUUID();
        var answer = who.post("/api/v1/sync/devices", Map.of("id", id, "distributorId", d1.id(), "name", "Till", "kind", "COUNTER", "appVersion", "9.1", "schemaVersion", 2));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        who.header("X-Device-Secret", answer.json().path("secret").asString());
        return id;
    }

    private JsonNode lease(String type) {
        var answer = clerk.post("/api/v1/sync/devices/" + device + "/leases?distributorId=" + d1.id(), Map.of("documentTypes", List.of(type)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("leases").path(0);
    }

    private Map<String, Object> bill(UUID id, LocalDate on, int qty) {
        var body = new LinkedHashMap<String, Object>();
        body.put("id", id);
        body.put("distributorId", d1.id());
        body.put("principalId", network.principal);
        body.put("outletId", d1.o2());
        body.put("warehouseId", d1.warehouse());
        body.put("businessDate", on);
        body.put("saleType", "COUNTER");
        body.put("paymentMode", "CASH");
        body.put("lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", Integer.toString(qty))));
        return body;
    }

    private Map<String, Object> command(UUID id, String kind, LocalDate on, Object body) {
        return new LinkedHashMap<>(Map.of("id", id, "seq", ++seq, "kind", kind, "businessDate", on, "body", body));
    }

    private Map<String, Object> numbered(String series, long number, LocalDate on) {
        var id = UUID.randomUUID();
        var command = command(id, "invoice", on, bill(id, on, 1));
        command.put("number", Map.of("series", series, "number", number));
        return command;
    }

    private Client.Answer hand(Client who, UUID from, List<?> commands) {
        return who.post("/api/v1/sync/commands", Map.of("deviceId", from, "distributorId", d1.id(), "schemaVersion", 2, "commands", commands));
    }

    private JsonNode send(Object... commands) {
        var answer = hand(clerk, device, List.of(commands));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("answers");
    }

    private static String code(JsonNode answer) {
        return answer.path("problem").path("code").asString(answer.path("outcome").asString());
    }

    @Test
    @Tag("OFF-03") @Tag("BIL-13") @Tag("OFF-01")
    void off03ADeviceBillsOutOfItsOwnSeriesAndTheServerKeepsItsNumbers() {
        var lease = lease("INVOICE");
        var series = lease.path("series").asString();
        assertThat(series).isEqualTo("D1A" + String.valueOf(100 + lease.path("fiscalYear").asInt() % 100).substring(1) + "/");
        assertThat(lease.path("max").asInt()).isEqualTo(500);
        assertThat((series + "00500").length()).isLessThanOrEqualTo(16);
        var today = network.today();
        var first = numbered(series, 1, today.minusDays(2));
        var online = UUID.randomUUID();
        var answers = send(first, numbered(series, 2, today), command(online, "invoice", today, bill(online, today, 1)));
        assertThat(answers.path(0).path("document").path("number").asString()).isEqualTo(series + "00001");
        assertThat(answers.path(1).path("document").path("number").asString()).isEqualTo(series + "00002");
        assertThat(answers.path(2).path("document").path("number").asString()).as("the server's own series").doesNotStartWith(series);
        assertThat(send(first).path(0).path("replayed").asBoolean()).isTrue();
        // the wrong way round, taken, not leased, somebody else's
        assertThat(code(send(numbered(series, 3, today.minusDays(1))).path(0))).isEqualTo("NUMBER_ORDER");
        assertThat(code(send(numbered(series, 3, today.plusDays(1))).path(0))).isEqualTo("NUMBER_ORDER");
        assertThat(code(send(numbered(series, 2, today)).path(0))).isEqualTo("NUMBER_TAKEN");
        assertThat(code(send(numbered(series, 501, today)).path(0))).isEqualTo("NUMBER_ABOVE_MAX");
        assertThat(code(send(numbered("D9A26/", 1, today)).path(0))).isEqualTo("LEASE_UNKNOWN");
        assertThat(code(send(numbered(series, 3, today), numbered(series, 3, today)).path(1))).isEqualTo("NUMBER_TAKEN");
        assertThat(lease("INVOICE").path("next").asInt()).isEqualTo(4);
        assertThat(lease("INVOICE").path("max").asInt()).isEqualTo(503);
    }

    @Test
    @Tag("OFF-03")
    void off03EveryGapIsExplainedAndWhatNeverArrivesIsVoid() {
        var series = lease("INVOICE").path("series").asString();
        var today = network.today();
        var withdrawn = command(UUID.randomUUID(), "void-number", today, Map.of("documentType", "INVOICE", "series", series, "number", 2, "reason", "printer ate it"));
        var bad = numbered(series, 4, today);
        ((Map<String, Object>) cast(bad.get("body"))).put("outletId", UUID.randomUUID());
        var answers = send(numbered(series, 1, today), withdrawn, bad, numbered(series, 5, today));
        assertThat(answers.path(1).path("outcome").asString()).as(answers.toString()).isEqualTo("ACCEPTED");
        assertThat(send(withdrawn).path(0).path("replayed").asBoolean()).isTrue();
        var gaps = owner.get("/api/v1/sync/devices/" + device).json().path("gaps");
        assertThat(gaps.findValuesAsString("why")).containsExactly("VOID", "NOT_ARRIVED", "REFUSED");
        assertThat(gaps.findValuesAsString("from")).containsExactly("2", "3", "4");
        // corrected under the same id and number
        ((Map<String, Object>) cast(bad.get("body"))).put("outletId", d1.o1());
        assertThat(send(bad).path(0).path("document").path("number").asString()).isEqualTo(series + "00004");
        assertThat(owner.get("/api/v1/sync/devices/" + device).json().path("gaps").findValuesAsString("from")).containsExactly("2", "3");
        clerk.post("/api/v1/sync/devices/" + device + "/heartbeat?distributorId=" + d1.id(), Map.of("queueLength", 2, "seriesLeft", Map.of("INVOICE", 493)));
        assertThat(owner.post("/api/v1/sync/devices/" + device + "/revoke", Map.of("reason", "stolen")).json().path("state").asString()).isEqualTo("REVOKED");
        assertThat(owner.get("/api/v1/sync/devices/" + device).json().path("leases").path(0).path("state").asString()).isEqualTo("RETIRED");
        assertThat(hand(clerk, device, List.of()).code()).isEqualTo("DEVICE_REVOKED");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object map) {
        return (Map<String, Object>) map;
    }

    @Test
    @Tag("OFF-02") @Tag("OFF-10") @Tag("UXP-07")
    void off06EveryCommandHasOneOutcomeAndAPoisonCommandBlocksNobody() {
        var today = network.today();
        var good = UUID.randomUUID();
        var parent = UUID.randomUUID();
        var child = UUID.randomUUID();
        var grandchild = UUID.randomUUID();
        var last = UUID.randomUUID();
        var broken = command(parent, "invoice", today, bill(parent, today, 1));
        cast(broken.get("body")).put("outletId", UUID.randomUUID());
        var dependent = command(child, "invoice", today, bill(child, today, 1));
        dependent.put("waitsFor", List.of(parent));
        var further = command(grandchild, "invoice", today, bill(grandchild, today, 1));
        further.put("waitsFor", List.of(child, good));
        var commands = new Object[] {command(good, "invoice", today, bill(good, today, 1)), Map.of("id", UUID.randomUUID(), "kind", "invoice", "businessDate", "no date"), broken, dependent, further,
                command(last, "invoice", today, bill(last, today, 1)), command(UUID.randomUUID(), "dance", today, Map.of())};
        var answers = send(commands);
        assertThat(answers.findValuesAsString("outcome")).containsExactly("ACCEPTED", "REFUSED", "REFUSED", "WAITS", "WAITS", "ACCEPTED", "REFUSED");
        assertThat(answers.path(3).path("waitsFor").path(0).asString()).isEqualTo(parent.toString());
        cast(broken.get("body")).put("outletId", d1.o2());
        assertThat(send(broken, dependent, further).findValuesAsString("outcome")).containsExactly("ACCEPTED", "ACCEPTED", "ACCEPTED");
        // the same id with another content: kept, never posted, and somebody is told
        var other = command(good, "invoice", today, bill(good, today, 7));
        assertThat(send(other).path(0).path("outcome").asString()).isEqualTo("QUARANTINED");
        assertThat(send(other).path(0).path("outcome").asString()).isEqualTo("QUARANTINED");
        assertThat(owner.get("/api/v1/sync/tasks?kind=QUARANTINE").json().path("items").findValuesAsString("documentId")).containsExactly(good.toString());
        var outcomes = owner.get("/api/v1/sync/outcomes?deviceId=" + device + "&limit=200").json().path("items");
        assertThat(outcomes.findValuesAsString("commandId")).doesNotHaveDuplicates().contains(good.toString(), parent.toString(), child.toString());
        assertThat(outcomes).filteredOn(row -> row.path("commandId").asString().equals(parent.toString())).singleElement()
                .satisfies(row -> assertThat(row.path("tries").asInt()).isEqualTo(2)).satisfies(row -> assertThat(row.path("outcome").asString()).isEqualTo("ACCEPTED"));
        assertThat(network.balance(d1, "S1", io.offtake.rules.StockMoves.Node.SALEABLE)).isEqualByComparingTo("9995");
    }

    @Test
    @Tag("OFF-09")
    void off05AQueueArrivesZippedAndOldFormatsAreRead() throws IOException {
        var id = UUID.randomUUID();
        var batch = JSON.writeValueAsBytes(Map.of("deviceId", UUID.randomUUID(), "distributorId", d1.id(), "commands",
                List.of(Map.of("id", id, "seq", 1, "kind", "invoice", "businessDate", network.today(), "at", "2026-11-25T10:00:00Z", "body", bill(id, network.today(), 1)))));
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(batch);
        }
        var answer = clerk.send("POST", "/api/v1/sync/commands", zipped.toByteArray(), Map.of("Content-Encoding", "gzip"));
        assertThat(answer.json().path("answers").path(0).path("outcome").asString()).as(answer.text()).isEqualTo("ACCEPTED");
        var bomb = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bomb)) {
            out.write("[".repeat(3_000_000).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(clerk.send("POST", "/api/v1/sync/commands", bomb.toByteArray(), Map.of("Content-Encoding", "gzip")).status()).isIn(400, 413);
        assertThat(clerk.send("POST", "/api/v1/sync/commands", "not zipped", Map.of("Content-Encoding", "gzip")).status()).isEqualTo(400);
        var newer = clerk.post("/api/v1/sync/commands", Map.of("deviceId", device, "distributorId", d1.id(), "schemaVersion", 3, "commands", List.of()));
        assertThat(newer.code()).isEqualTo("CLIENT_NEWER");
        assertThat(newer.json().path("accepted").asInt()).isEqualTo(2);
    }

    @Test
    @Tag("OFF-08") @Tag("OFF-06")
    void off16ADeviceIsWatchedLockedAndNeedsItsSecret() {
        var heard = clerk.post("/api/v1/sync/devices/" + device + "/heartbeat?distributorId=" + d1.id(), Map.of("queueLength", 4, "oldestUnsentAt", "2026-11-25T08:00:00Z", "unsentValue", "1200.50",
                "storagePercent", 61.5, "seriesLeft", Map.of("INVOICE", 44), "deviceTime", clock.instant().plusSeconds(240).toString(), "appVersion", "9.2"));
        assertThat(heard.status()).as(heard.text()).isEqualTo(200);
        assertThat(heard.json().path("clockDriftSeconds").asLong()).isBetween(235L, 241L);
        var seen = owner.get("/api/v1/sync/devices?distributorId=" + d1.id()).json().path("items");
        assertThat(seen).hasSize(1).allSatisfy(row -> {
            assertThat(row.path("code").asString()).isEqualTo("D1");
            assertThat(row.path("queueLength").asInt()).isEqualTo(4);
            assertThat(row.path("seriesLeft").path("INVOICE").asInt()).isEqualTo(44);
            assertThat(row.path("appVersion").asString()).isEqualTo("9.2");
            assertThat(row.path("silentHours").asInt()).isZero();
        });
        assertThat(clerk.post("/api/v1/sync/devices/" + device + "/lock", Map.of("reason", "mine")).status()).isEqualTo(403);
        assertThat(owner.post("/api/v1/sync/devices/" + device + "/lock", Map.of("reason", "left in a cab")).json().path("state").asString()).isEqualTo("LOCKED");
        var refused = hand(clerk, device, List.of());
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("DEVICE_LOCKED");
        assertThat(refused.json().path("rescue").asString()).contains(device.toString());
        owner.post("/api/v1/sync/devices/" + device + "/unlock", Map.of("reason", "found"));
        assertThat(hand(clerk, device, List.of()).status()).isEqualTo(200);
        clerk.header("X-Device-Secret", "wrong");
        assertThat(hand(clerk, device, List.of()).code()).isEqualTo("DEVICE_SECRET");
        // another clerk may not take the id over, the same browser gets a new secret
        var other = people.of(d1.id(), Role.BC).signIn(port);
        assertThat(other.post("/api/v1/sync/devices", Map.of("id", device, "distributorId", d1.id(), "name", "X", "kind", "COUNTER", "schemaVersion", 2)).code()).isEqualTo("ID_REUSED");
    }

    @Test
    @Tag("OFF-04") @Tag("OFF-01")
    void off13FieldsOfAnOutletMergeByTheirTimeAndTaxFieldsAreProposed() {
        var now = clock.instant();
        var late = edit(now.minusSeconds(60), Map.of("phone", "9876543210"));
        var early = edit(now.minusSeconds(3600), Map.of("phone", "9000000000", "address", "Shop 4"));
        var answers = send(late, early);
        assertThat(answers.findValuesAsString("outcome")).as(answers.toString()).containsExactly("ACCEPTED", "DIFFERS");
        assertThat(answers.path(1).path("document").path("older").path(0).asString()).isEqualTo("phone");
        var outlet = owner.get("/api/v1/outlets/" + d1.o2()).json();
        assertThat(outlet.path("phone").asString()).isEqualTo("9876543210");
        assertThat(outlet.path("address").asString()).isEqualTo("Shop 4");
        assertThat(send(early).path(0).path("replayed").asBoolean()).isTrue();
        var critical = send(edit(now, Map.of("gstin", "27ABCDE1234F1Z0"))).path(0);
        assertThat(critical.path("tasks")).hasSize(1);
        assertThat(owner.get("/api/v1/outlets/" + d1.o2()).json().path("gstin").isNull()).isTrue();
        assertThat(code(send(edit(now, Map.of("credit", "1"))).path(0))).isEqualTo("INVALID");
    }

    private Map<String, Object> edit(Instant at, Map<String, String> fields) {
        return command(UUID.randomUUID(), "outlet-edit", network.today(), Map.of("outletId", d1.o2(), "fields", fields, "at", at.toString()));
    }

    @Test
    @Tag("ORD-26") @Tag("OFF-04")
    void off13AnOrderIsEditedUntilItIsAllocatedThenItIsAProposal() {
        var today = network.today();
        var order = UUID.randomUUID();
        var lines = List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", "10"));
        var booked = command(order, "order", today, Map.of("id", order, "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o1(), "warehouseId", d1.warehouse(), "businessDate", today, "lines", lines));
        var more = List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", "25"));
        var answers = send(booked, command(UUID.randomUUID(), "edit-order", today, Map.of("id", order, "lines", more)));
        assertThat(answers.path(1).path("document").path("lines").path(0).path("qty").asString()).as(answers.toString()).isEqualTo("25.000");
        var allocate = command(UUID.randomUUID(), "allocate-order", today, Map.of("id", order));
        var late = command(UUID.randomUUID(), "edit-order", today, Map.of("id", order, "lines", lines));
        answers = send(allocate, late);
        assertThat(answers.path(1).path("outcome").asString()).as(answers.toString()).isEqualTo("DIFFERS");
        assertThat(answers.path(1).path("document").path("lines").path(0).path("qty").asString()).isEqualTo("25.000");
        var task = owner.get("/api/v1/sync/tasks?kind=ORDER_AMENDMENT").json().path("items").path(0);
        assertThat(task.path("evidence").path("proposal").path("lines").path(0).path("qty").asString()).isEqualTo("10");
        var decided = owner.post("/api/v1/sync/tasks/" + task.path("id").asString() + "/decision", Map.of("decision", "DISMISS", "note", "billed already"));
        assertThat(decided.json().path("state").asString()).as(decided.text()).isEqualTo("DECIDED");
        assertThat(clerk.post("/api/v1/sync/tasks/" + task.path("id").asString() + "/decision", Map.of("decision", "ACCEPT", "note", "no")).status()).isEqualTo(403);
    }

    @Test
    @Tag("OFF-05")
    void off13ADraftKeepsItsPicturesWhoeverWroteLast() {
        var id = UUID.randomUUID();
        var first = command(id, "draft", network.today(), Map.of("documentType", "CLAIM", "summary", "One", "evidence", List.of("a".repeat(64)), "content", Map.of("note", "one")));
        var second = command(UUID.randomUUID(), "draft", network.today(), Map.of());
        assertThat(send(first).path(0).path("document").path("missing")).hasSize(1);
        assertThat(code(send(second).path(0))).isEqualTo("INVALID");
        var rows = new ArrayList<JsonNode>();
        owner.get("/api/v1/sync/drafts?distributorId=" + d1.id()).json().path("items").forEach(rows::add);
        assertThat(rows).hasSize(1).allSatisfy(row -> assertThat(row.path("missing").asInt()).isOne());
    }

    @Test
    @Tag("OFF-03") @Tag("RCV-04")
    void off10AReceiptThatWasHandedOutIsAcceptedAndTheRestStaysOnAccount() {
        var today = network.today();
        var bill = UUID.randomUUID();
        var body = bill(bill, today, 72);
        body.put("outletId", d1.o1());
        body.put("paymentMode", "CREDIT");
        send(command(bill, "invoice", today, body));
        var series = lease("COLLECTION").path("series").asString();
        assertThat(series).startsWith("D1R");
        for (int number = 1; number <= 2; number++) {
            var id = UUID.randomUUID();
            var receipt = command(id, "collection", today, Map.of("id", id, "distributorId", d1.id(), "principalId", network.principal, "outletId", d1.o1(), "businessDate", today, "mode", "CASH", "amount", "2000.00",
                    "allocations", List.of(Map.of("invoiceId", bill, "amount", "2000.00"))));
            receipt.put("number", Map.of("series", series, "number", number));
            var answer = send(receipt).path(0);
            assertThat(answer.path("document").path("number").asString()).as(answer.toString()).isEqualTo(series + "0000" + number);
            assertThat(answer.path("document").path("onAccount").asString()).isEqualTo(number == 1 ? "0.00" : "1382.00");
        }
    }
}
