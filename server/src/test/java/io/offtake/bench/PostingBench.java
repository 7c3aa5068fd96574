package io.offtake.bench;

import io.offtake.Offtake;
import io.offtake.access.Grant;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.access.testing.Client;
import io.offtake.platform.Pipeline;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.database.EmbeddedPostgres;
import io.offtake.testing.Fixture;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

/// `./offtake bench posting`: invoices of 8 lines, posted through HTTP with everything,
/// beside the raw limit of the same PostgreSQL in the same run: the product's own rows of one such posting, written by
/// set-based SQL in one pipelined request, fsync on, row-level security off (as the superuser). The result is ratios.
class PostingBench {
    /// Clients and the distributors they post for.
    private static final List<int[]> SHAPES = Arrays.stream(System.getProperty("bench.shapes", "1x16,8x16,16x16,8x1").split(","))
            .map(shape -> Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray()).toList();
    private static final int SECONDS = Integer.getInteger("bench.seconds", 8);
    private static final int WARM = Integer.getInteger("bench.warm", 60);
    private static final String PASSWORD = "correct horse battery";
    private static final List<String> NO_BATCH = List.of("");
    private static final List<String> SKUS = List.of("S1", "S2", "S3", "S4", "S5", "S6");
    @TempDir
    Path home;
    private final List<String> report = new ArrayList<>();
    private int port;

    private record Run(double perSecond, double p50, double p99, Cpu each) {
        @Override
        public String toString() {
            return Math.round(perSecond) + "/s, p50 " + round(p50) + " ms, p99 " + round(p99) + " ms, CPU each " + each;
        }
    }

    /// CPU in milliseconds, of the server's process and of PostgreSQL's.
    private record Cpu(double server, double database) {
        Cpu since(Cpu before, long invoices) {
            return new Cpu((server - before.server) / invoices, (database - before.database) / invoices);
        }

        @Override
        public String toString() {
            return (server == 0 ? "" : "server " + round(server) + " + ") + "database " + round(database) + " ms";
        }
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }

    /// @param batches of each distributor, by SKU; those of the lines that are split
    private record Network(Fixture fixture, List<Fixture.Distributor> distributors, List<Map<String, List<String>>> batches) {}

    @Test
    void measure() throws Exception {
        var network = prepare();
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        if (STATEMENTS) preload();
        var server = serve(port);
        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.JOIN, Map.of())) {
            var clients = new ArrayList<Client>();
            for (var distributor : network.distributors) clients.add(new Client(port).signIn("clerk" + distributor.id(), PASSWORD));
            say("warming the server and the raw writer");
            product(network, clients, 8, 16, WARM, server);
            var template = capture(postgres, network, clients);
            raw(postgres, network, template, 8, 16, 5);
            texts(template);
            say("rows of one posting: " + template.rows + " in " + template.statements + " statements");
            for (var shape : SHAPES) {
                var raw = raw(postgres, network, template, shape[0], shape[1], SECONDS);
                if (STATEMENTS) statements(postgres, 0);
                var product = product(network, clients, shape[0], shape[1], SECONDS, server);
                if (STATEMENTS) statements(postgres, product.perSecond * SECONDS);
                var again = raw(postgres, network, template, shape[0], shape[1], SECONDS);
                var limit = (raw.perSecond + again.perSecond) / 2;
                say(shape[0] + " clients, " + shape[1] + " distributors: raw " + raw + "; product " + product + "; ratio " + round(product.perSecond / limit));
                if (shape[0] == 8 && shape[1] == 16) {
                    System.out.println("bulk begins, server " + server.pid());
                    // warmed as the single posting was: its own code has to be compiled, too
                    bulk(network, clients, 2, WARM / 2, server);
                    if (STATEMENTS) statements(postgres, 0);
                    var bulk = bulk(network, clients, 2, SECONDS, server);
                    if (STATEMENTS) statements(postgres, bulk.perSecond * SECONDS);
                    say("bulk of 500, 2 clients, 16 distributors: " + bulk + "; ratio to the raw single limit " + round(bulk.perSecond / limit));
                    handIn(network, clients, 2, WARM / 4, server);
                    var handed = handIn(network, clients, 2, SECONDS, server);
                    say("hand-in of 500 of a device, 2 clients, 16 distributors: " + handed + "; ratio to the raw single limit " + round(handed.perSecond / limit));
                }
            }
            if (LINES > 0) full(postgres, network, clients, template, server);
        } finally {
            server.destroy();
            server.waitFor();
        }
        Assertions.assertFalse(report.isEmpty());
        Files.write(Path.of("target/posting-bench.txt"), report);
    }

    private void say(String line) {
        report.add(line);
        System.out.println(line);
    }

    // ---- the network

    private Network prepare() {
        var application = new SpringApplication(Offtake.class);
        application.setLogStartupInfo(false);
        try (var context = application.run("--offtake.home=" + home, "--server.port=0", "--server.address=127.0.0.1")) {
            var today = LocalDate.now(context.getBean(Clock.class).withZone(ZoneId.of("Asia/Kolkata")));
            var fixture = new Fixture(context.getBean(TenantTransaction.class), today);
            fixture.scheme("WHOLE", "M2", """
                    "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},
                    "products":{},"eligibility":{},"stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""", today.minusDays(10), today.plusDays(10));
            var distributors = new ArrayList<Fixture.Distributor>();
            var batches = new ArrayList<Map<String, List<String>>>();
            var always = LocalDate.of(2000, 1, 1);
            for (int at = 0; at < 16; at++) {
                var one = fixture.distributor("B" + at);
                distributors.add(one);
                var of = new HashMap<String, List<String>>();
                for (var sku : SKUS) {
                    var first = fixture.batch(one, sku, "MAIN-" + sku, "200.00", today.plusDays(300), 90_000_000);
                    var second = fixture.batch(one, sku, "NEXT-" + sku, "200.00", today.plusDays(330), 90_000_000);
                    of.put(sku, List.of(first.toString(), second.toString()));
                }
                batches.add(of);
                context.getBean(Users.class).register(new Users.NewUser("clerk" + one.id(), "Clerk", Users.Kind.PERSON, "en", one.id(), List.of(new Grant.OfRole(Role.BC, always, null)),
                        List.of(new Grant.OfScope(Grant.ScopeKind.DISTRIBUTOR, one.id(), always, null)), PASSWORD), "bench");
                context.getBean(TenantTransaction.class).write(one.id(), db -> db.sql("update receivables.outlet_account set credit_limit = 900000000000 where distributor_id = ?").param(one.id()).update());
            }
            return new Network(fixture, distributors, batches);
        }
    }

    /// Eight lines; the first two come from two batches each, as ten entered ones.
    private String bill(Network network, int distributor, UUID id, Random random) {
        var one = network.distributors.get(distributor);
        var body = new StringBuilder(2000).append("{\"id\":\"").append(id).append("\",\"distributorId\":").append(one.id()).append(",\"principalId\":").append(network.fixture.principal)
                .append(",\"outletId\":\"").append(List.of(one.o1(), one.o2(), one.o3()).get(random.nextInt(3))).append("\",\"warehouseId\":\"").append(one.warehouse())
                .append("\",\"businessDate\":\"").append(network.fixture.today()).append("\",\"saleType\":\"DELIVERY\",\"paymentMode\":\"CREDIT\",\"lines\":[");
        int line = 0;
        for (int at = 0; at < 8; at++) {
            var sku = SKUS.get(at % SKUS.size());
            for (var batch : at < 2 ? network.batches.get(distributor).get(sku) : NO_BATCH) {
                body.append(line == 0 ? "" : ",").append("{\"line\":").append(++line).append(",\"skuId\":").append(network.fixture.skus.get(sku)).append(",\"qty\":\"").append(12 + random.nextInt(12))
                        .append('"').append(batch.isEmpty() ? "" : ",\"batchId\":\"" + batch + '"').append('}');
            }
        }
        return body.append("]}").toString();
    }

    private static UUID newId(Random random) {
        return new UUID((System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000), random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
    }

    // ---- the product

    private Process serve(int port) throws Exception {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g", System.getProperty("bench.java", "-Dbench=true"), "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), "io.offtake.Offtake", "serve", "--port", Integer.toString(port), "--home", home.toString())
                .redirectErrorStream(true).redirectOutput(Path.of("target/bench-server.log").toFile()).start();
        try (var http = HttpClient.newHttpClient()) {
            for (int tries = 0; tries < 600; tries++) {
                try {
                    if (http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health")).build(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200) return process;
                } catch (IOException notYet) {
                    Thread.sleep(200);
                }
            }
        }
        throw new IllegalStateException("the server did not start, see target/bench-server.log");
    }

    private Run product(Network network, List<Client> clients, int threads, int distributors, int seconds, Process server) throws Exception {
        var wires = wires(threads);
        return load(threads, seconds, server, (number, random) -> {
            int distributor = random.nextInt(distributors);
            var answer = wires.get(number).post("/api/v1/invoices", clients.get(distributor), bill(network, distributor, newId(random), random));
            if (!answer.startsWith("HTTP/1.1 201")) throw new IllegalStateException(answer);
            return 1;
        });
    }

    /// 500 bills in one request, one a line, as another system posts them.
    private Run bulk(Network network, List<Client> clients, int threads, int seconds, Process server) throws Exception {
        var wires = wires(threads);
        return load(threads, seconds, server, (number, random) -> {
            int distributor = random.nextInt(16);
            var body = new StringBuilder(BULK * 1300);
            for (int at = 0; at < BULK; at++) body.append(bill(network, distributor, newId(random), random)).append('\n');
            var answer = wires.get(number).post("/api/v1/invoices/bulk?distributorId=" + network.distributors.get(distributor).id(), clients.get(distributor), "application/x-ndjson", body.toString());
            return all(answer, "\"status\":201");
        });
    }

    /// 500 bills in one hand-in of a device that was without network: each is answered with the whole document and its outcome kept.
    private Run handIn(Network network, List<Client> clients, int threads, int seconds, Process server) throws Exception {
        var wires = wires(threads);
        return load(threads, seconds, server, (number, random) -> {
            int distributor = random.nextInt(16);
            var body = new StringBuilder("{\"deviceId\":\"" + UUID.randomUUID() + "\",\"distributorId\":" + network.distributors.get(distributor).id() + ",\"commands\":[");
            for (int at = 0; at < BULK; at++) {
                var id = newId(random);
                body.append(at == 0 ? "" : ",").append("{\"id\":\"").append(id).append("\",\"seq\":").append(at).append(",\"kind\":\"invoice\",\"businessDate\":\"").append(network.fixture.today())
                        .append("\",\"at\":\"2026-11-25T10:00:00Z\",\"body\":").append(bill(network, distributor, id, random)).append('}');
            }
            return all(wires.get(number).post("/api/v1/sync/commands", clients.get(distributor), body.append("]}").toString()), "\"outcome\":\"ACCEPTED\"");
        });
    }

    private static int all(String answer, String accepted) {
        int found = 0;
        for (int at = answer.indexOf(accepted); at >= 0; at = answer.indexOf(accepted, at + accepted.length())) found++;
        if (found != BULK) throw new IllegalStateException(found + " accepted: " + answer.substring(0, Math.min(answer.length(), 3000)));
        return BULK;
    }

    private static final int BULK = 500;

    private List<Wire> wires(int threads) throws IOException {
        var wires = new ArrayList<Wire>();
        for (int at = 0; at < threads; at++) wires.add(new Wire(port));
        return wires;
    }

    // ---- where PostgreSQL's time goes, with -Dbench.statements=true

    private static final boolean STATEMENTS = Boolean.getBoolean("bench.statements");

    private void preload() throws SQLException {
        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, Map.of()); var connection = superuser(postgres); var statement = connection.createStatement()) {
            statement.execute("create extension pg_stat_statements");
            statement.execute("alter system set shared_preload_libraries = pg_stat_statements");
            statement.execute("alter system set pg_stat_statements.track_planning = on");
        }
    }

    /// With 0 invoices begins to count; otherwise says what each statement has taken of them, in microseconds per invoice.
    private void statements(EmbeddedPostgres postgres, double invoices) throws SQLException {
        try (var connection = superuser(postgres); var statement = connection.createStatement()) {
            if (invoices == 0) {
                statement.execute("select pg_stat_statements_reset()");
                return;
            }
            try (var rows = statement.executeQuery("""
                    select calls, plans, total_plan_time, total_exec_time, regexp_replace(left(query, 90), E'\\\\s+', ' ', 'g') from pg_stat_statements
                     where total_plan_time + total_exec_time > 1 order by total_plan_time + total_exec_time desc limit 40""")) {
                while (rows.next())
                    say("  " + round(rows.getLong(1) / invoices) + " calls, " + round(rows.getLong(2) / invoices) + " plans, plan " + Math.round(rows.getDouble(3) * 1000 / invoices) + " + run "
                            + Math.round(rows.getDouble(4) * 1000 / invoices) + " µs: " + rows.getString(5));
            }
        }
    }

    // ---- the same with many lines before it, with -Dbench.lines=10000000

    private static final int LINES = Integer.getInteger("bench.lines", 0);

    /// Fills the tables with copies of the template's rows, over the last three hundred days, and posts again. The copies' bills
    /// are paid but for one in fifty; their decision and print are left out, for they lie beside the table and nobody reads them.
    private void full(EmbeddedPostgres postgres, Network network, List<Client> clients, Template template, Process server) throws Exception {
        settle(postgres);
        System.out.println("empty ones begin");
        product(network, clients, 8, 16, 5, server);
        var before = List.of(product(network, clients, 8, 16, SECONDS, server), product(network, clients, 8, 16, SECONDS, server));
        System.out.println("filling");
        long lines = template.tables.stream().filter(table -> table.name.equals("billing.invoice_line")).findFirst().orElseThrow().rows.size();
        var began = System.nanoTime();
        try (var connection = superuser(postgres); var statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("set synchronous_commit = off");
            statement.execute("create temp table copy (distributor_id bigint, n bigint, id uuid, day date, outlet uuid)");
            for (var one : network.distributors)
                statement.execute("insert into copy select " + one.id() + ", n, uuidv7(make_interval(days => -(1 + n % 300)::int)), date '" + network.fixture.today() + "' - 1 - (n % 300)::int, (array['" + one.o1() + "', '"
                        + one.o2() + "', '" + one.o3() + "']::uuid[])[1 + n % 3] from generate_series(1, " + LINES / lines / network.distributors.size() + ") n");
            for (var table : template.tables) {
                var key = TABLES.stream().filter(spec -> spec.startsWith(table.name + ":")).findFirst().orElseThrow().split(":")[1];
                var values = table.columns.stream().map(column -> column.substring(0, column.indexOf("::"))).map(column -> switch (column) {
                    case "distributor_id" -> "c.distributor_id";
                    case "business_date" -> "c.day";
                    case "due_on" -> "date '" + network.fixture.today() + "' + 14";
                    case "outlet_id" -> "c.outlet";
                    case "open_amount" -> "case when c.n % 50 = 0 then t.amount else 0 end";
                    case "seq" -> "-c.n";
                    case "decision", "printed", "command" -> "''";
                    case "number" -> table.name.equals("platform.number_register") ? "100000000 + c.n" : "'OLD/' || c.n";
                    case "formatted" -> "'OLD/' || c.n";
                    default -> column.equals(key) ? "c.id" : "t." + column;
                }).toList();
                var names = table.columns.stream().map(column -> column.substring(0, column.indexOf("::"))).toList();
                statement.execute("insert into " + table.name + " (" + String.join(", ", names) + ") select " + String.join(", ", values) + " from copy c cross join (select * from " + table.name
                        + " where " + key + " = '" + template.document + "') t");
            }
            statement.execute("drop table copy");
        }
        settle(postgres);
        System.out.println("filled and settled");
        say(LINES + " invoice lines written before and the tables vacuumed, analysed and checkpointed, as they were for the empty ones, in " + Math.round((System.nanoTime() - began) / 1e9) + " s");
        product(network, clients, 8, 16, 5, server);
        var after = List.of(product(network, clients, 8, 16, SECONDS, server), product(network, clients, 8, 16, SECONDS, server));
        say("8 clients, 16 distributors: empty " + before + "; full " + after + "; posted full to empty " + round(rate(after) / rate(before)) + ", CPU empty to full " + round(cpu(before) / cpu(after)));
    }

    /// What autovacuum and the checkpointer do in a database that has been at rest for an hour, done at once: else they would do it
    /// during the measurement that happens to come next.
    private static void settle(EmbeddedPostgres postgres) throws SQLException {
        try (var connection = superuser(postgres); var statement = connection.createStatement()) {
            statement.execute("vacuum (analyze)");
            statement.execute("checkpoint");
        }
    }

    private static double rate(List<Run> runs) {
        return runs.stream().mapToDouble(Run::perSecond).average().orElseThrow();
    }

    private static double cpu(List<Run> runs) {
        return runs.stream().mapToDouble(run -> run.each.server + run.each.database).average().orElseThrow();
    }

    private interface Work {
        int once(int thread, Random random) throws Exception;
    }

    private Run load(int threads, int seconds, @Nullable Process server, Work work) throws Exception {
        var until = System.nanoTime() + seconds * 1_000_000_000L;
        var times = new ConcurrentLinkedQueue<Long>();
        var done = new AtomicLong();
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var cpu = cpu(server);
        var began = System.nanoTime();
        var running = new ArrayList<Thread>();
        for (int number = 0; number < threads; number++) {
            int mine = number;
            running.add(Thread.ofPlatform().start(() -> {
                var random = new Random(System.nanoTime() + mine);
                try {
                    while (System.nanoTime() < until) {
                        var from = System.nanoTime();
                        done.addAndGet(work.once(mine, random));
                        times.add(System.nanoTime() - from);
                    }
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            }));
        }
        for (var thread : running) thread.join();
        if (!failures.isEmpty()) throw new IllegalStateException(failures.peek());
        var took = (System.nanoTime() - began) / 1e9;
        var sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Run(done.get() / took, sorted[sorted.length / 2] / 1e6, sorted[(int) (sorted.length * 0.99)] / 1e6, cpu(server).since(cpu, done.get()));
    }

    /// CPU of the server and of PostgreSQL so far; backends that have ended are in their parent's account.
    private Cpu cpu(@Nullable Process server) {
        try {
            var postmaster = ProcessHandle.of(Long.parseLong(Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).getFirst().strip())).orElseThrow();
            var database = ticks(postmaster.pid(), 4) * 10 + postmaster.descendants().mapToLong(one -> ticks(one.pid(), 2) * 10).sum();
            return new Cpu(server == null ? 0 : server.info().totalCpuDuration().orElseThrow().toMillis(), database);
        } catch (IOException gone) {
            throw new IllegalStateException(gone);
        }
    }

    /// User and system time of a process in hundredths of a second (`/proc/PID/stat`), with 4 fields also its ended children's.
    private static long ticks(long pid, int fields) {
        try {
            var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            var parts = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long sum = 0;
            for (int at = 11; at < 11 + fields; at++) sum += Long.parseLong(parts[at]);
            return sum;
        } catch (IOException ended) {
            return 0;
        }
    }

    // ---- the raw limit

    private record Table(String name, List<String> columns, List<Object[]> rows) {}

    private record Template(UUID document, long distributor, List<Table> tables, int rows, int statements) {}

    private static final List<String> TABLES = List.of("platform.document_register:document_id", "stock.entry:document_id", "billing.invoice_line:invoice_id", "billing.scheme_benefit:invoice_id",
            "receivables.journal_entry:document_id", "platform.number_register:document_id", "billing.invoice:id", "receivables.open_item:document_id",
            "governance.audit_entry:document_id", "platform.outbox:document_id");

    /// The rows that the product wrote for one bill.
    private Template capture(EmbeddedPostgres postgres, Network network, List<Client> clients) throws SQLException {
        var document = newId(new Random(1));
        if (clients.getFirst().post("/api/v1/invoices", bill(network, 0, document, new Random(1))).status() != 201) throw new IllegalStateException("the template could not be posted");
        var tables = new ArrayList<Table>();
        int rows = 0;
        try (var connection = superuser(postgres)) {
            for (var spec : TABLES) {
                var table = spec.split(":");
                try (var statement = connection.prepareStatement("select * from " + table[0] + " where " + table[1] + " = ?")) {
                    statement.setObject(1, document);
                    try (var result = statement.executeQuery()) {
                        var meta = result.getMetaData();
                        var columns = new ArrayList<String>();
                        for (int at = 1; at <= meta.getColumnCount(); at++) columns.add(meta.getColumnName(at) + "::" + meta.getColumnTypeName(at));
                        var found = new ArrayList<Object[]>();
                        while (result.next()) {
                            var row = new Object[columns.size()];
                            for (int at = 0; at < row.length; at++) row[at] = columns.get(at).endsWith("::date") ? result.getObject(at + 1, LocalDate.class) : result.getObject(at + 1);
                            found.add(row);
                        }
                        tables.add(new Table(table[0], columns, found));
                        rows += found.size();
                    }
                }
            }
        }
        return new Template(document, network.distributors.getFirst().id(), tables, rows, TABLES.size() + 4);
    }

    private static void texts(Template template) throws IOException {
        var table = template.tables.stream().filter(one -> one.name.equals("billing.invoice")).findFirst().orElseThrow();
        for (int at = 0; at < table.columns.size(); at++)
            if (table.rows.getFirst()[at] instanceof String text && text.length() > 500) {
                System.out.println(table.columns.get(at) + " " + text.length());
                Files.writeString(Path.of("target/bench-" + table.columns.get(at).replaceAll(":.*", "") + ".txt"), text);
            }
    }

    private static Connection superuser(EmbeddedPostgres postgres) throws SQLException {
        return postgres.admin("offtake");
    }

    private static final AtomicLong COUNTER = new AtomicLong(50_000_000);

    private Run raw(EmbeddedPostgres postgres, Network network, Template template, int threads, int distributors, int seconds) throws Exception {
        var connections = new ArrayList<Connection>();
        for (int at = 0; at < threads; at++) {
            var connection = superuser(postgres);
            connection.setAutoCommit(false);
            connections.add(connection);
        }
        try {
            return load(threads, seconds, null, (number, random) -> {
                var connection = connections.get(number);
                try {
                    write(connection, template, network.distributors.get(random.nextInt(distributors)), network, COUNTER.incrementAndGet(), random);
                } catch (SQLException failure) {
                    // the raw writer orders no locks: on one distributor it may be the victim of a deadlock
                    if (!"40P01".equals(failure.getSQLState())) throw failure;
                    connection.rollback();
                    return 0;
                }
                connection.commit();
                return 1;
            });
        } finally {
            for (var connection : connections) connection.close();
        }
    }

    private static void write(Connection connection, Template template, Fixture.Distributor distributor, Network network, long serial, Random random) throws SQLException {
        var id = new UUID((System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000), random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
        var post = new Pipeline();
        for (var table : template.tables) {
            var rows = new ArrayList<@Nullable Object[]>();
            for (var original : table.rows) {
                var row = Arrays.copyOf(original, original.length);
                for (int at = 0; at < row.length; at++) {
                    var column = table.columns.get(at);
                    if (template.document.equals(row[at])) row[at] = id;
                    else if (column.startsWith("distributor_id::")) row[at] = distributor.id();
                    else if (column.equals("seq::int8") || table.name.equals("platform.number_register") && column.equals("number::int8")) row[at] = serial;
                }
                rows.add(row);
            }
            var values = "(" + String.join(", ", table.columns.stream().map(column -> "?" + column.substring(column.indexOf("::"))).toList()) + ")";
            post.rows(table.name, "insert into " + table.name + " (" + String.join(", ", table.columns.stream().map(column -> column.substring(0, column.indexOf("::"))).toList()) + ") values ", values, "", rows);
            if (table.name.equals("platform.document_register")) {
                post.update("""
                        update stock.balance b set qty = b.qty - t.qty from (values (?::bigint, 1::numeric), (?::bigint, 1), (?::bigint, 1), (?::bigint, 1), (?::bigint, 1), (?::bigint, 1)) as t (sku_id, qty)
                         where b.distributor_id = ? and b.warehouse_id = ? and b.sku_id = t.sku_id and b.bucket = 'SALEABLE' and b.qty >= t.qty""",
                        network.fixture.skus.get("S1"), network.fixture.skus.get("S2"), network.fixture.skus.get("S3"), network.fixture.skus.get("S4"), network.fixture.skus.get("S5"),
                        network.fixture.skus.get("S6"), distributor.id(), distributor.warehouse());
                post.update("""
                        update stock.balance b set qty = b.qty + t.qty from (values (?::bigint, 1::numeric), (?::bigint, 1), (?::bigint, 1), (?::bigint, 1), (?::bigint, 1), (?::bigint, 1)) as t (sku_id, qty)
                         where b.distributor_id = ? and b.warehouse_id = ? and b.sku_id = t.sku_id and b.bucket = 'IN_TRANSIT_OUT'""",
                        network.fixture.skus.get("S1"), network.fixture.skus.get("S2"), network.fixture.skus.get("S3"), network.fixture.skus.get("S4"), network.fixture.skus.get("S5"),
                        network.fixture.skus.get("S6"), distributor.id(), distributor.warehouse());
                post.update("update receivables.outlet_account set balance = balance + 1 where distributor_id = ? and outlet_id = ?", distributor.id(), distributor.o1());
            }
            if (table.name.equals("receivables.journal_entry")) {
                post.update("update platform.number_sequence set width = width where distributor_id = ? and document_type = 'INVOICE' and fiscal_year = ?", distributor.id(),
                        io.offtake.platform.Documents.fiscalYear(network.fixture.today()));
            }
            if (table.name.equals("receivables.open_item")) {
                post.update("update governance.audit_head set hash = sha256(hash) where distributor_id = ?", distributor.id());
            }
        }
        post.run(connection);
    }

}
