package io.offtake.insight.app;

import io.offtake.insight.FactsFeed;
import io.offtake.insight.store.FeedStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
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

    /// How often outlets are looked at that moved without a bill.
    private static final Duration LOOK = Duration.ofSeconds(60);

    private final FeedStore store;
    private volatile Set<Long> behind = Set.of();
    private volatile long looked = System.nanoTime() - LOOK.toNanos();
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
        long now = System.nanoTime();
        if (now - looked > LOOK.toNanos()) {
            looked = now;
            store.moved().forEach(store::follow);
        }
        var pending = store.pending();
        behind = Set.copyOf(pending);
        for (var distributor : pending) {
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
        behind = more ? behind : Set.copyOf(resting.keySet());
        return more;
    }

    /// Distributors whose feed held events at the last turn that are not facts yet.
    Set<Long> behind() {
        return behind;
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
