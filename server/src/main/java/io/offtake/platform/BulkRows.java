package io.offtake.platform;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Many rows of one distributor written as one statement with an array for each column instead of a parameter for each cell:
///
/// `insert into t (distributor_id, a, b) select own.distributor_id, unnest(?::uuid[]), ?::date from … own where own.distributor_id = ?`
///
/// PostgreSQL plans and starts every expression of a VALUES list for itself, which costs more than storing the row
/// (bench/results/posting-*.txt). `own` is a row of the distributor's own: the statement stays on its shard and is pushed down,
/// where an `unnest` without a table would be pulled through the coordinator and fail under row-level security (SCALE rule 13;
/// decision record 0260). A column that has one value in all rows is sent once.
public final class BulkRows {
    private static final Map<String, String[]> COLUMN_TYPES = new ConcurrentHashMap<>();
    /// Below it a VALUES list is as good.
    private static final int FEW = 4;

    private BulkRows() {}

    /// The row of a distributor that its bulk inserts hang on.
    /// @param table of which every distributor has exactly one row, with `distributor_id` as its key
    public record Owner(String table) {}

    /// Whether these rows can go as arrays: enough of them, `distributor_id` first and the same in all, no arrays as values.
    static boolean fit(String insert, List<@Nullable Object[]> rows) {
        if (rows.size() < FEW || !insert.contains("(distributor_id,") || !(rows.getFirst()[0] instanceof Long distributorId)) return false;
        for (var row : rows) {
            if (!distributorId.equals(row[0])) return false;
            for (var value : row) if (value instanceof Object[] || value instanceof long[]) return false;
        }
        return true;
    }

    /// Writes the rows; the statement is the one that [Post#rows] takes.
    /// @param rows each with its distributor first, the same in all
    /// @return how many rows were written
    /// @throws SQLException as the database says; nothing is written where the distributor has no row in the owner's table
    public static int insert(Connection connection, Owner owner, String insert, String row, String suffix, List<@Nullable Object[]> rows) throws SQLException {
        var types = types(connection, insert, row, suffix);
        var sql = new StringBuilder(insert.substring(0, insert.lastIndexOf("values"))).append("select own.distributor_id");
        var one = new boolean[types.length];
        boolean several = false;
        for (int at = 1; at < types.length; at++) {
            // Some column has to bring the rows.
            one[at] = isOne(rows, at) && (several || at < types.length - 1);
            several |= !one[at];
            sql.append(one[at] ? ", ?::" : ", unnest(?::").append(types[at]).append(one[at] ? "" : "[])");
        }
        sql.append(" from ").append(owner.table).append(" own where own.distributor_id = ?").append(suffix);
        try (var statement = connection.prepareStatement(sql.toString())) {
            for (int at = 1; at < types.length; at++) {
                if (one[at]) Pipeline.bind(statement, at, rows.getFirst()[at]);
                else array(statement, at, types[at], rows);
            }
            statement.setObject(types.length, rows.getFirst()[0]);
            return statement.executeUpdate();
        }
    }

    private static boolean isOne(List<@Nullable Object[]> rows, int at) {
        var first = rows.getFirst()[at];
        for (var row : rows) if (!Objects.equals(first, row[at])) return false;
        return true;
    }

    private static void array(PreparedStatement statement, int at, String type, List<@Nullable Object[]> rows) throws SQLException {
        int size = rows.size();
        Object some = null;
        for (int row = 0; row < size && some == null; row++) some = rows.get(row)[at];
        switch (some) {
            case byte[] _ -> {
                var values = new byte @Nullable [size][];
                for (int row = 0; row < size; row++) values[row] = (byte[]) rows.get(row)[at];
                statement.setArray(at, statement.getConnection().createArrayOf(type, values));
            }
            case String _ -> {
                var values = new @Nullable String[size];
                for (int row = 0; row < size; row++) values[row] = (String) rows.get(row)[at];
                statement.setArray(at, statement.getConnection().createArrayOf(type, values));
            }
            case null, default -> {
                var literal = new StringBuilder(size * 12).append('{');
                for (int row = 0; row < size; row++) {
                    if (row > 0) literal.append(',');
                    literal.append(plain(rows.get(row)[at]));
                }
                statement.setObject(at, literal.append('}').toString(), Types.OTHER);
            }
        }
    }

    /// A value whose text needs no quotes inside an array literal.
    private static String plain(@Nullable Object value) {
        return switch (value) {
            case null -> "NULL";
            case Number number -> number.toString();
            case UUID id -> id.toString();
            case LocalDate date -> date.toString();
            case Instant instant -> instant.toString();
            case OffsetDateTime time -> time.toInstant().toString();
            case Boolean flag -> flag ? "t" : "f";
            default -> throw new IllegalArgumentException("no array of " + value.getClass());
        };
    }

    /// The types of the columns, asked of the database once for each statement.
    private static String[] types(Connection connection, String insert, String row, String suffix) throws SQLException {
        var known = COLUMN_TYPES.get(insert);
        if (known != null) return known;
        try (var statement = connection.prepareStatement(insert + row + suffix)) {
            var meta = statement.getParameterMetaData();
            var types = new ArrayList<String>();
            for (int at = 1; at <= meta.getParameterCount(); at++) types.add(meta.getParameterTypeName(at));
            var all = types.toArray(String[]::new);
            COLUMN_TYPES.put(insert, all);
            return all;
        }
    }
}
