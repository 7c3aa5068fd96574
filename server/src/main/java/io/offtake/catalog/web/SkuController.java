package io.offtake.catalog.web;

import io.offtake.catalog.store.SkuMaster;
import io.offtake.governance.MasterController;
import io.offtake.governance.Masters;
import io.offtake.governance.Versioned;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/skus")
@Tag(name = "skus")
class SkuController extends MasterController<SkuMaster.SkuForm, SkuController.SkuView> {

    record SkuView(long id, int version, long principalId, String principal, String code, String name, @Nullable String nameLocal, List<String> aliases, long categoryId,
                   String category, String categoryName, long brandId, String brand, String brandName, @Nullable String subBrand, @Nullable String variant, @Nullable String pack,
                   @Nullable String priceTier, String hsn, String baseUnit, int qtyScale, List<SkuMaster.SkuUnit> units, List<SkuMaster.SkuBarcode> barcodes,
                   @Nullable BigDecimal weightG, @Nullable Integer shelfLifeDays, boolean batchTracked, boolean expiryTracked, BigDecimal mrp, BigDecimal pts,
                   boolean mustStock, String status, @Nullable LocalDate launchedOn) implements Versioned {}

    SkuController(Masters masters, SkuMaster master) {
        super(masters, master, (row, _) -> new SkuView(row.getLong("id"), row.getInt("version"), row.getLong("principal_id"), row.getString("principal"), row.getString("code"),
                row.getString("name"), row.getString("name_local"), SkuMaster.aliases(row), row.getLong("category_id"), row.getString("category"), row.getString("category_name"),
                row.getLong("brand_id"), row.getString("brand"), row.getString("brand_name"), row.getString("sub_brand"), row.getString("variant"), row.getString("pack"),
                row.getString("price_tier"), row.getString("hsn"), row.getString("base_unit"), row.getInt("qty_scale"), SkuMaster.units(row), SkuMaster.barcodes(row),
                row.getBigDecimal("weight_g"), row.getObject("shelf_life_days", Integer.class), row.getBoolean("batch_tracked"), row.getBoolean("expiry_tracked"),
                row.getBigDecimal("mrp"), row.getBigDecimal("pts"), row.getBoolean("must_stock"), row.getString("status"), row.getObject("launched_on", LocalDate.class)));
    }
}
