package io.offtake.platform.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Brings a database to the state this build needs: roles, schema, rights, partitions. Safe to repeat.
public final class DatabaseBootstrap {
    private DatabaseBootstrap() {}

    /// Roles and a database in the embedded cluster; the passwords are in the home's `secrets` folder.
    public static DatabaseAccess embedded(EmbeddedPostgres postgres, String database) {
        var access = embeddedAccess(postgres, database);
        try (var admin = postgres.admin("postgres"); var statement = admin.createStatement()) {
            for (var role : new Credentials[] {access.migrator(), access.app(), access.network()}) {
                if (!exists(admin, "select from pg_roles where rolname = ?", role.user())) {
                    statement.execute("create role " + Manifest.quote(role.user()) + " login nosuperuser nobypassrls nocreatedb nocreaterole password '" + role.password() + "'");
                }
            }
            if (!exists(admin, "select from pg_database where datname = ?", database)) {
                statement.execute("create database " + Manifest.quote(database) + " owner " + Manifest.quote(access.migrator().user()));
            }
        } catch (SQLException failure) {
            throw new DatabaseRefusal("The embedded database could not be prepared: " + failure.getMessage(), failure);
        }
        return access;
    }

    /// How to reach a database of the embedded cluster that [#embedded] has prepared.
    public static DatabaseAccess embeddedAccess(EmbeddedPostgres postgres, String database) {
        return new DatabaseAccess(postgres.url(database), credentials(postgres.home(), "migrator"), credentials(postgres.home(), "app"),
                credentials(postgres.home(), "network"));
    }

    private static Credentials credentials(Path home, String role) {
        return new Credentials("offtake_" + role, Secrets.of(home).get(role));
    }

    /// Checks a database that somebody else runs, and makes the application's roles if they are missing and the
    /// migrator may do so.
    ///
    /// @throws DatabaseRefusal naming what is wrong and the statement that mends it
    public static void external(DatabaseAccess access) {
        try (var connection = access.asMigrator(); var statement = connection.createStatement()) {
            checkVersion(connection);
            for (var role : new Credentials[] {access.app(), access.network()}) {
                if (exists(connection, "select from pg_roles where rolname = ?", role.user())) continue;
                try {
                    statement.execute("create role " + Manifest.quote(role.user()) + " login nosuperuser nobypassrls password '" + role.password().replace("'", "''") + "'");
                } catch (SQLException failure) {
                    throw new DatabaseRefusal("The role " + role.user() + " does not exist, and " + access.migrator().user() + " may not create roles. Run as an administrator:"
                            + " CREATE ROLE " + Manifest.quote(role.user()) + " LOGIN PASSWORD '…';", failure);
                }
            }
        } catch (SQLException failure) {
            throw new DatabaseRefusal("No login to " + access.url() + " as " + access.migrator().user() + ": " + failure.getMessage(), failure);
        }
        checkRole(access, access.app());
        checkRole(access, access.network());
    }

    /// Runs the migrations, then gives rights and policies, then makes the partitions around today.
    public static void migrate(DatabaseAccess access, LocalDate today) {
        migrateSchema(access, "latest");
        secure(access);
        new QuarterPartitions(access, Manifest.load()).ensureAround(today);
        checkOwnership(access);
    }

    /// The schema of an earlier version without rights and policies: the state into which a backup is restored, because
    /// COPY cannot fill a table under row-level security.
    public static void migrateTo(DatabaseAccess access, String version) {
        migrateSchema(access, version);
    }

    private static void migrateSchema(DatabaseAccess access, String version) {
        try {
            Flyway.configure(DatabaseBootstrap.class.getClassLoader())
                    .dataSource(access.url(), access.migrator().user(), access.migrator().password())
                    .initSql("set citus.multi_shard_modify_mode = 'sequential'")
                    .locations("classpath:db/migration")
                    .defaultSchema("platform")
                    .createSchemas(true)
                    .outOfOrder(false)
                    .cleanDisabled(true)
                    .placeholderReplacement(false)
                    .connectRetries(3)
                    .target(version)
                    .load()
                    .migrate();
        } catch (FlywayException failure) {
            throw new DatabaseRefusal("The migrations did not run: " + failure.getMessage(), failure);
        }
    }

    static void secure(DatabaseAccess access) {
        try (var connection = access.asMigrator()) {
            Manifest.load().apply(connection, access.app().user(), access.network().user(), schemaVersion(connection));
        } catch (SQLException failure) {
            throw new DatabaseRefusal("Rights and row-level security could not be set: " + failure.getMessage(), failure);
        }
    }

    private static String schemaVersion(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
             var row = statement.executeQuery("select coalesce(string_agg(script || checksum, ',' order by installed_rank), '') from platform.flyway_schema_history")) {
            row.next();
            return row.getString(1);
        }
    }

    /// PostgreSQL before 15 lacks what the schema uses; 18.0 to 18.5 lose updates in `UPDATE … FROM unnest` under concurrency.
    static void checkVersion(Connection connection) throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery("select current_setting('server_version_num')::int, current_setting('server_version')")) {
            row.next();
            refuseVersion(row.getInt(1), row.getString(2));
        }
    }

    static void refuseVersion(int number, String name) {
        if (number < 150000) throw new DatabaseRefusal("PostgreSQL " + name + " is too old: Offtake needs 15 or newer (not 18.0 to 18.5).");
        if (number >= 180000 && number < 180006) {
            throw new DatabaseRefusal("PostgreSQL " + name + " can lose stock updates under concurrent load (18.0 to 18.5). Update it to 18.6 or newer, or use 15 to 17.");
        }
    }

    /// The application's roles must be unable to step around row-level security.
    private static void checkRole(DatabaseAccess access, Credentials role) {
        try (var connection = java.sql.DriverManager.getConnection(access.url(), role.user(), role.password()); var statement = connection.createStatement();
             var row = statement.executeQuery("select rolsuper, rolbypassrls from pg_roles where rolname = current_user")) {
            row.next();
            if (row.getBoolean(1)) throw new DatabaseRefusal("The role " + role.user() + " is a superuser and would see every distributor's rows. Run: ALTER ROLE " + Manifest.quote(role.user()) + " NOSUPERUSER;");
            if (row.getBoolean(2)) throw new DatabaseRefusal("The role " + role.user() + " may bypass row-level security. Run: ALTER ROLE " + Manifest.quote(role.user()) + " NOBYPASSRLS;");
        } catch (SQLException failure) {
            throw new DatabaseRefusal("No login to " + access.url() + " as " + role.user() + ": " + failure.getMessage(), failure);
        }
        if (role.user().equals(access.migrator().user())) throw new DatabaseRefusal("The role " + role.user() + " is the migrator's: the application needs a role of its own that owns nothing.");
    }

    /// Neither role may own one of our schemas or tables, directly or through a role it belongs to.
    private static void checkOwnership(DatabaseAccess access) {
        try (var connection = access.asMigrator()) {
            var schemas = new ArrayList<String>();
            schemas.add("platform");
            Manifest.load().tables().keySet().forEach(name -> schemas.add(name.substring(0, name.indexOf('.'))));
            for (var role : Map.of("app", access.app(), "network", access.network()).values()) {
                try (var query = connection.prepareStatement("""
                        select n.nspname from pg_namespace n where n.nspname = any (?) and pg_has_role(?, n.nspowner, 'member')
                        union all
                        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                         where n.nspname = any (?) and c.relkind in ('r', 'p') and pg_has_role(?, c.relowner, 'member')
                        limit 1""")) {
                    var array = connection.createArrayOf("text", schemas.toArray());
                    query.setArray(1, array);
                    query.setString(2, role.user());
                    query.setArray(3, array);
                    query.setString(4, role.user());
                    try (var row = query.executeQuery()) {
                        if (row.next()) throw new DatabaseRefusal("The role " + role.user() + " owns " + row.getString(1) + ", so row-level security would not hold it. Give the application a role that owns nothing.");
                    }
                }
            }
        } catch (SQLException failure) {
            throw new DatabaseRefusal("The owner of the schema could not be checked: " + failure.getMessage(), failure);
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (var row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
