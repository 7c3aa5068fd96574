package io.offtake.billing.store;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.receivables.LedgerRows;
import io.offtake.tax.TaxRows;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// SQL of what returns add up.
@Component
class StoredTaxRows implements TaxRows {
    private static final String CANCELLED = "exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id)";
    private static final String CANCELLED_SINCE = "exists (select 1 from billing.invoice_cancellation c where c.distributor_id = i.distributor_id and c.invoice_id = i.id and c.recorded_at >= :since)";
    private final TenantTransaction transactions;

    StoredTaxRows(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<Row> documents(RowScope scope, long distributorId, LocalDate from, LocalDate to) {
        return rows(scope, distributorId, from, to, null);
    }

    @Override
    public List<Row> changedSince(RowScope scope, long distributorId, LocalDate from, LocalDate to, Instant since) {
        return rows(scope, distributorId, from, to, since);
    }

    private List<Row> rows(RowScope scope, long distributorId, LocalDate from, LocalDate to, @Nullable Instant since) {
        return transactions.read(scope, db -> {
            var sql = db.sql("""
                        select i.id, i.kind, i.number, i.business_date, i.place_of_supply, i.inter_state, i.seller_gstin, d.state_code as seller_state, i.buyer_gstin, i.buyer_registration, b.name as buyer_name, i.payable,
                              \s""" + CANCELLED + """
                               as cancelled, i.original_id, o.number as original_number, o.business_date as original_date, o.payable as original_payable,
                               l.tax_kind, l.tax_rate, sum(coalesce(l.assessable, l.taxable)) as taxable, sum(l.cgst) as cgst, sum(l.sgst) as sgst, sum(l.igst) as igst, sum(l.cess) as cess
                          from billing.invoice i
                          join network.distributor d on d.id = i.distributor_id
                          join network.outlet b on b.distributor_id = i.distributor_id and b.id = i.outlet_id
                          join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id
                          left join billing.invoice o on o.distributor_id = i.distributor_id and o.id = i.original_id
                         where i.distributor_id = any(:scope) and i.distributor_id = :distributor and i.business_date between :from and :to and i.kind <> 'FINANCIAL_CREDIT_NOTE'
                           """ + (since == null ? "" : "and (i.recorded_at >= :since or " + CANCELLED_SINCE + ")") + """

                         group by i.distributor_id, i.id, d.state_code, b.name, o.number, o.business_date, o.payable, l.tax_kind, l.tax_rate
                         order by i.kind, i.business_date, i.number, l.tax_rate""")
                .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to);
            if (since != null) sql = sql.param("since", since.atOffset(ZoneOffset.UTC));
            return sql.query((row, _) -> new Row(row.getObject("id", UUID.class), row.getString("kind"), row.getString("number"), row.getObject("business_date", LocalDate.class), row.getString("place_of_supply"),
                        row.getBoolean("inter_state"), row.getString("seller_gstin"), row.getString("seller_state"), row.getString("buyer_gstin"), row.getString("buyer_registration"), row.getString("buyer_name"), row.getBigDecimal("payable"),
                        row.getBoolean("cancelled"), row.getObject("original_id", UUID.class), row.getString("original_number"), row.getObject("original_date", LocalDate.class),
                        row.getBigDecimal("original_payable"), row.getString("tax_kind"), row.getBigDecimal("tax_rate"), row.getBigDecimal("taxable"), row.getBigDecimal("cgst"),
                        row.getBigDecimal("sgst"), row.getBigDecimal("igst"), row.getBigDecimal("cess"))).list();
        });
    }

    @Override
    public List<Goods> goodsOf(RowScope scope, long distributorId, LocalDate from, LocalDate to, Collection<UUID> documents) {
        return documents.isEmpty() ? List.of() : goods(scope, distributorId, from, to, documents.toArray(UUID[]::new));
    }

    @Override
    public List<Goods> goods(RowScope scope, long distributorId, LocalDate from, LocalDate to) {
        return goods(scope, distributorId, from, to, null);
    }

    private List<Goods> goods(RowScope scope, long distributorId, LocalDate from, LocalDate to, UUID @Nullable [] documents) {
        return transactions.read(scope, db -> {
            var sql = db.sql("""
                        select l.hsn, l.tax_rate, s.base_unit, i.buyer_gstin is not null as registered,
                               sum((l.qty + l.free_qty) * case i.kind when 'INVOICE' then 1 when 'CREDIT_NOTE' then -1 else 0 end) as qty,
                               sum(coalesce(l.assessable, l.taxable) * v.sign) as taxable, sum(l.cgst * v.sign) as cgst, sum(l.sgst * v.sign) as sgst, sum(l.igst * v.sign) as igst, sum(l.cess * v.sign) as cess
                          from billing.invoice i
                          cross join lateral (select case when i.kind = 'CREDIT_NOTE' then -1 else 1 end as sign) v
                          join billing.invoice_line l on l.distributor_id = i.distributor_id and l.business_date = i.business_date and l.invoice_id = i.id
                          join catalog.sku s on s.id = l.sku_id
                         where i.distributor_id = any(:scope) and i.distributor_id = :distributor and i.business_date between :from and :to and i.kind <> 'FINANCIAL_CREDIT_NOTE'
                           and\s""" + (documents == null ? "not " + CANCELLED : "i.id = any(:documents)") + """

                         group by l.hsn, l.tax_rate, s.base_unit, registered
                         order by l.hsn, l.tax_rate, s.base_unit""")
                .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to);
            if (documents != null) sql = sql.param("documents", documents);
            return sql.query((row, _) -> new Goods(row.getString(1), row.getBigDecimal(2), row.getString(3), row.getBoolean(4), row.getBigDecimal(5), row.getBigDecimal(6), row.getBigDecimal(7),
                        row.getBigDecimal(8), row.getBigDecimal(9), row.getBigDecimal(10))).list();
        });
    }

    @Override
    public List<Booked> booked(RowScope scope, long distributorId, LocalDate from, LocalDate to) {
        return transactions.read(scope, db -> {
            var cancellations = new HashMap<UUID, UUID>();
            db.sql("select id, invoice_id from billing.invoice_cancellation where distributor_id = any(:scope) and distributor_id = :distributor and business_date between :from and :to")
                    .param("scope", scope.distributors().toArray(Long[]::new)).param("distributor", distributorId).param("from", from).param("to", to)
                    .query(row -> {
                        cancellations.put(row.getObject(1, UUID.class), row.getObject(2, UUID.class));
                    });
            var sums = new LinkedHashMap<UUID, Map<String, BigDecimal>>();
            for (var entry : LedgerRows.outputTax(db, scope, distributorId, from, to))
                sums.computeIfAbsent(cancellations.getOrDefault(entry.documentId(), entry.documentId()), _ -> new HashMap<>()).merge(entry.head(), entry.amount(), BigDecimal::add);
            return sums.entrySet().stream().map(one -> new Booked(one.getKey(), head(one.getValue(), "CGST"), head(one.getValue(), "SGST"), head(one.getValue(), "IGST"), head(one.getValue(), "CESS"))).toList();
        });
    }

    private static BigDecimal head(Map<String, BigDecimal> heads, String head) {
        return heads.getOrDefault(head, BigDecimal.ZERO);
    }
}
