package io.offtake.insight.app;

import io.offtake.insight.store.ColumnarStore;
import io.offtake.insight.store.FeedStore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Keeps the columnar copy up to date: 300 ms after the last turn it looks whether versions of facts have risen.
///
/// `offtake.insight.columnar.use`: `on`, `off`, or `auto` (the default), which waits until there is enough to make it worth its
/// memory: three distributors, and two hundred thousand rows of daily sales.
@Component
class ColumnarPoller implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ColumnarPoller.class);
    private static final long REST_MS = 300;
    private static final long WAIT_MS = 30_000;
    private static final long WORTH_ROWS = 200_000;
    private static final int WORTH_DISTRIBUTORS = 3;

    private final ColumnarStore store;
    private final FeedStore facts;
    private final boolean always;
    private final boolean never;
    private volatile boolean running;
    private @Nullable Thread thread;

    ColumnarPoller(ColumnarStore store, FeedStore facts, @Value("${offtake.insight.columnar.use:auto}") String use) {
        this.store = store;
        this.facts = facts;
        this.always = use.equals("on");
        this.never = use.equals("off");
    }

    @Override
    public synchronized void start() {
        running = true;
        if (never) return;
        thread = Thread.ofPlatform().daemon().name("insight columns").start(this::run);
    }

    private void run() {
        boolean worth = always;
        while (running) {
            long wait = REST_MS;
            try {
                if (!worth) worth = facts.size(WORTH_DISTRIBUTORS) >= WORTH_ROWS;
                if (worth) turn();
                else wait = WAIT_MS;
            } catch (RuntimeException failure) {
                if (!running) return;
                LOG.warn("The columnar copy of the facts stands still; trying again in {} s", WAIT_MS / 1000, failure);
                wait = WAIT_MS;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(wait));
        }
    }

    private void turn() {
        boolean first = !store.complete();
        long began = System.nanoTime();
        store.sync((what, rows) -> LOG.debug("Columnar copy: {}, {} rows", what, rows));
        if (first) LOG.info("The columnar copy of the facts is whole after {} ms", (System.nanoTime() - began) / 1_000_000);
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (thread == null) return;
        LockSupport.unpark(thread);
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
