package io.offtake.network.store;

import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Master;
import io.offtake.governance.OfDistributor;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Godowns of a distributor. Picking and dispatch may be switched on one by one (domain/02 section 2.5).
@Component
public class Warehouses extends Master<Warehouses.WarehouseForm> {

    public record WarehouseForm(java.util.@Nullable UUID id, @Nullable Long distributorId, String code, String name, String address, @Nullable Boolean picking, @Nullable Boolean dispatch,
                                String status) implements OfDistributor {
        public WarehouseForm {
            code = Texts.of(code);
            name = Texts.of(name);
            address = Texts.of(address);
            picking = picking != null && picking;
            dispatch = dispatch != null && dispatch;
            status = Texts.or(status, "ACTIVE");
        }
    }

    private static final String SELECT = """
            select w.id, w.version, w.distributor_id, d.code as distributor, w.code, w.name, w.address, w.picking, w.dispatch, w.status
              from network.warehouse w join network.distributor d on d.id = w.distributor_id
             where w.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("code", TEXT).sortable("name", TEXT).sortable("distributor", TEXT)
            .equal("distributorId", LONG).equal("distributor", TEXT).equal("status", TEXT).search("code", "name").order("distributor", "code");
    private static final List<Column<WarehouseForm>> COLUMNS = List.of(
            Column.required("code", "Code", WarehouseForm::code, "Unique in the distributor", "Warehouse code", "Godown", "Warehouse"),
            Column.required("name", "Name", WarehouseForm::name, "Text", "Warehouse name"),
            Column.optional("address", "Address", WarehouseForm::address, "One line"),
            Column.optional("picking", "Picking", WarehouseForm::picking, "yes or no"),
            Column.optional("dispatch", "Dispatch", WarehouseForm::dispatch, "yes or no"),
            Column.optional("status", "Status", WarehouseForm::status, "ACTIVE or CLOSED"));
    private static final String INSERT = """
            insert into network.warehouse (distributor_id, id, code, name, address, picking, dispatch, status, version)
            values (:distributorId, :id, :code, :name, :address, :picking, :dispatch, :status, :version)""";
    private static final String UPDATE = """
            update network.warehouse
               set code = :code, name = :name, address = :address, picking = :picking, dispatch = :dispatch, status = :status, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    private static final String NAME = """
            insert into network.warehouse_name (id, distributor_id, code, name, status) values (:id, :distributor, :code, :name, :status)
            on conflict (id) do update set code = excluded.code, name = excluded.name, status = excluded.status""";

    Warehouses() {
        super(new Spec<>("warehouses", Owner.DISTRIBUTOR, "network.warehouse", WarehouseForm.class, Permission.DISTRIBUTOR_READ, Permission.DISTRIBUTOR_WRITE,
                COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(WarehouseForm form) {
        return form.code();
    }

    @Override
    public WarehouseForm read(Cells cells) {
        return new WarehouseForm(null, null, cells.text("code"), cells.text("name"), cells.text("address"), cells.yes("picking", false), cells.yes("dispatch", false),
                cells.upper("status", "ACTIVE"));
    }

    /// Names go where lists of the whole network read them.
    @Override
    protected void writeParts(Batches batches, List<Draft<WarehouseForm>> drafts) {
        var rows = new ArrayList<Map<String, ?>>();
        for (var draft : drafts) {
            var form = draft.form();
            rows.add(Map.of("id", draft.id(), "distributor", draft.found("distributor"), "code", form.code(), "name", form.name(), "status", form.status()));
        }
        batches.run(NAME, rows);
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<WarehouseForm>> drafts) {
        for (var draft : drafts) {
            draft.found("distributor", distributorId);
            draft.code("code", draft.form().code());
            draft.required("name", draft.form().name());
            draft.text("address", draft.form().address(), 400);
            draft.oneOf("status", draft.form().status(), List.of("ACTIVE", "CLOSED"));
        }
    }
}
