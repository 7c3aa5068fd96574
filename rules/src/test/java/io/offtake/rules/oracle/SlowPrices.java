package io.offtake.rules.oracle;

import static io.offtake.rules.oracle.JsonText.decimal;
import static io.offtake.rules.oracle.JsonText.map;
import static io.offtake.rules.oracle.JsonText.maps;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// PX-01, PX-02, PX-04 and IN-06, read literally: every list and every rate is looked at, nothing is indexed.
final class SlowPrices {
    private static final List<String> LEVELS = List.of("OUTLET", "PARENT", "GROUP", "CHANNEL_CLASS", "DISTRIBUTOR", "ZONE", "NATIONAL");
    private final Map<String, Object> book, command, outlet, seller;
    private final long date;

    SlowPrices(Map<String, Object> book, Map<String, Object> command) {
        this.book = book;
        this.command = command;
        outlet = map(command.get("outlet"));
        seller = map(book.get("seller"));
        date = (Long) command.get("businessDate");
    }

    record Price(String listId, long version, long level, BigDecimal unit, boolean inclusive, Long protectedDays) {}

    /// One list's line for one SKU, with how narrow it is: 0 for the batch, 1 for the MRP, 2 for the SKU, 3 for a list of all SKUs.
    private record Hit(Map<String, Object> list, Map<String, Object> line, int narrowness) {
        long from() {
            return (Long) list.get("validFrom");
        }

        long version() {
            return (Long) list.getOrDefault("version", 1L);
        }
    }

    /// PX-01: the first level that has a price in force on the pricing date; inside it the narrower product, then the latest start.
    /// Null: no price, the line is blocked. A tie between two lists throws [Refused] with CONFIG_CONFLICT.
    Price px01(Map<String, Object> sku, BigDecimal mrp, String batchId) {
        // PX-03: the day of the order, if the list that priced it then protects it for so many days.
        if (command.get("orderedOn") != null) {
            long ordered = (Long) command.get("orderedOn");
            var then = onDay(sku, mrp, batchId, ordered);
            if (then != null && then.protectedDays() != null && date - ordered <= then.protectedDays()) return then;
        }
        return onDay(sku, mrp, batchId, date);
    }

    private Price onDay(Map<String, Object> sku, BigDecimal mrp, String batchId, long date) {
        for (int level = 0; level < LEVELS.size(); level++) {
            var hits = new ArrayList<Hit>();
            for (var list : maps(book.get("priceLists"))) {
                if (!LEVELS.get(level).equals(list.get("level")) || !inForce(list, date) || !keyFits(LEVELS.get(level), map(list.get("key")))) continue;
                hits.addAll(linesFor(list, sku, mrp, batchId));
            }
            if (hits.isEmpty()) continue;
            int narrowest = hits.stream().mapToInt(Hit::narrowness).min().orElseThrow();
            hits.removeIf(hit -> hit.narrowness() != narrowest);
            long latest = hits.stream().mapToLong(Hit::from).max().orElseThrow();
            hits.removeIf(hit -> hit.from() != latest);
            if (hits.stream().map(hit -> hit.list().get("id")).distinct().count() > 1) throw Refused.of("CONFIG_CONFLICT");
            var best = hits.stream().max(Comparator.comparingLong(Hit::version)).orElseThrow();
            var unit = px02(best.list(), best.line(), sku, mrp);
            if (unit == null) continue;
            return new Price((String) best.list().get("id"), best.version(), level + 1, unit, Boolean.TRUE.equals(best.list().get("taxInclusive")), (Long) best.list().get("protectOrderDays"));
        }
        return null;
    }

    static boolean inForce(Map<String, Object> row, long date) {
        return (Long) row.get("validFrom") <= date && (row.get("validTo") == null || date <= (Long) row.get("validTo"));
    }

    private boolean keyFits(String level, Map<String, Object> key) {
        return switch (level) {
            case "OUTLET" -> key.get("outletId") != null && key.get("outletId").equals(outlet.get("id"));
            case "PARENT" -> key.get("parentId") != null && key.get("parentId").equals(outlet.get("parentId"));
            case "GROUP" -> key.get("group") != null && key.get("group").equals(outlet.get("group"));
            case "CHANNEL_CLASS" -> (key.get("channel") == null || key.get("channel").equals(outlet.get("channel"))) && (key.get("class") == null || key.get("class").equals(outlet.get("class")));
            case "ZONE" -> key.get("zone") != null && key.get("zone").equals(seller.get("zone"));
            default -> true;
        };
    }

    private static List<Hit> linesFor(Map<String, Object> list, Map<String, Object> sku, BigDecimal mrp, String batchId) {
        var hits = new ArrayList<Hit>();
        var lines = maps(list.get("lines"));
        if (lines.isEmpty() && list.get("mrpLink") != null) hits.add(new Hit(list, Map.of(), 3));
        for (var line : lines) {
            if (!line.get("skuId").equals(sku.get("id"))) continue;
            if (line.get("batchId") != null) {
                if (line.get("batchId").equals(batchId)) hits.add(new Hit(list, line, 0));
            } else if (line.get("mrp") != null) {
                if (mrp != null && decimal(line.get("mrp")).compareTo(mrp) == 0) hits.add(new Hit(list, line, 1));
            } else hits.add(new Hit(list, line, 2));
        }
        return hits;
    }

    /// PX-02, PX-04: the list's price per base unit with six decimals; a list linked to the MRP computes it from the batch's MRP.
    private BigDecimal px02(Map<String, Object> list, Map<String, Object> line, Map<String, Object> sku, BigDecimal mrp) {
        if (line.get("price") != null) {
            var price = decimal(line.get("price"));
            if (line.get("unit") == null) return price.setScale(6);
            for (var unit : maps(sku.get("units")))
                if (unit.get("code").equals(line.get("unit")))
                    return Slow.divideRounded(price.multiply(BigDecimal.valueOf((Long) unit.getOrDefault("den", 1L))), BigDecimal.valueOf((Long) unit.get("num")), 6);
            return price.setScale(6);
        }
        var link = map(list.get("mrpLink"));
        if (mrp == null) return null;
        var margin = decimal(link.get("margin"));
        var rate = in06(sku, mrp, null);
        var tax = rate == null ? BigDecimal.ZERO : decimal(rate.get("rate")).add(cess(rate));
        var onTop = Slow.ONE.add(tax);
        int decimals = ((Long) link.getOrDefault("decimals", 2L)).intValue();
        var price = "ON_MRP".equals(link.get("basis")) ? Slow.divideRounded(mrp.multiply(Slow.ONE.subtract(margin)), onTop, decimals)
                : Slow.divideRounded(mrp, onTop.multiply(Slow.ONE.add(margin)), decimals);
        return price.setScale(6);
    }

    static BigDecimal cess(Map<String, Object> rate) {
        return rate.get("cess") == null ? BigDecimal.ZERO : decimal(rate.get("cess"));
    }

    /// IN-06: the longest HSN prefix in force on the day of supply, then the row with more conditions, then the latest start; null: no rate.
    /// @param price unit price before schemes, for price bands; null: price bands do not hold
    Map<String, Object> in06(Map<String, Object> sku, BigDecimal mrp, BigDecimal price) {
        return in06((String) sku.get("hsn"), sku, mrp, price);
    }

    Map<String, Object> in06(String code, Map<String, Object> sku, BigDecimal mrp, BigDecimal price) {
        var hsn = code.replace(" ", "");
        Map<String, Object> best = null;
        long bestRank = -1;
        for (var rate : maps(book.get("taxRates"))) {
            var prefix = rate.get("hsn") == null ? "" : ((String) rate.get("hsn")).replace(" ", "");
            if (!hsn.startsWith(prefix) || !inForce(rate, date) || !conditionsHold(rate, sku, mrp, price)) continue;
            // No prefix has more than ten digits, no row more than six conditions, no day more than five digits.
            long rank = (prefix.length() * 10L + conditions(rate)) * 1_000_000 + (Long) rate.get("validFrom");
            if (rank > bestRank) {
                bestRank = rank;
                best = rate;
            }
        }
        return best;
    }

    private static int conditions(Map<String, Object> rate) {
        int count = 0;
        for (var condition : List.of("taxClass", "prepacked", "mrpFrom", "mrpTo", "priceFrom", "priceTo")) if (rate.get(condition) != null) count++;
        return JsonText.strings(rate.get("buyers")).isEmpty() ? count : count + 1;
    }

    private boolean conditionsHold(Map<String, Object> rate, Map<String, Object> sku, BigDecimal mrp, BigDecimal price) {
        if (rate.get("taxClass") != null && !rate.get("taxClass").equals(sku.get("taxClass"))) return false;
        if (rate.get("prepacked") != null && !rate.get("prepacked").equals(sku.get("prepacked"))) return false;
        if (!within(rate, "mrpFrom", "mrpTo", mrp) || !within(rate, "priceFrom", "priceTo", price)) return false;
        var buyers = JsonText.strings(rate.get("buyers"));
        return buyers.isEmpty() || buyers.contains(outlet.get("registration"));
    }

    private static boolean within(Map<String, Object> rate, String from, String to, BigDecimal value) {
        if (rate.get(from) == null && rate.get(to) == null) return true;
        return value != null && (rate.get(from) == null || value.compareTo(decimal(rate.get(from))) >= 0) && (rate.get(to) == null || value.compareTo(decimal(rate.get(to))) <= 0);
    }
}
