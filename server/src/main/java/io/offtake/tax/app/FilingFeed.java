package io.offtake.tax.app;

import io.offtake.platform.TenantTransaction;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxDocument;
import io.offtake.tax.india.Customer;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.india.EwayBill;
import io.offtake.tax.store.FilingStore;
import io.offtake.tax.store.FilingStore.Task;
import io.offtake.tax.store.LawStore;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Follows the change feed of the distributors that register their documents, and opens a way to the portal for each document
/// that needs one. Opening and cursor are written in one transaction; a document that is told twice is opened once.
public final class FilingFeed {
    private static final String CONSUMER = "tax-portal";
    private static final int BATCH = 200;
    private final TenantTransaction transactions;
    private final PostedDocuments documents;
    private final FilingStore store;
    private final Filings filings;
    private final Clock clock;

    public FilingFeed(TenantTransaction transactions, PostedDocuments documents, FilingStore store, Filings filings, Clock clock) {
        this.transactions = transactions;
        this.documents = documents;
        this.store = store;
        this.filings = filings;
        this.clock = clock;
    }

    /// Distributors with news that were not looked at.
    public List<Long> pending() {
        return transactions.network(db -> db.sql("""
                select r.distributor_id from tax.registration r
                  left join platform.feed_cursor c on c.distributor_id = r.distributor_id and c.consumer = 'tax-portal'
                 where r.e_invoice_from is not null
                   and exists (select 1 from platform.outbox o where o.distributor_id = r.distributor_id and o.seq > coalesce(c.seq, 0))
                 order by r.distributor_id""").query(Long.class).list());
    }

    private record News(long seq, String topic, UUID documentId, LocalDate businessDate) {}

    /// Takes in the next events of one distributor; 0 if there are none or another node is at it.
    public int advance(long distributorId) {
        return transactions.write(distributorId, db -> {
            var now = clock.instant();
            // a distributor with a long past begins where its e-invoices do
            db.sql("""
                            insert into platform.feed_cursor (distributor_id, consumer, seq, moved_at)
                            select r.distributor_id, :consumer, coalesce((select min(o.seq) - 1 from platform.outbox o where o.distributor_id = r.distributor_id and o.business_date >= r.e_invoice_from),
                                   (select max(o.seq) from platform.outbox o where o.distributor_id = r.distributor_id), 0), :now
                              from tax.registration r where r.distributor_id = :distributor and r.e_invoice_from is not null
                               and not exists (select 1 from platform.feed_cursor c where c.distributor_id = r.distributor_id and c.consumer = :consumer)
                            on conflict do nothing""")
                    .param("distributor", distributorId).param("consumer", CONSUMER).param("now", now.atOffset(ZoneOffset.UTC)).update();
            var cursor = db.sql("select seq from platform.feed_cursor where distributor_id = :distributor and consumer = :consumer for update skip locked")
                    .param("distributor", distributorId).param("consumer", CONSUMER).query(Long.class).optional();
            var from = db.sql("select e_invoice_from from tax.registration where distributor_id = ?").param(distributorId).query(LocalDate.class).optional();
            if (cursor.isEmpty() || from.isEmpty()) return 0;
            var news = db.sql("select seq, topic, document_id, business_date from platform.outbox where distributor_id = :distributor and seq > :seq order by seq limit :most")
                    .param("distributor", distributorId).param("seq", cursor.get()).param("most", BATCH)
                    .query((row, _) -> new News(row.getLong(1), row.getString(2), row.getObject(3, UUID.class), row.getObject(4, LocalDate.class))).list();
            if (news.isEmpty()) return 0;
            take(db, distributorId, news.stream().filter(one -> !one.businessDate.isBefore(from.get())).toList());
            db.sql("update platform.feed_cursor set seq = :to, moved_at = :now where distributor_id = :distributor and consumer = :consumer")
                    .param("to", news.getLast().seq).param("now", now.atOffset(ZoneOffset.UTC)).param("distributor", distributorId).param("consumer", CONSUMER).update();
            return news.size();
        });
    }

    private void take(JdbcClient db, long distributorId, List<News> news) {
        var posted = news.stream().filter(one -> one.topic.endsWith(".posted") && (one.topic.startsWith("invoice") || one.topic.startsWith("credit-note") || one.topic.startsWith("debit-note"))).toList();
        var found = new HashMap<UUID, TaxDocument>();
        for (var document : documents.read(distributorId, posted.stream().map(News::documentId).distinct().toList())) found.put(document.id(), document);
        var law = LawStore.law(db);
        var turnover = LawStore.highestTurnover(db, distributorId);
        var now = clock.instant();
        var today = LocalDate.ofInstant(now, EwayBill.ZONE);
        for (var one : posted) {
            var document = found.get(one.documentId);
            if (document == null || !document.regime().equals("IN_GST") || !document.seller().registration().equals("REGULAR")) continue;
            var customer = Customer.of(document.buyer().taxId(), document.buyer().registration(), document.interState(), document.totals().payable(), document.businessDate(), law);
            if (!EInvoice.isDue(turnover, Filings.kind(document), customer, document.businessDate(), law)) continue;
            store.open(db, Filings.opening(document, Task.E_INVOICE, EInvoice.reportBy(turnover, document.businessDate(), today, law), now));
        }
        for (var one : news) if (one.topic.equals("invoice.cancelled")) filings.cancelledInTheBooks(db, distributorId, one.documentId, now);
    }
}
