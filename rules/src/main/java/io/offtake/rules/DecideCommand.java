package io.offtake.rules;

import java.util.List;

/// What is to be decided: one bill (or the preview of an order) of one principal to one outlet, with the facts that
/// the decision needs. Same command and same book give the same decision, whatever the order of lines or batches.
///
/// @param principalId the document's principal; null takes that of the first line
/// @param approved    refusal codes that somebody entitled has let through; they become warnings
public record DecideCommand(
        Kind kind, int businessDate, SaleType saleType, PaymentMode paymentMode, String principalId,
        Outlet outlet, List<Line> lines, List<Batch> batches, List<Refusal.Code> approved) {

    public DecideCommand {
        lines = List.copyOf(lines);
        batches = List.copyOf(batches);
        approved = List.copyOf(approved);
    }

    /// A preview is priced as an invoice of that date would be; shortage and credit only warn.
    public enum Kind { INVOICE, ORDER_PREVIEW }

    public enum SaleType { COUNTER, DELIVERY }

    public enum PaymentMode { CREDIT, CASH, UPI, CHEQUE }

    /// @param stateCode State of the address; null is taken as the seller's (IN-03 ca)
    public record Outlet(String id, String channel, String outletClass, String group, String parentId, String stateCode,
                         RuleBook.Registration registration, String gstin, boolean blocked, List<CreditAccount> credit) {
        public Outlet {
            credit = List.copyOf(credit);
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
    public record Line(int line, String skuId, Qty qty, String batchId, UnitPrice manualPrice, Rate manualDiscount,
                       String manualReason) {}

    /// Stock that may be sold: the saleable (or, for an allocated order, its reserved) quantity of a batch.
    /// @param mrp       null for goods without MRP
    /// @param expiresOn last day of sale, null if the batch does not expire
    public record Batch(String batchId, String skuId, String batchNo, Money mrp, Integer expiresOn, int receivedOn,
                        Qty saleable, UnitPrice unitCost) {}
}
