package io.offtake.rules;

import java.util.List;

/// The answer to a [DecideCommand]: refused with every reason of the first failing stage, or decided in full.
public sealed interface Decision {

    record Refused(List<Refusal> refusals, List<SchemeTrace> trace) implements Decision {
        public Refused {
            refusals = List.copyOf(refusals);
            trace = List.copyOf(trace);
        }
    }

    /// @param placeOfSupply State code (IN-03)
    /// @param interState    IGST instead of CGST and SGST
    record Decided(DecideCommand.Kind kind, int businessDate, String principalId, String placeOfSupply, boolean interState,
                   List<ResultLine> lines, List<FreeLine> freeLines, List<TaxSummary> taxes, Totals totals,
                   List<SchemeBenefit> schemes, PostingFacts posting, CreditOutcome credit, List<Warning> warnings,
                   List<SchemeTrace> trace, String roundingId, int roundingVersion) implements Decision {
        public Decided {
            lines = List.copyOf(lines);
            freeLines = List.copyOf(freeLines);
            taxes = List.copyOf(taxes);
            schemes = List.copyOf(schemes);
            warnings = List.copyOf(warnings);
            trace = List.copyOf(trace);
        }
    }

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
                      Money cgst, Money sgst, Money igst, Money cess, Money total, Money cost) {
        public ResultLine {
            batches = List.copyOf(batches);
            benefits = List.copyOf(benefits);
        }
    }

    /// Free goods of one scheme, one SKU, one MRP. `taxable` is 0 unless one price is shared over bought and free goods.
    /// @param inside the units were part of the ordered quantity
    /// @param value  at the outlet's price, for people; never posted
    record FreeLine(String schemeId, int schemeVersion, String skuId, Money mrp, List<BatchQty> batches, Qty qty, boolean inside,
                    UnitPrice unitPrice, Money value, Money taxable, String hsn, String taxRateId, int taxRateVersion,
                    RuleBook.TaxKind taxKind, Rate taxRate, Money cgst, Money sgst, Money igst, Money cess, Money total,
                    Money cost, UnitPrice claimRate, Money claimValue) {
        public FreeLine {
            batches = List.copyOf(batches);
        }
    }

    record BatchQty(String batchId, String batchNo, Integer expiresOn, Qty qty, UnitPrice unitCost) {}

    /// What one scheme took off one line.
    record LineBenefit(String schemeId, int schemeVersion, Scheme.Stage stage, Money amount, Money principalShare, Money distributorShare) {}

    /// Billed value and tax by HSN and rate.
    record TaxSummary(String hsn, RuleBook.TaxKind kind, Rate rate, Qty qty, Money taxable, Money cgst, Money sgst, Money igst, Money cess) {}

    record Totals(Money gross, Money schemeDiscount, Money manualDiscount, Money taxable, Money cgst, Money sgst, Money igst,
                  Money cess, Money beforeRounding, Money rounding, Money payable) {}

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
        FREE_GOODS_AS_VALUE, SHELF_LIFE_SHORT }

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
    enum Condition { NOT_IN_FORCE, CHANNEL, CLASS, GROUP, OUTLET, PAYMENT_MODE, SALE_TYPE, REGISTRATION, THRESHOLD, EXCLUDED, CAP, NO_VALUE }

    /// How much more earns what.
    /// @param more   base units (basis BASE_QTY) or money
    /// @param reward percent as a fraction, amount per unit, fixed amount or free quantity, as `kind` says
    record NextStep(Scheme.Basis basis, String from, String more, RewardKind kind, String reward) {}

    enum RewardKind { PERCENT, PER_UNIT, FIXED, FREE_QTY }
}
