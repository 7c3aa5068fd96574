package io.offtake.access.web;

import io.offtake.access.Caller;
import io.offtake.access.Grant;
import io.offtake.access.Grant.ScopeKind;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.access.app.UserAdministration;
import io.offtake.access.app.UserAdministration.Account;
import io.offtake.access.app.UserList;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Users with their roles and scopes.
@RestController
class UserController {
    private static final LocalDate ALWAYS = LocalDate.of(2000, 1, 1);

    private final UserAdministration users;
    private final UserList list;

    UserController(UserAdministration users, UserList list) {
        this.users = users;
        this.list = list;
    }

    /// @param validFrom first day, from ever if missing
    /// @param validTo   last day, open if missing
    record RoleGrant(@NotNull Role role, @Nullable LocalDate validFrom, @Nullable LocalDate validTo) {}

    /// @param id of the territory, distributor or principal; 0 or missing for NETWORK
    record ScopeGrant(@NotNull ScopeKind kind, @PositiveOrZero @Nullable Long id, @Nullable LocalDate validFrom, @Nullable LocalDate validTo) {}

    record NewUserBody(@NotNull @Size(min = 2, max = 64) String username, @NotNull @Size(min = 1, max = 120) String name, Users.@Nullable Kind kind,
                       @Nullable String language, @Nullable Long distributorId, @NotNull @Size(max = 20) List<@NotNull @Valid RoleGrant> roles,
                       @NotNull @Size(max = 200) List<@NotNull @Valid ScopeGrant> scopes, @Nullable @Size(max = 1000) String password) {
        @Override
        public String toString() {
            return username;
        }
    }

    record UserBody(@NotNull @Size(min = 1, max = 120) String name, @NotNull String language, @NotNull @Size(max = 20) List<@NotNull @Valid RoleGrant> roles,
                    @NotNull @Size(max = 200) List<@NotNull @Valid ScopeGrant> scopes) {}

    record UserView(long id, String username, String name, Users.Kind kind, String language, @Nullable Long distributorId, String status, List<RoleGrant> roles,
                    List<ScopeGrant> scopes, int version) {}

    record Block(@NotNull @Size(min = 3, max = 200) String reason) {}

    record PasswordReset(@NotNull @Size(min = 1, max = 1000) String password) {
        @Override
        public String toString() {
            return "password reset";
        }
    }

    record RoleView(Role role, String title, String workspace, boolean ofDistributor, List<PermissionView> permissions) {}

    record PermissionView(Permission permission, String title) {}

    @GetMapping("/api/v1/users")
    Page<UserList.Row> list(Caller caller, ListQuery query) {
        return list.page(caller, query);
    }

    @PostMapping("/api/v1/users")
    ResponseEntity<UserView> create(Caller caller, @Valid @RequestBody NewUserBody body) {
        var created = users.create(caller, new Users.NewUser(body.username(), body.name(), body.kind() == null ? Users.Kind.PERSON : body.kind(),
                body.language() == null ? "en" : body.language(), body.distributorId(), roles(body.roles()), scopes(body.scopes()), body.password()));
        return ResponseEntity.created(URI.create("/api/v1/users/" + created.user().id())).eTag(IfMatch.etag(created.user().version())).body(view(created));
    }

    @GetMapping("/api/v1/users/{id}")
    ResponseEntity<UserView> get(Caller caller, @PathVariable long id) {
        return answer(users.get(caller, id));
    }

    @PutMapping("/api/v1/users/{id}")
    ResponseEntity<UserView> change(Caller caller, @PathVariable long id, IfMatch version, @Valid @RequestBody UserBody body) {
        caller.require(Permission.USER_WRITE);
        version.check(users.get(caller, id).user().version());
        return answer(users.change(caller, id, version.version(), body.name(), body.language(), roles(body.roles()), scopes(body.scopes())));
    }

    @PostMapping("/api/v1/users/{id}/block")
    ResponseEntity<UserView> block(Caller caller, @PathVariable long id, @Valid @RequestBody Block body) {
        return answer(users.block(caller, id, body.reason()));
    }

    @PostMapping("/api/v1/users/{id}/unblock")
    ResponseEntity<UserView> unblock(Caller caller, @PathVariable long id) {
        return answer(users.unblock(caller, id));
    }

    @PostMapping("/api/v1/users/{id}/password")
    ResponseEntity<Void> resetPassword(Caller caller, @PathVariable long id, @Valid @RequestBody PasswordReset body) {
        users.resetPassword(caller, id, body.password());
        return ResponseEntity.noContent().build();
    }

    /// The roles there are and what each allows.
    @GetMapping("/api/v1/roles")
    Page<RoleView> roles(Caller caller) {
        caller.require(Permission.USER_READ);
        return Page.all(Arrays.stream(Role.values()).map(role -> new RoleView(role, role.title(), role.workspace(), role.ofDistributor(),
                Arrays.stream(Permission.values()).filter(permission -> permission.roles().contains(role)).map(permission -> new PermissionView(permission, permission.title())).toList())).toList());
    }

    private static ResponseEntity<UserView> answer(Account account) {
        return IfMatch.ok(view(account), account.user().version());
    }

    private static UserView view(Account account) {
        var user = account.user();
        return new UserView(user.id(), user.username(), user.name(), Users.Kind.valueOf(user.kind()), user.language(), user.distributorId(), user.status(),
                account.roles().stream().map(grant -> new RoleGrant(grant.role(), grant.validFrom(), grant.validTo())).toList(),
                account.scopes().stream().map(grant -> new ScopeGrant(grant.kind(), grant.id(), grant.validFrom(), grant.validTo())).toList(), user.version());
    }

    private static List<Grant.OfRole> roles(List<RoleGrant> grants) {
        return grants.stream().map(grant -> new Grant.OfRole(grant.role(), from(grant.validFrom()), grant.validTo())).distinct().toList();
    }

    private static List<Grant.OfScope> scopes(List<ScopeGrant> grants) {
        return grants.stream().map(grant -> new Grant.OfScope(grant.kind(), grant.id() == null || grant.kind() == ScopeKind.NETWORK ? 0 : grant.id(),
                from(grant.validFrom()), grant.validTo())).distinct().toList();
    }

    private static LocalDate from(@Nullable LocalDate date) {
        return date == null ? ALWAYS : date;
    }
}
