package io.offtake.pricing.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.pricing.store.ContractPrices;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/contract-prices")
@Tag(name = "contract-prices")
class ContractPriceController extends MasterController<ContractPrices.ContractPriceForm, ContractPriceController.ContractPriceView> {

    record ContractPriceView(UUID id, int version, long distributorId, String distributor, long principalId, String principal, int level, @Nullable UUID outletId, @Nullable String outlet,
                             @Nullable String outletName, @Nullable String outletGroup, long skuId, String sku, String skuName, BigDecimal mrp, BigDecimal price, LocalDate validFrom,
                             @Nullable LocalDate validTo) implements Versioned {}

    ContractPriceController(Masters masters, ContractPrices master) {
        super(masters, master, DataClassRowMapper.newInstance(ContractPriceView.class));
    }
}
