package io.offtake.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What people write in a cell.
@Tag("INT-07")
class CellsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"12|12|false", "-1.50|-1.50|false", "1,234.50|1234.50|false", "1,23,456.75|123456.75|false", "12,50|12.50|true", "12,5|12.5|false",
            "1 234.5|1234.5|false", "+7|7|false", "1,234|1234|false", "1,234|1.234|true"})
    void readsNumbers(String text, String number, boolean decimalComma) {
        assertThat(new Cells(Map.of("n", text), decimalComma).decimal("n")).isEqualByComparingTo(new BigDecimal(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"twelve", "1.2.3", "1e9", "12%", "NaN", "1,2,3", "0x10", "١٢"})
    void tellsWhatIsNoNumber(String text) {
        var cells = new Cells(Map.of("n", text), false);
        assertThat(cells.decimal("n")).isNull();
        assertThat(cells.faults()).singleElement().satisfies(fault -> assertThat(fault.right()).contains("1234.50"));
    }

    @ParameterizedTest
    @CsvSource({"2026-04-01, 2026-04-01", "01-04-2026, 2026-04-01", "1/4/2026, 2026-04-01", "01.04.2026, 2026-04-01", "2026-4-1, 2026-04-01", "2028-02-29, 2028-02-29"})
    void readsDates(String text, LocalDate date) {
        assertThat(new Cells(Map.of("d", text), false).date("d")).isEqualTo(date);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2027-02-29", "31-04-2026", "04/31/2026", "yesterday", "20260401", "1-4-26"})
    void tellsWhatIsNoDate(String text) {
        var cells = new Cells(Map.of("d", text), false);
        assertThat(cells.date("d")).isNull();
        assertThat(cells.faults()).hasSize(1);
    }

    @Test
    void readsYesAndNoAndLists() {
        var cells = new Cells(Map.of("a", "Yes", "b", "0", "c", "हाँ", "d", "perhaps", "e", "A; B;;C|D"), false);
        assertThat(cells.yes("a", false)).isTrue();
        assertThat(cells.yes("b", true)).isFalse();
        assertThat(cells.yes("c", false)).isTrue();
        assertThat(cells.yes("none", true)).isTrue();
        assertThat(cells.yes("d", false)).isFalse();
        assertThat(cells.faults()).hasSize(1);
        assertThat(cells.items("e")).containsExactly("A", "B", "C", "D");
    }

    @Test
    void columnsThatTheFileDoesNotHaveReadAsStored() {
        var cells = new Cells(Map.of("a", ""), false).over(Map.of("a", "old", "b", "kept"));
        assertThat(cells.text("a")).as("an empty cell empties").isEmpty();
        assertThat(cells.text("b")).isEqualTo("kept");
    }
}
