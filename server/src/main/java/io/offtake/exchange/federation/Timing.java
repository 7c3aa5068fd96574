package io.offtake.exchange.federation;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import org.jspecify.annotations.Nullable;

/// When records are due and how late they are (domain 11.3), in the distributor's time zone.
final class Timing {
    /// DUE: not yet late; GREEN: came in time; AMBER and RED: late or missing.
    enum Status { DUE, GREEN, AMBER, RED }

    private static final LocalTime RECEIVABLES_BY = LocalTime.of(10, 0);

    private Timing() {}

    /// The instant up to which a day's records are in time.
    static Instant due(RecordType type, LocalDate day, LocalTime cutOff, ZoneId zone) {
        return type == RecordType.RECEIVABLE ? monday(day).atTime(RECEIVABLES_BY).atZone(zone).toInstant() : day.plusDays(1).atTime(cutOff).atZone(zone).toInstant();
    }

    /// From here on they are red: sales after D+2, stock when two days are missing, receivables a day later.
    static Instant red(RecordType type, LocalDate day, LocalTime cutOff, ZoneId zone) {
        return switch (type) {
            case STOCK -> day.plusDays(2).atTime(cutOff).atZone(zone).toInstant();
            case RECEIVABLE -> monday(day).plusDays(1).atTime(RECEIVABLES_BY).atZone(zone).toInstant();
            case SALES_LINE, MOVEMENT, PRIMARY, OUTLET, ACTIVITY -> day.plusDays(3).atStartOfDay(zone).toInstant();
        };
    }

    private static LocalDate monday(LocalDate day) {
        return day.with(TemporalAdjusters.nextOrSame(DayOfWeek.MONDAY));
    }

    /// @param received when the first batch that covers the day came; null if none has
    static Status status(RecordType type, LocalDate day, LocalTime cutOff, ZoneId zone, @Nullable Instant received, Instant now) {
        var at = received == null ? now : received;
        if (!at.isAfter(due(type, day, cutOff, zone))) return received == null ? Status.DUE : Status.GREEN;
        return at.isBefore(red(type, day, cutOff, zone)) ? Status.AMBER : Status.RED;
    }

    /// Whether anything of this kind is expected for the day: receivables weekly, for the Sunday; movements and outlets
    /// only when there are any; the rest on working days.
    static boolean expected(RecordType type, LocalDate day) {
        if (type == RecordType.MOVEMENT || type == RecordType.OUTLET) return false;
        return type == RecordType.RECEIVABLE ? day.getDayOfWeek() == DayOfWeek.SUNDAY : day.getDayOfWeek() != DayOfWeek.SUNDAY;
    }

    /// The hard freeze of a month: the end of the 5th day of the next one.
    static Instant frozen(LocalDate day, ZoneId zone) {
        return day.withDayOfMonth(1).plusMonths(1).withDayOfMonth(6).atStartOfDay(zone).toInstant();
    }

    /// The soft freeze: 20:00 on the 2nd day of the next month.
    static Instant softlyFrozen(LocalDate day, ZoneId zone) {
        return day.withDayOfMonth(1).plusMonths(1).withDayOfMonth(2).atTime(20, 0).atZone(zone).toInstant();
    }
}
