package io.offtake.access;

import static io.offtake.access.testing.Samples.Request.delete;
import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;
import static io.offtake.access.testing.Samples.Request.put;

import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.People;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/// Sessions, users, tokens and the security log.
@Component
class AccessSamples implements OperationSamples {

    @Override
    public void add(Samples to) {
        to.nobodys("POST /api/v1/session", "about oneself", world -> post("/api/v1/session", Map.of("username", world.once("signer", () -> world.outsider(Role.SO)).username(), "password", People.PASSWORD)), Role.SO, Role.RSM);
        to.nobodys("GET /api/v1/session", "about oneself", _ -> get("/api/v1/session"), Role.BC);
        to.nobodys("PUT /api/v1/session/language", "about oneself", _ -> new Samples.Request("PUT", "/api/v1/session/language", Map.of("language", "en"), Map.of()), Role.BC);
        to.nobodys("POST /api/v1/session/password", "about oneself", _ -> post("/api/v1/session/password", Map.of("current", People.PASSWORD, "password", People.PASSWORD)), Role.ASM);
        to.nobodys("DELETE /api/v1/session", "about oneself", _ -> delete("/api/v1/session"), Role.SO, Role.ASM);
        to.absent("GET /api/v1/demo/doors", "the demo's passwords", _ -> get("/api/v1/demo/doors"), Role.BC);
        to.nobodys("GET /api/v1/roles", "what roles there are", _ -> get("/api/v1/roles"), Role.IT);

        to.list("GET /api/v1/users", _ -> get("/api/v1/users?limit=200"), world -> staff(world).username(), Role.IT);
        to.row("GET /api/v1/users/{id}", world -> get("/api/v1/users/" + staff(world).id()), Role.DO);
        to.row("POST /api/v1/users", world -> post("/api/v1/users", Map.of("username", "new." + world.owner.id(), "name", "New", "distributorId", world.owner.id(), "password", People.PASSWORD,
                "roles", List.of(Map.of("role", "BC")), "scopes", List.of(Map.of("kind", "DISTRIBUTOR", "id", world.owner.id())))), Role.DO);
        to.row("PUT /api/v1/users/{id}", world -> {
            var path = "/api/v1/users/" + staff(world).id();
            return put(path, Map.of("name", "Renamed", "language", "hi", "roles", List.of(Map.of("role", "GK")), "scopes", List.of(Map.of("kind", "DISTRIBUTOR", "id", world.owner.id()))),
                    world.owner(Role.DO).get(path).etag());
        }, Role.DO);
        to.row("POST /api/v1/users/{id}/block", world -> post("/api/v1/users/" + staff(world).id() + "/block", Map.of("reason", "on leave")), Role.DO);
        to.row("POST /api/v1/users/{id}/unblock", world -> post("/api/v1/users/" + staff(world).id() + "/unblock", null), Role.DO);
        to.row("POST /api/v1/users/{id}/password", world -> post("/api/v1/users/" + staff(world).id() + "/password", Map.of("password", People.PASSWORD)), Role.DO);

        to.list("GET /api/v1/api-tokens", _ -> get("/api/v1/api-tokens"), world -> "name\":\"" + token(world), Role.DO);
        to.row("POST /api/v1/api-tokens", world -> post("/api/v1/api-tokens", Map.of("userId", staff(world).id(), "name", "for staff", "permissions", List.of("STOCK_READ"), "days", 1)), Role.IT);
        to.row("DELETE /api/v1/api-tokens/{id}", world -> {
            var created = world.owner(Role.DO).post("/api/v1/api-tokens", Map.of("name", "short lived", "permissions", List.of("SKU_READ"), "days", 1));
            return delete("/api/v1/api-tokens/" + created.json().path("id").asLong());
        }, Role.DO);
        to.list("GET /api/v1/security-log", world -> {
            world.owner(Role.GK).get("/api/v1/security-log");
            return get("/api/v1/security-log");
        }, _ -> "SECURITY_LOG_READ", Role.AUD);
    }

    private static People.Person staff(World world) {
        return world.once("a member of staff", () -> {
            var person = world.staff(Role.GK);
            world.secret("\"username\":\"" + person.username() + "\"");
            return person;
        });
    }

    private static String token(World world) {
        return world.once("a token", () -> {
            var name = world.secret("Tally of " + world.owner.id());
            world.owner(Role.DO).post("/api/v1/api-tokens", Map.of("name", name, "permissions", List.of("SKU_READ"), "days", 1));
            return name;
        });
    }
}
