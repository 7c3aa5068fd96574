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

    @TestFactory
    @DisplayName("PX-20: M3, M5, M6, M7, M11, eligibility")
    @Tag("SCH-03")
    @Tag("SCH-09")
    @Tag("SCH-10")
    @Tag("SCH-19")
    List<DynamicTest> mechanics() {
        return tests("mechanics");
    }

    @TestFactory
    @DisplayName("PX-24: limits and budgets; PX-43")
    @Tag("SCH-11")
    @Tag("SCH-12")
    List<DynamicTest> limits() {
        return tests("limits");
    }

    @TestFactory
    @DisplayName("PX-41: returns")
    @Tag("SCH-12")
    @Tag("CMP-04")
    List<DynamicTest> returns() {
        return tests("returns");
    }

    @TestFactory
    @DisplayName("QPS, TOD, cash discount, display, points")
    @Tag("SCH-07")
    @Tag("SCH-13")
    List<DynamicTest> settlements() {
        return tests("settlements");
    }

    @TestFactory
    @DisplayName("why and why not")
    @Tag("SCH-10")
    @Tag("SCH-18")
    List<DynamicTest> ladder() {
        return tests("ladder");
    }

    @TestFactory
    @DisplayName("section 4.4: set-up checks")
    @Tag("SCH-04")
    List<DynamicTest> checks() {
        return tests("checks");
    }

    @TestFactory
    @DisplayName("tax systems, rounding and rates by attribute")
    @Tag("LOC-01")
    @Tag("CMP-05")
    List<DynamicTest> systems() {
        return tests("systems");
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
