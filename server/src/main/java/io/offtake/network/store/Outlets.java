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
import io.offtake.platform.ProblemCode;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Retail outlets. A shop that two distributors serve has one platform-wide identity and a row with each (OUT-01).
@Component
public class Outlets extends Master<Outlets.OutletForm> {
    /// Which state may follow which (domain/02 section 2.3); who may take the step is decided with maker and checker.
    private static final Map<String, Set<String>> NEXT = Map.of(
            "PROSPECT", Set.of("PENDING_APPROVAL", "REJECTED"),
            "PENDING_APPROVAL", Set.of("ACTIVE", "REJECTED"),
            "ACTIVE", Set.of("DORMANT", "BLOCKED", "CLOSED"),
            "DORMANT", Set.of("ACTIVE", "BLOCKED", "CLOSED"),
            "BLOCKED", Set.of("ACTIVE", "CLOSED"),
            "CLOSED", Set.of("PENDING_APPROVAL"),
            "REJECTED", Set.of("PENDING_APPROVAL"));
    private static final List<String> FIRST = List.of("ACTIVE", "PROSPECT", "PENDING_APPROVAL");

    /// @param outletGroup      assortment and contract price group
    /// @param parent           code of the chain's or parent outlet
    /// @param beat             code
    /// @param platformOutletId the shop's platform-wide identity, if another distributor has registered it; null: a new one
    public record OutletForm(java.util.@Nullable UUID id, @Nullable Long distributorId, java.util.@Nullable UUID platformOutletId, String code, String name,
                             @Nullable String nameLocal, String channel, String outletClass, @Nullable String outletGroup, @Nullable String parent,
                             @Nullable String ownership, @Nullable String beat, @Nullable String gstin, String registration, String stateCode, String address,
                             String city, String pin, String phone, @Nullable BigDecimal latitude, @Nullable BigDecimal longitude, String status) implements OfDistributor {
        public OutletForm {
            code = Texts.of(code);
            name = Texts.of(name);
            nameLocal = Texts.orNull(nameLocal);
            channel = Texts.of(channel);
            outletClass = Texts.of(outletClass);
            outletGroup = Texts.orNull(outletGroup);
            parent = Texts.orNull(parent);
            ownership = Texts.orNull(ownership);
            beat = Texts.orNull(beat);
            gstin = Texts.orNull(gstin);
            registration = Texts.or(registration, gstin == null ? "UNREGISTERED" : "REGULAR");
            stateCode = Texts.of(stateCode);
            address = Texts.of(address);
            city = Texts.of(city);
            pin = Texts.of(pin);
            phone = Texts.of(phone);
            status = Texts.or(status, "ACTIVE");
        }
    }

    private static final String SELECT = """
            select o.id, o.version, o.distributor_id, d.code as distributor, o.platform_outlet_id, o.code, o.name, o.name_local, o.channel, o.outlet_class,
                   o.outlet_group, q.code as parent, o.parent_outlet_id, o.ownership, b.code as beat, o.beat_id, b.name as beat_name, b.salesman, o.gstin,
                   o.registration, o.state_code, o.address, o.city, o.pin, o.phone, o.latitude, o.longitude, o.status, o.created_at, o.changed_at
              from network.outlet o
              join network.distributor d on d.id = o.distributor_id
              left join network.beat b on b.distributor_id = o.distributor_id and b.id = o.beat_id
              left join network.outlet q on q.distributor_id = o.distributor_id and q.id = o.parent_outlet_id
             where o.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("code", TEXT).sortable("name", TEXT).sortable("city", TEXT).sortable("channel", TEXT)
            .sortable("outletClass", TEXT).sortable("status", TEXT).sortable("distributor", TEXT)
            .equal("distributorId", LONG).equal("status", TEXT).equal("channel", TEXT).equal("outletClass", TEXT).equal("outletGroup", TEXT).equal("beat", TEXT)
            .equal("stateCode", TEXT).equal("city", TEXT).equal("pin", TEXT).equal("registration", TEXT).equal("platformOutletId", UUID)
            .search("code", "name", "name_local", "gstin", "phone", "city").order("name");
    private static final List<Column<OutletForm>> COLUMNS = List.of(
            Column.required("code", "Code", OutletForm::code, "Unique in the distributor", "Outlet code", "Customer code", "Shop code", "Retailer code"),
            Column.required("name", "Name", OutletForm::name, "Text", "Outlet name", "Outlet", "Customer", "Customer name", "Shop", "Shop name", "Retailer"),
            Column.optional("nameLocal", "Name in local script", OutletForm::nameLocal, "Text", "Local name"),
            Column.required("channel", "Channel", OutletForm::channel, "Such as GT, MT, HORECA", "Trade channel"),
            Column.required("outletClass", "Class", OutletForm::outletClass, "Such as A, B, C", "Outlet class", "Grade"),
            Column.optional("outletGroup", "Group", OutletForm::outletGroup, "Price and assortment group", "Outlet group"),
            Column.optional("parent", "Chain", OutletForm::parent, "Code of the parent outlet", "Parent", "Parent code"),
            Column.optional("ownership", "Ownership", OutletForm::ownership, "Text", "Ownership type"),
            Column.optional("beat", "Beat", OutletForm::beat, "Beat code", "Beat code", "Route"),
            Column.optional("gstin", "GSTIN", OutletForm::gstin, "15 characters", "GST no", "GST number", "Tax number", "GSTIN/UIN"),
            Column.optional("registration", "Registration", OutletForm::registration, "REGULAR, COMPOSITION, UNREGISTERED, SEZ, EXPORT or DEEMED_EXPORT", "Registration type"),
            Column.required("stateCode", "State code", OutletForm::stateCode, "Two digits, such as 29", "State"),
            Column.optional("address", "Address", OutletForm::address, "One line"),
            Column.optional("city", "City", OutletForm::city, "Text", "Town"),
            Column.optional("pin", "PIN", OutletForm::pin, "Six digits", "Pin code", "Postcode"),
            Column.optional("phone", "Phone", OutletForm::phone, "Digits", "Mobile", "Phone number"),
            Column.optional("latitude", "Latitude", OutletForm::latitude, "Degrees, such as 12.971599", "Lat"),
            Column.optional("longitude", "Longitude", OutletForm::longitude, "Degrees, such as 77.594566", "Lon", "Lng", "Long"),
            Column.optional("status", "Status", OutletForm::status, "ACTIVE, PROSPECT, PENDING_APPROVAL, DORMANT, BLOCKED or CLOSED"));
    private static final String INSERT = """
            insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, name_local, channel, outlet_class, outlet_group, parent_outlet_id, ownership,
                                        beat_id, gstin, registration, state_code, address, city, pin, phone, latitude, longitude, status, created_at, changed_at, version)
            values (:distributorId, :id, :platformOutletId, :code, :name, :nameLocal, :channel, :outletClass, :outletGroup, :parentId, :ownership,
                    :beatId, :gstin, :registration, :stateCode, :address, :city, :pin, :phone, :latitude, :longitude, :status, :now, :now, :version)""";
    private static final String UPDATE = """
            update network.outlet
               set platform_outlet_id = :platformOutletId, code = :code, name = :name, name_local = :nameLocal, channel = :channel, outlet_class = :outletClass,
                   outlet_group = :outletGroup, parent_outlet_id = :parentId, ownership = :ownership, beat_id = :beatId, gstin = :gstin, registration = :registration,
                   state_code = :stateCode, address = :address, city = :city, pin = :pin, phone = :phone, latitude = :latitude, longitude = :longitude,
                   status = :status, changed_at = :now, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    private final Clock clock;

    Outlets(Clock clock) {
        super(new Spec<>("outlets", Owner.DISTRIBUTOR, "network.outlet", OutletForm.class, Permission.OUTLET_READ, Permission.OUTLET_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    @Override
    public String key(OutletForm form) {
        return form.code();
    }

    @Override
    public OutletForm read(Cells cells) {
        return new OutletForm(null, null, null, cells.text("code"), cells.text("name"), cells.textOrNull("nameLocal"), cells.text("channel"), cells.text("outletClass"),
                cells.textOrNull("outletGroup"), cells.textOrNull("parent"), cells.textOrNull("ownership"), cells.textOrNull("beat"), cells.textOrNull("gstin"),
                cells.upper("registration", ""), cells.text("stateCode"), cells.text("address"), cells.text("city"), cells.text("pin"), cells.text("phone"),
                cells.decimal("latitude"), cells.decimal("longitude"), cells.upper("status", "ACTIVE"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<OutletForm>> drafts) {
        var regime = db.sql("select tax_regime from network.distributor where id = :id").param("id", distributorId).query(String.class).optional().orElse(TaxIdentity.INDIA);
        var beats = ids(db, "select code, id from network.beat where distributor_id = :distributor and status = 'ACTIVE'", distributorId);
        var parents = new HashMap<String, java.util.UUID>();
        var wanted = drafts.stream().map(draft -> draft.form().parent()).filter(java.util.Objects::nonNull).distinct().toArray(String[]::new);
        if (wanted.length > 0) {
            db.sql("select code, id from network.outlet where distributor_id = :distributor and code = any (:codes)").param("distributor", distributorId).param("codes", wanted)
                    .query(row -> {
                        parents.put(row.getString(1), row.getObject(2, java.util.UUID.class));
                    });
        }
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            draft.text("nameLocal", form.nameLocal());
            draft.code("channel", form.channel());
            draft.code("outletClass", form.outletClass());
            draft.text("outletGroup", form.outletGroup(), 40);
            draft.text("ownership", form.ownership(), 40);
            draft.text("address", form.address(), 400);
            draft.text("city", form.city(), 60);
            TaxIdentity.check(draft, regime, form.gstin(), form.registration(), form.stateCode());
            TaxIdentity.pin(draft, regime, form.pin(), form.registration().equals("EXPORT"));
            // r.46 names the country of destination
            if (form.registration().equals("EXPORT") && form.address().isEmpty()) draft.fault("address", "is missing", "The address abroad with its country, as on the tax invoice (r.46)");
            TaxIdentity.phone(draft, form.phone());
            checkPlace(draft);
            checkState(draft);
            if (form.beat() != null && !beats.containsKey(form.beat())) draft.fault("beat", "there is no open beat " + form.beat(), "Create it first, or correct the code");
            draft.found("beatId", form.beat() == null ? null : beats.get(form.beat()));
            var parent = form.parent() == null ? null : parents.get(form.parent());
            if (form.parent() != null && (parent == null || parent.equals(draft.id()))) {
                draft.fault("parent", parent == null ? "there is no outlet " + form.parent() : "an outlet is not its own parent", "Create the parent outlet first, or correct the code");
            }
            draft.found("parentId", parent);
            var stored = draft.current() == null ? null : draft.current().form().platformOutletId();
            draft.found("platformOutletId", form.platformOutletId() != null ? form.platformOutletId() : stored != null ? stored : draft.id());
            if (draft.isGood()) parents.put(form.code(), (java.util.UUID) draft.id());
        }
    }

    private static void checkPlace(Draft<OutletForm> draft) {
        var form = draft.form();
        if ((form.latitude() == null) != (form.longitude() == null)) {
            draft.fault(form.latitude() == null ? "latitude" : "longitude", "is missing", "Give both latitude and longitude, or neither");
        }
        draft.decimal("latitude", form.latitude(), new BigDecimal(-90), new BigDecimal(90), 6, false);
        draft.decimal("longitude", form.longitude(), new BigDecimal(-180), new BigDecimal(180), 6, false);
    }

    private static void checkState(Draft<OutletForm> draft) {
        var status = draft.form().status();
        if (!NEXT.containsKey(status)) {
            draft.oneOf("status", status, NEXT.keySet().stream().sorted().toList());
        } else if (draft.current() == null) {
            if (!FIRST.contains(status)) draft.fault("status", ProblemCode.ILLEGAL_STATE, "a new outlet cannot be " + status, "One of " + String.join(", ", FIRST));
        } else {
            var before = draft.current().form().status();
            if (!before.equals(status) && !NEXT.getOrDefault(before, Set.of()).contains(status)) {
                draft.fault("status", ProblemCode.ILLEGAL_STATE, "an outlet that is " + before + " cannot become " + status,
                        "One of " + String.join(", ", NEXT.getOrDefault(before, Set.of()).stream().sorted().toList()));
            }
        }
    }

    static Map<String, java.util.UUID> ids(JdbcClient db, String sql, long distributorId) {
        var ids = new HashMap<String, java.util.UUID>();
        db.sql(sql).param("distributor", distributorId).query(row -> {
            ids.put(row.getString(1), row.getObject(2, java.util.UUID.class));
        });
        return ids;
    }

    @Override
    protected void writeParts(Batches batches, List<Draft<OutletForm>> drafts) {
        var rows = new ArrayList<Map<String, ?>>();
        for (var draft : drafts) if (draft.isNew()) rows.add(Map.of("platform", draft.found("platformOutletId"), "now", clock.instant()));
        if (rows.isEmpty()) return;
        batches.run("insert into network.outlet_registry (platform_outlet_id, registered_at) values (:platform, :now) on conflict do nothing",
                rows);
    }
}
