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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Who may create whom, with which roles and over which rows (domain 12.2, 12.3, GV-01).
@ServerTest
@Tag("GOV-05")
class UserAdministrationTest {
    @LocalServerPort
    int port;
    @Autowired
    People people;
    @Autowired
    TenantTransaction transactions;

    private static Map<String, Object> clerk(String username, long distributor, String... roles) {
        return Map.of("username", username, "name", "Asha", "distributorId", distributor, "password", "a long enough word",
                "roles", java.util.Arrays.stream(roles).map(role -> Map.of("role", role)).toList(),
                "scopes", List.of(Map.of("kind", "DISTRIBUTOR", "id", distributor)));
    }

    @Test
    void createsChangesAndBlocksAUser() {
        var distributor = people.distributor();
        var it = people.headOffice(Role.IT).signIn(port);
        var created = it.post("/api/v1/users", clerk("asha." + distributor, distributor, "BC"));
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        var path = String.valueOf(created.header("Location"));
        assertThat(new Client(port).signIn("asha." + distributor, "a long enough word").get("/api/v1/session").json().path("roles").path(0).asString()).isEqualTo("BC");

        var change = Map.of("name", "Asha Rao", "language", "hi", "roles", List.of(Map.of("role", "BC"), Map.of("role", "GK")),
                "scopes", List.of(Map.of("kind", "DISTRIBUTOR", "id", distributor)));
        assertThat(it.send("PUT", path, change, Map.of()).status()).isEqualTo(428);
        var changed = it.put(path, change, created.etag());
        assertThat(changed.status()).as(changed.toString()).isEqualTo(200);
        assertThat(changed.json().path("roles").size()).isEqualTo(2);
        var stale = it.put(path, change, created.etag());
        assertThat(stale.status()).isEqualTo(412);
        assertThat(stale.json().path("currentVersion").asInt()).isEqualTo(2);

        assertThat(it.post(path + "/block", Map.of("reason", "left us")).json().path("status").asString()).isEqualTo("BLOCKED");
        assertThat(new Client(port).post("/api/v1/session", Map.of("username", "asha." + distributor, "password", "a long enough word")).status()).isEqualTo(401);
        assertThat(it.post(path + "/unblock", null).json().path("status").asString()).isEqualTo("ACTIVE");
        assertThat(it.post(path + "/password", Map.of("password", "another long word")).status()).isEqualTo(204);
        new Client(port).signIn("asha." + distributor, "another long word");
        assertThat(it.get("/api/v1/users?q=asha." + distributor).json().path("items").path(0).path("username").asString()).isEqualTo("asha." + distributor);
        assertThat(it.post("/api/v1/users", clerk("asha." + distributor, distributor, "BC")).code()).isEqualTo("DUPLICATE");
    }

    @Test
    void anOwnerCreatesStaffOfTheOwnDistributorOnly() {
        var mine = people.distributor();
        var other = people.distributor();
        var owner = people.of(mine, Role.DO).signIn(port);
        assertThat(owner.post("/api/v1/users", clerk("own." + mine, mine, "BC")).status()).isEqualTo(201);
        assertThat(owner.post("/api/v1/users", clerk("not." + mine, other, "BC")).status()).isEqualTo(404);
        assertThat(owner.post("/api/v1/users", clerk("fin." + mine, mine, "FIN")).code()).isEqualTo("FORBIDDEN");
        var wide = Map.of("username", "wide." + mine, "name", "x", "distributorId", mine, "password", "a long enough word",
                "roles", List.of(Map.of("role", "BC")), "scopes", List.of(Map.of("kind", "NETWORK")));
        assertThat(owner.post("/api/v1/users", wide).status()).isEqualTo(403);
        var stranger = people.of(other, Role.BC);
        assertThat(owner.get("/api/v1/users/" + stranger.id()).status()).isEqualTo(404);
        assertThat(owner.post("/api/v1/users/" + stranger.id() + "/block", Map.of("reason", "jealousy")).status()).isEqualTo(404);
        assertThat(owner.get("/api/v1/users?distributorId=" + other).json().path("items").size()).isZero();
    }

    @Test
    @Tag("GOV-15")
    void refusesSod6WhoAdministersUsersDoesNotPostBusiness() {
        var distributor = people.distributor();
        var it = people.headOffice(Role.IT).signIn(port);
        for (var pair : List.of(List.of("IT", "BC"), List.of("COE", "REP"), List.of("IT", "GK"), List.of("IT", "DO"))) {
            var refused = it.post("/api/v1/users", clerk("both." + distributor, distributor, pair.toArray(String[]::new)));
            assertThat(refused.status()).as(pair.toString()).isEqualTo(409);
            assertThat(refused.json().path("rule").asString()).as(pair.toString()).isEqualTo("SOD-6");
        }
        var future = Map.of("username", "later." + distributor, "name", "x", "distributorId", distributor, "password", "a long enough word",
                "roles", List.of(Map.of("role", "BC", "validFrom", "2030-01-01"), Map.of("role", "IT", "validTo", "2031-01-01")),
                "scopes", List.of(Map.of("kind", "DISTRIBUTOR", "id", distributor)));
        assertThat(it.post("/api/v1/users", future).code()).as("an overlap in the future counts").isEqualTo("DUTIES_CONFLICT");
        var apart = Map.of("username", "apart." + distributor, "name", "x", "distributorId", distributor, "password", "a long enough word",
                "roles", List.of(Map.of("role", "BC", "validFrom", "2030-01-01"), Map.of("role", "IT", "validTo", "2029-12-31")),
                "scopes", List.of(Map.of("kind", "DISTRIBUTOR", "id", distributor)));
        assertThat(it.post("/api/v1/users", apart).status()).isEqualTo(201);
    }

    @Test
    void nobodyChangesTheOwnRights() {
        var it = people.headOffice(Role.IT);
        var client = it.signIn(port);
        var me = client.get("/api/v1/users/" + it.id());
        var change = Map.of("name", "x", "language", "en", "roles", List.of(Map.of("role", "AUD")), "scopes", List.of(Map.of("kind", "NETWORK")));
        assertThat(client.put("/api/v1/users/" + it.id(), change, me.etag()).json().path("rule").asString()).isEqualTo("SOD-6");
        assertThat(client.post("/api/v1/users/" + it.id() + "/block", Map.of("reason", "tired")).status()).isEqualTo(409);
    }

    @Test
    void aMissingPermissionNamesWhoHoldsItAndIsNoted() {
        var clerk = people.of(people.distributor(), Role.BC);
        var refused = clerk.signIn(port).get("/api/v1/users");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("permission").asString()).isEqualTo("USER_READ");
        assertThat(refused.json().path("grantedBy").toString()).contains("IT", "COE");
        var log = people.headOffice(Role.AUD).signIn(port).get("/api/v1/security-log?kind=PERMISSION_REFUSED&username=" + clerk.username());
        assertThat(log.json().path("items").size()).isEqualTo(1);
        assertThat(log.json().path("items").path(0).path("subject").asString()).isEqualTo("USER_READ");
    }

    @Test
    void aScopeMissIsAnsweredAsNotFoundAndNoted() {
        var mine = people.distributor();
        var owner = people.of(mine, Role.DO);
        var stranger = people.of(people.distributor(), Role.BC);
        assertThat(owner.signIn(port).get("/api/v1/users/" + stranger.id()).code()).isEqualTo("NOT_FOUND");
        var log = people.headOffice(Role.IT).signIn(port).get("/api/v1/security-log?kind=SCOPE_REFUSED&username=" + owner.username());
        assertThat(log.json().path("items").size()).isEqualTo(1);
        assertThat(log.text()).doesNotContain("password");
    }

    @Test
    void rolesEndOnTheirDate() {
        var distributor = people.distributor();
        var it = people.headOffice(Role.IT).signIn(port);
        var past = Map.of("username", "past." + distributor, "name", "x", "distributorId", distributor, "password", "a long enough word",
                "roles", List.of(Map.of("role", "DO", "validTo", "2020-01-01")), "scopes", List.of(Map.of("kind", "DISTRIBUTOR", "id", distributor, "validFrom", "2099-01-01")));
        assertThat(it.post("/api/v1/users", past).status()).isEqualTo(201);
        var me = new Client(port).signIn("past." + distributor, "a long enough word").get("/api/v1/session").json();
        assertThat(me.path("roles").size()).isZero();
        assertThat(me.path("distributors").size()).isZero();
    }

    @Test
    void territoriesBecomeTheirDistributors() {
        var below = people.distributor();
        var outside = people.distributor();
        long region = transactions.shared(jdbc -> {
            long top = jdbc.sql("insert into network.territory (code, name, kind) values ('R-' || :id, 'West', 'REGION') returning id").param("id", below).query(Long.class).single();
            long node = jdbc.sql("insert into network.territory (code, name, kind, parent_id) values ('T-' || :id, 'Pune', 'TERRITORY', :top) returning id").param("id", below).param("top", top).query(Long.class).single();
            jdbc.sql("update network.distributor set territory_id = :node where id = :id").param("node", node).param("id", below).update();
            return top;
        });
        var rsm = people.create(null, List.of(new Grant.OfScope(Grant.ScopeKind.TERRITORY, region, java.time.LocalDate.of(2020, 1, 1), null)), Role.RSM);
        var me = rsm.signIn(port).get("/api/v1/session").json();
        assertThat(me.path("distributors").size()).isEqualTo(1);
        assertThat(me.path("distributors").path(0).path("id").asLong()).isEqualTo(below).isNotEqualTo(outside);
    }

    @Test
    @Tag("GOV-15")
    void aTokenDoesOnlyWhatItWasMadeForAndEndsWhenRevoked() {
        var distributor = people.distributor();
        var owner = people.of(distributor, Role.DO).signIn(port);
        var beyond = owner.post("/api/v1/api-tokens", Map.of("name", "Tally", "permissions", List.of("SECURITY_LOG_READ"), "days", 30));
        assertThat(beyond.status()).isEqualTo(422);
        var created = owner.post("/api/v1/api-tokens", Map.of("name", "Tally", "permissions", List.of("USER_READ"), "days", 30));
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        var secret = created.json().path("secret").asString();
        assertThat(secret).startsWith("offtake_");
        var api = Client.withToken(port, secret);
        assertThat(api.get("/api/v1/users").status()).isEqualTo(200);
        assertThat(api.post("/api/v1/users", clerk("by.token." + distributor, distributor, "BC")).status()).as("not among its permissions").isEqualTo(403);
        assertThat(api.post("/api/v1/api-tokens", Map.of("name", "child", "permissions", List.of("USER_READ"), "days", 30)).status()).isEqualTo(403);
        var listed = owner.get("/api/v1/api-tokens");
        assertThat(listed.text()).doesNotContain(secret).contains("Tally");
        int plain = transactions.shared(jdbc -> jdbc.sql("select count(*) from access.api_token where position(convert_to(:secret, 'UTF8') in token_hash) > 0").param("secret", secret).query(Integer.class).single());
        assertThat(plain).isZero();

        // as another node does it
        transactions.shared(jdbc -> jdbc.sql("update access.api_token set revoked_at = now() where id = :id").param("id", created.json().path("id").asLong()).update());
        Awaitility.await().atMost(Duration.ofSeconds(11)).pollInterval(Duration.ofSeconds(1)).until(() -> api.get("/api/v1/users").status() == 401);

        var second = owner.post("/api/v1/api-tokens", Map.of("name", "Busy", "permissions", List.of("USER_READ"), "days", 1)).json();
        var busy = Client.withToken(port, second.path("secret").asString());
        assertThat(busy.get("/api/v1/users").status()).isEqualTo(200);
        assertThat(owner.delete("/api/v1/api-tokens/" + second.path("id").asLong()).status()).isEqualTo(204);
        assertThat(busy.get("/api/v1/users").status()).as("at once on the node that revoked it").isEqualTo(401);
        assertThat(people.of(people.distributor(), Role.DO).signIn(port).delete("/api/v1/api-tokens/" + second.path("id").asLong()).status()).isIn(403, 404);
    }
}
