package io.offtake.platform.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/// One database and the three roles Offtake uses on it.
///
/// @param migrator owns schemas and tables, runs migrations, makes partitions
/// @param app      serves requests under row-level security
/// @param network  reads all distributors for insight and jobs, writes only where the manifest says so
public record DatabaseAccess(String url, Credentials migrator, Credentials app, Credentials network) {

    /// A connection of its own for the owner of the tables; `citus.multi_shard_modify_mode` is a harmless placeholder
    /// on plain PostgreSQL and lets one transaction change reference and distributed tables on Citus (SCALE rule 24).
    public Connection asMigrator() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", migrator.user());
        properties.setProperty("password", migrator.password());
        properties.setProperty("ApplicationName", "offtake migrator");
        properties.setProperty("options", "-c citus.multi_shard_modify_mode=sequential");
        return DriverManager.getConnection(url, properties);
    }

    /// A connection of its own for the role that reads every distributor: exports, verification.
    public Connection asNetwork() throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", network.user());
        properties.setProperty("password", network.password());
        properties.setProperty("ApplicationName", "offtake network");
        return DriverManager.getConnection(url, properties);
    }
}
