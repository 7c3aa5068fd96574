package io.offtake.governance.web;

import io.offtake.access.Caller;
import io.offtake.governance.ChangeRequests;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Templates;
import io.offtake.governance.Versioned;
import io.offtake.platform.IfMatch;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

@RestController
@RequestMapping("/api/v1/templates")
@Tag(name = "templates")
class TemplateController extends MasterController<Templates.TemplateForm, TemplateController.TemplateView> {

    record TemplateView(long id, int version, String code, String name, String kind, @Schema(type = "object") JsonNode content, List<Templates.Parameter> parameters, boolean active) implements Versioned {}

    private final Templates templates;

    TemplateController(Masters masters, Templates templates) {
        super(masters, templates, (row, _) -> {
            var form = Templates.form(row);
            return new TemplateView(row.getLong("id"), row.getInt("version"), form.code(), form.name(), form.kind(), form.content(), form.parameters(), form.active());
        });
        this.templates = templates;
    }

    @PostMapping("/{id}/instances")
    @Operation(summary = "Make an instance", description = "A change request of the template's kind; only its parameters may be set, inside their bounds (GV-03).")
    ResponseEntity<ChangeRequests.Detail> instance(Caller caller, @PathVariable long id, @RequestBody Templates.Instance instance) {
        var made = templates.instance(caller, id, instance);
        return ResponseEntity.status(HttpStatus.CREATED).eTag(IfMatch.etag(made.request().revision())).location(URI.create("/api/v1/change-requests/" + made.request().id())).body(made);
    }
}
