package io.offtake.rules;

import java.util.ArrayList;
import java.util.List;

/// A set of stock entries in which every movement has two ends (INV-02): what leaves one node enters another.
public record StockMoves(List<Entry> entries) {

    /// Where goods can be (domain/03 section 3.1). External nodes may go below zero, internal ones may not.
    public enum Node {
        SALEABLE(true), RESERVED(true), IN_TRANSIT_IN(true), IN_TRANSIT_OUT(true), RETURN_TRANSIT(true), VAN(true), VAN_DAMAGED(true),
        DAMAGED(true), EXPIRED(true), QUARANTINE(true), NEG_SUSPENSE(false),
        SUPPLIER(false), CUSTOMER(false), OTHER_ORG(false), SCRAP(false), GAIN_LOSS(false), SAMPLE(false);

        private final boolean internal;

        Node(boolean internal) {
            this.internal = internal;
        }

        public boolean isInternal() {
            return internal;
        }
    }

    /// @param line the document's line
    /// @param leg  1, 2, … within the document: with `line` the entry's identity
    /// @param qty  − at the source, + at the target
    public record Entry(int line, int leg, String skuId, String batchId, Money mrp, Node node, Qty qty, UnitPrice unitCost) {}

    public StockMoves {
        entries = List.copyOf(entries);
        long sum = 0;
        for (var entry : entries) sum = Math.addExact(sum, entry.qty().milli());
        if (sum != 0) throw new IllegalArgumentException("every movement has two ends (INV-02)");
    }

    public StockMoves reversal() {
        var negated = new ArrayList<Entry>(entries.size());
        for (var entry : entries)
            negated.add(new Entry(entry.line(), entry.leg(), entry.skuId(), entry.batchId(), entry.mrp(), entry.node(), entry.qty().negate(), entry.unitCost()));
        return new StockMoves(negated);
    }

    /// Goods of an invoice, billed and free, one movement per batch. Line is the place in `posting.issues`, from 1.
    /// Counter sale: SALEABLE → CUSTOMER; delivery: SALEABLE or RESERVED → IN_TRANSIT_OUT.
    public static StockMoves forInvoice(Decision.Decided invoice, Node from, Node to) {
        var sheet = new Sheet();
        int line = 0;
        for (var issue : invoice.posting().issues())
            sheet.move(++line, issue.skuId(), issue.batchId(), issue.mrp(), from, to, issue.billed().plus(issue.free()), issue.unitCost());
        return sheet.moves();
    }

    /// P-02: SALEABLE → RESERVED for an order's batches. The way back is [#reversal].
    public static StockMoves forAllocation(Decision.Decided order) {
        return forInvoice(order, Node.SALEABLE, Node.RESERVED);
    }

    /// P-01: SUPPLIER → IN_TRANSIT_IN → SALEABLE, DAMAGED and GAIN_LOSS (short).
    public static StockMoves forGoodsReceipt(GoodsReceipt.Valued receipt) {
        var sheet = new Sheet();
        for (var valued : receipt.lines()) {
            var line = valued.line();
            sheet.move(line.line(), line.skuId(), line.batchId(), line.mrp(), Node.SUPPLIER, Node.IN_TRANSIT_IN,
                    line.billed().plus(line.free()), valued.landedCost());
            sheet.move(line.line(), line.skuId(), line.batchId(), line.mrp(), Node.IN_TRANSIT_IN, Node.SALEABLE, line.good(), valued.landedCost());
            sheet.move(line.line(), line.skuId(), line.batchId(), line.mrp(), Node.IN_TRANSIT_IN, Node.DAMAGED, line.damaged(), valued.landedCost());
            sheet.move(line.line(), line.skuId(), line.batchId(), line.mrp(), Node.IN_TRANSIT_IN, Node.GAIN_LOSS, line.shortQty(), valued.landedCost());
        }
        return sheet.moves();
    }

    /// Any single movement between two nodes: delivery, expiry, damage, transfer.
    public static StockMoves between(Node from, Node to, String skuId, String batchId, Money mrp, Qty qty, UnitPrice unitCost) {
        var sheet = new Sheet();
        sheet.move(1, skuId, batchId, mrp, from, to, qty, unitCost);
        return sheet.moves();
    }

    private static final class Sheet {
        private final List<Entry> rows = new ArrayList<>();
        private int line = -1;
        private int leg;

        void move(int line, String skuId, String batchId, Money mrp, Node from, Node to, Qty qty, UnitPrice unitCost) {
            if (line != this.line) leg = 0;
            this.line = line;
            if (qty.isZero()) return;
            rows.add(new Entry(line, ++leg, skuId, batchId, mrp, from, qty.negate(), unitCost));
            rows.add(new Entry(line, ++leg, skuId, batchId, mrp, to, qty, unitCost));
        }

        StockMoves moves() {
            return new StockMoves(rows);
        }
    }
}
