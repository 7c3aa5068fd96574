package io.offtake.tax.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

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
import io.offtake.governance.OfDistributor;
import io.offtake.governance.Texts;
import io.offtake.network.NetworkRelations;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Letters of undertaking (form RFD-11, CGST r.96A): on their days a distributor supplies SEZ units and buyers abroad without payment
/// of integrated tax. One is for one fiscal year; periods never overlap, and one that has begun may only be ended.
@Component
public class Undertakings extends Master<Undertakings.UndertakingForm> implements Governed<Undertakings.UndertakingForm> {
    /// @param number  of the letter (ARN): 15 capital letters and digits, such as AD270426000001X
    /// @param validTo last day, 31 March at the latest
    public record UndertakingForm(java.util.@Nullable UUID id, @Nullable Long distributorId, String number, @Nullable LocalDate validFrom, @Nullable LocalDate validTo) implements OfDistributor, Dated {
        public UndertakingForm {
            number = Texts.of(number).toUpperCase(Locale.ROOT);
        }
    }

    private static final String SELECT = """
            select u.id, u.version, u.distributor_id, d.code as distributor, u.number, u.valid_from, u.valid_to
              from tax.undertaking u
              join\s""" + NetworkRelations.DISTRIBUTORS + """
               d on d.id = u.distributor_id
             where u.distributor_id = any (:distributors::bigint[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("number", TEXT).sortable("validFrom", DATE).sortable("distributor", TEXT)
            .equal("distributorId", LONG).equal("number", TEXT).search("number").order("distributor", "-validFrom");
    private static final List<Column<UndertakingForm>> COLUMNS = List.of(
            Column.required("number", "Number", UndertakingForm::number, "ARN of form RFD-11, 15 characters", "ARN", "LUT number"),
            Column.required("validFrom", "From", UndertakingForm::validFrom, "Date", "Valid from"),
            Column.required("validTo", "To", UndertakingForm::validTo, "Last day", "Valid to"));
    private static final String INSERT = """
            insert into tax.undertaking (distributor_id, id, number, valid_from, valid_to, version) values (:distributorId, :id, :number, :validFrom, :validTo, :version)""";
    private static final String UPDATE = """
            update tax.undertaking set number = :number, valid_from = :validFrom, valid_to = :validTo, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    private final Clock clock;

    Undertakings(Clock clock) {
        super(new Spec<>("undertakings", Owner.DISTRIBUTOR, "tax.undertaking", UndertakingForm.class, Permission.TAX_READ, Permission.TAX_REGISTRATION_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    /// The letter a supply of a day rests on; null if there is none.
    public static @Nullable String numberOn(JdbcClient db, long distributorId, LocalDate on) {
        return db.sql("select number from tax.undertaking where distributor_id = :distributor and :on between valid_from and valid_to")
                .param("distributor", distributorId).param("on", on).query(String.class).optional().orElse(null);
    }

    @Override
    public String key(UndertakingForm form) {
        return form.number();
    }

    @Override
    protected List<Current<UndertakingForm>> find(Finder<UndertakingForm> finder, List<UndertakingForm> forms) {
        return finder.where("t.number = any (:keys)", "keys", forms.stream().map(UndertakingForm::number).distinct().toArray(String[]::new));
    }

    @Override
    public UndertakingForm read(Cells cells) {
        return new UndertakingForm(null, null, cells.upper("number", ""), cells.date("validFrom"), cells.date("validTo"));
    }

    private record Period(Object id, String number, LocalDate from, LocalDate to) {}

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<UndertakingForm>> drafts) {
        var today = LocalDate.now(clock);
        var seller = db.sql("select tax_regime, registration from " + NetworkRelations.DISTRIBUTORS + " d where d.id = :id").param("id", distributorId)
                .query((row, _) -> row.getString(1) + " " + row.getString(2)).optional().orElse("");
        var others = new ArrayList<>(db.sql("select id, number, valid_from, valid_to from tax.undertaking where distributor_id = :distributor").param("distributor", distributorId)
                .query((row, _) -> new Period(row.getObject(1, java.util.UUID.class), row.getString(2), row.getObject(3, LocalDate.class), row.getObject(4, LocalDate.class))).list());
        others.removeIf(one -> drafts.stream().anyMatch(draft -> draft.id().equals(one.id)));
        for (var draft : drafts) {
            var form = draft.form();
            if (!seller.equals("IN_GST REGULAR")) draft.fault("distributorId", "only a regular taxpayer of India gives a letter of undertaking (r.96A)", "A distributor under IN_GST that is REGULAR");
            if (!form.number().matches("[A-Z]{2}[A-Z0-9]{13}")) draft.fault("number", form.number().isEmpty() ? "is missing" : "\"" + form.number() + "\" is no ARN", "15 capital letters and digits, such as AD270426000001X");
            boolean begins = draft.period(form);
            if (form.validTo() == null) draft.fault("validTo", "is missing", "The last day, 31 March at the latest");
            if (!begins || form.validTo() == null) continue;
            var yearEnd = LocalDate.of(form.validFrom().getYear() + (form.validFrom().getMonthValue() > 3 ? 1 : 0), 3, 31);
            if (form.validTo().isAfter(yearEnd)) draft.fault("validTo", "a letter holds for one fiscal year", yearEnd + " at the latest");
            for (var other : others) {
                if (other.number.equals(form.number())) draft.fault("number", ProblemCode.DUPLICATE, form.number() + " is there already", "The number of the new letter");
                else if (!other.from.isAfter(form.validTo()) && !other.to.isBefore(form.validFrom()))
                    draft.fault("validFrom", ProblemCode.DUPLICATE, "letter " + other.number + " holds from " + other.from + " to " + other.to, "Days without another letter");
            }
            if (draft.current() != null) begun(draft, today);
            others.add(new Period(draft.id(), form.number(), form.validFrom(), form.validTo()));
        }
    }

    /// Bills may rest on it: it keeps its number and first day, and ends yesterday at the earliest.
    private static void begun(Draft<UndertakingForm> draft, LocalDate today) {
        var before = draft.current().form();
        var form = draft.form();
        if (before.validFrom() == null || before.validFrom().isAfter(today)) return;
        if (!before.number().equals(form.number()) || !before.validFrom().equals(form.validFrom()))
            draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, "this letter has been in force since " + before.validFrom(), "Give it a last day, and add the next letter");
        else if (!form.validTo().equals(before.validTo()) && form.validTo().isBefore(today.minusDays(1)))
            draft.fault("validTo", ProblemCode.VERSION_NOT_FUTURE, form.validTo() + " is in the past", "Yesterday or later");
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<UndertakingForm> draft) {
        return Set.of(ConfigVersions.distributor(distributorId));
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.TAX;
    }

    @Override
    public @Nullable LocalDate effectiveTo(UndertakingForm form) {
        return form.validTo();
    }

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<UndertakingForm> draft) {
        var today = LocalDate.now(clock);
        if (!draft.isNew() || draft.form().validFrom() == null || !draft.form().validFrom().isBefore(today)) return List.of();
        return List.of(Finding.warning("STARTS_IN_PAST", "PX-42", "validFrom", draft.form().number() + " from " + draft.form().validFrom() + ": bills of the past are not taxed again",
                "Only where no bill rests on it yet; a bill of a past day is amended by a credit note"));
    }

    /// A letter is of one registration.
    @Override
    public boolean travels(UndertakingForm form) {
        return false;
    }

    @Override
    public UndertakingForm from(UndertakingForm form, LocalDate day) {
        return new UndertakingForm(form.id(), form.distributorId(), form.number(), day, form.validTo() != null && form.validTo().isBefore(day) ? day : form.validTo());
    }
}
