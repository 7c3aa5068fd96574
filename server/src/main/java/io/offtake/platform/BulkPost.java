package io.offtake.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The statements of many documents in one transaction: each statement text once, as a JDBC batch, in the order in which
/// the texts were first added. The driver folds inserts into multi-row statements.
public final class BulkPost implements Post {
    private record Row(@Nullable Object[] args, @Nullable String guard, int expected) {}

    private final Map<String, List<Row>> statements = new LinkedHashMap<>();

    @Override
    public void update(String sql, @Nullable Object... args) {
        statements.computeIfAbsent(sql, text -> new ArrayList<>()).add(new Row(args, null, -1));
    }

    @Override
    public void guarded(String guard, int expected, String sql, @Nullable Object... args) {
        statements.computeIfAbsent(sql, text -> new ArrayList<>()).add(new Row(args, guard, expected));
    }

    @Override
    public void rows(String guard, String insert, String row, String suffix, List<@Nullable Object[]> rows) {
        for (var args : rows) guarded(guard, 1, insert + row + suffix, args);
    }

    /// Sends everything inside the connection's transaction.
    /// @throws GuardFailed if a guarded statement changed another number of rows; the caller rolls back
    public void run(Connection connection) throws SQLException {
        for (var entry : statements.entrySet()) {
            try (var statement = connection.prepareStatement(entry.getKey())) {
                for (var row : entry.getValue()) {
                    int at = 1;
                    for (var arg : row.args) Pipeline.bind(statement, at++, arg);
                    statement.addBatch();
                }
                var counts = statement.executeBatch();
                for (int at = 0; at < counts.length; at++) {
                    var row = entry.getValue().get(at);
                    // A folded insert reports no count of its own; it would have failed as a whole.
                    if (row.guard != null && counts[at] != Statement.SUCCESS_NO_INFO && counts[at] != row.expected)
                        throw new GuardFailed(row.guard, counts[at], row.expected);
                }
            }
        }
    }
}
