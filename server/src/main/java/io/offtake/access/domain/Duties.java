package io.offtake.access.domain;

import io.offtake.access.Permission;
import io.offtake.access.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Segregation of duties at role grant (domain 12.3). Relaxed for small distributors: the owner may also bill and keep the
/// godown, since the owner's own staff is all the owner may administer.
public final class Duties {
    /// @param rule  SOD-1 to SOD-10
    /// @param roles the roles that exclude each other
    public record Conflict(String rule, Set<Role> roles, String text) {}

    private record Rule(String id, Set<Role> one, Set<Role> other, String text) {}

    private static final Set<Role> ADMINISTRATORS = EnumSet.of(Role.IT, Role.COE);
    private static final List<Rule> RULES = List.of(
            new Rule("SOD-5", EnumSet.of(Role.DO, Role.BC), EnumSet.of(Role.CA), "who submits claims does not decide them"),
            new Rule("SOD-6", ADMINISTRATORS, posting(), "who administers users does not post business"),
            new Rule("SOD-7", EnumSet.of(Role.SO), EnumSet.of(Role.FIN), "who sets up schemes does not approve their budget"),
            new Rule("SOD-8", EnumSet.of(Role.COE), EnumSet.of(Role.IT), "who writes the configuration does not deploy it"),
            new Rule("SOD-1", EnumSet.of(Role.AUD), EnumSet.complementOf(EnumSet.of(Role.AUD)), "who audits does nothing else"));

    private Duties() {}

    /// Conflicts in a set of roles held at the same time, in the order of the rules.
    public static List<Conflict> conflicts(Set<Role> roles) {
        var found = new ArrayList<Conflict>();
        for (var rule : RULES) {
            var one = both(rule.one, roles);
            var other = both(rule.other, roles);
            if (!one.isEmpty() && !other.isEmpty()) {
                one.addAll(other);
                found.add(new Conflict(rule.id, Collections.unmodifiableSet(one), rule.text));
            }
        }
        return found;
    }

    private static EnumSet<Role> posting() {
        var posting = EnumSet.noneOf(Role.class);
        for (var permission : Permission.values()) if (permission.posts()) posting.addAll(permission.roles());
        return posting;
    }

    private static EnumSet<Role> both(Set<Role> one, Set<Role> other) {
        var both = EnumSet.copyOf(one);
        both.retainAll(other);
        return both;
    }
}
