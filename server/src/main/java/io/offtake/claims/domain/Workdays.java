package io.offtake.claims.domain;

import java.time.LocalDate;

/// Working days: the first five, six or seven of a week that begins on Monday. Holidays are no part of it.
public final class Workdays {
    private Workdays() {}

    /// The day that lies so many working days after `from`; `from` itself does not count.
    public static LocalDate after(LocalDate from, int days, int aWeek) {
        var day = from;
        for (int left = days; left > 0; ) {
            day = day.plusDays(1);
            if (is(day, aWeek)) left--;
        }
        return day;
    }

    /// How many working days lie after `from` up to and including `to`; 0 if `to` is not later.
    public static int between(LocalDate from, LocalDate to, int aWeek) {
        int count = 0;
        for (var day = from.plusDays(1); !day.isAfter(to); day = day.plusDays(1)) if (is(day, aWeek)) count++;
        return count;
    }

    private static boolean is(LocalDate day, int aWeek) {
        return day.getDayOfWeek().getValue() <= aWeek;
    }
}
