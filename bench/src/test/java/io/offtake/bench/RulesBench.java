package io.offtake.bench;

import io.offtake.rules.DecideCommand;
import io.offtake.rules.Engine;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Evaluations of a cart of 30 lines, by CPU time of the one measuring thread, so that a busy machine does not show.
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = {"-Xms1g", "-Xmx2g", "-XX:+UseSerialGC"})
@Threads(1)
public class RulesBench {
    private static final java.lang.management.ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// What one iteration did and the CPU time it took.
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Cpu {
        public long evaluations, cpuNanos;
        private long began;

        @Setup(Level.Iteration)
        public void begin() {
            evaluations = 0;
            cpuNanos = 0;
            began = THREADS.getCurrentThreadCpuTime();
        }

        @TearDown(Level.Iteration)
        public void end() {
            cpuNanos = THREADS.getCurrentThreadCpuTime() - began;
        }
    }

    /// 1,000 schemes in force for everybody.
    @State(Scope.Thread)
    public static class Thousand {
        Scenario scenario;
        Engine engine;
        HandEvaluator hand;
        List<DecideCommand> commands;
        int at;

        @Setup
        public void build() {
            scenario = new Scenario(1_000, 0);
            engine = Engine.of(scenario.book("D0"));
            hand = new HandEvaluator(scenario, engine.book());
            commands = scenario.commands(engine);
            for (var command : commands) {
                var limit = hand.evaluate(command);
                var ours = engine.evaluate(command, false);
                if (!HandEvaluator.same(limit, ours)) throw new IllegalStateException("the limit does not give the engine's answer:\n" + limit + "\n" + ours);
            }
        }

        DecideCommand next() {
            return commands.get(at == commands.size() - 1 ? at = 0 : ++at);
        }
    }

    /// 50,000 schemes over the same SKUs, each of one distributor, at most 200 of them this one's.
    @State(Scope.Thread)
    public static class FiftyThousand {
        Engine engine;
        List<DecideCommand> commands;
        int at;

        @Setup
        public void build() {
            var scenario = new Scenario(50_000, 250);
            engine = Engine.of(Engine.Common.of(scenario.book("D1")), scenario.overlay("D1"));
            commands = scenario.commands(engine);
        }

        DecideCommand next() {
            return commands.get(at == commands.size() - 1 ? at = 0 : ++at);
        }
    }

    /// Drools with the same thousand offers.
    @State(Scope.Thread)
    public static class Drools {
        DroolsEvaluator evaluator;
        List<DecideCommand> commands;
        int at;

        @Setup
        public void build() {
            var scenario = new Scenario(1_000, 0);
            evaluator = new DroolsEvaluator(scenario);
            commands = scenario.commands(Engine.of(scenario.book("D0")));
        }

        DecideCommand next() {
            return commands.get(at == commands.size() - 1 ? at = 0 : ++at);
        }
    }

    @Benchmark
    public Object engineApplied(Thousand state, Cpu cpu) {
        cpu.evaluations++;
        return state.engine.evaluate(state.next(), false);
    }

    @Benchmark
    public Object engineWhyNot(Thousand state, Cpu cpu) {
        cpu.evaluations++;
        return state.engine.evaluate(state.next(), true);
    }

    @Benchmark
    public Object limitByHand(Thousand state, Cpu cpu) {
        cpu.evaluations++;
        return state.hand.evaluate(state.next());
    }

    @Benchmark
    public Object engineOf50000(FiftyThousand state, Cpu cpu) {
        cpu.evaluations++;
        return state.engine.evaluate(state.next(), false);
    }

    @Benchmark
    @Warmup(iterations = 2, time = 5)
    @Measurement(iterations = 3, time = 5)
    public long drools(Drools state, Cpu cpu) {
        cpu.evaluations++;
        return state.evaluator.evaluate(state.next());
    }
}
