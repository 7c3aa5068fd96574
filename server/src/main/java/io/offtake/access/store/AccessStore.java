package io.offtake.access.store;

import io.offtake.access.Grant;
import io.offtake.access.Grant.ScopeKind;
import io.offtake.access.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// SQL over users, their roles and scopes. Every method runs in the caller's transaction.
@Component
public class AccessStore {

    /// A row of `access.app_user`.
    public record UserRow(long id, String username, String name, String kind, String language, @Nullable Long distributorId, String status,
                          @Nullable String passwordHash, int version) {
        public boolean isActive() {
            return "ACTIVE".equals(status);
        }
    }

    public Optional<UserRow> user(JdbcClient jdbc, long id) {
        return jdbc.sql("""
                select id, username, name, kind, language, distributor_id, status, password_hash, version
                  from access.app_user where id = :id""").param("id", id).query(UserRow.class).optional();
    }

    public Optional<UserRow> user(JdbcClient jdbc, String username) {
        return jdbc.sql("""
                select id, username, name, kind, language, distributor_id, status, password_hash, version
                  from access.app_user where username = :username""").param("username", username).query(UserRow.class).optional();
    }

    public long insertUser(JdbcClient jdbc, String username, String name, String kind, String language, @Nullable Long distributorId,
                           @Nullable String passwordHash, String by, Instant at) {
        return jdbc.sql("""
                insert into access.app_user (username, name, kind, language, distributor_id, password_hash, password_changed_at, created_at, created_by, changed_at)
                values (:username, :name, :kind, :language, :distributor, :hash, :at, :at, :by, :at) returning id""")
                .param("username", username).param("name", name).param("kind", kind).param("language", language).param("distributor", distributorId)
                .param("hash", passwordHash).param("at", time(at)).param("by", by).query(Long.class).single();
    }

    /// Answers whether the version was still the one expected.
    public boolean updateUser(JdbcClient jdbc, long id, int version, String name, String language, Instant at) {
        return jdbc.sql("""
                update access.app_user set name = :name, language = :language, changed_at = :at, version = version + 1
                 where id = :id and version = :version""")
                .param("name", name).param("language", language).param("at", time(at)).param("id", id).param("version", version).update() == 1;
    }

    public void updateStatus(JdbcClient jdbc, long id, String status, @Nullable String reason, Instant at) {
        jdbc.sql("update access.app_user set status = :status, status_reason = :reason, changed_at = :at, version = version + 1 where id = :id")
                .param("status", status).param("reason", reason).param("at", time(at)).param("id", id).update();
    }

    public void updateLanguage(JdbcClient jdbc, long id, String language) {
        jdbc.sql("update access.app_user set language = :language where id = :id").param("language", language).param("id", id).update();
    }

    public void updatePassword(JdbcClient jdbc, long id, String hash, Instant at) {
        jdbc.sql("update access.app_user set password_hash = :hash, password_changed_at = :at, changed_at = :at where id = :id")
                .param("hash", hash).param("at", time(at)).param("id", id).update();
    }

    public void signedIn(JdbcClient jdbc, long id, Instant at) {
        jdbc.sql("update access.app_user set signed_in_at = :at where id = :id").param("at", time(at)).param("id", id).update();
    }

    public List<Grant.OfRole> roles(JdbcClient jdbc, long userId) {
        return jdbc.sql("select role, valid_from, valid_to from access.user_role where user_id = :id order by role, valid_from")
                .param("id", userId).query((row, _) -> new Grant.OfRole(Role.valueOf(row.getString(1)), row.getObject(2, LocalDate.class), row.getObject(3, LocalDate.class))).list();
    }

    public List<Grant.OfScope> scopes(JdbcClient jdbc, long userId) {
        return jdbc.sql("select kind, ref_id, valid_from, valid_to from access.user_scope where user_id = :id order by kind, ref_id, valid_from")
                .param("id", userId).query((row, _) -> new Grant.OfScope(ScopeKind.valueOf(row.getString(1)), row.getLong(2), row.getObject(3, LocalDate.class), row.getObject(4, LocalDate.class))).list();
    }

    public void replaceRoles(JdbcClient jdbc, long userId, List<Grant.OfRole> roles, String by, Instant at) {
        jdbc.sql("delete from access.user_role where user_id = :id").param("id", userId).update();
        for (var role : roles) {
            jdbc.sql("insert into access.user_role (user_id, role, valid_from, valid_to, granted_by, granted_at) values (:id, :role, :from, :to, :by, :at)")
                    .param("id", userId).param("role", role.role().name()).param("from", role.validFrom()).param("to", role.validTo())
                    .param("by", by).param("at", time(at)).update();
        }
    }

    public void replaceScopes(JdbcClient jdbc, long userId, List<Grant.OfScope> scopes, String by, Instant at) {
        jdbc.sql("delete from access.user_scope where user_id = :id").param("id", userId).update();
        for (var scope : scopes) {
            jdbc.sql("insert into access.user_scope (user_id, kind, ref_id, valid_from, valid_to, granted_by, granted_at) values (:id, :kind, :ref, :from, :to, :by, :at)")
                    .param("id", userId).param("kind", scope.kind().name()).param("ref", scope.id()).param("from", scope.validFrom()).param("to", scope.validTo())
                    .param("by", by).param("at", time(at)).update();
        }
    }

    /// Active users who may administer every user on that day, but for one.
    public int administrators(JdbcClient jdbc, LocalDate day, long except) {
        return jdbc.sql("""
                select count(distinct u.id)
                  from access.app_user u
                  join access.user_role r on r.user_id = u.id and r.role in ('IT', 'COE') and r.valid_from <= :day and (r.valid_to is null or r.valid_to >= :day)
                  join access.user_scope s on s.user_id = u.id and s.kind = 'NETWORK' and s.valid_from <= :day and (s.valid_to is null or s.valid_to >= :day)
                 where u.status = 'ACTIVE' and u.kind = 'PERSON' and u.id <> :except""")
                .param("day", day).param("except", except).query(Integer.class).single();
    }

    /// Active people who hold one of these roles on that day.
    public List<Long> holders(JdbcClient jdbc, LocalDate day, java.util.Collection<Role> roles) {
        return jdbc.sql("""
                select distinct u.id
                  from access.app_user u
                  join access.user_role r on r.user_id = u.id and r.role = any (:roles) and r.valid_from <= :day and (r.valid_to is null or r.valid_to >= :day)
                 where u.status = 'ACTIVE' and u.kind = 'PERSON'""")
                .param("day", day).param("roles", roles.stream().map(Role::name).toArray(String[]::new)).query(Long.class).list();
    }

    /// A live session with what it needs to be trusted.
    public record SessionRow(long userId, String csrf, Instant createdAt, Instant seenAt, Instant expiresAt) {}

    public Optional<SessionRow> session(JdbcClient jdbc, byte[] hash) {
        return jdbc.sql("select user_id, csrf, created_at, seen_at, expires_at from access.session where token_hash = :hash").param("hash", hash)
                .query((row, _) -> new SessionRow(row.getLong(1), row.getString(2), instant(row, 3), instant(row, 4), instant(row, 5))).optional();
    }

    public void insertSession(JdbcClient jdbc, byte[] hash, long userId, String csrf, Instant at, Instant expiresAt, String address, String agent) {
        jdbc.sql("""
                insert into access.session (token_hash, user_id, csrf, created_at, seen_at, expires_at, address, agent)
                values (:hash, :user, :csrf, :at, :at, :expires, :address, :agent)""")
                .param("hash", hash).param("user", userId).param("csrf", csrf).param("at", time(at)).param("expires", time(expiresAt))
                .param("address", address).param("agent", agent).update();
    }

    public void touchSession(JdbcClient jdbc, byte[] hash, Instant at) {
        jdbc.sql("update access.session set seen_at = :at where token_hash = :hash").param("at", time(at)).param("hash", hash).update();
    }

    public int deleteSession(JdbcClient jdbc, byte[] hash) {
        return jdbc.sql("delete from access.session where token_hash = :hash").param("hash", hash).update();
    }

    public void deleteSessions(JdbcClient jdbc, long userId, byte @Nullable [] except) {
        jdbc.sql("delete from access.session where user_id = :user and token_hash is distinct from cast(:except as bytea)").param("user", userId).param("except", except, java.sql.Types.BINARY).update();
    }

    public void deleteEndedSessions(JdbcClient jdbc, Instant now, Instant idleSince) {
        jdbc.sql("delete from access.session where expires_at < :now or seen_at < :idle").param("now", time(now)).param("idle", time(idleSince)).update();
    }

    /// A live token.
    public record TokenRow(long id, long userId, List<String> permissions, Instant expiresAt, @Nullable Instant usedAt) {}

    public Optional<TokenRow> token(JdbcClient jdbc, byte[] hash) {
        return jdbc.sql("select id, user_id, permissions, expires_at, used_at from access.api_token where token_hash = :hash and revoked_at is null").param("hash", hash)
                .query((row, _) -> new TokenRow(row.getLong(1), row.getLong(2), List.of((String[]) row.getArray(3).getArray()), instant(row, 4), instantOrNull(row, 5))).optional();
    }

    public long insertToken(JdbcClient jdbc, long userId, String name, String hint, byte[] hash, List<String> permissions, String by, Instant at, Instant expiresAt) {
        return jdbc.sql("""
                insert into access.api_token (user_id, name, hint, token_hash, permissions, created_at, created_by, expires_at)
                values (:user, :name, :hint, :hash, :permissions, :at, :by, :expires) returning id""")
                .param("user", userId).param("name", name).param("hint", hint).param("hash", hash).param("permissions", permissions.toArray(String[]::new))
                .param("at", time(at)).param("by", by).param("expires", time(expiresAt)).query(Long.class).single();
    }

    public void touchToken(JdbcClient jdbc, long id, Instant at) {
        jdbc.sql("update access.api_token set used_at = :at where id = :id").param("at", time(at)).param("id", id).update();
    }

    public Optional<byte[]> revokeToken(JdbcClient jdbc, long id, Instant at) {
        return jdbc.sql("update access.api_token set revoked_at = coalesce(revoked_at, :at) where id = :id returning token_hash")
                .param("at", time(at)).param("id", id).query((row, _) -> row.getBytes(1)).optional();
    }

    public static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant instantOrNull(ResultSet row, int column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
