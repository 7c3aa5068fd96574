package io.offtake.access.app;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/// How often somebody may try a password: 10 in 5 minutes per user and address, 30 in 15 minutes per user from anywhere,
/// 200 in 5 minutes per address. Success gives the user's attempts back. Counted per node.
@Component
public class SignInLimits {
    private static final int KEPT = 50_000;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > KEPT;
        }
    };
    private final TimeMeter meter;

    SignInLimits(Clock clock) {
        meter = new TimeMeter() {
            @Override
            public long currentTimeNanos() {
                return clock.millis() * 1_000_000;
            }

            @Override
            public boolean isWallClockBased() {
                return true;
            }
        };
    }

    /// Counts an attempt; answers the seconds to wait, or 0 if it may be made.
    public long attempt(String username, String address) {
        long wait = take("address " + address, 200, Duration.ofMinutes(5));
        if (wait == 0) wait = take("pair " + username + " " + address, 10, Duration.ofMinutes(5));
        if (wait == 0) wait = take("user " + username, 30, Duration.ofMinutes(15)); // only attempts that were let through
        return wait;
    }

    /// The password was right: earlier slips are forgotten, and the address gets this attempt back.
    public void succeeded(String username, String address) {
        synchronized (buckets) {
            buckets.remove("pair " + username + " " + address);
            buckets.remove("user " + username);
            var bucket = buckets.get("address " + address);
            if (bucket != null) bucket.addTokens(1);
        }
    }

    private long take(String key, long capacity, Duration period) {
        Bucket bucket;
        synchronized (buckets) {
            bucket = buckets.computeIfAbsent(key, _ -> Bucket.builder()
                    .addLimit(Bandwidth.builder().capacity(capacity).refillGreedy(capacity, period).build())
                    .withCustomTimePrecision(meter).build());
        }
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? 0 : Math.max(1, (probe.getNanosToWaitForRefill() + 999_999_999L) / 1_000_000_000L);
    }
}
