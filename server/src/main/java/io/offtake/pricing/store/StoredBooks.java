package io.offtake.pricing.store;

import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookArchive;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBookJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Books in pieces: each member of the book's text is one, each price list one of its own. Pieces are the exact text, so that a
/// book put together again has the hash it was kept under.
@Component
class StoredBooks implements BookArchive {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LISTS = "priceLists";
    private static final int ENGINES = 16;

    private final TenantTransaction transactions;
    private final Clock clock;
    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private final Map<String, Engine> engines = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Engine> eldest) {
            return size() > ENGINES;
        }
    });

    StoredBooks(TenantTransaction transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public boolean holds(String hash) {
        return kept.contains(hash);
    }

    /// One member of the book and the pieces it is made of.
    record Member(String name, boolean array, List<String> pieces) {}

    @Override
    public void keep(RuleBookSource.Snapshot snapshot) {
        var pieces = new LinkedHashMap<String, String>();
        var members = new ArrayList<Member>();
        for (var member : split(snapshot.json(), '{').entrySet()) {
            var parts = member.getKey().equals(LISTS) ? List.copyOf(split(member.getValue(), '[').values()) : List.of(member.getValue());
            var hashes = new ArrayList<String>();
            for (var part : parts) {
                var hash = sha256(part);
                hashes.add(hash);
                pieces.put(hash, part);
            }
            members.add(new Member(member.getKey(), member.getKey().equals(LISTS), hashes));
        }
        transactions.idempotent().shared(db -> {
            if (db.sql("select exists (select 1 from pricing.book_archive where hash = :hash)").param("hash", snapshot.hash()).query(Boolean.class).single()) return null;
            var there = Set.copyOf(db.sql("select hash from pricing.book_piece where hash = any (:hashes)").param("hashes", pieces.keySet().toArray(String[]::new)).query(String.class).list());
            // in one order, so that two nodes wait for each other instead of deadlocking
            pieces.keySet().stream().sorted().filter(hash -> !there.contains(hash)).forEach(hash ->
                    db.sql("insert into pricing.book_piece (hash, body) values (:hash, :body) on conflict do nothing").param("hash", hash).param("body", pressed(pieces.get(hash))).update());
            db.sql("insert into pricing.book_archive (hash, pieces, kept_at) values (:hash, :pieces::jsonb, :at) on conflict do nothing")
                    .param("hash", snapshot.hash()).param("pieces", JSON.writeValueAsString(members)).param("at", clock.instant().atOffset(ZoneOffset.UTC)).update();
            return null;
        });
        kept.add(snapshot.hash());
    }

    @Override
    public Optional<Engine> engine(String hash) {
        var known = engines.get(hash);
        if (known != null) return Optional.of(known);
        var text = transactions.<Optional<String>>shared(db -> {
            var members = db.sql("select pieces from pricing.book_archive where hash = :hash").param("hash", hash).query(String.class).optional();
            if (members.isEmpty()) return Optional.empty();
            var named = JSON.readValue(members.get(), Member[].class);
            var bodies = new HashMap<String, String>();
            var hashes = java.util.Arrays.stream(named).flatMap(member -> member.pieces.stream()).distinct().toArray(String[]::new);
            db.sql("select hash, body from pricing.book_piece where hash = any (:hashes)").param("hashes", hashes).query(row -> {
                bodies.put(row.getString(1), opened(row.getBytes(2)));
            });
            var parts = new ArrayList<String>();
            for (var member : named) {
                var held = String.join(",", member.pieces.stream().map(bodies::get).toList());
                parts.add("\"" + member.name + "\":" + (member.array ? "[" + held + "]" : held));
            }
            return Optional.of("{" + String.join(",", parts) + "}");
        });
        if (text.isEmpty()) return Optional.empty();
        if (!sha256(text.get()).equals(hash)) throw new IllegalStateException("the kept book " + hash + " is not what it was");
        var engine = Engine.of(RuleBookJson.read(text.get()));
        engines.put(hash, engine);
        return Optional.of(engine);
    }

    /// The members of an object, or the items of an array (named by their place), as they are written.
    static Map<String, String> split(String text, char opening) {
        var found = new LinkedHashMap<String, String>();
        int depth = 0;
        boolean quoted = false;
        int from = text.indexOf(opening) + 1;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quoted) {
                if (c == '\\') at++;
                else if (c == '"') quoted = false;
                continue;
            }
            switch (c) {
                case '"' -> quoted = true;
                case '{', '[' -> depth++;
                case '}', ']', ',' -> {
                    if (c == ',' ? depth == 0 : depth-- == 0) {
                        var item = text.substring(from, at);
                        if (!item.isBlank()) {
                            int colon = opening == '{' ? item.indexOf("\":") : -1;
                            found.put(colon < 0 ? Integer.toString(found.size()) : item.substring(item.indexOf('"') + 1, colon), colon < 0 ? item : item.substring(colon + 2));
                        }
                        from = at + 1;
                        if (c != ',') return found;
                    }
                }
                default -> { /* inside a value */ }
            }
        }
        return found;
    }

    private static byte[] pressed(String text) {
        var out = new ByteArrayOutputStream();
        try (var press = new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION))) {
            press.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private static String opened(byte[] body) {
        try (var in = new InflaterInputStream(new ByteArrayInputStream(body))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
