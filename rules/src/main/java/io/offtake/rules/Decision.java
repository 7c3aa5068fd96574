package io.offtake.rules;

import java.util.List;

/// The answer to a [DecideCommand]: refused with every reason of the first failing stage, or decided in full.
public sealed interface Decision {

    /// @param ladder only if the command asked for it and the schemes were reached
    record Refused(List<Refusal> refusals, List<SchemeTrace> trace, List<LadderLine> ladder) implements Decision {
        public Refused {
            refusals = List.copyOf(refusals);
            trace = List.copyOf(trace);
            ladder = List.copyOf(ladder);
        }

        public Refused(List<Refusal> refusals, List<SchemeTrace> trace) {
            this(refusals, trace, List.of());
        }
    }

    /// @param placeOfSupply State code (IN-03)
    /// @param interState    IGST instead of CGST and SGST
    record Decided(DecideCommand.Kind kind, int businessDate, String principalId, String placeOfSupply, boolean interState,
                   List<ResultLine> lines, List<FreeLine> freeLines, List<TaxSummary> taxes, Totals totals,
                   List<SchemeBenefit> schemes, PostingFacts posting, CreditOutcome credit, List<Warning> warnings,
                   List<SchemeTrace> trace, String roundingId, int roundingVersion, More more) implements Decision {
        public Decided {
            lines = List.copyOf(lines);
            freeLines = List.copyOf(freeLines);
            taxes = List.copyOf(taxes);
            schemes = List.copyOf(schemes);
            warnings = List.copyOf(warnings);
            trace = List.copyOf(trace);
        }
    }

    /// What only some documents have.
    record More(DocumentType documentType, List<ChargeLine> charges, List<LimitUse> limits, List<Accrual> accruals, List<ManualClaim> manualClaims,
                List<CashDiscount> cashDiscounts, List<LadderLine> ladder) {
        public static final More NONE = new More(DocumentType.TAX_INVOICE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

        public More {
            charges = List.copyOf(charges);
            limits = List.copyOf(limits);
            accruals = List.copyOf(accruals);
            manualClaims = List.copyOf(manualClaims);
            cashDiscounts = List.copyOf(cashDiscounts);
            ladder = List.copyOf(ladder);
        }
    }

    /// What the document is under tax law (r.46, r.46A, r.49): a bill of supply carries no tax.
    enum DocumentType { TAX_INVOICE, BILL_OF_SUPPLY, INVOICE_CUM_BILL_OF_SUPPLY, COMMERCIAL }

    /// A billed line: one SKU, one MRP, one price. A command line that meets two MRPs becomes parts 1, 2, …
    /// Tax-exclusive: gross − schemeDiscount − manualDiscount + sharedValue = taxable.
    /// Tax-inclusive: the same less the taxes = taxable (PX-06).
    ///
    /// @param priceLevel  PX-01 level, 0 for a manual price
    /// @param sharedValue value moved from (−) this line to free goods under one price (EX-11), else 0
    record ResultLine(int line, int part, String skuId, Money mrp, List<BatchQty> batches, Qty qty, UnitPrice unitPrice,
                      String priceListId, int priceListVersion, int priceLevel, boolean taxInclusive, Money gross,
                      List<LineBenefit> benefits, Money schemeDiscount, Money manualDiscount, Money sharedValue, Money taxable,
                      String hsn, String taxRateId, int taxRateVersion, RuleBook.TaxKind taxKind, Rate taxRate,
                      Money cgst, Money sgst, Money igst, Money cess, Money total, Money cost, TaxMore more, String manualCode) {
        public ResultLine {
            batches = List.copyOf(batches);
            benefits = List.copyOf(benefits);
        }

        /// The single head of a VAT system; zero under GST.
        public Money vat() {
            return TaxMore.vat(more, cess);
        }

        /// The value on which the tax was taken: `taxable`, unless it is valued otherwise (RSP, a fraction).
        public Money assessable() {
            return more == null || more.assessable == null ? taxable : more.assessable;
        }
    }

    /// What tax says beside the heads of GST; members that say nothing are null.
    /// @param assessable the value on which the tax was taken, where it is not the taxable value
    /// @param rsp        the retail sale price in force, per base unit (IN-08)
    /// @param category   the rate's code for documents
    record TaxMore(Money assessable, Money rsp, Money vat, String category) {
        static Money vat(TaxMore more, Money like) {
            return more == null || more.vat == null ? Money.zero(like.scale()) : more.vat;
        }
    }

    /// Free goods of one scheme, one SKU, one MRP. `taxable` is 0 unless one price is shared over bought and free goods.
    /// @param inside the units were part of the ordered quantity
    /// @param value  at the outlet's price, for people; never posted
    record FreeLine(String schemeId, int schemeVersion, String skuId, Money mrp, List<BatchQty> batches, Qty qty, boolean inside,
                    UnitPrice unitPrice, Money value, Money taxable, String hsn, String taxRateId, int taxRateVersion,
                    RuleBook.TaxKind taxKind, Rate taxRate, Money cgst, Money sgst, Money igst, Money cess, Money total,
                    Money cost, UnitPrice claimRate, Money claimValue, TaxMore more) {
        public FreeLine {
            batches = List.copyOf(batches);
        }

        public Money vat() {
            return TaxMore.vat(more, cess);
        }
    }

    record BatchQty(String batchId, String batchNo, Integer expiresOn, Qty qty, UnitPrice unitCost) {}

    /// What one scheme took off one line.
    record LineBenefit(String schemeId, int schemeVersion, Scheme.Stage stage, Money amount, Money principalShare, Money distributorShare) {}

    /// Billed value and tax by HSN and rate.
    record TaxSummary(String hsn, RuleBook.TaxKind kind, Rate rate, Qty qty, Money taxable, Money cgst, Money sgst, Money igst, Money cess, TaxMore more) {
        public Money vat() {
            return TaxMore.vat(more, cess);
        }

        public Money assessable() {
            return more == null || more.assessable == null ? taxable : more.assessable;
        }
    }

    record Totals(Money gross, Money schemeDiscount, Money manualDiscount, Money taxable, Money cgst, Money sgst, Money igst,
                  Money cess, Money beforeRounding, Money rounding, Money payable, TotalsMore more) {
        public Money vat() {
            return more == null || more.vat == null ? Money.zero(cess.scale()) : more.vat;
        }

        public Money charges() {
            return more == null || more.charges == null ? Money.zero(cess.scale()) : more.charges;
        }
    }

    record TotalsMore(Money assessable, Money vat, Money charges) {}

    /// Freight or packing with its own tax; in the totals of tax, not in `gross` and `taxable`.
    record ChargeLine(String code, String hsn, Money amount, String taxRateId, int taxRateVersion, Rate taxRate, Money cgst, Money sgst, Money igst, Money cess,
                      Money total, TaxMore more) {}

    /// What to take from one limit of a scheme (PX-24).
    record LimitUse(String schemeId, Scheme.Scope scope, String period, Money amount, Qty freeQty, int times, boolean exhausted) {}

    /// QPS and TOD: the change of the period's account. REBATE: full units with what was carried. CREDIT_NOTE and PAYOUT: a mechanic that is settled off the
    /// bill. RETRO: what a scheme approved later owes (PX-42).
    enum AccrualKind { QPS, TOD, POINTS, REBATE, CREDIT_NOTE, PAYOUT, RETRO }

    /// What the document adds to an account that is settled later (PX-21, 6).
    /// @param period  null where no period is counted
    /// @param unit    MONEY or POINTS
    /// @param counted what this document adds, in the unit of the basis; `value` its net value
    /// @param amount  the change, may be negative; `accrued` the sum after it, null if it is not known
    /// @param carry   base units left over of `skuId`
    record Accrual(String schemeId, int schemeVersion, String code, AccrualKind kind, String period, String unit, String counted, Money value, String amount,
                   String accrued, Qty carry, String skuId, Scheme.Settlement settlement, Money principalShare, Money distributorShare) {}

    /// A manual discount under a code that was approved beforehand (PX-43).
    record ManualClaim(int line, String code, Money amount, Money claim) {}

    record CashDiscount(String schemeId, int schemeVersion, List<CashTerm> terms) {
        public CashDiscount {
            terms = List.copyOf(terms);
        }
    }

    /// Paid by that day, so much may be deducted.
    record CashTerm(int payBy, Rate percent, Money amount) {}

    /// Every scheme that looks at one line, in the order of evaluation.
    record LadderLine(int line, String skuId, List<LadderRow> schemes) {
        public LadderLine {
            schemes = List.copyOf(schemes);
        }
    }

    /// @param amount  what the scheme gave to this line; free goods: the value of those of its SKU or set
    /// @param failing every condition that fails, none if applied
    /// @param winner  the scheme that won the exclusion group on this line
    /// @param moreQty base units more on this line that reach `next`; null if more of this line does not, or other schemes decide
    /// @param choices SKUs that the outlet may choose as free goods
    record LadderRow(String schemeId, int schemeVersion, String code, Scheme.Stage stage, boolean applied, Money amount, Qty freeQty, List<Failing> failing,
                     String winner, NextStep next, Qty moreQty, List<String> choices) {
        public LadderRow {
            failing = List.copyOf(failing);
            choices = List.copyOf(choices);
        }
    }

    record Failing(Condition condition, String wanted, String found) {}

    /// A scheme's outcome on this document, for accrual. `claim` is what the principal will be asked for: its share of the
    /// discount and of the free goods at the claim rate, or 0 if the scheme is not claimable.
    record SchemeBenefit(String schemeId, int schemeVersion, String code, Money discount, Money principalShare,
                         Money distributorShare, Money freeGoodsValue, Money freeGoodsCost, Money freeGoodsPrincipalShare,
                         Money claim) {}

    /// What leaves stock, and at which cost.
    record PostingFacts(List<StockIssue> issues, Money costOfGoods, Money freeGoodsCost) {
        public PostingFacts {
            issues = List.copyOf(issues);
        }
    }

    record StockIssue(String skuId, String batchId, Money mrp, Qty billed, Qty free, UnitPrice unitCost, Money billedCost, Money freeCost) {}

    /// @param dueOn        epoch day on which the bill falls due
    /// @param exposureAfter exposure with this bill, if it is on credit
    record CreditOutcome(String principalId, boolean checked, Money limit, Money exposureBefore, Money exposureAfter,
                         int overdueDays, int dueOn) {}

    /// Something to know, not to stop for.
    record Warning(WarningCode code, Integer line, String skuId, List<Refusal.Value> values) {
        public Warning {
            values = List.copyOf(values);
        }
    }

    enum WarningCode { NEAR_EXPIRY, STOCK_SHORT, PRICE_ABOVE_MRP, PRICE_BELOW_FLOOR, CREDIT_LIMIT, CREDIT_OVERDUE, OUTLET_BLOCKED,
        FREE_GOODS_AS_VALUE, SHELF_LIFE_SHORT, MANUAL_ABOVE_LIMIT }

    /// What became of a scheme whose products are on the document: applied, or the condition that failed.
    /// @param lines     the command lines it looks at
    /// @param condition null if applied
    /// @param wanted    what the condition asks for; `found` what it saw
    /// @param benefit   money off, or the value of free goods at the outlet's price
    /// @param next      the next slab or set, null if there is none
    record SchemeTrace(String schemeId, int schemeVersion, String code, List<Integer> lines, boolean applied,
                       Condition condition, String wanted, String found, Money benefit, Qty freeQty, NextStep next) {
        public SchemeTrace {
            lines = List.copyOf(lines);
        }
    }

    /// In the order they are checked.
    enum Condition { NOT_IN_FORCE, APPROVED_LATER, CHANNEL, CLASS, GROUP, OUTLET, PARENT, TERRITORY, STATE, WAREHOUSE, PAYMENT_MODE, SALE_TYPE, ORDER_SOURCE, REGISTRATION,
        FIRST_ORDER, MSL, WEEKDAY, DAYPART, THRESHOLD, DISTINCT, EXCLUDED, CAP, LIMIT_INVOICE, LIMIT_OUTLET, LIMIT_DISTRIBUTOR, LIMIT_TOTAL, NO_VALUE }

    /// How much more earns what.
    /// @param more   base units (basis BASE_QTY) or money
    /// @param reward percent as a fraction, amount per unit, fixed amount or free quantity, as `kind` says
    /// @param group  the place of the combo's group or the bundle's component that is short; null otherwise
    record NextStep(Scheme.Basis basis, String from, String more, RewardKind kind, String reward, Integer group) {}

    enum RewardKind { PERCENT, PER_UNIT, FIXED, FREE_QTY, PER_COUNT, POINTS, BUNDLE_PRICE }
}
