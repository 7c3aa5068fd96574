package io.offtake.insight.domain;

import java.time.LocalDate;

/// Business dates, both ends included.
public record DateSpan(LocalDate from, LocalDate to) {
    public DateSpan {
        if (from.isAfter(to)) throw new IllegalArgumentException(from + " is after " + to);
    }
}
