package io.offtake.tax.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.network.Sellers;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.TaxBooks;
import io.offtake.tax.app.Returns;
import io.offtake.tax.app.TaxFacts;
import io.offtake.tax.india.DiscountRegime;
import io.offtake.tax.india.Gstr1;
import io.offtake.tax.india.Gstr1Sheets;
import io.offtake.tax.india.Gstr3b;
import io.offtake.tax.india.Inv01;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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

    ReturnController(TenantTransaction transactions, Returns returns, TaxFacts facts, Sellers sellers) {
        this.transactions = transactions;
        this.returns = returns;
        this.facts = facts;
        this.sellers = sellers;
    }

    /// @param dueOn when GSTR-1 is due
    record Gstr1View(long distributorId, String gstin, String month, LocalDate dueOn, List<Gstr1.Table> tables, Gstr1.Heads total, List<Gstr1.Issued> issued, Returns.Check check) {}

    record Gstr3bView(long distributorId, String gstin, String month, Gstr3b outward, List<TaxBooks.Balance> inputTax, Returns.Check check) {}

    @GetMapping("/gstr1")
    @Operation(summary = "GSTR-1 of a month", description = "Totals by table, documents issued, and the check against the books: `check.difference` is zero and `check.differences` is empty.")
    Gstr1View gstr1(Caller caller, @RequestParam long distributorId, @RequestParam String month) {
        var found = month(caller, distributorId, month);
        return new Gstr1View(distributorId, found.gstr1().gstin(), found.gstr1().month().toString(), Returns.dueOn(found.gstr1().month()), found.gstr1().tables(), found.gstr1().total(), found.gstr1().issued(), found.check());
    }

    /// One document's share in a table.
    record Gstr1Entry(UUID id, String table, String section, String kind, String number, LocalDate date, @Nullable String buyerGstin, String buyerName, String placeOfSupply, java.math.BigDecimal rate,
                      java.math.BigDecimal payable, java.math.BigDecimal taxable, java.math.BigDecimal igst, java.math.BigDecimal cgst, java.math.BigDecimal sgst, java.math.BigDecimal cess) {}

    @GetMapping("/gstr1/entries")
    @Operation(summary = "Documents of a table of GSTR-1", description = "The documents under a figure, one row for each rate; `section` as in the tables.")
    Page<Gstr1Entry> entries(Caller caller, @RequestParam long distributorId, @RequestParam String month, @RequestParam(required = false) @Nullable String section) {
        return Page.all(month(caller, distributorId, month).gstr1().entries().stream().filter(entry -> section == null || entry.section().name().equals(section)).map(entry -> {
            var row = entry.row();
            return new Gstr1Entry(row.id(), entry.section().table(), entry.section().name(), row.kind(), row.number(), row.date(), row.buyerGstin(), row.buyerName(), row.placeOfSupply(), row.rate(), row.payable(),
                    row.taxable(), row.igst(), row.cgst(), row.sgst(), row.cess());
        }).toList());
    }

    @GetMapping(path = "/gstr1/file", produces = {"application/json", XLSX})
    @Operation(summary = "GSTR-1 as a file", description = "`format=json` as the portal takes it, or `xlsx` with a sheet for each table.")
    ResponseEntity<byte[]> file(Caller caller, @RequestParam long distributorId, @RequestParam String month, @RequestParam(defaultValue = "json") String format) {
        var gstr1 = month(caller, distributorId, month).gstr1();
        boolean xlsx = format.equals("xlsx");
        if (!xlsx && !format.equals("json")) throw Problem.of(ProblemCode.INVALID, "The file is json or xlsx.").at("?format", ProblemCode.INVALID, "is not offered", List.of("json", "xlsx")).exception();
        var bytes = xlsx ? Gstr1Sheets.of(gstr1) : Inv01.JSON.writeValueAsString(gstr1.file()).getBytes(StandardCharsets.UTF_8);
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(xlsx ? XLSX : "application/json"))
                .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename("GSTR1-" + gstr1.gstin() + "-" + gstr1.month() + (xlsx ? ".xlsx" : ".json")).build().toString()).body(bytes);
    }

    @GetMapping("/gstr3b")
    @Operation(summary = "GSTR-3B of a month", description = "Tables 3.1 and 3.2 from the documents, input tax from the books.")
    Gstr3bView gstr3b(Caller caller, @RequestParam long distributorId, @RequestParam String month) {
        var found = month(caller, distributorId, month);
        return new Gstr3bView(distributorId, found.gstr1().gstin(), found.gstr1().month().toString(), found.gstr3b(), found.inputTax(), found.check());
    }

    private Returns.Month month(Caller caller, long distributorId, String text) {
        caller.require(Permission.TAX_RETURN_READ, distributorId);
        YearMonth month;
        try {
            month = YearMonth.parse(text);
        } catch (DateTimeException _) {
            throw Problem.of(ProblemCode.INVALID, "\"" + text + "\" is no month.").at("?month", ProblemCode.INVALID, "is no month", "such as 2026-11").exception();
        }
        var seller = transactions.shared(db -> sellers.seller(db, distributorId));
        var gstin = transactions.shared(db -> sellers.taxId(db, distributorId));
        if (!seller.taxRegime().equals("IN_GST") || gstin.isEmpty())
            throw Problem.of(ProblemCode.ILLEGAL_STATE, "This distributor has no GSTIN, so it files no GSTR-1.").with("state", seller.taxRegime()).with("accepted", List.of("IN_GST")).exception();
        return returns.month(caller.scope(), distributorId, month, gstin.get(), seller.stateCode());
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
