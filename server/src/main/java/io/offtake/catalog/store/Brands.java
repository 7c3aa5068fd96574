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
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Brands, harmonised across distributors (OUT-12).
@Component
public class Brands extends Master<Brands.BrandForm> {

    public record BrandForm(String code, String name) {
        public BrandForm {
            code = Texts.of(code);
            name = Texts.of(name);
        }
    }

    private static final String SELECT = "select t.id, t.version, t.code, t.name from catalog.brand t";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).search("code", "name").order("code");
    private static final List<Column<BrandForm>> COLUMNS = List.of(
            Column.required("code", "Code", BrandForm::code, "Unique", "Brand code", "Brand"),
            Column.required("name", "Name", BrandForm::name, "Text", "Brand name"));
    private static final String INSERT = "insert into catalog.brand (id, code, name, version) values (:id, :code, :name, :version)";
    private static final String UPDATE = "update catalog.brand set code = :code, name = :name, version = :version where id = :id and version = :version - 1";

    Brands() {
        super(new Spec<>("brands", Owner.NETWORK, "catalog.brand", BrandForm.class, Permission.SKU_READ, Permission.SKU_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(BrandForm form) {
        return form.code();
    }

    @Override
    public BrandForm read(Cells cells) {
        return new BrandForm(cells.text("code"), cells.text("name"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<BrandForm>> drafts) {
        for (var draft : drafts) {
            draft.code("code", draft.form().code());
            draft.required("name", draft.form().name());
        }
    }
}
