package io.offtake.billing;

/// What other modules' statements may join of the bills (docs/adr/0021): expressions to stand behind `from` or `join`.
public final class BillingRelations {
    private BillingRelations() {}

    /// What schemes gave on bills, line by line: `distributor_id, business_date, invoice_id, line, part, scheme_id, scheme_version, principal_id, kind, amount, principal_share,
    /// distributor_share, free_sku_id, free_qty, claim_value`; join it on `distributor_id` and `business_date`, too
    public static final String BENEFITS = """
            (select distributor_id, business_date, invoice_id, line, part, scheme_id, scheme_version, principal_id, kind, amount, principal_share, distributor_share, free_sku_id, free_qty, claim_value
               from billing.scheme_benefit)""";

    /// What was taken back of them: `distributor_id, business_date, document_id, document_type, invoice_id, invoice_date, line, part, scheme_id, scheme_version, principal_id, outlet_id,
    /// kind, amount, principal_share, distributor_share, free_sku_id, free_qty, claim_value, recorded_at`. `line` and `part` are those of the bill, amounts are positive; a cancelled bill
    /// takes everything back. Join it on `distributor_id`, too.
    public static final String REVERSED = """
            (select distributor_id, business_date, document_id, document_type, invoice_id, invoice_date, line, part, scheme_id, scheme_version, principal_id, outlet_id, kind, amount, principal_share,
                    distributor_share, free_sku_id, free_qty, claim_value, recorded_at
               from billing.benefit_reversal
              union all
             select c.distributor_id, c.business_date, c.id, 'INVOICE_CANCELLATION', b.invoice_id, b.business_date, b.line, b.part, b.scheme_id, b.scheme_version, b.principal_id, i.outlet_id, b.kind,
                    b.amount, b.principal_share, b.distributor_share, b.free_sku_id, b.free_qty, b.claim_value, c.recorded_at
               from billing.invoice_cancellation c
               join billing.invoice i on i.distributor_id = c.distributor_id and i.id = c.invoice_id
               join billing.scheme_benefit b on b.distributor_id = i.distributor_id and b.business_date = i.business_date and b.invoice_id = i.id)""";
}
