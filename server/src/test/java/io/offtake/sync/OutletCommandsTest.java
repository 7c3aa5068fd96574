package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
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

/// OFF-01, OFF-15: a shop that a counter met without a network is billed at once, is kept where it can be, and is told where it may be known already.
@ServerTest
class OutletCommandsTest {
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;
    private int seq;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC).signIn(port);
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 100);
    }

    private Map<String, Object> outlet(UUID id, String code, String name, String phone, Map<String, ?> more) {
        var body = new LinkedHashMap<String, Object>(Map.of("id", id, "distributorId", d1.id(), "code", code, "name", name, "channel", "GROCER", "outletClass", "B", "stateCode", "27", "city", "Pune", "phone", phone));
        body.putAll(more);
        return command(id, "outlet", body);
    }

    private Map<String, Object> bill(UUID outlet) {
        var id = UUID.randomUUID();
        var command = command(id, "invoice", Map.of("id", id, "distributorId", d1.id(), "principalId", network.principal, "outletId", outlet, "warehouseId", d1.warehouse(), "businessDate", network.today(),
                "saleType", "COUNTER", "paymentMode", "CASH", "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", "3"))));
        command.put("waitsFor", List.of(outlet));
        return command;
    }

    private Map<String, Object> command(UUID id, String kind, Map<String, ?> body) {
        return new LinkedHashMap<>(Map.of("id", id, "seq", ++seq, "kind", kind, "businessDate", network.today(), "attempt", 1, "body", body));
    }

    private JsonNode send(UUID device, Object... commands) {
        var answer = clerk.post("/api/v1/sync/commands", Map.of("deviceId", device, "distributorId", d1.id(), "commands", List.of(commands)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json().path("answers");
    }

    private static List<String> outcomes(JsonNode answers) {
        var outcomes = new ArrayList<String>();
        answers.forEach(answer -> outcomes.add(answer.path("outcome").asString()));
        return outcomes;
    }

    @Test
    @Tag("OFF-01") @Tag("OFF-03") @Tag("OFF-06")
    void anOutletAndItsFirstBillsComeInOneHandInAndOnlyOnce() {
        var device = UUID.randomUUID();
        var id = UUID.randomUUID();
        var outlet = outlet(id, "CT-0001", "Shree Ganesh Stores", "9820011122", Map.of());
        var bill = bill(id);
        assertThat(outcomes(send(device, outlet, bill, bill(id)))).containsExactly("ACCEPTED", "ACCEPTED", "ACCEPTED");
        var again = send(device, outlet, bill);
        assertThat(outcomes(again)).containsExactly("ACCEPTED", "ACCEPTED");
        assertThat(again.path(0).path("replayed").asBoolean()).isTrue();
        assertThat(clerk.get("/api/v1/outlets/" + id).json().path("code").asString()).isEqualTo("CT-0001");
        assertThat(clerk.get("/api/v1/outlets?q=Shree%20Ganesh&distributorId=" + d1.id()).json().path("items").size()).isEqualTo(1);
        // and it goes down to the other devices with the next changes
        assertThat(clerk.get("/api/v1/sync/snapshot/must?distributorId=" + d1.id()).text()).contains(id.toString());
        // the same id for another shop is kept apart, not merged
        assertThat(send(device, outlet(id, "CT-0001", "Another Shop", "9820011122", Map.of())).path(0).path("outcome").asString()).isEqualTo("QUARANTINED");
    }

    @Test
    @Tag("OFF-04")
    void off15TheSameShopOfTwoDevicesIsKeptTwiceUnderTwoCodesAndSomebodyIsTold() {
        var first = UUID.randomUUID();
        var second = UUID.randomUUID();
        assertThat(outcomes(send(UUID.randomUUID(), outlet(first, "CT-0041", "Om Traders", "+91 98200 33344", Map.of())))).containsExactly("ACCEPTED");
        var answers = send(UUID.randomUUID(), outlet(second, "CT-0041", "OM TRADERS", "9820033344", Map.of()), bill(second));
        assertThat(outcomes(answers)).containsExactly("DIFFERS", "ACCEPTED");
        assertThat(answers.path(0).path("document").path("code").asString()).isEqualTo("CT-0042");
        assertThat(answers.path(0).path("differences").findValuesAsString("field")).containsExactly("code", "phone");
        assertThat(answers.path(0).path("differences").findValuesAsString("server")).containsExactly("CT-0042", "CT-0041 Om Traders");
        var tasks = people.of(d1.id(), Role.DO).signIn(port).get("/api/v1/sync/tasks?kind=OUTLET_DUPLICATE").json().path("items");
        assertThat(tasks.findValuesAsString("documentId")).containsExactly(second.toString());
        // every order of arrival and every repeat says the same
        var repeated = send(UUID.randomUUID(), outlet(second, "CT-0041", "OM TRADERS", "9820033344", Map.of())).path(0);
        assertThat(repeated.path("differences")).isEqualTo(answers.path(0).path("differences"));
    }

    @Test
    @Tag("OFF-04")
    void anOutletThatCannotBeKeptHoldsItsBillsUntilItIsMended() {
        var device = UUID.randomUUID();
        var id = UUID.randomUUID();
        var bill = bill(id);
        var answers = send(device, outlet(id, "CT-0051", "Nav Durga", "9820055566", Map.of("gstin", "27AAPFU0939F1ZZ", "registration", "REGULAR")), bill);
        assertThat(outcomes(answers)).containsExactly("REFUSED", "WAITS");
        assertThat(answers.path(0).path("problem").path("errors").path(0).path("pointer").asString()).isEqualTo("/gstin");
        assertThat(answers.path(1).path("waitsFor").path(0).asString()).isEqualTo(id.toString());
        var mended = outlet(id, "CT-0051", "Nav Durga", "9820055566", Map.of());
        mended.put("attempt", 2);
        assertThat(outcomes(send(device, mended, bill))).containsExactly("ACCEPTED", "ACCEPTED");
    }
}
