package io.offtake.tax.vat;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.YearMonth;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Returns and registration under a VAT.
@RestController
@RequestMapping("/api/v1/tax/vat")
@Tag(name = "vat")
class VatReturnController {
    private final VatReturns returns;
    private final Clock clock;

    VatReturnController(VatReturns returns, Clock clock) {
        this.returns = returns;
        this.clock = clock;
    }

    @GetMapping("/returns/{distributorId}")
    @Operation(summary = "The VAT return of a month", description = "From the posted documents, beside what the books say: `tied` tells whether both agree to the cent. `month` is YYYY-MM.")
    VatReturns.VatReturn read(Caller caller, @PathVariable long distributorId, @RequestParam String month) {
        caller.require(Permission.TAX_RETURN_READ, distributorId);
        try {
            return returns.of(caller.scope(), distributorId, YearMonth.parse(month));
        } catch (DateTimeException _) {
            throw Problem.of(ProblemCode.MALFORMED, "month is no month.").at("?month", ProblemCode.MALFORMED, "\"" + month + "\" is no month", "Such as 2026-11").exception();
        }
    }

    @GetMapping("/registration/{distributorId}")
    @Operation(summary = "The duty to register", description = "Twelve months' taxable turnover beside the threshold in force.")
    VatReturns.Registration registration(Caller caller, @PathVariable long distributorId) {
        caller.require(Permission.TAX_RETURN_READ, distributorId);
        return returns.registration(caller.scope(), distributorId, clock.instant());
    }
}
