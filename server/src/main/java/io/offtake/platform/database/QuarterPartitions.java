package io.offtake.platform.database;

import io.offtake.platform.Partitions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Makes `<table>_y2026q4` and its like, as the owner.
public final class QuarterPartitions implements Partitions {
    private static final int FIRST_YEAR = 2010;

    private final DatabaseAccess access;
    private final Manifest manifest;
    private final Set<LocalDate> present = ConcurrentHashMap.newKeySet();

    public QuarterPartitions(DatabaseAccess access, Manifest manifest) {
        this.access = access;
        this.manifest = manifest;
    }

    /// The quarters that exist after a start on this day.
    public void ensureAround(LocalDate today) {
        ensure(today.minusMonths(24), today.plusMonths(12));
    }

    @Override
    public void ensure(LocalDate from, LocalDate to) {
        if (from.isAfter(to)) throw new IllegalArgumentException(from + " is after " + to);
        if (from.getYear() < FIRST_YEAR || to.isAfter(from.plusYears(60))) {
            throw new IllegalArgumentException("Business dates from " + FIRST_YEAR + "-01-01 on are kept, in spans of at most 60 years; asked for " + from + " to " + to);
        }
        var first = quarter(from);
        boolean all = true;
        for (var start = first; !start.isAfter(to); start = start.plusMonths(3)) all &= present.contains(start);
        if (all) return;
        try (var connection = access.asMigrator()) {
            for (var start = first; !start.isAfter(to); start = start.plusMonths(3)) {
                make(connection, start);
                present.add(start);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("Partitions for " + from + " to " + to + " could not be made: " + failure.getMessage(), failure);
        }
    }

    private void make(Connection connection, LocalDate start) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '30s'");
            statement.execute("select pg_advisory_xact_lock(7235402)");
            for (var entry : new TreeMap<>(manifest.tables()).entrySet()) {
                if (entry.getValue().partitionedBy() == null) continue;
                var partition = nameOf(entry.getKey(), start);
                try (var row = statement.executeQuery("select to_regclass('" + partition + "') is null and to_regclass('" + entry.getKey() + "') is not null")) {
                    row.next();
                    if (!row.getBoolean(1)) continue;
                }
                statement.execute("create table " + partition + " partition of " + entry.getKey()
                        + " for values from ('" + start + "') to ('" + start.plusMonths(3) + "')");
            }
            connection.commit();
        } catch (SQLException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    static String nameOf(String table, LocalDate quarterStart) {
        return table + "_y" + quarterStart.getYear() + "q" + ((quarterStart.getMonthValue() - 1) / 3 + 1);
    }

    private static LocalDate quarter(LocalDate day) {
        return LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
    }
}
