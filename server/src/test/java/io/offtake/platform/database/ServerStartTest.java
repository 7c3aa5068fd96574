package io.offtake.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// The whole server comes up on a migrated database and connects as a role that row-level security binds.
@ServerTest
class ServerStartTest {
    @LocalServerPort
    int port;
    @Autowired
    TenantTransaction transactions;

    @Test
    void answersAndUsesTheApplicationsRole() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isIn(200, 401);
        }
        assertThat(transactions.<String>shared(jdbc -> jdbc.sql("select current_user").query(String.class).single())).isEqualTo("offtake_app");
        assertThat(transactions.<String>network(jdbc -> jdbc.sql("select current_user").query(String.class).single())).isEqualTo("offtake_network");
    }
}
