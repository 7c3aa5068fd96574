package io.offtake.rules.oracle;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// JSON texts as maps, lists, strings, longs and booleans: a reader of the oracle's own, so that a fault of the engine's codec shows.
final class JsonText {
    private final String text;
    private int at;

    private JsonText(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        var reader = new JsonText(text);
        var value = reader.value();
        reader.blanks();
        if (reader.at != text.length()) throw reader.bad("more text after the end");
        return (Map<String, Object>) value;
    }

    private Object value() {
        blanks();
        if (at >= text.length()) throw bad("the text ends");
        return switch (text.charAt(at)) {
            case '{' -> members();
            case '[' -> items();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        at++;
        blanks();
        if (text.charAt(at) == '}') {
            at++;
            return members;
        }
        while (true) {
            blanks();
            var name = string();
            blanks();
            if (text.charAt(at++) != ':') throw bad("expected a colon");
            if (members.containsKey(name)) throw bad("twice the member " + name);
            members.put(name, value());
            blanks();
            char next = text.charAt(at++);
            if (next == '}') return members;
            if (next != ',') throw bad("expected a comma");
        }
    }

    private List<Object> items() {
        var items = new ArrayList<>();
        at++;
        blanks();
        if (text.charAt(at) == ']') {
            at++;
            return items;
        }
        while (true) {
            items.add(value());
            blanks();
            char next = text.charAt(at++);
            if (next == ']') return items;
            if (next != ',') throw bad("expected a comma");
        }
    }

    private String string() {
        var out = new StringBuilder();
        if (text.charAt(at++) != '"') throw bad("expected a string");
        while (true) {
            char next = text.charAt(at++);
            if (next == '"') return out.toString();
            if (next != '\\') {
                out.append(next);
                continue;
            }
            char escaped = text.charAt(at++);
            switch (escaped) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'u' -> {
                    out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                }
                default -> out.append(escaped);
            }
        }
    }

    private Object number() {
        int from = at;
        while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) at++;
        return new BigDecimal(text.substring(from, at)).longValueExact();
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) throw bad("expected " + word);
        at += word.length();
        return value;
    }

    private void blanks() {
        while (at < text.length() && text.charAt(at) <= ' ') at++;
    }

    private IllegalArgumentException bad(String what) {
        return new IllegalArgumentException(what + " at " + at);
    }

    static String write(Object value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        switch (value) {
            case Map<?, ?> members -> {
                out.append('{');
                var comma = "";
                for (var member : members.entrySet()) {
                    out.append(comma);
                    write(out, member.getKey());
                    out.append(':');
                    write(out, member.getValue());
                    comma = ",";
                }
                out.append('}');
            }
            case List<?> items -> {
                out.append('[');
                var comma = "";
                for (var item : items) {
                    out.append(comma);
                    write(out, item);
                    comma = ",";
                }
                out.append(']');
            }
            case String text -> {
                out.append('"');
                for (int place = 0; place < text.length(); place++) {
                    char one = text.charAt(place);
                    if (one == '"' || one == '\\') out.append('\\').append(one);
                    else if (one < ' ') out.append("\\u00").append(Character.forDigit(one >> 4, 16)).append(Character.forDigit(one & 15, 16));
                    else out.append(one);
                }
                out.append('"');
            }
            case null -> out.append("null");
            default -> out.append(value);
        }
    }

    // ---- typed looks into a tree ----

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(Object value) {
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }

    @SuppressWarnings("unchecked")
    static List<String> strings(Object value) {
        return value == null ? List.of() : (List<String>) value;
    }

    static BigDecimal decimal(Object value) {
        return value == null ? null : new BigDecimal((String) value);
    }
}
