package io.offtake.governance;

import io.offtake.platform.Documents;
import io.offtake.platform.Pipeline;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The audit chain of a distributor and the change feed, which share one gapless sequence: both rows commit with the posting
/// (GOV-02, DESIGN section 4). Distributor 0 is the network's own chain.
///
/// `hash = sha256(hash of the entry before || utf8(seq|recorded_at|actor|on_behalf_of|action|document_type|document_id|business_date|details))`,
/// absent fields empty, `recorded_at` in UTC with six digits.
public final class AuditTrail {
    /// The chain and feed of what belongs to no distributor.
    public static final long NETWORK = 0;
    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private AuditTrail() {}

    /// What happened. `details` is JSON text; `{number}` in it is replaced by the number the posting takes.
    public record Entry(long distributorId, Instant at, String actor, @Nullable String onBehalfOf, String action, String documentType,
                        @Nullable UUID documentId, @Nullable LocalDate businessDate, String details) {
        String fields(String details) {
            return AT.format(at) + '|' + actor + '|' + text(onBehalfOf) + '|' + action + '|' + documentType + '|' + text(documentId) + '|'
                    + text(businessDate) + '|' + details;
        }
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /// The text that is hashed after the previous hash; verify calls it too.
    public static String hashed(long seq, Entry entry) {
        return seq + "|" + entry.fields(entry.details);
    }

    /// Appends an entry; the last statements of a posting, for the head is the network's hottest row of this distributor.
    public static void append(Pipeline post, Entry entry) {
        post.guarded("audit head", 1, """
                update governance.audit_head set seq = seq + 1, hash = sha256(hash || convert_to((seq + 1)::text || '|' || ?::text, 'UTF8'))
                 where distributor_id = ?""", entry.fields(entry.details), entry.distributorId);
        post.guarded("audit entry", 1, """
                insert into governance.audit_entry
                       (distributor_id, seq, recorded_at, actor, on_behalf_of, action, document_type, document_id, business_date, details, hash)
                select h.distributor_id, h.seq, ?::timestamptz, ?, ?, ?, ?, ?::uuid, ?::date, ?, h.hash
                  from governance.audit_head h where h.distributor_id = ?""",
                entry.at, entry.actor, entry.onBehalfOf, entry.action, entry.documentType, entry.documentId, entry.businessDate, entry.details, entry.distributorId);
    }

    /// Appends an entry whose details quote the number that this posting has just taken from `series`.
    public static void append(Pipeline post, Entry entry, Documents.Series series) {
        var number = "(select " + Documents.TAKEN + " from platform.number_sequence s where s.distributor_id = ? and s.document_type = ? and s.series = ? and s.fiscal_year = ?)";
        post.guarded("audit head", 1, """
                update governance.audit_head set seq = seq + 1,
                       hash = sha256(hash || convert_to((seq + 1)::text || '|' || replace(?::text, '{number}', """ + number + """
                ), 'UTF8'))
                 where distributor_id = ?""",
                entry.fields(entry.details), series.distributorId(), series.documentType(), series.series(), series.fiscalYear(), entry.distributorId);
        post.guarded("audit entry", 1, """
                insert into governance.audit_entry
                       (distributor_id, seq, recorded_at, actor, on_behalf_of, action, document_type, document_id, business_date, details, hash)
                select h.distributor_id, h.seq, ?::timestamptz, ?, ?, ?, ?, ?::uuid, ?::date, replace(?::text, '{number}', """ + number + """
                ), h.hash
                  from governance.audit_head h where h.distributor_id = ?""",
                entry.at, entry.actor, entry.onBehalfOf, entry.action, entry.documentType, entry.documentId, entry.businessDate,
                entry.details, series.distributorId(), series.documentType(), series.series(), series.fiscalYear(), entry.distributorId);
    }

    /// Tells the change feed; the row *is* the event and takes the sequence of the audit entry just appended.
    public static void tell(Pipeline post, long distributorId, String topic, UUID documentId, LocalDate businessDate, String payload, Instant at) {
        post.guarded("outbox", 1, """
                insert into platform.outbox (distributor_id, seq, topic, document_id, business_date, payload, recorded_at)
                select h.distributor_id, h.seq, ?, ?::uuid, ?::date, ?, ?::timestamptz
                  from governance.audit_head h where h.distributor_id = ?""", topic, documentId, businessDate, payload, at, distributorId);
    }

    /// Opens the chain of a distributor; harmless when it is open already.
    public static void open(Pipeline post, long distributorId) {
        post.update("insert into governance.audit_head (distributor_id, seq, hash) values (?, 0, ''::bytea) on conflict do nothing", distributorId);
    }
}
