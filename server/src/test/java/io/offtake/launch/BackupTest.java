package io.offtake.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.platform.Progress;
import io.offtake.platform.RowScope;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestCluster;
import io.offtake.platform.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was saved comes back the same, into an empty database, behind the same walls.
@DatabaseTest
class BackupTest {
    private static final LocalDate LATER = LocalDate.of(2031, 5, 1);
    private final TestDatabase database;
    @TempDir
    Path folder;

    BackupTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeAll
    static void books(TestDatabase database) {
        BooksFixture.post(database, 1);
        BooksFixture.post(database, 2);
    }

    private static List<String> totals(TestDatabase database) {
        return database.transactions().network(jdbc -> jdbc.sql("""
                select account || ' ' || sum(amount) from receivables.journal_entry group by account
                union all select bucket || ' ' || sum(qty) from stock.entry group by bucket
                union all select 'balance ' || sum(qty) from stock.balance
                union all select encode(hash, 'hex') from governance.audit_head
                union all select name from network.principal
                order by 1""").query(String.class).list());
    }

    @Test
    void restoresIntoAnEmptyDatabase() throws Exception {
        var file = folder.resolve("b.zip");
        var contents = Backup.take(database.access(), file, BooksFixture.AT, Progress.SILENT);
        assertThat(contents.rows()).isGreaterThan(30);
        assertThatThrownBy(() -> Backup.take(database.access(), file, BooksFixture.AT, Progress.SILENT)).hasMessageContaining("exists");

        try (var empty = TestCluster.get().createEmpty("restored")) {
            var restored = Backup.restore(empty.access(), file, LATER, Progress.SILENT);
            assertThat(restored.rows()).isEqualTo(contents.rows());
            assertThat(totals(empty)).isEqualTo(totals(database));
            try (var connection = empty.access().asNetwork()) {
                assertThat(Verify.run(connection, Progress.SILENT).findings()).isEmpty();
            }
            int visible = empty.transactions().read(RowScope.of(Set.of(1L)), jdbc -> jdbc.sql("select count(*) from stock.balance where distributor_id in (1, 2)").query(Integer.class).single());
            assertThat(visible).isEqualTo(1);
            // ids go on after the restored ones
            long next = empty.transactions().shared(jdbc -> jdbc.sql("insert into network.principal (code, name, legal_name, state_code) values ('N', 'N', 'N', '29') returning id").query(Long.class).single());
            assertThat(next).isEqualTo(2);

            assertThatThrownBy(() -> Backup.restore(empty.access(), file, LATER, Progress.SILENT)).hasMessageContaining("not empty");
            var second = folder.resolve("second.zip");
            Backup.take(empty.access(), second, BooksFixture.AT, Progress.SILENT);
        }
    }

    @Test
    void damagedBackupRestoresNothing() throws Exception {
        var file = folder.resolve("good.zip");
        Backup.take(database.access(), file, BooksFixture.AT, Progress.SILENT);
        var damaged = folder.resolve("damaged.zip");
        try (var in = new ZipFile(file.toFile()); var out = new ZipOutputStream(Files.newOutputStream(damaged))) {
            for (var entry : in.stream().toList()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                var bytes = in.getInputStream(entry).readAllBytes();
                if (entry.getName().contains("stock.balance")) bytes = new String(bytes, java.nio.charset.StandardCharsets.UTF_8).replace("6.000", "7.000").getBytes(java.nio.charset.StandardCharsets.UTF_8);
                out.write(bytes);
            }
        }
        try (var empty = TestCluster.get().createEmpty("damaged")) {
            assertThatThrownBy(() -> Backup.restore(empty.access(), damaged, LATER, Progress.SILENT)).hasMessageContaining("damaged");
            try (var connection = empty.access().asMigrator(); var statement = connection.createStatement(); var row = statement.executeQuery("select count(*) from stock.entry")) {
                row.next();
                assertThat(row.getLong(1)).isZero();
            }
        }
        assertThatThrownBy(() -> Backup.restore(database.access(), folder.resolve("none.zip"), LATER, Progress.SILENT)).hasMessageContaining("no backup");
    }
}
