package io.offtake.catalog;

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
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/// SKUs and tax rates are the network's; batches, contract prices and price lists of level 5 are a distributor's.
@Component
class MasterSamples implements OperationSamples {
    private static final String WHY = "a master of the network, kept by the head office";

    @Override
    public void add(Samples to) {
        network(to, "brands", Role.COE, world -> Map.of("code", "B-" + world.network.tag, "name", "Sunbird"), world -> Map.of("code", "B2-" + world.network.tag, "name", "Sundew"));
        network(to, "categories", Role.COE, world -> Map.of("code", "C-" + world.network.tag, "name", "Goods"), world -> Map.of("code", "C2-" + world.network.tag, "name", "Food"));
        network(to, "skus", Role.COE, world -> sku(world, "S5", "96190010"), world -> sku(world, "N1", "340111"));
        network(to, "tax-rates", Role.COE, world -> rate(world, "prefix", "Notification 1/2026"), world -> rate(world, "other prefix", "Notification 2/2026"));

        network(to, "thresholds", Role.COE, world -> threshold(world, 40), world -> threshold(world, 41));
        var letters = "/api/v1/undertakings";
        Function<World, String> letter = world -> world.once("letter of undertaking", () -> world.secret(inForce(world, world.owner(Role.DO), world.owner(Role.FIN), letters, letter(world, 'X', 5))));
        to.list("GET " + letters, _ -> get(letters), letter, Role.CA);
        to.row("GET " + letters + "/{id}", world -> get(letters + "/" + letter.apply(world)), Role.CA);
        to.row("GET " + letters + "/{id}/history", world -> get(letters + "/" + letter.apply(world) + "/history"), Role.CA);
        to.row("POST " + letters, world -> post(letters, letter(world, 'Y', 20)), Role.DO);
        to.row("PUT " + letters + "/{id}", world -> put(letters + "/" + letter.apply(world), without(letter(world, 'X', 6), "id", "distributorId"), etag(world, letters + "/" + letter.apply(world))), Role.DO);

        network(to, "must-sell", Role.COE, world -> mustSell(world, "S2"), world -> mustSell(world, "S3"));

        schemes(to);
        credit(to);
        series(to);
        to.list("GET /api/v1/batches", _ -> get("/api/v1/batches"), MasterSamples::batch, Role.BC);
        to.row("GET /api/v1/batches/{id}", world -> get("/api/v1/batches/" + batch(world)), Role.BC);

        var contracts = "/api/v1/contract-prices";
        Function<World, String> contract = world -> world.once("contract price", () -> world.secret(inForce(world, world.owner(Role.SO), world.owner(Role.FIN), contracts, contract(world, "S1"))));
        to.list("GET " + contracts, _ -> get(contracts), contract, Role.SO);
        to.row("GET " + contracts + "/{id}", world -> get(contracts + "/" + contract.apply(world)), Role.SO);
        to.row("GET " + contracts + "/{id}/history", world -> get(contracts + "/" + contract.apply(world) + "/history"), Role.SO);
        to.row("POST " + contracts, world -> post(contracts, contract(world, "S2")), Role.SO);
        to.row("PUT " + contracts + "/{id}", world -> put(contracts + "/" + contract.apply(world), without(contract(world, "S1"), "id", "distributorId"), etag(world, contracts + "/" + contract.apply(world))), Role.SO);

        var lists = "/api/v1/price-lists";
        Function<World, String> list = world -> draft(world, "kept");
        to.list("GET " + lists, _ -> get(lists + "?limit=200"), world -> {
            list.apply(world);
            return "kept-" + world.network.tag;
        }, Role.SO);
        to.row("GET " + lists + "/{id}", world -> get(lists + "/" + list.apply(world)), Role.SO);
        to.row("GET " + lists + "/{id}/history", world -> get(lists + "/" + list.apply(world) + "/history"), Role.SO);
        to.row("POST " + lists, world -> post(lists, list(world, "posted")), Role.SO);
        to.row("PUT " + lists + "/{id}", world -> put(lists + "/" + list.apply(world), list(world, "kept"), etag(world, lists + "/" + list.apply(world))), Role.SO);
        to.row("POST " + lists + "/{id}/publication", world -> {
            var id = draft(world, "publishing");
            made(() -> world.owner(Role.SO).post("/api/v1/price-list-lines", line("publishing", world, "34.00")));
            return post(lists + "/" + id + "/publication", Map.of()).with("If-Match", etag(world, lists + "/" + id));
        }, Role.SO);
        to.row("POST " + lists + "/{id}/versions", world -> post(lists + "/" + published(world) + "/versions", Map.of("validFrom", world.network.today().plusDays(90).toString())), Role.SO);

        var lines = "/api/v1/price-list-lines";
        Function<World, String> line = world -> world.once("price line", () -> {
            list.apply(world);
            return made(() -> world.owner(Role.SO).post(lines, line("kept", world, "34.00")));
        });
        to.list("GET " + lines, world -> get(lines + "?priceListId=" + list.apply(world)), world -> {
            line.apply(world);
            return "kept-" + world.network.tag;
        }, Role.SO);
        to.row("GET " + lines + "/{id}", world -> get(lines + "/" + line.apply(world)), Role.SO);
        to.row("GET " + lines + "/{id}/history", world -> get(lines + "/" + line.apply(world) + "/history"), Role.SO);
        to.row("POST " + lines, world -> {
            draft(world, "lined");
            return post(lines, line("lined", world, "35.00"));
        }, Role.SO);
        to.row("PUT " + lines + "/{id}", world -> put(lines + "/" + line.apply(world), line("kept", world, "34.50"), etag(world, lines + "/" + line.apply(world))), Role.SO);
    }

    private static void schemes(Samples to) {
        var path = "/api/v1/schemes";
        Function<World, String> id = world -> world.once("scheme", () -> inForce(world, world.headOffice(Role.SO), world.headOffice(Role.FIN), path, scheme(world, "WHOLE", 5)));
        to.nobodys("GET " + path, WHY, _ -> get(path), Role.BC);
        to.nobodys("GET " + path + "/{id}", WHY, world -> get(path + "/" + id.apply(world)), Role.BC);
        to.nobodys("GET " + path + "/{id}/versions", WHY, world -> get(path + "/" + id.apply(world) + "/versions"), Role.BC);
        to.nobodys("GET " + path + "/{id}/history", WHY, world -> get(path + "/" + id.apply(world) + "/history"), Role.SO);
        to.nobodys("GET " + path + "/{id}/budget", WHY, world -> get(path + "/" + id.apply(world) + "/budget"), Role.SO);
        to.nobodys("GET " + path + "/{id}/uptake", WHY, world -> get(path + "/" + id.apply(world) + "/uptake"), Role.SO);
        to.nobodys("GET " + path + "/{id}/payouts", WHY, world -> get(path + "/" + id.apply(world) + "/payouts"), Role.SO);
        to.row("GET " + path + "/{id}/payouts/due", world -> get(path + "/" + id.apply(world) + "/payouts/due?distributorId=" + world.owner.id()), Role.DO);
        to.row("POST " + path + "/{id}/payouts", world -> post(path + "/" + id.apply(world) + "/payouts",
                Map.of("id", UUID.randomUUID(), "distributorId", world.owner.id(), "businessDate", world.network.today().toString())), Role.DO);
        to.nobodys("GET " + path + "/{id}/accruals", WHY, world -> get(path + "/" + id.apply(world) + "/accruals"), Role.SO);
        to.headOffice("POST " + path, WHY, world -> post(path, scheme(world, "NEW", 5)), Role.SO);
        to.nobodys("POST " + path + "/preview", WHY, world -> post(path + "/preview", scheme(world, "TRIED", 5)), Role.SO);
        to.headOffice("PUT " + path + "/{id}", WHY, world -> put(path + "/" + id.apply(world), scheme(world, "WHOLE", 9), world.headOffice(Role.SO).get(path + "/" + id.apply(world)).etag()), Role.SO);
        Function<World, String> living = world -> world.once("living scheme", () -> inForce(world, world.headOffice(Role.SO), world.headOffice(Role.FIN), path, scheme(world, "LIVING", 0)));
        to.headOffice("POST " + path + "/{id}/pause", WHY, world -> post(path + "/" + living.apply(world) + "/pause", Map.of("reason", "under review")), Role.SO);
        to.headOffice("POST " + path + "/{id}/resumption", WHY, world -> post(path + "/" + living.apply(world) + "/resumption", Map.of("reason", "reviewed")), Role.SO);
        to.headOffice("POST " + path + "/{id}/end", WHY, world -> post(path + "/" + living.apply(world) + "/end", Map.of("on", world.network.today().plusDays(3).toString(), "reason", "budget spent")), Role.SO);
    }

    private static Map<String, Object> scheme(World world, String code, int startsIn) {
        return new LinkedHashMap<>(Map.of("code", code + "-" + world.network.tag, "name", "Four percent from a case", "principal", "P-" + world.network.tag, "mechanic",
                Map.of("type", "WHOLE_SLAB", "basis", "BASE_QTY", "slabs", List.of(Map.of("from", "120", "reward", Map.of("percent", "0.04")))), "validFrom", world.network.today().plusDays(startsIn).toString(), "validTo", world.network.today().plusDays(60).toString(), "products", Map.of("skuIds", List.of("S2"))));
    }

    private static void credit(Samples to) {
        var path = "/api/v1/credit-terms";
        Function<World, String> id = world -> world.once("credit terms", () -> world.secret(world.owner(Role.FIN).get(path).json().path("items").path(0).path("id").asString()));
        to.list("GET " + path, _ -> get(path), id, Role.FIN);
        to.row("GET " + path + "/{id}", world -> get(path + "/" + id.apply(world)), Role.FIN);
        to.row("GET " + path + "/{id}/history", world -> get(path + "/" + id.apply(world) + "/history"), Role.FIN);
        to.row("POST " + path, world -> {
            var outlet = world.once("outlet without terms", () -> {
                made(() -> world.owner(Role.BC).post("/api/v1/outlets", Map.of("id", UUID.randomUUID(), "distributorId", world.owner.id(), "code", "CT1", "name", "Anand Stores", "channel", "GT", "outletClass", "A",
                        "stateCode", "27", "pin", "411001", "city", "Pune", "address", "Main Road")));
                return "CT1";
            });
            return post(path, Map.of("distributorId", world.owner.id(), "outlet", outlet, "principal", "P-" + world.network.tag, "creditLimit", "5000.00", "creditDays", 7));
        }, Role.FIN);
        to.row("PUT " + path + "/{id}", world -> {
            var before = world.owner(Role.FIN).get(path + "/" + id.apply(world));
            return put(path + "/" + id.apply(world), Map.of("outlet", before.json().path("outlet").asString(), "principal", "P-" + world.network.tag, "creditLimit", "900000.00", "creditDays", 14), before.etag());
        }, Role.FIN);
    }

    private static void series(Samples to) {
        var path = "/api/v1/number-series";
        Function<World, String> id = world -> world.once("number series", () -> world.secret(world.owner(Role.COE).get(path).json().path("items").path(0).path("id").asString()));
        to.list("GET " + path, _ -> get(path), id, Role.COE);
        to.row("GET " + path + "/{id}", world -> get(path + "/" + id.apply(world)), Role.COE);
        to.row("GET " + path + "/{id}/history", world -> get(path + "/" + id.apply(world) + "/history"), Role.COE);
        to.row("POST " + path, world -> post(path, Map.of("distributorId", world.owner.id(), "documentType", "INVOICE", "series", "NS28/", "fiscalYear", 2028, "width", 6, "closed", false)), Role.COE);
        to.row("PUT " + path + "/{id}", world -> {
            var before = world.owner(Role.COE).get(path + "/" + id.apply(world));
            return put(path + "/" + id.apply(world), Map.of("documentType", before.json().path("documentType").asString(), "series", before.json().path("series").asString(),
                    "fiscalYear", before.json().path("fiscalYear").asInt(), "width", before.json().path("width").asInt(), "closed", true), before.etag());
        }, Role.COE);
    }

    private static void network(Samples to, String type, Role role, Function<World, Map<String, Object>> existing, Function<World, Map<String, Object>> fresh) {
        var path = "/api/v1/" + type;
        Function<World, String> id = world -> world.once(type, () -> {
            var code = String.valueOf(existing.apply(world).getOrDefault("code", ""));
            if (type.equals("skus")) return world.network.skus.get(code).toString();
            var found = world.headOffice(role).get(path + "?q=" + code);
            if (!code.isEmpty() && !found.json().path("items").isEmpty()) return found.json().path("items").path(0).path("id").asString();
            if (type.equals("tax-rates") || type.equals("must-sell") || type.equals("thresholds")) return inForce(world, world.headOffice(role), world.headOffice(Role.FIN), path, existing.apply(world));
            return made(() -> world.headOffice(role).post(path, existing.apply(world)));
        });
        to.nobodys("GET " + path, WHY, _ -> get(path), role);
        to.nobodys("GET " + path + "/{id}", WHY, world -> get(path + "/" + id.apply(world)), role);
        to.nobodys("GET " + path + "/{id}/history", WHY, world -> get(path + "/" + id.apply(world) + "/history"), role);
        to.headOffice("POST " + path, WHY, world -> post(path, fresh.apply(world)), role);
        to.headOffice("PUT " + path + "/{id}", WHY, world -> put(path + "/" + id.apply(world), existing.apply(world), world.headOffice(role).get(path + "/" + id.apply(world)).etag()), role);
    }

    private static Map<String, Object> threshold(World world, int inDays) {
        return Map.of("key", "EWAY_INTRA_CITY", "place", "27", "value", "150000.00", "validFrom", world.network.today().plusDays(inDays).toString(), "source", "Notification 7/2026");
    }

    private static Map<String, Object> letter(World world, char last, int inDays) {
        var from = world.network.today().plusDays(inDays);
        return new java.util.HashMap<>(Map.of("id", world.once("letter " + last, java.util.UUID::randomUUID).toString(), "distributorId", world.owner.id(), "number", "AD270426000001" + last, "validFrom", from.toString(), "validTo", from.plusDays(1).toString()));
    }

    /// The id of a row that decides money: proposed by one person, put into force by another.
    private static String inForce(World world, Client maker, Client checker, String path, Map<String, Object> form) {
        return Changes.inForce(maker, checker, maker.post(path, form)).json().path("id").asString();
    }

    private static String published(World world) {
        return world.once("price list in force", () -> {
            var id = draft(world, "published");
            made(() -> world.owner(Role.SO).post("/api/v1/price-list-lines", line("published", world, "34.00")));
            var path = "/api/v1/price-lists/" + id;
            Changes.approved(world.owner(Role.SO), world.owner(Role.FIN), world.owner(Role.SO).send("POST", path + "/publication", Map.of(), Map.of("If-Match", etag(world, path))));
            return id;
        });
    }

    private static String made(Supplier<Client.Answer> create) {
        var answer = create.get();
        if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
        return answer.json().path("id").asString();
    }

    private static String etag(World world, String path) {
        return world.owner(Role.SO).get(path).etag();
    }

    private static String batch(World world) {
        return world.once("batch S1", () -> world.secret(world.network.batch(world.owner, "S1", "A1", "40.00", world.network.today().plusDays(300), 5000).toString()));
    }

    private static Map<String, Object> sku(World world, String code, String hsn) {
        var form = new LinkedHashMap<String, Object>(Map.of("principal", "P-" + world.network.tag, "code", code, "name", "Sanitary napkin", "category", "C-" + world.network.tag, "brand", "B-" + world.network.tag,
                "hsn", hsn, "baseUnit", "PCS", "qtyScale", 0, "mrp", "45.00", "pts", "38.00"));
        form.putAll(Map.of("aliases", List.of(), "units", List.of(), "barcodes", List.of(), "batchTracked", true, "expiryTracked", true, "mustStock", false, "status", "ACTIVE"));
        return form;
    }

    private static Map<String, Object> rate(World world, String which, String source) {
        var prefix = world.once(which, () -> Long.toString(9_000 + Math.floorMod(System.nanoTime(), 1_000L)));
        return new LinkedHashMap<>(Map.of("regime", "IN_GST", "hsnPrefix", prefix, "kind", "TAXABLE", "ratePercent", "18", "cessPercent", "0", "validFrom", world.network.today().plusDays(30).toString(), "source", source));
    }

    private static Map<String, Object> mustSell(World world, String sku) {
        return new LinkedHashMap<>(Map.of("principal", "P-" + world.network.tag, "channel", "NOWHERE", "sku", sku, "validFrom", world.network.today().plusDays(30).toString()));
    }

    private static Map<String, Object> contract(World world, String sku) {
        return new LinkedHashMap<>(Map.of("id", world.once("id of contract " + sku, UUID::randomUUID).toString(), "distributorId", world.owner.id(), "level", 1, "outlet", "O1", "principal", "P-" + world.network.tag,
                "sku", sku, "mrp", "0", "price", sku.equals("S1") ? "34.00" : "8.50", "validFrom", world.network.today().plusDays(5).toString()));
    }

    private static Map<String, Object> without(Map<String, Object> form, String... names) {
        for (var name : names) form.remove(name);
        return form;
    }

    /// A price list of level 5, for the owner alone.
    private static Map<String, Object> list(World world, String code) {
        return new LinkedHashMap<>(Map.of("code", code + "-" + world.network.tag, "name", "Prices of the owner", "principal", "P-" + world.network.tag, "level", 5, "distributor", "OWNER-" + world.network.tag,
                "priceType", "PTR", "taxInclusive", false, "mrpLinked", false, "validFrom", world.network.today().plusDays(20).toString()));
    }

    private static String draft(World world, String code) {
        return world.once("price list " + code, () -> {
            world.secret(code + "-" + world.network.tag);
            return made(() -> world.owner(Role.SO).post("/api/v1/price-lists", list(world, code)));
        });
    }

    private static Map<String, Object> line(String code, World world, String price) {
        return Map.of("list", code + "-" + world.network.tag, "versionNo", 1, "sku", "S1", "mrp", "0", "price", price);
    }
}
