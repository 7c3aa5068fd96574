package io.offtake.governance;

import io.offtake.platform.BulkRows;
import io.offtake.platform.Documents;
import io.offtake.platform.Numbering;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Post;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The audit chain of a distributor and the change feed, which share one gapless sequence: both rows commit with the posting
/// (GOV-02, DESIGN section 4). Distributor 0 is the network's own chain.
///
/// `hash = sha256(hash of the entry before || utf8(seq|recorded_at|actor|on_behalf_of|action|document_type|document_id|business_date|details))`,
/// absent fields empty, `recorded_at` in UTC with six digits; the first entry follows the empty hash.
public final class AuditTrail {
    /// The chain and feed of what belongs to no distributor.
    public static final long NETWORK = 0;
    /// The row of a distributor that the inserts of its bulk postings hang on: every distributor has one chain.
    public static final BulkRows.Owner OWNER = new BulkRows.Owner("governance.audit_head");
    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private AuditTrail() {}

    /// What happened. `details` is JSON text; `{number}` in it stands for the number that the posting takes.
    public record Entry(long distributorId, Instant at, String actor, @Nullable String onBehalfOf, String action, String documentType,
                        @Nullable UUID documentId, @Nullable LocalDate businessDate, String details) {
        private String fields(String details) {
            return AT.format(at) + '|' + actor + '|' + text(onBehalfOf) + '|' + action + '|' + documentType + '|' + text(documentId) + '|'
                    + text(businessDate) + '|' + details;
        }

        private Entry numbered(String number) {
            return new Entry(distributorId, at, actor, onBehalfOf, action, documentType, documentId, businessDate, details.replace("{number}", number));
        }

        private static String text(@Nullable Object value) {
            return value == null ? "" : value.toString();
        }
    }

    /// What the change feed is told with an entry: the outbox row *is* the event.
    public record Event(String topic, UUID documentId, LocalDate businessDate, String payload) {}

    /// The last link of a chain.
    public record Head(long seq, byte[] hash) {
        /// The link that follows when `entry` is appended; verify recomputes a chain with it.
        public Head next(Entry entry) {
            try {
                var sha = MessageDigest.getInstance("SHA-256");
                sha.update(hash);
                sha.update(((seq + 1) + "|" + entry.fields(entry.details)).getBytes(StandardCharsets.UTF_8));
                return new Head(seq + 1, sha.digest());
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    private static final String INSERT_ENTRY = """
            insert into governance.audit_entry
                   (distributor_id, seq, recorded_at, actor, on_behalf_of, action, document_type, document_id, business_date, details, hash)
            """;
    private static final String INSERT_EVENT = """
            insert into platform.outbox (distributor_id, seq, topic, document_id, business_date, payload, recorded_at)
            """;

    /// Appends an entry and tells the feed; the last statements of a posting, for the head is the distributor's hottest row.
    /// @param numbering of the document whose number replaces `{number}` in the details, null if it has none
    public static void append(Post post, Entry entry, Numbering.@Nullable Next numbering, @Nullable Event event) {
        var number = new ArrayList<@Nullable Object>();
        var details = "?::text";
        if (numbering != null) {
            var series = numbering.series();
            number.addAll(List.of(series.distributorId(), series.documentType(), series.series(), series.fiscalYear()));
            details = "replace(?::text, '{number}', (select " + Documents.TAKEN
                    + " from platform.number_sequence s where s.distributor_id = ? and s.document_type = ? and s.series = ? and s.fiscal_year = ?))";
        }
        post.guarded("audit head", 1,
                "update governance.audit_head set seq = seq + 1, hash = sha256(hash || convert_to((seq + 1)::text || '|' || " + details
                        + ", 'UTF8')) where distributor_id = ?",
                joined(list(entry.fields(entry.details)), number, list(entry.distributorId)));
        post.guarded("audit entry", 1,
                INSERT_ENTRY + "select h.distributor_id, h.seq, ?::timestamptz, ?, ?, ?, ?, ?::uuid, ?::date, " + details
                        + ", h.hash from governance.audit_head h where h.distributor_id = ?",
                joined(list(entry.at, entry.actor, entry.onBehalfOf, entry.action, entry.documentType, entry.documentId, entry.businessDate, entry.details),
                        number, list(entry.distributorId)));
        if (event != null) {
            post.guarded("outbox", 1, INSERT_EVENT + """
                    select h.distributor_id, h.seq, ?, ?::uuid, ?::date, ?, ?::timestamptz from governance.audit_head h where h.distributor_id = ?""",
                    event.topic, event.documentId, event.businessDate, event.payload, entry.at, entry.distributorId);
        }
    }

    private static List<@Nullable Object> list(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    @SafeVarargs
    private static @Nullable Object[] joined(List<@Nullable Object>... parts) {
        var all = new ArrayList<@Nullable Object>();
        for (var part : parts) all.addAll(part);
        return all.toArray();
    }

    /// How far the distributor's chain and the network's have come: while it stays the same, nobody has posted and no master has changed.
    /// The reader's scope holds the distributor and [#NETWORK].
    public static Pipeline.Answer<String> mark(Pipeline load, long distributorId) {
        return load.query("select string_agg(distributor_id || ':' || seq, ' ' order by distributor_id) from governance.audit_head where distributor_id in (0, ?)",
                rows -> rows.next() ? String.valueOf(rows.getString(1)) : "", distributorId);
    }

    /// Locks the head, for a bulk posting that appends many entries.
    public static Head lock(Connection connection, long distributorId) throws SQLException {
        try (var statement = connection.prepareStatement("select seq, hash from governance.audit_head where distributor_id = ? for update")) {
            statement.setLong(1, distributorId);
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) throw new IllegalStateException("distributor " + distributorId + " has no audit chain: it was not set up");
                return new Head(rows.getLong(1), rows.getBytes(2));
            }
        }
    }

    /// Appends entries to a locked chain.
    /// @param numbers what replaces `{number}` in each entry's details; empty if no entry quotes one
    /// @param events one for each entry; empty if the feed is not told
    public static void append(Post post, Head locked, List<Entry> entries, List<String> numbers, List<Event> events) {
        var head = locked;
        var entryRows = new ArrayList<@Nullable Object[]>(entries.size());
        var eventRows = new ArrayList<@Nullable Object[]>(entries.size());
        for (int at = 0; at < entries.size(); at++) {
            var entry = numbers.isEmpty() ? entries.get(at) : entries.get(at).numbered(numbers.get(at));
            head = head.next(entry);
            entryRows.add(new @Nullable Object[] {entry.distributorId, head.seq, entry.at, entry.actor, entry.onBehalfOf, entry.action, entry.documentType,
                    entry.documentId, entry.businessDate, entry.details, head.hash});
            if (events.isEmpty()) continue;
            var event = events.get(at);
            eventRows.add(new @Nullable Object[] {entry.distributorId, head.seq, event.topic, event.documentId, event.businessDate, event.payload, entry.at});
        }
        post.rows("audit entry", INSERT_ENTRY + "values ", "(?, ?, ?, ?, ?, ?, ?, ?::uuid, ?::date, ?, ?)", "", entryRows);
        post.rows("outbox", INSERT_EVENT + "values ", Post.row(7), "", eventRows);
        post.guarded("audit head", 1, "update governance.audit_head set seq = ?, hash = ? where distributor_id = ? and seq = ?",
                head.seq, head.hash, entries.getFirst().distributorId, locked.seq);
    }

    /// Opens the chain of a distributor; harmless when it is open already.
    public static void open(Post post, long distributorId) {
        post.update("insert into governance.audit_head (distributor_id, seq, hash) values (?, 0, ''::bytea) on conflict do nothing", distributorId);
    }

    /// Opens the chain of a distributor at once.
    public static void open(Connection connection, long distributorId) throws SQLException {
        try (var statement = connection.prepareStatement("insert into governance.audit_head (distributor_id, seq, hash) values (?, 0, ''::bytea) on conflict do nothing")) {
            statement.setLong(1, distributorId);
            statement.executeUpdate();
        }
    }

}
