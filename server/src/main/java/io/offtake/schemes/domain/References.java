package io.offtake.schemes.domain;

import io.offtake.schemes.domain.Mechanics.Named;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Turns the codes of a form into the ids of the rule book and back, wherever in the body they stand.
public final class References {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// Finds the other name of one; null if there is none.
    @FunctionalInterface
    public interface Names {
        @Nullable String of(Named kind, String name);
    }

    /// Told of a name that stands for nothing.
    @FunctionalInterface
    public interface Unknown {
        /// @param pointer JSON pointer of the member
        void at(String pointer, Named kind, String name);
    }

    private References() {}

    /// A copy of `terms` in which every reference is replaced.
    public static ObjectNode replaced(ObjectNode terms, Names names, Unknown unknown) {
        return (ObjectNode) replaced(terms, "", null, names, unknown);
    }

    private static JsonNode replaced(JsonNode node, String pointer, @Nullable Named kind, Names names, Unknown unknown) {
        switch (node) {
            case ObjectNode object -> {
                var copy = JSON.createObjectNode();
                object.properties().forEach(member -> copy.set(member.getKey(),
                        replaced(member.getValue(), pointer + "/" + member.getKey(), Mechanics.named(member.getKey()), names, unknown)));
                return copy;
            }
            case ArrayNode array -> {
                var copy = JSON.createArrayNode();
                for (int at = 0; at < array.size(); at++) copy.add(replaced(array.get(at), pointer + "/" + at, kind, names, unknown));
                return copy;
            }
            default -> {
                if (kind == null || !node.isString()) return node;
                var other = names.of(kind, node.asString());
                if (other == null) {
                    unknown.at(pointer, kind, node.asString());
                    return node;
                }
                return JSON.getNodeFactory().stringNode(other);
            }
        }
    }

    /// All names in a body, by kind.
    public static Map<Named, TreeSet<String>> in(JsonNode terms) {
        var found = new TreeMap<Named, TreeSet<String>>();
        collect(terms, null, found);
        return found;
    }

    private static void collect(JsonNode node, @Nullable Named kind, Map<Named, TreeSet<String>> found) {
        if (node instanceof ObjectNode object) object.properties().forEach(member -> collect(member.getValue(), Mechanics.named(member.getKey()), found));
        else if (node instanceof ArrayNode array) array.forEach(item -> collect(item, kind, found));
        else if (kind != null && node.isString()) found.computeIfAbsent(kind, _ -> new TreeSet<>()).add(node.asString());
    }
}
