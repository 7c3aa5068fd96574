package io.offtake.tax.vat;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.CancelGuard;
import io.offtake.tax.TaxDocument;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// SQL of the control unit's queue.
@Component
class EtimsStore implements CancelGuard {
    private static final String COLUMNS = """
            e.document_id, e.distributor_id, e.kind, e.number, e.business_date, e.state, e.invoice_no, e.attempts, e.next_attempt_at, e.serial, e.receipt_no, e.internal_data, e.signature,
                   e.stamped_at, e.code, e.message""";

    private final TenantTransaction transactions;
    private final Clock clock;

    EtimsStore(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// @param pin of the distributor today
    record Unit(long distributorId, String branch, String serial, String adapter, long feedSeq, String pin, String timeZone) {}

    /// @param seq of the change feed
    record Event(long seq, String topic, UUID documentId) {}

    /// What is due, and whether its answer was once lost.
    record Due(UUID documentId, long invoiceNo, EtimsState state, int attempts) {}

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    // ---- units

    List<Unit> units() {
        return transactions.network(db -> db.sql("""
                        /* network: the queue of every seller with a control unit is served */
                        select u.distributor_id, u.branch, u.serial, u.adapter, u.feed_seq, coalesce(d.gstin, '') as pin, d.time_zone
                          from tax.etims_unit u join network.distributor d on d.id = u.distributor_id order by u.distributor_id""")
                .query(Unit.class).list());
    }

    Optional<Unit> unit(long distributorId) {
        return transactions.read(RowScope.of(distributorId), db -> db.sql("""
                        select u.distributor_id, u.branch, u.serial, u.adapter, u.feed_seq, coalesce(d.gstin, '') as pin, d.time_zone
                          from tax.etims_unit u join network.distributor d on d.id = u.distributor_id where u.distributor_id = :distributor""")
                .param("distributor", distributorId).query(Unit.class).optional());
    }

    /// Registers a unit, or changes it; documents posted before are not reported.
    void register(long distributorId, String branch, String serial, String adapter, String user) {
        transactions.write(distributorId, db -> db.sql("""
                        insert into tax.etims_unit as u (distributor_id, branch, serial, adapter, feed_seq, registered_at, registered_by)
                        values (:distributor, :branch, :serial, :adapter, (select coalesce(max(o.seq), 0) from platform.outbox o where o.distributor_id = :distributor), :at, :user)
                        on conflict (distributor_id) do update set branch = excluded.branch, serial = excluded.serial, adapter = excluded.adapter, registered_at = excluded.registered_at,
                                                                   registered_by = excluded.registered_by""")
                .param("distributor", distributorId).param("branch", branch).param("serial", serial).param("adapter", adapter).param("at", now()).param("user", user).update());
    }

    // ---- the feed

    List<Event> events(Unit unit, int limit) {
        return transactions.read(RowScope.of(unit.distributorId), db -> db.sql("""
                        select seq, topic, document_id from platform.outbox
                         where distributor_id = :distributor and seq > :seq order by seq limit :limit""")
                .param("distributor", unit.distributorId).param("seq", unit.feedSeq).param("limit", limit).query(Event.class).list());
    }

    /// Moves the cursor over some events and queues their documents, each once; false if another node was faster.
    boolean take(Unit unit, long upTo, List<TaxDocument> documents) {
        return transactions.idempotent().write(unit.distributorId, db -> {
            var first = db.sql("""
                            update tax.etims_unit set feed_seq = :upTo, next_invoice_no = next_invoice_no + :count
                             where distributor_id = :distributor and feed_seq = :seq returning next_invoice_no - :count""")
                    .param("upTo", upTo).param("count", documents.size()).param("distributor", unit.distributorId).param("seq", unit.feedSeq).query(Long.class).optional();
            if (first.isEmpty()) return false;
            long invoiceNo = first.get();
            for (var document : documents) {
                db.sql("""
                        insert into tax.etims_document (distributor_id, document_id, principal_id, kind, number, business_date, state, invoice_no, next_attempt_at, queued_at, changed_at)
                        values (:distributor, :document, :principal, :kind, :number, :on, :state, :invoice, :at, :at, :at) on conflict do nothing""")
                        .param("distributor", unit.distributorId).param("document", document.id()).param("principal", document.principalId()).param("kind", document.kind())
                        .param("number", document.number()).param("on", document.businessDate()).param("state", document.cancelled() ? "WITHDRAWN" : "PENDING").param("invoice", invoiceNo++)
                        .param("at", now()).update();
            }
            return true;
        });
    }

    // ---- sending

    List<Due> due(long distributorId, int limit) {
        return transactions.read(RowScope.of(distributorId), db -> db.sql("""
                        select document_id, invoice_no, state, attempts from tax.etims_document
                         where distributor_id = :distributor and state in ('PENDING', 'UNKNOWN') and next_attempt_at <= :now order by invoice_no limit :limit""")
                .param("distributor", distributorId).param("now", now()).param("limit", limit).query(EtimsStore::due).list());
    }

    /// Marks a document as sent before it is: whatever happens now, its answer is looked up first. False if it is no longer due.
    boolean sending(long distributorId, Due due, String request, Instant retryAt) {
        return transactions.write(distributorId, db -> db.sql("""
                        update tax.etims_document set state = 'UNKNOWN', attempts = attempts + 1, request = :request, next_attempt_at = :retry, changed_at = :now
                         where distributor_id = :distributor and document_id = :document and state = :state and attempts = :attempts""")
                .param("request", request).param("retry", retryAt.atOffset(ZoneOffset.UTC)).param("now", now()).param("distributor", distributorId).param("document", due.documentId)
                .param("state", due.state.name()).param("attempts", due.attempts).update()) == 1;
    }

    /// Notes what was heard. A stamp never changes.
    void heard(long distributorId, UUID documentId, EtimsState.Next next, String serial, @Nullable String answer, Instant retryAt) {
        transactions.idempotent().write(distributorId, db -> {
            var stamp = next.stamp();
            return db.sql("""
                            update tax.etims_document
                               set state = :state, serial = :serial, receipt_no = :receipt::bigint, internal_data = :internal, signature = :signature, stamped_at = :stamped::timestamptz,
                                   answer = :answer, code = :code, message = :message, next_attempt_at = :retry, changed_at = :now
                             where distributor_id = :distributor and document_id = :document and state in ('PENDING', 'UNKNOWN', 'REJECTED')""")
                    .param("state", next.state().name()).param("serial", stamp == null ? null : serial).param("receipt", stamp == null ? null : Long.toString(stamp.receiptNo()))
                    .param("internal", stamp == null ? null : stamp.internalData()).param("signature", stamp == null ? null : stamp.signature())
                    .param("stamped", stamp == null ? null : stamp.stampedAt().toString()).param("answer", answer).param("code", next.code()).param("message", next.message())
                    .param("retry", retryAt.atOffset(ZoneOffset.UTC)).param("now", now()).param("distributor", distributorId).param("document", documentId).update();
        });
    }

    /// A person asks for another try; false if there is nothing to try.
    boolean retry(long distributorId, UUID documentId) {
        return transactions.write(distributorId, db -> db.sql("""
                        update tax.etims_document set state = case when state = 'REJECTED' then 'PENDING' else state end, next_attempt_at = :now, changed_at = :now
                         where distributor_id = :distributor and document_id = :document and state in ('PENDING', 'UNKNOWN', 'REJECTED')""")
                .param("now", now()).param("distributor", distributorId).param("document", documentId).update()) == 1;
    }

    @Override
    public Optional<String> refuse(Connection connection, long distributorId, UUID documentId) throws SQLException {
        try (var statement = connection.prepareStatement("""
                update tax.etims_document set state = case when state in ('PENDING', 'REJECTED') then 'WITHDRAWN' else state end, changed_at = ?
                 where distributor_id = ? and document_id = ? returning state""")) {
            statement.setObject(1, now());
            statement.setLong(2, distributorId);
            statement.setObject(3, documentId);
            try (var rows = statement.executeQuery()) {
                if (!rows.next() || rows.getString(1).equals("WITHDRAWN")) return Optional.empty();
                return Optional.of(rows.getString(1).equals("STAMPED") ? "the control unit has stamped it" : "it is on its way to the control unit");
            }
        }
    }

    // ---- reading

    Optional<EtimsView> find(RowScope scope, UUID documentId) {
        return transactions.read(scope, db -> db.sql("select " + COLUMNS + ", d.gstin as pin, u.branch from tax.etims_document e join network.distributor d on d.id = e.distributor_id "
                        + "join tax.etims_unit u on u.distributor_id = e.distributor_id where e.distributor_id = any(:scope) and e.document_id = :document")
                .param("scope", scope.distributors().toArray(Long[]::new)).param("document", documentId).query((row, _) -> view(row)).optional());
    }

    /// The running number and state of a document, for the credit note that names it.
    Optional<Due> original(long distributorId, UUID documentId) {
        return transactions.read(RowScope.of(distributorId), db -> original(db, distributorId, documentId));
    }

    private static Optional<Due> original(JdbcClient db, long distributorId, UUID documentId) {
        return db.sql("select document_id, invoice_no, state, attempts from tax.etims_document where distributor_id = :distributor and document_id = :document")
                .param("distributor", distributorId).param("document", documentId).query(EtimsStore::due).optional();
    }

    private static Due due(ResultSet row, int at) throws SQLException {
        return new Due(row.getObject("document_id", UUID.class), row.getLong("invoice_no"), EtimsState.valueOf(row.getString("state")), row.getInt("attempts"));
    }

    /// The row with what is printed: `KRACU…/17`, and the address that shows the receipt at the tax office.
    static EtimsView view(ResultSet row) throws SQLException {
        var serial = row.getString("serial");
        var signature = row.getString("signature");
        var stamped = row.getObject("stamped_at", OffsetDateTime.class);
        return new EtimsView(row.getObject("document_id", UUID.class), row.getLong("distributor_id"), row.getString("kind"), row.getString("number"), row.getObject("business_date", LocalDate.class),
                row.getString("state"), row.getLong("invoice_no"), row.getInt("attempts"), row.getObject("next_attempt_at", OffsetDateTime.class).toInstant(), serial,
                serial == null ? null : serial + "/" + row.getLong("receipt_no"), row.getString("internal_data"), signature, stamped == null ? null : stamped.toInstant(),
                signature == null ? null : "https://etims.kra.go.ke/common/link/etims/receipt/indexEtimsReceiptData?Data=" + row.getString("pin") + row.getString("branch") + signature,
                row.getString("code"), row.getString("message"));
    }

    static final String LISTED = "select " + COLUMNS + """
            , d.gstin as pin, u.branch, d.code as distributor
              from tax.etims_document e
              join network.distributor d on d.id = e.distributor_id
              join tax.etims_unit u on u.distributor_id = e.distributor_id
             where e.distributor_id = any (:distributors::bigint[])""";
}
