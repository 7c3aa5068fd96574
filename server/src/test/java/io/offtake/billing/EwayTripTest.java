package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.tax.app.Filings;
import io.offtake.tax.app.Portals;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// One paper for several e-way bills of a vehicle (EWB-02, IN-40).
@ServerTest
@Tag("CMP-03") @Tag("BIL-09")
class EwayTripTest {
    private static final String PATH = "/api/v1/tax/e-way-bills";
    @Autowired Billing billing;
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Filings filings;
    @Autowired Portals portals;
    @Autowired Clock clock;
    @LocalServerPort int port;

    private UUID bill(Fixture network, Fixture.Distributor one, int qty) {
        var outcome = billing.post(new PostInvoice(UUID.randomUUID(), one.id(), network.principal, one.o1(), one.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S3"), BigDecimal.valueOf(qty), null, null, null, null, null)), null), new Actor(1, "clerk"));
        return ((PostInvoiceOutcome.Posted) outcome).invoice().id();
    }

    private static Client.Answer trip(Client client, long distributorId, UUID... bills) {
        return client.post(PATH + "/consolidation", Map.of("distributorId", distributorId, "documentIds", List.of(bills), "vehicle", "MH 14 xy 4321", "place", "Pune"));
    }

    @Test
    void theVehicleCarriesOneNumberAndEachBillNamesIt() {
        var network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        var d1 = network.distributor("D1");
        var d2 = network.distributor("D2");
        for (var one : List.of(d1, d2)) {
            transactions.write(one.id(), db -> {
                // the portal tells documents apart by the seller's GSTIN and the number
                db.sql("update platform.number_sequence set series = ? || series where distributor_id = ? and document_type = 'INVOICE'").params("T" + one.id() % 1000, one.id()).update();
                return db.sql("update network.outlet set address = '4 Market Yard', city = 'Pune', pin = '411002' where distributor_id = ?").param(one.id()).update();
            });
            network.batch(one, "S3", "B1", "115.00", network.today().plusDays(300), 100_000);
        }
        var keeper = people.of(d1.id(), Role.GK).signIn(port);
        var stranger = people.of(d2.id(), Role.GK).signIn(port);
        var bills = new UUID[] {bill(network, d1, 600), bill(network, d1, 700), bill(network, d1, 800)};
        for (var one : bills)
            assertThat(keeper.post(PATH, Map.of("distributorId", d1.id(), "documentId", one, "distanceKm", 120, "vehicle", "MH12AB1234")).status()).isEqualTo(201);
        assertThat(trip(keeper, d1.id(), bills).json().path("code").asString()).as("they are not registered yet").isEqualTo("ILLEGAL_STATE");
        filings.drain(d1.id(), portals.portal().orElseThrow(), portals.key(), 20);

        var made = trip(keeper, d1.id(), bills[0], bills[1]);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().path("carried")).hasSize(2);
        assertThat(made.json().path("vehicle").asString()).isEqualTo("MH14XY4321");
        var number = made.json().path("number").asString();
        assertThat(number).matches("[0-9]+");
        for (var one : List.of(bills[0], bills[1])) {
            var bill = keeper.get(PATH + "/" + one).json();
            assertThat(bill.path("transport").path("vehicle").asString()).isEqualTo("MH14XY4321");
            var last = bill.path("events").path(bill.path("events").size() - 1);
            assertThat(last.path("step").asString()).isEqualTo("CONSOLIDATED");
            assertThat(last.path("text").asString()).contains(number);
        }
        assertThat(trip(keeper, d1.id(), bills[0], bills[1]).json().path("number").asString()).as("made again, the newest counts").isNotEqualTo(number);

        assertThat(keeper.post(PATH + "/" + bills[2] + "/cancellation", Map.of("reason", "OTHER", "remark", "not sent")).status()).isEqualTo(200);
        var refused = trip(keeper, d1.id(), bills[0], bills[2]);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/documentIds/1");
        assertThat(trip(stranger, d2.id(), bills[0]).status()).as("what is not yours does not exist").isEqualTo(404);
        assertThat(trip(stranger, d1.id(), bills[0]).status()).isIn(403, 404);
    }
}
