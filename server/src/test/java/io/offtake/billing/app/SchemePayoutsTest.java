package io.offtake.billing.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome.Posted;
import io.offtake.billing.SchemePayouts;
import io.offtake.billing.SchemePayouts.Outcome;
import io.offtake.billing.SchemePayouts.PaySchemes;
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
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// P-15: what outlets earned outside of their bills is paid by credit note, once.
@ServerTest
class SchemePayoutsTest {
    private static final Actor CLERK = new Actor(1, "clerk");
    private static final Actor OWNER = new Actor(2, "owner");

    @Autowired Billing billing;
    @Autowired SchemePayouts payouts;
    @Autowired RetrospectiveSchemes retrospective;
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

    private long scheme(String code, String body) {
        return network.scheme(code, "M8", body + """
                ,"products":{},"eligibility":{},"priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS","settlement":"CREDIT_NOTE\"""",
                network.today().minusDays(40), network.today().plusDays(40));
    }

    /// S3 costs 84.00.
    private PostInvoice bill(UUID outlet, int pieces) {
        var bill = new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), network.today(), SaleType.COUNTER, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S3"), BigDecimal.valueOf(pieces), null, null, null, null, null)), null);
        assertThat(billing.post(bill, CLERK)).isInstanceOf(Posted.class);
        return bill;
    }

    private Outcome.Paid pay(long scheme, UUID run) {
        return (Outcome.Paid) payouts.pay(scheme, new PaySchemes(run, d1.id(), network.today()), OWNER);
    }

    private BigDecimal balance(UUID outlet) {
        return transactions.<BigDecimal>write(d1.id(), db -> db.sql("select balance from receivables.outlet_account where distributor_id = ? and outlet_id = ?")
                .params(d1.id(), outlet).query(BigDecimal.class).single());
    }

    private void verified() throws Exception {
        try (var connection = database.access().asNetwork()) {
            assertThat(Verify.run(connection, Progress.SILENT).findings()).filteredOn(finding -> finding.distributorId() == d1.id()).isEmpty();
        }
    }

    @Test
    @Tag("SCH-07") @Tag("SCH-14") @Tag("SCH-26")
    void aRebateByCreditNoteIsPaidOncePerRunAndOutlet() throws Exception {
        var scheme = scheme("REBATE", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.05"}}""");
        bill(d1.o1(), 100);                                                                                // 8,400.00
        var cancelled = bill(d1.o2(), 10);
        var before = balance(d1.o1());
        assertThat(payouts.due(RowScope.of(d1.id()), d1.id(), scheme, network.today())).extracting(SchemePayouts.Due::amount).anySatisfy(due -> assertThat(due).isEqualByComparingTo("420.00"));
        assertThat(billing.cancel(d1.id(), cancelled.id(), UUID.randomUUID(), "wrong outlet", OWNER)).isInstanceOf(Billing.CancelOutcome.Cancelled.class);

        var run = UUID.randomUUID();
        var paid = pay(scheme, run);
        assertThat(paid.replayed()).isFalse();
        assertThat(paid.payouts()).singleElement().satisfies(note -> {
            assertThat(note.outletId()).isEqualTo(d1.o1());
            assertThat(note.amount()).isEqualByComparingTo("420.00");
        });
        assertThat(balance(d1.o1())).isEqualByComparingTo(before.subtract(new BigDecimal("420.00")));
        // the same run again, and a new run with nothing left
        assertThat(pay(scheme, run)).satisfies(again -> {
            assertThat(again.replayed()).isTrue();
            assertThat(again.payouts()).isEqualTo(paid.payouts());
        });
        assertThat(pay(scheme, UUID.randomUUID()).payouts()).isEmpty();
        bill(d1.o1(), 10);
        assertThat(pay(scheme, UUID.randomUUID()).payouts()).singleElement().satisfies(note -> assertThat(note.amount()).isEqualByComparingTo("42.00"));
        assertThat(payouts.paid(RowScope.of(d1.id()), scheme)).hasSize(2);
        verified();
    }

    @Test
    @Tag("SCH-07")
    void ex16WhatAReturnTookBackAfterThePayoutLowersTheNext() throws Exception {
        var scheme = scheme("REBATE", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.05"}}""");
        var sold = bill(d1.o1(), 100);
        pay(scheme, UUID.randomUUID());                                                                    // 420.00
        assertThat(billing.cancel(d1.id(), sold.id(), UUID.randomUUID(), "wrong outlet", OWNER)).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        assertThat(pay(scheme, UUID.randomUUID()).payouts()).isEmpty();
        bill(d1.o1(), 150);                                                                                // 630.00, of which 420.00 were paid
        assertThat(pay(scheme, UUID.randomUUID()).payouts()).singleElement().satisfies(note -> assertThat(note.amount()).isEqualByComparingTo("210.00"));
        verified();
    }

    @Test
    @Tag("SCH-07")
    void ex15APeriodIsPaidWhenItIsOver() {
        var scheme = scheme("QPS", """
                "stage":"ACCRUAL","mechanic":{"type":"QPS","basis":"NET_VALUE","period":"MONTH","method":"WHOLE","slabs":[{"from":"10000.00","reward":{"percent":"0.01"}}]}""");
        bill(d1.o1(), 143);                                                                                // 12,012.00
        assertThat(pay(scheme, UUID.randomUUID()).payouts()).isEmpty();
        var over = network.today().withDayOfMonth(1).plusMonths(1);
        assertThat(payouts.due(RowScope.of(d1.id()), d1.id(), scheme, over.minusDays(1))).isEmpty();
        assertThat(payouts.due(RowScope.of(d1.id()), d1.id(), scheme, over)).singleElement().satisfies(due -> assertThat(due.amount()).isEqualByComparingTo("120.12"));
    }

    @Test
    @Tag("SCH-12") @Tag("SCH-07")
    void ex29ARetrospectiveSchemePaysForTheBillsBeforeItsApproval() throws Exception {
        var first = bill(d1.o1(), 100);                                                                    // 8,400.00, before the scheme is there
        bill(d1.o2(), 10);
        var today = network.today();
        var scheme = network.scheme("RETRO", "M1", """
                "stage":"LINE","mechanic":{"type":"DISCOUNT","reward":{"percent":"0.04"}},"products":{},"eligibility":{},"priority":10,"principalShare":"1","claimable":true,
                "claimRate":"PTS","retrospective":true,"approvedOn":%d""".formatted(today.plusDays(1).toEpochDay()), today.minusDays(9), today.plusDays(20));
        var tomorrow = today.plusDays(1);
        retrospective.run(d1.id(), today);
        assertThat(payouts.due(RowScope.of(d1.id()), d1.id(), scheme, today)).as("it is approved tomorrow").isEmpty();
        retrospective.run(d1.id(), tomorrow);
        retrospective.run(d1.id(), tomorrow);
        assertThat(payouts.due(RowScope.of(d1.id()), d1.id(), scheme, today)).extracting(SchemePayouts.Due::amount).usingElementComparator(BigDecimal::compareTo)
                .containsExactlyInAnyOrder(new BigDecimal("336.00"), new BigDecimal("33.60"));
        assertThat(pay(scheme, UUID.randomUUID()).payouts()).hasSize(2);
        assertThat(transactions.<BigDecimal>write(d1.id(), db -> db.sql("select scheme_discount from billing.invoice where distributor_id = ? and id = ?").params(d1.id(), first.id())
                .query(BigDecimal.class).single())).as("the bill stays as it is").isEqualByComparingTo("0");
        verified();
    }
}
