package io.offtake.tax.ubl;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/electronic-addresses")
@Tag(name = "electronic-addresses")
class ElectronicAddressController extends MasterController<ElectronicAddresses.AddressForm, ElectronicAddressController.AddressView> {

    record AddressView(UUID id, int version, long distributorId, String distributor, @Nullable String outlet, @Nullable String outletName, String scheme, String address) implements Versioned {}

    ElectronicAddressController(Masters masters, ElectronicAddresses master) {
        super(masters, master, DataClassRowMapper.newInstance(AddressView.class));
    }
}
