package io.offtake.tax;

import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Posted documents as returns add them up: set-based, one row for each document and rate, without reading the documents
/// themselves. Tax stands below billing, so billing answers through this.
public interface TaxRows {

    /// @param kind              INVOICE, CREDIT_NOTE, DEBIT_NOTE; financial credit notes are in no return
    /// @param originalPayable   of the invoice a note corrects; null for none
    /// @param taxKind           TAXABLE, NIL, EXEMPT, NON_GST
    /// @param rate              a fraction
    /// @param taxable           positive, a note's too; what the tax is worked out on
    record Row(UUID id, String kind, String number, LocalDate date, String placeOfSupply, boolean interState, @Nullable String sellerGstin, String sellerState, @Nullable String buyerGstin, String buyerRegistration,
               String buyerName, BigDecimal payable, boolean cancelled, @Nullable UUID originalId, @Nullable String originalNumber, @Nullable LocalDate originalDate, @Nullable BigDecimal originalPayable,
               String taxKind, BigDecimal rate, BigDecimal taxable, BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess) {}

    /// @param registered whether the buyers have a GSTIN (table 12 is split since May 2025)
    /// @param unit       base unit
    /// @param qty        and the amounts: net of credit notes
    record Goods(String hsn, BigDecimal rate, String unit, boolean registered, BigDecimal qty, BigDecimal taxable, BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess) {}

    /// Output tax of one document by its ledger entries, its cancellation included.
    record Booked(UUID documentId, BigDecimal cgst, BigDecimal sgst, BigDecimal igst, BigDecimal cess) {}

    /// Documents of these business dates (both included), cancelled ones too, by number.
    List<Row> documents(RowScope scope, long distributorId, LocalDate from, LocalDate to);

    /// Those of these business dates that were posted or cancelled since a moment, cancelled ones too: what a return that was filed
    /// then could not know.
    List<Row> changedSince(RowScope scope, long distributorId, LocalDate from, LocalDate to, Instant since);

    /// What these documents sold, by HSN and rate, cancelled or not; a credit note takes away.
    List<Goods> goodsOf(RowScope scope, long distributorId, LocalDate from, LocalDate to, Collection<UUID> documents);

    /// What was sold, by HSN and rate, cancelled documents left out.
    List<Goods> goods(RowScope scope, long distributorId, LocalDate from, LocalDate to);

    /// What the books say of the same days, account 2200.
    List<Booked> booked(RowScope scope, long distributorId, LocalDate from, LocalDate to);
}
