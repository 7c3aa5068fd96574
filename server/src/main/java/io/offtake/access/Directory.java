package io.offtake.access;

import java.util.List;
import java.util.Set;

/// What access has to know about the network to turn territories into distributors; the network module answers.
public interface Directory {
    record Entry(long id, String code, String name) {}

    /// Every distributor.
    Set<Long> distributors();

    /// The distributors at and below these nodes of the territory tree, as of today.
    Set<Long> inTerritories(Set<Long> nodes);

    /// Code and name, ordered by code; unknown ids are left out.
    List<Entry> named(Set<Long> distributors);
}
