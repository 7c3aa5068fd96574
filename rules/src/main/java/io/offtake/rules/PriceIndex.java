package io.offtake.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Prices by whom they are for and by SKU, in the order of PX-01.
final class PriceIndex {
    /// One candidate price. `price` is null if it is computed from the MRP.
    private record Option(RuleBook.PriceList list, long mrp, String batchId, UnitPrice price, int narrowness) {}

    /// A resolved price. `conflict` names a second list that claims the same place (a configuration error), else null.
    record Price(RuleBook.PriceList list, UnitPrice unit, RuleBook.PriceList conflict) {}

    private static final long ANY_MRP = -1;
    private static final String ALL_SKUS = "";
    private final Map<String, Map<String, List<Option>>> byKey = new HashMap<>();

    PriceIndex(RuleBook book, Map<String, RuleBook.Sku> skus) {
        for (var list : book.priceLists()) {
            var options = byKey.computeIfAbsent(key(list), key -> new HashMap<>());
            if (list.lines().isEmpty() && list.mrpLink() != null)
                options.computeIfAbsent(ALL_SKUS, sku -> new ArrayList<>(2)).add(new Option(list, ANY_MRP, null, null, 3));
            for (var line : list.lines()) {
                var sku = skus.get(line.skuId());
                if (sku == null) continue;
                var price = line.price();
                if (price != null && line.unit() != null && !line.unit().equals(sku.baseUnit())) {
                    var unit = unit(sku, line.unit());
                    if (unit == null) continue;
                    price = price.perBaseHalfUp(unit.num(), unit.den());
                }
                int narrowness = line.batchId() != null ? 0 : line.mrp() != null ? 1 : 2;
                options.computeIfAbsent(sku.id(), id -> new ArrayList<>(2))
                        .add(new Option(list, line.mrp() == null ? ANY_MRP : line.mrp().units(), line.batchId(), price, narrowness));
            }
        }
    }

    static RuleBook.Unit unit(RuleBook.Sku sku, String code) {
        for (var unit : sku.units()) if (unit.code().equals(code)) return unit;
        return null;
    }

    private static String key(RuleBook.PriceList list) {
        var key = list.key();
        return switch (list.level()) {
            case OUTLET -> "1:" + key.outletId();
            case PARENT -> "2:" + key.parentId();
            case GROUP -> "3:" + key.group();
            case CHANNEL_CLASS -> channelClass(key.channel(), key.outletClass());
            case DISTRIBUTOR -> "5";
            case ZONE -> "6:" + key.zone();
            case NATIONAL -> "7";
        };
    }

    private static String channelClass(String channel, String outletClass) {
        return "4:" + (channel == null ? "" : channel) + "\u0000" + (outletClass == null ? "" : outletClass);
    }

    /// The prices that may apply to one outlet: one entry for each level that has any, best level first.
    final class ForOutlet {
        private final List<List<Map<String, List<Option>>>> levels = new ArrayList<>(7);

        private void level(String... keys) {
            List<Map<String, List<Option>>> found = null;
            for (int at = 0; at < keys.length; at++) {
                var options = byKey.get(keys[at]);
                boolean repeated = false;
                for (int before = 0; before < at; before++) repeated |= keys[before].equals(keys[at]);
                if (options == null || repeated) continue;
                if (found == null) found = new ArrayList<>(4);
                found.add(options);
            }
            if (found != null) levels.add(found);
        }

        /// The price of one SKU at one MRP (and batch), or null. `taxMicros` is for lists linked to the MRP.
        Price resolve(RuleBook.Sku sku, Money mrp, String batchId, int on, long taxMicros) {
            for (var level : levels) {
                Option best = null, tie = null;
                UnitPrice price = null;
                for (var options : level) {
                    for (int round = 0; round < 2; round++) {
                        var candidates = options.get(round == 0 ? sku.id() : ALL_SKUS);
                        if (candidates == null) continue;
                        for (var option : candidates) {
                            if (option.list.validFrom() > on || on > option.list.validTo()) continue;
                            if (option.batchId != null && !option.batchId.equals(batchId)) continue;
                            if (option.mrp != ANY_MRP && (mrp == null || option.mrp != mrp.units())) continue;
                            if (option.price == null && mrp == null) continue;
                            int order = best == null ? -1 : compare(option, best);
                            if (order < 0) {
                                best = option;
                                tie = null;
                                price = option.price != null ? option.price : fromMrp(option.list.mrpLink(), mrp, taxMicros);
                            } else if (order == 0) tie = option;
                        }
                    }
                }
                if (best != null) return new Price(best.list, price, tie == null ? null : tie.list);
            }
            return null;
        }
    }

    /// Narrower product first, then the latest start; two versions of one list: the later version.
    private static int compare(Option one, Option other) {
        if (one.narrowness != other.narrowness) return Integer.compare(one.narrowness, other.narrowness);
        if (one.list.validFrom() != other.list.validFrom()) return Integer.compare(other.list.validFrom(), one.list.validFrom());
        if (one.list.id().equals(other.list.id())) return Integer.compare(other.list.version(), one.list.version());
        return 0;
    }

    /// PX-02, EX-06: the price that leaves the retailer the margin out of the MRP, HALF_UP to the list's decimals.
    static UnitPrice fromMrp(RuleBook.MrpLink link, Money mrp, long taxMicros) {
        long million = 1_000_000;
        long mrpMicros = Math.multiplyExact(mrp.units(), Fixed.power10(6 - mrp.scale()));
        long withTax = million + taxMicros;
        long step = Fixed.power10(6 - link.decimals());
        long steps = switch (link.basis()) {
            // mrp × 10^12 ÷ ((1+tax) × (1+margin) × 10^12), divided once so that it is rounded once
            case ON_PRICE -> Fixed.mulDivHalfUp(mrpMicros, million * million / step, Math.multiplyExact(withTax, million + link.margin().micros()));
            case ON_MRP -> Fixed.mulDivHalfUp(mrpMicros, million - Math.min(million, link.margin().micros()), Math.multiplyExact(withTax, step));
        };
        return new UnitPrice(Math.multiplyExact(steps, step));
    }

    ForOutlet forOutlet(RuleBook.Seller seller, DecideCommand.Outlet outlet) {
        var prices = new ForOutlet();
        prices.level("1:" + outlet.id());
        if (outlet.parentId() != null) prices.level("2:" + outlet.parentId());
        if (outlet.group() != null) prices.level("3:" + outlet.group());
        prices.level(channelClass(outlet.channel(), outlet.outletClass()), channelClass(outlet.channel(), null), channelClass(null, outlet.outletClass()));
        prices.level("5");
        if (seller.zone() != null) prices.level("6:" + seller.zone());
        prices.level("7");
        return prices;
    }
}
