package io.offtake.sync.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Evidence;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Pictures and papers under documents: in a lane of their own, resumable, named by what they are.
@RestController
@RequestMapping("/api/v1/evidence")
@Tag(name = "evidence")
class EvidenceController {
    private final Evidence evidence;

    EvidenceController(Evidence evidence) {
        this.evidence = evidence;
    }

    @PostMapping(consumes = {MediaType.IMAGE_JPEG_VALUE, MediaType.IMAGE_PNG_VALUE, "image/webp", MediaType.APPLICATION_PDF_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
    @Operation(operationId = "storeEvidence", summary = "Keep a picture or paper", description = "The body is the file, or with `hash`, `size` and `offset` its next piece. A repeat is harmless. "
            + "JPEG, PNG, WebP or PDF of at most 10 MB, told by the content.")
    @ApiResponse(responseCode = "201", description = "All of it is there")
    @ApiResponse(responseCode = "200", description = "A piece is there")
    ResponseEntity<Evidence.Item> store(Caller caller, @RequestParam long distributorId, @RequestParam(required = false) @Nullable String hash, @RequestParam(required = false) @Nullable Long size,
                                        @RequestParam(required = false) @Nullable Long offset, HttpServletRequest request) throws IOException {
        caller.require(Permission.EVIDENCE_WRITE, distributorId);
        var body = request.getInputStream().readNBytes(Evidence.MAX_SIZE + 1);
        if (body.length > Evidence.MAX_SIZE) throw Problem.of(ProblemCode.TOO_LARGE).with("accepted", Evidence.MAX_SIZE).exception();
        if (body.length == 0) throw Problem.of(ProblemCode.MALFORMED, "There is no body.").exception();
        if (hash == null) {
            var known = evidence.store(distributorId, body, caller.username());
            return answer(known, distributorId);
        }
        if (size == null || offset == null)
            throw Problem.of(ProblemCode.INVALID).at(size == null ? "?size" : "?offset", ProblemCode.INVALID, "is needed with hash").exception();
        return answer(evidence.storePiece(distributorId, hash, size, offset, body, caller.username()), distributorId);
    }

    private static ResponseEntity<Evidence.Item> answer(Evidence.Item item, long distributorId) {
        return ResponseEntity.status(item.complete() ? HttpStatus.CREATED : HttpStatus.OK).location(URI.create("/api/v1/evidence/" + item.hash() + "?distributorId=" + distributorId)).body(item);
    }

    @GetMapping("/{hash}/state")
    @Operation(operationId = "evidenceState", summary = "How much has arrived", description = "`received` is where the next piece starts.")
    Evidence.Item state(Caller caller, @PathVariable String hash, @RequestParam long distributorId) {
        caller.require(Permission.EVIDENCE_READ, distributorId);
        return evidence.find(RowScope.of(distributorId), hash).orElseThrow(() -> caller.notFound("picture or paper"));
    }

    @GetMapping("/{hash}")
    @Operation(operationId = "readEvidence", summary = "Read a picture or paper")
    @ApiResponse(responseCode = "200", description = "The file", content = @Content(mediaType = "application/octet-stream", schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<byte[]> read(Caller caller, @PathVariable String hash, @RequestParam long distributorId) {
        caller.require(Permission.EVIDENCE_READ, distributorId);
        var content = evidence.read(new RowScope(Set.of(distributorId), null), hash).orElseThrow(() -> caller.notFound("picture or paper"));
        var type = MediaType.parseMediaType(content.item().mediaType());
        var shown = type.getType().equals("image") ? ContentDisposition.inline() : ContentDisposition.attachment();
        return ResponseEntity.ok().contentType(type).eTag("\"" + hash + "\"").cacheControl(CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable())
                .header("X-Content-Type-Options", "nosniff").header("Content-Security-Policy", "sandbox")
                .header(HttpHeaders.CONTENT_DISPOSITION, shown.filename(hash.substring(0, 12) + "." + (type.getSubtype().equals("jpeg") ? "jpg" : type.getSubtype())).build().toString())
                .body(content.bytes());
    }
}
