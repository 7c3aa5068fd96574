package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The examples of `spec/README.md` are what the engine really reads and writes.
class ContractTest {
    private static List<String> examples;

    @BeforeAll
    static void read() throws Exception {
        examples = new ArrayList<>();
        var text = Files.readString(Path.of("../spec/README.md"));
        for (int at = text.indexOf("```json"); at >= 0; at = text.indexOf("```json", at + 1))
            examples.add(text.substring(at + 7, text.indexOf("```", at + 7)));
    }

    @Test
    @DisplayName("the example command with the example book gives the example answer")
    @Tag("BIL-03")
    void exampleAnswer() {
        var engine = Engine.of(RuleBookJson.read(examples.get(0)));
        var decision = engine.decide(CommandJson.read(examples.get(1), engine.book()));
        assertThat(DecisionJson.write(decision)).isEqualTo(DecisionJson.write(DecisionJson.read(examples.get(3), 2)));
    }

    @Test
    @DisplayName("book, command and answer survive a round trip (LESSONS 5)")
    void roundTrip() {
        var book = RuleBookJson.read(examples.get(0));
        assertThat(RuleBookJson.read(RuleBookJson.write(book))).isEqualTo(book);
        var command = CommandJson.read(examples.get(1), book);
        assertThat(CommandJson.read(CommandJson.write(command), book)).isEqualTo(command);
        for (int at = 2; at < 4; at++) {
            var decision = DecisionJson.read(examples.get(at), 2);
            assertThat(DecisionJson.read(DecisionJson.write(decision), 2)).isEqualTo(decision);
        }
    }
}
