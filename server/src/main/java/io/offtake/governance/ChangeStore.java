package io.offtake.governance;

import static io.offtake.platform.ListSql.Type.BOOLEAN;
import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.governance.ChangeRequests.Found;
import io.offtake.governance.ChangeRequests.Live;
import io.offtake.governance.ChangeRequests.Origin;
import io.offtake.governance.ChangeRequests.Row;
import io.offtake.governance.ChangeRequests.Status;
import io.offtake.platform.ListSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Statements on change requests. Every method runs in the caller's transaction.
final class ChangeStore {
    static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<Found>> FOUND = new TypeReference<>() {};
    private static final TypeReference<TreeSet<String>> CODES = new TypeReference<>() {};

    private ChangeStore() {}

    private static final String SELECT = """
            select r.id, r.revision, r.kind, r.action, r.title, r.status, r.origin, r.origin_ref, r.emergency, r.bootstrap, r.review_due, r.reviewed_name, r.review_outcome, r.owner_id,
                   r.distributor_ids, r.principal_ids, r.effective_from, r.reason, r.content_hash, r.item_count, r.findings, r.acknowledged, r.errors, r.warnings, r.created_by, r.created_name,
                   r.created_at, r.changed_by, r.changed_name, r.submitted_by, r.submitted_name, r.submitted_at, r.due_at, r.decided_by, r.decided_name, r.decided_for_name, r.decided_at,
                   r.decision_reason, r.in_force_at, r.superseded_by, r.template_id, r.reviewed_by, coalesce(r.submitted_at, r.created_at) as moved_at,
                   coalesce(r.effective_from, date '9999-12-31') as effective_day,
                   (select n.effective_from from governance.change_request n where n.id = r.superseded_by) as superseded_from
              from governance.change_request r""";

    /// Binds `:kinds`, `:distributors`, `:principals`, `:local`, `:me`, `:mine`, `:waiting`, `:approvable`.
    static final String VISIBLE = SELECT + """

             where r.kind = any (:kinds) and r.distributor_ids <@ :distributors::bigint[]
               and (:principals::bigint[] is null or r.principal_ids <@ :principals::bigint[])
               and (not :local or cardinality(r.distributor_ids) > 0)
               and (not :mine or r.created_by = :me)
               and (not :waiting or (r.kind = any (:approvable) and r.created_by <> :me and r.changed_by <> :me
                    and ((r.status = 'SUBMITTED' and r.submitted_by <> :me) or (r.emergency and r.reviewed_by is null))))""";
    static final ListSql LIST = ListSql.of(VISIBLE).key("id", ListSql.Type.UUID).sortable("createdAt", INSTANT).sortable("movedAt", INSTANT).sortable("effectiveDay", DATE).sortable("status", TEXT)
            .sortable("kind", TEXT).sortable("title", TEXT).equal("status", TEXT).equal("kind", TEXT).equal("origin", TEXT).equal("originRef", TEXT).equal("emergency", BOOLEAN)
            .equal("ownerId", LONG).equal("action", TEXT).search("title", "created_name").order("-movedAt");

    /// A request with what the desk alone needs to know.
    record Stored(Row row, long ownerId, Set<Long> distributors, Set<Long> principals, long createdBy, long changedBy, @Nullable Long submittedBy, @Nullable Long decidedBy,
                  @Nullable Long reviewedBy, List<Found> findings, Set<String> acknowledged, @Nullable Long templateId) {
        boolean isMaker(long user) {
            return createdBy == user || changedBy == user || (submittedBy != null && submittedBy == user);
        }
    }

    static Stored stored(ResultSet row, LocalDate today) throws SQLException {
        return new Stored(row(row, today), row.getLong("owner_id"), longs(row, "distributor_ids"), longs(row, "principal_ids"), row.getLong("created_by"), row.getLong("changed_by"),
                row.getObject("submitted_by", Long.class), row.getObject("decided_by", Long.class), row.getObject("reviewed_by", Long.class), JSON.readValue(row.getString("findings"), FOUND),
                JSON.readValue(row.getString("acknowledged"), CODES), row.getObject("template_id", Long.class));
    }

    static Row row(ResultSet row, LocalDate today) throws SQLException {
        var status = Status.valueOf(row.getString("status"));
        var from = row.getObject("effective_from", LocalDate.class);
        var next = row.getObject("superseded_from", LocalDate.class);
        Live live = switch (status) {
            case APPROVED -> Live.SCHEDULED;
            case IN_FORCE -> from != null && from.isAfter(today) ? Live.SCHEDULED : Live.LIVE;
            case SUPERSEDED -> next != null && next.isAfter(today) ? Live.LIVE : Live.ENDED;
            default -> null;
        };
        var distributors = longs(row, "distributor_ids");
        return new Row(row.getObject("id", UUID.class), row.getInt("revision"), row.getString("kind"), row.getString("action"), row.getString("title"), status, live,
                Origin.valueOf(row.getString("origin")), row.getString("origin_ref"), row.getBoolean("emergency"), row.getBoolean("bootstrap"), instant(row, "review_due"),
                row.getString("reviewed_name"), row.getString("review_outcome"), distributors.size() == 1 ? distributors.iterator().next() : null, from, row.getString("reason"),
                row.getString("content_hash"), row.getInt("item_count"), row.getInt("errors"), row.getInt("warnings"), row.getString("created_name"), instant(row, "created_at"),
                row.getString("changed_name"), row.getString("submitted_name"), instant(row, "submitted_at"), instant(row, "due_at"), row.getString("decided_name"),
                row.getString("decided_for_name"), instant(row, "decided_at"), row.getString("decision_reason"), instant(row, "in_force_at"), row.getObject("superseded_by", UUID.class));
    }

    private static Set<Long> longs(ResultSet row, String column) throws SQLException {
        return Set.of((Long[]) row.getArray(column).getArray());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Optional<Stored> lock(JdbcClient db, UUID id, LocalDate today) {
        return db.sql(SELECT + " where r.id = :id for update of r").param("id", id).query((row, _) -> stored(row, today)).optional();
    }

    static Optional<Stored> find(JdbcClient db, UUID id, LocalDate today) {
        return db.sql(SELECT + " where r.id = :id").param("id", id).query((row, _) -> stored(row, today)).optional();
    }

    /// An open request of the same person with the same content.
    static Optional<UUID> same(JdbcClient db, long user, String kind, String hash) {
        return db.sql("""
                select id from governance.change_request
                 where created_by = :user and kind = :kind and content_hash = :hash and status in ('DRAFT', 'SUBMITTED') order by created_at limit 1""")
                .param("user", user).param("kind", kind).param("hash", hash).query(UUID.class).optional();
    }

    /// One thing to be changed.
    record ItemRow(int item, @Nullable String targetId, String key, @Nullable Integer baseVersion, JsonNode content, @Nullable JsonNode before) {}

    static List<ItemRow> items(JdbcClient db, UUID id, int after, int limit) {
        return db.sql("select item, target_id, key, base_version, content, before from governance.change_item where request_id = :id and item > :after order by item limit :limit")
                .param("id", id).param("after", after).param("limit", limit)
                .query((row, _) -> new ItemRow(row.getInt("item"), row.getString("target_id"), row.getString("key"), row.getObject("base_version", Integer.class),
                        JSON.readTree(row.getString("content")), row.getString("before") == null ? null : JSON.readTree(row.getString("before")))).list();
    }

    static void replaceItems(JdbcClient db, UUID id, List<ItemRow> items) {
        db.sql("delete from governance.change_item where request_id = :id").param("id", id).update();
        var targets = new ArrayList<@Nullable String>();
        var keys = new ArrayList<String>();
        var versions = new ArrayList<@Nullable Integer>();
        var contents = new ArrayList<String>();
        var befores = new ArrayList<@Nullable String>();
        for (var item : items) {
            targets.add(item.targetId);
            keys.add(item.key);
            versions.add(item.baseVersion);
            contents.add(item.content.toString());
            befores.add(item.before == null ? null : item.before.toString());
        }
        db.sql("""
                insert into governance.change_item (request_id, item, target_id, key, base_version, content, before)
                select :id, n.item, n.target_id, n.key, n.base_version, n.content, n.before
                  from unnest(:targets::text[], :keys::text[], :versions::integer[], :contents::text[], :befores::text[])
                       with ordinality as n (target_id, key, base_version, content, before, item)""")
                .param("id", id).param("targets", targets.toArray(String[]::new)).param("keys", keys.toArray(String[]::new)).param("versions", versions.toArray(Integer[]::new))
                .param("contents", contents.toArray(String[]::new)).param("befores", befores.toArray(String[]::new)).update();
    }

    /// What a new version leaves behind: items of earlier requests for the same rows, and requests of which nothing is left.
    static List<UUID> supersede(JdbcClient db, UUID by, String kind, String action, List<String> targets) {
        db.sql("""
                update governance.change_item i set superseded_by = :by
                  from governance.change_request r
                 where r.id = i.request_id and r.kind = :kind and r.action = :action and r.status = 'IN_FORCE' and r.id <> :by and i.superseded_by is null and i.target_id = any (:targets)""")
                .param("by", by).param("kind", kind).param("action", action).param("targets", targets.toArray(String[]::new)).update();
        return db.sql("""
                update governance.change_request r set status = 'SUPERSEDED', superseded_by = :by, superseded_at = now(), revision = revision + 1
                 where r.kind = :kind and r.action = :action and r.status = 'IN_FORCE' and r.id <> :by
                   and exists (select from governance.change_item i where i.request_id = r.id and i.superseded_by = :by)
                   and not exists (select from governance.change_item i where i.request_id = r.id and i.superseded_by is null)
                returning r.id""").param("by", by).param("kind", kind).param("action", action).query(UUID.class).list();
    }

    static void note(JdbcClient db, UUID id, Instant at, String actor, String action, @Nullable String text, Map<String, ?> details) {
        db.sql("""
                insert into governance.change_event (request_id, seq, at, actor, action, text, details)
                select :id, coalesce(max(seq), 0) + 1, :at, :actor, :action, :text, :details from governance.change_event where request_id = :id""")
                .param("id", id).param("at", time(at)).param("actor", actor).param("action", action).param("text", text).param("details", JSON.writeValueAsString(details)).update();
    }

    static void override(JdbcClient db, UUID id, long owner, Instant at, String actor, String rule, String what, String reason, @Nullable UUID request) {
        db.sql("""
                insert into governance.override_entry (id, owner_id, at, actor, rule, what, reason, change_request_id)
                values (:id, :owner, :at, :actor, :rule, :what, :reason, :request)""")
                .param("id", id).param("owner", owner).param("at", time(at)).param("actor", actor).param("rule", rule).param("what", what).param("reason", reason).param("request", request).update();
    }

    /// The last simulation of a request.
    record SimulationRow(String contentHash, int days, LocalDate from, LocalDate to, @Nullable UUID jobId, String status, @Nullable String result) {}

    static Optional<SimulationRow> simulation(JdbcClient db, UUID id) {
        return db.sql("select content_hash, days, from_date as \"from\", to_date as \"to\", job_id, status, result from governance.change_simulation where request_id = :id").param("id", id)
                .query((row, _) -> new SimulationRow(row.getString("content_hash"), row.getInt("days"), row.getObject("from", LocalDate.class), row.getObject("to", LocalDate.class),
                        row.getObject("job_id", UUID.class), row.getString("status"), row.getString("result"))).optional();
    }

    static OffsetDateTime time(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    static Map<String, @Nullable Object> parameters() {
        return new HashMap<>();
    }
}
