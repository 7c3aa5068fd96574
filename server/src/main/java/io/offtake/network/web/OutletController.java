package io.offtake.network.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.network.store.Outlets;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/outlets")
@Tag(name = "outlets")
class OutletController extends MasterController<Outlets.OutletForm, OutletController.OutletView> {

    record OutletView(UUID id, int version, long distributorId, String distributor, UUID platformOutletId, String code, String name, @Nullable String nameLocal, String channel, String outletClass,
                      @Nullable String outletGroup, @Nullable UUID parentOutletId, @Nullable String parent, @Nullable String ownership, @Nullable UUID beatId, @Nullable String beat,
                      @Nullable String beatName, @Nullable String salesman, @Nullable String gstin, String registration, String stateCode, String address, String city, String pin, String phone,
                      @Nullable BigDecimal latitude, @Nullable BigDecimal longitude, String status, Instant createdAt, Instant changedAt) implements Versioned {}

    OutletController(Masters masters, Outlets master) {
        super(masters, master, DataClassRowMapper.newInstance(OutletView.class));
    }
}
