package io.offtake.tax.app;

import io.offtake.platform.TenantTransaction;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.store.FilingStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/// Keeps the way to the portals moving: looks for news and for due steps once a second, and carries them out beside the
/// postings, some distributors at a time. Every node may run it.
@Component
public class FilingPump implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FilingPump.class);
    private static final long IDLE_MS = 1000;
    private static final long TROUBLE_MS = 10_000;
    private static final int AT_ONCE = 8;
    private static final int STEPS = 20;

    private final TenantTransaction transactions;
    private final FilingFeed feed;
    private final Filings filings;
    private final Portals portals;
    private final Clock clock;
    private final boolean on;
    private final Set<Long> busy = ConcurrentHashMap.newKeySet();
    private final Semaphore room = new Semaphore(AT_ONCE);
    private volatile boolean running;
    private @Nullable Thread thread;
    private @Nullable ExecutorService workers;

    FilingPump(TenantTransaction transactions, FilingFeed feed, Filings filings, Portals portals, Clock clock, @Value("${offtake.tax.portal.pump:true}") boolean on) {
        this.transactions = transactions;
        this.feed = feed;
        this.filings = filings;
        this.portals = portals;
        this.clock = clock;
        this.on = on;
    }

    /// The parts that are plain classes.
    @Configuration(proxyBeanMethods = false)
    static class Parts {
        @Bean
        Filings filings(TenantTransaction transactions, PostedDocuments documents, FilingStore store, Clock clock, @Value("${offtake.tax.portal.first-wait:5s}") Duration first) {
            return new Filings(transactions, documents, store, clock, new Filings.Backoff(first, Filings.Backoff.USUAL.longest(), Filings.Backoff.USUAL.lease()));
        }

        @Bean
        FilingFeed filingFeed(TenantTransaction transactions, PostedDocuments documents, FilingStore store, Filings filings, Clock clock) {
            return new FilingFeed(transactions, documents, store, filings, clock);
        }
    }

    @Override
    public synchronized void start() {
        running = true;
        if (!on) return;
        workers = Executors.newVirtualThreadPerTaskExecutor();
        thread = Thread.ofVirtual().name("tax portal").start(this::run);
    }

    private void run() {
        while (running) {
            long wait = IDLE_MS;
            try {
                long taken = 0;
                for (var distributor : feed.pending()) taken += feed.advance(distributor);
                taken += dispatch();
                if (taken > 0) wait = 50;
            } catch (RuntimeException failure) {
                if (!running) return;
                LOG.warn("The way to the tax portal stands still; trying again in {} s", TROUBLE_MS / 1000, failure);
                wait = TROUBLE_MS;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(wait));
        }
    }

    private long dispatch() {
        if (!portals.isSetUp()) return 0;
        var portal = portals.portal().orElseThrow();
        long started = 0;
        for (var distributor : transactions.network(db -> FilingStore.distributorsDue(db, clock.instant()))) {
            if (!running || !busy.add(distributor)) continue;
            if (!room.tryAcquire()) {
                busy.remove(distributor);
                break;
            }
            started++;
            java.util.Objects.requireNonNull(workers).submit(() -> {
                try {
                    filings.drain(distributor, portal, portals.key(), STEPS);
                } catch (RuntimeException failure) {
                    LOG.warn("Documents of distributor {} could not be taken to the portal", distributor, failure);
                } finally {
                    room.release();
                    busy.remove(distributor);
                }
            });
        }
        return started;
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (thread == null || workers == null) return;
        LockSupport.unpark(thread);
        workers.shutdown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
            if (!workers.awaitTermination(20, TimeUnit.SECONDS)) workers.shutdownNow();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
