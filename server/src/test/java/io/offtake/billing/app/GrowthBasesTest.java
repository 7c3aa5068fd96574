package io.offtake.billing.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome.Posted;
import io.offtake.billing.Terms;
import io.offtake.platform.Actor;
import io.offtake.platform.Partitions;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// EX-17: growth is counted from the same period a year before.
@ServerTest
class GrowthBasesTest {
    private static final Actor CLERK = new Actor(1, "clerk");

    @Autowired Billing billing;
    @Autowired GrowthBases growthBases;
    @Autowired TenantTransaction transactions;
    @Autowired Partitions partitions;
    @Autowired Clock clock;
    private Fixture network;
    private Fixture.Distributor d1;

    /// S3 costs 84.00.
    private PostInvoice bill(UUID outlet, LocalDate on, int pieces) {
        return new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, outlet, d1.warehouse(), on, SaleType.COUNTER, PaymentMode.CASH, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S3"), BigDecimal.valueOf(pieces), null, null, null, null, null)), null);
    }

    private BigDecimal accrued(long scheme, UUID outlet) {
        return transactions.<BigDecimal>write(d1.id(), db -> db.sql("select coalesce(sum(accrued), 0) from schemes.accrual where distributor_id = ? and scheme_id = ? and outlet_id = ?")
                .params(d1.id(), scheme, outlet).query(BigDecimal.class).single());
    }

    @Test
    @Tag("SCH-07") @Tag("SCH-13")
    void theBaseIsWhatWasBoughtAYearBeforeAndTooLittleIsNoBase() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        network.batch(d1, "S3", "A1", "115.00", network.today().plusDays(300), 10_000);
        var scheme = network.scheme("GROW", "M8", """
                "stage":"ACCRUAL","mechanic":{"type":"QPS","basis":"NET_VALUE","period":"MONTH","method":"WHOLE","growth":{"minBase":"1000.00"},
                "slabs":[{"from":"0.01","reward":{"percent":"0.02"}}]},"products":{},"eligibility":{},"priority":10,"principalShare":"1",
                "claimable":true,"claimRate":"PTS","settlement":"CREDIT_NOTE\"""", network.today().minusDays(40), network.today().plusDays(40));
        var lastYear = network.today().minusYears(1).withDayOfMonth(15);
        partitions.ensure(lastYear, lastYear);
        // o1 bought for 20,160.00, o2 for 84.00: below the least base
        assertThat(billing.postAll(List.of(bill(d1.o1(), lastYear, 240), bill(d1.o2(), lastYear, 1)), CLERK, Terms.HISTORY)).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Posted.class));

        assertThat(billing.post(bill(d1.o1(), network.today(), 143), CLERK)).isInstanceOf(Posted.class);          // 12,012.00
        assertThat(accrued(scheme, d1.o1())).as("no base is known yet").isEqualByComparingTo("0");
        growthBases.find(d1.id(), network.today());
        growthBases.find(d1.id(), network.today());
        assertThat(billing.post(bill(d1.o1(), network.today(), 107), CLERK)).isInstanceOf(Posted.class);          // 21,000.00 in all
        assertThat(accrued(scheme, d1.o1())).as("2 % of 840.00").isEqualByComparingTo("16.80");
        assertThat(billing.post(bill(d1.o2(), network.today(), 50), CLERK)).isInstanceOf(Posted.class);
        assertThat(accrued(scheme, d1.o2())).isEqualByComparingTo("0");
    }
}
