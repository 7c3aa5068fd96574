package io.offtake.tax.india;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Who registers what, by when, and under which number (r.48(4), IN-30 to IN-32, IN-35, IN-36).
public final class EInvoice {
    private EInvoice() {}

    /// Reasons of a cancellation at the invoice portal; the e-way bill portal numbers them differently.
    public enum CancelReason {
        DUPLICATE("1", "1"), DATA_ENTRY("2", "3"), ORDER_CANCELLED("3", "2"), OTHER("4", "4");

        private final String invoiceCode;
        private final String ewayCode;

        CancelReason(String invoiceCode, String ewayCode) {
            this.invoiceCode = invoiceCode;
            this.ewayCode = ewayCode;
        }

        public String invoiceCode() {
            return invoiceCode;
        }

        public String ewayCode() {
            return ewayCode;
        }
    }

    /// Whether a registered supplier has to register documents at all: the turnover of any year since 2017-18 counts.
    ///
    /// @param highestTurnover rupees of the highest year since 2017-18
    public static boolean isNotified(BigDecimal highestTurnover, LocalDate on, Law law) {
        return law.isAbove(Law.Key.E_INVOICE_TURNOVER, highestTurnover, on);
    }

    /// Whether one document needs an IRN: supplies to registered buyers, SEZ units and abroad, and their notes; not bills of supply, consumer bills
    /// or financial notes.
    public static boolean isDue(BigDecimal highestTurnover, io.offtake.tax.DocumentKind kind, Customer customer, LocalDate on, Law law) {
        return kind.canBeEInvoiced() && customer.isReported() && isNotified(highestTurnover, on, law);
    }

    /// Whether a consumer bill carries a payable QR (N/N 14/2020-CT).
    public static boolean needsDynamicQr(BigDecimal highestTurnover, Customer customer, LocalDate on, Law law) {
        return !customer.isReported() && law.isAbove(Law.Key.B2C_QR_TURNOVER, highestTurnover, on);
    }

    /// The last day on which the portal takes a document: none for suppliers below the limit.
    public static @Nullable LocalDate reportBy(BigDecimal highestTurnover, LocalDate documentDate, LocalDate on, Law law) {
        var limit = law.row(Law.Key.E_INVOICE_REPORT_TURNOVER, "", on);
        if (limit.isEmpty() || highestTurnover.compareTo(limit.get().value()) < 0) return null;
        return documentDate.plusDays(law.value(Law.Key.E_INVOICE_REPORT_DAYS, on).longValueExact());
    }

    /// The last moment in which an IRN may be cancelled.
    public static Instant cancelBy(Instant acknowledged, Law law) {
        return acknowledged.plus(Duration.ofHours(law.value(Law.Key.E_INVOICE_CANCEL_HOURS, LocalDate.ofInstant(acknowledged, EwayBill.ZONE)).longValueExact()));
    }

    public static boolean mayBeCancelled(Instant now, Instant acknowledged, boolean activeEwayBill, Law law) {
        return !activeEwayBill && !now.isAfter(cancelBy(acknowledged, law));
    }

    /// SHA-256 of supplier, fiscal year, document type and number: computed here, so that a duplicate shows before it is sent.
    ///
    /// @param type INV, CRN or DBN
    public static String irn(String sellerGstin, LocalDate documentDate, String type, String number) {
        return sha256(sellerGstin + FiscalYears.label(FiscalYears.of(documentDate)) + type + Numbers.asCompared(number));
    }

    static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
