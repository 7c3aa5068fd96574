package io.offtake.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.People;
import io.offtake.access.testing.World;
import io.offtake.billing.DocumentSamples;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// OFF-01: a return is asked for without network; every step is a command, and a repeat of one is harmless (OFF-06).
@ServerTest
class ReturnCommandsTest {
    @LocalServerPort int port;
    @Autowired People people;
    @Autowired TenantTransaction transactions;
    @Autowired Clock clock;

    @Test
    @Tag("RET-01") @Tag("RET-02") @Tag("OFF-06")
    void everyStepOfAReturnArrivesFromTheQueueOnce() {
        var world = new World(new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata")))), people, port);
        var invoice = DocumentSamples.invoice(world, "returned");
        var id = UUID.randomUUID();
        var request = command(world, id, "return-request", Map.of("id", id, "distributorId", world.owner.id(), "principalId", world.network.principal, "outletId", world.owner.o1(),
                "warehouseId", world.owner.warehouse(), "businessDate", world.network.today().toString(), "originalId", invoice, "reason", "EXCESS", "lines", List.of(Map.of("line", 1, "originalLine", 1, "qty", "2"))));
        assertThat(send(world, Role.BC, request).path("outcome").asString()).isEqualTo("ACCEPTED");
        var again = send(world, Role.BC, request);
        assertThat(again.path("outcome").asString()).isEqualTo("ACCEPTED");
        assertThat(again.path("replayed").asBoolean()).isTrue();
        var approval = command(world, UUID.randomUUID(), "return-approval", Map.of("returnId", id, "decision", "APPROVED"));
        assertThat(send(world, Role.BC, approval).path("problem").path("code").asString()).isEqualTo("SAME_PERSON");
        assertThat(send(world, Role.DO, approval).path("document").path("status").asString()).isEqualTo("APPROVED");
        assertThat(send(world, Role.GK, command(world, UUID.randomUUID(), "return-receipt", Map.of("returnId", id))).path("document").path("status").asString()).isEqualTo("RECEIVED");
        assertThat(send(world, Role.GK, command(world, UUID.randomUUID(), "return-inspection", Map.of("returnId", id, "lines", List.of(Map.of("line", 1, "buckets", List.of(Map.of("bucket", "SALEABLE", "qty", "2")))))))
                .path("document").path("status").asString()).isEqualTo("INSPECTED");
        var credit = command(world, UUID.randomUUID(), "return-credit", Map.of("returnId", id, "businessDate", world.network.today().toString()));
        var credited = send(world, Role.BC, credit);
        assertThat(credited.path("document").path("status").asString()).isEqualTo("CREDITED");
        assertThat(send(world, Role.BC, credit).path("document").path("creditNoteNumber").asString()).isEqualTo(credited.path("document").path("creditNoteNumber").asString());
        var late = send(world, Role.BC, command(world, UUID.randomUUID(), "return-cancel", Map.of("returnId", id, "reason", "no")));
        assertThat(late.path("problem").path("code").asString()).isEqualTo("ILLEGAL_STATE");
    }

    private static Map<String, Object> command(World world, UUID id, String kind, Map<String, Object> body) {
        return new LinkedHashMap<>(Map.of("id", id, "seq", 1, "kind", kind, "businessDate", world.network.today().toString(), "body", body));
    }

    private static tools.jackson.databind.JsonNode send(World world, Role role, Map<String, Object> command) {
        var answer = world.owner(role).post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", world.owner.id(), "commands", List.of(command)));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("answers").path(0);
    }
}
