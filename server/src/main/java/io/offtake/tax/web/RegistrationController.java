package io.offtake.tax.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.governance.AuditChain;
import io.offtake.governance.AuditTrail;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.IfMatch;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.store.LawStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What a distributor is to the tax portals: turnover by year, annual returns, and from when e-invoices are made here.
@RestController
@RequestMapping("/api/v1/tax/registrations")
@Tag(name = "tax-registrations")
class RegistrationController {
    private final TenantTransaction transactions;
    private final AuditChain chain;
    private final Clock clock;

    RegistrationController(TenantTransaction transactions, AuditChain chain, Clock clock) {
        this.transactions = transactions;
        this.chain = chain;
        this.clock = clock;
    }

    /// @param year     in which the fiscal year begins
    /// @param turnover aggregate turnover of all registrations of the PAN, rupees
    record Year(@Min(2017) @Max(2199) int year, @NotNull @PositiveOrZero @Digits(integer = 16, fraction = 2) BigDecimal turnover, @Nullable LocalDate annualReturnFiledOn) {}

    record RegistrationForm(@Nullable LocalDate eInvoiceFrom, @Nullable @Pattern(regexp = "[0-9A-Z]{6,18}") String bankAccount, @Nullable @Pattern(regexp = "[A-Z]{4}0[A-Z0-9]{6}") String bankIfsc,
                            @Nullable @Size(max = 15) String transporterId, @NotNull @Size(max = 50) List<@Valid Year> years) {}

    /// @param notified whether the turnover asks for e-invoices today (IN-30)
    record RegistrationView(long distributorId, int version, @Nullable LocalDate eInvoiceFrom, @Nullable String bankAccount, @Nullable String bankIfsc, @Nullable String transporterId, BigDecimal highestTurnover,
                            boolean notified, List<Year> years) {}

    @GetMapping
    @Operation(summary = "List tax registrations", description = "One for each distributor that has said something about itself.")
    Page<RegistrationView> list(Caller caller) {
        caller.require(Permission.TAX_READ);
        return transactions.read(caller.scope(), db -> Page.all(db.sql("select distributor_id from tax.registration where distributor_id = any(:distributors) order by distributor_id")
                .param("distributors", caller.scope().distributors().toArray(Long[]::new)).query(Long.class).list().stream().map(id -> read(db, id)).toList()));
    }

    @GetMapping("/{distributorId}")
    @Operation(summary = "Read a tax registration", description = "Version 0 where nothing was said yet.")
    ResponseEntity<RegistrationView> get(Caller caller, @PathVariable long distributorId) {
        caller.require(Permission.TAX_READ, distributorId);
        var found = transactions.read(caller.scope(), db -> read(db, distributorId));
        return IfMatch.ok(found, found.version());
    }

    private RegistrationView read(JdbcClient db, long distributorId) {
        var years = db.sql("select year, turnover, annual_return_filed_on from tax.fiscal_year where distributor_id = ? order by year").param(distributorId)
                .query((row, _) -> new Year(row.getInt(1), row.getBigDecimal(2), row.getObject(3, LocalDate.class))).list();
        var highest = LawStore.highestTurnover(db, distributorId);
        boolean notified = EInvoice.isNotified(highest, LocalDate.ofInstant(clock.instant(), EwayBill.ZONE), LawStore.law(db));
        return db.sql("select version, e_invoice_from, bank_account, bank_ifsc, transporter_id from tax.registration where distributor_id = ?").param(distributorId)
                .query((row, _) -> new RegistrationView(distributorId, row.getInt(1), row.getObject(2, LocalDate.class), row.getString(3), row.getString(4), row.getString(5), highest, notified, years)).optional()
                .orElse(new RegistrationView(distributorId, 0, null, null, null, null, highest, notified, years));
    }

    @PutMapping("/{distributorId}")
    @Operation(summary = "Set a tax registration", description = "Send the version read in If-Match, `\"0\"` for the first time.")
    ResponseEntity<RegistrationView> put(Caller caller, @PathVariable long distributorId, IfMatch ifMatch, @Valid @RequestBody RegistrationForm form) {
        caller.require(Permission.TAX_REGISTRATION_WRITE, distributorId);
        var saved = transactions.<RegistrationView>write(distributorId, db -> {
            int present = db.sql("select version from tax.registration where distributor_id = ? for update").param(distributorId).query(Integer.class).optional().orElse(0);
            ifMatch.check(present);
            var now = clock.instant();
            var at = now.atOffset(ZoneOffset.UTC);
            db.sql("""
                            insert into tax.registration as r (distributor_id, e_invoice_from, bank_account, bank_ifsc, transporter_id, recorded_at, recorded_by, version)
                            values (:distributor, :from, :account, :ifsc, :transporter, :at, :by, 1)
                            on conflict (distributor_id) do update set e_invoice_from = excluded.e_invoice_from, bank_account = excluded.bank_account, bank_ifsc = excluded.bank_ifsc,
                                   transporter_id = excluded.transporter_id, recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by, version = r.version + 1""")
                    .param("distributor", distributorId).param("from", form.eInvoiceFrom).param("account", form.bankAccount).param("ifsc", form.bankIfsc).param("transporter", form.transporterId)
                    .param("at", at).param("by", caller.username()).update();
            for (var year : form.years)
                db.sql("""
                                insert into tax.fiscal_year as y (distributor_id, year, turnover, annual_return_filed_on, recorded_at, recorded_by)
                                values (:distributor, :year, :turnover, :filed, :at, :by)
                                on conflict (distributor_id, year) do update set turnover = excluded.turnover, annual_return_filed_on = excluded.annual_return_filed_on,
                                       recorded_at = excluded.recorded_at, recorded_by = excluded.recorded_by, version = y.version + 1""")
                        .param("distributor", distributorId).param("year", year.year).param("turnover", year.turnover).param("filed", year.annualReturnFiledOn).param("at", at).param("by", caller.username()).update();
            chain.append(distributorId, List.of(new AuditTrail.Entry(distributorId, now, caller.username(), null, "CHANGED", "tax-registration", AuditChain.idOf(distributorId), null, Fingerprint.json(
                    java.util.Map.of("eInvoiceFrom", String.valueOf(form.eInvoiceFrom), "years", form.years.stream().map(year -> year.year + ": " + year.turnover.toPlainString()).toList())))));
            return read(db, distributorId);
        });
        return IfMatch.ok(saved, saved.version());
    }
}
