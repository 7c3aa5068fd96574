package io.offtake.exchange.app;

import static io.offtake.platform.ListSql.Type.INSTANT;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.exchange.domain.Mapping;
import io.offtake.exchange.domain.Sheet;
import io.offtake.exchange.domain.TableWriter;
import io.offtake.governance.Cells;
import io.offtake.governance.Draft;
import io.offtake.governance.Fault;
import io.offtake.governance.Master;
import io.offtake.governance.Masters;
import io.offtake.platform.Ids;
import io.offtake.platform.Jobs;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Files of masters (INT-07): a dry run says what would happen, a confirmation lets a job do it. Good rows go in, bad rows
/// stay out and come back as the same file with two columns more; uploaded again, the corrected file goes on with the same
/// import. A row is known by its business key, so the same file sent twice changes nothing the second time.
@Component
public class Imports implements Jobs.Handler {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {};
    private static final int SHOWN = 20;
    private static final int CHUNK = 1_000;

    public enum State { READY, RUNNING, DONE, FAILED, CANCELLED }

    /// One row of the first twenty that would change something.
    ///
    /// @param row  number in the file; the first one below the headings is 2
    /// @param kind NEW or CHANGE
    public record RowDiff(int row, String kind, String key, List<Masters.Change> changes) {}

    /// What is wrong with one of the first twenty bad rows.
    public record RowFault(int row, String field, String code, String wrong, String right) {}

    /// @param unmapped        headings that mean nothing here
    /// @param missing         required columns that the file does not have
    public record Preview(List<RowDiff> diffs, List<RowFault> faults, List<String> unmapped, List<String> missing) {}

    /// @param mapping   columns by heading, as guessed or chosen
    /// @param badRows   after it ran: bad rows that no corrected file has brought in yet
    public record Import(UUID id, String type, @Nullable Long distributorId, String fileName, State state, int totalRows, int newRows, int changedRows, int sameRows,
                         int badRows, int writtenRows, Map<String, String> mapping, Preview preview, boolean hasErrorFile, @Nullable UUID continuesId, @Nullable UUID jobId,
                         @Nullable String message, String createdBy, Instant createdAt, @Nullable Instant finishedAt) {}

    /// A kind of master that can be imported, with its columns.
    public record ImportType(String type, boolean ofDistributor, List<ImportColumn> columns) {}

    public record ImportColumn(String name, String title, boolean required, String hint, List<String> aliases) {}

    private static final String VIEW = """
            select id, type, distributor_id, file_name, state, total_rows, new_rows, changed_rows, same_rows, bad_rows, written_rows, mapping, preview,
                   error_file is not null as has_error_file, continues_id, job_id, message, created_by, created_name, created_at, finished_at
              from exchange.import_run
             where created_by = :user or :distributors::bigint[] is null or distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(VIEW).key("id", ListSql.Type.UUID).sortable("createdAt", INSTANT).sortable("type", TEXT).equal("type", TEXT).equal("state", TEXT)
            .equal("distributorId", LONG).search("file_name").order("-createdAt");

    private final Map<String, Master<?>> masters;
    private final Masters store;
    private final TenantTransaction transactions;
    private final Jobs jobs;
    private final Ids ids;
    private final Clock clock;

    Imports(List<Master<?>> masters, Masters store, TenantTransaction transactions, @org.springframework.context.annotation.Lazy Jobs jobs, Ids ids, Clock clock) {
        this.masters = new HashMap<>();
        masters.forEach(master -> this.masters.put(master.type(), master));
        this.store = store;
        this.transactions = transactions;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    /// The masters the caller may import.
    public List<ImportType> types(Caller caller) {
        caller.requireAny(Permission.IMPORT_RUN, Permission.JOB_READ);
        return masters.values().stream().filter(master -> caller.can(master.writes())).sorted(Comparator.comparing(Master::type))
                .map(master -> new ImportType(master.type(), master.owner() == Master.Owner.DISTRIBUTOR, master.columns().stream()
                        .map(column -> new ImportColumn(column.name(), column.title(), column.required(), column.hint(), column.aliases())).toList()))
                .toList();
    }

    Master<?> master(String type) {
        var master = masters.get(type);
        if (master == null) {
            throw Problem.of(ProblemCode.INVALID, "There is no master " + type + ".").at("/type", ProblemCode.INVALID, "is not known", masters.keySet().stream().sorted().toList()).exception();
        }
        return master;
    }

    /// Reads a file, guesses what it is and what its columns mean, and tries it out.
    ///
    /// @param type          null: guessed from the headings
    /// @param distributorId for a distributor's masters; null: the caller's only one
    /// @param chosen        columns by heading, where the guess is not to be trusted
    /// @param continuesId   the import whose corrected error file this is; null: guessed from the two added columns
    public Import upload(Caller caller, @Nullable String type, @Nullable Long distributorId, String fileName, byte[] content, Map<String, String> chosen, @Nullable UUID continuesId) {
        caller.require(Permission.IMPORT_RUN);
        var sheet = Sheet.read(content);
        var before = continued(caller, sheet, type, continuesId);
        if (before != null && distributorId == null) distributorId = before.distributorId;
        var master = type != null ? master(type) : before != null ? master(before.type) : guess(caller, sheet);
        caller.require(master.writes());
        var mapping = Mapping.guess(sheet.headings(), master.columns(), remembered(master.type()));
        mapping = choose(master, sheet, mapping, chosen);
        var owner = master.owner() == Master.Owner.DISTRIBUTOR ? (distributorId == null ? caller.onlyDistributor() : distributorId) : null;
        var tried = tryOut(caller, master, owner, sheet, mapping);
        var id = ids.next();
        var texts = mapping;
        transactions.shared(db -> db.sql("""
                        insert into exchange.import_run (id, type, distributor_id, file_name, content, mapping, state, total_rows, new_rows, changed_rows, same_rows, bad_rows, preview,
                                                         continues_id, created_by, created_name, created_at)
                        values (:id, :type, :distributor, :name, :content, :mapping, 'READY', :total, :new, :changed, :same, :bad, :preview, :continues, :user, :username, :now)""")
                .param("id", id).param("type", master.type()).param("distributor", owner).param("name", shortened(fileName)).param("content", content)
                .param("mapping", JSON.writeValueAsString(texts)).param("total", sheet.rows().size()).param("new", tried.fresh).param("changed", tried.changed).param("same", tried.same)
                .param("bad", tried.bad).param("preview", JSON.writeValueAsString(tried.preview)).param("continues", before == null ? null : before.id)
                .param("user", caller.userId()).param("username", caller.username()).param("now", now()).update());
        remember(master.type(), sheet, mapping);
        return get(caller, id);
    }

    private static String shortened(String fileName) {
        var name = fileName.isBlank() ? "file" : fileName.replaceAll(".*[/\\\\]", "").replaceAll("\\p{Cntrl}", "");
        return name.length() > 200 ? name.substring(name.length() - 200) : name;
    }

    private Master<?> guess(Caller caller, Sheet sheet) {
        Master<?> best = null;
        int bestFit = 0;
        for (var master : masters.values().stream().sorted(Comparator.comparing(Master::type)).toList()) {
            if (!caller.can(master.writes())) continue;
            int fit = Mapping.fit(Mapping.guess(sheet.headings(), master.columns(), Map.of()), master.columns());
            if (fit > bestFit) {
                best = master;
                bestFit = fit;
            }
        }
        if (best == null || bestFit < 2) {
            throw Problem.of(ProblemCode.FILE_UNREADABLE, "The headings fit no master you may import. Say which one it is, or start from a sample file.")
                    .with("headings", sheet.headings()).exception();
        }
        return best;
    }

    private static Map<String, String> choose(Master<?> master, Sheet sheet, Map<String, String> guessed, Map<String, String> chosen) {
        if (chosen.isEmpty()) return guessed;
        var mapping = new LinkedHashMap<>(guessed);
        for (var entry : chosen.entrySet()) {
            if (!sheet.headings().contains(entry.getKey())) throw Problem.of(ProblemCode.INVALID, "The file has no column " + entry.getKey() + ".").at("/mapping", ProblemCode.INVALID, "names an unknown heading", sheet.headings()).exception();
            if (!entry.getValue().isEmpty() && master.columns().stream().noneMatch(column -> column.name().equals(entry.getValue()))) {
                throw Problem.of(ProblemCode.INVALID, "There is no column " + entry.getValue() + ".").at("/mapping", ProblemCode.INVALID, "names an unknown column", master.columns().stream().map(column -> column.name()).toList()).exception();
            }
            mapping.values().removeIf(column -> column.equals(entry.getValue()));
            if (entry.getValue().isEmpty()) mapping.remove(entry.getKey());
            else mapping.put(entry.getKey(), entry.getValue());
        }
        return mapping;
    }

    private Map<String, String> remembered(String type) {
        return transactions.shared(db -> {
            var remembered = new HashMap<String, String>();
            db.sql("select heading, column_name from exchange.column_memory where type = :type").param("type", type).query(row -> {
                remembered.put(row.getString(1), row.getString(2));
            });
            return remembered;
        });
    }

    private void remember(String type, Sheet sheet, Map<String, String> mapping) {
        transactions.shared(db -> {
            for (var heading : sheet.headings()) {
                var column = mapping.get(heading);
                var normal = Mapping.normal(heading);
                if (column == null || normal.isEmpty() || normal.length() > 200) continue;
                db.sql("""
                        insert into exchange.column_memory as m (type, heading, column_name) values (:type, :heading, :column)
                            on conflict (type, heading) do update set column_name = excluded.column_name where m.column_name <> excluded.column_name""")
                        .param("type", type).param("heading", normal).param("column", column).update();
            }
            return null;
        });
    }

    /// The import that a corrected error file goes on with.
    private @Nullable Import continued(Caller caller, Sheet sheet, @Nullable String type, @Nullable UUID continuesId) {
        if (continuesId != null) return get(caller, continuesId);
        if (!sheet.isErrorFile()) return null;
        return transactions.shared(db -> db.sql("select v.* from (" + VIEW + ") v where v.created_by = :user and v.state = 'DONE' and v.bad_rows > 0 and (:type::text is null or v.type = :type) order by v.created_at desc limit 1")
                .params(scope(caller)).param("type", type).query((row, _) -> view(row)).optional().orElse(null));
    }

    /// What a dry run found. `bad` holds faults by row index.
    private record Tried(int fresh, int changed, int same, int bad, Preview preview) {}

    private static List<Cells> cells(Sheet sheet, Map<String, String> mapping) {
        var columns = new HashMap<Integer, String>();
        for (int at = 0; at < sheet.headings().size(); at++) {
            var column = mapping.get(sheet.headings().get(at));
            if (column != null && !columns.containsValue(column)) columns.put(at, column);
        }
        var all = new ArrayList<Cells>(sheet.rows().size());
        for (var row : sheet.rows()) {
            var texts = new HashMap<String, String>();
            columns.forEach((at, column) -> texts.put(column, at < row.size() ? TableWriter.unguarded(row.get(at).strip()) : ""));
            all.add(new Cells(texts, sheet.separator() == ';'));
        }
        return all;
    }

    private <F extends Record> Tried tryOut(Caller caller, Master<F> master, @Nullable Long owner, Sheet sheet, Map<String, String> mapping) {
        var missing = master.columns().stream().filter(column -> column.required() && !mapping.containsValue(column.name())).map(column -> column.title()).toList();
        var unmapped = sheet.headings().stream().filter(heading -> !mapping.containsKey(heading) && !heading.equals(Sheet.WRONG) && !heading.equals(Sheet.RIGHT)).toList();
        var drafts = store.check(caller, master, owner, cells(sheet, mapping));
        int fresh = 0, changed = 0, same = 0;
        int bad = 0;
        var diffs = new ArrayList<RowDiff>();
        var faults = new ArrayList<RowFault>();
        for (int at = 0; at < drafts.size(); at++) {
            var draft = drafts.get(at);
            if (!draft.isGood()) {
                bad++;
                for (var fault : draft.faults()) if (faults.size() < SHOWN) faults.add(new RowFault(at + 2, fault.field(), fault.code().name(), fault.wrong(), fault.right()));
                continue;
            }
            var changes = Masters.changes(master, draft);
            if (!draft.isNew() && changes.isEmpty()) {
                same++;
                continue;
            }
            if (draft.isNew()) fresh++;
            else changed++;
            if (diffs.size() < SHOWN) diffs.add(new RowDiff(at + 2, draft.isNew() ? "NEW" : "CHANGE", master.key(draft.form()), changes));
        }
        return new Tried(fresh, changed, same, bad, new Preview(diffs, faults, unmapped, missing));
    }

    /// Tries the file again with other columns.
    public Import remap(Caller caller, UUID id, Map<String, String> chosen) {
        var run = get(caller, id);
        requireState(run, State.READY);
        var master = master(run.type);
        caller.require(master.writes());
        var sheet = Sheet.read(content(id, "content"));
        var mapping = choose(master, sheet, run.mapping, chosen);
        var tried = tryOut(caller, master, run.distributorId, sheet, mapping);
        transactions.shared(db -> db.sql("""
                        update exchange.import_run set mapping = :mapping, new_rows = :new, changed_rows = :changed, same_rows = :same, bad_rows = :bad, preview = :preview
                         where id = :id and state = 'READY'""")
                .param("mapping", JSON.writeValueAsString(mapping)).param("new", tried.fresh).param("changed", tried.changed).param("same", tried.same).param("bad", tried.bad)
                .param("preview", JSON.writeValueAsString(tried.preview)).param("id", id).update());
        remember(master.type(), sheet, mapping);
        return get(caller, id);
    }

    /// Who confirmed, as the job needs it on whatever node it runs: what the person may do at the moment of confirming.
    private record Order(UUID id, long userId, String username, String name, Set<Role> roles, Set<Long> distributors, @Nullable Set<Long> principals, String language, Set<Permission> permissions) {
        Caller caller() {
            return new Caller(userId, username, name, roles, new RowScope(distributors, principals), language, permissions);
        }
    }

    /// Lets a job bring the good rows in.
    public Import confirm(Caller caller, UUID id) {
        caller.require(Permission.IMPORT_RUN);
        var run = get(caller, id);
        caller.require(master(run.type).writes());
        if (run.state == State.RUNNING || run.state == State.DONE) return run;
        requireState(run, State.READY, State.FAILED, State.CANCELLED);
        int taken = transactions.shared(db -> db.sql("update exchange.import_run set state = 'RUNNING', message = null, finished_at = null where id = :id and state = :state").param("id", id).param("state", run.state.name()).update());
        if (taken == 0) return get(caller, id);
        var order = new Order(id, caller.userId(), caller.username(), caller.name(), caller.roles(), caller.scope().distributors(), caller.scope().principals(), caller.language(), caller.permissions());
        var job = jobs.start(type(), "Import " + run.fileName, caller.userId(), run.distributorId, JSON.writeValueAsString(order));
        transactions.shared(db -> db.sql("update exchange.import_run set job_id = :job where id = :id").param("job", job).param("id", id).update());
        return get(caller, id);
    }

    /// Drops an import that waits for confirmation, or stops one that runs: rows already written stay.
    public Import cancel(Caller caller, UUID id) {
        caller.require(Permission.IMPORT_RUN);
        var run = get(caller, id);
        if (run.state == State.RUNNING && run.jobId != null) jobs.cancel(run.jobId);
        else if (run.state == State.READY) end(id, State.CANCELLED, 0, null, null);
        else requireState(run, State.READY, State.RUNNING);
        return get(caller, id);
    }

    private static void requireState(Import run, State... accepted) {
        if (List.of(accepted).contains(run.state)) return;
        throw Problem.of(ProblemCode.ILLEGAL_STATE, "The import is " + run.state + ".").with("state", run.state).with("accepted", List.of(accepted)).exception();
    }

    @Override
    public String type() {
        return "import";
    }

    @Override
    public String run(String body, Jobs.Steps steps) {
        var order = JSON.readValue(body, Order.class);
        try {
            bringIn(order, steps);
        } catch (Jobs.Cancelled cancelled) {
            end(order.id, State.CANCELLED, null, null, "Cancelled. What was written stays; confirm again to go on.");
            throw cancelled;
        } catch (RuntimeException failure) {
            end(order.id, State.FAILED, null, null, "The import stopped. Confirm again to go on: rows already written are found equal.");
            throw failure;
        }
        return order.id.toString();
    }

    private void bringIn(Order order, Jobs.Steps steps) {
        var caller = order.caller();
        var run = read(order.id);
        bringIn(caller, run, master(run.type), Sheet.read(content(order.id, "content")), steps);
    }

    private <F extends Record> void bringIn(Caller caller, Import run, Master<F> master, Sheet sheet, Jobs.Steps steps) {
        var bad = new LinkedHashMap<Integer, List<Fault>>();
        var cells = cells(sheet, run.mapping);
        var rows = once(master, cells(sheet, run.mapping), bad);
        steps.total(sheet.rows().size());
        int written = 0;
        for (int from = 0; from < rows.size(); from += CHUNK) {
            var chunk = rows.subList(from, Math.min(from + CHUNK, rows.size()));
            List<Draft<F>> drafts = store.store(caller, master, run.distributorId, chunk.stream().map(cells::get).toList(), "import " + run.id);
            for (int at = 0; at < drafts.size(); at++) {
                var draft = drafts.get(at);
                if (!draft.isGood()) bad.put(chunk.get(at), draft.faults());
                else if (draft.isNew() || !Masters.changes(master, draft).isEmpty()) written++;
            }
            steps.done(from + chunk.size());
        }
        boolean waits = written > 0 && store.changes().governs(master);
        end(run.id, State.DONE, written, bad.isEmpty() ? null : errorFile(sheet, bad), waits ? "What decides money waits for approval as a change request." : null);
        int left = bad.size();
        int brought = written;
        transactions.shared(db -> {
            db.sql("update exchange.import_run set bad_rows = :bad where id = :id").param("bad", left).param("id", run.id).update();
            if (run.continuesId != null) {
                db.sql("update exchange.import_run set bad_rows = :bad, written_rows = written_rows + :written, message = :message where id = :id")
                        .param("bad", left).param("written", brought).param("message", left == 0 ? "All bad rows were corrected." : left + " bad rows are left.").param("id", run.continuesId).update();
            }
            return null;
        });
    }

    /// The rows whose key stands in the file for the first time; the others are bad, whatever chunk they would fall into.
    private static <F extends Record> List<Integer> once(Master<F> master, List<Cells> rows, Map<Integer, List<Fault>> bad) {
        var seen = new HashSet<String>();
        var first = new ArrayList<Integer>(rows.size());
        for (int at = 0; at < rows.size(); at++) {
            var key = master.key(master.read(rows.get(at)));
            if (seen.add(key)) first.add(at);
            else bad.put(at, List.of(Fault.twice(master.columns().getFirst().name(), key)));
        }
        return first;
    }

    /// The bad rows of the same file, with what is wrong and how to right it.
    private static byte[] errorFile(Sheet sheet, Map<Integer, List<Fault>> bad) {
        var keep = new ArrayList<Integer>();
        for (int at = 0; at < sheet.headings().size(); at++) if (!Set.of(Sheet.WRONG, Sheet.RIGHT).contains(sheet.headings().get(at))) keep.add(at);
        var out = new ByteArrayOutputStream();
        try (var writer = sheet.isXlsx() ? TableWriter.xlsx(out, "Errors") : TableWriter.csv(out, sheet.separator())) {
            var headings = new ArrayList<String>();
            keep.forEach(at -> headings.add(sheet.headings().get(at)));
            headings.add(Sheet.WRONG);
            headings.add(Sheet.RIGHT);
            writer.row(headings);
            for (int row : bad.keySet().stream().sorted().toList()) {
                var values = new ArrayList<String>();
                for (int at : keep) values.add(at < sheet.rows().get(row).size() ? TableWriter.unguarded(sheet.rows().get(row).get(at)) : "");
                values.add(String.join("; ", bad.get(row).stream().map(fault -> fault.field() + " " + fault.wrong()).toList()));
                values.add(String.join("; ", bad.get(row).stream().map(Fault::right).distinct().toList()));
                writer.row(values);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return out.toByteArray();
    }

    private void end(UUID id, State state, @Nullable Integer written, byte @Nullable [] errorFile, @Nullable String message) {
        transactions.shared(db -> db.sql("""
                        update exchange.import_run set state = :state, written_rows = coalesce(:written::integer, written_rows), error_file = :errors, message = :message, finished_at = :now
                         where id = :id""")
                .param("state", state.name()).param("written", written).param("errors", errorFile).param("message", message).param("now", now()).param("id", id).update());
    }

    public Page<Import> list(Caller caller, ListQuery query) {
        caller.require(Permission.JOB_READ);
        return transactions.shared(db -> LIST.page(db, query, scope(caller), (row, _) -> view(row)));
    }

    public Import get(Caller caller, UUID id) {
        caller.requireAny(Permission.JOB_READ, Permission.IMPORT_RUN);
        return transactions.shared(db -> db.sql("select v.* from (" + VIEW + ") v where v.id = :id").params(scope(caller)).param("id", id).query((row, _) -> view(row)).optional()
                .orElseThrow(() -> caller.notFound("import")));
    }

    private Import read(UUID id) {
        var all = new HashMap<String, @Nullable Object>();
        all.put("user", -1L);
        all.put("distributors", null);
        return transactions.shared(db -> db.sql("select v.* from (" + VIEW + ") v where v.id = :id").params(all).param("id", id).query((row, _) -> view(row)).single());
    }

    /// The error file, as it was uploaded: CSV or XLSX.
    public byte[] errorFile(Caller caller, UUID id) {
        var run = get(caller, id);
        if (!run.hasErrorFile) throw caller.notFound("error file");
        return content(id, "error_file");
    }

    private byte[] content(UUID id, String column) {
        var sql = column.equals("content") ? "select content from exchange.import_run where id = :id" : "select error_file from exchange.import_run where id = :id";
        return transactions.shared(db -> db.sql(sql).param("id", id).query((row, _) -> row.getBytes(1)).single());
    }

    /// Somebody with the whole network's work sees every import; others their own and their distributors'.
    static Map<String, @Nullable Object> scope(Caller caller) {
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("user", caller.userId());
        boolean office = caller.roles().stream().noneMatch(Role::ofDistributor) && caller.workspaces().contains("tower");
        parameters.put("distributors", office ? null : caller.scope().distributors().toArray(Long[]::new));
        return parameters;
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Import view(ResultSet row) throws SQLException {
        var finished = row.getTimestamp("finished_at");
        return new Import(row.getObject("id", UUID.class), row.getString("type"), row.getObject("distributor_id", Long.class), row.getString("file_name"), State.valueOf(row.getString("state")),
                row.getInt("total_rows"), row.getInt("new_rows"), row.getInt("changed_rows"), row.getInt("same_rows"), row.getInt("bad_rows"), row.getInt("written_rows"),
                JSON.readValue(row.getString("mapping"), TEXTS), JSON.readValue(row.getString("preview"), Preview.class), row.getBoolean("has_error_file"),
                row.getObject("continues_id", UUID.class), row.getObject("job_id", UUID.class), row.getString("message"), row.getString("created_name"),
                row.getTimestamp("created_at").toInstant(), finished == null ? null : finished.toInstant());
    }
}
