package io.offtake.catalog;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Batches as goods receipts find and create them (STK-05).
public final class Batches {
    private Batches() {}

    /// What makes two deliveries one batch: the same lot number, MRP and landed cost.
    public record Identity(long skuId, String batchNo, BigDecimal mrp, BigDecimal unitCost) {
        public Identity {
            mrp = mrp.setScale(2);
            unitCost = unitCost.setScale(6);
        }
    }

    public record NewBatch(UUID id, long principalId, Identity identity, @Nullable LocalDate mfgOn, @Nullable LocalDate expiresOn, LocalDate receivedOn) {}

    /// The batches of some SKUs and lot numbers that exist.
    public static Pipeline.Answer<Map<Identity, UUID>> find(Pipeline load, long distributorId, long[] skuIds, String[] batchNos) {
        return load.query("""
                select id, sku_id, batch_no, mrp, unit_cost from catalog.batch where distributor_id = ? and sku_id = any(?) and batch_no = any(?)""",
                rows -> {
                    var found = new HashMap<Identity, UUID>();
                    while (rows.next())
                        found.put(new Identity(rows.getLong(2), rows.getString(3), rows.getBigDecimal(4), rows.getBigDecimal(5)), rows.getObject(1, UUID.class));
                    return found;
                }, distributorId, skuIds, batchNos);
    }

    /// A batch's fixed facts.
    public record Facts(UUID id, long principalId, Identity identity, @Nullable LocalDate expiresOn, LocalDate receivedOn) {}

    /// Reads the fixed facts of some batches, by id as text.
    public static Pipeline.Answer<Map<String, Facts>> facts(Pipeline load, long distributorId, UUID[] batchIds) {
        return load.query("""
                select id, principal_id, sku_id, batch_no, mrp, unit_cost, expires_on, received_on from catalog.batch where distributor_id = ? and id = any(?)""",
                rows -> {
                    var found = new HashMap<String, Facts>();
                    while (rows.next()) {
                        var id = rows.getObject(1, UUID.class);
                        found.put(id.toString(), new Facts(id, rows.getLong(2), new Identity(rows.getLong(3), rows.getString(4), rows.getBigDecimal(5), rows.getBigDecimal(6)),
                                rows.getObject(7, LocalDate.class), rows.getObject(8, LocalDate.class)));
                    }
                    return found;
                }, distributorId, batchIds);
    }

    /// Adds batches.
    public static void create(Post post, long distributorId, List<NewBatch> batches) {
        post.rows("batches", """
                insert into catalog.batch (distributor_id, id, principal_id, sku_id, batch_no, mrp, mfg_on, expires_on, received_on, unit_cost)
                values\s""", "(?, ?, ?, ?, ?, ?, ?::date, ?::date, ?, ?)", "", batches.stream().map(batch -> new @Nullable Object[] {distributorId, batch.id, batch.principalId,
                batch.identity.skuId, batch.identity.batchNo, batch.identity.mrp, batch.mfgOn, batch.expiresOn, batch.receivedOn, batch.identity.unitCost}).toList());
    }
}
