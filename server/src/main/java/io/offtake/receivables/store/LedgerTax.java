package io.offtake.receivables.store;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.TaxBooks;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.springframework.stereotype.Component;

/// Reads the tax accounts of the money ledger.
@Component
class LedgerTax implements TaxBooks {
    private static final String OUTPUT = "2200";

    private final TenantTransaction transactions;

    LedgerTax(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<Balance> turnover(RowScope scope, long distributorId, LocalDate from, LocalDate to) {
        return transactions.read(scope, db -> db.sql("""
                        select account, tax_head, tax_rate, sum(amount) as amount from receivables.journal_entry
                         where distributor_id = any(:scope) and distributor_id = :distributor and business_date between :from and :to
                           and account in ('1500', '2200') and tax_head is not null
                         group by account, tax_head, tax_rate order by account, tax_head, tax_rate""")
                .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to)
                .query((row, _) -> {
                    var account = row.getString("account");
                    BigDecimal amount = row.getBigDecimal("amount");
                    return new Balance(Integer.parseInt(account), row.getString("tax_head"), row.getBigDecimal("tax_rate"), account.equals(OUTPUT) ? amount.negate() : amount);
                }).list());
    }
}
