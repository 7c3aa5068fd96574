package io.offtake.access.app;

import io.offtake.access.Caller;
import io.offtake.access.Directory;
import io.offtake.access.Grant;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.access.ScopeChanges;
import io.offtake.access.app.SecurityEvents.Kind;
import io.offtake.access.app.SecurityEvents.Who;
import io.offtake.access.domain.Scopes;
import io.offtake.access.domain.Secret;
import io.offtake.access.store.AccessStore;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/// Sessions and tokens: who is asking. They live in the database, each node trusts what it read for ten seconds at most,
/// and they are touched at most once a minute (DESIGN section 4).
@Service
public class Sessions implements ScopeChanges {
    private static final Duration TOUCH = Duration.ofMinutes(1);
    private static final int CACHE_MAX = 50_000;

    /// Somebody who was recognised.
    ///
    /// @param csrf what a session's changes must bring along; null for a token
    public record Known(Caller caller, @Nullable String csrf) {}

    /// A session that was just opened; the secret goes into the cookie and nowhere else.
    public record Opened(String secret, Known known) {}

    private record Cached(Known known, Instant until) {}

    private final TenantTransaction transactions;
    private final AccessStore store;
    private final Directory directory;
    private final PasswordHashes passwords;
    private final SignInLimits limits;
    private final SecurityEvents events;
    private final AccessSettings settings;
    private final Clock clock;
    private final Map<String, Cached> cache = new ConcurrentHashMap<>();

    Sessions(TenantTransaction transactions, AccessStore store, Directory directory, PasswordHashes passwords, SignInLimits limits,
             SecurityEvents events, AccessSettings settings, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.directory = directory;
        this.passwords = passwords;
        this.limits = limits;
        this.events = events;
        this.settings = settings;
        this.clock = clock;
    }

    /// Checks name and password and opens a session with a new secret; one that the browser already had is ended.
    ///
    /// @throws ProblemException BAD_CREDENTIALS for a wrong password, an unknown and a blocked user alike; TOO_MANY_REQUESTS
    public Opened signIn(String name, String password, String address, String agent, @Nullable String earlier) {
        var username = name.strip().toLowerCase(Locale.ROOT);
        long wait = limits.attempt(username, address);
        if (wait > 0) {
            events.note(Kind.SIGN_IN_LIMITED, new Who(null, username, null), "", "");
            throw new TooManyAttempts(wait);
        }
        var user = transactions.<Optional<AccessStore.UserRow>>shared(jdbc -> store.user(jdbc, username)).orElse(null);
        boolean right = passwords.matches(password, user == null ? null : user.passwordHash());
        if (user == null || !right || !user.isActive()) {
            var who = user == null ? new Who(null, username, null) : new Who(user.id(), username, user.distributorId());
            events.note(user != null && right ? Kind.SIGN_IN_BLOCKED : Kind.SIGN_IN_FAILED, who, "", "");
            throw Problem.of(ProblemCode.BAD_CREDENTIALS).exception();
        }
        limits.succeeded(username, address);
        var upgraded = passwords.isOutdated(String.valueOf(user.passwordHash())) ? passwords.hash(password) : null;
        var secret = Secret.random();
        var hash = Secret.hash(secret);
        var csrf = Secret.random();
        var now = clock.instant();
        var opened = transactions.<Known>shared(jdbc -> {
            if (earlier != null) store.deleteSession(jdbc, Secret.hash(earlier));
            if (upgraded != null) store.updatePassword(jdbc, user.id(), upgraded, now);
            store.insertSession(jdbc, hash, user.id(), csrf, now, now.plus(settings.lifetime()), address, agent);
            store.signedIn(jdbc, user.id(), now);
            return new Known(caller(jdbc, user, null), csrf);
        });
        if (earlier != null) cache.remove(key(Secret.hash(earlier)));
        events.note(Kind.SIGN_IN, new Who(user.id(), username, user.distributorId()), "", agent);
        return new Opened(secret, opened);
    }

    /// A refusal that says how long to wait.
    public static final class TooManyAttempts extends ProblemException {
        private final long seconds;

        TooManyAttempts(long seconds) {
            super(Problem.of(ProblemCode.TOO_MANY_REQUESTS, "Too many attempts. Try again in " + seconds + " seconds.").with("retryAfterSeconds", seconds));
            this.seconds = seconds;
        }

        public long seconds() {
            return seconds;
        }
    }

    /// Who holds this session, if it lives.
    public Optional<Known> session(String secret) {
        var hash = Secret.hash(secret);
        return cached(key(hash), now -> transactions.shared(jdbc -> {
            var row = store.session(jdbc, hash).orElse(null);
            if (row == null) return Optional.<Known>empty();
            if (!row.expiresAt().isAfter(now) || row.seenAt().plus(settings.idle()).isBefore(now)) {
                store.deleteSession(jdbc, hash);
                return Optional.<Known>empty();
            }
            var user = store.user(jdbc, row.userId()).filter(AccessStore.UserRow::isActive).orElse(null);
            if (user == null) return Optional.<Known>empty();
            if (row.seenAt().plus(TOUCH).isBefore(now)) store.touchSession(jdbc, hash, now);
            return Optional.of(new Known(caller(jdbc, user, null), row.csrf()));
        }));
    }

    /// Whose token this is, if it lives.
    public Optional<Known> token(String secret) {
        var hash = Secret.hash(secret);
        return cached("token " + key(hash), now -> transactions.shared(jdbc -> {
            var row = store.token(jdbc, hash).filter(token -> token.expiresAt().isAfter(now)).orElse(null);
            if (row == null) return Optional.<Known>empty();
            var user = store.user(jdbc, row.userId()).filter(AccessStore.UserRow::isActive).orElse(null);
            if (user == null) return Optional.<Known>empty();
            if (row.usedAt() == null || row.usedAt().plus(TOUCH).isBefore(now)) store.touchToken(jdbc, row.id(), now);
            return Optional.of(new Known(caller(jdbc, user, row.permissions()), null));
        }));
    }

    public void signOut(String secret, Caller caller) {
        var hash = Secret.hash(secret);
        transactions.shared(jdbc -> store.deleteSession(jdbc, hash));
        cache.remove(key(hash));
        events.note(Kind.SIGN_OUT, new Who(caller.userId(), caller.username(), caller.onlyDistributor()), "", "");
    }

    /// Forgets what this node knows of a user, after roles, scope, status or password changed; others follow within the
    /// cache's ten seconds.
    void forget(long userId) {
        cache.values().removeIf(cached -> cached.known().caller().userId() == userId);
    }

    void forgetToken(byte[] hash) {
        cache.remove("token " + key(hash));
    }

    @Override
    public void distributorsChanged() {
        cache.clear();
    }

    /// Ended sessions are swept now and then; until then they are refused all the same.
    @Scheduled(initialDelayString = "PT1M", fixedDelayString = "PT1H")
    void sweep() {
        var now = clock.instant();
        transactions.shared(jdbc -> {
            store.deleteEndedSessions(jdbc, now, now.minus(settings.idle()));
            return true;
        });
    }

    private Optional<Known> cached(String key, java.util.function.Function<Instant, Optional<Known>> load) {
        var now = clock.instant();
        var hit = cache.get(key);
        if (hit != null && hit.until().isAfter(now)) return Optional.of(hit.known());
        var known = load.apply(now);
        if (known.isPresent()) {
            if (cache.size() > CACHE_MAX) cache.clear();
            cache.put(key, new Cached(known.get(), now.plus(settings.cached())));
        } else {
            cache.remove(key);
        }
        return known;
    }

    /// The person as of today; a token keeps only those of its permissions that the person's roles still allow.
    Caller caller(JdbcClient jdbc, AccessStore.UserRow user, @Nullable Collection<String> tokenPermissions) {
        var day = today();
        var roles = EnumSet.noneOf(Role.class);
        store.roles(jdbc, user.id()).stream().filter(grant -> grant.isValidOn(day)).map(Grant.OfRole::role).forEach(roles::add);
        var scope = Scopes.of(store.scopes(jdbc, user.id()), day, directory);
        Set<Permission> permissions = Permission.of(roles);
        if (tokenPermissions != null) permissions = permissions.stream().filter(permission -> tokenPermissions.contains(permission.name())).collect(Collectors.toSet());
        return new Caller(user.id(), user.username(), user.name(), roles, scope, user.language(), permissions);
    }

    LocalDate today() {
        return LocalDate.now(clock);
    }

    private static String key(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }
}
