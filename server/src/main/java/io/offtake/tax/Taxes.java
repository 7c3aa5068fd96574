package io.offtake.tax;

import io.offtake.rules.RuleBook;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Tax rates by HSN with dates, and the rounding policy (IN-06, IN-10): their part of a rule book.
public interface Taxes {

    /// Rates of a regime that are in force on some day of the window, in the caller's transaction.
    List<RuleBook.TaxRate> rates(JdbcClient db, String regime, LocalDate from, LocalDate to);

    /// The rounding policy of a currency that is in force on `on`; without one, totals are not rounded.
    RuleBook.RoundingPolicy rounding(JdbcClient db, String currency, LocalDate on);

    /// Days within the window on which a distributor may make zero-rated supplies without payment of tax (IGST s.16, r.96A), in order.
    List<RuleBook.Undertaking> undertakings(JdbcClient db, long distributorId, LocalDate from, LocalDate to);

    /// The rate for an HSN code on a day, as a fraction: the longest prefix wins (IN-06); empty if no rate is in force.
    Optional<BigDecimal> rate(JdbcClient db, String regime, String hsn, LocalDate on);
}
