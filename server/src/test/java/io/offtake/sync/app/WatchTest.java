package io.offtake.sync.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.insight.FactsFeed;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.sync.domain.CutOffs;
import io.offtake.sync.domain.OfflinePolicy;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/// Devices that fall silent or get lost, their rescued queues, and documents that come late (OFF-03, OFF-04, OFF-08, OFF-16).
@ServerTest
class WatchTest {
    @Autowired TenantTransaction transactions;
    @Autowired People people;
    @Autowired Clock clock;
    @Autowired DeviceWatch watch;
    @Autowired FactsFeed facts;
    @LocalServerPort int port;
    private Fixture network;
    private Fixture.Distributor d1;
    private Client clerk;
    private Client owner;
    private UUID device;
    private String series;

    @BeforeEach
    void network() {
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        clerk = people.of(d1.id(), Role.BC).signIn(port);
        owner = people.of(d1.id(), Role.DO, Role.BC).signIn(port);
        network.batch(d1, "S1", "A1", "40.00", network.today().plusDays(300), 1_000);
        device = UUID.randomUUID();
        clerk.header("X-Device-Secret", clerk.post("/api/v1/sync/devices", Map.of("id", device, "distributorId", d1.id(), "name", "Till", "kind", "COUNTER", "appVersion", "1", "schemaVersion", 2)).json()
                .path("secret").asString());
        series = clerk.post("/api/v1/sync/devices/" + device + "/leases?distributorId=" + d1.id(), Map.of("documentTypes", List.of("INVOICE"))).json().path("leases").path(0).path("series").asString();
    }

    private Map<String, Object> bill(UUID outlet, long number, LocalDate on) {
        var id = UUID.randomUUID();
        var body = new LinkedHashMap<String, Object>(Map.of("id", id, "distributorId", d1.id(), "principalId", network.principal, "outletId", outlet, "warehouseId", d1.warehouse(), "businessDate", on,
                "saleType", "COUNTER", "paymentMode", "CASH", "lines", List.of(Map.of("line", 1, "skuId", network.skus.get("S1"), "qty", "1"))));
        return Map.of("id", id, "seq", number, "kind", "invoice", "businessDate", on, "number", Map.of("series", series, "number", number), "body", body);
    }

    private Client.Answer hand(String path, List<?> commands) {
        return clerk.post(path, path.endsWith("commands") ? Map.of("deviceId", device, "distributorId", d1.id(), "schemaVersion", 2, "commands", commands) : Map.of("commands", commands));
    }

    private JsonNode send(Object... commands) {
        return hand("/api/v1/sync/commands", List.of(commands)).json().path("answers");
    }

    private void lastSeen(Duration ago) {
        transactions.write(d1.id(), db -> db.sql("update sync.device set last_seen_at = ? where distributor_id = ? and id = ?").params(clock.instant().minus(ago).atOffset(ZoneOffset.UTC), d1.id(), device).update());
    }

    @Test
    @Tag("OFF-08")
    void off16ASilentDeviceRaisesOneAlertPerThresholdAndItsNextCallClearsThem() {
        lastSeen(Duration.ofHours(50));
        watch.silent();
        watch.silent();
        var row = owner.get("/api/v1/sync/devices?silentHours=24&distributorId=" + d1.id()).json().path("items").path(0);
        assertThat(row.path("alert").asInt()).isEqualTo(48);
        assertThat(row.path("silentHours").asInt()).isEqualTo(50);
        assertThat(owner.get("/api/v1/sync/devices/" + device).json().path("alerts").findValuesAsString("hours")).containsExactlyInAnyOrder("24", "48");
        send();
        assertThat(owner.get("/api/v1/sync/devices/" + device).json().path("device").path("alert").isNull()).isTrue();
        assertThat(owner.get("/api/v1/sync/devices?silentHours=24&distributorId=" + d1.id()).json().path("items")).isEmpty();
    }

    @Test
    @Tag("OFF-03") @Tag("BIL-13")
    void off03ALostDevicesNumbersAreVoidAfterSevenDaysAndTheReturnSaysSo() {
        var today = network.today();
        send(bill(d1.o2(), 1, today), bill(d1.o2(), 3, today));
        clerk.post("/api/v1/sync/devices/" + device + "/heartbeat?distributorId=" + d1.id(), Map.of("queueLength", 2, "seriesLeft", Map.of("INVOICE", 495)));
        owner.post("/api/v1/sync/devices/" + device + "/revoke", Map.of("reason", "stolen"));
        watch.lost();
        assertThat(owner.get("/api/v1/sync/devices/" + device).json().path("gaps").findValuesAsString("why")).as("there is a week to find it").containsExactly("NOT_ARRIVED");
        transactions.write(d1.id(), db -> db.sql("update sync.lease set void_after = ? where distributor_id = ?").params(today.minusDays(2), d1.id()).update());
        assertThat(watch.lost()).isEqualTo(3);
        assertThat(watch.lost()).isZero();
        assertThat(owner.get("/api/v1/sync/devices/" + device).json().path("gaps").findValuesAsString("to")).containsExactly("2", "5");
        var fates = transactions.<List<String>>write(d1.id(), db -> db.sql("select number || ' ' || fate from platform.number_register where distributor_id = ? and series = ? order by number").params(d1.id(), series).query(String.class).list());
        assertThat(fates).containsExactly("1 POSTED", "2 VOID", "3 POSTED", "4 VOID", "5 VOID");
    }

    @Test
    @Tag("OFF-05")
    void off16TheQueueOfALockedDeviceIsRescuedByAManager() {
        owner.post("/api/v1/sync/devices/" + device + "/lock", Map.of("reason", "left in a cab"));
        var queue = List.of(bill(d1.o2(), 1, network.today()), bill(d1.o2(), 2, network.today()));
        var path = "/api/v1/sync/devices/" + device + "/rescues?distributorId=" + d1.id();
        var held = hand(path, queue);
        assertThat(held.status()).as(held.text()).isEqualTo(201);
        var id = held.json().path("rescue").path("id").asString();
        assertThat(hand(path, queue).json().path("rescue").path("id").asString()).isEqualTo(id);
        assertThat(clerk.post("/api/v1/sync/rescues/" + id + "/accept", Map.of("reason", "mine")).status()).isEqualTo(403);
        var taken = owner.post("/api/v1/sync/rescues/" + id + "/accept", Map.of("reason", "phone found"));
        assertThat(taken.json().path("answers").findValuesAsString("outcome")).as(taken.text()).containsExactly("ACCEPTED", "ACCEPTED");
        assertThat(taken.json().path("rescue").path("state").asString()).isEqualTo("ACCEPTED");
        assertThat(owner.post("/api/v1/sync/rescues/" + id + "/accept", Map.of("reason", "phone found")).json().path("answers").findValuesAsString("replayed")).containsOnly("true");
        assertThat(owner.post("/api/v1/sync/rescues/" + id + "/discard", Map.of("reason", "no")).code()).isEqualTo("ILLEGAL_STATE");
    }

    @Test
    @Tag("BIL-13")
    void off04WhereAnIrnIsNeededNoLegalNumberIsGivenWithoutThePortal() {
        transactions.write(d1.id(), db -> {
            db.sql("insert into tax.fiscal_year (distributor_id, year, turnover, recorded_at, recorded_by) values (?, 2025, 900000000, now(), 'test')").param(d1.id()).update();
            return db.sql("insert into tax.registration (distributor_id, e_invoice_from, recorded_at, recorded_by) values (?, ?, now(), 'test')").params(d1.id(), network.today().minusDays(100)).update();
        });
        var answers = send(bill(d1.o1(), 1, network.today()), bill(d1.o2(), 1, network.today()));
        assertThat(answers.path(0).path("problem").path("code").asString()).as(answers.toString()).isEqualTo("OFFLINE_ISSUE");
        assertThat(answers.path(1).path("outcome").asString()).as("a consumer's bill").isEqualTo("ACCEPTED");
    }

    @Test
    @Tag("OFF-07")
    void off08LateDocumentsAreMarkedByTheClosesOfTheirMonth() {
        var policy = new OfflinePolicy(3, 24, 72, 7, 50, 3, 60, 7, 45, 5, 80, 95, 10, 24, 72, 100, 8, 2, 20, 5);
        var on = LocalDate.of(2026, 10, 31);
        assertThat(CutOffs.late(on, LocalDateTime.of(2026, 11, 2, 19, 59), policy)).isNull();
        assertThat(CutOffs.late(on, LocalDateTime.of(2026, 11, 2, 20, 0), policy)).isEqualTo("LATE");
        assertThat(CutOffs.late(on, LocalDateTime.of(2026, 11, 5, 23, 59), policy)).isEqualTo("LATE");
        assertThat(CutOffs.late(on, LocalDateTime.of(2026, 11, 6, 0, 0), policy)).isEqualTo("PRIOR_PERIOD");
        assertThat(CutOffs.late(LocalDate.of(2026, 11, 30), LocalDateTime.of(2026, 11, 30, 23, 0), policy)).isNull();
        var old = network.today().withDayOfMonth(1).minusMonths(2);
        if (old.isBefore(LocalDate.of(network.today().getMonthValue() >= 4 ? network.today().getYear() : network.today().getYear() - 1, 4, 1))) return;
        var answer = send(bill(d1.o2(), 1, old)).path(0);
        assertThat(answer.path("late").asString()).as(answer.toString()).isEqualTo("PRIOR_PERIOD");
        assertThat(answer.path("document").path("businessDate").asString()).isEqualTo(old.toString());
        var outcome = owner.get("/api/v1/sync/outcomes?late=PRIOR_PERIOD&distributorId=" + d1.id()).json().path("items").path(0);
        assertThat(outcome.path("postingDate").asString()).isEqualTo(network.today().toString());
        // the document itself finds its mark
        var ofDocument = owner.get("/api/v1/sync/outcomes?distributorId=" + d1.id() + "&documentId=" + answer.path("document").path("id").asString()).json().path("items");
        assertThat(ofDocument).hasSize(1);
        assertThat(ofDocument.path(0).path("late").asString()).isEqualTo("PRIOR_PERIOD");
        assertThat(owner.get("/api/v1/sync/tasks?kind=LATE_DOCUMENT").json().path("items")).hasSize(1);
        // figures keep the business date and say how much of them is of a prior period; made again from the feed they say the same
        facts.drain();
        for (int times = 0; times < 2; times++) {
            var figure = owner.post("/api/v1/insight/query", Map.of("metrics", List.of("nsv", "prior-period"), "dimensions", List.of("month"), "window", Map.of("kind", "RANGE", "from", old.withDayOfMonth(1).toString(), "to", network.today().toString())));
            assertThat(figure.status()).as(figure.text()).isEqualTo(200);
            for (var metric : List.of("nsv", "prior-period")) assertThat(figure.json().path("totals").path(metric).path("value").asString()).as(metric).isEqualTo("34.63");
            facts.rebuild(d1.id(), _ -> {});
        }
        var counted = transactions.<LocalDate>write(d1.id(), db -> db.sql("select posted_on from insight.sales_document where distributor_id = ? and business_date = ?").params(d1.id(), old).query(LocalDate.class).single());
        assertThat(counted).isEqualTo(network.today());
    }

    @Test
    @Tag("OFF-10") @Tag("race")
    void lessons37WhoFindsNoRoomIsToldWhenToComeBackAndNothingIsTaken() throws Exception {
        var full = new HandIns(null, null, 1, Duration.ofMillis(50));
        var inside = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> full.inTurn(UUID.randomUUID(), false, () -> {
                inside.countDown();
                try {
                    done.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                return BigDecimal.ZERO;
            }));
            inside.await();
            Problem problem = null;
            try {
                full.inTurn(UUID.randomUUID(), false, () -> BigDecimal.ONE);
            } catch (ProblemException busy) {
                problem = busy.problem();
            }
            assertThat(problem).isNotNull();
            assertThat(problem.code()).isEqualTo(ProblemCode.SYNC_BUSY);
            assertThat(problem.response().getHeaders().getFirst("Retry-After")).isNotBlank();
            assertThat(problem.more()).containsEntry("batch", 50);
            assertThat(full.<BigDecimal>inTurn(UUID.randomUUID(), true, () -> BigDecimal.TEN)).as("who hands nothing in is never turned away").isEqualTo(BigDecimal.TEN);
            done.countDown();
        }
    }
}
