package io.offtake.rules;

/// The accounts of the money ledger (domain/03 section 3.2).
public enum Account {
    CASH("1100"), BANK("1110"), CHEQUES_IN_HAND("1120"), CHEQUES_UNDER_COLLECTION("1130"), UPI_CLEARING("1140"),
    RECEIVABLE_OUTLETS("1200"), RECOVERABLE_STAFF("1250"), INTER_BRANCH("1255"), INVENTORY("1300"), DAMAGED_HELD_FOR_CLAIM("1320"),
    CLAIMS_SUBMITTED("1400"), CLAIMS_ACCRUED("1405"), INPUT_TAX("1500"), PAYABLE_PRINCIPAL("2100"), OUTPUT_TAX("2200"),
    OUTLET_ON_ACCOUNT("2210"), OUTLET_SCHEME_PAYABLE("2220"), TDS_PAYABLE("2300"), SALES("4000"), SALES_RETURNS("4010"),
    TRADE_DISCOUNT_PRINCIPAL("4020"), TRADE_DISCOUNT_OWN("4025"), CASH_DISCOUNT("4030"), SCHEME_RECOVERY("4040"), ROUNDING("4090"),
    COST_OF_GOODS("5000"), FREE_GOODS_ISSUED("5030"), STOCK_LOSS("5100"), DAMAGE_AND_EXPIRY_LOSS("5110"),
    DISALLOWED_CLAIMS("5120"), BAD_DEBT("5200"), BANK_CHARGES("5210"), OPENING_BALANCE("3000"),
    PRINCIPAL_RECEIVABLE_DISTRIBUTOR("P1250"), PRINCIPAL_OUTPUT_TAX("P2200"), PRINCIPAL_TRADE_SPEND_ACCRUAL("P2400"),
    PRINCIPAL_CLAIMS_PAYABLE("P2410"), PRINCIPAL_TRADE_SPEND("P6100"), PRINCIPAL_DAMAGE_AND_EXPIRY("P6110");

    private final String code;

    Account(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    /// Whether the account stands in the principal's books; each party's books balance on their own.
    public boolean isPrincipalBooks() {
        return code.charAt(0) == 'P';
    }

    /// @throws IllegalArgumentException if no account has this code
    public static Account ofCode(String code) {
        for (var account : values()) if (account.code.equals(code)) return account;
        throw new IllegalArgumentException("no account " + code);
    }
}
