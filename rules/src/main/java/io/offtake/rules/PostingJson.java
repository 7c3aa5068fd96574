package io.offtake.rules;

import java.util.ArrayList;

/// What a document does to the money and stock ledgers, as JSON text: the golden cases of `spec/postings` ask it, and a
/// client may show it. The request's `kind` is `invoice` or `allocation` (with `command`, and `from`, `to` nodes),
/// `goods-receipt` (with `receipt`) or `collection` (with `mode`, `amount`, `allocated`).
public final class PostingJson {
    private PostingJson() {}

    /// @throws Json.Fault if a member is missing or refused
    public static String answer(Engine engine, String request) {
        var node = Json.object(request);
        int scale = engine.book().currency().scale();
        var out = new Json.Writer();
        out.openObject();
        switch (node.text("kind")) {
            case "invoice" -> {
                switch (engine.decide(CommandJson.read(node.node("command"), scale))) {
                    case Decision.Refused refused -> out.text("outcome", "REFUSED").text("code", refused.refusals().getFirst().code());
                    case Decision.Decided decided -> write(out, Journal.forInvoice(decided), StockMoves.forInvoice(decided,
                            node.constant("from", StockMoves.Node.values(), StockMoves.Node.SALEABLE),
                            node.constant("to", StockMoves.Node.values(), StockMoves.Node.CUSTOMER)));
                }
            }
            case "allocation" -> {
                switch (engine.decide(CommandJson.read(node.node("command"), scale))) {
                    case Decision.Refused refused -> out.text("outcome", "REFUSED").text("code", refused.refusals().getFirst().code());
                    case Decision.Decided decided -> write(out, new Journal(new ArrayList<>()), StockMoves.forAllocation(decided));
                }
            }
            case "goods-receipt" -> {
                switch (engine.value(receipt(node.node("receipt"), scale))) {
                    case GoodsReceipt.Outcome.Refused refused -> out.text("outcome", "REFUSED").text("code", refused.refusals().getFirst().code());
                    case GoodsReceipt.Outcome.Ok ok -> write(out, Journal.forGoodsReceipt(ok.valued()), StockMoves.forGoodsReceipt(ok.valued()));
                }
            }
            case "collection" -> write(out, Journal.forCollection(node.constant("mode", Journal.CollectionMode.values()), node.money("amount", scale),
                    node.money("allocated", scale)), new StockMoves(new ArrayList<>()));
            default -> throw node.fault("kind", "is none of invoice, allocation, goods-receipt, collection");
        }
        return out.closeObject().toString();
    }

    /// A goods receipt: `{businessDate, principalId, lines: [{line, skuId, batchId, mrp, unitCost, billed, free, good, damaged, short}]}`.
    public static GoodsReceipt receipt(Json.Node node, int scale) {
        var lines = new ArrayList<GoodsReceipt.Line>();
        for (var line : node.nodes("lines"))
            lines.add(new GoodsReceipt.Line(line.integer("line"), line.text("skuId"), line.textOrNull("batchId"), line.moneyOrNull("mrp", scale),
                    line.price("unitCost"), line.qty("billed"), line.has("free") ? line.qty("free") : Qty.ZERO, line.qty("good"),
                    line.has("damaged") ? line.qty("damaged") : Qty.ZERO, line.has("short") ? line.qty("short") : Qty.ZERO));
        return new GoodsReceipt(node.integer("businessDate"), node.text("principalId"), lines);
    }

    private static void write(Json.Writer out, Journal journal, StockMoves moves) {
        out.text("outcome", "POSTED").openArray("journal");
        for (var entry : journal.entries()) {
            out.openObject().text("account", entry.account().code());
            if (entry.amount().isPositive()) out.text("debit", entry.amount());
            else out.text("credit", entry.amount().negate());
            out.textIf("taxHead", entry.taxHead()).textIf("taxRate", entry.taxRate()).textIf("schemeId", entry.schemeId());
            if (entry.schemeVersion() != null) out.number("schemeVersion", entry.schemeVersion());
            out.closeObject();
        }
        out.closeArray().openArray("stock");
        for (var entry : moves.entries())
            out.openObject().number("line", entry.line()).number("leg", entry.leg()).text("skuId", entry.skuId()).text("batchId", entry.batchId())
                    .text("mrp", entry.mrp()).text("node", entry.node()).text("qty", entry.qty()).text("unitCost", entry.unitCost()).closeObject();
        out.closeArray();
    }
}
