package io.offtake.exchange.federation;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.exchange.federation.Quality.Part;
import io.offtake.exchange.federation.Timing.Status;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The data-quality score and lateness (domain 11.3, 11.6).
class QualityTest {
    private static final ZoneId INDIA = ZoneId.of("Asia/Kolkata");

    private static Map<Part, BigDecimal> parts(String... scores) {
        var parts = new EnumMap<Part, BigDecimal>(Part.class);
        for (int i = 0; i < scores.length; i++) if (!scores[i].isEmpty()) parts.put(Part.values()[i], new BigDecimal(scores[i]));
        return parts;
    }

    @Test
    @Tag("FED-02")
    void workedExampleOfChapter11Is95Point6() {
        var quality = Quality.of(parts("96", "90", "98", "94", "100", "99"), false);
        assertThat(quality.score()).isEqualByComparingTo("95.6");
        assertThat(quality.band()).isEqualTo(Quality.Band.GREEN);
    }

    @Test
    void anOpenControlTotalMismatchCapsTheScoreAt60() {
        var quality = Quality.of(parts("96", "90", "98", "94", "100", "99"), true);
        assertThat(quality.score()).isEqualByComparingTo("60");
        assertThat(quality.capped()).isTrue();
        assertThat(quality.band()).isEqualTo(Quality.Band.RED);
    }

    @Test
    void whatWasNotTestedGivesItsWeightToTheOthersAndNothingIsNoScore() {
        assertThat(Quality.of(parts("80", "80", "80", "", "80", "80"), false).score()).isEqualByComparingTo("80");
        assertThat(Quality.of(Map.of(), false).score()).isNull();
        assertThat(Quality.share(0, 0)).isNull();
    }

    @Test
    @Tag("FED-03")
    void salesAreAmberAfterTheCutOffAndRedAfterTheSecondDay() {
        var day = LocalDate.of(2026, 11, 23);
        var cutOff = LocalTime.of(8, 0);
        for (var expected : List.of(Map.entry("2026-11-24T07:59", Status.GREEN), Map.entry("2026-11-24T08:01", Status.AMBER), Map.entry("2026-11-25T23:59", Status.AMBER), Map.entry("2026-11-26T00:01", Status.RED))) {
            var at = java.time.LocalDateTime.parse(expected.getKey()).atZone(INDIA).toInstant();
            assertThat(Timing.status(RecordType.SALES_LINE, day, cutOff, INDIA, at, at)).as(expected.getKey()).isEqualTo(expected.getValue());
        }
        var early = java.time.LocalDateTime.parse("2026-11-24T07:00").atZone(INDIA).toInstant();
        assertThat(Timing.status(RecordType.SALES_LINE, day, cutOff, INDIA, null, early)).isEqualTo(Status.DUE);
        assertThat(Timing.status(RecordType.STOCK, day, cutOff, INDIA, null, java.time.LocalDateTime.parse("2026-11-25T08:01").atZone(INDIA).toInstant())).isEqualTo(Status.RED);
        assertThat(Timing.expected(RecordType.SALES_LINE, LocalDate.of(2026, 11, 22))).as("a Sunday").isFalse();
    }
}
