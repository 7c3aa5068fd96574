package io.offtake.tax.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.tax.store.Undertakings;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Letters of undertaking of distributors, for zero-rated supplies without payment of tax.
@RestController
@RequestMapping("/api/v1/undertakings")
@Tag(name = "tax-registrations")
class UndertakingController extends MasterController<Undertakings.UndertakingForm, UndertakingController.UndertakingView> {

    record UndertakingView(UUID id, int version, long distributorId, String distributor, String number, LocalDate validFrom, LocalDate validTo) implements Versioned {}

    UndertakingController(Masters masters, Undertakings master) {
        super(masters, master, DataClassRowMapper.newInstance(UndertakingView.class));
    }
}
