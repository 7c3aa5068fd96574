package io.offtake.schemes;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.billing.Billing;
import io.offtake.billing.CreditNotes;
import io.offtake.billing.PostCreditNote;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome.Posted;
import io.offtake.billing.Terms;
import io.offtake.launch.Verify;
import io.offtake.platform.Actor;
import io.offtake.platform.Progress;
import io.offtake.platform.RowScope;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// M8 and M12: what a period adds up to, in the posting's own transaction, given back by cancellations and credit notes.
@ServerTest
class SchemeAccrualsTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    private static final Actor OWNER = new Actor(2, "owner");

    @Autowired Billing billing;
    @Autowired CreditNotes creditNotes;
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
    }

    /// EX-15: whole slabs of 1 % from 10,000, 2 % from 25,000, 3 % from 50,000.
    private long qps() {
        return network.scheme("QPS", "M8", """
                "stage":"ACCRUAL","mechanic":{"type":"QPS","basis":"NET_VALUE","period":"MONTH","method":"WHOLE","slabs":[{"from":"10000.00","reward":{"percent":"0.01"}},
                {"from":"25000.00","reward":{"percent":"0.02"}},{"from":"50000.00","reward":{"percent":"0.03"}}]},"products":{},"eligibility":{},"priority":10,"principalShare":"1",
                "claimable":true,"claimRate":"PTS","settlement":"CREDIT_NOTE\"""", network.today().minusDays(40), network.today().plusDays(40));
    }

    /// S3 costs 84.00.
    private PostInvoice bill(UUID outlet, int pieces) {
        return new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today(), SaleType.COUNTER, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S3"), BigDecimal.valueOf(pieces), null, null, null, null, null)), null);
    }

    private BigDecimal accrued(long scheme, UUID outlet) {
        return transactions.<BigDecimal>write(d1.id(), db -> db.sql("select coalesce(sum(accrued), 0) from schemes.accrual where distributor_id = ? and scheme_id = ? and outlet_id = ?")
                .params(d1.id(), scheme, outlet).query(BigDecimal.class).single());
    }

    private void verified() throws Exception {
        try (var connection = database.access().asNetwork()) {
            assertThat(Verify.run(connection, Progress.SILENT).findings()).filteredOn(finding -> finding.distributorId() == d1.id() && finding.check().startsWith("schemes")).isEmpty();
        }
    }

    @Test
    @Tag("SCH-07") @Tag("SCH-13")
    void ex15BillsOfAMonthAddUpAndASlabChangeReRatesAll() throws Exception {
        var scheme = qps();
        var bills = new ArrayList<PostInvoice>();
        for (var pieces : List.of(143, 95, 107)) bills.add(bill(d1.o1(), pieces));                       // 12,012.00, 7,980.00, 8,988.00
        assertThat(billing.post(bills.getFirst(), CLERK)).isInstanceOf(Posted.class);
        assertThat(accrued(scheme, d1.o1())).isEqualByComparingTo("120.12");
        // the bulk path sees what the documents before it added
        assertThat(billing.postAll(bills.subList(1, 3), CLERK, Terms.NATIVE)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Posted.class));
        assertThat(accrued(scheme, d1.o1())).isEqualByComparingTo("579.60");                              // 2 % of 28,980.00
        assertThat(accrued(scheme, d1.o2())).isEqualByComparingTo("0");
        verified();

        assertThat(billing.cancel(d1.id(), bills.getFirst().id(), UUID.randomUUID(), "wrong outlet", OWNER)).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        assertThat(accrued(scheme, d1.o1())).isEqualByComparingTo("169.68");                              // 1 % of 16,968.00
        verified();
    }

    @Test
    @Tag("SCH-07") @Tag("SCH-12")
    void ex16AReturnClawsTheAccrualBack() throws Exception {
        var scheme = qps();
        var sold = bill(d1.o1(), 345);                                                                     // 28,980.00 earns 2 %
        billing.post(sold, CLERK);
        assertThat(accrued(scheme, d1.o1())).isEqualByComparingTo("579.60");
        var back = new PostCreditNote(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), sold.id(), "damaged", null,
                List.of(new PostCreditNote.Line(1, network.skus.get("S3"), BigDecimal.valueOf(60), new BigDecimal("84.00"), null)));
        assertThat(creditNotes.post(back, CLERK)).isInstanceOf(PostCreditNoteOutcome.Posted.class);        // 23,940.00 stay
        assertThat(accrued(scheme, d1.o1())).isEqualByComparingTo("239.40");
        verified();
    }

    @Test
    @Tag("SCH-12")
    void px41ACreditNoteFreesTheBudgetOfWhatCameBack() throws Exception {
        var scheme = network.scheme("FIVE", "M1", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.05"}},"products":{},"eligibility":{},"priority":10,"principalShare":"1","claimable":true,
                "claimRate":"PTS","limits":{"perOutlet":{"amount":"500.00","period":"MONTH"}}""", network.today().minusDays(5), network.today().plusDays(5));
        var sold = bill(d1.o1(), 100);
        billing.post(sold, CLERK);
        assertThat(used(scheme)).isEqualByComparingTo("420.00");
        var back = new PostCreditNote(UUID.randomUUID(), d1.id(), network.principal, d1.o1(), d1.warehouse(), network.today(), sold.id(), "unsold", null,
                List.of(new PostCreditNote.Line(1, network.skus.get("S3"), BigDecimal.valueOf(50), new BigDecimal("79.80"), null)));
        // by hand it would leave the scheme's money with the outlet: a return takes it back
        assertThat(creditNotes.post(back, CLERK)).isEqualTo(new PostCreditNoteOutcome.SchemesGiven(1, numberOf(sold)));
        assertThat(used(scheme)).isEqualByComparingTo("420.00");
        creditNotes.postAll(List.of(back), CLERK, Terms.HISTORY);
        assertThat(used(scheme)).isEqualByComparingTo("210.00");
        verified();
    }

    private String numberOf(PostInvoice sold) {
        return transactions.<String>write(d1.id(), db -> db.sql("select number from billing.invoice where distributor_id = ? and id = ?").params(d1.id(), sold.id()).query(String.class).single());
    }

    private BigDecimal used(long scheme) {
        return transactions.<BigDecimal>write(d1.id(), db -> db.sql("select coalesce(sum(used), 0) from schemes.limit_balance where distributor_id = ? and scheme_id = ?")
                .params(d1.id(), scheme).query(BigDecimal.class).single());
    }

    @Test
    @Tag("SCH-07")
    void pointsAreEarnedBillByBillInWholeSteps() {
        var scheme = network.scheme("POINTS", "M12", """
                "stage":"ACCRUAL","mechanic":{"type":"POINTS","basis":"NET_VALUE","per":"100.00","points":"1","period":"MONTH"},"products":{},"eligibility":{},"priority":10,
                "principalShare":"1","claimable":true,"claimRate":"PTS\"""", network.today().minusDays(40), network.today().plusDays(40));
        billing.post(bill(d1.o1(), 13), CLERK);                                                            // 1,092.00
        assertThat(accrued(scheme, d1.o1())).isEqualByComparingTo("10");
        billing.post(bill(d1.o1(), 13), CLERK);                                                            // 2,184.00
        assertThat(accrued(scheme, d1.o1())).isEqualByComparingTo("20");
    }

    @Test
    @Tag("GOV-02") @Tag("SCH-17")
    void inv06APostedBillIsExplainedFromTheBookThatDecidedIt() {
        network.scheme("SLAB", "M2", """
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},
                "products":{},"eligibility":{},"priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""", network.today().minusDays(10), network.today().plusDays(10));
        var ids = new ArrayList<UUID>();
        for (int at = 0; at < 40; at++) {
            var command = bill(List.of(d1.o1(), d1.o2(), d1.o3()).get(at % 3), 10 + at);
            assertThat(billing.post(command, CLERK)).isInstanceOf(Posted.class);
            ids.add(command.id());
            // configuration changes between the bills: prices, schemes, SKUs
            int change = at;
            transactions.shared(db -> {
                if (change % 4 == 0) db.sql("update catalog.sku set pts = pts - 0.01, brand_id = (select max(id) from catalog.brand) where id = ?").param(network.skus.get("S3")).update();
                if (change % 4 == 1) db.sql("update schemes.scheme_version set status = case status when 'ACTIVE' then 'PAUSED' else 'ACTIVE' end where principal_id = ?").param(network.principal).update();
                if (change % 4 == 2) db.sql("update pricing.price_list_line set price = price - 0.01 where sku_id = ?").param(network.skus.get("S3")).update();
                db.sql("update governance.config_version set version = version + 1 where part = 'national'").update();
                return null;
            });
        }
        for (var id : ids) {
            var explained = billing.explain(RowScope.of(d1.id()), id).orElseThrow();
            assertThat(explained.same()).isTrue();
            assertThat(explained.answer()).contains("\"ladder\":[{\"line\":1");
        }
    }
}
