package io.offtake.platform.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// A real PostgreSQL, unpacked from the class path into the home folder and kept there between runs.
///
/// One process owns a home (an operating system lock says so); tools may join a cluster that another process runs.
/// A postmaster that outlived its JVM is used again; one that was killed recovers when it is started. `fsync` stays on
/// unless the caller's settings switch it off, which only tests do.
public final class EmbeddedPostgres implements AutoCloseable {
    /// The version of the bundled binaries; a test compares it with what the server says.
    public static final String VERSION = "18.6.0";
    private static final String SUPERUSER = "postgres";

    private final Path home;
    private final @Nullable FileLock lock;
    private final int port;
    private final String password;
    private final List<String> prefix;
    private final Map<String, String> settings;
    private boolean closing;

    private EmbeddedPostgres(Path home, @Nullable FileLock lock, int port, String password, List<String> prefix, Map<String, String> settings) {
        this.home = home;
        this.lock = lock;
        this.port = port;
        this.password = password;
        this.prefix = prefix;
        this.settings = Map.copyOf(settings);
    }

    /// How to treat a home that another process already holds.
    public enum Use {
        /// Be its only owner, or refuse.
        OWN,
        /// Own it if it is free, else join the running cluster and leave it running.
        JOIN
    }

    /// Starts the cluster of `home`, or joins it.
    ///
    /// @param settings PostgreSQL settings that differ from ours, such as `fsync=off` in tests
    /// @throws DatabaseRefusal in a sentence, when it cannot
    public static EmbeddedPostgres start(Path home, Use use, Map<String, String> settings) {
        try {
            return open(home.toAbsolutePath().normalize(), use, settings);
        } catch (IOException failure) {
            throw new DatabaseRefusal("The embedded database in " + home + " could not be used: " + failure.getMessage(), failure);
        }
    }

    private static EmbeddedPostgres open(Path home, Use use, Map<String, String> settings) throws IOException {
        makePrivate(home);
        var lock = lock(home);
        if (lock == null) {
            if (use == Use.OWN) throw new DatabaseRefusal("Another Offtake is using " + home + ". Stop it, or choose another folder with --home.");
            var password = Secrets.of(home).get("postgres");
            var running = runningPort(home.resolve("postgres/data"), password);
            if (running == 0) throw new DatabaseRefusal("Another Offtake is just starting in " + home + ". Try again in a few seconds.");
            return new EmbeddedPostgres(home, null, running, password, List.of(), Map.of());
        }
        try {
            var folder = Files.createDirectories(home.resolve("postgres"));
            var prefix = unprivileged();
            var bin = unpack(folder).resolve("bin");
            var password = Secrets.of(home).get("postgres");
            // another user runs the server then: it must own what it reads and writes
            if (prefix.contains("setpriv")) run(List.of("chown", "-R", "65534:65534", home.toString()), home.resolve("chown.log"), 600);
            var data = initialise(folder, bin, home, prefix);
            checkMajor(data);
            int port = runningPort(data, password);
            if (port == 0) port = launch(folder, bin, data, prefix, password, settings, false);
            var started = new EmbeddedPostgres(home, lock, port, password, prefix, settings);
            started.watch();
            return started;
        } catch (IOException | RuntimeException failure) {
            lock.acquiredBy().close();
            throw failure;
        }
    }

    /// Whether a process holds this home at the moment.
    public static boolean isHeld(Path home) {
        try {
            var lock = lock(home.toAbsolutePath().normalize());
            if (lock == null) return true;
            lock.acquiredBy().close();
            return false;
        } catch (IOException _) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    /// The address of a database in this cluster.
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /// A connection as the cluster's superuser: to make roles and databases, never for data.
    public Connection admin(String database) throws SQLException {
        return login(port, password, database, 10);
    }

    public Path home() {
        return home;
    }

    /// Stops the cluster, unless it belongs to another process.
    @Override
    public synchronized void close() {
        closing = true;
        if (lock == null || !lock.isValid()) return;
        try {
            run(prefixed(prefix, home.resolve("postgres/dist-" + VERSION + "/bin/pg_ctl").toString(),
                    "-D", home.resolve("postgres/data").toString(), "-m", "fast", "-w", "-t", "60", "stop"), home.resolve("postgres/pg_ctl.log"), 70);
            lock.acquiredBy().close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// A postmaster that dies under us (killed, out of memory) is started again on its port, where the pools look for it.
    private void watch() throws IOException {
        var pid = Long.parseLong(Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).getFirst().strip());
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().thenRun(this::startAgain));
    }

    private synchronized void startAgain() {
        if (closing) return;
        var folder = home.resolve("postgres");
        try {
            launch(folder, folder.resolve("dist-" + VERSION + "/bin"), folder.resolve("data"), prefix, password, settings, true);
            watch();
        } catch (IOException | RuntimeException failure) {
            System.getLogger(EmbeddedPostgres.class.getName()).log(System.Logger.Level.ERROR, "The embedded database died and could not be started again", failure);
        }
    }

    private static void makePrivate(Path home) throws IOException {
        Files.createDirectories(home);
        if (home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private static @Nullable FileLock lock(Path home) throws IOException {
        var channel = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock != null) return lock;
        } catch (java.nio.channels.OverlappingFileLockException _) {
            // held in this very process
        }
        channel.close();
        return null;
    }

    /// PostgreSQL refuses to run as root: leave root by a user namespace (files stay root's), else by setpriv.
    private static List<String> unprivileged() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) return List.of();
        if (succeeds("unshare", "-U", "true")) return List.of("unshare", "-U");
        if (succeeds("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "true")) return List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        throw new DatabaseRefusal("PostgreSQL does not run as root, and neither `unshare -U` nor `setpriv` works here."
                + " Start Offtake as an ordinary user, or give it an external database with ./offtake serve --db jdbc:postgresql://…");
    }

    private static Path unpack(Path folder) throws IOException {
        var dist = folder.resolve("dist-" + VERSION);
        if (Files.exists(dist.resolve(".complete"))) return dist;
        var archive = archive();
        var space = Files.getFileStore(folder).getUsableSpace();
        if (space < 1_000_000_000L) {
            throw new DatabaseRefusal("Only " + space / 1_000_000 + " MB are free in " + folder + "; the embedded database needs 1 GB. Free some space or choose another folder with --home.");
        }
        var temporary = folder.resolve("dist-" + VERSION + ".tmp");
        delete(temporary);
        try (var in = EmbeddedPostgres.class.getClassLoader().getResourceAsStream(archive)) {
            if (in == null) {
                throw new DatabaseRefusal("No embedded PostgreSQL for this computer (" + archive + " is not in the package)."
                        + " Use an external one: ./offtake serve --db jdbc:postgresql://…");
            }
            untar(new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in, 1 << 16))), temporary);
        }
        Files.createFile(temporary.resolve(".complete"));
        delete(dist);
        Files.move(temporary, dist, StandardCopyOption.ATOMIC_MOVE);
        return dist;
    }

    private static String archive() {
        var os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var arm = System.getProperty("os.arch").matches("aarch64|arm64");
        return "postgres-" + (os.contains("mac") ? "darwin" : os.contains("win") ? "windows" : "linux") + "-" + (arm ? "arm_64" : "x86_64") + ".txz";
    }

    private static void untar(TarArchiveInputStream tar, Path into) throws IOException {
        Files.createDirectories(into);
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            var target = into.resolve(entry.getName()).normalize();
            if (!target.startsWith(into)) throw new IOException("entry outside of the archive: " + entry.getName());
            if (entry.isDirectory()) {
                Files.createDirectories(target);
                continue;
            }
            Files.createDirectories(target.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            } else {
                Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
                if ((entry.getMode() & 0100) != 0) target.toFile().setExecutable(true, false);
            }
        }
    }

    private static Path initialise(Path folder, Path bin, Path home, List<String> prefix) throws IOException {
        var data = folder.resolve("data");
        if (Files.isDirectory(data)) return data;
        var half = folder.resolve("data.init");
        delete(half);
        var log = folder.resolve("initdb.log");
        int exit = run(prefixed(prefix, bin.resolve("initdb").toString(), "-D", half.toString(), "-U", SUPERUSER,
                "--pwfile=" + Secrets.of(home).file("postgres"), "-A", "scram-sha-256", "-E", "UTF8", "--locale-provider=builtin",
                "--locale=C.UTF-8", "--data-checksums"), log, 180);
        if (exit != 0) throw new DatabaseRefusal("The embedded database could not be created: " + tail(log));
        Files.move(half, data, StandardCopyOption.ATOMIC_MOVE);
        return data;
    }

    private static void checkMajor(Path data) throws IOException {
        var found = Files.readString(data.resolve("PG_VERSION")).strip();
        var wanted = VERSION.substring(0, VERSION.indexOf('.'));
        if (!found.equals(wanted)) {
            throw new DatabaseRefusal("The data in " + data + " were written by PostgreSQL " + found + ", this Offtake brings " + wanted
                    + ". Make a backup with the version that wrote them and restore it into a new folder.");
        }
    }

    /// The port of the live postmaster, proven by a login; 0 if there is none. Process ids are used again, so the pid
    /// file alone proves nothing.
    private static int runningPort(Path data, String password) throws IOException {
        var file = data.resolve("postmaster.pid");
        for (int attempt = 0; attempt < 600; attempt++) {
            if (!Files.exists(file)) return 0;
            var lines = Files.readAllLines(file);
            if (lines.isEmpty()) return 0;
            long pid = Long.parseLong(lines.get(0).strip());
            int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
            if (port > 0) {
                try (var connection = login(port, password, "postgres", 5)) {
                    if (connection.isValid(5)) return port;
                } catch (SQLException failure) {
                    if ("28P01".equals(failure.getSQLState())) {
                        throw new DatabaseRefusal("The database of " + data + " refuses the password kept beside it. The folder holds files of two installations; choose another one with --home.");
                    }
                }
            }
            var process = ProcessHandle.of(pid);
            boolean postgres = process.isPresent() && process.get().info().command().map(command -> command.endsWith("postgres")).orElse(true);
            if (!postgres) {
                Files.deleteIfExists(file);
                return 0;
            }
            sleep(100);
        }
        throw new DatabaseRefusal("A PostgreSQL process holds " + data + " but answers no login for a minute. See " + data.resolveSibling("postgres.log"));
    }

    private static int launch(Path folder, Path bin, Path data, List<String> prefix, String password, Map<String, String> settings, boolean samePort) throws IOException {
        var log = folder.resolve("postgres.log");
        var remembered = folder.resolve("port");
        int port = Files.exists(remembered) ? Integer.parseInt(Files.readString(remembered).strip()) : 0;
        String reason = "";
        for (int attempt = 0; attempt < 20; attempt++) {
            if (!samePort && !isFree(port)) port = freePort();
            var options = new StringBuilder("-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
                    + " -c shared_buffers=256MB -c max_connections=100 -c max_wal_size=2GB -c log_timezone=UTC -c timezone=UTC");
            settings.forEach((name, value) -> options.append(" -c ").append(name).append('=').append(value));
            long logged = Files.exists(log) ? Files.size(log) : 0;
            int exit = run(prefixed(prefix, bin.resolve("pg_ctl").toString(), "-D", data.toString(), "-l", log.toString(), "-w", "-t", "120",
                    "-o", options.toString(), "start"), folder.resolve("pg_ctl.log"), 130);
            if (exit == 0) {
                Files.writeString(remembered, Integer.toString(port));
                try (var connection = login(port, password, "postgres", 10)) {
                    if (connection.isValid(5)) return port;
                } catch (SQLException failure) {
                    throw new DatabaseRefusal("The embedded database started on port " + port + " but refuses the login: " + failure.getMessage(), failure);
                }
            }
            reason = logSince(log, logged);
            // a postmaster that was killed leaves children for a moment, and a port can be taken between look and use
            if (!reason.contains("shared memory") && !reason.contains("could not bind") && !reason.contains("lock file")) break;
            if (reason.contains("could not bind") && !samePort) port = 0;
            sleep(500);
        }
        throw new DatabaseRefusal("The embedded database did not start: " + reason.strip() + " (all of it in " + log + ")");
    }

    private static Connection login(int port, String password, String database, int seconds) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", SUPERUSER);
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", Integer.toString(seconds));
        properties.setProperty("ApplicationName", "offtake launcher");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }

    private static boolean isFree(int port) {
        if (port == 0) return false;
        try (var socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    private static boolean succeeds(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<String> prefixed(List<String> prefix, String... command) {
        var all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return all;
    }

    private static int run(List<String> command, Path log, int seconds) throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        builder.environment().put("LC_ALL", "C");
        var process = builder.start();
        process.getOutputStream().close();
        try {
            if (process.waitFor(seconds, TimeUnit.SECONDS)) return process.exitValue();
            process.destroy();
            throw new DatabaseRefusal(command.getLast() + " did not end within " + seconds + " seconds. See " + log);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static String tail(Path log) throws IOException {
        var lines = Files.exists(log) ? Files.readAllLines(log) : List.<String>of();
        return String.join(" ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }

    private static String logSince(Path log, long offset) throws IOException {
        if (!Files.exists(log)) return "no log was written";
        var all = Files.readString(log);
        return all.length() > offset ? all.substring((int) offset) : all;
    }

    /// Removes a folder and all in it; nothing happens if it is not there.
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
                if (failure != null) throw failure;
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
