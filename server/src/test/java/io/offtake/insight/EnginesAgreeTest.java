package io.offtake.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.app.Feed;
import io.offtake.insight.app.Questions;
import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.Plan;
import io.offtake.insight.store.ColumnarEngine;
import io.offtake.insight.store.ColumnarStore;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.FileFacts;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.ProblemException;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both engines give one answer to random questions (2,000 in `./offtake bench insight-agree`),
/// whoever asks, before and after news.
@DatabaseTest
@Tag("ANA-09")
class EnginesAgreeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T06:00:00Z"), ZoneOffset.UTC);
    private static final int QUESTIONS = Integer.parseInt(System.getProperty("insight.questions", "240"));
    private static final long SEED = Long.parseLong(System.getProperty("insight.seed", "20261116"));

    private final TestDatabase database;
    @TempDir
    Path directory;

    EnginesAgreeTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void theSameQuestionHasTheSameAnswer() throws IOException {
        var transactions = database.transactions();
        var random = new Random(SEED);
        var world = new World(transactions);
        var feeding = new FeedStore(transactions, CLOCK);
        var feed = new Feed(feeding);
        long north = world.territory("North", "REGION", null);
        var distributors = List.of(world.distributor("D1", world.territory("T1", "TERRITORY", north)), world.distributor("D2", world.territory("T2", "TERRITORY", north)), world.distributor("D3", null));
        long p = world.principal("P");
        long q = world.principal("Q");
        var categories = List.of(world.category("Biscuits"), world.category("Noodles"));
        var brands = List.of(world.brand("Sun"), world.brand("Moon"));
        var skus = new ArrayList<Long>();
        for (int i = 0; i < 8; i++) skus.add(world.sku("S" + i, i < 5 ? p : q, categories.get(i % 2), brands.get(i % 2)));
        transactions.shared(client -> client.sql("update catalog.sku set must_stock = true where id % 2 = 0").update());
        var any = new RandomWorld(world, new FileFacts(transactions, feeding, CLOCK), random);
        any.fill(distributors, p, q, skus);
        feed.drain();
        for (var id : List.of(north, p, q)) any.keys.add(Long.toString(id));
        distributors.forEach(id -> any.keys.add(Long.toString(id)));
        categories.forEach(id -> any.keys.add(Long.toString(id)));
        brands.forEach(id -> any.keys.add(Long.toString(id)));
        skus.forEach(id -> any.keys.add(Long.toString(id)));
        any.keys.addAll(List.of("GROCER", "CHEMIST", "A", "B", "2026-11-01", "2026-10-01", "2026-11-09", "not-due", "8-15", "over-180", Dimension.NOT_ALLOCATED));

        try (var store = new ColumnarStore(transactions, CLOCK, directory, "256MB", 2)) {
            store.sync((_, _) -> { });
            var columnar = new ColumnarEngine(store);
            var askers = List.of(Asker.network("all"), new Asker("owner", Set.of(distributors.getFirst()), null), new Asker("principal", null, Set.of(p)), new Asker("two", Set.copyOf(distributors.subList(0, 2)), Set.of(q)));
            int compared = ask(QUESTIONS / 2, any, random, askers, columnar);
            // news, a cancellation, an outlet that moves, a rebuild: the copy follows
            any.fill(distributors.subList(1, 2), p, q, skus);
            feed.drain();
            feeding.rebuild(distributors.getLast(), 50, _ -> { });
            assertThat(store.sync((_, _) -> { })).isEqualTo(2);
            assertThat(store.sync((_, _) -> { })).isZero();
            compared += ask(QUESTIONS - QUESTIONS / 2, any, random, askers, columnar);
            assertThat(compared).isEqualTo(QUESTIONS);
            Files.writeString(Path.of("target/insight-agree.txt"), compared + " random questions of " + askers.size() + " askers, seed " + SEED + ": 0 answers differ\n");
            standard(any, askers.getFirst(), columnar, Map.of("region", north, "territory", north + 1, "distributor", distributors.getFirst(), "category", categories.getFirst(), "brand", brands.getFirst(), "sku", skus.getFirst(), "scheme", 1L));
        }
    }

    /// The thirty questions of managers are understood, and have one answer.
    private void standard(RandomWorld any, Asker asker, ColumnarEngine columnar, Map<String, Long> numbers) {
        var outlet = any.keys.stream().filter(key -> key.length() == 36).findFirst().orElseThrow();
        var keys = new LinkedHashMap<String, String>(Map.of("outlet", outlet));
        numbers.forEach((dimension, id) -> keys.put(dimension, Long.toString(id)));
        var all = StandardQuestions.load();
        assertThat(all).hasSize(30);
        for (var standard : all) {
            var question = standard.with(keys);
            var known = new boolean[1];
            var theirs = figures(asker, question, new Engine() {
                @Override
                public Result answer(Plan plan) {
                    known[0] = columnar.knows(plan);
                    return known[0] ? columnar.answer(plan) : new Result(List.of(), null, null, 0, List.of(), "");
                }
            });
            var ours = figures(asker, question, new PostgresEngine(database.transactions()));
            assertThat(ours).as(standard.id()).isNotNull().doesNotStartWith("FAILED");
            if (known[0]) assertThat(theirs).as(standard.id()).isEqualTo(ours);
            else assertThat(standard.kind()).as(standard.id()).isEqualTo("P");
        }
    }

    /// What one engine understands and the other keeps to itself shows here: the plan, and whether the store knows it.
    private int ask(int many, RandomWorld any, Random random, List<Asker> askers, ColumnarEngine columnar) {
        Map<String, String> differ = new LinkedHashMap<>();
        int compared = 0;
        while (compared < many) {
            var question = any.anyQuestion();
            var asker = askers.get(random.nextInt(askers.size()));
            var understood = new boolean[1];
            var theirs = figures(asker, question, new Engine() {
                @Override
                public Result answer(Plan plan) {
                    understood[0] = columnar.knows(plan);
                    return understood[0] ? columnar.answer(plan) : new Result(List.of(), null, null, 0, List.of(), "");
                }
            });
            if (theirs == null || !understood[0]) continue;
            compared++;
            var ours = figures(asker, question, new PostgresEngine(database.transactions()));
            if (compared % 5 == 0 && question.metrics().size() > 1) alone(asker, question);
            if (!theirs.equals(ours) || theirs.startsWith("FAILED")) differ.put(asker.name() + " " + question, "\ncolumnar " + theirs + "\npostgres " + ours + "\n");
        }
        if (!differ.isEmpty()) System.out.println(differ.size() + " of " + many + " differ: " + differ.entrySet().stream().limit(6).toList());
        assertThat(differ).isEmpty();
        return compared;
    }

    /// Metrics that are asked together have the totals that each has alone.
    private void alone(Asker asker, Question question) {
        var questions = new Questions(new NetworkDirectory(database.transactions(), CLOCK), new PostgresEngine(database.transactions()), CLOCK);
        var together = questions.ask(asker, question).totals();
        if (together == null) return;
        for (var metric : question.metrics()) {
            // a growth rate brings its comparison with it
            var one = new Question(List.of(metric), question.dimensions(), question.filters(), question.window(), question.compare(), List.of(), question.limit(), null, true, question.likeForLike(), List.of());
            Answer alone;
            try {
                alone = questions.ask(asker, one);
            } catch (ProblemException refused) {
                // a state has no window to compare
                continue;
            }
            assertThat(together.get(metric).value()).as(metric + " of " + question).isEqualTo(java.util.Objects.requireNonNull(alone.totals()).get(metric).value());
        }
    }

    private @Nullable String figures(Asker asker, Question question, Engine engine) {
        try {
            return RandomWorld.figures(new Questions(new NetworkDirectory(database.transactions(), CLOCK), engine, CLOCK).ask(asker, question));
        } catch (ProblemException refused) {
            return null;
        } catch (RuntimeException failure) {
            var cause = (Throwable) failure;
            while (cause.getCause() != null) cause = cause.getCause();
            return "FAILED in " + engine.getClass().getSimpleName() + ": " + cause.getMessage();
        }
    }
}
