package io.offtake.billing;

/// What other modules' statements may join of posted bills to check them (docs/adr/0021): expressions to stand behind `from` or `join`.
public final class BillFacts {
    private BillFacts() {}

    /// `distributor_id, id, kind, number, series, principal_id, outlet_id, business_date, payable, recorded_at, recorded_by, channel, outlet_class`; the last two as they stood when the
    /// bill was decided. Join it on `distributor_id`, too.
    public static final String BILLS = """
            (select distributor_id, id, kind, number, series, principal_id, outlet_id, business_date, payable, recorded_at, recorded_by,
                    coalesce(substring(command from '"channel": ?"([^"]*)"'), '') as channel, coalesce(substring(command from '"class": ?"([^"]*)"'), '') as outlet_class
               from billing.invoice)""";

    /// `distributor_id, business_date, invoice_id, line, part, kind, outlet_id, sku_id, qty, free_qty, unit_price, gross, scheme_discount, taxable, tax_rate`; partitioned by `business_date`.
    public static final String LINES = """
            (select distributor_id, business_date, invoice_id, line, part, kind, outlet_id, sku_id, qty, free_qty, unit_price, gross, scheme_discount, taxable, tax_rate from billing.invoice_line)""";

    /// `distributor_id, invoice_id, business_date` of cancelled bills
    public static final String CANCELLED = "(select distributor_id, invoice_id, business_date from billing.invoice_cancellation)";
}
