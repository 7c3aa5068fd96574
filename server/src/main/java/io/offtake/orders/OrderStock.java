package io.offtake.orders;

import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.schemes.FreeChoice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Orders as a billing sees them: what was allocated, what the outlet has committed to, and that it is billed now.
public final class OrderStock {
    private OrderStock() {}

    /// An order about to be billed. Nothing is held when `allocations` is empty.
    /// @param choices what the outlet picked of lists of free goods when it ordered
    public record Open(UUID id, UUID outletId, long principalId, UUID warehouseId, String status, BigDecimal indicative, List<Allocated> allocations, List<FreeChoice> choices,
                       @Nullable OrderSource source) {}

    /// Pieces of a batch reserved for a line of an order.
    public record Allocated(int line, long skuId, UUID batchId, BigDecimal qty, BigDecimal unitCost) {}

    /// Locks some orders and reads what is allocated to them.
    public static Pipeline.Answer<Map<UUID, Open>> lock(Pipeline load, long distributorId, UUID[] orderIds) {
        var orders = load.query("""
                select id, outlet_id, principal_id, warehouse_id, status, indicative, choices, source from orders.sales_order
                 where distributor_id = ? and id = any(?) order by id for update""",
                rows -> {
                    var found = new HashMap<UUID, Open>();
                    while (rows.next()) {
                        var id = rows.getObject(1, UUID.class);
                        found.put(id, new Open(id, rows.getObject(2, UUID.class), rows.getLong(3), rows.getObject(4, UUID.class), rows.getString(5),
                                rows.getBigDecimal(6), new ArrayList<>(), FreeChoice.read(rows.getString(7)), rows.getString(8) == null ? null : OrderSource.valueOf(rows.getString(8))));
                    }
                    return found;
                }, distributorId, orderIds);
        return load.query("""
                select order_id, line, sku_id, batch_id, qty, unit_cost from orders.batch_allocation
                 where distributor_id = ? and order_id = any(?) and qty > 0 order by order_id, line, batch_id""",
                rows -> {
                    while (rows.next()) {
                        orders.get().get(rows.getObject(1, UUID.class)).allocations()
                                .add(new Allocated(rows.getInt(2), rows.getLong(3), rows.getObject(4, UUID.class), rows.getBigDecimal(5), rows.getBigDecimal(6)));
                    }
                    return orders.get();
                }, distributorId, orderIds);
    }

    /// What outlets have ordered on credit and not been billed for: part of their exposure (LESSONS 48).
    public static Pipeline.Answer<Map<UUID, BigDecimal>> commitments(Pipeline load, long distributorId, long principalId, UUID[] outletIds) {
        return load.query("""
                select outlet_id, sum(indicative) from orders.sales_order
                 where distributor_id = ? and outlet_id = any(?) and principal_id = ? and status in ('BOOKED', 'ON_HOLD', 'ALLOCATED', 'PART_ALLOCATED')
                 group by outlet_id""",
                rows -> {
                    var found = new HashMap<UUID, BigDecimal>();
                    while (rows.next()) found.put(rows.getObject(1, UUID.class), rows.getBigDecimal(2));
                    return found;
                }, distributorId, outletIds, principalId);
    }

    /// Marks an order as invoiced and empties its allocations.
    public static void invoiced(Post post, long distributorId, UUID orderId, long principalId, Instant at, String by, @Nullable String note) {
        post.guarded("order", 1, """
                update orders.sales_order set status = 'INVOICED', changed_at = ?, version = version + 1
                 where distributor_id = ? and id = ? and status in ('ALLOCATED', 'PART_ALLOCATED')""", at, distributorId, orderId);
        post.update("update orders.batch_allocation set qty = 0 where distributor_id = ? and order_id = ?", distributorId, orderId);
        event(post, distributorId, orderId, principalId, "INVOICED", note, at, by);
    }

    /// Adds a step to the order's history (ORD-07).
    public static void event(Post post, long distributorId, UUID orderId, long principalId, String status, @Nullable String reason, Instant at, String by) {
        post.guarded("order event", 1, """
                insert into orders.order_event (distributor_id, order_id, seq, principal_id, status, reason, recorded_at, recorded_by)
                select ?, ?, coalesce(max(seq), 0) + 1, ?, ?, ?, ?::timestamptz, ? from orders.order_event where distributor_id = ? and order_id = ?""",
                distributorId, orderId, principalId, status, reason, at, by, distributorId, orderId);
    }
}
