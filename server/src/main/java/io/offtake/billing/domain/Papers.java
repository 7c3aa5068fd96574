package io.offtake.billing.domain;

import io.offtake.billing.PostInvoice;
import io.offtake.billing.PostInvoiceOutcome.Finding;
import io.offtake.rules.DecideCommand;
import io.offtake.rules.Decision;
import io.offtake.rules.Engine;
import io.offtake.rules.Money;
import io.offtake.rules.Qty;
import io.offtake.rules.Refusal;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.BatchStock;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Documents that a device decided and handed out without the server: they stand, and are compared with what is in force (OFF-10).
public final class Papers {
    /// What would have stopped the sale does not undo it.
    private static final List<Refusal.Code> PASSED = List.of(Refusal.Code.OUTLET_BLOCKED, Refusal.Code.BATCH_EXPIRED, Refusal.Code.SHELF_LIFE_SHORT, Refusal.Code.MANUAL_ABOVE_LIMIT,
            Refusal.Code.STOCK_SHORT, Refusal.Code.PRICE_ABOVE_MRP, Refusal.Code.PRICE_BELOW_FLOOR, Refusal.Code.CREDIT_LIMIT, Refusal.Code.CREDIT_OVERDUE);
    /// Rounding apart, a document is the same (OFF-10).
    private static final BigDecimal SAME = new BigDecimal("0.05");

    private Papers() {}

    /// A paper whose book was found and whose command was read.
    public record Given(String hash, Engine engine, DecideCommand command) {}

    /// The first member in which what was decided is not what is posted; null if they are alike.
    public static @Nullable String unlike(PostInvoice posted, DecideCommand decided) {
        if (decided.kind() != DecideCommand.Kind.INVOICE) return "kind";
        if (decided.businessDate() != posted.businessDate().toEpochDay()) return "businessDate";
        if (decided.saleType() != posted.saleType()) return "saleType";
        if (decided.paymentMode() != posted.paymentMode()) return "paymentMode";
        if (!Objects.equals(decided.principalId(), Long.toString(posted.principalId()))) return "principalId";
        if (!decided.outlet().id().equals(posted.outletId().toString())) return "outletId";
        var warehouse = decided.facts().warehouseId();
        if (warehouse != null && !warehouse.equals(posted.warehouseId().toString())) return "warehouseId";
        if (decided.lines().size() != posted.lines().size()) return "lines";
        var lines = new HashMap<Integer, DecideCommand.Line>();
        decided.lines().forEach(line -> lines.put(line.line(), line));
        for (int at = 0; at < posted.lines().size(); at++) {
            var mine = posted.lines().get(at);
            var line = lines.get(mine.line());
            if (line == null || !line.skuId().equals(Long.toString(mine.skuId()))) return "lines/" + at + "/skuId";
            if (line.qty().milli() != mine.qty().movePointRight(3).longValue()) return "lines/" + at + "/qty";
        }
        return null;
    }

    /// The same command with the batches' own costs: what goods cost is the ledger's to say.
    /// @return null if a batch is not known
    public static @Nullable DecideCommand costed(DecideCommand command, Map<String, BatchStock> facts) {
        var batches = new ArrayList<DecideCommand.Batch>();
        for (var batch : command.batches()) {
            var fact = facts.get(batch.batchId());
            if (fact == null || !Long.toString(fact.skuId()).equals(batch.skuId())) return null;
            batches.add(new DecideCommand.Batch(batch.batchId(), batch.skuId(), batch.batchNo(), batch.mrp(), batch.expiresOn(), batch.receivedOn(), batch.saleable(),
                    new UnitPrice(fact.unitCost().movePointRight(6).longValueExact()), batch.rsp()));
        }
        return new DecideCommand(command.kind(), command.businessDate(), command.saleType(), command.paymentMode(), command.principalId(), command.outlet(), command.lines(), batches,
                command.approved(), command.facts());
    }

    /// The same sale as it would be decided with what is in force: the same goods out of the same batches, for the outlet as it is.
    public static DecideCommand inForce(DecideCommand paper, DecideCommand.Outlet outlet, DecideCommand.Facts facts, List<Refusal.Code> approved) {
        var all = new HashSet<>(PASSED);
        all.addAll(approved);
        return new DecideCommand(paper.kind(), paper.businessDate(), paper.saleType(), paper.paymentMode(), paper.principalId(), outlet, paper.lines(), paper.batches(), List.copyOf(all), facts);
    }

    /// How a document that stands differs from the decision in force.
    public static List<Finding> compare(Decision.Decided paper, Decision inForce) {
        var found = new ArrayList<Finding>();
        if (inForce instanceof Decision.Refused refused) {
            var first = refused.refusals().getFirst();
            found.add(new Finding(first.code() == Refusal.Code.TAX_RATE_MISSING ? Finding.Kind.TAX : Finding.Kind.PRICE, first.code().name(), paper.totals().payable().toString(), "refused"));
            return found;
        }
        var now = (Decision.Decided) inForce;
        var mine = paper.totals();
        var server = now.totals();
        differ(found, Finding.Kind.PRICE, "gross", mine.gross(), server.gross());
        differ(found, Finding.Kind.PRICE, "manualDiscount", mine.manualDiscount(), server.manualDiscount());
        // a device that gave less because its share of a limit was used up did what it should (OFF-11)
        boolean cut = paper.more().limits().stream().anyMatch(Decision.LimitUse::exhausted) && decimal(mine.schemeDiscount()).compareTo(decimal(server.schemeDiscount())) <= 0;
        if (!cut) {
            differ(found, Finding.Kind.SCHEME, "schemeDiscount", mine.schemeDiscount(), server.schemeDiscount());
            var free = free(paper);
            var freeNow = free(now);
            if (!free.equals(freeNow)) found.add(new Finding(Finding.Kind.SCHEME, "freeGoods", free.toString(), freeNow.toString()));
        }
        // tax that follows from another price or scheme is no difference of its own: the rates decide
        if (!rates(paper).equals(rates(now)) || (found.isEmpty() && !cut && tax(mine).subtract(tax(server)).abs().compareTo(SAME) > 0))
            found.add(new Finding(Finding.Kind.TAX, "tax", tax(mine).toPlainString(), tax(server).toPlainString()));
        for (var warning : now.warnings()) {
            if (warning.code() != Decision.WarningCode.CREDIT_LIMIT && warning.code() != Decision.WarningCode.CREDIT_OVERDUE && warning.code() != Decision.WarningCode.OUTLET_BLOCKED) continue;
            var values = new StringBuilder();
            warning.values().forEach(value -> values.append(values.isEmpty() ? "" : ", ").append(value.name()).append(' ').append(value.value()));
            found.add(new Finding(Finding.Kind.CREDIT, warning.code().name(), mine.payable().toString(), values.toString()));
        }
        return found;
    }

    private static boolean differ(List<Finding> found, Finding.Kind kind, String field, Money mine, Money server) {
        if (decimal(mine).subtract(decimal(server)).abs().compareTo(SAME) <= 0) return false;
        found.add(new Finding(kind, field, mine.toString(), server.toString()));
        return true;
    }

    private static BigDecimal tax(Decision.Totals totals) {
        return decimal(totals.cgst()).add(decimal(totals.sgst())).add(decimal(totals.igst())).add(decimal(totals.cess())).add(decimal(totals.vat()));
    }

    private static Map<String, Long> free(Decision.Decided decided) {
        var free = new java.util.TreeMap<String, Long>();
        for (var line : decided.freeLines()) free.merge(line.schemeId() + "/" + line.skuId(), line.qty().milli(), Long::sum);
        return free;
    }

    private static Map<String, String> rates(Decision.Decided decided) {
        var rates = new java.util.TreeMap<String, String>();
        for (var line : decided.lines()) rates.put(line.line() + "/" + line.skuId(), line.taxKind() + " " + line.taxRate() + (decided.interState() ? " IGST" : ""));
        return rates;
    }

    private static BigDecimal decimal(Money money) {
        return BigDecimal.valueOf(money.units(), money.scale());
    }

    /// Pieces of each batch that a document issues beyond what is there.
    /// @param there what is left of each batch, by id
    public static Map<java.util.UUID, BigDecimal> lacking(Decision.Decided decided, Map<java.util.UUID, BigDecimal> there) {
        var wanted = new java.util.TreeMap<java.util.UUID, BigDecimal>();
        for (var issue : decided.posting().issues()) wanted.merge(java.util.UUID.fromString(issue.batchId()), decimal(issue.billed().plus(issue.free())), BigDecimal::add);
        var lacking = new HashMap<java.util.UUID, BigDecimal>();
        wanted.forEach((batch, qty) -> {
            var over = qty.subtract(there.getOrDefault(batch, BigDecimal.ZERO).max(BigDecimal.ZERO));
            if (over.signum() > 0) lacking.put(batch, over);
        });
        return lacking;
    }

    private static BigDecimal decimal(Qty qty) {
        return BigDecimal.valueOf(qty.milli(), 3);
    }
}
