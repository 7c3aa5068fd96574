package io.offtake.platform;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The statements of a posting, as the modules' faces add them. [Pipeline] sends those of one document as one request,
/// [BulkPost] those of many documents as one batch per statement: the same statements either way.
public interface Post {

    /// Adds a statement that may change any number of rows.
    void update(String sql, @Nullable Object... args);

    /// Adds a statement that must change exactly `expected` rows, or the posting fails with [GuardFailed] of that name.
    void guarded(String guard, int expected, String sql, @Nullable Object... args);

    /// Adds rows to a table, all of which must arrive. The statement is `insert`, then `row` once for each row, then `suffix`.
    /// One document's rows go as a VALUES list, those of many as arrays ([BulkRows]).
    void rows(String guard, String insert, String row, String suffix, List<@Nullable Object[]> rows);

    /// A guarded statement changed another number of rows than its owner needs: somebody else was faster.
    final class GuardFailed extends RuntimeException {
        private final String guard;

        GuardFailed(String guard, int rows, int expected) {
            super(guard + ": " + rows + " rows changed, " + expected + " expected");
            this.guard = guard;
        }

        public String guard() {
            return guard;
        }
    }

    /// Whether somebody else moved the same balance or registered the same id between a posting's look and its write: it may
    /// look again.
    static boolean isOvertaken(RuntimeException failure) {
        if (failure instanceof GuardFailed) return true;
        for (Throwable cause = failure; cause != null; cause = cause.getCause())
            if (cause instanceof SQLException sql && "23505".equals(sql.getSQLState())) return true;
        return false;
    }

    /// Runs one whole attempt of a posting, its look included, and runs it again where somebody was faster.
    static <T> T retried(Supplier<T> attempt) {
        for (int tried = 1; ; tried++) {
            try {
                return attempt.get();
            } catch (RuntimeException failure) {
                if (tried == 8 || !isOvertaken(failure)) throw failure;
            }
        }
    }

    /// A VALUES row of `columns` plain parameters.
    static String row(int columns) {
        return "(" + "?, ".repeat(columns - 1) + "?)";
    }
}
