package io.offtake.receivables;

import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What other modules read of the money ledger, in the caller's transaction.
public final class LedgerRows {
    private LedgerRows() {}

    /// @param amount owed to the tax office, so positive for a sale
    public record OutputTax(UUID documentId, String head, BigDecimal amount) {}

    /// Account 2200 by document and head, for these business dates (both included).
    public static List<OutputTax> outputTax(JdbcClient db, RowScope scope, long distributorId, LocalDate from, LocalDate to) {
        return db.sql("""
                        select document_id, tax_head, -sum(amount) from receivables.journal_entry
                         where distributor_id = any(:scope) and distributor_id = :distributor and business_date between :from and :to and account = '2200' and tax_head is not null
                         group by document_id, tax_head""")
                .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to)
                .query((row, _) -> new OutputTax(row.getObject(1, UUID.class), row.getString(2), row.getBigDecimal(3))).list();
    }
}
