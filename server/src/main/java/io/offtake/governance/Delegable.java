package io.offtake.governance;

import io.offtake.access.Permission;

/// A kind of decision that is no change request and may be passed on to somebody else for some days. A module offers it as a bean.
///
/// @param kind as delegations name it, such as `claims`
/// @param any  one of these rights lets a person pass it on
public record Delegable(String kind, java.util.Set<Permission> any) {
    public Delegable {
        any = java.util.Set.copyOf(any);
    }
}
