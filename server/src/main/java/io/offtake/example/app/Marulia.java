package io.offtake.example.app;

import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.example.domain.Country;
import io.offtake.example.domain.Demand;
import io.offtake.example.store.ExampleStore;
import io.offtake.example.store.MaruliaMasters;
import io.offtake.orders.Orders;
import io.offtake.platform.Actor;
import io.offtake.platform.ExampleNetwork;
import io.offtake.platform.Ids;
import io.offtake.platform.Partitions;
import io.offtake.platform.Progress;
import io.offtake.primary.GoodsReceipts;
import io.offtake.receivables.Collections;
import io.offtake.returns.Returns;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.springframework.stereotype.Service;

/// The example network. Masters first, then each distributor's history in date order, two distributors at a time.
@Service
public class Marulia implements ExampleNetwork {
    private static final int MONTHS = 14;
    private static final int OUTLETS = 100;
    private static final int AT_ONCE = 2;

    private final MaruliaMasters masters;
    private final MaruliaPeople people;
    private final MaruliaChanges changes;
    private final MaruliaFeed feed;
    private final MaruliaClaims claims;
    private final ExampleStore store;
    private final Partitions partitions;
    private final History.Services services;
    private final Orders orders;
    private final Returns returns;
    private final Clock clock;
    private volatile History.Counts counts = new History.Counts();

    Marulia(MaruliaMasters masters, MaruliaPeople people, MaruliaChanges changes, MaruliaFeed feed, MaruliaClaims claims, ExampleStore store, Partitions partitions, Billing billing,
            GoodsReceipts receipts, Collections collections, Orders orders, Returns returns, Clock clock) {
        this.masters = masters;
        this.people = people;
        this.changes = changes;
        this.feed = feed;
        this.claims = claims;
        this.store = store;
        this.partitions = partitions;
        this.services = new History.Services(billing, receipts, collections, store);
        this.orders = orders;
        this.returns = returns;
        this.clock = clock;
    }

    LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), MaruliaMasters.ZONE);
    }

    @Override
    public boolean isPresent() {
        var run = store.run();
        if (run.isEmpty() || !people.arePresent()) return false;
        var progress = store.progress();
        return progress.size() >= run.get().distributors() && progress.values().stream().noneMatch(through -> through.isBefore(today()));
    }

    @Override
    public void generate(Progress progress) {
        generate(today().minusMonths(MONTHS), Country.DISTRIBUTORS.size(), OUTLETS, progress);
    }

    /// @param from first day of the history, if it was not begun yet
    void generate(LocalDate from, int howMany, int outlets, Progress progress) {
        var today = today();
        store.begin(new ExampleStore.Run(from, today, howMany, outlets));
        var run = store.run().orElseThrow();
        var distributors = Country.DISTRIBUTORS.subList(0, run.distributors());
        partitions.ensure(run.beganOn(), today.plusMonths(6));
        progress.at("Making masters", 0, run.distributors() + 1);
        masters.network(run.beganOn(), run.toldOn(), distributors);
        var ids = masters.ids();
        int made = 1;
        for (var distributor : distributors) {
            progress.at("Making masters", made++, run.distributors() + 1);
            masters.distributor(distributor, ids.distributors().get(distributor.code()), ids.principal(), run.beganOn(), run.toldOn(), run.outlets());
        }
        people.make(ids);
        progress.at("Making masters", run.distributors() + 1, run.distributors() + 1);
        boolean first = store.progress().isEmpty();
        history(run, distributors, ids, today, progress);
        changes.make(today);
        feed.make(ids.principal(), run.beganOn(), run.toldOn(), today);
        for (int at = 0; at < distributors.size(); at++) {
            progress.at("Making claims", at, distributors.size());
            claims.make(ids.distributors().get(distributors.get(at).code()), distributors.get(at).code().equals(Country.KESAR), today);
        }
        if (first && Demand.isOpen(today)) {
            for (var distributor : distributors) of(distributor, ids, run).orders(orders, today, distributor.code().equals(Country.KESAR) ? 6 : 2);
            for (var distributor : distributors) of(distributor, ids, run).returns(returns, today, distributor.code().equals(Country.KESAR) ? 12 : 1);
        }
    }

    private History of(Country.Distributor distributor, MaruliaMasters.Ids ids, ExampleStore.Run run) {
        return new History(distributor, ids, run.beganOn(), run.toldOn(), run.outlets(), services, counts);
    }

    /// One more bill, or now and then a payment, at some distributor other than the counter's own.
    /// @return whether anything was posted
    boolean liveOn(Ids fresh, RandomGenerator random) {
        var run = store.run().orElseThrow();
        var ids = masters.ids();
        var distributor = Country.DISTRIBUTORS.get(run.distributors() == 1 ? 0 : 1 + random.nextInt(run.distributors() - 1));
        var history = of(distributor, ids, run);
        if (random.nextInt(6) == 0) {
            var payment = history.payment(today(), fresh.next(), random);
            return payment != null && services.collections().post(payment, Actor.SYSTEM) instanceof Collections.Outcome.Posted;
        }
        var bill = history.visit(today(), fresh.next(), random);
        return bill != null && services.billing().post(bill, Actor.SYSTEM) instanceof PostInvoiceOutcome.Posted;
    }

    private void history(ExampleStore.Run run, List<Country.Distributor> distributors, MaruliaMasters.Ids ids, LocalDate today, Progress progress) {
        counts = new History.Counts();
        var done = store.progress();
        long total = 0;
        for (var distributor : distributors) {
            var through = done.get(ids.distributors().get(distributor.code()));
            total += ChronoUnit.DAYS.between(through == null ? run.beganOn() : through.plusDays(1), today.plusDays(1));
        }
        if (total <= 0) return;
        var days = new AtomicLong();
        long all = total;
        try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofPlatform().name("example-", 0).factory())) {
            var running = new ArrayList<Future<?>>();
            for (var distributor : distributors.stream().sorted(Comparator.comparingDouble(Country.Distributor::weight).reversed()).toList()) {
                var through = done.get(ids.distributors().get(distributor.code()));
                if (through != null && !through.isBefore(today)) continue;
                running.add(threads.submit(() -> of(distributor, ids, run)
                        .run(through, today, today, () -> progress.at("Posting receipts, bills and collections", days.incrementAndGet(), all))));
            }
            for (var one : running) one.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// What the last run has posted.
    History.Counts counts() {
        return counts;
    }

    @Override
    public List<Door> doors() {
        return people.doors();
    }
}
