package io.offtake.platform.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.Ids;
import io.offtake.platform.Jobs;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.DatabaseTest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/// Long work with progress, cancellation, and a node that dies.
@DatabaseTest
class JobsTest {
    private final TenantTransaction transactions;
    private final Clock clock = Clock.systemUTC();

    JobsTest(TenantTransaction transactions) {
        this.transactions = transactions;
    }

    private StoredJobs jobs(Jobs.Handler handler) {
        var beans = new StaticListableBeanFactory();
        beans.addBean("handler", handler);
        return new StoredJobs(transactions, beans.getBeanProvider(Jobs.Handler.class), new Ids(clock), clock);
    }

    private record Work(String type, java.util.function.BiFunction<String, Jobs.Steps, String> does) implements Jobs.Handler {
        @Override
        public String run(String body, Jobs.Steps steps) {
            return does.apply(body, steps);
        }
    }

    private static Jobs.Job ended(Jobs jobs, UUID id) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> jobs.find(id).orElseThrow().finishedAt() != null);
        return jobs.find(id).orElseThrow();
    }

    @Test
    void tellsHowFarItIsAndWhatItLedTo() {
        try (var jobs = jobs(new Work("count", (body, steps) -> {
            steps.total(3);
            for (int at = 1; at <= 3; at++) steps.done(at);
            return "to " + body;
        }))) {
            var job = ended(jobs, jobs.start("count", "Count", 7, null, "three"));
            assertThat(job.state()).isEqualTo(Jobs.State.DONE);
            assertThat(job.done()).isEqualTo(3);
            assertThat(job.result()).isEqualTo("to three");
            assertThat(job.createdBy()).isEqualTo(7);
            assertThat(jobs.cancel(job.id())).as("it has ended").isFalse();
        }
    }

    @Test
    void aFaultAndAnUnknownTypeFailInASentence() {
        try (var jobs = jobs(new Work("fail", (_, _) -> {
            throw new IllegalStateException("no");
        }))) {
            assertThat(ended(jobs, jobs.start("fail", "Fail", 1, null, "")).message()).contains("went wrong");
            assertThat(ended(jobs, jobs.start("moon", "Moon", 1, null, "")).state()).isEqualTo(Jobs.State.FAILED);
        }
    }

    @Test
    void stopsAtTheNextStepWhenCancelled() throws InterruptedException {
        var started = new CountDownLatch(1);
        try (var jobs = jobs(new Work("long", (_, steps) -> {
            for (int at = 1; ; at++) {
                started.countDown();
                steps.done(at);
                try {
                    Thread.sleep(20);
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            }
        }))) {
            var id = jobs.start("long", "Long", 1, null, "");
            started.await();
            assertThat(jobs.cancel(id)).isTrue();
            assertThat(ended(jobs, id).state()).isEqualTo(Jobs.State.CANCELLED);
        }
    }

    @Test
    void aJobWhoseNodeDiedIsTakenUpByAnother() {
        var runs = new AtomicInteger();
        var id = UUID.randomUUID();
        var silent = Instant.now(clock).minusSeconds(120).atOffset(ZoneOffset.UTC);
        transactions.shared(db -> db.sql("insert into platform.job (id, type, title, state, body, created_at, heartbeat_at) values (?, 'orphan', 'Orphan', 'RUNNING', 'b', ?, ?)")
                .params(id, silent, silent).update());
        try (var jobs = jobs(new Work("orphan", (body, _) -> body + runs.incrementAndGet()))) {
            jobs.watch();
            assertThat(ended(jobs, id).result()).isEqualTo("b1");
        }
        assertThat(runs).hasValue(1);
    }
}
