package io.offtake.governance;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;
import static io.offtake.access.testing.Samples.Request.put;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import io.offtake.governance.testing.Changes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Change requests for the owner's prices and credit are the owner's; policies and templates are the network's.
@Component
class GovernanceSamples implements OperationSamples {
    private static final String WHY = "configuration of the network, kept by the head office";
    private static final String PATH = "/api/v1/change-requests";

    @Override
    public void add(Samples to) {
        requests(to);
        people(to);
        network(to, "policies", world -> policy(world, 0), world -> policy(world, 80), world -> policy(world, 0));
        network(to, "templates", world -> template(world, "T1", "Text"), world -> template(world, "T2", "Text"), world -> template(world, "T1", "Other text"));
        network(to, "rounding-policies", world -> rounding(world, 50), world -> rounding(world, 90), world -> rounding(world, 60));
        bundles(to);
        to.nobodys("GET /api/v1/policies/keys", WHY, _ -> get("/api/v1/policies/keys"), Role.COE);
        to.headOffice("POST /api/v1/templates/{id}/instances", WHY, world -> post("/api/v1/templates/" + stored(world, "templates", template(world, "T1", "Text")) + "/instances",
                Map.of("values", Map.of("value", "20", "validFrom", world.network.today().plusDays(120).toString()))), Role.COE);
    }

    private static void requests(Samples to) {
        to.list("GET " + PATH, _ -> get(PATH + "?limit=200"), world -> request(world, "kept", 30), Role.SO);
        to.row("GET " + PATH + "/{id}", world -> get(PATH + "/" + request(world, "kept", 30)), Role.SO);
        to.row("GET " + PATH + "/{id}/items", world -> get(PATH + "/" + request(world, "kept", 30) + "/items"), Role.SO);
        to.row("GET " + PATH + "/{id}/history", world -> get(PATH + "/" + request(world, "kept", 30) + "/history"), Role.SO);
        to.row("POST " + PATH, world -> post(PATH, proposal(world, "posted", 31)), Role.SO);
        to.row("PUT " + PATH + "/{id}", world -> {
            var id = request(world, "changed", 32);
            return put(PATH + "/" + id, Map.of("content", proposal(world, "changed", 33).get("content")), world.owner(Role.SO).get(PATH + "/" + id).etag());
        }, Role.SO);
        to.row("POST " + PATH + "/{id}/checks", world -> post(PATH + "/" + request(world, "kept", 30) + "/checks", null), Role.SO);
        to.row("POST " + PATH + "/{id}/comments", world -> post(PATH + "/" + request(world, "kept", 30) + "/comments", Map.of("text", "For the new chain")), Role.SO);
        to.row("POST " + PATH + "/{id}/submission", world -> {
            var id = request(world, "submitted", 34);
            return post(PATH + "/" + id + "/submission", Map.of("reason", "agreed with the outlet")).with("If-Match", world.owner(Role.SO).get(PATH + "/" + id).etag());
        }, Role.SO);
        to.row("POST " + PATH + "/{id}/withdrawal", world -> post(PATH + "/" + request(world, "withdrawn", 35) + "/withdrawal", Map.of("reason", "not needed")), Role.SO);
        to.row("POST " + PATH + "/{id}/approval", world -> {
            var submitted = submitted(world, "approved", 36);
            return post(PATH + "/" + submitted + "/approval", Map.of("contentHash", world.owner(Role.FIN).get(PATH + "/" + submitted).json().path("contentHash").asString(), "reason", "checked"));
        }, Role.FIN);
        to.row("POST " + PATH + "/{id}/rejection", world -> post(PATH + "/" + submitted(world, "rejected", 37) + "/rejection", Map.of("reason", "too low")), Role.FIN);
        to.row("POST " + PATH + "/{id}/rollback", world -> post(PATH + "/" + terms(world) + "/rollback", Map.of("reason", "the limit was a mistake")), Role.FIN);
        to.row("POST " + PATH + "/{id}/simulation", world -> post(PATH + "/" + publication(world) + "/simulation", Map.of("days", 7)), Role.SO);
        to.row("GET " + PATH + "/{id}/simulation", world -> get(PATH + "/" + publication(world) + "/simulation"), Role.SO);
        to.headOffice("POST " + PATH + "/{id}/review", WHY, world -> post(PATH + "/" + stopped(world) + "/review", Map.of("outcome", "CONFIRMED", "reason", "rightly stopped")), Role.FIN);
    }

    private static void people(Samples to) {
        to.nobodys("GET /api/v1/governance/duties", "about oneself", _ -> get("/api/v1/governance/duties"), Role.FIN);
        to.nobodys("GET /api/v1/approval-delegations", "about oneself", _ -> get("/api/v1/approval-delegations"), Role.FIN);
        to.nobodys("POST /api/v1/approval-delegations", "about oneself", world -> post("/api/v1/approval-delegations", delegation(world)), Role.FIN);
        to.row("POST /api/v1/approval-delegations/{id}/revocation", world -> post("/api/v1/approval-delegations/" + world.once("delegation", () -> {
            var made = world.owner(Role.FIN).post("/api/v1/approval-delegations", delegation(world));
            return made.json().path("id").asString();
        }) + "/revocation", null), Role.FIN);
        to.list("GET /api/v1/overrides", _ -> get("/api/v1/overrides"), null, Role.FIN);
        to.nobodys("GET /api/v1/overrides/ratio", "a ratio over the own scope", _ -> get("/api/v1/overrides/ratio"), Role.FIN);
    }

    private static void bundles(Samples to) {
        var path = "/api/v1/config-bundles";
        to.headOffice("POST " + path + "/export", WHY, _ -> post(path + "/export", Map.of("kinds", List.of("templates"))), Role.COE);
        to.headOffice("POST " + path + "/import", WHY, world -> post(path + "/import", world.headOffice(Role.COE).post(path + "/export", Map.of("kinds", List.of("templates"))).json()), Role.COE);
        to.nobodys("GET " + path + "/keys", WHY, _ -> get(path + "/keys"), Role.COE);
        to.headOffice("POST " + path + "/keys", WHY, world -> post(path + "/keys", key(world)), Role.IT);
        to.headOffice("POST " + path + "/keys/{fingerprint}/revocation", WHY, world -> post(path + "/keys/" + world.headOffice(Role.IT).post(path + "/keys", key(world)).json().path("fingerprint").asString() + "/revocation", null), Role.IT);
    }

    private static Map<String, Object> key(World world) {
        return world.once("bundle key", () -> {
            try {
                var pair = java.security.KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                return Map.of("name", "UAT", "publicKey", java.util.Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()));
            } catch (java.security.NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    private static Map<String, Object> delegation(World world) {
        return Map.of("toUser", world.once("delegate", () -> world.staff(Role.ASM).username()), "validFrom", world.network.today().plusDays(1).toString(), "validTo", world.network.today().plusDays(9).toString(),
                "reason", "on leave");
    }

    private static Map<String, Object> proposal(World world, String name, int startsIn) {
        var content = new LinkedHashMap<String, Object>(Map.of("id", world.once("contract of " + name, UUID::randomUUID).toString(), "distributorId", world.owner.id(), "level", 1, "outlet", "O1",
                "principal", "P-" + world.network.tag, "sku", "S2", "mrp", "0", "price", "8.50", "validFrom", world.network.today().plusDays(startsIn).toString()));
        return new LinkedHashMap<>(Map.of("kind", "contract-prices", "distributorId", world.owner.id(), "content", content));
    }

    private static String request(World world, String name, int startsIn) {
        return world.once("request " + name, () -> world.secret(id(world.owner(Role.SO).post(PATH, proposal(world, name, startsIn)))));
    }

    private static String submitted(World world, String name, int startsIn) {
        return world.once("submitted " + name, () -> Changes.submitted(world.owner(Role.SO), world.owner(Role.SO).post(PATH, proposal(world, name, startsIn))).path("id").asString());
    }

    private static String id(Client.Answer answer) {
        if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
        return answer.json().path("id").asString();
    }

    /// A change of credit terms in force: it can be rolled back.
    private static String terms(World world) {
        return world.once("changed terms", () -> {
            var maker = world.owner(Role.ASM);
            var row = maker.get("/api/v1/credit-terms").json().path("items").path(1);
            var path = "/api/v1/credit-terms/" + row.path("id").asString();
            var opened = maker.put(path, Map.of("outlet", row.path("outlet").asString(), "principal", "P-" + world.network.tag, "creditLimit", "12345.00", "creditDays", 9), maker.get(path).etag());
            return Changes.approved(maker, world.owner(Role.FIN), opened).path("id").asString();
        });
    }

    private static String publication(World world) {
        return world.once("publication to simulate", () -> {
            var maker = world.owner(Role.SO);
            var code = "simulated-" + world.network.tag;
            var list = maker.post("/api/v1/price-lists", Map.of("code", code, "name", "Prices", "principal", "P-" + world.network.tag, "level", 5, "distributor", "OWNER-" + world.network.tag,
                    "validFrom", world.network.today().plusDays(25).toString()));
            id(maker.post("/api/v1/price-list-lines", Map.of("list", code, "sku", "S1", "price", "34.10")));
            return id(maker.send("POST", "/api/v1/price-lists/" + id(list) + "/publication", Map.of(), Map.of("If-Match", list.etag())));
        });
    }

    private static String stopped(World world) {
        return world.once("stopped scheme", () -> {
            var maker = world.headOffice(Role.SO);
            var code = "STOP-" + world.network.tag;
            var made = Changes.inForce(maker, world.headOffice(Role.FIN), maker.post("/api/v1/schemes", Map.of("code", code, "name", "Five percent", "principal", "P-" + world.network.tag,
                    "mechanic", Map.of("type", "DISCOUNT", "reward", Map.of("percent", "0.05")), "products", Map.of("skuIds", List.of("S2")),
                    "validFrom", world.network.today().toString(), "validTo", world.network.today().plusDays(60).toString())));
            id(maker.post("/api/v1/schemes/" + made.json().path("id").asString() + "/pause", Map.of("reason", "wrong percentage")));
            return maker.get(PATH + "?emergency=true&q=" + code).json().path("items").path(0).path("id").asString();
        });
    }

    /// From the network's day on, which is not the distributor's while it is night in India.
    private static Map<String, Object> policy(World world, int startsIn) {
        return new LinkedHashMap<>(Map.of("key", "stock.shelf-life-days", "scope", "CHANNEL", "scopeValue", "C" + world.network.tag, "value", "30", "validFrom", java.time.LocalDate.now(java.time.ZoneId.of("Asia/Kolkata")).plusDays(startsIn).toString()));
    }

    private static Map<String, Object> template(World world, String code, String name) {
        return new LinkedHashMap<>(Map.of("code", code + "-" + world.network.tag, "name", name, "kind", "policies",
                "content", Map.of("key", "stock.shelf-life-days", "scope", "CHANNEL", "scopeValue", "T" + world.network.tag, "value", "30", "validFrom", world.network.today().plusDays(100).toString()),
                "parameters", List.of(Map.of("field", "value", "min", "10", "max", "60"))));
    }

    private static Map<String, Object> rounding(World world, int startsIn) {
        int own = Math.floorMod(world.network.tag.hashCode(), 100_000);
        return new LinkedHashMap<>(Map.of("currency", "XTS", "documentRounding", "NONE", "validFrom", world.network.today().plusDays(startsIn + own).toString()));
    }

    private static String stored(World world, String type, Map<String, Object> form) {
        return world.once("stored " + type, () -> {
            var maker = world.headOffice(Role.COE);
            var request = Changes.approved(maker, world.headOffice(Role.FIN), maker.post("/api/v1/" + type, form));
            if (request.path("status").asString().equals("IN_FORCE")) return request.path("items").path(0).path("targetId").asString();
            // written on its day only: the first row there is
            return maker.get("/api/v1/" + type).json().path("items").path(0).path("id").asString();
        });
    }

    private static void network(Samples to, String type, java.util.function.Function<World, Map<String, Object>> existing, java.util.function.Function<World, Map<String, Object>> fresh,
                                java.util.function.Function<World, Map<String, Object>> changed) {
        var path = "/api/v1/" + type;
        to.nobodys("GET " + path, WHY, _ -> get(path), Role.COE);
        to.nobodys("GET " + path + "/{id}", WHY, world -> get(path + "/" + stored(world, type, existing.apply(world))), Role.COE);
        to.nobodys("GET " + path + "/{id}/history", WHY, world -> get(path + "/" + stored(world, type, existing.apply(world)) + "/history"), Role.COE);
        to.headOffice("POST " + path, WHY, world -> post(path, fresh.apply(world)), Role.COE);
        to.headOffice("PUT " + path + "/{id}", WHY, world -> {
            var id = stored(world, type, existing.apply(world));
            var form = type.equals("templates") ? changed.apply(world) : current(world, path + "/" + id);
            return put(path + "/" + id, form, world.headOffice(Role.COE).get(path + "/" + id).etag());
        }, Role.COE);
    }

    /// What is stored, as it would be sent back unchanged.
    private static Map<String, Object> current(World world, String path) {
        var form = new LinkedHashMap<String, Object>();
        world.headOffice(Role.COE).get(path).json().properties().forEach(member -> {
            if (!List.of("id", "version", "versionNo").contains(member.getKey()) && !member.getValue().isNull()) form.put(member.getKey(), member.getValue().asString());
        });
        return form;
    }
}
