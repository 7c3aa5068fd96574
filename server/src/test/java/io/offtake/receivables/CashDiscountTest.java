package io.offtake.receivables;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.platform.Progress;
import io.offtake.launch.Verify;
import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.platform.testing.TestDatabase;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.Decision;
import io.offtake.rules.Money;
import io.offtake.rules.Rate;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// M10 in the books: what a bill promised for early payment is given with the receipt (EX-18, P-17).
@ServerTest
class CashDiscountTest {
    private static final Actor CLERK = new Actor(1, "clerk");

    @Autowired Billing billing;
    @Autowired Collections collections;
    @Autowired TenantTransaction transactions;
    @Autowired TestDatabase database;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        network.batch(d1, "S3", "A1", "115.00", network.today().plusDays(300), 10_000);
        network.scheme("PAY", "M10", """
                "stage":"ACCRUAL","mechanic":{"type":"CASH_DISCOUNT","terms":[{"days":7,"percent":"0.02"},{"days":14,"percent":"0.01"}]},"products":{},"eligibility":{},
                "priority":10,"principalShare":"0","claimable":false,"claimRate":"PTS\"""", network.today().minusDays(40), network.today().plusDays(40));
    }

    private BigDecimal sold(UUID bill) {
        var posted = billing.post(new PostInvoice(bill, d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), SaleType.COUNTER, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S3"), BigDecimal.valueOf(30), null, null, null, null, null)), null), CLERK);
        assertThat(posted).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return open(bill);
    }

    private CollectionView paid(int day, String amount, PostCollection.Allocation... allocations) {
        var command = new PostCollection(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), network.today().plusDays(day), "CASH", new BigDecimal(amount), null, null, null,
                allocations.length == 0 ? null : List.of(allocations), null);
        var posted = ((Collections.Outcome.Posted) collections.postAll(List.of(command), CLERK, true).getFirst()).collection();
        // a repeat gives the same answer and settles nothing twice
        assertThat(((Collections.Outcome.AlreadyPosted) collections.postAll(List.of(command), CLERK, true).getFirst()).collection().settled()).isEqualTo(posted.settled());
        return posted;
    }

    private BigDecimal open(UUID bill) {
        return one("select open_amount from receivables.open_item where distributor_id = ? and document_id = ?", bill);
    }

    private BigDecimal one(String sql, UUID id) {
        return transactions.<BigDecimal>write(d1.id(), db -> db.sql(sql).params(d1.id(), id).query(BigDecimal.class).single());
    }

    private void verified() throws Exception {
        try (var connection = database.access().asNetwork()) {
            assertThat(Verify.run(connection, Progress.SILENT).findings()).filteredOn(finding -> finding.distributorId() == d1.id()).isEmpty();
        }
    }

    @Test
    @Tag("SCH-07") @Tag("RCV-03")
    void ex18EachReceiptEarnsTheTermOfItsDay() throws Exception {
        var bill = UUID.randomUUID();
        var payable = sold(bill);

        var first = paid(5, "2000.00");
        assertThat(first.settled()).singleElement().satisfies(settled -> {
            assertThat(settled.amount()).isEqualByComparingTo("2000.00");
            assertThat(settled.discount()).isEqualByComparingTo("40.82");
        });
        assertThat(open(bill)).isEqualByComparingTo(payable.subtract(new BigDecimal("2040.82")));
        assertThat(one("select sum(amount) from receivables.journal_entry where distributor_id = ? and document_id = ? and account = '4030'", first.id())).isEqualByComparingTo("40.82");
        assertThat(one("select sum(amount) from receivables.journal_entry where distributor_id = ? and document_id = ? and account = '1200'", first.id())).isEqualByComparingTo("-2040.82");

        var rest = open(bill);
        var discount = rest.movePointLeft(2).setScale(2, RoundingMode.HALF_UP);
        var second = paid(12, rest.subtract(discount).add(BigDecimal.TEN).toPlainString());
        assertThat(second.settled()).singleElement().satisfies(settled -> assertThat(settled.discount()).isEqualByComparingTo(discount));
        assertThat(second.onAccount()).isEqualByComparingTo("10.00");
        assertThat(open(bill)).isEqualByComparingTo("0");
        verified();
    }

    @Test
    @Tag("SCH-07") @Tag("RCV-03")
    void afterTheLastDayNothingIsDeductedAndWhatTheDiscountSparesStaysOnAccount() throws Exception {
        var late = UUID.randomUUID();
        var payable = sold(late);
        assertThat(paid(15, "100.00").settled()).singleElement().satisfies(settled -> assertThat(settled.discount()).isEqualByComparingTo("0"));
        assertThat(open(late)).isEqualByComparingTo(payable.subtract(new BigDecimal("100.00")));

        var early = UUID.randomUUID();
        var whole = sold(early);
        // the outlet pays all of it in time: the 2 % that it need not have paid are its own
        var discount = whole.movePointLeft(2).multiply(BigDecimal.TWO).setScale(2, RoundingMode.HALF_UP);
        var paid = paid(7, whole.toPlainString(), new PostCollection.Allocation(early, whole));
        assertThat(paid.onAccount()).isEqualByComparingTo(discount);
        assertThat(open(early)).isEqualByComparingTo("0");
        verified();
    }

    @Test
    @Tag("SCH-07")
    void ofSeveralSchemesTheHighestOfTheDayCounts() {
        var terms = CashTerms.of(List.of(discount("1", 3, "0.03", 20, "0.005"), discount("2", 10, "0.02")));
        assertThat(terms.terms()).extracting(CashTerms.Term::schemeId).containsExactly(1L, 2L, 1L);
        assertThat(CashTerms.parse(terms.text())).isEqualTo(terms);
        var settled = terms.settle(LocalDate.ofEpochDay(0), new BigDecimal("1000.00"), LocalDate.ofEpochDay(4), new BigDecimal("490.00"));
        assertThat(settled.settled()).isEqualByComparingTo("500.00");
        assertThat(settled.term()).isEqualTo(terms.terms().get(1));
    }

    private static Decision.CashDiscount discount(String scheme, Object... terms) {
        var rows = new ArrayList<Decision.CashTerm>();
        for (int at = 0; at < terms.length; at += 2)
            rows.add(new Decision.CashTerm((int) terms[at], Rate.ofPercent(new BigDecimal((String) terms[at + 1]).movePointRight(2).toPlainString()),
                    Money.zero(2)));
        return new Decision.CashDiscount(scheme, 1, rows);
    }
}
