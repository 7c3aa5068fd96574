package io.offtake.rules.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// What the engine's answer says differently from the oracle's. Every member that the oracle states must be equal and every list must
/// be equally long; members that the oracle says nothing about are not compared.
final class Differences {
    private Differences() {}

    static List<String> between(Map<String, Object> oracle, Map<String, Object> engine) {
        var differences = new ArrayList<String>();
        compare("", oracle, refusalsByCode(engine), differences);
        return differences;
    }

    /// All refusals of a stage are given; which lines they name is the engine's own business, which rules refuse is not.
    private static Map<String, Object> refusalsByCode(Map<String, Object> engine) {
        if (!"REFUSED".equals(engine.get("outcome"))) return engine;
        var codes = JsonText.maps(engine.get("refusals")).stream().map(row -> row.get("code")).distinct().sorted().map(code -> (Object) code).toList();
        return Case.with(engine, "refusals", codes);
    }

    private static void compare(String at, Object oracle, Object engine, List<String> differences) {
        if (oracle instanceof Map<?, ?> members) {
            if (engine instanceof Map<?, ?> others) for (var name : members.keySet()) compare(at + "/" + name, members.get(name), others.get(name), differences);
            else differences.add(at + ": the oracle says " + JsonText.write(oracle) + ", the engine " + JsonText.write(engine));
        } else if (oracle instanceof List<?> items) {
            if (!(engine instanceof List<?> others) || items.size() != others.size())
                differences.add(at + ": the oracle says " + JsonText.write(oracle) + ", the engine " + JsonText.write(engine));
            else for (int place = 0; place < items.size(); place++) compare(at + "/" + place, items.get(place), others.get(place), differences);
        } else if (!Objects.equals(oracle, engine)) differences.add(at + ": the oracle says " + JsonText.write(oracle) + ", the engine " + JsonText.write(engine));
    }

    /// The smallest case found that still differs: takes away schemes, lines, batches, list prices and optional members, again and
    /// again, and then lowers quantities, as long as a difference remains.
    /// @param differs the differences of a case; a case that breaks off does not count as differing
    static Case minimised(Case from, Function<Case, List<String>> differs) {
        var smallest = from;
        var kind = kind(differs.apply(from));
        boolean smaller = true;
        for (int round = 0; smaller && round < 120; round++) {
            smaller = false;
            for (var candidate : simpler(smallest)) {
                if (!stillDiffers(candidate, differs, kind)) continue;
                smallest = candidate;
                smaller = true;
                break;
            }
        }
        return smallest;
    }

    /// Where the first difference is, without the places in lists: a smaller case must differ in the same member, or another fault is shown.
    static String kind(List<String> differences) {
        return differences.isEmpty() ? "" : differences.getFirst().split(": ")[0].replaceAll("/[0-9]+", "");
    }

    private static boolean stillDiffers(Case candidate, Function<Case, List<String>> differs, String kind) {
        try {
            return kind(differs.apply(candidate)).equals(kind);
        } catch (RuntimeException invalid) {
            return false;
        }
    }

    private static List<Case> simpler(Case one) {
        var simpler = new ArrayList<Case>();
        var schemes = one.schemes();
        if (schemes.size() > 2) {
            simpler.add(one.withBook("schemes", schemes.subList(0, schemes.size() / 2)));
            simpler.add(one.withBook("schemes", schemes.subList(schemes.size() / 2, schemes.size())));
        }
        for (int at = 0; at < schemes.size(); at++) simpler.add(one.withBook("schemes", Case.without(schemes, at)));
        for (int at = 0; at < one.lines().size() && one.lines().size() > 1; at++) simpler.add(one.withCommand("lines", Case.without(one.lines(), at)));
        var lists = JsonText.maps(one.book().get("priceLists"));
        for (int at = 0; at < lists.size() && lists.size() > 1; at++) simpler.add(one.withBook("priceLists", Case.without(lists, at)));
        var batches = JsonText.maps(one.command().get("batches"));
        var skus = JsonText.maps(one.book().get("skus"));
        for (int at = 0; at < skus.size(); at++) {
            var id = skus.get(at).get("id");
            if (one.lines().stream().noneMatch(line -> line.get("skuId").equals(id))) simpler.add(one.withBook("skus", Case.without(skus, at)));
        }
        for (int at = 0; at < lists.size(); at++) {
            var lines = JsonText.maps(lists.get(at).get("lines"));
            for (int line = 0; line < lines.size(); line++) simpler.add(one.withBook("priceLists", Case.replaced(lists, at, Case.with(lists.get(at), "lines", Case.without(lines, line)))));
        }
        var rates = JsonText.maps(one.book().get("taxRates"));
        for (int at = 0; at < rates.size(); at++) simpler.add(one.withBook("taxRates", Case.without(rates, at)));
        for (int at = 0; at < batches.size(); at++) simpler.add(one.withCommand("batches", Case.without(batches, at)));
        for (int at = 0; at < one.lines().size(); at++) {
            var line = one.lines().get(at);
            for (var member : line.keySet())
                if (!List.of("line", "skuId", "qty").contains(member)) simpler.add(one.withCommand("lines", Case.replaced(one.lines(), at, Case.with(line, member, null))));
        }
        for (int at = 0; at < schemes.size(); at++) {
            var scheme = schemes.get(at);
            for (var member : scheme.keySet())
                if (List.of("exclusionGroup", "limits", "validTo", "manual", "period").contains(member)) simpler.add(one.withBook("schemes", Case.replaced(schemes, at, Case.with(scheme, member, null))));
            if (!JsonText.map(scheme.get("eligibility")).isEmpty()) simpler.add(one.withBook("schemes", Case.replaced(schemes, at, Case.with(scheme, "eligibility", Map.of()))));
        }
        for (int at = 0; at < one.lines().size(); at++) {
            var line = one.lines().get(at);
            var qty = JsonText.decimal(line.get("qty"));
            var half = qty.divide(new java.math.BigDecimal(2), 0, java.math.RoundingMode.DOWN);
            if (half.signum() > 0) simpler.add(one.withCommand("lines", Case.replaced(one.lines(), at, Case.with(line, "qty", half.toPlainString()))));
            var less = qty.subtract(java.math.BigDecimal.ONE);
            if (less.signum() > 0) simpler.add(one.withCommand("lines", Case.replaced(one.lines(), at, Case.with(line, "qty", less.stripTrailingZeros().toPlainString()))));
        }
        return simpler;
    }

    /// A difference as a person reads it: seed, what differs, the smallest case, both answers.
    static String report(Case found, Function<Case, List<String>> differs, Function<Case, String> engine) {
        var small = minimised(found, differs);
        return "seed " + found.seed() + ": " + String.join("\n  ", differs.apply(found)) + "\nsmallest case that differs (" + small.lines().size() + " lines, " + small.schemes().size()
                + " schemes):\n  " + String.join("\n  ", differs.apply(small)) + "\n  book    " + small.bookText() + "\n  command " + small.commandText() + "\n  engine  " + engine.apply(small);
    }
}
