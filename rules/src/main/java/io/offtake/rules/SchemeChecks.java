package io.offtake.rules;

import io.offtake.rules.Scheme.Basis;
import io.offtake.rules.Scheme.Mechanic;
import io.offtake.rules.Scheme.Reward;
import java.util.ArrayList;
import java.util.List;

/// The set-up checks of domain/04 section 4.4 that a scheme and its rule book decide alone. What past bills say (expected cost, conflicts on
/// real lines) is for a simulation.
public final class SchemeChecks {
    /// BLOCK keeps a scheme from being approved; WARN is to be read.
    public enum Severity { BLOCK, WARN }

    public enum Code {
        PERIOD_EMPTY, PRODUCTS_EMPTY, WAREHOUSE_NEEDS_DISTRIBUTOR, SLAB_OVERLAP, SLAB_GAP, SLAB_GIVES_LESS, DEAD_ZONE, SLAB_UNREACHABLE, UNIT_UNKNOWN, WEIGHT_MISSING, TAX_MODE_MISSING, REWARD_TOO_HIGH,
        REWARD_UNKNOWN, REWARD_NOT_PRICED, BUNDLE_SAVES_NOTHING, BELOW_FLOOR, STACKING_CONFLICT, CHOICE_CONFLICT, PERIOD_CROSSES_PRICE_REVISION
    }

    /// @param pointer the member of the scheme that it is about (RFC 6901)
    /// @param values  what was found, name by name
    public record Finding(Code code, Severity severity, String pointer, List<Refusal.Value> values) {
        public Finding {
            values = List.copyOf(values);
        }
    }

    private final Engine engine;
    private final Scheme scheme;
    private final Json.Node text;
    private final long rewardMax;
    private final int scale;
    private final List<Finding> findings = new ArrayList<>();
    private final List<RuleBook.Sku> skus = new ArrayList<>();

    private SchemeChecks(Engine engine, Scheme scheme, Json.Node text, Rate rewardMax) {
        this.engine = engine;
        this.scheme = scheme;
        this.text = text;
        this.rewardMax = rewardMax.micros();
        scale = engine.book().currency().scale();
        for (var sku : engine.book().skus()) if (sku.principalId().equals(scheme.principalId()) && scheme.products().contains(sku)) skus.add(sku);
    }

    /// Checks a scheme that is to enter the engine's book.
    /// @param text      the scheme as written, for members that have a default but must be chosen
    /// @param rewardMax the largest share of the basis that a reward may be worth without a warning
    public static List<Finding> check(Engine engine, Json.Node text, Rate rewardMax) {
        var scheme = SchemeJson.read(text, engine.book().currency().scale());
        var checks = new SchemeChecks(engine, scheme, text, rewardMax);
        checks.run();
        return checks.findings;
    }

    private void found(Code code, Severity severity, String pointer, Object... values) {
        findings.add(new Finding(code, severity, pointer, Engine.values(values)));
    }

    private void run() {
        if (scheme.validTo() < scheme.validFrom()) found(Code.PERIOD_EMPTY, Severity.BLOCK, "/validTo", "validFrom", scheme.validFrom(), "validTo", scheme.validTo());
        if (skus.isEmpty()) found(Code.PRODUCTS_EMPTY, Severity.BLOCK, "/products");
        switch (scheme.mechanic()) {
            case Mechanic.Discount discount -> worth("/mechanic/reward", discount.reward(), 0, null);
            case Mechanic.WholeSlab whole -> {
                slabs(whole.slabs(), whole.count());
                deadZones(whole.slabs(), whole.count());
            }
            case Mechanic.IncrementalSlab incremental -> slabs(incremental.slabs(), incremental.count());
            case Mechanic.Qps qps -> {
                if (qps.growth() == null) slabs(qps.slabs(), qps.count());
            }
            case Mechanic.FreeGoods free -> freeGoods(free);
            case Mechanic.CheapestFree cheapest -> {
                long part = Fixed.mulDivHalfUp(cheapest.get().milli(), 1_000_000, cheapest.buy().milli());
                if (part > rewardMax) tooHigh("/mechanic/get", part);
            }
            case Mechanic.Combo combo -> {
                worth("/mechanic/reward", combo.reward(), 0, null);
                for (int at = 0; at < combo.groups().size(); at++) group("/mechanic/groups/" + at, combo.groups().get(at));
            }
            case Mechanic.BundlePrice bundle -> bundle(bundle);
            case Mechanic.PerCaseRebate rebate -> units(rebate.unit() == null ? Scheme.Count.of(Basis.WEIGHT) : new Scheme.Count(Basis.CASES, rebate.unit(), null), "/mechanic/unit");
            case Mechanic.Points points -> units(points.count(), "/mechanic/basis");
            case Mechanic.CashDiscount cash -> {
                for (int at = 0; at < cash.terms().size(); at++)
                    if (cash.terms().get(at).percent().micros() > rewardMax) tooHigh("/mechanic/terms/" + at + "/percent", cash.terms().get(at).percent().micros());
            }
            case Mechanic.Display display -> { }
        }
        var more = scheme.eligibility().more();
        if (!more.warehouseIds().isEmpty() && more.distributorIds().isEmpty()) found(Code.WAREHOUSE_NEEDS_DISTRIBUTOR, Severity.BLOCK, "/eligibility/distributorIds");
        others();
        revisions();
    }

    private void tooHigh(String pointer, long micros) {
        found(Code.REWARD_TOO_HIGH, Severity.WARN, pointer, "share", Fixed.print(micros, 6, 0), "shareMax", Fixed.print(rewardMax, 6, 0));
    }

    // ---- slabs ----

    private void units(Scheme.Count count, String pointer) {
        for (var sku : skus) {
            if (count.basis() == Basis.CASES && PriceIndex.unit(sku, count.unit()) == null) found(Code.UNIT_UNKNOWN, Severity.WARN, pointer, "skuId", sku.id(), "unit", count.unit());
            if (count.basis() == Basis.WEIGHT && sku.weight() == 0) found(Code.WEIGHT_MISSING, Severity.WARN, pointer, "skuId", sku.id());
        }
    }

    private String counted(Basis basis, long amount) {
        return SchemeIndex.basisText(basis, amount, scale);
    }

    /// The smallest step of a basis: what lies between `to` and the next `from` if nothing is missing.
    private static long step(Basis basis) {
        return basis == Basis.BASE_QTY || basis == Basis.CASES || basis == Basis.DISTINCT ? 1000 : 1;
    }

    private void slabs(List<Scheme.Slab> slabs, Scheme.Count count) {
        units(count, "/mechanic/basis");
        var basis = count.basis();
        for (int at = 0; at < slabs.size(); at++) {
            var slab = slabs.get(at);
            worth("/mechanic/slabs/" + at + "/reward", slab.reward(), slab.from(), basis);
            if (at + 1 == slabs.size()) break;
            var next = slabs.get(at + 1);
            if (slab.to() != null && slab.to() >= next.from())
                found(Code.SLAB_OVERLAP, Severity.BLOCK, "/mechanic/slabs/" + at + "/to", "to", counted(basis, slab.to()), "nextFrom", counted(basis, next.from()));
            else if (slab.to() != null && slab.to() + step(basis) < next.from())
                found(Code.SLAB_GAP, Severity.BLOCK, "/mechanic/slabs/" + at + "/to", "to", counted(basis, slab.to()), "nextFrom", counted(basis, next.from()));
            if (less(next.reward(), slab.reward())) found(Code.SLAB_GIVES_LESS, Severity.WARN, "/mechanic/slabs/" + (at + 1) + "/reward", "reward", SchemeRun.text(next.reward()),
                    "rewardBefore", SchemeRun.text(slab.reward()));
            if (basis == Basis.BASE_QTY && !skus.isEmpty()) {
                boolean reachable = false;
                for (var sku : skus) {
                    var unit = PriceIndex.unit(sku, "CASE");
                    if (unit == null) reachable = true;
                    else {
                        long size = Fixed.mulDivDown(1000, unit.num(), unit.den());
                        if (size <= 0 || (slab.from() + size - 1) / size * size < next.from()) reachable = true;
                    }
                }
                if (!reachable) found(Code.SLAB_UNREACHABLE, Severity.WARN, "/mechanic/slabs/" + at, "from", counted(basis, slab.from()), "nextFrom", counted(basis, next.from()));
            }
        }
    }

    private static boolean less(Reward one, Reward other) {
        if (one instanceof Reward.Percent a && other instanceof Reward.Percent b) return a.rate().compareTo(b.rate()) < 0;
        if (one instanceof Reward.PerUnit a && other instanceof Reward.PerUnit b) return a.amount().compareTo(b.amount()) < 0;
        if (one instanceof Reward.PerCount a && other instanceof Reward.PerCount b) return a.amount().compareTo(b.amount()) < 0;
        return one instanceof Reward.Fixed a && other instanceof Reward.Fixed b && a.amount().compareTo(b.amount()) < 0;
    }

    /// A whole slab whose threshold makes more goods cost less money.
    private void deadZones(List<Scheme.Slab> slabs, Scheme.Count count) {
        var basis = count.basis();
        if (basis != Basis.BASE_QTY && !basis.isMoney()) return;
        long price = 1_000_000_000L;
        var named = text.node("mechanic").has("unitPrice") ? text.node("mechanic").price("unitPrice") : skus.isEmpty() ? null : price(skus.getFirst());
        if (basis == Basis.BASE_QTY) {
            if (named != null && named.micros() > 0) price = named.micros();
            else for (var slab : slabs) if (!(slab.reward() instanceof Reward.Percent)) return;
        }
        for (int at = 0; at < slabs.size(); at++) {
            long from = slabs.get(at).from(), below = from - step(basis);
            if (below <= 0) continue;
            long netBelow = net(basis, below, price, at == 0 ? null : slabs.get(at - 1).reward()), net = net(basis, from, price, slabs.get(at).reward());
            if (net < netBelow) found(Code.DEAD_ZONE, Severity.WARN, "/mechanic/slabs/" + at, "below", counted(basis, below), "netBelow", new Money(netBelow, scale),
                    "from", counted(basis, from), "net", new Money(net, scale));
        }
    }

    private long net(Basis basis, long counted, long price, Reward reward) {
        long gross = basis.isMoney() ? counted : Fixed.mulDivHalfUp(price, counted, Fixed.power10(9 - scale));
        if (reward == null) return gross;
        return gross - Math.min(gross, switch (reward) {
            case Reward.Percent percent -> Fixed.mulDivHalfUp(gross, percent.rate().micros(), 1_000_000);
            case Reward.PerUnit perUnit -> basis.isMoney() ? 0 : Fixed.mulDivHalfUp(perUnit.amount().micros(), counted, Fixed.power10(9 - scale));
            case Reward.PerCount perCount -> basis.isMoney() ? Fixed.mulDivHalfUp(gross, perCount.amount().micros(), 1_000_000)
                    : Fixed.mulDivHalfUp(perCount.amount().micros(), counted, Fixed.power10(9 - scale));
            case Reward.Fixed fixed -> fixed.amount().units();
        });
    }

    // ---- what a reward is worth ----

    /// The list price of a SKU for an outlet of which nothing is known, or null.
    private UnitPrice price(RuleBook.Sku sku) {
        var quote = engine.price(sku.id(), new DecideCommand.Outlet("", null, null, null, null, null, RuleBook.Registration.REGULAR, null, false, List.of()),
                Math.max(scheme.validFrom(), engine.book().validFrom()), null);
        return quote == null ? null : quote.unitPrice();
    }

    private void worth(String pointer, Reward reward, long from, Basis basis) {
        switch (reward) {
            case Reward.Percent percent -> {
                if (percent.rate().micros() > rewardMax) tooHigh(pointer + "/percent", percent.rate().micros());
                floor(pointer + "/percent", percent.rate().micros());
            }
            case Reward.PerUnit perUnit -> {
                for (var sku : skus) {
                    var price = price(sku);
                    if (price == null || price.micros() == 0) continue;
                    long share = Fixed.mulDivHalfUp(perUnit.amount().micros(), 1_000_000, price.micros());
                    if (share > rewardMax) {
                        tooHigh(pointer + "/perUnit", share);
                        return;
                    }
                }
            }
            case Reward.Fixed fixed -> {
                if (basis == null || !basis.isMoney() || from == 0) return;
                long share = Fixed.mulDivHalfUp(fixed.amount().units(), 1_000_000, from);
                if (share > rewardMax) tooHigh(pointer + "/fixed", share);
            }
            case Reward.PerCount perCount -> {
                if (basis != null && basis.isMoney() && perCount.amount().micros() > rewardMax) tooHigh(pointer + "/perCount", perCount.amount().micros());
            }
        }
    }

    /// PX-05: the distributor's own part must leave the net price at or above PTS (EX-31).
    private void floor(String pointer, long micros) {
        long own = Fixed.mulDivHalfUp(micros, 1_000_000 - Math.min(1_000_000, scheme.principalShare().micros()), 1_000_000);
        if (own == 0 || engine.book().policy().floor() == RuleBook.Check.OFF) return;
        for (var sku : skus) {
            var price = price(sku);
            if (price == null || sku.pts() == null || price.micros() == 0) continue;
            long room = Fixed.mulDivDown(Math.max(0, price.micros() - sku.pts().micros()), 1_000_000, price.micros());
            if (own > room) {
                found(Code.BELOW_FLOOR, Severity.WARN, pointer, "skuId", sku.id(), "ownShare", Fixed.print(own, 6, 0), "ownShareMax", Fixed.print(room, 6, 0));
                return;
            }
        }
    }

    private void freeGoods(Mechanic.FreeGoods free) {
        if (!text.node("mechanic").has("tax")) found(Code.TAX_MODE_MISSING, Severity.BLOCK, "/mechanic/tax");
        units(free.count(), "/mechanic/basis");
        long rewardPrice = 0;
        for (var id : scheme.rewardSkuIds()) {
            var sku = engine.sku(id);
            if (sku == null) {
                found(Code.REWARD_UNKNOWN, Severity.BLOCK, "/mechanic/rewardSkuId", "skuId", id);
                continue;
            }
            var price = price(sku);
            if (price == null) found(Code.REWARD_NOT_PRICED, Severity.BLOCK, "/mechanic/rewardSkuId", "skuId", id);
            else rewardPrice = Math.max(rewardPrice, price.micros());
        }
        if (free.count().basis() != Basis.BASE_QTY && !free.count().basis().isMoney() || free.getUnit() != null) return;
        long share = 0;
        for (var sku : skus) {
            var price = price(sku);
            if (price == null || price.micros() == 0) continue;
            long worth = free.rewardSkuIds().isEmpty() ? price.micros() : rewardPrice;
            long basis = free.count().basis().isMoney() ? Math.multiplyExact(free.buy(), Fixed.power10(6 - scale)) : Fixed.mulDivHalfUp(price.micros(), free.buy(), 1000);
            if (basis > 0) share = Math.max(share, Fixed.mulDivHalfUp(Fixed.mulDivHalfUp(worth, free.get().milli(), 1000), 1_000_000, basis));
        }
        if (share > rewardMax) tooHigh("/mechanic/get", share);
    }

    private long group(String pointer, Scheme.Part part) {
        long best = -1;
        for (var sku : engine.book().skus()) {
            if (!sku.principalId().equals(scheme.principalId()) || !part.products().contains(sku)) continue;
            var price = price(sku);
            best = Math.max(best, price == null ? 0 : Fixed.mulDivHalfUp(price.micros(), part.qty().milli(), Fixed.power10(9 - scale)));
        }
        if (best < 0) found(Code.PRODUCTS_EMPTY, Severity.BLOCK, pointer + "/products");
        return Math.max(0, best);
    }

    private void bundle(Mechanic.BundlePrice bundle) {
        long list = 0;
        for (int at = 0; at < bundle.components().size(); at++) list += group("/mechanic/components/" + at, bundle.components().get(at));
        if (list > 0 && bundle.price().units() >= list)
            found(Code.BUNDLE_SAVES_NOTHING, Severity.WARN, "/mechanic/price", "price", bundle.price(), "listValue", new Money(list, scale));
        else if (list > 0 && Fixed.mulDivHalfUp(list - bundle.price().units(), 1_000_000, list) > rewardMax)
            tooHigh("/mechanic/price", Fixed.mulDivHalfUp(list - bundle.price().units(), 1_000_000, list));
    }

    // ---- beside the others ----

    private void others() {
        for (var other : engine.book().schemes()) {
            if (other.id().equals(scheme.id()) || !other.principalId().equals(scheme.principalId())) continue;
            if (other.validFrom() > scheme.validTo() || scheme.validFrom() > other.validTo()) continue;
            if (scheme.exclusionGroup() != null && scheme.exclusionGroup().equals(other.exclusionGroup()) && scheme.choice() != other.choice())
                found(Code.CHOICE_CONFLICT, Severity.BLOCK, "/choice", "scheme", other.code(), "exclusionGroup", scheme.exclusionGroup(), "choice", other.choice());
            if (scheme.stage() == other.stage() && scheme.stacking() != other.stacking() && !scheme.mechanic().accrues() && !(scheme.mechanic() instanceof Mechanic.FreeGoods) && meet(other))
                found(Code.STACKING_CONFLICT, Severity.BLOCK, "/stacking", "scheme", other.code(), "stage", scheme.stage(), "stacking", other.stacking());
        }
    }

    /// Whether one line can have both: schemes of different distributors or of different warehouses never meet (SCH-09).
    private boolean meet(Scheme other) {
        var mine = scheme.eligibility().more();
        var theirs = other.eligibility().more();
        if (apart(mine.distributorIds(), theirs.distributorIds()) || apart(mine.warehouseIds(), theirs.warehouseIds())) return false;
        for (var sku : skus) if (other.products().contains(sku)) return true;
        return false;
    }

    private static boolean apart(List<String> some, List<String> others) {
        if (some.isEmpty() || others.isEmpty()) return false;
        for (var one : some) if (others.contains(one)) return false;
        return true;
    }

    private void revisions() {
        for (var list : engine.book().priceLists()) {
            if (list.validFrom() <= scheme.validFrom() || list.validFrom() > scheme.validTo()) continue;
            for (var line : list.lines()) {
                var sku = engine.sku(line.skuId());
                if (sku == null || !skus.contains(sku)) continue;
                found(Code.PERIOD_CROSSES_PRICE_REVISION, Severity.WARN, "/validTo", "priceList", list.code() == null ? list.id() : list.code(), "validFrom", list.validFrom(), "skuId", sku.id());
                break;
            }
        }
    }
}
