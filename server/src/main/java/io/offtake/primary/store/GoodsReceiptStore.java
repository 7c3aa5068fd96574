package io.offtake.primary.store;

import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.primary.GoodsReceiptView;
import io.offtake.primary.PostGoodsReceipt;
import io.offtake.rules.GoodsReceipt;
import io.offtake.rules.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// SQL of goods receipts.
@Component
public class GoodsReceiptStore {

    /// The number under which a principal's invoice was received, if it was.
    public static Pipeline.Answer<Optional<String>> numberOf(Pipeline load, long distributorId, long principalId, String principalInvoiceNumber) {
        return load.query("""
                select number from primary_sales.goods_receipt where distributor_id = ? and principal_id = ? and principal_invoice_number = ?""",
                rows -> rows.next() ? Optional.of(rows.getString(1)) : Optional.empty(), distributorId, principalId, principalInvoiceNumber);
    }

    /// Adds the header under its number.
    public static void header(Post post, Numbering numbering, PostGoodsReceipt command, GoodsReceipt.Valued valued, Instant at, String by) {
        Documents.insertNumbered(post, numbering, "primary_sales.goods_receipt", "number",
                "distributor_id, id, principal_id, warehouse_id, business_date, principal_invoice_number, principal_invoice_on, taxable, cgst, sgst, igst, cess, vat, total, decision, "
                        + "recorded_at, recorded_by",
                command.distributorId(), command.id(), command.principalId(), command.warehouseId(), command.businessDate(), command.principalInvoiceNumber(),
                command.principalInvoiceOn(), money(valued.taxable()), money(valued.cgst()), money(valued.sgst()), money(valued.igst()), money(valued.cess()),
                money(valued.vat()), money(valued.total()), Fingerprint.json(command), at, by);
    }

    /// Adds the lines.
    public static void lines(Post post, PostGoodsReceipt command, GoodsReceipt.Valued valued) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (int at = 0; at < command.lines().size(); at++) {
            var asked = command.lines().get(at);
            var line = valued.lines().get(at);
            rows.add(new @Nullable Object[] {command.distributorId(), command.businessDate(), command.id(), asked.line(), command.principalId(), asked.skuId(),
                    UUID.fromString(line.line().batchId()), asked.billedQty(), asked.freeQty(), asked.goodQty(), asked.damagedQty(), asked.shortQty(), asked.unitCost(),
                    money(line.taxable()), money(line.cgst()).add(money(line.sgst())).add(money(line.igst())).add(money(line.cess())).add(money(line.vat())),
                    line.taxRate() == null ? BigDecimal.ZERO : new BigDecimal(line.taxRate().toString())});
        }
        post.rows("goods receipt lines", """
                insert into primary_sales.goods_receipt_line
                       (distributor_id, business_date, goods_receipt_id, line, principal_id, sku_id, batch_id, billed_qty, free_qty, good_qty, damaged_qty, short_qty,
                        unit_cost, taxable, tax, tax_rate)
                values\s""", Post.row(16), "", rows);
    }

    /// Reads one goods receipt inside a scope.
    public Optional<GoodsReceiptView> find(Connection connection, RowScope scope, UUID id) throws SQLException {
        var distributors = scope.distributors().toArray(Long[]::new);
        var load = new Pipeline();
        // The lines first, then what they refer to: joined freely, a distributor that the statistics do not know yet has all its
        // batches looked up among the lines of every quarter.
        var lines = load.query("""
                with l as materialized (
                    select distributor_id, line, sku_id, batch_id, billed_qty, free_qty, good_qty, damaged_qty, short_qty, unit_cost, taxable, tax
                      from primary_sales.goods_receipt_line
                     where distributor_id = any(?) and goods_receipt_id = ?
                       and business_date = (select g.business_date from primary_sales.goods_receipt g where g.distributor_id = any(?) and g.id = ?))
                select l.line, l.sku_id, s.code, s.name, l.batch_id, b.batch_no, b.mrp, b.expires_on, l.billed_qty, l.free_qty, l.good_qty, l.damaged_qty, l.short_qty,
                       l.unit_cost, l.taxable, l.tax
                  from l
                  join catalog.sku s on s.id = l.sku_id
                  join catalog.batch b on b.distributor_id = l.distributor_id and b.id = l.batch_id
                 order by l.line""",
                rows -> {
                    var found = new ArrayList<GoodsReceiptView.Line>();
                    while (rows.next())
                        found.add(new GoodsReceiptView.Line(rows.getInt(1), rows.getLong(2), rows.getString(3), rows.getString(4), rows.getObject(5, UUID.class), rows.getString(6),
                                rows.getBigDecimal(7), rows.getObject(8, LocalDate.class), rows.getBigDecimal(9), rows.getBigDecimal(10), rows.getBigDecimal(11),
                                rows.getBigDecimal(12), rows.getBigDecimal(13), rows.getBigDecimal(14), rows.getBigDecimal(15), rows.getBigDecimal(16)));
                    return found;
                }, distributors, id, distributors, id);
        var view = load.query("""
                select id, number, distributor_id, principal_id, warehouse_id, business_date, recorded_at, recorded_by, principal_invoice_number, principal_invoice_on,
                       taxable, cgst, sgst, igst, cess, vat, total
                  from primary_sales.goods_receipt where distributor_id = any(?) and id = ?""",
                rows -> rows.next() ? Optional.of(new GoodsReceiptView(rows.getObject(1, UUID.class), rows.getString(2), rows.getLong(3), rows.getLong(4),
                        rows.getObject(5, UUID.class), rows.getObject(6, LocalDate.class), rows.getObject(7, OffsetDateTime.class).toInstant(), rows.getString(8),
                        rows.getString(9), rows.getObject(10, LocalDate.class), rows.getBigDecimal(11), rows.getBigDecimal(12), rows.getBigDecimal(13), rows.getBigDecimal(14),
                        rows.getBigDecimal(15), rows.getBigDecimal(16), rows.getBigDecimal(17), lines.get())) : Optional.<GoodsReceiptView>empty(), distributors, id);
        load.run(connection);
        return view.get();
    }

    private static BigDecimal money(Money money) {
        return BigDecimal.valueOf(money.units(), money.scale());
    }
}
