package io.offtake.sync.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.sync.app.Commands;
import io.offtake.sync.app.Snapshots;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
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

/// What local-first clients read and write (DESIGN section 7).
@RestController
@RequestMapping("/api/v1/sync")
class SyncController {
    private final Snapshots snapshots;
    private final Commands commands;

    SyncController(Snapshots snapshots, Commands commands) {
        this.snapshots = snapshots;
        this.commands = commands;
    }

    /// @param commands at most 500, in the order in which the device made them
    record CommandBatch(@NotNull UUID deviceId, long distributorId, @NotNull @Size(max = 500) List<Commands.@Valid Queued> commands) {}

    record CommandAnswers(List<Commands.Answer> answers) {}

    @GetMapping("/snapshot/{group}")
    @Operation(summary = "Read one group of what a device holds", description = "NDJSON: a `head` line, one line per row, an `end` line with the count. Without `end` it is not complete. "
            + "The ETag is of the rows: with If-None-Match an unchanged group answers 304. The rule book comes in parts; those named in X-Rule-Book-Parts, separated by commas, "
            + "are named again but not sent.")
    @ApiResponse(responseCode = "200", description = "The group", content = @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "304", description = "Unchanged", content = @Content)
    ResponseEntity<byte[]> snapshot(Caller caller, @PathVariable String group, @RequestParam long distributorId, @RequestHeader(name = "If-None-Match", required = false) @Nullable String known,
                                    @RequestHeader(name = "X-Rule-Book-Parts", required = false) @Nullable String parts) {
        caller.require(Permission.SYNC, distributorId);
        if (!Snapshots.GROUPS.contains(group))
            throw Problem.of(ProblemCode.NOT_FOUND, "There is no group " + group + ".").with("accepted", Snapshots.GROUPS).exception();
        var snapshot = snapshots.take(caller.scope(), distributorId, group, parts == null ? Set.of() : Set.copyOf(List.of(parts.split(","))));
        if (snapshot.etag().equals(known)) return ResponseEntity.status(304).eTag(snapshot.etag()).build();
        return ResponseEntity.ok().eTag(snapshot.etag()).contentType(MediaType.APPLICATION_NDJSON).body(snapshot.body());
    }

    @PostMapping("/commands")
    @Operation(summary = "Send queued commands", description = "Each is answered on its own: ACCEPTED, DIFFERS or REFUSED. A repeat of any of them is harmless.")
    CommandAnswers commands(Caller caller, @Valid @RequestBody CommandBatch batch) {
        caller.require(Permission.SYNC, batch.distributorId());
        return new CommandAnswers(commands.take(caller, batch.deviceId(), batch.distributorId(), batch.commands()));
    }
}
