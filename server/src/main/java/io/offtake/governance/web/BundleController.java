package io.offtake.governance.web;

import io.offtake.access.Caller;
import io.offtake.governance.app.Bundles;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Signed bundles of configuration between environments.
@RestController
@RequestMapping("/api/v1/config-bundles")
@Tag(name = "config-bundles")
class BundleController {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /// @param kinds all if nothing is said
    record Wanted(@Nullable Set<String> kinds) {}

    private final Bundles bundles;

    BundleController(Bundles bundles) {
        this.bundles = bundles;
    }

    @PostMapping("/export")
    @Operation(summary = "Export", description = "What is in force, signed with this installation's Ed25519 key.")
    Map<String, Object> export(Caller caller, @RequestBody Wanted wanted) {
        return JSON.convertValue(bundles.export(caller, wanted.kinds()), OBJECT);
    }

    @PostMapping("/import")
    @Operation(summary = "Import", description = "Verifies the signature and proposes what differs. `from`: first day of what would have begun already, tomorrow if nothing is said.")
    Bundles.Imported bringIn(Caller caller, @RequestBody @io.swagger.v3.oas.annotations.parameters.RequestBody(content = @io.swagger.v3.oas.annotations.media.Content(schema = @Schema(type = "object", description = "A bundle as the export gave it"))) JsonNode bundle,
                             @RequestParam(required = false) @Nullable LocalDate from) {
        return bundles.bringIn(caller, bundle, from);
    }

    @GetMapping("/keys")
    @Operation(summary = "Keys", description = "This installation's own, and those it trusts.")
    Page<Bundles.Key> keys(Caller caller) {
        return bundles.keys(caller);
    }

    @PostMapping("/keys")
    @Operation(summary = "Trust a key")
    ResponseEntity<Bundles.Key> createKey(Caller caller, @RequestBody Bundles.NewKey key) {
        return ResponseEntity.created(URI.create("/api/v1/config-bundles/keys")).body(bundles.trust(caller, key));
    }

    @PostMapping("/keys/{fingerprint}/revocation")
    @Operation(summary = "Trust a key no longer")
    Bundles.Key revokeKey(Caller caller, @PathVariable String fingerprint) {
        return bundles.revoke(caller, fingerprint);
    }
}
