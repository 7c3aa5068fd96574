package io.offtake.insight.store;

import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.Knowledge;
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
            var compiler = new Compiler(plan, Knowledge.whole(plan), Dialect.COLUMNAR, ids.containsAll(cursors.keySet()), true, true);
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
        steps(plan, store);
        began = System.nanoTime();
        var result = engine.answer(plan);
        System.out.printf("the engine as a whole %.1f ms%n", (System.nanoTime() - began) / 1e6);
        return result;
    }

    /// Where the time of a question goes that is finished here: medians of sixty.
    private static void steps(Plan plan, ColumnarStore store) {
        var names = new String[] {"reader", "begin", "known", "compile", "prepare", "execute+read", "finish", "rollback", "close"};
        var times = new double[names.length][60];
        for (int i = 0; i < 60; i++) {
            try {
                int n = 0;
                long t = System.nanoTime();
                var connection = store.reader();
                times[n++][i] = -t + (t = System.nanoTime());
                connection.setAutoCommit(false);
                times[n++][i] = -t + (t = System.nanoTime());
                var known = store.known(connection);
                times[n++][i] = -t + (t = System.nanoTime());
                var ids = plan.places().stream().map(Place::id).collect(Collectors.toSet());
                var compiler = new Compiler(plan, Knowledge.whole(plan), Dialect.COLUMNAR, ids.containsAll(known.cursors().keySet()), true, true);
                if (!compiler.few(known.names())) return;
                var finish = new Finish(plan, compiler.components(), known.names(), Knowledge.whole(plan));
                var sql = compiler.sums(Compiler.Level.ROWS).literal();
                if (i == 0) System.out.println(sql.text());
                times[n++][i] = -t + (t = System.nanoTime());
                var statement = sql.prepare(connection);
                times[n++][i] = -t + (t = System.nanoTime());
                var all = finish.read(statement.executeQuery(), true);
                times[n++][i] = -t + (t = System.nanoTime());
                finish.page(all);
                times[n++][i] = -t + (t = System.nanoTime());
                connection.rollback();
                times[n++][i] = -t + (t = System.nanoTime());
                statement.close();
                connection.close();
                times[n++][i] = -t + (t = System.nanoTime());
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
        for (int n = 0; n < names.length; n++) {
            java.util.Arrays.sort(times[n]);
            System.out.printf("%s %.2f ms%n", names[n], times[n][30] / 1e6);
        }
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
