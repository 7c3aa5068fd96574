package io.offtake.masters;

import static io.offtake.masters.MasterWorld.created;
import static io.offtake.masters.MasterWorld.ok;
import static io.offtake.masters.MasterWorld.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.Role;
import io.offtake.access.testing.People;
import io.offtake.governance.testing.Changes;
import io.offtake.platform.testing.ServerTest;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.RuleBook;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Masters over HTTP: created, found, changed by version, refused with the place and what would be accepted.
@ServerTest
class MastersTest {
    @LocalServerPort
    int port;
    @Autowired
    People people;
    @Autowired
    RuleBookSource ruleBooks;

    private static MasterWorld shared;
    private static io.offtake.access.testing.Client office;

    private MasterWorld world() {
        return new MasterWorld(port, people);
    }

    /// One network for tests that only add rows of their own: signing in costs seconds by design.
    private MasterWorld shared() {
        if (shared == null) shared = world();
        return shared;
    }

    @Test
    @Tag("OUT-02")
    void anOutletLivesThroughCreateRepeatChangeAndHistory() {
        var world = world();
        var id = UUID.randomUUID();
        var outlet = world.outlet("O1");
        outlet.put("id", id);
        outlet.put("latitude", "12.971599");
        outlet.put("longitude", "77.594566");
        outlet.put("gstin", "29ABCDE1234F1ZW");
        var first = world.clerk().post("/api/v1/outlets", outlet);
        assertThat(created(first).path("id").asString()).isEqualTo(id.toString());
        assertThat(first.etag()).isEqualTo("\"1\"");
        assertThat(first.json().path("registration").asString()).isEqualTo("REGULAR");
        assertThat(first.json().path("latitude").asString()).isEqualTo("12.971599");
        assertThat(world.clerk().post("/api/v1/outlets", outlet).status()).as("a repeat is harmless").isEqualTo(200);
        var other = new HashMap<>(outlet);
        other.put("name", "Another shop");
        refused(world.clerk().post("/api/v1/outlets", other), 409, "ID_REUSED");
        other.put("id", UUID.randomUUID());
        refused(world.clerk().post("/api/v1/outlets", other), 409, "DUPLICATE");

        outlet.put("name", "Ganesh Super Stores");
        var changed = world.clerk().put("/api/v1/outlets/" + id, outlet, first.etag());
        assertThat(ok(changed).path("version").asInt()).isEqualTo(2);
        refused(world.clerk().put("/api/v1/outlets/" + id, outlet, first.etag()), 412, "STALE");
        refused(world.clerk().send("PUT", "/api/v1/outlets/" + id, outlet, Map.of()), 428, "IF_MATCH_MISSING");
        var history = ok(world.clerk().get("/api/v1/outlets/" + id + "/history")).path("items");
        assertThat(history).hasSize(2);
        assertThat(history.path(0).path("action").asString()).isEqualTo("CHANGED");
        assertThat(history.path(0).path("details").path("before").path("name").asString()).isEqualTo("Shri Ganesh Stores");
        assertThat(history.path(0).path("details").path("after").path("name").asString()).isEqualTo("Ganesh Super Stores");
        assertThat(history.path(1).path("action").asString()).isEqualTo("CREATED");
    }

    @Test
    @Tag("OUT-01")
    void aShopThatTwoDistributorsServeHasOnePlatformIdentity() {
        var one = world();
        var two = world();
        var first = created(one.clerk().post("/api/v1/outlets", one.outlet("A1")));
        var shared = two.outlet("Z9");
        shared.put("platformOutletId", first.path("platformOutletId").asString());
        var second = created(two.clerk().post("/api/v1/outlets", shared));
        assertThat(second.path("platformOutletId")).isEqualTo(first.path("platformOutletId"));
        assertThat(second.path("id")).isNotEqualTo(first.path("id"));
        assertThat(created(one.clerk().post("/api/v1/outlets", one.outlet("A2"))).path("platformOutletId")).isNotEqualTo(first.path("platformOutletId"));
    }

    @ParameterizedTest
    @CsvSource({
            "27ABCDE1234F1Z0, 27, ", "29ABCDE1234F1ZW, 29, ", "27PQRST5678K1Z2, 27, ", "07PQRST5678K1Z4, 07, ",
            "27ABCDE1234F1Z1, 27, CHECK_DIGIT", "27ABCDE1234F1Z0, 29, INVALID", "27abcde1234f1z0, 27, INVALID", "27ABCDE1234F0Z0, 27, INVALID", "27ABCDE1234F1X0, 27, INVALID",
            "27ABCDE1234F1Z, 27, INVALID", "27ABCDE1234F1Z00, 27, INVALID"})
    @Tag("OUT-02")
    void aGstinIsCheckedByCheckCharacterAndState(String gstin, String state, String code) {
        var world = shared();
        var outlet = world.outlet("G" + gstin + state);
        outlet.put("gstin", gstin);
        outlet.put("stateCode", state);
        var answer = world.clerk().post("/api/v1/outlets", outlet);
        if (code == null) created(answer);
        else refused(answer, 422, code);
    }

    @Test
    void everyFaultOfAFormIsToldAtOnceWithItsPlace() {
        var world = shared();
        var answer = world.clerk().post("/api/v1/outlets", Map.of("code", "", "name", " ", "channel", "GT", "outletClass", "A", "stateCode", "99", "pin", "12", "latitude", "91", "beat", "NONE", "phone", "abc"));
        refused(answer, 422, "INVALID");
        var pointers = new HashSet<String>();
        answer.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asString()));
        assertThat(pointers).contains("/code", "/name", "/stateCode", "/pin", "/latitude", "/longitude", "/beat", "/phone");
        assertThat(answer.json().path("errors").path(0).path("accepted").asString()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'; drop table network.outlet; --", "<script>alert(1)</script>", "शिवशक्ति किराना स्टोर", "متجر الركن", "👨‍👩‍👧‍👦 Store", "A%B_C\\D", "=SUM(A1)", "İstanbul ﷽", "Ω≈ç√∫˜µ≤≥÷"})
    @Tag("OUT-02")
    void namesComeBackAsTheyWereSent(String name) {
        var world = shared();
        var outlet = world.outlet("N1" + Integer.toHexString(name.hashCode()));
        outlet.put("name", name);
        var made = created(world.clerk().post("/api/v1/outlets", outlet));
        assertThat(made.path("name").asString()).isEqualTo(name);
        var found = ok(world.clerk().get("/api/v1/outlets?q=" + java.net.URLEncoder.encode(name, java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(found.path("items")).hasSize(1);
        outlet.put("code", "N2");
        outlet.put("name", "line\nbreak");
        refused(world.clerk().post("/api/v1/outlets", outlet), 422, "INVALID");
        outlet.put("name", "n\u0000ul");
        refused(world.clerk().post("/api/v1/outlets", outlet), 400, "MALFORMED");
    }

    @Test
    @Tag("GOV-05")
    void nobodySeesOrWritesBeyondRoleAndDistributor() {
        var one = world();
        var two = world();
        var made = created(one.clerk().post("/api/v1/outlets", one.outlet("R1")));
        var path = "/api/v1/outlets/" + made.path("id").asString();
        refused(two.clerk().get(path), 404, "NOT_FOUND");
        refused(two.clerk().get(path + "/history"), 404, "NOT_FOUND");
        refused(two.clerk().put(path, two.outlet("R1"), "\"1\""), 404, "NOT_FOUND");
        assertThat(ok(two.clerk().get("/api/v1/outlets")).path("items")).isEmpty();
        var theirs = two.outlet("R2");
        theirs.put("distributorId", one.distributorId);
        refused(two.clerk().post("/api/v1/outlets", theirs), 404, "NOT_FOUND");
        refused(one.clerk().post("/api/v1/skus", one.sku("S1")), 403, "FORBIDDEN");
        refused(one.clerk().post("/api/v1/tax-rates", Map.of()), 403, "FORBIDDEN");
        refused(one.clerk().post("/api/v1/price-lists", Map.of("level", 7)), 403, "FORBIDDEN");
        refused(one.clerk().post("/api/v1/schemes", Map.of()), 403, "FORBIDDEN");
        refused(one.clerk().post("/api/v1/credit-terms", Map.of()), 403, "FORBIDDEN");
        refused(one.clerk().post("/api/v1/number-series", Map.of("fiscalYear", 2026)), 403, "FORBIDDEN");
        refused(one.clerk().post("/api/v1/principals", Map.of()), 403, "FORBIDDEN");
        refused(people.headOffice(Role.AUD).signIn(port).post("/api/v1/categories", Map.of()), 403, "FORBIDDEN");
    }

    @Test
    void pagesStayStableWhileRowsAreAdded() {
        var world = world();
        for (int at = 0; at < 9; at++) {
            var outlet = world.outlet("S" + at);
            outlet.put("name", "Same name");
            created(world.clerk().post("/api/v1/outlets", outlet));
        }
        var seen = new HashSet<String>();
        String next = null;
        int added = 0;
        do {
            var page = ok(world.clerk().get("/api/v1/outlets?limit=3&sort=code" + (next == null ? "" : "&cursor=" + next)));
            page.path("items").forEach(item -> assertThat(seen.add(item.path("code").asString())).isTrue());
            next = page.path("next").isNull() ? null : page.path("next").asString();
            created(world.clerk().post("/api/v1/outlets", world.outlet("A" + added++)));   // before the place already read
        } while (next != null);
        assertThat(seen).containsExactlyInAnyOrder("S0", "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8");
    }

    @Test
    @Tag("STK-09")
    @Tag("OUT-12")
    void aSkuHasUnitsAsExactRatiosAndBarcodesWithCheckDigit() {
        var world = world();
        var sku = world.sku("S1");
        sku.put("barcodes", List.of(Map.of("gtin", "8901030865230", "unit", "PCS")));
        var wrong = world.coe.post("/api/v1/skus", sku);
        refused(wrong, 422, "CHECK_DIGIT");
        var right = wrong.json().path("errors").path(0).path("accepted").asString().replaceAll(".*ends with (\\d).*", "$1");
        sku.put("barcodes", List.of(Map.of("gtin", "890103086523" + right, "unit", "PCS")));
        var made = world.coe.post("/api/v1/skus", sku);
        assertThat(created(made).path("units")).hasSize(2);
        assertThat(made.json().path("units").path(0).path("code").asString()).isEqualTo("CASE");
        assertThat(made.json().path("units").path(0).path("numerator").asLong()).isEqualTo(72);
        var other = world.sku("S2");
        other.put("barcodes", sku.get("barcodes"));
        refused(world.coe.post("/api/v1/skus", other), 409, "DUPLICATE");
        other.put("barcodes", List.of());
        other.put("units", List.of(Map.of("code", "CASE", "numerator", 0)));
        refused(world.coe.post("/api/v1/skus", other), 422, "INVALID");
        other.put("units", List.of());
        other.put("hsn", "34011");
        other.put("pts", "41");
        assertThat(world.coe.post("/api/v1/skus", other).json().path("errors")).hasSize(2);
        assertThat(ok(world.coe.get("/api/v1/skus?brand=" + world.brand + "&q=890103086523")).path("items")).hasSize(1);
    }

    @Test
    @Tag("CMP-05")
    @Tag("BIL-04")
    void taxRatesOfOneHsnNeverOverlapAndThePastStays() {
        var world = world();
        var hsn = Long.toString(10_000_000 + Math.abs(System.nanoTime() % 80_000_000));
        var old = new HashMap<String, Object>(Map.of("hsnPrefix", hsn, "ratePercent", "18", "validFrom", "2017-07-01", "source", "N/N 1/2017"));
        var made = world.inForce(world.coe.post("/api/v1/tax-rates", old));
        var next = new HashMap<String, Object>(Map.of("hsnPrefix", hsn, "ratePercent", "5", "validFrom", world.today.plusDays(10).toString(), "source", "N/N 9/2025"));
        refused(world.coe.post("/api/v1/tax-rates", next), 409, "DUPLICATE");
        old.put("ratePercent", "12");
        var path = "/api/v1/tax-rates/" + made.json().path("id").asLong();
        refused(world.coe.put(path, old, made.etag()), 409, "VERSION_NOT_FUTURE");
        old.put("ratePercent", "18");
        old.put("validTo", world.today.plusDays(9).toString());
        world.inForce(world.coe.put(path, old, made.etag()));
        world.inForce(world.coe.post("/api/v1/tax-rates", next));
        next.put("hsnPrefix", hsn.substring(0, 6));
        next.put("ratePercent", "0");
        refused(world.coe.post("/api/v1/tax-rates", next), 422, "INVALID");
        assertThat(ok(world.coe.get("/api/v1/rounding-policies")).path("items")).isNotEmpty();
    }

    @Test
    @Tag("SCH-02")
    @Tag("SCH-01")
    void aPriceListIsPublishedAfterItsChecksAndSupersededByTheNextVersion() {
        var world = world();
        rates(world);
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        var before = ruleBooks.current(world.distributorId);
        assertThat(before.book().priceLists()).isEmpty();
        var list = new HashMap<String, Object>(Map.of("code", "NAT" + world.tag, "name", "National", "principal", world.principal, "level", 7, "validFrom", world.today.toString()));
        var made = world.coe.post("/api/v1/price-lists", list);
        long id = created(made).path("id").asLong();
        var line = new HashMap<String, Object>(Map.of("list", "NAT" + world.tag, "sku", "S1", "price", "39.00"));
        var lineMade = world.coe.post("/api/v1/price-list-lines", line);
        created(lineMade);
        refused(world.coe.send("POST", "/api/v1/price-lists/" + id + "/publication", Map.of(), Map.of("If-Match", made.etag())), 409, "PRICE_ABOVE_MRP");
        line.put("price", "30");
        var lower = world.coe.put("/api/v1/price-list-lines/" + lineMade.json().path("id").asLong(), line, lineMade.etag());
        ok(lower);
        refused(world.coe.send("POST", "/api/v1/price-lists/" + id + "/publication", Map.of(), Map.of("If-Match", made.etag())), 409, "PRICE_BELOW_FLOOR");
        line.put("price", "34.63");
        ok(world.coe.put("/api/v1/price-list-lines/" + lineMade.json().path("id").asLong(), line, lower.etag()));
        world.inForce(world.coe.send("POST", "/api/v1/price-lists/" + id + "/publication", Map.of(), Map.of("If-Match", made.etag())));
        var book = ruleBooks.current(world.distributorId);
        assertThat(book.versions().national()).isGreaterThan(before.versions().national());
        assertThat(book.book().priceLists()).hasSize(1);
        assertThat(book.book().priceLists().getFirst().lines().getFirst().price()).hasToString("34.63");
        assertThat(book.hash()).isNotEqualTo(before.hash());
        assertThat(ruleBooks.current(world.distributorId)).isSameAs(book);
        assertThat(ruleBooks.json(world.distributorId)).isEqualTo(book.json());

        refused(world.coe.post("/api/v1/price-list-lines", Map.of("list", "NAT" + world.tag, "sku", "S1", "mrp", "42", "price", "36")), 409, "VERSION_NOT_FUTURE");
        var next = created(world.coe.post("/api/v1/price-lists/" + id + "/versions", Map.of("validFrom", world.today.plusDays(5).toString())));
        long nextId = next.path("id").asLong();
        assertThat(next.path("versionNo").asInt()).isEqualTo(2);
        assertThat(next.path("lines").asInt()).isEqualTo(1);
        var copied = ok(world.coe.get("/api/v1/price-list-lines?priceListId=" + nextId)).path("items").path(0);
        line.put("versionNo", 2);
        line.put("price", "33.50");
        ok(world.coe.put("/api/v1/price-list-lines/" + copied.path("id").asLong(), line, "\"1\""));
        world.inForce(world.coe.send("POST", "/api/v1/price-lists/" + nextId + "/publication", Map.of(), Map.of("If-Match", "\"1\"")));
        var superseded = ok(world.coe.get("/api/v1/price-lists/" + id));
        assertThat(superseded.path("validTo").asString()).isEqualTo(world.today.plusDays(4).toString());
        assertThat(ruleBooks.current(world.distributorId).book().priceLists()).hasSize(2);
    }

    private static void rates(MasterWorld world) {
        var answer = world.coe.post("/api/v1/tax-rates", Map.of("hsnPrefix", "3401", "ratePercent", "5", "validFrom", "2025-09-22", "source", "N/N 9/2025-CT(R)"));
        assertThat(answer.status()).as(answer.toString()).isIn(200, 202, 409);
        if (answer.status() == 202) world.inForce(answer);
    }

    @Test
    @Tag("SCH-02")
    void twoListsOfOneLevelFromTheSameDayAreATie() {
        var world = world();
        rates(world);
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        for (var code : List.of("X", "Y")) {
            var made = world.coe.post("/api/v1/price-lists", Map.of("code", code + world.tag, "name", code, "principal", world.principal, "level", 4, "channel", "GT", "validFrom", world.today.toString()));
            created(made);
            created(world.coe.post("/api/v1/price-list-lines", Map.of("list", code + world.tag, "sku", "S1", "price", "34.20")));
            var published = world.coe.send("POST", "/api/v1/price-lists/" + made.json().path("id").asLong() + "/publication", Map.of(), Map.of("If-Match", made.etag()));
            if (code.equals("X")) world.inForce(published);
            else refused(published, 409, "DUPLICATE");
        }
        refused(world.coe.post("/api/v1/price-lists", Map.of("code", "Z" + world.tag, "name", "Z", "principal", world.principal, "level", 6, "channel", "GT", "validFrom", world.today.toString())), 422, "INVALID");
    }

    @Test
    @Tag("SCH-02")
    void aContractPriceRaisesItsDistributorOnly() {
        var world = world();
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        created(world.clerk().post("/api/v1/outlets", world.outlet("O1")));
        var before = ruleBooks.current(world.distributorId);
        var office = world.headOffice(Role.SO);
        var price = new HashMap<String, Object>(Map.of("distributorId", world.distributorId, "level", 1, "outlet", "O1", "principal", world.principal, "sku", "S1", "price", "33.90", "validFrom", world.today.toString()));
        Changes.inForce(office, world.finance(), office.post("/api/v1/contract-prices", price));
        var after = ruleBooks.current(world.distributorId);
        assertThat(after.versions().distributor()).isGreaterThan(before.versions().distributor());
        assertThat(after.book().priceLists()).anyMatch(list -> list.level() == RuleBook.Level.OUTLET && list.lines().getFirst().price().toString().equals("33.90"));
        price.put("price", "41");
        price.put("validFrom", world.today.plusDays(1).toString());
        refused(office.post("/api/v1/contract-prices", price), 409, "PRICE_ABOVE_MRP");
        price.put("level", 3);
        refused(office.post("/api/v1/contract-prices", price), 422, "INVALID");
    }

    private Map<String, Object> scheme(MasterWorld world, String mechanic) {
        var scheme = new HashMap<String, Object>(Map.of("code", mechanic + "-" + world.tag, "name", "Scheme " + mechanic, "principal", world.principal,
                "validFrom", world.today.toString(), "validTo", world.today.plusDays(30).toString(), "products", Map.of("skuIds", List.of("S1")), "eligibility", Map.of("channels", List.of("GT"))));
        scheme.put("mechanic", switch (mechanic) {
            case "M1" -> Map.of("type", "DISCOUNT", "reward", Map.of("percent", "0.05"));
            case "M2" -> Map.of("type", "WHOLE_SLAB", "basis", "BASE_QTY", "slabs", List.of(slab("12", "35", "0.02"), slab("36", null, "0.04")));
            default -> Map.of("type", "FREE_GOODS", "buy", "10", "get", "1", "repeat", true, "tax", "ZERO_PRICED");
        });
        return scheme;
    }

    private static Map<String, Object> slab(String from, String to, String percent) {
        var slab = new HashMap<String, Object>(Map.of("from", from, "reward", Map.of("percent", percent)));
        if (to != null) slab.put("to", to);
        return slab;
    }

    @ParameterizedTest
    @ValueSource(strings = {"M1", "M2", "M4"})
    @Tag("SCH-04")
    void aSchemeWrittenByFormIsWhatTheRulesEvaluate(String mechanic) {
        var world = world();
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        var made = world.inForce(world.coe.post("/api/v1/schemes", scheme(world, mechanic)));
        var view = made.json().path("scheme");
        assertThat(view.path("products").path("skuIds").path(0).asString()).isEqualTo("S1");
        assertThat(ruleBooks.current(world.distributorId).book().schemes()).singleElement().satisfies(scheme -> {
            assertThat(scheme.code()).isEqualTo(mechanic + "-" + world.tag);
            assertThat(scheme.eligibility().channels()).containsExactly("GT");
            assertThat(scheme.principalShare()).hasToString("1");
        });
        // what is read back may be written again: nothing changes, no new version
        var same = world.coe.put("/api/v1/schemes/" + made.json().path("id").asLong(), view, made.etag());
        assertThat(ok(same).path("version").asInt()).isEqualTo(1);
        var next = new HashMap<>(scheme(world, mechanic));
        next.put("name", "Better");
        refused(world.coe.put("/api/v1/schemes/" + made.json().path("id").asLong(), next, made.etag()), 409, "VERSION_NOT_FUTURE");
        next.put("validFrom", world.today.plusDays(3).toString());
        var second = world.inForce(world.coe.put("/api/v1/schemes/" + made.json().path("id").asLong(), next, made.etag()));
        assertThat(ok(second).path("version").asInt()).isEqualTo(2);
        var versions = ok(world.coe.get("/api/v1/schemes/" + made.json().path("id").asLong() + "/versions")).path("items");
        assertThat(versions).hasSize(2);
        assertThat(versions.path(1).path("validTo").asString()).isEqualTo(world.today.plusDays(2).toString());
        assertThat(ruleBooks.current(world.distributorId).book().schemes()).hasSize(2);
    }

    @Test
    @Tag("SCH-04")
    void setUpFaultsAreErrorsAndDoubtfulRewardsAreWarnings() {
        var world = world();
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        var overlap = scheme(world, "M2");
        overlap.put("mechanic", Map.of("type", "WHOLE_SLAB", "basis", "BASE_QTY", "slabs", List.of(slab("12", "36", "0.02"), slab("36", null, "0.04"))));
        assertThat(world.coe.post("/api/v1/schemes", overlap).text()).contains("overlaps");
        var gap = scheme(world, "M2");
        gap.put("mechanic", Map.of("type", "WHOLE_SLAB", "basis", "BASE_QTY", "slabs", List.of(slab("12", "30", "0.02"), slab("36", null, "0.04"))));
        assertThat(world.coe.post("/api/v1/schemes", gap).text()).contains("gap");
        var noTax = scheme(world, "M4");
        noTax.put("mechanic", Map.of("type", "FREE_GOODS", "buy", "10", "get", "1"));
        var refusal = world.coe.post("/api/v1/schemes", noTax);
        refused(refusal, 422, "INVALID");
        assertThat(refusal.json().path("errors").path(0).path("pointer").asString()).isEqualTo("/mechanic/tax");
        var period = scheme(world, "M1");
        period.put("validTo", world.today.minusDays(1).toString());
        refused(world.coe.post("/api/v1/schemes", period), 422, "INVALID");
        var dead = scheme(world, "M2");
        dead.put("mechanic", Map.of("type", "WHOLE_SLAB", "basis", "BASE_QTY", "slabs", List.of(slab("10", "19", "0.02"), slab("20", null, "0.4"))));
        var doubtful = world.coe.post("/api/v1/schemes", dead);
        assertThat(doubtful.json().path("findings").toString()).contains("DEAD_ZONE").contains("REWARD_TOO_HIGH");
        assertThat(world.inForce(doubtful).json().path("warnings").toString()).contains("Dead zone").contains("more than 30 %");
        var disagreeing = scheme(world, "M1");
        disagreeing.put("stacking", "ADDITIVE");
        assertThat(world.coe.post("/api/v1/schemes", disagreeing).text()).contains("PX-23");
    }

    @Test
    @Tag("SCH-01")
    void aSchemeIsPausedResumedAndEndedEarlierButNeverLater() {
        var world = world();
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        var path = "/api/v1/schemes/" + world.inForce(world.coe.post("/api/v1/schemes", scheme(world, "M1"))).json().path("id").asLong();
        refused(world.coe.post(path + "/pause", Map.of()), 422, "INVALID");
        assertThat(ok(world.coe.post(path + "/pause", Map.of("reason", "stock out"))).path("status").asString()).isEqualTo("PAUSED");
        assertThat(ruleBooks.current(world.distributorId).book().schemes()).isEmpty();
        var resumption = world.coe.post(path + "/resumption", Map.of());
        assertThat(ruleBooks.current(world.distributorId).book().schemes()).as("nothing gives money again before somebody else approves it").isEmpty();
        Changes.approved(world.coe, world.finance(), resumption);
        assertThat(ruleBooks.current(world.distributorId).book().schemes()).hasSize(1);
        refused(world.coe.post(path + "/end", Map.of("on", world.today.plusDays(40).toString())), 409, "VERSION_NOT_FUTURE");
        Changes.approved(world.coe, world.finance(), world.coe.post(path + "/end", Map.of("on", world.today.plusDays(7).toString())));
        assertThat(ruleBooks.current(world.distributorId).book().schemes().getFirst().validTo()).isEqualTo((int) world.today.plusDays(7).toEpochDay());
        refused(world.clerk().post(path + "/pause", Map.of("reason", "no")), 403, "FORBIDDEN");
    }

    @ParameterizedTest
    @CsvSource({"KT26/, 6, 201", "kt26/, 6, 422", "0A/, 6, 422", "-A, 6, 422", "KT26-LONG-NAME/, 6, 422", "KT_1, 6, 422", "A, 10, 201"})
    @Tag("GOV-03")
    void aSeriesMakesNumbersThatTheLawAccepts(String series, int width, int status) {
        var world = shared();
        if (office == null) office = world.headOffice(Role.COE);
        var answer = office.post("/api/v1/number-series", Map.of("distributorId", world.distributorId, "documentType", "INVOICE", "series", series, "fiscalYear", 2026, "width", width, "startNumber", 41));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status == 201 ? 202 : status);
        if (status == 201) {
            assertThat(Changes.inForce(office, world.finance(), answer).json().path("nextFormatted").asString()).isEqualTo(series + "0".repeat(width - 2) + "41");
            refused(office.post("/api/v1/number-series", Map.of("distributorId", world.distributorId, "documentType", "CREDIT_NOTE", "series", series, "fiscalYear", 2026)), 409, "DUPLICATE");
        }
    }

    @Test
    @Tag("LOC-03")
    void anOutletHasCreditTermsPerPrincipal() {
        var world = world();
        var other = new MasterWorld(port, people);
        created(world.clerk().post("/api/v1/outlets", world.outlet("O1")));
        var finance = world.headOffice(Role.FIN);
        Changes.inForce(finance, world.finance(), finance.post("/api/v1/credit-terms", Map.of("distributorId", world.distributorId, "outlet", "O1", "principal", world.principal, "creditLimit", "25000", "creditDays", 14)));
        Changes.inForce(finance, world.finance(), finance.post("/api/v1/credit-terms", Map.of("distributorId", world.distributorId, "outlet", "O1", "principal", other.principal, "creditLimit", "5000", "creditDays", 7)));
        var terms = ok(world.clerk().get("/api/v1/credit-terms?outlet=O1")).path("items");
        assertThat(terms).hasSize(2);
        assertThat(ok(other.clerk().get("/api/v1/credit-terms")).path("items")).isEmpty();
    }

    @Test
    @Tag("LOC-03")
    void aDistributorSellsForSeveralPrincipalsAndItsRuleBookHasThemAll() {
        var world = world();
        var other = new MasterWorld(port, people);
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        created(other.coe.post("/api/v1/skus", other.sku("S1")));
        var office = world.headOffice(Role.COE);
        var mine = ok(office.get("/api/v1/distributors/" + world.distributorId));
        var form = new HashMap<String, Object>(Map.of("code", world.distributor, "name", "Kesar Traders", "stateCode", "29", "principals", List.of(world.principal, other.principal)));
        ok(office.put("/api/v1/distributors/" + world.distributorId, form, "\"" + mine.path("version").asInt() + "\""));
        var book = ruleBooks.current(world.distributorId).book();
        assertThat(book.principals()).hasSize(2);
        assertThat(book.skus()).hasSize(2);
        assertThat(ruleBooks.current(other.distributorId).book().skus()).hasSize(1);
    }
}
