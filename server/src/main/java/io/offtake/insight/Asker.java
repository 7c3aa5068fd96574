package io.offtake.insight;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whose question it is: no answer holds anything outside of this (INV-10).
///
/// @param distributors null for the whole network
/// @param principals   null for all principals
public record Asker(String name, @Nullable Set<Long> distributors, @Nullable Set<Long> principals) {
    public Asker {
        distributors = distributors == null ? null : Set.copyOf(distributors);
        principals = principals == null ? null : Set.copyOf(principals);
    }

    /// Who may see everything.
    public static Asker network(String name) {
        return new Asker(name, null, null);
    }
}
