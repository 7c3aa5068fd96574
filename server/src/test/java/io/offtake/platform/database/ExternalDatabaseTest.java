package io.offtake.platform.database;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.time.LocalDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What `serve --db` refuses (GOV-15): roles that would step around row-level security.
@DatabaseTest
class ExternalDatabaseTest {
    private final TestDatabase database;

    ExternalDatabaseTest(TestDatabase database) {
        this.database = database;
        database.asSuperuser("drop role if exists outsider; create role outsider login password 'p'");
    }

    @AfterEach
    void remove() {
        database.asSuperuser("drop owned by outsider; drop role outsider");
    }

    private DatabaseAccess with(Credentials app) {
        return new DatabaseAccess(database.access().url(), database.access().migrator(), app, database.access().network());
    }

    @Test
    void superuserIsRefused() {
        database.asSuperuser("alter role outsider superuser");
        assertThatThrownBy(() -> DatabaseBootstrap.external(with(new Credentials("outsider", "p")))).hasMessageContaining("superuser");
    }

    @Test
    void bypassIsRefused() {
        database.asSuperuser("alter role outsider bypassrls");
        assertThatThrownBy(() -> DatabaseBootstrap.external(with(new Credentials("outsider", "p")))).hasMessageContaining("bypass row-level security");
    }

    @Test
    void ownerIsRefused() {
        assertThatThrownBy(() -> DatabaseBootstrap.external(with(database.access().migrator()))).hasMessageContaining("owns nothing");
        database.asSuperuser("grant offtake_migrator to outsider");
        assertThatThrownBy(() -> DatabaseBootstrap.migrate(with(new Credentials("outsider", "p")), LocalDate.of(2026, 11, 16))).hasMessageContaining("owns");
    }

    @Test
    void missingRoleAndWrongPasswordAreSaid() {
        assertThatThrownBy(() -> DatabaseBootstrap.external(with(new Credentials("nobody_here", "p")))).hasMessageContaining("CREATE ROLE");
        assertThatThrownBy(() -> DatabaseBootstrap.external(with(new Credentials("outsider", "wrong")))).hasMessageContaining("No login");
    }
}
