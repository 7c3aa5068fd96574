package io.offtake.billing;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Goods that come back from a bill (PX-41, P-07): what may still come back, holding it while it is on its way, and the note that credits it from the bill's own
/// frozen lines. Goods are moved by whoever receives them; these notes move none.
///
/// The `Connection` forms work inside the caller's transaction, which `Post.retried` runs again where somebody was faster.
public interface Reversals {

    /// A bill with what may still come back of each line.
    /// @param credited notes of goods so far
    record Reversible(InvoiceView invoice, boolean cancelled, boolean delivered, List<Line> lines, List<UUID> credited) {}

    /// Billed goods, or free goods of one scheme. Quantities in base units.
    ///
    /// @param schemeId  of free goods, else null
    /// @param held      on its way back
    /// @param left      may still come back
    /// @param unitPrice what is credited of one unit before tax where no slab breaks; 0 for free goods
    record Line(int line, int part, boolean free, @Nullable Long schemeId, long skuId, String skuCode, String skuName, @Nullable String skuNameLocal, String unit, @Nullable BigDecimal mrp,
                List<InvoiceView.BatchQty> batches, BigDecimal sold, BigDecimal held, BigDecimal credited, BigDecimal left, BigDecimal unitPrice, BigDecimal taxRate) {}

    /// Some units of one line of a bill.
    ///
    /// @param setAside of them, what is held for a claim (DAMAGED, EXPIRED) and is therefore worth its cost in 1320 instead of 1300
    /// @param batches  the batches that came back; empty takes them in the order of issue
    record Part(int line, int part, BigDecimal qty, BigDecimal setAside, List<InvoiceView.BatchQty> batches) {
        public Part {
            batches = List.copyOf(batches);
        }
    }

    /// @param id     the note's
    /// @param reason why, for people and reports
    record ReverseInvoice(UUID id, long distributorId, UUID invoiceId, UUID warehouseId, LocalDate businessDate, String reason, @Nullable String note, List<Part> parts) {
        public ReverseInvoice {
            parts = List.copyOf(parts);
        }
    }

    /// What a note would credit. Amounts in the distributor's currency.
    ///
    /// @param kind     CREDIT_NOTE, or FINANCIAL_CREDIT_NOTE where the law's last day has passed (IN-22)
    /// @param lastDay  until when a note lowers the tax; null if the law sets no day
    /// @param benefits what is taken back of each scheme
    /// @param charged  unearned free goods that did not come back and are charged
    record Preview(String kind, @Nullable LocalDate lastDay, BigDecimal taxable, BigDecimal tax, BigDecimal rounding, BigDecimal payable, BigDecimal carry, List<Benefit> benefits, List<Charged> charged) {}

    record Benefit(long schemeId, int version, String code, BigDecimal discount, BigDecimal claim) {}

    record Charged(long skuId, BigDecimal qty, BigDecimal total) {}

    /// Reads what may come back of a bill; empty if there is none in the scope.
    Optional<Reversible> reversible(RowScope scope, UUID invoiceId);

    sealed interface HoldOutcome {
        record Held() implements HoldOutcome {}

        record Unknown() implements HoldOutcome {}

        record Cancelled() implements HoldOutcome {}

        record NoSuchLine(int line, int part) implements HoldOutcome {}

        /// More is asked for than was sold, has come back and is on its way.
        record Over(int line, int part, BigDecimal asked, BigDecimal left) implements HoldOutcome {}
    }

    /// Holds units of a bill for a return on its way; nobody else can credit them.
    HoldOutcome hold(Connection connection, long distributorId, UUID invoiceId, List<Part> parts) throws SQLException;

    /// Lets held units go.
    void release(Connection connection, long distributorId, UUID invoiceId, List<Part> parts) throws SQLException;

    /// Credits held units; everything that was held for them and does not come back is to be released by the caller.
    PostCreditNoteOutcome credit(Connection connection, ReverseInvoice command, Actor actor) throws SQLException;

    /// Credits goods that belong to no known bill, at the given prices. `setAside` as in [Part], by the command's lines.
    PostCreditNoteOutcome creditUnmatched(Connection connection, PostCreditNote command, List<BigDecimal> setAside, Actor actor) throws SQLException;

    /// What [#credit] would post, without holding or writing anything; empty if the bill is not there or so much did not come back.
    Optional<Preview> preview(Connection connection, ReverseInvoice command) throws SQLException;

    /// What of a SKU an outlet was billed last, newest first, at its net price per unit before tax.
    List<LastSold> lastSold(Connection connection, long distributorId, long principalId, UUID outletId, long skuId, int bills) throws SQLException;

    /// @param batchId the first that was issued; null if the bill's line names none
    record LastSold(UUID invoiceId, String number, LocalDate businessDate, BigDecimal unitPrice, BigDecimal taxRate, @Nullable UUID batchId) {}

    /// What an outlet was billed and credited for returned goods between two days, both included, tax included.
    Turnover turnover(Connection connection, long distributorId, UUID outletId, LocalDate from, LocalDate to) throws SQLException;

    record Turnover(BigDecimal billed, BigDecimal returned) {}
}
