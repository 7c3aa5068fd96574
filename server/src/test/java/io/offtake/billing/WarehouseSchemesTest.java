package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.billing.domain.Papers;
import io.offtake.governance.testing.Changes;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.Qty;
import io.offtake.rules.RuleBook;
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

/// Schemes for distributors and for their warehouses, from the proposal to the bill.
@ServerTest
@Tag("SCH-09")
class WarehouseSchemesTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Actor CLERK = new Actor(1, "clerk");
    @Autowired Billing billing;
    @Autowired Orders orders;
    @Autowired RuleBookSource books;
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Fixture.Distributor d2;
    /// The same distributor as d1 with its second warehouse.
    private Fixture.Distributor city;
    private Client sales;
    private Client finance;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        d2 = network.distributor("D2");
        sales = people.headOffice(Role.SO).signIn(port);
        finance = people.headOffice(Role.FIN).signIn(port);
        var made = people.of(d1.id(), Role.DO).signIn(port).post("/api/v1/warehouses", Map.of("code", "CITY", "name", "City godown"));
        if (made.status() != 201) made = people.headOffice(Role.COE).signIn(port).post("/api/v1/warehouses?distributorId=" + d1.id(), Map.of("distributorId", d1.id(), "code", "CITY", "name", "City godown"));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        city = new Fixture.Distributor(d1.id(), UUID.fromString(made.json().path("id").asString()), d1.o1(), d1.o2(), d1.o3());
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 10_000);
        network.batch(city, "S1", "C1", "40.00", network.today().plusDays(300), 10_000);
        network.batch(d2, "S1", "A1", "40.00", network.today().plusDays(300), 10_000);
    }

    private String code(String distributor) {
        return distributor + "-" + network.tag;
    }

    private Map<String, Object> scheme(String code, String percent, Map<String, ?> eligibility) {
        return new LinkedHashMap<>(Map.of("code", code + "-" + network.tag, "name", code, "principal", "P-" + network.tag, "mechanic", Map.of("type", "DISCOUNT", "reward", Map.of("percent", percent)),
                "validFrom", network.today().toString(), "validTo", network.today().plusDays(60).toString(), "products", Map.of("skuIds", List.of("S1")), "eligibility", eligibility, "exclusionGroup", "SOAP"));
    }

    private PostInvoice bill(Fixture.Distributor from) {
        return new PostInvoice(UUID.randomUUID(), from.id(), network.principal, from.o1(), from.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S1"), BigDecimal.TEN, null, null, null, null, null)), null);
    }

    private InvoiceView posted(PostInvoiceOutcome outcome) {
        assertThat(outcome).as(outcome.toString()).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return ((PostInvoiceOutcome.Posted) outcome).invoice();
    }

    private BigDecimal discount(Fixture.Distributor from) {
        return new BigDecimal(posted(billing.post(bill(from), CLERK)).totals().schemeDiscount().toString());
    }

    private JsonNode trace(Fixture.Distributor from, String code) {
        var quote = (Billing.Quote.Decided) billing.quote(bill(from), CLERK);
        for (var row : JSON.readTree(quote.answer()).path("trace")) if (row.path("code").asString().equals(code + "-" + network.tag)) return row;
        return JSON.createObjectNode();
    }

    private BigDecimal ordered(Fixture.Distributor from) {
        var outcome = orders.book(new PostOrder(UUID.randomUUID(), from.id(), network.principal, from.o1(), from.warehouse(), network.today(), null,
                List.of(new PostOrder.Line(1, network.skus.get("S1"), BigDecimal.TEN))), CLERK);
        assertThat(outcome).as(outcome.toString()).isInstanceOf(Orders.Outcome.Done.class);
        return ((Orders.Outcome.Done) outcome).order().total();
    }

    private List<String> books(Fixture.Distributor of) {
        return books.current(of.id()).book().schemes().stream().filter(scheme -> scheme.principalId().equals(Long.toString(network.principal))).map(scheme -> scheme.code()).toList();
    }

    @Test
    @Tag("ORD-20") @Tag("GOV-01")
    void aSchemeOfOneWarehouseIsForBillsAndOrdersOutOfItAlone() {
        var stored = Changes.inForce(sales, finance, sales.post("/api/v1/schemes", scheme("CITY", "0.05", Map.of("distributorIds", List.of(code("D1")), "warehouseIds", List.of(code("D1") + ":CITY")))));
        assertThat(stored.json().path("scheme").path("eligibility").path("warehouseIds").path(0).asString()).as("people read its code, not its id").isEqualTo(code("D1") + ":CITY");
        assertThat(books(d1)).containsExactly("CITY-" + network.tag);
        assertThat(books(d2)).as("nobody sees another distributor's terms").isEmpty();

        assertThat(discount(city)).isEqualByComparingTo("17.32");
        assertThat(discount(d1)).isZero();
        assertThat(trace(city, "CITY").path("applied").asBoolean()).isTrue();
        var why = trace(d1, "CITY");
        assertThat(why.path("condition").asString()).isEqualTo("WAREHOUSE");
        assertThat(why.path("wanted").asString()).isEqualTo(city.warehouse().toString());
        assertThat(why.path("found").asString()).isEqualTo(d1.warehouse().toString());
        assertThat(ordered(city)).isLessThan(ordered(d1));

        // bills of both warehouses in one batch, and one of them decided again from what is stored
        var both = billing.postAll(List.of(bill(d1), bill(city)), CLERK, Terms.NATIVE).stream().map(this::posted).toList();
        assertThat(both).extracting(bill -> bill.schemes().size()).containsExactly(0, 1);
        var explained = people.of(d1.id(), Role.BC).signIn(port).get("/api/v1/invoices/" + both.getLast().id() + "/explanation").json();
        assertThat(explained.path("same").asBoolean()).as(explained.toString()).isTrue();
    }

    @Test
    void aSchemeOfADistributorIsForAllItsWarehousesAndForNobodyElse() {
        Changes.inForce(sales, finance, sales.post("/api/v1/schemes", scheme("MINE", "0.05", Map.of("distributorIds", List.of(code("D1"))))));
        assertThat(discount(d1)).isEqualByComparingTo("17.32");
        assertThat(discount(city)).isEqualByComparingTo("17.32");
        assertThat(discount(d2)).isZero();
        assertThat(books(d2)).isEmpty();
    }

    /// OFF-10: what a device decided for one warehouse is no paper of another.
    @Test
    @Tag("SCH-29")
    void aPaperOfAnotherWarehouseIsNotTheBill() {
        var bill = bill(city);
        var outlet = new DecideCommand.Outlet(bill.outletId().toString(), "GROCER", "A", null, null, "27", RuleBook.Registration.REGULAR, null, false, List.of());
        var asked = new DecideCommand(DecideCommand.Kind.INVOICE, (int) bill.businessDate().toEpochDay(), bill.saleType(), bill.paymentMode(), Long.toString(network.principal), outlet,
                List.of(new DecideCommand.Line(1, Long.toString(network.skus.get("S1")), new Qty(10_000), null, null, null, null)), List.of(), List.of());
        assertThat(Papers.unlike(bill, asked)).as("where no scheme asks, a device does not say").isNull();
        assertThat(Papers.unlike(bill, asked.with(asked.facts().withWarehouseId(city.warehouse().toString())))).isNull();
        assertThat(Papers.unlike(bill, asked.with(asked.facts().withWarehouseId(d1.warehouse().toString())))).isEqualTo("warehouseId");
    }

    private List<String> faults(Map<String, ?> scheme) {
        var answer = sales.post("/api/v1/schemes/preview", scheme);
        var found = new java.util.ArrayList<String>();
        answer.json().path("findings").forEach(finding -> {
            if (finding.path("severity").asString().equals("ERROR")) found.add(finding.path("pointer").asString() + " " + finding.path("text").asString());
        });
        return found;
    }

    @Test
    @Tag("SCH-04")
    void whatCannotBeMeantIsRefusedWithItsPlace() {
        assertThat(faults(scheme("A", "0.05", Map.of("distributorIds", List.of(code("D1")), "warehouseIds", List.of(code("D1") + ":NOWHERE")))))
                .anySatisfy(fault -> assertThat(fault).startsWith("/eligibility/warehouseIds/0").contains("no warehouse " + code("D1") + ":NOWHERE"));
        assertThat(faults(scheme("B", "0.05", Map.of("distributorIds", List.of(code("D2")), "warehouseIds", List.of(code("D1") + ":CITY")))))
                .anySatisfy(fault -> assertThat(fault).startsWith("/eligibility/warehouseIds/0").contains("warehouse of " + code("D1")));
        assertThat(faults(scheme("C", "0.05", Map.of("warehouseIds", List.of(code("D1") + ":CITY"))))).anySatisfy(fault -> assertThat(fault).startsWith("/eligibility/distributorIds"));
        assertThat(faults(scheme("D", "0.05", Map.of("distributorIds", List.of(code("D1"), code("D2")), "warehouseIds", List.of(code("D1") + ":CITY")))))
                .anySatisfy(fault -> assertThat(fault).startsWith("/eligibility/distributorIds/1").contains("never apply there"));

        // what is in force for one warehouse is in the way of another kind of stacking there, and nowhere else
        var running = scheme("RUN", "0.05", Map.of("distributorIds", List.of(code("D1")), "warehouseIds", List.of(code("D1") + ":CITY")));
        running.remove("exclusionGroup");
        Changes.inForce(sales, finance, sales.post("/api/v1/schemes", running));
        for (var warehouse : List.of("CITY", "MAIN")) {
            var other = scheme("E", "0.02", Map.of("distributorIds", List.of(code("D1")), "warehouseIds", List.of(code("D1") + ":" + warehouse)));
            other.remove("exclusionGroup");
            other.put("stacking", "ADDITIVE");
            var found = faults(other);
            if (warehouse.equals("CITY")) assertThat(found).anySatisfy(fault -> assertThat(fault).startsWith("/stacking").contains("RUN-" + network.tag));
            else assertThat(found).isEmpty();
        }
    }

    @Test
    void aSimulationFindsTheBillsOfTheWarehouseAlone() throws InterruptedException {
        for (int at = 0; at < 3; at++) discount(city);
        for (int at = 0; at < 2; at++) discount(d1);
        discount(d2);
        var opened = sales.post("/api/v1/schemes", scheme("TRY", "0.05", Map.of("distributorIds", List.of(code("D1")), "warehouseIds", List.of(code("D1") + ":CITY"))));
        var path = "/api/v1/change-requests/" + opened.json().path("id").asString();
        assertThat(sales.post(path + "/simulation", Map.of("days", 7, "distributorIds", List.of(d1.id(), d2.id()))).status()).isEqualTo(202);
        JsonNode answer = null;
        for (int look = 0; look < 200; look++) {
            answer = sales.get(path + "/simulation").json();
            if (!answer.path("status").asString().equals("RUNNING")) break;
            Thread.sleep(50);
        }
        assertThat(answer.path("status").asString()).as(answer.toString()).isEqualTo("DONE");
        var costs = answer.path("result").path("schemes");
        assertThat(costs).as(costs.toString()).anySatisfy(cost -> {
            assertThat(cost.path("billsAfter").asLong()).isEqualTo(3);
            assertThat(new BigDecimal(cost.path("benefitAfter").asString())).isEqualByComparingTo("51.96");
        });
    }
}
