package io.offtake.schemes.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.app.SchemeLife;
import io.offtake.schemes.domain.SchemeChecks;
import io.offtake.schemes.domain.SchemeForm;
import io.offtake.schemes.store.SchemeMaster;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/schemes")
@Tag(name = "schemes")
class SchemeController extends MasterController<SchemeForm, SchemeController.SchemeView> {

    /// The latest version of a scheme.
    ///
    /// @param version  number of the latest version; its ETag
    /// @param scheme   what was written
    /// @param warnings what is allowed but probably not meant
    record SchemeView(long id, int version, String code, String name, String mechanic, long principalId, String principal, LocalDate validFrom, LocalDate validTo, String status,
                      Instant createdAt, SchemeForm scheme, List<String> warnings) implements Versioned {}

    /// @param definition the JSON that the rules evaluate
    record SchemeVersionView(int versionNo, String name, String mechanic, LocalDate validFrom, LocalDate validTo, String status, Instant createdAt, String definition) {}

    record Reason(@Nullable String reason) {}

    /// @param on the new last day
    record End(LocalDate on, @Nullable String reason) {}

    private final SchemeLife life;
    private final TenantTransaction transactions;

    SchemeController(Masters masters, SchemeMaster master, SchemeLife life, TenantTransaction transactions) {
        super(masters, master, (row, _) -> {
            var form = SchemeMaster.form(row);
            return new SchemeView(row.getLong("id"), row.getInt("version"), form.code(), form.name(), form.mechanic(), row.getLong("principal_id"), form.principal(),
                    row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class), row.getString("status"), row.getTimestamp("created_at").toInstant(), form,
                    SchemeChecks.warnings(form));
        });
        this.life = life;
        this.transactions = transactions;
    }

    @GetMapping("/{id}/versions")
    @Operation(summary = "All versions", description = "With the definitions that the rules evaluate, the latest first.")
    Page<SchemeVersionView> versions(Caller caller, @PathVariable long id) {
        caller.require(Permission.SCHEME_READ);
        read(caller, Long.toString(id));
        return transactions.shared(db -> Page.all(db.sql("""
                        select version_no, name, mechanic, valid_from, valid_to, status, created_at, definition
                          from schemes.scheme_version where scheme_id = :id order by version_no desc""")
                .param("id", id)
                .query((row, _) -> new SchemeVersionView(row.getInt("version_no"), row.getString("name"), row.getString("mechanic"), row.getObject("valid_from", LocalDate.class),
                        row.getObject("valid_to", LocalDate.class), row.getString("status"), row.getTimestamp("created_at").toInstant(), row.getString("definition")))
                .list()));
    }

    @PostMapping("/{id}/pause")
    @Operation(summary = "Pause", description = "Takes it out of the rule book at once; a reason is needed.")
    ResponseEntity<SchemeView> pause(Caller caller, @PathVariable long id, @RequestBody Reason reason) {
        life.pause(caller, id, reason.reason());
        return read(caller, Long.toString(id));
    }

    @PostMapping("/{id}/resumption")
    @Operation(summary = "Resume")
    ResponseEntity<SchemeView> resume(Caller caller, @PathVariable long id, @RequestBody Reason reason) {
        life.resume(caller, id, reason.reason());
        return read(caller, Long.toString(id));
    }

    @PostMapping("/{id}/end")
    @Operation(summary = "End earlier", description = "Moves the last day forward; a later end is a new version.")
    ResponseEntity<SchemeView> end(Caller caller, @PathVariable long id, @RequestBody End end) {
        life.end(caller, id, end.on(), end.reason());
        return read(caller, Long.toString(id));
    }
}
