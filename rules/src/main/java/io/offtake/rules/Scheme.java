package io.offtake.rules;

import java.util.List;

/// One version of a trade offer at outlet level (domain/04 section 4.2).
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
        int validFrom, int validTo) {

    public Scheme {
        if ((stage == Stage.FREE_GOODS) != (mechanic instanceof Mechanic.FreeGoods))
            throw new IllegalArgumentException("free goods, and only they, are given at stage FREE_GOODS");
    }

    /// The order of evaluation on an invoice (PX-21).
    public enum Stage { CONTRACT, LINE, GROUP, BILL, FREE_GOODS }

    /// CASCADE works on what earlier stages left, ADDITIVE on gross (PX-23).
    public enum Stacking { CASCADE, ADDITIVE }

    public enum Choice { BEST_FOR_OUTLET, PRIORITY }

    /// What a free unit is worth in a claim (PX-27).
    public enum ClaimRate { PTS, PTR, COST }

    /// How the benefit is worked out (PX-20).
    public sealed interface Mechanic {
        /// M1: a percentage or an amount off.
        record Discount(Reward reward) implements Mechanic {}

        /// M2: the reward of the slab reached, on everything. Slabs are in ascending order of `from`.
        record WholeSlab(Basis basis, List<Slab> slabs) implements Mechanic {
            public WholeSlab {
                slabs = List.copyOf(slabs);
                for (int at = 1; at < slabs.size(); at++)
                    if (slabs.get(at).from() <= slabs.get(at - 1).from())
                        throw new IllegalArgumentException("slabs must rise");
            }
        }

        /// M4: buy `buy` base units, get `get` free.
        /// @param rewardSkuId  null: the same SKU as bought, counted SKU by SKU
        /// @param inside       the free units are part of the ordered quantity ("11+1 included"); same SKU only
        /// @param capPerInvoice most free base units on one invoice, null for no cap
        record FreeGoods(Qty buy, Qty get, boolean repeat, boolean inside, String rewardSkuId, Qty capPerInvoice,
                         FreeTax tax, IfShort ifShort) implements Mechanic {
            public FreeGoods {
                if (!buy.isPositive() || !get.isPositive()) throw new IllegalArgumentException("buy and get are positive");
                if (inside && rewardSkuId != null)
                    throw new IllegalArgumentException("free units inside the ordered quantity are of the same SKU");
            }
        }
    }

    /// What a slab counts: base units, value at list price, or value after the earlier stages.
    public enum Basis { BASE_QTY, GROSS_VALUE, NET_VALUE }

    /// @param from base units in thousandths, or money in its smallest unit, as the basis says
    public record Slab(long from, Reward reward) {}

    /// A money benefit.
    public sealed interface Reward {
        record Percent(Rate rate) implements Reward {}

        /// An amount for each base unit.
        record PerUnit(UnitPrice amount) implements Reward {}

        /// One amount: once per SKU at stage LINE (split over its lines), once for the whole set at GROUP and BILL.
        record Fixed(Money amount) implements Reward {}
    }

    /// How free goods are taxed (EX-11): at no price, or one price shared over bought and free goods.
    public enum FreeTax { ZERO_PRICED, SINGLE_PRICE_ALLOCATED }

    /// What happens when the free goods are not in stock: the bill is refused, or their value at PTR is taken off.
    public enum IfShort { REFUSE, VALUE_AT_PTR }

    /// All SKUs of the principal, unless an inclusion list is given; inclusion lists add up, exclusions are taken out.
    public record ProductSet(List<String> skuIds, List<String> brandIds, List<String> categoryIds, List<String> excludedSkuIds) {
        public static final ProductSet ALL = new ProductSet(List.of(), List.of(), List.of(), List.of());

        public ProductSet {
            skuIds = List.copyOf(skuIds);
            brandIds = List.copyOf(brandIds);
            categoryIds = List.copyOf(categoryIds);
            excludedSkuIds = List.copyOf(excludedSkuIds);
        }
    }

    /// All conditions must hold; inside a list any value will do; an empty list asks nothing.
    public record Eligibility(List<String> channels, List<String> classes, List<String> groups, List<String> outletIds,
                              List<DecideCommand.PaymentMode> paymentModes, List<DecideCommand.SaleType> saleTypes,
                              List<RuleBook.Registration> registrations) {
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
    }
}
