package io.offtake.tax.ubl;

import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Permission;
import io.offtake.catalog.Gtin;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Master;
import io.offtake.governance.OfDistributor;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Where a distributor and its outlets take documents over a network (BT-34, BT-49).
@Component
class ElectronicAddresses extends Master<ElectronicAddresses.AddressForm> {
    private static final String GLN = "0088";

    /// @param outlet code; null for the distributor itself
    /// @param scheme of the list of electronic address schemes (EAS), such as `0088` for a GLN
    record AddressForm(java.util.@Nullable UUID id, @Nullable Long distributorId, @Nullable String outlet, String scheme, String address) implements OfDistributor {
        AddressForm {
            outlet = Texts.orNull(outlet);
            scheme = Texts.of(scheme);
            address = Texts.of(address);
        }
    }

    private static final String SELECT = """
            select a.id, a.version, a.distributor_id, d.code as distributor, o.code as outlet, o.name as outlet_name, a.scheme, a.address
              from tax.electronic_address a
              join network.distributor d on d.id = a.distributor_id
              left join network.outlet o on o.distributor_id = a.distributor_id and o.id = a.outlet_id
             where a.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("distributor", TEXT).sortable("outlet", TEXT).sortable("address", TEXT)
            .equal("distributorId", LONG).equal("scheme", TEXT).search("outlet", "outlet_name", "address").order("distributor", "outlet");
    private static final List<Column<AddressForm>> COLUMNS = List.of(
            Column.optional("outlet", "Outlet", AddressForm::outlet, "Outlet code; empty for the distributor itself", "Outlet code", "Customer code"),
            Column.required("scheme", "Scheme", AddressForm::scheme, "Four digits, such as 0088 for a GLN", "EAS"),
            Column.required("address", "Address", AddressForm::address, "As the scheme writes it", "Endpoint", "Participant id"));
    private static final String INSERT = """
            insert into tax.electronic_address (distributor_id, id, outlet_id, scheme, address, version)
            values (:distributorId, :id, :outletId::uuid, :scheme, :address, :version)""";
    private static final String UPDATE = """
            update tax.electronic_address set outlet_id = :outletId::uuid, scheme = :scheme, address = :address, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    ElectronicAddresses() {
        super(new Spec<>("electronic-addresses", Owner.DISTRIBUTOR, "tax.electronic_address", AddressForm.class, Permission.OUTLET_READ, Permission.OUTLET_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(AddressForm form) {
        return form.outlet() == null ? "" : form.outlet();
    }

    @Override
    protected List<Draft.Current<AddressForm>> find(Finder<AddressForm> finder, List<AddressForm> forms) {
        return finder.where("coalesce(t.outlet, '') = any (:keys)", "keys", forms.stream().map(this::key).distinct().toArray(String[]::new));
    }

    @Override
    public AddressForm read(Cells cells) {
        return new AddressForm(null, null, cells.textOrNull("outlet"), cells.text("scheme"), cells.text("address"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<AddressForm>> drafts) {
        var codes = drafts.stream().map(draft -> draft.form().outlet()).filter(java.util.Objects::nonNull).distinct().toArray(String[]::new);
        var outlets = new HashMap<String, java.util.UUID>();
        if (codes.length > 0) {
            db.sql("select code, id from network.outlet where distributor_id = :distributor and code = any (:codes)").param("distributor", distributorId).param("codes", codes).query(row -> {
                outlets.put(row.getString(1), row.getObject(2, java.util.UUID.class));
            });
        }
        for (var draft : drafts) {
            var form = draft.form();
            if (!form.scheme().matches("[0-9]{4}")) draft.fault("scheme", form.scheme().isEmpty() ? "is missing" : "\"" + form.scheme() + "\" is no scheme", "Four digits, such as 0088 for a GLN");
            draft.required("address", form.address());
            draft.text("address", form.address(), 60);
            if (form.scheme().equals(GLN) && !(form.address().length() == 13 && Gtin.isValid(form.address()))) {
                draft.fault("address", ProblemCode.CHECK_DIGIT, "\"" + form.address() + "\" is no GLN", "13 digits, the last one a check digit, such as 7300010000001");
            }
            if (form.outlet() != null && !outlets.containsKey(form.outlet())) draft.fault("outlet", "there is no outlet " + form.outlet(), "Create it first, or correct the code");
            draft.found("outletId", form.outlet() == null ? null : outlets.get(form.outlet()));
        }
    }
}
