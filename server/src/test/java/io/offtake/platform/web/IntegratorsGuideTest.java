package io.offtake.platform.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The guide lists every problem code as the code has it; the list in the failure is the one to paste.
@Tag("INT-06")
class IntegratorsGuideTest {
    @Test
    void listsEveryProblemCode() throws IOException {
        var guide = Files.readString(Path.of("../docs/integrators-guide.md"));
        var table = String.join("\n", Arrays.stream(ProblemCode.values())
                .map(code -> "| `" + code.name() + "` | " + code.status() + " | " + code.title() + " | " + code.text() + " |").toList());
        assertThat(guide).endsWith(table + "\n");
    }
}
