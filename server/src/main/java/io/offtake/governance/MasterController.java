package io.offtake.governance;

import io.offtake.access.Caller;
import io.offtake.platform.IfMatch;
import io.offtake.platform.ListQuery;
import io.offtake.platform.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;

/// The four operations every master has. A subclass names the address (`@RequestMapping("/api/v1/outlets")`) and the types.
///
/// @param <F> what is written
/// @param <V> what is read
public abstract class MasterController<F extends Record, V extends Record & Versioned> {
    private final Masters masters;
    private final Master<F> master;
    private final RowMapper<V> view;

    protected MasterController(Masters masters, Master<F> master, RowMapper<V> view) {
        this.masters = masters;
        this.master = master;
        this.view = view;
    }

    @GetMapping
    @Operation(summary = "List", description = "A page. `q` searches, `sort=code,-name` orders, other parameters filter.")
    public Page<V> list(Caller caller, ListQuery query) {
        return masters.page(caller, master, query, view);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Read one", description = "Its ETag is what a change must quote in If-Match.")
    public ResponseEntity<V> read(Caller caller, @PathVariable String id) {
        var found = masters.get(caller, master, id, view);
        return IfMatch.ok(found, found.version());
    }

    @PostMapping
    @Operation(summary = "Create", description = "201; or 200 if the same one is there already, so that a repeat is harmless. What decides money is answered 202 with a change request.")
    @ApiResponse(responseCode = "202", description = "What decides money waits as a change request.", content = @Content(schema = @Schema(implementation = ChangeRequests.Detail.class)))
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
    public ResponseEntity<V> create(Caller caller, @RequestBody F form) {
        var owned = form instanceof OfDistributor of ? of : null;
        var saved = masters.create(caller, master, owned == null ? null : owned.distributorId(), owned == null ? null : owned.id(), form);
        if (saved.changeRequest() != null) return opened(caller, saved.changeRequest());
        var found = masters.stored(master, saved, view);
        return ResponseEntity.status(saved.created() ? HttpStatus.CREATED : HttpStatus.OK).eTag(IfMatch.etag(found.version()))
                .location(URI.create("/api/v1/" + master.type() + "/" + saved.id())).body(found);
    }

    @PutMapping("/{id}")
    @Operation(summary = "Change", description = "Replaces all fields of the version in If-Match; what it was stays in the history. What decides money is answered 202 with a change request.")
    @ApiResponse(responseCode = "202", description = "What decides money waits as a change request.", content = @Content(schema = @Schema(implementation = ChangeRequests.Detail.class)))
    @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
    public ResponseEntity<V> change(Caller caller, @PathVariable String id, IfMatch version, @RequestBody F form) {
        var saved = masters.change(caller, master, id, version, form);
        if (saved.changeRequest() != null) return opened(caller, saved.changeRequest());
        var found = masters.stored(master, saved, view);
        return IfMatch.ok(found, found.version());
    }

    private ResponseEntity<V> opened(Caller caller, UUID request) {
        return accepted(masters.changes().get(caller, request));
    }

    /// 202: what was sent decides money and waits as a change request.
    @SuppressWarnings("unchecked") // the document of the API says what a 202 holds
    protected static <T> ResponseEntity<T> accepted(ChangeRequests.Detail opened) {
        return (ResponseEntity<T>) ResponseEntity.accepted().eTag(IfMatch.etag(opened.request().revision()))
                .location(URI.create("/api/v1/change-requests/" + opened.request().id())).body(opened);
    }

    @GetMapping("/{id}/history")
    @Operation(summary = "History", description = "Who changed what and when, from the audit chain, the latest first.")
    public Page<Masters.HistoryEntry> history(Caller caller, @PathVariable String id) {
        return Page.all(masters.history(caller, master, id));
    }
}
