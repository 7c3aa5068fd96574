package io.offtake.billing.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.CreditNoteAnswers;
import io.offtake.billing.CreditNotes;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.PostCreditNote;
import io.offtake.platform.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Credit notes over HTTP. They are listed and read with the invoices.
@RestController
@RequestMapping("/api/v1/credit-notes")
class CreditNoteController {
    private final CreditNotes creditNotes;

    CreditNoteController(CreditNotes creditNotes) {
        this.creditNotes = creditNotes;
    }

    @PostMapping
    @Operation(summary = "Post a credit note", description = "For goods that came back or for value only, of an invoice or unmatched. Once per document id.")
    @ApiResponse(responseCode = "201", description = "Posted", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    @ApiResponse(responseCode = "200", description = "Was posted before", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    ResponseEntity<Object> post(Caller caller, @Valid @RequestBody PostCreditNote command) {
        caller.require(Permission.CREDIT_NOTE_POST, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return CreditNoteAnswers.of(creditNotes.post(command, new Actor(caller.userId(), caller.username())), command);
    }
}
