package io.offtake.insight;

import org.jspecify.annotations.Nullable;

/// Something to ask by, declared once for all metrics.
///
/// @param path     `place`, `goods` or `time`, the drill path it lies on
/// @param level    its level on the path, 1 on top; 0 off the paths
/// @param type     form of its keys
/// @param nullable facts may have none: they show as "not allocated"
public record Dimension(String id, String label, @Nullable String path, int level, Type type, boolean nullable, String definition) {
    /// The key of facts that have no value for a dimension, in answers and in filters.
    public static final String NOT_ALLOCATED = "NOT_ALLOCATED";

    public enum Type { NUMBER, UUID, TEXT, DATE }
}
