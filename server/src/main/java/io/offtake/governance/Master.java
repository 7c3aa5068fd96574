package io.offtake.governance;

import io.offtake.access.Permission;
import io.offtake.governance.Draft.Current;
import java.util.Collection;
import java.util.List;
import java.util.Set;
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

    private final String type;
    private final Owner owner;
    private final String table;
    private final Class<F> form;
    private final Permission reads;
    private final Permission writes;

    /// @param type  as in the address: `outlets`
    /// @param table with schema
    protected Master(String type, Owner owner, String table, Class<F> form, Permission reads, Permission writes) {
        this.type = type;
        this.owner = owner;
        this.table = table;
        this.form = form;
        this.reads = reads;
        this.writes = writes;
    }

    public final String type() {
        return type;
    }

    public final Owner owner() {
        return owner;
    }

    public final String table() {
        return table;
    }

    public final Permission reads() {
        return reads;
    }

    public final Permission writes() {
        return writes;
    }

    /// The columns of its file, the key first.
    public abstract List<Column<F>> columns();

    /// The business key, unique within the owner, as a person would write it.
    public abstract String key(F form);

    /// Reads a row; cells that the file has no column for hold what is stored.
    public abstract F read(Cells cells);

    /// What is stored, for lists, files and comparison: a select of `id`, `version`, `distributor_id` (of a distributor's
    /// masters) and the form's fields in snake case. It binds `:distributors`, `:principals` and `:all_principals` as its
    /// row scope asks.
    protected abstract String select();

    /// One row of [#select] as form.
    protected RowMapper<F> mapper() {
        return DataClassRowMapper.newInstance(form);
    }

    /// The stored rows with the same business keys as `forms`. The default looks them up by `code`.
    protected List<Current<F>> find(Finder<F> finder, List<F> forms) {
        return finder.where("t.code = any (:keys)", "keys", forms.stream().map(this::key).distinct().toArray(String[]::new));
    }

    /// Looks for stored rows of the owner.
    public interface Finder<F> {
        /// @param condition over `t`, a row of [Master#select]
        List<Current<F>> where(String condition, String parameter, Object value);
    }

    /// Checks drafts against each other, other masters and the rules, and finds the ids their codes stand for. Set-based:
    /// the number of statements does not grow with the number of drafts.
    protected abstract void check(JdbcClient db, long distributorId, List<Draft<F>> drafts);

    /// Inserts one; binds the form's fields, what [Draft#found] has, `:id`, `:version`, `:distributorId`, `:now`, `:actor`.
    protected abstract String insert();

    /// Updates one of the version before `:version`; binds the same.
    protected abstract String update();

    /// Writes what hangs on it, such as the units of a SKU, with more statements over the drafts.
    protected void writeParts(Batches batches, List<Draft<F>> drafts) {}

    /// Runs a statement for many parameter sets as one batch.
    public interface Batches {
        void run(String sql, List<java.util.Map<String, ?>> rows);
    }

    /// The parts of the configuration that the change of `draft` raises (DESIGN section 4); none if it decides no money.
    protected Collection<String> raises(long distributorId, Draft<F> draft) {
        return Set.of();
    }

    /// Turns the `{id}` of an address into an id; an id of the wrong form belongs to nothing.
    Object idOf(String text) {
        try {
            return owner == Owner.DISTRIBUTOR ? (Object) java.util.UUID.fromString(text) : (Object) Long.valueOf(text);
        } catch (IllegalArgumentException _) {
            throw io.offtake.platform.Problem.of(io.offtake.platform.ProblemCode.NOT_FOUND).exception();
        }
    }
}
