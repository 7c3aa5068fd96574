package io.offtake.tax.india;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// What the buyer of a document is for reporting, derived from the document (IN-05, IN-50).
public enum Customer {
    /// Registered, composition buyers included: their number goes into table 4.
    B2B,
    /// SEZ unit or developer: always inter-State (IN-04).
    SEZ,
    /// Registered, taxed as usual, stated apart (CGST s.147, table 6C).
    DEEMED_EXPORT,
    /// Abroad: no GSTIN, zero-rated, with an IRN all the same (IN-30, table 6A).
    EXPORT,
    /// Unregistered, inter-State, above the limit: invoice by invoice (table 5).
    B2CL,
    /// All other unregistered buyers: by rate and place (table 7).
    B2CS;

    /// @param registration REGULAR, COMPOSITION, SEZ, EXPORT, DEEMED_EXPORT or UNREGISTERED
    /// @param invoiceValue with tax and rounding
    public static Customer of(@Nullable String gstin, String registration, boolean interState, BigDecimal invoiceValue, LocalDate on, Law law) {
        switch (registration) {
            case "SEZ" -> { return SEZ; }
            case "EXPORT" -> { return EXPORT; }
            case "DEEMED_EXPORT" -> { return DEEMED_EXPORT; }
            default -> { }
        }
        if (gstin != null && !registration.equals("UNREGISTERED")) return B2B;
        return interState && law.isAbove(Law.Key.B2CL_INVOICE_VALUE, invoiceValue, on) ? B2CL : B2CS;
    }

    public boolean isRegistered() {
        return this == B2B || this == SEZ || this == DEEMED_EXPORT;
    }

    /// Whether documents to it are registered with the portal (IN-30): those to everybody but consumers.
    public boolean isReported() {
        return isRegistered() || this == EXPORT;
    }
}
