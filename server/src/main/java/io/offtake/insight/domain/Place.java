package io.offtake.insight.domain;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// A distributor and where it stands in the network.
///
/// @param tier       its level: DISTRIBUTOR, SUPER_STOCKIST …
/// @param supplierId the super-stockist that it buys from; null if it buys from principals
public record Place(long id, String code, String name, @Nullable Long territoryId, @Nullable Long regionId, ZoneId zone, String currency, String tier, @Nullable Long supplierId) {}
