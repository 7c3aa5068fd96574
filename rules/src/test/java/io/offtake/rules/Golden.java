package io.offtake.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The golden cases of `spec/`: a case names what differs from the fixture; this builds the book and the command from it and
/// compares what it expects. `rules-web/test/golden.mjs` does the same for the browser build.
final class Golden {
    static final Path SPEC = Path.of("../spec");
    private static final Map<String, Object> FIXTURE = read(SPEC.resolve("fixture/fixture.json"));

    /// Members of a command that a case may give as they are.
    private static final List<String> COMMAND_MEMBERS = List.of("kind", "paymentMode", "saleType", "approved", "principalId", "level", "orderSource", "warehouseId", "minuteOfDay", "orderedOn", "explain",
            "limits", "cumulated", "choices", "manual", "charges");

    private Golden() {}

    record Case(String file, Map<String, Object> members) {
        String id() {
            return (String) members.get("id");
        }

        String title() {
            return (String) members.get("title");
        }

        Map<String, Object> given() {
            return map(members.get("given"));
        }

        Map<String, Object> expect() {
            return map(members.get("expect"));
        }
    }

    static Map<String, Object> read(Path file) {
        try {
            return map(Json.tree(Files.readString(file)));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    static List<Case> cases(String folder) {
        var cases = new ArrayList<Case>();
        try (var files = Files.list(SPEC.resolve(folder))) {
            for (var file : files.sorted().toList())
                for (var row : list(read(file).getOrDefault("cases", List.of()))) cases.add(new Case(folder + "/" + file.getFileName(), map(row)));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
        return cases;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    static List<?> list(Object value) {
        return (List<?>) value;
    }

    // ---- from a case to the texts that the engine reads ----

    static String bookText(Map<String, Object> given) {
        var book = merge(map(FIXTURE.get("book")), map(given.get("book")));
        var schemes = new ArrayList<Object>();
        for (var named : list(given.getOrDefault("schemes", List.of()))) {
            Map<String, Object> scheme = named instanceof String code ? Map.of("like", code) : map(named);
            var base = new LinkedHashMap<>(map(FIXTURE.get("schemeDefaults")));
            var like = (String) scheme.get("like");
            if (like != null) {
                base.putAll(map(map(FIXTURE.get("schemes")).get(like)));
                base.put("code", like);
            }
            base.putAll(scheme);
            base.put("id", base.get("code"));
            schemes.add(base);
        }
        book.put("schemes", schemes);
        return write(days(book));
    }

    static String commandText(Map<String, Object> given) {
        var command = new LinkedHashMap<>(map(FIXTURE.get("command")));
        for (var name : COMMAND_MEMBERS) if (given.containsKey(name)) command.put(name, given.get(name));
        if (given.containsKey("on")) command.put("businessDate", given.get("on"));
        var outlet = given.getOrDefault("outlet", "O1");
        var outlets = map(FIXTURE.get("outlets"));
        if (outlet instanceof String name) command.put("outlet", outlets.get(name));
        else {
            var facts = new LinkedHashMap<>(map(outlets.get((String) map(outlet).get("like"))));
            facts.putAll(map(outlet));
            command.put("outlet", facts);
        }
        var lines = new ArrayList<Object>();
        for (var row : list(given.get("lines"))) {
            var line = new LinkedHashMap<>(map(row));
            line.put("skuId", line.remove("sku"));
            line.putIfAbsent("line", (long) lines.size() + 1);
            lines.add(line);
        }
        command.put("lines", lines);
        command.put("batches", given.getOrDefault("batches", FIXTURE.get("batches")));
        return write(days(command));
    }

    static String answer(Map<String, Object> given) {
        var engine = Engine.of(RuleBookJson.read(bookText(given)));
        if (given.containsKey("enter")) {
            var enter = map(given.get("enter"));
            return switch (QuantityEntry.parse(engine.sku((String) enter.get("sku")), (String) enter.get("text"))) {
                case QuantityEntry.Outcome.Ok ok -> "{\"qty\":\"" + ok.qty() + "\"}";
                case QuantityEntry.Outcome.Refused refused -> "{\"error\":\"" + refused.refusal().code() + "\"}";
            };
        }
        if (given.containsKey("post")) {
            var request = new LinkedHashMap<>(map(days(given.get("post"))));
            if (given.containsKey("lines")) request.put("command", Json.tree(commandText(given)));
            return write(request);
        }
        if (given.containsKey("call")) {
            var call = map(given.get("call"));
            return Doors.answer(engine, (String) call.get("name"), write(days(call.get("request"))));
        }
        var decided = DecisionJson.write(engine.decide(CommandJson.read(commandText(given), engine.book())));
        return given.containsKey("returns") ? returns(engine, given, decided) : decided;
    }

    /// The invoice with the answers of its returns, one after the other; what one carries, the next gets.
    private static String returns(Engine engine, Map<String, Object> given, String decided) {
        var outcomes = new ArrayList<Object>();
        String carry = null;
        for (var row : list(given.get("returns"))) {
            var request = new LinkedHashMap<>(map(row));
            request.put("command", Json.tree(commandText(given)));
            request.put("decision", Json.tree(decided));
            request.put("earlier", new ArrayList<>(outcomes));
            if (carry != null) request.put("carry", carry);
            var outcome = map(Json.tree(Doors.answer(engine, "reverse", write(request))));
            carry = (String) map(outcome.get("totals")).get("carry");
            outcomes.add(outcome);
        }
        var answer = new LinkedHashMap<>(map(Json.tree(decided)));
        answer.put("returns", outcomes);
        return write(answer);
    }

    /// What differs, in words; empty: as expected.
    static List<String> check(Case golden) {
        var given = golden.given();
        var expect = new LinkedHashMap<>(map(days(golden.expect())));
        var differences = new ArrayList<String>();
        Map<String, Object> answer;
        if (given.containsKey("post")) {
            var engine = Engine.of(RuleBookJson.read(bookText(given)));
            answer = postings(map(Json.tree(PostingJson.answer(engine, answer(given)))));
        } else answer = map(Json.tree(answer(given)));
        var trace = map(expect.remove("trace"));
        for (var code : trace.keySet()) {
            Object row = null;
            for (var candidate : list(answer.getOrDefault("trace", List.of()))) if (map(candidate).get("code").equals(code)) row = candidate;
            compare("trace/" + code, trace.get(code), row, differences);
        }
        compare("", expect, answer, differences);
        if (!differences.isEmpty()) differences.add("answer: " + write(answer));
        return differences;
    }

    /// The ledger entries as an accountant writes them.
    private static Map<String, Object> postings(Map<String, Object> answer) {
        var readable = new LinkedHashMap<String, Object>();
        var journal = new ArrayList<Object>();
        for (var row : list(answer.getOrDefault("journal", List.of()))) {
            var entry = map(row);
            journal.add((entry.containsKey("debit") ? "Dr " : "Cr ") + entry.get("account") + (entry.containsKey("taxHead") ? " " + entry.get("taxHead") : "")
                    + " " + (entry.containsKey("debit") ? entry.get("debit") : entry.get("credit")));
        }
        var stock = new ArrayList<Object>();
        for (var row : list(answer.getOrDefault("stock", List.of()))) {
            var entry = map(row);
            var qty = (String) entry.get("qty");
            stock.add(entry.get("node") + " " + (qty.startsWith("-") ? "" : "+") + qty);
        }
        readable.put("outcome", answer.get("outcome"));
        readable.put("journal", journal);
        readable.put("stock", stock);
        return readable;
    }

    private static void compare(String at, Object expected, Object found, List<String> differences) {
        if (expected instanceof Map<?, ?> members) {
            if (!(found instanceof Map<?, ?> other)) {
                differences.add(at + ": expected an object, found " + found);
                return;
            }
            for (var name : members.keySet())
                compare(at + "/" + name, members.get(name), other.get(name.equals("sku") ? "skuId" : name), differences);
        } else if (expected instanceof List<?> items) {
            if (!(found instanceof List<?> others) || others.size() != items.size()) {
                differences.add(at + ": expected " + write(items) + ", found " + write(found));
                return;
            }
            for (int place = 0; place < items.size(); place++) compare(at + "/" + place, items.get(place), others.get(place), differences);
        } else if (!java.util.Objects.equals(expected, found)) differences.add(at + ": expected " + expected + ", found " + found);
    }

    private static Map<String, Object> merge(Map<String, Object> base, Map<String, Object> over) {
        var merged = new LinkedHashMap<>(base);
        for (var name : over.keySet()) {
            var value = over.get(name);
            merged.put(name, value instanceof Map<?, ?> && base.get(name) instanceof Map<?, ?> ? merge(map(base.get(name)), map(value)) : value);
        }
        return merged;
    }

    /// ISO dates, which people read, as epoch days, which the engine reads.
    private static Object days(Object value) {
        if (value instanceof Map<?, ?> members) {
            var days = new LinkedHashMap<String, Object>();
            for (var name : map(members).keySet()) days.put(name, days(members.get(name)));
            return days;
        }
        if (value instanceof List<?> items) return items.stream().map(Golden::days).toList();
        if (value instanceof String text && text.matches("\\d{4}-\\d\\d-\\d\\d")) return LocalDate.parse(text).toEpochDay();
        return value;
    }

    static String write(Object value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof Map<?, ?> members) {
            out.append('{');
            var comma = "";
            for (var name : members.keySet()) {
                out.append(comma).append('"').append(name).append("\":");
                write(out, members.get(name));
                comma = ",";
            }
            out.append('}');
        } else if (value instanceof List<?> items) {
            out.append('[');
            var comma = "";
            for (var item : items) {
                out.append(comma);
                write(out, item);
                comma = ",";
            }
            out.append(']');
        } else if (value instanceof String text) out.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
        else out.append(value);
    }
}
