package io.offtake.schemes.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.offtake.governance.Texts;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.schemes.SchemePeriod;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A trade offer of any mechanic (PX-20) as people write it: one JSON object with the members of a scheme in the rule book
/// (spec/README.md), except that it has no `id` and `version`, names its principal by `principal`, has `validFrom` and `validTo` as
/// ISO dates, and names SKUs, brands, categories, distributors and territories by their codes, warehouses as `D-1:MAIN`, so that it means the same in every
/// environment.
///
/// @param terms everything else, in one order: members by name, lists of names sorted, nothing empty
public record SchemeForm(String code, String name, String principal, @Nullable LocalDate validFrom, @Nullable LocalDate validTo, ObjectNode terms) implements SchemePeriod {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public SchemeForm {
        code = Texts.of(code);
        name = Texts.of(name);
        principal = Texts.of(principal);
        terms = withStage((ObjectNode) ordered(terms));
    }

    /// The stage is what the mechanic's usually is, where it is not said.
    private static ObjectNode withStage(ObjectNode terms) {
        if (terms.has("stage")) return terms;
        var usual = Mechanics.stagesOf(terms.path("mechanic").path("type").asString(""));
        if (usual.isEmpty()) return terms;
        terms.put("stage", usual.getFirst());
        return (ObjectNode) ordered(terms);
    }

    /// Reads the object that [#json] writes.
    /// @throws io.offtake.platform.ProblemException INVALID for a date that is none
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static SchemeForm of(ObjectNode json) {
        var terms = json.deepCopy();
        for (var own : new String[] {"id", "version", "code", "name", "principal", "principalId", "validFrom", "validTo"}) terms.remove(own);
        return new SchemeForm(text(json, "code"), text(json, "name"), text(json, "principal"), date(json, "validFrom"), date(json, "validTo"), terms);
    }

    private static String text(ObjectNode json, String name) {
        var value = json.path(name);
        return value.isMissingNode() || value.isNull() ? "" : value.asString("");
    }

    private static @Nullable LocalDate date(ObjectNode json, String name) {
        var text = text(json, name);
        if (text.isBlank()) return null;
        try {
            return LocalDate.parse(text.strip());
        } catch (DateTimeException _) {
            throw Problem.of(ProblemCode.INVALID, name + " is not a date.").at("/" + name, ProblemCode.INVALID, "\"" + text + "\" is not a date. Write it as 2026-04-01.").exception();
        }
    }

    @JsonValue
    public ObjectNode json() {
        var json = JSON.createObjectNode();
        json.put("code", code).put("name", name).put("principal", principal);
        if (validFrom != null) json.put("validFrom", validFrom.toString());
        if (validTo != null) json.put("validTo", validTo.toString());
        json.setAll(terms);
        return json;
    }

    /// The same offer with another period.
    public SchemeForm during(LocalDate from, @Nullable LocalDate to) {
        return new SchemeForm(code, name, principal, from, to, terms);
    }

    /// A term, missing if it is not there: `at("mechanic", "type")`.
    public JsonNode at(String... path) {
        JsonNode node = terms;
        for (var name : path) node = node.path(name);
        return node;
    }

    /// M1 to M12, as the mechanic and the stage say; empty for an unknown one.
    public String mechanic() {
        return Mechanics.codeOf(terms);
    }

    static JsonNode ordered(JsonNode node) {
        if (node instanceof ObjectNode object) {
            var sorted = new TreeMap<String, JsonNode>();
            object.properties().forEach(member -> {
                var value = ordered(member.getValue());
                boolean nothing = value.isNull() || (value.isContainer() && value.isEmpty());
                if (!nothing) sorted.put(member.getKey(), value);
            });
            var out = JSON.createObjectNode();
            sorted.forEach(out::set);
            return out;
        }
        if (node instanceof ArrayNode array) {
            var out = JSON.createArrayNode();
            boolean names = !array.isEmpty();
            for (var item : array) names &= item.isString();
            if (names) {
                var sorted = new TreeSet<String>();
                for (var item : array) if (!item.asString().isBlank()) sorted.add(item.asString().strip());
                sorted.forEach(out::add);
            } else {
                for (var item : array) out.add(ordered(item));
            }
            return out;
        }
        return node;
    }
}
