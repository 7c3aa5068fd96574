package io.offtake.tax.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.tax.store.RoundingPolicies;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// How totals are rounded, by currency. Line amounts always round HALF_UP; this is about the bill's total (IN-10).
@RestController
@RequestMapping("/api/v1/rounding-policies")
@Tag(name = "tax-rates")
class RoundingController extends MasterController<RoundingPolicies.RoundingForm, RoundingController.RoundingPolicyView> {

    record RoundingPolicyView(long id, int version, int versionNo, String currency, String documentRounding, LocalDate validFrom) implements Versioned {}

    RoundingController(Masters masters, RoundingPolicies master) {
        super(masters, master, DataClassRowMapper.newInstance(RoundingPolicyView.class));
    }
}
