package io.offtake.catalog.store;

import io.offtake.catalog.Skus;
import io.offtake.rules.Money;
import io.offtake.rules.RuleBook;
import io.offtake.rules.UnitPrice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class StoredSkus implements Skus {

    @Override
    public List<RuleBook.Sku> all(JdbcClient db, int moneyScale) {
        var units = new HashMap<Long, List<RuleBook.Unit>>();
        db.sql("select sku_id, unit, numerator, denominator from catalog.sku_unit order by sku_id, numerator::numeric / denominator desc, unit")
                .query(row -> {
                    units.computeIfAbsent(row.getLong("sku_id"), _ -> new ArrayList<>())
                            .add(new RuleBook.Unit(row.getString("unit"), row.getLong("numerator"), row.getLong("denominator")));
                });
        return db.sql("""
                        select id, code, hsn, principal_id, brand_id, category_id, base_unit, qty_scale, pts, mrp, expiry_tracked
                          from catalog.sku order by id""")
                .query((row, _) -> new RuleBook.Sku(Long.toString(row.getLong("id")), row.getString("code"), row.getString("hsn"),
                        Long.toString(row.getLong("principal_id")), Long.toString(row.getLong("brand_id")), Long.toString(row.getLong("category_id")),
                        row.getString("base_unit"), row.getInt("qty_scale"), units.getOrDefault(row.getLong("id"), List.of()),
                        UnitPrice.parse(row.getBigDecimal("pts").toPlainString()), Money.parse(row.getBigDecimal("mrp").toPlainString(), moneyScale),
                        row.getBoolean("expiry_tracked")))
                .list();
    }
}
