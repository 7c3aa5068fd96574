package io.offtake.insight;

import static io.offtake.insight.World.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.insight.app.Feed;
import io.offtake.insight.store.FeedStore;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Facts follow the change feed exactly once, in order, and can be made again (ANA-02, ANA-24).
@DatabaseTest
@Tag("ANA-02")
class FeedTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 10);

    private final TestDatabase database;
    private final TenantTransaction transactions;
    private final World world;
    private final FeedStore store;
    private final Feed feed;
    private long distributor;
    private long principal;
    private long s1;
    private long s2;
    private UUID outlet;

    FeedTest(TestDatabase database) {
        this.database = database;
        this.transactions = database.transactions();
        this.world = new World(transactions);
        this.store = new FeedStore(transactions, Clock.systemUTC());
        this.feed = new Feed(store);
    }

    @BeforeEach
    void network() {
        var name = UUID.randomUUID().toString().substring(0, 8);
        distributor = world.distributor("D" + name, null);
        principal = world.principal("P" + name);
        s1 = world.sku("S1" + name, principal, world.category("C" + name), world.brand("B" + name));
        s2 = world.sku("S2" + name, principal, world.category("CC" + name), world.brand("BB" + name));
        outlet = world.outlet(distributor, "O1", null, "GROCER", "A");
    }

    @Test
    void kpi01NetSecondaryValueIsNetOfDiscountBeforeTaxLessCreditNotes() {
        // P-03: 185 × 34.63 = 6,406.55 less the 4 % slab 256.26 = 6,150.29; 3 pieces free count nothing; 10 returned: 346.30 − 13.85
        world.invoice(distributor, principal, outlet, DAY, line(s1, 185, 3, "34.63", "256.26"));
        world.creditNote(distributor, principal, outlet, DAY.plusDays(2), line(s1, 10, 0, "34.63", "13.85"));
        feed.drain();
        assertThat(daily("nsv", DAY)).isEqualByComparingTo("6150.29");
        assertThat(daily("gross", DAY)).isEqualByComparingTo("6406.55");
        assertThat(daily("billed_qty", DAY)).isEqualByComparingTo("185");
        assertThat(daily("free_qty", DAY)).isEqualByComparingTo("3");
        assertThat(daily("nsv", DAY.plusDays(2))).isEqualByComparingTo("-332.45");
        assertThat(daily("returned_qty", DAY.plusDays(2))).isEqualByComparingTo("10");
        assertThat(daily("bills", DAY.plusDays(2))).isEqualByComparingTo("0");
    }

    @Test
    void cancelledDocumentsNeverCountAndGoFromTheirOwnDay() {
        var kept = world.invoice(distributor, principal, outlet, DAY, line(s1, 2, "10"), line(s2, 1, "5"));
        var gone = world.invoice(distributor, principal, outlet, DAY, line(s1, 3, "10"));
        feed.drain();
        world.cancel(distributor, principal, gone, DAY.plusDays(1));
        feed.drain();
        assertThat(daily("nsv", DAY)).isEqualByComparingTo("25.00");
        assertThat(daily("nsv", DAY.plusDays(1))).isEqualByComparingTo("0");
        assertThat(store.pending()).isEmpty();
        // posted and cancelled within one batch, and the last line of a day
        var both = world.invoice(distributor, principal, outlet, DAY.plusDays(3), line(s2, 7, "5"));
        world.cancel(distributor, principal, both, DAY.plusDays(3));
        feed.drain();
        assertThat(daily("lines", DAY.plusDays(3))).isEqualByComparingTo("0");
        var incremental = world.facts().stream().filter(row -> row.startsWith("sales_daily")).toList();
        store.rebuild(distributor, 1, _ -> {});
        assertThat(world.facts().stream().filter(row -> row.startsWith("sales_daily"))).isEqualTo(incremental);
        assertThat(kept).isNotNull();
    }

    @Test
    void lateAndBackDatedBillsLandOnTheirBusinessDate() {
        world.invoice(distributor, principal, outlet, DAY, line(s1, 1, "10"));
        feed.drain();
        world.invoice(distributor, principal, outlet, DAY.minusMonths(2), line(s1, 4, "10"));
        feed.drain();
        assertThat(daily("nsv", DAY.minusMonths(2))).isEqualByComparingTo("40");
        assertThat(daily("nsv", DAY)).isEqualByComparingTo("10");
    }

    @Test
    void anEventThatIsToldTwiceCountsOnce() {
        var invoice = world.invoice(distributor, principal, outlet, DAY, line(s1, 2, "10"));
        world.tellAgain(distributor, "invoice.posted", invoice, DAY);
        feed.drain();
        world.tellAgain(distributor, "invoice.posted", invoice, DAY);
        world.tellAgain(distributor, "invoice.delivered", invoice, DAY);
        feed.drain();
        assertThat(daily("nsv", DAY)).isEqualByComparingTo("20");
        assertThat(daily("bills", DAY)).isEqualByComparingTo("1");
    }

    @Test
    @Tag("ANA-01")
    void primarySalesAreWhatThePrincipalBilledByTheDayOfReceipt() {
        world.receipt(distributor, principal, DAY, line(s1, 240, 10, "32.98", "0"), line(s1, 60, "33.10"), line(s2, 12, "4"));
        feed.drain();
        BigDecimal value = transactions.network(client -> client.sql("select sum(value) from insight.primary_daily where distributor_id = ?").param(distributor).query(BigDecimal.class).single());
        assertThat(value).isEqualByComparingTo("9949.20"); // 240 × 32.98 + 60 × 33.10 + 12 × 4
    }

    @Test
    void diesAnywhereAndGoesOnWithoutLossOrDoubling() {
        for (int i = 0; i < 40; i++) world.invoice(distributor, principal, outlet, DAY.minusDays(i % 5), line(i % 2 == 0 ? s1 : s2, 1 + i, "10"));
        var random = new Random(7);
        int died = 0;
        for (int turn = 0; !store.pending().isEmpty(); turn++) {
            boolean kill = turn < 12 && random.nextBoolean();
            if (!kill) {
                store.advance(distributor, 1 + random.nextInt(6));
                continue;
            }
            // the connection is lost after the rollups and before commit
            died++;
            assertThatThrownBy(() -> transactions.networkOn(connection -> {
                store.advance(distributor, 1 + random.nextInt(6));
                try (var statement = connection.createStatement()) {
                    return statement.execute("select pg_terminate_backend(pg_backend_pid())");
                }
            })).isInstanceOf(RuntimeException.class);
        }
        assertThat(died).isPositive();
        assertThat(daily("bills", null)).isEqualByComparingTo("40");
        assertThat(daily("billed_qty", null)).isEqualByComparingTo("820"); // 1 + 2 + … + 40
        var incremental = world.facts();
        store.rebuild(distributor, 7, _ -> {});
        assertThat(world.facts()).isEqualTo(incremental);
    }

    @Test
    void rebuildEqualsIncrementalAndReportsProgress() {
        var random = new Random(11);
        var invoices = new ArrayList<UUID>();
        for (int i = 0; i < 60; i++) {
            var on = DAY.minusDays(random.nextInt(90));
            if (!invoices.isEmpty() && random.nextInt(5) == 0) world.cancel(distributor, principal, invoices.remove(random.nextInt(invoices.size())), on);
            else if (random.nextInt(6) == 0) world.creditNote(distributor, principal, outlet, on, line(s2, 1 + random.nextInt(4), "9.50"));
            else invoices.add(world.invoice(distributor, principal, outlet, on, line(s1, 1 + random.nextInt(9), "10"), line(s2, 2, 1, "9.50", "0.40")));
            if (random.nextInt(4) == 0) store.advance(distributor, 3);
        }
        feed.drain();
        var incremental = world.facts();
        var progress = new ArrayList<Long>();
        assertThat(feed.rebuild(distributor, progress::add)).isEqualTo(60);
        assertThat(world.facts()).isEqualTo(incremental);
        assertThat(progress).last().isEqualTo(60L);
    }

    /// Bills add what they moved; everything else has its day summed again, without the bills that come later in the feed. Whatever the
    /// order and however often it is told, the days are what the ledgers say.
    @Test
    void daysOfStockAndAccountsFollowTheirDocuments() {
        booked(world.invoice(distributor, principal, outlet, DAY, line(s1, 5, "10")), "INVOICE", DAY, "-5", "50");
        world.moved(distributor, principal, s1, DAY, 100, "6.005", "OPENING_STOCK");
        booked(world.invoice(distributor, principal, outlet, DAY, line(s1, 3, "10")), "INVOICE", DAY, "-3", "30");
        world.owes(distributor, principal, outlet, DAY, "COLLECTION", "-7");
        var last = booked(world.invoice(distributor, principal, outlet, DAY, line(s1, 2, "10")), "INVOICE", DAY, "-2", "20");
        booked(world.creditNote(distributor, principal, outlet, DAY.plusDays(1), line(s1, 1, "10")), "CREDIT_NOTE", DAY.plusDays(1), "1", "-10");
        // one event at a time: the ledgers are always ahead of the feed
        assertThat(store.advance(distributor, 1)).isEqualTo(1);
        assertThat(ledger("stock_daily", "qty", DAY)).isEqualByComparingTo("-5");
        assertThat(ledger("receivable_daily", "charged", DAY)).isEqualByComparingTo("50");
        assertThat(store.advance(distributor, 1)).isEqualTo(1);
        assertThat(ledger("stock_daily", "qty", DAY)).isEqualByComparingTo("95");
        feed.drain();
        world.tellAgain(distributor, "invoice.posted", last, DAY);
        feed.drain();
        assertThat(ledger("stock_daily", "qty", DAY)).isEqualByComparingTo("90");            // 100 − 5 − 3 − 2
        assertThat(ledger("stock_daily", "issued_cost", DAY)).isEqualByComparingTo("60.06"); // 30.03 + 18.02 + 12.01, each to the paisa
        assertThat(ledger("receivable_daily", "charged", DAY)).isEqualByComparingTo("100");
        assertThat(ledger("receivable_daily", "collected", DAY)).isEqualByComparingTo("7");
        assertThat(ledger("receivable_daily", "credited", DAY.plusDays(1))).isEqualByComparingTo("10");
        var followed = world.facts();
        store.rebuild(distributor, 2, _ -> {});
        assertThat(world.facts()).isEqualTo(followed);
        // a cancellation is booked on its own day; its event names the bill and the bill's day
        var cancellation = UUID.randomUUID();
        transactions.write(distributor, client -> client.sql("insert into billing.invoice_cancellation (distributor_id, invoice_id, id, principal_id, business_date, reason, recorded_at, recorded_by) values (?, ?, ?, ?, ?, 'test', now(), 'test')")
                .params(distributor, last, cancellation, principal, DAY.plusDays(2)).update());
        booked(cancellation, "INVOICE_CANCELLATION", DAY.plusDays(2), "2", "-20");
        world.tellAgain(distributor, "invoice.cancelled", last, DAY);
        feed.drain();
        assertThat(ledger("stock_daily", "qty", DAY.plusDays(2))).isEqualByComparingTo("2");
        assertThat(ledger("receivable_daily", "charged", DAY.plusDays(2))).isEqualByComparingTo("-20");
    }

    /// Days that were written when every day was summed again may hold bills that the feed had not told of: adding those would count
    /// them twice. They are summed again once.
    @Test
    void daysOfBeforeAreMadeExactOnce() {
        booked(world.invoice(distributor, principal, outlet, DAY, line(s1, 5, "10")), "INVOICE", DAY, "-5", "50");
        feed.drain();
        booked(world.invoice(distributor, principal, outlet, DAY, line(s1, 3, "10")), "INVOICE", DAY, "-3", "30");
        booked(world.invoice(distributor, principal, outlet, DAY, line(s1, 4, "10")), "INVOICE", DAY, "-4", "40");
        transactions.network(client -> client.sql("update insight.stock_daily set qty = -12 where distributor_id = ?").param(distributor).update());
        transactions.network(client -> client.sql("update insight.receivable_daily set charged = 120 where distributor_id = ?").param(distributor).update());
        transactions.network(client -> client.sql("update insight.facts_head set exact = false where distributor_id = ?").param(distributor).update());
        assertThat(store.advance(distributor, 1)).isEqualTo(1);
        assertThat(ledger("stock_daily", "qty", DAY)).isEqualByComparingTo("-8");
        feed.drain();
        assertThat(ledger("stock_daily", "qty", DAY)).isEqualByComparingTo("-12");
        assertThat(ledger("receivable_daily", "charged", DAY)).isEqualByComparingTo("120");
        var followed = world.facts();
        store.rebuild(distributor, 2, _ -> {});
        assertThat(world.facts()).isEqualTo(followed);
    }

    /// What a document moved in the ledgers, at a cost of 6.005 a piece.
    private UUID booked(UUID document, String type, LocalDate on, String qty, String amount) {
        transactions.write(distributor, client -> {
            client.sql("""
                    insert into stock.entry (distributor_id, business_date, document_id, line, leg, document_type, principal_id, warehouse_id, sku_id, batch_id, bucket, qty, unit_cost)
                    values (?, ?, ?, 1, 1, ?, ?, ?, ?, ?, 'SALEABLE', ?, 6.005)""").params(distributor, on, document, type, principal, document, s1, document, new BigDecimal(qty)).update();
            return client.sql("insert into receivables.journal_entry (distributor_id, business_date, document_id, line, document_type, principal_id, account, outlet_id, amount) values (?, ?, ?, 1, ?, ?, '1200', ?, ?)")
                    .params(distributor, on, document, type, principal, outlet, new BigDecimal(amount)).update();
        });
        return document;
    }

    private BigDecimal ledger(String table, String sum, LocalDate on) {
        return transactions.network(client -> client.sql("select coalesce(sum(" + sum + "), 0) from insight." + table + " where distributor_id = ? and business_date = ?").params(distributor, on).query(BigDecimal.class).single());
    }

    @Test
    void verifyFindsFactsThatWereLostOrChanged() throws java.sql.SQLException {
        var first = world.invoice(distributor, principal, outlet, DAY, line(s1, 3, 1, "10", "0.50"), line(s2, 1, "5"));
        world.creditNote(distributor, principal, outlet, DAY, line(s1, 1, "10"));
        world.cancel(distributor, principal, world.invoice(distributor, principal, outlet, DAY, line(s1, 9, "10")), DAY);
        feed.drain();
        assertThat(figures()).isEmpty();
        transactions.network(client -> client.sql("update insight.sales_daily set lines = lines + 1 where distributor_id = ? and sku_id = ?").params(distributor, s2).update());
        assertThat(figures()).containsExactly("figures: days equal their documents");
        transactions.network(client -> client.sql("delete from insight.sales_document where distributor_id = ? and id = ?").params(distributor, first).update());
        assertThat(figures()).contains("figures: every bill the feed has passed is counted once");
        feed.rebuild(distributor, _ -> {});
        assertThat(figures()).isEmpty();
    }

    private List<String> figures() throws java.sql.SQLException {
        try (var connection = database.access().asNetwork()) {
            return io.offtake.launch.Verify.run(connection, io.offtake.platform.Progress.SILENT).findings().stream()
                    .filter(finding -> finding.distributorId() == distributor && finding.check().startsWith("figures")).map(io.offtake.launch.Verify.Finding::check).toList();
        }
    }

    @Test
    void manyNodesShareTheWorkAndCountEverythingOnce() throws Exception {
        for (int i = 0; i < 60; i++) world.invoice(distributor, principal, outlet, DAY, line(s1, 1, "10"));
        try (var nodes = Executors.newFixedThreadPool(4)) {
            List<Future<Long>> all = new ArrayList<>();
            for (int node = 0; node < 4; node++) {
                all.add(nodes.submit(() -> {
                    long taken = 0;
                    while (!store.pending().isEmpty()) taken += store.advance(distributor, 5);
                    return taken;
                }));
            }
            long taken = 0;
            for (var node : all) taken += node.get();
            assertThat(taken).isEqualTo(60);
        }
        assertThat(daily("bills", DAY)).isEqualByComparingTo("60");
    }

    private BigDecimal daily(String sum, LocalDate on) {
        var what = sum.startsWith("count") ? sum : "coalesce(sum(" + sum + "), 0)";
        return transactions.network(client -> on == null
                ? client.sql("select " + what + " from insight.sales_daily where distributor_id = ?").param(distributor).query(BigDecimal.class).single()
                : client.sql("select " + what + " from insight.sales_daily where distributor_id = ? and business_date = ?").params(distributor, on).query(BigDecimal.class).single());
    }
}
