package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.RowScope;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/// Stores masters: checks, writes, raises the configuration and appends to the audit chain in one transaction. Whoever
/// writes is asked for the master's permission and for the distributor.
public interface Masters {

    /// @param id      a UUID or a Long
    /// @param owner   whose it is, 0 for the network's
    /// @param created       false if the same master was there already, with the same content
    /// @param changeRequest the request that was opened instead, because the master decides money ([ChangeRequests]);
    ///                      nothing is stored yet, and `id` stands for nothing
    record Saved(Object id, long owner, int version, boolean created, @Nullable UUID changeRequest) {
        Saved(Object id, long owner, int version, boolean created) {
            this(id, owner, version, created, null);
        }
    }

    /// The change requests that [Saved#changeRequest] names.
    ChangeRequests changes();

    /// Stores a new one.
    ///
    /// @param distributorId whose it is; ignored for the network's masters
    /// @param id            made by the caller, so that a repeat is harmless; null: one is made here
    /// @throws io.offtake.platform.ProblemException INVALID and others, one entry per field; DUPLICATE if the business key is
    ///         taken by another content; ID_REUSED if the id is
    <F extends Record> Saved create(Caller caller, Master<F> master, @Nullable Long distributorId, @Nullable UUID id, F form);

    /// Changes the version that the caller has read.
    ///
    /// @throws io.offtake.platform.ProblemException NOT_FOUND outside of the caller's scope, STALE, INVALID and others
    <F extends Record> Saved change(Caller caller, Master<F> master, String id, IfMatch version, F form);

    /// Checks rows without writing anything; each draft says whether it is new, changed or bad.
    <F extends Record> List<Draft<F>> check(Caller caller, Master<F> master, @Nullable Long distributorId, List<Cells> rows);

    /// Checks one form of the network's as it would be stored now, without writing anything; whoever may read may ask.
    <F extends Record> Draft<F> preview(Caller caller, Master<F> master, F form);

    /// Checks rows and stores the good ones in one transaction. Rows equal to what is stored write nothing.
    /// @param via what the audit chain names as the way in, such as `import 0192…`
    <F extends Record> List<Draft<F>> store(Caller caller, Master<F> master, @Nullable Long distributorId, List<Cells> rows, String via);

    /// A page of its list.
    <V> Page<V> page(Caller caller, Master<?> master, ListQuery query, RowMapper<V> view);

    /// One view.
    /// @throws io.offtake.platform.ProblemException NOT_FOUND
    <V> V get(Caller caller, Master<?> master, String id, RowMapper<V> view);

    /// One that was just stored, seen by whoever stored it even where the caller's row scope is a moment older.
    <V> V stored(Master<?> master, Saved saved, RowMapper<V> view);

    /// What happened to one, the latest first.
    /// @throws io.offtake.platform.ProblemException NOT_FOUND
    List<HistoryEntry> history(Caller caller, Master<?> master, String id);

    /// @param details what changed, field by field, before and after
    record HistoryEntry(long seq, java.time.Instant at, String actor, String action, Map<String, Object> details) {}

    /// All forms the caller may see, in the list's filter and order, for exports. Distributor masters come with their
    /// distributor's id.
    <F extends Record> void each(Caller caller, Master<F> master, ListQuery query, Consumer<Stored<F>> each);

    record Stored<F>(@Nullable Long distributorId, F form) {}

    /// What changed on a draft: column by column, before and after.
    static <F extends Record> List<Change> changes(Master<F> master, Draft<F> draft) {
        var changes = new java.util.ArrayList<Change>();
        for (var column : master.columns()) {
            var before = draft.current() == null ? "" : column.text(draft.current().form());
            var after = column.text(draft.form());
            if (!before.equals(after)) changes.add(new Change(column.name(), before, after));
        }
        return List.copyOf(changes);
    }

    /// One field before and after, as text.
    record Change(String field, String before, String after) {}

    /// The parameters that a master's select may bind: null means all.
    static Map<String, @Nullable Object> scope(RowScope scope) {
        var parameters = new java.util.HashMap<String, @Nullable Object>();
        parameters.put("distributors", scope.distributors().toArray(Long[]::new));
        parameters.put("principals", scope.principals() == null ? null : scope.principals().toArray(Long[]::new));
        return parameters;
    }
}
