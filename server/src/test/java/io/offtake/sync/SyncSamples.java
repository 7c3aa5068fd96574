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

/// A device of the owner's counter: its snapshot and its queued commands.
@Component
class SyncSamples implements OperationSamples {

    @Override
    public void add(Samples to) {
        to.row("GET /api/v1/sync/snapshot/{group}", world -> get("/api/v1/sync/snapshot/must?distributorId=" + world.owner.id()), Role.BC);
        to.row("POST /api/v1/sync/commands", world -> {
            var id = UUID.randomUUID();
            var body = Map.of("id", id, "distributorId", world.owner.id(), "principalId", world.network.principal, "outletId", world.owner.o2(), "businessDate", world.network.today().toString(), "mode", "CASH", "amount", "10.00");
            return post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", world.owner.id(),
                    "commands", List.of(Map.of("id", id, "seq", 1, "kind", "collection", "businessDate", world.network.today().toString(), "body", body))));
        }, Role.BC);
        to.row("POST /api/v1/evidence", world -> post("/api/v1/evidence?distributorId=" + world.owner.id(), PICTURE).with("Content-Type", "image/png"), Role.BC);
        to.row("GET /api/v1/evidence/{hash}", world -> get("/api/v1/evidence/" + picture(world) + "?distributorId=" + world.owner.id()), Role.BC);
        to.row("GET /api/v1/evidence/{hash}/state", world -> get("/api/v1/evidence/" + picture(world) + "/state?distributorId=" + world.owner.id()), Role.BC);
    }

    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A, 1};

    private static String picture(World world) {
        return world.once("picture", () -> world.owner(Role.BC).send("POST", "/api/v1/evidence?distributorId=" + world.owner.id(), PICTURE, Map.of("Content-Type", "image/png")).json().path("hash").asString());
    }
}
