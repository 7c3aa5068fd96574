package io.offtake.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.app.Feed;
import io.offtake.insight.app.Questions;
import io.offtake.insight.domain.Engine;
import io.offtake.insight.store.ColumnarEngine;
import io.offtake.insight.store.ColumnarStore;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.FileFacts;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.insight.web.Exported;
import io.offtake.platform.ProblemException;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestCluster;
import io.offtake.platform.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// INV-10: whatever is asked, the answer is the one that a database would give in which nothing else exists. The questions
/// are random, their filters name keys of everybody.
@DatabaseTest
@Tag("ANA-06")
class ScopeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T06:00:00Z"), ZoneOffset.UTC);
    private static final int USERS = Integer.getInteger("scope.users", 4);
    private static final int QUESTIONS = Integer.getInteger("scope.questions", 60);
    private static final long SEED = Long.getLong("scope.seed", 20261116);
    private static final List<String> TABLES = List.of("insight.sales_document", "insight.sales_daily", "insight.sales_month", "insight.scheme_use", "insight.return_line", "insight.note_line", "insight.primary_daily", "insight.order_line", "insight.stock_daily",
            "insight.stock_month", "insight.receivable_daily", "insight.file_line", "insight.stock_batch", "insight.receivable_item", "insight.visit", "insight.target", "insight.outlet_place", "insight.facts_head", "stock.balance", "catalog.batch",
            "receivables.open_item", "receivables.outlet_account", "billing.invoice_line", "billing.scheme_benefit", "network.outlet", "network.beat", "platform.outbox", "platform.feed_cursor");
    /// Those whose rows belong to no principal.
    private static final Set<String> UNWALLED = Set.of("insight.visit", "insight.target", "insight.outlet_place", "insight.facts_head");

    private final TestDatabase database;
    @TempDir
    Path directory;

    ScopeTest(TestDatabase database) {
        this.database = database;
    }

    /// Both engines, with the files that users take away: totals, ranks, shares and all.
    @Test
    void aConfinedAnswerEqualsTheAnswerOfADatabaseCutDownToTheScope() throws IOException {
        var random = new Random(SEED);
        var world = new World(database.transactions());
        long north = world.territory("North", "REGION", null);
        var distributors = new ArrayList<Long>();
        for (int i = 1; i <= (USERS > 4 ? 6 : 3); i++) distributors.add(world.distributor("D" + i, i % 3 == 0 ? null : world.territory("T" + i, "TERRITORY", north)));
        long p = world.principal("P");
        long q = world.principal("Q");
        var categories = List.of(world.category("Biscuits"), world.category("Noodles"));
        var brands = List.of(world.brand("Sun"), world.brand("Moon"));
        var skus = new ArrayList<Long>();
        for (int i = 0; i < 8; i++) skus.add(world.sku("S" + i, i < 5 ? p : q, categories.get(i % 2), brands.get(i % 2)));
        var any = new RandomWorld(world, new FileFacts(database.transactions(), new FeedStore(database.transactions(), CLOCK), CLOCK), random);
        any.fill(distributors, p, q, skus);
        new Feed(new FeedStore(database.transactions(), CLOCK)).drain();
        for (var id : List.of(north, p, q)) any.keys.add(Long.toString(id));
        distributors.forEach(id -> any.keys.add(Long.toString(id)));
        categories.forEach(id -> any.keys.add(Long.toString(id)));
        brands.forEach(id -> any.keys.add(Long.toString(id)));
        skus.forEach(id -> any.keys.add(Long.toString(id)));
        Collections.addAll(any.keys, "GROCER", "CHEMIST", "A", "B", "2026-11-01", "2026-10-01", "2026-11-09", "not-due", "8-15", "over-180", Dimension.NOT_ALLOCATED);

        var users = new ArrayList<>(List.of(new Asker("owner", Set.of(distributors.getFirst()), null), new Asker("principal", null, Set.of(p)), new Asker("principal at one distributor", Set.of(distributors.getFirst()), Set.of(p))));
        while (users.size() < USERS) {
            var some = new HashSet<Long>();
            for (var distributor : distributors) if (random.nextInt(3) > 0) some.add(distributor);
            var walls = random.nextInt(3) == 0 ? null : Set.of(random.nextBoolean() ? p : q);
            if (some.isEmpty() || some.size() == distributors.size() && walls == null) continue;
            users.add(new Asker("user " + users.size(), random.nextInt(4) == 0 && walls != null ? null : some, walls));
        }
        int compared = 0;
        int columnar = 0;
        for (var user : users) {
            var all = questions(any, user);
            var seen = answers(new PostgresEngine(database.transactions()), database, user, all);
            assertThat(differs(new PostgresEngine(database.transactions()), all, seen)).as("everybody sees what " + user + " sees").isTrue();
            List<String> seenColumnar;
            try (var store = new ColumnarStore(database.transactions(), CLOCK, directory.resolve("whole"), "256MB", 2)) {
                store.sync((_, _) -> { });
                seenColumnar = answers(both(database, store), database, user, all);
            }
            var cut = TestCluster.get().copy(database);
            try {
                if (user.distributors() != null) {
                    cut(cut, "distributor_id not in (" + list(user.distributors()) + ")", TABLES);
                    cut.asSuperuser("set session_replication_role = replica; delete from network.distributor where id not in (" + list(user.distributors()) + ")");
                }
                if (user.principals() != null) cut(cut, "principal_id not in (" + list(user.principals()) + ")", walled());
                assertThat(answers(new PostgresEngine(cut.transactions()), cut, Asker.network("all"), all)).as(user.toString()).isEqualTo(seen);
                try (var store = new ColumnarStore(cut.transactions(), CLOCK, directory.resolve("cut" + user.name()), "256MB", 2)) {
                    store.sync((_, _) -> { });
                    assertThat(answers(both(cut, store), cut, Asker.network("all"), all)).as(user + " columnar").isEqualTo(seenColumnar);
                }
            } finally {
                cut.close();
            }
            compared += all.size();
            columnar += this.columnar;
            this.columnar = 0;
            Files.writeString(Path.of("target/insight-scope.txt"), (users.indexOf(user) + 1) + " users, " + compared + " random questions with totals, ranks, shares and exports, seed " + SEED + ": each answer equals that of a database cut down to the user's scope, in PostgreSQL and, for those it keeps, in the columnar copy ("
                    + columnar / 2 + " answered there); 0 differ\n");
        }
        assertThat(columnar).isGreaterThan(compared / 2);
    }

    /// Whether somebody who may see everything sees anything else.
    private boolean differs(Engine engine, List<Question> questions, List<String> seen) {
        for (int i = 0; i < questions.size(); i++) if (!answers(engine, database, Asker.network("all"), List.of(questions.get(i))).getFirst().equals(seen.get(i))) return true;
        return false;
    }

    /// Questions that a user may ask.
    private List<Question> questions(RandomWorld any, Asker user) {
        var all = new ArrayList<Question>();
        var engine = new Questions(new NetworkDirectory(database.transactions(), CLOCK), _ -> new Engine.Result(List.of(), null, null, 0, List.of(), ""), CLOCK);
        while (all.size() < QUESTIONS) {
            var question = any.anyQuestion();
            try {
                engine.ask(user, question);
                engine.ask(Asker.network("all"), question);
                all.add(question);
            } catch (ProblemException refused) {
                // another one
            }
        }
        return all;
    }

    private static String list(Set<Long> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private int columnar;

    /// The columnar store where it knows the answer.
    private Engine both(TestDatabase of, ColumnarStore store) {
        var postgres = new PostgresEngine(of.transactions());
        var other = new ColumnarEngine(store);
        return plan -> {
            if (!other.knows(plan)) return postgres.answer(plan);
            columnar++;
            return other.answer(plan);
        };
    }

    private static List<String> answers(Engine engine, TestDatabase of, Asker asker, List<Question> questions) {
        var asked = new Questions(new NetworkDirectory(of.transactions(), CLOCK), engine, CLOCK);
        return questions.stream().map(question -> {
            var answer = asked.ask(asker, question);
            // what fits on a page is exported as it is
            return question + "\n → " + RandomWorld.figures(answer) + "\n" + Exported.csv(question, answer.next() == null ? answer : asked.ask(asker, question, 10_000));
        }).toList();
    }

    @Test
    void aPrincipalSeesNothingOfAnotherPrincipal() {
        var random = new Random(7);
        var world = new World(database.transactions());
        var name = UUID.randomUUID().toString().substring(0, 6);
        long d = world.distributor("X" + name, null);
        long p = world.principal("XP" + name);
        long q = world.principal("XQ" + name);
        long category = world.category("XC" + name);
        long brand = world.brand("XB" + name);
        var skus = new ArrayList<Long>();
        for (int i = 0; i < 8; i++) skus.add(world.sku("X" + i + name, i < 5 ? p : q, category, brand));
        var any = new RandomWorld(world, new FileFacts(database.transactions(), new FeedStore(database.transactions(), CLOCK), CLOCK), random);
        any.fill(List.of(d), p, q, skus);
        new Feed(new FeedStore(database.transactions(), CLOCK)).drain();
        Collections.addAll(any.keys, Long.toString(d), Long.toString(p), Long.toString(q), "GROCER", "A", "2026-11-01", Dimension.NOT_ALLOCATED);
        var all = new ArrayList<Question>();
        var engine = questions();
        var walled = new Asker("principal", Set.of(d), Set.of(p));
        while (all.size() < 80) {
            var question = any.anyQuestion();
            if (ask(engine, walled, question) != null) all.add(question);
        }
        var before = answers(walled, all);
        assertThat(answers(new Asker("owner", Set.of(d), null), all)).isNotEqualTo(before);
        cut(database, "principal_id = " + q, walled());
        assertThat(answers(new Asker("owner", Set.of(d), null), all)).isEqualTo(before);
    }

    /// Tables of facts and masters that belong to principals.
    private static List<String> walled() {
        var tables = new ArrayList<>(TABLES.stream().filter(table -> !table.startsWith("network") && !table.startsWith("platform") && !UNWALLED.contains(table)).toList());
        tables.add("network.distributor_principal");
        return tables;
    }

    private List<String> answers(Asker asker, List<Question> questions) {
        var engine = questions();
        return questions.stream().map(question -> ask(engine, asker, question)).toList();
    }

    /// Knows the network as it is now.
    private Questions questions() {
        return new Questions(new NetworkDirectory(database.transactions(), CLOCK), new PostgresEngine(database.transactions()), CLOCK);
    }

    /// The figures, without the words that name the scope.
    private static String ask(Questions engine, Asker asker, Question question) {
        try {
            return question + "\n → " + RandomWorld.figures(engine.ask(asker, question));
        } catch (ProblemException refused) {
            return null;
        }
    }

    private static void cut(TestDatabase database, String where, List<String> tables) {
        var sql = new StringBuilder("set session_replication_role = replica;\n");
        for (var table : tables) sql.append("delete from ").append(table).append(" where ").append(where).append(";\n");
        database.asSuperuser(sql.toString());
    }
}
