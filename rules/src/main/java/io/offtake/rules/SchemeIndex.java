package io.offtake.rules;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Schemes in the order of evaluation (PX-21: stage, priority, exclusion group, code), and for each SKU the schemes
/// whose products contain it.
final class SchemeIndex {
    static final int[] NONE = {};
    final Scheme[] schemes;
    private final Map<String, int[]> bySku = new HashMap<>();

    SchemeIndex(RuleBook book) {
        schemes = book.schemes().stream().sorted(Comparator.comparing(Scheme::stage).thenComparingInt(Scheme::priority)
                .thenComparing(scheme -> scheme.exclusionGroup() == null ? "" : scheme.exclusionGroup())
                .thenComparing(Scheme::code).thenComparing(Scheme::id).thenComparingInt(Scheme::version)).toArray(Scheme[]::new);
        var byId = new HashMap<String, List<Integer>>();
        var byBrand = new HashMap<String, List<Integer>>();
        var byCategory = new HashMap<String, List<Integer>>();
        var byPrincipal = new HashMap<String, List<Integer>>();
        var excluded = new ArrayList<HashSet<String>>(schemes.length);
        for (int at = 0; at < schemes.length; at++) {
            var products = schemes[at].products();
            excluded.add(new HashSet<>(products.excludedSkuIds()));
            if (products.skuIds().isEmpty() && products.brandIds().isEmpty() && products.categoryIds().isEmpty())
                put(byPrincipal, schemes[at].principalId(), at);
            for (var id : products.skuIds()) put(byId, id, at);
            for (var id : products.brandIds()) put(byBrand, id, at);
            for (var id : products.categoryIds()) put(byCategory, id, at);
        }
        for (var sku : book.skus()) {
            var found = new java.util.TreeSet<Integer>();
            found.addAll(byId.getOrDefault(sku.id(), List.of()));
            found.addAll(byPrincipal.getOrDefault(sku.principalId(), List.of()));
            if (sku.brandId() != null) found.addAll(byBrand.getOrDefault(sku.brandId(), List.of()));
            if (sku.categoryId() != null) found.addAll(byCategory.getOrDefault(sku.categoryId(), List.of()));
            found.removeIf(at -> excluded.get(at).contains(sku.id()) || !schemes[at].principalId().equals(sku.principalId()));
            if (found.isEmpty()) continue;
            var places = new int[found.size()];
            int next = 0;
            for (int at : found) places[next++] = at;
            bySku.put(sku.id(), places);
        }
    }

    private static void put(Map<String, List<Integer>> map, String key, int at) {
        map.computeIfAbsent(key, any -> new ArrayList<>()).add(at);
    }

    /// Places in [#schemes] of the schemes that look at this SKU, ascending.
    int[] of(String skuId) {
        return bySku.getOrDefault(skuId, NONE);
    }

    /// The first condition that the scheme does not meet for this outlet and date, with what it wants and what it found; null: eligible.
    static Failed failing(Scheme scheme, DecideCommand command) {
        if (command.businessDate() < scheme.validFrom() || command.businessDate() > scheme.validTo())
            return new Failed(Decision.Condition.NOT_IN_FORCE,
                    scheme.validFrom() + ".." + (scheme.validTo() == RuleBook.NO_END ? "" : scheme.validTo()), Integer.toString(command.businessDate()));
        var asks = scheme.eligibility();
        var outlet = command.outlet();
        if (misses(asks.channels(), outlet.channel())) return failed(Decision.Condition.CHANNEL, asks.channels(), outlet.channel());
        if (misses(asks.classes(), outlet.outletClass())) return failed(Decision.Condition.CLASS, asks.classes(), outlet.outletClass());
        if (misses(asks.groups(), outlet.group())) return failed(Decision.Condition.GROUP, asks.groups(), outlet.group());
        if (misses(asks.outletIds(), outlet.id())) return new Failed(Decision.Condition.OUTLET, asks.outletIds().size() + " outlets", outlet.id());
        if (misses(asks.paymentModes(), command.paymentMode())) return failed(Decision.Condition.PAYMENT_MODE, asks.paymentModes(), command.paymentMode());
        if (misses(asks.saleTypes(), command.saleType())) return failed(Decision.Condition.SALE_TYPE, asks.saleTypes(), command.saleType());
        if (misses(asks.registrations(), outlet.registration()))
            return failed(Decision.Condition.REGISTRATION, asks.registrations(), outlet.registration());
        return null;
    }

    record Failed(Decision.Condition condition, String wanted, String found) {}

    private static boolean misses(List<?> accepted, Object found) {
        return !accepted.isEmpty() && (found == null || !accepted.contains(found));
    }

    private static Failed failed(Decision.Condition condition, List<?> accepted, Object found) {
        var wanted = new StringBuilder();
        for (var value : accepted) {
            if (!wanted.isEmpty()) wanted.append(", ");
            wanted.append(value);
        }
        return new Failed(condition, wanted.toString(), found == null ? null : found.toString());
    }

    /// A slab's threshold or a count, as text.
    static String basisText(Scheme.Basis basis, long amount, int moneyScale) {
        return switch (basis) {
            case BASE_QTY -> Fixed.print(amount, 3, 0);
            case GROSS_VALUE, NET_VALUE -> Fixed.print(amount, moneyScale, moneyScale);
        };
    }
}
