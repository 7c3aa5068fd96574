package io.offtake.stock;

import io.offtake.platform.Actor;
import io.offtake.platform.Pipeline;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.Qty;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Goods that were sold without a network and that the ledger lacked (OFF-14): they left NEG_SUSPENSE, and are made good out of saleable
/// stock once the missing load or count is booked.
public interface NegativeStock {

    sealed interface Outcome {
        /// @param qty base units that were made good
        record Settled(BigDecimal qty) implements Outcome {}

        /// It was made good before, or nothing of the document is in suspense.
        record Nothing() implements Outcome {}

        /// The missing load is not booked yet.
        record Short(List<Gap> gaps) implements Outcome {}
    }

    record Gap(long skuId, UUID batchId, BigDecimal wanted, BigDecimal available) {}

    /// Moves what a document left in suspense: SALEABLE to NEG_SUSPENSE, all of it or nothing. A repeat is harmless.
    Outcome settle(long distributorId, UUID documentId, LocalDate on, Actor actor);

    /// What a document of that date took out of NEG_SUSPENSE, by batch. It was made good if [#settlementOf] is registered.
    static Pipeline.Answer<Map<UUID, BigDecimal>> taken(Pipeline load, long distributorId, LocalDate businessDate, UUID documentId) {
        return load.query("""
                select batch_id, -sum(qty) from stock.entry where distributor_id = ? and business_date = ? and document_id = ? and bucket = 'NEG_SUSPENSE' group by batch_id""",
                rows -> {
                    var found = new HashMap<UUID, BigDecimal>();
                    while (rows.next()) found.put(rows.getObject(1, UUID.class), rows.getBigDecimal(2));
                    return found;
                }, distributorId, businessDate, documentId);
    }

    /// The one settlement that a document can have.
    static UUID settlementOf(UUID documentId) {
        return UUID.nameUUIDFromBytes(("suspense " + documentId).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// The same movement with the pieces that are lacking out of, or back into, NEG_SUSPENSE.
    ///
    /// @param node    the bucket whose pieces are lacking, at either end of the movement
    /// @param lacking pieces by batch
    static StockMoves through(StockMoves moves, Node node, Map<UUID, BigDecimal> lacking) {
        if (lacking.isEmpty()) return moves;
        var left = new HashMap<>(lacking);
        var entries = new ArrayList<StockMoves.Entry>();
        var legs = new HashMap<Integer, Integer>();
        for (var entry : moves.entries()) {
            long milli = entry.qty().milli();
            long lacks = entry.node() != node ? 0 : Math.min(Math.abs(milli), left.getOrDefault(UUID.fromString(entry.batchId()), BigDecimal.ZERO).movePointRight(3).longValue());
            if (lacks > 0) left.merge(UUID.fromString(entry.batchId()), BigDecimal.valueOf(-lacks, 3), BigDecimal::add);
            long rest = Math.abs(milli) - lacks;
            if (rest > 0) entries.add(leg(entry, legs, entry.node(), milli < 0 ? -rest : rest));
            if (lacks > 0) entries.add(leg(entry, legs, Node.NEG_SUSPENSE, milli < 0 ? -lacks : lacks));
        }
        return new StockMoves(entries);
    }

    private static StockMoves.Entry leg(StockMoves.Entry like, Map<Integer, Integer> legs, Node node, long milli) {
        return new StockMoves.Entry(like.line(), legs.merge(like.line(), 1, Integer::sum), like.skuId(), like.batchId(), like.mrp(), node, new Qty(milli), like.unitCost());
    }
}
