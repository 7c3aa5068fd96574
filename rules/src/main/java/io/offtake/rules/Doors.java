package io.offtake.rules;

import io.offtake.rules.Scheme.Mechanic;
import java.util.ArrayList;
import java.util.List;

/// The engine's other questions as JSON texts (`spec/README.md`, Doors): returns, accruals, settlements, set-up checks, hashes. The same on
/// the server and in the browser.
public final class Doors {
    private Doors() {}

    /// @param name one of `reverse`, `accrue`, `settleCash`, `displayPayout`, `checkScheme`, `hash`
    /// @throws Json.Fault if the request is none
    /// @throws IllegalArgumentException if it asks for what cannot be (more back than was billed)
    public static String answer(Engine engine, String name, String request) {
        var node = Json.object(request);
        int scale = engine.book().currency().scale();
        var out = new Json.Writer(1024);
        out.openObject();
        switch (name) {
            case "reverse" -> write(out, Returns.reverse(engine, returned(node, scale)));
            case "accrue" -> accrue(out, engine, node, scale);
            case "settleCash" -> settleCash(out, engine, node, scale);
            case "displayPayout" -> displayPayout(out, engine, node, scale);
            case "checkScheme" -> {
                out.openArray("findings");
                for (var finding : SchemeChecks.check(engine, node.node("scheme"), node.has("rewardMax") ? node.rate("rewardMax") : new Rate(300_000))) {
                    out.openObject().text("code", finding.code()).text("severity", finding.severity()).text("pointer", finding.pointer()).openObject("values");
                    for (var value : finding.values()) out.text(value.name(), value.value());
                    out.closeObject().closeObject();
                }
                out.closeArray();
            }
            case "hash" -> out.text("hash", hash(node.text("bookHash"), CommandJson.read(node.node("command"), scale), DecisionJson.read(node.node("answer"), scale)));
            default -> throw new IllegalArgumentException("there is no door " + name);
        }
        return out.closeObject().toString();
    }

    /// The stable hash of a decision: SHA-256 over the book's hash, the command and the answer as the engine writes them, with line feeds between.
    public static String hash(String bookHash, DecideCommand command, Decision decision) {
        return Sha256.hex(bookHash + '\n' + CommandJson.write(command) + '\n' + DecisionJson.write(decision));
    }

    private static Scheme scheme(Engine engine, Json.Node node) {
        for (var scheme : engine.book().schemes())
            if (scheme.id().equals(node.text("schemeId")) && (!node.has("schemeVersion") || scheme.version() == node.integer("schemeVersion"))) return scheme;
        throw node.fault("schemeId", "the book has no such scheme");
    }

    // ---- returns ----

    /// A return as JSON text, for those who keep it.
    public static Returns.Request returned(Json.Node node, int scale) {
        var earlier = new ArrayList<Returns.Outcome>();
        for (var outcome : node.nodes("earlier")) earlier.add(outcome(outcome, scale));
        var lines = new ArrayList<Returns.Line>();
        for (var line : node.nodes("lines")) lines.add(new Returns.Line(line.integer("line"), line.integer("part", 1), line.qty("qty")));
        var free = new ArrayList<Returns.Free>();
        for (var row : node.nodes("free")) free.add(new Returns.Free(row.text("schemeId"), row.text("skuId"), row.qty("qty")));
        if (!(DecisionJson.read(node.node("decision"), scale) instanceof Decision.Decided decided)) throw node.fault("decision", "was refused");
        var unearned = node.has("unearned") ? node.text("unearned") : "CHARGE";
        if (!unearned.equals("CHARGE") && !unearned.equals("BACK")) throw node.fault("unearned", "is CHARGE or BACK");
        return new Returns.Request(CommandJson.read(node.node("command"), scale), decided, earlier, lines, free, unearned.equals("CHARGE"),
                node.has("carry") ? node.money("carry", scale) : Money.zero(scale));
    }

    /// A return's outcome as JSON text.
    public static String write(Returns.Outcome outcome) {
        var out = new Json.Writer(1024);
        write(out.openObject(), outcome);
        return out.closeObject().toString();
    }

    private static void write(Json.Writer out, Returns.Outcome outcome) {
        out.openArray("lines");
        for (var line : outcome.lines()) {
            out.openObject().number("line", line.line()).number("part", line.part()).text("skuId", line.skuId()).text("qty", line.qty()).text("gross", line.gross())
                    .text("schemeDiscount", line.schemeDiscount()).text("manualDiscount", line.manualDiscount()).text("taxable", line.taxable());
            heads(out, line.cgst(), line.sgst(), line.igst(), line.cess(), line.vat());
            out.text("total", line.total());
            if (!line.assessable().equals(line.taxable())) out.text("assessable", line.assessable());
            out.closeObject();
        }
        out.closeArray().openArray("free");
        for (var row : outcome.free()) {
            out.openObject().text("schemeId", row.schemeId()).text("skuId", row.skuId()).text("booked", row.booked()).text("due", row.due()).text("back", row.back())
                    .text("charged", row.charged()).text("openQty", row.openQty()).text("unitPrice", row.unitPrice()).text("taxable", row.taxable());
            heads(out, row.cgst(), row.sgst(), row.igst(), row.cess(), row.vat());
            out.text("total", row.total()).text("claim", row.claim()).closeObject();
        }
        out.closeArray().openArray("schemes");
        for (var row : outcome.schemes())
            out.openObject().text("schemeId", row.schemeId()).number("schemeVersion", row.schemeVersion()).text("policy", row.policy()).text("booked", row.booked())
                    .text("due", row.due()).text("takenBack", row.takenBack()).text("principalShare", row.principalShare()).text("distributorShare", row.distributorShare())
                    .closeObject();
        out.closeArray();
        var totals = outcome.totals();
        out.openObject("totals").text("taxable", totals.taxable());
        heads(out, totals.cgst(), totals.sgst(), totals.igst(), totals.cess(), totals.vat());
        out.text("beforeRounding", totals.beforeRounding()).text("rounding", totals.rounding()).text("credit", totals.credit()).text("carry", totals.carry()).closeObject();
    }

    private static void heads(Json.Writer out, Money cgst, Money sgst, Money igst, Money cess, Money vat) {
        out.text("cgst", cgst).text("sgst", sgst).text("igst", igst).text("cess", cess);
        if (!vat.isZero()) out.text("vat", vat);
    }

    private static Money vat(Json.Node node, int scale) {
        return node.has("vat") ? node.money("vat", scale) : Money.zero(scale);
    }

    /// Reads what [#write] wrote.
    public static Returns.Outcome outcome(Json.Node node, int scale) {
        var lines = new ArrayList<Returns.Credited>();
        for (var line : node.nodes("lines"))
            lines.add(new Returns.Credited(line.integer("line"), line.integer("part"), line.text("skuId"), line.qty("qty"), line.money("gross", scale),
                    line.money("schemeDiscount", scale), line.money("manualDiscount", scale), line.money("taxable", scale),
                    line.money(line.has("assessable") ? "assessable" : "taxable", scale), line.money("cgst", scale), line.money("sgst", scale), line.money("igst", scale),
                    line.money("cess", scale), vat(line, scale), line.money("total", scale)));
        var free = new ArrayList<Returns.FreeRow>();
        for (var row : node.nodes("free"))
            free.add(new Returns.FreeRow(row.text("schemeId"), row.text("skuId"), row.qty("booked"), row.qty("due"), row.qty("back"), row.qty("charged"), row.qty("openQty"),
                    row.price("unitPrice"), row.money("taxable", scale), row.money("cgst", scale), row.money("sgst", scale), row.money("igst", scale), row.money("cess", scale),
                    vat(row, scale), row.money("total", scale), row.money("claim", scale)));
        var schemes = new ArrayList<Returns.SchemeRow>();
        for (var row : node.nodes("schemes"))
            schemes.add(new Returns.SchemeRow(row.text("schemeId"), row.integer("schemeVersion"), row.constant("policy", Scheme.ReturnPolicy.values()), row.money("booked", scale),
                    row.money("due", scale), row.money("takenBack", scale), row.money("principalShare", scale), row.money("distributorShare", scale)));
        var totals = node.node("totals");
        return new Returns.Outcome(lines, free, schemes, new Returns.Totals(totals.money("taxable", scale), totals.money("cgst", scale), totals.money("sgst", scale),
                totals.money("igst", scale), totals.money("cess", scale), vat(totals, scale), totals.money("beforeRounding", scale), totals.money("rounding", scale),
                totals.money("credit", scale), totals.money("carry", scale)));
    }

    // ---- settlements ----

    private static void accrue(Json.Writer out, Engine engine, Json.Node node, int scale) {
        var scheme = scheme(engine, node);
        if (!(scheme.mechanic() instanceof Mechanic.Qps qps)) throw node.fault("schemeId", "is neither QPS nor TOD");
        var basis = qps.count().basis();
        var add = node.node("add");
        long counted = add.has("counted") ? SchemeJson.counted(add, "counted", basis, scale) : 0;
        long value = add.has("value") ? add.money("value", scale).units() : basis.isMoney() ? counted : 0;
        var before = CommandJson.cumulated(node.node("cumulated"), scheme.id(), scale);
        var row = Settlements.accrue(qps, scale, before, counted, value, node.moneyOrNull("paid", scale));
        if (node.has("on")) out.text("period", Periods.key(qps.period(), node.integer("on")));
        out.text("counted", SchemeIndex.basisText(basis, row.counted(), scale)).text("value", row.value()).text("due", row.due()).text("accrued", row.accrued())
                .text("amount", row.amount()).text("carry", row.carry());
    }

    private static void settleCash(Json.Writer out, Engine engine, Json.Node node, int scale) {
        List<Mechanic.CashDiscount.Term> terms;
        if (node.has("terms")) terms = SchemeJson.cashTerms(node);
        else if (scheme(engine, node).mechanic() instanceof Mechanic.CashDiscount cash) terms = cash.terms();
        else throw node.fault("schemeId", "is no CASH_DISCOUNT");
        var receipts = new ArrayList<Settlements.Receipt>();
        for (var receipt : node.nodes("receipts")) receipts.add(new Settlements.Receipt(receipt.integer("on"), receipt.money("amount", scale)));
        var cash = Settlements.cash(terms, node.money("payable", scale), node.integer("billedOn"), receipts, node.integerOrNull("quoteOn"));
        out.openArray("receipts");
        for (var row : cash.receipts())
            out.openObject().number("on", row.on()).text("amount", row.amount()).text("percent", row.percent()).text("settled", row.settled()).text("discount", row.discount())
                    .text("surplus", row.surplus()).closeObject();
        out.closeArray().text("balance", cash.balance());
        if (cash.quote() != null)
            out.openObject("quote").number("on", cash.quote().on()).text("percent", cash.quote().percent()).text("discount", cash.quote().discount()).text("pay", cash.quote().pay())
                    .closeObject();
    }

    private static void displayPayout(Json.Writer out, Engine engine, Json.Node node, int scale) {
        Mechanic.Display display;
        if (node.has("display")) display = SchemeJson.display(node.node("display"), scale);
        else if (scheme(engine, node).mechanic() instanceof Mechanic.Display one) display = one;
        else throw node.fault("schemeId", "is no DISPLAY");
        var audits = new ArrayList<Settlements.Audit>();
        for (var audit : node.nodes("audits")) {
            var missed = audit.textOrNull("missed");
            if (missed != null && !missed.equals("REP") && !missed.equals("OUTLET")) throw audit.fault("missed", "is REP or OUTLET");
            audits.add(new Settlements.Audit(audit.has("score") ? audit.rate("score") : null, "REP".equals(missed)));
        }
        var row = Settlements.display(display, audits);
        out.number("counted", row.counted()).number("passed", row.passed()).text("payout", row.payout());
    }
}
