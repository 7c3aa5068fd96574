package io.offtake.tax.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.network.Sellers;
import io.offtake.platform.Actor;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.TaxBooks;
import io.offtake.tax.app.ExportShipments;
import io.offtake.tax.app.Ims;
import io.offtake.tax.app.ReturnFilings;
import io.offtake.tax.app.Returns;
import io.offtake.tax.app.TaxFacts;
import io.offtake.tax.india.DiscountRegime;
import io.offtake.tax.india.ExportDetails;
import io.offtake.tax.india.Gstr1;
import io.offtake.tax.india.Gstr1Sheets;
import io.offtake.tax.india.Gstr3b;
import io.offtake.tax.india.Inv01;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
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

/// The monthly returns of a registration, tied to the books, and what the law says of one document.
@RestController
@RequestMapping("/api/v1/tax")
@Tag(name = "tax-returns")
class ReturnController {
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private final TenantTransaction transactions;
    private final Returns returns;
    private final TaxFacts facts;
    private final Sellers sellers;
    private final Ims ims;
    private final ExportShipments exports;

    ReturnController(TenantTransaction transactions, Returns returns, TaxFacts facts, Sellers sellers, Ims ims, ExportShipments exports) {
        this.transactions = transactions;
        this.returns = returns;
        this.facts = facts;
        this.sellers = sellers;
        this.ims = ims;
        this.exports = exports;
    }

    /// @param dueOn           when GSTR-1 is due
    /// @param tables          all tables in their order, empty ones and those that do not apply too
    /// @param goodsDifference all tables of documents less table 12
    /// @param filed           null: it is not filed, and the figures are those of now
    /// @param later           of a filed month: what has happened since and goes into a later one
    record Gstr1View(long distributorId, String gstin, String month, LocalDate dueOn, List<Gstr1.Table> tables, Gstr1.Heads total, Gstr1.Heads goodsDifference, List<Gstr1.Issued> issued,
                     List<AmendedDocument> amended, List<Gstr1.ConsumersAmended> consumersAmended, Returns.Check check, @Nullable FiledView filed, List<Returns.Later> later) {}

    /// Tables 9A and 9C: what an earlier month stated of a document at one rate and this one takes back.
    record AmendedDocument(UUID id, String table, String section, String kind, String number, LocalDate date, String buyerName, @Nullable String buyerGstin, java.math.BigDecimal rate, Gstr1.Heads original) {}

    record FiledView(String month, String gstin, String arn, LocalDate filedOn, java.time.Instant recordedAt, String recordedBy) {
        static FiledView of(ReturnFilings.Filed filed) {
            return new FiledView(filed.month().toString(), filed.gstin(), filed.arn(), filed.filedOn(), filed.recordedAt(), filed.recordedBy());
        }
    }

    /// @param arn     acknowledgement reference number of the portal: 15 capital letters and digits
    /// @param filedOn the day it was filed, after the month's end
    record FileReturn(long distributorId, @NotNull @Pattern(regexp = "[0-9]{4}-(0[1-9]|1[0-2])") String month, @NotNull @Pattern(regexp = "[A-Z0-9]{15}") String arn, @NotNull LocalDate filedOn) {}

    /// @param addedBack tax of credit notes that recipients rejected in the month (IN-22): owed beside 3.1(a), in no other figure
    record Gstr3bView(long distributorId, String gstin, String month, Gstr3b outward, Gstr1.Heads addedBack, List<TaxBooks.Balance> inputTax, Returns.Check check) {}

    /// @param status   ACCEPTED, REJECTED or PENDING
    /// @param reversed input tax that the recipient declared to reverse, with ACCEPTED
    record ImsAnswer(long distributorId, @NotNull UUID documentId, Ims.@NotNull Said status, @Nullable @PositiveOrZero @Digits(integer = 16, fraction = 2) BigDecimal reversed, @NotNull LocalDate answeredOn) {}

    /// @param shippingBill number and `shippedOn` its day, both or neither; a port and a country may be known before
    record ExportShipment(@Nullable String shippingBill, @Nullable LocalDate shippedOn, @NotNull String portCode, @NotNull String country) {}

    @GetMapping("/exports")
    @Operation(operationId = "exportShipments", summary = "List exports", description = "The month's bills to buyers abroad, with shipping bill, port and country as far as they are recorded.")
    Page<ExportShipments.Export> exports(Caller caller, @RequestParam long distributorId, @RequestParam String month) {
        caller.require(Permission.TAX_RETURN_READ, distributorId);
        return Page.all(exports.exports(caller.scope(), distributorId, month(month)));
    }

    @PutMapping("/exports/{id}")
    @Operation(operationId = "recordExportShipment", summary = "Record an export's shipping bill", description = "Takes the place of what was recorded before; both are in the audit trail. It is stated in table 6A of the bill's month, in table 9A of the next month where that one is filed, and in the e-invoice where that is not sent yet.")
    @ApiResponse(responseCode = "200", description = "Recorded", content = @Content(schema = @Schema(implementation = ExportShipments.Export.class)))
    ResponseEntity<Object> recordExport(Caller caller, @PathVariable UUID id, @Valid @RequestBody ExportShipment body) {
        caller.require(Permission.TAX_FILE);
        var details = new ExportDetails(blankToNull(body.shippingBill), body.shippedOn, body.portCode.strip().toUpperCase(java.util.Locale.ROOT), body.country.strip().toUpperCase(java.util.Locale.ROOT));
        return switch (exports.record(caller.scope(), id, details, new Actor(caller.userId(), caller.username()))) {
            case ExportShipments.Outcome.Done(var export, var _) -> ResponseEntity.ok(export);
            case ExportShipments.Outcome.Unknown() -> throw caller.notFound("export");
            case ExportShipments.Outcome.Wrong(var faults) -> {
                var problem = Problem.of(ProblemCode.INVALID, "Customs and the tax office would not take this.").rule("IN-50");
                for (var fault : faults) problem = problem.at(fault.pointer(), ProblemCode.INVALID, fault.detail(), fault.accepted());
                yield problem.response();
            }
        };
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    @GetMapping("/ims")
    @Operation(summary = "What recipients did with notes", description = "The month's credit and debit notes to registered buyers and where they stand in the invoice management system; silence until `silentOn` accepts.")
    Page<Ims.Note> ims(Caller caller, @RequestParam long distributorId, @RequestParam String month) {
        caller.require(Permission.TAX_RETURN_READ, distributorId);
        return Page.all(ims.notes(caller.scope(), distributorId, month(month)));
    }

    @PostMapping("/ims")
    @Operation(summary = "Record what a recipient did with a note", description = "Takes the place of what was recorded before. A rejected credit note adds its tax back in the GSTR-3B of the month of `answeredOn`.")
    @ApiResponse(responseCode = "200", description = "Recorded", content = @Content(schema = @Schema(implementation = Ims.Note.class)))
    ResponseEntity<Object> recordImsAnswer(Caller caller, @Valid @RequestBody ImsAnswer body) {
        caller.require(Permission.TAX_FILE, body.distributorId);
        return switch (ims.say(body.distributorId, body.documentId, body.status, body.reversed, body.answeredOn, new Actor(caller.userId(), caller.username()))) {
            case Ims.Outcome.Done(var note) -> ResponseEntity.ok(note);
            case Ims.Outcome.Unknown() -> Problem.of(ProblemCode.NOT_FOUND, "There is no such note to a registered buyer.").at("/documentId", ProblemCode.NOT_FOUND, "is no credit or debit note to a registered buyer", "a note of this distributor").response();
            case Ims.Outcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "A recipient acts on a note from its day on.").rule("IN-22")
                    .at("/answeredOn", ProblemCode.DATE_CLOSED, "is not a day on which this could be said", earliest + " to " + latest).response();
            case Ims.Outcome.ReversalWrong(var most) -> Problem.of(ProblemCode.INVALID, "Who accepts a note reverses at most its tax.").rule("IN-22")
                    .at("/reversed", ProblemCode.INVALID, "is not what the recipient can reverse", most.signum() == 0 ? "leave it out" : "0 to " + most.toPlainString()).response();
        };
    }

    @GetMapping("/gstr1")
    @Operation(summary = "GSTR-1 of a month", description = "Totals by table, documents issued, and the check against the books: `check.difference` is zero and `check.differences` is empty.")
    Gstr1View gstr1(Caller caller, @RequestParam long distributorId, @RequestParam String month) {
        var shown = shown(caller, distributorId, month);
        var found = shown.month();
        var gstr1 = found.gstr1();
        var amended = gstr1.amended().stream().map(one -> new AmendedDocument(one.row().id(), one.section().table(), one.section().name(), one.row().kind(), one.row().number(), one.row().date(),
                one.row().buyerName(), one.row().buyerGstin(), one.row().rate(), new Gstr1.Heads(one.row().taxable(), one.row().igst(), one.row().cgst(), one.row().sgst(), one.row().cess()))).toList();
        return new Gstr1View(distributorId, gstr1.gstin(), gstr1.month().toString(), Returns.dueOn(gstr1.month()), gstr1.tables(), gstr1.total(), gstr1.goodsDifference(), gstr1.issued(), amended,
                gstr1.consumersAmended(), found.check(), shown.filed() == null ? null : FiledView.of(shown.filed()), shown.later());
    }

    @GetMapping("/gstr1/filings")
    @Operation(summary = "List filed returns", description = "Months whose GSTR-1 is recorded as filed, the latest first.")
    Page<FiledView> filings(Caller caller, @RequestParam long distributorId) {
        caller.require(Permission.TAX_RETURN_READ, distributorId);
        return Page.all(returns.filed(caller.scope(), distributorId).stream().map(FiledView::of).toList());
    }

    @PostMapping("/gstr1/filings")
    @Operation(summary = "Record that a return was filed", description = "Keeps the month's GSTR-1 as it stands: from then on it is shown so, and what is cancelled or comes in later goes into a later month (tables 9A, 9C and 10). The return must say what the books say; months are filed one after the other.")
    @ApiResponse(responseCode = "201", description = "Recorded", content = @Content(schema = @Schema(implementation = FiledView.class)))
    @ApiResponse(responseCode = "200", description = "Was recorded before", content = @Content(schema = @Schema(implementation = FiledView.class)))
    ResponseEntity<Object> recordFiling(Caller caller, @Valid @RequestBody FileReturn body) {
        caller.require(Permission.TAX_FILE, body.distributorId);
        var month = YearMonth.parse(body.month);
        var identity = identity(body.distributorId);
        return switch (returns.file(RowScope.of(body.distributorId), body.distributorId, month, identity.gstin, identity.state, body.arn, body.filedOn, new Actor(caller.userId(), caller.username()))) {
            case Returns.FileOutcome.Done(var filed, var replayed) -> ResponseEntity.status(replayed ? 200 : 201).body(FiledView.of(filed));
            case Returns.FileOutcome.FiledAlready(var filed) -> Problem.of(ProblemCode.ILLEGAL_STATE, "This month was filed on " + filed.filedOn() + " as " + filed.arn() + ", and a filed return is never changed.").rule("IN-50")
                    .with("state", "FILED").with("accepted", List.of("OPEN")).response();
            case Returns.FileOutcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "A month is filed after its end.").rule("IN-50")
                    .at("/filedOn", ProblemCode.DATE_CLOSED, "is not a day on which this month could be filed", latest.isBefore(earliest) ? "after " + earliest.minusDays(1) : earliest + " to " + latest).response();
            case Returns.FileOutcome.OutOfOrder(var next) -> Problem.of(ProblemCode.ILLEGAL_STATE, "Months are filed one after the other: " + next + " comes next.").rule("IN-50")
                    .at("/month", ProblemCode.ILLEGAL_STATE, "is not the next month", next.toString()).with("state", "OPEN").with("accepted", List.of(next.toString())).response();
            case Returns.FileOutcome.Differs(var check) -> Problem.of(ProblemCode.ILLEGAL_STATE, "The return and the books differ in " + check.differences().size() + " documents.").rule("IN-50")
                    .with("state", "DIFFERS").with("accepted", List.of("EQUAL")).response();
        };
    }

    /// One document's share in a table.
    record Gstr1Entry(UUID id, String table, String section, String kind, String number, LocalDate date, @Nullable String buyerGstin, String buyerName, String placeOfSupply, java.math.BigDecimal rate,
                      java.math.BigDecimal payable, java.math.BigDecimal taxable, java.math.BigDecimal igst, java.math.BigDecimal cgst, java.math.BigDecimal sgst, java.math.BigDecimal cess) {}

    @GetMapping("/gstr1/entries")
    @Operation(summary = "Documents of a table of GSTR-1", description = "The documents under a figure, one row for each rate; `section` as in the tables.")
    Page<Gstr1Entry> entries(Caller caller, @RequestParam long distributorId, @RequestParam String month, @RequestParam(required = false) @Nullable String section) {
        return Page.all(shown(caller, distributorId, month).month().gstr1().entries().stream().filter(entry -> section == null || entry.section().name().equals(section)).map(entry -> {
            var row = entry.row();
            return new Gstr1Entry(row.id(), entry.section().table(), entry.section().name(), row.kind(), row.number(), row.date(), row.buyerGstin(), row.buyerName(), row.placeOfSupply(), row.rate(), row.payable(),
                    row.taxable(), row.igst(), row.cgst(), row.sgst(), row.cess());
        }).toList());
    }

    @GetMapping(path = "/gstr1/file", produces = {"application/json", XLSX})
    @Operation(summary = "GSTR-1 as a file", description = "`format=json` as the portal takes it, or `xlsx` with a sheet for each table. Of a filed month: as it was filed.")
    ResponseEntity<byte[]> file(Caller caller, @RequestParam long distributorId, @RequestParam String month, @RequestParam(defaultValue = "json") String format) {
        var shown = shown(caller, distributorId, month);
        var gstr1 = shown.month().gstr1();
        boolean xlsx = format.equals("xlsx");
        if (!xlsx && !format.equals("json")) throw Problem.of(ProblemCode.INVALID, "The file is json or xlsx.").at("?format", ProblemCode.INVALID, "is not offered", List.of("json", "xlsx")).exception();
        var kept = xlsx || shown.filed() == null ? null : returns.file(caller.scope(), distributorId, gstr1.month()).orElseThrow();
        var bytes = xlsx ? Gstr1Sheets.of(gstr1) : (kept == null ? Inv01.JSON.writeValueAsString(gstr1.file()) : kept).getBytes(StandardCharsets.UTF_8);
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(xlsx ? XLSX : "application/json"))
                .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename("GSTR1-" + gstr1.gstin() + "-" + gstr1.month() + (xlsx ? ".xlsx" : ".json")).build().toString()).body(bytes);
    }

    @GetMapping("/gstr3b")
    @Operation(summary = "GSTR-3B of a month", description = "Tables 3.1 and 3.2 from the documents, input tax from the books.")
    Gstr3bView gstr3b(Caller caller, @RequestParam long distributorId, @RequestParam String month) {
        var found = shown(caller, distributorId, month).month();
        return new Gstr3bView(distributorId, found.gstr1().gstin(), found.gstr1().month().toString(), found.gstr3b(), ims.addedBack(caller.scope(), distributorId, found.gstr1().month()), found.inputTax(), found.check());
    }

    private Returns.Shown shown(Caller caller, long distributorId, String text) {
        caller.require(Permission.TAX_RETURN_READ, distributorId);
        var month = month(text);
        var identity = identity(distributorId);
        return returns.shown(caller.scope(), distributorId, month, identity.gstin, identity.state);
    }

    private static YearMonth month(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeException _) {
            throw Problem.of(ProblemCode.INVALID, "\"" + text + "\" is no month.").at("?month", ProblemCode.INVALID, "is no month", "such as 2026-11").exception();
        }
    }

    private record Identity(String gstin, String state) {}

    private Identity identity(long distributorId) {
        var seller = transactions.shared(db -> sellers.seller(db, distributorId));
        var gstin = transactions.shared(db -> sellers.taxId(db, distributorId));
        if (!seller.taxRegime().equals("IN_GST") || gstin.isEmpty())
            throw Problem.of(ProblemCode.ILLEGAL_STATE, "This distributor has no GSTIN, so it files no GSTR-1.").with("state", seller.taxRegime()).with("accepted", List.of("IN_GST")).exception();
        return new Identity(gstin.get(), seller.stateCode());
    }

    @GetMapping("/documents/{id}")
    @Operation(summary = "What the tax law says of a document", description = "Title, customer class, e-invoice and e-way bill with their state, QR texts for the paper, the last day for a tax credit note.")
    TaxFacts.Facts document(Caller caller, @PathVariable UUID id) {
        caller.require(Permission.INVOICE_READ);
        return facts.of(caller.scope(), id).orElseThrow(() -> caller.notFound("invoice"));
    }

    /// @param agreedOn    when the discount was agreed; null without an agreement
    /// @param itcReversed whether the recipient has declared the reversal of its input tax credit
    record LaterDiscount(@Nullable LocalDate agreedOn, boolean linked, boolean itcReversed, @NotNull LocalDate noteOn) {}

    @PostMapping("/documents/{id}/note-choice")
    @Operation(summary = "Which note a discount after the sale takes", description = "A tax credit note where every test of the regime in force is met, else a financial credit note, with the tests that failed (IN-21). Writes nothing.")
    DiscountRegime.Choice choice(Caller caller, @PathVariable UUID id, @Valid @RequestBody LaterDiscount body) {
        caller.require(Permission.INVOICE_READ);
        return facts.choose(caller.scope(), id, new TaxFacts.LaterDiscount(body.agreedOn, body.linked, body.itcReversed, body.noteOn)).orElseThrow(() -> caller.notFound("invoice"));
    }
}
