package io.offtake.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Signing in and staying signed in: what a thief, a guesser and another web site try.
@ServerTest
@Tag("GOV-15")
class SignInTest {
    @LocalServerPort
    int port;
    @Autowired
    People people;
    @Autowired
    TenantTransaction transactions;
    long distributor;

    @BeforeEach
    void distributor() {
        distributor = people.distributor();
    }

    @Test
    void answersWhoSignedInAndSetsAnHttpOnlyCookie() {
        var clerk = people.of(distributor, Role.BC);
        var answer = new Client(port).post("/api/v1/session", Map.of("username", clerk.username().toUpperCase(java.util.Locale.ROOT), "password", People.PASSWORD));
        assertThat(answer.status()).isEqualTo(200);
        var me = answer.json();
        assertThat(me.path("username").asString()).isEqualTo(clerk.username());
        assertThat(me.path("workspaces").path(0).asString()).isEqualTo("counter");
        assertThat(me.path("distributorId").asLong()).isEqualTo(distributor);
        assertThat(me.path("distributors").path(0).path("id").asLong()).isEqualTo(distributor);
        var cookies = answer.raw().headers().allValues("Set-Cookie");
        assertThat(cookies).anyMatch(cookie -> cookie.startsWith("OFFTAKE_SESSION=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        assertThat(cookies).anyMatch(cookie -> cookie.startsWith("OFFTAKE_CSRF=" + me.path("csrf").asString()) && !cookie.contains("HttpOnly"));
        assertThat(answer.text()).doesNotContain(People.PASSWORD).doesNotContain("argon2");
    }

    @Test
    void keepsPasswordsAsArgon2idAndSessionsAsHashes() {
        var clerk = people.of(distributor, Role.BC);
        var client = clerk.signIn(port);
        var hash = transactions.<String>shared(jdbc -> jdbc.sql("select password_hash from access.app_user where id = :id").param("id", clerk.id()).query(String.class).single());
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        var secret = String.valueOf(client.header("Cookie")).replaceAll(".*OFFTAKE_SESSION=([^;]+).*", "$1");
        int stored = transactions.shared(jdbc -> jdbc.sql("select count(*) from access.session where user_id = :id and token_hash = sha256(convert_to(:secret, 'UTF8'))")
                .param("id", clerk.id()).param("secret", secret).query(Integer.class).single());
        assertThat(stored).isEqualTo(1);
    }

    @Test
    void answersUnknownUsersAndWrongPasswordsAlike() {
        var clerk = people.of(distributor, Role.BC);
        var wrong = new Client(port).post("/api/v1/session", Map.of("username", clerk.username(), "password", "wrong"));
        var unknown = new Client(port).post("/api/v1/session", Map.of("username", "nobody-" + clerk.username(), "password", "wrong"));
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.code()).isEqualTo("BAD_CREDENTIALS");
        assertThat(unknown.text()).isEqualTo(wrong.text());
    }

    @Test
    void neverAdoptsASessionIdThatTheBrowserBrought() {
        var clerk = people.of(distributor, Role.BC);
        var planted = "planted-by-an-attacker-0123456789";
        var victim = new Client(port).header("Cookie", "OFFTAKE_SESSION=" + planted);
        var answer = victim.post("/api/v1/session", Map.of("username", clerk.username(), "password", People.PASSWORD));
        assertThat(answer.raw().headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.contains(planted));
        assertThat(new Client(port).header("Cookie", "OFFTAKE_SESSION=" + planted).get("/api/v1/session").status()).isEqualTo(401);
    }

    @Test
    void endsTheEarlierSessionOfTheBrowserThatSignsInAgain() {
        var clerk = people.of(distributor, Role.BC);
        var client = clerk.signIn(port);
        var earlier = client.header("Cookie");
        client.signIn(clerk.username(), People.PASSWORD);
        assertThat(client.get("/api/v1/session").status()).isEqualTo(200);
        assertThat(new Client(port).header("Cookie", earlier).get("/api/v1/session").status()).isEqualTo(401);
    }

    @Test
    void refusesChangesWithoutTheCsrfToken() {
        var client = people.of(distributor, Role.BC).signIn(port);
        var token = client.header("X-CSRF-Token");
        var body = Map.of("language", "hi");
        assertThat(client.header("X-CSRF-Token", null).send("PUT", "/api/v1/session/language", body, Map.of()).code()).isEqualTo("CSRF_MISSING");
        var other = people.of(distributor, Role.BC).signIn(port).header("X-CSRF-Token");
        assertThat(client.header("X-CSRF-Token", other).send("PUT", "/api/v1/session/language", body, Map.of()).status()).isEqualTo(403);
        assertThat(client.header("X-CSRF-Token", token).send("PUT", "/api/v1/session/language", body, Map.of()).status()).isEqualTo(204);
        assertThat(client.get("/api/v1/session").json().path("language").asString()).isEqualTo("hi");
    }

    @Test
    void endsTheSessionAtSignOut() {
        var client = people.of(distributor, Role.BC).signIn(port);
        assertThat(client.delete("/api/v1/session").status()).isEqualTo(204);
        assertThat(client.get("/api/v1/session").status()).isEqualTo(401);
    }

    @Test
    void slowsDownWhoGuessesAndLetsTheOwnerOfAnotherAccountIn() {
        var clerk = people.of(distributor, Role.BC);
        var client = new Client(port);
        for (int i = 0; i < 10; i++) assertThat(client.post("/api/v1/session", Map.of("username", clerk.username(), "password", "guess " + i)).status()).isEqualTo(401);
        var limited = client.post("/api/v1/session", Map.of("username", clerk.username(), "password", People.PASSWORD));
        assertThat(limited.status()).isEqualTo(429);
        assertThat(Integer.parseInt(String.valueOf(limited.header("Retry-After")))).isPositive();
        assertThat(limited.code()).isEqualTo("TOO_MANY_REQUESTS");
        people.of(distributor, Role.BC).signIn(port);
    }

    @Test
    void blocksAUserOnEveryNodeWithinTenSeconds() {
        var clerk = people.of(distributor, Role.BC);
        var client = clerk.signIn(port);
        assertThat(client.get("/api/v1/session").status()).isEqualTo(200);
        // as another node does it: this one is not told
        transactions.shared(jdbc -> jdbc.sql("update access.app_user set status = 'BLOCKED' where id = :id").param("id", clerk.id()).update());
        Awaitility.await().atMost(Duration.ofSeconds(11)).pollInterval(Duration.ofSeconds(1)).until(() -> client.get("/api/v1/session").status() == 401);
        assertThat(new Client(port).post("/api/v1/session", Map.of("username", clerk.username(), "password", People.PASSWORD)).code()).isEqualTo("BAD_CREDENTIALS");
    }

    @Test
    void endsIdleAndOldSessions() {
        for (var age : List.of("seen_at = seen_at - interval '13 hours'", "expires_at = created_at - interval '1 second'")) {
            var clerk = people.of(distributor, Role.BC);
            var client = clerk.signIn(port);
            transactions.shared(jdbc -> jdbc.sql("update access.session set " + age + " where user_id = :id").param("id", clerk.id()).update());
            assertThat(client.get("/api/v1/session").status()).as(age).isEqualTo(401);
        }
    }

    @Test
    void changesTheOwnPasswordAndEndsAllOtherSessions() {
        var clerk = people.of(distributor, Role.BC);
        var here = clerk.signIn(port);
        var elsewhere = clerk.signIn(port);
        assertThat(here.post("/api/v1/session/password", Map.of("current", "wrong", "password", "a much better one")).status()).isEqualTo(422);
        assertThat(here.post("/api/v1/session/password", Map.of("current", People.PASSWORD, "password", "short")).code()).isEqualTo("PASSWORD_WEAK");
        assertThat(here.post("/api/v1/session/password", Map.of("current", People.PASSWORD, "password", "a much better one")).status()).isEqualTo(204);
        assertThat(here.get("/api/v1/session").status()).isEqualTo(200);
        assertThat(elsewhere.get("/api/v1/session").status()).isEqualTo(401);
        new Client(port).signIn(clerk.username(), "a much better one");
    }

    @Test
    void touchesTheSessionAtMostOnceAMinute() {
        var clerk = people.of(distributor, Role.BC);
        var client = clerk.signIn(port);
        var first = seen(clerk.id());
        client.get("/api/v1/session");
        assertThat(seen(clerk.id())).isEqualTo(first);
    }

    private String seen(long user) {
        return transactions.shared(jdbc -> jdbc.sql("select seen_at::text from access.session where user_id = :id").param("id", user).query(String.class).single());
    }

    @Test
    void carriesSecurityHeadersOnEveryAnswer() {
        for (var path : List.of("/api/v1/session", "/", "/counter/bill", "/nowhere.txt")) {
            var answer = new Client(port).get(path);
            assertThat(answer.status()).as(path).isLessThan(500);
            assertThat(answer.header("Content-Security-Policy")).as(path).contains("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'");
            assertThat(answer.header("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(answer.header("Referrer-Policy")).as(path).isEqualTo("same-origin");
            assertThat(answer.header("X-Frame-Options")).as(path).isEqualTo("DENY");
        }
        assertThat(new Client(port).get("/api/v1/session").header("Cache-Control")).contains("no-store");
        assertThat(new Client(port).get("/actuator/health").status()).isEqualTo(200);
        assertThat(new Client(port).get("/actuator/metrics").status()).isEqualTo(401);
        assertThat(people.of(distributor, Role.BC).signIn(port).get("/actuator/metrics").status()).isEqualTo(403);
    }

    @Test
    void showsNoDoorsOutsideOfTheDemo() {
        assertThat(new Client(port).get("/api/v1/demo/doors").code()).isEqualTo("NOT_FOUND");
    }
}
