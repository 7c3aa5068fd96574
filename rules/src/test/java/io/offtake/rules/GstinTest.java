package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GstinTest {
    @ParameterizedTest(name = "IN-01 accepts {0}")
    @ValueSource(strings = {"27ABCDE1234F1Z0", "29ABCDE1234F1ZW", "27PQRST5678K1Z2", "07PQRST5678K1Z4"})
    void acceptsThePublishedVectors(String gstin) {
        assertThat(Gstin.isValid(gstin)).isTrue();
    }

    @Test
    @DisplayName("IN-01 refuses every single-character error in the check character")
    void refusesEveryOtherCheckCharacter() {
        for (char c : "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray())
            assertThat(Gstin.isValid("27ABCDE1234F1Z" + c)).as("%s", c).isFalse();
    }

    @ParameterizedTest(name = "IN-01 refuses [{0}]")
    @ValueSource(strings = {"", "27ABCDE1234F1Z", "27abcde1234f1z0", "2XABCDE1234F1Z0", "27ABCDE1234F0Z0", "27ABCDE1234F1A0"})
    void refusesWrongForms(String gstin) {
        assertThat(Gstin.isValid(gstin)).isFalse();
    }
}
