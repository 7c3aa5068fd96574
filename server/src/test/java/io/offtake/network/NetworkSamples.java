package io.offtake.network;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;
import static io.offtake.access.testing.Samples.Request.put;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Principals, territories and distributors are the network's; warehouses, beats and outlets are a distributor's.
@Component
class NetworkSamples implements OperationSamples {

    @Override
    public void add(Samples to) {
        var why = "a master of the network, kept by the head office";
        to.nobodys("GET /api/v1/principals", why, _ -> get("/api/v1/principals"), Role.BC);
        to.nobodys("GET /api/v1/principals/{id}", why, world -> get("/api/v1/principals/" + world.network.principal), Role.BC);
        to.nobodys("POST /api/v1/principals", why, world -> post("/api/v1/principals", principal("N-" + world.network.tag)), Role.COE);
        to.nobodys("PUT /api/v1/principals/{id}", why, world -> put("/api/v1/principals/" + world.network.principal, principal("P-" + world.network.tag),
                world.owner(Role.COE).get("/api/v1/principals/" + world.network.principal).etag()), Role.COE);
        to.nobodys("GET /api/v1/territories", why, _ -> get("/api/v1/territories"), Role.COE);
        to.nobodys("GET /api/v1/territories/{id}", why, world -> get("/api/v1/territories/" + territory(world)), Role.COE);
        to.nobodys("POST /api/v1/territories", why, world -> post("/api/v1/territories", Map.of("code", "C2-" + world.network.tag, "name", "Marulia", "kind", "COUNTRY", "parent", "")), Role.COE);
        to.nobodys("PUT /api/v1/territories/{id}", why, world -> put("/api/v1/territories/" + territory(world),
                Map.of("code", "C-" + world.network.tag, "name", "Renamed", "kind", "COUNTRY", "parent", ""), world.owner(Role.COE).get("/api/v1/territories/" + territory(world)).etag()), Role.COE);

        to.nobodys("GET /api/v1/principals/{id}/history", why, world -> get("/api/v1/principals/" + world.network.principal + "/history"), Role.COE);
        to.nobodys("GET /api/v1/territories/{id}/history", why, world -> get("/api/v1/territories/" + territory(world) + "/history"), Role.COE);
        to.row("GET /api/v1/distributors/{id}/history", world -> get("/api/v1/distributors/" + world.owner.id() + "/history"), Role.COE);
        to.list("GET /api/v1/distributors", _ -> get("/api/v1/distributors"), world -> "OWNER-" + world.network.tag, Role.DO);
        to.row("GET /api/v1/distributors/{id}", world -> get("/api/v1/distributors/" + world.owner.id()), Role.DO);
        to.headOffice("POST /api/v1/distributors", "a new one is nobody's yet", world -> post("/api/v1/distributors", distributor("NEW-" + world.network.tag, world)), Role.COE);
        to.row("PUT /api/v1/distributors/{id}", world -> put("/api/v1/distributors/" + world.owner.id(), distributor("OWNER-" + world.network.tag, world),
                world.owner(Role.COE).get("/api/v1/distributors/" + world.owner.id()).etag()), Role.COE);

        distributorMaster(to, "warehouses", Role.COE, world -> world.owner.warehouse(), code -> Map.of("code", code, "name", "Godown", "picking", false, "dispatch", false));
        distributorMaster(to, "beats", Role.BC, world -> world.once("beat", () -> {
            var id = UUID.fromString(world.owner(Role.BC).get("/api/v1/beats").json().path("items").path(0).path("id").asString());
            world.secret(id.toString());
            return id;
        }), code -> Map.of("code", code, "name", "Station Road", "salesman", "Imran"));
        distributorMaster(to, "outlets", Role.BC, world -> world.owner.o2(), code -> Map.of("code", code, "name", "Lakshmi Stores", "channel", "GT", "outletClass", "A", "stateCode", "27", "pin", "411001", "city", "Pune", "address", "Main Road"));
    }

    /// The four operations of a distributor's master.
    private static void distributorMaster(Samples to, String type, Role role, java.util.function.Function<World, UUID> existing, java.util.function.Function<String, Map<String, Object>> form) {
        var path = "/api/v1/" + type;
        to.list("GET " + path, _ -> get(path), world -> existing.apply(world).toString(), role);
        to.row("GET " + path + "/{id}", world -> get(path + "/" + existing.apply(world)), role);
        to.row("GET " + path + "/{id}/history", world -> get(path + "/" + existing.apply(world) + "/history"), role);
        to.row("POST " + path, world -> {
            var body = new LinkedHashMap<>(form.apply("N1"));
            body.put("distributorId", world.owner.id());
            body.put("id", UUID.randomUUID());
            return post(path, body);
        }, role);
        to.row("PUT " + path + "/{id}", world -> {
            var one = path + "/" + existing.apply(world);
            var read = world.owner(role).get(one);
            var body = new LinkedHashMap<>(form.apply(read.json().path("code").asString()));
            return put(one, body, read.etag());
        }, role);
    }

    private static Map<String, Object> principal(String code) {
        return Map.of("code", code, "name", "Sunbird Foods", "legalName", "Sunbird Foods Ltd", "stateCode", "27", "address", "Mumbai");
    }

    private static Map<String, Object> distributor(String code, World world) {
        return Map.of("code", code, "name", "Kesar Traders", "legalName", "Kesar Traders", "registration", "UNREGISTERED", "stateCode", "27", "city", "Pune", "pin", "411001",
                "principals", List.of("P-" + world.network.tag));
    }

    private static long territory(World world) {
        return world.once("territory", () -> world.network.transactions.<Long>shared(jdbc -> jdbc.sql("insert into network.territory (code, name, kind) values (?, 'Marulia', 'COUNTRY') returning id")
                .param("C-" + world.network.tag).query(Long.class).single()));
    }
}
