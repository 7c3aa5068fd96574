package io.offtake.pricing.store;

import io.offtake.platform.TenantTransaction;
import io.offtake.pricing.BookArchive;
import io.offtake.pricing.BookPart;
import io.offtake.pricing.RuleBookSource;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBookJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
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

/// Books in their parts, each part once.
@Component
class StoredBooks implements BookArchive {
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

    @Override
    public void keep(RuleBookSource.Snapshot snapshot) {
        var hashes = snapshot.parts().stream().map(BookPart::hash).toArray(String[]::new);
        transactions.idempotent().shared(db -> {
            if (db.sql("select exists (select 1 from pricing.book_archive where hash = :hash)").param("hash", snapshot.hash()).query(Boolean.class).single()) return null;
            var there = Set.copyOf(db.sql("select hash from pricing.book_part where hash = any (:hashes)").param("hashes", hashes).query(String.class).list());
            // in one order, so that two nodes wait for each other instead of deadlocking
            snapshot.parts().stream().filter(part -> !there.contains(part.hash())).sorted(Comparator.comparing(BookPart::hash)).forEach(part ->
                    db.sql("insert into pricing.book_part (hash, section, body) values (:hash, :section, :body) on conflict do nothing")
                            .param("hash", part.hash()).param("section", part.section()).param("body", pressed(part.text())).update());
            db.sql("insert into pricing.book_archive (hash, parts, kept_at) values (:hash, :parts, :at) on conflict do nothing")
                    .param("hash", snapshot.hash()).param("parts", hashes).param("at", clock.instant().atOffset(ZoneOffset.UTC)).update();
            return null;
        });
        kept.add(snapshot.hash());
    }

    @Override
    public Optional<Engine> engine(String hash) {
        var known = engines.get(hash);
        if (known != null) return Optional.of(known);
        var parts = transactions.<List<BookPart>>shared(db -> {
            var byHash = new HashMap<String, BookPart>();
            db.sql("select hash, section, body from pricing.book_part where hash in (select unnest(parts) from pricing.book_archive where hash = :hash)").param("hash", hash).query(row -> {
                byHash.put(row.getString(1), new BookPart(row.getString(2), opened(row.getBytes(3)), row.getString(1)));
            });
            return db.sql("select unnest(parts) from pricing.book_archive where hash = :hash").param("hash", hash).query(String.class).list().stream().map(byHash::get).toList();
        });
        if (parts.isEmpty()) return Optional.empty();
        var read = parts.stream().map(part -> BookPart.of(part.section(), part.text())).toList();
        if (!BookPart.hash(read).equals(hash)) throw new IllegalStateException("the kept book " + hash + " is not what it was");
        var engine = Engine.of(RuleBookJson.read(BookPart.json(read)));
        engines.put(hash, engine);
        return Optional.of(engine);
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
}
