package io.offtake.primary.store;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.Purchases;
import java.time.LocalDate;
import java.util.List;
import org.springframework.stereotype.Component;

/// Adds up received goods for a tax return.
@Component
class ReceivedByRate implements Purchases {
    private final TenantTransaction transactions;

    ReceivedByRate(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<AtRate> byRate(RowScope scope, long distributorId, LocalDate from, LocalDate to) {
        return transactions.read(scope, db -> db.sql("""
                        select tax_rate as rate, sum(taxable) as taxable, sum(tax) as tax from primary_sales.goods_receipt_line
                         where distributor_id = any(:scope) and distributor_id = :distributor and business_date between :from and :to
                         group by tax_rate order by tax_rate""")
                .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to).query(AtRate.class).list());
    }
}
