package io.offtake.receivables.store;

import io.offtake.platform.Documents;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.platform.RowScope;
import io.offtake.receivables.CashTerms;
import io.offtake.receivables.CollectionView;
import io.offtake.receivables.PostCollection;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// SQL of collections and what they settle.
@Component
public class CollectionStore {

    /// An unpaid bill.
    public record Bill(UUID documentId, String number, LocalDate businessDate, LocalDate dueOn, BigDecimal open, CashTerms cashTerms) {}

    /// Locks an outlet's unpaid bills and reads them in the order in which money settles them: by due date, then bill date.
    public static Pipeline.Answer<List<Bill>> lockBills(Pipeline load, long distributorId, long principalId, UUID outletId) {
        return load.query("""
                select document_id, number, business_date, due_on, open_amount, cash_terms from receivables.open_item
                 where distributor_id = ? and outlet_id = ? and principal_id = ? and open_amount > 0 and kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING')
                 order by due_on, business_date, number, document_id for update""",
                rows -> {
                    var bills = new ArrayList<Bill>();
                    while (rows.next())
                        bills.add(new Bill(rows.getObject(1, UUID.class), rows.getString(2), rows.getObject(3, LocalDate.class), rows.getObject(4, LocalDate.class), rows.getBigDecimal(5),
                                CashTerms.parse(rows.getString(6))));
                    return bills;
                }, distributorId, outletId, principalId);
    }

    /// As [#lockBills], for many outlets at once.
    public static Pipeline.Answer<Map<UUID, List<Bill>>> lockBillsOf(Pipeline load, long distributorId, long principalId, UUID[] outletIds) {
        return load.query("""
                select document_id, number, business_date, due_on, open_amount, cash_terms, outlet_id from receivables.open_item
                 where distributor_id = ? and outlet_id = any(?) and principal_id = ? and open_amount > 0 and kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING')
                 order by due_on, business_date, number, document_id for update""",
                rows -> {
                    var bills = new HashMap<UUID, List<Bill>>();
                    while (rows.next())
                        bills.computeIfAbsent(rows.getObject(7, UUID.class), _ -> new ArrayList<>()).add(new Bill(rows.getObject(1, UUID.class), rows.getString(2),
                                rows.getObject(3, LocalDate.class), rows.getObject(4, LocalDate.class), rows.getBigDecimal(5),
                                CashTerms.parse(rows.getString(6))));
                    return bills;
                }, distributorId, outletIds, principalId);
    }

    /// An outlet on a business date.
    public record OutletDay(UUID outletId, LocalDate on) {}

    /// As [#cashOfDay], for many outlets and days.
    public static Pipeline.Answer<Map<OutletDay, BigDecimal>> cashOfDays(Pipeline load, long distributorId, UUID[] outletIds, LocalDate from, LocalDate to) {
        return load.query("""
                select outlet_id, business_date, sum(amount) from receivables.collection
                 where distributor_id = ? and business_date between ? and ? and outlet_id = any(?) and mode = 'CASH'
                 group by outlet_id, business_date""",
                rows -> {
                    var found = new HashMap<OutletDay, BigDecimal>();
                    while (rows.next()) found.put(new OutletDay(rows.getObject(1, UUID.class), rows.getObject(2, LocalDate.class)), rows.getBigDecimal(3));
                    return found;
                }, distributorId, from, to, outletIds);
    }

    /// Cash taken from the outlet on a business date, over all principals.
    public static Pipeline.Answer<BigDecimal> cashOfDay(Pipeline load, long distributorId, UUID outletId, LocalDate on) {
        return load.query("""
                select coalesce(sum(amount), 0) from receivables.collection
                 where distributor_id = ? and business_date = ? and outlet_id = ? and mode = 'CASH'""",
                rows -> {
                    rows.next();
                    return rows.getBigDecimal(1);
                }, distributorId, on, outletId);
    }

    /// Lowers bills and notes which money settled them.
    public static void settle(Post post, long distributorId, UUID collectionId, Map<Bill, CashTerms.Settlement> allocated) {
        allocated.forEach((bill, part) -> post.guarded("open item", 1, """
                update receivables.open_item set open_amount = open_amount - ?
                 where distributor_id = ? and document_id = ? and open_amount >= ?""", part.settled(), distributorId, bill.documentId, part.settled()));
        post.rows("payment allocations", "insert into receivables.payment_allocation (distributor_id, collection_id, document_id, amount, discount, scheme_id, scheme_version) values ",
                "(?, ?, ?, ?, ?, ?::bigint, ?::integer)", "", allocated.entrySet().stream().map(entry -> {
                    var part = entry.getValue();
                    var term = part.discount().signum() > 0 ? part.term() : null;
                    return new @Nullable Object[] {distributorId, collectionId, entry.getKey().documentId, part.money(), part.discount(), term == null ? null : term.schemeId(),
                            term == null ? null : term.schemeVersion()};
                }).toList());
    }

    /// Adds the collection under its number.
    public static void header(Post post, Numbering numbering, PostCollection command, BigDecimal onAccount, String status, Instant at, String by) {
        Documents.insertNumbered(post, numbering, "receivables.collection", "number",
                "distributor_id, id, principal_id, outlet_id, business_date, mode, amount, on_account, reference::text, bank::text, cheque_on::date, note::text, status, recorded_at, recorded_by",
                command.distributorId(), command.id(), command.principalId(), command.outletId(), command.businessDate(), command.mode(), command.amount(), onAccount,
                command.reference(), command.bank(), command.chequeOn(), command.note(), status, at, by);
    }

    /// Reads one collection inside a scope.
    public Optional<CollectionView> find(Connection connection, RowScope scope, UUID id) throws SQLException {
        var load = new Pipeline();
        var settled = load.query("""
                select a.document_id, i.number, a.amount, a.discount
                  from receivables.payment_allocation a
                  join receivables.open_item i on i.distributor_id = a.distributor_id and i.document_id = a.document_id
                 where a.distributor_id = any(?) and a.collection_id = ? order by i.due_on, i.business_date, i.number""",
                rows -> {
                    var found = new ArrayList<CollectionView.Settled>();
                    while (rows.next()) found.add(new CollectionView.Settled(rows.getObject(1, UUID.class), rows.getString(2), rows.getBigDecimal(3), rows.getBigDecimal(4)));
                    return found;
                }, scope.distributors().toArray(Long[]::new), id);
        var view = load.query("""
                select c.id, c.number, c.distributor_id, c.principal_id, c.outlet_id, o.name, c.business_date, c.recorded_at, c.recorded_by, c.mode, c.amount, c.on_account,
                       c.reference, c.bank, c.cheque_on, c.note, c.status
                  from receivables.collection c
                  join network.outlet o on o.distributor_id = c.distributor_id and o.id = c.outlet_id
                 where c.distributor_id = any(?) and c.id = ?""",
                rows -> rows.next() ? Optional.of(new CollectionView(rows.getObject(1, UUID.class), rows.getString(2), rows.getLong(3), rows.getLong(4),
                        rows.getObject(5, UUID.class), rows.getString(6), rows.getObject(7, LocalDate.class), rows.getObject(8, OffsetDateTime.class).toInstant(),
                        rows.getString(9), rows.getString(10), rows.getBigDecimal(11), rows.getBigDecimal(12), rows.getString(13), rows.getString(14),
                        rows.getObject(15, LocalDate.class), rows.getString(16), rows.getString(17), settled.get())) : Optional.<CollectionView>empty(),
                scope.distributors().toArray(Long[]::new), id);
        load.run(connection);
        return view.get();
    }
}
