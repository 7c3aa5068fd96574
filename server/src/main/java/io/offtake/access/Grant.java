package io.offtake.access;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A role or a piece of row scope for some time.
public sealed interface Grant {
    LocalDate validFrom();

    @Nullable LocalDate validTo();

    default boolean isValidOn(LocalDate day) {
        var to = validTo();
        return !validFrom().isAfter(day) && (to == null || !to.isBefore(day));
    }

    /// @param validTo last day, null for open
    record OfRole(Role role, LocalDate validFrom, @Nullable LocalDate validTo) implements Grant {}

    /// @param id of the territory, distributor or principal; 0 for the whole network
    record OfScope(ScopeKind kind, long id, LocalDate validFrom, @Nullable LocalDate validTo) implements Grant {}

    /// NETWORK and TERRITORY say where; DISTRIBUTOR and PRINCIPAL narrow it (GV-01). A list of distributors may stand alone.
    enum ScopeKind { NETWORK, TERRITORY, DISTRIBUTOR, PRINCIPAL }
}
