package io.offtake.platform;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Long work that goes on after the request: its state is a row, so that the page can be left, two people see one job, and
/// a job whose node died is taken up by another.
public interface Jobs {

    enum State { WAITING, RUNNING, DONE, FAILED, CANCELLED }

    /// @param total          null while it is not known
    /// @param distributorId  whose work it is; null: the network's
    /// @param result         what it led to, such as the id of an import
    record Job(UUID id, String type, String title, State state, long done, @Nullable Long total, @Nullable String message, @Nullable String result,
               @Nullable Long distributorId, @Nullable Long createdBy, Instant createdAt, @Nullable Instant finishedAt) {}

    /// What a kind of job does. Its work may be started again from the beginning when a node died, so it must be idempotent.
    interface Handler {
        String type();

        /// @return what the job's `result` says
        String run(String body, Steps steps);
    }

    /// How a handler tells how far it is.
    interface Steps {
        void total(long total);

        /// @throws Cancelled if somebody asked to stop
        void done(long done);
    }

    /// Ends a handler's work where somebody cancelled it.
    final class Cancelled extends RuntimeException {
        public Cancelled() {
            super("cancelled", null, false, false);
        }
    }

    /// Starts a job of a known type; `body` is all it needs to run on any node.
    UUID start(String type, String title, long createdBy, @Nullable Long distributorId, String body);

    Optional<Job> find(UUID id);

    /// Asks a job to stop at its next step; false if it has ended already.
    boolean cancel(UUID id);
}
