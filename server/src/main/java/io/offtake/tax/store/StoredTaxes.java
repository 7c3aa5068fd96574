package io.offtake.tax.store;

import io.offtake.rules.Rate;
import io.offtake.rules.RuleBook;
import io.offtake.tax.Taxes;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class StoredTaxes implements Taxes {

    @Override
    public List<RuleBook.TaxRate> rates(JdbcClient db, String regime, LocalDate from, LocalDate to) {
        return db.sql("""
                        select id, version, hsn_prefix, kind, rate, cess, valid_from, valid_to
                          from tax.tax_rate
                         where regime = :regime and valid_from <= :to and (valid_to is null or valid_to >= :from)
                         order by id""")
                .param("regime", regime).param("from", from).param("to", to)
                .query((row, _) -> {
                    var end = row.getObject("valid_to", LocalDate.class);
                    return new RuleBook.TaxRate(Long.toString(row.getLong("id")), row.getInt("version"), row.getString("hsn_prefix"),
                            RuleBook.TaxKind.valueOf(row.getString("kind")), Rate.parse(row.getBigDecimal("rate").toPlainString()),
                            Rate.parse(row.getBigDecimal("cess").toPlainString()), (int) row.getObject("valid_from", LocalDate.class).toEpochDay(),
                            end == null ? RuleBook.NO_END : (int) end.toEpochDay());
                })
                .list();
    }

    @Override
    public RuleBook.RoundingPolicy rounding(JdbcClient db, String currency, LocalDate on) {
        return db.sql("""
                        select id, version_no, document_rounding from tax.rounding_policy
                         where currency = :currency and valid_from <= :on
                         order by valid_from desc, version_no desc limit 1""")
                .param("currency", currency).param("on", on)
                .query((row, _) -> new RuleBook.RoundingPolicy(Long.toString(row.getLong("id")), row.getInt("version_no"),
                        RuleBook.DocumentRounding.valueOf(row.getString("document_rounding"))))
                .optional()
                .orElse(new RuleBook.RoundingPolicy("0", 0, RuleBook.DocumentRounding.NONE));
    }

    @Override
    public List<RuleBook.Undertaking> undertakings(JdbcClient db, long distributorId, LocalDate from, LocalDate to) {
        return db.sql("select valid_from, valid_to from tax.undertaking where distributor_id = :distributor and valid_from <= :to and valid_to >= :from order by valid_from, id")
                .param("distributor", distributorId).param("from", from).param("to", to)
                .query((row, _) -> new RuleBook.Undertaking((int) row.getObject(1, LocalDate.class).toEpochDay(), (int) row.getObject(2, LocalDate.class).toEpochDay())).list();
    }

    @Override
    public Optional<BigDecimal> rate(JdbcClient db, String regime, String hsn, LocalDate on) {
        return db.sql("""
                        select rate from tax.tax_rate
                         where regime = :regime and :hsn like hsn_prefix || '%' and valid_from <= :on and (valid_to is null or valid_to >= :on)
                         order by length(hsn_prefix) desc limit 1""")
                .param("regime", regime).param("hsn", hsn).param("on", on)
                .query(BigDecimal.class).optional();
    }
}
