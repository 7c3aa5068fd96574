package io.offtake.sync.domain;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A device as the server works with it.
///
/// @param number     1, 2, … within the distributor
/// @param secretHash SHA-256 of its secret; null: it never registered (an old client)
public record Device(long distributorId, UUID id, int number, String name, String kind, long userId, DeviceState state, byte @Nullable [] secretHash, int schemaVersion,
                     Instant lastSeenAt, int version) {
    public String code() {
        return "D" + number;
    }
}
