package io.offtake.returns;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.billing.Billing;
import io.offtake.billing.BillingRelations;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.StockMoves.Node;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// domain/02 section 2.7 with PX-41 and P-04, P-07: a return from the shop's wish to the credit note, and every ledger it touches.
@ServerTest
class ReturnDeskTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    private static final Actor OWNER = new Actor(2, "owner");
    private static final Actor KEEPER = new Actor(3, "keeper");
    @Autowired Billing billing;
    @Autowired Returns returns;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;
    private UUID batch;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        batch = network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 5000);
    }

    private InvoiceView sold(SaleType type, String sku, int qty) {
        var line = new PostInvoice.Line(1, network.skus.get(sku), BigDecimal.valueOf(qty), null, null, null, null, null);
        var outcome = billing.post(new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), type, PaymentMode.CREDIT, null, null,
                List.of(line), null), CLERK);
        assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return ((PostInvoiceOutcome.Posted) outcome).invoice();
    }

    private void scheme(String code, String stage, String mechanic, String more) {
        network.scheme(code, "M1", "\"stage\":\"" + stage + "\",\"mechanic\":{" + mechanic + "},\"products\":{},\"eligibility\":{},\"stacking\":\"CASCADE\",\"priority\":10,\"principalShare\":\"1\","
                + "\"claimable\":true,\"claimRate\":\"PTS\"" + more, network.today().minusDays(10), network.today().plusDays(10));
    }

    private static final String SLABS = "\"type\":\"WHOLE_SLAB\",\"basis\":\"BASE_QTY\",\"slabs\":[{\"from\":\"12\",\"reward\":{\"percent\":\"0.02\"}},{\"from\":\"36\",\"reward\":{\"percent\":\"0.04\"}}]";

    private RequestReturn ask(InvoiceView bill, String reason, Object... lineAndQty) {
        var lines = new ArrayList<RequestReturn.Line>();
        for (int at = 0; at < lineAndQty.length; at += 2)
            lines.add(new RequestReturn.Line(lines.size() + 1, (Integer) lineAndQty[at], null, null, new BigDecimal(lineAndQty[at + 1].toString()), null, null));
        return new RequestReturn(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), bill.id(), reason, null, lines, List.of());
    }

    private static ReturnView done(Returns.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Returns.Outcome.Done.class);
        return ((Returns.Outcome.Done) outcome).view();
    }

    private ReturnView inspected(RequestReturn command, String bucket) {
        var view = done(returns.request(command, CLERK));
        done(returns.decide(d1.id(), view.id(), UUID.randomUUID(), true, null, OWNER, Set.of(Role.DO)));
        done(returns.receive(d1.id(), view.id(), UUID.randomUUID(), List.of(), KEEPER));
        return done(returns.inspect(d1.id(), view.id(), UUID.randomUUID(),
                view.lines().stream().map(line -> new Returns.Inspected(line.line(), List.of(new ReturnView.Bucket(bucket, line.qty())))).toList(), KEEPER));
    }

    private ReturnView credited(RequestReturn command, String bucket) {
        return done(returns.credit(d1.id(), inspected(command, bucket).id(), UUID.randomUUID(), network.today(), CLERK));
    }

    @Test
    @Tag("RET-01") @Tag("RET-02") @Tag("RET-03") @Tag("RET-04") @Tag("RET-05") @Tag("BIL-07") @Tag("STK-02") @Tag("CMP-01")
    void p07SixDamagedPiecesComeBackAtTheirFrozenPriceAndEveryLedgerTakesTheOpposite() {
        scheme("WHOLE", "LINE", SLABS, "");
        var bill = sold(SaleType.DELIVERY, "S1", 185);
        assertThat(bill.totals().payable()).isEqualByComparingTo("6458.00");
        var view = done(returns.request(ask(bill, "LEAKAGE", 1, 6), CLERK));
        assertThat(view.status()).isEqualTo("REQUESTED");
        assertThat(view.value()).isEqualByComparingTo("209.00");
        assertThat(view.flags()).contains("PICTURE_MISSING");
        done(returns.decide(d1.id(), view.id(), UUID.randomUUID(), true, null, OWNER, Set.of(Role.DO)));
        done(returns.receive(d1.id(), view.id(), UUID.randomUUID(), List.of(), KEEPER));
        assertThat(network.balance(d1, "S1", Node.RETURN_TRANSIT)).isEqualByComparingTo("6");
        done(returns.inspect(d1.id(), view.id(), UUID.randomUUID(), List.of(new Returns.Inspected(1, List.of(new ReturnView.Bucket("DAMAGED", new BigDecimal(6))))), KEEPER));
        assertThat(network.balance(d1, "S1", Node.RETURN_TRANSIT)).isEqualByComparingTo("0");
        assertThat(network.balance(d1, "S1", Node.DAMAGED)).isEqualByComparingTo("6");
        var noteId = UUID.randomUUID();
        var end = done(returns.credit(d1.id(), view.id(), noteId, network.today(), CLERK));
        assertThat(end.status()).isEqualTo("CREDITED");
        assertThat(end.creditKind()).isEqualTo("CREDIT_NOTE");
        assertThat(end.credited()).isEqualByComparingTo("209.00");
        var journal = network.journal(d1, noteId);
        var expected = Map.of("4010", "207.78", "2200", "9.98", "4020", "-8.31", "4090", "-0.45", "1200", "-209.00", "1320", "197.88", "5000", "-197.88", "4040", "8.31", "1405", "-8.31");
        expected.forEach((account, amount) -> assertThat(journal.get(account)).as(account).isEqualByComparingTo(amount));
        assertThat(journal).doesNotContainKeys("1300", "4000");
        assertThat(returns.credit(d1.id(), view.id(), noteId, network.today(), CLERK)).isInstanceOf(Returns.Outcome.Already.class);
        assertThat(reversed(bill)).containsExactly("1.1 CREDIT_NOTE DISCOUNT 8.31 8.31");
    }

    private List<String> reversed(InvoiceView bill) {
        return transactions.read(RowScope.of(d1.id()), db -> db.sql("select line || '.' || part || ' ' || document_type || ' ' || kind || ' ' || amount || ' ' || claim_value from "
                + BillingRelations.REVERSED + " r where distributor_id = :d and invoice_id = :i order by line, part, recorded_at").param("d", d1.id()).param("i", bill.id()).query(String.class).list());
    }

    @Test
    @Tag("RET-03") @Tag("SCH-12") @Tag("CMP-04")
    void px41AReturnInPartsEqualsTheWholeToThePaisaAndAllLimitsAreBack() {
        scheme("SLAB", "LINE", SLABS, ",\"limits\":{\"perOutlet\":{\"amount\":\"500.00\",\"period\":\"MONTH\"}}");
        var before = network.balance(d1, "S1", Node.SALEABLE);
        var bill = sold(SaleType.COUNTER, "S1", 40);
        var sums = new TreeMap<>(network.journal(d1, bill.id()));
        var credits = new ArrayList<BigDecimal>();
        for (var qty : List.of(10, 7, 20, 3)) {
            var end = credited(ask(bill, "EXCESS", 1, qty), "SALEABLE");
            credits.add(end.credited());
            network.journal(d1, end.creditNoteId()).forEach((account, amount) -> sums.merge(account, amount, BigDecimal::add));
        }
        // EX-25: the slab breaks with the first return
        BigDecimal used = transactions.read(RowScope.of(d1.id()), db -> db.sql("select coalesce(sum(used), 0) from schemes.limit_balance where distributor_id = ?").param(d1.id()).query(BigDecimal.class).single());
        assertThat(used).isEqualByComparingTo("0");
        assertThat(credits.stream().reduce(BigDecimal.ZERO, BigDecimal::add)).isEqualByComparingTo(bill.totals().payable());
        sums.merge("4000", sums.remove("4010"), BigDecimal::add);
        assertThat(sums.values()).allSatisfy(sum -> assertThat(sum).isEqualByComparingTo("0"));
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo(before);
        assertThat(returns.request(ask(bill, "EXCESS", 1, 1), CLERK)).isEqualTo(new Returns.Outcome.Over(1, BigDecimal.ONE, new BigDecimal("0.000")));
    }

    @Test
    @Tag("RET-03") @Tag("SCH-12")
    void ex25TheCreditOfAReturnThatBreaksASlabTakesTheDifferenceBack() {
        scheme("SLAB", "LINE", SLABS, ",\"limits\":{\"perOutlet\":{\"amount\":\"500.00\",\"period\":\"MONTH\"}}");
        var bill = sold(SaleType.COUNTER, "S1", 40);
        var view = done(returns.request(ask(bill, "EXCESS", 1, 10), CLERK));
        assertThat(view.flags()).contains("BREAKS_SLAB");
        var quote = returns.preview(ask(bill, "EXCESS", 1, 10), CLERK);
        assertThat(quote.credit().taxable()).isEqualByComparingTo("311.67");
    }

    @Test
    @Tag("RET-02") @Tag("GOV-12")
    void inv09TheMakerNeverDecidesAndEveryRoleStaysBelowItsLimit() {
        var bill = sold(SaleType.COUNTER, "S1", 100);
        var view = done(returns.request(ask(bill, "EXCESS", 1, 50), CLERK));
        assertThat(view.approvers()).containsExactly("DO", "ASM", "RSM");
        assertThat(returns.decide(d1.id(), view.id(), UUID.randomUUID(), true, null, CLERK, Set.of(Role.BC, Role.DO))).isEqualTo(new Returns.Outcome.SamePerson("clerk"));
        assertThat(returns.decide(d1.id(), view.id(), UUID.randomUUID(), true, null, new Actor(9, "second"), Set.of(Role.BC))).isInstanceOfSatisfying(Returns.Outcome.OverLimit.class,
                no -> assertThat(no.limit()).isEqualByComparingTo("0"));   // half of all that the outlet bought: not for a clerk
        assertThat(returns.receive(d1.id(), view.id(), UUID.randomUUID(), List.of(), KEEPER)).isEqualTo(new Returns.Outcome.WrongState("REQUESTED", List.of("APPROVED")));
        done(returns.decide(d1.id(), view.id(), UUID.randomUUID(), false, "nothing wrong with it", OWNER, Set.of(Role.DO)));
        // what was held is free again
        done(returns.request(ask(bill, "EXCESS", 1, 100), CLERK));
    }

    @Test
    @Tag("RET-04") @Tag("STK-02")
    void linesAreSplitIntoBucketsAndWhatIsNotAcceptedGoesBack() {
        var bill = sold(SaleType.COUNTER, "S1", 24);
        var view = done(returns.request(ask(bill, "SLOW_MOVING", 1, 12), CLERK));
        done(returns.decide(d1.id(), view.id(), UUID.randomUUID(), true, null, OWNER, Set.of(Role.DO)));
        done(returns.receive(d1.id(), view.id(), UUID.randomUUID(), List.of(new Returns.Came(1, BigDecimal.TEN)), KEEPER));
        assertThat(returns.inspect(d1.id(), view.id(), UUID.randomUUID(), List.of(new Returns.Inspected(1, List.of(new ReturnView.Bucket("SALEABLE", BigDecimal.TWO)))), KEEPER))
                .isInstanceOf(Returns.Outcome.NotAllPlaced.class);
        done(returns.inspect(d1.id(), view.id(), UUID.randomUUID(), List.of(new Returns.Inspected(1, List.of(new ReturnView.Bucket("SALEABLE", new BigDecimal(5)), new ReturnView.Bucket("EXPIRED", BigDecimal.TWO),
                new ReturnView.Bucket("QUARANTINE", BigDecimal.ONE), new ReturnView.Bucket("BACK", BigDecimal.TWO)))), KEEPER));
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("4981");
        assertThat(network.balance(d1, "S1", Node.EXPIRED)).isEqualByComparingTo("2");
        assertThat(network.balance(d1, "S1", Node.QUARANTINE)).isEqualByComparingTo("1");
        assertThat(network.balance(d1, "S1", Node.RETURN_TRANSIT)).isEqualByComparingTo("0");
        var end = done(returns.credit(d1.id(), view.id(), UUID.randomUUID(), network.today(), CLERK));
        var journal = network.journal(d1, end.creditNoteId());
        assertThat(journal.get("4010")).isEqualByComparingTo("277.04");      // 8 × 34.63
        assertThat(journal.get("1320")).isEqualByComparingTo("65.96");       // 2 × 32.98
        assertThat(journal.get("1300")).isEqualByComparingTo("197.88");      // 6 × 32.98
        // two did not come, two went back: sixteen of 24 are left
        assertThat(returns.creditable(RowScope.of(d1.id()), bill.id()).orElseThrow().lines().getFirst().left()).isEqualByComparingTo("16");
    }

    @Test
    @Tag("RET-03") @Tag("SCH-12")
    void ex24UnearnedFreeGoodsComeBackOrAreCharged() {
        scheme("TENONE", "FREE_GOODS", "\"type\":\"FREE_GOODS\",\"buy\":\"10\",\"get\":\"1\",\"repeat\":true,\"inside\":false,\"tax\":\"ZERO_PRICED\",\"ifShort\":\"REFUSE\"", "");
        var bill = sold(SaleType.COUNTER, "S1", 10);
        assertThat(bill.freeLines()).hasSize(1);
        var charged = returns.preview(ask(bill, "EXCESS", 1, 4), CLERK).credit();
        assertThat(charged.charged()).singleElement().satisfies(one -> assertThat(one.total()).isEqualByComparingTo("36.37"));   // 34.63 + tax
        assertThat(charged.taxable()).isEqualByComparingTo("103.89");   // 4 × 34.63 − 34.63
        var back = returns.preview(ask(bill, "EXCESS", 1, 4, 2, 1), CLERK).credit();
        assertThat(back.charged()).isEmpty();
        assertThat(back.taxable()).isEqualByComparingTo("138.52");
        var end = credited(ask(bill, "EXCESS", 1, 4, 2, 1), "SALEABLE");
        assertThat(network.journal(d1, end.creditNoteId()).get("5030")).isEqualByComparingTo("-32.98");
        assertThat(network.balance(d1, "S1", Node.SALEABLE)).isEqualByComparingTo("4994");
        assertThat(reversed(bill)).containsExactly("2.1 CREDIT_NOTE FREE_GOODS 0.00 32.98");
    }

    @Test
    @Tag("RET-03") @Tag("RET-08")
    void withoutABillTheLowestOfTheLastThreeNetPricesCounts() {
        sold(SaleType.COUNTER, "S1", 12);
        var command = new RequestReturn(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), null, "LEAKAGE", null,
                List.of(new RequestReturn.Line(1, null, null, network.skus.get("S1"), BigDecimal.TWO, null, null)), List.of("ab".repeat(32)));
        var view = done(returns.request(command, CLERK));
        assertThat(view.flags()).contains("UNMATCHED").doesNotContain("PICTURE_MISSING");
        assertThat(view.approvers()).doesNotContain("BC");
        done(returns.decide(d1.id(), view.id(), UUID.randomUUID(), true, null, OWNER, Set.of(Role.DO)));
        done(returns.receive(d1.id(), view.id(), UUID.randomUUID(), List.of(), KEEPER));
        done(returns.inspect(d1.id(), view.id(), UUID.randomUUID(), List.of(new Returns.Inspected(1, List.of(new ReturnView.Bucket("DAMAGED", BigDecimal.TWO)))), KEEPER));
        var end = done(returns.credit(d1.id(), view.id(), UUID.randomUUID(), network.today(), CLERK));
        var journal = network.journal(d1, end.creditNoteId());
        assertThat(journal.get("4010")).isEqualByComparingTo("69.26");
        assertThat(journal.get("1320")).isEqualByComparingTo("65.96");
        assertThat(network.balance(d1, "S1", Node.DAMAGED)).isEqualByComparingTo("2");
        var never = new RequestReturn(UUID.randomUUID(), d1.id(), network.principal, d1.o2(), d1.warehouse(), network.today(), null, "LEAKAGE", null,
                List.of(new RequestReturn.Line(1, null, null, network.skus.get("S1"), BigDecimal.TWO, null, null)), List.of());
        assertThat(returns.request(never, CLERK)).isEqualTo(new Returns.Outcome.NeverSold(1));
    }

    @Test
    @Tag("RET-02") @Tag("race")
    void tenTillsAskForTheSamePiecesAndNoneIsCreditedTwice() throws Exception {
        var bill = sold(SaleType.COUNTER, "S1", 12);
        var tills = Executors.newFixedThreadPool(6);
        try {
            var tasks = new ArrayList<Callable<Returns.Outcome>>();
            for (int till = 0; till < 10; till++) tasks.add(() -> returns.request(ask(bill, "EXCESS", 1, 5), CLERK));
            var outcomes = new HashMap<Class<?>, Integer>();
            var held = new ArrayList<ReturnView>();
            for (var future : tills.invokeAll(tasks)) {
                outcomes.merge(future.get().getClass(), 1, Integer::sum);
                if (future.get() instanceof Returns.Outcome.Done(var view)) held.add(view);
            }
            assertThat(outcomes).isEqualTo(Map.of(Returns.Outcome.Done.class, 2, Returns.Outcome.Over.class, 8));
            // the same return credited from many tills at once: one note
            var view = held.getFirst();
            done(returns.decide(d1.id(), view.id(), UUID.randomUUID(), true, null, OWNER, Set.of(Role.DO)));
            done(returns.receive(d1.id(), view.id(), UUID.randomUUID(), List.of(), KEEPER));
            done(returns.inspect(d1.id(), view.id(), UUID.randomUUID(), List.of(new Returns.Inspected(1, List.of(new ReturnView.Bucket("SALEABLE", new BigDecimal(5))))), KEEPER));
            var credits = new ArrayList<Callable<Returns.Outcome>>();
            for (int till = 0; till < 8; till++) credits.add(() -> returns.credit(d1.id(), view.id(), UUID.randomUUID(), network.today(), CLERK));
            int posted = 0;
            for (var future : tills.invokeAll(credits)) if (future.get() instanceof Returns.Outcome.Done) posted++;
            assertThat(posted).isEqualTo(1);
            var cancelled = billing.cancel(d1.id(), bill.id(), UUID.randomUUID(), "no", OWNER);
            assertThat(cancelled).isInstanceOf(Billing.CancelOutcome.TooLate.class);
        } finally {
            tills.shutdownNow();
        }
    }

    /// Domain 12.2 and 2.7: who may see, ask for, decide on, receive and credit returns, role by role.
    @Test
    @Tag("GOV-01") @Tag("RET-02")
    void theMatrixOfTheDomainHoldsForEveryRole() {
        var may = java.util.Map.of(
                io.offtake.access.Permission.RETURN_READ, Set.of(Role.SO, Role.FIN, Role.RSM, Role.ASM, Role.REP, Role.VS, Role.DO, Role.BC, Role.GK, Role.CA, Role.AUD),
                io.offtake.access.Permission.RETURN_REQUEST, Set.of(Role.REP, Role.VS, Role.DO, Role.BC),
                io.offtake.access.Permission.RETURN_APPROVE, Set.of(Role.BC, Role.DO, Role.ASM, Role.RSM),
                io.offtake.access.Permission.RETURN_RECEIVE, Set.of(Role.GK, Role.BC, Role.DO),
                io.offtake.access.Permission.RETURN_CREDIT, Set.of(Role.BC));
        for (var role : Role.values()) {
            var who = new io.offtake.access.Caller(1, "x", "X", Set.of(role), io.offtake.platform.RowScope.of(1L), "en");
            may.forEach((permission, roles) -> assertThat(who.can(permission)).as(role + " " + permission).isEqualTo(roles.contains(role)));
            // who approves nothing has no limit, and doubtful ones are not the clerk's
            var limits = returns.limits(Set.of(role));
            assertThat(limits.ordinary().signum() > 0).as(role + " approves").isEqualTo(may.get(io.offtake.access.Permission.RETURN_APPROVE).contains(role));
            if (role == Role.BC) assertThat(limits.doubtful()).isEqualByComparingTo("0");
        }
    }
}
