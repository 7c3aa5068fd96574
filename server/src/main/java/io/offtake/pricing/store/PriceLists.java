package io.offtake.pricing.store;

import io.offtake.rules.Money;
import io.offtake.rules.Rate;
import io.offtake.rules.RuleBook;
import io.offtake.rules.UnitPrice;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Published price lists as the rules see them.
@Component
class PriceLists {

    /// A list with the principal whose goods it prices.
    record Listed(long principalId, RuleBook.PriceList list) {}

    private static final int MRP_PRICE_DECIMALS = 2;

    private static final String NATIONAL = "l.distributor_id is null and l.level <> 6";
    private static final String OWN = "(l.distributor_id = :distributor or (l.distributor_id is null and l.level = 6 and l.zone = :zone))";

    /// Lists that every distributor has (levels 7, and 4 and 5 without a distributor), in force on some day of the window.
    List<Listed> national(JdbcClient db, LocalDate from, LocalDate to, int moneyScale) {
        return published(db, NATIONAL, 0, null, from, to, moneyScale);
    }

    /// Lists of one distributor and of its price zone, in force on some day of the window.
    List<Listed> own(JdbcClient db, long distributorId, @Nullable String zone, LocalDate from, LocalDate to, int moneyScale) {
        return published(db, OWN, distributorId, zone, from, to, moneyScale);
    }

    private List<Listed> published(JdbcClient db, String whose, long distributorId, @Nullable String zone, LocalDate from, LocalDate to, int moneyScale) {
        var units = new HashMap<Long, @Nullable String>();
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("from", from);
        parameters.put("to", to);
        parameters.put("distributor", distributorId);
        parameters.put("zone", zone);
        var heads = db.sql("""
                        select l.id, l.code, l.version_no, l.principal_id, l.level, l.zone, l.channel, l.outlet_class, l.tax_inclusive,
                               l.mrp_linked, l.margin_percent, l.margin_basis, l.price_unit, l.valid_from, l.valid_to
                          from pricing.price_list l
                         where l.status = 'PUBLISHED' and l.valid_from <= :to and (l.valid_to is null or l.valid_to >= :from) and\s""" + whose + """

                         order by l.id""")
                .params(parameters)
                .query((row, _) -> {
                    units.put(row.getLong("id"), row.getString("price_unit"));
                    return head(row);
                })
                .list();
        var lines = new HashMap<String, List<RuleBook.PriceLine>>();
        db.sql("""
                        select n.price_list_id, n.sku_id, n.mrp, n.price
                          from pricing.price_list_line n
                          join pricing.price_list l on l.id = n.price_list_id
                         where l.status = 'PUBLISHED' and l.valid_from <= :to and (l.valid_to is null or l.valid_to >= :from) and\s""" + whose + """

                         order by n.price_list_id, n.sku_id, n.mrp""")
                .params(parameters)
                .query(row -> {
                    var list = row.getLong("price_list_id");
                    lines.computeIfAbsent(Long.toString(list), _ -> new ArrayList<>()).add(line(row, units.get(list), moneyScale));
                });
        return heads.stream().map(head -> {
            var list = head.list();
            return new Listed(head.principalId(), new RuleBook.PriceList(list.id(), list.version(), list.code(),
                    list.level(), list.key(), list.taxInclusive(), list.mrpLink(), list.validFrom(), list.validTo(),
                    lines.getOrDefault(list.id(), List.of())));
        }).toList();
    }

    /// Contract prices (levels 1 to 3) of one distributor, each a list of one line.
    List<RuleBook.PriceList> contracts(JdbcClient db, long distributorId, LocalDate from, LocalDate to, int moneyScale) {
        return db.sql("""
                        select id, version, level, outlet_id, outlet_group, sku_id, mrp, price, valid_from, valid_to
                          from pricing.contract_price
                         where distributor_id = :distributor and valid_from <= :to and (valid_to is null or valid_to >= :from)
                         order by level, valid_from, id""")
                .param("distributor", distributorId).param("from", from).param("to", to)
                .query((row, _) -> {
                    int level = row.getInt("level");
                    var outlet = row.getString("outlet_id");
                    var key = switch (level) {
                        case 1 -> new RuleBook.PriceKey(outlet, null, null, null, null, null);
                        case 2 -> new RuleBook.PriceKey(null, outlet, null, null, null, null);
                        default -> new RuleBook.PriceKey(null, null, row.getString("outlet_group"), null, null, null);
                    };
                    return new RuleBook.PriceList(row.getString("id"), row.getInt("version"), "CONTRACT", level(level), key, false, null,
                            day(row, "valid_from"), day(row, "valid_to"), List.of(line(row, null, moneyScale)));
                })
                .list();
    }

    private static Listed head(ResultSet row) throws SQLException {
        var margin = row.getBigDecimal("margin_percent");
        var link = row.getBoolean("mrp_linked") && margin != null
                ? new RuleBook.MrpLink(Rate.ofPercent(margin.toPlainString()), RuleBook.MarginBasis.valueOf(row.getString("margin_basis")), MRP_PRICE_DECIMALS)
                : null;
        var level = level(row.getInt("level"));
        var key = switch (level) {
            case CHANNEL_CLASS -> new RuleBook.PriceKey(null, null, null, row.getString("channel"), row.getString("outlet_class"), null);
            case ZONE -> new RuleBook.PriceKey(null, null, null, null, null, row.getString("zone"));
            default -> RuleBook.PriceKey.NONE;
        };
        return new Listed(row.getLong("principal_id"), new RuleBook.PriceList(Long.toString(row.getLong("id")),
                row.getInt("version_no"), row.getString("code"), level, key, row.getBoolean("tax_inclusive"), link, day(row, "valid_from"), day(row, "valid_to"), List.of()));
    }

    private static RuleBook.PriceLine line(ResultSet row, @Nullable String unit, int moneyScale) throws SQLException {
        var mrp = row.getBigDecimal("mrp");
        BigDecimal price = row.getBigDecimal("price");
        return new RuleBook.PriceLine(Long.toString(row.getLong("sku_id")), mrp.signum() == 0 ? null : Money.parse(mrp.toPlainString(), moneyScale), null,
                price == null ? null : UnitPrice.parse(price.toPlainString()), unit);
    }

    private static RuleBook.Level level(int number) {
        return RuleBook.Level.values()[number - 1];
    }

    private static int day(ResultSet row, String column) throws SQLException {
        var date = row.getObject(column, LocalDate.class);
        return date == null ? RuleBook.NO_END : (int) date.toEpochDay();
    }
}
