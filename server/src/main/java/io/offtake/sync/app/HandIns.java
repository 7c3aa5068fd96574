package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.sync.domain.Device;
import io.offtake.sync.domain.Heartbeat;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/// Lets devices hand in their queues, some at a time: a morning on which five hundred come back at once takes as long as it takes, and
/// nobody sees an error (LESSONS 37). A device's own calls follow each other.
@Service
public class HandIns {
    /// Commands in one hand-in.
    public static final int BATCH = 500;
    private static final int SMALLER_BATCH = 50;
    /// Locks that the devices share by their ids: one that is never dropped cannot be dropped between two threads of a device.
    private static final int TURNS = 1024;

    private final Devices devices;
    private final Commands commands;
    private final Semaphore room;
    private final int atOnce;
    private final Duration patience;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ReentrantLock[] turns = new ReentrantLock[TURNS];

    /// @param atOnce   hand-ins that are worked on at the same time
    /// @param patience how long one more waits for room before it is asked to come back
    HandIns(Devices devices, Commands commands, @Value("${offtake.sync.at-once:8}") int atOnce, @Value("${offtake.sync.patience:3s}") Duration patience) {
        this.devices = devices;
        this.commands = commands;
        this.atOnce = atOnce;
        this.room = new Semaphore(atOnce, true);
        this.patience = patience;
        Arrays.setAll(turns, _ -> new ReentrantLock());
    }

    public record Done(Device device, List<Commands.Answer> answers) {}

    /// @throws ProblemException SYNC_BUSY if there is no room: nothing was taken
    public Done take(Caller caller, long distributorId, UUID deviceId, @Nullable String secret, Heartbeat said, List<JsonNode> raw) {
        return inTurn(deviceId, raw.isEmpty(), () -> {
            var device = devices.enter(caller, distributorId, deviceId, secret, said, true);
            return new Done(device, raw.isEmpty() ? List.of() : commands.take(caller, deviceId, distributorId, raw));
        });
    }

    <T> T inTurn(UUID deviceId, boolean light, Supplier<T> work) {
        if (light) return work.get();
        var turn = turns[Math.floorMod(deviceId.hashCode(), TURNS)];
        waiting.incrementAndGet();
        try {
            if (!turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) throw busy();
            try {
                if (!room.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) throw busy();
                try {
                    return work.get();
                } finally {
                    room.release();
                }
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw busy();
        } finally {
            waiting.decrementAndGet();
        }
    }

    /// The more wait, the longer the next may stay away.
    private ProblemException busy() {
        int seconds = Math.min(60, 1 + waiting.get() / Math.max(1, atOnce));
        return Problem.of(ProblemCode.SYNC_BUSY, "Many devices send at once; come back in " + seconds + " s.").with("retryAfter", seconds).with("batch", SMALLER_BATCH).exception();
    }
}
