package io.offtake.rules;

import java.util.ArrayList;

/// The JSON form of a [DecideCommand] (`spec/README.md`).
public final class CommandJson {
    private CommandJson() {}

    /// @throws Json.Fault if a member is missing or refused; its pointer says which
    public static DecideCommand read(String text, RuleBook book) {
        return read(Json.object(text), book.currency().scale());
    }

    public static DecideCommand read(Json.Node node, int scale) {
        var lines = new ArrayList<DecideCommand.Line>();
        for (var line : node.nodes("lines"))
            lines.add(new DecideCommand.Line(line.integer("line"), line.text("skuId"), line.qty("qty"), line.textOrNull("batchId"),
                    line.priceOrNull("manualPrice"), line.percentOrNull("manualDiscountPercent"), line.textOrNull("manualReason")));
        var batches = new ArrayList<DecideCommand.Batch>();
        for (var batch : node.nodes("batches"))
            batches.add(new DecideCommand.Batch(batch.text("batchId"), batch.text("skuId"), batch.textOrNull("batchNo"),
                    batch.moneyOrNull("mrp", scale), batch.integerOrNull("expiresOn"), batch.integer("receivedOn", 0),
                    batch.qty("saleable"), batch.has("unitCost") ? batch.price("unitCost") : UnitPrice.ZERO));
        return new DecideCommand(
                node.constant("kind", DecideCommand.Kind.values()), node.integer("businessDate"),
                node.constant("saleType", DecideCommand.SaleType.values(), DecideCommand.SaleType.COUNTER),
                node.constant("paymentMode", DecideCommand.PaymentMode.values()), node.textOrNull("principalId"),
                outlet(node.node("outlet"), scale), lines, batches, node.constants("approved", Refusal.Code.values()));
    }

    /// The outlet's facts.
    public static DecideCommand.Outlet outlet(Json.Node outlet, int scale) {
        var credit = new ArrayList<DecideCommand.CreditAccount>();
        for (var account : outlet.nodes("credit"))
            credit.add(new DecideCommand.CreditAccount(account.text("principalId"), account.moneyOrNull("limit", scale),
                    account.has("exposure") ? account.money("exposure", scale) : Money.zero(scale),
                    account.integer("overdueDays", 0), account.integer("termsDays", 0)));
        return new DecideCommand.Outlet(outlet.text("id"), outlet.textOrNull("channel"), outlet.textOrNull("class"), outlet.textOrNull("group"),
                outlet.textOrNull("parentId"), outlet.textOrNull("stateCode"),
                outlet.constant("registration", RuleBook.Registration.values(), RuleBook.Registration.UNREGISTERED),
                outlet.textOrNull("gstin"), outlet.flag("blocked", false), credit);
    }

    public static String write(DecideCommand command) {
        var out = new Json.Writer();
        write(out.openObject(), command);
        return out.closeObject().toString();
    }

    static void write(Json.Writer out, DecideCommand command) {
        out.text("kind", command.kind()).number("businessDate", command.businessDate()).text("saleType", command.saleType())
                .text("paymentMode", command.paymentMode()).textIf("principalId", command.principalId());
        var outlet = command.outlet();
        out.openObject("outlet").text("id", outlet.id()).textIf("channel", outlet.channel()).textIf("class", outlet.outletClass())
                .textIf("group", outlet.group()).textIf("parentId", outlet.parentId()).textIf("stateCode", outlet.stateCode())
                .text("registration", outlet.registration()).textIf("gstin", outlet.gstin()).flag("blocked", outlet.blocked());
        out.openArray("credit");
        for (var account : outlet.credit())
            out.openObject().text("principalId", account.principalId()).textIf("limit", account.limit()).text("exposure", account.exposure())
                    .number("overdueDays", account.overdueDays()).number("termsDays", account.termsDays()).closeObject();
        out.closeArray().closeObject();
        out.openArray("lines");
        for (var line : command.lines())
            out.openObject().number("line", line.line()).text("skuId", line.skuId()).text("qty", line.qty()).textIf("batchId", line.batchId())
                    .textIf("manualPrice", line.manualPrice())
                    .textIf("manualDiscountPercent", line.manualDiscount() == null ? null : line.manualDiscount().toPercent())
                    .textIf("manualReason", line.manualReason()).closeObject();
        out.closeArray();
        out.openArray("batches");
        for (var batch : command.batches()) {
            out.openObject().text("batchId", batch.batchId()).text("skuId", batch.skuId()).textIf("batchNo", batch.batchNo())
                    .textIf("mrp", batch.mrp());
            if (batch.expiresOn() != null) out.number("expiresOn", batch.expiresOn());
            out.number("receivedOn", batch.receivedOn()).text("saleable", batch.saleable()).text("unitCost", batch.unitCost()).closeObject();
        }
        out.closeArray().textsIf("approved", command.approved());
    }
}
