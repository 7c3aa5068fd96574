package io.offtake.bench;

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
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

/// `./offtake bench drain`: counters come back at once after a morning without network, each with its bills under numbers of
/// its own. What it takes until the last is answered, how often the server asked to wait, and the posting rate beside that
/// of the bulk path in the same run. Nothing may be refused, no request may fail.
class DrainBench {
    private static final int DEVICES = Integer.getInteger("drain.devices", 500);
    private static final int BILLS = Integer.getInteger("drain.bills", 50);
    private static final int DISTRIBUTORS = Math.max(1, DEVICES / 5);
    private static final int BULK = 500;
    private static final String PASSWORD = "correct horse battery";
    private static final String ACCEPTED = "\"outcome\":\"ACCEPTED\"";
    private static final List<String> SKUS = List.of("S1", "S2", "S3", "S4", "S5", "S6");
    @TempDir
    Path home;
    private final List<String> report = new ArrayList<>();
    private int port;

    private record Network(Fixture fixture, List<Fixture.Distributor> distributors) {}

    /// A counter with its queue.
    private record Device(UUID id, int distributor, String secret, String series, List<String> commands) {}

    @Test
    void measure() throws Exception {
        var network = prepare();
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var server = serve();
        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.JOIN, Map.of())) {
            var clerks = new ArrayList<Client>();
            for (var distributor : network.distributors) clerks.add(new Client(port).signIn("clerk" + distributor.id(), PASSWORD));
            bulk(network, clerks, 6);
            double before = bulk(network, clerks, 6);
            var devices = new ArrayList<Device>();
            for (int number = 0; number < DEVICES; number++) devices.add(device(network, clerks, number));
            drain(network, clerks, devices, before);
            double after = bulk(network, clerks, 6);
            say("bulk of " + BULK + " beside it: " + Math.round(before) + " bills/s before, " + Math.round(after) + " after");
            try (var connection = DatabaseBootstrap.embeddedAccess(postgres, "offtake").asNetwork()) {
                var findings = Verify.run(connection, Progress.SILENT).findings();
                Assertions.assertEquals(List.of(), findings);
                say("everything verifies");
            }
        } finally {
            server.destroy();
            server.waitFor();
        }
        Files.write(Path.of("target/drain-bench.txt"), report);
    }

    private void say(String line) {
        report.add(line);
        System.out.println(line);
    }

    private Network prepare() {
        var application = new SpringApplication(Offtake.class);
        application.setLogStartupInfo(false);
        try (var context = application.run("--offtake.home=" + home, "--server.port=0", "--server.address=127.0.0.1")) {
            var today = LocalDate.now(context.getBean(Clock.class).withZone(ZoneId.of("Asia/Kolkata")));
            var transactions = context.getBean(TenantTransaction.class);
            var fixture = new Fixture(transactions, today);
            var distributors = new ArrayList<Fixture.Distributor>();
            var always = LocalDate.of(2000, 1, 1);
            for (int at = 0; at < DISTRIBUTORS; at++) {
                var one = fixture.distributor("R" + at);
                distributors.add(one);
                for (var sku : SKUS) fixture.batch(one, sku, "MAIN-" + sku, "200.00", today.plusDays(300), 90_000_000);
                context.getBean(Users.class).register(new Users.NewUser("clerk" + one.id(), "Clerk", Users.Kind.PERSON, "en", one.id(), List.of(new Grant.OfRole(Role.BC, always, null)),
                        List.of(new Grant.OfScope(Grant.ScopeKind.DISTRIBUTOR, one.id(), always, null)), PASSWORD), "bench");
                transactions.write(one.id(), db -> db.sql("update receivables.outlet_account set credit_limit = 900000000000 where distributor_id = ?").param(one.id()).update());
            }
            return new Network(fixture, distributors);
        }
    }

    private String bill(Network network, int distributor, UUID id, Random random) {
        var one = network.distributors.get(distributor);
        var body = new StringBuilder(1200).append("{\"id\":\"").append(id).append("\",\"distributorId\":").append(one.id()).append(",\"principalId\":").append(network.fixture.principal)
                .append(",\"outletId\":\"").append(List.of(one.o1(), one.o2(), one.o3()).get(random.nextInt(3))).append("\",\"warehouseId\":\"").append(one.warehouse())
                .append("\",\"businessDate\":\"").append(network.fixture.today()).append("\",\"saleType\":\"COUNTER\",\"paymentMode\":\"CREDIT\",\"lines\":[");
        for (int at = 0; at < 6; at++)
            body.append(at == 0 ? "" : ",").append("{\"line\":").append(at + 1).append(",\"skuId\":").append(network.fixture.skus.get(SKUS.get(at))).append(",\"qty\":\"").append(1 + random.nextInt(12)).append("\"}");
        return body.append("]}").toString();
    }

    private static UUID newId(Random random) {
        return new UUID((System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(0x1000), random.nextLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
    }

    private String command(Network network, UUID id, int seq, String number, String bill) {
        return "{\"id\":\"" + id + "\",\"seq\":" + seq + ",\"kind\":\"invoice\",\"businessDate\":\"" + network.fixture.today() + "\",\"at\":\"" + network.fixture.today() + "T05:00:00Z\"" + number + ",\"body\":" + bill + "}";
    }

    /// Registers a counter, leases its numbers, and bills its morning.
    private Device device(Network network, List<Client> clerks, int number) {
        int distributor = number % DISTRIBUTORS;
        var random = new Random(number);
        var id = newId(random);
        var clerk = clerks.get(distributor);
        var registered = clerk.post("/api/v1/sync/devices", Map.of("id", id, "distributorId", network.distributors.get(distributor).id(), "name", "Counter " + number, "kind", "COUNTER", "appVersion", "bench", "schemaVersion", 2));
        if (registered.status() != 201) throw new IllegalStateException(registered.toString());
        var secret = registered.json().path("secret").asString();
        var leased = clerk.send("POST", "/api/v1/sync/devices/" + id + "/leases?distributorId=" + network.distributors.get(distributor).id(), Map.of("documentTypes", List.of("INVOICE")), Map.of("X-Device-Id", id.toString(), "X-Device-Secret", secret));
        if (leased.status() != 200) throw new IllegalStateException(leased.toString());
        var series = leased.json().path("leases").path(0).path("series").asString();
        var commands = new ArrayList<String>();
        for (int seq = 1; seq <= BILLS; seq++) {
            var bill = newId(random);
            commands.add(command(network, bill, seq, ",\"number\":{\"series\":\"" + series + "\",\"number\":" + seq + "}", bill(network, distributor, bill, random)));
        }
        return new Device(id, distributor, secret, series, commands);
    }

    private void drain(Network network, List<Client> clerks, List<Device> devices, double bulk) throws Exception {
        var start = new CountDownLatch(1);
        var took = new ConcurrentLinkedQueue<Double>();
        var done = new ConcurrentLinkedQueue<Double>();
        var errors = new ConcurrentLinkedQueue<String>();
        var waits = new AtomicInteger();
        var accepted = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        long[] began = new long[1];
        for (var device : devices) threads.add(Thread.ofVirtual().start(() -> {
            try {
                start.await();
                var random = new Random(device.id.getLeastSignificantBits());
                var wire = new Wire(port, Map.of("X-Device-Id", device.id.toString(), "X-Device-Secret", device.secret));
                int batch = 50;
                int misses = 0;
                for (int at = 0; at < device.commands.size(); ) {
                    var part = device.commands.subList(at, Math.min(device.commands.size(), at + batch));
                    var body = "{\"deviceId\":\"" + device.id + "\",\"distributorId\":" + network.distributors.get(device.distributor).id() + ",\"schemaVersion\":2,\"commands\":[" + String.join(",", part) + "]}";
                    long from = System.nanoTime();
                    String answer;
                    try {
                        answer = wire.post("/api/v1/sync/commands", clerks.get(device.distributor), body);
                    } catch (IOException cut) {
                        errors.add(device.id + ": " + cut);
                        return;
                    }
                    if (answer.startsWith("HTTP/1.1 429")) {
                        waits.incrementAndGet();
                        misses++;
                        // as the client waits: doubled from two seconds, half of it by chance, never shorter than asked for
                        double full = Math.min(300, 2 * Math.pow(2, misses - 1));
                        Thread.sleep((long) (1000 * Math.max(full / 2 + full / 2 * random.nextDouble(), wire.retryAfter())));
                        continue;
                    }
                    if (!answer.startsWith("HTTP/1.1 200")) {
                        errors.add(answer.substring(0, Math.min(500, answer.length())));
                        return;
                    }
                    misses = 0;
                    took.add((System.nanoTime() - from) / 1e6);
                    int found = 0;
                    for (int place = answer.indexOf(ACCEPTED); place >= 0; place = answer.indexOf(ACCEPTED, place + 1)) found++;
                    if (found != part.size()) errors.add(found + " of " + part.size() + " accepted: " + answer.substring(0, Math.min(1500, answer.length())));
                    accepted.addAndGet(found);
                    at += part.size();
                }
                done.add((System.nanoTime() - began[0]) / 1e9);
            } catch (Exception failure) {
                errors.add(failure.toString());
            }
        }));
        began[0] = System.nanoTime();
        start.countDown();
        for (var thread : threads) thread.join();
        double seconds = (System.nanoTime() - began[0]) / 1e9;
        Assertions.assertEquals(List.of(), List.copyOf(errors).subList(0, Math.min(3, errors.size())));
        Assertions.assertEquals(DEVICES * BILLS, accepted.get());
        var sorted = done.stream().sorted().toList();
        var answers = took.stream().sorted().toList();
        say(DEVICES + " devices of " + DISTRIBUTORS + " distributors, " + BILLS + " bills of 6 lines each, all at once: the last is answered after " + round(seconds) + " s, half of the devices after "
                + round(sorted.get(sorted.size() / 2)) + " s; " + Math.round(accepted.get() / seconds) + " bills/s = " + round(accepted.get() / seconds / bulk) + " of the bulk path's rate");
        say("no error shown, nothing refused; the server asked to wait " + waits.get() + " times; a hand-in that was taken: p50 " + Math.round(answers.get(answers.size() / 2)) + " ms, p99 "
                + Math.round(answers.get((int) (answers.size() * 0.99))) + " ms");
    }

    /// Bills a second by the bulk path: hand-ins of 500, two at a time.
    private double bulk(Network network, List<Client> clerks, int seconds) throws Exception {
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        long from = System.nanoTime();
        var posted = new AtomicInteger();
        var failed = new ConcurrentLinkedQueue<String>();
        var threads = new ArrayList<Thread>();
        for (int number = 0; number < 2; number++) {
            var random = new Random(from + number);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    var wire = new Wire(port);
                    while (System.nanoTime() < until) {
                        int distributor = random.nextInt(DISTRIBUTORS);
                        var body = new StringBuilder("{\"deviceId\":\"" + newId(random) + "\",\"distributorId\":" + network.distributors.get(distributor).id() + ",\"commands\":[");
                        for (int at = 0; at < BULK; at++) {
                            var id = newId(random);
                            body.append(at == 0 ? "" : ",").append(command(network, id, at + 1, "", bill(network, distributor, id, random)));
                        }
                        var answer = wire.post("/api/v1/sync/commands", clerks.get(distributor), body.append("]}").toString());
                        if (!answer.startsWith("HTTP/1.1 200")) failed.add(answer.substring(0, Math.min(500, answer.length())));
                        else posted.addAndGet(BULK);
                    }
                } catch (IOException cut) {
                    failed.add(cut.toString());
                }
            }));
        }
        for (var thread : threads) thread.join();
        Assertions.assertEquals(List.of(), List.copyOf(failed));
        return posted.get() / ((System.nanoTime() - from) / 1e9);
    }

    private Process serve() throws Exception {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx2g", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), "io.offtake.Offtake", "serve", "--port", Integer.toString(port), "--home", home.toString())
                .redirectErrorStream(true).redirectOutput(Path.of("target/bench-server.log").toFile()).start();
        try (var http = HttpClient.newHttpClient()) {
            for (int tries = 0; tries < 900; tries++) {
                try {
                    if (http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health")).build(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200) return process;
                } catch (IOException notYet) {
                    Thread.sleep(200);
                }
            }
        }
        throw new IllegalStateException("the server did not start, see target/bench-server.log");
    }

    private static double round(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
