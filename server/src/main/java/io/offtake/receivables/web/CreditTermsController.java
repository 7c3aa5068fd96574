package io.offtake.receivables.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.receivables.store.CreditTerms;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/credit-terms")
@Tag(name = "credit-terms")
class CreditTermsController extends MasterController<CreditTerms.CreditTermsForm, CreditTermsController.CreditTermsView> {

    /// @param balance what the outlet owes less what it has on account
    record CreditTermsView(UUID id, int version, long distributorId, UUID outletId, String outlet, String outletName, long principalId, String principal, BigDecimal creditLimit,
                           int creditDays, BigDecimal balance) implements Versioned {}

    CreditTermsController(Masters masters, CreditTerms master) {
        super(masters, master, DataClassRowMapper.newInstance(CreditTermsView.class));
    }
}
