package io.offtake.insight;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How complete and timely the data of distributors are that keep another system. The module that takes their feeds in
/// answers (news goes up, so insight asks through this face of its own).
public interface FeedQuality {

    /// @param expected   days on which data were due in the span
    /// @param inTime     those whose data came by the cut-off
    /// @param lastDay    the last business day with sales; null if none came
    /// @param lateSince  the first business day that is missing and red by now; null if none is
    record Days(long expected, long inTime, @Nullable LocalDate lastDay, @Nullable LocalDate lateSince) {}

    /// Distributors that keep another system; the others are not in the answer.
    Map<Long, Days> of(Set<Long> distributors, LocalDate from, LocalDate to, Instant now);
}
