package io.offtake.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.billing.Billing;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.Reversals;
import io.offtake.billing.Terms;
import io.offtake.claims.app.ClaimDesk;
import io.offtake.claims.app.ClaimMetrics;
import io.offtake.insight.Asker;
import io.offtake.insight.FactsFeed;
import io.offtake.insight.Insight;
import io.offtake.insight.Question;
import io.offtake.claims.app.ClaimViews;
import io.offtake.claims.app.ClaimWork;
import io.offtake.claims.app.TradeSpend;
import io.offtake.governance.Policies;
import io.offtake.launch.Verify;
import io.offtake.platform.Actor;
import io.offtake.platform.Evidence;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ProblemException;
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
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// A claim from the bill to the credit note, in the books of both parties (P-03, P-09), with everything that may come between.
@ServerTest
class ClaimFlowTest {
    private static final Actor CLERK = new Actor(1, "clerk");

    @Autowired Billing billing;
    @Autowired Reversals reversals;
    @Autowired ClaimDesk desk;
    @Autowired ClaimWork work;
    @Autowired ClaimViews views;
    @Autowired ClaimMetrics metrics;
    @Autowired Insight insight;
    @Autowired FactsFeed feed;
    @Autowired TradeSpend spend;
    @Autowired Evidence evidence;
    @Autowired Policies policies;
    @Autowired TenantTransaction transactions;
    @Autowired TestDatabase database;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;
    private LocalDate month;
    private Caller owner;
    private Caller auditor;
    private Caller other;
    private Caller finance;
    private Caller treasurer;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        month = network.today().minusMonths(1).withDayOfMonth(1);
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 10_000);
        network.batch(d1, "S3", "A3", "115.00", network.today().plusDays(300), 10_000);
        policy("claim.holdout-percent", "0");
        owner = ClaimWorld.person(11, d1.id(), Role.DO);
        auditor = ClaimWorld.person(21, d1.id(), Role.CA);
        other = ClaimWorld.person(22, d1.id(), Role.CA);
        finance = ClaimWorld.person(31, d1.id(), Role.FIN);
        treasurer = ClaimWorld.person(32, d1.id(), Role.FIN);
    }

    private void policy(String key, String value) {
        transactions.shared(db -> db.sql("insert into governance.policy (key, scope, scope_value, value, valid_from) values (?, 'DISTRIBUTOR', ?, ?, date '2025-01-01')").params(key, Long.toString(d1.id()), value).update());
        policies.refresh();
    }

    private long scheme(String code, String sku, String percent) {
        return network.scheme(code, "M1", "\"stage\":\"LINE\",\"mechanic\":{\"type\":\"DISCOUNT\",\"reward\":{\"percent\":\"" + percent + "\"}},\"products\":{\"skuIds\":[\"" + network.skus.get(sku)
                + "\"]},\"eligibility\":{},\"priority\":10,\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"PTS\"", month, network.today().plusDays(40));
    }

    private UUID bill(UUID outlet, String sku, int qty, int day) {
        var bill = new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), month.plusDays(day - 1), SaleType.COUNTER, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get(sku), BigDecimal.valueOf(qty), null, null, null, null, null)), null);
        assertThat(billing.postAll(List.of(bill), CLERK, Terms.HISTORY)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class));
        return bill.id();
    }

    /// Goods of a bill's first line come back today (P-07).
    private void returned(UUID bill, int qty) {
        transactions.writeOn(d1.id(), connection -> {
            var parts = List.of(new Reversals.Part(1, 1, BigDecimal.valueOf(qty), BigDecimal.ZERO, List.of()));
            assertThat(reversals.hold(connection, d1.id(), bill, parts)).isInstanceOf(Reversals.HoldOutcome.Held.class);
            assertThat(reversals.credit(connection, new Reversals.ReverseInvoice(UUID.randomUUID(), d1.id(), bill, d1.warehouse(), network.today(), "damaged", null, parts), CLERK))
                    .isInstanceOf(PostCreditNoteOutcome.Posted.class);
            return true;
        });
    }

    private UUID drafted(long scheme) {
        desk.draft(d1.id(), YearMonth.from(month));
        return transactions.<UUID>write(d1.id(), db -> db.sql("select id from claims.claim where distributor_id = ? and scheme_id = ? and status = 'DRAFT'").params(d1.id(), scheme).query(UUID.class).single());
    }

    private String status(UUID claim) {
        return views.get(owner, claim).claim().status();
    }

    /// Σ of an account of a scheme.
    private BigDecimal account(String account, long scheme) {
        return transactions.<BigDecimal>write(d1.id(), db -> db.sql("select coalesce(sum(amount), 0) from receivables.journal_entry where distributor_id = ? and account = ? and scheme_id = ?").params(d1.id(), account, scheme)
                .query(BigDecimal.class).single());
    }

    private Map<String, BigDecimal> last(String type) {
        var document = transactions.<UUID>write(d1.id(), db -> db.sql("select document_id from receivables.journal_entry where distributor_id = ? and document_type = ? order by document_id desc limit 1").params(d1.id(), type)
                .query(UUID.class).single());
        return network.journal(d1, document);
    }

    private void verified() {
        try (var connection = database.access().asNetwork()) {
            assertThat(Verify.run(connection, Progress.SILENT).findings()).filteredOn(finding -> finding.distributorId() == d1.id()).isEmpty();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static String code(Throwable failure) {
        return failure instanceof ProblemException problem ? problem.problem().code().name() + " " + problem.problem().rule() : failure.toString();
    }

    private static void refused(String expected, Callable<?> call) {
        assertThatThrownBy(call::call).satisfies(failure -> assertThat(code(failure)).startsWith(expected));
    }

    @Test
    @Tag("CLM-02") @Tag("CLM-03") @Tag("CLM-09") @Tag("CLM-22") @Tag("CMP-04") @Tag("SCH-06")
    void p09AClaimIsCutAndSettledByAFinancialCreditNote() {
        policy("claim.straight-through-limit", "0");
        var scheme = scheme("FOUR", "S1", "0.04");
        var bill = bill(d1.o1(), "S1", 185, 5);
        assertThat(account("1405", scheme)).isEqualByComparingTo("256.26");
        var claim = drafted(scheme);
        assertThat(views.get(owner, claim).claim()).satisfies(head -> {
            assertThat(head.claimed()).isEqualByComparingTo("256.26");
            assertThat(head.number()).startsWith("CLM");
            assertThat(head.awaits()).isEqualTo("DISTRIBUTOR");
        });
        desk.submit(owner, claim);
        assertThat(account("1400", scheme)).isEqualByComparingTo("256.26");
        assertThat(account("1405", scheme)).isEqualByComparingTo("0");
        assertThat(status(claim)).isEqualTo("IN_REVIEW");
        var line = views.lines(auditor, claim, ListQuery.first()).items().getFirst();
        assertThat(line.invoiceId()).isEqualTo(bill);
        assertThat(line.qty()).isEqualByComparingTo("185");
        // a cut has a reason, and nothing is raised above what the bill gives
        refused("INVALID", () -> desk.decided(auditor, claim, null, new ClaimDesk.Decision("LINES", null, null, List.of(new Claims.LineDecision(1, new BigDecimal("240.00"), "NICE_TRY", null)), null)));
        refused("INVALID", () -> desk.decided(auditor, claim, null, new ClaimDesk.Decision("LINES", null, null, List.of(new Claims.LineDecision(1, new BigDecimal("256.27"), "RULE_WRONG", null)), null)));
        desk.decide(auditor, claim, "LINES", null, List.of(new Claims.LineDecision(1, new BigDecimal("240.00"), "NOT_ELIGIBLE", null)));
        assertThat(status(claim)).isEqualTo("PARTLY_APPROVED");
        assertThat(last("CLAIM_DECISION")).satisfies(journal -> {
            assertThat(journal.get("5120")).isEqualByComparingTo("16.26");
            assertThat(journal.get("1400")).isEqualByComparingTo("-16.26");
            assertThat(journal.get("P2400")).isEqualByComparingTo("16.26");
            assertThat(journal.get("P6100")).isEqualByComparingTo("-16.26");
        });
        var settlement = UUID.randomUUID();
        desk.settle(finance, claim, settlement, "FIN_CN", null);
        assertThat(network.journal(d1, settlement)).satisfies(journal -> {
            assertThat(journal.get("2100")).isEqualByComparingTo("240.00");
            assertThat(journal.get("1400")).isEqualByComparingTo("-240.00");
            assertThat(journal.get("P2400")).isEqualByComparingTo("240.00");
            assertThat(journal.get("P1250")).isEqualByComparingTo("-240.00");
        });
        // again under the same id is the same note
        assertThat(desk.settled(finance, claim, new ClaimDesk.Settle(settlement, "FIN_CN", null, null)).number()).isEqualTo(views.settlement(owner, settlement).number());
        for (var account : List.of("1400", "1405", "P2400")) assertThat(account(account, scheme)).as(account).isEqualByComparingTo("0");
        assertThat(status(claim)).isEqualTo("SETTLED");
        var sums = spend.of(finance, "scheme", new TradeSpend.Filter(month, network.today(), d1.id(), null, scheme, null, null)).totals();
        assertThat(List.of(sums.promised(), sums.accrued(), sums.claimed(), sums.approved(), sums.settled(), sums.disallowed(), sums.open()).stream().map(BigDecimal::toPlainString).toList())
                .containsExactly("256.26", "256.26", "256.26", "240.00", "240.00", "16.26", "0.00");
        // every rupee opens to its bill
        assertThat(spend.entries(finance, ListQuery.first(), new TradeSpend.Filter(month, network.today(), d1.id(), null, scheme, null, null)).items()).hasSize(6).allSatisfy(entry -> assertThat(entry.invoiceId()).isEqualTo(bill));
        assertThat(views.history(owner, claim).items().stream().map(ClaimViews.EventView::action).toList()).containsExactly("DRAFTED", "SUBMITTED", "VALIDATED", "DECIDED", "SETTLED");
        verified();
    }

    /// A claim of 256.26 on one bill, of which an auditor has approved 240.00.
    private UUID cutTo240() {
        policy("claim.straight-through-limit", "0");
        var scheme = scheme("FOUR", "S1", "0.04");
        bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        desk.submit(owner, claim);
        desk.decide(auditor, claim, "LINES", null, List.of(new Claims.LineDecision(1, new BigDecimal("240.00"), "NOT_ELIGIBLE", null)));
        return claim;
    }

    @Test
    @Tag("CLM-22") @Tag("CMP-04")
    void p09ATaxCreditNoteTakesInputTaxBack() {
        var claim = cutTo240();
        var settlement = UUID.randomUUID();
        desk.settle(finance, claim, settlement, "TAX_CN", null);
        assertThat(network.journal(d1, settlement)).satisfies(journal -> {
            assertThat(journal.get("2100")).isEqualByComparingTo("252.00");
            assertThat(journal.get("1500")).isEqualByComparingTo("-12.00");
            assertThat(journal.get("P2200")).isEqualByComparingTo("12.00");
            assertThat(journal.get("P1250")).isEqualByComparingTo("-252.00");
        });
        assertThat(views.settlement(owner, settlement).taxes()).singleElement().satisfies(tax -> {
            assertThat(tax.cgst()).isEqualByComparingTo("6.00");
            assertThat(tax.sgst()).isEqualByComparingTo("6.00");
        });
        verified();

        // what is taken back later is charged with its tax again, so that credit and debit note together bear the tax of what stands: 139.97 × 2.5 % = 3.50
        desk.clawedBack(finance, claim, null, new ClaimDesk.Clawback("NOT_PROVEN", null, List.of(new ClaimDesk.Taken(1, new BigDecimal("100.03")))));
        desk.confirm(ClaimWorld.person(9103, d1.id(), Role.FIN), claim);
        var debit = views.get(owner, claim).settlements().getLast();
        assertThat(debit.amount()).isEqualByComparingTo("-100.03");
        assertThat(network.journal(d1, debit.id())).satisfies(journal -> {
            assertThat(journal.get("2100")).isEqualByComparingTo("-105.03");
            assertThat(journal.get("5120")).isEqualByComparingTo("100.03");
            assertThat(journal.get("1500")).isEqualByComparingTo("5.00");
            assertThat(journal.get("P2200")).isEqualByComparingTo("-5.00");
            assertThat(journal.get("P1250")).isEqualByComparingTo("105.03");
            assertThat(journal.get("P6100")).isEqualByComparingTo("-100.03");
        });
        assertThat(views.settlement(owner, debit.id())).satisfies(note -> {
            assertThat(note.total()).isEqualByComparingTo("-105.03");
            assertThat(note.taxes()).singleElement().satisfies(tax -> assertThat(List.of(tax.taxable(), tax.cgst(), tax.sgst())).containsExactly(new BigDecimal("-100.03"), new BigDecimal("-2.50"), new BigDecimal("-2.50")));
        });
        verified();
    }

    @Test
    @Tag("CLM-22") @Tag("CLM-24")
    void whatADisputeAddsIsSettledAsTheFirstPartWas() {
        var claim = cutTo240();
        desk.settle(finance, claim, UUID.randomUUID(), "TAX_CN", null);
        desk.dispute(owner, claim, "the outlet is in the segment", List.of(1));
        desk.decide(ClaimWorld.person(9104, d1.id(), Role.CA), claim, "LINES", null, List.of(new Claims.LineDecision(1, new BigDecimal("256.26"), "EVIDENCE_GIVEN", null)));
        refused("REFUSED CL-25", () -> desk.settled(finance, claim, new ClaimDesk.Settle(UUID.randomUUID(), "FIN_CN", null, null)));
        desk.settle(finance, claim, UUID.randomUUID(), "TAX_CN", null);
        // everything goes back, and with it every paisa of tax of both notes: 6.00 + 0.41
        desk.clawedBack(ClaimWorld.person(9105, d1.id(), Role.FIN), claim, null, new ClaimDesk.Clawback("NOT_PROVEN", null, List.of(new ClaimDesk.Taken(1, new BigDecimal("256.26")))));
        desk.confirm(ClaimWorld.person(9103, d1.id(), Role.FIN), claim);
        assertThat(network.journal(d1, views.get(owner, claim).settlements().getLast().id()).get("1500")).isEqualByComparingTo("12.82");
        verified();
    }

    @Test
    @Tag("CLM-06") @Tag("CLM-16")
    void cleanClaimsAreSettledInABatchByOneNote() {
        var one = scheme("ONE", "S1", "0.04");
        var two = scheme("TWO", "S3", "0.05");
        bill(d1.o1(), "S1", 60, 5);
        bill(d1.o2(), "S3", 10, 9);
        var claims = List.of(drafted(one), drafted(two));
        claims.forEach(claim -> desk.submit(owner, claim));
        claims.forEach(claim -> assertThat(status(claim)).isEqualTo("APPROVED"));
        var batch = views.batches(finance, null).items().getFirst();
        assertThat(batch.claims()).isEqualTo(2);
        refused("FORBIDDEN", () -> desk.settledBatch(auditor, batch.batch(), new ClaimDesk.Settle(UUID.randomUUID(), "FIN_CN", null, null)));
        var id = UUID.randomUUID();
        var settled = desk.settledBatch(finance, batch.batch(), new ClaimDesk.Settle(id, "FIN_CN", "MAR/CN/77", null));
        assertThat(settled.claims()).isEqualTo(2);
        assertThat(settled.settlements()).singleElement().satisfies(note -> assertThat(note.principalNoteNumber()).isEqualTo("MAR/CN/77"));
        claims.forEach(claim -> assertThat(status(claim)).isEqualTo("SETTLED"));
        assertThat(desk.settledBatch(finance, batch.batch(), new ClaimDesk.Settle(id, "FIN_CN", "MAR/CN/77", null)).settlements()).isEqualTo(settled.settlements());
        var measured = metrics.of(finance, network.today().minusDays(1), network.today().plusDays(1), d1.id(), null);
        assertThat(measured.stream().map(ClaimMetrics.Metric::id).toList()).containsExactly("KPI-64", "KPI-65", "KPI-66", "KPI-67", "KPI-68");
        assertThat(measured.get(2).value()).isEqualByComparingTo("1");
        assertThat(measured.get(3).value()).isEqualByComparingTo("1");
        feed.drain();
        var totals = insight.ask(new Asker("finance", Set.of(d1.id()), null), Question.of(List.of("leakage", "straight-through", "first-pass", "claim-tat", "claim-ageing"), List.of(), Question.Window.range(network.today().minusDays(40), network.today()))).totals();
        assertThat(totals.get("leakage").value()).isEqualTo("0");
        assertThat(totals.get("straight-through").value()).isEqualTo("100");
        assertThat(totals.get("first-pass").value()).isEqualTo("100");
        assertThat(totals.get("claim-tat").value()).isEqualTo("0");
        assertThat(totals.get("claim-ageing").value()).isEqualTo(measured.get(4).value().setScale(2).toPlainString());
        verified();
    }

    /// KPI-64…68 of one claim cut by a person and settled and one that passed by itself and is open, worked by hand.
    @Test
    @Tag("CLM-14") @Tag("CLM-17") @Tag("ANA-18")
    void figuresOfClaimsThatWereCut() {
        policy("claim.straight-through-limit", "100");
        var four = scheme("FOUR", "S1", "0.04");
        var five = scheme("FIVE", "S3", "0.05");
        bill(d1.o1(), "S1", 100, 5);                 // 100 × 34.63 × 4 % = 138.52
        bill(d1.o2(), "S3", 10, 9);                  // 10 × 84.00 × 5 % = 42.00
        var cut = drafted(four);
        var clean = drafted(five);
        desk.submit(owner, cut);
        desk.submit(owner, clean);
        desk.decide(auditor, cut, "LINES", null, List.of(new Claims.LineDecision(1, new BigDecimal("100.00"), "NOT_ELIGIBLE", null)));
        desk.settle(finance, cut, UUID.randomUUID(), "FIN_CN", null);
        assertThat(status(cut)).isEqualTo("SETTLED");
        assertThat(status(clean)).isEqualTo("APPROVED");
        feed.drain();
        var window = Question.Window.range(network.today().minusDays(40), network.today());
        var asker = new Asker("finance", Set.of(d1.id()), null);
        var totals = insight.ask(asker, Question.of(List.of("leakage", "straight-through", "first-pass", "claim-tat", "claim-ageing"), List.of(), window)).totals();
        assertThat(totals.get("leakage").value()).as("KPI-64").isEqualTo("21.34");                  // 38.52 ÷ 180.52
        assertThat(totals.get("claim-tat").value()).as("KPI-65").isEqualTo("0");
        assertThat(totals.get("straight-through").value()).as("KPI-66").isEqualTo("50");            // one of two
        assertThat(totals.get("first-pass").value()).as("KPI-67").isEqualTo("0");                   // the settled one was cut
        assertThat(totals.get("claim-ageing").value()).as("KPI-68").isEqualTo("42.00");
        var byScheme = insight.ask(asker, Question.of(List.of("leakage"), List.of("scheme"), window)).rows();
        assertThat(byScheme.stream().collect(java.util.stream.Collectors.toMap(row -> row.keys().get("scheme").id().toString(), row -> row.values().get("leakage").value())))
                .containsEntry(Long.toString(four), "27.81").containsEntry(Long.toString(five), "0");    // 38.52 ÷ 138.52
        verified();
    }

    @Test
    @Tag("CLM-03") @Tag("CLM-13")
    void oneSaleStandsInOneClaimWhateverRunsAtOnce() throws Exception {
        var scheme = scheme("FOUR", "S1", "0.04");
        for (int day = 1; day <= 6; day++) bill(d1.o1(), "S1", 10 + day, day);
        try (var threads = Executors.newFixedThreadPool(6)) {
            var runs = new ArrayList<Callable<Claims.Drafted>>();
            for (int at = 0; at < 6; at++) runs.add(() -> desk.draft(d1.id(), YearMonth.from(month)));
            int lines = 0;
            for (var run : threads.invokeAll(runs)) lines += run.get().lines();
            assertThat(lines).isEqualTo(6);
        }
        var claim = drafted(scheme);
        assertThat(views.get(owner, claim).claim().lineCount()).isEqualTo(6);
        // two people file it at once: it is filed once
        try (var threads = Executors.newFixedThreadPool(4)) {
            var runs = new ArrayList<Callable<String>>();
            for (int at = 0; at < 4; at++) runs.add(() -> {
                try {
                    desk.submit(owner, claim);
                    return "done";
                } catch (ProblemException refused) {
                    return refused.problem().code().name();
                }
            });
            var done = new ArrayList<String>();
            for (var run : threads.invokeAll(runs)) done.add(run.get());
            assertThat(done).containsOnlyOnce("done");
        }
        assertThat(account("1400", scheme)).isEqualByComparingTo(views.get(owner, claim).claim().claimed());
        // the database itself refuses a second live line of the same sale
        assertThatThrownBy(() -> transactions.write(d1.id(), db -> db.sql("""
                insert into claims.claim_line (distributor_id, claim_id, line, principal_id, type, scheme_id, sort, kind, source_id, source_line, source_part, sale_id, bill_key, business_date, outlet_id, channel, outlet_class, entitled, claimed)
                select distributor_id, claim_id, line + 100, principal_id, type, scheme_id, sort, kind, source_id, source_line, source_part, sale_id, bill_key, business_date, outlet_id, channel, outlet_class, entitled, claimed
                  from claims.claim_line where distributor_id = ? and claim_id = ? and line = 1""").params(d1.id(), claim).update())).hasMessageContaining("claim_line_once");
        verified();
    }

    @Test
    @Tag("CLM-02")
    void withdrawnSalesMayBeClaimedAgainAndLoweredAmountsOnlyFall() {
        var scheme = scheme("FOUR", "S1", "0.04");
        bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        int version = views.get(owner, claim).claim().version();
        refused("CLAIM_ABOVE_ENTITLEMENT CL-03", () -> desk.lower(owner, claim, version, List.of(new ClaimDesk.LineAmount(1, new BigDecimal("256.27"), null))));
        refused("STALE", () -> desk.lower(owner, claim, version + 1, List.of(new ClaimDesk.LineAmount(1, new BigDecimal("200.00"), null))));
        assertThat(desk.lower(owner, claim, version, List.of(new ClaimDesk.LineAmount(1, new BigDecimal("200.00"), "agreed"))).claimed()).isEqualByComparingTo("200.00");
        desk.withdraw(owner, claim, "made anew");
        assertThat(status(claim)).isEqualTo("WITHDRAWN");
        var again = drafted(scheme);
        assertThat(again).isNotEqualTo(claim);
        assertThat(views.get(owner, again).claim().claimed()).isEqualByComparingTo("256.26");
        verified();
    }

    @Test
    @Tag("CLM-09") @Tag("CLM-10") @Tag("CLM-24")
    void aQueryStopsTheClockAndADisputeIsDecidedByAnother() {
        policy("claim.straight-through-limit", "0");
        var scheme = scheme("FOUR", "S1", "0.04");
        bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        desk.submit(owner, claim);
        desk.query(auditor, claim, "Which delivery was that?");
        assertThat(views.get(owner, claim).claim()).satisfies(head -> {
            assertThat(head.status()).isEqualTo("QUERY");
            assertThat(head.clock().paused()).isTrue();
        });
        refused("ILLEGAL_STATE", () -> desk.decided(auditor, claim, null, new ClaimDesk.Decision("APPROVE", null, null, null, null)));
        desk.reply(owner, claim, "The one of the fifth.");
        desk.decide(auditor, claim, "REJECT", "NOT_PROVEN", List.of());
        assertThat(status(claim)).isEqualTo("REJECTED");
        assertThat(account("1400", scheme)).isEqualByComparingTo("0");
        assertThat(account("P2400", scheme)).isEqualByComparingTo("0");
        verified();
        desk.dispute(owner, claim, "The bill is signed.", List.of(1));
        refused("SAME_PERSON 2.10", () -> desk.decided(auditor, claim, null, new ClaimDesk.Decision("APPROVE", null, null, null, null)));
        desk.decide(other, claim, "LINES", null, List.of(new Claims.LineDecision(1, new BigDecimal("200.00"), "NOT_PROVEN", null)));
        assertThat(views.get(finance, claim).claim()).satisfies(head -> {
            assertThat(head.status()).isEqualTo("PARTLY_APPROVED");
            assertThat(head.cut()).isEqualByComparingTo("56.26");
        });
        assertThat(account("1400", scheme)).isEqualByComparingTo("200.00");
        verified();
        desk.settle(finance, claim, UUID.randomUUID(), "FIN_CN", null);
        assertThat(account("1400", scheme)).isEqualByComparingTo("0");
        refused("REFUSED 2.10", () -> desk.disputed(owner, claim, "again", List.of()));
        verified();

        // the last instance: a regional manager proposes, Finance confirms, and both have not decided on it before
        desk.appealed(owner, claim, "Here is the driver's copy.");
        assertThat(views.get(owner, claim).claim()).satisfies(head -> {
            assertThat(head.status()).isEqualTo("APPEALED");
            assertThat(head.clock().ownerRole()).isEqualTo("RSM");
        });
        var decision = new ClaimDesk.Decision("LINES", null, null, List.of(new Claims.LineDecision(1, new BigDecimal("256.26"), "EVIDENCE_GIVEN", null)), null);
        refused("FORBIDDEN", () -> desk.decided(auditor, claim, null, decision));
        var regional = ClaimWorld.person(9101, d1.id(), Role.RSM);
        desk.decided(regional, claim, null, decision);
        assertThat(views.get(finance, claim).claim().awaits()).isEqualTo("FINANCE");
        refused("FORBIDDEN", () -> desk.confirmed(regional, claim, null, null));
        desk.confirm(ClaimWorld.person(9102, d1.id(), Role.FIN), claim);
        assertThat(views.get(owner, claim).claim()).satisfies(head -> {
            assertThat(head.status()).isEqualTo("APPROVED");
            assertThat(head.cut()).isEqualByComparingTo("0");
        });
        assertThat(account("1400", scheme)).isEqualByComparingTo("56.26");
        desk.settle(finance, claim, UUID.randomUUID(), "FIN_CN", null);
        assertThat(account("1400", scheme)).isEqualByComparingTo("0");
        refused("REFUSED 2.10", () -> desk.appealed(owner, claim, "once more"));
        verified();

        // an audit finds it wrong: two others of Finance take a part back, by a debit note
        var taken = new ClaimDesk.Clawback("NOT_PROVEN", null, List.of(new ClaimDesk.Taken(1, new BigDecimal("100.00"))));
        refused("SAME_PERSON SOD-1", () -> desk.clawedBack(ClaimWorld.person(9102, d1.id(), Role.FIN), claim, null, taken));
        refused("INVALID", () -> desk.clawedBack(finance, claim, null, new ClaimDesk.Clawback("NOT_PROVEN", null, List.of(new ClaimDesk.Taken(1, new BigDecimal("256.27"))))));
        desk.clawedBack(finance, claim, null, taken);
        refused("SAME_PERSON SOD-1", () -> desk.confirmed(finance, claim, null, null));
        desk.confirm(ClaimWorld.person(9103, d1.id(), Role.FIN), claim);
        assertThat(views.get(owner, claim)).satisfies(detail -> {
            assertThat(detail.claim().status()).isEqualTo("CLAWED_BACK");
            assertThat(detail.claim().settled()).isEqualByComparingTo("156.26");
            assertThat(detail.claim().cut()).isEqualByComparingTo("100.00");
            assertThat(detail.settlements()).last().satisfies(note -> assertThat(note.amount()).isEqualByComparingTo("-100.00"));
        });
        assertThat(account("5120", scheme)).isEqualByComparingTo("100.00");
        verified();
    }

    @Test
    @Tag("CLM-03") @Tag("SCH-12")
    void aReturnAfterTheSettlementStandsAgainstTheNextClaim() {
        var scheme = scheme("FOUR", "S1", "0.04");
        var sold = bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        desk.submit(owner, claim);
        desk.settle(finance, claim, UUID.randomUUID(), "FIN_CN", null);
        returned(sold, 12);
        assertThat(account("1405", scheme)).isEqualByComparingTo("-16.62");
        verified();
        var sums = spend.of(finance, "outlet", new TradeSpend.Filter(month, network.today(), d1.id(), null, scheme, null, null)).totals();
        assertThat(sums.reversed()).isEqualByComparingTo("16.62");
        assertThat(sums.open()).isEqualByComparingTo("-16.62");
    }

    /// INV-02: whatever happens in whatever order, the books balance, and receivable, ledger and credit notes tie.
    @Test
    @Tag("CLM-15") @Tag("SCH-27")
    void theBooksTieAfterAnySequence() {
        policy("claim.straight-through-limit", "60");
        policy("claim.auditor-limit", "500");
        for (long seed = 1; seed <= 2; seed++) {
            var random = new java.util.Random(seed);
            var schemes = List.of(scheme("R1-" + seed, "S1", "0.04"), scheme("R3-" + seed, "S3", "0.03"));
            var left = new java.util.HashMap<UUID, Integer>();
            var told = new java.util.TreeMap<String, Integer>();
            for (int step = 0; step < 90; step++) {
                var claims = transactions.<List<UUID>>write(d1.id(), db -> db.sql("select id from claims.claim where distributor_id = ? and status <> 'WITHDRAWN' order by id").params(d1.id()).query(UUID.class).list());
                var claim = claims.isEmpty() ? null : claims.get(random.nextInt(claims.size()));
                var what = random.nextInt(12);
                var done = answer(() -> {
                    switch (what) {
                        case 0, 1, 2 -> left.put(bill(random.nextBoolean() ? d1.o1() : d1.o2(), random.nextBoolean() ? "S1" : "S3", 5 + random.nextInt(200), 1 + random.nextInt(27)), 5);
                        case 3 -> {
                            var bills = left.entrySet().stream().filter(bill -> bill.getValue() > 0).map(Map.Entry::getKey).sorted().toList();
                            if (bills.isEmpty()) return null;
                            var bill = bills.get(random.nextInt(bills.size()));
                            left.merge(bill, -1, Integer::sum);
                            returned(bill, 1);
                        }
                        case 4 -> desk.draft(d1.id(), YearMonth.from(month));
                        default -> {
                            if (claim == null) return null;
                            switch (what) {
                                case 5, 6 -> desk.submit(owner, claim);
                                case 7 -> desk.query(auditor, claim, "why");
                                case 8 -> desk.reply(owner, claim, "because");
                                case 9 -> {
                                    if (random.nextBoolean()) desk.decide(random.nextBoolean() ? auditor : other, claim, random.nextBoolean() ? "APPROVE" : "REJECT", "NOT_PROVEN", List.of());
                                    else desk.decide(auditor, claim, "LINES", null, List.of(new Claims.LineDecision(1, new BigDecimal("1.00"), "NOT_PROVEN", null)));
                                }
                                case 10 -> {
                                    if (random.nextBoolean()) desk.confirm(finance, claim);
                                    else desk.dispute(owner, claim, "no", List.of(1));
                                }
                                default -> desk.settle(treasurer, claim, UUID.randomUUID(), random.nextBoolean() ? "FIN_CN" : "TAX_CN", null);
                            }
                        }
                    }
                    return null;
                });
                told.merge(done.length() > 40 ? done.substring(0, 40) : done, 1, Integer::sum);
            }
            assertThat(told.keySet()).allMatch(done -> Set.of("done", "ILLEGAL_STATE", "REFUSED", "SAME_PERSON", "INVALID").contains(done));
            verified();
            var balance = transactions.<BigDecimal>write(d1.id(), db -> db.sql("select coalesce(sum(amount), 0) from receivables.journal_entry where distributor_id = ?").param(d1.id()).query(BigDecimal.class).single());
            assertThat(balance).isEqualByComparingTo("0");
            for (var scheme : schemes) assertThat(account("1400", scheme).add(account("1405", scheme))).isEqualByComparingTo(account("P2400", scheme).negate());
            // the ledger says of every scheme what the accounts say
            var sums = spend.of(finance, "distributor", new TradeSpend.Filter(month, network.today().plusDays(1), d1.id(), null, null, null, null)).totals();
            var books = transactions.<BigDecimal>write(d1.id(), db -> db.sql("select coalesce(sum(amount), 0) from receivables.journal_entry where distributor_id = ? and account in ('1400', '1405')").param(d1.id()).query(BigDecimal.class).single());
            assertThat(sums.open()).isEqualByComparingTo(books);
        }
    }

    @Test
    @Tag("CLM-04") @Tag("SCH-07") @Tag("SCH-05")
    void aQuarterlyBonusIsBookedDailyAndClaimedWithItsProof() {
        policy("claim.straight-through-limit", "50000");
        var scheme = network.scheme("QPS", "M8", """
                "stage":"ACCRUAL","mechanic":{"type":"QPS","basis":"NET_VALUE","period":"MONTH","method":"WHOLE","slabs":[{"from":"1000.00","reward":{"percent":"0.01"}},
                {"from":"5000.00","reward":{"percent":"0.02"}}]},"products":{},"eligibility":{},"priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS","settlement":"CREDIT_NOTE\"""",
                month, network.today().plusDays(40));
        bill(d1.o1(), "S3", 40, 3);                                            // 3,360.00 earns 33.60
        bill(d1.o1(), "S3", 30, 9);                                            // 5,880.00 earns 117.60
        assertThat(desk.bookAccruals(d1.id())).isEqualTo(2);
        assertThat(desk.bookAccruals(d1.id())).isZero();
        assertThat(account("1405", scheme)).isEqualByComparingTo("117.60");
        assertThat(account("2220", scheme)).isEqualByComparingTo("-117.60");
        assertThat(account("P2400", scheme)).isEqualByComparingTo("-117.60");
        var claim = drafted(scheme);
        assertThat(views.get(owner, claim).claim()).satisfies(head -> {
            assertThat(head.type()).isEqualTo("CT-2");
            assertThat(head.claimed()).isEqualByComparingTo("117.60");
            assertThat(head.missing()).containsExactly("PAYOUT_PROOF");
        });
        refused("CLAIM_EVIDENCE_MISSING CL-16", () -> desk.submit(owner, claim, null, null));
        // a paper that has not arrived yet proves nothing
        desk.attach(owner, claim, "PAYOUT_PROOF", "ab".repeat(32), "credit note.pdf");
        refused("CLAIM_EVIDENCE_MISSING CL-16", () -> desk.submit(owner, claim, null, null));
        desk.attach(owner, claim, "PAYOUT_PROOF", evidence.store(d1.id(), "%PDF-1.4\n%%EOF\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), "owner").hash(), "credit note.pdf");
        desk.submit(owner, claim);
        assertThat(status(claim)).isEqualTo("APPROVED");
        refused("REFUSED IN-21", () -> desk.settled(finance, claim, new ClaimDesk.Settle(UUID.randomUUID(), "TAX_CN", null, null)));
        desk.settle(finance, claim, UUID.randomUUID(), "FIN_CN", null);
        for (var account : List.of("1400", "1405", "P2400")) assertThat(account(account, scheme)).as(account).isEqualByComparingTo("0");
        verified();
    }

    @Test
    @Tag("CLM-11") @Tag("GOV-01") @Tag("GOV-12") @Tag("GOV-17")
    void nobodyDecidesHisOwnCaseAndLargeClaimsNeedTwo() {
        policy("claim.straight-through-limit", "0");
        policy("claim.auditor-limit", "100");
        var scheme = scheme("FOUR", "S1", "0.04");
        bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        desk.submit(owner, claim);
        desk.decide(auditor, claim, "APPROVE", null, List.of());
        assertThat(views.get(auditor, claim).claim().awaits()).isEqualTo("FINANCE");
        assertThat(views.get(auditor, claim).may().whyNot()).isNull();
        refused("FORBIDDEN", () -> desk.confirmed(other, claim, null, null));
        // somebody of Finance who has proposed it may not confirm it
        desk.sentBack(finance, claim, "look at line 1 again");
        desk.decide(finance, claim, "APPROVE", null, List.of());
        refused("SAME_PERSON SOD-1", () -> desk.confirmed(finance, claim, null, null));
        assertThat(views.get(finance, claim).may().whyNot()).contains("SOD-1");
        desk.confirm(treasurer, claim);
        assertThat(status(claim)).isEqualTo("APPROVED");
        refused("SAME_PERSON SOD-1", () -> desk.settled(finance, claim, new ClaimDesk.Settle(UUID.randomUUID(), "FIN_CN", null, null)));
        refused("SAME_PERSON SOD-1", () -> desk.settled(treasurer, claim, new ClaimDesk.Settle(UUID.randomUUID(), "FIN_CN", null, null)));
        desk.settle(ClaimWorld.person(33, d1.id(), Role.FIN), claim, UUID.randomUUID(), "FIN_CN", null);
        assertThat(status(claim)).isEqualTo("SETTLED");
        verified();
    }

    /// Domain 12.2: who may prepare, file, decide, confirm, settle and see, role by role.
    @Test
    @Tag("CLM-11") @Tag("GOV-01") @Tag("CLM-13")
    void theMatrixOfTheDomainHoldsForEveryRole() {
        policy("claim.straight-through-limit", "0");
        var scheme = scheme("FOUR", "S1", "0.04");
        bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        var sees = Set.of(Role.SO, Role.FIN, Role.RSM, Role.ASM, Role.DO, Role.BC, Role.CA, Role.AUD);
        var steps = new java.util.LinkedHashMap<String, Set<Role>>();
        var calls = new java.util.LinkedHashMap<String, java.util.function.Function<Caller, Object>>();
        steps.put("prepare", Set.of(Role.DO, Role.BC));
        calls.put("prepare", who -> desk.attach(who, claim, "OTHER", "cd".repeat(32), "x.pdf", null));
        steps.put("reply", Set.of(Role.DO, Role.BC));
        calls.put("reply", who -> desk.replyTo(who, claim, "x"));
        steps.put("file", Set.of(Role.DO));
        calls.put("file", who -> desk.withdraw(who, claim, ""));
        steps.put("dispute", Set.of(Role.DO));
        calls.put("dispute", who -> desk.disputed(who, claim, "x", List.of()));
        steps.put("appeal", Set.of(Role.DO));
        calls.put("appeal", who -> desk.appealed(who, claim, "x"));
        steps.put("query", Set.of(Role.CA, Role.FIN));
        calls.put("query", who -> desk.ask(who, claim, "x", List.of()));
        steps.put("decide", Set.of(Role.CA, Role.FIN));
        calls.put("decide", who -> desk.decided(who, claim, null, new ClaimDesk.Decision("APPROVE", null, null, null, null)));
        steps.put("confirm", Set.of(Role.FIN));
        calls.put("confirm", who -> desk.confirmed(who, claim, null, null));
        steps.put("send back", Set.of(Role.FIN));
        calls.put("send back", who -> desk.sentBack(who, claim, "x"));
        steps.put("settle", Set.of(Role.FIN));
        calls.put("settle", who -> desk.settled(who, claim, new ClaimDesk.Settle(UUID.randomUUID(), "FIN_CN", null, null)));
        steps.put("claw back", Set.of(Role.FIN));
        calls.put("claw back", who -> desk.clawedBack(who, claim, null, new ClaimDesk.Clawback("NOT_PROVEN", null, List.of())));
        steps.put("lapse", Set.of(Role.FIN));
        calls.put("lapse", who -> desk.lapsed(who, new ClaimDesk.Lapse(null, d1.id(), scheme, 1, "x")));
        steps.put("waive, hear appeals", Set.of(Role.RSM));
        calls.put("waive, hear appeals", who -> desk.waive(who, claim, "x"));
        assertThat(calls.keySet()).isEqualTo(steps.keySet());
        for (var role : Role.values()) {
            var who = ClaimWorld.person(900 + role.ordinal(), d1.id(), role);
            assertThat(answer(() -> views.get(who, claim))).as(role + " sees").isEqualTo(sees.contains(role) ? "done" : "FORBIDDEN");
            for (var step : steps.entrySet()) {
                var told = answer(() -> calls.get(step.getKey()).apply(who));
                if (step.getValue().contains(role)) assertThat(told).as(role + " may " + step.getKey()).isNotEqualTo("FORBIDDEN");
                else assertThat(told).as(role + " may not " + step.getKey()).isEqualTo("FORBIDDEN");
            }
        }
        assertThat(status(claim)).isEqualTo("DRAFT");
    }

    private static String answer(Callable<?> call) {
        try {
            call.call();
            return "done";
        } catch (ProblemException refused) {
            return refused.problem().code().name();
        } catch (Exception failure) {
            return failure.toString();
        }
    }

    @Test
    @Tag("CLM-15") @Tag("GOV-12")
    void anOverruledRuleStandsInTheOverrideLogAndTunesIt() {
        var scheme = scheme("FOUR", "S1", "0.04");
        bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        transactions.write(d1.id(), db -> db.sql("update claims.claim_line set channel = 'X' where distributor_id = ? and claim_id = ?").params(d1.id(), claim).update());
        transactions.shared(db -> db.sql("update schemes.scheme_version set definition = jsonb_set(definition, '{eligibility}', '{\"channels\":[\"GROCER\"]}') where scheme_id = ?").param(scheme).update());
        desk.submit(owner, claim);
        assertThat(views.get(auditor, claim).claim().failLines()).isEqualTo(1);
        assertThat(views.lines(auditor, claim, ListQuery.first()).items().getFirst().results()).singleElement().satisfies(result -> {
            assertThat(result.rule()).isEqualTo("CL-04");
            assertThat(result.text()).contains("Channel X").contains("GROCER");
        });
        desk.decide(auditor, claim, "LINES", null, List.of(new Claims.LineDecision(1, new BigDecimal("256.26"), "EVIDENCE_GIVEN", "licence seen")));
        assertThat(status(claim)).isEqualTo("APPROVED");
        assertThat(transactions.<List<String>>shared(db -> db.sql("select rule || ' ' || reason from governance.override_entry where owner_id = ?").param(d1.id()).query(String.class).list())).containsExactly("CL-04 EVIDENCE_GIVEN: licence seen");
        assertThat(views.tuning(auditor, network.today().minusDays(1), network.today().plusDays(1)).items()).filteredOn(rule -> rule.rule().equals("CL-04")).singleElement().satisfies(rule -> {
            assertThat(rule.disagreed()).isEqualTo(1);
            assertThat(rule.falsePositiveRate()).isEqualByComparingTo("1");
        });
    }

    @Test
    @Tag("CLM-10") @Tag("CLM-17")
    void theClockEscalatesAndAnUnansweredQuestionEndsTheClaim() {
        policy("claim.straight-through-limit", "0");
        var scheme = scheme("FOUR", "S1", "0.04");
        bill(d1.o1(), "S1", 185, 5);
        var claim = drafted(scheme);
        desk.submit(owner, claim);
        work.keep(d1.id(), network.today().plusDays(8));
        assertThat(views.get(auditor, claim).claim()).satisfies(head -> assertThat(head.awaits()).isEqualTo("AUDITOR"));
        assertThat(views.history(auditor, claim).items()).filteredOn(event -> event.action().equals("ESCALATED")).singleElement().satisfies(event -> assertThat(event.details().path("level").asInt()).isIn(100, 150));
        work.keep(d1.id(), network.today().plusDays(8));
        assertThat(views.history(auditor, claim).items()).filteredOn(event -> event.action().equals("ESCALATED")).hasSize(1);
        assertThat(views.history(owner, claim).items()).noneMatch(event -> event.action().equals("ESCALATED"));
        desk.query(auditor, claim, "Which delivery was that?");
        work.keep(d1.id(), network.today().plusDays(29));
        assertThat(status(claim)).isEqualTo("QUERY");
        work.keep(d1.id(), network.today().plusDays(32));
        assertThat(status(claim)).isEqualTo("REJECTED");
        assertThat(views.history(owner, claim).items().getLast().reason()).isEqualTo("QUERY_UNANSWERED");
        verified();
    }
}
