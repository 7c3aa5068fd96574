package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Ids;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.sync.domain.DeviceState;
import io.offtake.sync.store.RescueStore;
import io.offtake.sync.store.RescueStore.RescueView;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Queues of devices that may not send any more: handed in, held, and taken or discarded by a manager, so that locking a device loses
/// nobody's bills (OFF-16).
@Service
public class Rescues {
    private final Devices devices;
    private final Commands commands;
    private final TenantTransaction transactions;
    private final AuditChain audit;
    private final JsonMapper json;
    private final Ids ids;
    private final Clock clock;

    Rescues(Devices devices, Commands commands, TenantTransaction transactions, AuditChain audit, JsonMapper json, Ids ids, Clock clock) {
        this.devices = devices;
        this.commands = commands;
        this.transactions = transactions;
        this.audit = audit;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    /// @param answers of its commands, once it was accepted
    public record Rescue(RescueView rescue, List<Commands.Answer> answers) {}

    /// Keeps a device's queue.
    /// @throws io.offtake.platform.ProblemException ILLEGAL_STATE for an active device, which simply sends it
    public Rescue hold(Caller caller, long distributorId, UUID deviceId, @Nullable String secret, List<JsonNode> queue) {
        var device = devices.known(caller, distributorId, deviceId, secret);
        if (device.state() == DeviceState.ACTIVE || device.state() == DeviceState.WIPED)
            throw Problem.of(ProblemCode.ILLEGAL_STATE, device.code() + " is " + device.state() + (device.state() == DeviceState.ACTIVE ? ": it sends its commands as usual." : "."))
                    .rule("OFF-16").with("state", device.state().name()).with("accepted", List.of("LOCKED", "WIPE_REQUESTED", "REVOKED")).exception();
        var permissions = caller.permissions().stream().map(Enum::name).sorted().collect(Collectors.joining(","));
        var roles = caller.roles().stream().map(Enum::name).sorted().collect(Collectors.joining(","));
        var view = transactions.idempotent().<RescueView>write(distributorId, db -> {
            var id = RescueStore.add(db, distributorId, ids.next(), deviceId, caller.userId(), caller.username(), roles + ";" + permissions, Fingerprint.of(queue), queue.size(),
                    json.writeValueAsString(queue), clock.instant());
            return RescueStore.view(db, RowScope.of(distributorId), id).orElseThrow();
        });
        return new Rescue(view, List.of());
    }

    public Page<RescueView> list(Caller caller, ListQuery query) {
        return transactions.read(caller.scope(), db -> RescueStore.page(db, caller.scope(), query));
    }

    /// Takes a held queue as if it had arrived, in its maker's name. A repeat answers the same.
    public Rescue accept(Caller caller, UUID id, String reason) {
        var view = decidable(caller, id);
        if (view.state().equals("DISCARDED")) throw decided(view);
        var held = transactions.<RescueStore.Held>write(view.distributorId(), db -> RescueStore.find(db, view.distributorId(), id).orElseThrow());
        var parts = held.permissions().split(";", 2);
        var maker = new Caller(held.userId(), held.username(), held.username(), of(parts[0], Role::valueOf), RowScope.of(view.distributorId()), "en", of(parts[1], Permission::valueOf));
        var answers = commands.take(maker, held.deviceId(), view.distributorId(), json.readValue(held.body(), new TypeReference<List<JsonNode>>() {}), true);
        return new Rescue(decide(caller, view, "ACCEPTED", reason), answers);
    }

    private static <T> Set<T> of(String names, java.util.function.Function<String, T> read) {
        return names.isEmpty() ? Set.of() : Arrays.stream(names.split(",")).map(read).collect(Collectors.toSet());
    }

    /// Lets a held queue go; its commands are never posted.
    public Rescue discard(Caller caller, UUID id, String reason) {
        var view = decidable(caller, id);
        if (view.state().equals("ACCEPTED")) throw decided(view);
        return new Rescue(decide(caller, view, "DISCARDED", reason), List.of());
    }

    private RescueView decidable(Caller caller, UUID id) {
        var view = transactions.<java.util.Optional<RescueView>>read(caller.scope(), db -> RescueStore.view(db, caller.scope(), id)).orElseThrow(() -> caller.notFound("rescued queue"));
        if (view.user().equals(caller.username()))
            throw Problem.of(ProblemCode.SAME_PERSON, "Somebody else than " + view.user() + " has to decide on this queue.").rule("INV-09").exception();
        return view;
    }

    private static io.offtake.platform.ProblemException decided(RescueView view) {
        return Problem.of(ProblemCode.ILLEGAL_STATE, view.decidedBy() + " decided on this queue.").with("state", view.state()).with("accepted", List.of("HELD")).exception();
    }

    private RescueView decide(Caller caller, RescueView view, String state, String reason) {
        if (!view.state().equals("HELD")) return view;
        return transactions.idempotent().write(view.distributorId(), db -> {
            RescueStore.decide(db, view.distributorId(), view.id(), state, caller.username(), reason, clock.instant());
            audit.append(view.distributorId(), List.of(new AuditTrail.Entry(view.distributorId(), clock.instant().truncatedTo(ChronoUnit.MICROS), caller.username(), view.user(), "RESCUE_" + state, "DEVICE",
                    view.deviceId(), null, Fingerprint.json(Map.of("rescue", view.id(), "commands", view.commands(), "reason", reason)))));
            return RescueStore.view(db, RowScope.of(view.distributorId()), view.id()).orElseThrow();
        });
    }
}
