package io.offtake.platform;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which rows a reader may see: those of some distributors, and, for principals' users, of some principals only.
///
/// @param principals null means all principals; an empty set means none
public record RowScope(Set<Long> distributors, @Nullable Set<Long> principals) {

    public RowScope {
        distributors = Set.copyOf(distributors);
        principals = principals == null ? null : Set.copyOf(principals);
    }

    public static RowScope of(long distributorId) {
        return new RowScope(Set.of(distributorId), null);
    }

    public static RowScope of(Set<Long> distributors) {
        return new RowScope(distributors, null);
    }

    public RowScope confinedTo(Set<Long> principals) {
        return new RowScope(distributors, principals);
    }

    /// As a PostgreSQL array literal, for `SET LOCAL offtake.distributor_ids`.
    public String distributorList() {
        return list(distributors);
    }

    /// As a PostgreSQL array literal, empty for all. No principal has the id 0: it stands for "none".
    public String principalList() {
        if (principals == null) return "";
        return principals.isEmpty() ? "{0}" : list(principals);
    }

    private static String list(Set<Long> ids) {
        var text = new StringBuilder("{");
        for (var id : new TreeSet<>(ids)) text.append(text.length() == 1 ? "" : ",").append(id.longValue());
        return text.append('}').toString();
    }
}
