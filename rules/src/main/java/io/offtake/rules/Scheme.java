package io.offtake.rules;

import java.util.List;

/// One version of a trade offer (domain/04 section 4.2).
///
/// @param principalId    whose goods and money it is about; only this principal's SKUs take part
/// @param principalShare the part of the benefit that the principal pays (PX-28); the rest is the distributor's own
/// @param exclusionGroup at most one scheme of a group applies to a line (PX-22); null: it stands alone
/// @param priority       lower goes first
public record Scheme(
        String id, int version, String code, String name, String principalId,
        Stage stage, Mechanic mechanic, ProductSet products, Eligibility eligibility,
        Stacking stacking, String exclusionGroup, Choice choice, int priority,
        Rate principalShare, boolean claimable, ClaimRate claimRate,
        int validFrom, int validTo, Terms terms) {

    public Scheme {
        if ((stage == Stage.FREE_GOODS) != (mechanic instanceof Mechanic.FreeGoods))
            throw new IllegalArgumentException("free goods, and only they, are given at stage FREE_GOODS");
        if ((stage == Stage.ACCRUAL) != mechanic.accrues())
            throw new IllegalArgumentException("accruals, and only they, belong to stage ACCRUAL");
    }

    /// A scheme with the ordinary terms.
    public Scheme(String id, int version, String code, String name, String principalId, Stage stage, Mechanic mechanic, ProductSet products,
                  Eligibility eligibility, Stacking stacking, String exclusionGroup, Choice choice, int priority, Rate principalShare,
                  boolean claimable, ClaimRate claimRate, int validFrom, int validTo) {
        this(id, version, code, name, principalId, stage, mechanic, products, eligibility, stacking, exclusionGroup, choice, priority,
                principalShare, claimable, claimRate, validFrom, validTo, Terms.ORDINARY);
    }

    /// The return policy in force: the scheme's own, else that of its mechanic (PX-41).
    public ReturnPolicy returnPolicy() {
        if (terms.returnPolicy() != null) return terms.returnPolicy();
        return mechanic instanceof Mechanic.Discount || mechanic instanceof Mechanic.PerCaseRebate ? ReturnPolicy.PROPORTIONAL : ReturnPolicy.RECOMPUTE;
    }

    /// Every SKU that the scheme may give free, so that its stock can be looked up beforehand.
    public List<String> rewardSkuIds() {
        if (!(mechanic instanceof Mechanic.FreeGoods free)) return List.of();
        if (free.substituteSkuIds().isEmpty()) return free.rewardSkuIds();
        var all = new java.util.ArrayList<>(free.rewardSkuIds());
        all.addAll(free.substituteSkuIds());
        return all;
    }

    /// The order of evaluation on an invoice (PX-21).
    public enum Stage { CONTRACT, LINE, GROUP, BILL, FREE_GOODS, ACCRUAL }

    /// CASCADE works on what earlier stages left, ADDITIVE on gross (PX-23).
    public enum Stacking { CASCADE, ADDITIVE }

    public enum Choice { BEST_FOR_OUTLET, PRIORITY }

    /// What a free unit is worth in a claim (PX-27).
    public enum ClaimRate { PTS, PTR, COST }

    /// Who earns the benefit. Distributor-level schemes never touch an outlet's bill (PX-29).
    public enum Level { OUTLET, DISTRIBUTOR, CONSUMER }

    /// How a benefit reaches the buyer: on the bill, or by credit note or payout afterwards.
    public enum Settlement { ON_INVOICE, CREDIT_NOTE, PAYOUT }

    /// A credit note without tax (default), or one that reduces it (IN-21).
    public enum CreditNote { FIN_CN, TAX_CN }

    /// What a return does to the benefit (PX-41).
    public enum ReturnPolicy { PROPORTIONAL, RECOMPUTE, NONE }

    /// INVOICED counts what is billed; ORDERED_SLAB keeps the slab of the order when the supplier fell short (PX-40).
    public enum Honour { INVOICED, ORDERED_SLAB }

    /// What happens when a limit cuts a benefit (PX-24).
    public enum WhenCut { PARTIAL, NONE, FULL_LAST }

    /// Whose limit it is, in the order in which they are looked at (PX-24).
    public enum Scope { INVOICE, OUTLET, DISTRIBUTOR, TOTAL }

    /// One limit; what is null is not limited.
    /// @param amount  benefit in money
    /// @param freeQty free base units
    /// @param times   documents
    /// @param period  over which the caller counts; null for the invoice and the whole scheme
    public record Limit(Scope scope, Money amount, Qty freeQty, Integer times, Period period) {}

    /// The members of the header that most schemes leave alone.
    /// @param returnPolicy  null: the mechanic's default
    /// @param approvedOn    never applies to documents of an earlier day (PX-42); null: no such day
    /// @param retrospective pays such documents by credit note instead
    /// @param limits        in the order of their scopes
    public record Terms(Level level, Settlement settlement, CreditNote creditNote, String agreementRef, Integer agreementDate,
                        ReturnPolicy returnPolicy, Honour honour, Integer approvedOn, boolean retrospective, List<Limit> limits, WhenCut whenCut) {
        public static final Terms ORDINARY = new Terms(Level.OUTLET, Settlement.ON_INVOICE, CreditNote.FIN_CN, null, null, null, Honour.INVOICED,
                null, false, List.of(), WhenCut.PARTIAL);

        public Terms {
            limits = List.copyOf(limits);
        }
    }

    /// How the benefit is worked out (PX-20).
    public sealed interface Mechanic {
        /// Whether it only adds to an account and never touches the bill.
        default boolean accrues() {
            return false;
        }

        /// M1: a percentage or an amount off.
        record Discount(Reward reward) implements Mechanic {}

        /// M2 and M6: the reward of the slab reached, on everything. Slabs are in ascending order of `from`.
        record WholeSlab(Count count, List<Slab> slabs) implements Mechanic {
            public WholeSlab {
                slabs = rising(slabs);
            }

            public WholeSlab(Basis basis, List<Slab> slabs) {
                this(Count.of(basis), slabs);
            }

            public Basis basis() {
                return count.basis();
            }
        }

        /// M3: each band earns its own reward.
        record IncrementalSlab(Count count, List<Slab> slabs) implements Mechanic {
            public IncrementalSlab {
                slabs = rising(slabs);
            }
        }

        /// M4: buy `buy` of the basis, get `get` free.
        /// @param buy          in the unit of the basis: thousandths, or smallest units of money
        /// @param getUnit      `get` is so many of this unit of the reward SKU; null: base units
        /// @param freeUnit     free quantities round down to whole units of it; null: whole base units (PX-25)
        /// @param inside       the free units are part of the ordered quantity ("11+1 included"); same SKU only
        /// @param rewardSkuIds none: the same SKU as bought, counted SKU by SKU; several: the outlet's choice
        /// @param capPerInvoice most free base units on one invoice, null for no cap
        record FreeGoods(long buy, Count count, Qty get, String getUnit, String freeUnit, boolean repeat, boolean inside, List<String> rewardSkuIds,
                         Qty capPerInvoice, FreeTax tax, IfShort ifShort, List<String> substituteSkuIds) implements Mechanic {
            public FreeGoods {
                rewardSkuIds = List.copyOf(rewardSkuIds);
                substituteSkuIds = List.copyOf(substituteSkuIds);
                if (buy <= 0 || !get.isPositive()) throw new IllegalArgumentException("buy and get are positive");
                if (inside && !rewardSkuIds.isEmpty())
                    throw new IllegalArgumentException("free units inside the ordered quantity are of the same SKU");
                if (inside && count.basis() != Basis.BASE_QTY)
                    throw new IllegalArgumentException("free units inside the ordered quantity are counted in base units");
            }

            /// The plain form: base units, one reward SKU or none.
            public FreeGoods(Qty buy, Qty get, boolean repeat, boolean inside, String rewardSkuId, Qty capPerInvoice, FreeTax tax, IfShort ifShort) {
                this(buy.milli(), Count.of(Basis.BASE_QTY), get, null, null, repeat, inside, rewardSkuId == null ? List.of() : List.of(rewardSkuId),
                        capPerInvoice, tax, ifShort, List.of());
            }

            /// The one reward SKU, or the first of the choice list; null: the bought SKU.
            public String rewardSkuId() {
                return rewardSkuIds.isEmpty() ? null : rewardSkuIds.getFirst();
            }
        }

        /// M4: of every `buy` units of the set, the `get` cheapest are taken off their lines.
        record CheapestFree(Qty buy, Qty get, boolean repeat, Qty capPerInvoice) implements Mechanic {
            public CheapestFree {
                if (!buy.isPositive() || !get.isPositive() || get.compareTo(buy) > 0)
                    throw new IllegalArgumentException("buy and get are positive, and get is not above buy");
            }
        }

        /// M5: an assortment.
        /// @param minDistinct least number of different SKUs, 0 asks none
        /// @param minEach     base units from which a SKU counts
        /// @param repeat      the reward is for whole sets of the groups and the units inside them; else once, on everything
        record Combo(int minDistinct, Qty minEach, List<Part> groups, boolean repeat, Reward reward) implements Mechanic {
            public Combo {
                groups = List.copyOf(groups);
                if (minDistinct <= 0 && groups.isEmpty()) throw new IllegalArgumentException("a combo asks for SKUs or groups");
                if (repeat && groups.isEmpty()) throw new IllegalArgumentException("repeated sets need groups");
            }
        }

        /// M7: sets of the components for one price.
        record BundlePrice(List<Part> components, Money price, boolean repeat, Integer maxSets) implements Mechanic {
            public BundlePrice {
                components = List.copyOf(components);
                if (components.isEmpty()) throw new IllegalArgumentException("a bundle has components");
            }
        }

        /// M11: an amount for each full unit (case) or each kilogram.
        /// @param unit       null: for each kilogram
        /// @param cumulative the period's left-over is carried from document to document
        record PerCaseRebate(UnitPrice amount, String unit, boolean cumulative, Period period) implements Mechanic {
            @Override
            public boolean accrues() {
                return cumulative;
            }
        }

        /// M8: slabs on what a period adds up to.
        /// @param growth null: on the sum; else on the increase over the base
        /// @param turnover named TOD instead of QPS; the arithmetic is the same
        record Qps(Count count, Period period, boolean incremental, List<Slab> slabs, Growth growth, boolean turnover) implements Mechanic {
            public Qps {
                slabs = rising(slabs);
            }

            @Override
            public boolean accrues() {
                return true;
            }
        }

        /// M12.
        /// @param per in the unit of the basis
        record Points(Count count, long per, long points, Period period) implements Mechanic {
            public Points {
                if (per <= 0 || points <= 0) throw new IllegalArgumentException("per and points are positive");
            }

            @Override
            public boolean accrues() {
                return true;
            }
        }

        /// M10: settled with the receipt (EX-18).
        record CashDiscount(List<Term> terms) implements Mechanic {
            public CashDiscount {
                terms = List.copyOf(terms);
                for (int at = 1; at < terms.size(); at++)
                    if (terms.get(at).days() <= terms.get(at - 1).days()) throw new IllegalArgumentException("days must rise");
            }

            /// Paid within so many days of the bill, this part is given.
            public record Term(int days, Rate percent) {}

            @Override
            public boolean accrues() {
                return true;
            }
        }

        /// M9: paid on evidence (EX-34).
        record Display(Money amount, Period period, int audits, Rate passScore, boolean proRata) implements Mechanic {
            @Override
            public boolean accrues() {
                return true;
            }
        }

        private static List<Slab> rising(List<Slab> slabs) {
            for (int at = 1; at < slabs.size(); at++)
                if (slabs.get(at).from() <= slabs.get(at - 1).from()) throw new IllegalArgumentException("slabs must rise");
            return List.copyOf(slabs);
        }
    }

    /// Base units of a product set that a combo or bundle asks for.
    public record Part(ProductSet products, Qty qty) {
        public Part {
            if (!qty.isPositive()) throw new IllegalArgumentException("a positive quantity is asked for");
        }
    }

    /// Growth over the same period before (EX-17): slabs count it as a fraction, percentages are of the increase.
    /// @param minBase   below it there is no base; null asks none
    /// @param floorBase the base of who has none; null: not eligible
    public record Growth(Money minBase, Money floorBase) {}

    /// Over what the caller adds up.
    public enum Period { MONTH, QUARTER, YEAR, FISCAL_YEAR, SCHEME }

    /// What a slab counts: base units, full cases, kilograms, value at list price, value after earlier schemes, different SKUs.
    public enum Basis {
        BASE_QTY, GROSS_VALUE, NET_VALUE, CASES, WEIGHT, DISTINCT;

        boolean isMoney() {
            return this == GROSS_VALUE || this == NET_VALUE;
        }
    }

    /// @param unit     the unit of CASES, `CASE` by default
    /// @param netAfter NET_VALUE as it was after this stage; null: as it is when the scheme's turn comes
    public record Count(Basis basis, String unit, Stage netAfter) {
        private static final Count[] PLAIN = new Count[Basis.values().length];

        static {
            for (var basis : Basis.values()) PLAIN[basis.ordinal()] = new Count(basis, basis == Basis.CASES ? "CASE" : null, null);
        }

        public static Count of(Basis basis) {
            return PLAIN[basis.ordinal()];
        }
    }

    /// @param from thousandths (units, cases, kilograms, SKUs), smallest units of money, or millionths of growth, as the basis says
    /// @param to   the last count of the slab; null: up to the next slab
    public record Slab(long from, Long to, Reward reward) {
        public Slab(long from, Reward reward) {
            this(from, null, reward);
        }
    }

    /// A money benefit.
    public sealed interface Reward {
        record Percent(Rate rate) implements Reward {}

        /// An amount for each base unit.
        record PerUnit(UnitPrice amount) implements Reward {}

        /// One amount: once per SKU at stage LINE (split over its lines), once for the whole set at GROUP and BILL.
        record Fixed(Money amount) implements Reward {}

        /// An amount for each unit of the mechanic's basis: each kilogram, case, SKU.
        record PerCount(UnitPrice amount) implements Reward {}
    }

    /// How free goods are taxed (EX-11): at no price, one price shared over bought and free goods, or that at the highest rate.
    public enum FreeTax { ZERO_PRICED, SINGLE_PRICE_ALLOCATED, MIXED_SUPPLY }

    /// What happens when the free goods are not in stock: the bill is refused, their value at PTR is taken off, or others are given.
    public enum IfShort { REFUSE, VALUE_AT_PTR, SUBSTITUTE }

    /// All SKUs of the principal, unless an inclusion list is given; inclusion lists add up, exclusions are taken out.
    public record ProductSet(List<String> skuIds, List<String> brandIds, List<String> categoryIds, List<String> excludedSkuIds,
                             List<String> excludedBrandIds, List<String> excludedCategoryIds) {
        public static final ProductSet ALL = new ProductSet(List.of(), List.of(), List.of(), List.of());

        public ProductSet {
            skuIds = List.copyOf(skuIds);
            brandIds = List.copyOf(brandIds);
            categoryIds = List.copyOf(categoryIds);
            excludedSkuIds = List.copyOf(excludedSkuIds);
            excludedBrandIds = List.copyOf(excludedBrandIds);
            excludedCategoryIds = List.copyOf(excludedCategoryIds);
        }

        public ProductSet(List<String> skuIds, List<String> brandIds, List<String> categoryIds, List<String> excludedSkuIds) {
            this(skuIds, brandIds, categoryIds, excludedSkuIds, List.of(), List.of());
        }

        /// Whether the set names no product at all.
        public boolean isAll() {
            return skuIds.isEmpty() && brandIds.isEmpty() && categoryIds.isEmpty();
        }

        boolean excludes(RuleBook.Sku sku) {
            return excludedSkuIds.contains(sku.id()) || (sku.brandId() != null && excludedBrandIds.contains(sku.brandId()))
                    || (sku.categoryId() != null && excludedCategoryIds.contains(sku.categoryId()));
        }

        public boolean contains(RuleBook.Sku sku) {
            boolean in = isAll() || skuIds.contains(sku.id()) || (sku.brandId() != null && brandIds.contains(sku.brandId()))
                    || (sku.categoryId() != null && categoryIds.contains(sku.categoryId()));
            return in && !excludes(sku);
        }
    }

    /// From (included) to (excluded), in minutes of the local day.
    public record Daypart(int from, int to) {}

    /// All conditions must hold; inside a list any value will do; an empty list asks nothing.
    public record Eligibility(List<String> channels, List<String> classes, List<String> groups, List<String> outletIds,
                              List<DecideCommand.PaymentMode> paymentModes, List<DecideCommand.SaleType> saleTypes,
                              List<RuleBook.Registration> registrations, More more) {
        public static final Eligibility ALL =
                new Eligibility(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        public Eligibility {
            channels = List.copyOf(channels);
            classes = List.copyOf(classes);
            groups = List.copyOf(groups);
            outletIds = List.copyOf(outletIds);
            paymentModes = List.copyOf(paymentModes);
            saleTypes = List.copyOf(saleTypes);
            registrations = List.copyOf(registrations);
        }

        public Eligibility(List<String> channels, List<String> classes, List<String> groups, List<String> outletIds,
                           List<DecideCommand.PaymentMode> paymentModes, List<DecideCommand.SaleType> saleTypes,
                           List<RuleBook.Registration> registrations) {
            this(channels, classes, groups, outletIds, paymentModes, saleTypes, registrations, More.NONE);
        }
    }

    /// The rarer conditions.
    /// @param territories     the outlet lies in any of them
    /// @param zones           of the seller; with `distributorIds` decided when the book is compiled
    /// @param weekdays        1 Monday to 7 Sunday
    /// @param warehouseIds    the goods leave from any of them (SCH-09); warehouses of the distributors that `distributorIds` names
    public record More(List<String> parentIds, List<String> excludedOutletIds, List<String> territories, List<String> zones, List<String> distributorIds,
                       List<String> stateCodes, List<String> orderSources, boolean firstOrderOnly, boolean mslCompliantOnly, List<Integer> weekdays,
                       List<Daypart> dayparts, List<String> warehouseIds) {
        public static final More NONE = new More(List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), false, false, List.of(), List.of(), List.of());

        public More {
            parentIds = List.copyOf(parentIds);
            excludedOutletIds = List.copyOf(excludedOutletIds);
            territories = List.copyOf(territories);
            zones = List.copyOf(zones);
            distributorIds = List.copyOf(distributorIds);
            stateCodes = List.copyOf(stateCodes);
            orderSources = List.copyOf(orderSources);
            weekdays = List.copyOf(weekdays);
            dayparts = List.copyOf(dayparts);
            warehouseIds = List.copyOf(warehouseIds);
        }
    }
}
