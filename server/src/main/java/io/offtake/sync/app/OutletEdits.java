package io.offtake.sync.app;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.sync.domain.Queued;
import io.offtake.sync.store.OutletFieldStore;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;

/// Outlets changed without a network: field by field, the latest effective time wins; what decides tax is proposed to a person (OFF-13).
@Service
class OutletEdits {
    private final io.offtake.network.OutletEdits outlets;
    private final Tasks tasks;
    private final TenantTransaction transactions;
    private final Clock clock;

    OutletEdits(io.offtake.network.OutletEdits outlets, Tasks tasks, TenantTransaction transactions, Clock clock) {
        this.outlets = outlets;
        this.tasks = tasks;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// @param older    fields that somebody changed later than this edit was made
    /// @param proposed fields that somebody has to decide on
    public record OutletEdited(UUID outletId, int version, List<String> applied, List<String> older, List<String> proposed) {}

    Commands.Answer take(Caller caller, UUID deviceId, long distributorId, Queued queued, LocalDate today) {
        caller.require(Permission.OUTLET_WRITE, distributorId);
        var body = queued.body();
        var outletId = id(body);
        // an edit made in the future of the server counts as made now
        var effective = instant(body, queued);
        var merged = new LinkedHashMap<String, String>();
        var critical = new LinkedHashMap<String, String>();
        for (var field : body.path("fields").properties()) {
            if (!field.getValue().isString())
                throw Problem.of(ProblemCode.MALFORMED).at("/body/fields/" + field.getKey(), ProblemCode.MALFORMED, "must be a text").exception();
            if (io.offtake.network.OutletEdits.FIELDS.contains(field.getKey())) merged.put(field.getKey(), field.getValue().asString());
            else if (io.offtake.network.OutletEdits.CRITICAL.contains(field.getKey())) critical.put(field.getKey(), field.getValue().asString());
            else throw Problem.of(ProblemCode.INVALID).rule("OFF-13").at("/body/fields/" + field.getKey(), ProblemCode.INVALID, "is no field that a device may change",
                    new java.util.TreeSet<>(io.offtake.network.OutletEdits.FIELDS)).exception();
        }
        if (merged.isEmpty() && critical.isEmpty()) throw Problem.of(ProblemCode.INVALID).at("/body/fields", ProblemCode.INVALID, "must name a field").exception();
        var known = transactions.<Map<String, Instant>>write(distributorId, db -> OutletFieldStore.read(db, distributorId, outletId));
        var result = outlets.edit(caller, outletId, merged, effective, known);
        var opened = transactions.<List<UUID>>write(distributorId, db -> {
            OutletFieldStore.note(db, distributorId, outletId, result.applied(), effective, queued.id());
            if (critical.isEmpty()) return List.of();
            return List.of(tasks.open(db, distributorId, Tasks.Kind.OUTLET_CRITICAL, new Tasks.About(queued.id(), "OUTLET", null, outletId, deviceId, caller.username()), Map.of("fields", critical), today));
        });
        var done = new OutletEdited(outletId, result.version(), List.copyOf(result.applied()), List.copyOf(result.older()), List.copyOf(critical.keySet()));
        var found = result.older().stream().map(field -> new Commands.Found("OUTLET", field, merged.get(field), "changed later")).toList();
        return Commands.Answer.of(queued.id(), "ACCEPTED", false, done, null).with(null, found).arrived(null, opened);
    }

    private static UUID id(JsonNode body) {
        try {
            return UUID.fromString(body.path("outletId").asString(""));
        } catch (IllegalArgumentException _) {
            throw Problem.of(ProblemCode.MALFORMED).at("/body/outletId", ProblemCode.MALFORMED, "must be a UUID").exception();
        }
    }

    private Instant instant(JsonNode body, Queued queued) {
        var text = body.path("at").asString(queued.at() == null ? "" : queued.at());
        var now = clock.instant();
        try {
            var at = text.isEmpty() ? now : Instant.parse(text);
            return at.isAfter(now) ? now : at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at;
        } catch (DateTimeParseException _) {
            throw Problem.of(ProblemCode.MALFORMED).at("/body/at", ProblemCode.MALFORMED, "must be a time such as 2026-11-26T10:00:00Z").exception();
        }
    }
}
