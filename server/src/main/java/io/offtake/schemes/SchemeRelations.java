package io.offtake.schemes;

/// What other modules' statements may join of the schemes (docs/adr/0021): expressions to stand behind `from` or `join`.
public final class SchemeRelations {
    private SchemeRelations() {}

    /// `distributor_id, business_date, document_id, scheme_id, scheme_version, outlet_id, amount, principal_share`; join it on `distributor_id`, too
    public static final String ACCRUED = "(select distributor_id, business_date, document_id, scheme_id, scheme_version, outlet_id, amount, principal_share from schemes.accrual_entry)";

    /// What documents added to accounts outside of the bill, but points: `distributor_id, business_date, document_id, document_type, scheme_id, scheme_version, principal_id, period,
    /// sku_id, outlet_id, kind, amount, principal_share`, the last 0 where the scheme is not claimable; join it on `distributor_id`, too. `period` is the account's key ([io.offtake.rules.Periods]), `sku_id` 0 but where units are
    /// carried SKU by SKU.
    public static final String EARNED = """
            (select e.distributor_id, e.business_date, e.document_id, e.document_type, e.scheme_id, e.scheme_version, e.principal_id, e.period, e.sku_id, e.outlet_id, a.kind, e.amount,
                    case when coalesce((v.definition ->> 'claimable')::boolean, true) then e.principal_share else 0 end as principal_share
               from schemes.accrual_entry e
               join schemes.scheme_version v on v.scheme_id = e.scheme_id and v.version_no = e.scheme_version
               join schemes.accrual a on a.distributor_id = e.distributor_id and a.scheme_id = e.scheme_id and a.outlet_id = e.outlet_id and a.period = e.period and a.sku_id = e.sku_id
              where a.kind <> 'POINTS')""";

    /// `scheme_id, version_no, principal_id, code, name, valid_from, valid_to, definition`; the last as the rules read it ([io.offtake.rules.SchemeJson])
    public static final String VERSIONS = """
            (select v.scheme_id, v.version_no, v.principal_id, s.code, v.name, v.valid_from, v.valid_to, v.definition from schemes.scheme_version v join schemes.scheme s on s.id = v.scheme_id)""";

    /// Accounts outside of the bill: `distributor_id, scheme_id, outlet_id, period, sku_id, accrued, settled`; join it on `distributor_id`, too. `settled` is what the outlet was paid.
    public static final String ACCOUNTS = "(select distributor_id, scheme_id, outlet_id, period, sku_id, accrued, settled from schemes.accrual)";
}
