package io.offtake.insight.alert;

import static io.offtake.platform.ListSql.Type.BOOLEAN;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Duty;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.insight.Catalogue;
import io.offtake.insight.score.Playbooks;
import io.offtake.platform.ListSql;
import io.offtake.platform.TenantTransaction;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Alert rules as governed data (ANA-13): thresholds, trends and divergences on any metric of the catalogue. A rule of the
/// same code takes the place of the one that comes with the build.
@Component
public class AlertRules extends Master<AlertRules.AlertRuleForm> implements Governed<AlertRules.AlertRuleForm> {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /// What a rule looks for.
    public enum Shape {
        /// metric above the threshold in each of the last `periods` closed months, or now
        ABOVE("THRESHOLD"),
        /// metric below it
        BELOW("THRESHOLD"),
        /// metric falls `periods` closed months in a row, together by the threshold in percent, more than the network does
        FALLING("TREND"),
        /// the last closed month is the threshold in percent below the mean of the `periods` before, in which it was sold each month
        DROP("TREND"),
        /// the others of the territory fall over three months by the threshold in percent against the three before, more than the network does
        MARKET("TREND"),
        /// three closed months of metric ÷ other above the threshold, `periods` months running
        RATIO_ABOVE("DIVERGENCE"),
        /// … below it
        RATIO_BELOW("DIVERGENCE"),
        /// no data for more than the threshold in working days
        SILENT("FRESHNESS");

        private final String kind;

        Shape(String kind) {
            this.kind = kind;
        }

        /// THRESHOLD, TREND, DIVERGENCE or FRESHNESS.
        public String kind() {
            return kind;
        }
    }

    /// @param other     the metric compared with, for ratios
    /// @param subject   DISTRIBUTOR, or SKU for must-stock SKUs one by one
    /// @param ownerRole whose it is until somebody takes it
    /// @param minMoney  below this much at stake nothing is raised, in the distributor's currency
    /// @param steps     what to do, in order
    public record AlertRuleForm(String code, String name, @Nullable Shape shape, String metric, @Nullable String other, @Nullable BigDecimal threshold, @Nullable Integer periods, @Nullable String subject,
                                @Nullable String severity, @Nullable String ownerRole, @Nullable Integer dueDays, @Nullable BigDecimal minMoney, @Nullable List<String> steps, @Nullable String playbook,
                                @Nullable Boolean active) {
        public AlertRuleForm {
            code = Texts.of(code);
            name = Texts.of(name);
            metric = Texts.of(metric);
            other = Texts.of(other);
            subject = Texts.or(subject, "DISTRIBUTOR");
            severity = Texts.or(severity, "MEDIUM");
            ownerRole = Texts.or(ownerRole, "RSM");
            minMoney = minMoney == null ? BigDecimal.ZERO : minMoney;
            steps = steps == null ? List.of() : List.copyOf(steps);
            playbook = Texts.of(playbook);
            periods = periods == null ? 1 : periods;
            dueDays = dueDays == null ? 7 : dueDays;
            active = active == null || active;
        }
    }

    /// A rule that holds.
    ///
    /// @param version of its row; 0 for the one of the build
    public record InForce(int version, AlertRuleForm rule) {}

    private static final String SELECT = """
            select t.id, t.version, t.code, t.name, t.shape, t.metric, t.other, t.threshold, t.periods, t.subject, t.severity, t.owner_role, t.due_days, t.min_money, t.steps, t.playbook, t.active
              from insight.alert_rule t""";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).equal("shape", TEXT).equal("severity", TEXT).equal("active", BOOLEAN).search("code", "name").order("code");
    private static final List<Column<AlertRuleForm>> COLUMNS = List.of(
            Column.required("code", "Code", AlertRuleForm::code, "Unique, such as STOCK_PUSH"),
            Column.required("name", "Name", AlertRuleForm::name, "Text"),
            Column.required("shape", "Looks for", form -> form.shape() == null ? null : form.shape().name(), String.join(", ", Arrays.stream(Shape.values()).map(Shape::name).toList())),
            Column.required("metric", "Metric", AlertRuleForm::metric, "A metric of the catalogue"),
            Column.optional("other", "Compared with", AlertRuleForm::other, "A metric, for ratios"),
            Column.required("threshold", "Threshold", AlertRuleForm::threshold, "Number"),
            Column.optional("periods", "Months running", AlertRuleForm::periods, "1 to 6"),
            Column.optional("subject", "For each", AlertRuleForm::subject, "DISTRIBUTOR or SKU"),
            Column.optional("severity", "Severity", AlertRuleForm::severity, "HIGH, MEDIUM or LOW"),
            Column.optional("ownerRole", "Owner", AlertRuleForm::ownerRole, "A role of the head office"),
            Column.optional("dueDays", "Due after days", AlertRuleForm::dueDays, "1 to 90"),
            Column.optional("minMoney", "Least at stake", AlertRuleForm::minMoney, "Amount"),
            Column.optional("steps", "Steps", form -> form.steps() == null ? "" : String.join(" | ", form.steps()), "Separated by |"),
            Column.optional("playbook", "Playbook", AlertRuleForm::playbook, "Its code"),
            Column.optional("active", "Active", AlertRuleForm::active, "yes or no"));
    private static final String INSERT = """
            insert into insight.alert_rule (id, code, name, shape, metric, other, threshold, periods, subject, severity, owner_role, due_days, min_money, steps, playbook, active, version)
            values (:id, :code, :name, :shapeName, :metric, :other, :threshold, :periods, :subject, :severity, :ownerRole, :dueDays, :minMoney, :stepTexts, :playbook, :active, :version)""";
    private static final String UPDATE = """
            update insight.alert_rule set name = :name, shape = :shapeName, metric = :metric, other = :other, threshold = :threshold, periods = :periods, subject = :subject, severity = :severity, owner_role = :ownerRole,
                   due_days = :dueDays, min_money = :minMoney, steps = :stepTexts, playbook = :playbook, active = :active, version = :version where id = :id and version = :version - 1""";

    private final TenantTransaction transactions;
    private final List<AlertRuleForm> builtIn;

    AlertRules(TenantTransaction transactions) {
        super(new Spec<>("alert-rules", Owner.NETWORK, "insight.alert_rule", AlertRuleForm.class, Permission.ALERT_READ, Permission.CONFIG_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.transactions = transactions;
        this.builtIn = builtIn();
    }

    /// The rules of the build.
    public static List<AlertRuleForm> builtIn() {
        try (var in = AlertRules.class.getResourceAsStream("/insight/alert-rules.json")) {
            if (in == null) throw new IllegalStateException("insight/alert-rules.json is missing");
            return List.of(JSON.readValue(in.readAllBytes(), AlertRuleForm[].class));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// The active rules.
    public List<InForce> inForce() {
        var all = new LinkedHashMap<String, InForce>();
        builtIn.forEach(rule -> all.put(rule.code(), new InForce(0, rule)));
        transactions.shared(db -> db.sql(SELECT + " order by t.code").query((row, _) -> new InForce(row.getInt("version"), form(row))).list()).forEach(one -> all.put(one.rule.code(), one));
        return all.values().stream().filter(one -> Boolean.TRUE.equals(one.rule.active())).toList();
    }

    @Override
    public Duty duty() {
        return Duty.POLICY;
    }

    @Override
    public String key(AlertRuleForm form) {
        return form.code();
    }

    @Override
    protected RowMapper<AlertRuleForm> mapper() {
        return (row, _) -> form(row);
    }

    /// A row of the select as form.
    public static AlertRuleForm form(ResultSet row) throws SQLException {
        var steps = row.getString("steps");
        return new AlertRuleForm(row.getString("code"), row.getString("name"), Shape.valueOf(row.getString("shape")), row.getString("metric"), row.getString("other"), row.getBigDecimal("threshold"), row.getInt("periods"),
                row.getString("subject"), row.getString("severity"), row.getString("owner_role"), row.getInt("due_days"), row.getBigDecimal("min_money"), steps.isEmpty() ? List.of() : Arrays.asList(steps.split(" \\| ")),
                row.getString("playbook"), row.getBoolean("active"));
    }

    @Override
    public AlertRuleForm read(Cells cells) {
        Shape shape = null;
        for (var one : Shape.values()) if (one.name().equals(cells.upper("shape", ""))) shape = one;
        var steps = new ArrayList<String>();
        for (var step : cells.text("steps").split("\\|")) if (!step.isBlank()) steps.add(step.strip());
        return new AlertRuleForm(cells.text("code"), cells.text("name"), shape, cells.text("metric"), cells.text("other"), cells.decimal("threshold"), cells.integer("periods", 1), cells.upper("subject", "DISTRIBUTOR"),
                cells.upper("severity", "MEDIUM"), cells.upper("ownerRole", "RSM"), cells.integer("dueDays", 7), cells.decimal("minMoney", BigDecimal.ZERO), steps, cells.text("playbook"), cells.yes("active", true));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<AlertRuleForm>> drafts) {
        var catalogue = Catalogue.load();
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            if (form.shape() == null) draft.fault("shape", "is missing or not known", "One of " + Arrays.toString(Shape.values()));
            if (catalogue.metric(form.metric()).isEmpty()) draft.fault("metric", "there is no metric " + form.metric(), "A metric of the catalogue");
            boolean ratio = form.shape() == Shape.RATIO_ABOVE || form.shape() == Shape.RATIO_BELOW;
            if (ratio == String.valueOf(form.other()).isEmpty()) draft.fault("other", ratio ? "is missing" : "does not go with this shape", ratio ? "The metric to divide by" : "Leave it empty");
            if (ratio && catalogue.metric(String.valueOf(form.other())).isEmpty()) draft.fault("other", "there is no metric " + form.other(), "A metric of the catalogue");
            draft.decimal("threshold", form.threshold(), BigDecimal.ZERO, new BigDecimal("99999999"), 4, true);
            draft.decimal("minMoney", form.minMoney(), BigDecimal.ZERO, new BigDecimal("9999999999"), 2, false);
            if (form.periods() < 1 || form.periods() > 6) draft.fault("periods", form.periods() + " is out of range", "1 to 6");
            if (form.dueDays() < 1 || form.dueDays() > 90) draft.fault("dueDays", form.dueDays() + " is out of range", "1 to 90");
            draft.oneOf("subject", form.subject(), List.of("DISTRIBUTOR", "SKU"));
            draft.oneOf("severity", form.severity(), List.of("HIGH", "MEDIUM", "LOW"));
            draft.oneOf("ownerRole", form.ownerRole(), Arrays.stream(Role.values()).filter(role -> role.workspace().equals("tower")).map(Role::name).toList());
            for (var step : form.steps()) draft.text("steps", step);
            if (!String.valueOf(form.playbook()).isEmpty() && Playbooks.of(form.playbook()).isEmpty()) draft.fault("playbook", "there is no playbook " + form.playbook(), "One of " + String.join(", ", Playbooks.ALL.stream().map(Playbooks.Playbook::code).toList()));
            draft.found("shapeName", form.shape() == null ? "" : form.shape().name());
            draft.found("stepTexts", String.join(" | ", form.steps()));
        }
    }
}
