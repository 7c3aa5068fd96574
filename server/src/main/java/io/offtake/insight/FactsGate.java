package io.offtake.insight;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Where facts come in that no document of the product made: of distributors that keep another system (domain/11).
///
/// Each call is one transaction and may be repeated: a document that comes again under its id replaces what it said before, and
/// one that says the same changes nothing. Outlets and SKUs are ids of the masters; what cannot be mapped is the caller's to
/// hold back. All amounts are positive, on credit notes too.
public interface FactsGate {

    /// Bills and credit notes. They move neither stock nor what is owed: those come as [#stock] and [#receivables].
    void sales(long distributorId, List<Sale> documents);

    /// What the principal billed and the distributor received.
    void primary(long distributorId, List<Receipt> receipts);

    /// Orders as they stand, with all their lines.
    void orders(long distributorId, List<OrderFact> orders);

    /// The closing stock of a day, all of it: replaces the one before. The difference to it is the movement of that day.
    ///
    /// @throws IllegalArgumentException if a later day is known already
    void stock(long distributorId, LocalDate asOf, List<StockRow> rows);

    /// Every open item at the close of a day: replaces those before. The difference by outlet is the movement of that day.
    ///
    /// @throws IllegalArgumentException if a later day is known already
    void receivables(long distributorId, LocalDate asOf, List<OpenItem> items);

    void visits(long distributorId, List<Visit> visits);

    void targets(long distributorId, List<Target> targets);

    enum Kind { INVOICE, CREDIT_NOTE, FINANCIAL_CREDIT_NOTE }

    /// How far a fact may be trusted; the worst of the documents under a figure counts.
    enum Quality { OK, ESTIMATED, SUSPECT }

    enum OrderState { OPEN, DELIVERED, CANCELLED_CUSTOMER, CANCELLED_SUPPLIER }

    /// @param documentId the same for the same document for ever, such as a name-based UUID of distributor and number
    /// @param payable    with tax
    /// @param onCredit   whether it is owed
    /// @param reason     why goods came back
    record Sale(UUID documentId, String number, Kind kind, LocalDate businessDate, long principalId, UUID outletId, BigDecimal payable, boolean onCredit, boolean cancelled, @Nullable String reason, Quality quality,
                List<SaleLine> lines) {}

    /// @param qty         billed, in base units
    /// @param gross       quantity × price before discount
    /// @param cost        of what was issued, 0 if unknown
    /// @param atListPrice whether the price is the authorised one (KPI-70)
    record SaleLine(long skuId, BigDecimal qty, BigDecimal freeQty, BigDecimal gross, BigDecimal schemeDiscount, BigDecimal manualDiscount, BigDecimal cost, boolean atListPrice, List<SchemeUse> schemes) {}

    /// @param benefit given to the outlet, free goods at their value
    /// @param claim   what of it the principal bears
    record SchemeUse(long schemeId, BigDecimal benefit, BigDecimal claim) {}

    record Receipt(UUID documentId, LocalDate receivedOn, long principalId, boolean cancelled, Quality quality, List<ReceiptLine> lines) {}

    /// @param value billed by the principal, before tax
    record ReceiptLine(long skuId, BigDecimal billedQty, BigDecimal freeQty, BigDecimal shortQty, BigDecimal value) {}

    record OrderFact(UUID orderId, LocalDate orderedOn, LocalDate promiseOn, long principalId, UUID outletId, Quality quality, List<OrderLine> lines) {}

    record OrderLine(int line, long skuId, BigDecimal ordered, BigDecimal delivered, BigDecimal rate, @Nullable LocalDate deliveredOn, OrderState state, @Nullable String reason) {}

    /// @param bucket SALEABLE, RESERVED, DAMAGED …; only the first two are stock to sell
    record StockRow(long skuId, long principalId, String batchNo, String bucket, BigDecimal qty, BigDecimal unitCost, @Nullable LocalDate expiresOn, Quality quality) {}

    /// @param kind INVOICE, DEBIT_NOTE, OPENING, CREDIT_NOTE or ON_ACCOUNT
    record OpenItem(UUID documentId, String number, String kind, long principalId, UUID outletId, LocalDate businessDate, LocalDate dueOn, BigDecimal amount, BigDecimal open, Quality quality) {}

    /// @param done    counts as done; the file's rules on closed shops apply before
    /// @param skus    distinct SKUs ordered
    /// @param inFence null where the outlet has no verified point
    record Visit(UUID visitId, LocalDate on, @Nullable LocalDate plannedOn, boolean done, String rep, UUID outletId, boolean productive, int skus, @Nullable Boolean inFence) {}

    /// @param metric `nsv`
    /// @param month  its first day
    record Target(String metric, LocalDate month, BigDecimal value) {}
}
