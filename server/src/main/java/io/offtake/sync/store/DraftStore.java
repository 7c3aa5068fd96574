package io.offtake.sync.store;

import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.RowScope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// SQL of drafts.
public final class DraftStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ListSql LIST = ListSql.of("""
            select d.distributor_id, d.id, d.device_id, d.document_type, d.summary, d.content, d.evidence, d.username as "user", d.updated_at,
                   (select count(*) from unnest(d.evidence) h where not exists (select 1 from platform.evidence e where e.distributor_id = d.distributor_id and e.hash = h and e.complete))::integer as missing
              from sync.draft d where d.distributor_id = any (:distributors::bigint[])""").key("id", UUID).sortable("updatedAt", INSTANT).equal("distributorId", LONG)
            .equal("documentType", TEXT).equal("deviceId", UUID).search("summary", "user").order("-updatedAt");

    private DraftStore() {}

    /// @param missing pictures and papers that have not arrived
    public record DraftView(UUID id, long distributorId, UUID deviceId, String documentType, String summary, JsonNode content, List<String> evidence, int missing, String user, Instant updatedAt) {}

    public static void put(JdbcClient db, long distributorId, UUID id, UUID deviceId, String documentType, String summary, String content, Set<String> evidence, String username, Instant now) {
        var all = new TreeSet<>(evidence);
        db.sql("select evidence from sync.draft where distributor_id = ? and id = ? for update").params(distributorId, id)
                .query((row, _) -> (String[]) row.getArray(1).getArray()).optional().ifPresent(before -> all.addAll(List.of(before)));
        db.sql("""
                insert into sync.draft (distributor_id, id, device_id, document_type, summary, content, evidence, username, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (distributor_id, id) do update set device_id = excluded.device_id, document_type = excluded.document_type, summary = excluded.summary, content = excluded.content,
                   evidence = excluded.evidence, username = excluded.username, updated_at = excluded.updated_at""")
                .params(distributorId, id, deviceId, documentType, summary, content, all.toArray(String[]::new), username, DeviceStore.at(now)).update();
    }

    public static Page<DraftView> page(JdbcClient db, RowScope scope, ListQuery query) {
        return LIST.page(db, query, Map.of("distributors", scope.distributorList()), (row, _) -> new DraftView(row.getObject("id", UUID.class), row.getLong("distributor_id"),
                row.getObject("device_id", UUID.class), row.getString("document_type"), row.getString("summary"), JSON.readTree(row.getString("content")),
                List.of((String[]) row.getArray("evidence").getArray()), row.getInt("missing"), row.getString("user"), java.util.Objects.requireNonNull(DeviceStore.instant(row, "updated_at"))));
    }
}
