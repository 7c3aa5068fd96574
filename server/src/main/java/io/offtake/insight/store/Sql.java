package io.offtake.insight.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// SQL text with its arguments, in the order in which they stand in it. Everything a user sends is an argument.
final class Sql {
    private final StringBuilder text = new StringBuilder();
    private final List<Object> arguments = new ArrayList<>();

    static Sql of(String text, Object... arguments) {
        return new Sql().add(text, arguments);
    }

    Sql add(String more, Object... with) {
        append(more);
        arguments.addAll(List.of(with));
        return this;
    }

    Sql add(Sql other) {
        append(other.text);
        arguments.addAll(other.arguments);
        return this;
    }

    /// Words that meet stay apart.
    private void append(CharSequence more) {
        if (!text.isEmpty() && !more.isEmpty() && word(text.charAt(text.length() - 1)) && word(more.charAt(0))) text.append(' ');
        text.append(more);
    }

    private static boolean word(char one) {
        return Character.isLetterOrDigit(one) || one == '_' || one == '\'' || one == ')' || one == '?';
    }

    static Sql join(Collection<Sql> parts, String between) {
        var all = new Sql();
        boolean first = true;
        for (var part : parts) {
            if (!first) all.add(between);
            all.add(part);
            first = false;
        }
        return all;
    }

    String text() {
        return text.toString();
    }

    PreparedStatement prepare(Connection connection) throws SQLException {
        var statement = connection.prepareStatement(text.toString());
        int at = 1;
        for (var argument : arguments) {
            switch (argument) {
                case long[] longs -> statement.setArray(at++, connection.createArrayOf("int8", java.util.Arrays.stream(longs).boxed().toArray()));
                case Array array -> statement.setArray(at++, connection.createArrayOf(array.type, array.values.toArray()));
                default -> statement.setObject(at++, argument);
            }
        }
        return statement;
    }

    /// The same with its numbers, dates and UUIDs written into the text: an engine that plans a statement anew for every value
    /// then plans it once, and knows the days when it does. Texts stay arguments.
    Sql literal() {
        var all = new Sql();
        int next = 0;
        boolean quoted = false;
        for (int at = 0; at < text.length(); at++) {
            char one = text.charAt(at);
            if (one == '\'') quoted = !quoted;
            if (one != '?' || quoted) {
                all.text.append(one);
                continue;
            }
            var argument = arguments.get(next++);
            switch (argument) {
                case Integer number -> all.text.append(number.intValue());
                case Long number -> all.text.append(number.longValue());
                case LocalDate day -> all.text.append("date '").append(day).append('\'');
                case UUID id -> all.text.append('\'').append(id).append("'::uuid");
                default -> {
                    all.text.append('?');
                    all.arguments.add(argument);
                }
            }
        }
        return all;
    }

    /// @param type of the elements in PostgreSQL
    record Array(String type, List<Object> values) {}
}
