package io.offtake.access;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Who asks, and what that person may do and see. A controller method takes it as an argument.
///
/// ```java
/// @GetMapping("/api/v1/outlets/{id}")
/// OutletView outlet(Caller caller, @PathVariable UUID id) {
///     caller.require(Permission.OUTLET_READ);
///     return outlets.find(caller.scope(), id).orElseThrow(() -> caller.notFound("outlet"));
/// }
/// ```
///
/// @param scope       rows that may be seen today: distributors of the assigned territories and lists, and principals
/// @param permissions what the roles allow, or what an API token was given
/// @param language    of the person, as `en` or `hi`
public record Caller(long userId, String username, String name, Set<Role> roles, RowScope scope, String language, Set<Permission> permissions) {
    public Caller {
        roles = Set.copyOf(roles);
        permissions = Set.copyOf(permissions);
    }

    /// A person, who may do what the roles allow.
    public Caller(long userId, String username, String name, Set<Role> roles, RowScope scope, String language) {
        this(userId, username, name, roles, scope, language, Permission.of(roles));
    }

    public boolean can(Permission permission) {
        return permissions.contains(permission);
    }

    /// @throws AccessRefused FORBIDDEN with who can grant it, noted in the security log
    public void require(Permission permission) {
        if (!can(permission)) throw AccessRefused.permission(this, permission);
    }

    /// @throws AccessRefused FORBIDDEN if none of them is held
    public void requireAny(Permission... any) {
        for (var permission : any) if (can(permission)) return;
        throw AccessRefused.permission(this, any[0]);
    }

    /// Answers the id, so that it can be used in an expression.
    ///
    /// @throws AccessRefused NOT_FOUND if the distributor is not the caller's: what is not yours does not exist
    public long requireDistributor(long distributorId) {
        if (!scope.distributors().contains(distributorId)) throw AccessRefused.scope(this, "distributor " + distributorId);
        return distributorId;
    }

    /// @throws AccessRefused NOT_FOUND if the caller is confined to other principals
    public long requirePrincipal(long principalId) {
        if (scope.principals() != null && !scope.principals().contains(principalId)) throw AccessRefused.scope(this, "principal " + principalId);
        return principalId;
    }

    /// Permission and distributor in one line, as most commands need it.
    public void require(Permission permission, long distributorId) {
        require(permission);
        requireDistributor(distributorId);
    }

    /// The answer for a row that does not exist in the caller's scope. Not noted: mistyped ids are no attack.
    public io.offtake.platform.ProblemException notFound(String what) {
        return io.offtake.platform.Problem.of(io.offtake.platform.ProblemCode.NOT_FOUND, "There is no such " + what + ".").exception();
    }

    /// The refusal for a row that exists, but not for this caller; answered as not found, noted as a miss of the scope.
    public AccessRefused outOfScope(String row) {
        return AccessRefused.scope(this, row);
    }

    /// The caller's only distributor, or null if there are none or several.
    public @Nullable Long onlyDistributor() {
        return scope.distributors().size() == 1 ? scope.distributors().iterator().next() : null;
    }

    /// As it is written into documents, with the roles that own limits depend on.
    public Actor actor() {
        var names = new TreeSet<String>();
        roles.forEach(role -> names.add(role.name()));
        return new Actor(userId, username, names);
    }

    /// Counter before tower for staff of a distributor, each once.
    public Set<String> workspaces() {
        var spaces = new TreeSet<String>();
        roles.forEach(role -> spaces.add(role.workspace()));
        return spaces;
    }

}
