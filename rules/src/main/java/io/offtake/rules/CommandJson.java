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
                    line.priceOrNull("manualPrice"), line.percentOrNull("manualDiscountPercent"), line.textOrNull("manualReason"),
                    line.qtyOrNull("orderedQty"), line.textOrNull("manualCode")));
        var batches = new ArrayList<DecideCommand.Batch>();
        for (var batch : node.nodes("batches"))
            batches.add(new DecideCommand.Batch(batch.text("batchId"), batch.text("skuId"), batch.textOrNull("batchNo"),
                    batch.moneyOrNull("mrp", scale), batch.integerOrNull("expiresOn"), batch.integer("receivedOn", 0),
                    batch.qty("saleable"), batch.has("unitCost") ? batch.price("unitCost") : UnitPrice.ZERO, batch.moneyOrNull("rsp", scale)));
        return new DecideCommand(
                node.constant("kind", DecideCommand.Kind.values()), node.integer("businessDate"),
                node.constant("saleType", DecideCommand.SaleType.values(), DecideCommand.SaleType.COUNTER),
                node.constant("paymentMode", DecideCommand.PaymentMode.values()), node.textOrNull("principalId"),
                outlet(node.node("outlet"), scale), lines, batches, node.constants("approved", Refusal.Code.values()), facts(node, scale));
    }

    private static DecideCommand.Facts facts(Json.Node node, int scale) {
        var manual = node.node("manual");
        var limits = new ArrayList<DecideCommand.LimitLeft>();
        for (var row : node.nodes("limits"))
            limits.add(new DecideCommand.LimitLeft(row.text("schemeId"), row.constant("scope", Scheme.Scope.values()), row.textOrNull("period"),
                    row.moneyOrNull("amount", scale), row.qtyOrNull("freeQty"), row.integerOrNull("times")));
        var cumulated = new ArrayList<DecideCommand.Cumulated>();
        for (var row : node.nodes("cumulated")) cumulated.add(cumulated(row, row.text("schemeId"), scale));
        var choices = new ArrayList<DecideCommand.Choice>();
        for (var row : node.nodes("choices")) choices.add(new DecideCommand.Choice(row.text("schemeId"), row.text("skuId"), row.qtyOrNull("qty")));
        var codes = new ArrayList<DecideCommand.ManualCode>();
        for (var row : manual.nodes("codes"))
            codes.add(new DecideCommand.ManualCode(row.text("code"), row.has("principalShare") ? row.rate("principalShare") : Rate.ONE, row.moneyOrNull("amountLeft", scale)));
        var charges = new ArrayList<DecideCommand.Charge>();
        for (var row : node.nodes("charges")) charges.add(new DecideCommand.Charge(row.text("code"), row.textOrNull("hsn"), row.money("amount", scale)));
        var level = node.constant("level", Scheme.Level.values(), Scheme.Level.OUTLET);
        boolean explain = node.flag("explain", false);
        if (limits.isEmpty() && cumulated.isEmpty() && choices.isEmpty() && codes.isEmpty() && charges.isEmpty() && !explain && level == Scheme.Level.OUTLET
                && !node.has("orderSource") && !node.has("warehouseId") && !node.has("minuteOfDay") && !node.has("orderedOn") && !manual.has("limitPercent")) return DecideCommand.Facts.NONE;
        return new DecideCommand.Facts(level, node.textOrNull("orderSource"), node.integerOrNull("minuteOfDay"), node.integerOrNull("orderedOn"), explain,
                limits, cumulated, choices, manual.percentOrNull("limitPercent"), codes, charges, node.textOrNull("warehouseId"));
    }

    /// A period's sums, also for the door `accrue`.
    static DecideCommand.Cumulated cumulated(Json.Node row, String schemeId, int scale) {
        return new DecideCommand.Cumulated(schemeId, row.textOrNull("period"), row.textOrNull("skuId"), row.textOrNull("counted"),
                row.moneyOrNull("value", scale), row.textOrNull("accrued"), row.moneyOrNull("growthBase", scale));
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
                outlet.textOrNull("gstin"), outlet.flag("blocked", false), credit, outlet.texts("territories"), outlet.flag("firstOrder", false),
                outlet.flag("mslCompliant", false));
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
        out.closeArray().textsIf("territories", outlet.territories());
        if (outlet.firstOrder()) out.flag("firstOrder", true);
        if (outlet.mslCompliant()) out.flag("mslCompliant", true);
        out.closeObject();
        out.openArray("lines");
        for (var line : command.lines())
            out.openObject().number("line", line.line()).text("skuId", line.skuId()).text("qty", line.qty()).textIf("batchId", line.batchId())
                    .textIf("manualPrice", line.manualPrice())
                    .textIf("manualDiscountPercent", line.manualDiscount() == null ? null : line.manualDiscount().toPercent())
                    .textIf("manualReason", line.manualReason()).textIf("orderedQty", line.orderedQty()).textIf("manualCode", line.manualCode()).closeObject();
        out.closeArray();
        out.openArray("batches");
        for (var batch : command.batches()) {
            out.openObject().text("batchId", batch.batchId()).text("skuId", batch.skuId()).textIf("batchNo", batch.batchNo())
                    .textIf("mrp", batch.mrp());
            if (batch.expiresOn() != null) out.number("expiresOn", batch.expiresOn());
            out.number("receivedOn", batch.receivedOn()).text("saleable", batch.saleable()).text("unitCost", batch.unitCost())
                    .textIf("rsp", batch.rsp()).closeObject();
        }
        out.closeArray().textsIf("approved", command.approved());
        if (command.facts() != DecideCommand.Facts.NONE) write(out, command.facts());
    }

    private static void write(Json.Writer out, DecideCommand.Facts facts) {
        if (facts.level() != Scheme.Level.OUTLET) out.text("level", facts.level());
        out.textIf("orderSource", facts.orderSource()).textIf("warehouseId", facts.warehouseId());
        if (facts.minuteOfDay() != null) out.number("minuteOfDay", facts.minuteOfDay());
        if (facts.orderedOn() != null) out.number("orderedOn", facts.orderedOn());
        if (facts.explain()) out.flag("explain", true);
        if (!facts.limits().isEmpty()) {
            out.openArray("limits");
            for (var row : facts.limits()) {
                out.openObject().text("schemeId", row.schemeId()).text("scope", row.scope()).textIf("period", row.period()).textIf("amount", row.amount())
                        .textIf("freeQty", row.freeQty());
                if (row.times() != null) out.number("times", row.times());
                out.closeObject();
            }
            out.closeArray();
        }
        if (!facts.cumulated().isEmpty()) {
            out.openArray("cumulated");
            for (var row : facts.cumulated())
                out.openObject().text("schemeId", row.schemeId()).textIf("period", row.period()).textIf("skuId", row.skuId()).textIf("counted", row.counted())
                        .textIf("value", row.value()).textIf("accrued", row.accrued()).textIf("growthBase", row.growthBase()).closeObject();
            out.closeArray();
        }
        if (!facts.choices().isEmpty()) {
            out.openArray("choices");
            for (var row : facts.choices())
                out.openObject().text("schemeId", row.schemeId()).text("skuId", row.skuId()).textIf("qty", row.qty()).closeObject();
            out.closeArray();
        }
        if (facts.manualLimit() != null || !facts.manualCodes().isEmpty()) {
            out.openObject("manual").textIf("limitPercent", facts.manualLimit() == null ? null : facts.manualLimit().toPercent()).openArray("codes");
            for (var row : facts.manualCodes())
                out.openObject().text("code", row.code()).text("principalShare", row.principalShare()).textIf("amountLeft", row.amountLeft()).closeObject();
            out.closeArray().closeObject();
        }
        if (!facts.charges().isEmpty()) {
            out.openArray("charges");
            for (var row : facts.charges())
                out.openObject().text("code", row.code()).textIf("hsn", row.hsn()).text("amount", row.amount()).closeObject();
            out.closeArray();
        }
    }
}
