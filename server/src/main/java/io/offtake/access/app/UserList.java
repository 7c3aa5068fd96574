package io.offtake.access.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// Lists of users and of what happened to them, in the caller's scope.
@Service
public class UserList {
    private static final ListSql USERS = ListSql.of("""
            select u.id, u.username, u.name, u.kind, u.language, u.distributor_id, u.status, u.signed_in_at, u.version,
                   coalesce((select string_agg(distinct r.role, ',' order by r.role) from access.user_role r
                              where r.user_id = u.id and r.valid_from <= :day and (r.valid_to is null or r.valid_to >= :day)), '') as roles
              from access.app_user u
             where u.id = :self or :network or u.distributor_id = any (:distributors)
            """)
            .key("id", ListSql.Type.LONG).sortable("username", ListSql.Type.TEXT).sortable("name", ListSql.Type.TEXT)
            .equal("status", ListSql.Type.TEXT).equal("kind", ListSql.Type.TEXT).equal("distributorId", ListSql.Type.LONG)
            .search("username", "name").order("username");

    private static final ListSql EVENTS = ListSql.of("""
            select e.id, e.recorded_at, e.kind, e.user_id, e.username, e.distributor_id, e.address, e.subject, e.details
              from access.security_event e
             where :network or e.distributor_id = any (:distributors)
            """)
            .key("id", ListSql.Type.UUID).sortable("recordedAt", ListSql.Type.INSTANT)
            .equal("kind", ListSql.Type.TEXT).equal("userId", ListSql.Type.LONG).equal("username", ListSql.Type.TEXT)
            .from("from", "recordedAt", ListSql.Type.INSTANT).to("to", "recordedAt", ListSql.Type.INSTANT)
            .search("username", "subject", "address").order("-recordedAt");

    private final TenantTransaction transactions;
    private final UserAdministration users;
    private final Sessions sessions;

    UserList(TenantTransaction transactions, UserAdministration users, Sessions sessions) {
        this.transactions = transactions;
        this.users = users;
        this.sessions = sessions;
    }

    public record Row(long id, String username, String name, String kind, String language, @Nullable Long distributorId, String status, List<Role> roles,
                      @Nullable Instant signedInAt, int version) {}

    public record Event(UUID id, Instant recordedAt, String kind, @Nullable Long userId, String username, @Nullable Long distributorId, String address,
                        String subject, String details) {}

    public Page<Row> page(Caller by, ListQuery query) {
        by.require(Permission.USER_READ);
        return transactions.shared(jdbc -> USERS.page(jdbc, query, Map.of("day", sessions.today(), "self", by.userId(), "network", users.isNetwork(by),
                "distributors", by.scope().distributors().toArray(Long[]::new)), (row, _) -> {
            var signedIn = row.getObject("signed_in_at", OffsetDateTime.class);
            return new Row(row.getLong("id"), row.getString("username"), row.getString("name"), row.getString("kind"), row.getString("language"),
                    row.getObject("distributor_id", Long.class), row.getString("status"),
                    Arrays.stream(row.getString("roles").split(",")).filter(role -> !role.isEmpty()).map(Role::valueOf).toList(),
                    signedIn == null ? null : signedIn.toInstant(), row.getInt("version"));
        }));
    }

    public Page<Event> events(Caller by, ListQuery query) {
        by.require(Permission.SECURITY_LOG_READ);
        return transactions.shared(jdbc -> EVENTS.page(jdbc, query, Map.of("network", users.isNetwork(by), "distributors", by.scope().distributors().toArray(Long[]::new)),
                (row, _) -> new Event(row.getObject("id", UUID.class), row.getObject("recorded_at", OffsetDateTime.class).toInstant(), row.getString("kind"),
                        row.getObject("user_id", Long.class), row.getString("username"), row.getObject("distributor_id", Long.class), row.getString("address"),
                        row.getString("subject"), row.getString("details"))));
    }
}
