package io.offtake.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.access.Caller;
import io.offtake.access.Permission;
import io.offtake.access.Role;
import io.offtake.access.Users;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.billing.Billing;
import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome;
import io.offtake.governance.testing.Changes;
import io.offtake.platform.Actor;
import io.offtake.platform.Ids;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.CommandJson;
import io.offtake.rules.DecideCommand.PaymentMode;
import io.offtake.rules.DecideCommand.SaleType;
import io.offtake.rules.DecisionJson;
import io.offtake.rules.Refusal;
import io.offtake.rules.RuleBook;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.dao.DataIntegrityViolationException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whatever decides money changes by change request only (DESIGN section 10, domain 12.4).
@ServerTest
class ChangeRequestsTest {
    private static final String PATH = "/api/v1/change-requests/";
    private static final Actor CLERK = new Actor(1, "clerk");
    private static Fixture network;
    private static Fixture.Distributor d1;
    private static Fixture.Distributor d3;
    private static People.Person salesPerson;
    private static People.Person financePerson;
    private static Client sales;
    private static Client finance;
    private static Client other;

    private static final Map<Role, Client> CLIENTS = new HashMap<>();

    @LocalServerPort
    int port;
    @Autowired
    People people;
    @Autowired
    TenantTransaction transactions;
    @Autowired
    Clock clock;
    @Autowired
    RuleBookSource books;
    @Autowired
    Billing billing;
    @Autowired
    Policies policies;
    @Autowired
    io.offtake.platform.testing.TestDatabase database;
    @Autowired
    JsonMapper json;

    @BeforeEach
    void world() {
        if (network != null) return;
        network = new Fixture(transactions, LocalDate.now(clock.withZone(ZoneId.of("Asia/Kolkata"))));
        d1 = network.distributor("D1");
        d3 = network.distributor("D3");
        salesPerson = people.headOffice(Role.SO);
        financePerson = people.headOffice(Role.FIN);
        sales = salesPerson.signIn(port);
        finance = financePerson.signIn(port);
        other = people.headOffice(Role.FIN).signIn(port);
    }

    /// Head office in one role; signing in costs a second by design, so it is done once.
    private Client as(Role role) {
        return CLIENTS.computeIfAbsent(role, _ -> people.headOffice(role).signIn(port));
    }

    private LocalDate today() {
        return LocalDate.now(clock);
    }

    private Map<String, Object> scheme(String code, String percent, int startsIn, int days, String... skus) {
        return new HashMap<>(Map.of("code", code + "-" + network.tag, "name", code, "principal", "P-" + network.tag, "mechanic", Map.of("type", "DISCOUNT", "reward", Map.of("percent", percent)),
                "products", Map.of("skuIds", List.of(skus)), "principalShare", "0.6", "validFrom", today().plusDays(startsIn).toString(), "validTo", today().plusDays(startsIn + days).toString()));
    }

    private Client.Answer proposed(Client maker, String kind, Object content) {
        return maker.post("/api/v1/change-requests", Map.of("kind", kind, "content", content));
    }

    private static JsonNode ok(Client.Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 202);
        return answer.json();
    }

    private static void refused(Client.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.code()).as(answer.toString()).isEqualTo(code);
    }

    private static List<String> codes(JsonNode detail) {
        var codes = new ArrayList<String>();
        detail.path("findings").forEach(found -> codes.add(found.path("code").asString()));
        return codes;
    }

    // ---- maker and checker

    @Test
    @Tag("GOV-01") @Tag("GOV-03") @Tag("GOV-07") @Tag("GOV-17") @Tag("SCH-14") @Tag("SCH-15")
    void whoMakesAChangeNeverApprovesItAndNothingIsInForceBefore() {
        var opened = sales.post("/api/v1/schemes", scheme("OWN", "0.05", 0, 30, "S1"));
        assertThat(opened.status()).as(opened.toString()).isEqualTo(202);
        assertThat(opened.header("Location")).isEqualTo(PATH + opened.json().path("id").asString());
        assertThat(books.current(d1.id()).book().schemes()).noneMatch(scheme -> scheme.code().equals("OWN-" + network.tag));
        var draft = opened.json();
        assertThat(draft.path("status").asString()).isEqualTo("DRAFT");
        refused(sales.send("POST", PATH + draft.path("id").asString() + "/submission", Map.of("reason", "push", "acknowledged", List.of()), Map.of("If-Match", opened.etag())), 409, "CHECKS_FAILED");
        refused(sales.send("POST", PATH + draft.path("id").asString() + "/submission", Map.of(), Map.of("If-Match", opened.etag())), 422, "INVALID");
        var submitted = Changes.submitted(sales, opened);
        refused(sales.post(PATH + draft.path("id").asString() + "/approval", Map.of("contentHash", submitted.path("contentHash").asString(), "reason", "me")), 409, "SAME_PERSON");
        refused(as(Role.RSM).post(PATH + draft.path("id").asString() + "/approval", Map.of("contentHash", submitted.path("contentHash").asString(), "reason", "me")), 403, "FORBIDDEN");
        refused(finance.post(PATH + draft.path("id").asString() + "/approval", Map.of("contentHash", submitted.path("contentHash").asString())), 422, "INVALID");
        var mine = ok(sales.get(PATH + draft.path("id").asString()));
        assertThat(mine.path("may").path("approve").asBoolean()).isFalse();
        assertThat(mine.path("may").path("whyNot").asString()).contains("SOD-1");
        assertThat(ok(finance.get("/api/v1/change-requests?waiting=me&q=OWN-" + network.tag)).path("items")).hasSize(1);
        assertThat(ok(sales.get("/api/v1/change-requests?waiting=me&q=OWN-" + network.tag)).path("items")).isEmpty();
        var approved = ok(Changes.approve(finance, submitted));
        assertThat(approved.path("status").asString()).isEqualTo("IN_FORCE");
        assertThat(approved.path("live").asString()).isEqualTo("LIVE");
        assertThat(books.current(d1.id()).book().schemes()).anyMatch(scheme -> scheme.code().equals("OWN-" + network.tag));
        assertThat(ok(sales.get(PATH + draft.path("id").asString() + "/history")).path("items").findValues("action").stream().map(JsonNode::asString).toList())
                .containsExactly("CREATED", "SUBMITTED", "IN_FORCE", "APPROVED");
        // the acknowledged warning was let through: it stands in the override log with the approver's reason
        assertThat(ok(finance.get("/api/v1/overrides?changeRequestId=" + draft.path("id").asString())).path("items").findValues("rule").stream().map(JsonNode::asString).toList()).contains("NOT_SIMULATED");
        // the audit chain of the network tells every step
        var told = transactions.read(RowScope.of(AuditTrail.NETWORK), db -> db.sql("select action from governance.audit_entry where distributor_id = 0 and document_id = :id order by seq")
                .param("id", UUID.fromString(draft.path("id").asString())).query(String.class).list());
        assertThat(told).containsExactly("CHANGE_CREATED", "CHANGE_SUBMITTED", "CHANGE_APPROVED");
    }

    @Test
    @Tag("GOV-01")
    void theDatabaseItselfRefusesAMakerWhoApprovesAndAnApprovalOfAnotherContent() {
        var submitted = Changes.submitted(sales, proposed(sales, "schemes", scheme("WALL", "0.05", 1, 30, "S1")));
        var id = UUID.fromString(submitted.path("id").asString());
        var force = "update governance.change_request set status = 'IN_FORCE', decided_by = :by, decided_name = 'x', decided_at = now(), approved_hash = :hash where id = :id";
        assertThatThrownBy(() -> transactions.shared(db -> db.sql(force).param("by", salesPerson.id()).param("hash", submitted.path("contentHash").asString()).param("id", id).update()))
                .isInstanceOf(DataIntegrityViolationException.class).hasMessageContaining("change_request_maker_is_not_checker");
        assertThatThrownBy(() -> transactions.shared(db -> db.sql(force).param("by", financePerson.id()).param("hash", "another").param("id", id).update()))
                .isInstanceOf(DataIntegrityViolationException.class).hasMessageContaining("change_request_hash");
    }

    @Test
    @Tag("GOV-01") @Tag("GOV-03")
    void anApprovalIsForTheContentThatWasRead() {
        var opened = proposed(sales, "schemes", scheme("HASH", "0.05", 1, 30, "S1"));
        var submitted = Changes.submitted(sales, opened);
        var id = submitted.path("id").asString();
        var edited = sales.put(PATH + id, Map.of("content", scheme("HASH", "0.25", 1, 30, "S1")), "\"" + submitted.path("revision").asInt() + "\"");
        assertThat(ok(edited).path("status").asString()).as("an edit makes the submission void").isEqualTo("DRAFT");
        refused(Changes.approve(finance, submitted), 409, "ILLEGAL_STATE");
        var again = Changes.submitted(sales, edited);
        refused(Changes.approve(finance, submitted), 409, "CONTENT_CHANGED");
        assertThat(again.path("contentHash").asString()).isNotEqualTo(submitted.path("contentHash").asString());
        assertThat(ok(Changes.approve(finance, again)).path("status").asString()).isEqualTo("IN_FORCE");
        // an editor is a maker, too
        var second = proposed(sales, "schemes", scheme("HASH2", "0.05", 1, 30, "S1"));
        var coe = people.headOffice(Role.COE, Role.SO).signIn(port);
        var byBoth = Changes.submitted(coe, coe.put(PATH + second.json().path("id").asString(), Map.of("content", scheme("HASH2", "0.06", 1, 30, "S1")), second.etag()));
        assertThat(byBoth.path("createdBy").asString()).isNotEqualTo(byBoth.path("changedBy").asString());
        refused(Changes.approve(sales, byBoth), 409, "SAME_PERSON");
    }

    @Test
    @Tag("GOV-03")
    void anApprovalIsVoidWhenTheVersionInForceHasMovedOn() {
        var first = Changes.inForce(sales, finance, sales.post("/api/v1/schemes", scheme("MOVED", "0.05", 0, 60, "S1")));
        var path = "/api/v1/schemes/" + first.json().path("id").asString();
        var one = Changes.submitted(sales, sales.put(path, scheme("MOVED", "0.06", 5, 60, "S1"), first.etag()));
        var two = sales.put(path, scheme("MOVED", "0.07", 4, 60, "S1"), first.etag());
        Changes.approved(sales, finance, two);
        refused(Changes.approve(finance, one), 409, "CONTENT_CHANGED");
        var voided = ok(sales.get(PATH + one.path("id").asString()));
        assertThat(voided.path("status").asString()).isEqualTo("DRAFT");
        assertThat(voided.path("items").path(0).path("baseVersion").asInt()).isEqualTo(2);
    }

    @Test
    @Tag("GOV-01")
    void ofTwoWhoApproveAtOnceOneDecides() throws Exception {
        for (int round = 0; round < 3; round++) {
            var submitted = Changes.submitted(sales, proposed(sales, "schemes", scheme("RACE" + round, "0.05", 1, 30, "S1")));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var answers = new ArrayList<Integer>();
                for (var answer : threads.invokeAll(List.<Callable<Client.Answer>>of(() -> Changes.approve(finance, submitted), () -> Changes.approve(other, submitted)))) answers.add(answer.get().status());
                assertThat(answers).containsExactlyInAnyOrder(200, 409);
            }
            var code = "RACE" + round + "-" + network.tag;
            assertThat(ok(sales.get("/api/v1/schemes?q=" + code)).path("items")).hasSize(1);
            int versions = transactions.shared(db -> db.sql("select count(*) from schemes.scheme_version v join schemes.scheme s on s.id = v.scheme_id where s.code = :code").param("code", code).query(Integer.class).single());
            assertThat(versions).isEqualTo(1);
        }
    }

    @Test
    @Tag("GOV-17")
    void aRefusalOrWithdrawalHasAReasonAndChangesNothing() {
        var submitted = Changes.submitted(sales, proposed(sales, "schemes", scheme("NO", "0.05", 1, 30, "S1")));
        var id = submitted.path("id").asString();
        refused(finance.post(PATH + id + "/rejection", Map.of()), 422, "INVALID");
        ok(finance.post(PATH + id + "/comments", Map.of("text", "Why so much?")));
        assertThat(ok(finance.post(PATH + id + "/rejection", Map.of("reason", "too dear"))).path("status").asString()).isEqualTo("REJECTED");
        refused(Changes.approve(other, submitted), 409, "ILLEGAL_STATE");
        refused(sales.put(PATH + id, Map.of("content", scheme("NO", "0.04", 1, 30, "S1")), "\"99\""), 412, "STALE");
        var second = proposed(sales, "schemes", scheme("NO2", "0.05", 1, 30, "S1")).json().path("id").asString();
        assertThat(ok(sales.post(PATH + second + "/withdrawal", Map.of("reason", "not needed"))).path("status").asString()).isEqualTo("WITHDRAWN");
        assertThat(ok(sales.get("/api/v1/schemes?q=NO-" + network.tag)).path("items")).isEmpty();
    }

    /// Domain 12.2: who proposes (C, U) and who approves (A), kind by kind.
    private static final Map<String, List<Set<Role>>> MATRIX = Map.ofEntries(
            Map.entry("schemes", List.of(Set.of(Role.SO, Role.COE), Set.of(Role.FIN))), Map.entry("price-lists", List.of(Set.of(Role.SO, Role.COE), Set.of(Role.FIN))),
            Map.entry("contract-prices", List.of(Set.of(Role.SO, Role.COE), Set.of(Role.FIN))), Map.entry("tax-rates", List.of(Set.of(Role.COE), Set.of(Role.FIN))),
            Map.entry("rounding-policies", List.of(Set.of(Role.COE), Set.of(Role.FIN))), Map.entry("number-series", List.of(Set.of(Role.COE), Set.of(Role.FIN))),
            Map.entry("credit-terms", List.of(Set.of(Role.FIN, Role.RSM, Role.ASM), Set.of(Role.FIN))), Map.entry("policies", List.of(Set.of(Role.COE), Set.of(Role.FIN))),
            Map.entry("thresholds", List.of(Set.of(Role.COE), Set.of(Role.FIN))), Map.entry("undertakings", List.of(Set.of(Role.FIN, Role.COE, Role.DO), Set.of(Role.FIN))),
            Map.entry("must-sell", List.of(Set.of(Role.SO, Role.COE), Set.of(Role.FIN))),
            Map.entry("templates", List.of(Set.of(Role.COE), Set.of(Role.FIN))), Map.entry("alert-rules", List.of(Set.of(Role.COE), Set.of(Role.FIN))),
            Map.entry("score-models", List.of(Set.of(Role.COE), Set.of(Role.FIN))));

    @Autowired
    ChangeRequests changes;

    @TestFactory
    @Tag("GOV-05") @Tag("GOV-08")
    Stream<DynamicTest> theRoleMatrixOfTheDomainHoldsForEveryKindAndRole() {
        assertThat(changes.duties(caller(Role.FIN)).stream().map(ChangeRequests.Duties::kind)).containsExactlyInAnyOrderElementsOf(MATRIX.keySet());
        return MATRIX.entrySet().stream().flatMap(kind -> Stream.of(Role.values()).map(role -> DynamicTest.dynamicTest(kind.getKey() + " " + role, () -> {
            var duty = changes.duties(caller(role)).stream().filter(one -> one.kind().equals(kind.getKey())).findFirst().orElseThrow();
            assertThat(duty.mayPropose()).isEqualTo(kind.getValue().getFirst().contains(role));
            assertThat(duty.mayApprove()).isEqualTo(kind.getValue().getLast().contains(role));
        })));
    }

    private static Caller caller(Role role) {
        return new Caller(-1, "nobody", "Nobody", Set.of(role), new RowScope(Set.of(), null), "en");
    }

    @Test
    @Tag("GOV-01") @Tag("GOV-08")
    void aDelegateDecidesInItsDaysButNeverForTheMaker() {
        var deputy = people.headOffice(Role.RSM);
        var deputyClient = deputy.signIn(port);
        var submitted = Changes.submitted(sales, proposed(sales, "schemes", scheme("DEPUTY", "0.05", 1, 30, "S1")));
        refused(Changes.approve(deputyClient, submitted), 403, "FORBIDDEN");
        refused(finance.post("/api/v1/approval-delegations", Map.of("toUser", deputy.username(), "validFrom", today().minusDays(3).toString(), "validTo", today().toString(), "reason", "leave")), 422, "INVALID");
        refused(deputyClient.post("/api/v1/approval-delegations", Map.of("toUser", salesPerson.username(), "validFrom", today().toString(), "validTo", today().toString(), "reason", "leave")), 403, "FORBIDDEN");
        var later = ok(finance.post("/api/v1/approval-delegations", Map.of("toUser", deputy.username(), "validFrom", today().plusDays(2).toString(), "validTo", today().plusDays(3).toString(), "reason", "leave")));
        refused(Changes.approve(deputyClient, submitted), 403, "FORBIDDEN");
        var now = ok(finance.post("/api/v1/approval-delegations", Map.of("toUser", deputy.username(), "kinds", List.of("schemes"), "validFrom", today().toString(), "validTo", today().plusDays(1).toString(), "reason", "leave")));
        var approved = ok(Changes.approve(deputyClient, submitted));
        assertThat(approved.path("decidedBy").asString()).isEqualTo(deputy.username());
        assertThat(approved.path("onBehalfOf").asString()).isEqualTo(financePerson.username());
        var limits = Changes.submitted(finance, finance.put("/api/v1/credit-terms/" + terms(1), credit("O2", "70000"), etag(finance, "/api/v1/credit-terms/" + terms(1))));
        refused(Changes.approve(deputyClient, limits), 403, "FORBIDDEN");
        ok(finance.post("/api/v1/approval-delegations/" + now.path("id").asString() + "/revocation", null));
        ok(finance.post("/api/v1/approval-delegations/" + later.path("id").asString() + "/revocation", null));
        var another = Changes.submitted(sales, proposed(sales, "schemes", scheme("DEPUTY2", "0.05", 1, 30, "S1")));
        refused(Changes.approve(deputyClient, another), 403, "FORBIDDEN");
        assertThat(ok(finance.post(PATH + limits.path("id").asString() + "/withdrawal", Map.of("reason", "done"))).path("status").asString()).isEqualTo("WITHDRAWN");
    }

    private String terms(int at) {
        return ok(finance.get("/api/v1/credit-terms?distributorId=" + d1.id())).path("items").path(at).path("id").asString();
    }

    private Map<String, Object> credit(String outlet, String limit) {
        return Map.of("outlet", outlet, "principal", "P-" + network.tag, "creditLimit", limit, "creditDays", 14);
    }

    private static String etag(Client client, String path) {
        return client.get(path).etag();
    }

    private ChangeDesk desk(TenantTransaction transactions, MasterStore store, ChangeKinds kinds, ObjectProvider<ChangeChecks> checks, ObjectProvider<Templates> templates, ChangeSimulations simulations,
                            AuditChain chain, Users users, Ids ids, Clock clock) {
        return new ChangeDesk(transactions, store, kinds, new ChangeSight(transactions, kinds, users, clock), new ChangeExaminer(store, kinds, checks, templates, json, clock), simulations, policies, chain, json, ids, clock);
    }

    // ---- in force from a date, superseded, never edited

    @Test
    @Tag("GOV-03") @Tag("GOV-01")
    void whatHasNoDaysOfItsOwnWaitsForItsDay(@Autowired MasterStore store, @Autowired ChangeKinds kinds, @Autowired ObjectProvider<ChangeChecks> checks, @Autowired ObjectProvider<Templates> templates,
                                             @Autowired ChangeSimulations simulations, @Autowired AuditChain chain, @Autowired Users users, @Autowired Ids ids) {
        var path = "/api/v1/credit-terms/" + terms(0);
        var before = ok(finance.get(path)).path("creditLimit").asString();
        var opened = finance.post("/api/v1/change-requests", Map.of("kind", "credit-terms", "distributorId", d1.id(), "targetId", terms(0), "effectiveFrom", today().plusDays(1).toString(), "content", credit("O1", "54321.00")));
        var approved = Changes.approved(finance, other, opened);
        assertThat(approved.path("status").asString()).isEqualTo("APPROVED");
        assertThat(approved.path("live").asString()).isEqualTo("SCHEDULED");
        assertThat(ok(finance.get(path)).path("creditLimit").asString()).isEqualTo(before);
        var tomorrow = desk(transactions, store, kinds, checks, templates, simulations, chain, users, ids, Clock.offset(clock, Duration.ofDays(1)));
        tomorrow.putDueIntoForce();
        assertThat(new BigDecimal(ok(finance.get(path)).path("creditLimit").asString())).isEqualByComparingTo("54321");
        assertThat(ok(finance.get(PATH + approved.path("id").asString())).path("status").asString()).isEqualTo("IN_FORCE");
    }

    @Test
    @Tag("GOV-03")
    void aNewVersionSupersedesAndARollbackIsANewVersionWithTheOldContent() {
        var first = Changes.approved(sales, finance, sales.post("/api/v1/schemes", scheme("ROLL", "0.05", 0, 60, "S2")));
        var target = first.path("items").path(0).path("targetId").asString();
        var second = Changes.approved(sales, finance, sales.put("/api/v1/schemes/" + target, scheme("ROLL", "0.08", 3, 60, "S2"), etag(sales, "/api/v1/schemes/" + target)));
        assertThat(second.path("items").path(0).path("diff").findValues("path").stream().map(JsonNode::asString).toList()).contains("/mechanic/reward/percent", "/validFrom");
        var superseded = ok(sales.get(PATH + first.path("id").asString()));
        assertThat(superseded.path("status").asString()).isEqualTo("SUPERSEDED");
        assertThat(superseded.path("supersededBy").asString()).isEqualTo(second.path("id").asString());
        refused(sales.put(PATH + first.path("id").asString(), Map.of("content", scheme("ROLL", "0.5", 9, 60, "S2")), "\"" + superseded.path("revision").asInt() + "\""), 409, "ILLEGAL_STATE");
        refused(sales.post(PATH + first.path("id").asString() + "/rollback", Map.of("reason", "none before")), 409, "ILLEGAL_STATE");
        var back = sales.post(PATH + second.path("id").asString() + "/rollback", Map.of("effectiveFrom", today().plusDays(6).toString(), "reason", "too dear"));
        assertThat(back.status()).as(back.toString()).isEqualTo(201);
        assertThat(back.json().path("origin").asString()).isEqualTo("ROLLBACK");
        var third = Changes.approved(sales, finance, back);
        assertThat(third.path("items").path(0).path("content").path("mechanic").path("reward").path("percent").asString()).isEqualTo("0.05");
        assertThat(ok(sales.get("/api/v1/schemes/" + target)).path("version").asInt()).as("a new number, nothing overwritten").isEqualTo(3);
        assertThat(ok(sales.get("/api/v1/schemes/" + target + "/versions")).path("items")).hasSize(3);
    }

    @Test
    @Tag("GOV-03")
    void anOldBillIsDecidedTheSameAfterItsRulesWereSuperseded() {
        network.batch(d1, "S3", "R1", "115.00", network.today().plusDays(300), 5000);
        Changes.approved(sales, finance, sales.post("/api/v1/schemes", scheme("REPLAY", "0.05", 0, 60, "S3")));
        var invoices = new ArrayList<UUID>();
        for (int at = 0; at < 5; at++) invoices.add(bill("S3", 10 + at));
        var target = ok(sales.get("/api/v1/schemes?q=REPLAY-" + network.tag)).path("items").path(0).path("id").asString();
        Changes.approved(sales, finance, sales.put("/api/v1/schemes/" + target, scheme("REPLAY", "0.20", 1, 60, "S3"), etag(sales, "/api/v1/schemes/" + target)));
        for (var id : invoices) {
            record Row(String command, String decision, LocalDate on) {}
            var row = transactions.read(RowScope.of(d1.id()), db -> db.sql("select command, decision, business_date as \"on\" from billing.invoice where distributor_id = :d and id = :id").param("d", d1.id()).param("id", id).query(Row.class).single());
            var book = books.current(d1.id(), Map.of(), row.on());
            assertThat(DecisionJson.write(book.engine().decide(CommandJson.read(row.command(), book.book())))).isEqualTo(row.decision());
        }
    }

    private UUID bill(String sku, int qty) {
        return bill(d1, sku, qty);
    }

    private UUID bill(Fixture.Distributor seller, String sku, int qty) {
        var id = UUID.randomUUID();
        var outcome = billing.post(new PostInvoice(id, seller.id(), network.principal, seller.o1(), seller.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get(sku), BigDecimal.valueOf(qty), null, null, null, null, null)), null), CLERK);
        assertThat(outcome).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return id;
    }

    @Test
    @Tag("GOV-01") @Tag("GOV-12")
    void anEmergencyStopWorksAtOnceAndSomebodyElseReviewsItLater() {
        var made = Changes.inForce(sales, finance, sales.post("/api/v1/schemes", scheme("STOP", "0.05", 0, 30, "S4")));
        var path = "/api/v1/schemes/" + made.json().path("id").asString();
        assertThat(ok(sales.post(path + "/pause", Map.of("reason", "the wrong percentage went out"))).path("status").asString()).isEqualTo("PAUSED");
        assertThat(books.current(d1.id()).book().schemes()).noneMatch(scheme -> scheme.code().equals("STOP-" + network.tag));
        var stop = ok(finance.get("/api/v1/change-requests?waiting=me&emergency=true&q=STOP-" + network.tag)).path("items").path(0);
        assertThat(stop.path("reviewDue").asString()).isNotEmpty();
        var review = PATH + stop.path("id").asString() + "/review";
        refused(sales.post(review, Map.of("outcome", "CONFIRMED", "reason", "mine")), 409, "SAME_PERSON");
        assertThat(ok(finance.post(review, Map.of("outcome", "REVERSED", "reason", "the percentage was right"))).path("reviewOutcome").asString()).isEqualTo("REVERSED");
        assertThat(books.current(d1.id()).book().schemes()).anyMatch(scheme -> scheme.code().equals("STOP-" + network.tag));
        refused(other.post(review, Map.of("outcome", "CONFIRMED", "reason", "again")), 409, "ILLEGAL_STATE");
        assertThat(ok(finance.get("/api/v1/overrides?rule=GV-04&q=STOP-" + network.tag)).path("items")).hasSize(1);
        assertThat(new BigDecimal(ok(finance.get("/api/v1/overrides/ratio")).path("ratio").asString())).isBetween(BigDecimal.ZERO, BigDecimal.ONE);
    }

    // ---- checks

    @Test
    @Tag("GOV-03") @Tag("SCH-04")
    void theChecksNameWhatIsDoubtfulWithItsCode() {
        var faulty = proposed(sales, "schemes", scheme("FAULTY", "0.05", 1, 30, "S1", "NONE"));
        assertThat(faulty.status()).as("faults do not refuse a draft").isEqualTo(201);
        assertThat(codes(faulty.json())).contains("FIELD");
        refused(sales.send("POST", PATH + faulty.json().path("id").asString() + "/submission", Map.of("reason", "x", "acknowledged", List.of("FIELD")), Map.of("If-Match", faulty.etag())), 409, "CHECKS_FAILED");
        var dear = scheme("DEAR", "0.45", 1, 30, "S1");
        assertThat(codes(proposed(sales, "schemes", dear).json())).contains("REWARD_TOO_HIGH", "NOT_SIMULATED", "NO_EXCLUSION_GROUP");
        transactions.shared(db -> db.sql("update catalog.sku set status = 'DISCONTINUED' where id = :id").param("id", network.skus.get("S6")).update());
        var reward = scheme("REWARD", "0.05", 1, 30, "S1");
        reward.put("mechanic", Map.of("type", "FREE_GOODS", "buy", "10", "get", "1", "tax", "ZERO_PRICED", "rewardSkuId", "S6"));
        assertThat(codes(proposed(sales, "schemes", reward).json())).contains("REWARD_NOT_IN_ASSORTMENT");
        var lists = sales.post("/api/v1/price-lists", Map.of("code", "REV-" + network.tag, "name", "Revision", "principal", "P-" + network.tag, "level", 4, "channel", "MT", "validFrom", today().plusDays(40).toString()));
        ok(sales.post("/api/v1/price-list-lines", Map.of("list", "REV-" + network.tag, "sku", "S1", "price", "34.10")));
        Changes.approved(sales, finance, sales.send("POST", "/api/v1/price-lists/" + lists.json().path("id").asString() + "/publication", Map.of(), Map.of("If-Match", lists.etag())));
        assertThat(codes(proposed(sales, "schemes", scheme("CROSS", "0.05", 35, 20, "S1")).json())).contains("PERIOD_CROSSES_PRICE_REVISION");
        assertThat(codes(proposed(sales, "schemes", scheme("BEFORE", "0.05", 5, 20, "S1")).json())).doesNotContain("PERIOD_CROSSES_PRICE_REVISION");
    }

    @Test
    @Tag("GOV-03") @Tag("SCH-02")
    void aPublicationIsVoidWhenItsLinesChangeAndATieIsRefused() {
        var list = sales.post("/api/v1/price-lists", Map.of("code", "TIE1-" + network.tag, "name", "Tie", "principal", "P-" + network.tag, "level", 4, "outletClass", "Z", "validFrom", today().plusDays(2).toString()));
        var line = sales.post("/api/v1/price-list-lines", Map.of("list", "TIE1-" + network.tag, "sku", "S1", "price", "34.20"));
        var publication = sales.send("POST", "/api/v1/price-lists/" + list.json().path("id").asString() + "/publication", Map.of("reason", "class Z"), Map.of("If-Match", list.etag()));
        assertThat(publication.status()).as(publication.toString()).isEqualTo(202);
        assertThat(publication.json().path("status").asString()).isEqualTo("SUBMITTED");
        ok(sales.put("/api/v1/price-list-lines/" + line.json().path("id").asString(), Map.of("list", "TIE1-" + network.tag, "versionNo", 1, "sku", "S1", "price", "33.00"), line.etag()));
        refused(Changes.approve(finance, publication.json()), 409, "CONTENT_CHANGED");
        var voided = sales.get(PATH + publication.json().path("id").asString());
        Changes.submitted(sales, new Client.Answer(201, voided.raw()));
        assertThat(ok(Changes.approve(finance, ok(sales.get(PATH + publication.json().path("id").asString())))).path("status").asString()).isEqualTo("IN_FORCE");
        var second = sales.post("/api/v1/price-lists", Map.of("code", "TIE2-" + network.tag, "name", "Tie", "principal", "P-" + network.tag, "level", 4, "outletClass", "Z", "validFrom", today().plusDays(2).toString()));
        ok(sales.post("/api/v1/price-list-lines", Map.of("list", "TIE2-" + network.tag, "sku", "S1", "price", "34.00")));
        var tie = sales.send("POST", "/api/v1/price-lists/" + second.json().path("id").asString() + "/publication", Map.of("reason", "class Z"), Map.of("If-Match", second.etag()));
        refused(tie, 409, "DUPLICATE");
        assertThat(tie.text()).contains("PX-01");
    }

    // ---- simulation

    @Test
    @Tag("GOV-03") @Tag("SCH-18")
    void aSimulationDecidesPastBillsAgainAndWritesNothing() throws Exception {
        network.batch(d1, "S5", "SIM1", "45.00", network.today().plusDays(300), 10_000);
        Changes.approved(sales, finance, sales.post("/api/v1/schemes", with(scheme("LIVE", "0.10", 0, 60, "S5"), "principalShare", "0.9")));
        for (int at = 0; at < 8; at++) bill("S5", 10);
        var form = with(scheme("SIM", "0.05", 1, 9, "S5"), "principalShare", "0.9");
        form.put("limits", Map.of("total", Map.of("amount", "10.00")));
        var opened = proposed(sales, "schemes", form);
        var id = opened.json().path("id").asString();
        var before = rows();
        assertThat(sales.post(PATH + id + "/simulation", Map.of("days", 30)).status()).isEqualTo(202);
        var simulation = await(sales, id);
        assertThat(simulation.path("status").asString()).as(simulation.toString()).isEqualTo("DONE");
        assertThat(rows()).as("no business row is written").isEqualTo(before);
        var result = simulation.path("result");
        // 8 bills of 10 × 40.00 = 400.00; LIVE takes 40.00, then 5 % of 360.00 = 18.00; no tax on S5
        var mine = result.path("schemes").path(0);
        assertThat(mine.path("code").asString()).as(result.toString()).isEqualTo("SIM-" + network.tag);
        assertThat(mine.path("changed").asBoolean()).isTrue();
        assertThat(new BigDecimal(mine.path("benefitAfter").asString())).isEqualByComparingTo("144.00");
        assertThat(new BigDecimal(mine.path("principalShareAfter").asString())).isEqualByComparingTo("129.60");
        assertThat(mine.path("billsAfter").asInt()).isEqualTo(8);
        assertThat(new BigDecimal(result.path("payableDelta").asString())).isEqualByComparingTo("-144.00");
        assertThat(result.path("outlets").path("winners").asInt()).isEqualTo(1);
        assertThat(result.path("outlets").path("top").path(0).path("code").asString()).isEqualTo("O1");
        assertThat(result.path("skus").path("top").path(0).path("code").asString()).isEqualTo("S5");
        assertThat(result.path("conflicts").path(0).path("code").asString()).isEqualTo("LIVE-" + network.tag);
        assertThat(new BigDecimal(result.path("conflicts").path(0).path("share").asString())).isEqualByComparingTo("1");
        assertThat(new BigDecimal(result.path("budget").path("expected").asString())).isEqualByComparingTo("48.00"); // 144.00 ÷ 30 days × 10 days
        var checked = ok(sales.get(PATH + id));
        assertThat(codes(checked)).contains("CONFLICT_ON_LINES", "BUDGET_BELOW_EXPECTED").doesNotContain("NOT_SIMULATED");
        assertThat(checked.path("simulation").path("current").asBoolean()).isTrue();

        // a limit of the outlet is used up bill by bill: 18.00 + 18.00 + 14.00, and nothing on the other five
        var capped = with(scheme("SIMCAP", "0.05", 1, 9, "S5"), "principalShare", "0.9");
        capped.put("limits", Map.of("perOutlet", Map.of("amount", "50.00")));
        var cappedId = proposed(sales, "schemes", capped).json().path("id").asString();
        assertThat(sales.post(PATH + cappedId + "/simulation", Map.of("days", 30)).status()).isEqualTo(202);
        var cut = await(sales, cappedId).path("result").path("schemes").path(0);
        assertThat(cut.path("code").asString()).isEqualTo("SIMCAP-" + network.tag);
        assertThat(new BigDecimal(cut.path("benefitAfter").asString())).isEqualByComparingTo("50.00");
        assertThat(cut.path("billsAfter").asInt()).isEqualTo(3);
    }

    private BigDecimal taxable(List<UUID> bills) {
        return transactions.network(db -> db.sql("select sum(taxable) from billing.invoice_line where invoice_id = any (?)").param(bills.toArray(UUID[]::new)).query(BigDecimal.class).single());
    }

    private JsonNode simulated(Map<String, Object> scheme, Fixture.Distributor seller) throws InterruptedException {
        var id = proposed(sales, "schemes", scheme).json().path("id").asString();
        assertThat(sales.post(PATH + id + "/simulation", Map.of("days", 30, "distributorIds", List.of(seller.id()))).status()).isEqualTo(202);
        var simulation = await(sales, id);
        assertThat(simulation.path("status").asString()).as(simulation.toString()).isEqualTo("DONE");
        return simulation.path("result");
    }

    private UUID bill(Fixture.Distributor seller, UUID outlet, int qty) {
        var id = UUID.randomUUID();
        assertThat(billing.post(new PostInvoice(id, seller.id(), network.principal, outlet, seller.warehouse(), network.today(), SaleType.DELIVERY, PaymentMode.CREDIT, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S3"), BigDecimal.valueOf(qty), null, null, null, null, null)), null), CLERK)).isInstanceOf(PostInvoiceOutcome.Posted.class);
        return id;
    }

    /// EX-15: 12,000, 8,000 and 9,000 in a month accrue 580 together, not 120 on the first bill alone; EX-17: 2 % of the growth from
    /// 20,000 to 26,000; EX-30: what is left of a case is carried from bill to bill.
    @Test
    @Tag("GOV-03") @Tag("SCH-18") @Tag("SCH-04")
    void aSimulatedPeriodAddsUpTheBillsOfEachOutlet() throws Exception {
        var seller = network.distributor("SIMQPS");
        signInAgain();
        network.batch(seller, "S3", "Q1", "115.00", network.today().plusDays(300), 100_000);
        // the growth of O3: 238 pieces a year ago, 310 now
        bill(seller, seller.o3(), 238);
        for (var table : List.of("billing.invoice", "billing.invoice_line", "receivables.journal_entry", "platform.document_register"))
            database.asSuperuser("update " + table + " set business_date = business_date - interval '1 year' where distributor_id = " + seller.id());
        var base = transactions.network(db -> db.sql("select sum(taxable) from billing.invoice_line where distributor_id = ?").param(seller.id()).query(BigDecimal.class).single());
        var grown = List.of(bill(seller, seller.o3(), 310));
        var one = List.of(bill(seller, seller.o1(), 143), bill(seller, seller.o1(), 95), bill(seller, seller.o1(), 107));
        bill(seller, seller.o2(), 48);

        var form = with(scheme("SIMQ", "0", 1, 60, "S3"), "stage", "ACCRUAL");
        form.put("mechanic", Map.of("type", "QPS", "basis", "NET_VALUE", "period", "MONTH", "method", "WHOLE", "slabs", List.of(Map.of("from", "10000.00", "reward", Map.of("percent", "0.01")),
                Map.of("from", "25000.00", "reward", Map.of("percent", "0.02")), Map.of("from", "50000.00", "reward", Map.of("percent", "0.03")))));
        form.put("settlement", "CREDIT_NOTE");
        var result = simulated(form, seller);
        var mine = result.path("schemes").path(0);
        // O1 28,980.00 and O3 26,040.00 reach 2 %, O2 4,032.00 nothing
        var due = head(taxable(one), "0.02").add(head(taxable(grown), "0.02"));
        assertThat(new BigDecimal(mine.path("benefitAfter").asString())).as(result.toString()).isEqualByComparingTo(due);
        assertThat(new BigDecimal(mine.path("principalShareAfter").asString())).isCloseTo(due.multiply(new BigDecimal("0.6")), org.assertj.core.api.Assertions.within(new BigDecimal("0.04")));
        assertThat(new BigDecimal(result.path("payableDelta").asString())).as("the bills stay as they are").isEqualByComparingTo("0");
        assertThat(result.path("outlets").path("winners").asInt()).isEqualTo(2);
        assertThat(new BigDecimal(result.path("outlets").path("gain").asString())).isEqualByComparingTo(due);

        var growth = with(scheme("SIMG", "0", 1, 60, "S3"), "stage", "ACCRUAL");
        growth.put("mechanic", Map.of("type", "QPS", "basis", "NET_VALUE", "period", "MONTH", "method", "WHOLE", "growth", Map.of("minBase", "1000.00"), "slabs", List.of(Map.of("from", "0.10", "reward", Map.of("percent", "0.02")))));
        growth.put("settlement", "CREDIT_NOTE");
        var grew = simulated(growth, seller).path("schemes").path(0);
        assertThat(new BigDecimal(grew.path("benefitAfter").asString())).isEqualByComparingTo(head(taxable(grown).subtract(base), "0.02"));

        var cases = with(scheme("SIMC", "0", 1, 60, "S3"), "stage", "ACCRUAL");
        cases.put("mechanic", Map.of("type", "PER_CASE_REBATE", "amount", "12.00", "unit", "CASE", "cumulative", true, "period", "MONTH"));
        cases.put("settlement", "CREDIT_NOTE");
        var rebate = simulated(cases, seller).path("schemes").path(0);
        long caseSize = transactions.shared(db -> db.sql("select numerator from catalog.sku_unit where sku_id = ? and unit = 'CASE'").param(network.skus.get("S3")).query(Long.class).single());
        long full = (143 + 95 + 107) / caseSize + 310 / caseSize + 48 / caseSize;
        assertThat(new BigDecimal(rebate.path("benefitAfter").asString())).isEqualByComparingTo(new BigDecimal("12.00").multiply(BigDecimal.valueOf(full)));
    }

    /// Sessions know the distributors of their sign-in.
    private void signInAgain() {
        sales = salesPerson.signIn(port);
        finance = financePerson.signIn(port);
    }

    @Test
    @Tag("GOV-11") @Tag("CMP-05")
    void aTaxChangeIsTriedOnPastBillsBeforeItIsApproved() throws Exception {
        var coe = as(Role.COE);
        network.batch(d3, "S2", "TAX1", "10.00", network.today().plusDays(300), 1_000);
        bill(d3, "S2", 12);
        bill(d3, "S2", 12);
        var rate = Map.of("hsnPrefix", "190531", "ratePercent", "12", "validFrom", today().plusDays(1).toString(), "source", "proposal of the council");
        var opened = proposed(coe, "tax-rates", rate);
        var id = opened.json().path("id").asString();
        assertThat(coe.post(PATH + id + "/simulation", Map.of("days", 2, "distributorIds", List.of(d3.id()))).status()).isEqualTo(202);
        var result = await(coe, id).path("result");
        assertThat(result.path("bills").asInt()).isEqualTo(2);
        var taxable = transactions.read(RowScope.of(d3.id()), db -> db.sql("select min(taxable) from billing.invoice where distributor_id = :d").param("d", d3.id()).query(BigDecimal.class).single());
        // two bills, two heads each: 6 % instead of 2.5 %
        var more = head(taxable, "0.06").subtract(head(taxable, "0.025")).multiply(new BigDecimal(4));
        assertThat(new BigDecimal(result.path("taxDelta").asString())).as(result.toString()).isEqualByComparingTo(more);
        assertThat(result.path("schemes").findValues("changed").stream().anyMatch(JsonNode::asBoolean)).isFalse();
        assertThat(result.path("outlets").path("losers").asInt()).isEqualTo(1);
        assertThat(ok(coe.post(PATH + id + "/withdrawal", Map.of("reason", "only tried"))).path("status").asString()).isEqualTo("WITHDRAWN");
    }

    private static BigDecimal head(BigDecimal taxable, String rate) {
        return taxable.multiply(new BigDecimal(rate)).setScale(2, java.math.RoundingMode.HALF_UP);
    }

    private Map<String, Long> rows() {
        return transactions.network(db -> {
            var counts = new HashMap<String, Long>();
            for (var table : List.of("billing.invoice", "stock.entry", "receivables.journal_entry", "platform.outbox", "platform.document_register", "schemes.scheme_version", "pricing.price_list"))
                counts.put(table, db.sql("select count(*) from " + table).query(Long.class).single());
            return counts;
        });
    }

    private static JsonNode await(Client client, String id) throws InterruptedException {
        for (int tried = 0; tried < 200; tried++) {
            var answer = ok(client.get(PATH + id + "/simulation"));
            if (!answer.path("status").asString().equals("RUNNING")) {
                // the job's findings are written right after its result
                Thread.sleep(200);
                return answer;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the simulation does not end");
    }

    // ---- templates, policies

    @Test
    @Tag("GOV-06")
    void aTemplateLeavesOnlyItsParametersToOthers() {
        var coe = as(Role.COE);
        var content = new HashMap<>(scheme("TPL", "0.05", 1, 30, "S1"));
        var form = Map.of("code", "TPL-" + network.tag, "name", "Area offer", "kind", "schemes", "content", content,
                "parameters", List.of(Map.of("field", "/mechanic/reward/percent", "min", "0.02", "max", "0.06"), Map.of("field", "priority")));
        var template = Changes.inForce(coe, finance, coe.post("/api/v1/templates", form)).json().path("id").asString();
        var area = as(Role.ASM);
        var instances = "/api/v1/templates/" + template + "/instances";
        var good = area.post(instances, Map.of("code", "AREA-" + network.tag, "name", "Pune", "values", Map.of("/mechanic/reward/percent", "0.04")));
        assertThat(good.status()).as(good.toString()).isEqualTo(201);
        assertThat(good.json().path("origin").asString()).isEqualTo("TEMPLATE");
        refused(area.post(instances, Map.of("code", "AREA2-" + network.tag, "values", Map.of("/mechanic/reward/percent", "0.07"))), 409, "TEMPLATE_LOCKED");
        refused(area.post(instances, Map.of("code", "AREA3-" + network.tag, "values", Map.of("principalShare", "1"))), 409, "TEMPLATE_LOCKED");
        refused(area.post("/api/v1/schemes", scheme("FREE", "0.05", 1, 30, "S1")), 403, "FORBIDDEN");
        // the lock is looked at again whenever the content changes
        var edited = area.put(PATH + good.json().path("id").asString(), Map.of("content", with(scheme("AREA", "0.04", 1, 30, "S1"), "principalShare", "0.9")), good.etag());
        assertThat(codes(ok(edited))).contains("TEMPLATE_LOCKED");
        var back = area.put(PATH + good.json().path("id").asString(), Map.of("content", scheme("AREA", "0.04", 1, 30, "S1")), edited.etag());
        assertThat(codes(ok(back))).doesNotContain("TEMPLATE_LOCKED");
        assertThat(Changes.approved(area, finance, back).path("status").asString()).isEqualTo("IN_FORCE");
    }

    /// A national offer whose region is the only thing left to the regions.
    @Test
    @Tag("SCH-20") @Tag("GOV-06")
    void aRegionIsALocalParameterOfANationalOffer() {
        var coe = as(Role.COE);
        var content = with(scheme("NATION", "0.05", 1, 30, "S1"), "eligibility", Map.of("territories", List.of("NORTH")));
        var template = Changes.inForce(coe, finance, coe.post("/api/v1/templates", Map.of("code", "REGION-" + network.tag, "name", "Regional offer", "kind", "schemes", "content", content,
                "parameters", List.of(Map.of("field", "/eligibility/territories", "oneOf", List.of("NORTH", "SOUTH")))))).json().path("id").asString();
        var area = as(Role.ASM);
        var instances = "/api/v1/templates/" + template + "/instances";
        refused(area.post(instances, Map.of("code", "EAST-" + network.tag, "values", Map.of("/eligibility/territories", List.of("EAST")))), 409, "TEMPLATE_LOCKED");
        refused(area.post(instances, Map.of("code", "DEEP-" + network.tag, "values", Map.of("/mechanic/reward/percent", "0.06"))), 409, "TEMPLATE_LOCKED");
        var south = area.post(instances, Map.of("code", "SOUTH-" + network.tag, "name", "South", "values", Map.of("/eligibility/territories", List.of("SOUTH"))));
        assertThat(south.status()).as(south.toString()).isEqualTo(201);
        assertThat(Changes.approved(area, finance, south).path("status").asString()).isEqualTo("IN_FORCE");
        var found = ok(sales.get("/api/v1/schemes?q=SOUTH-" + network.tag)).path("items").path(0).path("scheme");
        assertThat(found.at("/eligibility/territories").values()).extracting(JsonNode::asString).containsExactly("SOUTH");
        assertThat(found.at("/mechanic/reward/percent").asString()).isEqualTo("0.05");
    }

    private static Map<String, Object> with(Map<String, Object> form, String name, Object value) {
        form.put(name, value);
        return form;
    }

    @Test
    @Tag("GOV-03") @Tag("GOV-07")
    void policiesAreDatedRowsThatRuleBooksAndPostingsRead() {
        var coe = as(Role.COE);
        var d2 = network.distributor("POL");
        var officer = people.headOffice(Role.COE).signIn(port);
        assertThat(books.current(d2.id()).book().policy().floor()).isEqualTo(RuleBook.Check.BLOCK);
        refused(officer.post("/api/v1/policies", policy(d2, "price.floor-check", "SOMETIMES", 0)), 422, "INVALID");
        refused(officer.post("/api/v1/policies", policy(d2, "price.flor-check", "WARN", 0)), 422, "INVALID");
        refused(officer.post("/api/v1/policies", policy(d2, "price.floor-check", "WARN", -1)), 409, "VERSION_NOT_FUTURE");
        var finance2 = people.headOffice(Role.FIN).signIn(port); // knows the new distributor
        Changes.inForce(officer, finance2, officer.post("/api/v1/policies", policy(d2, "price.floor-check", "WARN", 0)));
        assertThat(books.current(d2.id()).book().policy().floor()).isEqualTo(RuleBook.Check.WARN);
        assertThat(books.current(d1.id()).book().policy().floor()).as("only for its distributor").isEqualTo(RuleBook.Check.BLOCK);
        assertThat(policies.days(PolicyKey.BACKDATE_DAYS, d2.id(), today(), 3)).isEqualTo(3);
        Changes.inForce(officer, finance2, officer.post("/api/v1/policies", policy(d2, "document.backdate-days", "7", 0)));
        assertThat(policies.days(PolicyKey.BACKDATE_DAYS, d2.id(), today(), 3)).isEqualTo(7);
        assertThat(policies.days(PolicyKey.BACKDATE_DAYS, d1.id(), today(), 3)).isEqualTo(3);
        var later = Changes.approved(officer, finance2, officer.post("/api/v1/policies", policy(d2, "collection.cash-limit", "50000", 2)));
        assertThat(later.path("status").asString()).as("written on its day").isEqualTo("APPROVED");
        assertThat(policies.number(PolicyKey.CASH_LIMIT, d2.id(), today(), new BigDecimal(200_000))).isEqualByComparingTo("200000");
        // the value in force stays; another one is another row and ends it
        refused(officer.post("/api/v1/policies", policy(d2, "price.floor-check", "OFF", 0)), 409, "DUPLICATE");
        assertThat(ok(coe.get("/api/v1/policies/keys")).path("items")).hasSize(PolicyKey.values().length);
    }

    @Test
    @Tag("GOV-12") @Tag("SCH-24")
    void aManualDiscountStaysInsideTheLimitOfTheRole() {
        var coe = as(Role.COE);
        network.batch(d1, "S2", "MAN1", "10.00", network.today().plusDays(300), 1_000);
        var vanSalesman = new Actor(7, "van", Set.of(Role.VS.name()));
        assertThat(billing.post(discounted("0.5"), vanSalesman)).isInstanceOf(PostInvoiceOutcome.Posted.class);
        Changes.inForce(coe, finance, coe.post("/api/v1/policies", Map.of("key", "discount.manual-limit-percent", "scope", "ROLE", "scopeValue", "VS", "value", "0.25", "validFrom", today().toString())));
        assertThat(billing.post(discounted("0.5"), vanSalesman)).isInstanceOfSatisfying(PostInvoiceOutcome.Refused.class,
                refused -> assertThat(refused.refusals()).extracting(Refusal::code).contains(Refusal.Code.MANUAL_ABOVE_LIMIT));
        assertThat(billing.post(discounted("0.25"), vanSalesman)).isInstanceOf(PostInvoiceOutcome.Posted.class);
        assertThat(billing.post(discounted("0.5"), new Actor(8, "clerk", Set.of(Role.BC.name())))).as("the limit of another role").isInstanceOf(PostInvoiceOutcome.Posted.class);
    }

    private PostInvoice discounted(String percent) {
        return new PostInvoice(UUID.randomUUID(), d1.id(), network.principal, d1.o2(), d1.warehouse(), network.today(), SaleType.COUNTER, PaymentMode.CASH, null, null,
                List.of(new PostInvoice.Line(1, network.skus.get("S2"), BigDecimal.valueOf(12), null, null, null, new BigDecimal(percent), "festival")), null);
    }

    private Map<String, Object> policy(Fixture.Distributor distributor, String key, String value, int startsIn) {
        return Map.of("key", key, "scope", "DISTRIBUTOR", "scopeValue", Long.toString(distributor.id()), "value", value, "validFrom", today().plusDays(startsIn).toString());
    }

    // ---- a network of one person

    /// Domain 12.3: where one person sets up a network, nobody else could approve; after the first document somebody has to.
    @Test
    @Tag("GOV-01") @Tag("GOV-17")
    void whoSetsUpANetworkAloneApprovesUntilTheFirstDocument(@Autowired MasterStore store, @Autowired ChangeKinds kinds, @Autowired ObjectProvider<ChangeChecks> checks, @Autowired ObjectProvider<Templates> templates,
                                                             @Autowired ChangeSimulations simulations, @Autowired AuditChain chain, @Autowired Users users, @Autowired Ids ids) {
        var person = people.headOffice(Role.COE);
        var alone = users.caller(person.username()).orElseThrow();
        var onlyOne = (Users) java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Users.class},
                (_, method, arguments) -> method.getName().equals("holders") ? Set.of() : method.invoke(users, arguments));
        for (var posted : List.of(false, true)) {
            var asked = (TenantTransaction) java.lang.reflect.Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {TenantTransaction.class}, (_, method, arguments) -> {
                if (method.getName().equals("network")) return posted;
                try {
                    return method.invoke(transactions, arguments);
                } catch (java.lang.reflect.InvocationTargetException failure) {
                    throw failure.getCause();
                }
            });
            var desk = desk(asked, store, kinds, checks, templates, simulations, chain, onlyOne, ids, clock);
            var content = json.<JsonNode>valueToTree(scheme("ALONE" + posted, "0.05", 1, 30, "S1"));
            var opened = desk.propose(alone, new ChangeRequests.NewChange(null, "schemes", null, null, "set-up", null, List.of(new ChangeRequests.Proposal(null, content)), ChangeRequests.Origin.USER, null, null));
            var warnings = opened.findings().stream().filter(found -> found.severity() == Finding.Severity.WARNING).map(ChangeRequests.Found::code).toList();
            var submitted = desk.submit(alone, opened.request().id(), new io.offtake.platform.IfMatch(1), "set-up", warnings);
            assertThat(submitted.may().approve()).isEqualTo(!posted);
            if (posted) {
                assertThatThrownBy(() -> desk.approve(alone, opened.request().id(), submitted.request().contentHash(), "set-up", List.of())).hasMessageContaining("somebody else");
            } else {
                var approved = desk.approve(alone, opened.request().id(), submitted.request().contentHash(), "set-up", List.of());
                assertThat(approved.request().status()).isEqualTo(ChangeRequests.Status.IN_FORCE);
                assertThat(approved.request().bootstrap()).isTrue();
                assertThat(ok(finance.get("/api/v1/overrides?rule=SOD-1&changeRequestId=" + approved.request().id())).path("items")).hasSize(1);
            }
        }
        // with somebody else who could approve, a person of two roles is refused all the same
        refused(Changes.approve(sales, Changes.submitted(sales, proposed(sales, "schemes", scheme("NOTALONE", "0.05", 1, 30, "S1")))), 409, "SAME_PERSON");
    }

    // ---- imports and bundles

    @Test
    @Tag("GOV-01") @Tag("GOV-03")
    void anImportOfWhatDecidesMoneyBecomesOneSubmittedRequest(@Autowired Masters masters, @Autowired List<Master<?>> all, @Autowired Users users) {
        var coe = people.headOffice(Role.COE);
        var rates = all.stream().filter(master -> master.type().equals("tax-rates")).findFirst().orElseThrow();
        var prefix = Long.toString(80_000_000 + Math.floorMod(System.nanoTime(), 9_000_000L));
        var via = "import " + UUID.randomUUID();
        var rows = Stream.of("5", "bad").map(rate -> new Cells(Map.of("hsnPrefix", rate.equals("5") ? prefix : "99", "ratePercent", rate, "validFrom", today().plusDays(3).toString(), "source", "N/N 3/2026"), false)).toList();
        var drafts = masters.store(users.caller(coe.username()).orElseThrow(), rates, null, rows, via);
        assertThat(drafts).hasSize(2).filteredOn(Draft::isGood).hasSize(1);
        assertThat(transactions.<Integer>shared(db -> db.sql("select count(*) from tax.tax_rate where hsn_prefix = :prefix").param("prefix", prefix).query(Integer.class).single())).as("nothing is in force yet").isZero();
        var request = ok(finance.get("/api/v1/change-requests?origin=IMPORT&waiting=me&q=" + prefix)).path("items").path(0);
        assertThat(request.path("originRef").asString()).isEqualTo(via);
        assertThat(request.path("status").asString()).isEqualTo("SUBMITTED");
        assertThat(ok(Changes.approve(finance, request)).path("status").asString()).isEqualTo("IN_FORCE");
        assertThat(transactions.<Integer>shared(db -> db.sql("select count(*) from tax.tax_rate where hsn_prefix = :prefix").param("prefix", prefix).query(Integer.class).single())).isOne();
    }

    @Test
    @Tag("GOV-04")
    void aBundleOfAnotherEnvironmentBecomesChangeRequestsAndComesBackEqual() throws Exception {
        var coe = as(Role.COE);
        var it = as(Role.IT);
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var scheme = scheme("BUNDLE", "0.05", 1, 30, "S1");
        var list = Map.of("code", "BND-" + network.tag, "name", "From the sandbox", "principal", "P-" + network.tag, "level", 4, "outletClass", "Q", "taxInclusive", false, "mrpLinked", false,
                "validFrom", today().plusDays(3).toString(), "lines", List.of(Map.of("sku", "S1", "price", "34.1"), Map.of("sku", "S2", "price", "8.6")));
        var bundle = bundle(pair, List.of(item("schemes", "BUNDLE-" + network.tag, scheme), item("price-lists", "BND-" + network.tag, list)));
        var unknown = coe.post("/api/v1/config-bundles/import", bundle);
        refused(unknown, 422, "SIGNATURE_INVALID");
        assertThat(unknown.json().path("rule").asString()).isEqualTo("BUNDLE-KEY");
        refused(coe.post("/api/v1/config-bundles/keys", Map.of("name", "Sandbox", "publicKey", key(pair))), 403, "FORBIDDEN");
        ok(it.post("/api/v1/config-bundles/keys", Map.of("name", "Sandbox", "publicKey", key(pair))));
        var altered = bundle.deepCopy();
        ((ObjectNode) altered.path("items").path(0).path("content")).put("principalShare", "0.1");
        var refusal = coe.post("/api/v1/config-bundles/import", altered);
        refused(refusal, 422, "SIGNATURE_INVALID");
        assertThat(refusal.json().path("rule").asString()).isEqualTo("BUNDLE-SIGNATURE");
        refused(it.post("/api/v1/config-bundles/import", bundle), 403, "FORBIDDEN");

        var imported = ok(coe.post("/api/v1/config-bundles/import", bundle));
        assertThat(imported.path("proposed").asInt()).as(imported.toString()).isEqualTo(2);
        for (var request : imported.path("changeRequests")) {
            var detail = coe.get(PATH + request.asString());
            assertThat(ok(detail).path("reason").asString()).contains("sandbox");
            assertThat(Changes.approved(coe, finance, new Client.Answer(201, detail.raw())).path("status").asString()).isEqualTo("IN_FORCE");
        }
        var exported = ok(coe.post("/api/v1/config-bundles/export", Map.of("kinds", List.of("schemes", "price-lists"))));
        var back = new HashMap<String, JsonNode>();
        exported.path("items").forEach(one -> back.put(one.path("kind").asString() + " " + one.path("key").asString(), one.path("content")));
        var schemeBack = (ObjectNode) back.get("schemes BUNDLE-" + network.tag).deepCopy();
        schemeBack.remove("stage");
        assertThat(Canonical.text(schemeBack)).isEqualTo(Canonical.text(json.valueToTree(scheme)));
        assertThat(Canonical.text(back.get("price-lists BND-" + network.tag))).isEqualTo(Canonical.text(json.valueToTree(list)));
        // what this installation signed is read again by it, and nothing differs
        var again = ok(coe.post("/api/v1/config-bundles/import", exported));
        assertThat(again.path("proposed").asInt()).as(again.toString()).isZero();
        assertThat(again.path("same").asInt()).isEqualTo(exported.path("items").size());
    }

    private static Map<String, Object> item(String kind, String key, Object content) {
        return Map.of("kind", kind, "key", key, "content", content);
    }

    private ObjectNode bundle(KeyPair pair, List<Map<String, Object>> items) throws Exception {
        var bundle = (ObjectNode) json.<JsonNode>valueToTree(Map.of("format", "offtake-config-1", "environment", "sandbox", "exportedAt", "2026-11-26T00:00:00Z", "items", items, "publicKey", key(pair), "keyId", "sandbox"));
        var signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(Canonical.text(bundle).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return bundle.put("signature", Base64.getEncoder().encodeToString(signature.sign()));
    }

    private static String key(KeyPair pair) {
        return Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    @Test
    @Tag("GOV-03") @Tag("GOV-06")
    void nobodyWritesWhatDecidesMoneyButTheMechanism() {
        var governed = new TreeSet<String>();
        for (var kind : List.of("schemes", "tax-rates", "number-series", "credit-terms", "contract-prices", "policies", "templates", "rounding-policies", "thresholds", "undertakings")) {
            var duty = changes.duties(caller(Role.FIN)).stream().filter(one -> one.kind().equals(kind)).findFirst();
            assertThat(duty).as(kind).isPresent();
            governed.add(kind);
        }
        assertThat(governed).hasSize(10);
        for (var permission : List.of(Permission.PRICE_APPROVE, Permission.SCHEME_APPROVE, Permission.TAX_APPROVE, Permission.CONFIG_APPROVE)) {
            assertThat(permission.roles()).as("nobody holds both hands").doesNotContain(Role.SO, Role.COE);
        }
    }
}
