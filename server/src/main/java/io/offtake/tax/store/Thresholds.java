package io.offtake.tax.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Dated;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Finding;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.network.States;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import io.offtake.tax.india.Law;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Thresholds of the law (IN-22 to IN-50): values, turnovers, days and hours by State and day, with their source (LESSONS 45). Of the
/// rows of a key and State in force the one that began last counts; what has begun may only be ended.
@Component
public class Thresholds extends Master<Thresholds.ThresholdForm> implements Governed<Thresholds.ThresholdForm> {
    private static final List<String> KEYS = Arrays.stream(Law.Key.values()).map(Enum::name).sorted().toList();
    private static final BigDecimal MOST = new BigDecimal("9999999999999999.99");

    /// @param key   of [Law.Key], whose name says the unit
    /// @param place State code; empty for the whole country
    /// @param value null: the law sets no limit there
    public record ThresholdForm(String key, String place, @Nullable BigDecimal value, @Nullable LocalDate validFrom, @Nullable LocalDate validTo, String source) implements Dated {
        public ThresholdForm {
            key = Texts.of(key);
            place = Texts.of(place);
            source = Texts.of(source);
        }
    }

    private static final String SELECT = "select t.id, t.version, t.key, t.place, t.value, t.valid_from, t.valid_to, t.source from tax.threshold t where t.regime = 'IN_GST'";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("key", TEXT).sortable("place", TEXT).sortable("validFrom", DATE)
            .equal("key", TEXT).equal("place", TEXT).search("key", "source").order("key", "place", "-validFrom");
    private static final List<Column<ThresholdForm>> COLUMNS = List.of(
            Column.required("key", "Key", ThresholdForm::key, "Such as EWAY_INTRA_STATE"),
            Column.optional("place", "State", ThresholdForm::place, "Two digits; empty for the whole country", "State code"),
            Column.optional("value", "Value", ThresholdForm::value, "Rupees, days, hours or kilometres; empty where the law sets no limit", "Limit"),
            Column.required("validFrom", "From", ThresholdForm::validFrom, "Date", "Valid from"),
            Column.optional("validTo", "To", ThresholdForm::validTo, "Last day, or nothing", "Valid to"),
            Column.required("source", "Source", ThresholdForm::source, "The notification", "Notification"));
    private static final String INSERT = """
            insert into tax.threshold (id, key, place, value, valid_from, valid_to, source, version) values (:id, :key, :place, :value, :validFrom, :validTo, :source, :version)""";
    private static final String UPDATE = """
            update tax.threshold set key = :key, place = :place, value = :value, valid_from = :validFrom, valid_to = :validTo, source = :source, version = :version
             where id = :id and version = :version - 1""";

    private final Clock clock;

    Thresholds(Clock clock) {
        super(new Spec<>("thresholds", Owner.NETWORK, "tax.threshold", ThresholdForm.class, Permission.SKU_READ, Permission.TAX_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    @Override
    public String key(ThresholdForm form) {
        return form.key() + " " + form.place() + " " + form.validFrom();
    }

    @Override
    protected List<Current<ThresholdForm>> find(Finder<ThresholdForm> finder, List<ThresholdForm> forms) {
        return finder.where("t.key = any (:keys)", "keys", forms.stream().map(ThresholdForm::key).distinct().toArray(String[]::new));
    }

    @Override
    public ThresholdForm read(Cells cells) {
        return new ThresholdForm(cells.upper("key", ""), cells.text("place"), cells.decimal("value"), cells.date("validFrom"), cells.date("validTo"), cells.text("source"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<ThresholdForm>> drafts) {
        var today = LocalDate.now(clock);
        var taken = new HashSet<String>();
        db.sql("select id, key, place, valid_from from tax.threshold where regime = 'IN_GST'").query(row -> {
            long id = row.getLong(1);
            if (drafts.stream().noneMatch(draft -> draft.id().equals(id))) taken.add(row.getString(2) + " " + row.getString(3) + " " + row.getObject(4, LocalDate.class));
        });
        for (var draft : drafts) {
            var form = draft.form();
            draft.oneOf("key", form.key(), KEYS);
            if (!form.place().isEmpty() && !States.isState(form.place())) draft.fault("place", "\"" + form.place() + "\" is no State code", "Two digits, such as 27; empty for the whole country");
            draft.decimal("value", form.value(), BigDecimal.ZERO, MOST, 2, false);
            if (form.value() == null && form.place().isEmpty()) draft.fault("value", "is missing", "A number; only a State may set no limit");
            draft.required("source", form.source());
            if (draft.period(form) && !taken.add(key(form))) draft.fault("validFrom", ProblemCode.DUPLICATE, form.key() + (form.place().isEmpty() ? "" : " of State " + form.place()) + " has a row from that day already", "Another day");
            if (draft.current() != null) begun(draft, today);
        }
    }

    /// What has begun keeps its numbers, as documents were judged by it; it may end, yesterday at the earliest.
    private static void begun(Draft<ThresholdForm> draft, LocalDate today) {
        var before = draft.current().form();
        var form = draft.form();
        if (before.validFrom() == null || before.validFrom().isAfter(today)) return;
        boolean onlyEnds = key(before, form) && (before.value() == null ? form.value() == null : form.value() != null && before.value().compareTo(form.value()) == 0);
        if (!onlyEnds) draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, "this row has been in force since " + before.validFrom(), "Add a new row with its own first day: it counts from then on");
        else if (form.validTo() != null && !form.validTo().equals(before.validTo()) && form.validTo().isBefore(today.minusDays(1)))
            draft.fault("validTo", ProblemCode.VERSION_NOT_FUTURE, form.validTo() + " is in the past", "Yesterday or later");
    }

    private static boolean key(ThresholdForm one, ThresholdForm other) {
        return one.key().equals(other.key()) && one.place().equals(other.place()) && one.validFrom().equals(other.validFrom());
    }

    /// They are no part of a rule book: documents ask for them when they are filed.
    @Override
    protected Collection<String> raises(long distributorId, Draft<ThresholdForm> draft) {
        return Set.of();
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.TAX;
    }

    @Override
    public @Nullable LocalDate effectiveTo(ThresholdForm form) {
        return form.validTo();
    }

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<ThresholdForm> draft) {
        if (!draft.isNew() || draft.form().validFrom() == null || !draft.form().validFrom().isBefore(LocalDate.now(clock))) return List.of();
        return List.of(Finding.warning("STARTS_IN_PAST", "PX-42", "validFrom", draft.form().key() + " from " + draft.form().validFrom() + ": documents of the past are judged by it from now on",
                "Only where the law itself began then"));
    }

    @Override
    public ThresholdForm from(ThresholdForm form, LocalDate day) {
        return new ThresholdForm(form.key(), form.place(), form.value(), day, form.lastDayFrom(day), form.source());
    }
}
