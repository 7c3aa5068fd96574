package io.offtake.rules;

import java.util.List;

/// What is to be decided: one bill (or the preview of an order) of one principal to one outlet, with the facts that
/// the decision needs. Same command and same book give the same decision, whatever the order of lines or batches.
///
/// @param principalId the document's principal; null takes that of the first line
/// @param approved    refusal codes that somebody entitled has let through; they become warnings
public record DecideCommand(
        Kind kind, int businessDate, SaleType saleType, PaymentMode paymentMode, String principalId,
        Outlet outlet, List<Line> lines, List<Batch> batches, List<Refusal.Code> approved, Facts facts) {

    public DecideCommand {
        lines = List.copyOf(lines);
        batches = List.copyOf(batches);
        approved = List.copyOf(approved);
    }

    /// A command without further facts.
    public DecideCommand(Kind kind, int businessDate, SaleType saleType, PaymentMode paymentMode, String principalId, Outlet outlet, List<Line> lines,
                         List<Batch> batches, List<Refusal.Code> approved) {
        this(kind, businessDate, saleType, paymentMode, principalId, outlet, lines, batches, approved, Facts.NONE);
    }

    /// The same bill with other facts.
    public DecideCommand with(Facts other) {
        return new DecideCommand(kind, businessDate, saleType, paymentMode, principalId, outlet, lines, batches, approved, other);
    }

    /// What schemes and prices may ask beside the bill itself.
    /// @param minuteOfDay  local time, 0 to 1439; null: not known, dayparts fail
    /// @param orderedOn    day of the order (PX-03); null: none
    /// @param explain      the answer has a ladder
    /// @param limits       what is left of schemes' limits; a limit without a row is untouched
    /// @param cumulated    what earlier documents of a period counted
    /// @param choices      which free goods the outlet takes
    /// @param manualLimit  the user's own limit for manual discounts; null: not looked at
    /// @param warehouseId  from where the goods leave; null: not known, schemes for warehouses fail (SCH-09)
    public record Facts(Scheme.Level level, String orderSource, Integer minuteOfDay, Integer orderedOn, boolean explain, List<LimitLeft> limits,
                        List<Cumulated> cumulated, List<Choice> choices, Rate manualLimit, List<ManualCode> manualCodes, List<Charge> charges, String warehouseId) {
        public static final Facts NONE = new Facts(Scheme.Level.OUTLET, null, null, null, false, List.of(), List.of(), List.of(), null, List.of(), List.of(), null);

        public Facts {
            limits = List.copyOf(limits);
            cumulated = List.copyOf(cumulated);
            choices = List.copyOf(choices);
            manualCodes = List.copyOf(manualCodes);
            charges = List.copyOf(charges);
        }

        /// The same facts with a ladder asked for.
        public Facts explained() {
            return new Facts(level, orderSource, minuteOfDay, orderedOn, true, limits, cumulated, choices, manualLimit, manualCodes, charges, warehouseId);
        }

        public Facts withOrderSource(String other) {
            return new Facts(level, other, minuteOfDay, orderedOn, explain, limits, cumulated, choices, manualLimit, manualCodes, charges, warehouseId);
        }

        public Facts withMinuteOfDay(Integer other) {
            return new Facts(level, orderSource, other, orderedOn, explain, limits, cumulated, choices, manualLimit, manualCodes, charges, warehouseId);
        }

        public Facts withWarehouseId(String other) {
            return new Facts(level, orderSource, minuteOfDay, orderedOn, explain, limits, cumulated, choices, manualLimit, manualCodes, charges, other);
        }

        public Facts withChoices(List<Choice> other) {
            return new Facts(level, orderSource, minuteOfDay, orderedOn, explain, limits, cumulated, other, manualLimit, manualCodes, charges, warehouseId);
        }

        public Facts withManualLimit(Rate other) {
            return new Facts(level, orderSource, minuteOfDay, orderedOn, explain, limits, cumulated, choices, other, manualCodes, charges, warehouseId);
        }

        /// The same facts with other standings of limits and periods.
        public Facts withStanding(List<LimitLeft> left, List<Cumulated> sums) {
            return new Facts(level, orderSource, minuteOfDay, orderedOn, explain, left, sums, choices, manualLimit, manualCodes, charges, warehouseId);
        }
    }

    /// What is left of one limit (PX-24). A null measure is that of the scheme, untouched.
    public record LimitLeft(String schemeId, Scheme.Scope scope, String period, Money amount, Qty freeQty, Integer times) {}

    /// What the scheme's period has counted so far.
    /// @param skuId      for left-overs of a cumulative rebate; null otherwise
    /// @param counted    in the unit of the scheme's basis, as text
    /// @param value      net value; null: as counted
    /// @param accrued    what was accrued for it; null: what the slabs give for it
    /// @param growthBase the same period before; null: none
    public record Cumulated(String schemeId, String period, String skuId, String counted, Money value, String accrued, Money growthBase) {}

    public record Choice(String schemeId, String skuId, Qty qty) {}

    /// A manual benefit approved beforehand, which makes it claimable (PX-43).
    public record ManualCode(String code, Rate principalShare, Money amountLeft) {}

    /// Freight or packing added to the bill, taxed by its own code.
    public record Charge(String code, String hsn, Money amount) {}

    /// A preview is priced as an invoice of that date would be; shortage and credit only warn.
    public enum Kind { INVOICE, ORDER_PREVIEW }

    public enum SaleType { COUNTER, DELIVERY }

    public enum PaymentMode { CREDIT, CASH, UPI, CHEQUE }

    /// @param stateCode   State of the address; null is taken as the seller's (IN-03 ca)
    /// @param territories every territory that the outlet lies in, in no order
    public record Outlet(String id, String channel, String outletClass, String group, String parentId, String stateCode,
                         RuleBook.Registration registration, String gstin, boolean blocked, List<CreditAccount> credit,
                         List<String> territories, boolean firstOrder, boolean mslCompliant) {
        public Outlet {
            credit = List.copyOf(credit);
            territories = List.copyOf(territories);
        }

        public Outlet(String id, String channel, String outletClass, String group, String parentId, String stateCode,
                      RuleBook.Registration registration, String gstin, boolean blocked, List<CreditAccount> credit) {
            this(id, channel, outletClass, group, parentId, stateCode, registration, gstin, blocked, credit, List.of(), false, false);
        }
    }

    /// An outlet's standing with one principal's goods. Without an account the outlet has no credit there.
    /// @param limit       null: unlimited
    /// @param exposure    open bills, orders in process and uncleared cheques less money on account
    /// @param overdueDays of the oldest bill past its due date; 0: none
    /// @param termsDays   days until a bill falls due
    public record CreditAccount(String principalId, Money limit, Money exposure, int overdueDays, int termsDays) {}

    /// @param qty    in base units; with an "inside" scheme the ordered quantity
    /// @param batchId sell from this batch only; null: FEFO
    /// @param manualPrice replaces the list price, per base unit (PX-43)
    /// @param manualDiscount a fraction, off what is left after all schemes
    /// @param orderedQty what was ordered, if the supplier is why less is delivered (PX-40); null: as delivered
    /// @param manualCode a code approved beforehand; null: none
    public record Line(int line, String skuId, Qty qty, String batchId, UnitPrice manualPrice, Rate manualDiscount,
                       String manualReason, Qty orderedQty, String manualCode) {
        public Line(int line, String skuId, Qty qty, String batchId, UnitPrice manualPrice, Rate manualDiscount, String manualReason) {
            this(line, skuId, qty, batchId, manualPrice, manualDiscount, manualReason, null, null);
        }
    }

    /// Stock that may be sold: the saleable (or, for an allocated order, its reserved) quantity of a batch.
    /// @param mrp       null for goods without MRP
    /// @param expiresOn last day of sale, null if the batch does not expire
    /// @param rsp       declared retail sale price where it is not the MRP (IN-08); null: the MRP
    public record Batch(String batchId, String skuId, String batchNo, Money mrp, Integer expiresOn, int receivedOn,
                        Qty saleable, UnitPrice unitCost, Money rsp) {
        public Batch(String batchId, String skuId, String batchNo, Money mrp, Integer expiresOn, int receivedOn, Qty saleable, UnitPrice unitCost) {
            this(batchId, skuId, batchNo, mrp, expiresOn, receivedOn, saleable, unitCost, null);
        }
    }
}
