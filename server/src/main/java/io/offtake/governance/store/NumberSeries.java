package io.offtake.governance.store;

import static io.offtake.platform.ListSql.Type.BOOLEAN;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.OfDistributor;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The series legal numbers are taken from, per document type, distributor and fiscal year (IN-27). Those that devices have leased are
/// shown with their devices.
@Component
public class NumberSeries extends Master<NumberSeries.NumberSeriesForm> implements Governed<NumberSeries.NumberSeriesForm> {
    /// Documents that carry a number of the distributor's.
    private static final List<String> TYPES = List.of("INVOICE", "CREDIT_NOTE", "DEBIT_NOTE", "FINANCIAL_CREDIT_NOTE", "ORDER", "COLLECTION", "GOODS_RECEIPT", "DELIVERY_CHALLAN");
    private static final int NUMBER_MAX = 16;

    /// @param series      what stands before the digits, such as `KT26/`
    /// @param fiscalYear  the year in which it begins
    /// @param width       digits, filled with zeros
    /// @param startNumber first number of a new series; later changes are refused
    public record NumberSeriesForm(java.util.@Nullable UUID id, @Nullable Long distributorId, String documentType, String series, int fiscalYear, @Nullable Integer width,
                                   @Nullable Boolean closed, @Nullable Long startNumber) implements OfDistributor {
        public NumberSeriesForm {
            documentType = Texts.of(documentType);
            series = Texts.of(series);
            width = width == null ? 6 : width;
            closed = closed != null && closed;
        }
    }

    private static final String SELECT = """
            select s.id, s.version, s.distributor_id, s.document_type, s.series, s.fiscal_year, s.width, s.closed, s.next_number,
                   s.series || lpad(s.next_number::text, greatest(s.width, length(s.next_number::text)), '0') as next_formatted, null::bigint as start_number
              from platform.number_sequence s
             where s.distributor_id = any (:distributors::bigint[]) and s.device_id is null""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", UUID).sortable("documentType", TEXT).sortable("series", TEXT).sortable("fiscalYear", LONG)
            .equal("distributorId", LONG).equal("documentType", TEXT).equal("fiscalYear", LONG).equal("closed", BOOLEAN).search("series").order("documentType", "-fiscalYear", "series");
    private static final List<Column<NumberSeriesForm>> COLUMNS = List.of(
            Column.required("documentType", "Document type", NumberSeriesForm::documentType, String.join(", ", TYPES), "Type"),
            Column.required("series", "Series", NumberSeriesForm::series, "Such as KT26/", "Prefix"),
            Column.required("fiscalYear", "Fiscal year", NumberSeriesForm::fiscalYear, "The year in which it begins, such as 2026", "Year"),
            Column.optional("width", "Digits", NumberSeriesForm::width, "Such as 6", "Width"),
            Column.optional("closed", "Closed", NumberSeriesForm::closed, "yes or no"));
    private static final String INSERT = """
            insert into platform.number_sequence (distributor_id, id, document_type, series, fiscal_year, width, next_number, closed, version)
            values (:distributorId, :id, :documentType, :series, :fiscalYear, :width, :first, :closed, :version)""";
    private static final String UPDATE = """
            update platform.number_sequence set width = :width, closed = :closed, version = :version
             where distributor_id = :distributorId and id = :id and version = :version - 1""";

    NumberSeries() {
        super(new Spec<>("number-series", Owner.DISTRIBUTOR, "platform.number_sequence", NumberSeriesForm.class, Permission.SERIES_READ, Permission.SERIES_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
    }

    @Override
    public String key(NumberSeriesForm form) {
        return form.documentType() + " " + form.series() + " " + form.fiscalYear();
    }

    @Override
    protected List<Current<NumberSeriesForm>> find(Finder<NumberSeriesForm> finder, List<NumberSeriesForm> forms) {
        return finder.where("t.series = any (:keys)", "keys", forms.stream().map(NumberSeriesForm::series).distinct().toArray(String[]::new));
    }

    @Override
    public NumberSeriesForm read(Cells cells) {
        return new NumberSeriesForm(null, null, cells.upper("documentType", ""), cells.text("series"), cells.integer("fiscalYear", 0), cells.integer("width", 6), cells.yes("closed", false), null);
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<NumberSeriesForm>> drafts) {
        var users = new HashMap<String, String>();
        db.sql("select document_type, series, fiscal_year from platform.number_sequence where distributor_id = :distributor").param("distributor", distributorId).query(row -> {
            users.put(row.getString("series") + " " + row.getInt("fiscal_year"), row.getString("document_type"));
        });
        for (var draft : drafts) {
            var form = draft.form();
            draft.oneOf("documentType", form.documentType(), TYPES);
            if (form.fiscalYear() < 2017 || form.fiscalYear() > 2199) draft.fault("fiscalYear", form.fiscalYear() + " is no fiscal year", "The year in which it begins, such as 2026");
            if (!form.series().matches("[A-Z1-9][A-Z0-9/-]{0,14}")) {
                draft.fault("series", form.series().isEmpty() ? "is missing" : "\"" + form.series() + "\" is no series (IN-27)", "Capital letters, digits, - and /; it may not start with 0, - or /");
            } else if (form.series().length() + form.width() > NUMBER_MAX) {
                draft.fault("width", form.series() + " and " + form.width() + " digits are longer than 16 characters (IN-27)", "At most " + (NUMBER_MAX - form.series().length()) + " digits");
            }
            if (form.width() < 1 || form.width() > 10) draft.fault("width", form.width() + " digits are not possible", "1 to 10");
            var other = users.putIfAbsent(form.series() + " " + form.fiscalYear(), form.documentType());
            if (draft.isNew() && other != null && !other.equals(form.documentType())) {
                draft.fault("series", ProblemCode.DUPLICATE, form.series() + " numbers " + other + " in " + form.fiscalYear() + " already", "A series of its own for each document type");
            }
            if (draft.isNew()) {
                long first = form.startNumber() == null ? 1 : form.startNumber();
                if (first < 1 || first > 9_999_999_999L) draft.fault("startNumber", first + " is not possible", "1 or more");
                draft.found("first", first);
            } else {
                draft.found("first", 1L);
                var before = draft.current().form();
                if (!key(before).equals(key(form))) draft.fault("series", ProblemCode.VERSION_NOT_FUTURE, "type, series and year of a series never change", "Close it and open another");
                if (!Objects.equals(before.width(), form.width())) draft.fault("width", ProblemCode.VERSION_NOT_FUTURE, "the digits of a series never change", "Close it and open another");
                if (form.startNumber() != null) draft.fault("startNumber", ProblemCode.VERSION_NOT_FUTURE, "numbers are consecutive (IN-27)", "Leave it out");
            }
        }
    }

    // ---- governed

    @Override
    public Duty duty() {
        return Duty.SERIES;
    }
}
