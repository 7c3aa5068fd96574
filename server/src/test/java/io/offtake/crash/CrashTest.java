package io.offtake.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.Offtake;
import io.offtake.access.Grant;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.access.testing.Client;
import io.offtake.launch.Verify;
import io.offtake.platform.Progress;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.database.DatabaseBootstrap;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

/// The cable is pulled: server and database are killed at random points under load, and no acknowledged bill is lost,
/// doubled or changed (INV-03, INV-04). `./offtake bench crash` runs fifty rounds.
@Tag("crash")
@Tag("BIL-01")
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 4);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final String PASSWORD = "correct horse battery";
    private final List<Process> processes = new ArrayList<>();
    @TempDir
    Path home;

    private record Bill(UUID id, long distributor, Map<String, Object> body) {}

    private enum Killed { SERVER, DATABASE, BOTH }

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void nothingAcknowledgedIsLostDoubledOrChanged() throws Exception {
        var random = new Random(SEED);
        var network = prepare();
        var acknowledged = new ConcurrentHashMap<UUID, byte[]>();
        var bodies = new ConcurrentHashMap<UUID, Bill>();
        var log = new ArrayList<String>();
        int port = freePort();
        var server = serve(port);
        var clerks = new TreeMap<Long, Client>();
        for (var distributor : network.distributors) clerks.put(distributor.id(), new Client(port).signIn("clerk" + distributor.id(), PASSWORD));

        for (int round = 0; round < ROUNDS; round++) {
            var unknown = ConcurrentHashMap.<UUID>newKeySet();
            var stop = new AtomicBoolean();
            long seed = random.nextLong();
            int before = acknowledged.size();
            var clients = new ArrayList<Thread>();
            for (int number = 0; number < 4; number++) {
                var mine = new Random(seed + number);
                clients.add(Thread.ofVirtual().start(() -> post(clerks, network, mine, stop, acknowledged, bodies, unknown)));
            }
            var killed = Killed.values()[round % 3];
            long wait = 500 + random.nextInt(2500);
            Thread.sleep(wait);
            if (killed != Killed.SERVER) killDatabase();
            if (killed != Killed.DATABASE) server.destroyForcibly().waitFor();
            if (killed == Killed.DATABASE) Thread.sleep(1000);
            stop.set(true);
            for (var thread : clients) thread.join();
            if (killed != Killed.DATABASE) server = serve(port);
            else awaitReady(port, server);

            // whoever got no answer asks again with the same document
            for (var id : unknown) {
                var answer = again(clerks, bodies.get(id));
                assertThat(answer.status()).as("%s after round %s (seed %s)", answer, round, SEED).isIn(200, 201);
                acknowledged.put(id, answer.raw().body());
            }
            var sample = new ArrayList<>(acknowledged.keySet()).subList(0, Math.min(20, acknowledged.size()));
            for (var id : sample) assertThat(again(clerks, bodies.get(id)).raw().body()).as("the same bytes again").isEqualTo(acknowledged.get(id));
            log.add("round " + (round + 1) + ": " + killed + " killed after " + wait + " ms, " + (acknowledged.size() - before) + " bills, " + unknown.size() + " of them unanswered at first");
        }

        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.JOIN, Map.of());
             var connection = DatabaseBootstrap.embeddedAccess(postgres, "offtake").asNetwork(); var statement = connection.createStatement()) {
            var ids = new ArrayList<UUID>();
            try (var rows = statement.executeQuery("select id from billing.invoice")) {
                while (rows.next()) ids.add(rows.getObject(1, UUID.class));
            }
            assertThat(ids).doesNotHaveDuplicates();
            assertThat(Set.copyOf(ids)).as("every acknowledged bill, and no other").isEqualTo(acknowledged.keySet());
            var report = Verify.run(connection, Progress.SILENT);
            assertThat(report.findings()).as("seed %s", SEED).isEmpty();
            log.add(ids.size() + " bills, " + report.stockRows() + " stock entries, " + report.auditRows() + " audit entries: everything agrees (seed " + SEED + ")");
        }
        server.destroy();
        server.waitFor();
        assertThat(acknowledged.size()).isGreaterThan(ROUNDS * 5);
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target/crash-rounds.txt"), log);
    }

    private record Network(Fixture fixture, List<Fixture.Distributor> distributors) {}

    /// A network with plenty of stock and a user who bills for all of it.
    private Network prepare() {
        var application = new SpringApplication(Offtake.class);
        application.setLogStartupInfo(false);
        try (var context = application.run("--offtake.home=" + home, "--server.port=0", "--server.address=127.0.0.1")) {
            var today = LocalDate.now(context.getBean(Clock.class).withZone(ZoneId.of("Asia/Kolkata")));
            var fixture = new Fixture(context.getBean(TenantTransaction.class), today);
            var distributors = List.of(fixture.distributor("C1"), fixture.distributor("C2"));
            for (var distributor : distributors) {
                for (var sku : List.of("S1", "S2", "S6")) fixture.batch(distributor, sku, "B-" + sku, "60.00", today.plusDays(300), 1_000_000);
            }
            var always = LocalDate.of(2000, 1, 1);
            for (var one : distributors) {
                context.getBean(Users.class).register(new Users.NewUser("clerk" + one.id(), "Clerk", Users.Kind.PERSON, "en", one.id(), List.of(new Grant.OfRole(Role.BC, always, null)),
                        List.of(new Grant.OfScope(Grant.ScopeKind.DISTRIBUTOR, one.id(), always, null)), PASSWORD), "test");
            }
            return new Network(fixture, distributors);
        }
    }

    private static void post(Map<Long, Client> clerks, Network network, Random random, AtomicBoolean stop, Map<UUID, byte[]> acknowledged, Map<UUID, Bill> bodies, Set<UUID> unknown) {
        while (!stop.get()) {
            var bill = bill(network, random);
            bodies.put(bill.id, bill);
            try {
                var answer = clerks.get(bill.distributor).post("/api/v1/invoices", bill.body);
                if (answer.status() == 201 || answer.status() == 200) acknowledged.put(bill.id, answer.raw().body());
                else if (answer.status() >= 500) unknown.add(bill.id);
                else throw new IllegalStateException("refused: " + answer);
            } catch (AssertionError connectionLost) {
                unknown.add(bill.id);
                pause(50);
            }
        }
    }

    private static Client.Answer again(Map<Long, Client> clerks, Bill bill) {
        for (int attempt = 0; ; attempt++) {
            var answer = clerks.get(bill.distributor).post("/api/v1/invoices", bill.body);
            if (answer.status() < 500 || attempt == 40) return answer;
            pause(250);
        }
    }

    private static Bill bill(Network network, Random random) {
        var distributor = network.distributors.get(random.nextInt(network.distributors.size()));
        var id = new UUID(random.nextLong() & 0xffffffffffff0fffL | 0x7000, random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
        var lines = new ArrayList<Map<String, Object>>();
        var skus = List.of("S1", "S2", "S6");
        for (int line = 1; line <= 1 + random.nextInt(3); line++) {
            lines.add(Map.of("line", line, "skuId", network.fixture.skus.get(skus.get(line - 1)), "qty", Integer.toString(1 + random.nextInt(20))));
        }
        var outlet = List.of(distributor.o1(), distributor.o2(), distributor.o3()).get(random.nextInt(3));
        return new Bill(id, distributor.id(), Map.of("id", id, "distributorId", distributor.id(), "principalId", network.fixture.principal, "outletId", outlet, "warehouseId", distributor.warehouse(),
                "businessDate", network.fixture.today().toString(), "saleType", random.nextBoolean() ? "COUNTER" : "DELIVERY", "paymentMode", random.nextBoolean() ? "CASH" : "CREDIT", "lines", lines));
    }

    private Process serve(int port) throws Exception {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), "io.offtake.Offtake", "serve", "--port", Integer.toString(port), "--home", home.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(Path.of("target/crash-server.log").toFile())).start();
        processes.add(process);
        awaitReady(port, process);
        return process;
    }

    private static void awaitReady(int port, Process process) throws Exception {
        var until = Instant.now().plus(Duration.ofSeconds(120));
        try (var http = HttpClient.newHttpClient()) {
            while (Instant.now().isBefore(until)) {
                if (!process.isAlive()) throw new AssertionError("the server ended, see target/crash-server.log");
                try {
                    var answer = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health")).timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.discarding());
                    if (answer.statusCode() == 200) return;
                } catch (IOException _) {
                    // not yet
                }
                pause(200);
            }
        }
        throw new AssertionError("the server was not ready within two minutes, see target/crash-server.log");
    }

    private void killDatabase() throws IOException {
        ProcessHandle.of(Long.parseLong(Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).getFirst().strip())).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
