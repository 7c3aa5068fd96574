package io.offtake.tax.store;

import io.offtake.tax.india.DiscountRegime;
import io.offtake.tax.india.Law;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Reads the dated law rows of India.
public final class LawStore {
    private LawStore() {}

    /// All thresholds, in the caller's transaction.
    public static Law law(JdbcClient db) {
        return new Law(db.sql("select key, place, value, valid_from, valid_to, source from tax.threshold where regime = 'IN_GST' order by key, place, valid_from")
                .query((row, _) -> new Law.Row(Law.Key.valueOf(row.getString("key")), row.getString("place"), row.getBigDecimal("value"), row.getObject("valid_from", LocalDate.class),
                        row.getObject("valid_to", LocalDate.class), row.getString("source"))).list());
    }

    public static List<DiscountRegime> discountRegimes(JdbcClient db) {
        return db.sql("select code, needs_agreement, needs_itc_reversal, evidence, valid_from, valid_to, source from tax.discount_regime where regime = 'IN_GST' order by valid_from")
                .query((row, _) -> new DiscountRegime(row.getString("code"), row.getBoolean("needs_agreement"), row.getBoolean("needs_itc_reversal"), row.getString("evidence"),
                        row.getObject("valid_from", LocalDate.class), row.getObject("valid_to", LocalDate.class), row.getString("source"))).list();
    }

    /// The highest turnover since 2017-18: what e-invoicing is decided by (IN-30). Zero where none is known.
    public static BigDecimal highestTurnover(JdbcClient db, long distributorId) {
        return db.sql("select coalesce(max(turnover), 0) from tax.fiscal_year where distributor_id = ? and year >= 2017").param(distributorId).query(BigDecimal.class).single();
    }

    /// The turnover of one year; zero where it is not known.
    public static BigDecimal turnover(JdbcClient db, long distributorId, int year) {
        return db.sql("select coalesce(max(turnover), 0) from tax.fiscal_year where distributor_id = ? and year = ?").params(distributorId, year).query(BigDecimal.class).single();
    }
}
