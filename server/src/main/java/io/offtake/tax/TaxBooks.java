package io.offtake.tax;

import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/// What the ledgers say of tax: the books that a return is tied to. Tax stands below the ledgers, so they answer through this.
public interface TaxBooks {

    /// @param account 2200 output tax or 1500 input tax
    /// @param head    `CGST`, …, `VAT`
    /// @param rate    a fraction
    /// @param amount  owed to the tax office (output) or claimed from it (input), both positive as usual
    record Balance(int account, String head, BigDecimal rate, BigDecimal amount) {}

    /// Tax accounts' turnover of a distributor within these business dates (both included), by head and rate.
    List<Balance> turnover(RowScope scope, long distributorId, LocalDate from, LocalDate to);
}
