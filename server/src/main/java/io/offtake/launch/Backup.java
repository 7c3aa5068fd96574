package io.offtake.launch;

import io.offtake.platform.Progress;
import io.offtake.platform.database.DatabaseAccess;
import io.offtake.platform.database.DatabaseBootstrap;
import io.offtake.platform.database.Manifest;
import io.offtake.platform.database.QuarterPartitions;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import tools.jackson.databind.json.JsonMapper;

/// The logical export: a zip with one CSV per table, taken in one snapshot, and a table of contents with counts and
/// hashes. It restores into an empty database of the same or a later version; the bundled PostgreSQL has no pg_dump.
public final class Backup {
    private static final String CONTENTS = "contents.json";
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.builder().enable(tools.jackson.databind.SerializationFeature.INDENT_OUTPUT).build();

    private Backup() {}

    /// @param migration the last migration of the database, to which a restore brings the empty one first
    /// @param history   every migration with its checksum, in order
    public record Contents(int format, String takenAt, String migration, List<String> history, @Nullable String firstDate, @Nullable String lastDate, List<Table> tables) {
        public long rows() {
            return tables.stream().mapToLong(Table::rows).sum();
        }
    }

    public record Table(String name, List<String> columns, long rows, String sha256) {}

    /// Writes everything the manifest declares to `file`; the server may go on working meanwhile.
    public static Contents take(DatabaseAccess access, Path file, Instant now, Progress progress) throws SQLException, IOException {
        if (Files.exists(file)) throw new Refusal(file + " exists. Give another name with --to, or remove it.");
        var temporary = file.resolveSibling(file.getFileName() + ".part");
        try (var connection = access.asNetwork()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("set transaction isolation level repeatable read read only");
            }
            var manifest = Manifest.load();
            var tables = new ArrayList<Table>();
            var names = new ArrayList<>(new TreeSet<>(manifest.tables().keySet()));
            var first = new ArrayList<LocalDate>();
            var last = new ArrayList<LocalDate>();
            try (var zip = new ZipOutputStream(Files.newOutputStream(temporary))) {
                for (int i = 0; i < names.size(); i++) {
                    var name = names.get(i);
                    progress.at("Saving tables", i, names.size());
                    var partitionedBy = manifest.tables().get(name).partitionedBy();
                    if (partitionedBy != null) dates(connection, name, partitionedBy, first, last);
                    var columns = columns(connection, name);
                    zip.putNextEntry(new ZipEntry("tables/" + name + ".csv"));
                    var digest = sha256();
                    long rows = connection.unwrap(PGConnection.class).getCopyAPI()
                            .copyOut("copy (select " + list(columns) + " from " + name + ") to stdout with (format csv, encoding 'UTF8')", new DigestOutputStream(new Uncloseable(zip), digest));
                    zip.closeEntry();
                    tables.add(new Table(name, columns, rows, HexFormat.of().formatHex(digest.digest())));
                }
                var history = history(access);
                var contents = new Contents(FORMAT, now.toString(), history.isEmpty() ? "" : history.getLast().substring(0, history.getLast().indexOf(' ')), history,
                        first.isEmpty() ? null : first.stream().min(LocalDate::compareTo).orElseThrow().toString(),
                        last.isEmpty() ? null : last.stream().max(LocalDate::compareTo).orElseThrow().toString(), tables);
                zip.putNextEntry(new ZipEntry(CONTENTS));
                zip.write(JSON.writeValueAsString(contents).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
                progress.at("Saving tables", names.size(), names.size());
                connection.rollback();
                zip.finish();
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
                return contents;
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Fills an empty database from a backup and brings it to this build's version. Rows go in before the walls of
    /// row-level security go up, because COPY cannot write through them.
    public static Contents restore(DatabaseAccess access, Path file, LocalDate today, Progress progress) throws SQLException, IOException {
        if (!Files.isReadable(file)) throw new Refusal("There is no backup " + file + ".");
        try (var zip = new ZipFile(file.toFile()); var connection = access.asMigrator()) {
            var contents = contents(zip, file);
            if (exists(connection, "platform.flyway_schema_history")) {
                throw new Refusal("The database is not empty. A backup is restored into an empty one: choose a new folder with --home, or a new database with --db.");
            }
            DatabaseBootstrap.migrateTo(access, contents.migration);
            var history = history(access);
            if (!history.equals(contents.history)) throw new Refusal("The backup was made by another line of Offtake: its migrations differ from this build's up to " + contents.migration + ".");
            if (contents.firstDate != null && contents.lastDate != null) {
                new QuarterPartitions(access, Manifest.load()).ensure(LocalDate.parse(contents.firstDate), LocalDate.parse(contents.lastDate));
            }
            connection.setAutoCommit(false);
            var byName = new TreeMap<String, Table>();
            contents.tables.forEach(table -> byName.put(table.name, table));
            var order = parentsFirst(connection, byName.keySet());
            try (var statement = connection.createStatement()) {
                statement.execute("truncate " + String.join(", ", order));
            }
            long done = 0;
            for (var name : order) {
                progress.at("Restoring rows", done, contents.rows());
                load(connection, zip, byName.get(name));
                done += byName.get(name).rows;
            }
            raiseIdentities(connection, byName.keySet());
            connection.commit();
            progress.at("Restoring rows", contents.rows(), contents.rows());
            connection.setAutoCommit(true);
            DatabaseBootstrap.migrate(access, today);
            return contents;
        }
    }

    private static Contents contents(ZipFile zip, Path file) throws IOException {
        var entry = zip.getEntry(CONTENTS);
        if (entry == null) throw new Refusal(file + " is not a complete Offtake backup: it has no " + CONTENTS + ".");
        try (var in = zip.getInputStream(entry)) {
            var contents = JSON.readValue(in.readAllBytes(), Contents.class);
            if (contents.format != FORMAT) throw new Refusal(file + " has the backup format " + contents.format + "; this build reads " + FORMAT + ".");
            return contents;
        }
    }

    private static void load(Connection connection, ZipFile zip, Table table) throws SQLException, IOException {
        var entry = zip.getEntry("tables/" + table.name + ".csv");
        if (entry == null) throw new Refusal("The backup lacks the table " + table.name + ".");
        var digest = sha256();
        try (InputStream in = new DigestInputStream(zip.getInputStream(entry), digest)) {
            long rows = connection.unwrap(PGConnection.class).getCopyAPI()
                    .copyIn("copy " + table.name + " (" + list(table.columns) + ") from stdin with (format csv, encoding 'UTF8')", in, 1 << 16);
            if (rows != table.rows || !HexFormat.of().formatHex(digest.digest()).equals(table.sha256)) {
                throw new Refusal("The backup is damaged: " + table.name + " holds other rows than its table of contents says. Nothing was restored.");
            }
        }
    }

    /// Tables in an order in which every foreign key finds its row.
    private static List<String> parentsFirst(Connection connection, java.util.Set<String> tables) throws SQLException {
        var parents = new TreeMap<String, TreeSet<String>>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery("""
                select distinct cn.nspname || '.' || c.relname, pn.nspname || '.' || p.relname
                  from pg_constraint k
                  join pg_class c on c.oid = k.conrelid join pg_namespace cn on cn.oid = c.relnamespace
                  join pg_class p on p.oid = k.confrelid join pg_namespace pn on pn.oid = p.relnamespace
                 where k.contype = 'f' and k.conparentid = 0 and k.conrelid <> k.confrelid""")) {
            while (rows.next()) parents.computeIfAbsent(rows.getString(1), _ -> new TreeSet<>()).add(rows.getString(2));
        }
        var order = new LinkedHashSet<String>();
        while (order.size() < tables.size()) {
            int before = order.size();
            for (var table : tables) {
                if (!order.contains(table) && parents.getOrDefault(table, new TreeSet<>()).stream().allMatch(parent -> order.contains(parent) || !tables.contains(parent))) order.add(table);
            }
            if (order.size() == before) throw new IllegalStateException("foreign keys form a circle among " + tables);
        }
        return List.copyOf(order);
    }

    private static void raiseIdentities(Connection connection, java.util.Set<String> tables) throws SQLException {
        try (var statement = connection.createStatement()) {
            var raise = new ArrayList<String>();
            try (var rows = statement.executeQuery("""
                    select n.nspname || '.' || c.relname, a.attname
                      from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                     where a.attidentity <> '' and c.relkind in ('r', 'p') and not c.relispartition""")) {
                while (rows.next()) {
                    if (!tables.contains(rows.getString(1))) continue;
                    raise.add("select setval(pg_get_serial_sequence('" + rows.getString(1) + "', '" + rows.getString(2) + "'), (select coalesce(max(" + rows.getString(2)
                            + "), 0) + 1 from " + rows.getString(1) + "), false)");
                }
            }
            for (var sql : raise) statement.execute(sql);
        }
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        var columns = new ArrayList<String>();
        try (var query = connection.prepareStatement("""
                select quote_ident(attname) from pg_attribute
                 where attrelid = ?::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum""")) {
            query.setString(1, table);
            try (var rows = query.executeQuery()) {
                while (rows.next()) columns.add(rows.getString(1));
            }
        }
        return columns;
    }

    private static void dates(Connection connection, String table, String column, List<LocalDate> first, List<LocalDate> last) throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery("select min(" + column + "), max(" + column + ") from " + table)) {
            row.next();
            var from = row.getObject(1, LocalDate.class);
            var to = row.getObject(2, LocalDate.class);
            if (from != null) first.add(from);
            if (to != null) last.add(to);
        }
    }

    /// The history belongs to the migrator, whose right it is to read it.
    private static List<String> history(DatabaseAccess access) throws SQLException {
        var history = new ArrayList<String>();
        try (var connection = access.asMigrator(); var statement = connection.createStatement();
             var rows = statement.executeQuery("select version || ' ' || coalesce(checksum, 0) from platform.flyway_schema_history where version is not null and success order by installed_rank")) {
            while (rows.next()) history.add(rows.getString(1));
        }
        return history;
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (var query = connection.prepareStatement("select to_regclass(?) is not null")) {
            query.setString(1, table);
            try (var row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static String list(List<String> columns) {
        return String.join(", ", columns);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static LocalDate today() {
        return LocalDate.now(ZoneOffset.UTC);
    }

    /// The copy API closes what it writes to; the zip goes on.
    private static final class Uncloseable extends FilterOutputStream {
        Uncloseable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
