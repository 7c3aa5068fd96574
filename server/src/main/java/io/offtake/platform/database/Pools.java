package io.offtake.platform.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/// Connection pools with the driver settings the posting path relies on.
public final class Pools {
    private Pools() {}

    public static HikariDataSource open(String url, Credentials role, String name, int size) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(role.user());
        config.setPassword(role.password());
        config.setPoolName(name);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(2, size));
        config.setConnectionTimeout(10_000);
        config.addDataSourceProperty("ApplicationName", "offtake " + name);
        config.addDataSourceProperty("preparedStatementCacheQueries", "1024");
        config.addDataSourceProperty("preparedStatementCacheSizeMiB", "32");
        config.addDataSourceProperty("prepareThreshold", "3");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        // on Citus, SET LOCAL must reach the workers; plain PostgreSQL takes it as a placeholder (SCALE rule 16)
        config.addDataSourceProperty("options", "-c citus.propagate_set_commands=local");
        return new HikariDataSource(config);
    }
}
