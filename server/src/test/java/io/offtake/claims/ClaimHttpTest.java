package io.offtake.claims;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.People;
import io.offtake.claims.ClaimWorld.Oddity;
import io.offtake.governance.Policies;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// A claim over HTTP: refusals say which rule, where, and what would be accepted; each side sees what is its own; decisions are passed on
/// for some days.
@ServerTest
class ClaimHttpTest {
    private static final String PATH = "/api/v1/claims/";
    @LocalServerPort int port;
    @Autowired TenantTransaction transactions;
    @Autowired Claims claims;
    @Autowired People people;
    @Autowired Policies policies;
    @Autowired Clock clock;

    @Test
    @Tag("CLM-02") @Tag("CLM-13") @Tag("CLM-14") @Tag("CLM-17")
    void aDistributorFollowsOneClaimAndARefusalSaysWhatIsAccepted() {
        var network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        var world = new ClaimWorld(network, network.distributor("HTTP"), network.today().minusMonths(1).withDayOfMonth(1));
        world.policy("claim.holdout-percent", "0");
        world.policy("claim.straight-through-limit", "0");
        var scheme = world.scheme("FOUR", "");
        world.bill(scheme, world.distributor.o1(), "S1", 3, 10, "40.00", Oddity.NONE);
        policies.refresh();
        claims.draft(world.distributor.id(), YearMonth.from(world.from));
        var claim = world.claim(scheme);
        var owner = people.of(world.distributor.id(), Role.DO).signIn(port);
        var auditor = people.headOffice(Role.CA).signIn(port);
        var finance = people.headOffice(Role.FIN).signIn(port);

        var draft = owner.get(PATH + claim);
        var raised = owner.send("PUT", PATH + claim + "/lines", Map.of("lines", List.of(Map.of("line", 1, "claimed", "41.00"))), Map.of("If-Match", draft.etag()));
        assertThat(raised.status()).isEqualTo(422);
        assertThat(raised.json().path("code").asString()).isEqualTo("CLAIM_ABOVE_ENTITLEMENT");
        assertThat(raised.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/lines/0/claimed");
        assertThat(raised.json().path("errors").path(0).path("accepted").asString()).isEqualTo("40.00");
        assertThat(owner.post(PATH + claim + "/submission", Map.of()).status()).isEqualTo(428);
        var filed = owner.send("POST", PATH + claim + "/submission", Map.of(), Map.of("If-Match", draft.etag()));
        assertThat(filed.status()).as(filed.toString()).isEqualTo(200);
        assertThat(filed.json().path("status").asString()).isEqualTo("IN_REVIEW");
        assertThat(filed.json().path("clock").path("ownerRole").asString()).isEqualTo("CA");
        // risk is the principal's
        assertThat(filed.json().path("risk").isNull()).isTrue();
        assertThat(auditor.get(PATH + claim).json().path("risk").path("band").asString()).isEqualTo("LOW");
        assertThat(auditor.get("/api/v1/claims?waiting=true&distributorId=" + world.distributor.id()).json().path("items")).hasSize(1);
        assertThat(owner.get("/api/v1/claims?waiting=true").json().path("items")).isEmpty();
        assertThat(auditor.get("/api/v1/claims?colour=red").status()).isEqualTo(400);

        var again = owner.send("POST", PATH + claim + "/submission", Map.of(), Map.of("If-Match", filed.etag()));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.json().path("state").asString()).isEqualTo("IN_REVIEW");
        assertThat(again.json().path("accepted").path(0).asString()).isEqualTo("DRAFT");
        var silent = auditor.send("POST", PATH + claim + "/decision", Map.of("decision", "LINES", "lines", List.of(Map.of("line", 1, "approved", "30.00", "reason", "BECAUSE"))), Map.of("If-Match", filed.etag()));
        assertThat(silent.status()).isEqualTo(422);
        assertThat(silent.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/lines/0/reason");
        var cut = auditor.send("POST", PATH + claim + "/decision", Map.of("decision", "LINES", "lines", List.of(Map.of("line", 1, "approved", "30.00", "reason", "NOT_PROVEN"))), Map.of("If-Match", filed.etag()));
        assertThat(cut.status()).as(cut.toString()).isEqualTo(200);
        var settled = finance.post(PATH + claim + "/settlement", Map.of("id", UUID.randomUUID(), "treatment", "FIN_CN"));
        assertThat(settled.json().path("total").asString()).isEqualTo("30.00");
        var seen = owner.get(PATH + claim).json();
        assertThat(seen.path("status").asString()).isEqualTo("SETTLED");
        assertThat(seen.path("cut").asString()).isEqualTo("10.00");
        assertThat(seen.path("settlements").path(0).path("number").asString()).startsWith("CCN");
        assertThat(owner.get(PATH + claim + "/lines").json().path("items").path(0).path("reason").asString()).isEqualTo("NOT_PROVEN");
        assertThat(owner.get(PATH + "metrics").json().path("items").path(4).path("id").asString()).isEqualTo("KPI-68");
    }

    @Test
    @Tag("CLM-11") @Tag("GOV-01")
    void decisionsArePassedOnForSomeDays() {
        var network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        var world = new ClaimWorld(network, network.distributor("DELEG"), network.today().minusMonths(1).withDayOfMonth(1));
        world.policy("claim.straight-through-limit", "0");
        var scheme = world.scheme("FOUR", "");
        world.bill(scheme, world.distributor.o1(), "S1", 3, 10, "40.00", Oddity.NONE);
        policies.refresh();
        claims.draft(world.distributor.id(), YearMonth.from(world.from));
        var claim = world.claim(scheme);
        claims.submit(ClaimWorld.person(71, world.distributor.id(), Role.DO), claim);
        var auditor = people.headOffice(Role.CA);
        var stand = people.headOffice(Role.ASM);
        var standIn = stand.signIn(port);
        var etag = standIn.get(PATH + claim).etag();
        var decision = Map.of("decision", "APPROVE");
        assertThat(standIn.send("POST", PATH + claim + "/decision", decision, Map.of("If-Match", etag)).status()).isEqualTo(403);
        var today = LocalDate.now(clock);
        var passed = auditor.signIn(port).post("/api/v1/approval-delegations", Map.of("toUser", stand.username(), "kinds", List.of("claims"), "validFrom", today.toString(), "validTo", today.plusDays(3).toString(), "reason", "leave"));
        assertThat(passed.status()).as(passed.toString()).isEqualTo(201);
        assertThat(standIn.get("/api/v1/claims?waiting=true&distributorId=" + world.distributor.id()).json().path("items")).hasSize(1);
        assertThat(standIn.get(PATH + claim).json().path("may").path("decide").asBoolean()).isTrue();
        var decided = standIn.send("POST", PATH + claim + "/decision", decision, Map.of("If-Match", etag));
        assertThat(decided.status()).as(decided.toString()).isEqualTo(200);
        var events = standIn.get(PATH + claim + "/history").json().path("items");
        assertThat(events.path(events.size() - 1).path("onBehalfOf").asString()).isEqualTo(auditor.username());
        // what was passed on does not make two people of one
        assertThat(standIn.send("POST", PATH + claim + "/confirmation", Map.of(), Map.of("If-Match", decided.etag())).status()).isEqualTo(403);
    }
}
