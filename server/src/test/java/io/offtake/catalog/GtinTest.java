package io.offtake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// GS1 check digits.
@Tag("OUT-12")
class GtinTest {
    @ParameterizedTest
    @ValueSource(strings = {"4006381333931", "96385074", "036000291452", "10614141000415", "5901234123457"})
    void knownNumbersAreValid(String gtin) {
        assertThat(Gtin.isValid(gtin)).isTrue();
    }

    @Test
    void anyOtherLastDigitIsNot() {
        for (char digit = '0'; digit <= '9'; digit++) {
            if (digit != '1') assertThat(Gtin.isValid("400638133393" + digit)).isFalse();
        }
        assertThat(Gtin.isValid("")).isFalse();
        assertThat(Gtin.isValid("400638133393A")).isFalse();
        assertThat(Gtin.isValid("40063813339311")).isFalse();
    }
}
