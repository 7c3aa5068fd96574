package io.offtake.governance;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A form of a distributor's master. Both members are no columns of its file: an import says the distributor once.
public interface OfDistributor {
    /// Made by whoever creates the row, on the server or offline; null: the server makes one.
    @Nullable UUID id();

    /// Null: the caller's only distributor.
    @Nullable Long distributorId();
}
