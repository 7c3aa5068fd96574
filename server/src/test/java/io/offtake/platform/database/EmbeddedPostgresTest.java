package io.offtake.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The embedded database as the product uses it: durable, private, one owner.
@Tag("crash")
class EmbeddedPostgresTest {
    @TempDir
    static Path temporary;

    private static String one(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = postgres.admin("postgres"); var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void run(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (var connection = postgres.admin("postgres"); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void keepsWhatWasCommittedThroughRestartAndKill() throws Exception {
        var home = temporary.resolve("home");
        var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, Map.of());
        long killed;
        try {
            assertThat(one(postgres, "show fsync")).isEqualTo("on");
            assertThat(one(postgres, "show data_checksums")).isEqualTo("on");
            assertThat(one(postgres, "show password_encryption")).isEqualTo("scram-sha-256");
            assertThat(one(postgres, "show server_version")).isEqualTo(EmbeddedPostgres.VERSION.replace(".0", ""));
            assertThat(one(postgres, "select datlocprovider::text || datlocale from pg_database where datname = 'postgres'")).isEqualTo("bC.UTF-8");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home))).isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("secrets/postgres")))).isEqualTo("rw-------");

            assertThatThrownBy(() -> EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, Map.of())).isInstanceOf(DatabaseRefusal.class).hasMessageContaining("Another Offtake is using");
            try (var guest = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.JOIN, Map.of())) {
                assertThat(guest.port()).isEqualTo(postgres.port());
            }
            run(postgres, "create table kept (n int); insert into kept values (1)");
        } finally {
            postgres.close();
        }

        postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, Map.of());
        try {
            assertThat(one(postgres, "select sum(n) from kept")).isEqualTo("1");
            run(postgres, "insert into kept values (2)");
            killed = Long.parseLong(Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).getFirst());
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
        } finally {
            postgres.close();
        }

        postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, Map.of());
        try {
            assertThat(one(postgres, "select sum(n) from kept")).isEqualTo("3");
        } finally {
            postgres.close();
        }

        postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, Map.of());
        try {
            killed = Long.parseLong(Files.readAllLines(home.resolve("postgres/data/postmaster.pid")).getFirst());
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            var again = postgres;
            Awaitility.await("started again on the same port").atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> "3".equals(one(again, "select sum(n) from kept")));
        } finally {
            postgres.close();
        }
        Files.writeString(home.resolve("postgres/data/PG_VERSION"), "17\n");
        assertThatThrownBy(() -> EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, Map.of())).isInstanceOf(DatabaseRefusal.class).hasMessageContaining("PostgreSQL 17");
    }

    @Test
    void versionsThatLoseUpdatesAreRefused() {
        assertThatThrownBy(() -> DatabaseBootstrap.refuseVersion(180001, "18.1")).hasMessageContaining("18.0 to 18.5");
        assertThatThrownBy(() -> DatabaseBootstrap.refuseVersion(140012, "14.12")).hasMessageContaining("too old");
        DatabaseBootstrap.refuseVersion(180006, "18.6");
        DatabaseBootstrap.refuseVersion(150004, "15.4");
    }
}
