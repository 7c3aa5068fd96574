package io.offtake.tax.ubl;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/// Documents as UBL of EN 16931 and Peppol, and what the official rules say of them.
@RestController
@RequestMapping("/api/v1")
@Tag(name = "ubl")
class UblController {
    private static final int FILE_BYTES_MAX = 5_000_000;

    private final UblDocuments documents;
    private final UblRules rules;

    UblController(UblDocuments documents, UblRules rules) {
        this.documents = documents;
        this.rules = rules;
    }

    @GetMapping(path = "/invoices/{id}/ubl", produces = MediaType.APPLICATION_XML_VALUE)
    @Operation(summary = "A posted invoice as UBL 2.1", description = "`profile` is PEPPOL (BIS Billing 3, the default) or EN16931. Refused with UBL_INCOMPLETE if something is missing.")
    ResponseEntity<byte[]> invoice(Caller caller, @PathVariable UUID id, @RequestParam(defaultValue = "PEPPOL") UblProfile profile) {
        return file(caller, id, profile);
    }

    @GetMapping(path = "/credit-notes/{id}/ubl", produces = MediaType.APPLICATION_XML_VALUE)
    @Operation(summary = "A posted credit note as UBL 2.1", description = "As for an invoice.")
    ResponseEntity<byte[]> creditNote(Caller caller, @PathVariable UUID id, @RequestParam(defaultValue = "PEPPOL") UblProfile profile) {
        return file(caller, id, profile);
    }

    private ResponseEntity<byte[]> file(Caller caller, UUID id, UblProfile profile) {
        caller.require(Permission.INVOICE_READ);
        var written = documents.write(caller.scope(), id, profile).orElseThrow(() -> caller.notFound("document"));
        var name = written.document().number().replaceAll("[^A-Za-z0-9-]+", "-") + ".xml";
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_XML)
                .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename(name, StandardCharsets.UTF_8).build().toString()).body(written.xml());
    }

    @GetMapping("/invoices/{id}/ubl/validation")
    @Operation(summary = "What the official rules say of a posted invoice", description = "Writes it as UBL and runs the rules of EN 16931, and of Peppol where `profile` is PEPPOL.")
    UblRules.Verdict checkInvoice(Caller caller, @PathVariable UUID id, @RequestParam(defaultValue = "PEPPOL") UblProfile profile) {
        return verdict(caller, id, profile);
    }

    @GetMapping("/credit-notes/{id}/ubl/validation")
    @Operation(summary = "What the official rules say of a posted credit note", description = "As for an invoice.")
    UblRules.Verdict checkCreditNote(Caller caller, @PathVariable UUID id, @RequestParam(defaultValue = "PEPPOL") UblProfile profile) {
        return verdict(caller, id, profile);
    }

    private UblRules.Verdict verdict(Caller caller, UUID id, UblProfile profile) {
        caller.require(Permission.INVOICE_READ);
        return rules.check(documents.write(caller.scope(), id, profile).orElseThrow(() -> caller.notFound("document")).xml(), profile);
    }

    @PostMapping(path = "/tax/ubl/validation", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(summary = "Check an UBL file", description = "Runs the rules of EN 16931, and of Peppol BIS Billing 3 if the file names it or `profile` is PEPPOL. Nothing is stored.")
    UblRules.Verdict check(Caller caller, @RequestParam("file") MultipartFile file, @RequestParam(required = false) @org.jspecify.annotations.Nullable UblProfile profile) throws IOException {
        caller.require(Permission.INVOICE_READ);
        if (file.getSize() > FILE_BYTES_MAX) throw Problem.of(ProblemCode.TOO_LARGE, "The file is larger than " + FILE_BYTES_MAX + " bytes.").with("accepted", FILE_BYTES_MAX).exception();
        return rules.check(file.getBytes(), profile);
    }
}
