package io.offtake.sync.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.sync.app.Devices;
import io.offtake.sync.domain.DeviceView;
import io.offtake.sync.domain.Heartbeat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Devices: registered and heard by themselves, watched and stopped by their managers (OFF-03, OFF-16).
@RestController
@RequestMapping("/api/v1/sync/devices")
@Tag(name = "devices")
class DeviceController {
    static final String SECRET = "X-Device-Secret";

    private final Devices devices;
    private final Clock clock;

    DeviceController(Devices devices, Clock clock) {
        this.devices = devices;
        this.clock = clock;
    }

    /// @param id            made by the device and kept with its queue
    /// @param schemaVersion of its queue format
    record Registration(@NotNull UUID id, long distributorId, @NotBlank @Size(max = 80) String name, @NotNull @Pattern(regexp = "COUNTER|FIELD") String kind,
                        @Nullable @Size(max = 40) String appVersion, @Min(1) int schemaVersion, @Nullable @Size(max = 500) String publicKey) {}

    record NewName(@NotBlank @Size(max = 80) String name) {}

    record Reason(@NotBlank @Size(max = 300) String reason) {}

    /// @param next numbers the device gives next, by document type, where it is ahead of the server
    record LeaseRequest(@NotEmpty Set<String> documentTypes, @Nullable Map<String, Long> next) {}

    record Leases(List<Devices.LeaseView> leases) {}

    record Heard(String state, Instant serverTime, @Nullable Long clockDriftSeconds) {}

    @PostMapping
    @Operation(operationId = "registerDevice", summary = "Register this device", description = "The same id again by the same user gets a new secret; its series stay. Old queue formats are read for ever.")
    @ApiResponse(responseCode = "201", description = "The device and its secret, shown once")
    ResponseEntity<Devices.Registered> register(Caller caller, @Valid @RequestBody Registration body) {
        caller.require(Permission.SYNC, body.distributorId);
        var done = devices.register(caller, body.distributorId, body.id, body.name.strip(), body.kind, body.publicKey, body.appVersion, body.schemaVersion);
        return ResponseEntity.status(HttpStatus.CREATED).body(done);
    }

    @GetMapping
    @Operation(operationId = "listDevices", summary = "Devices", description = "The longest silent first. `silentHours` gives those silent at least so long.")
    Page<DeviceView> list(Caller caller, ListQuery query) {
        caller.require(Permission.DEVICE_READ);
        return devices.list(caller, query);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "readDevice", summary = "Read one", description = "With its series, the numbers without a document and why, and its alerts.")
    ResponseEntity<Devices.Details> read(Caller caller, @PathVariable UUID id) {
        caller.requireAny(Permission.DEVICE_READ, Permission.SYNC);
        var details = devices.details(caller, id);
        return IfMatch.ok(details, details.device().version());
    }

    @PostMapping("/{id}/heartbeat")
    @Operation(operationId = "deviceHeartbeat", summary = "Say how it is", description = "Also a part of every pull and every hand-in of commands.")
    Heard heartbeat(Caller caller, @PathVariable UUID id, @RequestParam long distributorId, @RequestHeader(name = SECRET, required = false) @Nullable String secret, @Valid @RequestBody Heartbeat body) {
        caller.require(Permission.SYNC, distributorId);
        var device = devices.enter(caller, distributorId, id, secret, body, false);
        return heard(device.state().name(), body, clock.instant());
    }

    static Heard heard(String state, @Nullable Heartbeat said, Instant now) {
        return new Heard(state, now, said == null || said.deviceTime() == null ? null : Duration.between(now, said.deviceTime()).toSeconds());
    }

    record Key(@NotBlank @Size(max = 200) @Pattern(regexp = "[A-Za-z0-9+/=_-]+") String key) {}

    @PutMapping("/{id}/escrow")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "escrowDeviceKey", summary = "Leave the key of the device's store", description = "It opens only what lies encrypted on that device; its user gets it back with the password.")
    void escrow(Caller caller, @PathVariable UUID id, @RequestParam long distributorId, @RequestHeader(name = SECRET, required = false) @Nullable String secret, @Valid @RequestBody Key body) {
        caller.require(Permission.SYNC, distributorId);
        devices.escrow(caller, distributorId, id, secret, body.key);
    }

    @GetMapping("/{id}/escrow")
    @Operation(operationId = "readDeviceKey", summary = "Get the key of the device's store back", description = "For the user who left it, signed in.")
    ResponseEntity<Key> escrowed(Caller caller, @PathVariable UUID id, @RequestParam long distributorId) {
        caller.require(Permission.SYNC, distributorId);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new Key(devices.escrowed(caller, distributorId, id)));
    }

    @PostMapping("/{id}/leases")
    @Operation(operationId = "leaseSeries", summary = "Lease number series", description = "A series of its own per document type and fiscal year, or more numbers of it; from 15 March the next year's as well.")
    Leases lease(Caller caller, @PathVariable UUID id, @RequestParam long distributorId, @RequestHeader(name = SECRET, required = false) @Nullable String secret, @Valid @RequestBody LeaseRequest body) {
        caller.require(Permission.SYNC, distributorId);
        return new Leases(devices.lease(caller, distributorId, id, secret, body.documentTypes, body.next == null ? Map.of() : body.next));
    }

    @PostMapping("/{id}/name")
    @Operation(operationId = "renameDevice", summary = "Rename")
    DeviceView rename(Caller caller, @PathVariable UUID id, @Valid @RequestBody NewName body) {
        caller.requireAny(Permission.DEVICE_MANAGE, Permission.SYNC);
        return devices.rename(caller, id, body.name.strip());
    }

    @PostMapping("/{id}/lock")
    @Operation(operationId = "lockDevice", summary = "Lock", description = "Nothing is taken from it but its queue, to be rescued.")
    DeviceView lock(Caller caller, @PathVariable UUID id, @Valid @RequestBody Reason body) {
        return step(caller, id, Devices.Step.LOCK, body);
    }

    @PostMapping("/{id}/unlock")
    @Operation(operationId = "unlockDevice", summary = "Unlock", description = "Also takes a wish to wipe back.")
    DeviceView unlock(Caller caller, @PathVariable UUID id, @Valid @RequestBody Reason body) {
        return step(caller, id, Devices.Step.UNLOCK, body);
    }

    @PostMapping("/{id}/wipe")
    @Operation(operationId = "wipeDevice", summary = "Ask for a wipe", description = "At its next contact the device hands in its queue, empties itself, and says so.")
    DeviceView wipe(Caller caller, @PathVariable UUID id, @Valid @RequestBody Reason body) {
        return step(caller, id, Devices.Step.WIPE, body);
    }

    @PostMapping("/{id}/revoke")
    @Operation(operationId = "revokeDevice", summary = "Revoke", description = "A lost device: its series are retired, and numbers that never arrive are void after 7 days.")
    DeviceView revoke(Caller caller, @PathVariable UUID id, @Valid @RequestBody Reason body) {
        return step(caller, id, Devices.Step.REVOKE, body);
    }

    private DeviceView step(Caller caller, UUID id, Devices.Step step, Reason body) {
        caller.require(Permission.DEVICE_MANAGE);
        return devices.step(caller, id, step, body.reason);
    }

    @PostMapping("/{id}/wiped")
    @Operation(operationId = "deviceWiped", summary = "Say that it is wiped", description = "By the device itself, after its queue was handed in.")
    DeviceView wiped(Caller caller, @PathVariable UUID id, @RequestParam long distributorId, @RequestHeader(name = SECRET, required = false) @Nullable String secret) {
        caller.require(Permission.SYNC, distributorId);
        return devices.wiped(caller, distributorId, id, secret);
    }
}
