package io.offtake.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Caller;
import io.offtake.access.Role;
import io.offtake.access.testing.Client;
import io.offtake.access.testing.People;
import io.offtake.governance.testing.Changes;
import io.offtake.insight.FactsFeed;
import io.offtake.insight.alert.Alerts;
import io.offtake.insight.score.Scores;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.ServerTest;
import io.offtake.testing.Fixture;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// From files of other systems to facts, scores and alerts: one distributor is pushed, one is cut off, two are clean.
@ServerTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScoresFromFeedsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MONTHS = 8;

    @LocalServerPort int port;
    @Autowired People people;
    @Autowired TenantTransaction transactions;
    @Autowired FactFeeds feeds;
    @Autowired FactsFeed facts;
    @Autowired Scores scores;
    @Autowired Alerts alerts;
    @Autowired Clock clock;
    private Fixture network;
    private LocalDate today;
    private Fixture.Distributor pushed;
    private Fixture.Distributor starved;
    private Fixture.Distributor clean;
    private Fixture.Distributor other;
    private Client sales;
    private Client finance;
    private Client coe;

    @BeforeAll
    void eightMonthsOfFourDistributors() {
        today = LocalDate.now(clock);
        network = new Fixture(transactions, today);
        pushed = network.distributor("PUSHED");
        starved = network.distributor("STARVED");
        clean = network.distributor("CLEAN");
        other = network.distributor("OTHER");
        for (var one : List.of(pushed, starved, clean, other)) send(one);
        facts.drain();
        sales = people.headOffice(Role.SO).signIn(port);
        finance = people.headOffice(Role.FIN).signIn(port);
        coe = people.headOffice(Role.COE).signIn(port);
    }

    private void send(Fixture.Distributor to) {
        var system = new Caller(0, "feed", "Feed", EnumSet.of(Role.COE), RowScope.of(to.id()), "en");
        var code = transactions.<String>shared(db -> db.sql("select code from network.distributor where id = ?").param(to.id()).query(String.class).single());
        feeds.agree(system, to.id(), "BUSY", "Busy", List.of("FC-1", "FC-2", "FC-4", "FC-6", "FC-8"), "23:59", "SILVER", today.plusDays(1));
        feeds.map(system, to.id(), "BUSY", Map.of("A", "O1", "B", "O2"), Map.of("SOAP", "S1"));
        var first = today.withDayOfMonth(1).minusMonths(MONTHS);
        for (int at = 0; at < MONTHS; at++) {
            var month = first.plusMonths(at);
            int sold = 2400;
            int bought = to == pushed && at >= MONTHS - 3 ? 3400 : to == starved && at >= MONTHS - 3 ? 1600 : 2400;
            var lines = new ArrayList<Map<String, Object>>();
            for (int bill = 0; bill < 24; bill++) lines.add(bill(month.plusDays(bill), bill % 2 == 0 ? "A" : "B", sold / 24));
            assertThat(feeds.receive(system, batch(code, "FC-1", month, month.plusMonths(1).minusDays(1), lines), null).state()).isEqualTo("ACCEPTED");
            var receipt = Map.<String, Object>of("invoice_no", "P" + at, "grn_date", month.plusDays(3).toString(), "sku_ext_id", "SOAP", "batch", "B1", "billed", bought, "received", bought, "short", 0, "damaged", 0);
            assertThat(feeds.receive(system, batch(code, "FC-4", month, month.plusMonths(1).minusDays(1), List.of(receipt)), null).state()).isEqualTo("ACCEPTED");
        }
        var yesterday = today.minusDays(1);
        var owed = List.<Map<String, Object>>of(Map.of("outlet_ext_id", "A", "doc", "B1", "date", yesterday.minusDays(40).toString(), "due", yesterday.minusDays(20).toString(), "open", "2000"),
                Map.of("outlet_ext_id", "B", "doc", "B2", "date", yesterday.minusDays(5).toString(), "due", yesterday.plusDays(9).toString(), "open", "8000"));
        assertThat(feeds.receive(system, batch(code, "FC-6", yesterday.minusDays(60), yesterday, owed), null).state()).isEqualTo("ACCEPTED");
        var orders = new ArrayList<Map<String, Object>>();
        var month = today.withDayOfMonth(1).minusMonths(1);
        for (int order = 0; order < 10; order++) {
            var day = month.plusDays(order).toString();
            orders.add(Map.ofEntries(Map.entry("kind", "ORDER"), Map.entry("ref", "O" + order), Map.entry("date", day), Map.entry("outlet_ext_id", "A"), Map.entry("line_no", 1), Map.entry("sku_ext_id", "SOAP"), Map.entry("qty_ordered", 100),
                    Map.entry("qty_delivered", order < 8 ? 100 : 50), Map.entry("price", "34.63"), Map.entry("promised_on", day), Map.entry("delivered_on", day)));
        }
        assertThat(feeds.receive(system, batch(code, "FC-8", month, month.plusMonths(1).minusDays(1), orders), null).state()).isEqualTo("ACCEPTED");
        var stock = List.<Map<String, Object>>of(Map.of("as_of", yesterday.toString(), "godown", "MAIN", "sku_ext_id", "SOAP", "batch", "B1", "mrp", "40", "bucket", "SALEABLE", "qty", 2000));
        assertThat(feeds.receive(system, batch(code, "FC-2", yesterday, yesterday, stock), null).state()).isEqualTo("ACCEPTED");
    }

    private static Map<String, Object> bill(LocalDate day, String outlet, int qty) {
        var taxable = new BigDecimal("34.63").multiply(BigDecimal.valueOf(qty));
        var half = taxable.multiply(new BigDecimal("0.025")).setScale(2, RoundingMode.HALF_UP);
        return Map.ofEntries(Map.entry("doc_no", "B" + day.toString().replace("-", "")), Map.entry("doc_type", "INV"), Map.entry("doc_date", day.toString()), Map.entry("outlet_ext_id", outlet), Map.entry("line_no", 1),
                Map.entry("sku_ext_id", "SOAP"), Map.entry("mrp", "40"), Map.entry("uom", "UNIT"), Map.entry("qty_billed", qty), Map.entry("qty_free", 0), Map.entry("base_qty", qty), Map.entry("list_price", "34.63"),
                Map.entry("line_disc", "0"), Map.entry("schemes", List.of()), Map.entry("bill_disc_share", "0"), Map.entry("taxable", taxable.toPlainString()),
                Map.entry("tax", Map.of("cgst", half.toPlainString(), "sgst", half.toPlainString())), Map.entry("total", taxable.add(half).add(half).toPlainString()), Map.entry("cancelled_flag", false));
    }

    private static String batch(String code, String type, LocalDate from, LocalDate to, List<Map<String, Object>> records) {
        var totals = new LinkedHashMap<String, String>();
        totals.put("qty", sum(records, switch (type) {
            case "FC-1" -> "base_qty";
            case "FC-4" -> "received";
            case "FC-8" -> "qty_ordered";
            default -> "qty";
        }));
        totals.put("net", sum(records, "taxable"));
        totals.put("gross", sum(records, type.equals("FC-6") ? "open" : "total"));
        var tax = BigDecimal.ZERO;
        for (var record : records) if (record.get("tax") instanceof Map<?, ?> heads) for (var head : heads.values()) tax = tax.add(new BigDecimal(head.toString()));
        totals.put("tax", tax.toPlainString());
        return JSON.writeValueAsString(Map.ofEntries(Map.entry("contract_version", "1.0"), Map.entry("source_system", "BUSY"), Map.entry("distributor_id", code), Map.entry("batch_id", UUID.randomUUID().toString()),
                Map.entry("record_type", type), Map.entry("period", Map.of("from", from.toString(), "to", to.toString())), Map.entry("record_count", records.size()), Map.entry("control_totals", totals),
                Map.entry("generated_at", "2026-01-01T00:00:00Z"), Map.entry("mode", "delta"), Map.entry("records", records)));
    }

    private static String sum(List<Map<String, Object>> records, String field) {
        var sum = BigDecimal.ZERO;
        for (var record : records) if (record.get(field) != null) sum = sum.add(new BigDecimal(record.get(field).toString()));
        return sum.toPlainString();
    }

    private Client.Answer ask(String metric, long distributor, LocalDate from, LocalDate to) {
        return sales.post("/api/v1/insight/query", Map.of("metrics", List.of(metric), "dimensions", List.of(), "filters", List.of(Map.of("dimension", "distributor", "values", List.of(Long.toString(distributor)))),
                "window", Map.of("kind", "RANGE", "from", from.toString(), "to", to.toString())));
    }

    @Test
    @Tag("FED-02") @Tag("ANA-01") @Tag("ANA-02")
    void whatTheFilesSayIsWhatTheQuestionsAnswerAndACorrectionAndACancellationFollow() {
        var month = today.withDayOfMonth(1).minusMonths(2);
        var end = month.plusMonths(1).minusDays(1);
        assertThat(ask("nsv", other.id(), month, end).json().at("/totals/nsv/value").asString()).isEqualTo("83112.00");
        assertThat(ask("primary-quantity", other.id(), month, end).json().at("/totals/primary-quantity/value").asString()).isEqualTo("2400");
        var system = new Caller(0, "feed", "Feed", EnumSet.of(Role.COE), RowScope.of(other.id()), "en");
        var code = "OTHER-" + network.tag;
        var corrected = new java.util.HashMap<>(bill(month.plusDays(2), "A", 90));
        corrected.put("revision", 2);
        feeds.receive(system, batch(code, "FC-1", month, end, List.of(corrected)), null);
        assertThat(ask("nsv", other.id(), month, end).json().at("/totals/nsv/value").asString()).as("10 pieces less").isEqualTo("82765.70");
        var cancelled = new java.util.HashMap<>(bill(month.plusDays(2), "A", 90));
        cancelled.put("revision", 3);
        cancelled.put("op", "CANCEL");
        var envelope = (ObjectNode) JSON.readTree(batch(code, "FC-1", month, end, List.of(cancelled)));
        for (var total : List.of("qty", "net", "tax", "gross")) ((ObjectNode) envelope.path("control_totals")).put(total, "0");
        assertThat(feeds.receive(system, envelope.toString(), null).accepted()).isEqualTo(1);
        assertThat(ask("nsv", other.id(), month, end).json().at("/totals/nsv/value").asString()).as("a bill of 100 pieces less").isEqualTo("79649.00");
    }

    @Test
    @Tag("DST-06") @Tag("DST-08") @Tag("DST-10") @Tag("DST-12") @Tag("DST-13") @Tag("DST-15") @Tag("DST-16") @Tag("DST-23")
    void closedMonthsArePublishedOnceExplainedAndActedOn() {
        scores.publishDue(today, network.principal);
        int again = scores.publishDue(today, network.principal);
        assertThat(again).as("published once").isZero();
        var board = sales.get("/api/v1/health/board?principalId=" + network.principal).json();
        assertThat(board.path("items").size()).as(board.toString()).isEqualTo(4);
        var detail = sales.get("/api/v1/health/distributors/" + clean.id() + "?principalId=" + network.principal).json();
        assertThat(detail.at("/score/state").asString()).as(detail.toString()).isEqualTo("RATED");
        var points = BigDecimal.ZERO;
        for (var pillar : detail.path("pillars")) for (var component : pillar.path("components")) points = points.add(new BigDecimal(component.path("points").asString()));
        assertThat(points).isBetween(new BigDecimal(detail.at("/score/raw").asString()).subtract(new BigDecimal("0.15")), new BigDecimal(detail.at("/score/raw").asString()).add(new BigDecimal("0.15")));
        assertThat(component(detail, "FILL_RATE").path("value").asString()).as("9 of 10 orders' value").isEqualTo("90");
        assertThat(component(detail, "OTIF").path("value").asString()).isEqualTo("80");
        assertThat(component(detail, "ROI").path("reason").asString()).isEqualTo("NO_SOURCE");
        assertThat(detail.at("/benchmark/reason").asString()).isEqualTo("FEWER_THAN_10_PEERS");

        var started = sales.post("/api/v1/health/playbooks/STOP_PUSH/start", Map.of("distributorIds", List.of(pushed.id(), clean.id()), "principalId", network.principal, "reason", "cover above norm")).json();
        assertThat(started.path("opened").size()).isEqualTo(2);
        var plan = started.at("/opened/0/id").asString();
        assertThat(sales.post("/api/v1/health/plans/" + plan + "/closure", Map.of("note", "done")).json().at("/errors/0/pointer").asString()).as("only with an outcome").isEqualTo("/outcome");
        assertThat(sales.post("/api/v1/health/plans/" + plan + "/closure", Map.of("outcome", "REACHED", "note", "cover is in the norm")).json().path("state").asString()).isEqualTo("CLOSED");
        assertThat(sales.post("/api/v1/health/plans/" + plan + "/log", Map.of("text", "late")).code()).isEqualTo("ILLEGAL_STATE");
        assertThat(sales.post("/api/v1/health/playbooks/STOP_PUSH/start", Map.of("distributorIds", List.of(clean.id()), "principalId", network.principal, "reason", "again")).json().path("skipped").size()).isEqualTo(1);
    }

    private static JsonNode component(JsonNode detail, String name) {
        for (var pillar : detail.path("pillars")) for (var component : pillar.path("components")) if (component.path("component").asString().equals(name)) return component;
        throw new AssertionError("no component " + name);
    }

    @Test
    @Tag("GOV-06")
    void sc08WeightsChangeByRequestOnlyWithTheirShadowInTheCheck() throws Exception {
        scores.publishDue(today, network.principal);
        ObjectNode model;
        try (var in = ScoresFromFeedsTest.class.getResourceAsStream("/insight/score-model.json")) {
            model = (ObjectNode) JSON.readTree(in.readAllBytes());
        }
        ((ObjectNode) model.at("/bands/0")).put("from", "20");
        ((ObjectNode) model.at("/bands/1")).put("from", "15");
        ((ObjectNode) model.at("/bands/2")).put("from", "10");
        var from = today.withDayOfMonth(1).plusMonths(1).toString();
        var opened = coe.post("/api/v1/score-models", Map.of("code", "EASY-" + network.tag, "validFrom", from, "note", "easier", "model", model));
        assertThat(opened.status()).as(opened.toString()).isEqualTo(202);
        var codes = new ArrayList<String>();
        opened.json().path("findings").forEach(finding -> codes.add(finding.path("code").asString()));
        assertThat(codes).as(opened.toString()).contains("SHADOW_BANDS");
        var request = Changes.submitted(coe, opened);
        assertThat(Changes.approve(coe, request).status()).as("maker is not checker").isNotEqualTo(200);
        assertThat(Changes.approve(finance, request).status()).isEqualTo(200);
        ((ObjectNode) model.at("/pillars/0")).put("weight", "31");
        var wrong = coe.post("/api/v1/score-models", Map.of("code", "WRONG-" + network.tag, "validFrom", from, "model", model));
        assertThat(wrong.toString()).contains("the pillars weigh 101");
    }

    @Test
    @Tag("ANA-04") @Tag("ANA-13") @Tag("STK-28")
    void storiesAreRaisedOnceWithEvidenceAndEndWithAnOutcome() {
        var of = Set.of(pushed.id(), starved.id(), clean.id());
        alerts.evaluate(today, of);
        assertThat(rules(pushed)).contains("STOCK_PUSH");
        assertThat(rules(starved)).contains("SUPPLY_GAP");
        assertThat(rules(clean)).doesNotContain("STOCK_PUSH", "SUPPLY_GAP", "SALES_FALLING", "MARKET_WEAK");
        assertThat(alerts.evaluate(today, of)).as("found once").isZero();
        var alert = alert(pushed, "STOCK_PUSH");
        assertThat(new BigDecimal(alert.path("money").asString())).isPositive();
        var evidence = sales.post("/api/v1/insight/query", alert.path("evidence").toString());
        assertThat(evidence.status()).as(evidence.toString()).isEqualTo(200);
        assertThat(sales.post("/api/v1/insight/query", alert.path("drill").toString()).status()).isEqualTo(200);
        var id = alert.path("id").asString();
        assertThat(sales.post("/api/v1/alerts/" + id + "/snooze", Map.of("until", today.plusDays(3).toString())).json().at("/errors/0/pointer").asString()).isEqualTo("/reason");
        assertThat(sales.post("/api/v1/alerts/" + id + "/snooze", Map.of("until", today.plusDays(3).toString(), "reason", "the festival order")).json().path("state").asString()).isEqualTo("SNOOZED");
        alerts.evaluate(today.plusDays(3), Set.of(pushed.id()));
        assertThat(sales.get("/api/v1/alerts/" + id).json().path("state").asString()).as("the day has come").isEqualTo("OPEN");
        var closed = sales.post("/api/v1/alerts/" + id + "/outcome", Map.of("outcome", "FIXED", "note", "orders stopped, 900 pieces moved")).json();
        assertThat(closed.path("log").size()).isGreaterThanOrEqualTo(3);
        assertThat(alerts.evaluate(today, Set.of(pushed.id()))).as("not told again").isZero();
    }

    private JsonNode alert(Fixture.Distributor of, String rule) {
        for (var item : sales.get("/api/v1/alerts?distributorId=" + of.id()).json().path("items")) if (item.path("rule").asString().equals(rule)) return item;
        throw new AssertionError("no alert " + rule);
    }

    private List<String> rules(Fixture.Distributor of) {
        var found = new ArrayList<String>();
        sales.get("/api/v1/alerts?distributorId=" + of.id()).json().path("items").forEach(item -> found.add(item.path("rule").asString()));
        return found;
    }
}
