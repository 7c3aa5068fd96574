package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.billing.PostInvoiceOutcome.AlreadyPosted;
import io.offtake.billing.PostInvoiceOutcome.IdReused;
import io.offtake.billing.PostInvoiceOutcome.Posted;
import io.offtake.billing.PostInvoiceOutcome.Refused;
import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.DecisionJson;
import io.offtake.rules.Refusal;
import io.offtake.rules.StockMoves.Node;
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
import tools.jackson.databind.json.JsonMapper;

@ServerTest
class InvoicePostingTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    @Autowired Billing billing;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    @Autowired JsonMapper json;
    @Autowired RuleBookSource books;
    private Fixture network;
    private Fixture.Distributor d1;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
    }

    private PostInvoice bill(UUID id, UUID outlet, PaymentMode mode, SaleType sale, Object... skuAndQty) {
        var lines = new ArrayList<PostInvoice.Line>();
        for (int at = 0; at < skuAndQty.length; at += 2)
            lines.add(new PostInvoice.Line(at / 2 + 1, network.skus.get(skuAndQty[at]), BigDecimal.valueOf((int) skuAndQty[at + 1]), null, null, null, null, null));
        return new PostInvoice(id, d1.id(), network.principal, outlet, d1.warehouse(), network.today(), sale, mode, null, null, lines, null);
    }

    @Test
    @Tag("BIL-01") @Tag("BIL-02") @Tag("BIL-05") @Tag("CMP-01") @Tag("SCH-16")
    void p03PostsInvoiceStockReceivableSchemeAndAuditTogether() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 500);
        network.scheme("WHOLE", "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},
                "products":{},"eligibility":{},"stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""",
                network.today().minusDays(10), network.today().plusDays(10));
        var id = UUID.randomUUID();
        var outcome = billing.post(bill(id, d1.o1(), PaymentMode.CREDIT, SaleType.DELIVERY, "S1", 185), CLERK);
        assertThat(outcome).isInstanceOf(Posted.class);
        var invoice = ((Posted) outcome).invoice();
        assertThat(invoice.totals().gross()).isEqualByComparingTo("6406.55");
        assertThat(invoice.totals().schemeDiscount()).isEqualByComparingTo("256.26");
        assertThat(invoice.totals().payable()).isEqualByComparingTo("6458.00");
        assertThat(invoice.number()).isEqualTo("DK" + fiscalYear() + "/000001");
        var journal = network.journal(d1, id);
        assertThat(journal).containsEntry("1200", new BigDecimal("6458.00")).containsEntry("4020", new BigDecimal("256.26")).containsEntry("4000", new BigDecimal("-6406.55"))
                .containsEntry("2200", new BigDecimal("-307.52")).containsEntry("4090", new BigDecimal("-0.19")).containsEntry("5000", new BigDecimal("6101.30"))
                .containsEntry("1300", new BigDecimal("-6101.30")).containsEntry("1405", new BigDecimal("256.26")).containsEntry("4040", new BigDecimal("-256.26"));
        assertThat(journal.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo("0");
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("315");
        assertThat(network.balance(d1, "S1", Node.IN_TRANSIT_OUT)).isEqualByComparingTo("185");
    }

    private String fiscalYear() {
        return Integer.toString(io.offtake.platform.Documents.fiscalYear(network.today()) % 100);
    }

    @Test
    @Tag("BIL-05")
    void oneIdSentFiveTimesIsOneInvoiceAndTheSameBytes() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 500);
        var command = bill(UUID.randomUUID(), d1.o2(), PaymentMode.CASH, SaleType.COUNTER, "S1", 12);
        var first = json.writeValueAsString(((Posted) billing.post(command, CLERK)).invoice());
        for (int again = 0; again < 4; again++)
            assertThat(json.writeValueAsString(((AlreadyPosted) billing.post(command, CLERK)).invoice())).isEqualTo(first);
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("488");
        assertThat(billing.post(bill(command.id(), d1.o2(), PaymentMode.CASH, SaleType.COUNTER, "S1", 13), CLERK)).isInstanceOf(IdReused.class);
    }

    @Test
    @Tag("STK-08") @Tag("STK-05")
    void fefoTakesTheEarliestExpiryAndSplitsByMrp() {
        network.batch(d1, "S1", "LATE", "40.00", network.today().plusDays(300), 100);
        network.batch(d1, "S1", "EARLY", "40.00", network.today().plusDays(200), 10);
        var invoice = ((Posted) billing.post(bill(UUID.randomUUID(), d1.o1(), PaymentMode.CREDIT, SaleType.COUNTER, "S1", 15), CLERK)).invoice();
        assertThat(invoice.lines()).hasSize(1);
        assertThat(invoice.lines().getFirst().batches()).extracting(InvoiceView.BatchQty::batchNo).containsExactly("EARLY", "LATE");
    }

    @Test
    @Tag("RCV-01")
    void creditLimitRefusesAndWritesNothing() {
        network.batch(d1, "S3", "A1", "115.00", network.today().plusDays(300), 100_000);
        var command = bill(UUID.randomUUID(), d1.o1(), PaymentMode.CREDIT, SaleType.COUNTER, "S3", 20_000);
        var refused = (Refused) billing.post(command, CLERK);
        assertThat(refused.refusals()).extracting(Refusal::code).containsExactly(Refusal.Code.CREDIT_LIMIT);
        assertThat(network.balance(d1, "S3", Node.SALEABLE)).isEqualByComparingTo("100000");
        assertThat(billing.post(bill(command.id(), d1.o1(), PaymentMode.CREDIT, SaleType.COUNTER, "S3", 10), CLERK)).isInstanceOf(Posted.class);
    }

    @Test
    @Tag("STK-04") @Tag("STK-10")
    void twoHundredParallelBillsOnStockForTwentyPostTwenty() throws Exception {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 20);
        try (var pool = Executors.newFixedThreadPool(40)) {
            var calls = new ArrayList<Callable<PostInvoiceOutcome>>();
            for (int at = 0; at < 200; at++) calls.add(() -> billing.post(bill(UUID.randomUUID(), d1.o2(), PaymentMode.CASH, SaleType.COUNTER, "S1", 1), CLERK));
            var outcomes = new ArrayList<PostInvoiceOutcome>();
            for (var future : pool.invokeAll(calls)) outcomes.add(future.get());
            var numbers = outcomes.stream().filter(Posted.class::isInstance).map(outcome -> ((Posted) outcome).invoice().number()).sorted().toList();
            assertThat(numbers).hasSize(20);
            assertThat(numbers.getFirst()).endsWith("/000001");
            assertThat(numbers.getLast()).endsWith("/000020");
            assertThat(outcomes.stream().filter(Refused.class::isInstance)).hasSize(180)
                    .allSatisfy(outcome -> assertThat(((Refused) outcome).refusals()).extracting(Refusal::code).containsOnly(Refusal.Code.STOCK_SHORT));
        }
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("0");
    }

    @Test
    @Tag("ORD-25")
    void manyPostedTogetherEqualManyPostedOneByOne() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 100);
        var commands = new ArrayList<PostInvoice>();
        for (int at = 0; at < 30; at++) commands.add(bill(UUID.randomUUID(), List.of(d1.o1(), d1.o2(), d1.o3()).get(at % 3), PaymentMode.CREDIT, SaleType.COUNTER, "S1", 4));
        var outcomes = billing.postAll(commands, CLERK, Terms.NATIVE);
        assertThat(outcomes.subList(0, 25)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Posted.class));
        assertThat(outcomes.subList(25, 30)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Refused.class));
        assertThat(billing.postAll(commands.subList(0, 25), CLERK, Terms.NATIVE)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(AlreadyPosted.class));
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("0");
    }

    @Test
    @Tag("BIL-06")
    void cancelReversesEveryLedgerAndBurnsTheNumber() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 50);
        var command = bill(UUID.randomUUID(), d1.o1(), PaymentMode.CREDIT, SaleType.DELIVERY, "S1", 20);
        billing.post(command, CLERK);
        assertThat(billing.cancel(d1.id(), command.id(), UUID.randomUUID(), "wrong outlet", CLERK)).isInstanceOf(Billing.CancelOutcome.SamePerson.class);
        var owner = new Actor(2, "owner");
        assertThat(billing.cancel(d1.id(), command.id(), UUID.randomUUID(), "wrong outlet", owner)).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        assertThat(billing.cancel(d1.id(), command.id(), UUID.randomUUID(), "again", owner)).isInstanceOf(Billing.CancelOutcome.AlreadyCancelled.class);
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("50");
        assertThat(network.balance(d1, "S1", Node.IN_TRANSIT_OUT)).isEqualByComparingTo("0");
        var sums = transactions.<BigDecimal>write(d1.id(), db -> db.sql("select sum(balance) from receivables.outlet_account where distributor_id = ?").param(d1.id()).query(BigDecimal.class).single());
        assertThat(sums).isEqualByComparingTo("0");
    }

    /// Domain/02 section 2.6: BC asks, DO confirms; INV-09 holds for who asked, too.
    @Test
    @Tag("BIL-06") @Tag("GOV-01")
    void oneAsksToCancelAndAnotherDecides() {
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 50);
        var command = bill(UUID.randomUUID(), d1.o1(), PaymentMode.CREDIT, SaleType.DELIVERY, "S1", 20);
        billing.post(command, CLERK);
        var owner = new Actor(2, "owner");
        var partner = new Actor(3, "partner");
        assertThat(billing.keep(d1.id(), command.id(), "it is right", owner)).isInstanceOf(Billing.CancelOutcome.NotAsked.class);
        assertThat(billing.askToCancel(d1.id(), command.id(), UUID.randomUUID(), "wrong outlet", CLERK)).isInstanceOf(Billing.CancelOutcome.Asked.class);
        assertThat(billing.askToCancel(d1.id(), command.id(), UUID.randomUUID(), "once more", CLERK)).isInstanceOf(Billing.CancelOutcome.Asked.class);
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("30");
        assertThat(billing.keep(d1.id(), command.id(), "it is right", owner)).isInstanceOf(Billing.CancelOutcome.Kept.class);
        assertThat(billing.askToCancel(d1.id(), command.id(), UUID.randomUUID(), "wrong outlet after all", owner)).isInstanceOf(Billing.CancelOutcome.Asked.class);
        assertThat(billing.cancel(d1.id(), command.id(), UUID.randomUUID(), "", owner)).isEqualTo(new Billing.CancelOutcome.SamePerson("owner"));
        assertThat(billing.keep(d1.id(), command.id(), "no", owner)).isEqualTo(new Billing.CancelOutcome.SamePerson("owner"));
        assertThat(billing.cancel(d1.id(), command.id(), UUID.randomUUID(), "", partner)).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("50");
        assertThat(transactions.<String>write(d1.id(), db -> db.sql("select status || ' ' || decision || ' ' || decided_by from billing.cancellation_request where distributor_id = ? and invoice_id = ?")
                .params(d1.id(), command.id()).query(String.class).single())).isEqualTo("CONFIRMED wrong outlet after all partner");
    }

    @Test
    @Tag("SCH-10") @Tag("GOV-02")
    void inv06StoredDecisionsAreDecidedAgainFromTheirStoredInputs() {
        network.scheme("SLAB", "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},
                "products":{"skuIds":["%d"]},"eligibility":{},"stacking":"CASCADE","priority":10,"principalShare":"0.7","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get("S1")),
                network.today().minusDays(10), network.today().plusDays(10));
        network.scheme("TENONE", "M4", """
                "stage":"FREE_GOODS","mechanic":{"type":"FREE_GOODS","buy":"10","get":"1","repeat":true,"inside":false,"tax":"ZERO_PRICED","ifShort":"REFUSE"},
                "products":{"skuIds":["%d"]},"eligibility":{},"stacking":"CASCADE","priority":20,"principalShare":"1","claimable":true,"claimRate":"PTS\"""".formatted(network.skus.get("S2")),
                network.today().minusDays(10), network.today().plusDays(10));
        var codes = List.of("S1", "S2", "S3", "S4", "S5", "S6");
        for (var code : codes) {
            network.batch(d1, code, "A", "200.00", network.today().plusDays(90), 40);
            network.batch(d1, code, "B", "210.00", network.today().plusDays(300), 10_000);
        }
        var random = new java.util.Random(7);
        for (int at = 0; at < 40; at++) {
            var what = new ArrayList<Object>();
            for (int line = 0; line <= random.nextInt(8); line++) {
                what.add(codes.get(random.nextInt(codes.size())));
                what.add(1 + random.nextInt(50));
            }
            var outcome = billing.post(bill(UUID.randomUUID(), List.of(d1.o1(), d1.o2(), d1.o3()).get(at % 3), PaymentMode.values()[at % 3], SaleType.values()[at % 2], what.toArray()), CLERK);
            assertThat(outcome).as("bill " + at + " " + what).isInstanceOf(Posted.class);
        }
        var engine = books.current(d1.id()).engine();
        var stored = transactions.<List<String[]>>write(d1.id(), db -> db.sql("select command, decision, rule_book_hash from billing.invoice where distributor_id = ?").param(d1.id())
                .query((row, _) -> new String[] {row.getString(1), row.getString(2), row.getString(3)}).list());
        assertThat(stored).hasSize(40).allSatisfy(row -> {
            assertThat(row[2]).isEqualTo(books.current(d1.id()).hash());
            assertThat(DecisionJson.write(engine.decide(CommandJson.read(row[0], engine.book())))).isEqualTo(row[1]);
        });
    }
}
