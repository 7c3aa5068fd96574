package io.offtake.rules;

import io.offtake.rules.RuleBook.Check;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;
import java.util.ArrayList;
import java.util.List;

/// The JSON form of a [RuleBook] (`spec/README.md`). Writing what was read gives an equal book.
public final class RuleBookJson {
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
            rates.add(new RuleBook.TaxRate(node.text("id"), node.integer("version", 1), node.text("hsn"),
                    node.constant("kind", RuleBook.TaxKind.values(), RuleBook.TaxKind.TAXABLE), node.rate("rate"),
                    node.has("cess") ? node.rate("cess") : Rate.ZERO, node.integer("validFrom"), node.integer("validTo", RuleBook.NO_END)));
        return new RuleBook(
                new RuleBook.Seller(seller.text("distributorId"), seller.textOrNull("stateCode"),
                        seller.constant("registration", RuleBook.Registration.values()), seller.textOrNull("zone")),
                currency,
                new RuleBook.RoundingPolicy(rounding.text("id"), rounding.integer("version"),
                        rounding.constant("document", RuleBook.DocumentRounding.values())),
                book.integer("validFrom"), book.integer("validTo", RuleBook.NO_END),
                principals, skus, lists, schemes, rates, policy(book.node("policy")));
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
                node.priceOrNull("pts"), node.moneyOrNull("mrp", scale), node.flag("expiryTracked", false));
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
                node.flag("taxInclusive", false), link, node.integer("validFrom"), node.integer("validTo", RuleBook.NO_END), lines);
    }

    /// One scheme, also for set-up forms and checks.
    public static Scheme scheme(Json.Node node, int scale) {
        var products = node.node("products");
        var eligibility = node.node("eligibility");
        if (node.text("stage").equals("FREE_GOODS") != node.node("mechanic").text("type").equals("FREE_GOODS"))
            throw node.fault("stage", "free goods, and only they, are given at stage FREE_GOODS");
        return new Scheme(node.text("id"), node.integer("version", 1), node.text("code"), node.textOrNull("name"), node.text("principalId"),
                node.constant("stage", Scheme.Stage.values()), mechanic(node.node("mechanic"), scale),
                new Scheme.ProductSet(products.texts("skuIds"), products.texts("brandIds"), products.texts("categoryIds"),
                        products.texts("excludedSkuIds")),
                new Scheme.Eligibility(eligibility.texts("channels"), eligibility.texts("classes"), eligibility.texts("groups"),
                        eligibility.texts("outletIds"), eligibility.constants("paymentModes", DecideCommand.PaymentMode.values()),
                        eligibility.constants("saleTypes", DecideCommand.SaleType.values()),
                        eligibility.constants("registrations", RuleBook.Registration.values())),
                node.constant("stacking", Scheme.Stacking.values(), Scheme.Stacking.CASCADE), node.textOrNull("exclusionGroup"),
                node.constant("choice", Scheme.Choice.values(), Scheme.Choice.BEST_FOR_OUTLET), node.integer("priority", 100),
                node.has("principalShare") ? node.rate("principalShare") : Rate.ONE, node.flag("claimable", true),
                node.constant("claimRate", Scheme.ClaimRate.values(), Scheme.ClaimRate.PTS),
                node.integer("validFrom"), node.integer("validTo", RuleBook.NO_END));
    }

    private static Mechanic mechanic(Json.Node node, int scale) {
        return switch (node.text("type")) {
            case "DISCOUNT" -> new Mechanic.Discount(reward(node.node("reward"), scale));
            case "WHOLE_SLAB" -> {
                var basis = node.constant("basis", Scheme.Basis.values());
                var slabs = new ArrayList<Scheme.Slab>();
                for (var slab : node.nodes("slabs")) {
                    long from = switch (basis) {
                        case BASE_QTY -> slab.qty("from").milli();
                        case GROSS_VALUE, NET_VALUE -> slab.money("from", scale).units();
                    };
                    if (!slabs.isEmpty() && slabs.getLast().from() >= from) throw slab.fault("from", "slabs must rise");
                    slabs.add(new Scheme.Slab(from, reward(slab.node("reward"), scale)));
                }
                if (slabs.isEmpty()) throw node.fault("slabs", "is missing");
                yield new Mechanic.WholeSlab(basis, slabs);
            }
            case "FREE_GOODS" -> {
                var buy = node.qty("buy");
                var get = node.qty("get");
                if (!buy.isPositive()) throw node.fault("buy", "must be positive");
                if (!get.isPositive()) throw node.fault("get", "must be positive");
                boolean inside = node.flag("inside", false);
                if (inside && node.has("rewardSkuId"))
                    throw node.fault("rewardSkuId", "free units inside the ordered quantity are of the same SKU");
                yield new Mechanic.FreeGoods(buy, get, node.flag("repeat", true), inside, node.textOrNull("rewardSkuId"),
                        node.qtyOrNull("capPerInvoice"), node.constant("tax", Scheme.FreeTax.values(), Scheme.FreeTax.ZERO_PRICED),
                        node.constant("ifShort", Scheme.IfShort.values(), Scheme.IfShort.REFUSE));
            }
            default -> throw node.fault("type", "is none of DISCOUNT, WHOLE_SLAB, FREE_GOODS");
        };
    }

    private static Reward reward(Json.Node node, int scale) {
        if (node.has("percent")) return new Reward.Percent(node.rate("percent"));
        if (node.has("perUnit")) return new Reward.PerUnit(node.price("perUnit"));
        if (node.has("fixed")) return new Reward.Fixed(node.money("fixed", scale));
        throw node.fault("percent", "a reward is one of percent, perUnit, fixed");
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
        int scale = book.currency().scale();
        var out = new Json.Writer(65_536);
        out.openObject();
        out.openObject("seller").text("distributorId", book.seller().distributorId()).textIf("stateCode", book.seller().stateCode())
                .text("registration", book.seller().registration()).textIf("zone", book.seller().zone()).closeObject();
        out.openObject("currency").text("code", book.currency().code()).number("scale", book.currency().scale()).closeObject();
        out.openObject("rounding").text("id", book.rounding().id()).number("version", book.rounding().version())
                .text("document", book.rounding().document()).closeObject();
        validity(out, book.validFrom(), book.validTo());
        out.openArray("principals");
        for (var principal : book.principals())
            out.openObject().text("id", principal.id()).text("code", principal.code()).textIf("stateCode", principal.stateCode())
                    .text("registration", principal.registration()).closeObject();
        out.closeArray();
        out.openArray("skus");
        for (var sku : book.skus()) {
            out.openObject().text("id", sku.id()).text("code", sku.code()).textIf("hsn", sku.hsn()).text("principalId", sku.principalId())
                    .textIf("brandId", sku.brandId()).textIf("categoryId", sku.categoryId()).text("baseUnit", sku.baseUnit())
                    .number("qtyScale", sku.qtyScale()).flag("expiryTracked", sku.expiryTracked()).textIf("pts", sku.pts()).textIf("mrp", sku.mrp());
            out.openArray("units");
            for (var unit : sku.units())
                out.openObject().text("code", unit.code()).number("num", unit.num()).number("den", unit.den()).closeObject();
            out.closeArray().closeObject();
        }
        out.closeArray();
        out.openArray("priceLists");
        for (var list : book.priceLists()) write(out, list);
        out.closeArray();
        out.openArray("schemes");
        for (var scheme : book.schemes()) write(out, scheme, scale);
        out.closeArray();
        out.openArray("taxRates");
        for (var rate : book.taxRates()) {
            out.openObject().text("id", rate.id()).number("version", rate.version()).text("hsn", rate.hsn()).text("kind", rate.kind())
                    .text("rate", rate.rate()).text("cess", rate.cess());
            validity(out, rate.validFrom(), rate.validTo());
            out.closeObject();
        }
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
        out.openArray("lines");
        for (var line : list.lines())
            out.openObject().text("skuId", line.skuId()).textIf("mrp", line.mrp()).textIf("batchId", line.batchId())
                    .textIf("price", line.price()).textIf("unit", line.unit()).closeObject();
        out.closeArray().closeObject();
    }

    private static void write(Json.Writer out, Scheme scheme, int scale) {
        out.openObject().text("id", scheme.id()).number("version", scheme.version()).text("code", scheme.code()).textIf("name", scheme.name())
                .text("principalId", scheme.principalId()).text("stage", scheme.stage());
        out.openObject("mechanic");
        switch (scheme.mechanic()) {
            case Mechanic.Discount discount -> {
                out.text("type", "DISCOUNT");
                write(out, discount.reward());
            }
            case Mechanic.WholeSlab whole -> {
                out.text("type", "WHOLE_SLAB").text("basis", whole.basis()).openArray("slabs");
                for (var slab : whole.slabs()) {
                    out.openObject().text("from", SchemeIndex.basisText(whole.basis(), slab.from(), scale));
                    write(out, slab.reward());
                    out.closeObject();
                }
                out.closeArray();
            }
            case Mechanic.FreeGoods free -> out.text("type", "FREE_GOODS").text("buy", free.buy()).text("get", free.get())
                    .flag("repeat", free.repeat()).flag("inside", free.inside()).textIf("rewardSkuId", free.rewardSkuId())
                    .textIf("capPerInvoice", free.capPerInvoice()).text("tax", free.tax()).text("ifShort", free.ifShort());
        }
        out.closeObject();
        var products = scheme.products();
        out.openObject("products").textsIf("skuIds", products.skuIds()).textsIf("brandIds", products.brandIds())
                .textsIf("categoryIds", products.categoryIds()).textsIf("excludedSkuIds", products.excludedSkuIds()).closeObject();
        var eligibility = scheme.eligibility();
        out.openObject("eligibility").textsIf("channels", eligibility.channels()).textsIf("classes", eligibility.classes())
                .textsIf("groups", eligibility.groups()).textsIf("outletIds", eligibility.outletIds())
                .textsIf("paymentModes", eligibility.paymentModes()).textsIf("saleTypes", eligibility.saleTypes())
                .textsIf("registrations", eligibility.registrations()).closeObject();
        out.text("stacking", scheme.stacking()).textIf("exclusionGroup", scheme.exclusionGroup()).text("choice", scheme.choice())
                .number("priority", scheme.priority()).text("principalShare", scheme.principalShare()).flag("claimable", scheme.claimable())
                .text("claimRate", scheme.claimRate());
        validity(out, scheme.validFrom(), scheme.validTo());
        out.closeObject();
    }

    private static void write(Json.Writer out, Reward reward) {
        out.openObject("reward");
        switch (reward) {
            case Reward.Percent percent -> out.text("percent", percent.rate());
            case Reward.PerUnit perUnit -> out.text("perUnit", perUnit.amount());
            case Reward.Fixed fixed -> out.text("fixed", fixed.amount());
        }
        out.closeObject();
    }

    private static void validity(Json.Writer out, int from, int to) {
        out.number("validFrom", from);
        if (to != RuleBook.NO_END) out.number("validTo", to);
    }
}
