package io.offtake.sync.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.sync.app.Commands;
import io.offtake.sync.app.Drafts;
import io.offtake.sync.app.HandIns;
import io.offtake.sync.app.Snapshots;
import io.offtake.sync.app.Tasks;
import io.offtake.sync.domain.Heartbeat;
import io.offtake.sync.domain.Queued;
import io.offtake.sync.domain.TaskView;
import io.offtake.sync.store.DraftStore;
import io.offtake.sync.store.OutcomeStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// What local-first clients read and write (DESIGN section 7), and what their managers see of it.
@RestController
@RequestMapping("/api/v1/sync")
class SyncController {
    private final Snapshots snapshots;
    private final HandIns handIns;
    private final Tasks tasks;
    private final Drafts drafts;
    private final TenantTransaction transactions;
    private final Clock clock;

    SyncController(Snapshots snapshots, HandIns handIns, Tasks tasks, Drafts drafts, TenantTransaction transactions, Clock clock) {
        this.snapshots = snapshots;
        this.handIns = handIns;
        this.tasks = tasks;
        this.drafts = drafts;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// @param schemaVersion of the queue's format; 1 if it says nothing
    /// @param commands      at most 500, in the order in which the device made them; one that cannot be read is refused alone
    record CommandBatch(@NotNull UUID deviceId, long distributorId, @Nullable Integer schemaVersion, @Valid @Nullable Heartbeat heartbeat,
                        @ArraySchema(schema = @Schema(implementation = Queued.class)) @NotNull @Size(max = HandIns.BATCH) List<JsonNode> commands) {}

    /// @param batch at most so many commands next time
    record CommandAnswers(List<Commands.Answer> answers, Instant serverTime, String state, @Nullable Long clockDriftSeconds, int batch) {}

    record Decision(@NotBlank String decision, @NotBlank @Size(max = 500) String note) {}

    @GetMapping("/snapshot/{group}")
    @Operation(summary = "Read one group of what a device holds", description = "NDJSON: a `head` line, one line per row, an `end` line with the count. Without `end` it is not complete. "
            + "The ETag is of the rows: with If-None-Match an unchanged group answers 304. The rule book comes in parts; those named in X-Rule-Book-Parts, separated by commas, "
            + "are named again but not sent.")
    @ApiResponse(responseCode = "200", description = "The group", content = @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "304", description = "Unchanged", content = @Content)
    ResponseEntity<byte[]> snapshot(Caller caller, @PathVariable String group, @RequestParam long distributorId, @RequestHeader(name = "If-None-Match", required = false) @Nullable String known,
                                    @RequestHeader(name = "X-Rule-Book-Parts", required = false) @Nullable String parts) {
        caller.require(Permission.SYNC, distributorId);
        requireGroup(group);
        var snapshot = snapshots.take(caller.scope(), distributorId, group, parts == null ? Set.of() : Set.copyOf(List.of(parts.split(","))));
        if (snapshot.etag().equals(known)) return ResponseEntity.status(304).eTag(snapshot.etag()).build();
        return ResponseEntity.ok().eTag(snapshot.etag()).contentType(MediaType.APPLICATION_NDJSON).body(snapshot.body());
    }

    static void requireGroup(String group) {
        if (!Snapshots.GROUPS.contains(group))
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no group " + group + ".").with("accepted", Snapshots.GROUPS).exception();
    }

    @PostMapping("/commands")
    @Operation(summary = "Send queued commands", description = "Each is answered on its own: ACCEPTED, DIFFERS, REFUSED, WAITS or QUARANTINED. A repeat of any of them is harmless. "
            + "The body may be compressed (Content-Encoding: gzip).")
    @ApiResponse(responseCode = "200", description = "One answer for each command")
    @ApiResponse(responseCode = "429", description = "Many devices send at once: nothing was taken", content = @Content(mediaType = "application/problem+json", schema = @Schema(ref = "#/components/schemas/Problem")))
    CommandAnswers commands(Caller caller, @RequestHeader(name = DeviceController.SECRET, required = false) @Nullable String secret, @Valid @RequestBody CommandBatch batch) {
        caller.require(Permission.SYNC, batch.distributorId());
        var said = batch.heartbeat == null ? Heartbeat.NONE : batch.heartbeat;
        if (batch.schemaVersion != null && said.schemaVersion() == null)
            said = new Heartbeat(said.appVersion(), batch.schemaVersion, said.queueLength(), said.oldestUnsentAt(), said.unsentValue(), said.storagePercent(), said.seriesLeft(), said.deviceTime(), said.persisted());
        var done = handIns.take(caller, batch.distributorId, batch.deviceId, secret, said, batch.commands);
        var heard = DeviceController.heard(done.device().state().name(), said, clock.instant());
        return new CommandAnswers(done.answers(), heard.serverTime(), heard.state(), heard.clockDriftSeconds(), HandIns.BATCH);
    }

    @GetMapping("/outcomes")
    @Operation(operationId = "listOutcomes", summary = "What became of commands", description = "One row for each command that a device has handed in, the latest first.")
    Page<OutcomeStore.OutcomeRow> outcomes(Caller caller, ListQuery query) {
        caller.requireAny(Permission.DEVICE_READ, Permission.SYNC);
        return transactions.read(caller.scope(), db -> OutcomeStore.page(db, caller.scope(), query));
    }

    @GetMapping("/drafts")
    @Operation(operationId = "listDrafts", summary = "Drafts", description = "Documents that are not ready, with how many of their pictures have not arrived.")
    Page<DraftStore.DraftView> drafts(Caller caller, ListQuery query) {
        caller.requireAny(Permission.SYNC, Permission.DEVICE_READ);
        return drafts.list(caller, query);
    }

    @GetMapping("/tasks")
    @Operation(operationId = "listSyncTasks", summary = "Tasks from offline work", description = "What has to be decided, the most urgent first.")
    Page<TaskView> tasks(Caller caller, ListQuery query) {
        caller.require(Permission.TASK_READ);
        return tasks.list(caller, query);
    }

    @PostMapping("/tasks/{id}/decision")
    @Operation(operationId = "decideSyncTask", summary = "Decide a task", description = "ACCEPT: the document stands; CORRECT: whoever decides writes the correcting document; DISMISS: there is nothing to do.")
    TaskView decide(Caller caller, @PathVariable UUID id, @Valid @RequestBody Decision body) {
        caller.require(Permission.TASK_DECIDE);
        return tasks.decide(caller, id, body.decision, body.note);
    }
}
