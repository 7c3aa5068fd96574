package io.offtake.tax.india;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The thresholds in force: dated rows with their source, never numbers in code (LESSONS 45). The most special place wins:
/// a State's own row before the country's.
public record Law(List<Row> rows) {

    public Law {
        rows = List.copyOf(rows);
    }

    /// @param place State code, or empty for the whole country
    /// @param value in the key's unit; null where the law sets no limit there
    /// @param validTo last day, null: no end
    public record Row(Key key, String place, @Nullable BigDecimal value, LocalDate validFrom, @Nullable LocalDate validTo, String source) {
        boolean isInForce(LocalDate on) {
            return !validFrom.isAfter(on) && (validTo == null || !validTo.isBefore(on));
        }
    }

    /// Rupees unless the name says days, hours or kilometres.
    public enum Key {
        E_INVOICE_TURNOVER, E_INVOICE_REPORT_TURNOVER, E_INVOICE_REPORT_DAYS, E_INVOICE_CANCEL_HOURS, B2C_QR_TURNOVER,
        B2CL_INVOICE_VALUE, HSN_DIGITS_TURNOVER, COMPOSITION_TURNOVER, UNREGISTERED_PARTICULARS_VALUE, CONSOLIDATED_INVOICE_VALUE,
        EWAY_INTER_STATE, EWAY_INTRA_STATE, EWAY_INTRA_CITY, EWAY_GOODS_SPECIFIC, EWAY_KM_PER_DAY, EWAY_KM_PER_DAY_OVERSIZE, EWAY_EXTEND_HOURS, EWAY_CANCEL_HOURS, EWAY_REJECT_HOURS,
        EWAY_DOCUMENT_AGE_DAYS, EWAY_EXTENSION_DAYS, EWAY_PART_B_FREE_KM
    }

    /// The row in force on a day; empty where the key had no rule yet.
    public Optional<Row> row(Key key, String place, LocalDate on) {
        return rows.stream().filter(row -> row.key == key && (row.place.isEmpty() || row.place.equals(place)) && row.isInForce(on))
                .max(Comparator.comparing((Row row) -> !row.place.isEmpty()).thenComparing(Row::validFrom));
    }

    /// The country's value in force on a day.
    /// @throws IllegalStateException if the key has no value then: the seeded rows have one from the day the rule began
    public BigDecimal value(Key key, LocalDate on) {
        return row(key, "", on).map(Row::value).orElseThrow(() -> new IllegalStateException("no " + key + " on " + on));
    }

    /// Whether an amount is above the country's limit in force on a day; never before the rule began.
    public boolean isAbove(Key key, BigDecimal amount, LocalDate on) {
        return row(key, "", on).map(Row::value).map(limit -> amount.compareTo(limit) > 0).orElse(false);
    }
}
