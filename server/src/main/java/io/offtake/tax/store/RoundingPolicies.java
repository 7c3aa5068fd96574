package io.offtake.tax.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import io.offtake.rules.RuleBook;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// How the totals of bills are rounded, by currency and day (IN-10). A row holds until the next one of its currency begins;
/// what is in force never changes.
@Component
public class RoundingPolicies extends Master<RoundingPolicies.RoundingForm> implements Governed<RoundingPolicies.RoundingForm> {
    private static final List<String> ROUNDINGS = Arrays.stream(RuleBook.DocumentRounding.values()).map(Enum::name).toList();

    /// @param currency         ISO code
    /// @param documentRounding of [RuleBook.DocumentRounding]
    public record RoundingForm(String currency, String documentRounding, @Nullable LocalDate validFrom) {
        public RoundingForm {
            currency = Texts.of(currency).toUpperCase(Locale.ROOT);
            documentRounding = Texts.of(documentRounding);
        }
    }

    private static final String SELECT = "select t.id, t.version_no as version, t.version_no, t.currency, t.document_rounding, t.valid_from from tax.rounding_policy t";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("currency", TEXT).sortable("validFrom", DATE).equal("currency", TEXT).search("currency").order("currency", "validFrom");
    private static final List<Column<RoundingForm>> COLUMNS = List.of(
            Column.required("currency", "Currency", RoundingForm::currency, "ISO code, such as INR"),
            Column.required("documentRounding", "Rounding", RoundingForm::documentRounding, String.join(" or ", ROUNDINGS)),
            Column.required("validFrom", "From", RoundingForm::validFrom, "Date", "Valid from"));
    private static final String INSERT = """
            insert into tax.rounding_policy (id, version_no, currency, document_rounding, valid_from) values (:id, :version, :currency, :documentRounding, :validFrom)""";
    private static final String UPDATE = """
            update tax.rounding_policy set document_rounding = :documentRounding, valid_from = :validFrom, version_no = :version where id = :id and version_no = :version - 1""";

    private final Clock clock;

    RoundingPolicies(Clock clock) {
        super(new Spec<>("rounding-policies", Owner.NETWORK, "tax.rounding_policy", RoundingForm.class, Permission.SKU_READ, Permission.TAX_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.clock = clock;
    }

    @Override
    public String key(RoundingForm form) {
        return form.currency() + " " + form.validFrom();
    }

    @Override
    protected List<Current<RoundingForm>> find(Finder<RoundingForm> finder, List<RoundingForm> forms) {
        return finder.where("t.currency = any (:keys)", "keys", forms.stream().map(RoundingForm::currency).distinct().toArray(String[]::new));
    }

    @Override
    public RoundingForm read(Cells cells) {
        return new RoundingForm(cells.upper("currency", ""), cells.upper("documentRounding", ""), cells.date("validFrom"));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<RoundingForm>> drafts) {
        var today = LocalDate.now(clock);
        var taken = new HashSet<String>();
        db.sql("select id, currency, valid_from from tax.rounding_policy").query(row -> {
            long id = row.getLong("id");
            if (drafts.stream().noneMatch(draft -> draft.id().equals(id))) taken.add(row.getString("currency") + " " + row.getObject("valid_from", LocalDate.class));
        });
        for (var draft : drafts) {
            var form = draft.form();
            if (java.util.Currency.getAvailableCurrencies().stream().noneMatch(one -> one.getCurrencyCode().equals(form.currency()))) {
                draft.fault("currency", form.currency().isEmpty() ? "is missing" : form.currency() + " is no currency", "An ISO code, such as INR");
            }
            draft.oneOf("documentRounding", form.documentRounding(), ROUNDINGS);
            if (form.validFrom() == null) draft.fault("validFrom", "is missing", "The first day");
            else if (form.validFrom().isBefore(today)) draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, form.validFrom() + " is in the past (PX-42)", "Today or later");
            else if (taken.contains(key(form))) draft.fault("validFrom", ProblemCode.DUPLICATE, form.currency() + " has a policy from that day already", "Another day");
            if (draft.current() != null && draft.current().form().validFrom() != null && !draft.current().form().validFrom().isAfter(today)) {
                draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, "this policy has been in force since " + draft.current().form().validFrom(), "Propose another one with its own first day");
            }
        }
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<RoundingForm> draft) {
        return Set.of(ConfigVersions.NATIONAL);
    }

    @Override
    public Duty duty() {
        return Duty.TAX;
    }

    @Override
    public @Nullable LocalDate effectiveFrom(RoundingForm form) {
        return form.validFrom();
    }

    /// A rule book has one rounding policy, so it is written on its day.
    @Override
    public boolean waitsForItsDay() {
        return true;
    }

    @Override
    public RoundingForm from(RoundingForm form, LocalDate day) {
        return new RoundingForm(form.currency(), form.documentRounding(), day);
    }

    @Override
    public boolean simulates() {
        return true;
    }

    @Override
    public Consumer<ObjectNode> inBook(JdbcClient db, Draft<RoundingForm> draft) {
        return book -> {
            if (book.path("currency").path("code").asString("").equals(draft.form().currency())) book.withObject("/rounding").put("document", draft.form().documentRounding());
        };
    }
}
