package io.offtake.sync.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.sync.app.Changes;
import io.offtake.sync.app.Devices;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// What changed of a group, resumable at any byte.
@RestController
@RequestMapping("/api/v1/sync")
class ChangesController {
    private static final MediaType GZIP = MediaType.parseMediaType("application/gzip");
    private static final Pattern FROM = Pattern.compile("bytes=(\\d{1,9})-");

    private final Changes changes;
    private final Devices devices;

    ChangesController(Changes changes, Devices devices) {
        this.changes = changes;
        this.devices = devices;
    }

    @GetMapping("/changes/{group}")
    @Operation(operationId = "pullChanges", summary = "Read what changed of a group", description = "Gzip of NDJSON: a `head` line, rows with their key, tombstones (`d`), an `end` line; without `since` everything. "
            + "A pull that was cut off goes on with Range and If-Range of its ETag, byte for byte, for an hour. The rule book is named by parts; those in X-Rule-Book-Parts are not sent.")
    @ApiResponse(responseCode = "200", description = "The changes", content = @Content(mediaType = "application/gzip", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "206", description = "The rest of the pull named in If-Range", content = @Content(mediaType = "application/gzip", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "204", description = "Nothing has changed", content = @Content)
    ResponseEntity<byte[]> changes(Caller caller, @PathVariable String group, @RequestParam long distributorId, @RequestParam(required = false) @Nullable String since,
                                   @RequestHeader(name = "X-Device-Id", required = false) @Nullable UUID deviceId, @RequestHeader(name = DeviceController.SECRET, required = false) @Nullable String secret,
                                   @RequestHeader(name = "X-Rule-Book-Parts", required = false) @Nullable String parts, @RequestHeader(name = "Range", required = false) @Nullable String range,
                                   @RequestHeader(name = "If-Range", required = false) @Nullable String ifRange) {
        caller.require(Permission.SYNC, distributorId);
        SyncController.requireGroup(group);
        if (deviceId != null) devices.enter(caller, distributorId, deviceId, secret, null, false);
        var asked = range == null ? null : FROM.matcher(range);
        if (asked != null && asked.matches() && ifRange != null && ifRange.matches("\"[0-9a-f]{32}\"")) {
            int from = Integer.parseInt(asked.group(1));
            var rest = changes.rest(distributorId, ifRange.substring(1, 33), from).orElse(null);
            if (rest != null)
                return ResponseEntity.status(HttpStatus.PARTIAL_CONTENT).contentType(GZIP).eTag(ifRange).cacheControl(CacheControl.noStore())
                        .header(HttpHeaders.CONTENT_RANGE, "bytes " + from + "-" + (rest.size() - 1) + "/" + rest.size()).body(rest.bytes());
        }
        var pull = changes.pull(caller.scope(), distributorId, group, since, parts == null ? Set.of() : Set.copyOf(List.of(parts.split(","))));
        if (pull.bytes() == null) return ResponseEntity.noContent().header("X-Sync-Cursor", pull.cursor()).build();
        return ResponseEntity.ok().contentType(GZIP).eTag("\"" + pull.id() + "\"").cacheControl(CacheControl.noStore()).header(HttpHeaders.ACCEPT_RANGES, "bytes").header("X-Sync-Cursor", pull.cursor())
                .header("X-Sync-Full", Boolean.toString(pull.full())).header("X-Raw-Length", Integer.toString(pull.rawLength())).body(pull.bytes());
    }
}
