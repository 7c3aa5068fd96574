package io.offtake.network.store;

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
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Country → region → territory, the tree that sales are read by.
@Component
public class Territories extends Master<Territories.TerritoryForm> {
    /// A node of the sales tree.
    ///
    /// @param kind   COUNTRY, REGION or TERRITORY
    /// @param parent code of the node it is part of, empty for a country
    public record TerritoryForm(String code, String name, String kind, String parent) {
        public TerritoryForm {
            code = Texts.of(code);
            name = Texts.of(name);
            kind = Texts.of(kind);
            parent = Texts.of(parent);
        }
    }

    private static final Map<String, List<String>> PARENTS = Map.of("COUNTRY", List.of(), "REGION", List.of("COUNTRY"), "TERRITORY", List.of("REGION", "COUNTRY"));
    private static final String SELECT = """
            select t.id, t.version, t.code, t.name, t.kind, t.parent_id, coalesce(p.code, '') as parent, p.name as parent_name
              from network.territory t left join network.territory p on p.id = t.parent_id""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("kind", TEXT).sortable("parent", TEXT)
            .equal("kind", TEXT).equal("parent", TEXT).search("code", "name").order("code");
    private static final List<Column<TerritoryForm>> COLUMNS = List.of(
            Column.required("code", "Code", TerritoryForm::code, "Unique, such as KA-BLR", "Territory code"),
            Column.required("name", "Name", TerritoryForm::name, "Text", "Territory", "Territory name"),
            Column.required("kind", "Kind", TerritoryForm::kind, "COUNTRY, REGION or TERRITORY", "Type", "Level"),
            Column.optional("parent", "Part of", TerritoryForm::parent, "Code of the region or country above", "Parent", "Parent code", "Region"));

    private static final String INSERT = "insert into network.territory (id, code, name, kind, parent_id, version) values (:id, :code, :name, :kind, :parentId, :version)";
    private static final String UPDATE = "update network.territory set code = :code, name = :name, kind = :kind, parent_id = :parentId, version = :version where id = :id and version = :version - 1";

    Territories() {
        super(new Spec<>("territories", Owner.NETWORK, "network.territory", TerritoryForm.class, Permission.TERRITORY_READ, Permission.TERRITORY_WRITE,
                COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(TerritoryForm form) {
        return form.code();
    }

    @Override
    public TerritoryForm read(Cells cells) {
        return new TerritoryForm(cells.text("code"), cells.text("name"), cells.upper("kind", ""), cells.text("parent"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<TerritoryForm>> drafts) {
        record Known(long id, String kind) {}
        var known = new HashMap<String, Known>();
        db.sql("select id, code, kind from network.territory").query(row -> {
            known.put(row.getString("code"), new Known(row.getLong("id"), row.getString("kind")));
        });
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            draft.oneOf("kind", form.kind(), List.of("COUNTRY", "REGION", "TERRITORY"));
            var allowed = PARENTS.getOrDefault(form.kind(), List.of());
            if (!form.parent().isEmpty()) {
                var parent = known.get(form.parent());
                if (parent == null) draft.fault("parent", "there is no territory " + form.parent(), "Create it first, or put its row above this one");
                else if (!allowed.contains(parent.kind)) draft.fault("parent", form.parent() + " is a " + parent.kind + ", which a " + form.kind() + " cannot be part of", allowed.isEmpty() ? "Leave it empty" : "Name a " + String.join(" or ", allowed));
                else draft.found("parentId", parent.id);
            } else {
                draft.found("parentId", null);
                if (!allowed.isEmpty()) draft.fault("parent", "is missing", "Name the " + String.join(" or ", allowed) + " it is part of");
            }
            if (draft.isGood()) known.put(form.code(), new Known((Long) draft.id(), form.kind()));
        }
    }
}
