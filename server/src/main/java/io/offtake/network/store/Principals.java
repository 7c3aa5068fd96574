package io.offtake.network.store;

import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Draft;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The companies whose goods are distributed.
@Component
public class Principals extends Master<Principals.PrincipalForm> {
    private static final List<String> STATES = List.of("ACTIVE", "INACTIVE");

    /// @param stateCode State of its registration, or the country where there is no GST
    public record PrincipalForm(String code, String name, String legalName, @Nullable String gstin, String stateCode, String address, String status) {
        public PrincipalForm {
            code = Texts.of(code);
            name = Texts.of(name);
            legalName = Texts.or(legalName, name);
            gstin = Texts.orNull(gstin);
            stateCode = Texts.of(stateCode);
            address = Texts.of(address);
            status = Texts.or(status, "ACTIVE");
        }
    }

    private static final String SELECT = """
            select p.id, p.version, p.code, p.name, p.legal_name, p.gstin, p.state_code, p.address, p.status
              from network.principal p
             where :principals::bigint[] is null or p.id = any (:principals::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("status", TEXT)
            .equal("status", TEXT).equal("stateCode", TEXT).search("code", "name", "legal_name", "gstin").order("code");
    private static final List<Column<PrincipalForm>> COLUMNS = List.of(
            Column.required("code", "Code", PrincipalForm::code, "Unique, such as MAR", "Principal code", "Principal"),
            Column.required("name", "Name", PrincipalForm::name, "Text", "Principal name"),
            Column.optional("legalName", "Legal name", PrincipalForm::legalName, "As registered; the name if empty"),
            Column.optional("gstin", "GSTIN", PrincipalForm::gstin, "15 characters", "GST no", "GST number", "Tax number"),
            Column.required("stateCode", "State code", PrincipalForm::stateCode, "Two digits, such as 27", "State"),
            Column.optional("address", "Address", PrincipalForm::address, "One line"),
            Column.optional("status", "Status", PrincipalForm::status, "ACTIVE or INACTIVE"));
    private static final String INSERT = """
            insert into network.principal (id, code, name, legal_name, gstin, state_code, address, status, version)
            values (:id, :code, :name, :legalName, :gstin, :stateCode, :address, :status, :version)""";
    private static final String UPDATE = """
            update network.principal
               set code = :code, name = :name, legal_name = :legalName, gstin = :gstin, state_code = :stateCode, address = :address, status = :status, version = :version
             where id = :id and version = :version - 1""";

    Principals() {
        super(new Spec<>("principals", Owner.NETWORK, "network.principal", PrincipalForm.class, Permission.PRINCIPAL_READ, Permission.PRINCIPAL_WRITE,
                COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(PrincipalForm form) {
        return form.code();
    }

    @Override
    public PrincipalForm read(Cells cells) {
        return new PrincipalForm(cells.text("code"), cells.text("name"), cells.text("legalName"), cells.textOrNull("gstin"), cells.text("stateCode"),
                cells.text("address"), cells.upper("status", "ACTIVE"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<PrincipalForm>> drafts) {
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            draft.text("legalName", form.legalName());
            draft.text("address", form.address(), 400);
            draft.oneOf("status", form.status(), STATES);
            draft.required("stateCode", form.stateCode());
            draft.text("stateCode", form.stateCode(), 10);
            if (form.gstin() != null) TaxIdentity.gstin(draft, form.gstin(), form.stateCode());
        }
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<PrincipalForm> draft) {
        var current = draft.current();
        boolean decides = current == null || !current.form().stateCode().equals(draft.form().stateCode()) || !current.form().code().equals(draft.form().code());
        return decides ? Set.of(ConfigVersions.NATIONAL) : Set.of();
    }
}
