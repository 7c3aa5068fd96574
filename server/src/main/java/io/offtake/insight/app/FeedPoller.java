package io.offtake.insight.app;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Asks for news every 250 ms: what arrives between two turns is taken in together, which costs a fraction of taking it in one
/// by one. A turn that left news behind is followed at once.
@Component
@ConditionalOnProperty(name = "offtake.insight.feed", havingValue = "true", matchIfMissing = true)
class FeedPoller implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FeedPoller.class);
    private static final long REST_MS = 250;
    private static final long TROUBLE_MS = 5000;

    private final Feed feed;
    private volatile boolean running;
    private @Nullable Thread thread;

    FeedPoller(Feed feed) {
        this.feed = feed;
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofVirtual().name("insight feed").start(this::run);
    }

    private void run() {
        while (running) {
            long wait = REST_MS;
            try {
                if (feed.turn()) wait = 0;
            } catch (RuntimeException failure) {
                if (!running) return;
                LOG.warn("The change feed cannot be read; trying again in {} s", TROUBLE_MS / 1000, failure);
                wait = TROUBLE_MS;
            }
            if (wait > 0) LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(wait));
        }
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
