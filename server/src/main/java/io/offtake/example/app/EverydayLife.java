package io.offtake.example.app;

import io.offtake.example.store.MaruliaMasters;
import io.offtake.platform.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// While the demo runs, the network goes on selling: every half minute or so one more bill or payment during business
/// hours, and at midnight the day that has passed is completed. Off with `offtake.demo.everyday-life=false`.
@Component
@ConditionalOnProperty("offtake.demo")
class EverydayLife implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(EverydayLife.class);
    private static final LocalTime OPENS = LocalTime.of(8, 0);
    private static final LocalTime CLOSES = LocalTime.of(21, 0);

    private final Marulia marulia;
    private final Ids ids;
    private final Clock clock;
    private final boolean wanted;
    private volatile @Nullable Thread thread;

    EverydayLife(Marulia marulia, Ids ids, Clock clock, @Value("${offtake.demo.everyday-life:true}") boolean wanted) {
        this.marulia = marulia;
        this.ids = ids;
        this.clock = clock;
        this.wanted = wanted;
    }

    @Override
    public void start() {
        if (wanted) thread = Thread.ofVirtual().name("everyday-life").start(this::live);
    }

    @Override
    public void stop() {
        var running = thread;
        thread = null;
        if (running != null) running.interrupt();
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void live() {
        var random = RandomGenerator.getDefault();
        boolean seen = false;
        while (thread == Thread.currentThread()) {
            try {
                Thread.sleep(Duration.ofSeconds(20 + random.nextInt(20)));
                var now = LocalTime.ofInstant(clock.instant(), MaruliaMasters.ZONE);
                if (marulia.isPresent()) {
                    seen = true;
                    if (!now.isBefore(OPENS) && now.isBefore(CLOSES)) marulia.liveOn(ids, random);
                } else if (seen) {
                    marulia.generate((what, done, total) -> {});
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failure) {
                if (thread == null) return;
                LOG.warn("the example's everyday life missed a beat", failure);
            }
        }
    }
}
