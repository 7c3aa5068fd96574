package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.governance.testing.Changes;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
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

/// A scheme for outlets that keep their must-sell list (domain/04 section 4.2), from the list to the bill and the device.
@ServerTest
@Tag("SCH-03") @Tag("SCH-10")
class MustSellTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Actor CLERK = new Actor(1, "clerk");
    @Autowired Billing billing;
    @Autowired Orders orders;
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client sales;
    private Client finance;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        for (var sku : List.of("S1", "S2", "S3")) network.batch(d1, sku, "A1", "115.00", network.today().plusDays(300), 10_000);
        sales = people.headOffice(Role.SO).signIn(port);
        finance = people.headOffice(Role.FIN).signIn(port);
        network.scheme("MSL", "M2", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.05"}},"products":{"skuIds":["%s"]},"eligibility":{"mslCompliantOnly":true},"stacking":"CASCADE","priority":1,\
                "principalShare":"1","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get("S1")), network.today().minusDays(60), network.today().plusDays(60));
    }

    private Client.Answer line(String sku, String channel, int startsIn) {
        return sales.post("/api/v1/must-sell", Map.of("principal", "P-" + network.tag, "channel", channel, "sku", sku, "validFrom", network.today().plusDays(startsIn).toString()));
    }

    private PostInvoice bill(UUID outlet, String... skus) {
        var lines = new ArrayList<PostInvoice.Line>();
        for (var sku : skus) lines.add(new PostInvoice.Line(lines.size() + 1, network.skus.get(sku), BigDecimal.TEN, null, null, null, null, null));
        return new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, null, null, lines, null);
    }

    private InvoiceView sell(UUID outlet, String... skus) {
        var outcome = billing.post(bill(outlet, skus), CLERK);
        assertThat(outcome).as(outcome.toString()).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return ((PostInvoiceOutcome.Posted) outcome).invoice();
    }

    /// The scheme on the first line, as the counter's question with the ladder is answered.
    private JsonNode rung(UUID outlet) {
        var quote = (Billing.Quote.Decided) billing.quote(bill(outlet, "S1"), CLERK);
        return JSON.readTree(quote.answer()).path("trace").path(0);
    }

    private List<JsonNode> outlets() {
        var clerk = people.of(d1.id(), Role.BC).signIn(port);
        return clerk.get("/api/v1/sync/snapshot/must?distributorId=" + d1.id()).text().lines().map(JSON::readTree).filter(line -> line.path("t").asString().equals("outlet")).map(line -> line.path("r")).toList();
    }

    private JsonNode told(UUID outlet) {
        return outlets().stream().filter(row -> row.path("id").asString().equals(outlet.toString())).findFirst().orElseThrow().path("msl");
    }

    @Test
    void whoKeepsTheListGetsTheSchemeAndTheOthersAreToldWhatIsMissing() {
        assertThat(rung(d1.o1()).path("condition").asString()).as("without a list nobody keeps one").isEqualTo("MSL");
        Changes.inForce(sales, finance, line("S1", "GROCER", 0));
        Changes.inForce(sales, finance, line("S2", "GROCER", 0));
        Changes.inForce(sales, finance, line("S3", "CHEMIST", 0));
        Changes.submitted(sales, line("S3", "GROCER", 20));
        assertThat(told(d1.o1()).path(0).path("missing")).extracting(JsonNode::asLong).containsExactlyInAnyOrder(network.skus.get("S1"), network.skus.get("S2"));
        assertThat(rung(d1.o1()).path("condition").asString()).isEqualTo("MSL");

        assertThat(sell(d1.o1(), "S1").schemes()).as("the bill in hand does not count yet").isEmpty();
        assertThat(told(d1.o1()).path(0).path("missing")).extracting(JsonNode::asLong).containsExactly(network.skus.get("S2"));
        var second = sell(d1.o1(), "S2");
        assertThat(told(d1.o1()).path(0).path("principalId").asLong()).isEqualTo(network.principal);
        assertThat(told(d1.o1()).path(0).path("missing")).isEmpty();
        assertThat(rung(d1.o1()).path("applied").asBoolean()).isTrue();
        assertThat(sell(d1.o1(), "S1").schemes()).singleElement().satisfies(scheme -> assertThat(scheme.discount()).isPositive());
        assertThat(sell(d1.o2(), "S1").schemes()).as("another outlet has bought less").isEmpty();

        // a bill that is taken back is no purchase
        assertThat(billing.cancel(d1.id(), second.id(), UUID.randomUUID(), "wrong shop", new Actor(2, "owner"))).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        assertThat(sell(d1.o1(), "S1").schemes()).isEmpty();
    }

    @Test
    void ofBillsPostedTogetherEachIsDecidedWithWhatTheEarlierOnesSold() {
        Changes.inForce(sales, finance, line("S2", "GROCER", 0));
        var outcomes = billing.postAll(List.of(bill(d1.o3(), "S1"), bill(d1.o3(), "S2"), bill(d1.o3(), "S1")), CLERK, Terms.NATIVE);
        assertThat(outcomes.stream().map(outcome -> ((PostInvoiceOutcome.Posted) outcome).invoice().schemes().size())).containsExactly(0, 0, 1);
    }

    @Test
    @Tag("GOV-01") @Tag("GOV-03")
    void aLineIsProposedByOneAndPutIntoForceByAnotherAndItsPastStands() {
        var opened = line("S1", "GROCER", 0);
        assertThat(opened.status()).isEqualTo(202);
        var submitted = Changes.submitted(sales, opened);
        assertThat(Changes.approve(sales, submitted).json().path("code").asString()).isEqualTo("SAME_PERSON");
        assertThat(Changes.approve(finance, submitted).status()).isEqualTo(200);
        assertThat(line("S1", "GROCER", 5).json().path("code").asString()).as("periods of one line do not overlap").isEqualTo("DUPLICATE");
        assertThat(sales.post("/api/v1/must-sell", Map.of("principal", "P-" + network.tag, "sku", "NOTHING", "validFrom", network.today().toString())).json().path("errors").path(0).path("pointer").asString()).isEqualTo("/sku");
        var scheme = sales.post("/api/v1/schemes/preview", Map.of("code", "ASK-" + network.tag, "name", "Ask", "principal", "P-" + network.tag, "mechanic", Map.of("type", "DISCOUNT", "reward", Map.of("percent", "0.05")),
                "validFrom", network.today().plusDays(2).toString(), "validTo", network.today().plusDays(60).toString(), "products", Map.of("skuIds", List.of("S2")), "eligibility", Map.of("mslCompliantOnly", true)));
        assertThat(scheme.text()).doesNotContain("MUST_SELL_LIST_MISSING");
    }

    private void offer(String code, String sku, String eligibility) {
        network.scheme(code, "M2", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.05"}},"products":{"skuIds":["%s"]},"eligibility":{%s},"stacking":"CASCADE","priority":1,\
                "principalShare":"1","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get(sku), eligibility), network.today().minusDays(60), network.today().plusDays(60));
    }

    private BigDecimal previewed(UUID outlet) {
        var lines = new ArrayList<PostOrder.Line>();
        for (var sku : List.of("S1", "S2", "S3")) lines.add(new PostOrder.Line(lines.size() + 1, network.skus.get(sku), BigDecimal.TEN));
        var outcome = orders.book(new PostOrder(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today(), null, lines), CLERK);
        assertThat(outcome).as(outcome.toString()).isInstanceOf(Orders.Outcome.Done.class);
        return ((Orders.Outcome.Done) outcome).order().total();
    }

    private BigDecimal quoted(UUID outlet) {
        return new BigDecimal(JSON.readTree(((Billing.Quote.Decided) billing.quote(bill(outlet, "S1", "S2", "S3"), CLERK)).answer()).path("totals").path("payable").asString());
    }

    /// A territory, a first order and a must-sell list count for an order as they will for its bill.
    @Test
    @Tag("ORD-20")
    void anOrderIsPreviewedOnTheFactsOfItsBill() {
        var region = "R-" + network.tag;
        transactions.shared(db -> {
            long id = db.sql("insert into network.territory (code, name, kind) values (?, 'Region', 'REGION') returning id").param(region).query(Long.class).single();
            return db.sql("update network.distributor set territory_id = ? where id = ?").params(id, d1.id()).update();
        });
        Changes.inForce(sales, finance, line("S3", "GROCER", 0));
        var plain = quoted(d1.o1());
        offer("FIRST", "S2", "\"firstOrderOnly\":true");
        offer("HERE", "S3", "\"territories\":[\"" + region + "\"]");
        offer("ELSEWHERE", "S3", "\"territories\":[\"R-ELSEWHERE\"]");
        var first = previewed(d1.o1());
        assertThat(first).as("first order and territory").isEqualByComparingTo(quoted(d1.o1())).isLessThan(plain);
        sell(d1.o1(), "S3");
        var second = previewed(d1.o1());
        // no first order any more, but the list is kept now
        assertThat(second).isEqualByComparingTo(quoted(d1.o1())).isLessThan(plain).isNotEqualByComparingTo(first);
    }
}
