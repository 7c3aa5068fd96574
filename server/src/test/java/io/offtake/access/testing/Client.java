package io.offtake.access.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Talks to the server as a browser or an integration does: keeps the session's cookie, sends its CSRF token.
public final class Client {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private final int port;
    private final Map<String, String> headers = new LinkedHashMap<>();

    public Client(int port) {
        this.port = port;
    }

    /// An answer, its body read as JSON if it is any.
    public record Answer(int status, HttpResponse<byte[]> raw) {
        public String text() {
            return new String(raw.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return raw.body().length == 0 ? MissingNode.getInstance() : JSON.readTree(raw.body());
        }

        public @Nullable String header(String name) {
            return raw.headers().firstValue(name).orElse(null);
        }

        public String etag() {
            return raw.headers().firstValue("ETag").orElseThrow();
        }

        public String code() {
            return json().path("code").asString("");
        }

        @Override
        public String toString() {
            return status + " " + text();
        }
    }

    public static Client withToken(int port, String token) {
        return new Client(port).header("Authorization", "Bearer " + token);
    }

    /// Signs in; every later request carries the session.
    public Client signIn(String username, String password) {
        var answer = post("/api/v1/session", Map.of("username", username, "password", password));
        if (answer.status() != 200) throw new AssertionError("sign-in of " + username + " was answered " + answer);
        adopt(answer);
        return this;
    }

    /// Takes the cookie and CSRF token of a sign-in's answer.
    public void adopt(Answer signedIn) {
        var cookies = new StringBuilder();
        for (var cookie : signedIn.raw().headers().allValues("Set-Cookie")) {
            if (!cookies.isEmpty()) cookies.append("; ");
            cookies.append(cookie, 0, cookie.indexOf(';'));
        }
        header("Cookie", cookies.toString());
        header("X-CSRF-Token", signedIn.json().path("csrf").asString());
    }

    public Client header(String name, @Nullable String value) {
        if (value == null) headers.remove(name);
        else headers.put(name, value);
        return this;
    }

    public @Nullable String header(String name) {
        return headers.get(name);
    }

    public Answer get(String path) {
        return send("GET", path, null, Map.of());
    }

    public Answer post(String path, @Nullable Object body) {
        return send("POST", path, body, Map.of());
    }

    public Answer put(String path, Object body, String etag) {
        return send("PUT", path, body, Map.of("If-Match", etag));
    }

    public Answer delete(String path) {
        return send("DELETE", path, null, Map.of());
    }

    /// @param body null for none, text and bytes as they are, anything else as JSON
    public Answer send(String method, String path, @Nullable Object body, Map<String, String> more) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(60));
        var all = new LinkedHashMap<String, String>();
        if (body != null) all.put("Content-Type", "application/json");
        all.putAll(headers);
        all.putAll(more);
        all.forEach(request::setHeader);
        request.method(method, switch (body) {
            case null -> HttpRequest.BodyPublishers.noBody();
            case String text -> HttpRequest.BodyPublishers.ofString(text);
            case byte[] bytes -> HttpRequest.BodyPublishers.ofByteArray(bytes);
            default -> HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
        });
        try {
            var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(answer.statusCode(), answer);
        } catch (IOException failure) {
            throw new AssertionError(method + " " + path, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }
}
