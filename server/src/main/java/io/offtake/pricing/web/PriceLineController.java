package io.offtake.pricing.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.pricing.store.PriceLineMaster;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/price-list-lines")
@Tag(name = "price-list-lines")
class PriceLineController extends MasterController<PriceLineMaster.PriceLineForm, PriceLineController.PriceLineView> {

    record PriceLineView(long id, int version, long priceListId, String list, int versionNo, String status, long skuId, String sku, String skuName, BigDecimal mrp, @Nullable BigDecimal price, LocalDate validFrom) implements Versioned {}

    PriceLineController(Masters masters, PriceLineMaster master) {
        super(masters, master, DataClassRowMapper.newInstance(PriceLineView.class));
    }
}
