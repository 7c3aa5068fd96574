package io.offtake.rules.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Section 4's promise on random bills: eligibility, slab, free quantity, caps and trace are the same however equal goods are written
/// down; permutation changes no total, a split at most 0.01 per extra line and rounding step.
class BillPropertiesTest {
    private static final int CASES = Integer.getInteger("properties.cases", 500);
    private static final long FIRST = Long.getLong("oracle.seed", 1);
    private final Contender engine = Contender.onClassPath();

    private Map<String, Object> decided(Case one) {
        return JsonText.object(engine.decide(one));
    }

    @Test
    @DisplayName("LESSON 1: the order of the lines changes nothing, not even when they are numbered anew")
    @Tag("SCH-10")
    void permutation() {
        for (long seed = FIRST; seed < FIRST + CASES; seed++) {
            var one = AnyCase.of(seed);
            var random = new Random(seed);
            var mixed = new ArrayList<>(one.lines());
            Collections.shuffle(mixed, random);
            var batches = new ArrayList<>(JsonText.maps(one.command().get("batches")));
            Collections.shuffle(batches, random);
            var schemes = new ArrayList<>(one.schemes());
            Collections.shuffle(schemes, random);
            var answer = engine.decide(one);
            var other = one.withCommand("lines", mixed).withCommand("batches", batches);
            assertThat(engine.decide(other)).as("seed %s, lines and batches in another order", seed).isEqualTo(answer);
            assertThat(engine.decide(one.withBook("schemes", schemes))).as("seed %s, schemes in another order", seed).isEqualTo(answer);
            var renumbered = new ArrayList<Map<String, Object>>();
            for (int at = 0; at < mixed.size(); at++) renumbered.add(Case.with(mixed.get(at), "line", (long) at + 1));
            var anew = decided(one.withCommand("lines", renumbered));
            var before = JsonText.object(answer);
            assertThat(anew.get("totals")).as("seed %s, numbered anew", seed).isEqualTo(before.get("totals"));
            assertThat(trace(anew, true)).as("seed %s, numbered anew", seed).isEqualTo(trace(before, true));
            assertThat(anew.get("freeLines")).as("seed %s, numbered anew", seed).isEqualTo(before.get("freeLines"));
            assertThat(anew.get("limits")).as("seed %s, numbered anew", seed).isEqualTo(before.get("limits"));
            assertThat(anew.get("accruals")).as("seed %s, numbered anew", seed).isEqualTo(before.get("accruals"));
        }
    }

    /// What a trace decides: without the line numbers, and with or without the money that rounding may move.
    private static List<Object> trace(Map<String, Object> answer, boolean money) {
        var rows = new ArrayList<>();
        for (var row : JsonText.maps(answer.get("trace"))) {
            var kept = new TreeMap<>(row);
            kept.remove("lines");
            if (!money) {
                for (var member : List.of("benefit", "next")) kept.remove(member);
                if (row.get("condition") != null && (row.get("condition").toString().startsWith("LIMIT") || row.get("condition").equals("THRESHOLD"))) kept.remove("found");
                if (row.get("condition") != null && row.get("condition").toString().startsWith("LIMIT")) kept.remove("wanted");
            }
            rows.add(kept);
        }
        return rows;
    }

    private static Map<String, BigDecimal> freeQty(Map<String, Object> answer) {
        var free = new TreeMap<String, BigDecimal>();
        for (var row : JsonText.maps(answer.get("freeLines"))) free.merge(row.get("schemeId") + "/" + row.get("skuId"), JsonText.decimal(row.get("qty")), BigDecimal::add);
        return free;
    }

    @Test
    @DisplayName("PX-21, LESSON 1: a line split in two, or two equal lines merged, keep eligibility, slabs, free goods, caps and trace; totals by 0.01 per line and rounding step")
    @Tag("SCH-10")
    void splitAndMerge() {
        int split = 0;
        for (long seed = FIRST; seed < FIRST + CASES; seed++) {
            var one = AnyCase.of(seed);
            var random = new Random(seed);
            int at = random.nextInt(one.lines().size());
            var line = one.lines().get(at);
            var qty = JsonText.decimal(line.get("qty"));
            // The quantity that was ordered belongs to the whole line; a tie of FEFO order between lines is the batches' affair.
            if (line.get("orderedQty") != null || qty.compareTo(BigDecimal.TWO) < 0 || splitsBatches(one)) continue;
            var part = BigDecimal.valueOf(1 + random.nextInt(qty.intValue() - 1));
            var lines = new ArrayList<>(one.lines());
            lines.set(at, Case.with(line, "qty", SlowSchemes.qty(part)));
            lines.add(Case.with(Case.with(line, "qty", SlowSchemes.qty(qty.subtract(part))), "line", (long) one.lines().size() + 1));
            var whole = decided(one);
            var parted = decided(one.withCommand("lines", lines));
            assertThat(parted.get("outcome")).as("seed %s", seed).isEqualTo(whole.get("outcome"));
            if (!whole.get("outcome").equals("DECIDED")) continue;
            split++;
            assertThat(trace(parted, false)).as("seed %s", seed).isEqualTo(trace(whole, false));
            assertThat(freeQty(parted)).as("seed %s", seed).isEqualTo(freeQty(whole));
            // Each extra line rounds gross, every scheme, the user's discount, and each head.
            long extra = Math.max(1, JsonText.maps(parted.get("lines")).size() - JsonText.maps(whole.get("lines")).size());
            long steps = 6 + JsonText.maps(whole.get("schemes")).size();
            var drift = JsonText.decimal(JsonText.map(parted.get("totals")).get("beforeRounding")).subtract(JsonText.decimal(JsonText.map(whole.get("totals")).get("beforeRounding"))).abs();
            assertThat(drift).as("seed %s, %s steps", seed, steps).isLessThanOrEqualTo(BigDecimal.valueOf(extra * steps, 2));
        }
        assertThat(split).isGreaterThan(CASES / 4);
    }

    /// Some line takes from two batches of different MRP or price: which of its parts is then the split one is no question of section 4.
    private boolean splitsBatches(Case one) {
        return JsonText.maps(decided(one).get("lines")).stream().anyMatch(row -> !Long.valueOf(1).equals(row.get("part")));
    }
}
