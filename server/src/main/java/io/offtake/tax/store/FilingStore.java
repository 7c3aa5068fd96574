package io.offtake.tax.store;

import io.offtake.tax.india.Fault;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// SQL of what the portals know and are asked.
@Component
public class FilingStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public enum Task { E_INVOICE, E_WAY_BILL }

    public enum State {
        /// Something has to be put right here before it can be sent.
        BLOCKED,
        WAITING,
        SUBMITTED,
        /// Sent, and no answer that can be read: it is asked for, never sent blindly again.
        UNKNOWN,
        REGISTERED,
        REJECTED,
        /// The portal keeps another content than ours.
        DIFFERS,
        CANCELLING,
        CANCELLED
    }

    /// One document's way through one portal.
    ///
    /// @param reference IRN or number of the e-way bill
    /// @param request   what a person asked for with it (vehicle, distance), as JSON
    /// @param asked     look-ups since it was last sent
    public record Filing(long distributorId, UUID documentId, Task task, long principalId, String kind, String number, LocalDate businessDate, String buyer, BigDecimal payable, State state,
                         @Nullable String reference, @Nullable String payload, String request, @Nullable String acknowledgement, @Nullable Instant acknowledgedAt, @Nullable Instant validUntil,
                         @Nullable String signedDocument, @Nullable String signedQr, @Nullable String code, @Nullable String reason, List<Fault> faults, @Nullable String cancelReason,
                         @Nullable String cancelRemark, @Nullable Instant cancelledAt, @Nullable LocalDate reportBy, int attempts, int asked, @Nullable Instant nextTryAt, Instant createdAt,
                         Instant changedAt, int version) {

        public Filing with(State state, @Nullable String code, @Nullable String reason, @Nullable Instant nextTryAt) {
            return new Filing(distributorId, documentId, task, principalId, kind, number, businessDate, buyer, payable, state, reference, payload, request, acknowledgement, acknowledgedAt, validUntil,
                    signedDocument, signedQr, code, reason, faults, cancelReason, cancelRemark, cancelledAt, reportBy, attempts, asked, nextTryAt, createdAt, changedAt, version);
        }

        public Filing registered(String reference, String acknowledgement, Instant at, @Nullable Instant validUntil, @Nullable String signedDocument, @Nullable String signedQr) {
            return new Filing(distributorId, documentId, task, principalId, kind, number, businessDate, buyer, payable, state, reference, payload, request, acknowledgement, at, validUntil,
                    signedDocument, signedQr, code, reason, List.of(), cancelReason, cancelRemark, cancelledAt, reportBy, attempts, asked, nextTryAt, createdAt, changedAt, version);
        }

        public Filing tried(int attempts, int asked) {
            return new Filing(distributorId, documentId, task, principalId, kind, number, businessDate, buyer, payable, state, reference, payload, request, acknowledgement, acknowledgedAt, validUntil,
                    signedDocument, signedQr, code, reason, faults, cancelReason, cancelRemark, cancelledAt, reportBy, attempts, asked, nextTryAt, createdAt, changedAt, version);
        }

        public Filing sending(@Nullable String payload, List<Fault> faults) {
            return new Filing(distributorId, documentId, task, principalId, kind, number, businessDate, buyer, payable, state, reference, payload, request, acknowledgement, acknowledgedAt, validUntil,
                    signedDocument, signedQr, code, reason, faults, cancelReason, cancelRemark, cancelledAt, reportBy, attempts, asked, nextTryAt, createdAt, changedAt, version);
        }

        public Filing cancelling(@Nullable String reason, @Nullable String remark, @Nullable Instant cancelledAt) {
            return new Filing(distributorId, documentId, task, principalId, kind, number, businessDate, buyer, payable, state, reference, payload, request, acknowledgement, acknowledgedAt, validUntil,
                    signedDocument, signedQr, code, this.reason, faults, reason, remark, cancelledAt, reportBy, attempts, asked, nextTryAt, createdAt, changedAt, version);
        }

        public Filing asking(String request) {
            return new Filing(distributorId, documentId, task, principalId, kind, number, businessDate, buyer, payable, state, reference, payload, request, acknowledgement, acknowledgedAt, validUntil,
                    signedDocument, signedQr, code, reason, faults, cancelReason, cancelRemark, cancelledAt, reportBy, attempts, asked, nextTryAt, createdAt, changedAt, version);
        }
    }

    private static final String COLUMNS = """
            distributor_id, document_id, task, principal_id, kind, number, business_date, buyer, payable, state, reference, payload, request, acknowledgement, acknowledged_at, valid_until,
                   signed_document, signed_qr, code, reason, faults, cancel_reason, cancel_remark, cancelled_at, report_by, attempts, asked, next_try_at, created_at, changed_at, version""";

    /// Opens the way of a document, unless it is open; returns whether it was new.
    public boolean open(JdbcClient db, Filing filing) {
        return db.sql("""
                        insert into tax.portal_document (distributor_id, document_id, task, principal_id, kind, number, business_date, buyer, payable, state, request, code, reason, faults, report_by,
                                                         next_try_at, created_at, changed_at)
                        values (:distributor, :document, :task, :principal, :kind, :number, :on, :buyer, :payable, :state, :request, :code, :reason, '[]', :reportBy, :next, :at, :at)
                        on conflict (distributor_id, document_id, task) do nothing""")
                .param("distributor", filing.distributorId).param("document", filing.documentId).param("task", filing.task.name()).param("principal", filing.principalId).param("kind", filing.kind)
                .param("number", filing.number).param("on", filing.businessDate).param("buyer", filing.buyer).param("payable", filing.payable).param("state", filing.state.name())
                .param("request", filing.request).param("code", filing.code).param("reason", filing.reason).param("reportBy", filing.reportBy).param("next", at(filing.nextTryAt)).param("at", at(filing.createdAt))
                .update() == 1;
    }

    public Optional<Filing> find(JdbcClient db, long distributorId, UUID documentId, Task task) {
        return one(db, distributorId, documentId, task, "");
    }

    /// As [#find], holding the row until commit.
    public Optional<Filing> lock(JdbcClient db, long distributorId, UUID documentId, Task task) {
        return one(db, distributorId, documentId, task, " for update");
    }

    private static Optional<Filing> one(JdbcClient db, long distributorId, UUID documentId, Task task, String lock) {
        return db.sql("select " + COLUMNS + " from tax.portal_document where distributor_id = :distributor and document_id = :document and task = :task" + lock)
                .param("distributor", distributorId).param("document", documentId).param("task", task.name()).query((row, _) -> read(row)).optional();
    }

    /// Takes what is due and nobody else holds, oldest first.
    public List<Filing> due(JdbcClient db, long distributorId, Instant now, int most) {
        return db.sql("select " + COLUMNS + """
                         from tax.portal_document where distributor_id = :distributor and next_try_at is not null and next_try_at <= :now
                        order by next_try_at, document_id limit :most for update skip locked""")
                .param("distributor", distributorId).param("now", at(now)).param("most", most).query((row, _) -> read(row)).list();
    }

    /// Writes a changed filing, if nobody else did meanwhile.
    /// @return whether it was written
    public boolean save(JdbcClient db, Filing filing, Instant now) {
        return db.sql("""
                        update tax.portal_document
                           set state = :state, reference = :reference, payload = :payload, request = :request, acknowledgement = :acknowledgement, acknowledged_at = :acknowledgedAt, valid_until = :validUntil,
                               signed_document = :signedDocument, signed_qr = :signedQr, code = :code, reason = :reason, faults = :faults, cancel_reason = :cancelReason,
                               cancel_remark = :cancelRemark, cancelled_at = :cancelledAt, attempts = :attempts, asked = :asked, next_try_at = :next, changed_at = :now, version = version + 1
                         where distributor_id = :distributor and document_id = :document and task = :task and version = :version""")
                .param("state", filing.state.name()).param("reference", filing.reference).param("payload", filing.payload).param("request", filing.request).param("acknowledgement", filing.acknowledgement)
                .param("acknowledgedAt", at(filing.acknowledgedAt)).param("validUntil", at(filing.validUntil)).param("signedDocument", filing.signedDocument).param("signedQr", filing.signedQr)
                .param("code", filing.code).param("reason", filing.reason).param("faults", JSON.writeValueAsString(filing.faults)).param("cancelReason", filing.cancelReason)
                .param("cancelRemark", filing.cancelRemark).param("cancelledAt", at(filing.cancelledAt)).param("attempts", filing.attempts).param("asked", filing.asked).param("next", at(filing.nextTryAt))
                .param("now", at(now)).param("distributor", filing.distributorId).param("document", filing.documentId).param("task", filing.task.name()).param("version", filing.version)
                .update() == 1;
    }

    /// One line of a document's history at the portal.
    public record Event(Instant at, String actor, String step, String state, @Nullable String code, String text, @Nullable String answer) {}

    /// Notes what happened; `filing` is as it was before it was saved.
    public void note(JdbcClient db, Filing filing, Event event) {
        db.sql("""
                        insert into tax.portal_event (distributor_id, document_id, task, seq, principal_id, at, actor, step, state, code, text, answer)
                        values (:distributor, :document, :task, :seq, :principal, :at, :actor, :step, :state, :code, :text, :answer)""")
                .param("distributor", filing.distributorId).param("document", filing.documentId).param("task", filing.task.name()).param("seq", filing.version).param("principal", filing.principalId)
                .param("at", at(event.at)).param("actor", event.actor).param("step", event.step).param("state", event.state).param("code", event.code).param("text", event.text)
                .param("answer", event.answer == null || event.answer.length() <= 8000 ? event.answer : event.answer.substring(0, 8000)).update();
    }

    public List<Event> events(JdbcClient db, long distributorId, UUID documentId, Task task) {
        return db.sql("select at, actor, step, state, code, text, answer from tax.portal_event where distributor_id = :distributor and document_id = :document and task = :task order by seq")
                .param("distributor", distributorId).param("document", documentId).param("task", task.name())
                .query((row, _) -> new Event(row.getObject(1, OffsetDateTime.class).toInstant(), row.getString(2), row.getString(3), row.getString(4), row.getString(5), row.getString(6), row.getString(7))).list();
    }

    /// Distributors with something due.
    public static List<Long> distributorsDue(JdbcClient network, Instant now) {
        return network.sql("select distinct distributor_id from tax.portal_document where next_try_at is not null and next_try_at <= :now order by 1").param("now", at(now)).query(Long.class).list();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(java.sql.ResultSet row, String column) throws java.sql.SQLException {
        var at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static Filing read(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Filing(row.getLong("distributor_id"), row.getObject("document_id", UUID.class), Task.valueOf(row.getString("task")), row.getLong("principal_id"), row.getString("kind"),
                row.getString("number"), row.getObject("business_date", LocalDate.class), row.getString("buyer"), row.getBigDecimal("payable"), State.valueOf(row.getString("state")),
                row.getString("reference"), row.getString("payload"), row.getString("request"), row.getString("acknowledgement"), instant(row, "acknowledged_at"), instant(row, "valid_until"),
                row.getString("signed_document"), row.getString("signed_qr"), row.getString("code"), row.getString("reason"), JSON.readValue(row.getString("faults"), new TypeReference<List<Fault>>() {}),
                row.getString("cancel_reason"), row.getString("cancel_remark"), instant(row, "cancelled_at"), row.getObject("report_by", LocalDate.class), row.getInt("attempts"), row.getInt("asked"),
                instant(row, "next_try_at"), instant(row, "created_at"), instant(row, "changed_at"), row.getInt("version"));
    }
}
