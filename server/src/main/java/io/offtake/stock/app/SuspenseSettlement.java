package io.offtake.stock.app;

import io.offtake.governance.AuditTrail;
import io.offtake.platform.Actor;
import io.offtake.platform.Documents;
import io.offtake.platform.Fingerprint;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.TenantTransaction;
import io.offtake.rules.Qty;
import io.offtake.rules.StockMoves;
import io.offtake.rules.StockMoves.Node;
import io.offtake.rules.UnitPrice;
import io.offtake.stock.NegativeStock;
import io.offtake.stock.Stock;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Service;

/// Makes negative stock good (OFF-14). Its value needs no journal: the bill has taken the goods out of inventory, and the missing load
/// brings them in.
@Service
class SuspenseSettlement implements NegativeStock {
    private static final String TYPE = "SUSPENSE_SETTLEMENT";

    private final TenantTransaction transactions;
    private final Clock clock;

    SuspenseSettlement(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    private record Owed(long principalId, UUID warehouseId, long skuId, UUID batchId, BigDecimal qty, BigDecimal unitCost) {}

    @Override
    public Outcome settle(long distributorId, UUID documentId, LocalDate on, Actor actor) {
        return Post.retried(() -> transactions.idempotent().writeOn(distributorId, connection -> attempt(connection, distributorId, documentId, on, actor)));
    }

    private Outcome attempt(Connection connection, long distributorId, UUID documentId, LocalDate on, Actor actor) throws SQLException {
        var settlement = NegativeStock.settlementOf(documentId);
        var load = new Pipeline();
        var registered = Documents.find(load, distributorId, new UUID[] {settlement});
        var date = Documents.dateOf(load, distributorId, documentId);
        load.run(connection);
        if (date.get().isEmpty() || !registered.get().isEmpty()) return new Outcome.Nothing();
        var owed = owed(connection, distributorId, date.get().get(), documentId);
        if (owed.isEmpty()) return new Outcome.Nothing();
        var warehouse = owed.getFirst().warehouseId;
        var lock = new Pipeline();
        var stock = Stock.lock(lock, distributorId, warehouse, Node.SALEABLE, owed.stream().mapToLong(Owed::skuId).distinct().sorted().toArray());
        lock.run(connection);
        var there = new HashMap<UUID, BigDecimal>();
        stock.get().forEach(batch -> there.put(batch.batchId(), batch.qty()));
        var gaps = owed.stream().filter(one -> there.getOrDefault(one.batchId, BigDecimal.ZERO).compareTo(one.qty) < 0)
                .map(one -> new Gap(one.skuId, one.batchId, one.qty, there.getOrDefault(one.batchId, BigDecimal.ZERO))).toList();
        if (!gaps.isEmpty()) return new Outcome.Short(gaps);
        var entries = new ArrayList<StockMoves.Entry>();
        int line = 0;
        for (var one : owed) {
            line++;
            for (var entry : StockMoves.between(Node.SALEABLE, Node.NEG_SUSPENSE, Long.toString(one.skuId), one.batchId.toString(), null, new Qty(one.qty.movePointRight(3).longValueExact()),
                    new UnitPrice(one.unitCost.movePointRight(6).longValueExact())).entries())
                entries.add(new StockMoves.Entry(line, entry.leg(), entry.skuId(), entry.batchId(), entry.mrp(), entry.node(), entry.qty(), entry.unitCost()));
        }
        var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var total = owed.stream().map(Owed::qty).reduce(BigDecimal.ZERO, BigDecimal::add);
        var post = new Pipeline();
        Documents.register(post, List.of(new Documents.Registration(distributorId, settlement, TYPE, Fingerprint.of(documentId), on, at)));
        Stock.move(post, distributorId, List.of(new Stock.Movement(distributorId, settlement, TYPE, on, owed.getFirst().principalId, warehouse, new StockMoves(entries))), Map.of());
        AuditTrail.append(post, new AuditTrail.Entry(distributorId, at, actor.username(), null, "SETTLED", TYPE, settlement, on,
                        Fingerprint.json(Map.of("document", documentId, "qty", total.toPlainString()))), null,
                new AuditTrail.Event("suspense.settled", settlement, on, Fingerprint.json(Map.of("document", documentId))));
        post.run(connection);
        return new Outcome.Settled(total);
    }

    private static List<Owed> owed(Connection connection, long distributorId, LocalDate date, UUID documentId) throws SQLException {
        var load = new Pipeline();
        var found = load.query("""
                select principal_id, warehouse_id, sku_id, batch_id, -sum(qty), max(unit_cost) from stock.entry
                 where distributor_id = ? and business_date = ? and document_id = ? and bucket = 'NEG_SUSPENSE'
                 group by principal_id, warehouse_id, sku_id, batch_id having sum(qty) < 0 order by sku_id, batch_id""",
                rows -> {
                    var all = new ArrayList<Owed>();
                    while (rows.next()) all.add(new Owed(rows.getLong(1), rows.getObject(2, UUID.class), rows.getLong(3), rows.getObject(4, UUID.class), rows.getBigDecimal(5), rows.getBigDecimal(6)));
                    return all;
                }, distributorId, date, documentId);
        load.run(connection);
        return found.get();
    }
}
