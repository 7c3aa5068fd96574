package io.offtake.pricing.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Dated;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Price lists of levels 4 to 7 (PX-01): by channel and class, distributor, zone, and the nation's (SCH-02). A list is
/// written as a draft and published ([Publishing]); published prices are never edited, a new version supersedes them.
@Component
public class PriceListMaster extends Master<PriceListMaster.PriceListForm> implements Governed<PriceListMaster.PriceListForm> {

    /// @param versionNo     1 for a new list; later versions are made of the one before
    /// @param level         4 channel and class, 5 distributor, 6 zone, 7 national
    /// @param distributor   code; levels 4 and 5
    /// @param priceType     PTR, the price to the retailer
    /// @param marginPercent of MRP-linked lists
    /// @param marginBasis   ON_PRICE: MRP ÷ (1 + tax) ÷ (1 + margin); ON_MRP: MRP ÷ (1 + tax) × (1 − margin)
    /// @param priceUnit     the unit the prices are for; null: the base unit
    /// @param status        as it is; a change of it is not a change of the form
    public record PriceListForm(String code, @Nullable Integer versionNo, String name, String principal, int level, @Nullable String distributor, @Nullable String zone,
                                @Nullable String channel, @Nullable String outletClass, String priceType, @Nullable Boolean taxInclusive, @Nullable Boolean mrpLinked,
                                @Nullable BigDecimal marginPercent, @Nullable String marginBasis, @Nullable String priceUnit, @Nullable LocalDate validFrom,
                                @Nullable LocalDate validTo, @Nullable String status) implements Dated {
        public PriceListForm {
            code = Texts.of(code);
            versionNo = versionNo == null ? 1 : versionNo;
            name = Texts.of(name);
            principal = Texts.of(principal);
            distributor = Texts.orNull(distributor);
            zone = Texts.orNull(zone);
            channel = Texts.orNull(channel);
            outletClass = Texts.orNull(outletClass);
            priceType = Texts.or(priceType, "PTR");
            taxInclusive = taxInclusive != null && taxInclusive;
            mrpLinked = mrpLinked != null && mrpLinked;
            marginBasis = Texts.orNull(marginBasis);
            priceUnit = Texts.orNull(priceUnit);
        }
    }

    static final String SELECT = """
            select l.id, l.version, l.code, l.version_no, l.name, l.principal_id, p.code as principal, l.level, l.distributor_id, coalesce(d.code, '') as distributor, l.zone,
                   l.channel, l.outlet_class, l.price_type, l.tax_inclusive, l.mrp_linked, l.margin_percent, l.margin_basis, l.price_unit, l.valid_from, l.valid_to, l.status,
                   (select count(*) from pricing.price_list_line n where n.price_list_id = l.id) as lines
              from pricing.price_list l
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = l.principal_id
              left join\s""" + NetworkRelations.DISTRIBUTORS + """
               d on d.id = l.distributor_id
             where (:principals::bigint[] is null or l.principal_id = any (:principals::bigint[]))
               and (:distributors::bigint[] is null or l.distributor_id is null or l.distributor_id = any (:distributors::bigint[]))""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("validFrom", DATE).sortable("versionNo", LONG)
            .sortable("level", LONG).sortable("status", TEXT)
            .equal("status", TEXT).equal("code", TEXT).equal("principal", TEXT).equal("level", LONG).equal("distributor", TEXT).equal("zone", TEXT).equal("channel", TEXT).equal("outletClass", TEXT)
            .search("code", "name").order("code", "-versionNo");
    private static final List<Column<PriceListForm>> COLUMNS = List.of(
            Column.required("code", "Code", PriceListForm::code, "Unique, such as NAT", "Price list", "List code"),
            Column.optional("versionNo", "Version", PriceListForm::versionNo, "1 for a new list"),
            Column.required("name", "Name", PriceListForm::name, "Text"),
            Column.required("principal", "Principal", PriceListForm::principal, "Principal code"),
            Column.required("level", "Level", PriceListForm::level, "4 channel and class, 5 distributor, 6 zone, 7 national"),
            Column.optional("distributor", "Distributor", PriceListForm::distributor, "Distributor code, levels 4 and 5"),
            Column.optional("zone", "Zone", PriceListForm::zone, "Level 6"),
            Column.optional("channel", "Channel", PriceListForm::channel, "Level 4"),
            Column.optional("outletClass", "Class", PriceListForm::outletClass, "Level 4"),
            Column.optional("priceType", "Price type", PriceListForm::priceType, "PTR"),
            Column.optional("taxInclusive", "Tax inclusive", PriceListForm::taxInclusive, "yes or no"),
            Column.optional("mrpLinked", "MRP linked", PriceListForm::mrpLinked, "yes or no"),
            Column.optional("marginPercent", "Margin %", PriceListForm::marginPercent, "Of MRP-linked lists"),
            Column.optional("marginBasis", "Margin on", PriceListForm::marginBasis, "ON_PRICE or ON_MRP"),
            Column.optional("priceUnit", "Price unit", PriceListForm::priceUnit, "Unit code; the base unit if empty"),
            Column.required("validFrom", "From", PriceListForm::validFrom, "Date", "Valid from", "Effective from"),
            Column.optional("validTo", "To", PriceListForm::validTo, "Last day, or nothing", "Valid to"));
    private static final String INSERT = """
            insert into pricing.price_list (id, code, version_no, name, principal_id, level, distributor_id, zone, channel, outlet_class, price_type, tax_inclusive, mrp_linked,
                                            margin_percent, margin_basis, price_unit, valid_from, valid_to, status, version)
            values (:id, :code, :versionNo, :name, :principalId, :level, :distributorId, :zone, :channel, :outletClass, :priceType, :taxInclusive, :mrpLinked,
                    :marginPercent, :marginBasis, :priceUnit, :validFrom, :validTo, 'DRAFT', :version)""";
    private static final String UPDATE = """
            update pricing.price_list
               set code = :code, version_no = :versionNo, name = :name, principal_id = :principalId, level = :level, distributor_id = :distributorId, zone = :zone,
                   channel = :channel, outlet_class = :outletClass, price_type = :priceType, tax_inclusive = :taxInclusive, mrp_linked = :mrpLinked,
                   margin_percent = :marginPercent, margin_basis = :marginBasis, price_unit = :priceUnit, valid_from = :validFrom, valid_to = :validTo, version = :version
             where id = :id and version = :version - 1""";

    private final Clock clock;

    PriceListMaster(Clock clock) {
        super(new Spec<>("price-lists", Owner.NETWORK, "pricing.price_list", PriceListForm.class, Permission.PRICE_READ, Permission.PRICE_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    @Override
    public String key(PriceListForm form) {
        return form.code() + " v" + form.versionNo();
    }

    @Override
    protected List<Current<PriceListForm>> find(Finder<PriceListForm> finder, List<PriceListForm> forms) {
        return finder.where("t.code || ' v' || t.version_no = any (:keys)", "keys", forms.stream().map(this::key).distinct().toArray(String[]::new));
    }

    @Override
    public PriceListForm read(Cells cells) {
        return new PriceListForm(cells.text("code"), cells.integer("versionNo", 1), cells.text("name"), cells.text("principal"), cells.integer("level", 7),
                cells.textOrNull("distributor"), cells.textOrNull("zone"), cells.textOrNull("channel"), cells.textOrNull("outletClass"), cells.upper("priceType", "PTR"),
                cells.yes("taxInclusive", false), cells.yes("mrpLinked", false), cells.decimal("marginPercent"), cells.textOrNull("marginBasis"), cells.textOrNull("priceUnit"),
                cells.date("validFrom"), cells.date("validTo"), null);
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<PriceListForm>> drafts) {
        var today = LocalDate.now(clock);
        var principals = ids(db, NetworkRelations.PRINCIPALS);
        var distributors = ids(db, NetworkRelations.DISTRIBUTORS);
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            if (draft.isNew() && form.versionNo() != 1) draft.fault("versionNo", "version " + form.versionNo() + " is made of the one before", "Open the list and choose New version");
            var principal = principals.get(form.principal());
            if (principal == null) draft.fault("principal", form.principal().isEmpty() ? "is missing" : "there is no principal " + form.principal(), "Create it first, or correct the code");
            draft.found("principalId", principal);
            var distributor = form.distributor() == null ? null : distributors.get(form.distributor());
            if (form.distributor() != null && distributor == null) draft.fault("distributor", "there is no distributor " + form.distributor(), "Correct the code");
            draft.found("distributorId", distributor);
            checkLevel(draft);
            draft.oneOf("priceType", form.priceType(), List.of("PTR"));
            if (form.mrpLinked()) {
                draft.decimal("marginPercent", form.marginPercent(), BigDecimal.ZERO, new BigDecimal(99), 4, true);
                draft.oneOf("marginBasis", form.marginBasis(), List.of("ON_PRICE", "ON_MRP"));
            } else if (form.marginPercent() != null || form.marginBasis() != null) {
                draft.fault("marginPercent", "is for MRP-linked lists", "Leave it empty, or make the list MRP linked");
            }
            draft.pattern("priceUnit", form.priceUnit(), "[A-Z0-9]{1,8}", "A unit code, such as CASE");
            draft.period(form);
            checkPublished(draft, today);
        }
    }

    private static void checkLevel(Draft<PriceListForm> draft) {
        var form = draft.form();
        switch (form.level()) {
            case 4 -> {
                if (form.channel() == null && form.outletClass() == null) draft.fault("channel", "is missing", "A list of level 4 is for a channel, a class or both");
                none(draft, "zone", form.zone());
            }
            case 5 -> {
                if (form.distributor() == null) draft.fault("distributor", "is missing", "A list of level 5 is for a distributor");
                none(draft, "zone", form.zone());
                none(draft, "channel", form.channel());
                none(draft, "outletClass", form.outletClass());
            }
            case 6 -> {
                if (form.zone() == null) draft.fault("zone", "is missing", "A list of level 6 is for a price zone");
                none(draft, "distributor", form.distributor());
                none(draft, "channel", form.channel());
                none(draft, "outletClass", form.outletClass());
            }
            case 7 -> {
                none(draft, "distributor", form.distributor());
                none(draft, "zone", form.zone());
                none(draft, "channel", form.channel());
                none(draft, "outletClass", form.outletClass());
            }
            default -> draft.fault("level", form.level() + " is not possible", "4 channel and class, 5 distributor, 6 zone, 7 national (PX-01)");
        }
        draft.text("zone", form.zone(), 40);
        draft.text("channel", form.channel(), 40);
        draft.text("outletClass", form.outletClass(), 40);
    }

    private static void none(Draft<PriceListForm> draft, String field, @Nullable String value) {
        if (value != null) draft.fault(field, "does not go with level " + draft.form().level(), "Leave it empty, or choose the level it belongs to (PX-01)");
    }

    /// A published list keeps everything but its name; it may end, yesterday at the earliest.
    private static void checkPublished(Draft<PriceListForm> draft, LocalDate today) {
        if (draft.current() == null || "DRAFT".equals(draft.current().form().status())) return;
        var before = draft.current().form();
        var form = draft.form();
        for (var column : COLUMNS) {
            if (!Set.of("name", "validTo").contains(column.name()) && !column.text(before).equals(column.text(form))) {
                draft.fault(column.name(), ProblemCode.VERSION_NOT_FUTURE, "the list is " + before.status(), "Make a new version with its own first day");
            }
        }
        if (!Objects.equals(before.validTo(), form.validTo()) && form.validTo() != null && form.validTo().isBefore(today.minusDays(1))) {
            draft.fault("validTo", ProblemCode.VERSION_NOT_FUTURE, form.validTo() + " is in the past", "Yesterday or later");
        }
    }

    static Map<String, Long> ids(JdbcClient db, String relation) {
        var ids = new HashMap<String, Long>();
        db.sql("select code, id from " + relation + " r").query(row -> {
            ids.put(row.getString(1), row.getLong(2));
        });
        return ids;
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<PriceListForm> draft) {
        if (draft.current() == null || "DRAFT".equals(draft.current().form().status())) return Set.of();
        return Set.of(part(draft.form().level(), (Long) draft.found("distributorId"), draft.form().zone()));
    }

    /// The part of the configuration a list belongs to.
    static String part(int level, @Nullable Long distributorId, @Nullable String zone) {
        if (distributorId != null) return ConfigVersions.distributor(distributorId);
        return level == 6 && zone != null ? ConfigVersions.zone(zone) : ConfigVersions.NATIONAL;
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.PRICE;
    }

    /// A draft list decides nothing: it is edited freely, and published by a change request.
    @Override
    public boolean decides(Draft<PriceListForm> draft) {
        return draft.current() != null && !"DRAFT".equals(draft.current().form().status());
    }

    /// The end of a list that is in use takes effect after its last day.
    @Override
    public @Nullable LocalDate effectiveFrom(PriceListForm form) {
        return form.validTo() == null ? null : form.validTo().plusDays(1);
    }
}
