package io.offtake.masters;

import static io.offtake.masters.MasterWorld.created;
import static io.offtake.masters.MasterWorld.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.access.testing.People;
import io.offtake.platform.testing.ServerTest;
import io.offtake.pricing.RuleBookSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// PX-20: a scheme of every mechanic is written, checked, put into force by a second person, and read back as it was written.
@ServerTest
class SchemeMechanicsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /// Type and the mechanic's members; `S1` stands for an SKU's code.
    private static final Map<String, List<String>> MECHANICS = Map.ofEntries(
            Map.entry("M1", List.of("LINE", "{'type':'DISCOUNT','reward':{'percent':'0.05'}}")),
            Map.entry("M2", List.of("LINE", "{'type':'WHOLE_SLAB','basis':'BASE_QTY','slabs':[{'from':'12','reward':{'percent':'0.02'}},{'from':'36','reward':{'percent':'0.04'}}]}")),
            Map.entry("M3", List.of("LINE", "{'type':'INCREMENTAL_SLAB','basis':'BASE_QTY','slabs':[{'from':'12','reward':{'percent':'0.02'}}]}")),
            Map.entry("M4", List.of("FREE_GOODS", "{'type':'FREE_GOODS','buy':'10','get':'1','repeat':true,'tax':'ZERO_PRICED','ifShort':'VALUE_AT_PTR'}")),
            Map.entry("M5", List.of("GROUP", "{'type':'COMBO','minDistinct':2,'groups':[{'products':{'skuIds':['S1']},'min':'6'},{'products':{'skuIds':['S2']},'min':'6'}],'reward':{'percent':'0.03'}}")),
            Map.entry("M6", List.of("BILL", "{'type':'VALUE_SLAB','basis':'NET_VALUE','slabs':[{'from':'1000.00','reward':{'percent':'0.01'}}]}")),
            Map.entry("M7", List.of("GROUP", "{'type':'BUNDLE_PRICE','components':[{'products':{'skuIds':['S1']},'qty':'2'}],'price':'60.00'}")),
            Map.entry("M8", List.of("ACCRUAL", "{'type':'QPS','basis':'NET_VALUE','period':'MONTH','method':'WHOLE','slabs':[{'from':'10000.00','reward':{'percent':'0.01'}}]}")),
            Map.entry("M9", List.of("ACCRUAL", "{'type':'DISPLAY','amount':'500.00','period':'MONTH','audits':4,'passScore':'0.75','payout':'PRO_RATA'}")),
            Map.entry("M10", List.of("ACCRUAL", "{'type':'CASH_DISCOUNT','terms':[{'days':7,'percent':'0.02'},{'days':14,'percent':'0.01'}]}")),
            Map.entry("M11", List.of("LINE", "{'type':'PER_CASE_REBATE','amount':'12.00','unit':'CASE'}")),
            Map.entry("M12", List.of("ACCRUAL", "{'type':'POINTS','basis':'NET_VALUE','per':'100.00','points':'1','period':'MONTH'}")));

    @LocalServerPort int port;
    @Autowired People people;
    @Autowired RuleBookSource ruleBooks;

    @Test
    @Tag("SCH-04") @Tag("SCH-08") @Tag("SCH-06") @Tag("SCH-03")
    void aSchemeOfEveryMechanicIsReadBackAsWrittenAndEvaluated() {
        var world = new MasterWorld(port, people);
        for (var sku : List.of("S1", "S2")) created(world.coe.post("/api/v1/skus", world.sku(sku)));
        MECHANICS.forEach((code, mechanic) -> {
            var form = new HashMap<String, Object>(Map.of("code", code + "-" + world.tag, "name", "Scheme " + code, "principal", world.principal, "validFrom", world.today.toString(),
                    "validTo", world.today.plusDays(30).toString(), "stage", mechanic.getFirst(), "exclusionGroup", code + world.tag, "products", Map.of("skuIds", List.of("S1", "S2")),
                    "mechanic", JSON.readValue(mechanic.getLast().replace('\'', '"'), Map.class)));
            form.put("limits", Map.of("total", Map.of("amount", "10000.00"), "perOutlet", Map.of("amount", "300.00", "period", "MONTH"), "whenCut", "PARTIAL"));
            var preview = ok(world.coe.post("/api/v1/schemes/preview", form));
            assertThat(preview.path("scheme").path("principalId").asString("")).as(code + " " + preview).isNotEmpty();
            assertThat(preview.path("findings").toString()).as(code).doesNotContain("ERROR");
            var made = world.inForce(world.coe.post("/api/v1/schemes", form)).json();
            assertThat(made.path("mechanic").asString()).isEqualTo(code);
            assertThat(made.path("scheme").path("mechanic")).as(code).isEqualTo(JSON.valueToTree(form.get("mechanic")));
            assertThat(made.path("scheme").path("limits").path("total").path("amount").asString()).isEqualTo("10000.00");
            assertThat(made.path("scheme").path("products").path("skuIds").toString()).isEqualTo("[\"S1\",\"S2\"]");
            var budget = ok(world.coe.get("/api/v1/schemes/" + made.path("id").asLong() + "/budget"));
            assertThat(budget.path("total").asString()).isEqualTo("10000.00");
            assertThat(budget.path("free").asString()).isEqualTo("10000.00");
        });
        assertThat(ruleBooks.current(world.distributorId).book().schemes()).hasSize(MECHANICS.size());
        var listed = ok(world.coe.get("/api/v1/schemes?q=" + world.tag + "&mechanic=M8,M12&sort=-mechanic")).path("items");
        assertThat(listed.path(0).path("mechanic").asString()).isEqualTo("M8");
        assertThat(listed).hasSize(2);
    }

    @Test
    @Tag("SCH-04")
    void aFormThatCannotBeEvaluatedSaysWhere() {
        var world = new MasterWorld(port, people);
        created(world.coe.post("/api/v1/skus", world.sku("S1")));
        var form = new HashMap<String, Object>(Map.of("code", "BAD-" + world.tag, "name", "Bad", "principal", world.principal, "validFrom", world.today.toString(),
                "validTo", world.today.plusDays(30).toString(), "stage", "GROUP", "products", Map.of("skuIds", List.of("S9"))));
        form.put("mechanic", Map.of("type", "COMBO", "minDistinct", 2, "reward", Map.of("percent", "two")));
        var preview = ok(world.coe.post("/api/v1/schemes/preview", form));
        assertThat(preview.path("scheme").isNull()).isTrue();
        assertThat(preview.path("findings").toString()).contains("/products/skuIds/0").contains("there is no sku S9");
        form.put("products", Map.of("skuIds", List.of("S1")));
        assertThat(ok(world.coe.post("/api/v1/schemes/preview", form)).path("findings").toString()).contains("/mechanic/reward/percent");
        form.put("stage", "FREE_GOODS");
        assertThat(ok(world.coe.post("/api/v1/schemes/preview", form)).path("findings").toString()).contains("/stage");
    }
}
