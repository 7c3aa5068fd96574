package io.offtake.rules.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random bills with the server's answers and hashes, for the browser build to repeat: `rules-web/test/random.mjs`.
/// `-Dbrowser.cases=n` sets how many.
class BrowserCasesTest {
    private static final int CASES = Integer.getInteger("browser.cases", 300);

    @Test
    @DisplayName("random bills are written down with the server's answer and its hash, which is the SHA-256 that the contract describes")
    @Tag("SCH-10")
    void written() throws IOException {
        var engine = Contender.onClassPath();
        var out = new StringBuilder();
        for (long seed = 1; seed <= CASES; seed++) {
            var one = AnyCase.of(seed);
            // Half of them with the ladder.
            if (seed % 2 == 0) one = one.withCommand("explain", true);
            var answer = engine.decide(one);
            var bookHash = sha256(one.bookText());
            var hash = (String) JsonText.object(engine.door("hash", one, "{\"bookHash\":\"" + bookHash + "\",\"command\":" + one.commandText() + ",\"answer\":" + answer + "}")).get("hash");
            assertThat(hash).as("seed %s", seed).isEqualTo(sha256(bookHash + "\n" + engine.canonicalCommand(one) + "\n" + answer));
            out.append(JsonText.write(AnyCase.tree("seed", seed, "book", one.bookText(), "command", one.commandText(), "answer", answer, "bookHash", bookHash, "hash", hash))).append('\n');
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/random-bills.ndjson"), out);
    }

    @Test
    @DisplayName("another answer, another command or another book has another hash")
    @Tag("SCH-10")
    void differs() {
        var engine = Contender.onClassPath();
        for (long seed = 1; seed <= 20; seed++) {
            var one = AnyCase.of(seed);
            var answer = engine.decide(one);
            var hash = hash(engine, one, one.commandText(), answer, "a");
            assertThat(hash(engine, one, one.commandText(), answer, "b")).isNotEqualTo(hash);
            assertThat(hash(engine, one, JsonText.write(Case.with(one.command(), "businessDate", AnyCase.TODAY + 1)), answer, "a")).isNotEqualTo(hash);
            assertThat(hash(engine, one, one.commandText(), answer, "a")).isEqualTo(hash);
        }
    }

    private static String hash(Contender engine, Case one, String command, String answer, String bookHash) {
        return (String) JsonText.object(engine.door("hash", one, "{\"bookHash\":\"" + bookHash + "\",\"command\":" + command + ",\"answer\":" + answer + "}")).get("hash");
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}
