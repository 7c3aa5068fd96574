package io.offtake.rules;

import io.offtake.rules.Scheme.Mechanic;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A scheme, compiled: what is asked of it on every bill is ready in fields. Immutable and shared between the engines of all
/// distributors that have the scheme.
final class Rule {
    /// PX-21: stage, priority, exclusion group, code; then what makes the order total.
    static final Comparator<Rule> ORDER = Comparator.<Rule, Scheme.Stage>comparing(rule -> rule.scheme.stage())
            .thenComparingInt(rule -> rule.scheme.priority())
            .thenComparing(rule -> rule.scheme.exclusionGroup() == null ? "" : rule.scheme.exclusionGroup())
            .thenComparing(rule -> rule.scheme.code()).thenComparing(rule -> rule.scheme.id()).thenComparingInt(rule -> rule.scheme.version());

    final Scheme scheme;
    final Mechanic mechanic;
    final Scheme.Stage stage;
    final int stageNumber;
    /// What its slabs or sets count; null if it counts nothing.
    final Scheme.Count count;
    /// Percentages round line by line (PX-25).
    final boolean lineByLine;
    final boolean additive;
    /// Worked out, but not taken off the bill.
    final boolean offInvoice;
    final boolean accrues;
    final boolean limited;
    final long principalMicros;
    final int validFrom, validTo;
    /// Ranks of its SKUs, ascending; null: all of the principal, but `excluded`.
    final int[] ranks;
    final int[] excluded;
    /// For combos and bundles: the group (component) of each SKU rank, the first that names it; null otherwise.
    final Map<Integer, Integer> groupOfRank;

    Rule(Scheme scheme, Skus skus) {
        this.scheme = scheme;
        mechanic = scheme.mechanic();
        count = switch (mechanic) {
            case Mechanic.WholeSlab whole -> whole.count();
            case Mechanic.IncrementalSlab incremental -> incremental.count();
            case Mechanic.FreeGoods free -> free.count();
            case Mechanic.Qps qps -> qps.count();
            case Mechanic.Points points -> points.count();
            case Mechanic.PerCaseRebate rebate -> rebate.unit() == null ? Scheme.Count.of(Scheme.Basis.WEIGHT)
                    : new Scheme.Count(Scheme.Basis.CASES, rebate.unit(), null);
            default -> null;
        };
        stage = scheme.stage();
        stageNumber = stage.ordinal();
        lineByLine = stage == Scheme.Stage.CONTRACT || stage == Scheme.Stage.LINE;
        additive = scheme.stacking() == Scheme.Stacking.ADDITIVE;
        offInvoice = scheme.terms().settlement() != Scheme.Settlement.ON_INVOICE;
        accrues = mechanic.accrues();
        limited = !scheme.terms().limits().isEmpty();
        principalMicros = scheme.principalShare().micros();
        validFrom = scheme.validFrom();
        validTo = scheme.validTo();
        var groups = switch (mechanic) {
            case Mechanic.Combo combo -> combo.groups();
            case Mechanic.BundlePrice bundle -> bundle.components();
            default -> List.<Scheme.Part>of();
        };
        if (groups.isEmpty()) groupOfRank = null;
        else {
            groupOfRank = new HashMap<>();
            for (int at = groups.size() - 1; at >= 0; at--)
                for (int rank : skus.inside(groups.get(at).products(), scheme.principalId())) groupOfRank.put(rank, at);
        }
        var products = scheme.products();
        if (products.isAll() && groupOfRank != null) {
            var union = new java.util.TreeSet<>(groupOfRank.keySet());
            union.removeIf(rank -> !products.contains(skus.byRank[rank]));
            ranks = Skus.ints(union);
            excluded = NO_RANKS;
        } else if (products.isAll()) {
            ranks = null;
            excluded = products.excludedSkuIds().isEmpty() && products.excludedBrandIds().isEmpty() && products.excludedCategoryIds().isEmpty() ? NO_RANKS
                    : skus.outside(products, scheme.principalId());
        } else {
            ranks = skus.inside(products, scheme.principalId());
            excluded = NO_RANKS;
        }
    }

    private static final int[] NO_RANKS = {};

    boolean inForce(int on) {
        return validFrom <= on && on <= validTo && (scheme.terms().approvedOn() == null || scheme.terms().approvedOn() <= on);
    }

    /// In force but for its approval, which came later, and pays what was missed by credit note (PX-42).
    boolean inRetrospect(int on) {
        return scheme.terms().retrospective() && scheme.terms().approvedOn() != null && scheme.terms().approvedOn() > on && validFrom <= on && on <= validTo;
    }

    /// Whether a distributor ever has it.
    boolean isFor(RuleBook.Seller seller) {
        var more = scheme.eligibility().more();
        if (more == Scheme.More.NONE) return true;
        return (more.zones().isEmpty() || (seller.zone() != null && more.zones().contains(seller.zone())))
                && (more.distributorIds().isEmpty() || more.distributorIds().contains(seller.distributorId()));
    }

    /// The SKUs of a book by rank, and the sets of ranks that products name.
    static final class Skus {
        final RuleBook.Sku[] byRank;
        private final Map<String, Integer> rankOf = new HashMap<>();
        private final Map<String, int[]> byBrand = new HashMap<>(), byCategory = new HashMap<>();

        Skus(List<RuleBook.Sku> skus) {
            byRank = skus.toArray(new RuleBook.Sku[0]);
            java.util.Arrays.sort(byRank, Comparator.comparing(RuleBook.Sku::code).thenComparing(RuleBook.Sku::id));
            for (int rank = 0; rank < byRank.length; rank++) {
                rankOf.put(byRank[rank].id(), rank);
                add(byBrand, byRank[rank].brandId(), rank);
                add(byCategory, byRank[rank].categoryId(), rank);
            }
        }

        private static void add(Map<String, int[]> map, String key, int rank) {
            if (key == null) return;
            var ranks = map.get(key);
            if (ranks == null) ranks = new int[] {0, 0, 0, 0};
            else if (ranks[0] + 1 == ranks.length) ranks = java.util.Arrays.copyOf(ranks, ranks.length * 2);
            ranks[++ranks[0]] = rank;
            map.put(key, ranks);
        }

        /// The rank of a SKU, or −1.
        int rank(String id) {
            var rank = rankOf.get(id);
            return rank == null ? -1 : rank;
        }

        int[] inside(Scheme.ProductSet products, String principalId) {
            var found = new java.util.TreeSet<Integer>();
            if (products.isAll()) for (int rank = 0; rank < byRank.length; rank++) found.add(rank);
            for (var id : products.skuIds()) if (rank(id) >= 0) found.add(rank(id));
            for (var id : products.brandIds()) addAll(found, byBrand.get(id));
            for (var id : products.categoryIds()) addAll(found, byCategory.get(id));
            found.removeIf(rank -> !byRank[rank].principalId().equals(principalId) || !products.contains(byRank[rank]));
            return ints(found);
        }

        private int[] outside(Scheme.ProductSet products, String principalId) {
            var found = new java.util.TreeSet<Integer>();
            for (var id : products.excludedSkuIds()) if (rank(id) >= 0) found.add(rank(id));
            for (var id : products.excludedBrandIds()) addAll(found, byBrand.get(id));
            for (var id : products.excludedCategoryIds()) addAll(found, byCategory.get(id));
            return ints(found);
        }

        private static void addAll(java.util.TreeSet<Integer> found, int[] ranks) {
            if (ranks != null) for (int at = 1; at <= ranks[0]; at++) found.add(ranks[at]);
        }

        private static int[] ints(java.util.TreeSet<Integer> found) {
            var ints = new int[found.size()];
            int at = 0;
            for (int rank : found) ints[at++] = rank;
            return ints;
        }
    }
}
