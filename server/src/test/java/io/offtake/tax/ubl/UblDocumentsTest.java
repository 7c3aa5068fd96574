package io.offtake.tax.ubl;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.tax.TaxDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Our own documents against the official rules (domain/05b section 5b.3): what the engine decided is written as UBL and passes
/// both rule sets; spoiled, it is refused by the rule that has to notice. `-Dubl.documents=200` runs the full size.
@Tag("LOC-01")
@Tag("INT-13")
class UblDocumentsTest {
    private static final int DOCUMENTS = Integer.getInteger("ubl.documents", 25);
    private static final UblRules RULES = new UblRules();
    private static final byte[] GOOD = UblWorld.xml(good());

    @Test
    void everyDocumentOfOursPassesBothRuleSets() throws IOException {
        var faults = new ArrayList<String>();
        int credits = 0, lines = 0;
        long began = System.nanoTime();
        for (int seed = 0; seed < DOCUMENTS; seed++) {
            var document = UblWorld.document(seed);
            var verdict = RULES.check(UblWorld.xml(document), null);
            if (document.isCredit()) credits++;
            lines += document.lines().size();
            if (!verdict.valid()) faults.add("seed " + seed + " " + document.number() + ": " + verdict.findings().stream().filter(finding -> finding.severity().equals("ERROR")).limit(4).toList());
            else assertThat(verdict.ruleSets()).containsExactly("EN 16931 1.3.16", "Peppol BIS Billing 3 2026.5");
        }
        assertThat(faults).isEmpty();
        note("documents " + DOCUMENTS + " (" + credits + " credit notes, " + lines + " lines), all pass EN 16931 1.3.16 and Peppol BIS Billing 3 2026.5, "
                + (System.nanoTime() - began) / 1_000_000 + " ms, the rules' warm-up included");
    }

    static List<UblMutations.Mutation> mutations() {
        return UblMutations.ALL;
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void aSpoiledDocumentIsRefusedByItsRule(UblMutations.Mutation mutation) {
        var verdict = RULES.check(UblMutations.spoiled(GOOD, mutation), null);
        assertThat(verdict.valid()).isFalse();
        assertThat(verdict.findings().stream().filter(finding -> finding.severity().equals("ERROR")).map(UblRules.Finding::rule)).contains(mutation.rule());
    }

    @Test
    void thereAreFiftyMutationsOfDifferentRules() throws IOException {
        assertThat(UblMutations.ALL).hasSizeGreaterThanOrEqualTo(50);
        assertThat(UblMutations.ALL.stream().map(UblMutations.Mutation::rule).distinct()).hasSameSizeAs(UblMutations.ALL);
        note("mutations " + UblMutations.ALL.size() + ", each of another rule");
    }

    /// An invoice on credit that begins with a standard rated line and has an allowance of the bill.
    private static TaxDocument good() {
        return IntStream.range(0, 2000).filter(seed -> seed % 5 < 3 && seed % 7 != 6).mapToObj(UblWorld::document).filter(document -> {
            var ubl = Ubl.of(document);
            return !document.isCredit() && ubl.totals().due().signum() > 0 && ubl.allowances().size() == 1 && ubl.taxes().size() == 1 && ubl.taxes().getFirst().category().code().equals("S");
        }).findFirst().orElseThrow();
    }

    /// Lines for `./offtake bench ubl`.
    static void note(String line) throws IOException {
        var file = Path.of("target", "ubl-bench.txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, line + "\n", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
    }
}
