package io.offtake.receivables;

/// What other modules' statements may join of the money that came in (docs/adr/0021): expressions to stand behind `from` or `join`.
public final class ReceivablesRelations {
    private ReceivablesRelations() {}

    /// Who paid when: `distributor_id, outlet_id, business_date` of each collection. Join it on `distributor_id`, too.
    public static final String PAID = "(select distributor_id, outlet_id, business_date from receivables.collection)";
}
