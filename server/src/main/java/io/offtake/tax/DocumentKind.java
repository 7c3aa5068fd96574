package io.offtake.tax;

import java.util.Collection;

/// What a posted document is in law, and so which title stands on its paper (IN-26, r.46A, r.49). It follows from the stored
/// document alone: its kind, the seller's registration on the day, and how its goods are taxed.
public enum DocumentKind {
    TAX_INVOICE,
    /// Exempt or nil-rated goods only, or a composition supplier: no tax is collected (s.31(3)(c)).
    BILL_OF_SUPPLY,
    /// Taxable and exempt goods on one paper for an unregistered buyer (r.46A).
    INVOICE_CUM_BILL_OF_SUPPLY,
    CREDIT_NOTE,
    DEBIT_NOTE,
    /// A commercial note: no GST, in no return, no IRN (IN-21).
    FINANCIAL_CREDIT_NOTE,
    /// A bill of a seller who is not registered at all: it may not be called a tax invoice.
    INVOICE;

    /// @param kind               INVOICE, CREDIT_NOTE, DEBIT_NOTE or FINANCIAL_CREDIT_NOTE, as stored
    /// @param sellerRegistration REGULAR, COMPOSITION or UNREGISTERED
    /// @param buyerRegistered    false for a consumer; a buyer abroad is none
    /// @param taxKinds           TAXABLE, ZERO_RATED, NIL, EXEMPT or NON_GST of every line, free goods included
    public static DocumentKind of(String kind, String sellerRegistration, boolean buyerRegistered, Collection<String> taxKinds) {
        switch (kind) {
            case "CREDIT_NOTE" -> { return CREDIT_NOTE; }
            case "DEBIT_NOTE" -> { return DEBIT_NOTE; }
            case "FINANCIAL_CREDIT_NOTE" -> { return FINANCIAL_CREDIT_NOTE; }
            default -> { }
        }
        if (sellerRegistration.equals("UNREGISTERED")) return INVOICE;
        if (sellerRegistration.equals("COMPOSITION")) return BILL_OF_SUPPLY;
        boolean taxable = taxKinds.contains("TAXABLE") || taxKinds.contains("ZERO_RATED");
        boolean exempt = taxKinds.stream().anyMatch(one -> !one.equals("TAXABLE") && !one.equals("ZERO_RATED"));
        if (!taxable && exempt) return BILL_OF_SUPPLY;
        return taxable && exempt && !buyerRegistered ? INVOICE_CUM_BILL_OF_SUPPLY : TAX_INVOICE;
    }

    /// Whether it is a supply document that can carry an IRN (IN-30): neither a bill of supply nor a financial note.
    public boolean canBeEInvoiced() {
        return this == TAX_INVOICE || this == CREDIT_NOTE || this == DEBIT_NOTE;
    }
}
