package io.offtake.receivables;

import io.offtake.platform.Documents;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import io.offtake.rules.Journal;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The money ledger's part in every posting: outlet accounts with their credit terms, open items, journal entries.
public final class Receivables {
    private Receivables() {}

    /// An outlet's standing with one principal's goods. `balance` is what it owes less what it has on account.
    public record Account(BigDecimal creditLimit, int creditDays, BigDecimal balance) {}

    /// Locks the accounts of some outlets with one principal in key order, so that two bills cannot pass one limit together.
    /// Comes after the stock locks.
    public static Pipeline.Answer<Map<UUID, Account>> lockAccounts(Pipeline load, long distributorId, long principalId, UUID[] outletIds) {
        return accounts(load, distributorId, principalId, outletIds, " order by outlet_id for update");
    }

    /// Reads the accounts without a lock, for previews.
    public static Pipeline.Answer<Map<UUID, Account>> peekAccounts(Pipeline load, long distributorId, long principalId, UUID[] outletIds) {
        return accounts(load, distributorId, principalId, outletIds, "");
    }

    private static Pipeline.Answer<Map<UUID, Account>> accounts(Pipeline load, long distributorId, long principalId, UUID[] outletIds, String lock) {
        return load.query("""
                select outlet_id, credit_limit, credit_days, balance from receivables.outlet_account
                 where distributor_id = ? and principal_id = ? and outlet_id = any(?)""" + lock,
                rows -> {
                    var found = new HashMap<UUID, Account>();
                    while (rows.next()) found.put(rows.getObject(1, UUID.class), new Account(rows.getBigDecimal(2), rows.getInt(3), rows.getBigDecimal(4)));
                    return found;
                }, distributorId, principalId, outletIds);
    }

    /// The due date of each outlet's oldest unpaid bill of this principal's goods; outlets without one are absent.
    public static Pipeline.Answer<Map<UUID, LocalDate>> oldestDue(Pipeline load, long distributorId, long principalId, UUID[] outletIds) {
        // The first entry of each outlet in the index, however many bills are open.
        var sql = outletIds.length == 1 ? """
                select outlet_id, due_on from receivables.open_item
                 where distributor_id = ? and outlet_id = ? and principal_id = ? and open_amount > 0 and kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING')
                 order by due_on limit 1""" : """
                select u.outlet_id, (select due_on from receivables.open_item i
                                      where i.distributor_id = ? and i.outlet_id = u.outlet_id and i.principal_id = ? and i.open_amount > 0
                                        and i.kind in ('INVOICE', 'DEBIT_NOTE', 'OPENING') order by i.due_on limit 1)
                  from unnest(?::uuid[]) as u (outlet_id)""";
        return load.query(sql, rows -> {
            var found = new HashMap<UUID, LocalDate>();
            while (rows.next()) if (rows.getObject(2) != null) found.put(rows.getObject(1, UUID.class), rows.getObject(2, LocalDate.class));
            return found;
        }, outletIds.length == 1 ? new Object[] {distributorId, outletIds[0], principalId} : new Object[] {distributorId, principalId, outletIds});
    }

    /// A change of an outlet's account.
    public record Change(long principalId, UUID outletId, BigDecimal by) {}

    /// Raises (or, below zero, lowers) outlets' accounts; opens one with no credit where there is none.
    public static void change(Post post, long distributorId, List<Change> changes) {
        var sums = new TreeMap<Party, BigDecimal>(Party.ORDER);
        for (var change : changes) sums.merge(new Party(change.principalId, change.outletId), change.by, BigDecimal::add);
        post.rows("outlet account", """
                insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, balance) values\s""", Post.row(4), """

                on conflict (distributor_id, principal_id, outlet_id) do update set balance = outlet_account.balance + excluded.balance""",
                sums.entrySet().stream().map(sum -> new @Nullable Object[] {distributorId, sum.getKey().principalId, sum.getKey().outletId, sum.getValue()}).toList());
    }

    private record Party(long principalId, UUID outletId) {
        static final Comparator<Party> ORDER = Comparator.comparingLong(Party::principalId).thenComparing(Party::outletId);
    }

    /// What an outlet owes, or is owed, by one document. `open` is less than `amount` where part of it is settled at once.
    ///
    /// @param cashTerms what may be deducted for early payment (M10), none for most
    public record Item(UUID documentId, long principalId, UUID outletId, String kind, LocalDate businessDate, LocalDate dueOn, BigDecimal amount, BigDecimal open,
                       CashTerms cashTerms) {
        public Item(UUID documentId, long principalId, UUID outletId, String kind, LocalDate businessDate, LocalDate dueOn, BigDecimal amount, BigDecimal open) {
            this(documentId, principalId, outletId, kind, businessDate, dueOn, amount, open, CashTerms.NONE);
        }
    }

    /// Opens an item under the document's number.
    public static void openItem(Post post, Numbering numbering, Item item) {
        Documents.insertNumbered(post, numbering, "receivables.open_item", "number",
                "distributor_id, document_id, principal_id, outlet_id, kind, business_date, due_on, amount, open_amount, cash_terms::text",
                numbering.series().distributorId(), item.documentId, item.principalId, item.outletId, item.kind, item.businessDate, item.dueOn, item.amount, item.open,
                item.cashTerms.text());
    }

    /// An open item's amounts.
    public record Settled(BigDecimal amount, BigDecimal open) {}

    /// Locks the item of a document, which serialises whatever happens to a posted bill.
    public static Pipeline.Answer<Optional<Settled>> lockItem(Pipeline load, long distributorId, UUID documentId) {
        return load.query("select amount, open_amount from receivables.open_item where distributor_id = ? and document_id = ? for update",
                rows -> rows.next() ? Optional.of(new Settled(rows.getBigDecimal(1), rows.getBigDecimal(2))) : Optional.empty(), distributorId, documentId);
    }

    /// Takes a cancelled bill's item off the books; fails where part of it is settled.
    public static void closeItem(Post post, long distributorId, UUID documentId) {
        post.guarded("open item", 1, """
                update receivables.open_item set open_amount = 0 where distributor_id = ? and document_id = ? and open_amount = amount""", distributorId, documentId);
    }

    /// A balanced journal of one document. `outletId` is the party of 1200 and 2210.
    public record Booking(UUID documentId, String documentType, LocalDate businessDate, long principalId, @Nullable UUID outletId, List<Journal.Entry> entries) {}

    /// Writes balanced journals.
    public static void book(Post post, long distributorId, List<Booking> bookings) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (var booking : bookings) {
            int line = 0;
            for (var entry : booking.entries) {
                rows.add(new @Nullable Object[] {distributorId, booking.businessDate, booking.documentId, ++line, booking.documentType, booking.principalId,
                        entry.account().code(),
                        switch (entry.account()) {
                            case RECEIVABLE_OUTLETS, OUTLET_ON_ACCOUNT -> booking.outletId;
                            default -> null;
                        },
                        BigDecimal.valueOf(entry.amount().units(), entry.amount().scale()), entry.taxHead() == null ? null : entry.taxHead().name(),
                        entry.taxRate() == null ? null : BigDecimal.valueOf(entry.taxRate().micros(), 6),
                        entry.schemeId() == null ? null : Long.valueOf(entry.schemeId()), entry.schemeVersion()});
            }
        }
        post.rows("journal", """
                insert into receivables.journal_entry (distributor_id, business_date, document_id, line, document_type, principal_id, account, outlet_id,
                                                       amount, tax_head, tax_rate, scheme_id, scheme_version)
                values\s""", "(?, ?, ?, ?, ?, ?, ?, ?::uuid, ?, ?, ?::numeric, ?::bigint, ?::integer)", "", rows);
    }
}
