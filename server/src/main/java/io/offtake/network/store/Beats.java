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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The rounds on which outlets are visited.
@Component
public class Beats extends Master<Beats.BeatForm> {

    /// @param weekday 1 Monday to 7 Sunday; null: no fixed day
    public record BeatForm(java.util.@Nullable UUID id, @Nullable Long distributorId, String code, String name, String salesman, @Nullable Integer weekday, String status) implements OfDistributor {
        public BeatForm {
            code = Texts.of(code);
            name = Texts.of(name);
            salesman = Texts.of(salesman);
            status = Texts.or(status, "ACTIVE");
        }
    }

    private static final String SELECT = """
            select b.id, b.version, b.distributor_id, d.code as distributor, b.code, b.name, b.salesman, b.weekday, b.status
              from network.beat b join network.distributor d on d.id = b.distributor_id
             where b.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("code", TEXT).sortable("name", TEXT).sortable("salesman", TEXT).sortable("distributor", TEXT)
            .equal("distributorId", LONG).equal("status", TEXT).equal("salesman", TEXT).equal("weekday", LONG).search("code", "name", "salesman").order("distributor", "code");
    private static final List<Column<BeatForm>> COLUMNS = List.of(
            Column.required("code", "Code", BeatForm::code, "Unique in the distributor", "Beat code", "Beat", "Route"),
            Column.required("name", "Name", BeatForm::name, "Text", "Beat name"),
            Column.optional("salesman", "Salesman", BeatForm::salesman, "Name", "Rep", "Sales person"),
            Column.optional("weekday", "Weekday", BeatForm::weekday, "1 Monday to 7 Sunday", "Day"),
            Column.optional("status", "Status", BeatForm::status, "ACTIVE or CLOSED"));
    private static final String INSERT = """
            insert into network.beat (distributor_id, id, code, name, salesman, weekday, status, version)
            values (:distributorId, :id, :code, :name, :salesman, :weekday, :status, :version)""";
    private static final String UPDATE = """
            update network.beat set code = :code, name = :name, salesman = :salesman, weekday = :weekday, status = :status, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    Beats() {
        super(new Spec<>("beats", Owner.DISTRIBUTOR, "network.beat", BeatForm.class, Permission.OUTLET_READ, Permission.OUTLET_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(BeatForm form) {
        return form.code();
    }

    @Override
    public BeatForm read(Cells cells) {
        return new BeatForm(null, null, cells.text("code"), cells.text("name"), cells.text("salesman"), cells.integer("weekday"), cells.upper("status", "ACTIVE"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<BeatForm>> drafts) {
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            draft.text("salesman", form.salesman());
            draft.oneOf("status", form.status(), List.of("ACTIVE", "CLOSED"));
            if (form.weekday() != null && (form.weekday() < 1 || form.weekday() > 7)) draft.fault("weekday", form.weekday() + " is no weekday", "1 Monday to 7 Sunday, or nothing");
        }
    }
}
