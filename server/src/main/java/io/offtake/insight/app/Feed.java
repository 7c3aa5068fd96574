package io.offtake.insight.app;

import io.offtake.insight.FactsFeed;
import io.offtake.insight.store.FeedStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Follows the change feeds of all distributors. Several nodes may: each distributor's cursor row is held by one at a time.
@Service
public class Feed implements FactsFeed {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    static final int BATCH = 4000;
    private static final Duration REST = Duration.ofSeconds(10);

    private final FeedStore store;
    private final Map<Long, Long> resting = new ConcurrentHashMap<>();

    public Feed(FeedStore store) {
        this.store = store;
    }

    /// One turn over the distributors with news. A distributor that fails keeps its cursor and rests for a while; the others
    /// go on.
    ///
    /// @return whether more is waiting already
    boolean turn() {
        boolean more = false;
        for (var distributor : store.pending()) {
            var rests = resting.get(distributor);
            if (rests != null && System.nanoTime() - rests < REST.toNanos()) continue;
            try {
                more |= store.advance(distributor, BATCH) == BATCH;
                resting.remove(distributor);
            } catch (RuntimeException failure) {
                resting.put(distributor, System.nanoTime());
                LOG.error("The facts of distributor {} stand still; trying again in {} s", distributor, REST.toSeconds(), failure);
            }
        }
        return more;
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
