package io.offtake.governance;

/// What other modules' statements may join of the audit chain (docs/adr/0021): expressions to stand behind `from` or `join`.
public final class GovernanceRelations {
    private GovernanceRelations() {}

    /// Changes of a distributor's masters: `distributor_id, master, id, recorded_at, before, after`; the last two JSON objects of the fields that changed, in the form's names. Join it on
    /// `distributor_id` and `id`.
    public static final String MASTER_CHANGES = """
            (select distributor_id, document_type as master, document_id as id, recorded_at, details::jsonb -> 'before' as before, details::jsonb -> 'after' as after
               from governance.audit_entry where action = 'CHANGED')""";
}
