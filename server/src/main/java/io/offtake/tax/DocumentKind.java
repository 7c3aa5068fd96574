package io.offtake.tax;

/// What a document is to the tax law: what stands on top of it.
public enum DocumentKind {
    TAX_INVOICE, BILL_OF_SUPPLY, INVOICE_CUM_BILL_OF_SUPPLY, CREDIT_NOTE, DEBIT_NOTE, FINANCIAL_CREDIT_NOTE, INVOICE
}
