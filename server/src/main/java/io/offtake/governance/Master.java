package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.Draft.Current;
import io.offtake.platform.ListSql;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One kind of master: its form, its file, its checks and its statements. A screen's form, the API and a file of ten
/// thousand rows go the same way through [Masters]; only the number of drafts differs, so every method works on sets.
///
/// A form refers to other masters by their codes, which is what people and files know; [#check] finds the ids.
///
/// @param <F> the form: what may be written, and nothing else
public abstract class Master<F extends Record> {
    /// Whose rows they are: the network's (reference tables, `bigint` ids) or one distributor's (UUIDv7).
    public enum Owner { NETWORK, DISTRIBUTOR }

    /// What a master is, in data.
    ///
    /// @param type    as in the address: `outlets`
    /// @param table   with schema
    /// @param columns of its file, the key first
    /// @param select  what is stored, for lists, files and comparison: `id`, `version`, `distributor_id` (of a distributor's
    ///                masters) and the form's fields in snake case. It binds `:distributors` and `:principals` as its row
    ///                scope asks; null stands for all
    /// @param list    `select` with its filters, search and order
    /// @param insert  binds the form's fields, what [Draft#found] has, `:id`, `:version`, `:distributorId`, `:now`, `:actor`
    /// @param update  of the version before `:version`; binds the same
    public record Spec<F extends Record>(String type, Owner owner, String table, Class<F> form, Permission reads, Permission writes,
                                         List<Column<F>> columns, String select, ListSql list, String insert, String update) {
        public Spec {
            columns = List.copyOf(columns);
        }
    }

    private final Spec<F> spec;

    protected Master(Spec<F> spec) {
        this.spec = spec;
    }

    public final String type() {
        return spec.type;
    }

    public final Owner owner() {
        return spec.owner;
    }

    public final String table() {
        return spec.table;
    }

    public final Permission reads() {
        return spec.reads;
    }

    public final Permission writes() {
        return spec.writes;
    }

    public final List<Column<F>> columns() {
        return spec.columns;
    }

    final Class<F> formType() {
        return spec.form;
    }

    /// The business key, unique within the owner, as a person would write it.
    public abstract String key(F form);

    /// Reads a row; cells that the file has no column for hold what is stored.
    public abstract F read(Cells cells);

    final String select() {
        return spec.select;
    }

    final ListSql list() {
        return spec.list;
    }

    /// One row of the select as form.
    protected RowMapper<F> mapper() {
        return DataClassRowMapper.newInstance(spec.form);
    }

    /// The stored rows with the same business keys as `forms`. The default looks them up by `code`.
    protected List<Current<F>> find(Finder<F> finder, List<F> forms) {
        return finder.where("t.code = any (:keys)", "keys", forms.stream().map(this::key).distinct().toArray(String[]::new));
    }

    /// Looks for stored rows of the owner.
    public interface Finder<F> {
        /// @param condition over `t`, a row of the select
        List<Current<F>> where(String condition, String parameter, Object value);
    }

    /// Checks drafts against each other, other masters and the rules, and finds the ids their codes stand for. Set-based:
    /// the number of statements does not grow with the number of drafts.
    protected abstract void check(JdbcClient db, long distributorId, List<Draft<F>> drafts);

    final String insert() {
        return spec.insert;
    }

    final String update() {
        return spec.update;
    }

    /// Writes what hangs on it, such as the units of a SKU, with more statements over the drafts.
    protected void writeParts(Batches batches, List<Draft<F>> drafts) {}

    /// Runs a statement for many parameter sets as one batch.
    public interface Batches {
        void run(String sql, List<Map<String, ?>> rows);
    }

    /// After the transaction: opens what belongs to another owner, such as the audit chain of a new distributor.
    protected void stored(Caller caller, List<Draft<F>> drafts) {}

    /// The parts of the configuration that the change of `draft` raises (DESIGN section 4); none if it decides no money.
    protected Collection<String> raises(long distributorId, Draft<F> draft) {
        return Set.of();
    }

    /// Turns the `{id}` of an address into an id; an id of the wrong form belongs to nothing.
    Object idOf(String text) {
        try {
            return spec.owner == Owner.DISTRIBUTOR ? (Object) UUID.fromString(text) : (Object) Long.valueOf(text);
        } catch (IllegalArgumentException _) {
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no such row.").exception();
        }
    }
}
