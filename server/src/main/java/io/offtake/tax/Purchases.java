package io.offtake.tax;

import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;

/// What a return asks of the purchases. Tax stands below the goods receipts, so they answer through this.
public interface Purchases {

    /// @param rate    a fraction
    /// @param taxable value before tax
    record AtRate(BigDecimal rate, BigDecimal taxable, BigDecimal tax) {}

    /// Goods received within these business dates (both included), by rate.
    List<AtRate> byRate(RowScope scope, long distributorId, LocalDate from, LocalDate to);
}
