package io.offtake.rules;

import java.util.ArrayList;
import java.util.List;

/// The JSON form of a [Decision] (`spec/README.md`). Reading what was written gives an equal decision.
public final class DecisionJson {
    private DecisionJson() {}

    public static String write(Decision decision) {
        var out = new Json.Writer();
        out.openObject();
        switch (decision) {
            case Decision.Refused refused -> {
                out.text("outcome", "REFUSED");
                refusals(out, refused.refusals());
                trace(out, refused.trace());
                ladder(out, refused.ladder());
            }
            case Decision.Decided decided -> decided(out, decided);
        }
        return out.closeObject().toString();
    }

    private static void refusals(Json.Writer out, List<Refusal> refusals) {
        out.openArray("refusals");
        for (var refusal : refusals) {
            out.openObject().text("code", refusal.code()).numberOrNull("line", refusal.line()).text("skuId", refusal.skuId())
                    .text("rule", refusal.rule());
            values(out, "values", refusal.values());
            values(out, "accepted", refusal.accepted());
            out.closeObject();
        }
        out.closeArray();
    }

    private static void values(Json.Writer out, String name, List<Refusal.Value> values) {
        out.openObject(name);
        for (var value : values) out.text(value.name(), value.value());
        out.closeObject();
    }

    private static void decided(Json.Writer out, Decision.Decided decided) {
        out.text("outcome", "DECIDED").text("kind", decided.kind()).number("businessDate", decided.businessDate())
                .text("principalId", decided.principalId()).text("placeOfSupply", decided.placeOfSupply()).flag("interState", decided.interState());
        out.openArray("lines");
        for (var line : decided.lines()) {
            out.openObject().number("line", line.line()).number("part", line.part()).text("skuId", line.skuId()).text("mrp", line.mrp());
            batches(out, line.batches());
            out.text("qty", line.qty()).text("unitPrice", line.unitPrice()).text("priceListId", line.priceListId())
                    .number("priceListVersion", line.priceListVersion()).number("priceLevel", line.priceLevel())
                    .flag("taxInclusive", line.taxInclusive()).text("gross", line.gross());
            out.openArray("benefits");
            for (var benefit : line.benefits())
                out.openObject().text("schemeId", benefit.schemeId()).number("schemeVersion", benefit.schemeVersion())
                        .text("stage", benefit.stage()).text("amount", benefit.amount()).text("principalShare", benefit.principalShare())
                        .text("distributorShare", benefit.distributorShare()).closeObject();
            out.closeArray().text("schemeDiscount", line.schemeDiscount()).text("manualDiscount", line.manualDiscount())
                    .text("sharedValue", line.sharedValue()).text("taxable", line.taxable());
            tax(out, line.hsn(), line.taxRateId(), line.taxRateVersion(), line.taxKind(), line.taxRate());
            heads(out, line.cgst(), line.sgst(), line.igst(), line.cess());
            out.text("total", line.total()).text("cost", line.cost());
            more(out, line.more());
            out.textIf("manualCode", line.manualCode()).closeObject();
        }
        out.closeArray().openArray("freeLines");
        for (var line : decided.freeLines()) {
            out.openObject().text("schemeId", line.schemeId()).number("schemeVersion", line.schemeVersion()).text("skuId", line.skuId())
                    .text("mrp", line.mrp());
            batches(out, line.batches());
            out.text("qty", line.qty()).flag("inside", line.inside()).text("unitPrice", line.unitPrice()).text("value", line.value())
                    .text("taxable", line.taxable());
            tax(out, line.hsn(), line.taxRateId(), line.taxRateVersion(), line.taxKind(), line.taxRate());
            heads(out, line.cgst(), line.sgst(), line.igst(), line.cess());
            out.text("total", line.total()).text("cost", line.cost()).text("claimRate", line.claimRate()).text("claimValue", line.claimValue());
            more(out, line.more());
            out.closeObject();
        }
        out.closeArray().openArray("taxes");
        for (var tax : decided.taxes()) {
            out.openObject().text("hsn", tax.hsn()).text("kind", tax.kind()).text("rate", tax.rate()).text("qty", tax.qty())
                    .text("taxable", tax.taxable());
            heads(out, tax.cgst(), tax.sgst(), tax.igst(), tax.cess());
            more(out, tax.more());
            out.closeObject();
        }
        out.closeArray();
        var totals = decided.totals();
        out.openObject("totals").text("gross", totals.gross()).text("schemeDiscount", totals.schemeDiscount())
                .text("manualDiscount", totals.manualDiscount()).text("taxable", totals.taxable());
        heads(out, totals.cgst(), totals.sgst(), totals.igst(), totals.cess());
        out.text("beforeRounding", totals.beforeRounding()).text("rounding", totals.rounding()).text("payable", totals.payable());
        if (totals.more() != null)
            out.textIf("assessable", totals.more().assessable()).textIf("vat", totals.more().vat()).textIf("charges", totals.more().charges());
        out.closeObject();
        out.openArray("schemes");
        for (var scheme : decided.schemes())
            out.openObject().text("schemeId", scheme.schemeId()).number("schemeVersion", scheme.schemeVersion()).text("code", scheme.code())
                    .text("discount", scheme.discount()).text("principalShare", scheme.principalShare())
                    .text("distributorShare", scheme.distributorShare()).text("freeGoodsValue", scheme.freeGoodsValue())
                    .text("freeGoodsCost", scheme.freeGoodsCost()).text("freeGoodsPrincipalShare", scheme.freeGoodsPrincipalShare())
                    .text("claim", scheme.claim()).closeObject();
        out.closeArray();
        var posting = decided.posting();
        out.openObject("posting").openArray("issues");
        for (var issue : posting.issues())
            out.openObject().text("skuId", issue.skuId()).text("batchId", issue.batchId()).text("mrp", issue.mrp()).text("billed", issue.billed())
                    .text("free", issue.free()).text("unitCost", issue.unitCost()).text("billedCost", issue.billedCost())
                    .text("freeCost", issue.freeCost()).closeObject();
        out.closeArray().text("costOfGoods", posting.costOfGoods()).text("freeGoodsCost", posting.freeGoodsCost()).closeObject();
        var credit = decided.credit();
        out.openObject("credit").text("principalId", credit.principalId()).flag("checked", credit.checked()).text("limit", credit.limit())
                .text("exposureBefore", credit.exposureBefore()).text("exposureAfter", credit.exposureAfter())
                .number("overdueDays", credit.overdueDays()).number("dueOn", credit.dueOn()).closeObject();
        out.openArray("warnings");
        for (var warning : decided.warnings()) {
            out.openObject().text("code", warning.code()).numberOrNull("line", warning.line()).text("skuId", warning.skuId());
            values(out, "values", warning.values());
            out.closeObject();
        }
        out.closeArray();
        trace(out, decided.trace());
        out.text("roundingId", decided.roundingId()).number("roundingVersion", decided.roundingVersion());
        if (decided.more() != Decision.More.NONE) more(out, decided.more());
    }

    private static void more(Json.Writer out, Decision.TaxMore more) {
        if (more != null) out.textIf("assessable", more.assessable()).textIf("rsp", more.rsp()).textIf("vat", more.vat()).textIf("taxCategory", more.category());
    }

    private static void more(Json.Writer out, Decision.More more) {
        if (more.documentType() != Decision.DocumentType.TAX_INVOICE) out.text("documentType", more.documentType());
        if (!more.charges().isEmpty()) {
            out.openArray("charges");
            for (var charge : more.charges()) {
                out.openObject().text("code", charge.code()).text("amount", charge.amount()).text("hsn", charge.hsn()).text("taxRateId", charge.taxRateId())
                        .number("taxRateVersion", charge.taxRateVersion()).text("taxRate", charge.taxRate());
                heads(out, charge.cgst(), charge.sgst(), charge.igst(), charge.cess());
                out.text("total", charge.total());
                more(out, charge.more());
                out.closeObject();
            }
            out.closeArray();
        }
        if (!more.limits().isEmpty()) {
            out.openArray("limits");
            for (var use : more.limits())
                out.openObject().text("schemeId", use.schemeId()).text("scope", use.scope()).text("period", use.period()).text("amount", use.amount())
                        .text("freeQty", use.freeQty()).number("times", use.times()).flag("exhausted", use.exhausted()).closeObject();
            out.closeArray();
        }
        accruals(out, more.accruals());
        if (!more.manualClaims().isEmpty()) {
            out.openArray("manualClaims");
            for (var claim : more.manualClaims())
                out.openObject().number("line", claim.line()).text("code", claim.code()).text("amount", claim.amount()).text("claim", claim.claim()).closeObject();
            out.closeArray();
        }
        if (!more.cashDiscounts().isEmpty()) {
            out.openArray("cashDiscounts");
            for (var cash : more.cashDiscounts()) {
                out.openObject().text("schemeId", cash.schemeId()).number("schemeVersion", cash.schemeVersion()).openArray("terms");
                for (var term : cash.terms())
                    out.openObject().number("payBy", term.payBy()).text("percent", term.percent()).text("amount", term.amount()).closeObject();
                out.closeArray().closeObject();
            }
            out.closeArray();
        }
        ladder(out, more.ladder());
    }

    private static void accruals(Json.Writer out, List<Decision.Accrual> accruals) {
        if (accruals.isEmpty()) return;
        out.openArray("accruals");
        for (var row : accruals)
            out.openObject().text("schemeId", row.schemeId()).number("schemeVersion", row.schemeVersion()).text("code", row.code()).text("kind", row.kind())
                    .text("period", row.period()).text("unit", row.unit()).text("counted", row.counted()).text("value", row.value()).text("amount", row.amount())
                    .text("accrued", row.accrued()).text("carry", row.carry()).text("skuId", row.skuId()).text("settlement", row.settlement())
                    .text("principalShare", row.principalShare()).text("distributorShare", row.distributorShare()).closeObject();
        out.closeArray();
    }

    private static void ladder(Json.Writer out, List<Decision.LadderLine> ladder) {
        if (ladder.isEmpty()) return;
        out.openArray("ladder");
        for (var line : ladder) {
            out.openObject().number("line", line.line()).text("skuId", line.skuId()).openArray("schemes");
            for (var row : line.schemes()) {
                out.openObject().text("schemeId", row.schemeId()).number("schemeVersion", row.schemeVersion()).text("code", row.code()).text("stage", row.stage())
                        .flag("applied", row.applied()).text("amount", row.amount()).text("freeQty", row.freeQty()).openArray("failing");
                for (var failing : row.failing())
                    out.openObject().text("condition", failing.condition()).text("wanted", failing.wanted()).text("found", failing.found()).closeObject();
                out.closeArray().text("winner", row.winner());
                next(out, row.next());
                out.textIf("moreQty", row.moreQty()).textsIf("choices", row.choices()).closeObject();
            }
            out.closeArray().closeObject();
        }
        out.closeArray();
    }

    private static void batches(Json.Writer out, List<Decision.BatchQty> batches) {
        out.openArray("batches");
        for (var batch : batches)
            out.openObject().text("batchId", batch.batchId()).text("batchNo", batch.batchNo()).numberOrNull("expiresOn", batch.expiresOn())
                    .text("qty", batch.qty()).text("unitCost", batch.unitCost()).closeObject();
        out.closeArray();
    }

    private static void tax(Json.Writer out, String hsn, String id, int version, RuleBook.TaxKind kind, Rate rate) {
        out.text("hsn", hsn).text("taxRateId", id).number("taxRateVersion", version).text("taxKind", kind).text("taxRate", rate);
    }

    private static void heads(Json.Writer out, Money cgst, Money sgst, Money igst, Money cess) {
        out.text("cgst", cgst).text("sgst", sgst).text("igst", igst).text("cess", cess);
    }

    private static void trace(Json.Writer out, List<Decision.SchemeTrace> trace) {
        out.openArray("trace");
        for (var row : trace) {
            out.openObject().text("schemeId", row.schemeId()).number("schemeVersion", row.schemeVersion()).text("code", row.code())
                    .numbers("lines", row.lines()).flag("applied", row.applied()).text("condition", row.condition()).text("wanted", row.wanted())
                    .text("found", row.found()).text("benefit", row.benefit()).text("freeQty", row.freeQty());
            next(out, row.next());
            out.closeObject();
        }
        out.closeArray();
    }

    private static void next(Json.Writer out, Decision.NextStep next) {
        if (next == null) {
            out.nothing("next");
            return;
        }
        out.openObject("next").text("basis", next.basis()).text("from", next.from()).text("more", next.more()).text("kind", next.kind())
                .text("reward", next.reward());
        if (next.group() != null) out.number("group", next.group());
        out.closeObject();
    }

    /// @param scale the currency's decimals
    public static Decision read(String text, int scale) {
        return read(Json.object(text), scale);
    }

    public static Decision read(Json.Node node, int scale) {
        return switch (node.text("outcome")) {
            case "REFUSED" -> {
                var refusals = new ArrayList<Refusal>();
                for (var row : node.nodes("refusals"))
                    refusals.add(new Refusal(row.constant("code", Refusal.Code.values()), row.integerOrNull("line"), row.textOrNull("skuId"),
                            row.textOrNull("rule"), values(row.node("values")), values(row.node("accepted"))));
                yield new Decision.Refused(refusals, trace(node, scale), ladder(node, scale));
            }
            case "DECIDED" -> decided(node, scale);
            default -> throw node.fault("outcome", "is none of REFUSED, DECIDED");
        };
    }

    private static List<Refusal.Value> values(Json.Node node) {
        var values = new ArrayList<Refusal.Value>();
        for (var name : node.names()) values.add(new Refusal.Value(name, node.textOrNull(name)));
        return values;
    }

    private static Decision.Decided decided(Json.Node node, int scale) {
        var lines = new ArrayList<Decision.ResultLine>();
        for (var line : node.nodes("lines")) {
            var benefits = new ArrayList<Decision.LineBenefit>();
            for (var benefit : line.nodes("benefits"))
                benefits.add(new Decision.LineBenefit(benefit.text("schemeId"), benefit.integer("schemeVersion"),
                        benefit.constant("stage", Scheme.Stage.values()), benefit.money("amount", scale), benefit.money("principalShare", scale),
                        benefit.money("distributorShare", scale)));
            lines.add(new Decision.ResultLine(line.integer("line"), line.integer("part"), line.text("skuId"), line.moneyOrNull("mrp", scale),
                    batches(line), line.qty("qty"), line.price("unitPrice"), line.textOrNull("priceListId"), line.integer("priceListVersion"),
                    line.integer("priceLevel"), line.flag("taxInclusive", false), line.money("gross", scale), benefits,
                    line.money("schemeDiscount", scale), line.money("manualDiscount", scale), line.money("sharedValue", scale),
                    line.money("taxable", scale), line.textOrNull("hsn"), line.textOrNull("taxRateId"), line.integer("taxRateVersion"),
                    line.constant("taxKind", RuleBook.TaxKind.values(), null), line.rate("taxRate"), line.money("cgst", scale),
                    line.money("sgst", scale), line.money("igst", scale), line.money("cess", scale), line.money("total", scale),
                    line.money("cost", scale), taxMore(line, scale), line.textOrNull("manualCode")));
        }
        var freeLines = new ArrayList<Decision.FreeLine>();
        for (var line : node.nodes("freeLines"))
            freeLines.add(new Decision.FreeLine(line.text("schemeId"), line.integer("schemeVersion"), line.text("skuId"),
                    line.moneyOrNull("mrp", scale), batches(line), line.qty("qty"), line.flag("inside", false), line.price("unitPrice"),
                    line.money("value", scale), line.money("taxable", scale), line.textOrNull("hsn"), line.textOrNull("taxRateId"),
                    line.integer("taxRateVersion"), line.constant("taxKind", RuleBook.TaxKind.values(), null), line.rate("taxRate"),
                    line.money("cgst", scale), line.money("sgst", scale), line.money("igst", scale), line.money("cess", scale),
                    line.money("total", scale), line.money("cost", scale), line.priceOrNull("claimRate"), line.money("claimValue", scale), taxMore(line, scale)));
        var taxes = new ArrayList<Decision.TaxSummary>();
        for (var tax : node.nodes("taxes"))
            taxes.add(new Decision.TaxSummary(tax.textOrNull("hsn"), tax.constant("kind", RuleBook.TaxKind.values(), null), tax.rate("rate"),
                    tax.qty("qty"), tax.money("taxable", scale), tax.money("cgst", scale), tax.money("sgst", scale), tax.money("igst", scale),
                    tax.money("cess", scale), taxMore(tax, scale)));
        var totals = node.node("totals");
        var schemes = new ArrayList<Decision.SchemeBenefit>();
        for (var scheme : node.nodes("schemes"))
            schemes.add(new Decision.SchemeBenefit(scheme.text("schemeId"), scheme.integer("schemeVersion"), scheme.text("code"),
                    scheme.money("discount", scale), scheme.money("principalShare", scale), scheme.money("distributorShare", scale),
                    scheme.money("freeGoodsValue", scale), scheme.money("freeGoodsCost", scale),
                    scheme.money("freeGoodsPrincipalShare", scale), scheme.money("claim", scale)));
        var posting = node.node("posting");
        var issues = new ArrayList<Decision.StockIssue>();
        for (var issue : posting.nodes("issues"))
            issues.add(new Decision.StockIssue(issue.text("skuId"), issue.text("batchId"), issue.moneyOrNull("mrp", scale), issue.qty("billed"),
                    issue.qty("free"), issue.price("unitCost"), issue.money("billedCost", scale), issue.money("freeCost", scale)));
        var credit = node.node("credit");
        var warnings = new ArrayList<Decision.Warning>();
        for (var warning : node.nodes("warnings"))
            warnings.add(new Decision.Warning(warning.constant("code", Decision.WarningCode.values()), warning.integerOrNull("line"),
                    warning.textOrNull("skuId"), values(warning.node("values"))));
        return new Decision.Decided(node.constant("kind", DecideCommand.Kind.values()), node.integer("businessDate"), node.text("principalId"),
                node.textOrNull("placeOfSupply"), node.flag("interState", false), lines, freeLines, taxes,
                new Decision.Totals(totals.money("gross", scale), totals.money("schemeDiscount", scale), totals.money("manualDiscount", scale),
                        totals.money("taxable", scale), totals.money("cgst", scale), totals.money("sgst", scale), totals.money("igst", scale),
                        totals.money("cess", scale), totals.money("beforeRounding", scale), totals.money("rounding", scale),
                        totals.money("payable", scale), totals.has("assessable") || totals.has("vat") || totals.has("charges")
                        ? new Decision.TotalsMore(totals.moneyOrNull("assessable", scale), totals.moneyOrNull("vat", scale), totals.moneyOrNull("charges", scale)) : null),
                schemes, new Decision.PostingFacts(issues, posting.money("costOfGoods", scale), posting.money("freeGoodsCost", scale)),
                new Decision.CreditOutcome(credit.text("principalId"), credit.flag("checked", false), credit.moneyOrNull("limit", scale),
                        credit.money("exposureBefore", scale), credit.money("exposureAfter", scale), credit.integer("overdueDays"),
                        credit.integer("dueOn")),
                warnings, trace(node, scale), node.text("roundingId"), node.integer("roundingVersion"), more(node, scale));
    }

    private static Decision.TaxMore taxMore(Json.Node node, int scale) {
        if (!node.has("assessable") && !node.has("rsp") && !node.has("vat") && !node.has("taxCategory")) return null;
        return new Decision.TaxMore(node.moneyOrNull("assessable", scale), node.moneyOrNull("rsp", scale), node.moneyOrNull("vat", scale), node.textOrNull("taxCategory"));
    }

    private static Decision.More more(Json.Node node, int scale) {
        var charges = new ArrayList<Decision.ChargeLine>();
        for (var row : node.nodes("charges"))
            charges.add(new Decision.ChargeLine(row.text("code"), row.textOrNull("hsn"), row.money("amount", scale), row.textOrNull("taxRateId"), row.integer("taxRateVersion"),
                    row.rate("taxRate"), row.money("cgst", scale), row.money("sgst", scale), row.money("igst", scale), row.money("cess", scale), row.money("total", scale),
                    taxMore(row, scale)));
        var limits = new ArrayList<Decision.LimitUse>();
        for (var row : node.nodes("limits"))
            limits.add(new Decision.LimitUse(row.text("schemeId"), row.constant("scope", Scheme.Scope.values()), row.text("period"), row.money("amount", scale),
                    row.qty("freeQty"), row.integer("times"), row.flag("exhausted", false)));
        var accruals = new ArrayList<Decision.Accrual>();
        for (var row : node.nodes("accruals"))
            accruals.add(new Decision.Accrual(row.text("schemeId"), row.integer("schemeVersion"), row.text("code"), row.constant("kind", Decision.AccrualKind.values()),
                    row.textOrNull("period"), row.text("unit"), row.textOrNull("counted"), row.moneyOrNull("value", scale), row.text("amount"), row.textOrNull("accrued"),
                    row.qtyOrNull("carry"), row.textOrNull("skuId"), row.has("settlement") ? row.constant("settlement", Scheme.Settlement.values()) : null,
                    row.money("principalShare", scale), row.money("distributorShare", scale)));
        var claims = new ArrayList<Decision.ManualClaim>();
        for (var row : node.nodes("manualClaims"))
            claims.add(new Decision.ManualClaim(row.integer("line"), row.text("code"), row.money("amount", scale), row.money("claim", scale)));
        var cash = new ArrayList<Decision.CashDiscount>();
        for (var row : node.nodes("cashDiscounts")) {
            var terms = new ArrayList<Decision.CashTerm>();
            for (var term : row.nodes("terms")) terms.add(new Decision.CashTerm(term.integer("payBy"), term.rate("percent"), term.money("amount", scale)));
            cash.add(new Decision.CashDiscount(row.text("schemeId"), row.integer("schemeVersion"), terms));
        }
        var type = node.constant("documentType", Decision.DocumentType.values(), Decision.DocumentType.TAX_INVOICE);
        var ladder = ladder(node, scale);
        if (type == Decision.DocumentType.TAX_INVOICE && charges.isEmpty() && limits.isEmpty() && accruals.isEmpty() && claims.isEmpty() && cash.isEmpty() && ladder.isEmpty())
            return Decision.More.NONE;
        return new Decision.More(type, charges, limits, accruals, claims, cash, ladder);
    }

    private static List<Decision.LadderLine> ladder(Json.Node node, int scale) {
        var lines = new ArrayList<Decision.LadderLine>();
        for (var line : node.nodes("ladder")) {
            var rows = new ArrayList<Decision.LadderRow>();
            for (var row : line.nodes("schemes")) {
                var failing = new ArrayList<Decision.Failing>();
                for (var one : row.nodes("failing"))
                    failing.add(new Decision.Failing(one.constant("condition", Decision.Condition.values()), one.textOrNull("wanted"), one.textOrNull("found")));
                rows.add(new Decision.LadderRow(row.text("schemeId"), row.integer("schemeVersion"), row.text("code"), row.constant("stage", Scheme.Stage.values()),
                        row.flag("applied", false), row.money("amount", scale), row.qty("freeQty"), failing, row.textOrNull("winner"), next(row), row.qtyOrNull("moreQty"),
                        row.texts("choices")));
            }
            lines.add(new Decision.LadderLine(line.integer("line"), line.text("skuId"), rows));
        }
        return lines;
    }

    private static Decision.NextStep next(Json.Node row) {
        if (!row.has("next")) return null;
        var step = row.node("next");
        return new Decision.NextStep(step.constant("basis", Scheme.Basis.values()), step.text("from"), step.text("more"),
                step.constant("kind", Decision.RewardKind.values()), step.text("reward"), step.integerOrNull("group"));
    }

    private static List<Decision.BatchQty> batches(Json.Node node) {
        var batches = new ArrayList<Decision.BatchQty>();
        for (var batch : node.nodes("batches"))
            batches.add(new Decision.BatchQty(batch.text("batchId"), batch.textOrNull("batchNo"), batch.integerOrNull("expiresOn"),
                    batch.qty("qty"), batch.price("unitCost")));
        return batches;
    }

    private static List<Decision.SchemeTrace> trace(Json.Node node, int scale) {
        var trace = new ArrayList<Decision.SchemeTrace>();
        for (var row : node.nodes("trace")) {
            var next = next(row);
            trace.add(new Decision.SchemeTrace(row.text("schemeId"), row.integer("schemeVersion"), row.text("code"), row.integers("lines"),
                    row.flag("applied", false), row.constant("condition", Decision.Condition.values(), null), row.textOrNull("wanted"),
                    row.textOrNull("found"), row.money("benefit", scale), row.qty("freeQty"), next));
        }
        return trace;
    }
}
