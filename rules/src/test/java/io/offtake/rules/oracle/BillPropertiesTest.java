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
            // The quantity that was ordered belongs to the whole line.
            if (line.get("orderedQty") != null || qty.compareTo(BigDecimal.TWO) < 0) continue;
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

    @Test
    @DisplayName("PX-20, issue item 4: fill the gap that the ladder states and the scheme is there, or the winner or the limit is named; one unit less and it is not")
    @Tag("SCH-10")
    @Tag("SCH-16")
    void threshold() {
        int rows = 0;
        for (long seed = FIRST; seed < FIRST + CASES; seed++) {
            var policy = Case.with(Case.with(JsonText.map(AnyCase.of(seed).book().get("policy")), "floor", "OFF"), "mrpCeiling", "OFF");
            var one = AnyCase.of(seed).withCommand("explain", true).withCommand("kind", "ORDER_PREVIEW").withBook("policy", policy);
            // Free goods inside the ordered quantity shrink what the others count; what is free whole by INNER is its own step.
            if (one.schemes().stream().anyMatch(scheme -> Boolean.TRUE.equals(JsonText.map(scheme.get("mechanic")).get("inside")))) continue;
            var answer = decided(one);
            for (var line : JsonText.maps(answer.get("ladder")))
                for (var row : JsonText.maps(line.get("schemes"))) if (row.get("moreQty") != null && onePrice(one, line, row)) {
                    rows++;
                    fills(one, line.get("line"), row);
                }
        }
        assertThat(rows).isGreaterThan(CASES / 3);
    }

    /// Steps in value can be foretold only where the next unit costs what this one does.
    private static boolean onePrice(Case one, Map<String, Object> line, Map<String, Object> row) {
        if (!JsonText.map(row.get("next")).get("basis").toString().endsWith("VALUE")) return true;
        return JsonText.maps(one.command().get("batches")).stream().filter(batch -> batch.get("skuId").equals(line.get("skuId"))).map(batch -> batch.get("mrp")).distinct().count() <= 1;
    }

    private void fills(Case one, Object line, Map<String, Object> row) {
        var said = "seed " + one.seed() + ", line " + line + ": " + JsonText.write(row);
        var more = JsonText.decimal(row.get("moreQty"));
        var next = JsonText.map(row.get("next"));
        var filled = row(decided(with(one, line, more)), line, row.get("schemeId"));
        boolean otherGroup = next.get("group") != null && !next.get("group").equals(JsonText.map(filled.get("next")).get("group"));
        boolean there = !isShort(filled) && !next.get("from").equals(JsonText.map(filled.get("next")).get("from"));
        assertThat(filled.get("winner") != null || otherGroup || there).as(said + "\nfilled: " + JsonText.write(filled)).isTrue();
        var skuId = one.lines().stream().filter(row0 -> row0.get("line").equals(line)).findFirst().orElseThrow().get("skuId");
        var sku = JsonText.maps(one.book().get("skus")).stream().filter(row0 -> row0.get("id").equals(skuId)).findFirst().orElseThrow();
        var unit = BigDecimal.ONE.movePointLeft(((Long) sku.get("qtyScale")).intValue());
        // In an exclusion group a rival's step may lie between.
        boolean grouped = one.schemes().stream().anyMatch(scheme -> scheme.get("id").equals(row.get("schemeId")) && scheme.get("exclusionGroup") != null);
        if (grouped || more.compareTo(unit) <= 0) return;
        var less = row(decided(with(one, line, more.subtract(unit))), line, row.get("schemeId"));
        assertThat(isShort(less) || next.get("from").equals(JsonText.map(less.get("next")).get("from"))).as(said + "\none unit less: " + JsonText.write(less)).isTrue();
    }

    private static Case with(Case one, Object line, BigDecimal more) {
        var lines = new ArrayList<Map<String, Object>>();
        for (var row : one.lines()) lines.add(row.get("line").equals(line) ? Case.with(row, "qty", SlowSchemes.qty(JsonText.decimal(row.get("qty")).add(more))) : row);
        return one.withCommand("lines", lines);
    }

    private static Map<String, Object> row(Map<String, Object> answer, Object line, Object schemeId) {
        for (var row : JsonText.maps(answer.get("ladder")))
            if (row.get("line").equals(line)) for (var scheme : JsonText.maps(row.get("schemes"))) if (scheme.get("schemeId").equals(schemeId)) return scheme;
        throw new AssertionError("no ladder for scheme " + schemeId + " on line " + line);
    }

    private static boolean isShort(Map<String, Object> row) {
        return JsonText.maps(row.get("failing")).stream().anyMatch(failing -> List.of("THRESHOLD", "DISTINCT").contains(failing.get("condition")));
    }
}
