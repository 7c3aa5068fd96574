package io.offtake.rules.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.rules.CommandJson;
import io.offtake.rules.DecisionJson;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBookJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What a release has decided, every later one decides again (INV-06): `spec/archive/` keeps 1,000 bills of each release, three lines
/// a bill: book, command, answer. `-Darchive.write=2026-12` adds the file of a new release; none is ever changed.
class ArchiveTest {
    private static final Path ARCHIVE = Path.of("../spec/archive");
    private static final int BILLS = 1_000;

    @Test
    @DisplayName("INV-06: the archived bills of every release are decided as they were")
    @Tag("SCH-10")
    void decidedAsTheyWere() throws IOException {
        var release = System.getProperty("archive.write");
        if (release != null) write(ARCHIVE.resolve(release + ".gz"));
        int bills = 0;
        var differing = new ArrayList<String>();
        try (var files = Files.list(ARCHIVE)) {
            for (var file : files.filter(one -> one.toString().endsWith(".gz")).sorted().toList()) {
                try (var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                    int line = 1;
                    for (var book = lines.readLine(); book != null; book = lines.readLine(), line += 3) {
                        var command = lines.readLine();
                        if (!decide(book, command).equals(lines.readLine())) differing.add(file.getFileName() + " line " + line);
                        bills++;
                    }
                }
            }
        }
        assertThat(differing).isEmpty();
        assertThat(bills).isPositive().isEqualTo(bills / BILLS * BILLS);
    }

    private static String decide(String book, String command) {
        var engine = Engine.of(RuleBookJson.read(book));
        return DecisionJson.write(engine.decide(CommandJson.read(command, engine.book())));
    }

    /// Random bills of all mechanics that come to a decision.
    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (var out = new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
            int written = 0;
            for (long seed = 1_000_000; written < BILLS; seed++) {
                var one = AnyCase.of(seed);
                var book = one.bookText().replace("\n", "");
                var command = one.commandText().replace("\n", "");
                var answer = decide(book, command);
                if (!answer.contains("\"outcome\":\"DECIDED\"") && !answer.contains("\"outcome\": \"DECIDED\"")) continue;
                out.write(book + "\n" + command + "\n" + answer + "\n");
                written++;
            }
        }
    }
}
