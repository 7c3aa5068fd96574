package io.offtake.catalog.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.catalog.CatalogRelations;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
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
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Must-sell lists: the SKUs that outlets of a channel and class must carry, each line with its days. Schemes may ask whether an
/// outlet keeps its list (domain/04 section 4.2), so lines are put into force by somebody else. Periods of one line never overlap;
/// what was in force may only be ended.
@Component
public class MustSellLists extends Master<MustSellLists.MustSellForm> implements Governed<MustSellLists.MustSellForm> {

    /// @param channel     null: all channels
    /// @param outletClass null: all classes
    /// @param validTo     last day; null: no end
    public record MustSellForm(String principal, @Nullable String channel, @Nullable String outletClass, String sku, @Nullable LocalDate validFrom, @Nullable LocalDate validTo) implements Dated {
        public MustSellForm {
            principal = Texts.of(principal);
            channel = Texts.orNull(channel);
            outletClass = Texts.orNull(outletClass);
            sku = Texts.of(sku);
        }
    }

    private static final String SELECT = """
            select m.id, m.version, m.principal_id, p.code as principal, m.channel, m.outlet_class, m.sku_id, s.code as sku, s.name as sku_name, m.valid_from, m.valid_to
              from catalog.must_sell m
              join\s""" + NetworkRelations.PRINCIPALS + """
               p on p.id = m.principal_id
              join catalog.sku s on s.id = m.sku_id""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("sku", TEXT).sortable("channel", TEXT).sortable("outletClass", TEXT).sortable("validFrom", DATE).sortable("principal", TEXT)
            .equal("principal", TEXT).equal("channel", TEXT).equal("outletClass", TEXT).equal("sku", TEXT).to("startsBy", "validFrom", DATE).search("sku", "sku_name").order("principal", "channel", "outletClass", "sku", "validFrom");
    private static final List<Column<MustSellForm>> COLUMNS = List.of(
            Column.required("principal", "Principal", MustSellForm::principal, "Principal code"),
            Column.optional("channel", "Channel", MustSellForm::channel, "Such as GT; nothing for all", "Outlet channel"),
            Column.optional("outletClass", "Class", MustSellForm::outletClass, "Such as A; nothing for all", "Outlet class"),
            Column.required("sku", "SKU", MustSellForm::sku, "SKU code", "SKU code", "Item code"),
            Column.required("validFrom", "From", MustSellForm::validFrom, "Date", "Valid from"),
            Column.optional("validTo", "To", MustSellForm::validTo, "Last day, or nothing", "Valid to", "Until"));
    private static final String INSERT = """
            insert into catalog.must_sell (id, principal_id, channel, outlet_class, sku_id, valid_from, valid_to, version)
            values (:id, :principalId, :channel, :outletClass, :skuId, :validFrom, :validTo, :version)""";
    private static final String UPDATE = """
            update catalog.must_sell
               set principal_id = :principalId, channel = :channel, outlet_class = :outletClass, sku_id = :skuId, valid_from = :validFrom, valid_to = :validTo, version = :version
             where id = :id and version = :version - 1""";

    private final Clock clock;

    MustSellLists(Clock clock) {
        super(new Spec<>("must-sell", Owner.NETWORK, "catalog.must_sell", MustSellForm.class, Permission.SKU_READ, Permission.SCHEME_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    private static String line(MustSellForm form) {
        return form.principal() + " " + (form.channel() == null ? "*" : form.channel()) + " " + (form.outletClass() == null ? "*" : form.outletClass()) + " " + form.sku();
    }

    @Override
    public String key(MustSellForm form) {
        return line(form) + " " + form.validFrom();
    }

    @Override
    protected List<Current<MustSellForm>> find(Finder<MustSellForm> finder, List<MustSellForm> forms) {
        return finder.where("t.sku = any (:keys)", "keys", forms.stream().map(MustSellForm::sku).distinct().toArray(String[]::new));
    }

    @Override
    public MustSellForm read(Cells cells) {
        return new MustSellForm(cells.text("principal"), cells.textOrNull("channel"), cells.textOrNull("outletClass"), cells.text("sku"), cells.date("validFrom"), cells.date("validTo"));
    }

    private record Period(LocalDate from, LocalDate to) {}

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<MustSellForm>> drafts) {
        var today = LocalDate.now(clock);
        var principals = new HashMap<String, Long>();
        db.sql("select p.code, p.id from " + NetworkRelations.PRINCIPALS + " p").query(row -> {
            principals.put(row.getString(1), row.getLong(2));
        });
        var skus = new HashMap<String, Long>();
        db.sql("select s.principal_id, s.code, s.id from " + CatalogRelations.SKUS + " s where s.code = any (:codes)").param("codes", drafts.stream().map(draft -> draft.form().sku()).distinct().toArray(String[]::new))
                .query(row -> {
                    skus.put(row.getLong(1) + " " + row.getString(2), row.getLong(3));
                });
        var mine = new HashSet<Object>();
        drafts.forEach(draft -> mine.add(draft.id()));
        var periods = new HashMap<String, List<Period>>();
        db.sql(SELECT + " where s.code = any (:codes)").param("codes", drafts.stream().map(draft -> draft.form().sku()).distinct().toArray(String[]::new)).query(row -> {
            if (mine.contains(row.getLong("id"))) return;
            var form = new MustSellForm(row.getString("principal"), row.getString("channel"), row.getString("outlet_class"), row.getString("sku"), null, null);
            var to = row.getObject("valid_to", LocalDate.class);
            periods.computeIfAbsent(line(form), _ -> new ArrayList<>()).add(new Period(row.getObject("valid_from", LocalDate.class), to == null ? LocalDate.MAX : to));
        });
        for (var draft : drafts) {
            var form = draft.form();
            var principal = principals.get(form.principal());
            if (principal == null) draft.fault("principal", form.principal().isEmpty() ? "is missing" : "there is no principal " + form.principal(), "Correct the code");
            draft.found("principalId", principal);
            var sku = skus.get(principal + " " + form.sku());
            if (sku == null) draft.fault("sku", form.sku().isEmpty() ? "is missing" : "the principal has no SKU " + form.sku(), "Correct the code");
            draft.found("skuId", sku);
            draft.text("channel", form.channel(), 30);
            draft.text("outletClass", form.outletClass(), 30);
            if (!draft.period(form)) continue;
            var end = form.validTo() == null ? LocalDate.MAX : form.validTo();
            checkPast(draft, today);
            var others = periods.computeIfAbsent(line(form), _ -> new ArrayList<>());
            for (var other : others)
                if (!other.from.isAfter(end) && !other.to.isBefore(form.validFrom()))
                    draft.fault("validFrom", ProblemCode.DUPLICATE, "overlaps the line from " + other.from + " to " + (other.to.equals(LocalDate.MAX) ? "no end" : other.to.toString()), "Start on a later day, or end that line first");
            others.add(new Period(form.validFrom(), end));
        }
    }

    /// A line that was in force keeps everything; it may end, yesterday at the earliest: bills were decided by it.
    private static void checkPast(Draft<MustSellForm> draft, LocalDate today) {
        if (draft.current() == null || draft.current().form().validFrom() == null || !draft.current().form().validFrom().isBefore(today)) return;
        var before = draft.current().form();
        for (var column : COLUMNS)
            if (!column.name().equals("validTo") && !column.text(before).equals(column.text(draft.form())))
                draft.fault(column.name(), ProblemCode.VERSION_NOT_FUTURE, "this line has been in force since " + before.validFrom(), "Give it a last day, and add a new line");
        var end = draft.form().validTo();
        if (end != null && !end.equals(before.validTo()) && end.isBefore(today.minusDays(1))) draft.fault("validTo", ProblemCode.VERSION_NOT_FUTURE, end + " is in the past", "Yesterday or later");
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.SCHEME;
    }

    @Override
    public @Nullable LocalDate effectiveTo(MustSellForm form) {
        return form.validTo();
    }

    @Override
    public MustSellForm from(MustSellForm form, LocalDate day) {
        return new MustSellForm(form.principal(), form.channel(), form.outletClass(), form.sku(), day, form.lastDayFrom(day));
    }
}
