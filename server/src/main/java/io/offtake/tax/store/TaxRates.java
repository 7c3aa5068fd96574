package io.offtake.tax.store;

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
import io.offtake.governance.Finding;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import io.offtake.tax.TaxPacks;
import io.offtake.tax.vat.VatCountries;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Tax rates by HSN prefix with dates and their source (IN-06, CMP-05). Periods of one prefix never overlap; what is in
/// force already may only be ended.
@Component
public class TaxRates extends Master<TaxRates.TaxRateForm> implements Governed<TaxRates.TaxRateForm> {
    private static final List<String> KINDS = List.of("TAXABLE", "NIL", "EXEMPT", "NON_GST", "ZERO_RATED");
    private static final BigDecimal HUNDRED = new BigDecimal(100);

    /// @param ratePercent the whole GST rate
    /// @param validTo     last day; null: no end
    /// @param source      the notification
    public record TaxRateForm(String regime, String hsnPrefix, String kind, @Nullable BigDecimal ratePercent, @Nullable BigDecimal cessPercent, @Nullable LocalDate validFrom,
                              @Nullable LocalDate validTo, String source) implements Dated {
        public TaxRateForm {
            regime = Texts.or(regime, "IN_GST");
            hsnPrefix = Texts.of(hsnPrefix);
            kind = Texts.or(kind, "TAXABLE");
            ratePercent = ratePercent == null ? BigDecimal.ZERO : ratePercent;
            cessPercent = cessPercent == null ? BigDecimal.ZERO : cessPercent;
            source = Texts.of(source);
        }
    }

    private static final String SELECT = """
            select t.id, t.version, t.regime, t.hsn_prefix, t.kind, trim_scale(t.rate * 100) as rate_percent, trim_scale(t.cess * 100) as cess_percent,
                   t.valid_from, t.valid_to, t.source
              from tax.tax_rate t""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("hsnPrefix", TEXT).sortable("validFrom", DATE).sortable("kind", TEXT)
            .equal("regime", TEXT).equal("hsnPrefix", TEXT).equal("kind", TEXT).to("startsBy", "validFrom", DATE).search("hsn_prefix", "source").order("hsnPrefix", "validFrom");
    private static final List<Column<TaxRateForm>> COLUMNS = List.of(
            Column.required("hsnPrefix", "HSN", TaxRateForm::hsnPrefix, "2 to 8 digits", "HSN code", "HSN prefix"),
            Column.required("validFrom", "From", TaxRateForm::validFrom, "Date", "Valid from", "Effective from", "WEF"),
            Column.optional("validTo", "To", TaxRateForm::validTo, "Last day, or nothing", "Valid to", "Until"),
            Column.required("ratePercent", "Rate %", TaxRateForm::ratePercent, "Such as 5", "Rate", "GST", "GST %", "GST rate", "Tax rate"),
            Column.optional("cessPercent", "Cess %", TaxRateForm::cessPercent, "Such as 0", "Cess"),
            Column.optional("kind", "Kind", TaxRateForm::kind, "TAXABLE, NIL, EXEMPT or NON_GST", "Type"),
            Column.required("source", "Source", TaxRateForm::source, "The notification", "Notification"),
            Column.optional("regime", "Regime", TaxRateForm::regime, "Such as IN_GST or KE_VAT"));
    private static final String INSERT = """
            insert into tax.tax_rate (id, regime, hsn_prefix, kind, rate, cess, valid_from, valid_to, source, version)
            values (:id, :regime, :hsnPrefix, :kind, :rate, :cess, :validFrom, :validTo, :source, :version)""";
    private static final String UPDATE = """
            update tax.tax_rate
               set regime = :regime, hsn_prefix = :hsnPrefix, kind = :kind, rate = :rate, cess = :cess, valid_from = :validFrom, valid_to = :validTo, source = :source,
                   version = :version
             where id = :id and version = :version - 1""";

    private final Clock clock;

    TaxRates(Clock clock) {
        super(new Spec<>("tax-rates", Owner.NETWORK, "tax.tax_rate", TaxRateForm.class, Permission.SKU_READ, Permission.TAX_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    @Override
    public String key(TaxRateForm form) {
        return form.regime() + " " + form.hsnPrefix() + " " + form.validFrom();
    }

    @Override
    protected List<Current<TaxRateForm>> find(Finder<TaxRateForm> finder, List<TaxRateForm> forms) {
        return finder.where("t.regime || ' ' || t.hsn_prefix || ' ' || t.valid_from = any (:keys)", "keys", forms.stream().map(this::key).distinct().toArray(String[]::new));
    }

    @Override
    public TaxRateForm read(Cells cells) {
        return new TaxRateForm(cells.upper("regime", "IN_GST"), cells.text("hsnPrefix"), cells.upper("kind", "TAXABLE"), cells.decimal("ratePercent", BigDecimal.ZERO),
                cells.decimal("cessPercent", BigDecimal.ZERO), cells.date("validFrom"), cells.date("validTo"), cells.text("source"));
    }

    private record Period(Object id, LocalDate from, LocalDate to) {}

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<TaxRateForm>> drafts) {
        var today = LocalDate.now(clock);
        var periods = new HashMap<String, List<Period>>();
        var mine = new java.util.HashSet<Object>();
        drafts.forEach(draft -> mine.add(draft.id()));
        db.sql("select id, regime, hsn_prefix, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to from tax.tax_rate where hsn_prefix = any (:prefixes)")
                .param("prefixes", drafts.stream().map(draft -> draft.form().hsnPrefix()).distinct().toArray(String[]::new))
                .query(row -> {
                    if (!mine.contains(row.getLong("id"))) periods.computeIfAbsent(row.getString("regime") + " " + row.getString("hsn_prefix"), _ -> new ArrayList<>())
                            .add(new Period(row.getLong("id"), row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class)));
                });
        for (var draft : drafts) {
            var form = draft.form();
            if (!form.hsnPrefix().matches("[0-9]{2}([0-9]{2}){0,3}") && !(form.hsnPrefix().isEmpty() && VatCountries.of(form.regime()).isPresent())) draft.fault("hsnPrefix", form.hsnPrefix().isEmpty() ? "is missing" : "\"" + form.hsnPrefix() + "\" is no HSN prefix", "2, 4, 6 or 8 digits; empty for the standard rate of a VAT");
            draft.oneOf("kind", form.kind(), KINDS);
            draft.oneOf("regime", form.regime(), TaxPacks.regimes());
            draft.required("source", form.source());
            draft.decimal("ratePercent", form.ratePercent(), BigDecimal.ZERO, HUNDRED, 4, true);
            draft.decimal("cessPercent", form.cessPercent(), BigDecimal.ZERO, new BigDecimal(1000), 4, true);
            if (form.kind().equals("TAXABLE") == (form.ratePercent().signum() == 0)) {
                draft.fault("kind", form.kind() + " does not go with " + form.ratePercent().toPlainString() + " %", form.ratePercent().signum() == 0 ? "Say NIL, EXEMPT or NON_GST" : "Say TAXABLE");
            }
            draft.found("rate", form.ratePercent().movePointLeft(2));
            draft.found("cess", form.cessPercent().movePointLeft(2));
            if (!draft.period(form)) continue;
            var end = form.validTo() == null ? LocalDate.of(9999, 12, 31) : form.validTo();
            checkPast(draft, today);
            var others = periods.computeIfAbsent(form.regime() + " " + form.hsnPrefix(), _ -> new ArrayList<>());
            for (var other : others) {
                if (!other.from.isAfter(end) && !other.to.isBefore(form.validFrom())) {
                    draft.fault("validFrom", ProblemCode.DUPLICATE, "overlaps the rate from " + other.from + " to " + (other.to.getYear() == 9999 ? "no end" : other.to.toString()),
                            "End that rate on " + form.validFrom().minusDays(1) + " first, or start later");
                }
            }
            others.add(new Period(draft.id(), form.validFrom(), end));
        }
    }

    /// A rate that was in force keeps its numbers; it may end, today at the earliest.
    private static void checkPast(Draft<TaxRateForm> draft, LocalDate today) {
        if (draft.current() == null) return;
        var before = draft.current().form();
        var form = draft.form();
        if (before.validFrom() == null || !before.validFrom().isBefore(today)) return;
        boolean onlyEnds = before.hsnPrefix().equals(form.hsnPrefix()) && before.regime().equals(form.regime()) && before.kind().equals(form.kind())
                && before.ratePercent().compareTo(form.ratePercent()) == 0 && before.cessPercent().compareTo(form.cessPercent()) == 0 && before.validFrom().equals(form.validFrom());
        if (!onlyEnds) {
            draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, "this rate has been in force since " + before.validFrom(), "Give it a last day, and add a new rate from the next day");
        } else if (form.validTo() != null && form.validTo().isBefore(today.minusDays(1)) && !form.validTo().equals(before.validTo())) {
            draft.fault("validTo", ProblemCode.VERSION_NOT_FUTURE, form.validTo() + " is in the past", "Yesterday or later");
        }
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<TaxRateForm> draft) {
        return Set.of(ConfigVersions.NATIONAL);
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.TAX;
    }

    @Override
    public @Nullable LocalDate effectiveTo(TaxRateForm form) {
        return form.validTo();
    }

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<TaxRateForm> draft) {
        var form = draft.form();
        if (!draft.isNew() || form.validFrom() == null || !form.validFrom().isBefore(LocalDate.now(clock))) return List.of();
        return List.of(Finding.warning("STARTS_IN_PAST", "PX-42", "validFrom", form.hsnPrefix() + " from " + form.validFrom() + ": bills of the past are not taxed again",
                "Only where no bill could be taxed yet, such as while the network is set up"));
    }

    @Override
    public TaxRateForm from(TaxRateForm form, LocalDate day) {
        return new TaxRateForm(form.regime(), form.hsnPrefix(), form.kind(), form.ratePercent(), form.cessPercent(), day,
                form.lastDayFrom(day), form.source());
    }

    /// A tax change is tried on past bills before it is approved (GV-04).
    @Override
    public boolean simulates() {
        return true;
    }

    @Override
    public Consumer<ObjectNode> inBook(JdbcClient db, Draft<TaxRateForm> draft) {
        var form = draft.form();
        var sellers = new HashSet<String>();
        db.sql("select d.id from " + NetworkRelations.DISTRIBUTORS + " d where d.tax_regime = :regime").param("regime", form.regime()).query(row -> {
            sellers.add(row.getString(1));
        });
        return book -> {
            if (!sellers.contains(book.path("seller").path("distributorId").asString(""))) return;
            ObjectNode rate = JsonNodeFactory.instance.objectNode();
            var kept = JsonNodeFactory.instance.arrayNode();
            for (var one : book.path("taxRates")) {
                if (one instanceof ObjectNode before && one.path("hsn").asString("").equals(form.hsnPrefix())) rate = before.deepCopy();
                else kept.add(one);
            }
            rate.put("id", draft.id().toString()).put("version", draft.version()).put("hsn", form.hsnPrefix()).put("kind", form.kind()).put("rate", fraction(form.ratePercent()))
                    .put("cess", fraction(form.cessPercent())).put("validFrom", book.path("validFrom").asInt()).put("validTo", book.path("validTo").asInt());
            book.set("taxRates", kept.add(rate));
        };
    }

    private static String fraction(@Nullable BigDecimal percent) {
        return percent == null || percent.signum() == 0 ? "0" : percent.movePointLeft(2).stripTrailingZeros().toPlainString();
    }
}
