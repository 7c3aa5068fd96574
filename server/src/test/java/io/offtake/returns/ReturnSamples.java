package io.offtake.returns;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.World;
import io.offtake.billing.DocumentSamples;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Returns of the owner, one for each step.
@Component
class ReturnSamples implements OperationSamples {
    @Override
    public void add(Samples to) {
        to.list("GET /api/v1/returns", _ -> get("/api/v1/returns"), world -> asked(world, "listed"), Role.BC);
        to.row("GET /api/v1/returns/{id}", world -> get("/api/v1/returns/" + asked(world, "listed")), Role.GK);
        to.nobodys("GET /api/v1/returns/reasons", "reason codes are the network's", _ -> get("/api/v1/returns/reasons"), Role.BC);
        to.nobodys("GET /api/v1/returns/rejections", "reason codes are the network's", _ -> get("/api/v1/returns/rejections"), Role.ASM);
        to.row("GET /api/v1/returns/creditable/{invoiceId}", world -> get("/api/v1/returns/creditable/" + DocumentSamples.invoice(world, "returned")), Role.BC);
        to.row("POST /api/v1/returns/preview", world -> post("/api/v1/returns/preview", body(world, UUID.randomUUID(), "returned")), Role.BC);
        to.row("POST /api/v1/returns", world -> post("/api/v1/returns", body(world, UUID.randomUUID(), "returned")), Role.BC);
        to.row("POST /api/v1/returns/{id}/approval", world -> post("/api/v1/returns/" + asked(world, "approved") + "/approval", Map.of("id", UUID.randomUUID(), "decision", "APPROVED")), Role.DO);
        to.row("POST /api/v1/returns/{id}/receipt", world -> post("/api/v1/returns/" + approved(world, "received") + "/receipt", Map.of("id", UUID.randomUUID())), Role.GK);
        to.row("POST /api/v1/returns/{id}/inspection", world -> post("/api/v1/returns/" + received(world, "inspected") + "/inspection", inspection()), Role.GK);
        to.row("POST /api/v1/returns/{id}/credit", world -> {
            var id = received(world, "credited");
            made(world, "inspected credited", "/api/v1/returns/" + id + "/inspection", inspection(), Role.GK);
            return post("/api/v1/returns/" + id + "/credit", Map.of("id", UUID.randomUUID(), "businessDate", world.network.today().toString()));
        }, Role.BC);
        to.row("POST /api/v1/returns/{id}/cancellation", world -> post("/api/v1/returns/" + asked(world, "cancelled") + "/cancellation", Map.of("id", UUID.randomUUID(), "reason", "found again")), Role.BC);
        to.row("POST /api/v1/returns/{id}/pictures", world -> post("/api/v1/returns/" + asked(world, "pictured") + "/pictures", Map.of("hashes", List.of("ab".repeat(32)))), Role.BC);
    }

    private static Map<String, Object> inspection() {
        return new LinkedHashMap<>(Map.of("id", UUID.randomUUID(), "lines", List.of(Map.of("line", 1, "buckets", List.of(Map.of("bucket", "DAMAGED", "qty", "1"))))));
    }

    private static Map<String, Object> body(World world, UUID id, String invoice) {
        return new LinkedHashMap<>(Map.of("id", id, "distributorId", world.owner.id(), "principalId", world.network.principal, "outletId", world.owner.o1(), "warehouseId", world.owner.warehouse(),
                "businessDate", world.network.today().toString(), "originalId", DocumentSamples.invoice(world, invoice), "reason", "LEAKAGE",
                "lines", List.of(Map.of("line", 1, "originalLine", 1, "qty", "1"))));
    }

    private static String made(World world, String name, String path, Map<String, Object> body, Role role) {
        return world.once("return " + name, () -> {
            var answer = world.owner(role).post(path, body);
            if (answer.status() / 100 != 2) throw new AssertionError("a sample could not be made: " + answer);
            return world.secret(answer.json().path("id").asString());
        });
    }

    static String asked(World world, String which) {
        return made(world, which, "/api/v1/returns", body(world, UUID.randomUUID(), "returned"), Role.BC);
    }

    private static String approved(World world, String which) {
        var id = asked(world, which);
        made(world, "approved " + which, "/api/v1/returns/" + id + "/approval", new LinkedHashMap<>(Map.of("id", UUID.randomUUID(), "decision", "APPROVED")), Role.DO);
        return id;
    }

    private static String received(World world, String which) {
        var id = approved(world, which);
        made(world, "received " + which, "/api/v1/returns/" + id + "/receipt", new LinkedHashMap<>(Map.of("id", UUID.randomUUID())), Role.GK);
        return id;
    }
}
