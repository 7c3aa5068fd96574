package io.offtake.insight.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Pattern;

/// A statement with parameters by name.
final class Named {
    private static final Pattern NAME = Pattern.compile("(?<!:):([a-z]+)");

    private Named() {}

    static PreparedStatement prepare(Connection connection, String sql, Map<String, ?> arguments) throws SQLException {
        var statement = connection.prepareStatement(NAME.matcher(sql).replaceAll("?"));
        int at = 1;
        var names = NAME.matcher(sql);
        while (names.find()) {
            var value = arguments.get(names.group(1));
            if (value instanceof Object[] several) statement.setArray(at++, connection.createArrayOf("uuid", several));
            else statement.setObject(at++, value);
        }
        return statement;
    }

    static int update(Connection connection, String sql, Map<String, ?> arguments) throws SQLException {
        try (var statement = prepare(connection, sql, arguments)) {
            return statement.executeUpdate();
        }
    }
}
