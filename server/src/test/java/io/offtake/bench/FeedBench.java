package io.offtake.bench;

import io.offtake.Offtake;
import io.offtake.access.Grant;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.access.testing.Client;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

/// `./offtake bench feed [BILLS]`: how fast facts follow bills, against the packaged server with everything on, fsync too.
///
/// 1. bills of 8 lines come in bulk while nobody takes them in (the posting rate), then the server takes them in (the feed's rate);
/// 2. BILLS come at once while the feed runs: how old the oldest bill is that is not in the facts, and how long after the last one
///    the tower has them all;
/// 3. bills come one by one: from the answer to the bill until a question shows it, by one distributor (PostgreSQL) and across the
///    network (the columnar copy); alone, and while others post singly.
class FeedBench {
    private static final int BILLS = Integer.getInteger("feed.bills", 25_000);
    private static final int PROBES = Integer.getInteger("feed.probes", 200);
    private static final int DISTRIBUTORS = 16;
    private static final int BULK = 500;
    private static final int LINES = 8;
    private static final String PASSWORD = "correct horse battery";
    private static final String ACCEPTED = "\"outcome\":\"ACCEPTED\"";
    private static final List<String> SKUS = List.of("S1", "S2", "S3", "S4", "S5", "S6");
    @TempDir
    Path home;
    private final List<String> report = new ArrayList<>();
    private int port;

    private record Network(Fixture fixture, List<Fixture.Distributor> distributors) {}

    @Test
    void measure() throws Exception {
        var network = prepare();
        double posting;
        double feeding;
        var server = serve(false);
        long waiting;
        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.JOIN, Map.of())) {
            var clerks = clerks(network);
            bulk(network, clerks, Math.max(BULK * 4, BILLS / 5));
            long began = System.nanoTime();
            bulk(network, clerks, BILLS);
            posting = BILLS * LINES / seconds(began);
            say(BILLS + " bills of " + LINES + " lines in bulk, the feed off: " + Math.round(posting) + " lines/s");
            waiting = waiting(postgres);
        } finally {
            stop(server);
        }
        server = serve(true);
        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.JOIN, Map.of())) {
            long first = System.nanoTime();
            while (waiting(postgres) == waiting && System.nanoTime() - first < 20_000_000_000L) Thread.sleep(5);
            first = System.nanoTime();
            long left = waiting(postgres);
            while (waiting(postgres) > 0) Thread.sleep(20);
            feeding = left * LINES / seconds(first);
            say("the feed alone: " + left + " bills taken in within " + text(seconds(first)) + " s, " + Math.round(feeding) + " lines/s = " + text(feeding / posting) + " times the rate of bulk posting");

            var clerks = clerks(network);
            var head = new Client(port).signIn("head", PASSWORD);
            columnar(head);
            var posted = new AtomicBoolean();
            var oldest = new ArrayList<Double>();
            var watch = Thread.ofPlatform().start(() -> {
                while (!posted.get()) {
                    try {
                        oldest.add(age(postgres));
                        Thread.sleep(100);
                    } catch (SQLException | InterruptedException failure) {
                        throw new IllegalStateException(failure);
                    }
                }
            });
            long began = System.nanoTime();
            bulk(network, clerks, BILLS);
            double took = seconds(began);
            long last = System.nanoTime();
            while (waiting(postgres) > 0) Thread.sleep(20);
            double behind = seconds(last);
            long all = bills(postgres);
            while (shown(head, NETWORK, null) < all) Thread.sleep(50);
            posted.set(true);
            watch.join();
            say(BILLS + " bills at once, the feed on: posted in " + text(took) + " s (" + Math.round(BILLS * LINES / took) + " lines/s); the oldest bill that waited: " + text(oldest.stream().mapToDouble(Double::doubleValue).max().orElse(0))
                    + " s; after the last one facts were whole in " + text(behind) + " s, the tower across the network in " + text(seconds(last)) + " s");

            probes(network, clerks, head, "alone");
            var others = new AtomicBoolean(true);
            var count = new AtomicInteger();
            var threads = new ArrayList<Thread>();
            for (int number = 0; number < 8; number++) {
                int mine = number;
                var by = clerks;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        var wire = new Wire(port);
                        var random = new Random(mine);
                        while (others.get()) {
                            int at = 1 + random.nextInt(DISTRIBUTORS - 1);
                            var answer = wire.post("/api/v1/invoices", by.get(at), bill(network, at, newId(random), random));
                            if (!answer.startsWith("HTTP/1.1 201")) throw new IllegalStateException(answer);
                            count.incrementAndGet();
                        }
                    } catch (IOException failure) {
                        throw new IllegalStateException(failure);
                    }
                }));
            }
            Thread.sleep(3000);
            count.set(0);
            began = System.nanoTime();
            probes(network, clerks, head, "while eight others post singly");
            say("the others posted " + Math.round(count.get() / seconds(began)) + " bills/s beside it");
            others.set(false);
            for (var thread : threads) thread.join();
        } finally {
            stop(server);
        }
        Assertions.assertFalse(report.isEmpty());
        Files.write(Path.of("target/feed-bench.txt"), report);
    }

    private void probes(Network network, List<Client> clerks, Client head, String beside) throws Exception {
        var wire = new Wire(port);
        var random = new Random(PROBES);
        var one = Long.toString(network.distributors.getFirst().id());
        var here = new ArrayList<Double>();
        var across = new ArrayList<Double>();
        for (int probe = 0; probe < PROBES; probe++) {
            boolean single = probe % 2 == 0;
            var question = single ? ONE.replace("$d", one) : NETWORK_BY_DISTRIBUTOR;
            long before = shown(head, question, one);
            Thread.sleep(random.nextInt(250));
            var answer = wire.post("/api/v1/invoices", clerks.getFirst(), bill(network, 0, newId(random), random));
            long began = System.nanoTime();
            if (!answer.startsWith("HTTP/1.1 201")) throw new IllegalStateException(answer);
            while (shown(head, question, one) <= before) Thread.sleep(10);
            (single ? here : across).add(seconds(began) * 1000);
        }
        say("bill to tower, " + beside + ": one distributor p50 " + at(here, 0.5) + " ms, p99 " + at(here, 0.99) + " ms, slowest " + at(here, 1) + "; across the network p50 " + at(across, 0.5) + ", p99 " + at(across, 0.99) + ", slowest " + at(across, 1));
    }

    private static final String NETWORK = "{\"metrics\":[\"bills\"],\"window\":{\"kind\":\"MTD\"}}";
    private static final String NETWORK_BY_DISTRIBUTOR = "{\"metrics\":[\"bills\",\"nsv\"],\"dimensions\":[\"distributor\"],\"window\":{\"kind\":\"MTD\"}}";
    private static final String ONE = "{\"metrics\":[\"bills\",\"nsv\"],\"dimensions\":[\"distributor\"],\"filters\":[{\"dimension\":\"distributor\",\"op\":\"in\",\"values\":[\"$d\"]}],\"window\":{\"kind\":\"MTD\"}}";

    /// Bills that the tower shows: of all, or of one distributor's row.
    private static long shown(Client head, String question, @org.jspecify.annotations.Nullable String distributor) {
        var answer = head.post("/api/v1/insight/query", question);
        if (answer.status() != 200) throw new IllegalStateException(answer.toString());
        if (distributor == null) return answer.json().path("totals").path("bills").path("value").asLong();
        for (var row : answer.json().path("rows")) {
            if (row.path("keys").path("distributor").path("id").asString().equals(distributor)) return row.path("values").path("bills").path("value").asLong();
        }
        return 0;
    }

    /// Waits until questions across the network are answered by the columnar copy.
    private static void columnar(Client head) throws InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            var answer = head.post("/api/v1/insight/query", NETWORK);
            if (answer.json().path("engine").asString().equals("columnar")) return;
            Thread.sleep(100);
        }
        throw new IllegalStateException("the columnar copy did not become whole");
    }

    private void bulk(Network network, List<Client> clerks, int bills) throws Exception {
        var left = new AtomicInteger(bills / BULK);
        var failures = new ConcurrentLinkedQueue<Throwable>();
        var threads = new ArrayList<Thread>();
        for (int number = 0; number < 2; number++) {
            int mine = number;
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    var wire = new Wire(port);
                    var random = new Random(System.nanoTime() + mine);
                    while (left.getAndDecrement() > 0) {
                        int distributor = random.nextInt(DISTRIBUTORS);
                        var body = new StringBuilder("{\"deviceId\":\"" + UUID.randomUUID() + "\",\"distributorId\":" + network.distributors.get(distributor).id() + ",\"commands\":[");
                        for (int at = 0; at < BULK; at++) {
                            var id = newId(random);
                            body.append(at == 0 ? "" : ",").append("{\"id\":\"").append(id).append("\",\"seq\":").append(at).append(",\"kind\":\"invoice\",\"businessDate\":\"").append(network.fixture.today())
                                    .append("\",\"at\":\"").append(network.fixture.today()).append("T05:00:00Z\",\"body\":").append(bill(network, distributor, id, random)).append('}');
                        }
                        body.append("]}");
                        while (true) {
                            var answer = wire.post("/api/v1/sync/commands", clerks.get(distributor), body.toString());
                            if (answer.startsWith("HTTP/1.1 429")) {
                                Thread.sleep(200);
                                continue;
                            }
                            int accepted = 0;
                            for (int at = answer.indexOf(ACCEPTED); at >= 0; at = answer.indexOf(ACCEPTED, at + 1)) accepted++;
                            if (accepted != BULK) throw new IllegalStateException(accepted + " accepted: " + answer.substring(0, Math.min(answer.length(), 3000)));
                            break;
                        }
                    }
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            }));
        }
        for (var thread : threads) thread.join();
        if (!failures.isEmpty()) throw new IllegalStateException(failures.peek());
    }

    private static long waiting(EmbeddedPostgres postgres) throws SQLException {
        return one(postgres, "select count(*) from platform.outbox o left join platform.feed_cursor c on c.distributor_id = o.distributor_id and c.consumer = 'insight' where o.topic = 'invoice.posted' and o.seq > coalesce(c.seq, 0)");
    }

    private static long bills(EmbeddedPostgres postgres) throws SQLException {
        return one(postgres, "select count(*) from billing.invoice");
    }

    /// Seconds since the oldest bill was recorded that facts lack.
    private static double age(EmbeddedPostgres postgres) throws SQLException {
        return one(postgres, "select coalesce(max(extract(epoch from now() - x.recorded_at)) * 1000, 0)::bigint from platform.feed_cursor c cross join lateral (select o.recorded_at from platform.outbox o where o.distributor_id = c.distributor_id and o.seq > c.seq order by o.seq limit 1) x where c.consumer = 'insight'") / 1000.0;
    }

    private static long one(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.admin("offtake"); var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private List<Client> clerks(Network network) {
        return network.distributors.stream().map(one -> new Client(port).signIn("clerk" + one.id(), PASSWORD)).toList();
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }

    private static String text(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static long at(List<Double> times, double share) {
        var sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Math.round(sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)]);
    }

    private void say(String line) {
        report.add(line);
        System.out.println(line);
    }

    private Network prepare() {
        var application = new SpringApplication(Offtake.class);
        application.setLogStartupInfo(false);
        try (var context = application.run("--offtake.home=" + home, "--server.port=0", "--server.address=127.0.0.1", "--offtake.insight.feed=false")) {
            var today = LocalDate.now(context.getBean(Clock.class).withZone(ZoneId.of("Asia/Kolkata")));
            var transactions = context.getBean(TenantTransaction.class);
            var fixture = new Fixture(transactions, today);
            fixture.scheme("WHOLE", "M2", """
                    "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},
                    "products":{},"eligibility":{},"stacking":"CASCADE","priority":10,"principalShare":"1","claimable":true,"claimRate":"PTS\"""", today.minusDays(10), today.plusDays(10));
            var distributors = new ArrayList<Fixture.Distributor>();
            var always = LocalDate.of(2000, 1, 1);
            var users = context.getBean(Users.class);
            for (int at = 0; at < DISTRIBUTORS; at++) {
                var one = fixture.distributor("F" + at);
                distributors.add(one);
                for (var sku : SKUS) fixture.batch(one, sku, "MAIN-" + sku, "200.00", today.plusDays(300), 90_000_000);
                users.register(new Users.NewUser("clerk" + one.id(), "Clerk", Users.Kind.PERSON, "en", one.id(), List.of(new Grant.OfRole(Role.BC, always, null)),
                        List.of(new Grant.OfScope(Grant.ScopeKind.DISTRIBUTOR, one.id(), always, null)), PASSWORD), "bench");
                transactions.write(one.id(), db -> db.sql("update receivables.outlet_account set credit_limit = 900000000000 where distributor_id = ?").param(one.id()).update());
            }
            users.register(new Users.NewUser("head", "Head of sales", Users.Kind.PERSON, "en", null, List.of(new Grant.OfRole(Role.SO, always, null)),
                    List.of(new Grant.OfScope(Grant.ScopeKind.NETWORK, 0, always, null)), PASSWORD), "bench");
            return new Network(fixture, distributors);
        }
    }

    private static String bill(Network network, int distributor, UUID id, Random random) {
        var one = network.distributors.get(distributor);
        var body = new StringBuilder(1600).append("{\"id\":\"").append(id).append("\",\"distributorId\":").append(one.id()).append(",\"principalId\":").append(network.fixture.principal)
                .append(",\"outletId\":\"").append(List.of(one.o1(), one.o2(), one.o3()).get(random.nextInt(3))).append("\",\"warehouseId\":\"").append(one.warehouse())
                .append("\",\"businessDate\":\"").append(network.fixture.today()).append("\",\"saleType\":\"DELIVERY\",\"paymentMode\":\"CREDIT\",\"lines\":[");
        for (int at = 0; at < LINES; at++)
            body.append(at == 0 ? "" : ",").append("{\"line\":").append(at + 1).append(",\"skuId\":").append(network.fixture.skus.get(SKUS.get(at % SKUS.size()))).append(",\"qty\":\"").append(12 + random.nextInt(12)).append("\"}");
        return body.append("]}").toString();
    }

    private static UUID newId(Random random) {
        return new UUID((System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000), random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
    }

    private Process serve(boolean feed) throws Exception {
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g", "--enable-native-access=ALL-UNNAMED", "-Dofftake.insight.feed=" + feed, "-Dofftake.insight.columnar.use=" + (feed ? "on" : "off"),
                "-cp", System.getProperty("java.class.path"), "io.offtake.Offtake", "serve", "--port", Integer.toString(port), "--home", home.toString())
                .redirectErrorStream(true).redirectOutput(Path.of("target/bench-server.log").toFile()).start();
        try (var http = HttpClient.newHttpClient()) {
            for (int tries = 0; tries < 600; tries++) {
                try {
                    if (http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health")).build(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200) return process;
                } catch (IOException notYet) {
                    if (!process.isAlive()) break;
                    Thread.sleep(200);
                }
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("the server did not start, see target/bench-server.log");
    }

    private static void stop(Process server) throws InterruptedException {
        server.destroy();
        server.waitFor();
    }
}
