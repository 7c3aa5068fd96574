package io.offtake.sync.domain;

import io.offtake.platform.Documents;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A number series of one device (OFF-03): its numbers run 1, 2, 3, … on the device, without the server.
///
/// @param fiscalYear the year in which it begins
/// @param max        the highest number that may be given
/// @param lastNumber the highest that has arrived, 0 if none; `lastDate` its business date
/// @param voidAfter  the day after which numbers that never arrived are void; null while the series is active
public record Lease(long distributorId, UUID deviceId, String documentType, int fiscalYear, String series, int width, long max, boolean active, long lastNumber,
                    @Nullable LocalDate lastDate, @Nullable Instant retiredAt, @Nullable LocalDate voidAfter, @Nullable Instant voidedAt) {
    public Documents.Series asSeries() {
        return new Documents.Series(distributorId, documentType, series, fiscalYear, width);
    }

    public LocalDate validFrom() {
        return LocalDate.of(fiscalYear, 4, 1);
    }

    public LocalDate validTo() {
        return LocalDate.of(fiscalYear + 1, 3, 31);
    }
}
