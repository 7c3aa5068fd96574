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

    /// PX-22: ties go to the lower priority number, then to the lower code.
    static final Comparator<Rule> CHOICE_ORDER = Comparator.<Rule>comparingInt(rule -> rule.scheme.priority()).thenComparing(rule -> rule.scheme.code())
            .thenComparing(rule -> rule.scheme.id()).thenComparingInt(rule -> rule.scheme.version());

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
    /// Slabs count the ordered quantity (PX-40).
    final boolean ordered;
    /// It names SKUs that it gives free.
    final boolean namesRewards;
    final long principalMicros;
    final int validFrom, validTo;
    private final int approvedOn;
    /// Where its slabs begin, ascending; none for other mechanics.
    final long[] slabs;
    /// The last count of each slab, and its percentage in millionths, −1 for another reward.
    final long[] slabEnds, slabPercents;
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
        ordered = scheme.terms().honour() == Scheme.Honour.ORDERED_SLAB;
        namesRewards = !scheme.rewardSkuIds().isEmpty();
        principalMicros = scheme.principalShare().micros();
        validFrom = scheme.validFrom();
        validTo = scheme.validTo();
        approvedOn = scheme.terms().approvedOn() == null ? Integer.MIN_VALUE : scheme.terms().approvedOn();
        var bands = switch (mechanic) {
            case Mechanic.WholeSlab whole -> whole.slabs();
            case Mechanic.IncrementalSlab incremental -> incremental.slabs();
            case Mechanic.Qps qps -> qps.slabs();
            default -> List.<Scheme.Slab>of();
        };
        slabs = new long[bands.size()];
        slabEnds = new long[bands.size()];
        slabPercents = new long[bands.size()];
        for (int at = 0; at < slabs.length; at++) {
            slabs[at] = bands.get(at).from();
            slabEnds[at] = bands.get(at).to() == null ? Long.MAX_VALUE : bands.get(at).to();
            slabPercents[at] = bands.get(at).reward() instanceof Scheme.Reward.Percent percent ? percent.rate().micros() : -1;
        }
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
            var union = new Ranks();
            for (int rank : groupOfRank.keySet()) if (products.contains(skus.byRank[rank])) union.add(rank);
            ranks = union.sorted();
            excluded = NO_RANKS;
        } else if (products.isAll()) {
            ranks = null;
            excluded = products.excludedSkuIds().isEmpty() && products.excludedBrandIds().isEmpty() && products.excludedCategoryIds().isEmpty() ? NO_RANKS
                    : skus.outside(products);
        } else {
            ranks = skus.inside(products, scheme.principalId());
            excluded = NO_RANKS;
        }
    }

    private static final int[] NO_RANKS = {};
    /// What conditions ask, as the trace says it: worked out when it is first asked for, and the same for whoever does so meanwhile.
    private String[] asked;

    /// The values that a condition accepts, as text.
    String asked(Decision.Condition condition, List<?> accepted) {
        var texts = asked;
        if (texts == null) asked = texts = new String[Decision.Condition.values().length];
        var text = texts[condition.ordinal()];
        if (text == null) texts[condition.ordinal()] = text = SchemeIndex.join(accepted);
        return text;
    }

    boolean inForce(int on) {
        return validFrom <= on && on <= validTo && approvedOn <= on;
    }

    /// In force but for its approval, which came later, and pays what was missed by credit note (PX-42).
    boolean inRetrospect(int on) {
        return approvedOn > on && validFrom <= on && on <= validTo && scheme.terms().retrospective();
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
        /// Open addressing, because every line of every bill asks: ids by hash, and their ranks beside them.
        private final String[] ids;
        private final int[] ranks;
        private final Map<String, int[]> byBrand = new HashMap<>(), byCategory = new HashMap<>();
        /// Principals by rank, one text for each: whoever compares lines need not look into their SKUs.
        final String[] owners;

        Skus(List<RuleBook.Sku> skus) {
            byRank = skus.toArray(new RuleBook.Sku[0]);
            java.util.Arrays.sort(byRank, Comparator.comparing(RuleBook.Sku::code).thenComparing(RuleBook.Sku::id));
            int size = 16;
            while (size < byRank.length * 3) size *= 2;
            ids = new String[size];
            ranks = new int[size];
            owners = new String[byRank.length];
            var texts = new HashMap<String, String>();
            for (int rank = 0; rank < byRank.length; rank++) {
                owners[rank] = texts.computeIfAbsent(byRank[rank].principalId(), id -> id);
                int at = slot(byRank[rank].id());
                while (ids[at] != null && !ids[at].equals(byRank[rank].id())) at = at + 1 & size - 1;
                ids[at] = byRank[rank].id();
                ranks[at] = rank;
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
            for (int at = slot(id); ids[at] != null; at = at + 1 & ids.length - 1) if (ids[at].equals(id)) return ranks[at];
            return -1;
        }

        private int slot(String id) {
            int hash = id.hashCode();
            return (hash ^ hash >>> 15) & ids.length - 1;
        }

        int[] inside(Scheme.ProductSet products, String principalId) {
            var found = new Ranks();
            if (products.isAll()) for (int rank = 0; rank < byRank.length; rank++) found.add(rank);
            for (var id : products.skuIds()) if (rank(id) >= 0) found.add(rank(id));
            for (var id : products.brandIds()) found.addAll(byBrand.get(id));
            for (var id : products.categoryIds()) found.addAll(byCategory.get(id));
            int kept = 0;
            for (int at = 0; at < found.size; at++) {
                var sku = byRank[found.ranks[at]];
                if (sku.principalId().equals(principalId) && !products.excludes(sku)) found.ranks[kept++] = found.ranks[at];
            }
            found.size = kept;
            return found.sorted();
        }

        private int[] outside(Scheme.ProductSet products) {
            var found = new Ranks();
            for (var id : products.excludedSkuIds()) if (rank(id) >= 0) found.add(rank(id));
            for (var id : products.excludedBrandIds()) found.addAll(byBrand.get(id));
            for (var id : products.excludedCategoryIds()) found.addAll(byCategory.get(id));
            return found.sorted();
        }
    }

    /// A growing set of ranks.
    private static final class Ranks {
        int[] ranks = new int[16];
        int size;

        void add(int rank) {
            if (size == ranks.length) ranks = java.util.Arrays.copyOf(ranks, size * 2);
            ranks[size++] = rank;
        }

        /// Ranks that are kept with their number in front.
        void addAll(int[] counted) {
            if (counted != null) for (int at = 1; at <= counted[0]; at++) add(counted[at]);
        }

        /// Ascending, each once.
        int[] sorted() {
            java.util.Arrays.sort(ranks, 0, size);
            int kept = 0;
            for (int at = 0; at < size; at++) if (at == 0 || ranks[at] != ranks[at - 1]) ranks[kept++] = ranks[at];
            return java.util.Arrays.copyOf(ranks, kept);
        }
    }
}
