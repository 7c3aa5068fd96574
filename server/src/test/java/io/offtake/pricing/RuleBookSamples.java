package io.offtake.pricing;

import static io.offtake.access.testing.Samples.Request.get;

import io.offtake.access.Role;
import io.offtake.access.testing.OperationSamples;
import io.offtake.access.testing.Samples;
import org.springframework.stereotype.Component;

/// The compiled book of the owner's distributor.
@Component
class RuleBookSamples implements OperationSamples {

    @Override
    public void add(Samples to) {
        to.row("GET /api/v1/rule-books/{distributorId}", world -> get("/api/v1/rule-books/" + world.owner.id()), Role.DO);
    }
}
