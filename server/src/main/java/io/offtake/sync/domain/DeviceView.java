package io.offtake.sync.domain;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A device as its manager sees it (OFF-16).
///
/// @param code         of the distributor's devices, `D1`; it stands in its number series
/// @param user         who registered it
/// @param lastSeenAt   its last call; `lastSyncAt` its last call that handed in commands or found none to hand in
/// @param unsentValue  of its queued bills, in the distributor's currency, as the device says
/// @param clockDriftSeconds its clock less the server's
/// @param seriesLeft   numbers left, by document type, as the device says
/// @param refused      commands that wait for a correction
/// @param silentHours  whole hours since its last call
/// @param alert        hours of silence that have raised an alert: 24, 48 or 72; null: none is open
public record DeviceView(UUID id, long distributorId, String distributorCode, String distributorName, String code, String name, String kind, String user, DeviceState state,
                         @Nullable String stateReason, @Nullable String stateBy, @Nullable Instant stateAt, Instant registeredAt, @Nullable String appVersion, int schemaVersion,
                         Instant lastSeenAt, @Nullable Instant lastSyncAt, int queueLength, @Nullable Instant oldestUnsentAt, @Nullable BigDecimal unsentValue,
                         @Nullable BigDecimal storagePercent, @Nullable Long clockDriftSeconds, Map<String, Long> seriesLeft, int refused, int silentHours, @Nullable Integer alert, int version) {}
