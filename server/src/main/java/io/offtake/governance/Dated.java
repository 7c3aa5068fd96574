package io.offtake.governance;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// A form that holds from a first to a last day, both included.
public interface Dated {
    /// Null only while the form is not checked yet.
    @Nullable LocalDate validFrom();

    /// Null if it has no end.
    @Nullable LocalDate validTo();

    /// The last day of the same form when it starts on another day: no end if the old one would lie before the start.
    default @Nullable LocalDate lastDayFrom(LocalDate day) {
        return validTo() != null && validTo().isBefore(day) ? null : validTo();
    }
}
