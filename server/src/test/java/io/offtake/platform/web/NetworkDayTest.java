package io.offtake.platform.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/// The network's day is the head office's (docs/adr/0013).
class NetworkDayTest {
    private final WebConfiguration configuration = new WebConfiguration();

    @Test
    void theClockCarriesTheZoneOfTheHeadOffice() {
        var night = Instant.parse("2026-11-26T21:00:00Z");
        var india = Clock.fixed(night, configuration.clock("Asia/Kolkata").getZone());
        var kenya = Clock.fixed(night, configuration.clock("Africa/Nairobi").getZone());
        var ghana = Clock.fixed(night, configuration.clock("Africa/Accra").getZone());
        assertThat(LocalDate.now(india)).hasToString("2026-11-27");
        assertThat(LocalDate.now(kenya)).hasToString("2026-11-27");
        assertThat(LocalDate.now(ghana)).hasToString("2026-11-26");
    }

    @Test
    void instantsHaveWholeMicroseconds() {
        assertThat(configuration.clock("Asia/Kolkata").instant().getNano() % 1000).isZero();
        assertThat(configuration.clock("Asia/Kolkata").withZone(ZoneId.of("UTC")).instant().getNano() % 1000).isZero();
    }

    @Test
    void anUnknownZoneIsRefusedByName() {
        assertThatThrownBy(() -> configuration.clock("Asia/Nowhere")).hasMessage("offtake.zone: \"Asia/Nowhere\" is no time zone. Such as Asia/Kolkata.");
    }
}
