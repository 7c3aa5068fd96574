package io.offtake.platform.evidence;

import io.offtake.platform.Evidence;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Evidence as rows: behind row-level security, in every backup, on every node.
@Component
class StoredEvidence implements Evidence {
    private static final String COLUMNS = "select hash, media_type, size, received, complete, stored_by, stored_at from platform.evidence where distributor_id = ";

    private final TenantTransaction transactions;
    private final Clock clock;

    StoredEvidence(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public Item store(long distributorId, byte[] content, String by) {
        return storePiece(distributorId, hash(content), content.length, 0, content, by);
    }

    @Override
    public Item storePiece(long distributorId, String hash, long size, long offset, byte[] piece, String by) {
        if (!hash.matches("[0-9a-f]{64}"))
            throw Problem.of(ProblemCode.INVALID).at("?hash", ProblemCode.INVALID, "must be a SHA-256", "64 lower-case hex digits").exception();
        if (size > MAX_SIZE) throw Problem.of(ProblemCode.TOO_LARGE, "Evidence of more than " + MAX_SIZE + " bytes is not kept.").with("accepted", MAX_SIZE).exception();
        if (size < 1 || offset < 0 || piece.length == 0 || offset + piece.length > size)
            throw Problem.of(ProblemCode.INVALID).at("?offset", ProblemCode.INVALID, "the piece must lie within the size", "1 to " + size + " bytes from offset").exception();
        var arrived = transactions.idempotent().<Item>write(distributorId, db -> take(db, distributorId, hash, size, offset, piece, by));
        if (arrived == null) throw Problem.of(ProblemCode.EVIDENCE_DIFFERS, "What arrived has another SHA-256 than announced; it was dropped.").with("accepted", hash).exception();
        return arrived;
    }

    /// @return null if the whole has another hash
    private @Nullable Item take(JdbcClient db, long distributorId, String hash, long size, long offset, byte[] piece, String by) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        if (offset == 0)
            db.sql("""
                    insert into platform.evidence (distributor_id, hash, media_type, size, stored_by, stored_at) values (?, ?, ?, ?, ?, ?)
                    on conflict do nothing""").params(distributorId, hash, mediaType(piece), size, by, now).update();
        var item = db.sql(COLUMNS + "? and hash = ? for update").params(distributorId, hash).query(StoredEvidence::item).optional()
                .orElseThrow(() -> offset(0));
        if (item.complete() || offset + piece.length <= item.received()) return item;
        if (item.size() != size) throw Problem.of(ProblemCode.INVALID).at("?size", ProblemCode.INVALID, "is not the size announced first", item.size()).exception();
        if (offset != item.received()) throw offset(item.received());
        db.sql("insert into platform.evidence_piece (distributor_id, hash, starts_at, content) values (?, ?, ?, ?)").params(distributorId, hash, offset, piece).update();
        long received = offset + piece.length;
        boolean complete = received == size;
        if (complete && !hash(content(db, distributorId, hash)).equals(hash)) {
            db.sql("delete from platform.evidence_piece where distributor_id = ? and hash = ?").params(distributorId, hash).update();
            db.sql("delete from platform.evidence where distributor_id = ? and hash = ?").params(distributorId, hash).update();
            return null;
        }
        db.sql("update platform.evidence set received = ?, complete = ?, stored_at = ? where distributor_id = ? and hash = ?").params(received, complete, now, distributorId, hash).update();
        return new Item(hash, item.mediaType(), size, received, complete, item.storedBy(), now.toInstant());
    }

    private static io.offtake.platform.ProblemException offset(long received) {
        return Problem.of(ProblemCode.EVIDENCE_OFFSET, received + " bytes have arrived; the next piece starts there.").with("received", received)
                .at("?offset", ProblemCode.EVIDENCE_OFFSET, "is not the next byte", received).exception();
    }

    private static byte[] content(JdbcClient db, long distributorId, String hash) {
        var all = new ByteArrayOutputStream(256 * 1024);
        db.sql("select content from platform.evidence_piece where distributor_id = ? and hash = ? order by starts_at").params(distributorId, hash)
                .query((ResultSet row, int _) -> row.getBytes(1)).list().forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Override
    public Optional<Item> find(RowScope scope, String hash) {
        return transactions.read(scope, db -> db.sql(COLUMNS + "any (?::bigint[]) and hash = ? order by complete desc, distributor_id limit 1").params(scope.distributorList(), hash)
                .query(StoredEvidence::item).optional());
    }

    @Override
    public Set<String> missing(RowScope scope, Collection<String> hashes) {
        if (hashes.isEmpty()) return Set.of();
        var missing = new HashSet<>(hashes);
        transactions.<java.util.List<String>>read(scope, db -> db.sql("select hash from platform.evidence where distributor_id = any (?::bigint[]) and complete and hash = any (?)")
                .params(scope.distributorList(), hashes.toArray(String[]::new)).query(String.class).list()).forEach(missing::remove);
        return missing;
    }

    @Override
    public Optional<Content> read(RowScope scope, String hash) {
        return transactions.read(scope, db -> db.sql("select distributor_id from platform.evidence where distributor_id = any (?::bigint[]) and hash = ? and complete order by distributor_id limit 1")
                .params(scope.distributorList(), hash).query(Long.class).optional()
                .map(holder -> new Content(db.sql(COLUMNS + "? and hash = ?").params(holder, hash).query(StoredEvidence::item).single(), content(db, holder, hash))));
    }

    private static Item item(ResultSet row, int at) throws SQLException {
        return new Item(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getBoolean(5), row.getString(6), row.getObject(7, OffsetDateTime.class).toInstant());
    }

    private static String mediaType(byte[] piece) {
        if (starts(piece, 0, 0xFF, 0xD8, 0xFF)) return "image/jpeg";
        if (starts(piece, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) return "image/png";
        if (starts(piece, 0, 'R', 'I', 'F', 'F') && starts(piece, 8, 'W', 'E', 'B', 'P')) return "image/webp";
        if (starts(piece, 0, '%', 'P', 'D', 'F', '-')) return "application/pdf";
        throw Problem.of(ProblemCode.MEDIA_TYPE, "This is none of the kinds of evidence that are kept.").with("accepted", MEDIA_TYPES).exception();
    }

    private static boolean starts(byte[] piece, int from, int... with) {
        if (piece.length < from + with.length) return false;
        for (int at = 0; at < with.length; at++) if ((piece[from + at] & 0xFF) != with[at]) return false;
        return true;
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
