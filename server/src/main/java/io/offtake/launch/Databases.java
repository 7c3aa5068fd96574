package io.offtake.launch;

import io.offtake.platform.database.DatabaseAccess;
import io.offtake.platform.database.DatabaseBootstrap;
import io.offtake.platform.database.DatabaseSettings;
import io.offtake.platform.database.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which database a command works on: the options every command shares.
final class Databases {
    static final Set<String> OPTIONS = Set.of("home", "db", "migrator-user", "migrator-password-file", "app-user", "app-password-file", "network-user",
            "network-password-file");

    private Databases() {}

    /// A database opened without the server; closing it stops an embedded cluster that this command started.
    record Open(DatabaseAccess access, @Nullable EmbeddedPostgres postgres) implements AutoCloseable {
        @Override
        public void close() {
            if (postgres != null) postgres.close();
        }
    }

    static Open open(Options options) {
        var url = url(options);
        if (url != null) {
            var access = new DatabaseSettings.Db(url, user(options, "migrator"), password("migrator"), file(options, "migrator"), user(options, "app"), password("app"),
                    file(options, "app"), user(options, "network"), password("network"), file(options, "network"), true, 1, 1).access();
            DatabaseBootstrap.external(access);
            return new Open(access, null);
        }
        var home = home(options);
        var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.JOIN, Map.of());
        return new Open(DatabaseBootstrap.embedded(postgres, "offtake"), postgres);
    }

    /// An existing installation only: a tool that reads must not make an empty one by a mistyped folder.
    static Open openExisting(Options options) {
        if (url(options) == null && !Files.isDirectory(home(options).resolve("postgres/data"))) {
            throw new Refusal("There is no Offtake database in " + home(options).toAbsolutePath().normalize() + ". Give --home or --db.");
        }
        return open(options);
    }

    static Path home(Options options) {
        var environment = System.getenv("OFFTAKE_HOME");
        return Path.of(options.get("home", environment == null ? "./.offtake" : environment));
    }

    /// The same choice as arguments of the server.
    static List<String> asProperties(Options options) {
        var properties = new ArrayList<String>();
        properties.add("--offtake.home=" + home(options));
        var url = url(options);
        if (url != null) properties.add("--offtake.db.url=" + url);
        for (var name : OPTIONS) {
            if (options.has(name) && !name.equals("home") && !name.equals("db")) properties.add("--offtake.db." + name + "=" + options.get(name));
        }
        return properties;
    }

    static @Nullable String url(Options options) {
        return options.has("db") ? options.get("db") : System.getenv("OFFTAKE_DB_URL");
    }

    private static String user(Options options, String role) {
        var environment = System.getenv("OFFTAKE_DB_" + role.toUpperCase(Locale.ROOT) + "_USER");
        return options.get(role + "-user", environment == null ? "offtake_" + role : environment);
    }

    private static @Nullable String password(String role) {
        return System.getenv("OFFTAKE_DB_" + role.toUpperCase(Locale.ROOT) + "_PASSWORD");
    }

    private static @Nullable Path file(Options options, String role) {
        var file = options.get(role + "-password-file");
        return file == null ? null : Path.of(file);
    }
}
