package io.offtake.billing.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.billing.CreditNoteAnswers;
import io.offtake.billing.InvoiceView;
import io.offtake.billing.Notes;
import io.offtake.billing.PostNote;
import io.offtake.platform.Actor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Debit notes and financial credit notes over HTTP. They are listed and read with the invoices.
@RestController
@RequestMapping("/api/v1")
@Tag(name = "credit-note-controller")
class NoteController {
    private final Notes notes;

    NoteController(Notes notes) {
        this.notes = notes;
    }

    @PostMapping("/debit-notes")
    @Operation(summary = "Post a debit note", description = "What an invoice billed too low, with its tax (s.34(3)). Once per document id.")
    @ApiResponse(responseCode = "201", description = "Posted", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    @ApiResponse(responseCode = "200", description = "Was posted before", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    ResponseEntity<Object> debit(Caller caller, @Valid @RequestBody PostNote command) {
        caller.require(Permission.CREDIT_NOTE_POST, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return CreditNoteAnswers.of(notes.debit(command, new Actor(caller.userId(), caller.username())), command, "debit note");
    }

    @PostMapping("/financial-credit-notes")
    @Operation(summary = "Post a financial credit note", description = "A discount after the sale, without GST: in no return, without IRN (IN-21). Once per document id.")
    @ApiResponse(responseCode = "201", description = "Posted", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    @ApiResponse(responseCode = "200", description = "Was posted before", content = @Content(schema = @Schema(implementation = InvoiceView.class)))
    ResponseEntity<Object> financial(Caller caller, @Valid @RequestBody PostNote command) {
        caller.require(Permission.CREDIT_NOTE_POST, command.distributorId());
        caller.requirePrincipal(command.principalId());
        return CreditNoteAnswers.of(notes.financial(command, new Actor(caller.userId(), caller.username())), command, "financial credit note");
    }
}
