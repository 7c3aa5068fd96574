package io.offtake.bench;

import io.offtake.Offtake;
import io.offtake.governance.ConfigVersions;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RuleBookSource;
import io.offtake.testing.Fixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;

/// `./offtake bench rulebooks`: compiled rule books of 500 distributors, 2,000 SKUs and 1,000 schemes in force: memory, and how
/// long until a national change and a change for one distributor are in force for whoever posts next.
class RuleBookBench {
    private static final int DISTRIBUTORS = 500;
    private static final int SKUS = 2_000;
    private static final int SCHEMES = 1_000;
    @TempDir
    Path home;
    private final List<String> report = new ArrayList<>();

    @Test
    void measure() throws Exception {
        var application = new SpringApplication(Offtake.class);
        application.setLogStartupInfo(false);
        try (var context = application.run("--offtake.home=" + home, "--server.port=0", "--server.address=127.0.0.1")) {
            var today = LocalDate.now(context.getBean(Clock.class).withZone(ZoneId.of("Asia/Kolkata")));
            var transactions = context.getBean(TenantTransaction.class);
            var books = context.getBean(RuleBookSource.class);
            var versions = context.getBean(ConfigVersions.class);
            var fixture = new Fixture(transactions, today);
            masters(transactions, fixture, today);
            var ids = new ArrayList<Long>();
            for (int at = 0; at < DISTRIBUTORS; at++) ids.add(fixture.distributor("B" + at).id());
            say(DISTRIBUTORS + " distributors, " + SKUS + " SKUs, " + SCHEMES + " schemes in force");

            var before = heap();
            var first = all(books, ids);
            var held = heap() - before;
            say("all compiled in " + first + " ms; they hold " + Math.round(held / 1e6) + " MB; one as text " + Math.round(books.current(ids.getFirst()).json().length() / 1e3) + " KB in "
                    + books.current(ids.getFirst()).parts().size() + " parts");
            for (int round = 0; round < 3; round++) {
                raise(transactions, versions, ConfigVersions.NATIONAL);
                say("a national change is in force for all after " + all(books, ids) + " ms");
            }
            var slowest = 0L;
            for (int at = 0; at < 20; at++) {
                var id = ids.get(at * 7);
                var began = System.nanoTime();
                raise(transactions, versions, ConfigVersions.distributor(id));
                books.current(id);
                slowest = Math.max(slowest, (System.nanoTime() - began) / 1_000_000);
            }
            say("a change for one distributor is in force after at most " + slowest + " ms (20 tried)");
        }
        Assertions.assertFalse(report.isEmpty());
        Files.write(Path.of("target/rulebook-bench.txt"), report);
    }

    private void say(String line) {
        report.add(line);
        System.out.println(line);
    }

    private static void raise(TenantTransaction transactions, ConfigVersions versions, String part) {
        transactions.shared(_ -> {
            versions.raise(part);
            return null;
        });
    }

    /// Asks for each distributor's book as its next posting would; milliseconds.
    private static long all(RuleBookSource books, List<Long> ids) {
        var began = System.nanoTime();
        for (var id : ids) Assertions.assertEquals(SCHEMES, books.current(id).book().schemes().size());
        return (System.nanoTime() - began) / 1_000_000;
    }

    private static long heap() throws InterruptedException {
        for (int at = 0; at < 4; at++) {
            System.gc();
            Thread.sleep(200);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void masters(TenantTransaction transactions, Fixture fixture, LocalDate today) {
        transactions.shared(db -> {
            var like = fixture.skus.get("S1");
            db.sql("""
                    insert into catalog.sku (principal_id, code, name, category_id, brand_id, hsn, mrp, pts)
                    select principal_id, 'X' || n, 'Soap ' || n, category_id, brand_id, hsn, mrp, pts from catalog.sku, generate_series(7, :skus) n where id = :like""")
                    .params(Map.of("skus", SKUS, "like", like)).update();
            db.sql("insert into catalog.sku_unit (sku_id, unit, name, numerator) select id, 'CASE', 'Case', 72 from catalog.sku where principal_id = :principal and code like 'X%'")
                    .param("principal", fixture.principal).update();
            db.sql("""
                    insert into pricing.price_list_line (price_list_id, sku_id, price)
                    select (select id from pricing.price_list where principal_id = :principal), id, 34.63 from catalog.sku where principal_id = :principal and code like 'X%'""")
                    .param("principal", fixture.principal).update();
            return null;
        });
        var shapes = List.of("""
                "stage":"LINE","mechanic":{"type":"WHOLE_SLAB","basis":"BASE_QTY","slabs":[{"from":"12","reward":{"percent":"0.02"}},{"from":"36","reward":{"percent":"0.04"}}]},
                """, """
                "stage":"FREE_GOODS","mechanic":{"type":"FREE_GOODS","buy":"10","get":"1","repeat":true,"inside":false,"tax":"ZERO_PRICED","ifShort":"REFUSE"},
                """, """
                "stage":"GROUP","mechanic":{"type":"WHOLE_SLAB","basis":"GROSS_VALUE","slabs":[{"from":"1000","reward":{"percent":"0.01"}},{"from":"5000","reward":{"percent":"0.03"}}]},
                """);
        var skus = transactions.<List<Long>>shared(db -> db.sql("select id from catalog.sku where principal_id = ? order by id").param(fixture.principal).query(Long.class).list());
        for (int at = 0; at < SCHEMES; at++) {
            var those = new StringBuilder();
            for (int of = 0; of < 12; of++) those.append(of == 0 ? "" : ",").append('"').append(skus.get((at * 13 + of * 17) % skus.size())).append('"');
            fixture.scheme("S" + at, "M2", shapes.get(at % 3) + "\"products\":{\"skuIds\":[" + those + "]},\"eligibility\":{\"channels\":[\"" + (at % 2 == 0 ? "GROCER" : "CHEMIST")
                    + "\"]},\"stacking\":\"CASCADE\",\"exclusionGroup\":\"G" + at % 40 + "\",\"priority\":" + at % 100 + ",\"principalShare\":\"1\",\"claimable\":true,\"claimRate\":\"PTS\"",
                    today.minusDays(10), today.plusDays(10));
        }
    }
}
