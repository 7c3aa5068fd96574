package io.offtake.rules;

import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;
import java.util.ArrayList;
import java.util.List;

/// The JSON form of a [Scheme] (`spec/README.md`). Writing what was read gives an equal scheme.
public final class SchemeJson {
    private static final String[] MORE = {"parentIds", "excludedOutletIds", "territories", "zones", "distributorIds", "stateCodes", "orderSources", "firstOrderOnly",
        "mslCompliantOnly", "weekdays", "dayparts", "warehouseIds"};
    private static final String[] TERMS = {"level", "settlement", "creditNote", "agreementRef", "agreementDate", "returnPolicy", "honour", "approvedOn", "retrospective", "limits"};

    private SchemeJson() {}

    /// @throws Json.Fault if a member is missing or refused; its pointer says which
    public static Scheme read(Json.Node node, int scale) {
        var type = node.node("mechanic").text("type");
        var mechanic = mechanic(node.node("mechanic"), scale);
        var stage = node.constant("stage", Scheme.Stage.values());
        if ((stage == Scheme.Stage.FREE_GOODS) != type.equals("FREE_GOODS"))
            throw node.fault("stage", "free goods, and only they, are given at stage FREE_GOODS");
        if ((stage == Scheme.Stage.ACCRUAL) != mechanic.accrues())
            throw node.fault("stage", "accruals, and only they, belong to stage ACCRUAL");
        if ((mechanic instanceof Mechanic.Combo || mechanic instanceof Mechanic.BundlePrice) && stage != Scheme.Stage.GROUP && stage != Scheme.Stage.BILL)
            throw node.fault("stage", "a " + type + " belongs to stage GROUP or BILL");
        return new Scheme(node.text("id"), node.integer("version", 1), node.text("code"), node.textOrNull("name"), node.text("principalId"),
                stage, mechanic, products(node.node("products")), eligibility(node.node("eligibility")),
                node.constant("stacking", Scheme.Stacking.values(), Scheme.Stacking.CASCADE), node.textOrNull("exclusionGroup"),
                node.constant("choice", Scheme.Choice.values(), Scheme.Choice.BEST_FOR_OUTLET), node.integer("priority", 100),
                node.has("principalShare") ? node.rate("principalShare") : Rate.ONE, node.flag("claimable", true),
                node.constant("claimRate", Scheme.ClaimRate.values(), Scheme.ClaimRate.PTS),
                node.integer("validFrom"), node.integer("validTo", RuleBook.NO_END), terms(node, scale));
    }

    private static Scheme.ProductSet products(Json.Node node) {
        return new Scheme.ProductSet(node.texts("skuIds"), node.texts("brandIds"), node.texts("categoryIds"), node.texts("excludedSkuIds"),
                node.texts("excludedBrandIds"), node.texts("excludedCategoryIds"));
    }

    private static Scheme.Eligibility eligibility(Json.Node node) {
        var dayparts = new ArrayList<Scheme.Daypart>();
        for (var part : node.nodes("dayparts")) dayparts.add(new Scheme.Daypart(minute(part, "from"), minute(part, "to")));
        var more = new Scheme.More(node.texts("parentIds"), node.texts("excludedOutletIds"), node.texts("territories"), node.texts("zones"),
                node.texts("distributorIds"), node.texts("stateCodes"), node.texts("orderSources"), node.flag("firstOrderOnly", false),
                node.flag("mslCompliantOnly", false), node.integers("weekdays"), dayparts, node.texts("warehouseIds"));
        boolean none = true;
        for (var name : MORE) none &= !node.has(name);
        return new Scheme.Eligibility(node.texts("channels"), node.texts("classes"), node.texts("groups"), node.texts("outletIds"),
                node.constants("paymentModes", DecideCommand.PaymentMode.values()), node.constants("saleTypes", DecideCommand.SaleType.values()),
                node.constants("registrations", RuleBook.Registration.values()), none ? Scheme.More.NONE : more);
    }

    private static int minute(Json.Node node, String name) {
        var text = node.text(name);
        int colon = text.indexOf(':');
        try {
            int minutes = (int) (Fixed.parse(text.substring(0, Math.max(0, colon)), 0) * 60 + Fixed.parse(text.substring(colon + 1), 0));
            if (colon > 0 && minutes >= 0 && minutes <= 1440) return minutes;
        } catch (IllegalArgumentException refused) {
            // said below
        }
        throw node.fault(name, "is no time like 09:30");
    }

    private static Scheme.Terms terms(Json.Node node, int scale) {
        var limits = new ArrayList<Scheme.Limit>();
        var given = node.node("limits");
        for (var scope : Scheme.Scope.values()) {
            var name = limitName(scope);
            if (!given.has(name)) continue;
            var limit = given.node(name);
            if (!limit.has("amount") && !limit.has("freeQty") && !limit.has("times")) throw limit.fault("amount", "a limit has an amount, a freeQty or times");
            limits.add(new Scheme.Limit(scope, limit.moneyOrNull("amount", scale), limit.qtyOrNull("freeQty"), limit.integerOrNull("times"),
                    limit.has("period") ? limit.constant("period", Scheme.Period.values()) : null));
        }
        var terms = new Scheme.Terms(node.constant("level", Scheme.Level.values(), Scheme.Level.OUTLET),
                node.constant("settlement", Scheme.Settlement.values(), Scheme.Settlement.ON_INVOICE),
                node.constant("creditNote", Scheme.CreditNote.values(), Scheme.CreditNote.FIN_CN), node.textOrNull("agreementRef"), node.integerOrNull("agreementDate"),
                node.has("returnPolicy") ? node.constant("returnPolicy", Scheme.ReturnPolicy.values()) : null,
                node.constant("honour", Scheme.Honour.values(), Scheme.Honour.INVOICED), node.integerOrNull("approvedOn"), node.flag("retrospective", false),
                limits, given.constant("whenCut", Scheme.WhenCut.values(), Scheme.WhenCut.PARTIAL));
        boolean ordinary = true;
        for (var name : TERMS) ordinary &= !node.has(name);
        return ordinary ? Scheme.Terms.ORDINARY : terms;
    }

    static String limitName(Scheme.Scope scope) {
        return switch (scope) {
            case INVOICE -> "perInvoice";
            case OUTLET -> "perOutlet";
            case DISTRIBUTOR -> "perDistributor";
            case TOTAL -> "total";
        };
    }

    private static Scheme.Count count(Json.Node node, Basis otherwise) {
        var basis = otherwise == null ? node.constant("basis", Basis.values()) : node.constant("basis", Basis.values(), otherwise);
        var netAfter = node.has("netAfter") ? node.constant("netAfter", Scheme.Stage.values()) : null;
        if (!node.has("unit") && netAfter == null) return Scheme.Count.of(basis);
        return new Scheme.Count(basis, basis == Basis.CASES ? node.has("unit") ? node.text("unit") : "CASE" : null, netAfter);
    }

    /// A count in the unit of a basis: thousandths, or smallest units of money.
    static long counted(Json.Node node, String name, Basis basis, int scale) {
        return basis.isMoney() ? node.money(name, scale).units() : node.qty(name).milli();
    }

    private static List<Scheme.Slab> slabs(Json.Node node, Basis basis, boolean growth, int scale) {
        var slabs = new ArrayList<Scheme.Slab>();
        for (var slab : node.nodes("slabs")) {
            long from = growth ? slab.rate("from").micros() : counted(slab, "from", basis, scale);
            if (!slabs.isEmpty() && slabs.getLast().from() >= from) throw slab.fault("from", "slabs must rise");
            slabs.add(new Scheme.Slab(from, slab.has("to") ? growth ? slab.rate("to").micros() : counted(slab, "to", basis, scale) : null, reward(slab.node("reward"), scale)));
        }
        if (slabs.isEmpty()) throw node.fault("slabs", "is missing");
        return slabs;
    }

    private static List<Scheme.Part> parts(Json.Node node, String name, String qty) {
        var parts = new ArrayList<Scheme.Part>();
        for (var part : node.nodes(name)) {
            if (!part.qty(qty).isPositive()) throw part.fault(qty, "must be positive");
            parts.add(new Scheme.Part(products(part.node("products")), part.qty(qty)));
        }
        return parts;
    }

    private static Qty positive(Json.Node node, String name) {
        var qty = node.qty(name);
        if (!qty.isPositive()) throw node.fault(name, "must be positive");
        return qty;
    }

    static Mechanic mechanic(Json.Node node, int scale) {
        return switch (node.text("type")) {
            case "DISCOUNT" -> new Mechanic.Discount(reward(node.node("reward"), scale));
            case "WHOLE_SLAB" -> whole(node, count(node, null), scale);
            case "VALUE_SLAB" -> whole(node, count(node, Basis.NET_VALUE), scale);
            case "INCREMENTAL_SLAB" -> {
                var count = count(node, null);
                yield new Mechanic.IncrementalSlab(count, slabs(node, count.basis(), false, scale));
            }
            case "FREE_GOODS" -> free(node, scale);
            case "CHEAPEST_FREE" -> {
                var buy = positive(node, "buy");
                var get = positive(node, "get");
                if (get.compareTo(buy) > 0) throw node.fault("get", "is above buy");
                yield new Mechanic.CheapestFree(buy, get, node.flag("repeat", true), node.qtyOrNull("capPerInvoice"));
            }
            case "COMBO" -> {
                var groups = parts(node, "groups", "min");
                int distinct = node.integer("minDistinct", 0);
                boolean repeat = node.flag("repeat", false);
                if (distinct <= 0 && groups.isEmpty()) throw node.fault("minDistinct", "a combo asks for SKUs or groups");
                if (repeat && groups.isEmpty()) throw node.fault("groups", "repeated sets need groups");
                yield new Mechanic.Combo(distinct, node.qtyOrNull("minEach"), groups, repeat, reward(node.node("reward"), scale));
            }
            case "BUNDLE_PRICE" -> {
                var components = parts(node, "components", "qty");
                if (components.isEmpty()) throw node.fault("components", "is missing");
                yield new Mechanic.BundlePrice(components, node.money("price", scale), node.flag("repeat", true), node.integerOrNull("maxSets"));
            }
            case "PER_CASE_REBATE" -> {
                boolean perKg = node.has("perKg");
                yield new Mechanic.PerCaseRebate(node.price(perKg ? "perKg" : "amount"), perKg ? null : node.has("unit") ? node.text("unit") : "CASE",
                        node.flag("cumulative", false), node.constant("period", Scheme.Period.values(), Scheme.Period.MONTH));
            }
            case "QPS", "TOD" -> {
                var count = count(node, Basis.NET_VALUE);
                var growth = node.node("growth");
                var method = node.has("method") ? node.text("method") : "WHOLE";
                if (!method.equals("WHOLE") && !method.equals("INCREMENTAL")) throw node.fault("method", "is WHOLE or INCREMENTAL");
                yield new Mechanic.Qps(count, node.constant("period", Scheme.Period.values(), Scheme.Period.MONTH), method.equals("INCREMENTAL"),
                        slabs(node, count.basis(), node.has("growth"), scale),
                        node.has("growth") ? new Scheme.Growth(growth.moneyOrNull("minBase", scale), growth.moneyOrNull("floorBase", scale)) : null,
                        node.text("type").equals("TOD"));
            }
            case "POINTS" -> {
                var count = count(node, Basis.NET_VALUE);
                long per = counted(node, "per", count.basis(), scale);
                long points = node.qty("points").milli();
                if (per <= 0) throw node.fault("per", "must be positive");
                if (points <= 0 || points % 1000 != 0) throw node.fault("points", "must be a positive whole number");
                yield new Mechanic.Points(count, per, points / 1000, node.constant("period", Scheme.Period.values(), Scheme.Period.SCHEME));
            }
            case "CASH_DISCOUNT" -> new Mechanic.CashDiscount(cashTerms(node));
            case "DISPLAY" -> display(node, scale);
            default -> throw node.fault("type", "is none of DISCOUNT, WHOLE_SLAB, VALUE_SLAB, INCREMENTAL_SLAB, FREE_GOODS, CHEAPEST_FREE, COMBO, BUNDLE_PRICE, "
                    + "PER_CASE_REBATE, QPS, TOD, POINTS, CASH_DISCOUNT, DISPLAY");
        };
    }

    static List<Mechanic.CashDiscount.Term> cashTerms(Json.Node node) {
        var terms = new ArrayList<Mechanic.CashDiscount.Term>();
        for (var term : node.nodes("terms")) {
            int days = term.integer("days");
            if (days < 0 || (!terms.isEmpty() && terms.getLast().days() >= days)) throw term.fault("days", "days must rise");
            terms.add(new Mechanic.CashDiscount.Term(days, term.rate("percent")));
        }
        if (terms.isEmpty()) throw node.fault("terms", "is missing");
        return terms;
    }

    static Mechanic.Display display(Json.Node node, int scale) {
        var payout = node.has("payout") ? node.text("payout") : "PRO_RATA";
        if (!payout.equals("PRO_RATA") && !payout.equals("ALL_OR_NOTHING")) throw node.fault("payout", "is ALL_OR_NOTHING or PRO_RATA");
        int audits = node.integer("audits");
        if (audits <= 0) throw node.fault("audits", "must be positive");
        return new Mechanic.Display(node.money("amount", scale), node.constant("period", Scheme.Period.values(), Scheme.Period.MONTH), audits,
                node.rate("passScore"), payout.equals("PRO_RATA"));
    }

    private static Mechanic whole(Json.Node node, Scheme.Count count, int scale) {
        return new Mechanic.WholeSlab(count, slabs(node, count.basis(), false, scale));
    }

    private static Mechanic free(Json.Node node, int scale) {
        var count = node.has("buyUnit") ? new Scheme.Count(Basis.CASES, node.text("buyUnit"), null) : count(node, Basis.BASE_QTY);
        if (count.basis() == Basis.DISTINCT) throw node.fault("basis", "free goods do not count SKUs");
        long buy = counted(node, "buy", count.basis(), scale);
        if (buy <= 0) throw node.fault("buy", "must be positive");
        var get = positive(node, "get");
        boolean inside = node.flag("inside", false);
        var rewards = node.has("rewardSkuId") ? List.of(node.text("rewardSkuId")) : node.texts("rewardSkuIds");
        if (inside && !rewards.isEmpty()) throw node.fault("rewardSkuId", "free units inside the ordered quantity are of the same SKU");
        if (inside && (count.basis() != Basis.BASE_QTY || node.has("getUnit")))
            throw node.fault("inside", "free units inside the ordered quantity are counted in base units");
        return new Mechanic.FreeGoods(buy, count, get, node.textOrNull("getUnit"), node.textOrNull("freeUnit"), node.flag("repeat", true), inside, rewards,
                node.qtyOrNull("capPerInvoice"), node.constant("tax", Scheme.FreeTax.values(), Scheme.FreeTax.ZERO_PRICED),
                node.constant("ifShort", Scheme.IfShort.values(), Scheme.IfShort.REFUSE), node.texts("substituteSkuIds"));
    }

    private static Reward reward(Json.Node node, int scale) {
        if (node.has("percent")) return new Reward.Percent(node.rate("percent"));
        if (node.has("perUnit")) return new Reward.PerUnit(node.price("perUnit"));
        if (node.has("fixed")) return new Reward.Fixed(node.money("fixed", scale));
        if (node.has("perCount")) return new Reward.PerCount(node.price("perCount"));
        throw node.fault("percent", "a reward is one of percent, perUnit, fixed, perCount");
    }

    // ---- writing ----

    /// One scheme as JSON text.
    public static String write(Scheme scheme, int scale) {
        var out = new Json.Writer(1024);
        write(out, scheme, scale);
        return out.toString();
    }

    static void write(Json.Writer out, Scheme scheme, int scale) {
        out.openObject().text("id", scheme.id()).number("version", scheme.version()).text("code", scheme.code()).textIf("name", scheme.name())
                .text("principalId", scheme.principalId()).text("stage", scheme.stage());
        out.openObject("mechanic");
        write(out, scheme.mechanic(), scale);
        out.closeObject().openObject("products");
        write(out, scheme.products());
        out.closeObject();
        var eligibility = scheme.eligibility();
        out.openObject("eligibility").textsIf("channels", eligibility.channels()).textsIf("classes", eligibility.classes())
                .textsIf("groups", eligibility.groups()).textsIf("outletIds", eligibility.outletIds())
                .textsIf("paymentModes", eligibility.paymentModes()).textsIf("saleTypes", eligibility.saleTypes())
                .textsIf("registrations", eligibility.registrations());
        if (eligibility.more() != Scheme.More.NONE) write(out, eligibility.more());
        out.closeObject();
        out.text("stacking", scheme.stacking()).textIf("exclusionGroup", scheme.exclusionGroup()).text("choice", scheme.choice())
                .number("priority", scheme.priority()).text("principalShare", scheme.principalShare()).flag("claimable", scheme.claimable())
                .text("claimRate", scheme.claimRate());
        RuleBookJson.validity(out, scheme.validFrom(), scheme.validTo());
        if (scheme.terms() != Scheme.Terms.ORDINARY) write(out, scheme.terms());
        out.closeObject();
    }

    private static void write(Json.Writer out, Scheme.ProductSet products) {
        out.textsIf("skuIds", products.skuIds()).textsIf("brandIds", products.brandIds())
                .textsIf("categoryIds", products.categoryIds()).textsIf("excludedSkuIds", products.excludedSkuIds())
                .textsIf("excludedBrandIds", products.excludedBrandIds()).textsIf("excludedCategoryIds", products.excludedCategoryIds());
    }

    private static void write(Json.Writer out, Scheme.More more) {
        out.textsIf("parentIds", more.parentIds()).textsIf("excludedOutletIds", more.excludedOutletIds()).textsIf("territories", more.territories())
                .textsIf("zones", more.zones()).textsIf("distributorIds", more.distributorIds()).textsIf("stateCodes", more.stateCodes())
                .textsIf("orderSources", more.orderSources()).textsIf("warehouseIds", more.warehouseIds());
        if (more.firstOrderOnly()) out.flag("firstOrderOnly", true);
        if (more.mslCompliantOnly()) out.flag("mslCompliantOnly", true);
        if (!more.weekdays().isEmpty()) out.numbers("weekdays", more.weekdays());
        if (!more.dayparts().isEmpty()) {
            out.openArray("dayparts");
            for (var part : more.dayparts()) out.openObject().text("from", time(part.from())).text("to", time(part.to())).closeObject();
            out.closeArray();
        }
    }

    static String time(int minute) {
        int hours = minute / 60, minutes = minute % 60;
        return (hours < 10 ? "0" : "") + hours + (minutes < 10 ? ":0" : ":") + minutes;
    }

    private static void write(Json.Writer out, Scheme.Terms terms) {
        if (terms.level() != Scheme.Level.OUTLET) out.text("level", terms.level());
        if (terms.settlement() != Scheme.Settlement.ON_INVOICE) out.text("settlement", terms.settlement());
        if (terms.creditNote() != Scheme.CreditNote.FIN_CN) out.text("creditNote", terms.creditNote());
        out.textIf("agreementRef", terms.agreementRef());
        if (terms.agreementDate() != null) out.number("agreementDate", terms.agreementDate());
        out.textIf("returnPolicy", terms.returnPolicy());
        if (terms.honour() != Scheme.Honour.INVOICED) out.text("honour", terms.honour());
        if (terms.approvedOn() != null) out.number("approvedOn", terms.approvedOn());
        if (terms.retrospective()) out.flag("retrospective", true);
        if (terms.limits().isEmpty() && terms.whenCut() == Scheme.WhenCut.PARTIAL) return;
        out.openObject("limits");
        for (var limit : terms.limits()) {
            out.openObject(limitName(limit.scope())).textIf("amount", limit.amount()).textIf("freeQty", limit.freeQty());
            if (limit.times() != null) out.number("times", limit.times());
            out.textIf("period", limit.period()).closeObject();
        }
        out.text("whenCut", terms.whenCut()).closeObject();
    }

    private static void write(Json.Writer out, Mechanic mechanic, int scale) {
        switch (mechanic) {
            case Mechanic.Discount discount -> {
                out.text("type", "DISCOUNT");
                write(out, discount.reward());
            }
            case Mechanic.WholeSlab whole -> {
                out.text("type", "WHOLE_SLAB");
                write(out, whole.count());
                slabs(out, whole.count().basis(), false, whole.slabs(), scale);
            }
            case Mechanic.IncrementalSlab incremental -> {
                out.text("type", "INCREMENTAL_SLAB");
                write(out, incremental.count());
                slabs(out, incremental.count().basis(), false, incremental.slabs(), scale);
            }
            case Mechanic.FreeGoods free -> {
                out.text("type", "FREE_GOODS").text("buy", SchemeIndex.basisText(free.count().basis(), free.buy(), scale)).text("get", free.get())
                        .flag("repeat", free.repeat()).flag("inside", free.inside());
                if (free.count().basis() != Basis.BASE_QTY) write(out, free.count());
                if (free.rewardSkuIds().size() == 1) out.text("rewardSkuId", free.rewardSkuId());
                else out.textsIf("rewardSkuIds", free.rewardSkuIds());
                out.textIf("capPerInvoice", free.capPerInvoice()).text("tax", free.tax()).text("ifShort", free.ifShort())
                        .textIf("getUnit", free.getUnit()).textIf("freeUnit", free.freeUnit()).textsIf("substituteSkuIds", free.substituteSkuIds());
            }
            case Mechanic.CheapestFree cheapest -> out.text("type", "CHEAPEST_FREE").text("buy", cheapest.buy()).text("get", cheapest.get())
                    .flag("repeat", cheapest.repeat()).textIf("capPerInvoice", cheapest.capPerInvoice());
            case Mechanic.Combo combo -> {
                out.text("type", "COMBO");
                if (combo.minDistinct() > 0) out.number("minDistinct", combo.minDistinct());
                out.textIf("minEach", combo.minEach());
                if (!combo.groups().isEmpty()) parts(out, "groups", "min", combo.groups());
                out.flag("repeat", combo.repeat());
                write(out, combo.reward());
            }
            case Mechanic.BundlePrice bundle -> {
                out.text("type", "BUNDLE_PRICE");
                parts(out, "components", "qty", bundle.components());
                out.text("price", bundle.price()).flag("repeat", bundle.repeat());
                if (bundle.maxSets() != null) out.number("maxSets", bundle.maxSets());
            }
            case Mechanic.PerCaseRebate rebate -> {
                out.text("type", "PER_CASE_REBATE").text(rebate.unit() == null ? "perKg" : "amount", rebate.amount()).textIf("unit", rebate.unit());
                if (rebate.cumulative()) out.flag("cumulative", true);
                out.text("period", rebate.period());
            }
            case Mechanic.Qps qps -> {
                out.text("type", qps.turnover() ? "TOD" : "QPS");
                write(out, qps.count());
                out.text("period", qps.period()).text("method", qps.incremental() ? "INCREMENTAL" : "WHOLE");
                slabs(out, qps.count().basis(), qps.growth() != null, qps.slabs(), scale);
                if (qps.growth() != null) out.openObject("growth").textIf("minBase", qps.growth().minBase()).textIf("floorBase", qps.growth().floorBase()).closeObject();
            }
            case Mechanic.Points points -> {
                out.text("type", "POINTS");
                write(out, points.count());
                out.text("per", SchemeIndex.basisText(points.count().basis(), points.per(), scale)).text("points", points.points()).text("period", points.period());
            }
            case Mechanic.CashDiscount cash -> {
                out.text("type", "CASH_DISCOUNT").openArray("terms");
                for (var term : cash.terms()) out.openObject().number("days", term.days()).text("percent", term.percent()).closeObject();
                out.closeArray();
            }
            case Mechanic.Display display -> out.text("type", "DISPLAY").text("amount", display.amount()).text("period", display.period()).number("audits", display.audits())
                    .text("passScore", display.passScore()).text("payout", display.proRata() ? "PRO_RATA" : "ALL_OR_NOTHING");
        }
    }

    private static void write(Json.Writer out, Scheme.Count count) {
        out.text("basis", count.basis());
        if (count.unit() != null && !count.unit().equals("CASE")) out.text("unit", count.unit());
        out.textIf("netAfter", count.netAfter());
    }

    private static void slabs(Json.Writer out, Basis basis, boolean growth, List<Scheme.Slab> slabs, int scale) {
        out.openArray("slabs");
        for (var slab : slabs) {
            out.openObject().text("from", growth ? Fixed.print(slab.from(), 6, 0) : SchemeIndex.basisText(basis, slab.from(), scale));
            if (slab.to() != null) out.text("to", growth ? Fixed.print(slab.to(), 6, 0) : SchemeIndex.basisText(basis, slab.to(), scale));
            write(out, slab.reward());
            out.closeObject();
        }
        out.closeArray();
    }

    private static void parts(Json.Writer out, String name, String qty, List<Scheme.Part> parts) {
        out.openArray(name);
        for (var part : parts) {
            out.openObject().openObject("products");
            write(out, part.products());
            out.closeObject().text(qty, part.qty()).closeObject();
        }
        out.closeArray();
    }

    private static void write(Json.Writer out, Reward reward) {
        out.openObject("reward");
        switch (reward) {
            case Reward.Percent percent -> out.text("percent", percent.rate());
            case Reward.PerUnit perUnit -> out.text("perUnit", perUnit.amount());
            case Reward.Fixed fixed -> out.text("fixed", fixed.amount());
            case Reward.PerCount perCount -> out.text("perCount", perCount.amount());
        }
        out.closeObject();
    }
}
