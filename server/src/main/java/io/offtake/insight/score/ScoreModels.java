package io.offtake.insight.score;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Permission;
import io.offtake.governance.Canonical;
import io.offtake.governance.Cells;
import io.offtake.governance.Column;
import io.offtake.governance.Draft;
import io.offtake.governance.Draft.Current;
import io.offtake.governance.Duty;
import io.offtake.governance.Finding;
import io.offtake.governance.Governed;
import io.offtake.governance.Master;
import io.offtake.governance.Texts;
import io.offtake.insight.Catalogue;
import io.offtake.platform.ListSql;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Score models with their first month (SC-08): changed by change request only; every check of a proposal computes the last
/// six months in its shadow and says whose band would be another. Months that were published stay as they were.
@Component
public class ScoreModels extends Master<ScoreModels.ScoreModelForm> implements Governed<ScoreModels.ScoreModelForm> {
    private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    /// The model that comes with the build.
    public static final String BUILT_IN = "STANDARD";

    /// @param validFrom first day of the first month it scores
    /// @param model     as [ScoreModel]
    public record ScoreModelForm(String code, @Nullable LocalDate validFrom, @Nullable String note, @Schema(type = "object") @Nullable JsonNode model) {
        public ScoreModelForm {
            code = Texts.of(code);
            note = Texts.of(note);
        }
    }

    /// A model in force.
    ///
    /// @param version of its row; 0 for the one of the build
    public record InForce(String code, int version, @Nullable LocalDate validFrom, ScoreModel model) {}

    private static final String SELECT = "select t.id, t.version, t.code, t.valid_from, t.note, t.model from insight.score_model t";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("validFrom", DATE).search("code", "note").order("-validFrom");
    private static final List<Column<ScoreModelForm>> COLUMNS = List.of(
            Column.required("code", "Code", ScoreModelForm::code, "Unique, such as FY27"),
            Column.required("validFrom", "From", ScoreModelForm::validFrom, "First day of a month", "Valid from"),
            Column.optional("note", "Why", ScoreModelForm::note, "Text"),
            Column.required("model", "Model", form -> form.model() == null ? "" : Canonical.text(form.model()), "The model as JSON"));
    private static final String INSERT = "insert into insight.score_model (id, code, valid_from, note, model, version) values (:id, :code, :validFrom, :note, :model, :version)";
    private static final String UPDATE = "update insight.score_model set note = :note, valid_from = :validFrom, model = :model, version = :version where id = :id and version = :version - 1";

    private final TenantTransaction transactions;
    private final ObjectProvider<Shadow> shadow;
    private final Clock clock;

    /// Computes what a proposal would have published.
    interface Shadow {
        /// @return findings, one INFO or WARNING with how many bands would be others
        List<Finding> of(ScoreModel model);
    }

    ScoreModels(TenantTransaction transactions, ObjectProvider<Shadow> shadow, Clock clock) {
        super(new Spec<>("score-models", Owner.NETWORK, "insight.score_model", ScoreModelForm.class, Permission.SCORE_READ, Permission.SCORE_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.transactions = transactions;
        this.shadow = shadow;
        this.clock = clock;
    }

    /// The model of the build.
    public static ScoreModel builtIn() {
        try (var in = ScoreModels.class.getResourceAsStream("/insight/score-model.json")) {
            if (in == null) throw new IllegalStateException("insight/score-model.json is missing");
            return JSON.readValue(in.readAllBytes(), ScoreModel.class);
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// The model that scores a month.
    public InForce inForce(LocalDate month) {
        return transactions.shared(db -> db.sql("select code, version, valid_from, model from insight.score_model where valid_from <= ? order by valid_from desc, id desc limit 1").param(month.withDayOfMonth(1))
                .query((row, _) -> new InForce(row.getString("code"), row.getInt("version"), row.getObject("valid_from", LocalDate.class), JSON.readValue(row.getString("model"), ScoreModel.class))).optional())
                .orElseGet(() -> new InForce(BUILT_IN, 0, null, builtIn()));
    }

    @Override
    public Duty duty() {
        return Duty.SCORE;
    }

    @Override
    public @Nullable LocalDate effectiveFrom(ScoreModelForm form) {
        return form.validFrom();
    }

    @Override
    public ScoreModelForm from(ScoreModelForm form, LocalDate day) {
        return new ScoreModelForm(form.code(), day.getDayOfMonth() == 1 ? day : day.withDayOfMonth(1).plusMonths(1), form.note(), form.model());
    }

    @Override
    public String key(ScoreModelForm form) {
        return form.code();
    }

    @Override
    protected RowMapper<ScoreModelForm> mapper() {
        return (row, _) -> form(row);
    }

    /// A row of the select as form.
    public static ScoreModelForm form(ResultSet row) throws SQLException {
        return new ScoreModelForm(row.getString("code"), row.getObject("valid_from", LocalDate.class), row.getString("note"), JSON.readTree(row.getString("model")));
    }

    @Override
    protected List<Current<ScoreModelForm>> find(Finder<ScoreModelForm> finder, List<ScoreModelForm> forms) {
        return finder.where("t.code = any (:keys)", "keys", forms.stream().map(ScoreModelForm::code).distinct().toArray(String[]::new));
    }

    @Override
    public ScoreModelForm read(Cells cells) {
        JsonNode model = null;
        try {
            model = JSON.readTree(cells.text("model"));
        } catch (JacksonException unreadable) {
            cells.fault("model", "cannot be read as JSON", "The model as JSON");
        }
        return new ScoreModelForm(cells.text("code"), cells.date("validFrom"), cells.text("note"), model);
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<ScoreModelForm>> drafts) {
        var thisMonth = LocalDate.now(clock).withDayOfMonth(1);
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.text("note", form.note());
            if (form.validFrom() == null) draft.fault("validFrom", "is missing", "The first day of a month");
            else if (form.validFrom().getDayOfMonth() != 1) draft.fault("validFrom", form.validFrom() + " is not the first of a month", "Such as " + thisMonth.plusMonths(1));
            else if (form.validFrom().isBefore(thisMonth)) draft.fault("validFrom", ProblemCode.VERSION_NOT_FUTURE, form.validFrom() + " is in the past: what was published stays (SC-08)", "From " + thisMonth + " on");
            if (form.model() == null || !form.model().isObject()) {
                draft.fault("model", "is missing", "The model as JSON");
                continue;
            }
            var model = model(draft, form.model());
            if (model != null) checkModel(draft, model);
            draft.found("model", form.model().toString());
        }
    }

    private static @Nullable ScoreModel model(Draft<ScoreModelForm> draft, JsonNode json) {
        try {
            return JSON.treeToValue(json, ScoreModel.class);
        } catch (JacksonException unreadable) {
            draft.fault("model", "is no score model: " + unreadable.getOriginalMessage(), "The members of the model in force");
            return null;
        }
    }

    private static void checkModel(Draft<ScoreModelForm> draft, ScoreModel model) {
        var hundred = BigDecimal.valueOf(100);
        var names = new HashSet<ScoreModel.Name>();
        var components = new HashSet<String>();
        var sum = BigDecimal.ZERO;
        var catalogue = Catalogue.load();
        for (var pillar : model.pillars()) {
            if (pillar.pillar() == null || pillar.weight() == null || !names.add(pillar.pillar())) {
                draft.fault("model", "names a pillar twice or without weight", "GROWTH, SERVICE, FINANCIAL and DATA, once each");
                return;
            }
            sum = sum.add(pillar.weight());
            var of = BigDecimal.ZERO;
            for (var component : pillar.components()) {
                if (component.component() == null || component.weight() == null || component.floor() == null || component.target() == null || component.form() == null || component.better() == null || component.method() == null
                        || component.metric() == null) {
                    draft.fault("model", "a component of " + pillar.pillar() + " lacks a member", "component, metric, form, weight, better, floor, target, method");
                    return;
                }
                if (!components.add(component.component())) draft.fault("model", component.component() + " stands there twice", "Each component once");
                if (component.weight().signum() < 0) draft.fault("model", component.component() + " has a negative weight", "0 or more");
                of = of.add(component.weight());
                int side = component.target().compareTo(component.floor());
                if (side == 0 || (side > 0) != (component.better() == ScoreModel.Better.UP)) draft.fault("model", component.component() + ": floor and target do not go the way " + component.better(), "target above floor for UP, below for DOWN");
                if (component.form() != ScoreModel.Form.FRESHNESS && catalogue.metric(component.metric()).isEmpty() && !KNOWN_LATER.contains(component.metric())) draft.fault("model", "there is no metric " + component.metric(), "A metric of the catalogue");
            }
            if (of.compareTo(hundred) != 0) draft.fault("model", "the components of " + pillar.pillar() + " weigh " + of.toPlainString() + " together", "100");
        }
        if (names.size() != 4) draft.fault("model", "has " + names.size() + " pillars", "GROWTH, SERVICE, FINANCIAL and DATA");
        if (sum.compareTo(hundred) != 0) draft.fault("model", "the pillars weigh " + sum.toPlainString() + " together", "100");
        if (model.bands().size() != 4 || model.smoothing().isEmpty() || model.trend() == null || model.terms() == null || model.terms().signum() <= 0) draft.fault("model", "lacks bands, smoothing, trend or terms", "The members of the model in force");
    }

    /// Metrics that parts to come will feed; until then the components are left out with their reason.
    private static final List<String> KNOWN_LATER = List.of("eco", "range-index", "numeric-distribution", "value-fill", "otif", "over-norm", "stock-out-days", "dso", "roi", "cheque-bounce", "stock-push", "leakage",
            "closing-variance", "price-compliance", "digital-share");

    @Override
    public List<Finding> findings(JdbcClient db, long distributorId, Draft<ScoreModelForm> draft) {
        var findings = new ArrayList<Finding>();
        var model = draft.form().model();
        if (model != null) shadow.ifAvailable(one -> findings.addAll(one.of(JSON.treeToValue(model, ScoreModel.class))));
        return findings;
    }
}
