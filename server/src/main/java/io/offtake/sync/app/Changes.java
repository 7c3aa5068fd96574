package io.offtake.sync.app;

import io.offtake.governance.AuditTrail;
import io.offtake.governance.ConfigParts;
import io.offtake.governance.Signatures;
import io.offtake.network.Printed;
import io.offtake.platform.Pipeline;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.RuleBookSource;
import io.offtake.sync.store.FeedStore;
import io.offtake.sync.store.FeedStore.Feed;
import io.offtake.sync.store.FeedStore.Head;
import io.offtake.sync.store.FeedStore.Key;
import io.offtake.sync.store.FeedStore.Told;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What devices are sent: everything once, then what changed since, row by row, with tombstones for what is gone (OFF-05). A change is
/// found by comparing the rows with the hashes of what was told before, so that no writer has to announce anything; while neither the
/// distributor's audit chain nor the configuration has moved, nothing is read at all.
@Service
public class Changes {
    /// How long a device may come back for the rest of a pull.
    static final Duration KEPT = Duration.ofHours(1);
    /// A pull below this size is sent again rather than kept.
    private static final int SMALL = 8 * 1024;
    private static final int TRIES = 5;

    private final Snapshots snapshots;
    private final TenantTransaction transactions;
    private final RuleBookSource books;
    private final Signatures signatures;
    private final JsonMapper json;
    private final Clock clock;
    private final ReentrantLock[] turns = new ReentrantLock[256];

    Changes(Snapshots snapshots, TenantTransaction transactions, RuleBookSource books, Signatures signatures, JsonMapper json, Clock clock) {
        this.snapshots = snapshots;
        this.transactions = transactions;
        this.books = books;
        this.signatures = signatures;
        this.json = json;
        this.clock = clock;
        Arrays.setAll(turns, _ -> new ReentrantLock());
    }

    /// @param id        of the bytes: who was cut off asks for the rest of exactly these
    /// @param full      whether it replaces what the device holds of the group
    /// @param rawLength of the lines, before they were compressed
    /// @param bytes     gzip; null: nothing has changed since the cursor
    public record Pull(String id, String cursor, boolean full, int rawLength, byte @Nullable [] bytes) {}

    /// What a device is to be sent of a group.
    /// @param since the cursor of its last pull; null or one that is not known: everything
    /// @param held  names of the parts of the rule book that it has
    public Pull pull(RowScope scope, long distributorId, String group, @Nullable String since, Set<String> held) {
        var audience = scope.principals() == null ? "" : String.join(",", new TreeSet<>(scope.principals().stream().map(String::valueOf).toList()));
        var feed = new Feed(distributorId, audience, group);
        // devices of one distributor that come back together compare one after the other, and not each against the others
        var turn = turns[Math.floorMod(feed.hashCode(), turns.length)];
        turn.lock();
        try {
            return pull(scope, feed, since, held);
        } finally {
            turn.unlock();
        }
    }

    private Pull pull(RowScope scope, Feed feed, @Nullable String since, Set<String> held) {
        long distributorId = feed.distributorId();
        for (int tried = 1; ; tried++) {
            var marker = marker(distributorId);
            var head = transactions.<Optional<Head>>write(distributorId, db -> FeedStore.head(db, feed)).orElse(null);
            if (head != null && head.marker().equals(marker) && String.valueOf(head.seq()).equals(since)) return new Pull("", since, false, 0, null);
            var rows = read(scope, distributorId, feed.group(), held);
            var told = tell(feed, head == null ? 0 : head.seq(), rows, marker);
            if (told != null) return pack(feed, told, rows, since, distributorId);
            // only other nodes can be that fast: nothing is wrong, the device comes back
            if (tried == TRIES) throw Problem.of(ProblemCode.SYNC_BUSY, "What there is to be told changes faster than it can be read; come back in a second.").with("retryAfter", 1).exception();
        }
    }

    /// The state of everything that a group's rows are made of.
    private String marker(long distributorId) {
        return transactions.<String>readOn(RowScope.of(Set.of(distributorId, AuditTrail.NETWORK)), connection -> {
            var load = new Pipeline();
            var mark = AuditTrail.mark(load, distributorId);
            var parts = ConfigParts.read(load, books.parts(distributorId));
            var seller = Printed.seller(load, distributorId);
            load.run(connection);
            var today = LocalDate.now(clock.withZone(seller.get().orElseThrow().zone()));
            // what nobody wrote into the chain is found within five minutes
            return today + " " + mark.get() + " " + new java.util.TreeMap<>(parts.get()) + " " + clock.instant().getEpochSecond() / 300;
        });
    }

    /// @param text as sent; `hash` of what it says, which for the rule book is not what is sent
    private record Row(String text, byte[] hash) {}

    private record Rows(Map<Key, Row> rows, @Nullable String bookHash) {}

    private Rows read(RowScope scope, long distributorId, String group, Set<String> held) {
        var rows = new LinkedHashMap<Key, Row>();
        var recent = new LinkedHashMap<String, StringBuilder>();
        var sha = sha();
        var read = snapshots.read(scope, distributorId, group, held, (type, text) -> {
            var row = type.equals("context") || type.equals("rulebook") ? null : json.readTree(text);
            if (type.equals("recent")) {
                var of = recent.computeIfAbsent(row.path("outletId").asString(), _ -> new StringBuilder("["));
                of.append(of.length() > 1 ? "," : "").append(text);
                return;
            }
            var key = new Key(type, key(type, row));
            rows.put(key, new Row(text, Arrays.copyOf(sha.digest(text.getBytes(StandardCharsets.UTF_8)), 16)));
        });
        recent.forEach((outlet, text) -> {
            var whole = text.append(']').toString();
            rows.put(new Key("recent", outlet), new Row(whole, Arrays.copyOf(sha.digest(whole.getBytes(StandardCharsets.UTF_8)), 16)));
        });
        if (read.bookHash() != null) {
            var book = new Key("rulebook", "book");
            rows.put(book, new Row(rows.get(book).text, Arrays.copyOf(sha.digest(read.bookHash().getBytes(StandardCharsets.UTF_8)), 16)));
        }
        return new Rows(rows, read.bookHash());
    }

    /// What makes a row the same row in its type.
    private static String key(String type, @Nullable JsonNode row) {
        return switch (type) {
            case "context" -> "context";
            case "rulebook" -> "book";
            case "batch" -> row.path("id").asString() + "/" + row.path("warehouseId").asString();
            case "bill" -> row.path("invoiceId").asString();
            case "limit" -> row.path("schemeId").asString() + "/" + row.path("scope").asString() + "/" + row.path("outletId").asString("") + "/" + row.path("period").asString("");
            case "accrual" -> row.path("schemeId").asString() + "/" + row.path("outletId").asString() + "/" + row.path("period").asString("") + "/" + row.path("skuId").asString("");
            default -> row.path("id").asString();
        };
    }

    private record Now(long seq, long oldest, Map<Key, Told> told) {}

    /// Compares the rows with what was told, and notes what is new.
    /// @return null if somebody else has moved the feed since it was read
    private @Nullable Now tell(Feed feed, long seen, Rows rows, String marker) {
        return transactions.idempotent().<@Nullable Now>writeOn(feed.distributorId(), connection -> {
            var db = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            var head = FeedStore.lock(db, feed, clock.instant());
            if (head.seq() != seen) return null;
            var told = FeedStore.told(db, feed);
            var next = head.seq() + 1;
            var changed = new HashMap<Key, Told>();
            rows.rows.forEach((key, row) -> {
                var before = told.get(key);
                if (before == null || before.gone() || !Arrays.equals(before.hash(), row.hash)) changed.put(key, new Told(row.hash, next, false));
            });
            told.forEach((key, before) -> {
                if (!before.gone() && !rows.rows.containsKey(key)) changed.put(key, new Told(before.hash(), next, true));
            });
            var seq = changed.isEmpty() ? head.seq() : next;
            if (!changed.isEmpty() || !head.marker().equals(marker)) FeedStore.move(connection, feed, changed, seq, marker, clock.instant());
            told.putAll(changed);
            long gone = told.values().stream().filter(Told::gone).count();
            if (gone > 1_000 && gone > told.size() / 2) {
                FeedStore.forgetGone(db, feed, seq);
                return new Now(seq, seq, told);
            }
            return new Now(seq, head.oldest(), told);
        });
    }

    private Pull pack(Feed feed, Now now, Rows rows, @Nullable String since, long distributorId) {
        long from = cursor(since);
        boolean full = from < 0 || from < now.oldest || from > now.seq;
        if (!full && from == now.seq) return new Pull("", String.valueOf(since), false, 0, null);
        var counts = new LinkedHashMap<String, Integer>();
        var lines = new StringBuilder(64 * 1024);
        int sent = 0;
        for (var entry : rows.rows.entrySet()) {
            var key = entry.getKey();
            if (!full && now.told.get(key).seq() <= from) continue;
            line(lines, key).append("\"r\":").append(entry.getValue().text).append("}\n");
            counts.merge(key.type(), 1, Integer::sum);
            sent++;
        }
        if (!full)
            for (var entry : now.told.entrySet()) {
                if (!entry.getValue().gone() || entry.getValue().seq() <= from) continue;
                line(lines, entry.getKey()).append("\"d\":1}\n");
                sent++;
            }
        var head = new LinkedHashMap<String, Object>();
        head.put("t", "head");
        head.put("group", feed.group());
        head.put("full", full);
        head.put("cursor", Long.toString(now.seq));
        head.put("asOf", clock.instant());
        head.put("counts", counts);
        if (rows.bookHash != null) head.put("signature", signature(distributorId, rows.bookHash));
        var raw = (json.writeValueAsString(head) + "\n" + lines + "{\"t\":\"end\",\"rows\":" + sent + "}\n").getBytes(StandardCharsets.UTF_8);
        var bytes = zipped(raw);
        var id = HexFormat.of().formatHex(sha().digest(bytes), 0, 16);
        if (bytes.length > SMALL)
            transactions.idempotent().write(distributorId, db -> {
                FeedStore.keep(db, distributorId, id, bytes, clock.instant(), clock.instant().minus(KEPT));
                return null;
            });
        return new Pull(id, Long.toString(now.seq), full, raw.length, bytes);
    }

    private StringBuilder line(StringBuilder lines, Key key) {
        return lines.append("{\"t\":\"").append(key.type()).append("\",\"k\":").append(json.writeValueAsString(key.key())).append(',');
    }

    private static long cursor(@Nullable String since) {
        return since != null && since.matches("\\d{1,18}") ? Long.parseLong(since) : -1;
    }

    /// Says that a rule book comes from here, and when it was given out (OFF-09).
    private Map<String, Object> signature(long distributorId, String bookHash) {
        var issued = clock.instant().toString();
        return Map.of("key", signatures.signer().fingerprint(), "algorithm", "Ed25519", "issuedAt", issued,
                "value", signatures.sign("offtake-rule-book\n" + distributorId + "\n" + bookHash + "\n" + issued));
    }

    /// The rest of a pull that was cut off; empty if it is not kept any more.
    public Optional<FeedStore.Rest> rest(long distributorId, String id, int from) {
        return transactions.read(RowScope.of(distributorId), db -> FeedStore.rest(db, distributorId, id, from));
    }

    private static byte[] zipped(byte[] raw) {
        var out = new ByteArrayOutputStream(raw.length / 4 + 256);
        try (var zip = new GZIPOutputStream(out)) {
            zip.write(raw);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static MessageDigest sha() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
