package io.offtake.catalog.web;

import io.offtake.catalog.store.MustSellLists;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Must-sell lists by principal, channel and class.
@RestController
@RequestMapping("/api/v1/must-sell")
@Tag(name = "must-sell")
class MustSellController extends MasterController<MustSellLists.MustSellForm, MustSellController.MustSellView> {

    record MustSellView(long id, int version, long principalId, String principal, @Nullable String channel, @Nullable String outletClass, long skuId, String sku, String skuName, LocalDate validFrom,
                        @Nullable LocalDate validTo) implements Versioned {}

    MustSellController(Masters masters, MustSellLists master) {
        super(masters, master, DataClassRowMapper.newInstance(MustSellView.class));
    }
}
