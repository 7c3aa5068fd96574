package io.offtake.network.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.network.store.Distributors;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/distributors")
@Tag(name = "distributors")
class DistributorController extends MasterController<Distributors.DistributorForm, DistributorController.DistributorView> {

    record DistributorView(long id, int version, String code, String name, String legalName, @Nullable String gstin, String registration, String stateCode, @Nullable String priceZone, @Nullable Long territoryId,
                           @Nullable String territory, @Nullable String territoryName, String address, String city, String pin, String phone, @Nullable String fssai, @Nullable String upiId,
                           @Nullable String bank, String timeZone, String currency, String taxRegime, String status, List<String> principals, String tier, @Nullable String supplier) implements Versioned {}

    DistributorController(Masters masters, Distributors master) {
        super(masters, master, DataClassRowMapper.newInstance(DistributorView.class));
    }
}
