package io.offtake.orders.store;

import io.offtake.orders.OrderSource;
import io.offtake.orders.OrderStock;
import io.offtake.orders.OrderView;
import io.offtake.orders.PostOrder;
import io.offtake.platform.Documents;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.rules.Decision;
import io.offtake.schemes.FreeChoice;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// SQL of orders, their lines, allocations and history.
@Component
public class OrderStore {

    /// A line that may still be allocated; `open` is ordered less allocated.
    public record OpenLine(int line, long skuId, BigDecimal qty, BigDecimal open) {}

    /// A locked order.
    public record Open(UUID id, long principalId, UUID outletId, UUID warehouseId, String status, BigDecimal indicative, List<OpenLine> lines,
                       List<OrderStock.Allocated> allocations, List<FreeChoice> choices, @Nullable OrderSource source) {}

    /// Locks one order and reads it; null if there is none.
    public @Nullable Open lock(Connection connection, long distributorId, UUID orderId) throws SQLException {
        var load = new Pipeline();
        var orders = OrderStock.lock(load, distributorId, new UUID[] {orderId});
        var lines = load.query("select line, sku_id, qty from orders.sales_order_line where distributor_id = ? and order_id = ? order by line",
                rows -> {
                    var found = new ArrayList<OpenLine>();
                    while (rows.next()) found.add(new OpenLine(rows.getInt(1), rows.getLong(2), rows.getBigDecimal(3), rows.getBigDecimal(3)));
                    return found;
                }, distributorId, orderId);
        load.run(connection);
        var order = orders.get().get(orderId);
        if (order == null) return null;
        var allocated = new HashMap<Integer, BigDecimal>();
        order.allocations().forEach(any -> allocated.merge(any.line(), any.qty(), BigDecimal::add));
        return new Open(orderId, order.principalId(), order.outletId(), order.warehouseId(), order.status(), order.indicative(),
                lines.get().stream().map(line -> new OpenLine(line.line, line.skuId, line.qty, line.qty.subtract(allocated.getOrDefault(line.line, BigDecimal.ZERO)))).toList(),
                order.allocations(), order.choices(), order.source());
    }

    /// Adds the order under its number.
    public static void header(Post post, Numbering numbering, PostOrder command, String status, @Nullable String hold, BigDecimal indicative, Instant at, String by) {
        Documents.insertNumbered(post, numbering, "orders.sales_order", "number",
                "distributor_id, id, principal_id, outlet_id, warehouse_id, business_date, status, hold_reason::text, indicative, note::text, recorded_at, recorded_by, changed_at, choices::jsonb, source::text",
                command.distributorId(), command.id(), command.principalId(), command.outletId(), command.warehouseId(), command.businessDate(), status, hold, indicative,
                command.note(), at, by, at, FreeChoice.text(command.choices()), command.orderSource() == null ? null : command.orderSource().name());
    }

    /// Takes the lines off, for others to be added, and notes the new total.
    public static void edit(Post post, PostOrder command, String status, @Nullable String hold, BigDecimal indicative, Instant at) {
        post.update("delete from orders.sales_order_line where distributor_id = ? and order_id = ?", command.distributorId(), command.id());
        post.guarded("order", 1, """
                update orders.sales_order set status = ?, hold_reason = ?::text, indicative = ?, note = ?::text, changed_at = ?, version = version + 1
                 where distributor_id = ? and id = ?""", status, hold, indicative, command.note(), at, command.distributorId(), command.id());
    }

    /// Adds the lines with their indicative price.
    public static void lines(Post post, PostOrder command, Decision.Decided decided) {
        post.rows("order lines", "insert into orders.sales_order_line (distributor_id, order_id, line, principal_id, sku_id, qty, rate, amount) values ", Post.row(8), "",
                command.lines().stream().map(line -> {
                    var parts = decided.lines().stream().filter(any -> any.line() == line.line()).toList();
                    var amount = parts.stream().map(part -> BigDecimal.valueOf(part.total().units(), part.total().scale())).reduce(BigDecimal.ZERO, BigDecimal::add);
                    var rate = parts.isEmpty() ? BigDecimal.ZERO : BigDecimal.valueOf(parts.getFirst().unitPrice().micros(), 6);
                    return new @Nullable Object[] {command.distributorId(), command.id(), line.line(), command.principalId(), line.skuId(), line.qty(), rate, amount};
                }).toList());
    }

    /// Adds what was allocated.
    public static void allocate(Post post, long distributorId, UUID orderId, long principalId, UUID warehouseId, List<OrderStock.Allocated> allocations) {
        post.rows("batch allocations", "insert into orders.batch_allocation (distributor_id, order_id, line, batch_id, principal_id, warehouse_id, sku_id, qty, unit_cost) values ",
                Post.row(9), " on conflict (distributor_id, order_id, line, batch_id) do update set qty = batch_allocation.qty + excluded.qty",
                allocations.stream().map(any -> new @Nullable Object[] {distributorId, orderId, any.line(), any.batchId(), principalId, warehouseId, any.skuId(), any.qty(),
                        any.unitCost()}).toList());
    }

    /// Empties the allocations.
    public static void release(Post post, long distributorId, UUID orderId) {
        post.update("update orders.batch_allocation set qty = 0 where distributor_id = ? and order_id = ?", distributorId, orderId);
    }

    /// Moves the order to a state.
    public static void status(Post post, long distributorId, UUID orderId, String status, @Nullable String hold, Instant at) {
        post.guarded("order", 1, "update orders.sales_order set status = ?, hold_reason = ?::text, changed_at = ?, version = version + 1 where distributor_id = ? and id = ?",
                status, hold, at, distributorId, orderId);
    }

    /// Reads one order inside a scope.
    public Optional<OrderView> find(Connection connection, RowScope scope, UUID id) throws SQLException {
        var distributors = scope.distributors().toArray(Long[]::new);
        var load = new Pipeline();
        var lines = load.query("""
                select l.line, l.sku_id, s.code, s.name, l.qty, coalesce(a.qty, 0), l.rate, l.amount
                  from orders.sales_order_line l
                  join catalog.sku s on s.id = l.sku_id
                  left join (select distributor_id, order_id, line, sum(qty) as qty from orders.batch_allocation
                              where distributor_id = any(?) and order_id = ? group by distributor_id, order_id, line) a
                    on a.distributor_id = l.distributor_id and a.order_id = l.order_id and a.line = l.line
                 where l.distributor_id = any(?) and l.order_id = ? order by l.line""",
                rows -> {
                    var found = new ArrayList<OrderView.Line>();
                    while (rows.next())
                        found.add(new OrderView.Line(rows.getInt(1), rows.getLong(2), rows.getString(3), rows.getString(4), rows.getBigDecimal(5), rows.getBigDecimal(6),
                                rows.getBigDecimal(7), rows.getBigDecimal(8)));
                    return found;
                }, distributors, id, distributors, id);
        var events = load.query("""
                select status, reason, recorded_at, recorded_by from orders.order_event where distributor_id = any(?) and order_id = ? order by seq""",
                rows -> {
                    var found = new ArrayList<OrderView.Event>();
                    while (rows.next())
                        found.add(new OrderView.Event(rows.getString(1), rows.getString(2), rows.getObject(3, OffsetDateTime.class).toInstant(), rows.getString(4)));
                    return found;
                }, distributors, id);
        var view = load.query("""
                select o.id, o.number, o.distributor_id, o.principal_id, o.outlet_id, t.name, o.warehouse_id, o.business_date, o.status, o.hold_reason, o.indicative, o.note, o.version
                  from orders.sales_order o
                  join network.outlet t on t.distributor_id = o.distributor_id and t.id = o.outlet_id
                 where o.distributor_id = any(?) and o.id = ?""",
                rows -> rows.next() ? Optional.of(new OrderView(rows.getObject(1, UUID.class), rows.getString(2), rows.getLong(3), rows.getLong(4), rows.getObject(5, UUID.class),
                        rows.getString(6), rows.getObject(7, UUID.class), rows.getObject(8, LocalDate.class), rows.getString(9), rows.getString(10), rows.getBigDecimal(11),
                        rows.getString(12), rows.getInt(13), lines.get(), events.get())) : Optional.<OrderView>empty(), distributors, id);
        load.run(connection);
        return view.get();
    }
}
