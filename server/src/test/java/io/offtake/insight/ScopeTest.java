package io.offtake.insight;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.app.Feed;
import io.offtake.insight.app.Questions;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.FileFacts;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.ProblemException;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// INV-10: whatever is asked, the answer is the one that a database would give in which nothing else exists. The questions
/// are random, their filters name keys of everybody.
@DatabaseTest
@Tag("ANA-06")
class ScopeTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T06:00:00Z"), ZoneOffset.UTC);
    private static final int QUESTIONS = 160;
    private static final List<String> TABLES = List.of("insight.sales_document", "insight.sales_daily", "insight.sales_month", "insight.scheme_use", "insight.return_line", "insight.primary_daily", "insight.order_line", "insight.stock_daily",
            "insight.stock_month", "insight.receivable_daily", "insight.file_line", "insight.stock_batch", "insight.receivable_item", "insight.visit", "insight.target", "insight.outlet_place", "insight.facts_head", "stock.balance", "catalog.batch",
            "receivables.open_item", "receivables.outlet_account", "billing.invoice_line", "billing.scheme_benefit", "network.outlet", "network.beat", "platform.outbox", "platform.feed_cursor");
    /// Those whose rows belong to no principal.
    private static final Set<String> UNWALLED = Set.of("insight.visit", "insight.target", "insight.outlet_place", "insight.facts_head");

    private final TestDatabase database;

    ScopeTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void aConfinedAnswerEqualsTheAnswerOfADatabaseCutDownToTheScope() {
        var random = new Random(20261116);
        var world = new World(database.transactions());
        long north = world.territory("North", "REGION", null);
        var distributors = List.of(world.distributor("D1", world.territory("T1", "TERRITORY", north)), world.distributor("D2", world.territory("T2", "TERRITORY", north)), world.distributor("D3", null));
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

        var all = new ArrayList<Question>();
        var engine = questions();
        while (all.size() < QUESTIONS) {
            var question = any.anyQuestion();
            if (ask(engine, Asker.network("all"), question) != null) all.add(question);
        }
        var d1 = distributors.getFirst();
        var owner = answers(new Asker("owner", Set.of(d1), null), all);
        var wall = answers(new Asker("principal", null, Set.of(p)), all);
        var both = answers(new Asker("principal at one distributor", Set.of(d1), Set.of(p)), all);
        assertThat(answers(Asker.network("all"), all)).isNotEqualTo(owner).isNotEqualTo(wall);

        cut("distributor_id <> " + d1, TABLES);
        database.asSuperuser("set session_replication_role = replica; delete from network.distributor where id <> " + d1);
        assertThat(answers(Asker.network("all"), all)).isEqualTo(owner);
        cut("principal_id = " + q, walled());
        assertThat(answers(Asker.network("all"), all)).isEqualTo(both);
        assertThat(wall).hasSize(QUESTIONS);
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
        while (all.size() < QUESTIONS / 2) {
            var question = any.anyQuestion();
            if (ask(engine, walled, question) != null) all.add(question);
        }
        var before = answers(walled, all);
        assertThat(answers(new Asker("owner", Set.of(d), null), all)).isNotEqualTo(before);
        cut("principal_id = " + q, walled());
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
            var answer = engine.ask(asker, question);
            return question + "\n → " + RandomWorld.figures(answer);
        } catch (ProblemException refused) {
            return null;
        }
    }

    private void cut(String where, List<String> tables) {
        var sql = new StringBuilder("set session_replication_role = replica;\n");
        for (var table : tables) sql.append("delete from ").append(table).append(" where ").append(where).append(";\n");
        database.asSuperuser(sql.toString());
    }
}
