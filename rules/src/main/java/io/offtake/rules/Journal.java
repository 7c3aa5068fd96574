package io.offtake.rules;

import java.util.ArrayList;
import java.util.List;

/// A set of money entries that balances, in each party's books (INV-02). Debits are positive, credits negative.
public record Journal(List<Entry> entries) {

    /// @param amount   debit > 0, credit < 0, never 0
    /// @param taxHead  for 1500 and 2200, else null
    /// @param schemeId for scheme money, else null
    public record Entry(Account account, Money amount, TaxHead taxHead, Rate taxRate, String schemeId, Integer schemeVersion) {
        public Entry negated() {
            return new Entry(account, amount.negate(), taxHead, taxRate, schemeId, schemeVersion);
        }
    }

    public enum TaxHead { CGST, SGST, IGST, CESS, VAT }

    public enum CollectionMode { CASH, UPI, NEFT, CHEQUE }

    /// @throws IllegalArgumentException if the entries of a book do not sum to zero
    public Journal {
        entries = List.copyOf(entries);
        long distributor = 0, principal = 0;
        for (var entry : entries) {
            if (entry.account().isPrincipalBooks()) principal = Math.addExact(principal, entry.amount().units());
            else distributor = Math.addExact(distributor, entry.amount().units());
        }
        if (distributor != 0 || principal != 0) throw new IllegalArgumentException("a journal must balance (INV-02)");
    }

    /// The exact opposite, for a cancellation (INV-01).
    public Journal reversal() {
        var negated = new ArrayList<Entry>(entries.size());
        for (var entry : entries) negated.add(entry.negated());
        return new Journal(negated);
    }

    /// P-03 and P-14: receivable, sales, discounts by who pays, output tax by head and rate, rounding, cost of goods and of
    /// free goods, and the scheme's accrual in both parties' books.
    public static Journal forInvoice(Decision.Decided invoice) {
        var totals = invoice.totals();
        var sheet = new Sheet(totals.payable().scale());
        sheet.debit(Account.RECEIVABLE_OUTLETS, totals.payable());
        var sales = totals.taxable().plus(totals.schemeDiscount()).plus(totals.manualDiscount()).plus(totals.charges());
        for (var scheme : invoice.schemes()) {
            sheet.debit(Account.TRADE_DISCOUNT_PRINCIPAL, scheme.principalShare(), scheme);
            sheet.debit(Account.TRADE_DISCOUNT_OWN, scheme.distributorShare(), scheme);
        }
        sheet.debit(Account.TRADE_DISCOUNT_OWN, totals.manualDiscount());
        sheet.credit(Account.SALES, sales);
        for (var tax : invoice.taxes()) {
            sheet.tax(Account.OUTPUT_TAX, tax.cgst().negate(), TaxHead.CGST, tax.rate());
            sheet.tax(Account.OUTPUT_TAX, tax.sgst().negate(), TaxHead.SGST, tax.rate());
            sheet.tax(Account.OUTPUT_TAX, tax.igst().negate(), TaxHead.IGST, tax.rate());
            sheet.tax(Account.OUTPUT_TAX, tax.cess().negate(), TaxHead.CESS, tax.rate());
            sheet.tax(Account.OUTPUT_TAX, tax.vat().negate(), TaxHead.VAT, tax.rate());
        }
        sheet.credit(Account.ROUNDING, totals.rounding());
        sheet.debit(Account.COST_OF_GOODS, invoice.posting().costOfGoods());
        sheet.debit(Account.FREE_GOODS_ISSUED, invoice.posting().freeGoodsCost());
        sheet.credit(Account.INVENTORY, invoice.posting().costOfGoods().plus(invoice.posting().freeGoodsCost()));
        for (var scheme : invoice.schemes()) {
            sheet.debit(Account.CLAIMS_ACCRUED, scheme.claim(), scheme);
            sheet.credit(Account.SCHEME_RECOVERY, scheme.claim(), scheme);
            sheet.debit(Account.PRINCIPAL_TRADE_SPEND, scheme.claim(), scheme);
            sheet.credit(Account.PRINCIPAL_TRADE_SPEND_ACCRUAL, scheme.claim(), scheme);
        }
        return sheet.journal();
    }

    /// P-01: inventory by bucket, input tax, payable to the principal. What did not arrive is claimed (1405).
    public static Journal forGoodsReceipt(GoodsReceipt.Valued receipt) {
        var sheet = new Sheet(receipt.total().scale());
        for (var line : receipt.lines()) {
            sheet.debit(Account.INVENTORY, line.goodValue());
            sheet.debit(Account.DAMAGED_HELD_FOR_CLAIM, line.damagedValue());
            sheet.debit(Account.CLAIMS_ACCRUED, line.shortValue());
        }
        for (var line : receipt.lines()) {
            sheet.tax(Account.INPUT_TAX, line.cgst(), TaxHead.CGST, line.taxRate());
            sheet.tax(Account.INPUT_TAX, line.sgst(), TaxHead.SGST, line.taxRate());
            sheet.tax(Account.INPUT_TAX, line.igst(), TaxHead.IGST, line.taxRate());
            sheet.tax(Account.INPUT_TAX, line.cess(), TaxHead.CESS, line.taxRate());
            sheet.tax(Account.INPUT_TAX, line.vat(), TaxHead.VAT, line.taxRate());
        }
        sheet.credit(Account.PAYABLE_PRINCIPAL, receipt.total());
        return sheet.journal();
    }

    /// P-05: money in, bills down; what is not allocated to bills stays on account (2210).
    /// @param allocated the part of `amount` that settles bills
    public static Journal forCollection(CollectionMode mode, Money amount, Money allocated) {
        return forCollection(mode, amount, allocated, Money.zero(amount.scale()));
    }

    /// P-17: as above, with what is deducted for early payment (Dr 4030); the bills fall by `allocated` and `discount`.
    public static Journal forCollection(CollectionMode mode, Money amount, Money allocated, Money discount) {
        if (!amount.isPositive() || allocated.isNegative() || discount.isNegative() || allocated.compareTo(amount) > 0)
            throw new IllegalArgumentException("a collection allocates between nothing and all of a positive amount");
        var sheet = new Sheet(amount.scale());
        sheet.debit(switch (mode) {
            case CASH -> Account.CASH;
            case CHEQUE -> Account.CHEQUES_IN_HAND;
            case UPI, NEFT -> Account.UPI_CLEARING;
        }, amount);
        sheet.debit(Account.CASH_DISCOUNT, discount);
        sheet.credit(Account.RECEIVABLE_OUTLETS, allocated.plus(discount));
        sheet.credit(Account.OUTLET_ON_ACCOUNT, amount.minus(allocated));
        return sheet.journal();
    }

    /// P-15: what an outlet has earned outside of its bills is paid by credit note: Dr 2220 / Cr 1200.
    public static Journal forSchemePayout(Money amount) {
        return transfer(Account.OUTLET_SCHEME_PAYABLE, Account.RECEIVABLE_OUTLETS, amount);
    }

    /// Money on account used for a bill later: Dr 2210 / Cr 1200.
    public static Journal forAllocationOfOnAccount(Money amount) {
        var sheet = new Sheet(amount.scale());
        sheet.debit(Account.OUTLET_ON_ACCOUNT, amount);
        sheet.credit(Account.RECEIVABLE_OUTLETS, amount);
        return sheet.journal();
    }

    /// P-05, the later steps of a cheque: deposited (Dr 1130 / Cr 1120), cleared (Dr 1110 / Cr 1130).
    public static Journal forChequeDeposited(Money amount) {
        return transfer(Account.CHEQUES_UNDER_COLLECTION, Account.CHEQUES_IN_HAND, amount);
    }

    public static Journal forChequeCleared(Money amount) {
        return transfer(Account.BANK, Account.CHEQUES_UNDER_COLLECTION, amount);
    }

    /// P-05: the bank statement confirms UPI or NEFT money.
    public static Journal forBankMatch(Money amount) {
        return transfer(Account.BANK, Account.UPI_CLEARING, amount);
    }

    /// P-15: what an outlet earns outside of the bill is owed to it and recovered from the principal; below zero it is taken back.
    /// @param amount         all of it, the distributor's own part included
    /// @param principalShare the part that can be claimed
    public static Journal forSchemeAccrual(Money amount, Money principalShare, String schemeId, int schemeVersion) {
        var sheet = new Sheet(amount.scale());
        sheet.scheme(Account.TRADE_DISCOUNT_PRINCIPAL, principalShare, schemeId, schemeVersion);
        sheet.scheme(Account.TRADE_DISCOUNT_OWN, amount.minus(principalShare), schemeId, schemeVersion);
        sheet.scheme(Account.OUTLET_SCHEME_PAYABLE, amount.negate(), schemeId, schemeVersion);
        sheet.scheme(Account.CLAIMS_ACCRUED, principalShare, schemeId, schemeVersion);
        sheet.scheme(Account.SCHEME_RECOVERY, principalShare.negate(), schemeId, schemeVersion);
        sheet.scheme(Account.PRINCIPAL_TRADE_SPEND, principalShare, schemeId, schemeVersion);
        sheet.scheme(Account.PRINCIPAL_TRADE_SPEND_ACCRUAL, principalShare.negate(), schemeId, schemeVersion);
        return sheet.journal();
    }

    /// P-09: a claim is filed, or what came back after it is taken off it (below zero): Dr 1400 / Cr 1405.
    public static Journal forClaimFiled(Money amount, String schemeId, int schemeVersion) {
        var sheet = new Sheet(amount.scale());
        sheet.scheme(Account.CLAIMS_SUBMITTED, amount, schemeId, schemeVersion);
        sheet.scheme(Account.CLAIMS_ACCRUED, amount.negate(), schemeId, schemeVersion);
        return sheet.journal();
    }

    /// P-09: what the principal does not pay, in both books; below zero where a dispute gives it back.
    public static Journal forClaimCut(Money amount, String schemeId, int schemeVersion) {
        var sheet = new Sheet(amount.scale());
        sheet.scheme(Account.DISALLOWED_CLAIMS, amount, schemeId, schemeVersion);
        sheet.scheme(Account.CLAIMS_SUBMITTED, amount.negate(), schemeId, schemeVersion);
        sheet.scheme(Account.PRINCIPAL_TRADE_SPEND_ACCRUAL, amount, schemeId, schemeVersion);
        sheet.scheme(Account.PRINCIPAL_TRADE_SPEND, amount.negate(), schemeId, schemeVersion);
        return sheet.journal();
    }

    /// The part of one claim in a settlement.
    public record Settled(Money amount, String schemeId, int schemeVersion) {}

    /// Tax that a tax credit note takes back, of one rate.
    public record SettledTax(Rate rate, Money cgst, Money sgst, Money igst) {}

    /// P-09: the principal's credit note to the distributor's account; with taxes it is a tax credit note, which takes input tax
    /// back from the distributor and output tax from the principal.
    public static Journal forClaimsSettled(List<Settled> claims, List<SettledTax> taxes, int scale) {
        var sheet = new Sheet(scale);
        for (var claim : claims) {
            sheet.debit(Account.PAYABLE_PRINCIPAL, claim.amount());
            sheet.credit(Account.PRINCIPAL_RECEIVABLE_DISTRIBUTOR, claim.amount());
        }
        for (var tax : taxes) {
            var sum = tax.cgst().plus(tax.sgst()).plus(tax.igst());
            sheet.debit(Account.PAYABLE_PRINCIPAL, sum);
            sheet.credit(Account.PRINCIPAL_RECEIVABLE_DISTRIBUTOR, sum);
        }
        for (var claim : claims) {
            sheet.scheme(Account.CLAIMS_SUBMITTED, claim.amount().negate(), claim.schemeId(), claim.schemeVersion());
            sheet.scheme(Account.PRINCIPAL_TRADE_SPEND_ACCRUAL, claim.amount(), claim.schemeId(), claim.schemeVersion());
        }
        for (var tax : taxes) {
            sheet.tax(Account.INPUT_TAX, tax.cgst().negate(), TaxHead.CGST, tax.rate());
            sheet.tax(Account.INPUT_TAX, tax.sgst().negate(), TaxHead.SGST, tax.rate());
            sheet.tax(Account.INPUT_TAX, tax.igst().negate(), TaxHead.IGST, tax.rate());
            sheet.tax(Account.PRINCIPAL_OUTPUT_TAX, tax.cgst(), TaxHead.CGST, tax.rate());
            sheet.tax(Account.PRINCIPAL_OUTPUT_TAX, tax.sgst(), TaxHead.SGST, tax.rate());
            sheet.tax(Account.PRINCIPAL_OUTPUT_TAX, tax.igst(), TaxHead.IGST, tax.rate());
        }
        return sheet.journal();
    }

    /// What was settled wrongly is taken back by the principal's debit note: Dr 5120 / Cr 2100, and Dr P1250 / Cr P6100.
    /// @param taxes that the tax credit note had taken back and the debit note charges again: Dr 1500 / Cr 2100, and Dr P1250 / Cr P2200; none after a financial one
    public static Journal forClaimClawedBack(Money amount, String schemeId, int schemeVersion, List<SettledTax> taxes) {
        var sheet = new Sheet(amount.scale());
        sheet.scheme(Account.DISALLOWED_CLAIMS, amount, schemeId, schemeVersion);
        sheet.credit(Account.PAYABLE_PRINCIPAL, amount);
        sheet.debit(Account.PRINCIPAL_RECEIVABLE_DISTRIBUTOR, amount);
        sheet.scheme(Account.PRINCIPAL_TRADE_SPEND, amount.negate(), schemeId, schemeVersion);
        for (var tax : taxes) {
            var sum = tax.cgst().plus(tax.sgst()).plus(tax.igst());
            sheet.credit(Account.PAYABLE_PRINCIPAL, sum);
            sheet.debit(Account.PRINCIPAL_RECEIVABLE_DISTRIBUTOR, sum);
            sheet.tax(Account.INPUT_TAX, tax.cgst(), TaxHead.CGST, tax.rate());
            sheet.tax(Account.INPUT_TAX, tax.sgst(), TaxHead.SGST, tax.rate());
            sheet.tax(Account.INPUT_TAX, tax.igst(), TaxHead.IGST, tax.rate());
            sheet.tax(Account.PRINCIPAL_OUTPUT_TAX, tax.cgst().negate(), TaxHead.CGST, tax.rate());
            sheet.tax(Account.PRINCIPAL_OUTPUT_TAX, tax.sgst().negate(), TaxHead.SGST, tax.rate());
            sheet.tax(Account.PRINCIPAL_OUTPUT_TAX, tax.igst().negate(), TaxHead.IGST, tax.rate());
        }
        return sheet.journal();
    }

    /// CL-26: an accrual that nobody claimed in time is taken back in both books.
    public static Journal forAccrualLapsed(Money amount, String schemeId, int schemeVersion) {
        var sheet = new Sheet(amount.scale());
        sheet.scheme(Account.SCHEME_RECOVERY, amount, schemeId, schemeVersion);
        sheet.scheme(Account.CLAIMS_ACCRUED, amount.negate(), schemeId, schemeVersion);
        sheet.scheme(Account.PRINCIPAL_TRADE_SPEND_ACCRUAL, amount, schemeId, schemeVersion);
        sheet.scheme(Account.PRINCIPAL_TRADE_SPEND, amount.negate(), schemeId, schemeVersion);
        return sheet.journal();
    }

    private static Journal transfer(Account to, Account from, Money amount) {
        var sheet = new Sheet(amount.scale());
        sheet.debit(to, amount);
        sheet.credit(from, amount);
        return sheet.journal();
    }

    /// Adds up entries of one kind, leaves out zeros, keeps the order in which accounts were first named.
    private static final class Sheet {
        private final List<Entry> rows = new ArrayList<>();
        private final int scale;

        Sheet(int scale) {
            this.scale = scale;
        }

        void debit(Account account, Money amount) {
            add(new Entry(account, amount, null, null, null, null));
        }

        void credit(Account account, Money amount) {
            debit(account, amount.negate());
        }

        void debit(Account account, Money amount, Decision.SchemeBenefit scheme) {
            add(new Entry(account, amount, null, null, scheme.schemeId(), scheme.schemeVersion()));
        }

        void credit(Account account, Money amount, Decision.SchemeBenefit scheme) {
            debit(account, amount.negate(), scheme);
        }

        void scheme(Account account, Money amount, String schemeId, int schemeVersion) {
            add(new Entry(account, amount, null, null, schemeId, schemeVersion));
        }

        void tax(Account account, Money amount, TaxHead head, Rate rate) {
            add(new Entry(account, amount, head, rate, null, null));
        }

        private void add(Entry entry) {
            if (entry.amount().isZero()) return;
            for (int at = 0; at < rows.size(); at++) {
                var row = rows.get(at);
                if (row.account() == entry.account() && row.taxHead() == entry.taxHead()
                        && java.util.Objects.equals(row.taxRate(), entry.taxRate())
                        && java.util.Objects.equals(row.schemeId(), entry.schemeId())
                        && java.util.Objects.equals(row.schemeVersion(), entry.schemeVersion())) {
                    rows.set(at, new Entry(row.account(), row.amount().plus(entry.amount()), row.taxHead(), row.taxRate(),
                            row.schemeId(), row.schemeVersion()));
                    return;
                }
            }
            rows.add(entry);
        }

        Journal journal() {
            var entries = new ArrayList<Entry>(rows.size());
            for (var row : rows) if (!row.amount().isZero()) entries.add(row);
            return new Journal(entries);
        }
    }
}
