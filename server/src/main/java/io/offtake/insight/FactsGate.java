package io.offtake.insight;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The one way in for facts that other systems hold (FED-02): what a feed or a file says becomes facts with source FILE.
/// Each call is one transaction of its own and idempotent: the same document again replaces what it said before.
public interface FactsGate {

    /// Bills and credit notes, whole.
    void sales(long distributorId, List<Sale> documents);

    void primary(long distributorId, List<Receipt> receipts);

    void orders(long distributorId, List<OrderFact> orders);

    /// Closing stock of one day of the whole distributor: replaces the snapshot before.
    void stock(long distributorId, LocalDate asOf, List<StockRow> rows);

    /// Open items of one day of the whole distributor: replaces those before.
    void receivables(long distributorId, LocalDate asOf, List<OpenItem> items);

    void visits(long distributorId, List<Visit> visits);

    void targets(long distributorId, List<Target> targets);

    record Sale(UUID documentId, String number, Kind kind, LocalDate businessDate, long principalId, UUID outletId, BigDecimal payable, boolean onCredit, boolean cancelled, @Nullable String reason,
                Quality quality, List<SaleLine> lines) {}

    /// Amounts are positive, also on credit notes; `gross` is quantity × list price before discount.
    record SaleLine(long skuId, BigDecimal qty, BigDecimal freeQty, BigDecimal gross, BigDecimal schemeDiscount, BigDecimal manualDiscount, BigDecimal cost, boolean atListPrice, List<SchemeUse> schemes) {}

    record SchemeUse(long schemeId, BigDecimal benefit, BigDecimal claim) {}

    record Receipt(UUID documentId, LocalDate receivedOn, long principalId, boolean cancelled, Quality quality, List<ReceiptLine> lines) {}

    record ReceiptLine(long skuId, BigDecimal billedQty, BigDecimal freeQty, BigDecimal shortQty, BigDecimal value) {}

    record OrderFact(UUID orderId, LocalDate orderedOn, LocalDate promiseOn, long principalId, UUID outletId, Quality quality, List<OrderLine> lines) {}

    record OrderLine(int line, long skuId, BigDecimal ordered, BigDecimal delivered, BigDecimal rate, @Nullable LocalDate deliveredOn, OrderState state, @Nullable String reason) {}

    record StockRow(long skuId, long principalId, String batchNo, String bucket, BigDecimal qty, BigDecimal unitCost, @Nullable LocalDate expiresOn, Quality quality) {}

    record OpenItem(UUID documentId, String number, String kind, long principalId, UUID outletId, LocalDate businessDate, LocalDate dueOn, BigDecimal amount, BigDecimal open, Quality quality) {}

    record Visit(UUID visitId, LocalDate on, @Nullable LocalDate plannedOn, boolean done, String rep, UUID outletId, boolean productive, int skus, @Nullable Boolean inFence) {}

    record Target(String metric, LocalDate month, BigDecimal value) {}

    enum Quality { OK, ESTIMATED, SUSPECT }

    enum Kind { INVOICE, CREDIT_NOTE }

    enum OrderState { OPEN, DELIVERED, CANCELLED_CUSTOMER, CANCELLED_SUPPLIER }
}
