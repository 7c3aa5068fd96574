package io.offtake.governance.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.testing.Client;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// Change requests in tests: what one person proposes, another puts into force.
public final class Changes {
    private static final String PATH = "/api/v1/change-requests/";

    private Changes() {}

    /// Submits what a 202 or 201 opened, with every warning acknowledged.
    public static JsonNode submitted(Client maker, Client.Answer opened) {
        assertThat(opened.status()).as(opened.toString()).isIn(200, 201, 202);
        if (!opened.json().path("status").asString().equals("DRAFT")) return opened.json();
        var request = maker.post(PATH + opened.json().path("id").asString() + "/checks", null).json();
        var warnings = new TreeSet<String>();
        request.path("findings").forEach(found -> {
            if (found.path("severity").asString().equals("WARNING")) warnings.add(found.path("code").asString());
        });
        var answer = maker.send("POST", PATH + request.path("id").asString() + "/submission", Map.of("reason", "as agreed", "acknowledged", List.copyOf(warnings)), Map.of("If-Match", "\"" + request.path("revision").asInt() + "\""));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    /// Submits and lets another person approve it.
    public static JsonNode approved(Client maker, Client checker, Client.Answer opened) {
        var request = submitted(maker, opened);
        var answer = approve(checker, request);
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json();
    }

    /// Asks for approval of what was read.
    public static Client.Answer approve(Client checker, JsonNode request) {
        return checker.post(PATH + request.path("id").asString() + "/approval", Map.of("contentHash", request.path("contentHash").asString(), "reason", "checked"));
    }

    /// Puts it into force and reads the row that is now there.
    public static Client.Answer inForce(Client maker, Client checker, Client.Answer opened) {
        var request = approved(maker, checker, opened);
        assertThat(request.path("status").asString()).isEqualTo("IN_FORCE");
        var answer = maker.get("/api/v1/" + request.path("kind").asString() + "/" + request.path("items").path(0).path("targetId").asString());
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }
}
