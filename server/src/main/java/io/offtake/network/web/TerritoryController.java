package io.offtake.network.web;

import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.offtake.network.store.Territories;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/territories")
@Tag(name = "territories")
class TerritoryController extends MasterController<Territories.TerritoryForm, TerritoryController.TerritoryView> {

    record TerritoryView(long id, int version, String code, String name, String kind, @Nullable Long parentId, String parent, @Nullable String parentName) implements Versioned {}

    TerritoryController(Masters masters, Territories master) {
        super(masters, master, DataClassRowMapper.newInstance(TerritoryView.class));
    }
}
