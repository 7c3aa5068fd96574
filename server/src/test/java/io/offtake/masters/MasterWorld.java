package io.offtake.masters;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.governance.testing.Changes;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// A small network made over HTTP, as head office would: principal, category, brand, distributor and the people of both.
final class MasterWorld {
    private static Client office;
    private static Client finance;
    private static final AtomicInteger SERIAL = new AtomicInteger();

    final String tag = Long.toString(System.nanoTime(), 36).toUpperCase() + SERIAL.incrementAndGet();
    final LocalDate today = LocalDate.now(ZoneId.of("Asia/Kolkata"));
    final int port;
    final People people;
    final Client coe;
    final String principal = "P" + tag;
    final String category = "C" + tag;
    final String brand = "B" + tag;
    final String distributor = "D" + tag;
    final long distributorId;
    private Client clerk;

    MasterWorld(int port, People people) {
        this.port = port;
        this.people = people;
        if (office == null) office = people.headOffice(Role.COE).signIn(port);
        coe = office;
        created(coe.post("/api/v1/principals", Map.of("code", principal, "name", "Sunbird", "stateCode", "27", "gstin", "27ABCDE1234F1Z0")));
        created(coe.post("/api/v1/categories", Map.of("code", category, "name", "Soap")));
        created(coe.post("/api/v1/brands", Map.of("code", brand, "name", "Brite")));
        distributorId = created(coe.post("/api/v1/distributors", Map.of("code", distributor, "name", "Kesar Traders", "stateCode", "29", "pin", "560034", "principals", List.of(principal)))).path("id").asLong();
    }

    /// The distributor's billing clerk; signing in costs a second by design, so it is done when first needed.
    Client clerk() {
        if (clerk == null) clerk = people.of(distributorId, Role.BC).signIn(port);
        return clerk;
    }

    /// Head office once more, after the cached sessions have learnt of the new distributor.
    Client headOffice(Role... roles) {
        return people.headOffice(roles).signIn(port);
    }

    /// Another person of the head office, who may approve what decides money.
    Client finance() {
        if (finance == null) finance = people.headOffice(Role.FIN).signIn(port);
        return finance;
    }

    /// What head office proposed, put into force by another person, as it can be read now.
    Client.Answer inForce(Client.Answer opened) {
        return Changes.inForce(coe, finance(), opened);
    }

    Map<String, Object> sku(String code) {
        var sku = new HashMap<String, Object>();
        sku.put("principal", principal);
        sku.put("code", code);
        sku.put("name", "Soap bar 100 g");
        sku.put("category", category);
        sku.put("brand", brand);
        sku.put("hsn", "340111");
        sku.put("mrp", "40.00");
        sku.put("pts", "32.98");
        sku.put("units", List.of(Map.of("code", "CASE", "name", "Case", "numerator", 72), Map.of("code", "INNER", "numerator", 12)));
        return sku;
    }

    Map<String, Object> outlet(String code) {
        var outlet = new HashMap<String, Object>();
        outlet.put("code", code);
        outlet.put("name", "Shri Ganesh Stores");
        outlet.put("channel", "GT");
        outlet.put("outletClass", "A");
        outlet.put("stateCode", "29");
        return outlet;
    }

    static JsonNode created(Client.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json();
    }

    static JsonNode ok(Client.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    static void refused(Client.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.code()).as(answer.toString()).isEqualTo(code);
    }
}
