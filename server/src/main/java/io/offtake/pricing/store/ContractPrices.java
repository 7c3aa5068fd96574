package io.offtake.pricing.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Permission;
import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Dated;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Finding;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.OfDistributor;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Prices agreed with one outlet, one chain or one group of outlets: levels 1 to 3 of PX-01. Without tax, per base unit.
@Component
public class ContractPrices extends Master<ContractPrices.ContractPriceForm> implements Governed<ContractPrices.ContractPriceForm> {
    private static final BigDecimal MAX = new BigDecimal(100_000_000);

    /// @param level       1 outlet, 2 chain (the parent outlet), 3 group
    /// @param outlet      code; levels 1 and 2
    /// @param outletGroup level 3
    /// @param mrp         0: whatever the batch's MRP
    public record ContractPriceForm(java.util.@Nullable UUID id, @Nullable Long distributorId, int level, @Nullable String outlet, @Nullable String outletGroup, String principal,
                                    String sku, @Nullable BigDecimal mrp, @Nullable BigDecimal price, @Nullable LocalDate validFrom, @Nullable LocalDate validTo) implements OfDistributor, Dated {
        public ContractPriceForm {
            outlet = Texts.orNull(outlet);
            outletGroup = Texts.orNull(outletGroup);
            principal = Texts.of(principal);
            sku = Texts.of(sku);
            mrp = mrp == null ? BigDecimal.ZERO : mrp;
        }
    }

    private static final String SELECT = """
            select c.id, c.version, c.distributor_id, d.code as distributor, c.principal_id, p.code as principal, c.level, c.outlet_id, o.code as outlet, o.name as outlet_name,
                   c.outlet_group, coalesce(o.code, c.outlet_group) as party, c.sku_id, s.code as sku, s.name as sku_name, c.mrp, c.price, c.valid_from, c.valid_to
              from pricing.contract_price c
              join\s""" + NetworkRelations.DISTRIBUTORS + """
               d on d.id = c.distributor_id
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = c.principal_id
              join\s""" + CatalogRelations.SKUS + """
               s on s.id = c.sku_id
              left join\s""" + NetworkRelations.OUTLETS + """
               o on o.distributor_id = c.distributor_id and o.id = c.outlet_id
             where c.distributor_id = any (:distributors::bigint[]) and (:principals::bigint[] is null or c.principal_id = any (:principals::bigint[]))""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("party", TEXT).sortable("sku", TEXT).sortable("validFrom", DATE).sortable("level", LONG)
            .equal("distributorId", LONG).equal("level", LONG).equal("outletId", UUID).equal("outlet", TEXT).equal("outletGroup", TEXT).equal("sku", TEXT).equal("principal", TEXT)
            .search("party", "sku", "sku_name", "outlet_name").order("level", "party", "sku", "-validFrom");
    private static final List<Column<ContractPriceForm>> COLUMNS = List.of(
            Column.required("level", "Level", ContractPriceForm::level, "1 outlet, 2 chain, 3 group"),
            Column.optional("outlet", "Outlet", ContractPriceForm::outlet, "Outlet code, levels 1 and 2", "Outlet code", "Customer code"),
            Column.optional("outletGroup", "Group", ContractPriceForm::outletGroup, "Level 3", "Outlet group"),
            Column.required("principal", "Principal", ContractPriceForm::principal, "Principal code"),
            Column.required("sku", "SKU", ContractPriceForm::sku, "SKU code", "SKU code", "Item code"),
            Column.optional("mrp", "MRP", ContractPriceForm::mrp, "Only for batches of this MRP; 0 for all"),
            Column.required("price", "Price", ContractPriceForm::price, "Per base unit, without tax", "Rate", "Contract price"),
            Column.required("validFrom", "From", ContractPriceForm::validFrom, "Date", "Valid from"),
            Column.optional("validTo", "To", ContractPriceForm::validTo, "Last day, or nothing", "Valid to"));
    private static final String INSERT = """
            insert into pricing.contract_price (distributor_id, id, principal_id, level, outlet_id, outlet_group, sku_id, mrp, price, valid_from, valid_to, version)
            values (:distributorId, :id, :principalId, :level, :outletId, :outletGroup, :skuId, :mrp, :price, :validFrom, :validTo, :version)""";
    private static final String UPDATE = """
            update pricing.contract_price
               set principal_id = :principalId, level = :level, outlet_id = :outletId, outlet_group = :outletGroup, sku_id = :skuId, mrp = :mrp, price = :price,
                   valid_from = :validFrom, valid_to = :validTo, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    private final Clock clock;

    ContractPrices(Clock clock) {
        super(new Spec<>("contract-prices", Owner.DISTRIBUTOR, "pricing.contract_price", ContractPriceForm.class, Permission.PRICE_READ, Permission.PRICE_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    @Override
    public String key(ContractPriceForm form) {
        return form.level() + " " + (form.outlet() != null ? form.outlet() : form.outletGroup()) + " " + form.principal() + " " + form.sku() + " " + Column.ofValue(form.mrp()) + " " + form.validFrom();
    }

    @Override
    protected List<Current<ContractPriceForm>> find(Finder<ContractPriceForm> finder, List<ContractPriceForm> forms) {
        return finder.where("t.sku = any (:keys)", "keys", forms.stream().map(ContractPriceForm::sku).distinct().toArray(String[]::new));
    }

    @Override
    public ContractPriceForm read(Cells cells) {
        return new ContractPriceForm(null, null, cells.integer("level", 1), cells.textOrNull("outlet"), cells.textOrNull("outletGroup"), cells.text("principal"), cells.text("sku"),
                cells.decimal("mrp", BigDecimal.ZERO), cells.decimal("price"), cells.date("validFrom"), cells.date("validTo"));
    }

    private record Sku(long id, BigDecimal mrp) {}

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<ContractPriceForm>> drafts) {
        var today = LocalDate.now(clock);
        var principals = PriceListMaster.ids(db, NetworkRelations.PRINCIPALS);
        var skus = new HashMap<String, Sku>();
        db.sql("select principal_id, code, id, mrp from " + CatalogRelations.SKUS + " s where code = any (:codes)")
                .param("codes", drafts.stream().map(draft -> draft.form().sku()).distinct().toArray(String[]::new))
                .query(row -> {
                    skus.put(row.getLong(1) + " " + row.getString(2), new Sku(row.getLong(3), row.getBigDecimal(4)));
                });
        var outlets = new HashMap<String, java.util.UUID>();
        db.sql("select code, id from " + NetworkRelations.OUTLETS + " o where distributor_id = :distributor and code = any (:codes)")
                .param("distributor", distributorId)
                .param("codes", drafts.stream().map(draft -> draft.form().outlet()).filter(java.util.Objects::nonNull).distinct().toArray(String[]::new))
                .query(row -> {
                    outlets.put(row.getString(1), row.getObject(2, java.util.UUID.class));
                });
        for (var draft : drafts) {
            var form = draft.form();
            if (form.level() < 1 || form.level() > 3) draft.fault("level", form.level() + " is not possible", "1 outlet, 2 chain, 3 group (PX-01)");
            boolean group = form.level() == 3;
            if (group && form.outletGroup() == null) draft.fault("outletGroup", "is missing", "A price of level 3 is for a group");
            if (group && form.outlet() != null) draft.fault("outlet", "does not go with level 3", "Leave it empty");
            if (!group && form.outletGroup() != null) draft.fault("outletGroup", "does not go with level " + form.level(), "Leave it empty");
            var outlet = form.outlet() == null ? null : outlets.get(form.outlet());
            if (!group && outlet == null) draft.fault("outlet", form.outlet() == null ? "is missing" : "there is no outlet " + form.outlet(), "The code of the outlet, or of the chain's parent outlet");
            draft.found("outletId", outlet);
            var principal = principals.get(form.principal());
            if (principal == null) draft.fault("principal", form.principal().isEmpty() ? "is missing" : "there is no principal " + form.principal(), "Correct the code");
            draft.found("principalId", principal);
            var sku = skus.get(principal + " " + form.sku());
            if (sku == null) draft.fault("sku", form.sku().isEmpty() ? "is missing" : "the principal has no SKU " + form.sku(), "Correct the code");
            draft.found("skuId", sku == null ? null : sku.id);
            draft.decimal("mrp", form.mrp(), BigDecimal.ZERO, MAX, 2, true);
            draft.decimal("price", form.price(), new BigDecimal("0.000001"), MAX, 6, true);
            var ceiling = form.mrp().signum() > 0 ? form.mrp() : sku == null ? MAX : sku.mrp;
            if (form.price() != null && form.price().compareTo(ceiling) > 0) draft.fault("price", ProblemCode.PRICE_ABOVE_MRP, form.price().toPlainString() + " is above the MRP " + ceiling, "At most the MRP less tax (PX-05)");
            draft.period(form);
            checkPast(draft, today);
        }
    }

    /// A price that was in force keeps everything; it may end, yesterday at the earliest.
    private static void checkPast(Draft<ContractPriceForm> draft, LocalDate today) {
        if (draft.current() == null || draft.current().form().validFrom() == null || !draft.current().form().validFrom().isBefore(today)) return;
        var before = draft.current().form();
        for (var column : COLUMNS) {
            if (!column.name().equals("validTo") && !column.text(before).equals(column.text(draft.form()))) {
                draft.fault(column.name(), ProblemCode.VERSION_NOT_FUTURE, "this price has been in force since " + before.validFrom(), "Add a new price from today on: the latest first day wins (PX-01)");
            }
        }
        var end = draft.form().validTo();
        if (end != null && !end.equals(before.validTo()) && end.isBefore(today.minusDays(1))) draft.fault("validTo", ProblemCode.VERSION_NOT_FUTURE, end + " is in the past", "Yesterday or later");
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<ContractPriceForm> draft) {
        return Set.of(ConfigVersions.distributor(distributorId));
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.PRICE;
    }

    @Override
    public @Nullable LocalDate effectiveTo(ContractPriceForm form) {
        return form.validTo();
    }

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<ContractPriceForm> draft) {
        var today = LocalDate.now(clock);
        if (!draft.isNew() || draft.form().validFrom() == null || !draft.form().validFrom().isBefore(today)) return List.of();
        return List.of(Finding.error("FIELD", ProblemCode.VERSION_NOT_FUTURE.name(), "validFrom", draft.form().validFrom() + " is in the past", "Today or later: prices never change backwards (PX-42)"));
    }

    @Override
    public ContractPriceForm from(ContractPriceForm form, LocalDate day) {
        return new ContractPriceForm(form.id(), form.distributorId(), form.level(), form.outlet(), form.outletGroup(), form.principal(), form.sku(), form.mrp(), form.price(), day,
                form.lastDayFrom(day));
    }
}
