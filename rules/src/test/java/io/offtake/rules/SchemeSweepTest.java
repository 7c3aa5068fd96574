package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Sweeps quantities against slow calculators that share no code with the engine (LESSON 10): they count piece by piece.
class SchemeSweepTest {
    private static final BigDecimal PRICE = new BigDecimal("34.63");

    private static Decision.Decided decide(Object scheme, Object... lines) {
        var rows = new ArrayList<Object>();
        for (int at = 0; at < lines.length; at += 2) rows.add(Map.of("sku", lines[at], "qty", lines[at + 1].toString()));
        var given = Map.<String, Object>of("lines", rows, "schemes", List.of(scheme), "book", Map.of("policy", Map.of("floor", "OFF")));
        var engine = Engine.of(RuleBookJson.read(Golden.bookText(given)));
        return (Decision.Decided) engine.decide(CommandJson.read(Golden.commandText(given), engine.book()));
    }

    @Test
    @DisplayName("M2, EX-07: 1 to 120 pieces against the slab table, on one line and on two")
    @Tag("SCH-04")
    @Tag("SCH-10")
    void wholeSlab() {
        for (int qty = 1; qty <= 120; qty++) {
            var percent = new BigDecimal(qty >= 36 ? "0.04" : qty >= 12 ? "0.02" : "0");
            var expected = PRICE.multiply(BigDecimal.valueOf(qty)).multiply(percent).setScale(2, RoundingMode.HALF_UP);
            assertThat(decide("WHOLE-2-4", "S1", qty).totals().schemeDiscount()).as("%s pieces", qty).hasToString(expected.toPlainString());
            if (qty == 1) continue;
            var first = PRICE.multiply(BigDecimal.valueOf(qty / 2)).multiply(percent).setScale(2, RoundingMode.HALF_UP);
            var second = PRICE.multiply(BigDecimal.valueOf(qty - qty / 2)).multiply(percent).setScale(2, RoundingMode.HALF_UP);
            assertThat(decide("WHOLE-2-4", "S1", qty / 2, "S1", qty - qty / 2).totals().schemeDiscount()).as("%s pieces on two lines", qty)
                    .hasToString(first.add(second).toPlainString());
        }
    }

    @Test
    @DisplayName("M2 on value, EX-14: the group's slab and its split over two SKUs, paisa by paisa")
    @Tag("SCH-04")
    void valueSlab() {
        for (int qty = 1; qty <= 160; qty += 3) {
            var soap = PRICE.multiply(BigDecimal.valueOf(qty)).setScale(2, RoundingMode.HALF_UP);
            var powder = new BigDecimal("84.00").multiply(BigDecimal.valueOf(7));
            var sum = soap.add(powder);
            var percent = sum.compareTo(new BigDecimal("5000")) >= 0 ? "0.04" : sum.compareTo(new BigDecimal("2000")) >= 0 ? "0.02" : sum.compareTo(new BigDecimal("1000")) >= 0 ? "0.01" : "0";
            var expected = sum.multiply(new BigDecimal(percent)).setScale(2, RoundingMode.HALF_UP);
            var decided = decide("GROUP-VALUE", "S1", qty, "S3", 7);
            assertThat(decided.totals().schemeDiscount()).as("%s pieces", qty).hasToString(expected.toPlainString());
            var exact = expected.multiply(soap).divide(sum, 20, RoundingMode.HALF_UP);
            assertThat(new BigDecimal(decided.lines().getFirst().schemeDiscount().toString()).subtract(exact).abs()).isLessThan(new BigDecimal("0.01"));
        }
    }

    /// Hands out free pieces one at a time, as a clerk would who counts the bought ones.
    private static int freeByCounting(int bought, int buy, int get, boolean repeat, int cap) {
        int free = 0, counted = 0;
        for (int piece = 1; piece <= bought; piece++)
            if (++counted == buy) {
                counted = 0;
                if (repeat || free == 0) free += get;
            }
        return Math.min(free, cap);
    }

    /// Goes through the ordered pieces: `buy` are billed, the next `get` are free, and again.
    private static int insideByCounting(int ordered, int buy, int get) {
        int free = 0;
        for (int done = 0; done + buy + get <= ordered; done += buy + get) free += get;
        return free;
    }

    @Test
    @DisplayName("M4, EX-09 and EX-10: 1 to 80 pieces with repeat, cap, outside and inside, against counting by hand")
    @Tag("SCH-10")
    void freeGoods() {
        for (int buy : new int[] {1, 3, 10})
            for (int get : new int[] {1, 2})
                for (int qty = 1; qty <= 80; qty += qty < 25 ? 1 : 5) {
                    check(buy, get, qty, true, 1_000_000);
                    check(buy, get, qty, false, 1_000_000);
                    check(buy, get, qty, true, 3);
                    var inside = decide(Map.of("like", "TEN-PLUS-ONE", "mechanic",
                            Map.of("type", "FREE_GOODS", "buy", Integer.toString(buy), "get", Integer.toString(get), "repeat", true, "inside", true)), "S1", qty);
                    int free = insideByCounting(qty, buy, get);
                    assertThat(inside.freeLines().stream().mapToLong(line -> line.qty().milli()).sum()).as("%s+%s inside, %s", buy, get, qty).isEqualTo(free * 1000L);
                    assertThat(inside.totals().gross()).hasToString(PRICE.multiply(BigDecimal.valueOf(qty - free)).toPlainString());
                }
    }

    private static void check(int buy, int get, int qty, boolean repeat, int cap) {
        var decided = decide(Map.of("like", "TEN-PLUS-ONE", "mechanic", Map.of("type", "FREE_GOODS", "buy", Integer.toString(buy), "get", Integer.toString(get),
                "repeat", repeat, "capPerInvoice", Integer.toString(cap))), "S1", qty);
        assertThat(decided.freeLines().stream().mapToLong(line -> line.qty().milli()).sum()).as("%s+%s, %s, repeat %s, cap %s", buy, get, qty, repeat, cap)
                .isEqualTo(freeByCounting(qty, buy, get, repeat, cap) * 1000L);
        assertThat(decided.totals().gross()).hasToString(PRICE.multiply(BigDecimal.valueOf(qty)).toPlainString());
    }

    @Test
    @DisplayName("LESSON 6: two schemes that give the same free SKU keep their own lines, and each its own claim")
    @Tag("SCH-16")
    void twoSchemesOneReward() {
        var second = Map.of("like", "TEN-PLUS-ONE", "code", "FIVE-PLUS-ONE", "mechanic",
                Map.of("type", "FREE_GOODS", "buy", "5", "get", "1", "repeat", true));
        var given = Map.<String, Object>of("lines", List.of(Map.of("sku", "S1", "qty", "10")), "schemes", List.of("TEN-PLUS-ONE", second));
        var engine = Engine.of(RuleBookJson.read(Golden.bookText(given)));
        var decided = (Decision.Decided) engine.decide(CommandJson.read(Golden.commandText(given), engine.book()));
        assertThat(decided.freeLines()).extracting(Decision.FreeLine::schemeId, line -> line.qty().toString())
                .containsExactlyInAnyOrder(org.assertj.core.groups.Tuple.tuple("TEN-PLUS-ONE", "1"), org.assertj.core.groups.Tuple.tuple("FIVE-PLUS-ONE", "2"));
        assertThat(decided.schemes()).hasSize(2);
    }

    @Test
    @DisplayName("a later version of a scheme supersedes the earlier one from its start")
    @Tag("SCH-16")
    void versions() {
        var later = Map.of("like", "WHOLE-2-4", "version", 2L, "mechanic", Map.of("type", "DISCOUNT", "reward", Map.of("percent", "0.10")));
        var given = Map.<String, Object>of("lines", List.of(Map.of("sku", "S1", "qty", "10")), "schemes", List.of("WHOLE-2-4", later), "book", Map.of("policy", Map.of("floor", "OFF")));
        var engine = Engine.of(RuleBookJson.read(Golden.bookText(given)));
        var decided = (Decision.Decided) engine.decide(CommandJson.read(Golden.commandText(given), engine.book()));
        assertThat(decided.trace()).extracting(Decision.SchemeTrace::schemeVersion).containsExactly(2);
        assertThat(decided.lines().getFirst().benefits().getFirst().schemeVersion()).isEqualTo(2);
    }
}
