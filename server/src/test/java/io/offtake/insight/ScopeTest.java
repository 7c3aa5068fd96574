package io.offtake.insight;

import static io.offtake.insight.World.line;
import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.insight.Question.Filter;
import io.offtake.insight.Question.Window;
import io.offtake.insight.app.Feed;
import io.offtake.insight.app.Questions;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.platform.ProblemException;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
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
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 16);
    private static final int QUESTIONS = 160;
    private static final List<String> TABLES = List.of("insight.sales_document", "insight.sales_daily", "insight.primary_daily", "stock.balance", "catalog.batch", "receivables.open_item",
            "billing.invoice_line", "billing.scheme_benefit", "network.outlet", "network.beat", "platform.outbox", "platform.feed_cursor");

    private final TestDatabase database;
    private final Catalogue catalogue = Catalogue.load();
    private final List<String> keys = new ArrayList<>();

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
        fill(world, random, distributors, p, q, skus);
        new Feed(new FeedStore(database.transactions(), CLOCK)).drain();
        for (var id : List.of(north, p, q)) keys.add(Long.toString(id));
        distributors.forEach(id -> keys.add(Long.toString(id)));
        categories.forEach(id -> keys.add(Long.toString(id)));
        brands.forEach(id -> keys.add(Long.toString(id)));
        skus.forEach(id -> keys.add(Long.toString(id)));
        Collections.addAll(keys, "GROCER", "CHEMIST", "A", "B", "2026-11-01", "2026-10-01", "2026-11-09", "not-due", "8-15", "over-180", Dimension.NOT_ALLOCATED);

        var all = new ArrayList<Question>();
        var engine = questions();
        while (all.size() < QUESTIONS) {
            var question = anyQuestion(random);
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
        cut("principal_id = " + q, TABLES.stream().filter(table -> !table.startsWith("network") && !table.startsWith("platform")).toList());
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
        fill(world, random, List.of(d), p, q, skus);
        new Feed(new FeedStore(database.transactions(), CLOCK)).drain();
        Collections.addAll(keys, Long.toString(d), Long.toString(p), Long.toString(q), "GROCER", "A", "2026-11-01", Dimension.NOT_ALLOCATED);
        var all = new ArrayList<Question>();
        var engine = questions();
        var walled = new Asker("principal", Set.of(d), Set.of(p));
        while (all.size() < QUESTIONS / 2) {
            var question = anyQuestion(random);
            if (ask(engine, walled, question) != null) all.add(question);
        }
        var before = answers(walled, all);
        assertThat(answers(new Asker("owner", Set.of(d), null), all)).isNotEqualTo(before);
        cut("principal_id = " + q, TABLES.stream().filter(table -> !table.startsWith("network") && !table.startsWith("platform")).toList());
        assertThat(answers(new Asker("owner", Set.of(d), null), all)).isEqualTo(before);
    }

    private void fill(World world, Random random, List<Long> distributors, long p, long q, List<Long> skus) {
        var shops = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        for (var d : distributors) {
            var beats = List.of(world.beat(d, "B1"), world.beat(d, "B2"));
            var outlets = new ArrayList<UUID>();
            for (int i = 0; i < 6; i++) {
                outlets.add(world.outlet(d, "O" + i, i == 5 ? null : beats.get(i % 2), i % 3 == 0 ? "CHEMIST" : "GROCER", i % 2 == 0 ? "A" : "B", i < 4 ? shops.get(i) : UUID.randomUUID()));
            }
            beats.forEach(id -> keys.add(id.toString()));
            outlets.forEach(id -> keys.add(id.toString()));
            for (int i = 0; i < 90; i++) {
                boolean second = random.nextInt(3) == 0;
                var mine = second ? skus.subList(5, 8) : skus.subList(0, 5);
                var on = TODAY.minusDays(random.nextInt(i < 60 ? 40 : 420));
                var lines = new World.Line[1 + random.nextInt(3)];
                for (int j = 0; j < lines.length; j++) lines[j] = line(mine.get((i + j) % mine.size()), 1 + random.nextInt(20), random.nextInt(3), (5 + random.nextInt(30)) + ".25", "1.10");
                var outlet = outlets.get(random.nextInt(outlets.size()));
                var id = random.nextInt(8) == 0 ? world.creditNote(d, second ? q : p, outlet, on, lines) : world.invoice(d, second ? q : p, outlet, on, lines);
                if (random.nextInt(15) == 0) world.cancel(d, second ? q : p, id, on);
                if (i % 3 == 0) keys.add(id.toString());
                world.openItem(d, second ? q : p, outlet, random.nextInt(5) == 0 ? "ON_ACCOUNT" : "INVOICE", on.plusDays(7), "900", Integer.toString(1 + random.nextInt(900)));
                if (i % 9 == 0) world.receipt(d, second ? q : p, on, lines);
            }
            for (var sku : skus) world.stock(d, skus.indexOf(sku) < 5 ? p : q, sku, random.nextInt(4) == 0 ? "RESERVED" : "SALEABLE", random.nextInt(300), "12.50", TODAY.minusDays(5 + random.nextInt(60)));
        }
    }

    private Question anyQuestion(Random random) {
        var metrics = some(random, catalogue.metrics().stream().map(Metric::id).toList(), 1 + random.nextInt(3));
        var allowed = catalogue.dimensions().stream().map(Dimension::id).filter(id -> metrics.stream().allMatch(metric -> catalogue.metric(metric).orElseThrow().dimensions().contains(id))).toList();
        if (allowed.isEmpty()) return anyQuestion(random);
        var dimensions = some(random, allowed, random.nextInt(3));
        var filters = new ArrayList<Filter>();
        for (var dimension : some(random, allowed, random.nextInt(3))) {
            var type = catalogue.dimension(dimension).orElseThrow().type();
            var fitting = keys.stream().filter(key -> key.equals(Dimension.NOT_ALLOCATED) || switch (type) {
                case NUMBER -> key.matches("\\d+");
                case UUID -> key.length() == 36;
                case DATE -> key.matches("\\d{4}-.*");
                case TEXT -> !key.matches("\\d+") && key.length() < 36 && !key.startsWith("2026");
            }).toList();
            filters.add(new Filter(dimension, "in", some(random, fitting, 1 + random.nextInt(6))));
        }
        var window = switch (random.nextInt(6)) {
            case 0 -> Window.of("MTD");
            case 1 -> Window.of("L3M");
            case 2 -> Window.of("L12M");
            case 3 -> new Window("LAST_N_DAYS", null, null, 30);
            case 4 -> Window.range("2026-10-05", "2026-11-12");
            default -> new Window("MONTHS_TO_DATE", null, null, 13);
        };
        var compare = List.of("NONE", "NONE", "PREVIOUS", "SAME_LAST_YEAR").get(random.nextInt(4));
        var order = random.nextBoolean() ? List.<Question.Order>of() : List.of(new Question.Order(metrics.getFirst(), random.nextBoolean()));
        return new Question(metrics, dimensions, filters, window, compare, order, 5 + random.nextInt(60), null, true);
    }

    private static List<String> some(Random random, List<String> of, int n) {
        var all = new ArrayList<>(of);
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, Math.min(n, all.size())));
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
            var rows = answer.rows().stream().map(row -> row.keys() + " " + row.values()).toList();
            return question + "\n → " + rows + " " + answer.totals() + " " + (answer.notAllocated() == null ? "" : answer.notAllocated().values()) + " " + answer.count() + " "
                    + answer.freshness().distributors() + " " + (answer.next() != null);
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
