package io.offtake.sync.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.sync.app.HandIns;
import io.offtake.sync.app.Rescues;
import io.offtake.sync.domain.Queued;
import io.offtake.sync.store.RescueStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
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

/// Queues of devices that were stopped.
@RestController
@RequestMapping("/api/v1/sync")
@Tag(name = "devices")
class RescueController {
    private final Rescues rescues;

    RescueController(Rescues rescues) {
        this.rescues = rescues;
    }

    record Queue(@ArraySchema(schema = @Schema(implementation = Queued.class)) @NotEmpty @Size(max = HandIns.BATCH) List<JsonNode> commands) {}

    record Reason(@NotBlank @Size(max = 300) String reason) {}

    @PostMapping("/devices/{id}/rescues")
    @Operation(operationId = "holdQueue", summary = "Hand in the queue of a stopped device", description = "It is held until a manager decides. The same queue again is the same rescue.")
    @ApiResponse(responseCode = "201", description = "Held")
    ResponseEntity<Rescues.Rescue> hold(Caller caller, @PathVariable UUID id, @RequestParam long distributorId, @RequestHeader(name = DeviceController.SECRET, required = false) @Nullable String secret,
                                        @Valid @RequestBody Queue body) {
        caller.require(Permission.SYNC, distributorId);
        return ResponseEntity.status(HttpStatus.CREATED).body(rescues.hold(caller, distributorId, id, secret, body.commands));
    }

    @GetMapping("/rescues")
    @Operation(operationId = "listRescues", summary = "Rescued queues")
    Page<RescueStore.RescueView> list(Caller caller, ListQuery query) {
        caller.require(Permission.DEVICE_READ);
        return rescues.list(caller, query);
    }

    @PostMapping("/rescues/{id}/accept")
    @Operation(operationId = "acceptRescue", summary = "Take a rescued queue", description = "Its commands are taken as if they had arrived, in their maker's name; somebody else decides.")
    Rescues.Rescue accept(Caller caller, @PathVariable UUID id, @Valid @RequestBody Reason body) {
        caller.require(Permission.RESCUE_APPROVE);
        return rescues.accept(caller, id, body.reason);
    }

    @PostMapping("/rescues/{id}/discard")
    @Operation(operationId = "discardRescue", summary = "Let a rescued queue go")
    Rescues.Rescue discard(Caller caller, @PathVariable UUID id, @Valid @RequestBody Reason body) {
        caller.require(Permission.RESCUE_APPROVE);
        return rescues.discard(caller, id, body.reason);
    }
}
