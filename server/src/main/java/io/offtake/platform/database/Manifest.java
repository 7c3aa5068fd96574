package io.offtake.platform.database;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// What `db/manifest.json` says about every table: how it is distributed, who may write it, how it is partitioned.
/// Grants and row-level security follow from it and are never written by hand (SCALE rules 6–8, 16–20).
public record Manifest(Map<String, Table> tables, String fingerprint) {

    /// Raised when the statements below change, so that every database applies them again.
    private static final String REVISION = "2";
    private static final String DEADLOCK = "40P01";
    private static final int TRIES = 5;

    public enum TableClass {
        /// On every node; written rarely.
        @JsonProperty("reference") REFERENCE,
        /// Spread by `distributor_id`, under row-level security.
        @JsonProperty("distributed") DISTRIBUTED,
        /// On the coordinator only: jobs, users, settings.
        @JsonProperty("local") LOCAL
    }

    /// @param tableClass    where its rows live
    /// @param appendOnly    the application may insert and read, never change or delete
    /// @param partitionedBy the date column of its quarterly partitions
    /// @param networkWrites the network role may write it as well
    /// @param principalWall readers confined to some principals see only rows of their `principal_id`
    /// @param scanned       questions read many of its rows at once: its policies read the scope once for a statement, which
    ///                      costs planning, instead of once for a row (3 to 5 times faster over 480,000 rows)
    public record Table(@JsonProperty("class") TableClass tableClass, boolean appendOnly, @Nullable String partitionedBy,
                        boolean networkWrites, boolean principalWall, boolean scanned) {
        public boolean distributed() {
            return tableClass == TableClass.DISTRIBUTED;
        }
    }

    /// The manifest of this build.
    public static Manifest load() {
        try (var in = Manifest.class.getResourceAsStream("/db/manifest.json")) {
            if (in == null) throw new IllegalStateException("db/manifest.json is missing");
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            var mapper = JsonMapper.builder()
                    .enable(tools.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(tools.jackson.databind.DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();
            var tables = mapper.readValue(text, new TypeReference<TreeMap<String, Table>>() {});
            return new Manifest(Map.copyOf(tables), sha256(REVISION + text));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public List<String> namesOf(TableClass tableClass) {
        return tables.entrySet().stream().filter(entry -> entry.getValue().tableClass() == tableClass).map(Map.Entry::getKey).sorted().toList();
    }

    /// Gives the roles their rights and the tables their policies, unless this was done already for the same manifest,
    /// schema version and roles. One transaction: nobody ever sees a table without its wall.
    ///
    /// @param connection the owner's, in auto-commit mode
    void apply(Connection connection, String app, String network, String schemaVersion) throws SQLException {
        for (int tried = 1; ; tried++) {
            try {
                applyOnce(connection, app, network, schemaVersion);
                return;
            } catch (SQLException failure) {
                // after a migration that changed many rows the database's own vacuum may be at the same tables
                if (tried == TRIES || !DEADLOCK.equals(failure.getSQLState())) throw failure;
            }
        }
    }

    private void applyOnce(Connection connection, String app, String network, String schemaVersion) throws SQLException {
        var mark = "offtake " + sha256(fingerprint + '|' + app + '|' + network + '|' + schemaVersion);
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("select pg_advisory_xact_lock(7235401)");
            if (!mark.equals(currentMark(statement))) {
                requireTables(statement);
                var sql = new ArrayList<String>();
                for (var schema : schemas()) {
                    sql.add("grant usage on schema " + schema + " to " + quote(app) + ", " + quote(network));
                    sql.add("grant usage on all sequences in schema " + schema + " to " + quote(app) + ", " + quote(network));
                }
                new TreeMap<>(tables).forEach((name, table) -> addTable(sql, name, table, quote(app), quote(network)));
                sql.add("comment on schema platform is '" + mark + "'");
                statement.execute(String.join(";\n", sql));
            }
            connection.commit();
        } catch (SQLException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private List<String> schemas() {
        var schemas = new TreeSet<String>();
        tables.keySet().forEach(name -> schemas.add(name.substring(0, name.indexOf('.'))));
        schemas.add("platform");
        return List.copyOf(schemas);
    }

    private static void addTable(List<String> sql, String name, Table table, String app, String network) {
        var writes = table.appendOnly() ? "select, insert" : "select, insert, update, delete";
        sql.add("revoke all on " + name + " from public, " + app + ", " + network);
        sql.add("grant " + writes + " on " + name + " to " + app);
        sql.add("grant " + (table.networkWrites() ? writes : "select") + " on " + name + " to " + network);
        for (var policy : List.of("one_distributor", "several_distributors", "own_principals", "whole_network")) {
            sql.add("drop policy if exists " + policy + " on " + name);
        }
        if (!table.distributed()) return;
        sql.add("alter table " + name + " enable row level security");
        sql.add("alter table " + name + " force row level security");
        var one = once(table, "nullif(current_setting('offtake.distributor_id', true), '')::bigint", "bigint");
        var several = once(table, "nullif(current_setting('offtake.distributor_ids', true), '')::bigint[]", "bigint[]");
        sql.add("create policy one_distributor on " + name + " for all to " + app + " using (distributor_id = " + one + ") with check (distributor_id = " + one + ")");
        sql.add("create policy several_distributors on " + name + " for select to " + app + " using (distributor_id = any (" + several + "))");
        sql.add("create policy whole_network on " + name + " for all to " + network + " using (true) with check (true)");
        if (table.principalWall()) {
            sql.add("create policy own_principals on " + name + " as restrictive for select to " + app
                    + " using (" + once(table, "nullif(current_setting('offtake.principal_ids', true), '') is null", "boolean")
                    + " or principal_id = any (" + once(table, "nullif(current_setting('offtake.principal_ids', true), '')::bigint[]", "bigint[]") + "))");
        }
    }

    /// A subquery of its own is computed once for a statement, a plain expression once for each row.
    private static String once(Table table, String expression, String type) {
        return table.scanned() ? "(select " + expression + ")::" + type : expression;
    }

    private static @Nullable String currentMark(Statement statement) throws SQLException {
        try (var row = statement.executeQuery("select obj_description('platform'::regnamespace)")) {
            row.next();
            return row.getString(1);
        }
    }

    private void requireTables(Statement statement) throws SQLException {
        var missing = new ArrayList<String>();
        for (var name : new TreeSet<>(tables.keySet())) {
            try (var row = statement.executeQuery("select to_regclass('" + name + "') is null")) {
                row.next();
                if (row.getBoolean(1)) missing.add(name);
            }
        }
        if (!missing.isEmpty()) throw new DatabaseRefusal("db/manifest.json declares tables that no migration makes: " + String.join(", ", missing));
    }

    static String quote(String role) {
        return '"' + role.replace("\"", "\"\"") + '"';
    }

    static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
