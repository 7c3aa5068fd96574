package io.offtake.tax.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.tax.store.TaxRates;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tax-rates")
@Tag(name = "tax-rates")
class TaxRateController extends MasterController<TaxRates.TaxRateForm, TaxRateController.TaxRateView> {

    record TaxRateView(long id, int version, String regime, String hsnPrefix, String kind, BigDecimal ratePercent, BigDecimal cessPercent, LocalDate validFrom,
                       @Nullable LocalDate validTo, String source) implements Versioned {}

    TaxRateController(Masters masters, TaxRates master) {
        super(masters, master, DataClassRowMapper.newInstance(TaxRateView.class));
    }
}
