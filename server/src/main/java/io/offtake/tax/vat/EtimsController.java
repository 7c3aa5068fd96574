package io.offtake.tax.vat;

import static io.offtake.platform.ListSql.Type.DATE;
import static io.offtake.platform.ListSql.Type.LONG;
import static io.offtake.platform.ListSql.Type.TEXT;
import static io.offtake.platform.ListSql.Type.UUID;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.network.Sellers;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ListSql;
import io.offtake.platform.Page;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.TenantTransaction;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Kenya's control unit: which seller has one, and where each document stands with it.
@RestController
@RequestMapping("/api/v1")
@Tag(name = "etims")
class EtimsController {
    private static final ListSql LIST = ListSql.of(EtimsStore.LISTED).key("documentId", UUID).sortable("businessDate", DATE).sortable("number", TEXT).sortable("invoiceNo", LONG).sortable("state", TEXT)
            .equal("distributorId", LONG).equal("state", TEXT).equal("kind", TEXT).from("from", "businessDate", DATE).to("to", "businessDate", DATE).search("number").order("-businessDate", "-invoiceNo");

    /// @param branch  of the seller at the tax office
    /// @param serial  of the unit; may be empty for the simulator
    /// @param adapter OSCU, or SIMULATOR for the unit in the box
    record UnitForm(@NotNull @Pattern(regexp = "[0-9]{2}") String branch, @Nullable @Pattern(regexp = "[A-Z0-9]{0,30}") String serial, @NotNull @Pattern(regexp = "OSCU|SIMULATOR") String adapter) {}

    record UnitView(long distributorId, String branch, String serial, String adapter) {}

    private final EtimsStore store;
    private final EtimsQueue queue;
    private final Sellers sellers;
    private final TenantTransaction transactions;

    EtimsController(EtimsStore store, EtimsQueue queue, Sellers sellers, TenantTransaction transactions) {
        this.store = store;
        this.queue = queue;
        this.sellers = sellers;
        this.transactions = transactions;
    }

    @GetMapping("/tax/etims/units/{distributorId}")
    @Operation(summary = "A seller's control unit")
    UnitView unit(Caller caller, @PathVariable long distributorId) {
        caller.require(Permission.TAX_READ, distributorId);
        return store.unit(distributorId).map(EtimsController::view).orElseThrow(() -> caller.notFound("control unit"));
    }

    @PutMapping("/tax/etims/units/{distributorId}")
    @Operation(summary = "Register a seller's control unit", description = "From now on every posted document is told to it; documents posted before are not. A repeat changes the unit.")
    UnitView register(Caller caller, @PathVariable long distributorId, @Valid @RequestBody UnitForm form) {
        caller.require(Permission.TAX_REGISTRATION_WRITE, distributorId);
        var seller = transactions.shared(db -> sellers.seller(db, distributorId));
        var country = VatCountries.of(seller.taxRegime());
        if (country.isEmpty() || !"ETIMS".equals(country.get().clearance()))
            throw Problem.of(ProblemCode.ILLEGAL_STATE, "This distributor's tax regime has no control unit.").rule("05b 5b.2").with("state", seller.taxRegime()).with("accepted", java.util.List.of("KE_VAT")).exception();
        var serial = form.serial() == null || form.serial().isEmpty() ? "" : form.serial();
        if (serial.isEmpty() && form.adapter().equals("OSCU"))
            throw Problem.of(ProblemCode.INVALID, "The serial of the control unit is missing.").at("/serial", ProblemCode.INVALID, "is missing", "As the tax office gave it, such as KRACU0100000001").exception();
        store.register(distributorId, form.branch(), serial.isEmpty() ? "SIM" + distributorId : serial, form.adapter(), caller.username());
        return view(store.unit(distributorId).orElseThrow());
    }

    private static UnitView view(EtimsStore.Unit unit) {
        return new UnitView(unit.distributorId(), unit.branch(), unit.serial(), unit.adapter());
    }

    @GetMapping("/tax/etims/documents")
    @Operation(summary = "Documents and their state with the control unit")
    Page<EtimsView> list(Caller caller, ListQuery query) {
        caller.require(Permission.TAX_READ);
        return transactions.read(caller.scope(), db -> LIST.page(db, query, Map.of("distributors", caller.scope().distributors().toArray(Long[]::new)), (row, _) -> EtimsStore.view(row)));
    }

    @GetMapping("/invoices/{id}/etims")
    @Operation(summary = "A document's stamp", description = "What the control unit said of an invoice or credit note; number, signature and QR text once it is stamped.")
    EtimsView stamp(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.INVOICE_READ);
        return store.find(caller.scope(), id).orElseThrow(() -> caller.notFound("document at a control unit"));
    }

    @PostMapping("/invoices/{id}/etims")
    @Operation(summary = "Try a document again now", description = "Sends it, or looks up what became of it. A stamped one is answered as it is.")
    EtimsView send(Caller caller, @PathVariable java.util.UUID id) {
        caller.require(Permission.TAX_FILE);
        var known = store.find(caller.scope(), id).orElseThrow(() -> caller.notFound("document at a control unit"));
        queue.tryNow(known.distributorId(), id);
        return store.find(caller.scope(), id).orElseThrow();
    }
}
