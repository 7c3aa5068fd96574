package io.offtake.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The statements of many documents in one transaction: each statement text once, in the order in which the texts were first
/// added. Rows that are inserted go as one statement with an array for each column ([BulkRows]), everything else as a JDBC batch.
public final class BulkPost implements Post {
    private record Row(@Nullable Object[] args, @Nullable String guard, int expected) {}

    private sealed interface Step {
        record Batch(String sql, List<Row> rows) implements Step {}

        record Insert(Text text, String guard, List<@Nullable Object[]> rows) implements Step {}
    }

    private record Text(String insert, String row, String suffix) {}

    private final BulkRows.@Nullable Owner owner;
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Step.Batch> batches = new HashMap<>();
    private final Map<Text, Step.Insert> inserts = new HashMap<>();

    /// For rows of any distributors and none: inserts go as batches, which the driver folds into VALUES lists.
    public BulkPost() {
        this(null);
    }

    /// For documents of one distributor.
    /// @param owner the row of the distributor that its inserts hang on
    public BulkPost(BulkRows.@Nullable Owner owner) {
        this.owner = owner;
    }

    @Override
    public void update(String sql, @Nullable Object... args) {
        batch(sql).add(new Row(args, null, -1));
    }

    @Override
    public void guarded(String guard, int expected, String sql, @Nullable Object... args) {
        batch(sql).add(new Row(args, guard, expected));
    }

    private List<Row> batch(String sql) {
        return batches.computeIfAbsent(sql, text -> {
            var batch = new Step.Batch(text, new ArrayList<>());
            steps.add(batch);
            return batch;
        }).rows;
    }

    @Override
    public void rows(String guard, String insert, String row, String suffix, List<@Nullable Object[]> rows) {
        if (rows.isEmpty()) return;
        inserts.computeIfAbsent(new Text(insert, row, suffix), text -> {
            var all = new Step.Insert(text, guard, new ArrayList<>());
            steps.add(all);
            return all;
        }).rows.addAll(rows);
    }

    /// Sends everything inside the connection's transaction.
    /// @throws GuardFailed if a guarded statement changed another number of rows; the caller rolls back
    public void run(Connection connection) throws SQLException {
        for (var step : steps) {
            switch (step) {
                case Step.Batch(var sql, var rows) -> send(connection, sql, rows);
                case Step.Insert(var text, var guard, var rows) when owner != null && BulkRows.fit(text.insert, rows) -> {
                    int written = BulkRows.insert(connection, owner, text.insert, text.row, text.suffix, rows);
                    if (written != rows.size()) throw new GuardFailed(guard, written, rows.size());
                }
                case Step.Insert(var text, var guard, var rows) ->
                        send(connection, text.insert + text.row + text.suffix, rows.stream().map(args -> new Row(args, guard, 1)).toList());
            }
        }
    }

    private static void send(Connection connection, String sql, List<Row> rows) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var row : rows) {
                int at = 1;
                for (var arg : row.args) Pipeline.bind(statement, at++, arg);
                statement.addBatch();
            }
            var counts = statement.executeBatch();
            for (int at = 0; at < counts.length; at++) {
                var row = rows.get(at);
                // A folded insert reports no count of its own; it would have failed as a whole.
                if (row.guard != null && counts[at] != Statement.SUCCESS_NO_INFO && counts[at] != row.expected)
                    throw new GuardFailed(row.guard, counts[at], row.expected);
            }
        }
    }
}
