package io.offtake.example.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.example.domain.Country;
import io.offtake.example.domain.Goods;
import io.offtake.example.domain.Promotions;
import io.offtake.example.domain.Seed;
import io.offtake.example.domain.Shops;
import io.offtake.example.store.ExampleStore;
import io.offtake.launch.Verify;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.database.DatabaseAccess;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.Gstin;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// Two distributors and three weeks of the example, made through the bulk posting path.
@ServerTest(ownDatabase = true)
class ExampleNetworkTest {
    @Autowired Marulia marulia;
    @Autowired ExampleStore store;
    @Autowired TenantTransaction transactions;
    @Autowired DatabaseAccess database;
    @Autowired Clock clock;

    @Test
    @Tag("INT-16") @Tag("ORD-25") @Tag("STK-01") @Tag("RCV-08") @Tag("CLM-01")
    void goesOnWhereItWasCutOffAndTheLedgersReDerive() throws Exception {
        // some days of the month before, so that there is something to claim
        var three = marulia.today().minusDays(21);
        var before = marulia.today().withDayOfMonth(1).minusDays(8);
        var from = before.isBefore(three) ? before : three;
        var days = new AtomicInteger();
        assertThatThrownBy(() -> marulia.generate(from, 2, 40, (what, done, total) -> {
            if (what.startsWith("Posting") && days.incrementAndGet() > 15) throw new IllegalStateException("cut off");
        })).hasMessageContaining("cut off");
        assertThat(marulia.isPresent()).isFalse();
        marulia.generate(from, 2, 40, (what, done, total) -> {});
        assertThat(marulia.isPresent()).isTrue();
        assertThat(marulia.counts().refused().get()).as("bills refused").isLessThanOrEqualTo(marulia.counts().bills().get() / 20);

        // a later start finds nothing to do
        marulia.generate(from, 2, 40, (what, done, total) -> {});
        assertThat(marulia.counts().bills().get()).isZero();

        try (var connection = database.asNetwork()) {
            var report = Verify.run(connection, (what, done, total) -> {});
            assertThat(report.findings()).isEmpty();
            assertThat(report.distributors()).isGreaterThanOrEqualTo(2);
            try (var statement = connection.createStatement();
                 var row = statement.executeQuery("/* network: what the example holds */ select count(*), count(distinct outlet_id), count(*) filter (where kind = 'INVOICE' and business_date = current_date) from billing.invoice")) {
                row.next();
                assertThat(row.getInt(1)).isGreaterThan(200);
                assertThat(row.getInt(2)).isGreaterThan(40);
            }
            try (var statement = connection.createStatement();
                 var row = statement.executeQuery("/* network: claims of the example */ select count(distinct status), count(*) filter (where submitted_id < 0 or submitted_by = 'owner') from claims.claim")) {
                row.next();
                assertThat(row.getInt(1)).as("states of claims").isGreaterThanOrEqualTo(3);
                assertThat(row.getInt(2)).as("filed claims").isPositive();
            }
            try (var statement = connection.createStatement();
                 var row = statement.executeQuery("""
                         /* network: dates in the order of the ledger */
                         select count(*) from (select business_date, lag(business_date) over (partition by distributor_id order by seq) as before
                           from platform.outbox where topic = 'invoice.posted') o where business_date < before""")) {
                row.next();
                assertThat(row.getInt(1)).as("bills out of date order in a distributor's ledger").isZero();
            }
        }
        assertThat(marulia.doors()).extracting(io.offtake.platform.ExampleNetwork.Door::username).contains("sales", "finance", "clerk");
    }

    @Test
    @Tag("OUT-01") @Tag("OUT-12")
    void isInventedFromTheSeedAlone() {
        assertThat(Seed.of("Kesar", 1)).isEqualTo(Seed.of("Kesar", 1)).isNotEqualTo(Seed.of("Kesar", 2));
        UUID id = Seed.id(java.time.Instant.ofEpochSecond(1_700_000_000), "x");
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(Shops.outlets(Country.DISTRIBUTORS.getFirst(), 100)).isEqualTo(Shops.outlets(Country.DISTRIBUTORS.getFirst(), 100));
        assertThat(Goods.SKUS).hasSize(300);
        assertThat(Country.DISTRIBUTORS).hasSize(12);
        assertThat(Promotions.between(LocalDate.of(2025, 9, 25), LocalDate.of(2026, 11, 25))).hasSize(21);
    }

    @Test
    @Tag("OUT-01") @Tag("OUT-12") @Tag("CMP-01")
    void identitiesAreOfTheRightForm() {
        var gtins = new HashSet<String>();
        for (var sku : Goods.SKUS) {
            for (var gtin : new String[] {sku.gtin(), sku.caseGtin()}) {
                assertThat(gtins.add(gtin)).as(gtin).isTrue();
                int sum = 0;
                for (int at = 0; at < gtin.length(); at++) sum += (gtin.charAt(gtin.length() - 1 - at) - '0') * (at % 2 == 0 ? 1 : 3);
                assertThat(sum % 10).as(gtin).isZero();
            }
            assertThat(sku.ptr(sku.mrp()).multiply(java.math.BigDecimal.ONE.add(sku.gst()))).as(sku.name()).isLessThan(sku.mrp());
            assertThat(sku.pts(sku.newMrp() == null ? sku.mrp() : sku.newMrp())).as(sku.name() + " at the old price").isLessThan(sku.ptr(sku.mrp()));
        }
        int registered = 0;
        int all = 0;
        for (var distributor : Country.DISTRIBUTORS) {
            for (var outlet : Shops.outlets(distributor, 100)) {
                all++;
                if (outlet.gstin() == null) continue;
                registered++;
                assertThat(Gstin.isValid(outlet.gstin())).as(outlet.gstin()).isTrue();
                assertThat(Gstin.stateCode(outlet.gstin())).isEqualTo(outlet.stateCode());
            }
            assertThat(Gstin.isValid(Shops.gstin(distributor.stateCode() + distributor.pan() + "1Z"))).as(distributor.name()).isTrue();
        }
        assertThat(all).isEqualTo(1200);
        assertThat(registered * 100 / all).isBetween(24, 38);
    }
}
