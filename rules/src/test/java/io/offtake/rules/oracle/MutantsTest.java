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

/// The oracle is proven by bugs: each is planted alone in a copy of the engine's source, and the random comparison must catch it.
/// The suite plants a few, `-Dmutants=all` (`./offtake bench rules-mutants`) all of them.
class MutantsTest {
    private static final int CASES = Integer.getInteger("mutants.cases", 4_000);
    private static final boolean ALL = "all".equals(System.getProperty("mutants"));

    @Test
    @DisplayName("bugs planted in the engine one by one are all caught by the slow calculator")
    @Tag("SCH-10")
    @Tag("slow")
    void caught() throws IOException {
        var lines = new ArrayList<String>();
        var missed = new ArrayList<String>();
        var planted = ALL ? Mutants.ALL : List.of(Mutants.ALL.get(0), Mutants.ALL.get(7), Mutants.ALL.get(13));
        for (var mutant : planted) {
            try (var copy = mutant.compiled()) {
                long seed = caughtAt(copy.engine());
                if (seed == 0) missed.add(mutant.name());
                lines.add((seed == 0 ? "NOT CAUGHT in " + CASES + " cases" : "caught by case " + seed) + ": " + mutant.name() + " (" + mutant.file() + ")");
            }
        }
        lines.add(planted.size() + " bugs planted, " + (planted.size() - missed.size()) + " caught");
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/rules-mutants.txt"), String.join("\n", lines) + "\n");
        assertThat(missed).as(String.join("\n", lines)).isEmpty();
    }

    @Test
    @DisplayName("the mutations fit the source, and there are twenty of them")
    void fit() throws IOException {
        assertThat(Mutants.ALL).hasSizeGreaterThanOrEqualTo(20);
        for (var mutant : Mutants.ALL) assertThat(mutant.planted()).contains(mutant.to());
    }

    /// The first case that the buggy engine decides otherwise than the oracle, or breaks off on; 0: none.
    private static long caughtAt(Contender buggy) {
        for (long seed = 1; seed <= CASES; seed++) {
            try {
                if (!OracleTest.differences(buggy, AnyCase.of(seed)).isEmpty()) return seed;
            } catch (RuntimeException | Error broken) {
                return seed;
            }
        }
        return 0;
    }
}
