package io.offtake.insight;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import io.offtake.access.testing.Samples.Request;
import io.offtake.access.testing.World;
import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.platform.Actor;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/// Questions and their files.
@Component
class InsightSamples implements OperationSamples {
    private final Billing billing;

    InsightSamples(Billing billing) {
        this.billing = billing;
    }

    @Override
    public void add(Samples to) {
        to.nobodys("GET /api/v1/insight/catalogue", "the definitions of the product", _ -> get("/api/v1/insight/catalogue"), Role.DO);
        to.list("POST /api/v1/insight/query", world -> post("/api/v1/insight/query", owed(world)), world -> world.owner.o1().toString(), Role.DO);
        to.nobodys("GET /api/v1/insight/views", "one's own views and those that all may see", _ -> get("/api/v1/insight/views"), Role.DO);
        to.nobodys("PUT /api/v1/insight/views/{id}", "a view of one's own under an id of one's own", _ -> saved(UUID.randomUUID()), Role.DO);
        to.absent("DELETE /api/v1/insight/views/{id}", "nobody deletes what another saved", _ -> Request.delete("/api/v1/insight/views/" + UUID.randomUUID()), Role.DO);
        to.list("POST /api/v1/insight/export", world -> post("/api/v1/insight/export?format=csv", owed(world)), world -> world.owner.o1().toString(), Role.DO);
    }

    private static Request saved(UUID id) {
        return new Request("PUT", "/api/v1/insight/views/" + id, Map.of("name", "Mine", "pinned", true, "position", 1, "shared", false, "question", Map.of("metrics", List.of("nsv"))), Map.of());
    }

    private Map<String, Object> owed(World world) {
        world.once("an open bill", () -> {
            world.network.batch(world.owner, "S1", "INSIGHT", "40.00", world.network.today().plusDays(300), 100);
            var line = new PostInvoice.Line(1, world.network.skus.get("S1"), BigDecimal.TEN, null, null, null, null, null);
            return billing.post(new PostInvoice(UUID.randomUUID(), world.owner.id(), world.network.principal, world.owner.o1(), world.owner.warehouse(), world.network.today(), SaleType.COUNTER,
                    PaymentMode.CREDIT, null, null, List.of(line), null), new Actor(1, "clerk"));
        });
        return Map.of("metrics", List.of("receivable"), "dimensions", List.of("outlet"), "window", Map.of("kind", "NOW"));
    }
}
