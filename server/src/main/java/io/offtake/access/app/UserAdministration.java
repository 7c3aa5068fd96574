package io.offtake.access.app;

import io.offtake.access.Caller;
import io.offtake.access.Directory;
import io.offtake.access.Grant;
import io.offtake.access.Grant.ScopeKind;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.access.app.SecurityEvents.Kind;
import io.offtake.access.app.SecurityEvents.Who;
import io.offtake.access.domain.Duties;
import io.offtake.access.domain.Passwords;
import io.offtake.access.domain.Scopes;
import io.offtake.access.domain.Secret;
import io.offtake.access.store.AccessStore;
import io.offtake.access.store.AccessStore.UserRow;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/// Creates and changes users. IT and the CoE do so for all whose distributor is in their scope, and for the head office if
/// their scope is the whole network; a distributor's owner for the own staff. Nobody changes the own rights.
@Service
public class UserAdministration implements Users {
    private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{1,63}");
    private static final Set<String> LANGUAGES = Set.of("en", "hi");
    private static final Set<Role> STAFF = EnumSet.of(Role.DO, Role.BC, Role.GK, Role.REP, Role.VS);
    private static final LocalDate ALWAYS = LocalDate.of(2000, 1, 1);

    private final TenantTransaction transactions;
    private final AccessStore store;
    private final Directory directory;
    private final PasswordHashes passwords;
    private final Sessions sessions;
    private final SecurityEvents events;
    private final Clock clock;

    UserAdministration(TenantTransaction transactions, AccessStore store, Directory directory, PasswordHashes passwords, Sessions sessions,
                       SecurityEvents events, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.directory = directory;
        this.passwords = passwords;
        this.sessions = sessions;
        this.events = events;
        this.clock = clock;
    }

    /// A user with all grants, past ones included.
    public record Account(UserRow user, List<Grant.OfRole> roles, List<Grant.OfScope> scopes) {}

    @Override
    public long createFirst(String username, String name, String password) {
        int others = transactions.shared(jdbc -> store.administrators(jdbc, sessions.today(), 0));
        if (others > 0) {
            throw Problem.of(ProblemCode.ILLEGAL_STATE, "There is an administrator already. Users are created by an administrator on the page People.").exception();
        }
        return register(new NewUser(username, name, Kind.PERSON, "en", null, List.of(new Grant.OfRole(Role.IT, ALWAYS, null)),
                List.of(new Grant.OfScope(ScopeKind.NETWORK, 0, ALWAYS, null)), password), "terminal");
    }

    @Override
    public long register(NewUser user, String actor) {
        checkNew(user);
        var hash = user.password() == null ? null : passwords.hash(user.password());
        var at = clock.instant();
        long id = transactions.shared(jdbc -> {
            if (store.user(jdbc, user.username()).isPresent()) throw taken(user.username());
            long created = store.insertUser(jdbc, user.username(), user.name(), user.kind().name(), user.language(), user.distributorId(), hash, actor, at);
            store.replaceRoles(jdbc, created, user.roles(), actor, at);
            store.replaceScopes(jdbc, created, user.scopes(), actor, at);
            return created;
        });
        events.note(SecurityEvents.Kind.USER_CREATED, new Who(null, actor, user.distributorId()), user.username(), describe(user.roles(), user.scopes()));
        return id;
    }

    @Override
    public Optional<Caller> caller(String username) {
        return transactions.shared(jdbc -> store.user(jdbc, username.strip().toLowerCase(Locale.ROOT)).filter(UserRow::isActive).map(user -> sessions.caller(jdbc, user, null)));
    }

    @Override
    public Set<Long> holders(Permission permission) {
        return transactions.shared(jdbc -> Set.copyOf(store.holders(jdbc, sessions.today(), permission.roles())));
    }

    @Override
    public Optional<Long> find(String username) {
        return transactions.<Optional<UserRow>>shared(jdbc -> store.user(jdbc, username)).map(UserRow::id);
    }

    /// Creates a user on behalf of a person.
    public Account create(Caller by, NewUser user) {
        by.require(Permission.USER_WRITE);
        checkGrants(by, user.distributorId(), user.roles(), user.scopes());
        return get(by, register(user, by.username()));
    }

    /// @throws io.offtake.platform.ProblemException NOT_FOUND outside of the caller's scope
    public Account get(Caller by, long id) {
        by.require(Permission.USER_READ);
        return transactions.shared(jdbc -> account(jdbc, by, id));
    }

    /// Replaces name, language and grants.
    public Account change(Caller by, long id, long version, String name, String language, List<Grant.OfRole> roles, List<Grant.OfScope> scopes) {
        by.require(Permission.USER_WRITE);
        checkText(name, language);
        var at = clock.instant();
        var changed = transactions.<Account>shared(jdbc -> {
            var before = account(jdbc, by, id);
            checkGrants(by, before.user().distributorId(), roles, scopes);
            boolean sameGrants = new HashSet<>(before.roles()).equals(new HashSet<>(roles)) && new HashSet<>(before.scopes()).equals(new HashSet<>(scopes));
            if (id == by.userId() && !sameGrants) {
                throw Problem.of(ProblemCode.DUTIES_CONFLICT, "Nobody changes the own roles or scope. Ask another administrator.").rule("SOD-6").exception();
            }
            checkDuties(roles);
            if (!store.updateUser(jdbc, id, (int) version, name, language, at)) throw Problem.of(ProblemCode.STALE, "Somebody changed this user meanwhile.").with("currentVersion", before.user().version()).exception();
            if (!sameGrants) {
                int administrators = store.administrators(jdbc, sessions.today(), 0);
                store.replaceRoles(jdbc, id, roles, by.username(), at);
                store.replaceScopes(jdbc, id, scopes, by.username(), at);
                keepAnAdministrator(jdbc, administrators);
            }
            return account(jdbc, by, id);
        });
        sessions.forget(id);
        events.note(SecurityEvents.Kind.USER_CHANGED, who(by, changed.user()), changed.user().username(), describe(roles, scopes));
        return changed;
    }

    /// Ends all sessions and refuses new ones and tokens, within ten seconds on every node.
    public Account block(Caller by, long id, String reason) {
        by.require(Permission.USER_WRITE);
        if (id == by.userId()) throw Problem.of(ProblemCode.ILLEGAL_STATE, "Nobody can block themselves.").exception();
        var blocked = transactions.<Account>shared(jdbc -> {
            account(jdbc, by, id);
            int administrators = store.administrators(jdbc, sessions.today(), 0);
            store.updateStatus(jdbc, id, "BLOCKED", reason, clock.instant());
            store.deleteSessions(jdbc, id, null);
            keepAnAdministrator(jdbc, administrators);
            return account(jdbc, by, id);
        });
        sessions.forget(id);
        events.note(SecurityEvents.Kind.USER_BLOCKED, who(by, blocked.user()), blocked.user().username(), reason);
        return blocked;
    }

    public Account unblock(Caller by, long id) {
        by.require(Permission.USER_WRITE);
        var freed = transactions.<Account>shared(jdbc -> {
            account(jdbc, by, id);
            store.updateStatus(jdbc, id, "ACTIVE", null, clock.instant());
            return account(jdbc, by, id);
        });
        events.note(SecurityEvents.Kind.USER_UNBLOCKED, who(by, freed.user()), freed.user().username(), "");
        return freed;
    }

    /// Sets another password and ends all sessions.
    public void resetPassword(Caller by, long id, String password) {
        by.require(Permission.USER_WRITE);
        var account = transactions.<Account>shared(jdbc -> account(jdbc, by, id));
        checkPassword(password, account.user().username());
        var hash = passwords.hash(password);
        transactions.shared(jdbc -> {
            store.updatePassword(jdbc, id, hash, clock.instant());
            store.deleteSessions(jdbc, id, null);
            return true;
        });
        sessions.forget(id);
        events.note(SecurityEvents.Kind.PASSWORD_RESET, who(by, account.user()), account.user().username(), "");
    }

    /// Changes the own password; every other session of the person ends.
    public void changePassword(Caller by, String current, String next, @Nullable String session) {
        var user = transactions.<Optional<UserRow>>shared(jdbc -> store.user(jdbc, by.userId())).orElseThrow();
        if (!passwords.matches(current, user.passwordHash())) {
            throw Problem.of(ProblemCode.INVALID, "The present password is not right.").at("/current", ProblemCode.BAD_CREDENTIALS, "is not right").exception();
        }
        checkPassword(next, user.username());
        var hash = passwords.hash(next);
        transactions.shared(jdbc -> {
            store.updatePassword(jdbc, user.id(), hash, clock.instant());
            store.deleteSessions(jdbc, user.id(), session == null ? null : Secret.hash(session));
            return true;
        });
        sessions.forget(user.id());
        events.note(SecurityEvents.Kind.PASSWORD_CHANGED, new Who(by.userId(), by.username(), user.distributorId()), "", "");
    }

    public void changeLanguage(Caller by, String language) {
        checkText("x", language);
        transactions.shared(jdbc -> {
            store.updateLanguage(jdbc, by.userId(), language);
            return true;
        });
        sessions.forget(by.userId());
    }

    /// Whether the caller's scope holds rows that belong to no distributor.
    public boolean isNetwork(Caller by) {
        return transactions.shared(jdbc -> isNetwork(jdbc, by));
    }

    private boolean isNetwork(JdbcClient jdbc, Caller by) {
        return Scopes.isNetwork(store.scopes(jdbc, by.userId()), sessions.today());
    }

    private Account account(JdbcClient jdbc, Caller by, long id) {
        var user = store.user(jdbc, id).orElseThrow(() -> by.notFound("user"));
        if (user.distributorId() == null) {
            if (id != by.userId() && !isNetwork(jdbc, by)) throw by.outOfScope("user " + id);
        } else {
            by.requireDistributor(user.distributorId());
        }
        return new Account(user, store.roles(jdbc, id), store.scopes(jdbc, id));
    }

    private void checkNew(NewUser user) {
        if (!USERNAME.matcher(user.username()).matches()) {
            throw Problem.of(ProblemCode.INVALID, "This user name is not possible.")
                    .at("/username", ProblemCode.INVALID, "must have 2 to 64 characters: small letters, digits, dot, dash, underscore or @").exception();
        }
        checkText(user.name(), user.language());
        if (user.kind() == Kind.PERSON) {
            if (user.password() == null) throw Problem.of(ProblemCode.INVALID).at("/password", ProblemCode.INVALID, "is missing").exception();
            checkPassword(user.password(), user.username());
        } else if (user.password() != null) {
            throw Problem.of(ProblemCode.INVALID).at("/password", ProblemCode.INVALID, "an integration account has tokens, no password").exception();
        }
        checkDuties(user.roles());
    }

    private static void checkText(String name, String language) {
        if (name.isBlank() || name.length() > 120) throw Problem.of(ProblemCode.INVALID).at("/name", ProblemCode.INVALID, "must have 1 to 120 characters").exception();
        if (!LANGUAGES.contains(language)) throw Problem.of(ProblemCode.INVALID).at("/language", ProblemCode.INVALID, "is not offered", new TreeSet<>(LANGUAGES)).exception();
    }

    private static void checkPassword(String password, String username) {
        Passwords.weakness(password, username).ifPresent(text -> {
            throw Problem.of(ProblemCode.PASSWORD_WEAK, "This password " + text + ".").at("/password", ProblemCode.PASSWORD_WEAK, text).exception();
        });
    }

    /// Roles that are held at the same time at any day must not exclude each other (SOD-1 to SOD-10).
    private static void checkDuties(List<Grant.OfRole> roles) {
        for (var start : roles) {
            var held = EnumSet.noneOf(Role.class);
            roles.stream().filter(grant -> grant.isValidOn(start.validFrom())).forEach(grant -> held.add(grant.role()));
            var conflicts = Duties.conflicts(held);
            if (!conflicts.isEmpty()) {
                var first = conflicts.getFirst();
                throw Problem.of(ProblemCode.DUTIES_CONFLICT, first.roles() + ": " + first.text() + ".").rule(first.rule())
                        .at("/roles", ProblemCode.DUTIES_CONFLICT, first.text(), "only one side of " + first.roles()).exception();
            }
        }
    }

    /// What may be granted: nothing above the granter's own scope, and by a distributor's owner only staff roles.
    private void checkGrants(Caller by, @Nullable Long distributorId, List<Grant.OfRole> roles, List<Grant.OfScope> scopes) {
        if (distributorId != null) by.requireDistributor(distributorId);
        boolean network = isNetwork(by);
        boolean administrator = by.roles().contains(Role.IT) || by.roles().contains(Role.COE);
        if (distributorId == null && !network) {
            throw Problem.of(ProblemCode.INVALID, "You may create staff of your distributors only.").at("/distributorId", ProblemCode.INVALID, "is missing", by.scope().distributors()).exception();
        }
        var named = new HashSet<Long>();
        for (int i = 0; i < scopes.size(); i++) {
            var scope = scopes.get(i);
            var at = "/scopes/" + i;
            switch (scope.kind()) {
                case NETWORK, TERRITORY -> {
                    if (!network) throw Problem.of(ProblemCode.FORBIDDEN, "This scope is wider than your own.").at(at, ProblemCode.FORBIDDEN, "is wider than your own").exception();
                }
                case DISTRIBUTOR -> {
                    by.requireDistributor(scope.id());
                    named.add(scope.id());
                }
                case PRINCIPAL -> by.requirePrincipal(scope.id());
            }
        }
        if (distributorId != null && !(administrator && network)) {
            if (!named.equals(Set.of(distributorId))) {
                throw Problem.of(ProblemCode.INVALID).at("/scopes", ProblemCode.INVALID, "must be the distributor whose staff it is", "[{\"kind\":\"DISTRIBUTOR\",\"id\":" + distributorId + "}]").exception();
            }
        }
        for (int i = 0; i < roles.size(); i++) {
            var role = roles.get(i).role();
            if (!administrator && !STAFF.contains(role)) {
                throw Problem.of(ProblemCode.FORBIDDEN, "A distributor's owner grants roles of its own staff only.").rule("GOV-05")
                        .at("/roles/" + i, ProblemCode.FORBIDDEN, "is no role of a distributor's staff", STAFF.stream().map(Role::name).toList()).exception();
            }
        }
    }

    private void keepAnAdministrator(JdbcClient jdbc, int before) {
        if (before > 0 && store.administrators(jdbc, sessions.today(), 0) == 0) throw Problem.of(ProblemCode.LAST_ADMINISTRATOR).exception();
    }

    private static io.offtake.platform.ProblemException taken(String username) {
        return Problem.of(ProblemCode.DUPLICATE, "The user name " + username + " is taken.").at("/username", ProblemCode.DUPLICATE, "is taken").exception();
    }

    private static Who who(Caller by, UserRow subject) {
        return new Who(by.userId(), by.username(), subject.distributorId());
    }

    private static String describe(List<Grant.OfRole> roles, List<Grant.OfScope> scopes) {
        return "roles " + roles.stream().map(grant -> grant.role().name()).sorted().toList() + " scope "
                + scopes.stream().map(grant -> grant.kind().name().toLowerCase(Locale.ROOT) + (grant.id() == 0 ? "" : " " + grant.id())).sorted().toList();
    }
}
