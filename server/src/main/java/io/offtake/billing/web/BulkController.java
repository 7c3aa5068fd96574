package io.offtake.billing.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.Billing;
import io.offtake.billing.InvoiceAnswers;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.billing.Terms;
import io.offtake.platform.Actor;
import io.offtake.platform.JsonLines;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Many invoices of one distributor in one request, for whoever bills in another system: the same path as one (DESIGN section 4),
/// in one transaction with the same statements, so that the cost of each falls.
@RestController
@RequestMapping("/api/v1/invoices")
class BulkController {
    /// Invoices in one request.
    static final int MOST = 500;

    private final Billing billing;
    private final JsonLines lines;

    BulkController(Billing billing, JsonLines lines) {
        this.billing = billing;
        this.lines = lines;
    }

    /// The answer to one line.
    ///
    /// @param line    from 1
    /// @param status  as POST /api/v1/invoices answers this body: 201 posted, 200 was posted before, else refused
    /// @param number  the legal number of what was posted
    /// @param invoice the whole document, if `Prefer: return=representation` asks for it
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BulkAnswer(int line, @Nullable UUID id, int status, @Nullable String number, @Nullable BigDecimal payable, @Nullable InvoiceView invoice,
                      @Schema(ref = "#/components/schemas/Problem") @Nullable Object problem) {}

    @PostMapping(path = "/bulk", consumes = JsonLines.MEDIA_TYPE, produces = JsonLines.MEDIA_TYPE)
    @Operation(operationId = "postInvoices", summary = "Post many invoices", description = "NDJSON, one invoice of this distributor a line, at most 500: each as in POST /api/v1/invoices, with one answer a line in the same order. "
            + "A refused line holds up no other; a repeat of the whole request, or of any line, posts nothing twice. Prefer: return=representation answers whole documents.",
            requestBody = @io.swagger.v3.oas.annotations.parameters.RequestBody(required = true, content = @Content(mediaType = JsonLines.MEDIA_TYPE, schema = @Schema(implementation = PostInvoice.class))))
    @ApiResponse(responseCode = "200", description = "One answer for each line", content = @Content(mediaType = JsonLines.MEDIA_TYPE, schema = @Schema(implementation = BulkAnswer.class)))
    ResponseEntity<byte[]> post(Caller caller, @RequestParam long distributorId, @RequestHeader(name = "Prefer", required = false) @Nullable String prefer, @RequestBody byte[] body) {
        caller.require(Permission.INVOICE_POST, distributorId);
        var asked = lines.read(body, MOST, PostInvoice.class);
        for (var line : asked) if (line.value() != null && line.value().distributorId() == distributorId) caller.requirePrincipal(line.value().principalId());
        boolean whole = prefer != null && prefer.contains("return=representation");
        var answers = new BulkAnswer[asked.size()];
        var group = new ArrayList<Integer>();
        var ids = new HashSet<UUID>();
        for (int at = 0; at < answers.length; at++) {
            var line = asked.get(at);
            if (line.value() == null || line.value().distributorId() != distributorId) {
                var problem = line.problem() != null ? line.problem() : Problem.of(ProblemCode.INVALID, "Every line is of the request's distributor.")
                        .at("/distributorId", ProblemCode.INVALID, "must be the request's distributor", distributorId);
                answers[at] = new BulkAnswer(line.number(), line.value() == null ? null : line.value().id(), problem.code().status(), null, null, null, problem);
                continue;
            }
            if (!ids.add(line.value().id())) {
                // the same document again is answered by what became of it the first time
                post(asked, group, answers, caller.actor(), whole);
                group.clear();
            }
            group.add(at);
        }
        post(asked, group, answers, caller.actor(), whole);
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(JsonLines.MEDIA_TYPE)).body(lines.write(List.of(answers)));
    }

    private void post(List<JsonLines.Line<PostInvoice>> asked, List<Integer> group, BulkAnswer[] answers, Actor actor, boolean whole) {
        if (group.isEmpty()) return;
        var outcomes = billing.postAll(group.stream().map(at -> asked.get(at).value()).toList(), actor, Terms.NATIVE);
        for (int place = 0; place < outcomes.size(); place++) {
            int at = group.get(place);
            answers[at] = answer(asked.get(at), outcomes.get(place), whole);
        }
    }

    private static BulkAnswer answer(JsonLines.Line<PostInvoice> line, PostInvoiceOutcome outcome, boolean whole) {
        var command = java.util.Objects.requireNonNull(line.value());
        var answer = InvoiceAnswers.of(outcome, command);
        int status = answer.getStatusCode().value();
        return answer.getBody() instanceof InvoiceView posted
                ? new BulkAnswer(line.number(), posted.id(), status, posted.number(), posted.totals().payable(), whole ? posted : null, null)
                : new BulkAnswer(line.number(), command.id(), status, null, null, null, answer.getBody());
    }
}
