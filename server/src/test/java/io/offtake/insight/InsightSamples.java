package io.offtake.insight;

import static io.offtake.access.testing.Samples.Request.get;
import static io.offtake.access.testing.Samples.Request.post;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/// Questions name nobody: the compiler adds the asker's scope, and the stranger's answer may hold nothing of the owner's.
@Component
class InsightSamples implements OperationSamples {
    private static final Map<String, Object> BY_OUTLET = Map.of("metrics", List.of("nsv"), "dimensions", List.of("outlet"), "window", Map.of("kind", "MTD"));

    @Override
    public void add(Samples to) {
        to.nobodys("GET /api/v1/insight/catalogue", "what can be asked", _ -> get("/api/v1/insight/catalogue"), Role.DO);
        to.list("POST /api/v1/insight/query", _ -> post("/api/v1/insight/query", BY_OUTLET), null, Role.DO);
        to.list("POST /api/v1/insight/export", _ -> post("/api/v1/insight/export", BY_OUTLET), null, Role.DO);
    }
}
