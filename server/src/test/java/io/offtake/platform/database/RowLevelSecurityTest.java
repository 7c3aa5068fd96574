package io.offtake.platform.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.testing.DatabaseTest;
import io.offtake.platform.testing.TestDatabase;
import java.math.BigDecimal;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who sees a row, by PostgreSQL itself (GOV-15).
@DatabaseTest
@Tag("GOV-15")
class RowLevelSecurityTest {
    private final TenantTransaction transactions;
    private final JdbcClient bare;

    RowLevelSecurityTest(TenantTransaction transactions, JdbcClient bare) {
        this.transactions = transactions;
        this.bare = bare;
    }

    @BeforeAll
    static void rows(TenantTransaction transactions) {
        for (long distributor : new long[] {1, 2, 3}) {
            transactions.write(distributor, jdbc -> {
                for (long principal : new long[] {10, 20}) {
                    jdbc.sql("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id, credit_limit) values (?, ?, ?, ?)")
                            .params(distributor, principal, new UUID(distributor, principal), new BigDecimal("100.00")).update();
                }
                return null;
            });
        }
    }

    private static int count(JdbcClient jdbc) {
        return jdbc.sql("/* network: only the policies may decide here */ select count(*) from receivables.outlet_account").query(Integer.class).single();
    }

    @Test
    void writerSeesItsOwnDistributorOnly() {
        assertThat(transactions.<Integer>write(1, RowLevelSecurityTest::count)).isEqualTo(2);
    }

    @Test
    void withoutScopeNothingIsSeen() {
        assertThat(count(bare)).isZero();
        assertThat(transactions.<Integer>shared(RowLevelSecurityTest::count)).isZero();
        // a pooled connection that once had a scope holds the empty string afterwards
        transactions.write(1, RowLevelSecurityTest::count);
        assertThat(count(bare)).isZero();
    }

    @Test
    void readerOfSeveralSeesThoseAndMayNotWrite() {
        assertThat(transactions.<Integer>read(RowScope.of(Set.of(1L, 3L)), RowLevelSecurityTest::count)).isEqualTo(4);
        assertThat(transactions.<Integer>read(RowScope.of(Set.of()), RowLevelSecurityTest::count)).isZero();
        assertThatThrownBy(() -> transactions.read(RowScope.of(1), jdbc -> jdbc.sql("update receivables.outlet_account set credit_limit = 0 where distributor_id = 1").update()))
                .isInstanceOf(DataAccessException.class);
    }

    @Test
    void principalWallHidesOtherPrincipalsRows() {
        var both = RowScope.of(Set.of(1L, 2L));
        assertThat(transactions.<Integer>read(both.confinedTo(Set.of(10L)), RowLevelSecurityTest::count)).isEqualTo(2);
        assertThat(transactions.<Integer>read(both.confinedTo(Set.of()), RowLevelSecurityTest::count)).isZero();
    }

    @Test
    void networkSeesAllAndWritesOnlyWhatTheManifestOpens() {
        assertThat(transactions.<Integer>network(RowLevelSecurityTest::count)).isEqualTo(6);
        assertThatThrownBy(() -> transactions.network(jdbc -> jdbc.sql("update receivables.outlet_account set credit_limit = 0").update()))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void foreignRowCannotBeWritten() {
        assertThatThrownBy(() -> transactions.write(1, jdbc -> jdbc.sql("insert into receivables.outlet_account (distributor_id, principal_id, outlet_id) values (2, 10, ?)")
                .param(UUID.randomUUID()).update())).hasStackTraceContaining("row-level security");
        assertThat(transactions.<Integer>write(1, jdbc -> jdbc.sql("update receivables.outlet_account set credit_limit = 0 where distributor_id = 2").update())).isZero();
    }

    @Test
    void ledgersAreAppendOnly() {
        assertThatThrownBy(() -> transactions.write(1, jdbc -> jdbc.sql("delete from stock.entry where distributor_id = 1").update()))
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> transactions.write(1, jdbc -> jdbc.sql("update governance.audit_entry set actor = 'x' where distributor_id = 1").update()))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void innerCallJoinsOrIsRefused() {
        transactions.write(1, jdbc -> {
            assertThat(transactions.<Integer>read(RowScope.of(1), RowLevelSecurityTest::count)).isEqualTo(2);
            assertThat(transactions.<Integer>write(1, RowLevelSecurityTest::count)).isEqualTo(2);
            assertThatThrownBy(() -> transactions.write(2, RowLevelSecurityTest::count)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> transactions.read(RowScope.of(Set.of(1L, 2L)), RowLevelSecurityTest::count)).isInstanceOf(IllegalStateException.class);
            return null;
        });
    }

    @Test
    void failedWorkLeavesNothing(TestDatabase database) {
        assertThatThrownBy(() -> transactions.write(1, jdbc -> {
            jdbc.sql("update receivables.outlet_account set credit_limit = 999 where distributor_id = 1").update();
            throw new IllegalArgumentException("no");
        })).isInstanceOf(IllegalArgumentException.class);
        assertThat(transactions.<Integer>write(1, jdbc -> jdbc.sql("select count(*) from receivables.outlet_account where distributor_id = 1 and credit_limit = 999").query(Integer.class).single())).isZero();
    }

    @Test
    void idempotentWorkIsRunAgainAfterADeadlock() {
        var runs = new java.util.concurrent.atomic.AtomicInteger();
        int answer = transactions.idempotent().writeOn(1, connection -> {
            if (runs.incrementAndGet() < 3) throw new java.sql.SQLException("deadlock detected", "40P01");
            return 7;
        });
        assertThat(answer).isEqualTo(7);
        assertThat(runs).hasValue(3);
        runs.set(0);
        assertThatThrownBy(() -> transactions.writeOn(1, _ -> {
            runs.incrementAndGet();
            throw new java.sql.SQLException("deadlock detected", "40P01");
        })).isInstanceOf(DataAccessException.class);
        assertThat(runs).hasValue(1);
    }
}
