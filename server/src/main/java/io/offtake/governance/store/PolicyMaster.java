package io.offtake.governance.store;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Directory;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.ConfigVersions;
import io.offtake.governance.Dated;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.PolicyKey;
import io.offtake.governance.Texts;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Policies with their dates. A row in force only ends; another value is another row, which ends the one before. A row is
/// written on its first day, and raises the configuration then: rule books hold the policies of the day.
@Component
public class PolicyMaster extends Master<PolicyMaster.PolicyForm> implements Governed<PolicyMaster.PolicyForm> {

    /// @param key        of [PolicyKey]
    /// @param scope      NETWORK, DISTRIBUTOR, CHANNEL or ROLE
    /// @param scopeValue the distributor's id, the channel or the role; empty for the network
    /// @param value      BLOCK, WARN, OFF or a number
    public record PolicyForm(String key, String scope, @Nullable String scopeValue, String value, @Nullable LocalDate validFrom, @Nullable LocalDate validTo) implements Dated {
        public PolicyForm {
            key = Texts.of(key);
            scope = Texts.or(scope, "NETWORK");
            scopeValue = Texts.of(scopeValue);
            value = Texts.of(value);
        }
    }

    private static final String SELECT = """
            select t.id, t.version, t.key, t.scope, t.scope_value, t.value, t.valid_from, t.valid_to
              from governance.policy t
             where :distributors::bigint[] is null or t.scope <> 'DISTRIBUTOR' or t.scope_value = any (:distributors::bigint[]::text[])""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("key", TEXT).sortable("scope", TEXT).sortable("scopeValue", TEXT).sortable("validFrom", DATE)
            .equal("key", TEXT).equal("scope", TEXT).equal("scopeValue", TEXT).search("key").order("key", "scope", "scopeValue", "-validFrom");
    private static final List<Column<PolicyForm>> COLUMNS = List.of(
            Column.required("key", "Policy", PolicyForm::key, String.join(", ", Arrays.stream(PolicyKey.values()).map(PolicyKey::key).toList()), "Key"),
            Column.optional("scope", "For", PolicyForm::scope, "NETWORK, DISTRIBUTOR, CHANNEL or ROLE"),
            Column.optional("scopeValue", "Which", PolicyForm::scopeValue, "Distributor id, channel or role"),
            Column.required("value", "Value", PolicyForm::value, "BLOCK, WARN, OFF or a number"),
            Column.required("validFrom", "From", PolicyForm::validFrom, "Date", "Valid from"),
            Column.optional("validTo", "To", PolicyForm::validTo, "Last day, or nothing", "Valid to"));
    private static final String INSERT = """
            insert into governance.policy (id, key, scope, scope_value, value, valid_from, valid_to, version) values (:id, :key, :scope, :scopeValue, :value, :validFrom, :validTo, :version)""";
    private static final String UPDATE = """
            update governance.policy set value = :value, valid_from = :validFrom, valid_to = :validTo, version = :version where id = :id and version = :version - 1""";

    private final ObjectProvider<Directory> directory;
    private final Clock clock;

    PolicyMaster(ObjectProvider<Directory> directory, Clock clock) {
        super(new Spec<>("policies", Owner.NETWORK, "governance.policy", PolicyForm.class, Permission.CONFIG_READ, Permission.CONFIG_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public Duty duty() {
        return Duty.POLICY;
    }

    @Override
    public @Nullable LocalDate effectiveTo(PolicyForm form) {
        return form.validTo();
    }

    @Override
    public PolicyForm from(PolicyForm form, LocalDate day) {
        return new PolicyForm(form.key(), form.scope(), form.scopeValue(), form.value(), day, form.lastDayFrom(day));
    }

    @Override
    public boolean waitsForItsDay() {
        return true;
    }

    /// A distributor has another id elsewhere.
    @Override
    public boolean travels(PolicyForm form) {
        return !form.scope().equals("DISTRIBUTOR");
    }

    @Override
    public String key(PolicyForm form) {
        return form.key() + " " + form.scope() + (String.valueOf(form.scopeValue()).isEmpty() ? "" : " " + form.scopeValue()) + " " + form.validFrom();
    }

    @Override
    protected List<Current<PolicyForm>> find(Finder<PolicyForm> finder, List<PolicyForm> forms) {
        return finder.where("t.key = any (:keys)", "keys", forms.stream().map(PolicyForm::key).distinct().toArray(String[]::new));
    }

    @Override
    public PolicyForm read(Cells cells) {
        return new PolicyForm(cells.text("key"), cells.upper("scope", "NETWORK"), cells.text("scopeValue"), cells.text("value"), cells.date("validFrom"), cells.date("validTo"));
    }

    private record Period(long id, String key, String scope, String scopeValue, LocalDate from, @Nullable LocalDate to) {}

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<PolicyForm>> drafts) {
        var today = LocalDate.now(clock);
        var periods = db.sql("select id, key, scope, scope_value, valid_from as \"from\", valid_to as \"to\" from governance.policy where key = any (:keys)")
                .param("keys", drafts.stream().map(draft -> draft.form().key()).distinct().toArray(String[]::new)).query(Period.class).list();
        for (var draft : drafts) {
            var form = draft.form();
            var key = PolicyKey.of(form.key()).orElse(null);
            if (key == null) {
                draft.fault("key", form.key().isEmpty() ? "is missing" : "there is no policy " + form.key(), "One of " + String.join(", ", Arrays.stream(PolicyKey.values()).map(PolicyKey::key).toList()));
                continue;
            }
            var expects = key.expects(form.value());
            if (expects != null) draft.fault("value", form.value().isEmpty() ? "is missing" : "\"" + form.value() + "\" is not possible", expects);
            draft.oneOf("scope", form.scope(), key.scopes());
            checkScope(draft);
            if (!draft.period(form)) continue;
            checkPeriod(draft, today);
            for (var other : periods) {
                boolean same = other.key.equals(form.key()) && other.scope.equals(form.scope()) && other.scopeValue.equals(form.scopeValue()) && !Long.valueOf(other.id).equals(draft.id());
                // an open end of an earlier row is cut when this one is written; anything else that overlaps is a fault
                boolean overlaps = (other.to == null || !other.to.isBefore(form.validFrom())) && (form.validTo() == null || !other.from.isAfter(form.validTo()));
                if (same && overlaps && !other.from.isBefore(form.validFrom())) {
                    draft.fault("validFrom", ProblemCode.DUPLICATE, "overlaps the value from " + other.from, "Start after it, or end before " + other.from);
                }
            }
        }
    }

    private void checkScope(Draft<PolicyForm> draft) {
        var form = draft.form();
        var value = String.valueOf(form.scopeValue());
        switch (form.scope()) {
            case "NETWORK" -> {
                if (!value.isEmpty()) draft.fault("scopeValue", "does not go with NETWORK", "Leave it empty");
            }
            case "DISTRIBUTOR" -> {
                var id = value.matches("\\d{1,18}") ? Long.valueOf(value) : null;
                if (id == null || !directory.getObject().distributors().contains(id)) draft.fault("scopeValue", value.isEmpty() ? "is missing" : "there is no distributor " + value, "The id of a distributor");
                else draft.found("distributorId", id);
            }
            case "ROLE" -> draft.oneOf("scopeValue", value, Arrays.stream(Role.values()).map(Role::name).toList());
            default -> draft.pattern("scopeValue", value.isEmpty() ? "?" : value, "[\\p{L}\\p{N}][\\p{L}\\p{N}._ -]{0,38}", "A channel, such as MT");
        }
    }

    /// The past keeps its values; a row in force only ends.
    private static void checkPeriod(Draft<PolicyForm> draft, LocalDate today) {
        var form = draft.form();
        if (draft.current() == null) {
            if (form.validFrom().isBefore(today)) draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, form.validFrom() + " is in the past (PX-42)", "Today or later");
            return;
        }
        var before = draft.current().form();
        for (var column : COLUMNS) {
            if (!column.name().equals("validTo") && !column.text(before).equals(column.text(form))) {
                draft.fault(column.name(), ProblemCode.VERSION_NOT_FUTURE, "this value has been in force since " + before.validFrom(), "Propose another row with its own first day");
            }
        }
        if (form.validTo() != null && !form.validTo().equals(before.validTo()) && form.validTo().isBefore(today.minusDays(1))) {
            draft.fault("validTo", ProblemCode.VERSION_NOT_FUTURE, form.validTo() + " is in the past", "Yesterday or later");
        }
    }

    @Override
    protected void writeParts(Batches batches, List<Draft<PolicyForm>> drafts) {
        var ends = new ArrayList<Map<String, ?>>();
        for (var draft : drafts) {
            var form = draft.form();
            if (draft.isNew()) ends.add(Map.of("id", draft.id(), "key", form.key(), "scope", form.scope(), "scopeValue", String.valueOf(form.scopeValue()), "from", form.validFrom(), "end", form.validFrom().minusDays(1)));
        }
        if (!ends.isEmpty()) batches.run("""
                update governance.policy set valid_to = :end, version = version + 1
                 where key = :key and scope = :scope and scope_value = :scopeValue and id <> :id and valid_from < :from and (valid_to is null or valid_to >= :from)""", ends);
    }

    @Override
    protected Collection<String> raises(long distributorId, Draft<PolicyForm> draft) {
        return Set.of(draft.found("distributorId") instanceof Long id ? ConfigVersions.distributor(id) : ConfigVersions.NATIONAL);
    }
}
