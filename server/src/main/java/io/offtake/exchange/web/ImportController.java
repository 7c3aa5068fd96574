package io.offtake.exchange.web;

import io.offtake.access.Caller;
import io.offtake.exchange.app.Exports;
import io.offtake.exchange.app.Imports;
import io.offtake.exchange.app.Imports.Import;
import io.offtake.exchange.app.Imports.ImportType;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/api/v1")
@Tag(name = "imports")
class ImportController {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final MediaType XLSX = MediaType.parseMediaType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    private static final MediaType CSV = MediaType.parseMediaType("text/csv;charset=UTF-8");

    /// @param mapping column names by heading; an empty name ignores the heading
    record ChosenColumns(Map<String, String> mapping) {}

    private final Imports imports;
    private final Exports exports;

    ImportController(Imports imports, Exports exports) {
        this.imports = imports;
        this.exports = exports;
    }

    @GetMapping("/imports/types")
    @Operation(summary = "What can be imported", description = "Masters the caller may write, with their columns.")
    Page<ImportType> types(Caller caller) {
        return Page.all(imports.types(caller));
    }

    @PostMapping(path = "/imports", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(summary = "Upload a file", description = "CSV (UTF-8) or XLSX. Nothing is written: the answer says what would be new, changed, the same and bad.")
    ResponseEntity<Import> upload(Caller caller, @RequestParam("file") MultipartFile file, @RequestParam(required = false) @Nullable String type,
                                  @RequestParam(required = false) @Nullable Long distributorId, @RequestParam(required = false) @Nullable String mapping,
                                  @RequestParam(required = false) @Nullable UUID continues) throws IOException {
        var run = imports.upload(caller, type == null || type.isBlank() ? null : type, distributorId, file.getOriginalFilename() == null ? "" : file.getOriginalFilename(), file.getBytes(),
                mapping == null || mapping.isBlank() ? Map.of() : chosen(mapping), continues);
        return ResponseEntity.status(HttpStatus.CREATED).location(URI.create("/api/v1/imports/" + run.id())).body(run);
    }

    private static Map<String, String> chosen(String mapping) {
        try {
            return JSON.readValue(mapping, new TypeReference<LinkedHashMap<String, String>>() {});
        } catch (JacksonException _) {
            throw Problem.of(ProblemCode.MALFORMED, "mapping is no JSON object of texts.").at("?mapping", ProblemCode.MALFORMED, "must be an object of column names by heading").exception();
        }
    }

    @GetMapping("/imports")
    @Operation(summary = "History", description = "The latest imports first.")
    Page<Import> list(Caller caller, ListQuery query) {
        return imports.list(caller, query);
    }

    @GetMapping("/imports/{id}")
    @Operation(summary = "Read one")
    Import read(Caller caller, @PathVariable UUID id) {
        return imports.get(caller, id);
    }

    @PutMapping("/imports/{id}/mapping")
    @Operation(summary = "Choose columns", description = "Says what headings mean where the guess was wrong, and tries the file again.")
    Import remap(Caller caller, @PathVariable UUID id, @RequestBody ChosenColumns columns) {
        return imports.remap(caller, id, columns.mapping() == null ? Map.of() : columns.mapping());
    }

    @PostMapping("/imports/{id}/confirmation")
    @Operation(summary = "Confirm", description = "A job brings the good rows in; `jobId` tells how far it is. A repeat is harmless.")
    ResponseEntity<Import> confirm(Caller caller, @PathVariable UUID id) {
        return ResponseEntity.accepted().body(imports.confirm(caller, id));
    }

    @PostMapping("/imports/{id}/cancellation")
    @Operation(summary = "Cancel", description = "Drops an import that waits, or stops one that runs; rows already written stay.")
    Import cancel(Caller caller, @PathVariable UUID id) {
        return imports.cancel(caller, id);
    }

    @GetMapping(path = "/imports/{id}/error-file", produces = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    @Operation(summary = "Error file", description = "The bad rows of the same file with two columns added: what is wrong, how to right it.")
    ResponseEntity<byte[]> errorFile(Caller caller, @PathVariable UUID id) {
        var run = imports.get(caller, id);
        var content = imports.errorFile(caller, id);
        boolean xlsx = content[0] == 'P';
        return file(content, xlsx, run.fileName().replaceAll("\\.[A-Za-z]{2,4}$", "") + "-errors");
    }

    @GetMapping(path = "/imports/samples/{type}", produces = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    @Operation(summary = "Sample file", description = "A real export of the first rows. `format` is csv or xlsx.")
    ResponseEntity<byte[]> sample(Caller caller, @PathVariable String type, @RequestParam(defaultValue = "csv") String format) {
        return file(exports.sample(caller, type, format), format.equals("xlsx"), type + "-sample");
    }

    @GetMapping(path = "/exports/{type}", produces = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    @Operation(summary = "Export", description = "What the list of the same name shows with the same filters, as a file that an import reads. `format` is csv or xlsx.")
    ResponseEntity<byte[]> export(Caller caller, @PathVariable String type, @RequestParam(defaultValue = "csv") String format, ListQuery query) {
        return file(exports.export(caller, type, format, query.without("format")), format.equals("xlsx"), type);
    }

    private static ResponseEntity<byte[]> file(byte[] content, boolean xlsx, String name) {
        return ResponseEntity.ok().contentType(xlsx ? XLSX : CSV)
                .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename(name + (xlsx ? ".xlsx" : ".csv"), java.nio.charset.StandardCharsets.UTF_8).build().toString())
                .body(content);
    }
}
