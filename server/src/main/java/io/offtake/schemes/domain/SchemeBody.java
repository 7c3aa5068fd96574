package io.offtake.schemes.domain;

import io.offtake.governance.Draft;
import io.offtake.governance.Finding;
import io.offtake.rules.Json;
import io.offtake.rules.RuleBookJson;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The body of a scheme on its way into the rule book: made whole, and read by the rules themselves.
public final class SchemeBody {
    /// Members that are the version's own and no part of a form's terms.
    public static final Set<String> OWN = Set.of("id", "version", "code", "name", "principalId", "validFrom", "validTo", "approvedOn");
    private static final Set<String> NEEDS_TAX = Set.of("FREE_GOODS");
    private static final int SCALE = 2;

    private SchemeBody() {}

    /// Faults of the body that people must be told in their own words; the rest is found by the rules' reader.
    public static void check(Draft<SchemeForm> draft, ObjectNode terms) {
        var type = terms.path("mechanic").path("type").asString("");
        if (!Mechanics.types().contains(type)) {
            draft.fault("mechanic/type", type.isEmpty() ? "is missing" : "\"" + type + "\" is not possible", "Write one of " + String.join(", ", Mechanics.types()));
            return;
        }
        var stage = terms.path("stage").asString("");
        if (!Mechanics.stagesOf(type).contains(stage)) draft.fault("stage", "\"" + stage + "\" is not possible for " + type, "Write one of " + String.join(", ", Mechanics.stagesOf(type)));
        if (NEEDS_TAX.contains(type) && terms.path("mechanic").path("tax").isMissingNode())
            draft.fault("mechanic/tax", "is missing", "ZERO_PRICED, SINGLE_PRICE_ALLOCATED or MIXED_SUPPLY: a scheme is not complete without its tax treatment (EX-11)");
        var priority = terms.path("priority");
        if (!priority.isMissingNode() && (!priority.isIntegralNumber() || priority.asInt() < 0 || priority.asInt() > 9999)) draft.fault("priority", "is out of range", "0 to 9999, lower goes first");
        var share = terms.path("principalShare");
        if (share.isString() && !share.asString().matches("0(\\.\\d{1,6})?|1(\\.0{1,6})?")) draft.fault("principalShare", "\"" + share.asString() + "\" is no share", "A fraction from 0 to 1, such as 0.7");
        draft.text("exclusionGroup", terms.path("exclusionGroup").asString(null), 40);
        slabs(draft, terms.path("mechanic"));
    }

    /// No gap and no overlap where slabs say where they end (domain/04 section 4.4).
    private static void slabs(Draft<SchemeForm> draft, JsonNode mechanic) {
        var slabs = mechanic.path("slabs");
        boolean counted = Set.of("BASE_QTY", "CASES", "DISTINCT").contains(mechanic.path("basis").asString(""));
        for (int at = 0; at < slabs.size(); at++) {
            var to = decimal(slabs.get(at).path("to"));
            var from = decimal(slabs.get(at).path("from"));
            if (to == null) continue;
            var pointer = "mechanic/slabs/" + at + "/to";
            if (at == slabs.size() - 1) {
                draft.fault(pointer, "the last slab has an end", "Leave the end open: whoever buys more earns it, too");
                continue;
            }
            var next = decimal(slabs.get(at + 1).path("from"));
            if (next == null || from == null) continue;
            var step = counted ? BigDecimal.ONE : new BigDecimal("0.01");
            var right = "End it at " + (counted ? next.subtract(step) : next).toPlainString();
            if (to.compareTo(from) < 0) draft.fault(pointer, "slab from " + from.toPlainString() + " ends before it begins", right);
            else if (to.compareTo(next) > 0 || (counted && to.compareTo(next) == 0)) draft.fault(pointer, "slab from " + from.toPlainString() + " overlaps the next", right);
            else if (next.subtract(to).compareTo(step) > 0) draft.fault(pointer, "between slab " + from.toPlainString() + " and the next is a gap", right);
        }
    }

    static @Nullable BigDecimal decimal(JsonNode node) {
        if (!node.isString() && !node.isNumber()) return null;
        try {
            return new BigDecimal(node.asString());
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// The JSON that the rules evaluate (spec/README.md).
    /// @param terms     with ids for codes
    /// @param approvedOn the day from which a retrospective scheme reduces bills; before it, it pays by credit note (PX-42)
    public static ObjectNode definition(ObjectNode terms, String id, int version, SchemeForm form, long principalId, LocalDate approvedOn) {
        var node = terms.deepCopy();
        OWN.forEach(node::remove);
        node.put("id", id).put("version", version).put("code", form.code()).put("name", form.name()).put("principalId", Long.toString(principalId))
                .put("validFrom", (int) form.validFrom().toEpochDay()).put("validTo", (int) form.validTo().toEpochDay());
        if (node.path("retrospective").asBoolean(false)) node.put("approvedOn", (int) approvedOn.toEpochDay());
        return node;
    }

    /// What the rules' reader refuses.
    /// @param pointer without the leading slash
    public record Wrong(String pointer, String detail) {}

    /// Null if the rules can read the definition.
    public static @Nullable Wrong wrong(ObjectNode definition) {
        try {
            RuleBookJson.scheme(Json.object(definition.toString()), SCALE);
            return null;
        } catch (Json.Fault fault) {
            return new Wrong(fault.pointer().replaceFirst("^/", ""), fault.getMessage());
        } catch (IllegalArgumentException refused) {
            return new Wrong("mechanic", String.valueOf(refused.getMessage()));
        }
    }

    /// What is allowed but probably not meant, as far as the body alone shows it.
    public static List<String> warnings(SchemeForm form) {
        var warnings = new ArrayList<>(SchemeDoubts.of(form.at("mechanic")));
        if (form.at("exclusionGroup").isMissingNode() && !form.at("stage").asString("").equals("ACCRUAL"))
            warnings.add("Without an exclusion group it adds to every other scheme on the same line.");
        return List.copyOf(warnings);
    }

    /// The same, coded: people acknowledge them one by one.
    public static List<Finding> findings(SchemeForm form) {
        var found = new ArrayList<Finding>();
        for (var doubt : SchemeDoubts.of(form.at("mechanic"))) {
            var code = doubt.startsWith("Dead zone") ? "DEAD_ZONE" : doubt.startsWith("The slab") ? "SLAB_NOT_BETTER" : "REWARD_TOO_HIGH";
            found.add(Finding.warning(code, "domain/04 4.4", "mechanic", doubt.replaceFirst("\\.$", ""), "Change it, or say why it is meant"));
        }
        if (form.at("exclusionGroup").isMissingNode() && !form.at("stage").asString("").equals("ACCRUAL")) {
            found.add(new Finding("NO_EXCLUSION_GROUP", "PX-22", Finding.Severity.INFO, "exclusionGroup", "it adds to every other scheme on the same line", "Name an exclusion group if only one may apply"));
        }
        return List.copyOf(found);
    }
}
