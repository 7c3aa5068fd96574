package io.offtake.sync;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// A device of the owner's counter: its snapshot and its queued commands.
@Component
class SyncSamples implements OperationSamples {

    @Override
    public void add(Samples to) {
        to.row("GET /api/v1/sync/snapshot/{group}", world -> get("/api/v1/sync/snapshot/must?distributorId=" + world.owner.id()), Role.BC);
        to.row("GET /api/v1/sync/changes/{group}", world -> get("/api/v1/sync/changes/must?distributorId=" + world.owner.id()), Role.BC);
        to.row("POST /api/v1/sync/commands", world -> {
            var id = UUID.randomUUID();
            var body = Map.of("id", id, "distributorId", world.owner.id(), "principalId", world.network.principal, "outletId", world.owner.o2(), "businessDate", world.network.today().toString(), "mode", "CASH", "amount", "10.00");
            return post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", world.owner.id(),
                    "commands", List.of(Map.of("id", id, "seq", 1, "kind", "collection", "businessDate", world.network.today().toString(), "body", body))));
        }, Role.BC);
        to.row("POST /api/v1/sync/devices", world -> post("/api/v1/sync/devices", registration(world, UUID.randomUUID())), Role.BC);
        to.list("GET /api/v1/sync/devices", world -> get("/api/v1/sync/devices"), world -> device(world, "listed").toString(), Role.DO);
        to.row("GET /api/v1/sync/devices/{id}", world -> get("/api/v1/sync/devices/" + device(world, "read")), Role.DO);
        to.row("POST /api/v1/sync/devices/{id}/heartbeat", world -> owned(world, "beats", "/heartbeat", Map.of("queueLength", 3)), Role.BC);
        to.row("PUT /api/v1/sync/devices/{id}/escrow", world -> put(owned(world, "escrow", "/escrow", Map.of("key", "AAAA"))), Role.BC);
        to.row("GET /api/v1/sync/devices/{id}/escrow", world -> {
            var left = put(owned(world, "escrowed", "/escrow", Map.of("key", "BBBB")));
            world.owner(Role.BC).send("PUT", left.path(), left.body(), left.headers());
            return get(left.path());
        }, Role.BC);
        to.row("POST /api/v1/sync/devices/{id}/leases", world -> owned(world, "leases", "/leases", Map.of("documentTypes", List.of("INVOICE"))), Role.BC);
        to.row("POST /api/v1/sync/devices/{id}/name", world -> post("/api/v1/sync/devices/" + device(world, "named") + "/name", Map.of("name", "Till 2")), Role.DO);
        for (var step : List.of("lock", "wipe", "revoke"))
            to.row("POST /api/v1/sync/devices/{id}/" + step, world -> post("/api/v1/sync/devices/" + device(world, step) + "/" + step, Map.of("reason", "lost")), Role.DO);
        to.row("POST /api/v1/sync/devices/{id}/unlock", world -> {
            world.owner(Role.DO).post("/api/v1/sync/devices/" + device(world, "unlock") + "/lock", Map.of("reason", "lost"));
            return post("/api/v1/sync/devices/" + device(world, "unlock") + "/unlock", Map.of("reason", "found"));
        }, Role.DO);
        to.row("POST /api/v1/sync/devices/{id}/wiped", world -> {
            var request = owned(world, "wiped", "/wiped", Map.of());
            world.owner(Role.DO).post("/api/v1/sync/devices/" + device(world, "wiped") + "/wipe", Map.of("reason", "sold"));
            return request;
        }, Role.BC);
        to.list("GET /api/v1/sync/outcomes", world -> get("/api/v1/sync/outcomes"), world -> sent(world).toString(), Role.BC);
        to.list("GET /api/v1/sync/drafts", world -> get("/api/v1/sync/drafts"), world -> draft(world).toString(), Role.BC);
        to.list("GET /api/v1/sync/tasks", world -> get("/api/v1/sync/tasks"), world -> task(world).toString(), Role.DO);
        to.row("POST /api/v1/sync/tasks/{id}/decision", world -> post("/api/v1/sync/tasks/" + task(world) + "/decision", Map.of("decision", "ACCEPT", "note", "as agreed")), Role.DO);
        to.row("POST /api/v1/sync/devices/{id}/rescues", world -> held(world, "held"), Role.BC);
        to.list("GET /api/v1/sync/rescues", world -> get("/api/v1/sync/rescues"), world -> rescue(world, "listed queue").toString(), Role.DO);
        for (var step : List.of("accept", "discard"))
            to.row("POST /api/v1/sync/rescues/{id}/" + step, world -> post("/api/v1/sync/rescues/" + rescue(world, step) + "/" + step, Map.of("reason", "as agreed")), Role.DO);
        to.row("POST /api/v1/evidence", world -> post("/api/v1/evidence?distributorId=" + world.owner.id(), PICTURE).with("Content-Type", "image/png"), Role.BC);
        to.row("GET /api/v1/evidence/{hash}", world -> get("/api/v1/evidence/" + picture(world) + "?distributorId=" + world.owner.id()), Role.BC);
        to.row("GET /api/v1/evidence/{hash}/state", world -> get("/api/v1/evidence/" + picture(world) + "/state?distributorId=" + world.owner.id()), Role.BC);
    }

    private static Map<String, Object> registration(World world, UUID id) {
        return Map.of("id", id, "distributorId", world.owner.id(), "name", "Till", "kind", "COUNTER", "appVersion", "1", "schemaVersion", 2);
    }

    /// A device of the owner's clerk, one for each use.
    private static UUID device(World world, String use) {
        return world.once("device " + use, () -> {
            var id = UUID.randomUUID();
            var registered = world.owner(Role.BC).post("/api/v1/sync/devices", registration(world, id));
            world.once("secret " + use, () -> registered.json().path("secret").asString());
            return UUID.fromString(world.secret(id.toString()));
        });
    }

    private static Samples.Request put(Samples.Request like) {
        return new Samples.Request("PUT", like.path(), like.body(), like.headers());
    }

    private static Samples.Request owned(World world, String use, String path, Object body) {
        var id = device(world, use);
        String secret = world.once("secret " + use, () -> "");
        return post("/api/v1/sync/devices/" + id + path + "?distributorId=" + world.owner.id(), body).with("X-Device-Secret", secret);
    }

    /// The hand-in of a locked device's queue.
    private static Samples.Request held(World world, String use) {
        var request = owned(world, "rescue " + use, "/rescues", Map.of("commands", List.of(Map.of("id", UUID.randomUUID(), "seq", 1, "kind", "dance", "businessDate", world.network.today().toString(), "body", Map.of()))));
        world.owner(Role.DO).post("/api/v1/sync/devices/" + device(world, "rescue " + use) + "/lock", Map.of("reason", "lost"));
        return request;
    }

    private static UUID rescue(World world, String use) {
        return world.once("rescued " + use, () -> {
            var request = held(world, use);
            var answer = world.owner(Role.BC).send(request.method(), request.path(), request.body(), request.headers());
            return UUID.fromString(answer.json().path("rescue").path("id").asString());
        });
    }

    private static JsonNode send(World world, Map<String, Object> command) {
        return world.owner(Role.BC).post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", world.owner.id(), "commands", List.of(command))).json();
    }

    private static UUID sent(World world) {
        return world.once("sent", () -> {
            var id = UUID.randomUUID();
            var body = Map.of("id", id, "distributorId", world.owner.id(), "principalId", world.network.principal, "outletId", world.owner.o2(), "businessDate", world.network.today().toString(), "mode", "CASH", "amount", "10.00");
            send(world, Map.of("id", id, "seq", 1, "kind", "collection", "businessDate", world.network.today().toString(), "body", body));
            return id;
        });
    }

    private static UUID draft(World world) {
        return world.once("draft", () -> {
            var id = UUID.randomUUID();
            send(world, Map.of("id", id, "seq", 1, "kind", "draft", "businessDate", world.network.today().toString(),
                    "body", Map.of("documentType", "CLAIM", "summary", "Leaking packs", "evidence", List.of("0".repeat(64)), "content", Map.of("lines", List.of()))));
            return id;
        });
    }

    /// A critical field of an outlet, changed without a network.
    private static UUID task(World world) {
        return world.once("task", () -> UUID.fromString(send(world, Map.of("id", UUID.randomUUID(), "seq", 1, "kind", "outlet-edit", "businessDate", world.network.today().toString(),
                "body", Map.of("outletId", world.owner.o3(), "fields", Map.of("gstin", "29ABCDE1234F1ZW")))).path("answers").path(0).path("tasks").path(0).asString()));
    }

    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A, 1};

    private static String picture(World world) {
        return world.once("picture", () -> world.owner(Role.BC).send("POST", "/api/v1/evidence?distributorId=" + world.owner.id(), PICTURE, Map.of("Content-Type", "image/png")).json().path("hash").asString());
    }
}
