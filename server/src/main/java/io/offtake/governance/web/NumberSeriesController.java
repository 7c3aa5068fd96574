package io.offtake.governance.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.governance.store.NumberSeries;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/number-series")
@Tag(name = "number-series")
class NumberSeriesController extends MasterController<NumberSeries.NumberSeriesForm, NumberSeriesController.NumberSeriesView> {

    /// @param nextFormatted the number that the next document gets
    record NumberSeriesView(UUID id, int version, long distributorId, String documentType, String series, int fiscalYear, int width, boolean closed, long nextNumber,
                            String nextFormatted) implements Versioned {}

    NumberSeriesController(Masters masters, NumberSeries master) {
        super(masters, master, DataClassRowMapper.newInstance(NumberSeriesView.class));
    }
}
