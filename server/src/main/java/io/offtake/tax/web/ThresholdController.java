package io.offtake.tax.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.tax.store.Thresholds;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Thresholds of the law as a governed master; `/api/v1/tax/thresholds` shows them all at once.
@RestController
@RequestMapping("/api/v1/thresholds")
@Tag(name = "tax-law")
class ThresholdController extends MasterController<Thresholds.ThresholdForm, ThresholdController.ThresholdRow> {

    record ThresholdRow(long id, int version, String key, String place, @Nullable BigDecimal value, LocalDate validFrom, @Nullable LocalDate validTo, String source) implements Versioned {}

    ThresholdController(Masters masters, Thresholds master) {
        super(masters, master, DataClassRowMapper.newInstance(ThresholdRow.class));
    }
}
