package io.offtake.sync.store;

import io.offtake.platform.BulkPost;
import io.offtake.platform.Post;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// SQL of what devices were told: the hash of each row, and since when it is so.
public final class FeedStore {
    private FeedStore() {}

    /// Which rows a feed is of: those of one group, as people confined to the same principals see them.
    public record Feed(long distributorId, String audience, String group) {}

    /// How far a feed has come.
    ///
    /// @param oldest the first sequence from which changes are known; older cursors get everything
    /// @param marker of the state in which it was read
    public record Head(long seq, long oldest, String marker) {}

    public record Key(String type, String key) {}

    /// @param gone a tombstone
    public record Told(byte[] hash, long seq, boolean gone) {}

    public static Optional<Head> head(JdbcClient db, Feed feed) {
        return db.sql("select seq, oldest_seq, marker from sync.feed_head where distributor_id = ? and audience = ? and feed = ?").params(feed.distributorId, feed.audience, feed.group)
                .query((row, _) -> new Head(row.getLong(1), row.getLong(2), row.getString(3))).optional();
    }

    /// Locks the head, made if it is not there.
    public static Head lock(JdbcClient db, Feed feed, Instant now) {
        db.sql("insert into sync.feed_head (distributor_id, audience, feed, seq, oldest_seq, marker, computed_at) values (?, ?, ?, 0, 0, '', ?) on conflict do nothing")
                .params(feed.distributorId, feed.audience, feed.group, DeviceStore.at(now)).update();
        return db.sql("select seq, oldest_seq, marker from sync.feed_head where distributor_id = ? and audience = ? and feed = ? for update").params(feed.distributorId, feed.audience, feed.group)
                .query((row, _) -> new Head(row.getLong(1), row.getLong(2), row.getString(3))).single();
    }

    public static Map<Key, Told> told(JdbcClient db, Feed feed) {
        var found = new HashMap<Key, Told>(8_192);
        db.sql("select type, key, hash, seq, gone from sync.feed_row where distributor_id = ? and audience = ? and feed = ?").params(feed.distributorId, feed.audience, feed.group).query(row -> {
            found.put(new Key(row.getString(1), row.getString(2)), new Told(row.getBytes(3), row.getLong(4), row.getBoolean(5)));
        });
        return found;
    }

    /// Notes what changed and moves the head.
    public static void move(Connection connection, Feed feed, Map<Key, Told> changed, long seq, String marker, Instant now) throws SQLException {
        var post = new BulkPost();
        var rows = new ArrayList<@Nullable Object[]>(changed.size());
        changed.forEach((key, told) -> rows.add(new @Nullable Object[] {feed.distributorId, feed.audience, feed.group, key.type, key.key, told.hash, told.seq, told.gone}));
        if (!rows.isEmpty())
            post.rows("feed rows", "insert into sync.feed_row (distributor_id, audience, feed, type, key, hash, seq, gone) values ", Post.row(8),
                    " on conflict (distributor_id, audience, feed, type, key) do update set hash = excluded.hash, seq = excluded.seq, gone = excluded.gone", rows);
        post.guarded("feed head", 1, "update sync.feed_head set seq = ?, marker = ?, computed_at = ? where distributor_id = ? and audience = ? and feed = ?",
                seq, marker, now, feed.distributorId, feed.audience, feed.group);
        post.run(connection);
    }

    /// Forgets tombstones: who comes with an older cursor gets everything.
    public static void forgetGone(JdbcClient db, Feed feed, long oldest) {
        db.sql("delete from sync.feed_row where distributor_id = ? and audience = ? and feed = ? and gone").params(feed.distributorId, feed.audience, feed.group).update();
        db.sql("update sync.feed_head set oldest_seq = ? where distributor_id = ? and audience = ? and feed = ?").params(oldest, feed.distributorId, feed.audience, feed.group).update();
    }

    // ---- packs

    private static final int PIECE = 64 * 1024;

    /// Keeps a pull's bytes for those who come back for the rest, and drops what nobody comes back for.
    public static void keep(JdbcClient db, long distributorId, String id, byte[] bytes, Instant now, Instant dropBefore) {
        db.sql("delete from sync.pack where distributor_id = ? and made_at < ?").params(distributorId, DeviceStore.at(dropBefore)).update();
        for (int piece = 0; piece * PIECE < bytes.length; piece++)
            db.sql("insert into sync.pack (distributor_id, id, piece, size, content, made_at) values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                    .params(distributorId, id, piece, bytes.length, java.util.Arrays.copyOfRange(bytes, piece * PIECE, Math.min(bytes.length, (piece + 1) * PIECE)), DeviceStore.at(now)).update();
    }

    /// The rest of a pack.
    public record Rest(int size, byte[] bytes) {}

    public static Optional<Rest> rest(JdbcClient db, long distributorId, String id, int from) {
        var pieces = db.sql("select piece, size, content from sync.pack where distributor_id = ? and id = ? and piece >= ? order by piece").params(distributorId, id, from / PIECE)
                .query((row, _) -> Map.entry(row.getInt(2), row.getBytes(3))).list();
        if (pieces.isEmpty()) return Optional.empty();
        var all = new java.io.ByteArrayOutputStream();
        List.copyOf(pieces).forEach(piece -> all.writeBytes(piece.getValue()));
        var bytes = all.toByteArray();
        int skip = from % PIECE;
        if (skip >= bytes.length) return Optional.empty();
        return Optional.of(new Rest(pieces.getFirst().getKey(), java.util.Arrays.copyOfRange(bytes, skip, bytes.length)));
    }
}
