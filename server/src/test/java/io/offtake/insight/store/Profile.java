package io.offtake.insight.store;

import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.Place;
import io.offtake.insight.domain.Plan;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;

/// Where the time of a question goes: its statements, each with what the columnar store says of it.
public final class Profile {
    private Profile() {}

    /// Answers as the engine does, and prints.
    public static Engine.Result of(Plan plan, ColumnarEngine engine, ColumnarStore store) {
        long began = System.nanoTime();
        try (var connection = store.reader()) {
            var cursors = ColumnarStore.cursors(connection);
            System.out.printf("cursors %.1f ms%n", (System.nanoTime() - began) / 1e6);
            var ids = plan.places().stream().map(Place::id).collect(Collectors.toSet());
            var compiler = new Compiler(plan, Dialect.COLUMNAR, ids.containsAll(cursors.keySet()), true, true);
            if (compiler.together()) run(connection, "ALL", () -> compiler.together(plan.totals()));
            else {
                for (var level : Compiler.Level.values()) {
                    if (level == Compiler.Level.NOT_ALLOCATED && !compiler.mayLackKeys()) continue;
                    run(connection, level.name(), () -> compiler.statement(level));
                }
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        began = System.nanoTime();
        var result = engine.answer(plan);
        System.out.printf("the engine as a whole %.1f ms%n", (System.nanoTime() - began) / 1e6);
        return result;
    }

    private static void run(Connection connection, String name, java.util.function.Supplier<Sql> compiled) throws SQLException {
        long began = System.nanoTime();
        var sql = compiled.get().literal();
        double took = (System.nanoTime() - began) / 1e6;
        began = System.nanoTime();
        try (var statement = sql.prepare(connection)) {
            double prepared = (System.nanoTime() - began) / 1e6;
            try (var rows = statement.executeQuery()) {
                while (rows.next()) rows.getObject(1);
            }
            System.out.printf("%s: compiled %.1f, prepared %.1f, all %.1f ms%n", name, took, prepared, (System.nanoTime() - began) / 1e6);
        }
        explain(connection, sql);
    }

    private static void explain(Connection connection, Sql sql) throws SQLException {
        System.out.println(sql.text());
        try (var statement = Sql.of("explain analyze ").add(sql).prepare(connection); var rows = statement.executeQuery()) {
            while (rows.next()) System.out.println(rows.getString(2));
        }
    }
}
