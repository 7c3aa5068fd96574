package io.offtake.platform.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the database is. Without `offtake.db.url` it is the embedded one in `offtake.home`; a password is given itself
/// or by a file that holds it.
///
/// @param join whether to work on an embedded database that another process runs, as the tools do
@ConfigurationProperties("offtake")
public record DatabaseSettings(@DefaultValue("./.offtake") Path home, @DefaultValue("false") boolean join, @DefaultValue Db db) {

    public record Db(@Nullable String url, @DefaultValue("offtake_migrator") String migratorUser, @Nullable String migratorPassword, @Nullable Path migratorPasswordFile,
                     @DefaultValue("offtake_app") String appUser, @Nullable String appPassword, @Nullable Path appPasswordFile,
                     @DefaultValue("offtake_network") String networkUser, @Nullable String networkPassword, @Nullable Path networkPasswordFile,
                     @DefaultValue("true") boolean migrate, @DefaultValue("16") int appPool, @DefaultValue("6") int networkPool) {

        public boolean isEmbedded() {
            return url == null || url.isBlank();
        }

        /// The roles of an external database.
        public DatabaseAccess access() {
            if (url == null || !url.startsWith("jdbc:postgresql://")) throw new DatabaseRefusal("The database address must read jdbc:postgresql://host:port/database, not " + url);
            return new DatabaseAccess(url, credentials("migrator", migratorUser, migratorPassword, migratorPasswordFile),
                    credentials("app", appUser, appPassword, appPasswordFile), credentials("network", networkUser, networkPassword, networkPasswordFile));
        }

        private static Credentials credentials(String role, String user, @Nullable String password, @Nullable Path file) {
            if (password != null) return new Credentials(user, password);
            if (file == null) {
                throw new DatabaseRefusal("The password of " + user + " is missing: set OFFTAKE_DB_" + role.toUpperCase(java.util.Locale.ROOT) + "_PASSWORD, or give --" + role + "-password-file.");
            }
            try {
                return new Credentials(user, Files.readString(file).strip());
            } catch (IOException failure) {
                throw new DatabaseRefusal("The password file " + file + " cannot be read.", failure);
            }
        }
    }
}
