package io.offtake.rules;

import java.util.List;

/// Everything that decides money for one distributor in a window of business dates: prices, schemes, tax rates,
/// rounding and policies of all its principals. Immutable; rows carry validity intervals (both ends inclusive, epoch
/// days), so one book serves every date of its window. [Engine#of] indexes it for deciding.
/// The JSON form is described in `spec/README.md`.
public record RuleBook(
        Seller seller,
        Currency currency,
        RoundingPolicy rounding,
        int validFrom,
        int validTo,
        List<Principal> principals,
        List<Sku> skus,
        List<PriceList> priceLists,
        List<Scheme> schemes,
        List<TaxRate> taxRates,
        Policy policy,
        TaxSystem taxSystem) {

    /// The last day of a row that has no end.
    public static final int NO_END = Integer.MAX_VALUE;

    public RuleBook {
        principals = List.copyOf(principals);
        skus = List.copyOf(skus);
        priceLists = List.copyOf(priceLists);
        schemes = List.copyOf(schemes);
        taxRates = List.copyOf(taxRates);
    }

    /// A book under GST.
    public RuleBook(Seller seller, Currency currency, RoundingPolicy rounding, int validFrom, int validTo, List<Principal> principals, List<Sku> skus,
                    List<PriceList> priceLists, List<Scheme> schemes, List<TaxRate> taxRates, Policy policy) {
        this(seller, currency, rounding, validFrom, validTo, principals, skus, priceLists, schemes, taxRates, policy, TaxSystem.GST);
    }

    /// Which heads a tax has: CGST with SGST or IGST, or one head of its own name.
    public record TaxSystem(TaxType type, String name) {
        public static final TaxSystem GST = new TaxSystem(TaxType.GST, null);
    }

    public enum TaxType { GST, VAT }

    /// How a party stands towards the tax. `SEZ` and `EXPORT` (a buyer abroad) are always supplied inter-State (IN-04), and without
    /// tax under a letter of undertaking; `DEEMED_EXPORT` is taxed like `REGULAR` and stated apart.
    public enum Registration {
        REGULAR, COMPOSITION, UNREGISTERED, SEZ, EXPORT, DEEMED_EXPORT;

        /// Supplies that are zero-rated by the buyer (IGST s.16).
        boolean isZeroRated() {
            return this == SEZ || this == EXPORT;
        }
    }

    /// The distributor as supplier. `zone` selects price lists of PX-01 level 6; it may be null.
    /// @param undertakings days on which it may make zero-rated supplies without payment of tax (CGST r.96A)
    public record Seller(String distributorId, String stateCode, Registration registration, String zone, List<Undertaking> undertakings) {
        public Seller {
            undertakings = List.copyOf(undertakings);
        }

        public Seller(String distributorId, String stateCode, Registration registration, String zone) {
            this(distributorId, stateCode, registration, zone, List.of());
        }

        boolean isUndertaken(int on) {
            for (var one : undertakings) if (one.validFrom() <= on && on <= one.validTo()) return true;
            return false;
        }
    }

    /// A letter of undertaking: epoch days, both included.
    public record Undertaking(int validFrom, int validTo) {}

    /// A company whose goods the distributor sells; supplier of its goods receipts.
    public record Principal(String id, String code, String stateCode, Registration registration) {}

    public record Currency(String code, int scale) {}

    /// @param step         for NEAREST: to a multiple of it; null otherwise
    /// @param paymentModes rounded only when paid so (cash rounding); empty: always
    public record RoundingPolicy(String id, int version, DocumentRounding document, Money step, RoundingMode mode, List<DecideCommand.PaymentMode> paymentModes) {
        public RoundingPolicy {
            paymentModes = List.copyOf(paymentModes);
            if ((document == DocumentRounding.NEAREST) != (step != null)) throw new IllegalArgumentException("NEAREST, and only it, has a step");
            if (step != null && !step.isPositive()) throw new IllegalArgumentException("a step is positive");
        }

        public RoundingPolicy(String id, int version, DocumentRounding document) {
            this(id, version, document, null, RoundingMode.HALF_UP, List.of());
        }
    }

    /// Line amounts always round HALF_UP; this is about the bill's total.
    public enum DocumentRounding { NEAREST_UNIT, NONE, NEAREST }

    public enum RoundingMode { HALF_UP, UP, DOWN }

    /// @param qtyScale 0 for count goods, 3 for goods sold by weight or volume
    /// @param pts      what the principal charges the distributor, per base unit; floor of PX-05; may be null
    /// @param mrp      the current MRP, for goods without a batch in sight; may be null
    /// @param weight   millionths of a kilogram per base unit (milligrams); 0: not known
    /// @param taxClass what tax rates may ask for beside the HSN; may be null
    /// @param prepacked pre-packaged and labelled (IN-06)
    public record Sku(String id, String code, String hsn, String principalId, String brandId, String categoryId,
                      String baseUnit, int qtyScale, List<Unit> units, UnitPrice pts, Money mrp, boolean expiryTracked,
                      long weight, String taxClass, boolean prepacked) {
        public Sku {
            units = List.copyOf(units);
            if (qtyScale != 0 && qtyScale != 3) throw new IllegalArgumentException("qtyScale is 0 or 3");
            if (weight < 0) throw new IllegalArgumentException("a weight is never negative");
        }

        public Sku(String id, String code, String hsn, String principalId, String brandId, String categoryId, String baseUnit, int qtyScale,
                   List<Unit> units, UnitPrice pts, Money mrp, boolean expiryTracked) {
            this(id, code, hsn, principalId, brandId, categoryId, baseUnit, qtyScale, units, pts, mrp, expiryTracked, 0, null, false);
        }
    }

    /// One `code` holds `num ÷ den` base units, exactly.
    public record Unit(String code, long num, long den) {
        public Unit {
            if (num <= 0 || den <= 0) throw new IllegalArgumentException("a unit holds a positive number of base units");
        }
    }

    /// The levels of PX-01, first hit wins.
    public enum Level {
        OUTLET(1), PARENT(2), GROUP(3), CHANNEL_CLASS(4), DISTRIBUTOR(5), ZONE(6), NATIONAL(7);

        private final int number;

        Level(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /// A price list version. A list with `mrpLink` computes the price from the MRP of the batch for the SKUs it lists
    /// without a price, or for every SKU if it has no lines (PX-02).
    /// @param protectOrderDays an invoice at most so many days after its order keeps the order day's price (PX-03)
    public record PriceList(String id, int version, String code, Level level, PriceKey key, boolean taxInclusive,
                            MrpLink mrpLink, int validFrom, int validTo, List<PriceLine> lines, int protectOrderDays) {
        public PriceList {
            lines = List.copyOf(lines);
        }

        public PriceList(String id, int version, String code, Level level, PriceKey key, boolean taxInclusive, MrpLink mrpLink, int validFrom,
                         int validTo, List<PriceLine> lines) {
            this(id, version, code, level, key, taxInclusive, mrpLink, validFrom, validTo, lines, 0);
        }
    }

    /// Whom the list is for; the level says which field counts. At level 4 a null channel or class means any.
    public record PriceKey(String outletId, String parentId, String group, String channel, String outletClass, String zone) {
        public static final PriceKey NONE = new PriceKey(null, null, null, null, null, null);
    }

    /// @param decimals to how many decimals the computed price rounds HALF_UP
    public record MrpLink(Rate margin, MarginBasis basis, int decimals) {}

    /// ON_PRICE: MRP ÷ (1 + tax) ÷ (1 + margin). ON_MRP: MRP ÷ (1 + tax) × (1 − margin).
    public enum MarginBasis { ON_PRICE, ON_MRP }

    /// A price for `unit` of a SKU, optionally only for one MRP or one batch. Null `unit` is the base unit.
    public record PriceLine(String skuId, Money mrp, String batchId, UnitPrice price, String unit) {}

    /// A tax rate for an HSN prefix; the longest prefix wins (IN-06). `rate` is the whole GST rate.
    /// @param hsn may be empty if a condition asks for a tax class
    public record TaxRate(String id, int version, String hsn, TaxKind kind, Rate rate, Rate cess, int validFrom, int validTo, TaxTerms terms) {
        public TaxRate(String id, int version, String hsn, TaxKind kind, Rate rate, Rate cess, int validFrom, int validTo) {
            this(id, version, hsn, kind, rate, cess, validFrom, validTo, TaxTerms.ORDINARY);
        }
    }

    public enum TaxKind { TAXABLE, NIL, EXEMPT, NON_GST, ZERO_RATED }

    /// What a rate asks beside the HSN (IN-06), and on what it is taken.
    /// @param prepacked  null: either
    /// @param mrpFrom    with `mrpTo`, both included, of the batch; null: no bound
    /// @param priceFrom  with `priceTo`, both included, the unit price before schemes; null: no bound
    /// @param buyers     registrations of the buyer; empty: any
    /// @param baseNum    with `baseDen`: the part of the price that is taxed, for FRACTION
    /// @param category   a code for documents (S, Z, E, O, …); may be null
    /// @param cessPerUnit an amount for each base unit beside the rate; null: none
    public record TaxTerms(String taxClass, Boolean prepacked, Money mrpFrom, Money mrpTo, UnitPrice priceFrom, UnitPrice priceTo, List<Registration> buyers,
                           Valuation valuation, long baseNum, long baseDen, String category, UnitPrice cessPerUnit) {
        public static final TaxTerms ORDINARY = new TaxTerms(null, null, null, null, null, null, List.of(), Valuation.PRICE, 1, 1, null, null);

        public TaxTerms {
            buyers = List.copyOf(buyers);
            if (baseNum <= 0 || baseDen <= 0) throw new IllegalArgumentException("the taxed part is a positive fraction");
        }

        /// How many conditions it has; the row with more is narrower.
        int conditions() {
            int count = 0;
            if (taxClass != null) count++;
            if (prepacked != null) count++;
            if (mrpFrom != null || mrpTo != null) count++;
            if (priceFrom != null || priceTo != null) count++;
            if (!buyers.isEmpty()) count++;
            return count;
        }
    }

    /// The price, the declared retail sale price less the taxes in it (IN-08), or a fraction of the price.
    public enum Valuation { PRICE, RSP, FRACTION }

    /// @param shelfLife      least remaining days of shelf life by outlet channel; `shelfLifeMinDays` where none is listed
    /// @param nearExpiryDays a batch with no more days left is sold with a warning
    public record Policy(int shelfLifeMinDays, List<ShelfLife> shelfLife, int nearExpiryDays, Credit credit, Check floor,
                         Check mrpCeiling) {
        public Policy {
            shelfLife = List.copyOf(shelfLife);
        }
    }

    public record ShelfLife(String channel, int minDays) {}

    /// What a broken rule does: BLOCK refuses, WARN lets through with a warning, OFF is not looked at.
    public enum Check { BLOCK, WARN, OFF }

    /// @param overdueDaysMax a bill overdue by more days trips the overdue check
    /// @param modes          the payment modes that use credit
    public record Credit(Check limit, Check overdue, int overdueDaysMax, List<DecideCommand.PaymentMode> modes) {
        public Credit {
            modes = List.copyOf(modes);
        }
    }
}
