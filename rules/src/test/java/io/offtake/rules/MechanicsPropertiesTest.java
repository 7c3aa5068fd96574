package io.offtake.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Properties of all mechanics, limits, accruals, the ladder and returns over seeded books and bills; a failure names its seed.
class MechanicsPropertiesTest {
    private static final int SEEDS = 1500;

    private interface Property {
        void holds(AnyBill any, Engine engine, DecideCommand command, Decision decision);
    }

    private static void forAll(Property property) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            var any = new AnyBill(seed, true);
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
    @DisplayName("the generated bills reach every mechanic's outcomes")
    void generatorReaches() {
        var seen = new TreeMap<String, Integer>();
        forAll((any, engine, command, decision) -> {
            if (!(decision instanceof Decision.Decided decided)) return;
            for (var row : decided.trace()) {
                var scheme = any.book.schemes().stream().filter(one -> one.id().equals(row.schemeId())).findFirst().orElseThrow();
                if (row.applied()) seen.merge(scheme.mechanic().getClass().getSimpleName(), 1, Integer::sum);
                if (row.condition() != null) seen.merge(row.condition().name(), 1, Integer::sum);
            }
            for (var row : decided.more().accruals()) seen.merge(row.kind().name(), 1, Integer::sum);
        });
        assertThat(seen).containsKeys("Discount", "WholeSlab", "IncrementalSlab", "FreeGoods", "CheapestFree", "Combo", "BundlePrice", "PerCaseRebate", "Qps", "CashDiscount",
                "DISTINCT", "LIMIT_INVOICE", "LIMIT_TOTAL", "QPS", "REBATE", "CREDIT_NOTE");
    }

    @Test
    @DisplayName("PX-25 the order of lines and batches changes no total, benefit, accrual, limit or trace")
    @Tag("SCH-10")
    void permutation() {
        forAll((any, engine, command, decision) -> {
            var other = engine.decide(any.shuffled(command));
            assertThat(other.getClass()).isEqualTo(decision.getClass());
            if (!(decision instanceof Decision.Decided one) || !(other instanceof Decision.Decided two)) return;
            assertThat(two.totals()).isEqualTo(one.totals());
            assertThat(two.schemes()).isEqualTo(one.schemes());
            assertThat(two.freeLines()).isEqualTo(one.freeLines());
            assertThat(two.more().accruals()).isEqualTo(one.more().accruals());
            assertThat(two.more().limits()).isEqualTo(one.more().limits());
            assertThat(reasons(two, true)).isEqualTo(reasons(one, true));
        });
    }

    @Test
    @DisplayName("splitting a line changes no eligibility, slab, free quantity or reason; totals by at most 0.01 per extra line and rounding step")
    @Tag("SCH-10")
    void split() {
        forAll((any, engine, command, decision) -> {
            var parted = any.split(command);
            if (parted == null) return;
            var other = engine.decide(parted);
            assertThat(other.getClass()).isEqualTo(decision.getClass());
            if (!(decision instanceof Decision.Decided one) || !(other instanceof Decision.Decided two)) return;
            assertThat(reasons(two, false)).isEqualTo(reasons(one, false));
            int extra = Math.max(1, two.lines().size() - one.lines().size());
            long drift = Math.abs(two.totals().beforeRounding().units() - one.totals().beforeRounding().units());
            assertThat(drift).isLessThanOrEqualTo((long) extra * (5 + one.schemes().size()));
        });
    }

    @Test
    @DisplayName("OFF-10 the batches that a bill took goods from are all that is needed to decide it again: what lay untouched beside them changes nothing")
    @Tag("OFF-03")
    void untouchedBatches() {
        var fewer = new int[1];
        forAll((any, engine, command, decision) -> {
            if (command.kind() != DecideCommand.Kind.INVOICE || !(decision instanceof Decision.Decided decided)) return;
            var taken = new java.util.HashSet<String>();
            for (var line : decided.lines()) for (var batch : line.batches()) taken.add(batch.batchId());
            for (var line : decided.freeLines()) for (var batch : line.batches()) taken.add(batch.batchId());
            var left = command.batches().stream().filter(batch -> taken.contains(batch.batchId())).toList();
            fewer[0] += command.batches().size() - left.size();
            var again = (Decision.Decided) engine.decide(new DecideCommand(command.kind(), command.businessDate(), command.saleType(), command.paymentMode(), command.principalId(), command.outlet(), command.lines(), left, command.approved(), command.facts()));
            // why a scheme gave nothing may read otherwise: what its goods would have been worth was told by what lies on the shelf
            assertThat(List.of(again.lines(), again.freeLines(), again.taxes(), again.totals(), again.schemes(), again.posting(), again.warnings(), again.more()))
                    .isEqualTo(List.of(decided.lines(), decided.freeLines(), decided.taxes(), decided.totals(), decided.schemes(), decided.posting(), decided.warnings(), decided.more()));
        });
        assertThat(fewer[0]).isGreaterThan(SEEDS);
    }

    private static List<String> reasons(Decision.Decided decided, boolean withMoney) {
        return decided.trace().stream().map(row -> row.code() + ' ' + row.applied() + ' ' + row.condition() + ' ' + row.freeQty()
                + (withMoney ? " " + row.wanted() + ' ' + row.found() + ' ' + row.benefit() + ' ' + row.next() : "")).toList();
    }

    @Test
    @DisplayName("parts add up: benefits, shares, journal; nothing below zero; limits are kept")
    @Tag("BIL-03")
    @Tag("SCH-11")
    void sums() {
        forAll((any, engine, command, decision) -> {
            if (!(decision instanceof Decision.Decided decided)) return;
            for (var line : decided.lines()) {
                long parts = 0;
                for (var benefit : line.benefits()) {
                    parts += benefit.amount().units();
                    assertThat(benefit.amount().isPositive()).isTrue();
                    assertThat(benefit.principalShare().plus(benefit.distributorShare())).isEqualTo(benefit.amount());
                }
                assertThat(parts).isEqualTo(line.schemeDiscount().units());
                assertThat(line.taxable().isNegative()).isFalse();
            }
            assertThat(Journal.forInvoice(decided).entries()).isNotEmpty();
            for (var row : decided.trace()) {
                var scheme = any.book.schemes().stream().filter(one -> one.id().equals(row.schemeId())).findFirst().orElseThrow();
                for (var limit : scheme.terms().limits()) {
                    if (scheme.terms().whenCut() == Scheme.WhenCut.FULL_LAST) continue;
                    if (limit.amount() != null) assertThat(row.benefit()).as(row.code()).isLessThanOrEqualTo(limit.amount());
                    if (limit.freeQty() != null) assertThat(row.freeQty()).as(row.code()).isLessThanOrEqualTo(limit.freeQty());
                }
            }
        });
    }

    @Test
    @DisplayName("deciding twice is deciding once; book, command and answer survive their texts; an answer read is the answer written")
    @Tag("BIL-03")
    void twice() {
        forAll((any, engine, command, decision) -> {
            assertThat(engine.decide(command)).isEqualTo(decision);
            var book = RuleBookJson.read(RuleBookJson.write(any.book));
            assertThat(book).isEqualTo(any.book);
            assertThat(CommandJson.read(CommandJson.write(command), book)).isEqualTo(command);
            assertThat(Engine.of(book).decide(command)).isEqualTo(decision);
            assertThat(DecisionJson.read(DecisionJson.write(decision), 2)).isEqualTo(decision);
        });
    }

    @Test
    @DisplayName("a common part with an overlay decides as the one book that holds both")
    @Tag("SCH-29")
    void overlay() {
        forAll((any, engine, command, decision) -> {
            var book = any.book;
            int half = book.schemes().size() / 2;
            var common = Engine.Common.of(new RuleBook(book.seller(), book.currency(), book.rounding(), book.validFrom(), book.validTo(), List.of(), book.skus(),
                    book.priceLists().subList(0, 1), book.schemes().subList(0, half), book.taxRates(), book.policy()));
            var shared = Engine.of(common, new RuleBook(book.seller(), book.currency(), book.rounding(), book.validFrom(), book.validTo(), book.principals(), List.of(),
                    book.priceLists().subList(1, 2), book.schemes().subList(half, book.schemes().size()), List.of(), book.policy()));
            assertThat(shared.decide(command)).isEqualTo(decision);
            assertThat(Engine.of(shared.book()).decide(command)).isEqualTo(decision);
        });
    }

    @Test
    @DisplayName("filling the stated gap on a line makes the scheme apply, or its row names who or what stands in the way; one unit less does not")
    @Tag("SCH-10")
    @Tag("SCH-18")
    void ladder() {
        int[] seen = new int[2];
        forAll((any, engine, command, ignored) -> {
            var facts = DecideCommand.Facts.NONE.explained();
            var asked = new DecideCommand(DecideCommand.Kind.ORDER_PREVIEW, command.businessDate(), command.saleType(), command.paymentMode(), command.principalId(), command.outlet(),
                    command.lines(), command.batches(), command.approved(), facts);
            if (!(engine.decide(asked) instanceof Decision.Decided decided)) return;
            // Free units inside the ordered quantity leave what the others count.
            if (any.book.schemes().stream().anyMatch(scheme -> scheme.mechanic() instanceof Scheme.Mechanic.FreeGoods free && free.inside())) return;
            assertThat(DecisionJson.read(DecisionJson.write(decided), 2)).isEqualTo(decided);
            for (var line : decided.more().ladder())
                for (var row : line.schemes()) {
                    // A scheme that applied on other lines may have nothing for this one, and nothing fails.
                    if (row.failing().isEmpty()) continue;
                    if (row.applied() || row.moreQty() == null || row.failing().getFirst().condition() != Decision.Condition.THRESHOLD || row.failing().getFirst().wanted() == null) continue;
                    // What several groups lack, one line does not fill; a value at another MRP is another value.
                    if (row.next().group() != null || row.next().basis() == Scheme.Basis.GROSS_VALUE) continue;
                    // The line's SKU lies on other lines of another price, of which the group's winner took some.
                    if (decided.more().ladder().stream().filter(other -> other.skuId().equals(line.skuId())).count() > 1) continue;
                    var after = row(engine, asked, line.line(), row, row.moreQty());
                    if (after == null) continue;
                    assertThat(isOpen(after)).as("line %s %s with %s more", line.line(), row, row.moreQty()).isFalse();
                    seen[0]++;
                    long step = engine.sku(line.skuId()).qtyScale() == 0 ? 1000 : 1;
                    if (row.moreQty().milli() <= step) continue;
                    var before = row(engine, asked, line.line(), row, new Qty(row.moreQty().milli() - step));
                    if (before == null || before.winner() != null) continue;
                    assertThat(isOpen(before)).as("line %s %s with one unit less than %s", line.line(), row, row.moreQty()).isTrue();
                    seen[1]++;
                }
        });
        assertThat(seen[0]).isGreaterThan(100);
        assertThat(seen[1]).isGreaterThan(100);
    }

    private static boolean isOpen(Decision.LadderRow row) {
        return !row.applied() && row.winner() == null && !row.failing().isEmpty() && row.failing().getFirst().condition() == Decision.Condition.THRESHOLD;
    }

    private static Decision.LadderRow row(Engine engine, DecideCommand command, int number, Decision.LadderRow row, Qty more) {
        var lines = new ArrayList<DecideCommand.Line>();
        for (var line : command.lines())
            lines.add(line.line() != number ? line : new DecideCommand.Line(number, line.skuId(), line.qty().plus(more), line.batchId(), line.manualPrice(), line.manualDiscount(),
                    line.manualReason(), line.orderedQty() == null ? null : line.orderedQty().plus(more), line.manualCode()));
        if (!(engine.decide(new DecideCommand(command.kind(), command.businessDate(), command.saleType(), command.paymentMode(), command.principalId(), command.outlet(), lines,
                command.batches(), command.approved(), command.facts())) instanceof Decision.Decided decided)) return null;
        for (var line : decided.more().ladder()) if (line.line() == number) for (var other : line.schemes()) if (other.schemeId().equals(row.schemeId())) return other;
        return null;
    }

    @Test
    @DisplayName("PX-41 any sequence of returns up to everything credits the invoice, head by head, rounding included")
    @Tag("SCH-12")
    @Tag("CMP-04")
    void returns() {
        int[] seen = new int[1];
        forAll((any, engine, command, decision) -> {
            if (!(decision instanceof Decision.Decided decided) || decided.lines().isEmpty()) return;
            var random = new Random(decided.totals().payable().units());
            var left = new TreeMap<String, Long>();
            for (var line : decided.lines()) left.put(line.line() + "." + line.part(), line.qty().milli());
            var earlier = new ArrayList<Returns.Outcome>();
            var notes = new ArrayList<ReturnNote>();
            var carry = Money.zero(2);
            while (!left.isEmpty()) {
                var now = new ArrayList<Returns.Line>();
                boolean rest = earlier.size() >= 3;
                for (var line : decided.lines()) {
                    var key = line.line() + "." + line.part();
                    var open = left.get(key);
                    if (open == null || (!rest && random.nextInt(3) == 0)) continue;
                    long qty = rest ? open : Math.max(1, (random.nextLong(open) + 1) / 1000) * 1000;
                    qty = Math.min(qty, open);
                    now.add(new Returns.Line(line.line(), line.part(), new Qty(qty)));
                    if (qty == open) left.remove(key);
                    else left.put(key, open - qty);
                }
                var free = new ArrayList<Returns.Free>();
                if (left.isEmpty()) {
                    var open = new TreeMap<String, Long>();
                    for (var line : decided.freeLines()) open.merge(line.schemeId() + '|' + line.skuId(), line.qty().milli(), Long::sum);
                    for (var before : earlier) for (var row : before.free()) open.merge(row.schemeId() + '|' + row.skuId(), -row.back().milli() - row.charged().milli(), Long::sum);
                    open.forEach((key, qty) -> {
                        if (qty > 0) free.add(new Returns.Free(key.substring(0, key.indexOf('|')), key.substring(key.indexOf('|') + 1), new Qty(qty)));
                    });
                }
                var outcome = Returns.reverse(engine, new Returns.Request(command, decided, earlier, now, free, false, carry));
                assertThat(Doors.outcome(Json.object(Doors.write(outcome)), 2)).isEqualTo(outcome);
                var drawn = ReturnNote.draw(engine, new Returns.Request(command, decided, earlier, now, free, false, carry), command.businessDate() + 1, true, Map.of());
                assertThat(drawn.outcome()).isEqualTo(outcome);
                assertThat(drawn.note().decided().totals().payable()).isEqualTo(outcome.totals().credit());
                assertThat(DecisionJson.read(DecisionJson.write(drawn.note().decided()), 2)).isEqualTo(drawn.note().decided());
                notes.add(drawn.note());
                assertThat(outcome.totals().credit().isNegative()).isFalse();
                carry = outcome.totals().carry();
                earlier.add(outcome);
            }
            long taxable = 0, cgst = 0, igst = 0, cess = 0, credit = 0;
            for (var outcome : earlier) {
                taxable += outcome.totals().taxable().units();
                cgst += outcome.totals().cgst().units();
                igst += outcome.totals().igst().units();
                cess += outcome.totals().cess().units();
                credit += outcome.totals().credit().units();
            }
            assertThat(taxable).isEqualTo(decided.totals().taxable().units());
            assertThat(cgst).isEqualTo(decided.totals().cgst().units());
            assertThat(igst).isEqualTo(decided.totals().igst().units());
            assertThat(cess).isEqualTo(decided.totals().cess().units());
            if (decided.more().charges().isEmpty()) {
                assertThat(credit + carry.units()).isEqualTo(decided.totals().payable().units());
                undoes(engine, decided, notes);
            }
            seen[0]++;
        });
        assertThat(seen[0]).isGreaterThan(SEEDS / 2);
    }

    /// P-04, P-07: the notes' journals are the invoice's, the other way round, to the paisa; every benefit row is back.
    private static void undoes(Engine engine, Decision.Decided decided, List<ReturnNote> notes) {
        var sums = new TreeMap<String, Long>();
        var benefits = new TreeMap<String, Long>();
        for (var entry : Journal.forInvoice(decided).entries()) sums.merge(entry.account() + "|" + entry.taxHead() + "|" + entry.taxRate() + "|" + entry.schemeId(), entry.amount().units(), Long::sum);
        for (var line : decided.lines()) for (var benefit : line.benefits()) benefits.merge(line.line() + "." + line.part() + "|" + benefit.schemeId(), benefit.amount().units(), Long::sum);
        int number = ReturnNote.freeFrom(decided);
        for (var line : decided.freeLines()) {
            benefits.merge(number + ".1|" + line.schemeId() + "|qty", line.qty().milli(), Long::sum);
            benefits.merge("claim|" + line.schemeId(), line.claimValue().units(), Long::sum);
            number++;
        }
        for (var note : notes) {
            for (var entry : Journal.forInvoice(note.decided()).reversal().entries())
                sums.merge(entry.account() + "|" + entry.taxHead() + "|" + entry.taxRate() + "|" + entry.schemeId(), entry.amount().units(), Long::sum);
            for (var taken : note.taken()) {
                if (taken.freeSkuId() == null) benefits.merge(taken.line() + "." + taken.part() + "|" + taken.schemeId(), -taken.amount().units(), Long::sum);
                else {
                    benefits.merge(taken.line() + ".1|" + taken.schemeId() + "|qty", -taken.freeQty().milli(), Long::sum);
                    benefits.merge("claim|" + taken.schemeId(), -taken.claim().units(), Long::sum);
                }
            }
        }
        // what is carried is the outlet's debt until the next note; the last one here leaves it in the rounding
        sums.merge("ROUNDING|null|null|null", 0L, Long::sum);
        var carry = notes.isEmpty() ? 0 : notes.getLast().carry().units();
        sums.merge("ROUNDING|null|null|null", -carry, Long::sum);
        sums.merge("RECEIVABLE_OUTLETS|null|null|null", carry, Long::sum);
        // NONE: the benefit stays, with whoever paid it
        for (var scheme : engine.book().schemes())
            for (var row : decided.schemes()) {
                if (!row.schemeId().equals(scheme.id()) || row.schemeVersion() != scheme.version() || scheme.returnPolicy() != Scheme.ReturnPolicy.NONE) continue;
                sums.keySet().removeIf(key -> key.endsWith("|" + scheme.id()));
                sums.merge("SALES|null|null|null", row.discount().units(), Long::sum);
                benefits.keySet().removeIf(key -> key.contains("|" + scheme.id()) && !key.endsWith("qty") && !key.startsWith("claim"));
            }
        assertThat(sums.values()).as(sums.toString()).allMatch(sum -> sum == 0);
        assertThat(benefits.values()).as(benefits.toString()).allMatch(sum -> sum == 0);
    }

    @Test
    @DisplayName("the hash is SHA-256, changes with any of the three texts and with nothing else")
    void hash() throws Exception {
        for (var text : List.of("", "abc", "₹ १२३", "é 😀 \uD800x", "x".repeat(55), "x".repeat(56), "x".repeat(64), "x".repeat(1000)))
            assertThat(Sha256.hex(text)).isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))));
        var any = new AnyBill(3, true);
        var engine = Engine.of(any.book);
        var command = any.command();
        var hash = Doors.hash("b", command, engine.decide(command));
        assertThat(Doors.hash("b", command, engine.decide(command))).isEqualTo(hash);
        assertThat(Doors.hash("c", command, engine.decide(command))).isNotEqualTo(hash);
        assertThat(Doors.answer(engine, "hash", "{\"bookHash\":\"b\",\"command\":" + CommandJson.write(command) + ",\"answer\":" + DecisionJson.write(engine.decide(command)) + "}"))
                .isEqualTo("{\"hash\":\"" + hash + "\"}");
    }

    @Test
    @DisplayName("periods follow the calendar: months, quarters, years from April, weekdays")
    void periods() {
        for (int day = -40_000; day < 60_000; day += 13) {
            var date = java.time.LocalDate.ofEpochDay(day);
            assertThat(Periods.key(Scheme.Period.MONTH, day)).isEqualTo(date.toString().substring(0, 7));
            assertThat(Periods.key(Scheme.Period.QUARTER, day)).isEqualTo(date.getYear() + "-Q" + date.get(java.time.temporal.IsoFields.QUARTER_OF_YEAR));
            assertThat(Periods.key(Scheme.Period.FISCAL_YEAR, day)).isEqualTo("FY" + (date.getMonthValue() >= 4 ? date.getYear() : date.getYear() - 1));
            assertThat(Periods.weekday(day)).isEqualTo(date.getDayOfWeek().getValue());
        }
    }
}
