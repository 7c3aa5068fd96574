package io.offtake.schemes;

/// What other modules' statements may join of the schemes (docs/adr/0021): expressions to stand behind `from` or `join`.
public final class SchemeRelations {
    private SchemeRelations() {}

    /// `distributor_id, business_date, document_id, scheme_id, scheme_version, outlet_id, amount, principal_share`; join it on `distributor_id`, too
    public static final String ACCRUED = "(select distributor_id, business_date, document_id, scheme_id, scheme_version, outlet_id, amount, principal_share from schemes.accrual_entry)";
}
