package io.offtake.access.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.app.SecurityEvents.Kind;
import io.offtake.access.app.SecurityEvents.Who;
import io.offtake.access.domain.Secret;
import io.offtake.access.store.AccessStore;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// API tokens: each acts for one user with some of that user's permissions, until a date. The secret is shown once.
@Service
public class Tokens {
    private static final ListSql LIST = ListSql.of("""
            select t.id, t.user_id, u.username, t.name, t.hint, t.permissions, t.created_at, t.created_by, t.expires_at, t.revoked_at, t.used_at,
                   t.revoked_at is null and t.expires_at > :now as active
              from access.api_token t join access.app_user u on u.id = t.user_id
             where t.user_id = :self or (:all and (:network or u.distributor_id = any (:distributors)))
            """)
            .key("id", ListSql.Type.LONG).sortable("name", ListSql.Type.TEXT).sortable("createdAt", ListSql.Type.INSTANT)
            .equal("userId", ListSql.Type.LONG).equal("active", ListSql.Type.BOOLEAN).search("name", "username").order("-id");

    private final TenantTransaction transactions;
    private final AccessStore store;
    private final UserAdministration users;
    private final Sessions sessions;
    private final SecurityEvents events;
    private final Clock clock;

    Tokens(TenantTransaction transactions, AccessStore store, UserAdministration users, Sessions sessions, SecurityEvents events, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.users = users;
        this.sessions = sessions;
        this.events = events;
        this.clock = clock;
    }

    /// @param hint last characters of the secret, to tell tokens apart
    public record Token(long id, long userId, String username, String name, String hint, List<String> permissions, Instant createdAt, String createdBy,
                        Instant expiresAt, @Nullable Instant revokedAt, @Nullable Instant usedAt, boolean active) {}

    /// @param secret shown this once
    public record Created(long id, String secret, Instant expiresAt) {}

    public Page<Token> list(Caller by, ListQuery query) {
        boolean all = by.can(Permission.TOKEN_WRITE);
        return transactions.shared(jdbc -> LIST.page(jdbc, query, Map.of("now", AccessStore.time(clock.instant()), "self", by.userId(), "all", all,
                "network", all && users.isNetwork(by), "distributors", by.scope().distributors().toArray(Long[]::new)), (row, _) -> new Token(
                row.getLong("id"), row.getLong("user_id"), row.getString("username"), row.getString("name"), row.getString("hint"),
                List.of((String[]) row.getArray("permissions").getArray()), instant(row.getObject("created_at", OffsetDateTime.class)), row.getString("created_by"),
                instant(row.getObject("expires_at", OffsetDateTime.class)), orNull(row.getObject("revoked_at", OffsetDateTime.class)),
                orNull(row.getObject("used_at", OffsetDateTime.class)), row.getBoolean("active"))));
    }

    /// A token for oneself, or, by who administers tokens, for a user in scope.
    public Created create(Caller by, long userId, String name, Set<Permission> permissions, int days) {
        var allowed = userId == by.userId() ? by.permissions() : permissionsOf(by, userId);
        var beyond = permissions.isEmpty() ? EnumSet.noneOf(Permission.class) : EnumSet.copyOf(permissions);
        beyond.removeAll(allowed);
        if (!beyond.isEmpty()) {
            throw Problem.of(ProblemCode.INVALID, "The user does not hold " + beyond + ".").rule("GOV-15")
                    .at("/permissions", ProblemCode.INVALID, "goes beyond what the user may do", allowed.stream().sorted().map(Permission::name).toList()).exception();
        }
        var secret = Secret.TOKEN_PREFIX + Secret.random();
        var now = clock.instant();
        var expires = now.plus(Duration.ofDays(days));
        long id = transactions.shared(jdbc -> store.insertToken(jdbc, userId, name, secret.substring(secret.length() - 4), Secret.hash(secret),
                permissions.stream().map(Permission::name).sorted().toList(), by.username(), now, expires));
        events.note(Kind.TOKEN_CREATED, new Who(by.userId(), by.username(), by.onlyDistributor()), "token " + id, name);
        return new Created(id, secret, expires);
    }

    public void revoke(Caller by, long id) {
        var owner = transactions.<java.util.Optional<Long>>shared(jdbc -> jdbc.sql("select user_id from access.api_token where id = :id").param("id", id).query(Long.class).optional())
                .orElseThrow(() -> by.notFound("token"));
        if (owner != by.userId()) {
            if (!by.can(Permission.TOKEN_WRITE)) throw by.outOfScope("token " + id);
            permissionsOf(by, owner);
        }
        var hash = transactions.<java.util.Optional<byte[]>>shared(jdbc -> store.revokeToken(jdbc, id, clock.instant())).orElseThrow(() -> by.notFound("token"));
        sessions.forgetToken(hash);
        events.note(Kind.TOKEN_REVOKED, new Who(by.userId(), by.username(), by.onlyDistributor()), "token " + id, "");
    }

    /// The permissions of a user whose tokens the caller may administer.
    private Set<Permission> permissionsOf(Caller by, long userId) {
        by.require(Permission.TOKEN_WRITE);
        var account = users.get(by, userId);
        return transactions.<Caller>shared(jdbc -> sessions.caller(jdbc, account.user(), null)).permissions();
    }

    private static Instant instant(OffsetDateTime time) {
        return time.toInstant();
    }

    private static @Nullable Instant orNull(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
