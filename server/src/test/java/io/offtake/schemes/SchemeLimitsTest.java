package io.offtake.schemes;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.People;
import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.PostInvoiceOutcome.Posted;
import io.offtake.billing.Terms;
import io.offtake.launch.Verify;
import io.offtake.orders.Orders;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Actor;
import io.offtake.platform.Progress;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.platform.testing.TestDatabase;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// PX-24, INV-07: limits are spent once, by whatever number of bills at the same moment.
@ServerTest
class SchemeLimitsTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    private static final Actor OWNER = new Actor(2, "owner");

    @LocalServerPort int port;
    @Autowired People people;
    @Autowired Billing billing;
    @Autowired Orders orders;
    @Autowired TenantTransaction transactions;
    @Autowired TestDatabase database;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
    }

    /// 4 % on S1 from 36 pieces: 40 pieces earn 55.41 (EX-07).
    private long scheme(String limits) {
        return network.scheme("LIMITED", "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"36","reward":{"percent":"0.04"}}]},"products":{"skuIds":["%d"]},"eligibility":{},
                "stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS","limits":%s""".formatted(network.skus.get("S1"), limits),
                network.today().minusDays(10), network.today().plusDays(10));
    }

    private PostInvoice bill(Fixture.Distributor at, UUID outlet, int qty) {
        return new PostInvoice(UUID.randomUUID(), at.id(), network.principal, outlet, at.warehouse(), network.today(), SaleType.COUNTER, PaymentMode.CASH, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S1"), BigDecimal.valueOf(qty), null, null, null, null, null)), null);
    }

    private BigDecimal discount(PostInvoiceOutcome outcome) {
        return ((Posted) outcome).invoice().totals().schemeDiscount();
    }

    private void stock(Fixture.Distributor at, int pieces) {
        network.batch(at, "S1", "A1", "40.00", network.today().plusDays(300), pieces);
    }

    private BigDecimal sum(long scheme, String column) {
        var sum = BigDecimal.ZERO;
        for (var distributor : List.of(d1.id()))
            sum = sum.add(transactions.<BigDecimal>write(distributor, db -> db.sql("select coalesce(sum(" + column + "), 0) from schemes.limit_balance where distributor_id = ? and scheme_id = ?")
                    .params(distributor, scheme).query(BigDecimal.class).single()));
        return sum;
    }

    private void verified(Fixture.Distributor... distributors) throws Exception {
        var ids = new ArrayList<Long>(List.of(0L));
        for (var distributor : distributors) ids.add(distributor.id());
        try (var connection = database.access().asNetwork()) {
            assertThat(Verify.run(connection, Progress.SILENT).findings()).filteredOn(finding -> ids.contains(finding.distributorId()) && finding.check().startsWith("schemes")).isEmpty();
        }
    }

    @Test
    @Tag("SCH-11")
    void ex20AnOutletsCapGivesWhatIsLeftOfIt() throws Exception {
        var scheme = scheme("{\"perOutlet\":{\"amount\":\"100.00\",\"period\":\"MONTH\"},\"whenCut\":\"PARTIAL\"}");
        stock(d1, 1000);
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("55.41");
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("44.59");
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("0");
        assertThat(discount(billing.post(bill(d1, d1.o2(), 40), CLERK))).isEqualByComparingTo("55.41");
        assertThat(sum(scheme, "used")).isEqualByComparingTo("155.41");
        verified(d1);
    }

    @Test
    @Tag("SCH-11")
    void ex20WhenCutNoneGivesNothingAndFullLastGivesTheLastInFull() {
        scheme("{\"perDistributor\":{\"amount\":\"100.00\",\"period\":\"SCHEME\"},\"whenCut\":\"NONE\"}");
        stock(d1, 1000);
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("55.41");
        assertThat(discount(billing.post(bill(d1, d1.o2(), 40), CLERK))).isEqualByComparingTo("0");
        network = new Fixture(transactions, network.today());
        d1 = network.distributor("D1");
        var last = scheme("{\"perOutlet\":{\"times\":3,\"amount\":\"100.00\",\"period\":\"MONTH\"},\"whenCut\":\"FULL_LAST\"}");
        stock(d1, 1000);
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("55.41");
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("55.41");
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("0");
        assertThat(sum(last, "used")).isEqualByComparingTo("110.82");
    }

    @Test
    @Tag("SCH-11") @Tag("BIL-06")
    void inv07ABudgetGoesFromSoftToUsedToFreed() throws Exception {
        var scheme = scheme("{\"total\":{\"amount\":\"10000.00\"},\"perOutlet\":{\"amount\":\"300.00\",\"period\":\"MONTH\"}}");
        stock(d1, 1000);
        var order = new PostOrder(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), null,
                List.of(new PostOrder.Line(1, network.skus.get("S1"), BigDecimal.valueOf(40))));
        assertThat(orders.book(order, CLERK)).isInstanceOf(Orders.Outcome.Done.class);
        assertThat(sum(scheme, "soft")).isEqualByComparingTo("0");
        assertThat(orders.allocate(d1.id(), order.id(), UUID.randomUUID(), CLERK)).isInstanceOf(Orders.Outcome.Done.class);
        assertThat(sum(scheme, "soft")).isEqualByComparingTo("110.82");   // the outlet's and the slice's
        var invoice = new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, order.id(), null,
                List.of(new PostInvoice.Line(1, network.skus.get("S1"), BigDecimal.valueOf(40), null, null, null, null, null)), null);
        assertThat(discount(billing.post(invoice, CLERK))).isEqualByComparingTo("55.41");
        assertThat(sum(scheme, "soft")).isEqualByComparingTo("0");
        assertThat(sum(scheme, "used")).isEqualByComparingTo("110.82");
        assertThat(billing.post(invoice, CLERK)).isInstanceOf(PostInvoiceOutcome.AlreadyPosted.class);
        assertThat(sum(scheme, "used")).isEqualByComparingTo("110.82");
        assertThat(billing.cancel(d1.id(), invoice.id(), UUID.randomUUID(), "wrong goods", OWNER)).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        assertThat(sum(scheme, "used")).isEqualByComparingTo("0");

        var second = new PostOrder(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), null,
                List.of(new PostOrder.Line(1, network.skus.get("S1"), BigDecimal.valueOf(40))));
        orders.book(second, CLERK);
        orders.allocate(d1.id(), second.id(), UUID.randomUUID(), CLERK);
        assertThat(sum(scheme, "soft")).isEqualByComparingTo("110.82");
        assertThat(orders.cancel(d1.id(), second.id(), UUID.randomUUID(), "not wanted", CLERK)).isInstanceOf(Orders.Outcome.Done.class);
        assertThat(sum(scheme, "soft")).isEqualByComparingTo("0");
        verified(d1);
    }

    @Test
    @Tag("SCH-11")
    void ex21ATotalThatIsAlmostGoneGivesItsRest() throws Exception {
        var scheme = scheme("{\"total\":{\"amount\":\"100.00\"}}");
        var d2 = network.distributor("D2");
        stock(d1, 1000);
        stock(d2, 1000);
        assertThat(discount(billing.post(bill(d1, d1.o1(), 40), CLERK))).isEqualByComparingTo("55.41");
        // what D1 holds and has not spent comes back when D2 needs it
        assertThat(discount(billing.post(bill(d2, d2.o1(), 40), CLERK))).isEqualByComparingTo("44.59");
        assertThat(discount(billing.post(bill(d1, d1.o2(), 40), CLERK))).isEqualByComparingTo("0");
        assertThat(discount(billing.post(bill(d2, d2.o2(), 40), CLERK))).isEqualByComparingTo("0");
        assertThat(sum(scheme, "used")).isEqualByComparingTo("55.41");
        verified(d1, d2);
    }

    @Test
    @Tag("SCH-18") @Tag("SCH-22")
    void uptakeAndBudgetTellWhoUsedASchemeAndWhatIsLeft() {
        var scheme = scheme("{\"total\":{\"amount\":\"10000.00\"},\"perOutlet\":{\"amount\":\"300.00\",\"period\":\"MONTH\"}}");
        stock(d1, 1000);
        var cancelled = bill(d1, d1.o1(), 40);
        for (var command : List.of(bill(d1, d1.o1(), 40), bill(d1, d1.o1(), 40), bill(d1, d1.o2(), 40), bill(d1, d1.o2(), 4), cancelled)) assertThat(billing.post(command, CLERK)).isInstanceOf(Posted.class);
        billing.cancel(d1.id(), cancelled.id(), UUID.randomUUID(), "wrong", OWNER);
        var clerk = people.of(d1.id(), Role.BC).signIn(port);
        var path = "/api/v1/schemes/" + scheme;
        var uptake = clerk.get(path + "/uptake?by=outlet&from=" + network.today().minusDays(5) + "&to=" + network.today()).json();
        assertThat(uptake.path("totals").path("invoices").asInt()).as(uptake.toString()).isEqualTo(3);
        assertThat(uptake.path("totals").path("outlets").asInt()).isEqualTo(2);
        assertThat(uptake.path("totals").path("benefit").asString()).isEqualTo("166.23");
        assertThat(uptake.path("rows").path(0).path("code").asString()).isEqualTo("O1");
        assertThat(uptake.path("rows").path(0).path("benefit").asString()).isEqualTo("110.82");
        assertThat(uptake.path("series").path(0).path("usedToDate").asString()).isEqualTo("166.23");
        var budget = clerk.get(path + "/budget").json();
        assertThat(budget.path("used").asString()).isEqualTo("166.23");
        assertThat(budget.path("free").asString()).isEqualTo("9833.77");
        assertThat(budget.path("byDistributor").path(0).path("used").asString()).isEqualTo("166.23");
        assertThat(clerk.get(path + "/uptake?by=colour").code()).isEqualTo("INVALID");
    }

    /// PX-24: a slice that holds more than a bill lacks, but less than it gives, is refilled; only the last of the total is cut.
    @Test
    @Tag("SCH-11")
    void noBillIsCutWhileTheTotalHoldsIt() {
        scheme("{\"total\":{\"amount\":\"1000.00\"}}");
        stock(d1, 10_000);
        var given = new ArrayList<BigDecimal>();
        for (int at = 0; at < 19; at++) given.add(discount(billing.post(bill(d1, d1.o1(), 40), CLERK)));
        assertThat(given.subList(0, 18)).allSatisfy(one -> assertThat(one).isEqualByComparingTo("55.41"));
        assertThat(given.getLast()).isEqualByComparingTo("2.62");
    }

    @Test
    @Tag("race") @Tag("SCH-11")
    void twoHundredParallelBillsOnTheLastOfABudgetSpendItOnce() throws Exception {
        var scheme = scheme("{\"total\":{\"amount\":\"1000.00\"},\"perDistributor\":{\"amount\":\"700.00\",\"period\":\"MONTH\"}}");
        var d2 = network.distributor("D2");
        stock(d1, 100_000);
        stock(d2, 100_000);
        var outcomes = new ArrayList<PostInvoiceOutcome>();
        try (var pool = Executors.newFixedThreadPool(24)) {
            var calls = new ArrayList<Callable<List<PostInvoiceOutcome>>>();
            for (int at = 0; at < 160; at++) {
                var where = at % 2 == 0 ? d1 : d2;
                var command = bill(where, List.of(where.o1(), where.o2()).get(at / 2 % 2), 40);
                calls.add(() -> List.of(billing.post(command, CLERK)));
            }
            for (int at = 0; at < 4; at++) {
                var where = at % 2 == 0 ? d1 : d2;
                var bulk = new ArrayList<PostInvoice>();
                for (int one = 0; one < 10; one++) bulk.add(bill(where, where.o2(), 40));
                calls.add(40 * at, () -> billing.postAll(bulk, CLERK, Terms.NATIVE));
            }
            for (var future : pool.invokeAll(calls)) outcomes.addAll(future.get());
        }
        assertThat(outcomes).hasSize(200).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Posted.class));
        var given = outcomes.stream().map(this::discount).reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(given).isLessThanOrEqualTo(new BigDecimal("1000.00"));
        // nothing to speak of is left lying about: the rest lies in slices that another bill would have asked for
        assertThat(given).isGreaterThan(new BigDecimal("900.00"));
        var booked = sum(scheme, "case when scope = 'TOTAL' then used else 0 end").add(transactions.<BigDecimal>write(d2.id(), db -> db.sql("""
                select coalesce(sum(used), 0) from schemes.limit_balance where distributor_id = ? and scheme_id = ? and scope = 'TOTAL'""").params(d2.id(), scheme).query(BigDecimal.class).single()));
        assertThat(booked).isEqualByComparingTo(given);
        verified(d1, d2);
    }
}
