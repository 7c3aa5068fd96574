package io.offtake.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.access.testing.World;
import io.offtake.claims.ClaimWorld.Oddity;
import io.offtake.governance.Policies;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/// OFF-01: what a distributor does with its claims is queued without network; every step is a command, decided once, and a repeat of one is harmless (OFF-06).
@ServerTest
class ClaimCommandsTest {
    private static final byte[] PAPER = "%PDF-1.4\n%%EOF\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    @LocalServerPort int port;
    @Autowired People people;
    @Autowired TenantTransaction transactions;
    @Autowired Claims claims;
    @Autowired Policies policies;
    @Autowired Clock clock;

    private final UUID device = UUID.randomUUID();
    private World world;
    private ClaimWorld bills;
    private Client owner;
    private long scheme;

    @BeforeEach
    void aDistributorWithADraft() {
        world = new World(new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata")))), people, port);
        bills = new ClaimWorld(world.network, world.owner, world.network.today().minusMonths(1).withDayOfMonth(1));
        bills.policy("claim.holdout-percent", "0");
        bills.policy("claim.straight-through-limit", "0");
        scheme = bills.scheme("FOUR", "");
        bills.bill(scheme, world.owner.o1(), "S1", 3, 10, "40.00", Oddity.NONE);
        policies.refresh();
        claims.draft(world.owner.id(), YearMonth.from(bills.from));
        owner = world.owner(Role.DO);
    }

    @Test
    @Tag("CLM-02") @Tag("CLM-13") @Tag("OFF-06") @Tag("OFF-02")
    void everyStepOfAClaimArrivesFromTheQueueOnce() {
        var claim = bills.claim(scheme);
        var hash = owner.send("POST", "/api/v1/evidence?distributorId=" + world.owner.id(), PAPER, Map.of("Content-Type", "application/pdf")).json().path("hash").asString();
        var paper = command("claim-evidence", Map.of("claimId", claim, "kind", "INVOICE_COPY", "hash", hash, "name", "bill.pdf"));
        var filing = command("claim-submission", Map.of("claimId", claim, "claimed", "40.00"));
        filing.put("waitsFor", List.of(paper.get("id")));
        assertThat(send(device, filing).path("outcome").asString()).isEqualTo("WAITS");
        var both = sendAll(device, paper, filing);
        assertThat(both.path(0).path("outcome").asString()).as(both.toString()).isEqualTo("ACCEPTED");
        assertThat(both.path(0).path("document").path("evidence").path(0).path("hash").asString()).isEqualTo(hash);
        assertThat(both.path(1).path("outcome").asString()).as(both.toString()).isEqualTo("ACCEPTED");
        assertThat(both.path(1).path("document").path("status").asString()).isEqualTo("IN_REVIEW");
        assertThat(both.path(1).path("document").path("may").path("submit").asBoolean()).isFalse();

        // a copy of it gives the same answer, from a device whose outcomes were never recorded as well, and the books have it once
        for (var from : List.of(device, UUID.randomUUID())) {
            var again = send(from, filing);
            assertThat(again.path("outcome").asString()).as(again.toString()).isEqualTo("ACCEPTED");
            assertThat(again.path("replayed").asBoolean()).isTrue();
            assertThat(again.path("document").path("status").asString()).isEqualTo("IN_REVIEW");
        }
        assertThat(filed(claim)).isOne();
        // the same id with another content is kept for a manager and changes nothing
        var other = new LinkedHashMap<>(filing);
        other.put("body", Map.of("claimId", claim, "claimed", "40.00", "note", "another"));
        assertThat(send(device, other).path("outcome").asString()).isEqualTo("QUARANTINED");
        assertThat(send(UUID.randomUUID(), other).path("outcome").asString()).isEqualTo("QUARANTINED");

        // a question is answered, a cut is disputed, what the dispute leaves is appealed: each from the queue
        claims.query(ClaimWorld.person(900072, world.owner.id(), Role.CA), claim, "Which van?");
        assertThat(accepted(command("claim-reply", Map.of("claimId", claim, "text", "MH 12")))).isEqualTo("IN_REVIEW");
        claims.decide(ClaimWorld.person(900072, world.owner.id(), Role.CA), claim, "REJECT", "NOT_PROVEN", List.of());
        assertThat(accepted(command("claim-dispute", Map.of("claimId", claim, "text", "It was sold", "lines", List.of(Map.of("line", 1, "note", "It was sold")))))).isEqualTo("DISPUTED");
        claims.decide(ClaimWorld.person(900074, world.owner.id(), Role.CA), claim, "REJECT", "NOT_PROVEN", List.of());
        assertThat(accepted(command("claim-appeal", Map.of("claimId", claim, "text", "Ask the shop")))).isEqualTo("APPEALED");
    }

    @Test
    @Tag("CLM-02") @Tag("CLM-14") @Tag("OFF-06")
    void aRefusedStepNamesTheWayOutAndIsTakenWhenItIsMended() {
        var claim = bills.claim(scheme);
        // somebody saw another amount
        var filing = command("claim-submission", Map.of("claimId", claim, "claimed", "39.00"));
        var stale = send(device, filing);
        assertThat(stale.path("outcome").asString()).isEqualTo("REFUSED");
        assertThat(stale.path("problem").path("code").asString()).isEqualTo("STALE");
        assertThat(stale.path("problem").path("errors").path(0).path("pointer").asString()).isEqualTo("/body/claimed");
        assertThat(stale.path("problem").path("errors").path(0).path("accepted").asString()).isEqualTo("40.00");
        // a payout is proven by a paper whose bytes have not arrived
        var hash = "5f".repeat(32);
        assertThat(send(device, command("claim-evidence", Map.of("claimId", claim, "kind", "PAYOUT_PROOF", "hash", hash, "name", "proof.jpg"))).path("outcome").asString()).isEqualTo("ACCEPTED");
        filing.put("body", Map.of("claimId", claim, "claimed", "40.00"));
        filing.put("attempt", 2);
        var unproven = send(device, filing);
        assertThat(unproven.path("problem").path("code").asString()).isEqualTo("CLAIM_EVIDENCE_MISSING");
        assertThat(unproven.path("problem").path("rule").asString()).isEqualTo("CL-16");
        assertThat(unproven.path("problem").path("missing").path(0).asString()).isEqualTo("PAYOUT_PROOF");
        // nothing to answer, and a body that says what would be read
        var early = send(device, command("claim-reply", Map.of("claimId", claim, "text", "what?")));
        assertThat(early.path("problem").path("code").asString()).isEqualTo("ILLEGAL_STATE");
        assertThat(early.path("problem").path("accepted").path(0).asString()).isEqualTo("QUERY");
        var silent = send(device, command("claim-withdrawal", Map.of("claimId", claim, "reason", " ")));
        assertThat(silent.path("problem").path("errors").path(0).path("pointer").asString()).isEqualTo("/body/reason");
        // the paper arrives, and the same command under its next attempt is taken
        var stored = owner.send("POST", "/api/v1/evidence?distributorId=" + world.owner.id(), PAPER, Map.of("Content-Type", "application/pdf")).json().path("hash").asString();
        assertThat(send(device, command("claim-evidence", Map.of("claimId", claim, "kind", "PAYOUT_PROOF", "hash", stored, "name", "proof.pdf"))).path("outcome").asString()).isEqualTo("ACCEPTED");
        filing.put("attempt", 3);
        assertThat(send(device, filing).path("outcome").asString()).isEqualTo("ACCEPTED");
        assertThat(filed(claim)).isOne();
    }

    @Test
    @Tag("CLM-02") @Tag("GOV-15")
    void aClaimOfAnotherDistributorIsNotThere() {
        var claim = bills.claim(scheme);
        for (var kind : List.of("claim-submission", "claim-withdrawal")) {
            var body = kind.equals("claim-withdrawal") ? Map.<String, Object>of("claimId", claim, "reason", "not mine") : Map.<String, Object>of("claimId", claim);
            var answer = world.stranger(Role.DO).post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", world.stranger.id(), "commands", List.of(command(kind, body)))).json().path("answers").path(0);
            assertThat(answer.path("problem").path("code").asString()).as(answer.toString()).isEqualTo("NOT_FOUND");
        }
        // somebody of the network, in whose scope the claim is, does not take it through another's queue
        var head = world.headOffice(Role.DO).post("/api/v1/sync/commands", Map.of("deviceId", UUID.randomUUID(), "distributorId", world.stranger.id(), "commands", List.of(command("claim-submission", Map.of("claimId", claim))))).json().path("answers").path(0);
        assertThat(head.path("problem").path("code").asString()).as(head.toString()).isEqualTo("NOT_FOUND");
        // who may not file is refused in the queue as at the desk
        var clerk = world.owner(Role.GK).post("/api/v1/sync/commands", Map.of("deviceId", device, "distributorId", world.owner.id(), "commands", List.of(command("claim-submission", Map.of("claimId", claim))))).json().path("answers").path(0);
        assertThat(clerk.path("problem").path("code").asString()).as(clerk.toString()).isEqualTo("FORBIDDEN");
        assertThat(bills.text(claim, "status")).isEqualTo("DRAFT");
    }

    private int filed(UUID claim) {
        return transactions.<Integer>write(world.owner.id(), db -> db.sql("select count(*)::int from claims.claim_event where distributor_id = ? and claim_id = ? and action = 'SUBMITTED'").params(world.owner.id(), claim).query(Integer.class).single());
    }

    private String accepted(Map<String, Object> command) {
        var answer = send(device, command);
        assertThat(answer.path("outcome").asString()).as(answer.toString()).isEqualTo("ACCEPTED");
        return answer.path("document").path("status").asString();
    }

    private Map<String, Object> command(String kind, Map<String, Object> body) {
        return new LinkedHashMap<>(Map.of("id", UUID.randomUUID(), "seq", 1, "kind", kind, "businessDate", world.network.today().toString(), "body", body));
    }

    private JsonNode send(UUID from, Map<String, Object> command) {
        return sendAll(from, command).path(0);
    }

    @SafeVarargs
    private JsonNode sendAll(UUID from, Map<String, Object>... commands) {
        var answer = owner.post("/api/v1/sync/commands", Map.of("deviceId", from, "distributorId", world.owner.id(), "commands", List.of(commands)));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.json().path("answers");
    }
}
