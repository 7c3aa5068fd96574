package io.offtake.schemes.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.Fault;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.schemes.app.SchemeLife;
import io.offtake.schemes.domain.SchemeBody;
import io.offtake.schemes.domain.SchemeForm;
import io.offtake.schemes.store.SchemeMaster;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.swagger.v3.oas.models.media.JsonSchema;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@RestController
@RequestMapping("/api/v1/schemes")
@Tag(name = "schemes")
class SchemeController extends MasterController<SchemeForm, SchemeController.SchemeView> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    static {
        SpringDocUtils.getConfig().replaceWithSchema(SchemeForm.class, new JsonSchema().typesItem("object").additionalProperties(new JsonSchema().description("A member of the scheme."))
                .description("A scheme as in the rule book (spec/README.md), without id and version: `principal` by code, `validFrom` and `validTo` as ISO dates, codes in every member that names "
                        + "SKUs, brands, categories or distributors."));
    }

    /// The latest version of a scheme.
    ///
    /// @param version  number of the latest version; its ETag
    /// @param mechanic M1 to M12 (PX-20)
    /// @param scheme   what was written, with codes for ids
    /// @param warnings what is allowed but probably not meant
    record SchemeView(long id, int version, String code, String name, String mechanic, String stage, int priority, @Nullable String exclusionGroup, long principalId, String principal,
                      LocalDate validFrom, LocalDate validTo, String status, Instant createdAt, SchemeForm scheme, List<String> warnings) implements Versioned {}

    /// @param scheme     what was written, with codes for ids
    /// @param definition the JSON that the rules evaluate
    record SchemeVersionView(int versionNo, String name, String mechanic, LocalDate validFrom, LocalDate validTo, String status, Instant createdAt, SchemeForm scheme, String definition) {}

    /// @param severity ERROR: cannot be stored; WARNING: probably not meant
    /// @param pointer  JSON pointer into the form
    record SchemeFinding(String code, String severity, String pointer, String text) {}

    /// @param scheme as the rule book would hold it, with ids; null as long as it cannot be evaluated
    record SchemePreview(@Nullable Map<String, Object> scheme, List<SchemeFinding> findings) {}

    record Reason(@Nullable String reason) {}

    /// @param on the new last day
    record End(LocalDate on, @Nullable String reason) {}

    private final Masters masters;
    private final SchemeMaster master;
    private final SchemeLife life;
    private final TenantTransaction transactions;

    SchemeController(Masters masters, SchemeMaster master, SchemeLife life, TenantTransaction transactions) {
        super(masters, master, (row, _) -> {
            var form = SchemeMaster.form(row);
            return new SchemeView(row.getLong("id"), row.getInt("version"), form.code(), form.name(), row.getString("mechanic"), row.getString("stage"), row.getInt("priority"),
                    row.getString("exclusion_group"), row.getLong("principal_id"), form.principal(), row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class),
                    row.getString("status"), row.getTimestamp("created_at").toInstant(), form, SchemeBody.warnings(form));
        });
        this.masters = masters;
        this.master = master;
        this.life = life;
        this.transactions = transactions;
    }

    @PostMapping("/preview")
    @Operation(summary = "Try a form", description = "What the rule book would hold of it, and what is wrong or doubtful; writes nothing.")
    SchemePreview preview(Caller caller, @RequestBody SchemeForm form) {
        var draft = masters.preview(caller, master, form);
        var findings = new ArrayList<SchemeFinding>();
        for (Fault fault : draft.faults()) findings.add(new SchemeFinding(fault.code().name(), "ERROR", "/" + fault.field(), fault.wrong() + ". " + fault.right() + "."));
        var definition = draft.isGood() ? SchemeMaster.definition(draft) : null;
        if (definition != null) {
            for (var finding : transactions.shared(db -> master.preview(db, draft)))
                findings.add(new SchemeFinding(finding.code(), finding.severity().name(), finding.field().isEmpty() ? "" : "/" + finding.field(), finding.wrong() + ". " + finding.right() + "."));
        }
        return new SchemePreview(definition == null ? null : JSON.convertValue(definition, OBJECT), findings);
    }

    @GetMapping("/{id}/versions")
    @Operation(summary = "All versions", description = "As they were written and as the rules evaluate them, the latest first.")
    Page<SchemeVersionView> versions(Caller caller, @PathVariable long id) {
        caller.require(Permission.SCHEME_READ);
        read(caller, Long.toString(id));
        return transactions.shared(db -> Page.all(db.sql(SchemeMaster.VERSIONS).param("id", id)
                .query((row, _) -> new SchemeVersionView(row.getInt("version_no"), row.getString("name"), row.getString("mechanic"), row.getObject("valid_from", LocalDate.class),
                        row.getObject("valid_to", LocalDate.class), row.getString("status"), row.getTimestamp("created_at").toInstant(), SchemeMaster.form(row), row.getString("definition")))
                .list()));
    }

    @PostMapping("/{id}/pause")
    @Operation(summary = "Pause", description = "Takes it out of the rule book at once; a reason is needed, and somebody else reviews it within 48 hours (GV-04).")
    ResponseEntity<SchemeView> pause(Caller caller, @PathVariable long id, @RequestBody Reason reason) {
        life.pause(caller, id, reason.reason());
        return read(caller, Long.toString(id));
    }

    @PostMapping("/{id}/resumption")
    @Operation(summary = "Resume", description = "202 with a change request; 200 if it is at work.")
    ResponseEntity<SchemeView> resume(Caller caller, @PathVariable long id, @RequestBody Reason reason) {
        var opened = life.resume(caller, id, reason.reason());
        return opened == null ? read(caller, Long.toString(id)) : accepted(opened);
    }

    @PostMapping("/{id}/end")
    @Operation(summary = "End earlier", description = "202 with a change request that moves the last day forward; a later end is a new version.")
    ResponseEntity<SchemeView> end(Caller caller, @PathVariable long id, @RequestBody End end) {
        return accepted(life.end(caller, id, end.on(), end.reason()));
    }
}
