package io.offtake.tax.web;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Page;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.india.DiscountRegime;
import io.offtake.tax.store.LawStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The dated law rows this installation works with, and the standard rates as a file for the import of tax rates.
@RestController
@RequestMapping("/api/v1/tax")
@Tag(name = "tax-law")
class LawController {
    private final TenantTransaction transactions;

    LawController(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    /// @param place State code, empty for the whole country
    record ThresholdView(String key, String place, @Nullable BigDecimal value, LocalDate validFrom, @Nullable LocalDate validTo, String source) {}

    @GetMapping("/thresholds")
    @Operation(summary = "List thresholds", description = "Turnovers, values, days and hours of the law by State and date, with their source.")
    Page<ThresholdView> thresholds(Caller caller) {
        caller.require(Permission.SKU_READ);
        return transactions.shared(db -> Page.all(LawStore.law(db).rows().stream().map(row -> new ThresholdView(row.key().name(), row.place(), row.value(), row.validFrom(), row.validTo(), row.source())).toList()));
    }

    @GetMapping("/discount-regimes")
    @Operation(summary = "List discount regimes", description = "What a discount after the sale must fulfil to lower the tax, by date (IN-21).")
    Page<DiscountRegime> discountRegimes(Caller caller) {
        caller.require(Permission.SKU_READ);
        return transactions.shared(db -> Page.all(LawStore.discountRegimes(db)));
    }

    @GetMapping(path = "/standard-rates", produces = "text/csv")
    @Operation(summary = "Standard tax rates of India", description = "With the changes of 22-09-2025 and 01-02-2026, in the columns of the import of tax rates, where they go through its checks and approval.")
    ResponseEntity<byte[]> standardRates(Caller caller) throws IOException {
        caller.require(Permission.SKU_READ);
        try (var file = new ClassPathResource("tax/india/rates.csv").getInputStream()) {
            return ResponseEntity.ok().header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename("india-rates.csv").build().toString()).body(file.readAllBytes());
        }
    }
}
