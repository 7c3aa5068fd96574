package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.governance.Draft.Current;
import io.offtake.platform.Ids;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.lang.reflect.RecordComponent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Component
class MasterStore implements Masters {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};
    private static final int EXPORT_PAGE = 5_000;

    private final TenantTransaction transactions;
    private final NamedParameterJdbcTemplate batches;
    private final AuditChain chain;
    private final ConfigVersions versions;
    private final Ids ids;
    private final Clock clock;
    private final ObjectProvider<ChangeDesk> desk;

    MasterStore(TenantTransaction transactions, DataSource app, AuditChain chain, ConfigVersions versions, Ids ids, Clock clock, ObjectProvider<ChangeDesk> desk) {
        this.desk = desk;
        this.transactions = transactions;
        this.batches = new NamedParameterJdbcTemplate(app);
        this.chain = chain;
        this.versions = versions;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public <F extends Record> Saved create(Caller caller, Master<F> master, @Nullable Long distributorId, @Nullable UUID id, F form) {
        long owner = owner(caller, master, distributorId);
        var made = new ArrayList<Draft<F>>(1);
        var saved = transactions.write(owner, db -> {
            var finder = finder(db, master, owner);
            var sameKey = byKey(master, master.find(finder, List.of(form))).get(master.key(form));
            if (id != null) {
                var sameId = finder.where("t.id = :id", "id", id).stream().findFirst();
                if (sameId.isPresent() && !isSame(master, sameId.get().form(), form)) {
                    throw Problem.of(ProblemCode.ID_REUSED, "The id " + id + " belongs to " + master.key(sameId.get().form()) + ".").exception();
                }
                if (sameId.isPresent()) return new Saved(id, owner, sameId.get().version(), false);
            }
            if (sameKey != null) {
                if (id == null && isSame(master, sameKey.form(), form)) return new Saved(sameKey.id(), owner, sameKey.version(), false);
                throw Problem.of(ProblemCode.DUPLICATE, master.key(form) + " exists already.")
                        .at("/" + master.columns().getFirst().name(), ProblemCode.DUPLICATE, "is taken").with("existing", sameKey.id().toString()).exception();
            }
            var draft = new Draft<>(form, null, id != null ? id : newIds(db, master, 1).getFirst());
            checkOne(db, master, owner, draft);
            if (decides(master, draft)) return opened(db, caller, master, owner, draft);
            write(caller, master, owner, List.of(draft), null);
            made.add(draft);
            return new Saved(draft.id(), owner, draft.version(), true);
        });
        master.stored(caller, made);
        return saved;
    }

    @Override
    public <F extends Record> Saved change(Caller caller, Master<F> master, String id, IfMatch version, F form) {
        caller.require(master.writes());
        var key = master.idOf(id);
        long owner = ownerOf(caller, master, key);
        return transactions.write(owner, db -> {
            var finder = finder(db, master, owner);
            var current = finder.where("t.id = :id", "id", key).stream().findFirst().orElseThrow(() -> caller.notFound(master.type()));
            version.check(current.version());
            if (isSame(master, current.form(), form)) return new Saved(current.id(), owner, current.version(), false);
            if (!master.key(form).equals(master.key(current.form()))) {
                var taken = byKey(master, master.find(finder, List.of(form))).get(master.key(form));
                if (taken != null && !taken.id().equals(current.id())) {
                    throw Problem.of(ProblemCode.DUPLICATE, master.key(form) + " exists already.")
                            .at("/" + master.columns().getFirst().name(), ProblemCode.DUPLICATE, "is taken").exception();
                }
            }
            var draft = new Draft<>(form, current, current.id());
            checkOne(db, master, owner, draft);
            if (decides(master, draft)) return opened(db, caller, master, owner, draft);
            write(caller, master, owner, List.of(draft), null);
            return new Saved(draft.id(), owner, draft.version(), false);
        });
    }

    @Override
    public ChangeRequests changes() {
        return desk.getObject();
    }

    /// Whether the draft may be written by a change request only.
    @SuppressWarnings("unchecked")
    private static <F extends Record> boolean decides(Master<F> master, Draft<F> draft) {
        return master instanceof Governed<?> governed && ((Governed<F>) governed).decides(draft);
    }

    private <F extends Record> Saved opened(JdbcClient db, Caller caller, Master<F> master, long owner, Draft<F> draft) {
        var request = desk.getObject().open(db, caller, master, owner, List.of(draft), ChangeRequests.Origin.USER, null);
        return new Saved(draft.id(), owner, draft.version(), draft.isNew(), request);
    }

    /// Forms as they would be stored now, checked. A form without a target is the row with its key, if there is one.
    record Proposed<F>(@Nullable Object targetId, F form) {}

    <F extends Record> List<Draft<F>> drafts(JdbcClient db, Master<F> master, long owner, List<Proposed<F>> proposals) {
        var finder = finder(db, master, owner);
        var byKey = byKey(master, master.find(finder, proposals.stream().filter(proposed -> proposed.targetId == null).map(Proposed::form).toList()));
        var targets = proposals.stream().filter(proposed -> proposed.targetId != null).map(proposed -> String.valueOf(proposed.targetId)).distinct().toArray(String[]::new);
        var byId = new HashMap<String, Current<F>>();
        if (targets.length > 0) finder.where("t.id::text = any (:keys)", "keys", targets).forEach(current -> byId.put(current.id().toString(), current));
        var fresh = newIds(db, master, proposals.size());
        var drafts = new ArrayList<Draft<F>>(proposals.size());
        var seen = new HashSet<String>();
        for (int at = 0; at < proposals.size(); at++) {
            var proposed = proposals.get(at);
            var key = master.key(proposed.form);
            var current = proposed.targetId == null ? byKey.get(key) : byId.get(proposed.targetId.toString());
            var own = proposed.form instanceof OfDistributor of ? of.id() : null;
            var draft = new Draft<>(proposed.form, current, current != null ? current.id() : own != null ? own : fresh.get(at));
            if (proposed.targetId != null && current == null) draft.fault(master.columns().getFirst().name(), ProblemCode.NOT_FOUND, "the row to change is not there", "Propose it as a new one");
            if (!seen.add(key)) draft.faults(List.of(Fault.twice(master.columns().getFirst().name(), key)));
            drafts.add(draft);
        }
        master.check(db, owner, drafts);
        return List.copyOf(drafts);
    }

    static <F extends Record> boolean isUnchangedForm(Master<F> master, Draft<F> draft) {
        return isUnchanged(master, draft);
    }

    /// Stores approved drafts in the caller's transaction, with the audit trail's note of the request.
    <F extends Record> void publish(Caller by, Master<F> master, long owner, List<Draft<F>> drafts, String via) {
        write(by, master, owner, drafts.stream().filter(draft -> !isUnchanged(master, draft)).toList(), via);
    }

    static long owner(Caller caller, Master<?> master, @Nullable Long distributorId) {
        caller.require(master.writes());
        if (master.owner() == Master.Owner.NETWORK) return AuditTrail.NETWORK;
        var only = distributorId == null ? caller.onlyDistributor() : distributorId;
        if (only == null) {
            throw Problem.of(ProblemCode.INVALID, "Say for which distributor.").at("/distributorId", ProblemCode.INVALID, "is missing").exception();
        }
        return caller.requireDistributor(only);
    }

    /// Whose the stored master is, as the caller may see it.
    private long ownerOf(Caller caller, Master<?> master, Object id) {
        return transactions.read(caller.scope(), db -> {
            var columns = master.owner() == Master.Owner.DISTRIBUTOR ? "t.distributor_id" : "0::bigint";
            return db.sql("select " + columns + " from (" + master.select() + ") t where t.id = :id")
                    .params(Masters.scope(caller.scope())).param("id", id).query(Long.class).optional()
                    .orElseThrow(() -> caller.notFound(master.type()));
        });
    }

    private <F extends Record> Master.Finder<F> finder(JdbcClient db, Master<F> master, long owner) {
        var scope = new HashMap<String, @Nullable Object>();
        scope.put("distributors", master.owner() == Master.Owner.DISTRIBUTOR ? new Long[] {owner} : null);
        scope.put("principals", null);
        var mapper = current(master);
        return (condition, name, value) -> db.sql("select t.* from (" + master.select() + ") t where " + condition)
                .params(scope).param(name, value).query(mapper).list();
    }

    private static <F extends Record> RowMapper<Current<F>> current(Master<F> master) {
        var mapper = master.mapper();
        boolean uuid = master.owner() == Master.Owner.DISTRIBUTOR;
        return (row, number) -> new Current<>(uuid ? row.getObject("id", UUID.class) : (Object) row.getLong("id"), row.getInt("version"), mapper.mapRow(row, number));
    }

    private <F extends Record> void checkOne(JdbcClient db, Master<F> master, long owner, Draft<F> draft) {
        master.check(db, owner, List.of(draft));
        if (!draft.isGood()) throw problem(draft.faults()).exception();
    }

    private static Problem problem(List<Fault> faults) {
        boolean alike = faults.stream().map(Fault::code).distinct().count() == 1;
        var code = alike ? faults.getFirst().code() : ProblemCode.INVALID;
        var first = faults.getFirst();
        var problem = Problem.of(code, faults.size() == 1 ? first.field() + " " + first.wrong() + ". " + first.right() + "." : faults.size() + " fields are not acceptable.");
        for (var fault : faults) problem = problem.at("/" + fault.field(), fault.code(), fault.wrong() + ". " + fault.right() + ".", fault.right());
        return problem;
    }

    @Override
    public <F extends Record> List<Draft<F>> check(Caller caller, Master<F> master, @Nullable Long distributorId, List<Cells> rows) {
        long owner = owner(caller, master, distributorId);
        return transactions.write(owner, db -> {
            planFresh(db);
            return imported(db, master, owner, rows);
        });
    }

    @Override
    public <F extends Record> List<Draft<F>> store(Caller caller, Master<F> master, @Nullable Long distributorId, List<Cells> rows, String via) {
        long owner = owner(caller, master, distributorId);
        var stored = transactions.idempotent().write(owner, db -> {
            planFresh(db);
            var drafts = imported(db, master, owner, rows);
            var good = drafts.stream().filter(draft -> draft.isGood() && !isUnchanged(master, draft)).toList();
            write(caller, master, owner, good.stream().filter(draft -> !decides(master, draft)).toList(), via);
            var governed = good.stream().filter(draft -> decides(master, draft)).toList();
            if (!governed.isEmpty()) desk.getObject().open(db, caller, master, owner, governed, ChangeRequests.Origin.IMPORT, via);
            return drafts;
        });
        master.stored(caller, stored.stream().filter(draft -> draft.isGood() && draft.isNew() && !decides(master, draft)).toList());
        return stored;
    }

    @Override
    public <F extends Record> Draft<F> preview(Caller caller, Master<F> master, F form) {
        caller.require(master.reads());
        if (master.owner() != Master.Owner.NETWORK) throw new IllegalArgumentException(master.type() + " are not the network's");
        return transactions.shared(db -> {
            var current = byKey(master, master.find(finder(db, master, AuditTrail.NETWORK), List.of(form))).get(master.key(form));
            var draft = new Draft<>(form, current, current == null ? (Object) 0L : current.id());
            master.check(db, AuditTrail.NETWORK, List.of(draft));
            return draft;
        });
    }

    /// An import fills tables that a cached plan was made for when they were empty: a nested loop over ten thousand rows.
    private static void planFresh(JdbcClient db) {
        db.sql("set local plan_cache_mode = force_custom_plan").update();
    }

    private <F extends Record> List<Draft<F>> imported(JdbcClient db, Master<F> master, long owner, List<Cells> rows) {
        var finder = finder(db, master, owner);
        var first = rows.stream().map(master::read).toList();
        var stored = byKey(master, master.find(finder, first));
        var drafts = new ArrayList<Draft<F>>(rows.size());
        var seen = new HashSet<String>();
        var fresh = newIds(db, master, rows.size());
        for (int at = 0; at < rows.size(); at++) {
            var current = stored.get(master.key(first.get(at)));
            // what the file has no column for stays as it is stored
            var cells = current == null ? rows.get(at) : rows.get(at).over(texts(master, current.form()));
            var form = current == null ? first.get(at) : master.read(cells);
            var draft = new Draft<>(form, current, current == null ? fresh.get(at) : current.id());
            draft.faults(cells.faults());
            if (!seen.add(master.key(form))) {
                draft.faults(List.of(Fault.twice(master.columns().getFirst().name(), master.key(form))));
            }
            drafts.add(draft);
        }
        master.check(db, owner, drafts);
        return List.copyOf(drafts);
    }

    private static <F extends Record> Map<String, String> texts(Master<F> master, F form) {
        var texts = new HashMap<String, String>();
        for (var column : master.columns()) texts.put(column.name(), column.text(form));
        return texts;
    }

    private static <F extends Record> boolean isUnchanged(Master<F> master, Draft<F> draft) {
        return draft.current() != null && isSame(master, draft.current().form(), draft.form());
    }

    private static <F extends Record> boolean isSame(Master<F> master, F one, F other) {
        return master.columns().stream().allMatch(column -> column.text(one).equals(column.text(other)));
    }

    private static <F extends Record> Map<String, Current<F>> byKey(Master<F> master, List<Current<F>> found) {
        var byKey = new HashMap<String, Current<F>>();
        for (var current : found) byKey.put(master.key(current.form()), current);
        return byKey;
    }

    private List<Object> newIds(JdbcClient db, Master<?> master, int count) {
        var fresh = new ArrayList<Object>(count);
        if (master.owner() == Master.Owner.DISTRIBUTOR) {
            for (int at = 0; at < count; at++) fresh.add(ids.next());
        } else {
            fresh.addAll(db.sql("select nextval(pg_get_serial_sequence(:table, 'id')) from generate_series(1, :count)")
                    .param("table", master.table()).param("count", count).query(Long.class).list());
        }
        return fresh;
    }

    private <F extends Record> void write(Caller caller, Master<F> master, long owner, List<Draft<F>> drafts, @Nullable String via) {
        if (drafts.isEmpty()) return;
        var now = clock.instant();
        var inserts = drafts.stream().filter(Draft::isNew).toList();
        var updates = drafts.stream().filter(draft -> !draft.isNew()).toList();
        run(master.insert(), inserts.stream().map(draft -> parameters(caller, owner, draft, now)).toList());
        var counts = run(master.update(), updates.stream().map(draft -> parameters(caller, owner, draft, now)).toList());
        for (int at = 0; at < counts.length; at++) {
            if (counts[at] == 0) throw Problem.of(ProblemCode.STALE, "Somebody changed " + master.key(updates.get(at).form()) + " meanwhile.").exception();
        }
        master.writeParts((sql, rows) -> batches.batchUpdate(sql, rows.stream().map(MasterStore::source).toArray(SqlParameterSource[]::new)), drafts);
        requireInScope(caller, master, drafts);
        var parts = new TreeSet<String>();
        for (var draft : drafts) parts.addAll(master.raises(owner, draft));
        versions.raise(parts);
        chain.append(owner, drafts.stream().map(draft -> entry(caller, master, owner, draft, now, via)).toList());
    }

    /// Nobody writes what the same person could not read: a price list for somebody else's distributor, another principal's
    /// SKU or contract. A new distributor is in nobody's list yet.
    private <F extends Record> void requireInScope(Caller caller, Master<F> master, List<Draft<F>> drafts) {
        boolean distributors = master.owner() == Master.Owner.DISTRIBUTOR; // the distributor was asked for already
        if (master.type().equals("distributors") || (distributors && caller.scope().principals() == null)) return;
        var parameters = new MapSqlParameterSource(Masters.scope(caller.scope())).addValue("written", drafts.stream().map(draft -> draft.id().toString()).toArray(String[]::new));
        var seen = batches.queryForObject("select count(*) from (" + master.select() + ") t where t.id::text = any (:written)", parameters, Integer.class);
        if (seen == null || seen != drafts.size()) throw caller.outOfScope(master.type());
    }

    private int[] run(String sql, List<MapSqlParameterSource> rows) {
        return rows.isEmpty() ? new int[0] : batches.batchUpdate(sql, rows.toArray(SqlParameterSource[]::new));
    }

    private static MapSqlParameterSource source(Map<String, ?> row) {
        var source = new MapSqlParameterSource();
        row.forEach((name, value) -> source.addValue(name, bound(value)));
        return source;
    }

    private static <F extends Record> MapSqlParameterSource parameters(Caller caller, long owner, Draft<F> draft, Instant now) {
        var source = new MapSqlParameterSource();
        for (var component : draft.form().getClass().getRecordComponents()) {
            var value = valueOf(component, draft.form());
            if (!(value instanceof List<?>)) source.addValue(component.getName(), bound(value));
        }
        draft.found().forEach((name, value) -> source.addValue(name, bound(value)));
        if (draft.form() instanceof OfDistributor) source.addValue("distributorId", owner);
        return source.addValue("id", draft.id()).addValue("version", draft.version()).addValue("now", bound(now)).addValue("actor", caller.userId());
    }

    private static @Nullable Object valueOf(RecordComponent component, Record form) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(form);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static @Nullable Object bound(@Nullable Object value) {
        return switch (value) {
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case Enum<?> constant -> constant.name();
            case null, default -> value;
        };
    }

    private static <F extends Record> AuditTrail.Entry entry(Caller caller, Master<F> master, long owner, Draft<F> draft, Instant now, @Nullable String via) {
        var before = new LinkedHashMap<String, String>();
        var after = new LinkedHashMap<String, String>();
        for (var change : Masters.changes(master, draft)) {
            if (!draft.isNew()) before.put(change.field(), change.before());
            after.put(change.field(), change.after());
        }
        var details = new LinkedHashMap<String, Object>();
        details.put("key", master.key(draft.form()));
        details.put("version", draft.version());
        if (via != null) details.put("via", via);
        if (!draft.isNew()) details.put("before", before);
        details.put("after", after);
        var id = draft.id() instanceof UUID uuid ? uuid : AuditChain.idOf((Long) draft.id());
        return new AuditTrail.Entry(owner, now, caller.username(), null,
                draft.isNew() ? "CREATED" : "CHANGED", master.type(), id, null, JSON.writeValueAsString(details));
    }

    @Override
    public <V> Page<V> page(Caller caller, Master<?> master, ListQuery query, RowMapper<V> view) {
        caller.require(master.reads());
        return transactions.read(caller.scope(), db -> master.list().page(db, query, Masters.scope(caller.scope()), view));
    }

    @Override
    public <V> V get(Caller caller, Master<?> master, String id, RowMapper<V> view) {
        caller.require(master.reads());
        var key = master.idOf(id);
        return transactions.read(caller.scope(), db -> db.sql("select t.* from (" + master.select() + ") t where t.id = :id")
                .params(Masters.scope(caller.scope())).param("id", key).query(view).optional()
                .orElseThrow(() -> caller.notFound(master.type())));
    }

    @Override
    public <V> V stored(Master<?> master, Saved saved, RowMapper<V> view) {
        var scope = new HashMap<String, @Nullable Object>();
        scope.put("distributors", master.owner() == Master.Owner.DISTRIBUTOR ? new Long[] {saved.owner()} : null);
        scope.put("principals", null);
        return transactions.write(saved.owner(), db -> db.sql("select t.* from (" + master.select() + ") t where t.id = :id").params(scope).param("id", saved.id()).query(view).single());
    }

    @Override
    public List<HistoryEntry> history(Caller caller, Master<?> master, String id) {
        caller.require(master.reads());
        var key = master.idOf(id);
        long owner = ownerOf(caller, master, key);
        var document = key instanceof UUID uuid ? uuid : AuditChain.idOf((Long) key);
        return transactions.read(RowScope.of(owner), db -> db.sql("""
                        select seq, recorded_at, actor, action, details from governance.audit_entry
                         where distributor_id = :owner and document_id = :document and document_type = :type
                         order by seq desc limit 200""")
                .param("owner", owner).param("document", document).param("type", master.type())
                .query((row, _) -> new HistoryEntry(row.getLong("seq"), row.getTimestamp("recorded_at").toInstant(), row.getString("actor"), row.getString("action"),
                        JSON.readValue(row.getString("details"), DETAILS)))
                .list());
    }

    @Override
    public <F extends Record> void each(Caller caller, Master<F> master, ListQuery query, Consumer<Stored<F>> each) {
        caller.require(master.reads());
        var mapper = master.mapper();
        boolean owned = master.owner() == Master.Owner.DISTRIBUTOR;
        RowMapper<Stored<F>> stored = (row, number) -> new Stored<>(owned ? row.getLong("distributor_id") : null, mapper.mapRow(row, number));
        transactions.read(caller.scope(), db -> {
            planFresh(db);
            var next = query.cursor();
            do {
                var page = master.list().page(db, new ListQuery(next, EXPORT_PAGE, query.q(), query.sort(), query.filters()), Masters.scope(caller.scope()), stored);
                page.items().forEach(each);
                next = page.next();
            } while (next != null);
            return null;
        });
    }
}
