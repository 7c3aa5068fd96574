package io.offtake.rules.oracle;

import static io.offtake.rules.oracle.JsonText.decimal;
import static io.offtake.rules.oracle.JsonText.map;
import static io.offtake.rules.oracle.JsonText.maps;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random bills × schemes of every return policy × sequences of returns: entitlement and reversal by the engine and by [SlowReturns], equal to the paisa.
///
/// The engine counts units in thousandths, so a set's units that lie on several equal lines may let a tie of largest remainders fall to another of them: such a paisa is
/// told apart, and may happen once in five thousand bills.
///
/// `-Doracle.returns=10000` is the full run (`./offtake bench returns`).
class ReturnsOracleTest {
    private static final int CASES = Integer.getInteger("oracle.returns", 300);
    private static final long FIRST = Long.getLong("oracle.seed", 1);
    private static final int SHOWN = 3;
    private int returns, benefits, ties;

    @Test
    @DisplayName("PX-41, EX-24, EX-25: any sequence of returns credits what the slow calculator credits; in parts as in whole")
    @Tag("RET-03")
    @Tag("SCH-12")
    @Tag("CMP-04")
    void equal() throws IOException {
        var engine = Contender.onClassPath();
        var reports = new ArrayList<String>();
        int decided = 0, differing = 0;
        for (long seed = FIRST; decided < CASES; seed++) {
            var one = withPolicies(AnyCase.of(seed));
            var answer = engine.decide(one);
            if (!JsonText.object(answer).get("outcome").equals("DECIDED") || maps(JsonText.object(answer).get("lines")).isEmpty()) continue;
            if (!OracleTest.differences(engine, one).isEmpty()) reports.add("seed " + seed + ": the bills differ already");
            decided++;
            var told = sequence(engine, one, answer, seed);
            if (told == null) continue;
            if (told.isEmpty()) {
                ties++;
                continue;
            }
            differing++;
            if (reports.size() < SHOWN) reports.add("seed " + seed + ": " + told);
        }
        var summary = decided + " bills, " + returns + " returns, " + benefits + " with benefits taken back, " + ties + " with a paisa on another of equal lines, " + differing + " different\n";
        System.out.print("returns oracle " + summary);
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/returns-oracle.txt"), String.join("\n\n", reports) + (reports.isEmpty() ? "" : "\n") + summary);
        assertThat(reports).as(summary).isEmpty();
        assertThat(ties).isLessThanOrEqualTo(CASES / 5000);
        assertThat(benefits).as("many returns touch a scheme").isGreaterThan(returns / 6);
    }

    private static Case withPolicies(Case one) {
        var random = new Random(one.seed() * 31 + 7);
        var schemes = new ArrayList<Map<String, Object>>();
        for (var scheme : one.schemes()) {
            var policy = new String[] {"PROPORTIONAL", "RECOMPUTE", "RECOMPUTE", "NONE", null, null}[random.nextInt(6)];
            schemes.add(policy == null ? scheme : Case.with(scheme, "returnPolicy", policy));
        }
        return one.withBook("schemes", schemes);
    }

    /// What differs first, or null.
    private String sequence(Contender engine, Case one, String answer, long seed) {
        var random = new Random(seed);
        var decision = JsonText.object(answer);
        var slow = new SlowReturns(one.bookText(), engine.canonicalCommand(one), answer);
        var left = new TreeMap<String, BigDecimal>();
        for (var line : maps(decision.get("lines"))) left.put(line.get("line") + "." + line.get("part"), decimal(line.get("qty")));
        var freeLeft = new TreeMap<String, BigDecimal>();
        for (var line : maps(decision.get("freeLines"))) freeLeft.merge(line.get("schemeId") + "|" + line.get("skuId"), decimal(line.get("qty")), BigDecimal::add);
        var earlier = new ArrayList<Map<String, Object>>();
        int most = 1 + random.nextInt(4);
        var carry = "0.00";
        for (int at = 0; at < most && !left.isEmpty(); at++) {
            boolean rest = at == 3;
            var lines = new ArrayList<Map<String, Object>>();
            for (var key : List.copyOf(left.keySet())) {
                if (!rest && random.nextInt(3) == 0) continue;
                var open = left.get(key);
                var qty = rest || random.nextInt(5) == 0 ? open : BigDecimal.valueOf(random.nextInt(open.setScale(0, RoundingMode.DOWN).intValueExact() + 1));
                if (qty.signum() == 0) continue;
                lines.add(AnyCase.tree("line", Long.valueOf(key.substring(0, key.indexOf('.'))), "part", Long.valueOf(key.substring(key.indexOf('.') + 1)), "qty", SlowSchemes.qty(qty)));
                if (qty.compareTo(open) == 0) left.remove(key);
                else left.put(key, open.subtract(qty));
            }
            var free = new ArrayList<Map<String, Object>>();
            for (var key : List.copyOf(freeLeft.keySet())) {
                var open = freeLeft.get(key);
                if (open.signum() == 0 || !rest && random.nextInt(3) > 0) continue;
                var qty = rest ? open : BigDecimal.valueOf(1 + random.nextInt(Math.max(1, open.intValue()))).min(open);
                free.add(AnyCase.tree("schemeId", key.substring(0, key.indexOf('|')), "skuId", key.substring(key.indexOf('|') + 1), "qty", SlowSchemes.qty(qty)));
                freeLeft.put(key, open.subtract(qty));
            }
            if (lines.isEmpty() && free.isEmpty()) continue;
            boolean charge = random.nextBoolean();
            var request = new LinkedHashMap<String, Object>();
            request.put("command", JsonText.object(engine.canonicalCommand(one)));
            request.put("decision", decision);
            request.put("earlier", List.copyOf(earlier));
            request.put("lines", lines);
            request.put("free", free);
            request.put("unearned", charge ? "CHARGE" : "BACK");
            request.put("carry", carry);
            var said = JsonText.object(engine.door("reverse", one, JsonText.write(request)));
            var expected = slow.takeBack(lines, free, charge);
            returns++;
            for (var taken : map(expected.get("schemes")).values()) if (decimal(taken).signum() != 0) {
                benefits++;
                break;
            }
            var differs = differs(expected, said);
            if (differs != null && isTie(expected, said)) return "";
            if (differs != null) return "return " + (at + 1) + " " + differs + "\nlines " + lines + " free " + free + "\nschemes " + one.schemes() + "\nexpected " + expected + "\nengine " + said + "\ndecision " + decision.get("lines") + decision.get("freeLines");
            for (var row : maps(said.get("free"))) freeLeft.merge(row.get("schemeId") + "|" + row.get("skuId"), decimal(row.get("charged")).negate(), BigDecimal::add);
            earlier.add(said);
            carry = (String) map(said.get("totals")).get("carry");
        }
        return null;
    }

    /// Whether nothing is more than a paisa apart, and no quantity at all.
    private static boolean isTie(Map<String, Object> expected, Map<String, Object> said) {
        var lines = new TreeMap<String, Map<String, Object>>();
        for (var row : maps(said.get("lines"))) lines.put(row.get("line") + "." + row.get("part"), row);
        for (var row : maps(expected.get("lines"))) {
            var other = lines.getOrDefault(row.get("line") + "." + row.get("part"), Map.of());
            for (var member : List.of("taxable", "cgst", "sgst", "igst", "cess", "vat", "schemeDiscount")) if (apart(row.get(member), other.getOrDefault(member, "0"))) return false;
        }
        var free = new TreeMap<String, Map<String, Object>>();
        for (var row : maps(said.get("free"))) free.put(row.get("schemeId") + "|" + row.get("skuId"), row);
        for (var row : maps(expected.get("free"))) {
            var other = free.getOrDefault(row.get("schemeId") + "|" + row.get("skuId"), Map.of());
            for (var member : List.of("back", "charged", "openQty", "total")) if (decimal(row.get(member)).compareTo(decimal(other.getOrDefault(member, "0"))) != 0) return false;
        }
        for (var one : map(expected.get("totals")).entrySet()) if (apart(one.getValue(), map(said.get("totals")).getOrDefault(one.getKey(), "0"))) return false;
        return true;
    }

    private static boolean apart(Object one, Object other) {
        return decimal(one).subtract(decimal(other)).abs().compareTo(new BigDecimal("0.01")) > 0;
    }

    private static String differs(Map<String, Object> expected, Map<String, Object> said) {
        var lines = new TreeMap<String, Map<String, Object>>();
        for (var row : maps(said.get("lines"))) lines.put(row.get("line") + "." + row.get("part"), row);
        for (var row : maps(expected.get("lines"))) {
            var other = lines.getOrDefault(row.get("line") + "." + row.get("part"), Map.of());
            for (var member : List.of("taxable", "cgst", "sgst", "igst", "cess", "vat", "schemeDiscount"))
                if (decimal(row.get(member)).compareTo(decimal(other.getOrDefault(member, "0"))) != 0)
                    return "line " + row.get("line") + "." + row.get("part") + " " + member + ": " + row.get(member) + ", engine " + other.get(member);
        }
        var free = new TreeMap<String, Map<String, Object>>();
        for (var row : maps(said.get("free"))) free.put(row.get("schemeId") + "|" + row.get("skuId"), row);
        for (var row : maps(expected.get("free"))) {
            var other = free.getOrDefault(row.get("schemeId") + "|" + row.get("skuId"), Map.of());
            for (var member : List.of("back", "charged", "openQty", "total"))
                if (decimal(row.get(member)).compareTo(decimal(other.getOrDefault(member, "0"))) != 0) return "free " + row.get("schemeId") + " " + member + ": " + row.get(member) + ", engine " + other.get(member);
        }
        var schemes = new TreeMap<String, Object>();
        for (var row : maps(said.get("schemes"))) schemes.put((String) row.get("schemeId"), row.get("takenBack"));
        for (var one : map(expected.get("schemes")).entrySet())
            if (decimal(one.getValue()).compareTo(decimal(schemes.getOrDefault(one.getKey(), "0"))) != 0) return "scheme " + one.getKey() + " takes back " + one.getValue() + ", engine " + schemes.get(one.getKey());
        var totals = map(said.get("totals"));
        for (var one : map(expected.get("totals")).entrySet())
            if (decimal(one.getValue()).compareTo(decimal(totals.getOrDefault(one.getKey(), "0"))) != 0) return "totals " + one.getKey() + ": " + one.getValue() + ", engine " + totals.get(one.getKey());
        return null;
    }
}
