package io.offtake.tax.india;

import java.math.BigDecimal;
import java.time.LocalDate;

/// Tables of GSTR-1 that a document goes into (IN-50).
public enum Section {
    B2B("4A"), B2B_REVERSE_CHARGE("4B"), B2CL("5"), EXPORT_WITH_PAYMENT("6A"), EXPORT_WITHOUT_PAYMENT("6A"), SEZ("6B"), SEZ_WITHOUT_PAYMENT("6B"),
    DEEMED_EXPORT("6C"), B2CS("7"), NIL_EXEMPT("8"),
    CDNR("9B"), CDNUR("9B"),
    /// Corrections of what an earlier month stated of these.
    B2BA("9A"), B2CLA("9A"), EXPA("9A"), CDNRA("9C"), CDNURA("9C"), B2CSA("10"), NOWHERE("");

    private final String table;

    Section(String table) {
        this.table = table;
    }

    public String table() {
        return table;
    }

    public enum Buyer { REGISTERED, SEZ, DEEMED_EXPORT, UNREGISTERED, FOREIGN }

    public enum Paper { INVOICE, NOTE, FINANCIAL_NOTE }

    /// Where a later month corrects what stands in this table.
    public Section amended() {
        return switch (this) {
            case B2B, B2B_REVERSE_CHARGE, SEZ, SEZ_WITHOUT_PAYMENT, DEEMED_EXPORT, B2BA -> B2BA;
            case B2CL, B2CLA -> B2CLA;
            case EXPORT_WITH_PAYMENT, EXPORT_WITHOUT_PAYMENT, EXPA -> EXPA;
            case CDNR, CDNRA -> CDNRA;
            case CDNUR, CDNURA -> CDNURA;
            case B2CS, B2CSA -> B2CSA;
            case NIL_EXEMPT -> NIL_EXEMPT;
            case NOWHERE -> NOWHERE;
        };
    }

    /// @param value         of the invoice; of the original invoice for a note
    /// @param supplied      the date of the invoice; of the original for a note
    /// @param withPayment   of IGST, for exports and SEZ units
    /// @param onlyExempt    neither line is taxable
    public static Section of(Paper paper, Buyer buyer, boolean interState, boolean reverseCharge, boolean withPayment, boolean onlyExempt, BigDecimal value, LocalDate supplied, Law law) {
        if (paper == Paper.FINANCIAL_NOTE) return NOWHERE;
        var invoice = switch (buyer) {
            case REGISTERED -> reverseCharge ? B2B_REVERSE_CHARGE : B2B;
            case SEZ -> withPayment ? SEZ : SEZ_WITHOUT_PAYMENT;
            case DEEMED_EXPORT -> DEEMED_EXPORT;
            case FOREIGN -> withPayment ? EXPORT_WITH_PAYMENT : EXPORT_WITHOUT_PAYMENT;
            case UNREGISTERED -> interState && law.isAbove(Law.Key.B2CL_INVOICE_VALUE, value, supplied) ? B2CL : B2CS;
        };
        if (onlyExempt && buyer != Buyer.FOREIGN && buyer != Buyer.SEZ) return NIL_EXEMPT;
        if (paper == Paper.INVOICE) return invoice;
        return switch (invoice) {
            case B2B, B2B_REVERSE_CHARGE, SEZ, SEZ_WITHOUT_PAYMENT, DEEMED_EXPORT -> CDNR;
            case B2CL, EXPORT_WITH_PAYMENT, EXPORT_WITHOUT_PAYMENT -> CDNUR;
            // notes on small consumer bills are netted in table 7
            case B2CS -> B2CS;
            default -> throw new IllegalStateException("an invoice is in no table " + invoice);
        };
    }
}
