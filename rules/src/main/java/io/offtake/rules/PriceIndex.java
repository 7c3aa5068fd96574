package io.offtake.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Prices by whom they are for and by SKU, in the order of PX-01. What a list says of its SKUs is compiled once for each
/// list and shared by all distributors that have it.
final class PriceIndex {
    /// One candidate price. `price` is null if it is computed from the MRP.
    private record Option(RuleBook.PriceList list, long mrp, String batchId, UnitPrice price, int narrowness) {}

    /// A resolved price, with all that a line takes from it, so that nothing else has to be looked into.
    /// @param conflict a second list that claims the same place (a configuration error), else null
    /// @param mrp      at which it was resolved
    record Price(RuleBook.PriceList list, UnitPrice unit, RuleBook.PriceList conflict, Money mrp, long micros, boolean inclusive) {}

    private static final long ANY_MRP = -1;
    private static final Option[] NO_OPTIONS = {};

    /// A price list, compiled: its options by the rank of the SKU.
    static final class Compiled {
        final RuleBook.PriceList list;
        private final Map<Integer, Option[]> byRank = new HashMap<>();
        private final Option everySku;

        Compiled(RuleBook.PriceList list, Rule.Skus skus) {
            this.list = list;
            everySku = list.lines().isEmpty() && list.mrpLink() != null ? new Option(list, ANY_MRP, null, null, 3) : null;
            for (var line : list.lines()) {
                int rank = skus.rank(line.skuId());
                if (rank < 0) continue;
                var sku = skus.byRank[rank];
                var price = line.price();
                if (price != null && line.unit() != null && !line.unit().equals(sku.baseUnit())) {
                    var unit = unit(sku, line.unit());
                    if (unit == null) continue;
                    price = price.perBaseHalfUp(unit.num(), unit.den());
                }
                int narrowness = line.batchId() != null ? 0 : line.mrp() != null ? 1 : 2;
                var known = byRank.getOrDefault(rank, NO_OPTIONS);
                var options = java.util.Arrays.copyOf(known, known.length + 1);
                options[known.length] = new Option(list, line.mrp() == null ? ANY_MRP : line.mrp().units(), line.batchId(), price, narrowness);
                byRank.put(rank, options);
            }
        }
    }

    private final Map<String, List<Compiled>> byKey = new HashMap<>();
    private final Rule.Skus skus;

    PriceIndex(List<Compiled> lists, Rule.Skus skus) {
        this.skus = skus;
        for (var compiled : lists) byKey.computeIfAbsent(key(compiled.list), key -> new ArrayList<>(2)).add(compiled);
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

    /// The prices that may apply to one outlet: one entry for each level that has any, best level first. Prices that many
    /// bills ask again (the SKU's current MRP, no batch) are remembered for one day.
    final class ForOutlet {
        private final List<List<Compiled>> levels = new ArrayList<>(7);
        private volatile Day day;

        private void level(String... keys) {
            List<Compiled> found = null;
            for (int at = 0; at < keys.length; at++) {
                var lists = byKey.get(keys[at]);
                boolean repeated = false;
                for (int before = 0; before < at; before++) repeated |= keys[before].equals(keys[at]);
                if (lists == null || repeated) continue;
                if (found == null) found = new ArrayList<>(4);
                found.addAll(lists);
            }
            if (found != null) levels.add(found);
        }

        private final class Day {
            final int on;
            final Price[] prices = new Price[skus.byRank.length];

            Day(int on) {
                this.on = on;
            }
        }

        /// What [#current] remembers, or null.
        Price remembered(int rank, int on) {
            var day = this.day;
            return day == null || day.on != on ? null : day.prices[rank];
        }

        /// The price at the SKU's current MRP without a batch, remembered.
        Price current(int rank, int on, long taxMicros) {
            var day = this.day;
            if (day == null || day.on != on) this.day = day = new Day(on);
            var price = day.prices[rank];
            if (price == null) {
                var sku = skus.byRank[rank];
                price = resolve(sku, rank, sku.mrp(), null, on, taxMicros);
                if (price != null) day.prices[rank] = price;
            }
            return price;
        }

        /// The price of one SKU at one MRP (and batch), or null. `taxMicros` is for lists linked to the MRP.
        Price resolve(RuleBook.Sku sku, int rank, Money mrp, String batchId, int on, long taxMicros) {
            for (var level : levels) {
                Option best = null, tie = null;
                UnitPrice price = null;
                for (var compiled : level) {
                    if (compiled.list.validFrom() > on || on > compiled.list.validTo()) continue;
                    var options = compiled.byRank.getOrDefault(rank, NO_OPTIONS);
                    for (int at = 0; at <= options.length; at++) {
                        var option = at < options.length ? options[at] : compiled.everySku;
                        if (option == null) continue;
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
                if (best != null) return new Price(best.list, price, tie == null ? null : tie.list, mrp, price.micros(), best.list.taxInclusive());
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

    private volatile Known known;

    /// The outlet segment that was asked last.
    private record Known(String id, String parentId, String group, String channel, String outletClass, String zone, ForOutlet prices) {
        boolean is(RuleBook.Seller seller, DecideCommand.Outlet outlet) {
            return java.util.Objects.equals(id, outlet.id()) && java.util.Objects.equals(channel, outlet.channel()) && java.util.Objects.equals(outletClass, outlet.outletClass())
                    && java.util.Objects.equals(parentId, outlet.parentId()) && java.util.Objects.equals(group, outlet.group()) && java.util.Objects.equals(zone, seller.zone());
        }
    }

    /// Copied when it grows: no lock, which the browser's compiler would pay for everywhere.
    private volatile Map<String, ForOutlet> segments = new HashMap<>();

    /// The same for all outlets of which the lists can say no difference.
    ForOutlet forOutlet(RuleBook.Seller seller, DecideCommand.Outlet outlet) {
        var last = known;
        if (last != null && last.is(seller, outlet)) return last.prices;
        var own = "1:" + outlet.id();
        var parent = "2:" + outlet.parentId();
        var group = "3:" + outlet.group();
        var segment = (byKey.containsKey(own) ? own : "") + '\u0000' + (outlet.parentId() != null && byKey.containsKey(parent) ? parent : "") + '\u0000'
                + (outlet.group() != null && byKey.containsKey(group) ? group : "") + '\u0000' + channelClass(outlet.channel(), outlet.outletClass());
        var prices = segments.get(segment);
        if (prices == null) {
            prices = build(seller, outlet);
            var more = segments.size() >= 64 ? new HashMap<String, ForOutlet>() : new HashMap<>(segments);
            more.put(segment, prices);
            segments = more;
        }
        known = new Known(outlet.id(), outlet.parentId(), outlet.group(), outlet.channel(), outlet.outletClass(), seller.zone(), prices);
        return prices;
    }

    private ForOutlet build(RuleBook.Seller seller, DecideCommand.Outlet outlet) {
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
