package io.offtake.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.Actor;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.app.FilingFeed;
import io.offtake.tax.app.Filings;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.india.EwayPayload;
import io.offtake.tax.portal.HttpPortal;
import io.offtake.tax.portal.PortalSimulator;
import io.offtake.tax.portal.PortalSimulator.Fault;
import io.offtake.tax.portal.TaxPortal;
import io.offtake.tax.store.FilingStore;
import io.offtake.tax.store.FilingStore.Filing;
import io.offtake.tax.store.FilingStore.State;
import io.offtake.tax.store.FilingStore.Task;
import io.offtake.tax.store.LawStore;
import io.offtake.testing.Fixture;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// The way to the portal with everything going wrong: whatever is lost, late, doubled or altered, each invoice ends with exactly
/// one IRN, or in a state that says why (issue 3, item 7). `./offtake bench portal` runs it with 1,000 invoices.
@ServerTest
@Tag("CMP-02") @Tag("INT-13") @Tag("BIL-08")
class PortalTortureTest {
    private static final int INVOICES = Integer.getInteger("portal.invoices", 80);
    private static final long SEED = Long.getLong("portal.seed", 20261126L);
    private static final Actor CLERK = new Actor(1, "clerk");
    private static final Duration PATIENCE = Duration.ofMillis(150);
    @Autowired Billing billing;
    @Autowired TenantTransaction transactions;
    @Autowired PostedDocuments documents;
    @Autowired FilingStore store;
    @Autowired Clock clock;
    private Fixture network;
    private PortalSimulator simulator;
    private Filings filings;
    private FilingFeed feed;

    @BeforeEach
    void open() {
        network = new Fixture(transactions, java.time.LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        simulator = new PortalSimulator(0, clock, transactions.shared(LawStore::law), PATIENCE.multipliedBy(2));
        filings = new Filings(transactions, documents, store, clock, new Filings.Backoff(Duration.ofMillis(4), Duration.ofMillis(60), Duration.ofMillis(700)));
        feed = new FilingFeed(transactions, documents, store, filings, clock);
    }

    @AfterEach
    void close() {
        simulator.close();
    }

    private HttpPortal portal() {
        return new HttpPortal(simulator.address(), PATIENCE, Map.of());
    }

    /// A distributor whose turnover asks for e-invoices, with addresses, stock and invoices to registered outlets.
    private Fixture.Distributor distributor(String code) {
        var one = network.distributor(code);
        transactions.write(one.id(), db -> {
            db.sql("update network.outlet set address = '4 Market Yard', city = 'Pune', pin = '411002' where distributor_id = ? and state_code = '27'").param(one.id()).update();
            db.sql("update network.outlet set address = '7 Main Road', city = 'Bengaluru', pin = '560034' where distributor_id = ? and state_code = '29'").param(one.id()).update();
            db.sql("insert into tax.fiscal_year (distributor_id, year, turnover, recorded_at, recorded_by) values (?, 2024, 150000000, now(), 'test')").param(one.id()).update();
            db.sql("insert into tax.registration (distributor_id, e_invoice_from, recorded_at, recorded_by) values (?, ?, now(), 'test')").params(one.id(), network.today()).update();
            // all distributors of the fixture have one GSTIN: their series are told apart at the portal
            db.sql("update platform.number_sequence set series = ? || series where distributor_id = ? and document_type = 'INVOICE'").params(code, one.id()).update();
            return db.sql("update receivables.outlet_account set credit_limit = 100000000 where distributor_id = ?").param(one.id()).update();
        });
        return one;
    }

    private List<InvoiceView> sell(Fixture.Distributor one, int count) {
        network.batch(one, "S1", "A1", "40.00", network.today().plusDays(300), 100_000);
        network.batch(one, "S3", "B1", "115.00", network.today().plusDays(300), 100_000);
        var commands = new ArrayList<PostInvoice>();
        for (int at = 0; at < count; at++)
            commands.add(new PostInvoice(UUID.randomUUID(), one.id(), network.principal, at % 3 == 0 ? one.o3() : one.o1(), one.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, null, null,
                    List.of(new PostInvoice.Line(1, network.skus.get("S1"), BigDecimal.valueOf(1 + at % 40), null, null, null, null, null),
                            new PostInvoice.Line(2, network.skus.get("S3"), BigDecimal.valueOf(1 + at % 7), null, null, null, null, null)), null));
        return billing.postAll(commands, CLERK, Terms.NATIVE).stream().map(outcome -> ((PostInvoiceOutcome.Posted) outcome).invoice()).toList();
    }

    private Filing state(Fixture.Distributor one, UUID id, Task task) {
        return transactions.<Filing>write(one.id(), db -> store.find(db, one.id(), id, task).orElseThrow());
    }

    /// Follows the feed and the due steps until nothing is due any more.
    private void settle(List<Fixture.Distributor> distributors, TaxPortal portal, Duration most) throws InterruptedException {
        var deadline = System.nanoTime() + most.toNanos();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<java.util.concurrent.Future<?>>();
            for (var one : distributors)
                running.add(threads.submit(() -> {
                    while (System.nanoTime() < deadline) {
                        while (feed.advance(one.id()) > 0) { /* until it is read */ }
                        int done;
                        try {
                            done = filings.drain(one.id(), portal, simulator.key(), 40);
                        } catch (NodeDied _) {
                            done = 1;   // another node goes on
                        }
                        if (done == 0 && open(one) == 0) return null;
                        if (done == 0) Thread.sleep(5);
                    }
                    throw new AssertionError("documents are still on their way: " + open(one));
                }));
            for (var one : running) one.get();
        } catch (java.util.concurrent.ExecutionException failure) {
            throw new AssertionError(failure.getCause());
        }
    }

    private long open(Fixture.Distributor one) {
        return transactions.<Long>write(one.id(), db -> db.sql("select count(*) from tax.portal_document where distributor_id = ? and next_try_at is not null").param(one.id()).query(Long.class).single());
    }

    @Test
    void everyInvoiceEndsWithOneIrnOrAStateThatSaysWhy() throws Exception {
        var began = System.nanoTime();
        var distributors = List.of(distributor("T1"), distributor("T2"));
        var invoices = new HashMap<UUID, InvoiceView>();
        var owners = new HashMap<UUID, Fixture.Distributor>();
        for (var one : distributors)
            for (var invoice : sell(one, INVOICES / distributors.size())) {
                invoices.put(invoice.id(), invoice);
                owners.put(invoice.id(), one);
            }
        var faults = new Mischief(SEED);
        simulator.mischief(faults);
        var dying = dying(portal(), new Random(SEED));
        settle(distributors, dying, Duration.ofSeconds(60 + INVOICES / 4));

        // a tenth is cancelled again, with faults as well
        var toCancel = new ArrayList<UUID>();
        for (var id : invoices.keySet()) if (state(owners.get(id), id, Task.E_INVOICE).state() == State.REGISTERED && toCancel.size() < INVOICES / 10) toCancel.add(id);
        for (var id : toCancel) assertThat(filings.cancel(owners.get(id).id(), id, Task.E_INVOICE, EInvoice.CancelReason.ORDER_CANCELLED, "wrong shop", CLERK)).isInstanceOf(Filings.Outcome.Done.class);
        settle(distributors, dying, Duration.ofSeconds(60));

        var ends = new EnumMap<State, Integer>(State.class);
        for (var invoice : invoices.values()) {
            var filing = state(owners.get(invoice.id()), invoice.id(), Task.E_INVOICE);
            ends.merge(filing.state(), 1, Integer::sum);
            int registrations = simulator.registrationsOf("27PQRST5678K1Z2", "INV", invoice.number());
            assertThat(registrations).as("IRNs of " + invoice.number() + ", seed " + SEED).isLessThanOrEqualTo(1);
            switch (filing.state()) {
                case REGISTERED, CANCELLED -> {
                    assertThat(registrations).isEqualTo(1);
                    assertThat(filing.reference()).isEqualTo(EInvoice.irn("27PQRST5678K1Z2", invoice.businessDate(), "INV", invoice.number()));
                    assertThat(filing.signedQr()).isNotBlank();
                    assertThat(filing.state() == State.CANCELLED).isEqualTo(toCancel.contains(invoice.id()));
                }
                case DIFFERS -> {
                    assertThat(faults.altered).as("only what the portal keeps altered may differ").contains(invoice.number());
                    assertThat(filing.reason()).contains("TotInvVal");
                }
                default -> throw new AssertionError(invoice.number() + " ends " + filing.state() + ": " + filing.reason() + ", seed " + SEED);
            }
            var events = transactions.write(owners.get(invoice.id()).id(), db -> store.events(db, owners.get(invoice.id()).id(), invoice.id(), Task.E_INVOICE));
            assertThat(events).isNotEmpty();
        }
        assertThat(ends.getOrDefault(State.REGISTERED, 0)).isPositive();
        var line = INVOICES + " invoices, " + simulator.requests() + " requests, faults " + faults.counts + ", died " + died + ": " + ends + ", in " + Math.round((System.nanoTime() - began) / 1e8) / 10.0 + " s, seed " + SEED;
        System.out.println(line);
        Files.writeString(Path.of("target/portal-torture.txt"), line + System.lineSeparator());
    }

    private final AtomicLong died = new AtomicLong();

    /// A node that dies now and then after the portal has answered: its answer is never written.
    private TaxPortal dying(TaxPortal portal, Random random) {
        return (TaxPortal) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {TaxPortal.class}, (_, method, arguments) -> {
            try {
                var answer = method.invoke(portal, arguments);
                synchronized (random) {
                    if (random.nextInt(25) == 0) {
                        died.incrementAndGet();
                        throw new NodeDied();
                    }
                }
                return answer;
            } catch (InvocationTargetException failure) {
                throw failure.getCause();
            }
        });
    }

    private static final class NodeDied extends Error {
        NodeDied() {
            super("the node died", null, false, false);
        }
    }

    /// A third of all requests goes wrong, in every way there is; each number meets a fault that stays at most once.
    private static final class Mischief implements PortalSimulator.Mischief {
        private final Random random;
        private final List<String> altered = java.util.Collections.synchronizedList(new ArrayList<>());
        private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);

        Mischief(long seed) {
            random = new Random(seed);
        }

        @Override
        public synchronized Fault on(String step, String number) {
            if (random.nextInt(3) != 0) return Fault.NONE;
            var fault = Fault.values()[1 + random.nextInt(Fault.values().length - 1)];
            if (fault == Fault.ALTERED_DOCUMENT) {
                if (!step.equals("register") || random.nextInt(4) != 0) return Fault.NONE;
                altered.add(number);
            }
            counts.merge(fault, 1, Integer::sum);
            return fault;
        }
    }

    @Test
    void aPortalThatIsDownForHoursHoldsNothingBack() throws Exception {
        var one = distributor("T3");
        simulator.downUntil(clock.instant().plusSeconds(3600));
        var invoice = sell(one, 1).getFirst();
        while (feed.advance(one.id()) > 0) { /* until it is read */ }
        for (int tries = 0; tries < 5; tries++) {
            filings.drain(one.id(), portal(), simulator.key(), 10);
            Thread.sleep(70);
        }
        var waiting = state(one, invoice.id(), Task.E_INVOICE);
        assertThat(waiting.state()).isEqualTo(State.WAITING);
        assertThat(waiting.code()).isEqualTo("PORTAL_DOWN");
        assertThat(waiting.attempts()).isGreaterThan(1);
        assertThat(waiting.reportBy()).as("the 30-day clock stays visible (IN-31)").isEqualTo(network.today().plusDays(30));
        simulator.downUntil(clock.instant());
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        assertThat(state(one, invoice.id(), Task.E_INVOICE).state()).isEqualTo(State.REGISTERED);
    }

    @Test
    @Tag("CMP-03") @Tag("BIL-09")
    void anEwayBillStandsInTheWayOfCancellingItsInvoice() throws Exception {
        var one = distributor("T4");
        var invoice = sell(one, 1).getFirst();
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        // too far, and no vehicle: said before anything is sent
        assertThat(filings.openEwayBill(one.id(), invoice.id(), new EwayPayload.Transport(5000, null, null, null), CLERK)).isInstanceOfSatisfying(Filings.Outcome.Faulty.class,
                no -> assertThat(no.faults()).hasSize(2));
        assertThat(filings.openEwayBill(one.id(), invoice.id(), new EwayPayload.Transport(380, "MH 12 AB 1234", null, null), CLERK)).isInstanceOf(Filings.Outcome.Done.class);
        simulator.mischief((step, _) -> step.equals("eway") ? Fault.LOST_AFTER : Fault.NONE);
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        var eway = state(one, invoice.id(), Task.E_WAY_BILL);
        assertThat(eway.state()).isEqualTo(State.REGISTERED);
        assertThat(eway.validUntil()).as("380 km: two days").isNotNull();
        simulator.mischief((_, _) -> Fault.NONE);
        assertThat(filings.cancel(one.id(), invoice.id(), Task.E_INVOICE, EInvoice.CancelReason.OTHER, "x", CLERK)).isInstanceOfSatisfying(Filings.Outcome.Refused.class, no -> assertThat(no.rule()).isEqualTo("IN-35"));
        assertThat(filings.cancel(one.id(), invoice.id(), Task.E_WAY_BILL, EInvoice.CancelReason.DATA_ENTRY, "x", CLERK)).isInstanceOf(Filings.Outcome.Done.class);
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        assertThat(filings.cancel(one.id(), invoice.id(), Task.E_INVOICE, EInvoice.CancelReason.OTHER, "x", CLERK)).isInstanceOf(Filings.Outcome.Done.class);
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        assertThat(state(one, invoice.id(), Task.E_INVOICE).state()).isEqualTo(State.CANCELLED);
        assertThat(filings.retry(one.id(), invoice.id(), Task.E_INVOICE, CLERK)).isInstanceOf(Filings.Outcome.WrongState.class);
    }

    @Test
    @Tag("BIL-06")
    void anInvoiceCancelledInTheBooksIsCancelledAtThePortal() throws Exception {
        var one = distributor("T5");
        var invoices = sell(one, 2);
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        var cancelled = invoices.getFirst();
        assertThat(billing.cancel(one.id(), cancelled.id(), UUID.randomUUID(), "wrong shop", new Actor(2, "owner"))).isInstanceOf(Billing.CancelOutcome.Cancelled.class);
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        assertThat(state(one, cancelled.id(), Task.E_INVOICE).state()).isEqualTo(State.CANCELLED);
        assertThat(state(one, invoices.getLast().id(), Task.E_INVOICE).state()).isEqualTo(State.REGISTERED);
    }

    @Test
    void whatIsMissingInMastersBlocksWithThePlaceToPutItRight() throws Exception {
        var one = distributor("T6");
        transactions.write(one.id(), db -> db.sql("update network.outlet set address = '', city = '' where distributor_id = ?").param(one.id()).update());
        var invoice = sell(one, 1).getFirst();
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        var blocked = state(one, invoice.id(), Task.E_INVOICE);
        assertThat(blocked.state()).isEqualTo(State.BLOCKED);
        assertThat(blocked.faults()).extracting(fault -> fault.where()).containsOnly("OUTLET");
        assertThat(simulator.registrationsOf("27PQRST5678K1Z2", "INV", invoice.number())).isZero();
        transactions.write(one.id(), db -> db.sql("update network.outlet set address = '7 Main Road', city = 'Bengaluru', pin = '560034' where distributor_id = ?").param(one.id()).update());
        assertThat(filings.retry(one.id(), invoice.id(), Task.E_INVOICE, CLERK)).isInstanceOf(Filings.Outcome.Done.class);
        settle(List.of(one), portal(), Duration.ofSeconds(20));
        assertThat(state(one, invoice.id(), Task.E_INVOICE).state()).isEqualTo(State.REGISTERED);
    }

    @Test
    void noPortalHoldsAPosting() throws IOException {
        // nothing but the books is touched by a posting: the way to the portal begins in the change feed
        var one = distributor("T7");
        simulator.downUntil(clock.instant().plusSeconds(3600));
        var before = simulator.requests();
        var invoice = sell(one, 1).getFirst();
        assertThat(simulator.requests()).isEqualTo(before);
        assertThat(invoice.number()).isNotBlank();
    }
}
