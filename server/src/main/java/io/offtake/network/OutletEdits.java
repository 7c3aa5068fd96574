package io.offtake.network;

import io.offtake.access.Caller;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Changes of outlets that were made without a network: they merge field by field, the latest effective time wins (OFF-13).
public interface OutletEdits {
    /// Fields that merge by themselves.
    Set<String> FIELDS = Set.of("name", "nameLocal", "phone", "address", "city", "pin", "outletClass", "outletGroup");
    /// Fields that decide tax or who is billed: they are proposed, never merged.
    Set<String> CRITICAL = Set.of("gstin", "registration", "stateCode", "status", "parent");

    /// @param version  of the outlet after the change
    /// @param applied  fields that were changed, or were so already
    /// @param older    fields that somebody changed later than the edit was made
    record Result(int version, Set<String> applied, Set<String> older) {}

    /// Applies an edit.
    /// @param fields    new values by field, of [#FIELDS]
    /// @param effective when the edit was made
    /// @param known     when fields were last changed by edits of this kind
    /// @throws io.offtake.platform.ProblemException NOT_FOUND, or INVALID with the master's own refusals
    Result edit(Caller caller, UUID outletId, Map<String, String> fields, Instant effective, Map<String, Instant> known);
}
