package io.offtake.rules;

import io.offtake.rules.RuleBook.Check;
import java.util.ArrayList;
import java.util.List;

/// The JSON form of a [RuleBook] (`spec/README.md`). Writing what was read gives an equal book.
public final class RuleBookJson {
    private static final String[] TAX_TERMS = {"taxClass", "prepacked", "mrpFrom", "mrpTo", "priceFrom", "priceTo", "buyers", "valuation", "category", "cessPerUnit"};

    private RuleBookJson() {}

    /// @throws Json.Fault if a member is missing or refused; its pointer says which
    public static RuleBook read(String text) {
        return read(Json.object(text));
    }

    public static RuleBook read(Json.Node book) {
        var seller = book.node("seller");
        var currency = new RuleBook.Currency(book.node("currency").text("code"), book.node("currency").integer("scale"));
        int scale = currency.scale();
        var rounding = book.node("rounding");
        var principals = new ArrayList<RuleBook.Principal>();
        for (var node : book.nodes("principals"))
            principals.add(new RuleBook.Principal(node.text("id"), node.text("code"), node.textOrNull("stateCode"),
                    node.constant("registration", RuleBook.Registration.values(), RuleBook.Registration.REGULAR)));
        var skus = new ArrayList<RuleBook.Sku>();
        for (var node : book.nodes("skus")) skus.add(sku(node, scale));
        var lists = new ArrayList<RuleBook.PriceList>();
        for (var node : book.nodes("priceLists")) lists.add(priceList(node, scale));
        var schemes = new ArrayList<Scheme>();
        for (var node : book.nodes("schemes")) schemes.add(scheme(node, scale));
        var rates = new ArrayList<RuleBook.TaxRate>();
        for (var node : book.nodes("taxRates"))
            rates.add(new RuleBook.TaxRate(node.text("id"), node.integer("version", 1), node.has("taxClass") && !node.has("hsn") ? "" : node.text("hsn"),
                    node.constant("kind", RuleBook.TaxKind.values(), RuleBook.TaxKind.TAXABLE), node.rate("rate"),
                    node.has("cess") ? node.rate("cess") : Rate.ZERO, node.integer("validFrom"), node.integer("validTo", RuleBook.NO_END), taxTerms(node, scale)));
        return new RuleBook(
                new RuleBook.Seller(seller.text("distributorId"), seller.textOrNull("stateCode"),
                        seller.constant("registration", RuleBook.Registration.values()), seller.textOrNull("zone"), undertakings(seller)),
                currency,
                rounding(rounding, scale), book.integer("validFrom"), book.integer("validTo", RuleBook.NO_END),
                principals, skus, lists, schemes, rates, policy(book.node("policy")), taxSystem(book.node("taxSystem")));
    }

    private static ArrayList<RuleBook.Undertaking> undertakings(Json.Node seller) {
        var found = new ArrayList<RuleBook.Undertaking>(0);
        for (var node : seller.nodes("undertakings")) found.add(new RuleBook.Undertaking(node.integer("validFrom"), node.integer("validTo", RuleBook.NO_END)));
        return found;
    }

    private static RuleBook.TaxSystem taxSystem(Json.Node node) {
        var type = node.constant("type", RuleBook.TaxType.values(), RuleBook.TaxType.GST);
        return type == RuleBook.TaxType.GST ? RuleBook.TaxSystem.GST : new RuleBook.TaxSystem(type, node.has("name") ? node.text("name") : "VAT");
    }

    private static RuleBook.RoundingPolicy rounding(Json.Node node, int scale) {
        var document = node.constant("document", RuleBook.DocumentRounding.values());
        if (document == RuleBook.DocumentRounding.NEAREST && !(node.has("step") && node.money("step", scale).isPositive())) throw node.fault("step", "must be positive");
        return new RuleBook.RoundingPolicy(node.text("id"), node.integer("version"), document, document == RuleBook.DocumentRounding.NEAREST ? node.money("step", scale) : null,
                node.constant("mode", RuleBook.RoundingMode.values(), RuleBook.RoundingMode.HALF_UP), node.constants("paymentModes", DecideCommand.PaymentMode.values()));
    }

    private static RuleBook.TaxTerms taxTerms(Json.Node node, int scale) {
        var valuation = node.constant("valuation", RuleBook.Valuation.values(), RuleBook.Valuation.PRICE);
        var base = node.node("base");
        long num = valuation == RuleBook.Valuation.FRACTION ? base.number("num") : 1, den = valuation == RuleBook.Valuation.FRACTION ? base.number("den") : 1;
        if (num <= 0 || den <= 0) throw base.fault("num", "the taxed part is a positive fraction");
        var terms = new RuleBook.TaxTerms(node.textOrNull("taxClass"), node.has("prepacked") ? node.flag("prepacked", false) : null, node.moneyOrNull("mrpFrom", scale),
                node.moneyOrNull("mrpTo", scale), node.priceOrNull("priceFrom"), node.priceOrNull("priceTo"), node.constants("buyers", RuleBook.Registration.values()),
                valuation, num, den, node.textOrNull("category"), node.priceOrNull("cessPerUnit"));
        boolean ordinary = true;
        for (var name : TAX_TERMS) ordinary &= !node.has(name);
        return ordinary ? RuleBook.TaxTerms.ORDINARY : terms;
    }

    private static RuleBook.Sku sku(Json.Node node, int scale) {
        var units = new ArrayList<RuleBook.Unit>();
        for (var unit : node.nodes("units")) {
            long num = unit.number("num"), den = unit.has("den") ? unit.number("den") : 1;
            if (num <= 0 || den <= 0) throw unit.fault("num", "a unit holds a positive number of base units");
            units.add(new RuleBook.Unit(unit.text("code"), num, den));
        }
        int qtyScale = node.integer("qtyScale", 0);
        if (qtyScale != 0 && qtyScale != 3) throw node.fault("qtyScale", "is 0 or 3");
        return new RuleBook.Sku(node.text("id"), node.text("code"), node.textOrNull("hsn"), node.text("principalId"),
                node.textOrNull("brandId"), node.textOrNull("categoryId"), node.text("baseUnit"), qtyScale, units,
                node.priceOrNull("pts"), node.moneyOrNull("mrp", scale), node.flag("expiryTracked", false),
                node.has("weight") ? node.price("weight").micros() : 0, node.textOrNull("taxClass"), node.flag("prepacked", false));
    }

    private static RuleBook.PriceList priceList(Json.Node node, int scale) {
        var key = node.node("key");
        RuleBook.MrpLink link = null;
        if (node.has("mrpLink")) {
            var mrpLink = node.node("mrpLink");
            link = new RuleBook.MrpLink(mrpLink.rate("margin"), mrpLink.constant("basis", RuleBook.MarginBasis.values()),
                    mrpLink.integer("decimals", 2));
            if (link.decimals() < 0 || link.decimals() > 6) throw mrpLink.fault("decimals", "lies between 0 and 6");
        }
        var lines = new ArrayList<RuleBook.PriceLine>();
        for (var line : node.nodes("lines")) {
            if (link == null && !line.has("price")) throw line.fault("price", "is missing");
            lines.add(new RuleBook.PriceLine(line.text("skuId"), line.moneyOrNull("mrp", scale), line.textOrNull("batchId"),
                    line.priceOrNull("price"), line.textOrNull("unit")));
        }
        return new RuleBook.PriceList(node.text("id"), node.integer("version", 1), node.textOrNull("code"),
                node.constant("level", RuleBook.Level.values()),
                new RuleBook.PriceKey(key.textOrNull("outletId"), key.textOrNull("parentId"), key.textOrNull("group"),
                        key.textOrNull("channel"), key.textOrNull("class"), key.textOrNull("zone")),
                node.flag("taxInclusive", false), link, node.integer("validFrom"), node.integer("validTo", RuleBook.NO_END), lines,
                node.integer("protectOrderDays", 0));
    }

    /// One scheme, also for set-up forms and checks.
    public static Scheme scheme(Json.Node node, int scale) {
        return SchemeJson.read(node, scale);
    }

    private static RuleBook.Policy policy(Json.Node node) {
        var shelfLife = new ArrayList<RuleBook.ShelfLife>();
        for (var row : node.nodes("shelfLife")) shelfLife.add(new RuleBook.ShelfLife(row.text("channel"), row.integer("minDays")));
        var credit = node.node("credit");
        var modes = credit.has("modes") ? credit.constants("modes", DecideCommand.PaymentMode.values())
                : List.of(DecideCommand.PaymentMode.CREDIT);
        return new RuleBook.Policy(node.integer("shelfLifeMinDays", 0), shelfLife, node.integer("nearExpiryDays", 30),
                new RuleBook.Credit(credit.constant("limit", Check.values(), Check.BLOCK), credit.constant("overdue", Check.values(), Check.BLOCK),
                        credit.integer("overdueDaysMax", 0), modes),
                node.constant("floor", Check.values(), Check.BLOCK), node.constant("mrpCeiling", Check.values(), Check.BLOCK));
    }

    public static String write(RuleBook book) {
        var text = new StringBuilder(65_536);
        var head = head(book);
        text.append(head, 0, head.length() - 1);
        text.append(",\"skus\":").append(skus(book.skus())).append(",\"priceLists\":").append(priceLists(book.priceLists()))
                .append(",\"schemes\":").append(schemes(book.schemes(), book.currency().scale())).append(",\"taxRates\":").append(taxRates(book.taxRates()));
        return text.append('}').toString();
    }

    /// What a book holds beside its lists of SKUs, prices, schemes and rates, as an object: a snapshot that is kept in parts joins
    /// them to it.
    public static String head(RuleBook book) {
        var out = new Json.Writer(1024);
        out.openObject();
        out.openObject("seller").text("distributorId", book.seller().distributorId()).textIf("stateCode", book.seller().stateCode())
                .text("registration", book.seller().registration()).textIf("zone", book.seller().zone());
        if (!book.seller().undertakings().isEmpty()) {
            out.openArray("undertakings");
            for (var one : book.seller().undertakings()) {
                out.openObject();
                validity(out, one.validFrom(), one.validTo());
                out.closeObject();
            }
            out.closeArray();
        }
        out.closeObject();
        out.openObject("currency").text("code", book.currency().code()).number("scale", book.currency().scale()).closeObject();
        out.openObject("rounding").text("id", book.rounding().id()).number("version", book.rounding().version())
                .text("document", book.rounding().document()).textIf("step", book.rounding().step());
        if (book.rounding().mode() != RuleBook.RoundingMode.HALF_UP) out.text("mode", book.rounding().mode());
        out.textsIf("paymentModes", book.rounding().paymentModes()).closeObject();
        if (book.taxSystem().type() != RuleBook.TaxType.GST)
            out.openObject("taxSystem").text("type", book.taxSystem().type()).text("name", book.taxSystem().name()).closeObject();
        validity(out, book.validFrom(), book.validTo());
        out.openArray("principals");
        for (var principal : book.principals())
            out.openObject().text("id", principal.id()).text("code", principal.code()).textIf("stateCode", principal.stateCode())
                    .text("registration", principal.registration()).closeObject();
        out.closeArray();
        var policy = book.policy();
        out.openObject("policy").number("shelfLifeMinDays", policy.shelfLifeMinDays());
        out.openArray("shelfLife");
        for (var row : policy.shelfLife()) out.openObject().text("channel", row.channel()).number("minDays", row.minDays()).closeObject();
        out.closeArray().number("nearExpiryDays", policy.nearExpiryDays());
        out.openObject("credit").text("limit", policy.credit().limit()).text("overdue", policy.credit().overdue())
                .number("overdueDaysMax", policy.credit().overdueDaysMax()).texts("modes", policy.credit().modes()).closeObject();
        out.text("floor", policy.floor()).text("mrpCeiling", policy.mrpCeiling()).closeObject();
        return out.closeObject().toString();
    }

    /// The array of `skus`.
    public static String skus(List<RuleBook.Sku> skus) {
        var out = array();
        for (var sku : skus) {
            out.openObject().text("id", sku.id()).text("code", sku.code()).textIf("hsn", sku.hsn()).text("principalId", sku.principalId())
                    .textIf("brandId", sku.brandId()).textIf("categoryId", sku.categoryId()).text("baseUnit", sku.baseUnit())
                    .number("qtyScale", sku.qtyScale()).flag("expiryTracked", sku.expiryTracked()).textIf("pts", sku.pts()).textIf("mrp", sku.mrp());
            if (sku.weight() != 0) out.text("weight", Fixed.print(sku.weight(), 6, 0));
            out.textIf("taxClass", sku.taxClass());
            if (sku.prepacked()) out.flag("prepacked", true);
            out.openArray("units");
            for (var unit : sku.units())
                out.openObject().text("code", unit.code()).number("num", unit.num()).number("den", unit.den()).closeObject();
            out.closeArray().closeObject();
        }
        return out.closeArray().toString();
    }

    /// The array of `priceLists`.
    public static String priceLists(List<RuleBook.PriceList> lists) {
        var out = array();
        for (var list : lists) write(out, list);
        return out.closeArray().toString();
    }

    /// The array of `schemes`.
    /// @param scale decimals of the currency
    public static String schemes(List<Scheme> schemes, int scale) {
        var out = array();
        for (var scheme : schemes) SchemeJson.write(out, scheme, scale);
        return out.closeArray().toString();
    }

    /// The array of `taxRates`.
    public static String taxRates(List<RuleBook.TaxRate> rates) {
        var out = array();
        for (var rate : rates) {
            out.openObject().text("id", rate.id()).number("version", rate.version()).text("hsn", rate.hsn()).text("kind", rate.kind())
                    .text("rate", rate.rate()).text("cess", rate.cess());
            if (rate.terms() != RuleBook.TaxTerms.ORDINARY) write(out, rate.terms());
            validity(out, rate.validFrom(), rate.validTo());
            out.closeObject();
        }
        return out.closeArray().toString();
    }

    private static Json.Writer array() {
        return new Json.Writer(4096).openArray();
    }

    private static void write(Json.Writer out, RuleBook.PriceList list) {
        var key = list.key();
        out.openObject().text("id", list.id()).number("version", list.version()).textIf("code", list.code()).text("level", list.level());
        out.openObject("key").textIf("outletId", key.outletId()).textIf("parentId", key.parentId()).textIf("group", key.group())
                .textIf("channel", key.channel()).textIf("class", key.outletClass()).textIf("zone", key.zone()).closeObject();
        out.flag("taxInclusive", list.taxInclusive());
        if (list.mrpLink() != null)
            out.openObject("mrpLink").text("margin", list.mrpLink().margin()).text("basis", list.mrpLink().basis())
                    .number("decimals", list.mrpLink().decimals()).closeObject();
        validity(out, list.validFrom(), list.validTo());
        if (list.protectOrderDays() != 0) out.number("protectOrderDays", list.protectOrderDays());
        out.openArray("lines");
        for (var line : list.lines())
            out.openObject().text("skuId", line.skuId()).textIf("mrp", line.mrp()).textIf("batchId", line.batchId())
                    .textIf("price", line.price()).textIf("unit", line.unit()).closeObject();
        out.closeArray().closeObject();
    }

    private static void write(Json.Writer out, RuleBook.TaxTerms terms) {
        out.textIf("taxClass", terms.taxClass());
        if (terms.prepacked() != null) out.flag("prepacked", terms.prepacked());
        out.textIf("mrpFrom", terms.mrpFrom()).textIf("mrpTo", terms.mrpTo()).textIf("priceFrom", terms.priceFrom()).textIf("priceTo", terms.priceTo())
                .textsIf("buyers", terms.buyers());
        if (terms.valuation() != RuleBook.Valuation.PRICE) out.text("valuation", terms.valuation());
        if (terms.valuation() == RuleBook.Valuation.FRACTION) out.openObject("base").number("num", terms.baseNum()).number("den", terms.baseDen()).closeObject();
        out.textIf("category", terms.category()).textIf("cessPerUnit", terms.cessPerUnit());
    }

    static void validity(Json.Writer out, int from, int to) {
        out.number("validFrom", from);
        if (to != RuleBook.NO_END) out.number("validTo", to);
    }
}
