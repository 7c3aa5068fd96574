package io.offtake.tax.india;

import java.time.LocalDate;

/// Fiscal years and spans of India: April to March (IN-22, IN-27).
public final class FiscalYears {
    private FiscalYears() {}

    /// The year in which the fiscal year of a day begins.
    public static int of(LocalDate on) {
        return on.getMonthValue() >= 4 ? on.getYear() : on.getYear() - 1;
    }

    /// `2026-27`, as in an IRN.
    public static String label(int year) {
        return year + "-" + (year + 1) % 100 / 10 + (year + 1) % 10;
    }

    /// The last day on which a note may reduce tax: 30 November after the fiscal year of the supply, or the day on which that
    /// year's annual return was filed, whichever is earlier (s.34(2), IN-22).
    ///
    /// @param annualReturnFiledOn null while it is not filed
    public static LocalDate lastDayForTaxNote(LocalDate supplied, @org.jspecify.annotations.Nullable LocalDate annualReturnFiledOn) {
        var november = LocalDate.of(of(supplied) + 1, 11, 30);
        return annualReturnFiledOn != null && annualReturnFiledOn.isBefore(november) ? annualReturnFiledOn : november;
    }

    /// A span of days, both included.
    public record Span(LocalDate from, LocalDate to) {}

    /// The quarter a day lies in: April, July, October, January begin one.
    public static Span quarter(LocalDate on) {
        var from = LocalDate.of(on.getYear(), (on.getMonthValue() - 1) / 3 * 3 + 1, 1);
        return new Span(from, from.plusMonths(3).minusDays(1));
    }

    /// From the first day of the quarter to the last day of the month before; the whole quarter in its first month.
    public static Span quarterToLastMonth(LocalDate on) {
        var quarter = quarter(on);
        var end = on.withDayOfMonth(1).minusDays(1);
        return end.isBefore(quarter.from) ? quarter : new Span(quarter.from, end);
    }
}
