package io.offtake.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.domain.DateSpan;
import io.offtake.insight.domain.Windows;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/// What windows mean on a day, and what they are compared with (KPI-04: closed windows).
class WindowsTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 16);

    private static DateSpan span(String from, String to) {
        return new DateSpan(LocalDate.parse(from), LocalDate.parse(to));
    }

    @Test
    void monthToDateIsComparedWithTheSameDays() {
        var window = Windows.monthToDate(TODAY);
        assertThat(window.span()).isEqualTo(span("2026-11-01", "2026-11-16"));
        assertThat(window.previous().span()).isEqualTo(span("2026-10-01", "2026-10-16"));
        assertThat(window.sameLastYear().span()).isEqualTo(span("2025-11-01", "2025-11-16"));
    }

    @Test
    void theLastDayOfALongMonthIsComparedWithTheLastDayOfAShortOne() {
        assertThat(Windows.monthToDate(LocalDate.of(2026, 3, 31)).previous().span()).isEqualTo(span("2026-02-01", "2026-02-28"));
        assertThat(Windows.monthToDate(LocalDate.of(2028, 2, 29)).sameLastYear().span()).isEqualTo(span("2027-02-01", "2027-02-28"));
    }

    @Test
    void closedMonthsAreWholeAndOver() {
        assertThat(Windows.closedMonths(TODAY, 1).span()).isEqualTo(span("2026-10-01", "2026-10-31"));
        assertThat(Windows.closedMonths(TODAY, 3).span()).isEqualTo(span("2026-08-01", "2026-10-31"));
        assertThat(Windows.closedMonths(TODAY, 3).previous().span()).isEqualTo(span("2026-05-01", "2026-07-31"));
        assertThat(Windows.closedMonths(TODAY, 12).span()).isEqualTo(span("2025-11-01", "2026-10-31"));
        assertThat(Windows.closedMonths(TODAY, 12).sameLastYear().span()).isEqualTo(span("2024-11-01", "2025-10-31"));
        assertThat(Windows.closedMonths(LocalDate.of(2029, 3, 5), 1).sameLastYear().span()).isEqualTo(span("2028-02-01", "2028-02-29"));
    }

    @Test
    void monthsToDateEndWithTheRunningMonth() {
        assertThat(Windows.monthsToDate(TODAY, 13).span()).isEqualTo(span("2025-11-01", "2026-11-16"));
    }

    @Test
    void daysIncludeToday() {
        assertThat(Windows.lastDays(TODAY, 90).span()).isEqualTo(span("2026-08-19", "2026-11-16"));
        assertThat(Windows.lastDays(TODAY, 7).previous().span()).isEqualTo(span("2026-11-03", "2026-11-09"));
    }

    @Test
    void rangesOfWholeMonthsAreComparedAsMonths() {
        var quarter = Windows.range(LocalDate.of(2026, 7, 1), LocalDate.of(2026, 9, 30));
        assertThat(quarter.previous().span()).isEqualTo(span("2026-04-01", "2026-06-30"));
        var days = Windows.range(LocalDate.of(2026, 11, 3), LocalDate.of(2026, 11, 9));
        assertThat(days.previous().span()).isEqualTo(span("2026-10-27", "2026-11-02"));
    }
}
