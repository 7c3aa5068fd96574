package io.offtake.access.domain;

import io.offtake.access.Directory;
import io.offtake.access.Grant;
import io.offtake.access.Grant.ScopeKind;
import io.offtake.platform.RowScope;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// Row scope of a day (GV-01): the distributors of the assigned territory nodes ∩ the distributor list ∩ the principals.
/// Nothing assigned is nothing seen.
public final class Scopes {
    private Scopes() {}

    public static RowScope of(Collection<Grant.OfScope> grants, LocalDate day, Directory directory) {
        var listed = ids(grants, ScopeKind.DISTRIBUTOR, day);
        var nodes = ids(grants, ScopeKind.TERRITORY, day);
        var principals = ids(grants, ScopeKind.PRINCIPAL, day);
        boolean network = isNetwork(grants, day);
        Set<Long> distributors = new HashSet<>();
        if (network || !nodes.isEmpty()) {
            distributors.addAll(network ? directory.distributors() : directory.inTerritories(nodes));
            if (!listed.isEmpty()) distributors.retainAll(listed);
        } else {
            distributors.addAll(listed);
        }
        return new RowScope(distributors, principals.isEmpty() ? null : principals);
    }

    /// Whether the whole network is in scope, rows without a distributor included.
    public static boolean isNetwork(Collection<Grant.OfScope> grants, LocalDate day) {
        return !ids(grants, ScopeKind.NETWORK, day).isEmpty() && ids(grants, ScopeKind.DISTRIBUTOR, day).isEmpty();
    }

    private static Set<Long> ids(Collection<Grant.OfScope> grants, ScopeKind kind, LocalDate day) {
        var ids = new HashSet<Long>();
        for (var grant : grants) if (grant.kind() == kind && grant.isValidOn(day)) ids.add(grant.id());
        return ids;
    }
}
