package io.offtake.sync.domain;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a device says about itself with every call (OFF-16).
///
/// @param queueLength    commands that the server has not answered for good
/// @param oldestUnsentAt when the oldest of them was made
/// @param unsentValue    of the bills among them
/// @param storagePercent of the browser's quota that is used
/// @param seriesLeft     numbers left, by document type
/// @param deviceTime     its own clock
/// @param persisted      whether the browser promised not to evict
public record Heartbeat(@Nullable @Size(max = 40) String appVersion, @Nullable @Min(1) Integer schemaVersion, @Nullable @Min(0) Integer queueLength, @Nullable Instant oldestUnsentAt,
                        @Nullable @DecimalMin("0") @DecimalMax("9999999999999.99") BigDecimal unsentValue, @Nullable @DecimalMin("0") @DecimalMax("100") BigDecimal storagePercent, @Nullable @Size(max = 10) Map<String, Long> seriesLeft,
                        @Nullable Instant deviceTime, @Nullable Boolean persisted) {
    /// A clock that makes no sense says nothing.
    public Heartbeat {
        if (oldestUnsentAt != null && (oldestUnsentAt.isBefore(Instant.EPOCH) || oldestUnsentAt.isAfter(LATEST))) oldestUnsentAt = null;
        if (deviceTime != null && (deviceTime.isBefore(Instant.EPOCH) || deviceTime.isAfter(LATEST))) deviceTime = null;
    }

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    public static final Heartbeat NONE = new Heartbeat(null, null, null, null, null, null, null, null, null);
}
