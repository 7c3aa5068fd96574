package io.offtake.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.testing.Client;
import io.offtake.platform.testing.ServerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/// The API's document says for each operation what it answers, in success and in refusal.
@ServerTest
@Tag("INT-06")
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    @LocalServerPort
    int port;

    private JsonNode document() {
        var answer = new Client(port).get("/openapi.json");
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

    record Operation(String method, String path, JsonNode node) {
        @Override
        public String toString() {
            return method.toUpperCase(java.util.Locale.ROOT) + " " + path;
        }
    }

    static List<Operation> operations(JsonNode document) {
        var all = new ArrayList<Operation>();
        document.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
            if (METHODS.contains(operation.getKey())) all.add(new Operation(operation.getKey(), path.getKey(), operation.getValue()));
        }));
        return all;
    }

    @Test
    void isOpenApi31AndAlwaysTheSame() throws IOException {
        var document = document();
        assertThat(document.path("openapi").asString()).startsWith("3.1");
        assertThat(new Client(port).get("/openapi.json").text()).isEqualTo(new Client(port).get("/openapi.json").text());
        assertThat(document.path("servers").path(0).path("url").asString()).isEqualTo("/");
        assertThat(operations(document)).hasSizeGreaterThan(10);
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/openapi.json"), document.toPrettyString());
    }

    @Test
    void everyOperationHasASuccessAndItsProblems() {
        var document = document();
        var faults = new TreeSet<String>();
        for (var operation : operations(document)) {
            var responses = operation.node().path("responses");
            var successes = responses.properties().stream().filter(response -> response.getKey().startsWith("2")).toList();
            if (successes.isEmpty()) faults.add(operation + " has no success");
            for (var success : successes) {
                var content = success.getValue().path("content");
                if (success.getKey().equals("204")) continue;
                if (content.isEmpty()) faults.add(operation + " " + success.getKey() + " has no content");
                content.properties().forEach(media -> check(document, media.getValue().path("schema"), operation + " " + success.getKey() + " " + media.getKey(), faults, new HashSet<>()));
            }
            for (var status : List.of("401", "403", "404", "500", "503")) {
                var problem = responses.path(status).path("content").path("application/problem+json").path("schema").path("$ref").asString("");
                if (!problem.equals("#/components/schemas/Problem")) faults.add(operation + " has no problem " + status);
            }
            var body = operation.node().path("requestBody");
            if (!body.isMissingNode()) {
                body.path("content").properties().forEach(media -> check(document, media.getValue().path("schema"), operation + " body " + media.getKey(), faults, new HashSet<>()));
                if (responses.path("422").isMissingNode() && responses.path("400").isMissingNode()) faults.add(operation + " reads a body and refuses none");
            }
        }
        assertThat(faults).isEmpty();
    }

    /// An empty schema says nothing: `{}`, or an object without properties.
    private static void check(JsonNode document, JsonNode schema, String where, Set<String> faults, Set<String> seen) {
        if (schema.has("$ref")) {
            var name = schema.path("$ref").asString().replaceFirst(".*/", "");
            if (seen.add(name)) check(document, document.path("components").path("schemas").path(name), where + " > " + name, faults, seen);
            return;
        }
        for (var choice : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.has(choice)) {
                schema.path(choice).forEach(one -> check(document, one, where, faults, seen));
                return;
            }
        }
        var type = schema.path("type");
        boolean object = type.toString().contains("object");
        if (schema.isMissingNode() || schema.isEmpty() || (type.isMissingNode() && !schema.has("enum") && !schema.has("description"))) faults.add(where + " is empty");
        else if (type.toString().contains("array")) check(document, schema.path("items"), where + "[]", faults, seen);
        else if (object && !schema.has("properties") && !schema.has("additionalProperties") && !schema.has("description")) faults.add(where + " is an object without properties");
        else if (object) schema.path("properties").properties().forEach(property -> check(document, property.getValue(), where + "." + property.getKey(), faults, seen));
    }

    @Test
    void decimalsAreStrings() {
        var faults = new TreeSet<String>();
        document().path("components").path("schemas").properties().forEach(schema -> schema.getValue().path("properties").properties().forEach(property -> {
            if (property.getValue().path("type").toString().contains("\"number\"")) faults.add(schema.getKey() + "." + property.getKey());
        }));
        assertThat(faults).isEmpty();
    }

    @Test
    void operationIdsAreStableAndUnique() {
        var ids = operations(document()).stream().map(operation -> operation.node().path("operationId").asString()).toList();
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")).noneMatch(id -> id.matches(".*_\\d+"));
    }

    @Test
    void everyOperationSaysHowToBeAllowed() {
        for (var operation : operations(document())) {
            assertThat(operation.node().has("security") || operation.toString().matches("(POST /api/v1/session|GET /api/v1/demo/doors)")).as(operation.toString()).isTrue();
        }
        assertThat(document().path("components").path("securitySchemes").propertyNames()).containsExactlyInAnyOrder("session", "csrf", "token");
        assertThat(document().path("components").path("schemas").path("Problem").path("properties").path("code").path("x-codes").has("STOCK_SHORT")).isTrue();
    }
}
