package io.offtake.governance;

import static io.offtake.platform.ListSql.Type.BOOLEAN;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.governance.ChangeStore.ItemRow;
import io.offtake.platform.ListSql;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.media.Schema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Templates of the centre (GOV-06, GV-03): the form of a governed master, locked but for the named parameters. An instance
/// is a change request like any other; the lock is checked when it is opened, submitted and approved.
@Component
public class Templates extends Master<Templates.TemplateForm> implements Governed<Templates.TemplateForm> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> KINDS = List.of("schemes", "policies", "contract-prices", "credit-terms", "tax-rates");
    /// What every instance says for itself: who it is, for whom and when.
    private static final Map<String, Set<String>> OWN = Map.of(
            "schemes", Set.of("code", "name", "validFrom", "validTo"), "policies", Set.of("scope", "scopeValue", "validFrom", "validTo"),
            "contract-prices", Set.of("id", "distributorId", "outlet", "outletGroup", "validFrom", "validTo"), "credit-terms", Set.of("id", "distributorId", "outlet"),
            "tax-rates", Set.of("hsnPrefix", "validFrom", "validTo", "source"));

    /// One field an instance may set.
    ///
    /// @param field of the form: a member's name, or a JSON pointer such as `/mechanic/reward/percent`
    /// @param min   least number, null for none
    /// @param oneOf texts or codes it may have, empty for any
    public record Parameter(String field, @Nullable BigDecimal min, @Nullable BigDecimal max, @Nullable List<String> oneOf) {
        public Parameter {
            field = Texts.of(field);
            oneOf = oneOf == null ? List.of() : List.copyOf(oneOf);
        }
    }

    /// @param kind    the governed master
    /// @param content its form, with what is locked
    public record TemplateForm(String code, String name, String kind, @Schema(type = "object") @Nullable JsonNode content, @Nullable List<Parameter> parameters, @Nullable Boolean active) {
        public TemplateForm {
            code = Texts.of(code);
            name = Texts.of(name);
            kind = Texts.of(kind);
            parameters = parameters == null ? List.of() : List.copyOf(parameters);
            active = active == null || active;
        }
    }

    private static final String SELECT = "select t.id, t.version, t.code, t.name, t.kind, t.content, t.parameters, t.active from governance.template t";
    private static final ListSql LIST = ListSql.of(SELECT).key("id", LONG).sortable("code", TEXT).sortable("name", TEXT).sortable("kind", TEXT).equal("kind", TEXT).equal("active", BOOLEAN)
            .search("code", "name").order("code");
    private static final List<Column<TemplateForm>> COLUMNS = List.of(
            Column.required("code", "Code", TemplateForm::code, "Unique, such as SUMMER-SLAB", "Template"),
            Column.required("name", "Name", TemplateForm::name, "Text"),
            Column.required("kind", "Kind", TemplateForm::kind, String.join(", ", KINDS)),
            Column.required("content", "Content", form -> form.content() == null ? "" : Canonical.text(form.content()), "The form as JSON"),
            Column.optional("parameters", "Parameters", form -> JSON.writeValueAsString(form.parameters()), "JSON"),
            Column.optional("active", "Active", TemplateForm::active, "yes or no"));
    private static final String INSERT = """
            insert into governance.template (id, code, name, kind, content, parameters, active, version) values (:id, :code, :name, :kind, :content, :parameters, :active, :version)""";
    private static final String UPDATE = """
            update governance.template set name = :name, content = :content, parameters = :parameters, active = :active, version = :version where id = :id and version = :version - 1""";

    private final TenantTransaction transactions;
    private final ObjectProvider<ChangeDesk> desk;

    Templates(TenantTransaction transactions, ObjectProvider<ChangeDesk> desk) {
        super(new Spec<>("templates", Owner.NETWORK, "governance.template", TemplateForm.class, Permission.CONFIG_READ, Permission.CONFIG_WRITE, COLUMNS, SELECT, LIST, INSERT, UPDATE));
        this.transactions = transactions;
        this.desk = desk;
    }

    @Override
    public Duty duty() {
        return Duty.POLICY;
    }

    @Override
    public String key(TemplateForm form) {
        return form.code();
    }

    @Override
    protected RowMapper<TemplateForm> mapper() {
        return (row, _) -> form(row);
    }

    /// A row of the select as form.
    public static TemplateForm form(ResultSet row) throws SQLException {
        return new TemplateForm(row.getString("code"), row.getString("name"), row.getString("kind"), JSON.readTree(row.getString("content")),
                List.of(JSON.readValue(row.getString("parameters"), Parameter[].class)), row.getBoolean("active"));
    }

    @Override
    public TemplateForm read(Cells cells) {
        JsonNode content = null;
        var parameters = List.<Parameter>of();
        try {
            content = JSON.readTree(cells.text("content"));
            if (!cells.text("parameters").isEmpty()) parameters = List.of(JSON.readValue(cells.text("parameters"), Parameter[].class));
        } catch (JacksonException unreadable) {
            cells.fault("content", "cannot be read as JSON", "The form and the parameters as JSON");
        }
        return new TemplateForm(cells.text("code"), cells.text("name"), cells.text("kind"), content, parameters, cells.yes("active", true));
    }

    @Override
    protected void check(JdbcClient db, long distributorId, List<Draft<TemplateForm>> drafts) {
        for (var draft : drafts) {
            var form = draft.form();
            draft.code("code", form.code());
            draft.required("name", form.name());
            draft.oneOf("kind", form.kind(), KINDS);
            if (draft.current() != null && (!draft.current().form().code().equals(form.code()) || !draft.current().form().kind().equals(form.kind()))) {
                draft.fault("code", "code and kind of a template never change", "Make another template");
            }
            if (form.content() == null || !form.content().isObject()) {
                draft.fault("content", "is missing", "The form with what is locked");
                continue;
            }
            if (KINDS.contains(form.kind())) {
                try {
                    normal(form);
                } catch (JacksonException | ProblemException unreadable) {
                    draft.fault("content", "is not the form of a " + form.kind() + ": " + unreadable.getMessage(), "The members of the form");
                }
            }
            var seen = new HashSet<String>();
            for (var parameter : form.parameters()) {
                if (!parameter.field().matches("[A-Za-z][A-Za-z0-9]*|(/[A-Za-z0-9]+)+")) draft.fault("parameters", "\"" + parameter.field() + "\" is no field", "A member's name, or a JSON pointer such as /mechanic/reward/percent");
                if (!seen.add(parameter.field())) draft.fault("parameters", parameter.field() + " stands there twice", "Each field once");
                if (parameter.min() != null && parameter.max() != null && parameter.min().compareTo(parameter.max()) > 0) draft.fault("parameters", parameter.field() + ": " + parameter.min() + " is above " + parameter.max(), "Least first");
            }
            draft.found("content", form.content().toString());
            draft.found("parameters", JSON.writeValueAsString(form.parameters()));
        }
    }

    // ---- instances

    /// @param code   of the instance, where the kind has codes
    /// @param values of the parameters, and of what every instance says for itself (dates, outlet, …)
    public record Instance(@Nullable String code, @Nullable String name, @Nullable Long distributorId, @Nullable String reason, @Schema(type = "object") @Nullable JsonNode values) {}

    /// Opens a change request for an instance of the template.
    public ChangeRequests.Detail instance(Caller caller, long id, Instance instance) {
        caller.require(Permission.TEMPLATE_USE);
        var template = transactions.shared(db -> load(db, id)).filter(TemplateForm::active).orElseThrow(() -> caller.notFound("template"));
        var content = (ObjectNode) template.content().deepCopy();
        if (instance.code() != null) content.put("code", instance.code());
        if (instance.name() != null) content.put("name", instance.name());
        if (instance.values() != null) instance.values().properties().forEach(value -> set(content, value.getKey(), value.getValue()));
        var faults = faults(template, content);
        if (!faults.isEmpty()) {
            var problem = Problem.of(ProblemCode.TEMPLATE_LOCKED, faults.getFirst().field() + " " + faults.getFirst().wrong() + ". " + faults.getFirst().right() + ".").rule("GV-03");
            for (var fault : faults) problem = problem.at("/values/" + fault.field(), ProblemCode.TEMPLATE_LOCKED, fault.wrong() + ". " + fault.right() + ".", fault.right());
            throw problem.exception();
        }
        requireOwnPlace(caller, template, content);
        return desk.getObject().propose(caller, new ChangeRequests.NewChange(null, template.kind(), instance.distributorId(), null, instance.reason(), null,
                List.of(new ChangeRequests.Proposal(null, content)), ChangeRequests.Origin.TEMPLATE, template.code(), id));
    }

    private static void set(ObjectNode content, String field, JsonNode value) {
        if (!field.startsWith("/")) {
            content.set(field, value);
            return;
        }
        JsonNode at = content;
        var names = field.substring(1).split("/", -1);
        for (int depth = 0; depth < names.length - 1; depth++) {
            at = at.isArray() && names[depth].matches("\\d{1,4}") ? at.path(Integer.parseInt(names[depth])) : at instanceof ObjectNode object ? object.withObject("/" + names[depth]) : JSON.missingNode();
        }
        var last = names[names.length - 1];
        if (at instanceof ObjectNode object) object.set(last, value);
        else if (at instanceof ArrayNode array && last.matches("\\d{1,4}") && Integer.parseInt(last) < array.size()) array.set(Integer.parseInt(last), value);
    }

    /// A distributor's owner and a region's manager set what is theirs, never the network's.
    private static void requireOwnPlace(Caller caller, TemplateForm template, JsonNode content) {
        boolean central = caller.roles().contains(Role.COE) || caller.roles().contains(Role.SO);
        if (central || !template.kind().equals("policies")) return;
        boolean own = content.path("scope").asString("").equals("DISTRIBUTOR");
        if (!own) throw Problem.of(ProblemCode.TEMPLATE_LOCKED, "You may set this for a distributor of yours only.").rule("GV-03").at("/values/scope", ProblemCode.TEMPLATE_LOCKED, "DISTRIBUTOR", "DISTRIBUTOR").exception();
    }

    private java.util.Optional<TemplateForm> load(JdbcClient db, long id) {
        return db.sql(SELECT + " where t.id = :id").param("id", id).query((row, _) -> form(row)).optional();
    }

    /// What an instance has against its template as it is now.
    List<Finding> locked(JdbcClient db, long templateId, List<ItemRow> items) {
        var template = load(db, templateId).orElse(null);
        if (template == null || !template.active()) return List.of(Finding.error("TEMPLATE_LOCKED", "GV-03", "", "its template is no longer active", "Choose another template"));
        var found = new ArrayList<Finding>();
        var normal = normal(template);
        for (var item : items) {
            for (var fault : faults(new TemplateForm(template.code(), template.name(), template.kind(), normal, template.parameters(), true), item.content())) {
                found.add(Finding.error(fault.code() == ProblemCode.OVER_ALLOCATED ? "TEMPLATE_BOUNDS" : "TEMPLATE_LOCKED", "GV-03", fault.field(), fault.wrong(), fault.right()));
            }
        }
        return found;
    }

    /// The template's content with the defaults of the form, as instances have them once they were read.
    private JsonNode normal(TemplateForm template) {
        return desk.getObject().normal(template.kind(), template.content());
    }

    private static List<Fault> faults(TemplateForm template, JsonNode content) {
        var faults = new ArrayList<Fault>();
        var own = OWN.getOrDefault(template.kind(), Set.of());
        var free = new HashSet<String>(own);
        for (var parameter : template.parameters()) {
            free.add(parameter.field());
            var value = parameter.field().startsWith("/") ? content.at(parameter.field()) : content.path(parameter.field());
            if (value.isMissingNode() || value.isNull()) continue;
            if (!parameter.oneOf().isEmpty()) {
                for (var one : value.isArray() ? value : JSON.createArrayNode().add(value)) {
                    if (!parameter.oneOf().contains(one.asString(""))) {
                        faults.add(new Fault(parameter.field(), ProblemCode.OVER_ALLOCATED, "\"" + one.asString("") + "\" is outside of what the template allows", "One of " + String.join(", ", parameter.oneOf())));
                    }
                }
            }
            if (parameter.min() == null && parameter.max() == null) continue;
            var number = number(value);
            if (number == null || (parameter.min() != null && number.compareTo(parameter.min()) < 0) || (parameter.max() != null && number.compareTo(parameter.max()) > 0)) {
                faults.add(new Fault(parameter.field(), ProblemCode.OVER_ALLOCATED, (number == null ? value.asString("") : number.toPlainString()) + " is outside of the template's bounds",
                        parameter.max() == null ? "At least " + parameter.min().toPlainString() : parameter.min() == null ? "At most " + parameter.max().toPlainString()
                                : "From " + parameter.min().toPlainString() + " to " + parameter.max().toPlainString()));
            }
        }
        for (var difference : Canonical.differences(template.content(), content)) {
            var field = difference.path().split("/", -1)[1];
            if (free.contains(field) || free.contains(difference.path())) continue;
            faults.add(new Fault(field, ProblemCode.TEMPLATE_LOCKED, "is locked by template " + template.code(), difference.before() == null ? "Leave it empty" : "Leave it at " + difference.before()));
        }
        return faults;
    }

    private static @Nullable BigDecimal number(JsonNode value) {
        try {
            return value.isNumber() ? value.decimalValue() : new BigDecimal(value.asString(""));
        } catch (NumberFormatException _) {
            return null;
        }
    }
}
