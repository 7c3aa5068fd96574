package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.network.NewOutlets;
import io.offtake.platform.TenantTransaction;
import io.offtake.sync.domain.Queued;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;

/// Outlets created at a counter without a network. Bills, orders and money that were written for one come after it, so it is kept wherever it can be: a shop that is
/// known already has two outlets until somebody merges them (OFF-15), and a code that is taken becomes the next free one. Both are told.
@Service
class OutletCreations {
    private final NewOutlets outlets;
    private final Tasks tasks;
    private final TenantTransaction transactions;

    OutletCreations(NewOutlets outlets, Tasks tasks, TenantTransaction transactions) {
        this.outlets = outlets;
        this.tasks = tasks;
        this.transactions = transactions;
    }

    /// @param created by whose tax number documents of the same hand-in are judged
    record Taken(NewOutlets.Result created, Commands.Answer answer) {}

    Taken take(Caller caller, UUID deviceId, long distributorId, Queued queued, NewOutlets.Form form, LocalDate today) {
        caller.require(Permission.OUTLET_WRITE, distributorId);
        var made = outlets.create(caller, distributorId, queued.id(), form);
        var found = new ArrayList<Commands.Found>();
        if (!made.code().equals(form.code().strip())) found.add(new Commands.Found("OUTLET", "code", form.code().strip(), made.code()));
        for (var other : made.alike()) found.add(new Commands.Found("OUTLET", other.field(), other.value(), other.code() + " " + other.name()));
        var opened = made.alike().isEmpty() ? List.<UUID>of() : transactions.idempotent().<List<UUID>>write(distributorId, db -> List.of(tasks.open(db, distributorId, Tasks.Kind.OUTLET_DUPLICATE,
                new Tasks.About(queued.id(), "OUTLET", made.code(), made.id(), deviceId, caller.username()), Map.of("alike", made.alike()), today)));
        return new Taken(made, Commands.Answer.of(queued.id(), "ACCEPTED", !made.created(), new Created(made.id(), made.code(), made.name(), made.version()), null).with(null, found).arrived(null, opened));
    }

    /// What the device is told of its outlet.
    public record Created(UUID id, String code, String name, int version) {}
}
