package io.offtake.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A small JSON reader and writer, because the rules run in the browser too and know nothing but the JDK.
/// Numbers are whole; decimals travel as strings.
public final class Json {
    private Json() {}

    /// A text that is no JSON, or a member that is missing or of another kind; `pointer` says where (RFC 6901).
    public static final class Fault extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
        private final String pointer;

        public Fault(String pointer, String detail) {
            super((pointer.isEmpty() ? "" : pointer + ": ") + detail);
            this.pointer = pointer;
        }

        public String pointer() {
            return pointer;
        }
    }

    /// Reads one JSON object.
    /// @throws Fault if `text` is not one
    public static Node object(String text) {
        var value = tree(text);
        if (!(value instanceof Map<?, ?>)) throw new Fault("", "a JSON object is expected");
        return new Node("", cast(value));
    }

    /// Reads any JSON text as maps, lists, strings, `Long`, `Boolean` and null.
    static Object tree(String text) {
        var reader = new Reader(text);
        var value = reader.value();
        reader.end();
        return value;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object value) {
        return (Map<String, Object>) value;
    }

    /// A number with a fraction or exponent, kept as written.
    private record Raw(String text) {}

    /// A JSON object with typed access to its members.
    public static final class Node {
        private final String pointer;
        private final Map<String, Object> members;

        Node(String pointer, Map<String, Object> members) {
            this.pointer = pointer;
            this.members = members;
        }

        public boolean has(String name) {
            return members.get(name) != null;
        }

        public Iterable<String> names() {
            return members.keySet();
        }

        public Fault fault(String name, String detail) {
            return new Fault(pointer + "/" + name, detail);
        }

        public String text(String name) {
            var text = textOrNull(name);
            if (text == null) throw fault(name, "is missing");
            return text;
        }

        public String textOrNull(String name) {
            var value = members.get(name);
            if (value == null) return null;
            if (value instanceof String text) return text;
            throw fault(name, "must be a string");
        }

        public long number(String name) {
            var value = members.get(name);
            if (value instanceof Long number) return number;
            throw fault(name, value == null ? "is missing" : "must be a whole number");
        }

        public int integer(String name) {
            long number = number(name);
            if (number != (int) number) throw fault(name, "is too large");
            return (int) number;
        }

        public int integer(String name, int otherwise) {
            return has(name) ? integer(name) : otherwise;
        }

        public Integer integerOrNull(String name) {
            return has(name) ? integer(name) : null;
        }

        public boolean flag(String name, boolean otherwise) {
            var value = members.get(name);
            if (value == null) return otherwise;
            if (value instanceof Boolean flag) return flag;
            throw fault(name, "must be true or false");
        }

        /// The member object, or an empty one if it is absent.
        public Node node(String name) {
            var value = members.get(name);
            if (value == null) return new Node(pointer + "/" + name, Map.of());
            if (value instanceof Map<?, ?>) return new Node(pointer + "/" + name, cast(value));
            throw fault(name, "must be an object");
        }

        /// The objects of an array, none if it is absent.
        public List<Node> nodes(String name) {
            var items = array(name);
            var nodes = new ArrayList<Node>(items.size());
            for (int at = 0; at < items.size(); at++) {
                if (!(items.get(at) instanceof Map<?, ?>)) throw fault(name + "/" + at, "must be an object");
                nodes.add(new Node(pointer + "/" + name + "/" + at, cast(items.get(at))));
            }
            return nodes;
        }

        /// The strings of an array, none if it is absent.
        public List<String> texts(String name) {
            var items = array(name);
            var texts = new ArrayList<String>(items.size());
            for (int at = 0; at < items.size(); at++) {
                if (!(items.get(at) instanceof String text)) throw fault(name + "/" + at, "must be a string");
                texts.add(text);
            }
            return texts;
        }

        /// The whole numbers of an array, none if it is absent.
        public List<Integer> integers(String name) {
            var items = array(name);
            var numbers = new ArrayList<Integer>(items.size());
            for (int at = 0; at < items.size(); at++) {
                if (!(items.get(at) instanceof Long number)) throw fault(name + "/" + at, "must be a whole number");
                numbers.add((int) (long) number);
            }
            return numbers;
        }

        private List<?> array(String name) {
            var value = members.get(name);
            if (value == null) return List.of();
            if (value instanceof List<?> items) return items;
            throw fault(name, "must be an array");
        }

        public Qty qty(String name) {
            try {
                return Qty.parse(text(name));
            } catch (Fault fault) {
                throw fault;
            } catch (IllegalArgumentException refused) {
                throw fault(name, refused.getMessage());
            }
        }

        public Qty qtyOrNull(String name) {
            return has(name) ? qty(name) : null;
        }

        public Money money(String name, int scale) {
            try {
                return Money.parse(text(name), scale);
            } catch (Fault fault) {
                throw fault;
            } catch (IllegalArgumentException refused) {
                throw fault(name, refused.getMessage());
            }
        }

        public Money moneyOrNull(String name, int scale) {
            return has(name) ? money(name, scale) : null;
        }

        public UnitPrice price(String name) {
            try {
                return UnitPrice.parse(text(name));
            } catch (Fault fault) {
                throw fault;
            } catch (IllegalArgumentException refused) {
                throw fault(name, refused.getMessage());
            }
        }

        public UnitPrice priceOrNull(String name) {
            return has(name) ? price(name) : null;
        }

        public Rate rate(String name) {
            try {
                return Rate.parse(text(name));
            } catch (Fault fault) {
                throw fault;
            } catch (IllegalArgumentException refused) {
                throw fault(name, refused.getMessage());
            }
        }

        public Rate percentOrNull(String name) {
            if (!has(name)) return null;
            try {
                return Rate.ofPercent(text(name));
            } catch (Fault fault) {
                throw fault;
            } catch (IllegalArgumentException refused) {
                throw fault(name, refused.getMessage());
            }
        }

        /// The constant named by a member; `values` are the constants that are known.
        public <T extends Enum<T>> T constant(String name, T[] values) {
            return constantOf(name, text(name), values);
        }

        public <T extends Enum<T>> T constant(String name, T[] values, T otherwise) {
            return has(name) ? constant(name, values) : otherwise;
        }

        public <T extends Enum<T>> List<T> constants(String name, T[] values) {
            var constants = new ArrayList<T>();
            for (var text : texts(name)) constants.add(constantOf(name, text, values));
            return constants;
        }

        private <T extends Enum<T>> T constantOf(String name, String text, T[] values) {
            for (var value : values) if (value.name().equals(text)) return value;
            var known = new StringBuilder();
            for (var value : values) known.append(known.isEmpty() ? "" : ", ").append(value.name());
            throw fault(name, "'" + text + "' is none of " + known);
        }
    }

    private static final class Reader {
        private final String text;
        private int at;
        private int depth;

        Reader(String text) {
            this.text = text;
        }

        void end() {
            blanks();
            if (at < text.length()) throw wrong();
        }

        Object value() {
            blanks();
            if (at >= text.length()) throw new Fault("", "the JSON text ends early");
            if (depth > 64) throw new Fault("", "the JSON text is nested too deeply");
            char c = text.charAt(at);
            switch (c) {
                case '{': {
                    depth++;
                    at++;
                    var members = new LinkedHashMap<String, Object>();
                    if (!closes('}')) {
                        do {
                            blanks();
                            var name = string();
                            expect(':');
                            members.put(name, value());
                        } while (more('}'));
                    }
                    depth--;
                    return members;
                }
                case '[': {
                    depth++;
                    at++;
                    var items = new ArrayList<Object>();
                    if (!closes(']')) {
                        do items.add(value());
                        while (more(']'));
                    }
                    depth--;
                    return items;
                }
                case '"':
                    return string();
                case 't':
                    return word("true", Boolean.TRUE);
                case 'f':
                    return word("false", Boolean.FALSE);
                case 'n':
                    return word("null", null);
                default:
                    return number();
            }
        }

        private Object word(String word, Object value) {
            if (!text.startsWith(word, at)) throw wrong();
            at += word.length();
            return value;
        }

        private Object number() {
            int from = at;
            boolean whole = true;
            for (; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '.' || c == 'e' || c == 'E' || c == '+') whole = false;
                else if ((c < '0' || c > '9') && c != '-') break;
            }
            if (from == at) throw wrong();
            var digits = text.substring(from, at);
            if (!whole) return new Raw(digits);
            try {
                return Long.valueOf(Fixed.parse(digits, 0));
            } catch (IllegalArgumentException refused) {
                at = from;
                throw wrong();
            }
        }

        private String string() {
            if (at >= text.length() || text.charAt(at) != '"') throw wrong();
            int from = ++at;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '"') return text.substring(from, at++);
                if (c == '\\') return escaped(from);
                if (c < ' ') throw wrong();
                at++;
            }
            throw wrong();
        }

        private String escaped(int from) {
            var out = new StringBuilder(text.substring(from, at));
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == '"') return out.toString();
                if (c < ' ') break;
                if (c != '\\') {
                    out.append(c);
                    continue;
                }
                if (at >= text.length()) break;
                c = text.charAt(at++);
                switch (c) {
                    case '"', '\\', '/' -> out.append(c);
                    case 'b' -> out.append('\b');
                    case 'f' -> out.append('\f');
                    case 'n' -> out.append('\n');
                    case 'r' -> out.append('\r');
                    case 't' -> out.append('\t');
                    case 'u' -> {
                        int code = 0;
                        for (int digit = 0; digit < 4; digit++) {
                            int value = at < text.length() ? hex(text.charAt(at++)) : -1;
                            if (value < 0) throw wrong();
                            code = code * 16 + value;
                        }
                        out.append((char) code);
                    }
                    default -> throw wrong();
                }
            }
            throw wrong();
        }

        private static int hex(char c) {
            if (c >= '0' && c <= '9') return c - '0';
            if (c >= 'a' && c <= 'f') return c - 'a' + 10;
            if (c >= 'A' && c <= 'F') return c - 'A' + 10;
            return -1;
        }

        private boolean closes(char close) {
            blanks();
            if (at < text.length() && text.charAt(at) == close) {
                at++;
                return true;
            }
            return false;
        }

        private boolean more(char close) {
            blanks();
            if (at < text.length()) {
                char c = text.charAt(at++);
                if (c == ',') return true;
                if (c == close) return false;
                at--;
            }
            throw wrong();
        }

        private void expect(char wanted) {
            blanks();
            if (at >= text.length() || text.charAt(at) != wanted) throw wrong();
            at++;
        }

        private void blanks() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
                at++;
            }
        }

        private Fault wrong() {
            return new Fault("", at >= text.length() ? "the JSON text ends early" : "not JSON at character " + (at + 1));
        }
    }

    /// Writes JSON member by member. Every `open…` has its `close`.
    public static final class Writer {
        private final StringBuilder out;
        private boolean first = true;

        public Writer() {
            this(4096);
        }

        public Writer(int capacity) {
            out = new StringBuilder(capacity);
        }

        public Writer openObject() {
            comma();
            out.append('{');
            first = true;
            return this;
        }

        public Writer openObject(String name) {
            key(name);
            out.append('{');
            first = true;
            return this;
        }

        public Writer openArray() {
            comma();
            out.append('[');
            first = true;
            return this;
        }

        public Writer openArray(String name) {
            key(name);
            out.append('[');
            first = true;
            return this;
        }

        public Writer closeObject() {
            out.append('}');
            first = false;
            return this;
        }

        public Writer closeArray() {
            out.append(']');
            first = false;
            return this;
        }

        /// A member written as a string by its `toString`, or `null`.
        public Writer text(String name, Object value) {
            key(name);
            switch (value) {
                case null -> out.append("null");
                // Decimals need no quoting and are most of what is written: straight into the text.
                case Money money -> decimal(money.units(), money.scale(), money.scale());
                case Qty qty -> decimal(qty.milli(), 3, 0);
                case UnitPrice price -> decimal(price.micros(), 6, 2);
                case Rate rate -> decimal(rate.micros(), 6, 0);
                case Enum<?> constant -> out.append('"').append(constant.name()).append('"');
                default -> quote(value.toString());
            }
            return this;
        }

        private void decimal(long units, int scale, int decimalsMin) {
            out.append('"');
            Fixed.print(out, units, scale, decimalsMin);
            out.append('"');
        }

        /// Like [#text], but absent if null.
        public Writer textIf(String name, Object value) {
            return value == null ? this : text(name, value);
        }

        public Writer number(String name, long value) {
            key(name);
            if (value == (int) value) out.append((int) value);      // a browser's long is slow
            else out.append(value);
            return this;
        }

        public Writer numberOrNull(String name, Integer value) {
            key(name);
            if (value == null) out.append("null");
            else out.append((int) value);
            return this;
        }

        public Writer flag(String name, boolean value) {
            key(name);
            out.append(value);
            return this;
        }

        public Writer nothing(String name) {
            key(name);
            out.append("null");
            return this;
        }

        public Writer texts(String name, List<?> values) {
            openArray(name);
            for (var value : values) {
                comma();
                quote(value.toString());
            }
            return closeArray();
        }

        public Writer textsIf(String name, List<?> values) {
            return values.isEmpty() ? this : texts(name, values);
        }

        public Writer numbers(String name, List<Integer> values) {
            openArray(name);
            for (int value : values) {
                comma();
                out.append(value);
            }
            return closeArray();
        }

        @Override
        public String toString() {
            return out.toString();
        }

        private void key(String name) {
            comma();
            out.append('"').append(name).append("\":");
        }

        private void comma() {
            if (!first) out.append(',');
            first = false;
        }

        private void quote(String text) {
            out.append('"');
            int from = 0;
            for (int at = 0; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c >= ' ' && c != '"' && c != '\\') continue;
                out.append(text, from, at);
                from = at + 1;
                switch (c) {
                    case '"' -> out.append("\\\"");
                    case '\\' -> out.append("\\\\");
                    case '\n' -> out.append("\\n");
                    case '\r' -> out.append("\\r");
                    case '\t' -> out.append("\\t");
                    default -> out.append("\\u00").append("0123456789abcdef".charAt(c >> 4)).append("0123456789abcdef".charAt(c & 15));
                }
            }
            out.append(text, from, text.length());
            out.append('"');
        }
    }
}
