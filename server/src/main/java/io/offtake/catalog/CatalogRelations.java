package io.offtake.catalog;

/// What other modules' statements may join of the catalogue (docs/adr/0021): expressions to stand behind `from` or `join`.
public final class CatalogRelations {
    private CatalogRelations() {}

    /// `id, principal_id, code, name, hsn, mrp, pts, base_unit, qty_scale, brand_id, category_id, status`
    public static final String SKUS = "(select id, principal_id, code, name, hsn, mrp, pts, base_unit, qty_scale, brand_id, category_id, status from catalog.sku)";

    /// Must-sell lists: `principal_id, channel, outlet_class, sku_id, valid_from, valid_to`; null stands for all
    public static final String MUST_SELL = "(select principal_id, channel, outlet_class, sku_id, valid_from, valid_to from catalog.must_sell)";

    /// `sku_id, unit, numerator, denominator`
    public static final String UNITS = "(select sku_id, unit, numerator, denominator from catalog.sku_unit)";

    /// `id, code, name`
    public static final String BRANDS = "(select id, code, name from catalog.brand)";

    /// `id, code, name`
    public static final String CATEGORIES = "(select id, code, name from catalog.category)";

    /// `sku_id, gtin`
    public static final String BARCODES = "(select sku_id, gtin from catalog.sku_barcode)";
}
