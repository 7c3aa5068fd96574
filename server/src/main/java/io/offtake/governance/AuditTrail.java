package io.offtake.governance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The append-only, hash-chained record of what happened (INV-06, GOV-02): one chain per distributor, and chain 0 for
/// what belongs to the whole network. Source: Companies (Accounts) Rules 2014 r.3(1), an audit trail that cannot be
/// switched off.
public interface AuditTrail {

    /// The chain of the network's own changes.
    long NETWORK = 0;

    /// One thing that happened, not yet part of the chain.
    ///
    /// @param documentId the UUID of the document or master; see [#idOf] for masters with a number as id
    /// @param details    what changed, as JSON
    record Entry(String action, String documentType, @Nullable UUID documentId, @Nullable LocalDate businessDate, String details) {}

    /// Appends to the chain of `distributorId` in the caller's transaction, which must be one for that distributor. Holds
    /// the chain's head until commit, so it comes last (DESIGN section 4).
    void append(long distributorId, String actor, List<Entry> entries);

    /// How masters with a number as id stand in the trail: the number in the low half of a UUID.
    static UUID idOf(long id) {
        return new UUID(0, id);
    }

    /// The hash of an entry: SHA-256 over the previous hash and `seq|recordedAt|actor|action|type|id|businessDate|details`
    /// in UTF-8. The instant is ISO-8601 in UTC cut to microseconds, what PostgreSQL keeps; absent members are empty.
    static byte[] hash(byte[] previous, long seq, Instant recordedAt, String actor, Entry entry) {
        var text = seq + "|" + text(recordedAt) + '|' + actor + '|' + entry.action + '|' + entry.documentType + '|'
                + (entry.documentId == null ? "" : entry.documentId) + '|' + (entry.businessDate == null ? "" : entry.businessDate) + '|' + entry.details;
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(previous);
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The text of an instant inside a hash.
    static String text(Instant recordedAt) {
        return recordedAt.truncatedTo(ChronoUnit.MICROS).toString();
    }
}
