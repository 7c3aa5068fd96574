package io.offtake.catalog;

import io.offtake.platform.Pipeline;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What documents print of a SKU.
public final class SkuNames {
    private SkuNames() {}

    public record SkuName(long id, String code, String name, @Nullable String nameLocal, String baseUnit) {}

    /// Reads the names of some SKUs by id.
    public static Pipeline.Answer<Map<Long, SkuName>> read(Pipeline load, long[] skuIds) {
        return load.query("select id, code, name, name_local, base_unit from catalog.sku where id = any(?) order by id",
                rows -> {
                    var names = new LinkedHashMap<Long, SkuName>();
                    while (rows.next())
                        names.put(rows.getLong(1), new SkuName(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)));
                    return names;
                }, skuIds);
    }
}
