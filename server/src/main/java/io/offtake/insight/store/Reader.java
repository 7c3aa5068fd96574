package io.offtake.insight.store;

import io.offtake.insight.Metric;
import io.offtake.insight.domain.Engine;
import io.offtake.insight.domain.Plan;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Runs the statements of a plan on a connection of either engine, in one snapshot, and reads their rows.
final class Reader {
    private final Connection connection;
    private final Plan plan;
    private final Compiler compiler;

    Reader(Connection connection, Plan plan, Compiler compiler) {
        this.connection = connection;
        this.plan = plan;
        this.compiler = compiler;
    }

    Engine.Result read(List<Engine.Fed> fed, String engine) throws SQLException {
        return read(fed, engine, Finish.Names.NONE);
    }

    /// @param names of masters, where few groups are finished here
    Engine.Result read(List<Engine.Fed> fed, String engine, Finish.Names names) throws SQLException {
        boolean whole = plan.totals() || !plan.extras().isEmpty();
        if (compiler.few(names)) return finished(fed, engine, whole, new Finish(plan, compiler.components(), names, compiler.knowledge()));
        if (whole && compiler.together()) return together(fed, engine);
        var rows = new ArrayList<Engine.Group>();
        long count = 0;
        try (var statement = prepare(compiler.statement(Compiler.Level.ROWS)); var found = statement.executeQuery()) {
            while (found.next()) {
                rows.add(group(found, true));
                count = found.getLong("all_rows");
            }
        }
        if (rows.isEmpty() && plan.offset() > 0) count = plan.offset();
        Engine.Group totals = null;
        Engine.Group notAllocated = null;
        if (whole) totals = plan.dimensions().isEmpty() && !rows.isEmpty() ? rows.getFirst() : single(Compiler.Level.TOTAL);
        if (plan.totals() && compiler.mayLackKeys()) notAllocated = unlessEmpty(single(Compiler.Level.NOT_ALLOCATED));
        return new Engine.Result(rows, totals, notAllocated, count, fed, engine, compiler.knowledge());
    }

    /// Few groups: the store gives their sums, the rest is done here.
    private Engine.Result finished(List<Engine.Fed> fed, String engine, boolean whole, Finish finish) throws SQLException {
        var all = sums(compiler, Compiler.Level.ROWS, finish);
        boolean beside = compiler.beside();
        boolean adding = compiler.together();
        var lacking = all.stream().filter(finish::lacksKeys).toList();
        var rows = finish.page(all);
        long count = all.size() - lacking.size();
        if (rows.isEmpty() && plan.offset() > 0) count = plan.offset();
        Engine.Group totals = null;
        Engine.Group notAllocated = null;
        if (whole) {
            if (plan.dimensions().isEmpty() && !rows.isEmpty()) totals = rows.getFirst();
            else if (adding) totals = finish.whole(finish.total(all));
            else totals = only(sums(compiler.ofTotal(), Compiler.Level.TOTAL, finish), finish);
        }
        if (plan.totals() && compiler.mayLackKeys()) {
            if (adding) notAllocated = lacking.isEmpty() ? null : unlessEmpty(finish.whole(finish.total(lacking)));
            else if (beside || !lacking.isEmpty()) notAllocated = unlessEmpty(only(sums(compiler, Compiler.Level.NOT_ALLOCATED, finish), finish));
        }
        return new Engine.Result(rows, totals, notAllocated, count, fed, engine, compiler.knowledge());
    }

    private static Engine.@Nullable Group only(List<Finish.Sums> of, Finish finish) {
        return of.isEmpty() ? null : finish.whole(of.getFirst());
    }

    private List<Finish.Sums> sums(Compiler of, Compiler.Level level, Finish finish) throws SQLException {
        try (var statement = prepare(of.sums(level)); var found = statement.executeQuery()) {
            return finish.read(found, level == Compiler.Level.ROWS);
        }
    }

    /// Rows, totals and what lacks a key in one statement.
    private Engine.Result together(List<Engine.Fed> fed, String engine) throws SQLException {
        var rows = new TreeMap<Long, Engine.Group>();
        long count = 0;
        Engine.Group totals = null;
        Engine.Group notAllocated = null;
        try (var statement = prepare(compiler.together(plan.totals())); var found = statement.executeQuery()) {
            while (found.next()) {
                switch (found.getInt("level")) {
                    case 0 -> {
                        rows.put(found.getLong("pos"), group(found, true));
                        count = found.getLong("all_rows");
                    }
                    case 1 -> totals = group(found, false);
                    default -> notAllocated = unlessEmpty(group(found, false));
                }
            }
        }
        if (rows.isEmpty() && plan.offset() > 0) count = plan.offset();
        return new Engine.Result(List.copyOf(rows.values()), totals, notAllocated, count, fed, engine, compiler.knowledge());
    }

    private static Engine.@Nullable Group unlessEmpty(Engine.@Nullable Group group) {
        return group == null || group.parts().values().stream().allMatch(part -> part == null || part.signum() == 0) ? null : group;
    }

    private PreparedStatement prepare(Sql sql) throws SQLException {
        return (compiler.columnar() ? sql.literal() : sql).prepare(connection);
    }

    private Engine.@Nullable Group single(Compiler.Level level) throws SQLException {
        try (var statement = prepare(compiler.statement(level)); var found = statement.executeQuery()) {
            return found.next() ? group(found, false) : null;
        }
    }

    private Engine.Group group(ResultSet row, boolean keyed) throws SQLException {
        var keys = new ArrayList<@Nullable Object>();
        var labels = new ArrayList<@Nullable String>();
        Engine.Document document = null;
        if (keyed) {
            for (int i = 0; i < plan.dimensions().size(); i++) {
                keys.add(key(row, i));
                labels.add(row.getString("l" + i));
            }
            if (compiler.documents()) {
                for (int i = 0; i < plan.dimensions().size(); i++) {
                    if (plan.dimensions().get(i).id().equals("invoice") && keys.get(i) instanceof UUID id) document = new Engine.Document(row.getString("dk"), id, row.getLong("h"));
                }
            }
        }
        var parts = new LinkedHashMap<String, @Nullable BigDecimal>();
        for (int i = 0; i < compiler.components().size(); i++) parts.put(compiler.components().get(i), row.getBigDecimal("c" + i));
        Map<String, @Nullable BigDecimal> values = new LinkedHashMap<>();
        Map<String, @Nullable BigDecimal> compares = new LinkedHashMap<>();
        Map<String, @Nullable BigDecimal> running = new LinkedHashMap<>();
        Map<String, Integer> ranks = new LinkedHashMap<>();
        for (int i = 0; i < plan.metrics().size(); i++) {
            var metric = plan.metrics().get(i);
            values.put(metric.id(), scaled(metric, row.getBigDecimal("v" + i)));
            if (plan.compare()) compares.put(metric.id(), scaled(metric, row.getBigDecimal("w" + i)));
            if (keyed && plan.extras().contains("running-share")) running.put(metric.id(), row.getBigDecimal("r" + i));
            if (keyed && plan.extras().contains("rank")) ranks.put(metric.id(), row.getInt("p" + i));
        }
        Long holder = null;
        if (keyed && compiler.labelled()) {
            long h = row.getLong("h");
            holder = row.wasNull() ? null : (Long) h;
        }
        return new Engine.Group(keys, labels, document, holder, parts, values, compares, running, ranks);
    }

    private static @Nullable BigDecimal scaled(Metric metric, @Nullable BigDecimal value) {
        if (value == null) return null;
        return switch (metric.value().kind()) {
            case RATIO -> value.movePointLeft(java.util.Objects.requireNonNull(metric.value().scale()));
            case GROWTH -> value.movePointLeft(2);
            case COUNT_BACK -> value.movePointLeft(1);
            case SUM, DISTINCT, NONE -> value;
        };
    }

    private @Nullable Object key(ResultSet row, int i) throws SQLException {
        var column = "x" + i;
        return switch (plan.dimensions().get(i).type()) {
            case NUMBER -> {
                long number = row.getLong(column);
                yield row.wasNull() ? null : (Object) number;
            }
            case UUID -> row.getObject(column, UUID.class);
            case TEXT -> row.getString(column);
            case DATE -> row.getObject(column, LocalDate.class);
        };
    }
}
