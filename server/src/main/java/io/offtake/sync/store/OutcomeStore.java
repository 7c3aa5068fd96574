package io.offtake.sync.store;

import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.governance.AuditTrail;
import io.offtake.platform.BulkRows;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of command outcomes: one row for each command of a device, whatever became of it (OFF-06).
public final class OutcomeStore {
    private static final ListSql LIST = ListSql.of("""
            select o.distributor_id, o.device_id, o.command_id, o.seq, o.kind, o.business_date, o.outcome, o.code, o.number, o.document_id, o.late, o.posting_date, o.tries, o.first_at,
                   o.recorded_at, o.username as "user"
              from sync.command_outcome o where o.distributor_id = any (:distributors::bigint[])""").key("commandId", UUID).sortable("recordedAt", INSTANT).sortable("seq", LONG)
            .equal("distributorId", LONG).equal("deviceId", UUID).equal("outcome", TEXT).equal("kind", TEXT).equal("late", TEXT).equal("documentId", UUID).search("number", "code", "user").order("-recordedAt");

    private OutcomeStore() {}

    /// @param late        LATE or PRIOR_PERIOD; null if it came in time
    /// @param postingDate the day of the period it counts in, where that is not the business date's
    public record OutcomeRow(long distributorId, UUID deviceId, UUID commandId, long seq, String kind, LocalDate businessDate, String outcome, @Nullable String code, @Nullable String number,
                             @Nullable UUID documentId, @Nullable String late, @Nullable LocalDate postingDate, int tries, Instant firstAt, Instant recordedAt, String user) {}

    public static Page<OutcomeRow> page(JdbcClient db, RowScope scope, ListQuery query) {
        return LIST.page(db, query, Map.of("distributors", scope.distributorList()), OutcomeRow.class);
    }

    /// What is recorded of a command.
    ///
    /// @param differs the findings as JSON
    /// @param attempt which was refused; null if the client does not count
    /// @param problem of the refusal, as JSON
    public record Known(String outcome, byte[] bodyHash, @Nullable String late, @Nullable String differs, @Nullable Integer attempt, @Nullable String problem) {
        public boolean isAccepted() {
            return outcome.equals("ACCEPTED") || outcome.equals("DIFFERS");
        }
    }

    public static Map<UUID, Known> known(JdbcClient db, long distributorId, UUID deviceId, Collection<UUID> ids) {
        var found = new HashMap<UUID, Known>();
        db.sql("select command_id, outcome, body_hash, late, differs, attempt, problem from sync.command_outcome where distributor_id = ? and device_id = ? and command_id = any (?)")
                .params(distributorId, deviceId, ids.toArray(UUID[]::new)).query(row -> {
                    found.put(row.getObject(1, UUID.class), new Known(row.getString(2), row.getBytes(3), row.getString(4), row.getString(5), row.getObject(6, Integer.class), row.getString(7)));
                });
        return found;
    }

    /// Those of the ids that are documents, from whichever way they came.
    public static Set<UUID> documents(JdbcClient db, long distributorId, Collection<UUID> ids) {
        if (ids.isEmpty()) return Set.of();
        return new HashSet<>(db.sql("select document_id from platform.document_register where distributor_id = ? and document_id = any (?)").params(distributorId, ids.toArray(UUID[]::new))
                .query(UUID.class).list());
    }

    /// What the change feed was told of a posted bill or note that differs from what is in force.
    public static java.util.Optional<String> toldWith(JdbcClient db, long distributorId, UUID documentId) {
        return db.sql("select payload from platform.outbox where distributor_id = ? and document_id = ? and topic in ('invoice.posted', 'credit-note.posted') and payload like '%\"findings\"%' limit 1")
                .params(distributorId, documentId).query(String.class).optional();
    }

    /// An outcome to be recorded.
    public record New(UUID commandId, long seq, String kind, LocalDate businessDate, byte[] bodyHash, String outcome, @Nullable String code, @Nullable String number, @Nullable UUID documentId,
                      @Nullable String late, @Nullable LocalDate postingDate, @Nullable String differs, @Nullable Integer attempt, @Nullable String problem) {}

    /// Records outcomes, each command once. What was accepted stays accepted; anything else takes the newest answer.
    /// @throws IllegalStateException where an outcome could not be recorded, as for a distributor that has no audit trail; nothing may be answered then
    public static void record(Connection connection, long distributorId, UUID deviceId, String username, List<New> outcomes, Instant now) throws SQLException {
        if (outcomes.isEmpty()) return;
        var rows = new ArrayList<@Nullable Object[]>(outcomes.size());
        for (var one : outcomes)
            rows.add(new @Nullable Object[] {distributorId, deviceId, one.commandId, one.seq, one.kind, one.businessDate, one.bodyHash, one.outcome, one.code, one.number, one.documentId,
                    one.late, one.postingDate, one.differs, one.attempt, one.problem, now, now, username});
        int written = BulkRows.insert(connection, AuditTrail.OWNER, """
                insert into sync.command_outcome as o (distributor_id, device_id, command_id, seq, kind, business_date, body_hash, outcome, code, number, document_id, late, posting_date, differs,
                                                       attempt, problem, first_at, recorded_at, username)
                values\s""", Post.row(19), """

                on conflict (distributor_id, device_id, command_id) do update
                   set seq = excluded.seq, kind = excluded.kind, business_date = excluded.business_date, body_hash = excluded.body_hash, outcome = excluded.outcome, code = excluded.code,
                       number = excluded.number, document_id = excluded.document_id, late = excluded.late, posting_date = excluded.posting_date, differs = excluded.differs,
                       attempt = excluded.attempt, problem = excluded.problem,
                       tries = o.tries + 1, recorded_at = excluded.recorded_at, username = excluded.username
                 where o.outcome not in ('ACCEPTED', 'DIFFERS')""", rows);
        if (written == rows.size()) return;
        // what was accepted before is left as it is; one that is not there must not be answered as if it were recorded (OFF-06)
        int there = recorded(connection, distributorId, deviceId, outcomes.stream().map(New::commandId).distinct().toArray(UUID[]::new));
        if (there < rows.size()) throw new IllegalStateException("of " + rows.size() + " outcomes of device " + deviceId + " only " + there + " are recorded for distributor " + distributorId);
    }

    private static int recorded(Connection connection, long distributorId, UUID deviceId, UUID[] ids) throws SQLException {
        try (var statement = connection.prepareStatement("select count(*) from sync.command_outcome where distributor_id = ? and device_id = ? and command_id = any (?)")) {
            statement.setLong(1, distributorId);
            statement.setObject(2, deviceId);
            statement.setArray(3, connection.createArrayOf("uuid", ids));
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /// Keeps the content of a command that is not posted and must not be lost.
    public static void keep(JdbcClient db, long distributorId, UUID deviceId, UUID commandId, byte[] bodyHash, String command, Instant now) {
        db.sql("insert into sync.kept_command (distributor_id, device_id, command_id, body_hash, command, kept_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                .params(distributorId, deviceId, commandId, bodyHash, command, DeviceStore.at(now)).update();
    }
}
