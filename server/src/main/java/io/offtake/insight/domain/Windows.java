package io.offtake.insight.domain;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;

/// What a window's name means on a day, and which window it is compared with. Closed months are whole and over.
public final class Windows {
    private Windows() {}

    /// What a window moves by when it is compared with an earlier one.
    enum Step { DAYS, WHOLE_MONTHS, PART_MONTHS }

    /// A window on a given day.
    ///
    /// @param label   for people, in English; screens make their own from `span`
    /// @param length  of the window in its own step, days or months
    public record Resolved(DateSpan span, String label, Step step, int length) {

        /// The window to compare with.
        public Compared previous() {
            var from = span.from();
            return switch (step) {
                case DAYS -> new Compared(new DateSpan(from.minusDays(length), from.minusDays(1)), length + " days");
                case WHOLE_MONTHS -> new Compared(new DateSpan(from.minusMonths(length), from.minusDays(1)), length + " months");
                case PART_MONTHS -> new Compared(new DateSpan(from.minusMonths(length), span.to().minusMonths(length)), length + " months");
            };
        }

        /// The three closed months before the window's first month.
        public Compared threeMonthsBefore() {
            var first = span.from().withDayOfMonth(1);
            return new Compared(new DateSpan(first.minusMonths(3), first.minusDays(1)), "1 months");
        }

        /// The same days, or the same closed months, one year earlier.
        public Compared sameLastYear() {
            var to = span.to();
            var last = step == Step.WHOLE_MONTHS ? YearMonth.from(to).minusYears(1).atEndOfMonth() : to.minusYears(1);
            return new Compared(new DateSpan(span.from().minusYears(1), last), "12 months");
        }
    }

    /// @param shift the interval that moves a date of this span to its counterpart in the window asked for
    public record Compared(DateSpan span, String shift) {}

    public static Resolved monthToDate(LocalDate today) {
        return new Resolved(new DateSpan(today.withDayOfMonth(1), today), "Month to date", Step.PART_MONTHS, 1);
    }

    /// The last `n` months that are over.
    public static Resolved closedMonths(LocalDate today, int n) {
        var first = today.withDayOfMonth(1);
        return new Resolved(new DateSpan(first.minusMonths(n), first.minusDays(1)), n == 1 ? "Last month" : "Last " + n + " closed months", Step.WHOLE_MONTHS, n);
    }

    /// `n` months, the last of them the running one.
    public static Resolved monthsToDate(LocalDate today, int n) {
        return new Resolved(new DateSpan(today.withDayOfMonth(1).minusMonths(n - 1L), today), n == 1 ? "Month to date" : n + " months to date", Step.PART_MONTHS, n);
    }

    /// The last `n` weeks, Monday to Sunday, that are over.
    public static Resolved closedWeeks(LocalDate today, int n) {
        var monday = today.minusDays(today.getDayOfWeek().getValue() - 1L);
        return new Resolved(new DateSpan(monday.minusWeeks(n), monday.minusDays(1)), n == 1 ? "Last week" : "Last " + n + " closed weeks", Step.DAYS, 7 * n);
    }

    /// From the first of January.
    public static Resolved yearToDate(LocalDate today) {
        return new Resolved(new DateSpan(today.withDayOfYear(1), today), "Year to date", Step.PART_MONTHS, today.getMonthValue());
    }

    /// The last `n` days, today included.
    public static Resolved lastDays(LocalDate today, int n) {
        return new Resolved(new DateSpan(today.minusDays(n - 1L), today), n == 1 ? "Today" : "Last " + n + " days", Step.DAYS, n);
    }

    /// Given days; whole calendar months are compared as months.
    public static Resolved range(LocalDate from, LocalDate to) {
        var label = from.equals(to) ? from.toString() : from + " to " + to;
        boolean wholeMonths = from.getDayOfMonth() == 1 && to.equals(YearMonth.from(to).atEndOfMonth());
        if (wholeMonths) return new Resolved(new DateSpan(from, to), label, Step.WHOLE_MONTHS, (int) ChronoUnit.MONTHS.between(from, to.plusDays(1)));
        return new Resolved(new DateSpan(from, to), label, Step.DAYS, (int) ChronoUnit.DAYS.between(from, to) + 1);
    }
}
