package io.offtake.exchange;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.Samples.Request;
import io.offtake.access.testing.World;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Batches of the owner's other system, what they wait for, and how good they are.
@Component
class FeedSamples implements OperationSamples {
    private static final String BOUNDARY = "offtake-feed";
    private static final String SYSTEM = "TALLY";

    @Override
    public void add(Samples to) {
        to.row("PUT /api/v1/feeds/sources", FeedSamples::agreement, Role.COE);
        to.list("GET /api/v1/feeds/sources", world -> {
            agreed(world);
            return get("/api/v1/feeds/sources");
        }, null, Role.DO);
        to.row("POST /api/v1/feeds/batches", world -> {
            agreed(world);
            return post("/api/v1/feeds/batches", batch(world, "posted"));
        }, Role.BC);
        to.row("POST /api/v1/feeds/files", world -> {
            agreed(world);
            return file(world);
        }, Role.BC);
        to.list("GET /api/v1/feeds/batches", _ -> get("/api/v1/feeds/batches"), FeedSamples::sent, Role.BC);
        to.row("GET /api/v1/feeds/batches/{id}", world -> get("/api/v1/feeds/batches/" + sent(world)), Role.BC);
        to.row("POST /api/v1/feeds/batches/{id}/sign-off", world -> post("/api/v1/feeds/batches/" + held(world) + "/sign-off", null), Role.FIN);
        to.list("GET /api/v1/feeds/quarantine", _ -> get("/api/v1/feeds/quarantine"), world -> {
            sent(world);
            return "WAITS-" + world.network.tag;
        }, Role.BC);
        to.row("POST /api/v1/feeds/code-maps", world -> {
            agreed(world);
            return post("/api/v1/feeds/code-maps", Map.of("distributorId", world.owner.id(), "sourceSystem", SYSTEM, "kind", "OUTLET", "externalId", "L-1", "targetCode", "O1"));
        }, Role.BC);
        to.row("POST /api/v1/feeds/code-maps/bulk", world -> {
            agreed(world);
            return post("/api/v1/feeds/code-maps/bulk", Map.of("distributorId", world.owner.id(), "sourceSystem", SYSTEM, "maps", List.of(Map.of("kind", "SKU", "externalId", "M-1", "targetCode", "S1"))));
        }, Role.BC);
        to.list("GET /api/v1/feeds/code-maps", _ -> get("/api/v1/feeds/code-maps"), world -> {
            agreed(world);
            return world.once("code map", () -> {
                world.owner(Role.BC).post("/api/v1/feeds/code-maps", Map.of("distributorId", world.owner.id(), "sourceSystem", SYSTEM, "kind", "OUTLET", "externalId", "KEPT-" + world.network.tag, "targetCode", "O2"));
                return world.secret("KEPT-" + world.network.tag);
            });
        }, Role.BC);
        to.row("POST /api/v1/feeds/re-run", world -> post("/api/v1/feeds/re-run", Map.of("distributorId", world.owner.id())), Role.BC);
        to.list("GET /api/v1/data-health", _ -> get("/api/v1/data-health"), world -> "OWNER-" + world.network.tag, Role.DO);
        to.row("GET /api/v1/data-health/{distributorId}", world -> get("/api/v1/data-health/" + world.owner.id()), Role.DO);
    }

    private static Request agreement(World world) {
        return new Request("PUT", "/api/v1/feeds/sources", Map.of("distributorId", world.owner.id(), "sourceSystem", SYSTEM, "name", "Tally", "recordTypes", List.of("FC-1"), "cutOff", "08:00", "level", "BRONZE", "activeFrom", "2026-01-01"), Map.of());
    }

    private static void agreed(World world) {
        world.once("feed source", () -> {
            var request = agreement(world);
            var answer = world.owner(Role.COE).send(request.method(), request.path(), request.body(), request.headers());
            if (answer.status() != 200) throw new AssertionError("a source could not be agreed on: " + answer);
            return true;
        });
    }

    private static Map<String, Object> batch(World world, String name, Map<String, Object> more, String day, String total) {
        var line = new java.util.HashMap<String, Object>(Map.ofEntries(Map.entry("doc_no", "B-" + name), Map.entry("doc_type", "INV"), Map.entry("doc_date", day), Map.entry("outlet_ext_id", "WAITS-" + world.network.tag),
                Map.entry("line_no", 1), Map.entry("sku_ext_id", "X1"), Map.entry("mrp", "40"), Map.entry("uom", "UNIT"), Map.entry("qty_billed", "1"), Map.entry("qty_free", "0"), Map.entry("base_qty", "1"),
                Map.entry("list_price", total), Map.entry("line_disc", "0"), Map.entry("schemes", List.of()), Map.entry("bill_disc_share", "0"), Map.entry("taxable", total), Map.entry("tax", Map.of("cgst", "0")),
                Map.entry("total", total), Map.entry("cancelled_flag", false)));
        line.putAll(more);
        var head = head(world, name, day, total);
        head.put("records", List.of(line));
        return head;
    }

    private static Map<String, Object> batch(World world, String name) {
        return batch(world, name, Map.of(), "2026-02-03", "10");
    }

    private static Map<String, Object> head(World world, String name, String day, String total) {
        var head = new java.util.HashMap<String, Object>(Map.of("contract_version", "1.0", "source_system", SYSTEM, "distributor_id", "OWNER-" + world.network.tag, "batch_id", UUID.nameUUIDFromBytes((name + world.network.tag).getBytes()).toString(), "record_type", "FC-1",
                "period", Map.of("from", day, "to", day), "record_count", 1, "control_totals", Map.of("qty", "1", "net", total, "tax", "0", "gross", total), "generated_at", "2026-02-04T01:00:00Z", "mode", "delta"));
        head.put("restatement_reason", "kept for the sample");
        return head;
    }

    private static String sent(World world) {
        agreed(world);
        return world.once("batch", () -> {
            var answer = world.owner(Role.BC).post("/api/v1/feeds/batches", batch(world, "kept"));
            if (answer.status() / 100 != 2) throw new AssertionError("a batch could not be sent: " + answer);
            world.secret("WAITS-" + world.network.tag);
            return world.secret(answer.json().path("id").asString());
        });
    }

    /// A correction of a closed month that changes more than one percent.
    private static String held(World world) {
        agreed(world);
        return world.once("held batch", () -> {
            var clerk = world.owner(Role.BC);
            clerk.post("/api/v1/feeds/code-maps", Map.of("distributorId", world.owner.id(), "sourceSystem", SYSTEM, "kind", "OUTLET", "externalId", "HELD-1", "targetCode", "O1"));
            clerk.post("/api/v1/feeds/code-maps", Map.of("distributorId", world.owner.id(), "sourceSystem", SYSTEM, "kind", "SKU", "externalId", "HELD-S", "targetCode", "S5"));
            clerk.post("/api/v1/feeds/batches", batch(world, "h", Map.of("outlet_ext_id", "HELD-1", "sku_ext_id", "HELD-S"), "2026-03-03", "10"));
            var answer = clerk.post("/api/v1/feeds/batches", head2(world));
            if (!answer.json().path("state").asString().equals("HELD")) throw new AssertionError("a batch was not held: " + answer);
            return answer.json().path("id").asString();
        });
    }

    private static Map<String, Object> head2(World world) {
        var corrected = batch(world, "h", Map.of("outlet_ext_id", "HELD-1", "sku_ext_id", "HELD-S", "revision", 2), "2026-03-03", "20");
        corrected.put("batch_id", UUID.nameUUIDFromBytes(("h2" + world.network.tag).getBytes()).toString());
        return corrected;
    }

    private static Request file(World world) {
        var csv = "doc_no,doc_type,doc_date,outlet_ext_id,line_no,sku_ext_id,mrp,uom,qty_billed,qty_free,base_qty,list_price,line_disc,schemes,bill_disc_share,taxable,tax.cgst,total,cancelled_flag\r\n"
                + "F-1,INV,2026-02-03,FILE-1,1,X1,40,UNIT,1,0,1,10,0,,0,10,0,10,false\r\n";
        var manifest = new java.util.HashMap<>(head(world, "file", "2026-02-03", "10"));
        manifest.put("sha256", sha(csv));
        var json = tools.jackson.databind.json.JsonMapper.builder().build().writeValueAsString(manifest);
        var body = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"manifest\"\r\n\r\n" + json + "\r\n--" + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sales.csv\"\r\nContent-Type: text/csv\r\n\r\n" + csv + "\r\n--" + BOUNDARY + "--\r\n";
        return post("/api/v1/feeds/files", body).with("Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    private static String sha(String text) {
        try {
            return java.util.HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
