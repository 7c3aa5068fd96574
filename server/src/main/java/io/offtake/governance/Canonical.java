package io.offtake.governance;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One form of a content, so that equal contents have equal hashes whoever wrote them: members in order of their names,
/// absent, null and empty ones left out, decimals without needless zeros.
public final class Canonical {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,18}\\.\\d{1,12}");

    private Canonical() {}

    /// The text that is hashed and signed.
    public static String text(JsonNode node) {
        var text = new StringBuilder();
        write(node, text);
        return text.toString();
    }

    private static void write(JsonNode node, StringBuilder text) {
        if (node.isObject()) {
            var members = new TreeMap<String, JsonNode>();
            node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
            text.append('{');
            boolean first = true;
            for (var member : members.entrySet()) {
                if (isNothing(member.getValue())) continue;
                if (!first) text.append(',');
                first = false;
                text.append(JSON.writeValueAsString(member.getKey())).append(':');
                write(member.getValue(), text);
            }
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            for (int at = 0; at < node.size(); at++) {
                if (at > 0) text.append(',');
                write(node.get(at), text);
            }
            text.append(']');
        } else if (node.isString() && DECIMAL.matcher(node.asString()).matches()) {
            text.append(JSON.writeValueAsString(plain(new BigDecimal(node.asString()))));
        } else if (node.isNumber()) {
            text.append(plain(node.decimalValue()));
        } else {
            text.append(JSON.writeValueAsString(node));
        }
    }

    private static boolean isNothing(JsonNode node) {
        return node.isNull() || node.isMissingNode() || (node.isContainer() && node.isEmpty());
    }

    private static String plain(BigDecimal decimal) {
        return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
    }

    /// SHA-256 in hex of the canonical text.
    public static String hash(JsonNode node) {
        return hash(text(node));
    }

    static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// One place where two contents differ.
    /// @param path JSON pointer
    public record Difference(String path, @Nullable String before, @Nullable String after) {}

    /// Where two contents differ, leaf by leaf, in the order of the paths. Elements of arrays are compared by place, or by
    /// their `key` member where every element has one.
    public static List<Difference> differences(@Nullable JsonNode before, JsonNode after) {
        var found = new ArrayList<Difference>();
        differ("", before == null ? JSON.nullNode() : before, after, found);
        return found;
    }

    private static void differ(String path, JsonNode before, JsonNode after, List<Difference> found) {
        if (isNothing(before) && isNothing(after)) return;
        if (before.isObject() || after.isObject()) {
            var names = new TreeSet<String>();
            before.propertyNames().forEach(names::add);
            after.propertyNames().forEach(names::add);
            for (var name : names) differ(path + "/" + name.replace("~", "~0").replace("/", "~1"), before.path(name), after.path(name), found);
        } else if (before.isArray() || after.isArray()) {
            if (isKeyed(before) && isKeyed(after)) {
                differ(path, byKey(before), byKey(after), found);
            } else if (isPlain(before) && isPlain(after)) {
                if (!text(before).equals(text(after))) found.add(new Difference(path, shown(before), shown(after)));
            } else {
                for (int at = 0; at < Math.max(before.size(), after.size()); at++) differ(path + "/" + at, before.path(at), after.path(at), found);
            }
        } else if (!text(before).equals(text(after))) {
            found.add(new Difference(path, shown(before), shown(after)));
        }
    }

    private static boolean isKeyed(JsonNode array) {
        for (var element : array) if (!element.path("key").isString()) return false;
        return !array.isString();
    }

    private static JsonNode byKey(JsonNode array) {
        var all = JSON.createObjectNode();
        for (var element : array) all.set(element.path("key").asString(), element);
        return all;
    }

    private static boolean isPlain(JsonNode array) {
        for (var element : array) if (element.isContainer()) return false;
        return true;
    }

    private static @Nullable String shown(JsonNode node) {
        if (isNothing(node)) return null;
        if (node.isArray()) {
            var items = new ArrayList<String>();
            node.forEach(item -> items.add(item.asString("")));
            return String.join(", ", items);
        }
        return node.isString() ? node.asString() : node.toString();
    }
}
