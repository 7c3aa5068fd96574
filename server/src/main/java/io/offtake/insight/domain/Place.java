package io.offtake.insight.domain;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// A distributor and where it stands in the network.
public record Place(long id, String code, String name, @Nullable Long territoryId, @Nullable Long regionId, ZoneId zone, String currency) {}
