package io.offtake.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.rules.Engine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// `./offtake bench rules`: the contenders in one run, the memory of 500 compiled snapshots, and what came out in words.
class RulesBenchRun {
    private static final int SNAPSHOTS = 500;

    @Test
    void measures() throws Exception {
        var options = new OptionsBuilder().include(RulesBench.class.getName());
        var only = System.getProperty("rules.bench");
        if (only != null) options = new OptionsBuilder().include(RulesBench.class.getName() + "\\.(" + only + ")$");
        var rates = new LinkedHashMap<String, Double>();
        for (var result : new Runner(options.build()).run()) {
            var counters = result.getSecondaryResults();
            var name = result.getPrimaryResult().getLabel();
            rates.put(name, counters.get("evaluations").getScore() / counters.get("cpuNanos").getScore() * 1e9);
        }
        var lines = new ArrayList<String>();
        lines.add("cart of " + Scenario.LINES + " lines, " + Scenario.SKUS + " SKUs; evaluations per CPU second of one core");
        row(lines, rates, "limitByHand", "the limit: by hand over long, the engine's answer record by record");
        row(lines, rates, "engineApplied", "engine, what applied");
        row(lines, rates, "engineWhyNot", "engine, full why-not of every candidate");
        row(lines, rates, "engineOf50000", "engine, 50,000 schemes, 200 this distributor's, what applied");
        row(lines, rates, "drools", "Drools, the reached offers and a sum only");
        ratio(lines, rates, "engineApplied", "limitByHand", "of the limit");
        ratio(lines, rates, "engineApplied", "engineOf50000", "is the time at 50,000 schemes over the time at 1,000 (at most 1.3)");
        ratio(lines, rates, "engineApplied", "drools", "times Drools");
        lines.add(memory());
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target/rules-bench.txt"), lines);
        lines.forEach(System.out::println);
        assertThat(rates).isNotEmpty();
    }

    private static void row(List<String> lines, Map<String, Double> rates, String name, String text) {
        if (rates.containsKey(name)) lines.add(pad(Long.toString(Math.round(rates.get(name)))) + "  " + text);
    }

    private static void ratio(List<String> lines, Map<String, Double> rates, String one, String other, String text) {
        if (rates.containsKey(one) && rates.containsKey(other)) lines.add(pad(Double.toString(Math.round(rates.get(one) / rates.get(other) * 100) / 100.0)) + "  " + text);
    }

    private static String pad(String number) {
        return " ".repeat(Math.max(0, 12 - number.length())) + number;
    }

    /// 50,000 national schemes over 2,000 SKUs, and 500 distributors' compiled snapshots that share them.
    private static String memory() throws InterruptedException {
        long before = used();
        var scenario = new Scenario(50_000, 250);
        var common = Engine.Common.of(scenario.book("D0"));
        var engines = new ArrayList<Engine>();
        long began = System.nanoTime();
        for (int distributor = 0; distributor < SNAPSHOTS; distributor++) engines.add(Engine.of(common, scenario.overlay("D" + distributor)));
        long millis = (System.nanoTime() - began) / 1_000_000;
        scenario = null;
        long after = used();
        int schemes = engines.get(1).book().schemes().size();
        return pad(Long.toString((after - before) >> 20)) + "  MB hold " + engines.size() + " compiled snapshots of 50,000 schemes in common, " + schemes + " of them one distributor's; compiled in "
                + millis + " ms from their texts";
    }

    private static long used() throws InterruptedException {
        for (int round = 0; round < 4; round++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
