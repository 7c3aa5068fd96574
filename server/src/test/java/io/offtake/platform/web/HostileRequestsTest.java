package io.offtake.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.testing.ServerTest;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Whatever is sent to any operation, the answer is never a fault of ours: it is read, or refused with a place.
@ServerTest
@Tag("GOV-15")
@Tag("INT-06")
class HostileRequestsTest {
    private static final Path INPUTS = Path.of("../spec/robustness");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @LocalServerPort
    int port;
    @Autowired
    People people;
    List<Client> clients;
    JsonNode document;

    @BeforeEach
    void signIn() {
        var distributor = people.distributor();
        clients = List.of(people.of(distributor, Role.DO, Role.BC, Role.GK).signIn(port), people.headOffice(Role.COE).signIn(port), people.headOffice(Role.FIN).signIn(port));
        document = new Client(port).get("/openapi.json").json();
    }

    private static List<String> strings(String file, String field) throws IOException {
        var texts = new ArrayList<String>();
        JSON.readTree(Files.readString(INPUTS.resolve(file))).forEach(node -> texts.add(field.isEmpty() ? node.asString() : node.path(field).asString()));
        return texts;
    }

    /// A quarter of the inputs, another one for each name: over all operations every input has its turn.
    private static List<String> some(String name) throws IOException {
        var all = samples();
        int turn = Math.floorMod(name.hashCode(), 4);
        return java.util.stream.IntStream.range(0, all.size()).filter(at -> at % 4 == turn).mapToObj(all::get).toList();
    }

    private static List<String> samples() throws IOException {
        var all = strings("hostile-inputs.json", "input");
        all.addAll(List.of("9".repeat(30), "-1", "1e9", "0x10", "\uD83D\uDE00", "true", "null", "[]", "{}"));
        return all;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Test
    void addressesAndParametersNeverCauseAFault() throws IOException {
        var faults = new TreeSet<String>();
        for (var operation : OpenApiTest.operations(document)) {
            if (operation.path().equals("/api/v1/session")) continue;
            var names = new ArrayList<String>();
            operation.node().path("parameters").forEach(parameter -> {
                if (parameter.path("in").asString().equals("query")) names.add(parameter.path("name").asString());
            });
            for (var text : some(operation.path())) {
                var path = operation.path().replaceAll("\\{\\w+}", java.util.regex.Matcher.quoteReplacement(encode(text)));
                if (!path.equals(operation.path())) tryAll(faults, operation.method(), path, null, Map.of("If-Match", "\"1\""));
            }
            if (!operation.method().equals("get")) continue;
            var path = operation.path().replaceAll("\\{\\w+}", "00000000-0000-7000-8000-000000000000");
            for (var name : names) {
                for (var text : some(path + name)) {
                    if (name.equals("filter")) {
                        tryAll(faults, "get", path + "?status=" + encode(text), null, Map.of());
                        tryAll(faults, "get", path + "?" + encode(text) + "=1", null, Map.of());
                    } else {
                        tryAll(faults, "get", path + "?" + name + "=" + encode(text), null, Map.of());
                    }
                }
            }
            tryAll(faults, "get", path + "?q=%FF%FE&sort=%C0%80", null, Map.of());
            tryAll(faults, "get", path + "?limit=99999999999&cursor=AAAA", null, Map.of());
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void bodiesOfTheWrongTypeAreRefusedWithAPlace() throws IOException {
        var faults = new TreeSet<String>();
        var wrong = List.<JsonNode>of(NODES.nullNode(), NODES.numberNode(-1), NODES.stringNode(""), NODES.stringNode("x".repeat(5000)), NODES.stringNode("0001-01-01"),
                NODES.stringNode("NaN"), NODES.stringNode("a\u0000b"), NODES.stringNode("99999999999999999999999"), NODES.stringNode("' OR '1'='1"), NODES.booleanNode(true), NODES.arrayNode(), NODES.objectNode(),
                NODES.arrayNode().addNull(), NODES.numberNode(Long.MAX_VALUE), NODES.numberNode(new java.math.BigDecimal("1e400")));
        for (var operation : OpenApiTest.operations(document)) {
            var schema = operation.node().path("requestBody").path("content").path("application/json").path("schema");
            if (schema.isMissingNode() || operation.path().equals("/api/v1/session")) continue;
            var path = operation.path().replaceAll("\\{\\w+}", "00000000-0000-7000-8000-000000000000");
            var example = example(schema, 0);
            tryAll(faults, operation.method(), path, example.toString(), Map.of("If-Match", "\"1\""));
            var changed = mutations(example, wrong);
            int step = Math.max(1, changed.size() / 150);
            for (int at = Math.floorMod(path.hashCode(), step); at < changed.size(); at += step) tryAll(faults, operation.method(), path, changed.get(at), Map.of("If-Match", "\"1\""));
            tryAll(faults, operation.method(), path, "{\"unknown\":1}", Map.of("If-Match", "\"1\""));
            tryAll(faults, operation.method(), path, null, Map.of("If-Match", "\"1\"", "Content-Type", "application/json"));
            tryAll(faults, operation.method(), path, "<xml/>", Map.of("If-Match", "\"1\"", "Content-Type", "application/xml"));
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void jsonTextsAreReadOrRefused() throws IOException {
        var faults = new TreeSet<String>();
        var client = clients.get(1);
        var texts = new LinkedHashMap<String, byte[]>();
        JSON.readTree(Files.readString(INPUTS.resolve("json-texts.json"))).forEach(node -> texts.put(node.path("name").asString(), Base64.getDecoder().decode(node.path("base64").asString())));
        texts.put("n_structure_100000_opening_arrays", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        texts.put("n_structure_deep_object", "{\"a\":".repeat(50_000).getBytes(StandardCharsets.UTF_8));
        texts.forEach((name, text) -> {
            var answer = client.send("POST", "/api/v1/principals", text, Map.of());
            if (answer.status() >= 500) faults.add(name + " " + answer);
            if (name.startsWith("n_") && (answer.status() < 400 || answer.json().path("errors").isEmpty())) faults.add(name + " was not refused with a place: " + answer);
        });
        assertThat(faults).isEmpty();
    }

    @Test
    void naughtyStringsComeBackAsTheyWereSent() throws IOException {
        var it = people.headOffice(Role.IT).signIn(port);
        var user = people.headOffice(Role.SO);
        var path = "/api/v1/users/" + user.id();
        var etag = it.get(path).etag();
        int kept = 0;
        for (var text : strings("naughty-strings.json", "")) {
            var answer = it.put(path, Map.of("name", text, "language", "en", "roles", List.of(Map.of("role", "SO")), "scopes", List.of(Map.of("kind", "NETWORK"))), etag);
            assertThat(answer.status()).as(text).isIn(200, 400, 422);
            if (answer.status() == 200) {
                assertThat(answer.json().path("name").asString()).isEqualTo(text);
                assertThat(it.get(path).json().path("name").asString()).isEqualTo(text);
                assertThat(it.get("/api/v1/users?limit=200&q=" + encode(text.strip().substring(0, Math.min(100, text.strip().length())))).status()).as(text).isEqualTo(200);
                etag = answer.etag();
                kept++;
            }
        }
        assertThat(kept).isGreaterThan(100);
    }

    @Test
    void sizesMethodsAndMediaTypesAreRefusedAsProblems() {
        var client = clients.getFirst();
        assertThat(client.send("POST", "/api/v1/users", "x".repeat(3_000_000), Map.of()).code()).isEqualTo("TOO_LARGE");
        assertThat(client.send("PATCH", "/api/v1/users", "{}", Map.of()).code()).isEqualTo("METHOD_NOT_ALLOWED");
        var unknown = client.send("POST", "/api/v1/users", "a=b", Map.of("Content-Type", "application/x-www-form-urlencoded"));
        assertThat(unknown.code()).isEqualTo("MEDIA_TYPE");
        assertThat(unknown.json().path("accepted").toString()).contains("application/json");
        assertThat(client.send("GET", "/api/v1/users", null, Map.of("Accept", "image/png")).status()).isIn(406, 200);
        assertThat(client.get("/api/v1/nothing").code()).isEqualTo("NOT_FOUND");
        assertThat(new Client(port).get("/api/v1/nothing").code()).isEqualTo("SIGNED_OUT");
        assertThat(client.send("TRACE", "/api/v1/users", null, Map.of()).status()).isLessThan(500);
        var fields = client.post("/api/v1/session/password", Map.of());
        assertThat(fields.status()).isEqualTo(422);
        assertThat(fields.json().path("errors").findValuesAsString("pointer")).containsExactly("/current", "/password");
        var type = client.post("/api/v1/users", "{\"username\":\"a\",\"roles\":[{\"role\":\"KING\"}]}");
        assertThat(type.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/roles/0/role");
        assertThat(type.json().path("errors").path(0).path("accepted").toString()).contains("BC");
    }

    private void tryAll(TreeSet<String> faults, String method, String path, @Nullable String body, Map<String, String> headers) {
        for (var client : clients) {
            try {
                var answer = client.send(method.toUpperCase(java.util.Locale.ROOT), path, body, headers);
                if (answer.status() >= 500) faults.add(method + " " + path + " " + (body == null ? "" : body.substring(0, Math.min(300, body.length()))) + " → " + answer);
                else if (answer.status() >= 400 && answer.raw().body().length > 0 && answer.header("Content-Type") != null && !String.valueOf(answer.header("Content-Type")).startsWith("application/problem+json")
                        && !String.valueOf(answer.header("Content-Type")).startsWith("text/html")) faults.add(method + " " + path + " is no problem: " + answer);
                if (answer.status() != 403) return;
            } catch (IllegalArgumentException unsendable) {
                return;
            }
        }
    }

    private JsonNode example(JsonNode schema, int depth) {
        if (schema.has("$ref")) return example(document.path("components").path("schemas").path(schema.path("$ref").asString().replaceFirst(".*/", "")), depth);
        if (schema.has("enum")) return schema.path("enum").path(0);
        var type = schema.path("type").isArray() ? schema.path("type").path(0).asString() : schema.path("type").asString("object");
        return switch (type) {
            case "string" -> NODES.stringNode(switch (schema.path("format").asString("")) {
                case "uuid" -> "01890000-0000-7000-8000-000000000001";
                case "date" -> "2026-04-01";
                case "date-time" -> "2026-04-01T00:00:00Z";
                case "decimal" -> "1.00";
                default -> "x";
            });
            case "integer", "number" -> NODES.numberNode(1);
            case "boolean" -> NODES.booleanNode(true);
            case "array" -> depth > 3 ? NODES.arrayNode() : NODES.arrayNode().add(example(schema.path("items"), depth + 1));
            default -> {
                var object = NODES.objectNode();
                if (depth < 5) schema.path("properties").properties().forEach(property -> object.set(property.getKey(), example(property.getValue(), depth + 1)));
                yield object;
            }
        };
    }

    /// The example with each field in turn replaced by each wrong value, down into the first element of lists.
    private static List<String> mutations(JsonNode example, List<JsonNode> wrong) {
        var all = new ArrayList<String>();
        if (example instanceof ObjectNode object) {
            for (var field : List.copyOf(object.propertyNames())) {
                var before = object.get(field);
                for (var value : wrong) all.add(object.deepCopy().set(field, value).toString());
                var inner = before.isArray() && !before.isEmpty() ? before.get(0) : before;
                for (var changed : mutations(inner, wrong.subList(0, Math.min(8, wrong.size())))) {
                    var copy = object.deepCopy();
                    var node = JSON.readTree(changed);
                    copy.set(field, before.isArray() ? NODES.arrayNode().add(node) : node);
                    all.add(copy.toString());
                }
                var without = object.deepCopy();
                without.remove(field);
                all.add(without.toString());
            }
        }
        return all;
    }
}
