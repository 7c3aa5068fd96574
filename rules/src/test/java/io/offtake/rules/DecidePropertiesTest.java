package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Properties of the decision over seeded books and bills; a failure names the seed that repeats it.
class DecidePropertiesTest {
    private static final int SEEDS = 1500;

    private interface Property {
        void holds(AnyBill any, Engine engine, DecideCommand command, Decision decision);
    }

    private static void forAll(Property property) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var any = new AnyBill(seed);
            var engine = Engine.of(any.book);
            var command = any.command();
            try {
                property.holds(any, engine, command, engine.decide(command));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    @Test
    @DisplayName("enough of the generated bills are decided, with schemes, free goods and exclusions")
    void generatorReaches() {
        var seen = new TreeMap<String, Integer>();
        forAll((any, engine, command, decision) -> {
            if (decision instanceof Decision.Decided decided) {
                seen.merge("decided", 1, Integer::sum);
                if (!decided.freeLines().isEmpty()) seen.merge("free", 1, Integer::sum);
                for (var row : decided.trace()) seen.merge(row.condition() == null ? "APPLIED" : row.condition().name(), 1, Integer::sum);
                for (var line : decided.lines()) if (line.sharedValue().isNegative()) seen.merge("shared", 1, Integer::sum);
            } else for (var refusal : ((Decision.Refused) decision).refusals()) seen.merge(refusal.code().name(), 1, Integer::sum);
        });
        assertThat(seen).containsKeys("decided", "free", "APPLIED", "THRESHOLD", "EXCLUDED", "CAP", "CLASS", "STOCK_SHORT", "shared");
        assertThat(seen.get("decided")).isGreaterThan(SEEDS * 2 / 3);
    }

    @Test
    @DisplayName("PX-25 the order of lines and batches changes no total, benefit or trace")
    @Tag("SCH-10")
    void permutation() {
        forAll((any, engine, command, decision) -> {
            var other = engine.decide(any.shuffled(command));
            assertThat(other.getClass()).isEqualTo(decision.getClass());
            if (decision instanceof Decision.Decided one && other instanceof Decision.Decided two) {
                assertThat(two.totals()).isEqualTo(one.totals());
                assertThat(two.schemes()).isEqualTo(one.schemes());
                assertThat(two.taxes()).isEqualTo(one.taxes());
                assertThat(two.posting()).isEqualTo(one.posting());
                assertThat(two.freeLines()).isEqualTo(one.freeLines());
                assertThat(withoutLines(two.trace(), true)).isEqualTo(withoutLines(one.trace(), true));
            }
        });
    }

    @Test
    @DisplayName("PX-21, LESSON 1: splitting or merging equal lines changes no benefit; totals by at most 0.01 per extra line and rounding step")
    @Tag("SCH-10")
    void split() {
        forAll((any, engine, command, decision) -> {
            var parted = any.split(command);
            if (parted == null) return;
            var other = engine.decide(parted);
            assertThat(other.getClass()).isEqualTo(decision.getClass());
            if (decision instanceof Decision.Decided one && other instanceof Decision.Decided two) {
                assertThat(withoutLines(two.trace(), false)).isEqualTo(withoutLines(one.trace(), false));
                assertThat(two.freeLines().stream().map(Decision.FreeLine::qty).toList()).isEqualTo(one.freeLines().stream().map(Decision.FreeLine::qty).toList());
                // One line more may become two parts more (two MRPs); each rounds: gross, one step a scheme, manual discount, two heads, cess.
                int extra = Math.max(1, two.lines().size() - one.lines().size());
                int steps = 5 + one.schemes().size();
                long drift = Math.abs(two.totals().beforeRounding().units() - one.totals().beforeRounding().units());
                assertThat(drift).as("drift of %s steps", steps).isLessThanOrEqualTo((long) extra * steps);
            }
        });
    }

    private static List<String> withoutLines(List<Decision.SchemeTrace> trace, boolean withMoney) {
        return trace.stream().map(row -> row.code() + ' ' + row.applied() + ' ' + row.condition() + ' ' + row.wanted()
                + ' ' + (row.condition() == Decision.Condition.THRESHOLD || withMoney ? row.found() : "") + ' ' + row.freeQty() + ' '
                + (withMoney ? row.benefit() + " " + row.next() : "")).toList();
    }

    @Test
    @DisplayName("parts add up to the whole: lines, heads, shares, batches, summaries, journal and stock")
    @Tag("BIL-03")
    @Tag("STK-01")
    void sums() {
        forAll((any, engine, command, decision) -> {
            if (!(decision instanceof Decision.Decided decided)) return;
            var totals = decided.totals();
            long gross = 0, scheme = 0, manual = 0, taxable = 0, taxes = 0, total = 0, shared = 0, cost = 0;
            for (var line : decided.lines()) {
                gross += line.gross().units();
                scheme += line.schemeDiscount().units();
                manual += line.manualDiscount().units();
                taxable += line.taxable().units();
                long heads = line.cgst().units() + line.sgst().units() + line.igst().units() + line.cess().units();
                taxes += heads;
                total += line.total().units();
                shared += line.sharedValue().units();
                cost += line.cost().units();
                assertThat(line.cgst()).isEqualTo(line.sgst());
                long net = line.gross().minus(line.schemeDiscount()).minus(line.manualDiscount()).plus(line.sharedValue()).units();
                assertThat(line.taxInclusive() ? line.total().units() : line.taxable().units()).isEqualTo(net);
                assertThat(line.taxable().units()).isNotNegative();
                long parts = 0;
                for (var benefit : line.benefits()) {
                    parts += benefit.amount().units();
                    assertThat(benefit.principalShare().plus(benefit.distributorShare())).isEqualTo(benefit.amount());
                }
                assertThat(parts).isEqualTo(line.schemeDiscount().units());
                long batched = line.batches().stream().mapToLong(batch -> batch.qty().milli()).sum();
                if (decided.warnings().stream().noneMatch(warning -> warning.code() == Decision.WarningCode.STOCK_SHORT)) assertThat(batched).isEqualTo(line.qty().milli());
            }
            long freeCost = 0;
            boolean inclusive = any.book.priceLists().getFirst().taxInclusive();
            for (var line : decided.freeLines()) {
                taxable += line.taxable().units();
                taxes += line.total().minus(line.taxable()).units();
                total += line.total().units();
                shared += (inclusive ? line.total() : line.taxable()).units();
                freeCost += line.cost().units();
            }
            assertThat(totals.gross().units()).isEqualTo(gross);
            assertThat(totals.schemeDiscount().units()).isEqualTo(scheme);
            assertThat(totals.manualDiscount().units()).isEqualTo(manual);
            assertThat(totals.taxable().units()).isEqualTo(taxable);
            assertThat(totals.beforeRounding().units()).isEqualTo(taxable + taxes).isEqualTo(total);
            assertThat(totals.payable().minus(totals.beforeRounding())).isEqualTo(totals.rounding());
            assertThat(totals.rounding().units()).isBetween(-50L, 50L);
            if (!inclusive) assertThat(shared).isZero();
            assertThat(decided.schemes().stream().mapToLong(row -> row.discount().units()).sum()).isEqualTo(scheme);
            assertThat(decided.taxes().stream().mapToLong(row -> row.cgst().units() + row.sgst().units() + row.igst().units() + row.cess().units()).sum()).isEqualTo(taxes);
            assertThat(decided.posting().costOfGoods().units()).isEqualTo(cost);
            assertThat(decided.posting().freeGoodsCost().units()).isEqualTo(freeCost);
            var journal = Journal.forInvoice(decided);
            var back = new ArrayList<>(journal.entries());
            back.addAll(journal.reversal().entries());
            assertThat(back.stream().mapToLong(entry -> entry.amount().units()).sum()).isZero();
            var moves = StockMoves.forInvoice(decided, StockMoves.Node.SALEABLE, StockMoves.Node.CUSTOMER);
            assertThat(moves.reversal().reversal()).isEqualTo(moves);
        });
    }

    @Test
    @DisplayName("no batch gives more than it has, none is sold past its last day, and none that expires earlier stays behind")
    @Tag("STK-08")
    void batches() {
        forAll((any, engine, command, decision) -> {
            if (!(decision instanceof Decision.Decided decided)) return;
            for (var issue : decided.posting().issues()) {
                var batch = command.batches().stream().filter(row -> row.batchId().equals(issue.batchId())).findFirst().orElseThrow();
                assertThat(issue.billed().plus(issue.free())).isLessThanOrEqualTo(batch.saleable());
                assertThat(batch.expiresOn() == null || batch.expiresOn() >= AnyBill.TODAY).isTrue();
                var sku = engine.sku(issue.skuId());
                for (var other : command.batches()) {
                    if (!other.skuId().equals(issue.skuId()) || Fefo.order(sku.expiryTracked()).compare(other, batch) >= 0 || !Fefo.maySell(other.expiresOn(), AnyBill.TODAY, 0)) continue;
                    var used = decided.posting().issues().stream().filter(row -> row.batchId().equals(other.batchId())).findFirst().orElseThrow();
                    assertThat(used.billed().plus(used.free())).isEqualTo(other.saleable());
                }
            }
        });
    }

    @Test
    @DisplayName("LESSONS 2, 4, 14: deciding twice is deciding once; a decision recomputed from its stored inputs is the same")
    @Tag("BIL-03")
    void twice() {
        forAll((any, engine, command, decision) -> {
            assertThat(engine.decide(command)).isEqualTo(decision);
            var storedBook = RuleBookJson.write(any.book);
            var book = RuleBookJson.read(storedBook);
            assertThat(book).isEqualTo(any.book);
            var replayed = Engine.of(book).decide(CommandJson.read(CommandJson.write(command), book));
            assertThat(replayed).isEqualTo(decision);
            assertThat(DecisionJson.read(DecisionJson.write(decision), 2)).isEqualTo(decision);
        });
    }

    @Test
    @DisplayName("PX-20: filling the stated gap makes the scheme reach it, one unit less does not")
    @Tag("SCH-10")
    void nextStep() {
        forAll((any, engine, command, decision) -> {
            if (!(decision instanceof Decision.Decided decided)) return;
            for (var row : decided.trace()) {
                if (row.next() == null || row.next().basis() != Scheme.Basis.BASE_QTY || row.lines().size() != 1 || row.condition() != Decision.Condition.THRESHOLD) continue;
                var line = command.lines().stream().filter(candidate -> candidate.line() == row.lines().getFirst()).findFirst().orElseThrow();
                // Only where this scheme alone looks at the line: others may take units out of it.
                if (decided.trace().stream().filter(other -> other.lines().contains(line.line())).count() != 1) continue;
                if (line.qty().milli() % 1000 != 0 && Qty.parse(row.next().more()).isWhole()) continue;
                assertThat(reached(engine, command, line, Qty.parse(row.next().more()), row.code())).isTrue();
                assertThat(reached(engine, command, line, Qty.parse(row.next().more()).minus(new Qty(engine.sku(line.skuId()).qtyScale() == 0 ? 1000 : 1)), row.code())).isFalse();
            }
        });
    }

    private static boolean reached(Engine engine, DecideCommand command, DecideCommand.Line line, Qty more, String code) {
        var lines = new ArrayList<>(command.lines());
        lines.set(lines.indexOf(line), new DecideCommand.Line(line.line(), line.skuId(), line.qty().plus(more), line.batchId(), line.manualPrice(), line.manualDiscount(),
                line.manualReason()));
        var decided = (Decision.Decided) engine.decide(new DecideCommand(DecideCommand.Kind.ORDER_PREVIEW, command.businessDate(), command.saleType(), command.paymentMode(),
                command.principalId(), command.outlet(), lines, command.batches(), command.approved()));
        var row = decided.trace().stream().filter(candidate -> candidate.code().equals(code)).findFirst().orElseThrow();
        return row.condition() != Decision.Condition.THRESHOLD;
    }

    @Test
    @DisplayName("the JVM's answers are written for the browser build to repeat (rules-web/test/golden.mjs)")
    void writesForTheBrowser() throws IOException {
        var out = new StringBuilder();
        for (long seed = 1; seed <= 300; seed++) {
            var any = new AnyBill(seed, seed > 100);
            var engine = Engine.of(any.book);
            var command = any.command();
            if (seed > 200)
                command = new DecideCommand(command.kind(), command.businessDate(), command.saleType(), command.paymentMode(), command.principalId(), command.outlet(), command.lines(),
                        command.batches(), command.approved(), DecideCommand.Facts.NONE.explained());
            var decision = engine.decide(command);
            out.append("{\"seed\":").append(seed).append(",\"book\":").append(RuleBookJson.write(any.book)).append(",\"command\":").append(CommandJson.write(command))
                    .append(",\"answer\":").append(DecisionJson.write(decision)).append(",\"hash\":\"").append(Doors.hash("book", command, decision)).append("\"}\n");
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target/decisions.ndjson"), out);
    }
}
