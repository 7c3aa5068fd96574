package io.offtake.platform.testing;

import com.zaxxer.hikari.HikariDataSource;
import io.offtake.platform.Partitions;
import io.offtake.platform.TenantTransaction;
import io.offtake.platform.database.DatabaseAccess;
import io.offtake.platform.database.Manifest;
import io.offtake.platform.database.Pools;
import io.offtake.platform.database.QuarterPartitions;
import io.offtake.platform.database.ScopedTransactions;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// One test class's own database: pools of both roles, and what is built on them.
public final class TestDatabase implements AutoCloseable {
    private final DatabaseAccess access;
    private final String name;
    private HikariDataSource app;
    private HikariDataSource network;
    private TenantTransaction transactions;

    TestDatabase(DatabaseAccess access, String name) {
        this.access = access;
        this.name = name;
    }

    public DatabaseAccess access() {
        return access;
    }

    public String name() {
        return name;
    }

    public synchronized DataSource app() {
        if (app == null) app = Pools.open(access.url(), access.app(), "app", 16);
        return Recording.of(app, false);
    }

    public synchronized DataSource network() {
        if (network == null) network = Pools.open(access.url(), access.network(), "network", 4);
        return Recording.of(network, true);
    }

    public synchronized TenantTransaction transactions() {
        if (transactions == null) transactions = new ScopedTransactions(app(), network());
        return transactions;
    }

    public JdbcClient appClient() {
        return JdbcClient.create(app());
    }

    public JdbcClient networkClient() {
        return JdbcClient.create(network());
    }

    public Partitions partitions() {
        return new QuarterPartitions(access, Manifest.load());
    }

    /// Runs statements as the owner, to arrange or to damage what a test needs; several are separated by semicolons.
    /// Tables under row-level security show the owner no rows: fill those through [#transactions].
    public void asOwner(String sql) {
        try (var connection = access.asMigrator(); var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// Runs statements as the superuser, whom no policy binds.
    public void asSuperuser(String sql) {
        try (var connection = TestCluster.get().postgres().admin(name); var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public synchronized void close() {
        if (app != null) app.close();
        if (network != null) network.close();
        TestCluster.get().drop(name);
    }
}
