package io.offtake.platform;

import java.time.LocalDate;

/// Quarterly partitions of the tables that the manifest partitions by a date.
public interface Partitions {

    /// Makes the partitions of all quarters that `from` to `to`, both included, touch; those that exist stay as they are.
    /// Call it before an import or a generator writes dates outside of the last 8 and the next 4 quarters.
    void ensure(LocalDate from, LocalDate to);
}
