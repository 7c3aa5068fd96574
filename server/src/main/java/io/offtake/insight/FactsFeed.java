package io.offtake.insight;

import java.util.function.LongConsumer;

/// Turns posted documents into facts by following the change feed, exactly once and in order (ANA-02).
public interface FactsFeed {

    /// Takes in everything that has been posted, and returns how many events that were.
    long drain();

    /// Throws the facts of one distributor away and makes them again from the change feed. Readers see the old facts until
    /// the new ones are complete.
    ///
    /// @param progress is told the events done so far
    /// @return how many events there were
    long rebuild(long distributorId, LongConsumer progress);
}
