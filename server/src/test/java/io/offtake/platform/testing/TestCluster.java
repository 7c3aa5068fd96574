package io.offtake.platform.testing;

import io.offtake.platform.database.DatabaseAccess;
import io.offtake.platform.database.DatabaseBootstrap;
import io.offtake.platform.database.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// The one PostgreSQL of a test run, in `target/test-postgres`: started at first use, stopped with the JVM. Its data may
/// be lost at any time, so fsync is off here, and only here. A migrated template is kept per state of the migrations.
public final class TestCluster {
    private static final Map<String, String> FAST = Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off", "max_connections", "200",
            "autovacuum", "on");
    /// The day around which every test database has its partitions.
    public static final LocalDate TODAY = LocalDate.of(2026, 11, 16);

    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static @Nullable TestCluster instance;
    private static @Nullable RuntimeException broken;

    private final EmbeddedPostgres postgres;
    private final String template;

    private TestCluster(EmbeddedPostgres postgres) {
        this.postgres = postgres;
        this.template = "template_" + stateOfMigrations();
    }

    public static synchronized TestCluster get() {
        if (broken != null) throw broken;
        if (instance == null) {
            var home = Path.of("target/test-postgres");
            EmbeddedPostgres postgres;
            try {
                postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, FAST);
            } catch (RuntimeException damaged) {
                // without fsync a crash may have torn the files; nothing in them is worth keeping
                if (damaged.getMessage().contains("Another Offtake")) throw damaged;
                deleteData(home);
                postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, FAST);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop test database"));
            var cluster = new TestCluster(postgres);
            try {
                cluster.prepareTemplate();
            } catch (RuntimeException failure) {
                broken = failure;
                throw failure;
            }
            instance = cluster;
        }
        return instance;
    }

    /// A fresh migrated database.
    public TestDatabase create(String name) {
        var database = "t_" + ProcessHandle.current().pid() + "_" + COUNTER.incrementAndGet() + "_" + name.toLowerCase().replaceAll("[^a-z0-9]", "");
        if (database.length() > 60) database = database.substring(0, 60);
        execute("create database \"" + database + "\" template \"" + template + "\" owner offtake_migrator");
        return new TestDatabase(access(database), database);
    }

    /// An empty database with the roles but without schema.
    public TestDatabase createEmpty(String name) {
        var database = "t_" + ProcessHandle.current().pid() + "_" + COUNTER.incrementAndGet() + "_" + name;
        return new TestDatabase(DatabaseBootstrap.embedded(postgres, database), database);
    }

    /// A migrated database that outlives the test run, for measurements that take long to fill. One of older migrations is brought up to
    /// date, as an installation would be, and keeps what it holds.
    public TestDatabase kept(String of) {
        var name = of + template.substring("template".length());
        var older = new java.util.ArrayList<String>();
        boolean present = false;
        try (var admin = postgres.admin("postgres"); var statement = admin.createStatement(); var rows = statement.executeQuery("select datname from pg_database where datname like '" + of + "\\_%'")) {
            while (rows.next()) {
                if (rows.getString(1).equals(name)) present = true;
                else older.add(rows.getString(1));
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        if (!present && older.size() == 1) {
            execute("alter database \"" + older.getFirst() + "\" rename to \"" + name + "\"");
            DatabaseBootstrap.migrate(access(name), TODAY);
            return new TestDatabase(access(name), name);
        }
        older.forEach(this::drop);
        if (!present) execute("create database \"" + name + "\" template \"" + template + "\" owner offtake_migrator");
        return new TestDatabase(access(name), name);
    }

    /// A database with all that another one holds; the other one's connections are ended, and open again when they are needed.
    public TestDatabase copy(TestDatabase of) {
        var name = "t_" + ProcessHandle.current().pid() + "_" + COUNTER.incrementAndGet() + "_copy";
        execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + of.name() + "' and pid <> pg_backend_pid()");
        execute("create database \"" + name + "\" template \"" + of.name() + "\" owner offtake_migrator");
        return new TestDatabase(access(name), name);
    }

    public void drop(String database) {
        execute("drop database if exists \"" + database + "\" with (force)");
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    private DatabaseAccess access(String database) {
        return DatabaseBootstrap.embeddedAccess(postgres, database);
    }

    private void prepareTemplate() {
        try (var admin = postgres.admin("postgres"); var statement = admin.createStatement()) {
            var old = new java.util.ArrayList<String>();
            boolean present = false;
            try (var rows = statement.executeQuery("select datname from pg_database where datname like 't\\_%' or datname like 'template\\_%'")) {
                while (rows.next()) {
                    if (rows.getString(1).equals(template)) present = true;
                    else old.add(rows.getString(1));
                }
            }
            for (var name : old) statement.execute("drop database if exists \"" + name + "\" with (force)");
            if (present) return;
            DatabaseBootstrap.embedded(postgres, "template_making");
            DatabaseBootstrap.migrate(access("template_making"), TODAY);
            statement.execute("alter database template_making rename to \"" + template + "\"");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void execute(String sql) {
        try (var admin = postgres.admin("postgres"); var statement = admin.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String stateOfMigrations() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var resolver = new PathMatchingResourcePatternResolver();
            for (var pattern : new String[] {"classpath:db/**/*.sql", "classpath:db/manifest.json", "classpath:io/offtake/platform/database/*.class"}) {
                var resources = resolver.getResources(pattern);
                Arrays.sort(resources, Comparator.comparing(TestCluster::path));
                for (var resource : resources) digest.update(resource.getContentAsByteArray());
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String path(Resource resource) {
        try {
            return resource.getURL().getPath();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void deleteData(Path home) {
        try {
            EmbeddedPostgres.delete(home.resolve("postgres/data"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
