package io.offtake.rules.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random baskets × random scheme sets, decided by the engine and by the slow calculator: equal to the paisa.
///
/// `-Doracle.cases=10000` is the full run (`./offtake bench rules-oracle`), `-Doracle.seed=n` begins elsewhere.
class OracleTest {
    private static final int CASES = Integer.getInteger("oracle.cases", 400);
    private static final long FIRST = Long.getLong("oracle.seed", 1);
    private static final int SHOWN = 5;

    static List<String> differences(Contender engine, Case one) {
        return Differences.between(SlowCalculator.decide(one.bookText(), one.commandText()), JsonText.object(engine.decide(one)));
    }

    @Test
    @DisplayName("PX-01 to PX-29, IN-03 to IN-10: random bills as the slow calculator works them out, member by member")
    @Tag("SCH-10")
    @Tag("SCH-16")
    @Tag("BIL-03")
    void equal() throws IOException {
        var engine = Contender.onClassPath();
        var reports = new ArrayList<String>();
        int differing = 0;
        long applied = 0, decided = 0;
        for (long seed = FIRST; seed < FIRST + CASES; seed++) {
            var one = AnyCase.of(seed);
            var oracle = SlowCalculator.decide(one.bookText(), one.commandText());
            if (oracle.get("outcome").equals("DECIDED")) decided++;
            applied += JsonText.maps(oracle.get("trace")).stream().filter(row -> Boolean.TRUE.equals(row.get("applied"))).count();
            if (differences(engine, one).isEmpty()) continue;
            differing++;
            if (reports.size() < SHOWN) reports.add(Differences.report(one, candidate -> differences(engine, candidate), engine::decide));
        }
        var summary = "seeds " + FIRST + " to " + (FIRST + CASES - 1) + ": " + CASES + " cases, " + decided + " decided, " + applied + " schemes applied, " + differing + " different\n";
        System.out.print("oracle " + summary);
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/rules-oracle.txt"), String.join("\n\n", reports) + (reports.isEmpty() ? "" : "\n") + summary);
        assertThat(reports).as(summary).isEmpty();
        assertThat(decided).as("most cases are decided").isGreaterThan(CASES / 2);
    }
}
