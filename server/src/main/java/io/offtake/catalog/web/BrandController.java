package io.offtake.catalog.web;

import io.offtake.catalog.store.Brands;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.swagger.v3.oas.annotations.tags.Tag;

import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/brands")
@Tag(name = "brands")
class BrandController extends MasterController<Brands.BrandForm, BrandController.BrandView> {

    record BrandView(long id, int version, String code, String name) implements Versioned {}

    BrandController(Masters masters, Brands master) {
        super(masters, master, DataClassRowMapper.newInstance(BrandView.class));
    }
}
