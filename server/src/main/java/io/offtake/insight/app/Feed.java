package io.offtake.insight.app;

import io.offtake.insight.FactsFeed;
import io.offtake.insight.store.FeedStore;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Follows the change feeds of all distributors. Several nodes may: each distributor's cursor row is held by one at a time.
@Service
public class Feed implements FactsFeed {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    static final int BATCH = 4000;

    private final FeedStore store;

    public Feed(FeedStore store) {
        this.store = store;
    }

    /// One turn over the distributors with news. A distributor that fails keeps its cursor and is tried again in the next
    /// turn; the others go on.
    ///
    /// @return how many events were taken in
    long turn() {
        long events = 0;
        for (var distributor : store.pending()) {
            try {
                events += store.advance(distributor, BATCH);
            } catch (RuntimeException failure) {
                LOG.error("The facts of distributor {} stand still", distributor, failure);
            }
        }
        return events;
    }

    @Override
    public long drain() {
        long all = 0;
        for (var pending = store.pending(); !pending.isEmpty(); pending = store.pending()) {
            long taken = 0;
            for (var distributor : pending) taken += store.advance(distributor, BATCH);
            all += taken;
            if (taken == 0) pause();
        }
        return all;
    }

    @Override
    public long rebuild(long distributorId, LongConsumer progress) {
        return store.rebuild(distributorId, BATCH, progress);
    }

    /// Another node is at work on what is left.
    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }
}
