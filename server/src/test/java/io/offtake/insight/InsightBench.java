package io.offtake.insight;

import io.offtake.insight.app.Engines;
import io.offtake.insight.app.Questions;
import io.offtake.insight.store.ColumnarEngine;
import io.offtake.insight.store.ColumnarStore;
import io.offtake.insight.store.FeedStore;
import io.offtake.insight.store.FileFacts;
import io.offtake.insight.store.NetworkDirectory;
import io.offtake.insight.store.PostgresEngine;
import io.offtake.insight.store.Profile;
import io.offtake.platform.testing.TestCluster;
import io.offtake.platform.testing.TestDatabase;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// `./offtake bench insight [LINES]`: the thirty standard questions at the size of a country: 500 distributors, 100,000 outlets, 300
/// SKUs, 400 days. Facts are loaded in bulk, copied into the columnar store (the rebuild rate), joined by news, and each question
/// is asked with 20 random parameter sets, each on a day of its own; nothing is remembered between questions. Kind F stands beside
/// SQL written by hand for the same store in the same run. Before that every question is asked some rounds (`-Dinsight.warm=12`), as
/// of a server that has been up for a while.
///
/// `-Dinsight.keep=true` leaves database and copy for the next run, which then loads nothing; `-Dinsight.only=Q11,Q12` asks some,
/// `-Dinsight.profile=true` says what each of their statements does. `-Dinsight.alone=N` asks PostgreSQL alone, N parameter sets of
/// each question (one if it takes more than 20 s), each statement for `-Dinsight.alone.seconds` (120) at most.
class InsightBench {
    private static final long LINES = Long.parseLong(System.getProperty("insight.lines", "5000000"));
    private static final int SETS = Integer.parseInt(System.getProperty("insight.sets", "20"));
    private static final boolean POSTGRES = Boolean.parseBoolean(System.getProperty("insight.postgres", "true"));
    private static final boolean KEEP = Boolean.getBoolean("insight.keep");
    private static final boolean PROFILE = Boolean.getBoolean("insight.profile");
    private static final String ONLY = System.getProperty("insight.only", "");
    private static final int WARM = Integer.getInteger("insight.warm", 12);
    private static final int ALONE = Integer.getInteger("insight.alone", 0);
    private static final int ALONE_SECONDS = Integer.getInteger("insight.alone.seconds", 120);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-16T06:00:00Z"), ZoneOffset.UTC);

    private final List<String> report = new ArrayList<>();
    private TestDatabase database;

    @Test
    void thirtyQuestions() throws IOException, SQLException {
        var name = "bench_insight_" + LINES;
        var directory = Path.of("target/insight-bench-" + LINES);
        database = TestCluster.get().kept(name);
        boolean filled = database.networkClient().sql("select exists (select 1 from insight.facts_head)").query(Boolean.class).single();
        try {
            if (!filled) {
                remove(directory);
                fill();
            }
            if (ALONE > 0) alone();
            else measure(directory);
        } finally {
            if (!KEEP) {
                database.close();
                remove(directory);
            }
        }
        Assertions.assertFalse(report.isEmpty());
        Files.write(Path.of("target/insight-bench.txt"), report);
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) return;
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    /// Facts in bulk. Keys and indexes of the large tables come after their rows.
    private void fill() throws SQLException {
        long began = System.nanoTime();
        var later = new ArrayList<String>();
        try (var connection = TestCluster.get().postgres().admin(database.name()); var statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica; set synchronous_commit = off; set maintenance_work_mem = '1GB'; set work_mem = '128MB'; set jit = off");
            for (var table : List.of("sales_daily", "sales_document", "sales_month", "stock_month", "primary_daily", "scheme_use", "return_line", "order_line", "receivable_daily")) {
                try (var rows = statement.executeQuery("select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'insight." + table + "'::regclass and contype = 'p'")) {
                    while (rows.next()) later.add("alter table insight." + table + " add constraint " + rows.getString(1) + " " + rows.getString(2));
                }
                try (var rows = statement.executeQuery("select pg_get_indexdef(indexrelid), indexrelid::regclass from pg_index where indrelid = 'insight." + table + "'::regclass and not indisprimary")) {
                    while (rows.next()) later.add(rows.getString(1));
                }
                var drops = new ArrayList<String>();
                try (var rows = statement.executeQuery("select indexrelid::regclass from pg_index where indrelid = 'insight." + table + "'::regclass and not indisprimary")) {
                    while (rows.next()) drops.add("drop index " + rows.getString(1));
                }
                drops.add("alter table insight." + table + " drop constraint " + table + "_pk");
                for (var drop : drops) statement.execute(drop);
            }
            for (var step : DATA.replace(":bills", Long.toString(LINES / 8)).split(";\n")) {
                long from = System.nanoTime();
                statement.execute(step);
                if (System.nanoTime() - from > 2_000_000_000L) System.out.println(seconds(from) + " s " + step.strip().substring(0, 60));
            }
            for (var step : later) statement.execute(step);
            statement.execute("vacuum analyze");
        }
        say("facts of " + LINES + " lines loaded into PostgreSQL in " + seconds(began) + " s");
    }

    private void measure(Path directory) throws IOException, SQLException {
        var transactions = database.transactions();
        var store = new ColumnarStore(transactions, CLOCK, directory, System.getProperty("insight.memory", "1GB"), 2);
        boolean copied = Files.exists(directory);
        long began = System.nanoTime();
        store.sync((what, _) -> System.out.println(what));
        double took = (System.nanoTime() - began) / 1e9;
        if (!copied) say(String.format(Locale.ROOT, "columnar copy made from scratch in %.1f s, %.0f lines/s; %d MB on disk, PostgreSQL's facts %s", took, LINES / took, size(directory) >> 20, database.networkClient()
                .sql("select pg_size_pretty(sum(pg_total_relation_size(c.oid))::bigint) from pg_class c where c.relnamespace = 'insight'::regnamespace and c.relkind = 'r'").query(String.class).single()));
        if (ONLY.isEmpty()) {
            news(store, 20);
            say("a bill's facts are in the columnar copy after " + ms(at(copied20, 0.5)) + " ms (median), " + ms(at(copied20, 1)) + " ms (slowest of 20), once the feed has them");
        }

        var random = new Random(1);
        var columnar = new ColumnarEngine(store);
        var postgres = new PostgresEngine(transactions);
        say("question kind | both engines, as planned: median p95 ms | by hand: median ms | ratio | PostgreSQL alone: median p95 ms");
        boolean held = true;
        var network = new NetworkDirectory(transactions, CLOCK);
        // a server that has been up for a while: its code is compiled; what is measured is asked with other keys, after new facts
        var warm = new Random(2);
        for (int round = 0; round < WARM; round++) {
            for (var standard : StandardQuestions.load()) {
                if (round >= 2 && standard.kind().equals("D")) continue;
                var keys = keys(warm);
                new Questions(network, new Engines(postgres, columnar, Set::of), CLOCK).ask(Asker.network("bench"), standard.with(keys));
                for (var sql : BY_HAND.getOrDefault(standard.id(), List.of())) byHand(store, List.of(sql), keys, LocalDate.now(CLOCK));
            }
        }
        for (var standard : StandardQuestions.load()) {
            if (!ONLY.isEmpty() && !List.of(ONLY.split(",")).contains(standard.id())) continue;
            news(store, 1);
            double spent = 0;
            var planned = new ArrayList<Double>();
            var alone = new ArrayList<Double>();
            var hand = new ArrayList<Double>();
            var engine = "";
            for (int i = 0; i < SETS + 1; i++) {
                var keys = keys(random);
                boolean state = standard.question().window() != null && "NOW".equals(standard.question().window().kind());
                var clock = Clock.offset(CLOCK, Duration.ofDays(state ? 0 : -random.nextInt(45)));
                var question = standard.with(keys);
                var answer = new Answer[1];
                if (PROFILE && i == SETS) new Questions(network, plan -> columnar.knows(plan) ? Profile.of(plan, columnar, store) : postgres.answer(plan), clock).ask(Asker.network("bench"), question);
                if (PROFILE && i == SETS) {
                    var inEngine = new double[1];
                    var timed = new Questions(network, plan -> {
                        long from = System.nanoTime();
                        var found = columnar.answer(plan);
                        inEngine[0] = (System.nanoTime() - from) / 1e6;
                        return found;
                    }, clock);
                    var both = new ArrayList<Double>();
                    var engines = new ArrayList<Double>();
                    for (int n = 0; n < 60; n++) {
                        both.add(time(() -> timed.ask(Asker.network("bench"), question)));
                        engines.add(inEngine[0]);
                    }
                    System.out.printf("asked %.2f ms, of it in the engine %.2f%n", at(both, 0.5), at(engines, 0.5));
                }
                var questions = new Questions(network, new Engines(postgres, columnar, Set::of), clock);
                var sql = BY_HAND.get(standard.id());
                var day = LocalDate.now(clock);
                // who goes second finds the facts of the day in the caches: each goes first every other time
                double own = sql != null && i % 2 == 1 ? byHand(store, sql, keys, day) : 0;
                double ms = time(() -> answer[0] = questions.ask(Asker.network("bench"), question));
                engine = answer[0].engine();
                if (sql != null && i % 2 == 0) own = byHand(store, sql, keys, day);
                double other = POSTGRES && i < 4 && spent < 8_000 ? time(() -> {
                    try {
                        new Questions(network, postgres, clock).ask(Asker.network("bench"), question);
                    } catch (io.offtake.platform.ProblemException tooLong) {
                        // more than 15 seconds
                    }
                }) : 0;
                spent += other;
                if (i == 0 && other < 5000) continue;
                if (i == 0) {
                    alone.add(other);
                    continue;
                }
                planned.add(ms);
                if (sql != null) hand.add(own);
                if (other > 0) alone.add(other);
            }
            double p95 = at(planned, 0.95);
            double ratio = hand.isEmpty() ? 0 : at(planned, 0.5) / at(hand, 0.5);
            boolean ok = switch (standard.kind()) {
                case "R" -> p95 <= 100;
                case "D" -> p95 <= 1000;
                case "P" -> p95 <= 50;
                default -> ratio <= 1.2;
            };
            held &= ok;
            say(String.format(Locale.ROOT, "%s %s %-8s | %.0f %.0f | %s | %s | %s%s", standard.id(), standard.kind(), engine, at(planned, 0.5), p95, hand.isEmpty() ? "" : ms(at(hand, 0.5)), hand.isEmpty() ? "" : String.format(Locale.ROOT, "%.2f", ratio),
                    alone.isEmpty() ? "" : (at(alone, 0.95) > 14_000 ? "refused: longer than 15 s" : ms(at(alone, 0.5)) + " " + ms(at(alone, 0.95))), ok ? "" : "   over"));
        }
        var runtime = Runtime.getRuntime();
        say("heap in use " + ((runtime.totalMemory() - runtime.freeMemory()) >> 20) + " MB; the store is held to " + System.getProperty("insight.memory", "1GB") + ", " + (size(directory) >> 20) + " MB on disk");
        say(held ? "every bound held" : "some bounds did not hold: see over");
        store.close();
        Assertions.assertFalse(report.isEmpty());
        Files.write(Path.of("target/insight-bench.txt"), report);
    }

    /// The same questions put to PostgreSQL alone, over the same parameter sets' distribution; what takes too long says so.
    private void alone() throws IOException {
        var transactions = database.transactions();
        var postgres = new PostgresEngine(transactions, ALONE_SECONDS);
        var network = new NetworkDirectory(transactions, CLOCK);
        var random = new Random(1);
        say("PostgreSQL alone, up to " + ALONE + " parameter sets of each question, a statement stopped after " + ALONE_SECONDS + " s");
        say("question kind | sets | median ms | slowest ms");
        for (var standard : StandardQuestions.load()) {
            if (!ONLY.isEmpty() && !List.of(ONLY.split(",")).contains(standard.id())) continue;
            var times = new ArrayList<Double>();
            boolean stopped = false;
            for (int i = 0; i < ALONE && !stopped; i++) {
                boolean state = standard.question().window() != null && "NOW".equals(standard.question().window().kind());
                var question = standard.with(keys(random));
                var questions = new Questions(network, postgres, Clock.offset(CLOCK, Duration.ofDays(state ? 0 : -random.nextInt(45))));
                long began = System.nanoTime();
                try {
                    questions.ask(Asker.network("bench"), question);
                    times.add((System.nanoTime() - began) / 1e6);
                } catch (io.offtake.platform.ProblemException tooLong) {
                    stopped = true;
                }
                if (!times.isEmpty() && at(times, 1) > 20_000) break;
            }
            say(String.format(Locale.ROOT, "%s %s | %d | %s", standard.id(), standard.kind(), times.size() + (stopped ? 1 : 0), stopped ? "stopped: a statement took over " + ALONE_SECONDS + " s" : ms(at(times, 0.5)) + " | " + ms(at(times, 1))));
            Files.write(Path.of("target/insight-bench.txt"), report);
        }
    }

    private final List<Double> copied20 = new ArrayList<>();
    private int bill;

    /// Facts that come while questions are asked: how long until the copy has them.
    private void news(ColumnarStore store, int many) {
        var gate = new FileFacts(database.transactions(), new FeedStore(database.transactions(), CLOCK), CLOCK);
        for (int n = 0; n < many; n++) {
            int i = bill++;
            long distributor = 1 + i * 7 % 500;
            var outlet = UUID.fromString("00000000-0000-7000-8000-" + String.format("%012d", distributor - 1 + 500));
            var lines = new ArrayList<FactsGate.SaleLine>();
            for (int l = 1; l <= 8; l++) lines.add(new FactsGate.SaleLine(l, BigDecimal.TEN, BigDecimal.ZERO, BigDecimal.valueOf(300), BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.valueOf(200), true, List.of()));
            gate.sales(distributor, List.of(new FactsGate.Sale(UUID.randomUUID(), "N" + i, FactsGate.Kind.INVOICE, LocalDate.of(2026, 11, 16), 1, outlet, BigDecimal.ZERO, true, false, null, FactsGate.Quality.OK, lines)));
            long began = System.nanoTime();
            store.sync((_, _) -> { });
            copied20.add((System.nanoTime() - began) / 1e6);
        }
    }

    private static Map<String, String> keys(Random random) {
        var keys = new HashMap<String, String>();
        int distributor = 1 + random.nextInt(500);
        keys.put("region", Integer.toString(1 + random.nextInt(5)));
        keys.put("territory", Integer.toString(6 + random.nextInt(50)));
        keys.put("distributor", Integer.toString(distributor));
        keys.put("outlet", "00000000-0000-7000-8000-" + String.format("%012d", distributor - 1 + 500 * (1 + random.nextInt(199))));
        keys.put("category", Integer.toString(1 + random.nextInt(10)));
        keys.put("brand", Integer.toString(1 + random.nextInt(20)));
        keys.put("sku", Integer.toString(1 + random.nextInt(300)));
        keys.put("scheme", Integer.toString(1 + random.nextInt(20)));
        return keys;
    }

    private static final String L1M = "business_date >= date_trunc('month', date '$today') - interval '1 month' and business_date < date_trunc('month', date '$today')";
    private static final String L3M = L1M.replace("'1 month'", "'3 months'");

    /// What a manager's screen shows, rows and total, as an analyst would write it for this store.
    private static final Map<String, List<String>> BY_HAND = Map.of(
            "Q11", List.of("select s.sku_id, k.name, sum(s.nsv) as v, rank() over (order by sum(s.nsv) desc), sum(sum(s.nsv)) over (order by sum(s.nsv) desc), count(*) over () from insight.sales_month s join network.place p using (distributor_id) join catalog.sku k on k.id = s.sku_id where p.region_id = $region and " + L1M + " group by 1, 2 order by 3 desc limit 20",
                    "select sum(s.nsv) from insight.sales_month s join network.place p using (distributor_id) where p.region_id = $region and " + L1M),
            "Q12", List.of("select s.sku_id, k.name, s.outlet_class, sum(s.nsv), count(distinct s.outlet_id) filter (where s.billed_qty > 0) from insight.sales_daily s join network.place p using (distributor_id) join catalog.sku k on k.id = s.sku_id where p.territory_id = $territory and " + L3M + " group by 1, 2, 3 order by 4 desc limit 100",
                    "select sum(s.nsv), count(distinct (s.outlet_id, s.sku_id)) filter (where s.billed_qty > 0) from insight.sales_daily s join network.place p using (distributor_id) where p.territory_id = $territory and " + L3M),
            "Q13", List.of("select s.beat_id, b.name, sum(s.nsv) / count(distinct (s.outlet_id, s.business_date)) filter (where s.kind = 'INVOICE'), sum(s.nsv) / count(*) filter (where s.kind = 'INVOICE') from insight.sales_document s join network.place p using (distributor_id) join network.beat b on b.id = s.beat_id where not s.cancelled and p.region_id = $region and " + L1M + " group by 1, 2 order by 3 desc limit 100",
                    "select sum(s.nsv) / count(distinct (s.outlet_id, s.business_date)) filter (where s.kind = 'INVOICE'), sum(s.nsv) / count(*) filter (where s.kind = 'INVOICE') from insight.sales_document s join network.place p using (distributor_id) where not s.cancelled and p.region_id = $region and " + L1M,
                    "select count(*) from insight.sales_document s join network.place p using (distributor_id) where not s.cancelled and p.region_id = $region and s.beat_id is null and " + L1M),
            "Q21", List.of("select o.distributor_id, d.name, avg((o.delivered_qty >= o.ordered_qty)::int), sum(least(o.delivered_qty, o.ordered_qty)) / sum(o.ordered_qty), sum(least(o.delivered_qty, o.ordered_qty) * o.rate) / sum(o.ordered_qty * o.rate) from insight.order_line o join network.distributor d on d.id = o.distributor_id where o.state <> 'CANCELLED_CUSTOMER' and o.promise_on <= date '$today' and " + L1M + " group by 1, 2 order by 3 desc limit 100",
                    "select avg((o.delivered_qty >= o.ordered_qty)::int), sum(least(o.delivered_qty, o.ordered_qty)) / sum(o.ordered_qty), sum(least(o.delivered_qty, o.ordered_qty) * o.rate) / sum(o.ordered_qty * o.rate) from insight.order_line o where o.state <> 'CANCELLED_CUSTOMER' and o.promise_on <= date '$today' and " + L1M),
            "Q22", List.of("select o.distributor_id, d.name, o.reason, avg((o.whole and o.on_time)::int), count(*) filter (where not (o.whole and o.on_time)) from (select distributor_id, id, min(reason) as reason, bool_and(delivered_qty >= ordered_qty) as whole, coalesce(max(delivered_on) <= max(promise_on), false) as on_time from insight.order_line where state <> 'CANCELLED_CUSTOMER' and promise_on <= date '$today' and " + L1M + " group by 1, 2) o join network.distributor d on d.id = o.distributor_id where o.reason is not null group by 1, 2, 3 order by 4 desc limit 100",
                    "select avg((o.whole and o.on_time)::int), count(*) filter (where not (o.whole and o.on_time)), count(*) filter (where reason is null) from (select distributor_id, id, min(reason) as reason, bool_and(delivered_qty >= ordered_qty) as whole, coalesce(max(delivered_on) <= max(promise_on), false) as on_time from insight.order_line where state <> 'CANCELLED_CUSTOMER' and promise_on <= date '$today' and " + L1M + " group by 1, 2) o"),
            "Q23", List.of("select c.name, r.reason, sum(r.value) from insight.return_line r join catalog.sku k on k.id = r.sku_id join catalog.category c on c.id = k.category_id where not r.cancelled and " + L3M + " group by 1, 2 order by 3 desc limit 100", "select sum(r.value) from insight.return_line r where not r.cancelled and " + L3M),
            "Q28", List.of("select s.distributor_id, d.name, s.sku_id, k.name, sum(s.priced_lines) * 100 / sum(s.invoice_lines) from insight.sales_daily s join catalog.sku k on k.id = s.sku_id join network.distributor d on d.id = s.distributor_id where k.category_id = $category and " + L1M + " group by 1, 2, 3, 4 order by 5 desc limit 100",
                    "select sum(s.priced_lines) * 100 / sum(s.invoice_lines) from insight.sales_daily s join catalog.sku k on k.id = s.sku_id where k.category_id = $category and " + L1M));

    private double byHand(ColumnarStore store, List<String> statements, Map<String, String> keys, LocalDate today) throws SQLException {
        try (var connection = store.reader()) {
            return time(() -> {
                for (var sql : statements) {
                    var text = sql.replace("$today", today.toString());
                    for (var key : keys.entrySet()) text = text.replace("$" + key.getKey(), key.getValue());
                    try (var statement = connection.createStatement(); var row = statement.executeQuery(text)) {
                        while (row.next()) row.getObject(1);
                    } catch (SQLException failure) {
                        throw new IllegalStateException(sql, failure);
                    }
                }
            });
        }
    }

    private static double time(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1e6;
    }

    private static double at(List<Double> times, double share) {
        var sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }

    private static String seconds(long began) {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - began) / 1e9);
    }

    private static long size(Path of) throws IOException {
        try (var files = Files.walk(of)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private void say(String line) {
        report.add(line);
        System.out.println(line);
    }

    private static final String DATA = """
            insert into network.territory (id, code, name, kind) overriding system value select i, 'R' || i, 'R' || i, 'REGION' from generate_series(1, 5) i;
            insert into network.territory (id, code, name, kind, parent_id) overriding system value select i + 5, 'T' || i, 'T' || i, 'TERRITORY', 1 + i % 5 from generate_series(1, 50) i;
            insert into network.principal (id, code, name, legal_name, state_code) overriding system value values (1, 'P', 'P', 'P', '27');
            insert into network.distributor (id, code, name, legal_name, state_code, territory_id) overriding system value select i, 'D' || i, 'D' || i, 'D' || i, '27', 6 + i % 50 from generate_series(1, 500) i;
            insert into network.distributor_principal (distributor_id, principal_id, valid_from) select i, 1, date '2020-01-01' from generate_series(1, 500) i;
            insert into catalog.category (id, code, name) overriding system value select i, 'C' || i, 'C' || i from generate_series(1, 10) i;
            insert into catalog.brand (id, code, name) overriding system value select i, 'B' || i, 'B' || i from generate_series(1, 20) i;
            insert into catalog.sku (id, principal_id, code, name, category_id, brand_id, hsn, mrp, pts, must_stock) overriding system value select i, 1, 'S' || i, 'S' || i, 1 + i % 10, 1 + i % 20, '1905', 40, 30, i % 15 = 0 from generate_series(1, 300) i;
            insert into network.beat (distributor_id, id, code, name) select d, ('00000000-0000-7000-9000-' || lpad((d * 100 + b)::text, 12, '0'))::uuid, 'B' || b, 'B' || b from generate_series(1, 500) d, generate_series(1, 6) b;
            insert into network.outlet (distributor_id, id, platform_outlet_id, code, name, channel, outlet_class, beat_id, state_code, created_at, changed_at) select 1 + o % 500, ('00000000-0000-7000-8000-' || lpad(o::text, 12, '0'))::uuid, ('00000000-0000-7000-8000-' || lpad(o::text, 12, '0'))::uuid, 'O' || o, 'O' || o, (array['GROCER', 'CHEMIST', 'PAAN', 'WHOLESALE'])[1 + o / 500 % 4], (array['A', 'B', 'C', 'D'])[1 + o / 2000 % 4], ('00000000-0000-7000-9000-' || lpad(((1 + o % 500) * 100 + 1 + o / 500 % 6)::text, 12, '0'))::uuid, '27', date '2024-01-01' + o % 1000, date '2024-01-01' from generate_series(0, 99999) o;
            insert into insight.outlet_place (distributor_id, outlet_id, from_on, since, platform_outlet_id, beat_id, channel, outlet_class, status, name, version) select distributor_id, id, date '0001-01-01', created_at::date, platform_outlet_id, beat_id, channel, outlet_class, status, name, 1 from network.outlet;
            create unlogged table public.bill as select i, 1 + o % 500 as d, o, ('00000000-0000-7000-8000-' || lpad(o::text, 12, '0'))::uuid as outlet, day from (select i, (i * 7919::bigint) % 100000 as o, date '2026-11-16' - (((:bills - i)::bigint * 400) / :bills)::int as day from generate_series(1, :bills) i) x;
            insert into insight.sales_daily (distributor_id, business_date, outlet_id, sku_id, principal_id, beat_id, channel, outlet_class, bills, lines, invoice_lines, priced_lines, nsv, gross, scheme_discount, manual_discount, returned, billed_qty, free_qty, returned_qty, cost, version) select b.d, b.day, b.outlet, 1 + (b.i * 31 + l * l * 37) % 300, 1, p.beat_id, p.channel, p.outlet_class, 1, 1, 1, case when b.i % 50 = 0 then 0 else 1 end, 340 + l - (b.i % 9), 350 + l, 10 + b.i % 9, 0, 0, 12, b.i % 2, 0, 300, 1 from public.bill b join insight.outlet_place p on p.distributor_id = b.d and p.outlet_id = b.outlet, generate_series(1, 8) l;
            insert into insight.sales_document (distributor_id, business_date, id, kind, principal_id, outlet_id, beat_id, channel, outlet_class, number, delivered_on, lines, nsv, gross, scheme_discount, manual_discount, returned, billed_qty, free_qty, returned_qty, cost, payable, version) select b.d, b.day, ('00000000-0000-7000-a000-' || lpad(b.i::text, 12, '0'))::uuid, 'INVOICE', 1, b.outlet, p.beat_id, p.channel, p.outlet_class, 'K' || b.i, b.day, 8, 2756 - 8 * (b.i % 9), 2836, 80 + 8 * (b.i % 9), 0, 0, 96, 8 * (b.i % 2), 0, 2400, 2900, 1 from public.bill b join insight.outlet_place p on p.distributor_id = b.d and p.outlet_id = b.outlet;
            insert into insight.sales_month (distributor_id, business_date, sku_id, source, principal_id, nsv, gross, scheme_discount, manual_discount, returned, billed_qty, free_qty, returned_qty, cost, invoice_lines, priced_lines, version) select distributor_id, date_trunc('month', business_date)::date, sku_id, 'LIVE', 1, sum(nsv), sum(gross), sum(scheme_discount), 0, 0, sum(billed_qty), sum(free_qty), 0, sum(cost), sum(invoice_lines), sum(priced_lines), 1 from insight.sales_daily group by 1, 2, 3;
            insert into schemes.scheme (id, code, principal_id) overriding system value select i, 'SCH' || i, 1 from generate_series(1, 20) i;
            insert into insight.scheme_use (distributor_id, business_date, id, scheme_id, sku_id, kind, principal_id, outlet_id, beat_id, channel, outlet_class, number, benefit, claim, version) select s.distributor_id, s.business_date, s.id, 1 + b.i % 20, 1 + b.i % 300, 'INVOICE', 1, s.outlet_id, s.beat_id, s.channel, s.outlet_class, s.number, 80, 60, 1 from public.bill b join insight.sales_document s on s.distributor_id = b.d and s.business_date = b.day and s.id = ('00000000-0000-7000-a000-' || lpad(b.i::text, 12, '0'))::uuid;
            insert into insight.return_line (distributor_id, business_date, id, sku_id, reason, principal_id, outlet_id, channel, outlet_class, number, value, qty, version) select b.d, b.day, gen_random_uuid(), 1 + b.i % 300, (array['DAMAGED', 'EXPIRED', 'WRONG', 'SLOW'])[1 + b.i % 4], 1, b.outlet, 'GROCER', 'A', 'C' || b.i, 120, 4, 1 from public.bill b where b.i % 12 = 0;
            insert into insight.order_line (distributor_id, business_date, id, line, principal_id, outlet_id, beat_id, channel, outlet_class, sku_id, ordered_qty, delivered_qty, rate, promise_on, delivered_on, state, reason, version) select b.d, b.day, ('00000000-0000-7000-b000-' || lpad(b.i::text, 12, '0'))::uuid, l, 1, b.outlet, null, 'GROCER', 'A', 1 + (b.i * 31 + l * l * 37) % 300, 12, case when (b.i + l) % 11 = 0 then 6 else 12 end, 30, b.day + 2, b.day + (b.i % 5)::int, 'DELIVERED', case when (b.i + l) % 11 = 0 then 'SHORT' end, 1 from public.bill b, generate_series(1, 8) l where b.i % 4 = 0;
            insert into insight.primary_daily (distributor_id, business_date, sku_id, principal_id, lines, value, billed_qty, free_qty, short_qty, version) select d, m::date + d % 28, s, 1, 1, 3000, 100, 0, 0, 1 from generate_series(1, 500) d, generate_series(1, 300) s, generate_series(date '2025-10-01', date '2026-11-01', interval '1 month') m where m::date + d % 28 <= date '2026-11-16';
            insert into insight.stock_month (distributor_id, business_date, sku_id, source, principal_id, qty, value, issued_cost, version) select d, m::date, s, 'LIVE', 1, (d + s) % 7 - 3, ((d + s) % 7 - 3) * 30, 2400, 1 from generate_series(1, 500) d, generate_series(1, 300) s, generate_series(date '2025-10-01', date '2026-11-01', interval '1 month') m;
            insert into insight.receivable_daily (distributor_id, business_date, outlet_id, principal_id, beat_id, channel, outlet_class, charged, credited, collected, version) select distributor_id, business_date, outlet_id, 1, max(beat_id::text)::uuid, max(channel), max(outlet_class), sum(payable), 0, case when business_date < date '2026-10-10' then sum(payable) else 0 end, 1 from insight.sales_document group by 1, 2, 3;
            insert into receivables.open_item (distributor_id, document_id, principal_id, outlet_id, kind, number, business_date, due_on, amount, open_amount) select distributor_id, id, 1, outlet_id, 'INVOICE', number, business_date, business_date + 14, 2900, 2900 from insight.sales_document where business_date >= date '2026-10-10';
            insert into catalog.batch (distributor_id, id, principal_id, sku_id, batch_no, mrp, received_on, unit_cost, expires_on) select d, gen_random_uuid(), 1, s, 'X' || b, 40, date '2026-01-01', 30, date '2026-12-01' + b * 60 from generate_series(1, 500) d, generate_series(1, 300) s, generate_series(1, 2) b;
            insert into stock.balance (distributor_id, warehouse_id, sku_id, batch_id, bucket, principal_id, qty, unit_cost, batch_no, mrp, received_on, expires_on) select distributor_id, '00000000-0000-7000-8000-000000000001', sku_id, id, 'SALEABLE', 1, 50 + (sku_id * distributor_id) % 300, 30, batch_no, 40, received_on, expires_on from catalog.batch;
            insert into platform.outbox (distributor_id, seq, topic, document_id, business_date, payload, recorded_at) select d, 1, 'invoice.posted', gen_random_uuid(), date '2026-11-16', '{}', timestamptz '2026-11-16 05:00Z' from generate_series(1, 500) d;
            insert into platform.feed_cursor (distributor_id, consumer, seq, moved_at) select d, 'insight', 1, now() from generate_series(1, 500) d;
            insert into insight.facts_head (distributor_id, version, epoch, moved_at) select d, 1, 0, now() from generate_series(1, 500) d;
            drop table public.bill""";
}
