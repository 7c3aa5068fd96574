package io.offtake.stock;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.rules.StockMoves;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The stock ledger's part in every posting (INV-01, INV-02): it reads and locks what may be moved, and adds the statements
/// that move it. Balances are kept beside the entries in the same transaction.
public final class Stock {
    private Stock() {}

    /// The movement of goods of one document in one warehouse.
    public record Movement(long distributorId, UUID documentId, String documentType, LocalDate businessDate, long principalId, UUID warehouseId,
                           StockMoves moves) {}

    /// Locks and reads a bucket of the given SKUs in the order of the balance's key, which is the global lock order
    /// (DESIGN section 4): from here to commit nobody else can take these pieces.
    public static Pipeline.Answer<List<BatchStock>> lock(Pipeline load, long distributorId, UUID warehouseId, StockMoves.Node bucket, long[] skuIds) {
        return read(load, distributorId, warehouseId, bucket, skuIds, "for update");
    }

    /// Reads a bucket without a lock, for previews.
    public static Pipeline.Answer<List<BatchStock>> peek(Pipeline load, long distributorId, UUID warehouseId, StockMoves.Node bucket, long[] skuIds) {
        return read(load, distributorId, warehouseId, bucket, skuIds, "");
    }

    private static Pipeline.Answer<List<BatchStock>> read(Pipeline load, long distributorId, UUID warehouseId, StockMoves.Node bucket, long[] skuIds, String lock) {
        return load.query("""
                select batch_id, sku_id, principal_id, batch_no, mrp, expires_on, received_on, qty, unit_cost
                  from stock.balance
                 where distributor_id = ? and warehouse_id = ? and sku_id = any(?) and bucket = ? and qty > 0
                 order by sku_id, batch_id\s""" + lock,
                rows -> {
                    var found = new ArrayList<BatchStock>();
                    while (rows.next()) {
                        found.add(batch(rows));
                    }
                    return found;
                }, distributorId, warehouseId, skuIds, bucket.name());
    }

    /// Reads the fixed facts of some batches, whatever is left of them, by batch id; `qty` says nothing here.
    public static Pipeline.Answer<Map<String, BatchStock>> facts(Pipeline load, long distributorId, UUID warehouseId, UUID[] batchIds) {
        return load.query("""
                select distinct on (batch_id) batch_id, sku_id, principal_id, batch_no, mrp, expires_on, received_on, qty, unit_cost
                  from stock.balance where distributor_id = ? and warehouse_id = ? and batch_id = any(?) order by batch_id""",
                rows -> {
                    var found = new HashMap<String, BatchStock>();
                    while (rows.next()) found.put(rows.getString(1), batch(rows));
                    return found;
                }, distributorId, warehouseId, batchIds);
    }

    private static BatchStock batch(ResultSet rows) throws SQLException {
        return new BatchStock(rows.getObject(1, UUID.class), rows.getLong(2), rows.getLong(3), rows.getString(4), rows.getBigDecimal(5),
                rows.getObject(6, LocalDate.class), rows.getObject(7, LocalDate.class), rows.getBigDecimal(8), rows.getBigDecimal(9));
    }

    /// Adds the statements of some movements of one distributor: owned buckets are lowered under guard and raised, then
    /// every entry is written.
    /// @param facts the batches' fixed facts by batch id, needed where a bucket is raised
    /// @throws Post.GuardFailed when run, if an owned bucket holds less than is taken from it
    public static void move(Post post, long distributorId, List<Movement> movements, Map<String, BatchStock> facts) {
        var taken = new TreeMap<Key, BigDecimal>(Key.ORDER);
        var given = new TreeMap<Key, BigDecimal>(Key.ORDER);
        for (var movement : movements) {
            for (var entry : movement.moves.entries()) {
                if (!entry.node().isInternal()) continue;
                var key = new Key(movement.warehouseId, Long.parseLong(entry.skuId()), UUID.fromString(entry.batchId()), entry.node(), movement.principalId);
                var qty = qty(entry);
                if (qty.signum() < 0) taken.merge(key, qty.negate(), BigDecimal::add);
                else given.merge(key, qty, BigDecimal::add);
            }
        }
        // What passes through a bucket inside one posting never touches its balance (P-01: SUPPLIER → IN_TRANSIT_IN → SALEABLE).
        for (var key : List.copyOf(taken.keySet())) {
            var in = given.get(key);
            if (in == null) continue;
            var net = in.subtract(taken.get(key));
            taken.remove(key);
            given.remove(key);
            if (net.signum() > 0) given.put(key, net);
            if (net.signum() < 0) taken.put(key, net.negate());
        }
        if (movements.size() > 1) {
            // Many documents: one short statement, sent as a batch. Its plan is the key's index whatever the statistics say; joined
            // to a long list of values, a distributor that the statistics do not know yet is read whole for each of them.
            taken.forEach((key, qty) -> post.guarded("stock balance", 1, """
                    update stock.balance set qty = qty - ?
                     where distributor_id = ? and warehouse_id = ? and sku_id = ? and batch_id = ? and bucket = ? and qty >= ?""",
                    qty, distributorId, key.warehouseId, key.skuId, key.batchId, key.node.name(), qty));
        } else if (!taken.isEmpty()) {
            var args = new ArrayList<Object>();
            taken.forEach((key, qty) -> args.addAll(List.of(key.warehouseId, key.skuId, key.batchId, key.node.name(), qty)));
            args.add(distributorId);
            var row = "(?::uuid, ?::bigint, ?::uuid, ?::text, ?::numeric)";
            post.guarded("stock balance", taken.size(), """
                    update stock.balance b set qty = b.qty - t.qty
                      from (values\s""" + (row + ", ").repeat(taken.size() - 1) + row + """
                    ) as t (warehouse_id, sku_id, batch_id, bucket, qty)
                     where b.distributor_id = ? and b.warehouse_id = t.warehouse_id and b.sku_id = t.sku_id and b.batch_id = t.batch_id
                       and b.bucket = t.bucket and b.qty >= t.qty""", args.toArray());
        }
        var raised = new ArrayList<@Nullable Object[]>();
        given.forEach((key, qty) -> {
            var fact = facts.get(key.batchId.toString());
            if (fact == null) throw new IllegalArgumentException("batch " + key.batchId + " is raised but its facts are not given");
            raised.add(new @Nullable Object[] {distributorId, key.warehouseId, key.skuId, key.batchId, key.node.name(), key.principalId,
                    qty, fact.unitCost(), fact.batchNo(), fact.mrp(), fact.expiresOn(), fact.receivedOn()});
        });
        post.rows("stock balance", """
                insert into stock.balance (distributor_id, warehouse_id, sku_id, batch_id, bucket, principal_id, qty, unit_cost, batch_no, mrp,
                                           expires_on, received_on)
                values\s""", "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::date, ?)", """

                 on conflict (distributor_id, warehouse_id, sku_id, batch_id, bucket) do update set qty = balance.qty + excluded.qty""", raised);
        var entries = new ArrayList<@Nullable Object[]>();
        for (var movement : movements) {
            for (var entry : movement.moves.entries()) {
                entries.add(new @Nullable Object[] {distributorId, movement.businessDate, movement.documentId, entry.line(), entry.leg(), movement.documentType,
                        movement.principalId, movement.warehouseId, Long.parseLong(entry.skuId()), UUID.fromString(entry.batchId()), entry.node().name(),
                        qty(entry), BigDecimal.valueOf(entry.unitCost().micros(), 6)});
            }
        }
        post.rows("stock entries", """
                insert into stock.entry (distributor_id, business_date, document_id, line, leg, document_type, principal_id, warehouse_id, sku_id, batch_id,
                                         bucket, qty, unit_cost)
                values\s""", Post.row(13), "", entries);
    }

    private static BigDecimal qty(StockMoves.Entry entry) {
        return BigDecimal.valueOf(entry.qty().milli(), 3);
    }

    private record Key(UUID warehouseId, long skuId, UUID batchId, StockMoves.Node node, long principalId) {
        static final Comparator<Key> ORDER = Comparator.comparing(Key::warehouseId).thenComparingLong(Key::skuId).thenComparing(Key::batchId)
                .thenComparing(Key::node);
    }
}
