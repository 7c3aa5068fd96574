package io.offtake.example.store;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// How far the example has come, and what its generator has to know of the ledgers.
@Component
public class ExampleStore {
    private final TenantTransaction transactions;

    ExampleStore(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    /// @param beganOn first day of the history
    /// @param toldOn  the day its stories are told of: the last day of the first run
    public record Run(LocalDate beganOn, LocalDate toldOn, int distributors, int outlets) {}

    public Optional<Run> run() {
        return transactions.shared(db -> db.sql("select began_on, told_on, distributors, outlets from example.run where id = 1").query(Run.class).optional());
    }

    public void begin(Run run) {
        transactions.shared(db -> db.sql("insert into example.run (id, began_on, told_on, distributors, outlets) values (1, ?, ?, ?, ?) on conflict do nothing")
                .params(run.beganOn, run.toldOn, run.distributors, run.outlets).update());
    }

    /// The last finished day by distributor.
    public Map<Long, LocalDate> progress() {
        return transactions.shared(db -> {
            var found = new HashMap<Long, LocalDate>();
            db.sql("select distributor_id, through from example.progress").query(row -> {
                found.put(row.getLong(1), row.getObject(2, LocalDate.class));
            });
            return found;
        });
    }

    public void finished(long distributorId, LocalDate through) {
        transactions.shared(db -> db.sql("""
                insert into example.progress (distributor_id, through) values (?, ?)
                on conflict (distributor_id) do update set through = excluded.through""").params(distributorId, through).update());
    }

    /// Saleable pieces of a SKU that expire on a day.
    public record Lot(long skuId, @Nullable LocalDate expiresOn, long qty) {}

    public List<Lot> saleable(long distributorId, UUID warehouseId) {
        return transactions.read(RowScope.of(distributorId), db -> db.sql("""
                select sku_id, expires_on, trunc(sum(qty))::bigint as qty from stock.balance
                 where distributor_id = ? and warehouse_id = ? and bucket = 'SALEABLE' and qty > 0
                 group by sku_id, expires_on""").params(distributorId, warehouseId)
                .query((row, _) -> new Lot(row.getLong(1), row.getObject(2, LocalDate.class), row.getLong(3))).list());
    }

    /// Pieces billed of each SKU since a day.
    public Map<Long, Double> billed(long distributorId, LocalDate since) {
        return transactions.read(RowScope.of(distributorId), db -> {
            var found = new HashMap<Long, Double>();
            db.sql("select sku_id, sum(qty + free_qty) from billing.invoice_line where distributor_id = ? and business_date >= ? group by sku_id").params(distributorId, since).query(row -> {
                found.put(row.getLong(1), row.getDouble(2));
            });
            return found;
        });
    }

    /// Goods received in a period, at the principal's price before tax.
    public double received(long distributorId, LocalDate from, LocalDate to) {
        return transactions.<Double>read(RowScope.of(distributorId), db -> db.sql("""
                select coalesce(sum(taxable), 0) from primary_sales.goods_receipt where distributor_id = ? and business_date between ? and ?""")
                .params(distributorId, from, to).query(Double.class).single());
    }

    /// An unpaid bill.
    public record Open(UUID documentId, UUID outletId, LocalDate businessDate, LocalDate dueOn, BigDecimal amount, BigDecimal open) {}

    public List<Open> open(long distributorId, LocalDate through) {
        return transactions.read(RowScope.of(distributorId), db -> db.sql("""
                select document_id, outlet_id, business_date, due_on, amount, open_amount as open from receivables.open_item
                 where distributor_id = ? and open_amount > 0 and kind = 'INVOICE' and business_date <= ?
                 order by outlet_id, due_on, business_date, document_id""").params(distributorId, through)
                .query((row, _) -> new Open(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getObject(3, LocalDate.class), row.getObject(4, LocalDate.class),
                        row.getBigDecimal(5), row.getBigDecimal(6))).list());
    }
}
