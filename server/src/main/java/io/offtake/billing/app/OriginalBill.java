package io.offtake.billing.app;

import io.offtake.billing.InvoiceView;
import io.offtake.billing.Reversals.Part;
import io.offtake.billing.Reversals.ReverseInvoice;
import io.offtake.billing.store.LineReturns;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.CommandJson;
import io.offtake.rules.Decision;
import io.offtake.rules.DecisionJson;
import io.offtake.rules.Engine;
import io.offtake.rules.Json;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.ReturnNote;
import io.offtake.rules.Returns;
import io.offtake.rules.UnitPrice;
import io.offtake.schemes.SchemeAccounts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A posted bill as the rules take it back: its stored input and decision, the book that decided it, and the returns so far.
///
/// @param engine of the archived book; null if that is not kept
/// @param done     oldest first
/// @param freeHeld free units that are on their way back, this return's included
record OriginalBill(InvoiceView view, String commandJson, Decision.Decided decided, @Nullable Engine engine, List<LineReturns.Done> done, BigDecimal freeHeld) {

    static OriginalBill of(InvoiceView view, String command, String decision, @Nullable Engine engine, List<LineReturns.Done> done, Map<String, BigDecimal[]> states, int scale) {
        var decided = (Decision.Decided) DecisionJson.read(decision, scale);
        var held = BigDecimal.ZERO;
        for (int at = 0; at < decided.freeLines().size(); at++) {
            var state = states.get(ReturnNote.key(ReturnNote.freeFrom(decided) + at, 1));
            if (state != null) held = held.add(state[0]);
        }
        return new OriginalBill(view, command, decided, engine, List.copyOf(done), held);
    }

    Engine engineOr(RuleBookSource.Snapshot snapshot) {
        return engine == null ? snapshot.engine() : engine;
    }

    LongStream skus() {
        return Stream.concat(decided.lines().stream().map(Decision.ResultLine::skuId), decided.freeLines().stream().map(Decision.FreeLine::skuId)).mapToLong(Long::parseLong);
    }

    private int scale() {
        return decided.totals().payable().scale();
    }

    /// Works the note out. Unearned free goods that do not come back are charged (PX-41), unless others of them are on their way back with another return.
    /// @param held whether the command's units are held already
    ReturnNote.Drawn draw(ReverseInvoice command, Engine by, int on, boolean taxed, boolean held) {
        var others = freeHeld;
        var lines = new ArrayList<Returns.Line>();
        var free = new ArrayList<Returns.Free>();
        var batches = new HashMap<String, List<Decision.BatchQty>>();
        int freeFrom = ReturnNote.freeFrom(decided);
        for (var part : command.parts()) {
            if (part.line() < freeFrom) lines.add(new Returns.Line(part.line(), part.part(), qty(part.qty())));
            else {
                var given = decided.freeLines().get(part.line() - freeFrom);
                free.add(new Returns.Free(given.schemeId(), given.skuId(), qty(part.qty())));
                if (held) others = others.subtract(part.qty());
            }
            if (!part.batches().isEmpty()) batches.put(ReturnNote.key(part.line(), part.part()), batches(part));
        }
        var carry = done.isEmpty() ? Money.zero(scale()) : Money.parse(done.getLast().carry().setScale(scale(), RoundingMode.UNNECESSARY).toPlainString(), scale());
        return ReturnNote.draw(by, new Returns.Request(CommandJson.read(Json.object(commandJson), scale()), decided, done.stream().map(LineReturns.Done::outcome).toList(), lines, free, others.signum() == 0, carry),
                on, taxed, batches);
    }

    private static Qty qty(BigDecimal qty) {
        return new Qty(qty.movePointRight(3).longValueExact());
    }

    private List<Decision.BatchQty> batches(Part part) {
        var costs = new HashMap<String, UnitPrice>();
        Stream.concat(decided.lines().stream().flatMap(line -> line.batches().stream()), decided.freeLines().stream().flatMap(line -> line.batches().stream()))
                .forEach(batch -> costs.put(batch.batchId(), batch.unitCost()));
        return part.batches().stream().map(batch -> new Decision.BatchQty(batch.batchId().toString(), batch.batchNo(), batch.expiresOn() == null ? null : (int) batch.expiresOn().toEpochDay(),
                qty(batch.qty()), costs.getOrDefault(batch.batchId().toString(), new UnitPrice(0)))).toList();
    }

    /// Free units that are charged with a note: they are gone from the bill though nobody had held them.
    List<LineReturns.Units> charged(ReturnNote note, ReverseInvoice command) {
        var units = new ArrayList<LineReturns.Units>();
        int freeFrom = ReturnNote.freeFrom(decided);
        var more = new HashMap<String, BigDecimal>();
        for (var taken : note.taken())
            if (taken.freeSkuId() != null) more.merge(taken.schemeId() + '|' + taken.freeSkuId(), BigDecimal.valueOf(taken.freeQty().milli(), 3), BigDecimal::add);
        for (var part : command.parts()) {
            if (part.line() < freeFrom) continue;
            var given = decided.freeLines().get(part.line() - freeFrom);
            more.merge(given.schemeId() + '|' + given.skuId(), part.qty().negate(), BigDecimal::add);
        }
        for (var taken : note.taken()) {
            if (taken.freeSkuId() == null) continue;
            var group = taken.schemeId() + '|' + taken.freeSkuId();
            var came = command.parts().stream().filter(part -> part.line() == taken.line()).map(Part::qty).reduce(BigDecimal.ZERO, BigDecimal::add);
            var here = BigDecimal.valueOf(taken.freeQty().milli(), 3).subtract(came).min(more.get(group));
            if (here.signum() <= 0) continue;
            more.merge(group, here.negate(), BigDecimal::add);
            units.add(new LineReturns.Units(taken.line(), 1, Long.parseLong(taken.freeSkuId()), new BigDecimal(decided.freeLines().get(taken.line() - freeFrom).qty().toString()), here));
        }
        return units;
    }

    /// Cost of what is set aside.
    BigDecimal setAside(ReturnNote note, ReverseInvoice command) {
        var sum = BigDecimal.ZERO;
        for (var part : command.parts()) {
            var cost = note.costs().get(ReturnNote.key(part.line(), part.part()));
            if (cost == null || part.setAside().signum() == 0) continue;
            sum = sum.add(BigDecimal.valueOf(cost.units(), cost.scale()).multiply(part.setAside()).divide(part.qty(), cost.scale(), RoundingMode.HALF_UP));
        }
        return sum;
    }

    /// How much of what a scheme gave on this bill is back, before a note and with it: by money off, else by free units, else by what it counted (QPS, points).
    SchemeAccounts.Share share(ReturnNote.Drawn drawn, long schemeId) {
        var id = Long.toString(schemeId);
        long booked = 0, before = 0;
        for (var outcome : done) for (var row : outcome.outcome().schemes()) if (row.schemeId().equals(id)) before += row.takenBack().units();
        long now = before;
        for (var row : drawn.outcome().schemes()) {
            if (!row.schemeId().equals(id)) continue;
            booked = row.booked().units();
            now += row.takenBack().units();
        }
        if (booked > 0) return new SchemeAccounts.Share(part(before, booked), part(now, booked));
        long given = 0, backBefore = 0;
        for (var line : decided.freeLines()) if (line.schemeId().equals(id)) given += line.qty().milli();
        for (var outcome : done) backBefore += freeBack(outcome.outcome(), id);
        if (given > 0) return new SchemeAccounts.Share(part(backBefore, given), part(backBefore + freeBack(drawn.outcome(), id), given));
        return new SchemeAccounts.Share(lost(drawn.countedBefore(), id), lost(drawn.countedNow(), id));
    }

    private static long freeBack(Returns.Outcome outcome, String schemeId) {
        long sum = 0;
        for (var row : outcome.free()) if (row.schemeId().equals(schemeId)) sum += row.back().milli() + row.charged().milli();
        return sum;
    }

    private BigDecimal lost(List<Decision.Accrual> stays, String schemeId) {
        var booked = counted(decided.more().accruals(), schemeId);
        return booked.signum() == 0 ? BigDecimal.ZERO : BigDecimal.ONE.subtract(counted(stays, schemeId).divide(booked, 12, RoundingMode.HALF_UP)).max(BigDecimal.ZERO);
    }

    private static BigDecimal counted(List<Decision.Accrual> accruals, String schemeId) {
        var sum = BigDecimal.ZERO;
        for (var one : accruals) if (one.schemeId().equals(schemeId)) sum = sum.add(one.counted() == null ? new BigDecimal(one.amount()) : new BigDecimal(one.counted()));
        return sum;
    }

    private static BigDecimal part(long part, long whole) {
        return BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 12, RoundingMode.HALF_UP);
    }

    /// The batches of a line that come back after `before` units have, in the order of issue.
    static List<InvoiceView.BatchQty> inOrder(List<InvoiceView.BatchQty> issued, BigDecimal before, BigDecimal qty) {
        var skip = before;
        var want = qty;
        var rows = new ArrayList<InvoiceView.BatchQty>();
        for (var batch : issued) {
            var skipped = batch.qty().min(skip);
            skip = skip.subtract(skipped);
            var taken = batch.qty().subtract(skipped).min(want);
            want = want.subtract(taken);
            if (taken.signum() > 0) rows.add(new InvoiceView.BatchQty(batch.batchId(), batch.batchNo(), batch.expiresOn(), taken));
        }
        return rows;
    }

    /// Net price of a unit of each billed line, before tax; free goods have none.
    static Map<String, BigDecimal> netPrices(InvoiceView view) {
        var prices = new HashMap<String, BigDecimal>();
        for (var line : view.lines()) prices.put(ReturnNote.key(line.line(), line.part()), line.taxable().divide(line.qty(), 6, RoundingMode.DOWN));
        return prices;
    }
}
