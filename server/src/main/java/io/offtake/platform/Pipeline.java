package io.offtake.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Several statements sent to PostgreSQL as one request: round trips cost more than rows (DESIGN section 4). Each module's
/// face adds its own statements and says what their row counts must be; {@link #run} sends them in the order in which they
/// were added and hands every count and result back to its owner.
///
/// Not thread-safe; one pipeline is run once.
public final class Pipeline implements Post {

    /// Reads one result set, the cursor standing before the first row.
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /// The answer of a query that was added; available after {@link Pipeline#run}.
    public static final class Answer<T> {
        private @Nullable T value;
        private boolean there;

        public T get() {
            if (!there) throw new IllegalStateException("the pipeline has not run");
            return Objects.requireNonNull(value);
        }
    }

    private record Step(String sql, @Nullable Object[] args, @Nullable String guard, int expected, @Nullable Reader<?> reader, @Nullable Answer<?> answer) {}

    private final List<Step> steps = new ArrayList<>();

    /// Adds a query; its answer can be read after the run.
    public <T> Answer<T> query(String sql, Reader<T> reader, @Nullable Object... args) {
        var answer = new Answer<T>();
        steps.add(new Step(sql, args, null, -1, reader, answer));
        return answer;
    }

    @Override
    public void update(String sql, @Nullable Object... args) {
        steps.add(new Step(sql, args, null, -1, null, null));
    }

    @Override
    public void guarded(String guard, int expected, String sql, @Nullable Object... args) {
        steps.add(new Step(sql, args, guard, expected, null, null));
    }

    @Override
    public void rows(String guard, String insert, String row, String suffix, List<@Nullable Object[]> rows) {
        if (rows.isEmpty()) return;
        var args = new ArrayList<@Nullable Object>(rows.size() * rows.getFirst().length);
        var casts = TypedNull.casts(row);
        for (var values : rows) for (int at = 0; at < values.length; at++) args.add(values[at] == null ? casts[at] : values[at]);
        guarded(guard, rows.size(), insert + (row + ",\n").repeat(rows.size() - 1) + row + suffix, args.toArray());
    }

    /// Compares a column with some ids: `= ?` for one, so that the plan that is kept for every posting fits it, else `= any(?)`.
    /// Its parameter is [#those].
    public static String among(UUID[] ids) {
        return ids.length == 1 ? "= ?" : "= any(?)";
    }

    /// The parameter of [#among].
    public static Object those(UUID[] ids) {
        return ids.length == 1 ? ids[0] : ids;
    }

    /// How many statements were added.
    public int size() {
        return steps.size();
    }

    /// Sends everything in one request inside the connection's transaction.
    /// @throws GuardFailed if a guarded statement changed another number of rows; the caller rolls back
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void run(Connection connection) throws SQLException {
        if (steps.isEmpty()) return;
        var sql = new StringBuilder();
        for (var step : steps) {
            if (!sql.isEmpty()) sql.append(";\n");
            sql.append(step.sql);
        }
        try (var statement = connection.prepareStatement(sql.toString())) {
            int at = 1;
            for (var step : steps) {
                for (var arg : step.args) bind(statement, at++, arg);
            }
            boolean isRows = statement.execute();
            for (var step : steps) {
                if (step.reader != null) {
                    if (!isRows) throw new SQLException("no result for: " + step.sql);
                    try (var rows = statement.getResultSet()) {
                        var answer = (Answer) step.answer;
                        answer.value = step.reader.read(rows);
                        answer.there = true;
                    }
                } else if (step.guard != null && statement.getUpdateCount() != step.expected) {
                    throw new GuardFailed(step.guard, statement.getUpdateCount(), step.expected);
                }
                isRows = statement.getMoreResults();
            }
        }
    }

    static void bind(PreparedStatement statement, int at, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setObject(at, null);
            case TypedNull absent -> absent.bind(statement, at);
            case Instant instant -> statement.setObject(at, instant.atOffset(ZoneOffset.UTC));
            case Object[] array -> statement.setArray(at, statement.getConnection().createArrayOf(typeOf(array), array));
            case long[] longs -> statement.setArray(at, statement.getConnection().createArrayOf("int8", Arrays.stream(longs).boxed().toArray()));
            default -> statement.setObject(at, value);
        }
    }

    private static String typeOf(Object[] array) {
        var type = array.getClass().getComponentType();
        if (type == UUID.class) return "uuid";
        if (type == java.math.BigDecimal.class) return "numeric";
        if (type == String.class) return "text";
        if (type == Long.class) return "int8";
        throw new IllegalArgumentException("no SQL array of " + type);
    }
}
