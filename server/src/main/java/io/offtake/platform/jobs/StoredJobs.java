package io.offtake.platform.jobs;

import io.offtake.platform.Ids;
import io.offtake.platform.Jobs;
import io.offtake.platform.ProblemException;
import io.offtake.platform.TenantTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/// Runs each job on a virtual thread of this node. A running job's heartbeat is written with its progress and every ten
/// seconds; one that has had none for three quarters of a minute belongs to nobody and is started again.
@Component
class StoredJobs implements Jobs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredJobs.class);
    private static final Duration SILENT = Duration.ofSeconds(45);
    private static final Duration TOLD = Duration.ofMillis(300);

    private final TenantTransaction transactions;
    private final ObjectProvider<Handler> handlers;
    private final Ids ids;
    private final Clock clock;
    private final Set<UUID> running = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("jobs").factory());

    StoredJobs(TenantTransaction transactions, ObjectProvider<Handler> handlers, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.handlers = handlers;
        this.ids = ids;
        this.clock = clock;
    }

    @EventListener(ApplicationReadyEvent.class)
    void watch() {
        watch.scheduleWithFixedDelay(this::watchOver, 1, 10, TimeUnit.SECONDS);
    }

    @Override
    public UUID start(String type, String title, long createdBy, @Nullable Long distributorId, String body) {
        var id = ids.next();
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        transactions.shared(db -> db.sql("""
                        insert into platform.job (id, type, title, state, created_by, distributor_id, body, created_at, heartbeat_at)
                        values (:id, :type, :title, 'WAITING', :by, :distributor, :body, :now, :now)""")
                .param("id", id).param("type", type).param("title", title).param("by", createdBy).param("distributor", distributorId).param("body", body).param("now", now).update());
        Thread.ofVirtual().name("job " + id).start(() -> run(id, type, body));
        return id;
    }

    private void watchOver() {
        try {
            var mine = running.toArray(UUID[]::new);
            if (mine.length > 0) change("update platform.job set heartbeat_at = :now where id = any (:mine)", Map.of("mine", mine));
            adoptOrphans();
        } catch (RuntimeException failure) {
            LOG.warn("Cannot look for jobs without a node: {}", failure.getMessage());
        }
    }

    private void adoptOrphans() {
        record Orphan(UUID id, String type, String body) {}
        var silentSince = clock.instant().minus(SILENT).atOffset(ZoneOffset.UTC);
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        List<Orphan> orphans = transactions.shared(db -> db.sql("""
                        update platform.job set heartbeat_at = :now
                         where state in ('WAITING', 'RUNNING') and (heartbeat_at is null or heartbeat_at < :since)
                        returning id, type, body""")
                .param("now", now).param("since", silentSince).query(Orphan.class).list());
        for (var orphan : orphans) Thread.ofVirtual().name("job " + orphan.id).start(() -> run(orphan.id, orphan.type, orphan.body));
    }

    private void run(UUID id, String type, String body) {
        if (!running.add(id)) return;
        try {
            work(id, type, body);
        } finally {
            running.remove(id);
        }
    }

    private void work(UUID id, String type, String body) {
        var handler = handlers.stream().collect(Collectors.toMap(Handler::type, Function.identity())).get(type);
        if (handler == null) {
            finish(id, State.FAILED, "Nobody knows how to do a job of type " + type + ".", null);
            return;
        }
        change("update platform.job set state = 'RUNNING', heartbeat_at = :now where id = :id and state in ('WAITING', 'RUNNING')", Map.of("id", id));
        try {
            finish(id, State.DONE, null, handler.run(body, new Told(id)));
        } catch (Cancelled _) {
            finish(id, State.CANCELLED, "Cancelled; what was written stays.", null);
        } catch (ProblemException refusal) {
            finish(id, State.FAILED, refusal.problem().detail(), null);
        } catch (RuntimeException failure) {
            LOG.error("Job {} of type {} failed", id, type, failure);
            finish(id, State.FAILED, "Something went wrong; the log has it under the job's id. It can be started again.", null);
        }
    }

    private final class Told implements Steps {
        private final UUID id;
        private Instant last = Instant.EPOCH;

        Told(UUID id) {
            this.id = id;
        }

        @Override
        public void total(long total) {
            change("update platform.job set total = :total, heartbeat_at = :now where id = :id", Map.of("id", id, "total", total));
        }

        @Override
        public void done(long done) {
            var now = clock.instant();
            if (Duration.between(last, now).compareTo(TOLD) < 0) return;
            last = now;
            boolean stop = transactions.shared(db -> db.sql("update platform.job set done = :done, heartbeat_at = :now where id = :id returning cancel_requested")
                    .param("done", done).param("now", now.atOffset(ZoneOffset.UTC)).param("id", id).query(Boolean.class).single());
            if (stop) throw new Cancelled();
        }
    }

    private void change(String sql, Map<String, ?> parameters) {
        transactions.shared(db -> db.sql(sql).param("now", clock.instant().atOffset(ZoneOffset.UTC)).params(parameters).update());
    }

    private void finish(UUID id, State state, @Nullable String message, @Nullable String result) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        transactions.shared(db -> db.sql("""
                        update platform.job set state = :state, message = :message, result = :result, finished_at = :now,
                               done = case when :state = 'DONE' then coalesce(total, done) else done end
                         where id = :id""")
                .param("state", state.name()).param("message", message).param("result", result).param("now", now).param("id", id).update());
    }

    @Override
    public Optional<Job> find(UUID id) {
        return transactions.shared(db -> db.sql("select * from platform.job where id = :id").param("id", id)
                .query((row, _) -> new Job(row.getObject("id", UUID.class), row.getString("type"), row.getString("title"), State.valueOf(row.getString("state")), row.getLong("done"),
                        row.getObject("total", Long.class), row.getString("message"), row.getString("result"), row.getObject("distributor_id", Long.class),
                        row.getObject("created_by", Long.class), row.getTimestamp("created_at").toInstant(),
                        row.getTimestamp("finished_at") == null ? null : row.getTimestamp("finished_at").toInstant()))
                .optional());
    }

    @Override
    public boolean cancel(UUID id) {
        return transactions.shared(db -> db.sql("update platform.job set cancel_requested = true where id = :id and state in ('WAITING', 'RUNNING')").param("id", id).update()) > 0;
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
