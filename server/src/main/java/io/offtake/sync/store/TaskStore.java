package io.offtake.sync.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.RowScope;
import io.offtake.sync.domain.TaskView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// SQL of tasks.
public final class TaskStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String VIEW = """
            select t.distributor_id, k.code as distributor_code, k.name as distributor_name, t.id, t.kind, t.document_id, t.document_type, t.number, t.outlet_id, o.name as outlet_name, t.device_id,
                   t.owner_role, t.evidence, t.state, t.due_on, t.created_at, t.made_by, t.decision, t.note, t.decided_by, t.decided_at
              from sync.task t
              join network.distributor k on k.id = t.distributor_id
              left join network.outlet o on o.distributor_id = t.distributor_id and o.id = t.outlet_id
             where t.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(VIEW).key("id", UUID).sortable("dueOn", DATE).sortable("createdAt", INSTANT).equal("distributorId", LONG).equal("state", TEXT).equal("kind", TEXT)
            .equal("ownerRole", TEXT).equal("documentId", UUID).to("dueTo", "dueOn", DATE).search("number", "outletName", "distributorName").order("dueOn");

    private TaskStore() {}

    /// Opens a task; there is one of its kind for a document.
    /// @return the task's id, also if it was there already
    public static UUID open(JdbcClient db, long distributorId, UUID id, String kind, UUID documentId, String documentType, @Nullable String number, @Nullable UUID outletId, @Nullable UUID deviceId,
                            String ownerRole, String evidence, LocalDate dueOn, String madeBy, Instant now) {
        db.sql("""
                insert into sync.task (distributor_id, id, kind, document_id, document_type, number, outlet_id, device_id, owner_role, evidence, due_on, made_by, created_at)
                values (?, ?, ?, ?, ?, ?, ?::uuid, ?::uuid, ?, ?, ?, ?, ?) on conflict (distributor_id, document_id, kind) do nothing""")
                .params(distributorId, id, kind, documentId, documentType, number, outletId, deviceId, ownerRole, evidence, dueOn, madeBy, DeviceStore.at(now)).update();
        return db.sql("select id from sync.task where distributor_id = ? and document_id = ? and kind = ?").params(distributorId, documentId, kind).query(UUID.class).single();
    }

    public static Page<TaskView> page(JdbcClient db, RowScope scope, ListQuery query) {
        return LIST.page(db, query, Map.of("distributors", scope.distributorList()), TaskStore::view);
    }

    public static Optional<TaskView> find(JdbcClient db, RowScope scope, UUID id) {
        return db.sql(VIEW + " and t.id = :id").param("distributors", scope.distributorList()).param("id", id).query(TaskStore::view).optional();
    }

    /// @return whether it was open
    public static boolean decide(JdbcClient db, long distributorId, UUID id, String decision, String note, String by, Instant now) {
        return db.sql("update sync.task set state = 'DECIDED', decision = ?, note = ?, decided_by = ?, decided_at = ? where distributor_id = ? and id = ? and state = 'OPEN'")
                .params(decision, note, by, DeviceStore.at(now), distributorId, id).update() == 1;
    }

    private static TaskView view(ResultSet row, int at) throws SQLException {
        return new TaskView(row.getObject("id", UUID.class), row.getLong("distributor_id"), row.getString("distributor_code"), row.getString("distributor_name"), row.getString("kind"),
                row.getObject("document_id", UUID.class), row.getString("document_type"), row.getString("number"), row.getObject("outlet_id", UUID.class), row.getString("outlet_name"),
                row.getObject("device_id", UUID.class), row.getString("owner_role"), JSON.readTree(row.getString("evidence")), row.getString("state"), row.getObject("due_on", LocalDate.class),
                java.util.Objects.requireNonNull(DeviceStore.instant(row, "created_at")), row.getString("made_by"), row.getString("decision"), row.getString("note"), row.getString("decided_by"),
                DeviceStore.instant(row, "decided_at"));
    }
}
