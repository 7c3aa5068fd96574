package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The golden cases of `spec/` on the JVM.
class GoldenTest {
    private static List<DynamicTest> tests(String folder) {
        var cases = Golden.cases(folder);
        assertThat(cases).isNotEmpty();
        return cases.stream().map(golden -> DynamicTest.dynamicTest(golden.id() + ": " + golden.title(), () ->
                assertThat(Golden.check(golden)).as(golden.file()).isEmpty())).toList();
    }

    @TestFactory
    @DisplayName("EX-01 quantities in cases, inners, pieces and by weight")
    @Tag("STK-09")
    List<DynamicTest> quantities() {
        return tests("quantities");
    }

    @TestFactory
    @DisplayName("PX-01 to PX-07: prices")
    @Tag("SCH-02")
    @Tag("BIL-03")
    List<DynamicTest> prices() {
        return tests("prices");
    }

    @TestFactory
    @DisplayName("PX-20 to PX-28: schemes")
    @Tag("SCH-04")
    @Tag("SCH-10")
    @Tag("SCH-16")
    List<DynamicTest> schemes() {
        return tests("schemes");
    }

    @TestFactory
    @DisplayName("PX-20: the scheme cases of the data set")
    @Tag("SCH-10")
    List<DynamicTest> promotions() {
        return tests("promotions");
    }

    @TestFactory
    @DisplayName("IN-03 to IN-10: tax")
    @Tag("BIL-02")
    @Tag("BIL-04")
    List<DynamicTest> tax() {
        return tests("tax");
    }

    @TestFactory
    @DisplayName("batches: first expired first out")
    @Tag("STK-08")
    @Tag("STK-07")
    List<DynamicTest> stock() {
        return tests("stock");
    }

    @TestFactory
    @DisplayName("credit")
    @Tag("RCV-01")
    @Tag("RCV-03")
    List<DynamicTest> credit() {
        return tests("credit");
    }

    @TestFactory
    @DisplayName("P-01 to P-14: postings")
    @Tag("STK-01")
    @Tag("RCV-04")
    List<DynamicTest> postings() {
        return tests("postings");
    }

    @Test
    @DisplayName("IN-01 gives the right verdict on every number of the data set")
    @Tag("OUT-02")
    void gstins() {
        for (var row : Golden.list(Golden.read(Golden.SPEC.resolve("tax/gstin.json")).get("gstins"))) {
            var gstin = Golden.map(row);
            if (gstin.get("valid") == null) continue;
            assertThat(Gstin.isValid((String) gstin.get("gstin"))).as(Golden.write(gstin)).isEqualTo(gstin.get("valid"));
        }
    }
}
