package io.offtake.catalog.store;

import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The tree of categories, harmonised across distributors (OUT-12).
@Component
public class Categories extends Master<Categories.CategoryForm> {

    /// @param parent code of the category above
    public record CategoryForm(String code, String name, @Nullable String parent) {
        public CategoryForm {
            code = Texts.of(code);
            name = Texts.of(name);
            parent = Texts.orNull(parent);
        }
    }

    private static final String SELECT = "select t.id, t.version, t.code, t.name, t.parent_id, p.code as parent from catalog.category t left join catalog.category p on p.id = t.parent_id";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).equal("parent", TEXT).search("code", "name").order("code");
    private static final List<Column<CategoryForm>> COLUMNS = List.of(
            Column.required("code", "Code", CategoryForm::code, "Unique", "Category code", "Category"),
            Column.required("name", "Name", CategoryForm::name, "Text", "Category name"),
            Column.optional("parent", "Part of", CategoryForm::parent, "Code of the category above", "Parent", "Parent code"));
    private static final String INSERT = "insert into catalog.category (id, code, name, parent_id, version) values (:id, :code, :name, :parentId, :version)";
    private static final String UPDATE = "update catalog.category set code = :code, name = :name, parent_id = :parentId, version = :version where id = :id and version = :version - 1";

    Categories() {
        super(new Spec<>("categories", Owner.NETWORK, "catalog.category", CategoryForm.class, Permission.SKU_READ, Permission.SKU_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(CategoryForm form) {
        return form.code();
    }

    @Override
    public CategoryForm read(Cells cells) {
        return new CategoryForm(cells.text("code"), cells.text("name"), cells.textOrNull("parent"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<CategoryForm>> drafts) {
        var known = new HashMap<String, Long>();
        db.sql("select code, id from catalog.category").query(row -> {
            known.put(row.getString(1), row.getLong(2));
        });
        for (var draft : drafts) {
            var parent = draft.form().parent() == null ? null : known.get(draft.form().parent());
            if (draft.form().parent() != null && (parent == null || parent.equals(draft.id()))) {
                draft.fault("parent", parent == null ? "there is no category " + draft.form().parent() : "a category is not part of itself", "Create it first, or put its row above this one");
            }
            draft.found("parentId", parent);
            draft.code("code", draft.form().code());
            draft.required("name", draft.form().name());
            if (draft.isGood()) known.put(draft.form().code(), (Long) draft.id());
        }
    }
}
