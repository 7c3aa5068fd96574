package io.offtake.network.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.network.store.Warehouses;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/warehouses")
@Tag(name = "warehouses")
class WarehouseController extends MasterController<Warehouses.WarehouseForm, WarehouseController.WarehouseView> {

    record WarehouseView(UUID id, int version, long distributorId, String distributor, String code, String name, String address, boolean picking, boolean dispatch, String status) implements Versioned {}

    WarehouseController(Masters masters, Warehouses master) {
        super(masters, master, DataClassRowMapper.newInstance(WarehouseView.class));
    }
}
