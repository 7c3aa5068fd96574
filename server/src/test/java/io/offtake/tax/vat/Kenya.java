package io.offtake.tax.vat;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// A distributor in Nairobi, set up as people set one up: by the masters' own addresses.
final class Kenya {
    static final String PIN = "P051234567X";
    final Fixture network;
    final Fixture.Distributor seller;
    final Client office;
    final Client clerk;
    final Client owner;
    final UUID shop;
    final UUID kiosk;
    final UUID abroad;
    final LocalDate today;

    Kenya(Fixture network, People people, int port, LocalDate today) {
        this.network = network;
        this.today = today;
        seller = network.distributor("KE");
        office = people.headOffice(Role.COE).signIn(port);
        clerk = people.of(seller.id(), Role.BC, Role.GK).signIn(port);
        owner = people.of(seller.id(), Role.DO).signIn(port);
        var read = office.get("/api/v1/distributors/" + seller.id());
        var form = form();
        assertThat(office.put("/api/v1/distributors/" + seller.id(), form, read.etag()).status()).isEqualTo(200);
        shop = outlet("SHOP", "Mama Njeri Stores", "P000111222Z", "KE");
        kiosk = outlet("KIOSK", "Kiosk ya Kona", null, "KE");
        abroad = outlet("UG1", "Kampala Traders", null, "UG");
    }

    /// The distributor's form; tests spoil one field.
    Map<String, Object> form() {
        var form = new LinkedHashMap<String, Object>();
        form.putAll(Map.of("code", "KE-" + network.tag, "name", "Karibu Distributors", "legalName", "Karibu Distributors Ltd", "gstin", PIN, "registration", "REGULAR", "stateCode", "KE", "address", "Moi Avenue 7",
                "city", "Nairobi", "pin", "00100", "phone", "+254201234567"));
        form.putAll(Map.of("timeZone", "Africa/Nairobi", "currency", "KES", "taxRegime", "KE_VAT", "status", "LIVE", "principals", List.of("P-" + network.tag)));
        return form;
    }

    Client.Answer tryOutlet(String code, String name, String pin, String country) {
        var form = new LinkedHashMap<String, Object>(Map.of("id", UUID.randomUUID(), "distributorId", seller.id(), "code", code, "name", name, "channel", "DUKA", "outletClass", "A", "stateCode", country, "city", "Nairobi",
                "pin", "00100", "address", "Market Road"));
        if (pin != null) form.put("gstin", pin);
        return clerk.post("/api/v1/outlets", form);
    }

    private UUID outlet(String code, String name, String pin, String country) {
        var made = tryOutlet(code, name, pin, country);
        assertThat(made.status()).as(made.toString()).isEqualTo(201);
        var id = UUID.fromString(made.json().path("id").asString());
        network.transactions.write(seller.id(), db -> db.sql("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit, credit_days) values (?, ?, ?, 100000000, 14)")
                .params(seller.id(), network.principal, id).update());
        return id;
    }

    /// Bills some SKUs; a pair is SKU and quantity.
    Client.Answer bill(UUID outlet, String... pairs) {
        var lines = new ArrayList<Map<String, Object>>();
        for (int at = 0; at < pairs.length; at += 2) lines.add(Map.of("line", at / 2 + 1, "skuId", network.skus.get(pairs[at]), "qty", pairs[at + 1]));
        return clerk.post("/api/v1/invoices", Map.of("id", UUID.randomUUID(), "distributorId", seller.id(), "principalId", network.principal, "outletId", outlet, "warehouseId", seller.warehouse(),
                "businessDate", today.toString(), "saleType", "COUNTER", "paymentMode", "CREDIT", "lines", lines));
    }

    JsonNode posted(UUID outlet, String... pairs) {
        var answer = bill(outlet, pairs);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json();
    }

    JsonNode credited(JsonNode invoice, String sku, String qty, String price, UUID batch) {
        var answer = clerk.post("/api/v1/credit-notes", Map.of("id", UUID.randomUUID(), "distributorId", seller.id(), "principalId", network.principal, "outletId", invoice.path("outlet").path("id").asString(),
                "warehouseId", seller.warehouse(), "businessDate", today.toString(), "originalId", invoice.path("id").asString(), "reason", "came back",
                "lines", List.of(Map.of("line", 1, "skuId", network.skus.get(sku), "qty", qty, "unitPrice", price, "batchId", batch))));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.json();
    }

    static BigDecimal decimal(JsonNode node) {
        return new BigDecimal(node.asString());
    }
}
