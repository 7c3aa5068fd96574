package io.offtake.launch;

import io.offtake.Offtake;
import io.offtake.platform.ExampleNetwork;
import io.offtake.access.Users;
import io.offtake.platform.LaunchCommand;
import io.offtake.platform.ProblemException;
import io.offtake.platform.database.DatabaseRefusal;
import io.offtake.platform.database.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The commands that run the server: `demo`, `serve`, and those that a module offers as a [LaunchCommand].
final class Server {
    private Server() {}

    /// The example network on the embedded database.
    static int demo(List<String> arguments) {
        var options = Options.parse(arguments, Set.of("port", "home", "address"), Set.of("no-browser", "reset", "no-example", "still"), false);
        int port = port(options);
        var home = Databases.home(options);
        requireFree(port);
        if (options.has("reset")) reset(home);
        // the example's passwords are known to everybody: other machines only by an explicit --address
        var context = start(List.of("--server.port=" + port, "--server.address=" + options.get("address", "127.0.0.1"), "--offtake.home=" + home, "--offtake.demo=true",
                "--offtake.tax.portal.address=simulator", "--offtake.tax.portal.patience=3s",
                "--logging.file.name=" + home.resolve("offtake.log"), "--offtake.demo.everyday-life=" + !options.has("still")), true);
        var example = context.getBeanProvider(ExampleNetwork.class).getIfAvailable();
        if (example != null && !options.has("no-example") && !example.isPresent()) {
            System.out.println("Making the example network. It is kept for the next start.");
            var began = Instant.now();
            var progress = new ConsoleProgress(System.out);
            example.generate(progress);
            progress.finish();
            System.out.println("The example was made in " + seconds(began) + " s.");
        }
        var address = "http://127.0.0.1:" + port;
        System.out.println();
        System.out.println("Offtake is ready at " + address + sinceLaunch());
        if (example != null && !options.has("no-example")) {
            for (var door : example.doors()) {
                System.out.println("  " + pad(door.who(), 34) + pad(door.username(), 12) + pad(door.password(), 14) + address + door.path());
            }
        }
        System.out.println("Stop it with Ctrl-C. The data stay in " + home.toAbsolutePath().normalize() + "; the log is offtake.log there.");
        System.out.flush();
        trainNextStart(home);
        if (!options.has("no-browser")) openBrowser(address);
        return STAYS;
    }

    /// The server for daily work.
    static int serve(List<String> arguments) {
        var valued = new java.util.HashSet<>(Databases.OPTIONS);
        valued.addAll(Set.of("port", "address"));
        var options = Options.parse(arguments, valued, Set.of(), false);
        int port = port(options);
        requireFree(port);
        var properties = new ArrayList<>(Databases.asProperties(options));
        properties.add("--server.port=" + port);
        if (options.has("address")) properties.add("--server.address=" + options.get("address"));
        start(properties, false);
        System.out.println("Offtake serves http://" + options.get("address", "127.0.0.1") + ":" + port + sinceLaunch());
        return STAYS;
    }

    /// Exit code of a command that goes on serving.
    static final int STAYS = -1;

    /// The first user; the password is asked for on the terminal, or read as one line from the standard input.
    static int admin(List<String> arguments) {
        var valued = new java.util.HashSet<>(Databases.OPTIONS);
        valued.addAll(Set.of("username", "name"));
        var options = Options.parse(arguments, valued, Set.of(), false);
        var username = options.get("username");
        if (!options.words().equals(List.of("create")) || username == null) throw new Refusal("Say who it is: ./offtake admin create --username NAME [--name \"Full name\"]");
        var password = password();
        var properties = new ArrayList<>(Databases.asProperties(options));
        properties.addAll(TOOL);
        try (var context = run(properties)) {
            context.getBean(Users.class).createFirst(username, options.get("name", username), password);
            System.out.println(username + " is the administrator and can sign in.");
            return 0;
        } catch (ProblemException refused) {
            throw new Refusal(refused.getMessage());
        }
    }

    private static String password() {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            var first = console.readPassword("Password: ");
            var second = console.readPassword("Again:    ");
            if (first == null || second == null) throw new Refusal("No password was given.");
            if (!java.util.Arrays.equals(first, second)) throw new Refusal("The two passwords differ.");
            return new String(first);
        }
        try {
            var line = new java.io.BufferedReader(new java.io.InputStreamReader(System.in, java.nio.charset.StandardCharsets.UTF_8)).readLine();
            if (line == null || line.isEmpty()) throw new Refusal("No password was given: type it on a terminal, or send it as one line to the standard input.");
            return line;
        } catch (IOException failure) {
            throw new Refusal("The password could not be read: " + failure.getMessage());
        }
    }

    /// Tools may work beside a running server; the framework wants a door, so it is a private one.
    private static final List<String> TOOL = List.of("--offtake.join=true", "--server.address=127.0.0.1", "--server.port=0", "--logging.threshold.console=warn");

    /// A command that a module offers.
    static int command(String name, List<String> arguments) {
        var options = Options.parse(arguments, Databases.OPTIONS, Set.of(), true);
        var properties = new ArrayList<>(Databases.asProperties(options));
        properties.addAll(TOOL);
        try (var context = run(properties)) {
            var commands = context.getBeanProvider(LaunchCommand.class).stream().toList();
            var command = commands.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow(() -> new Refusal("There is no command " + name + ". `./offtake help` lists what there is."));
            var progress = new ConsoleProgress(System.err);
            int exit = command.run(options.words(), progress);
            progress.finish();
            return exit;
        }
    }

    /// Makes the JVM's cache for the next start (half the time), once per build, at the lowest priority and out of the way.
    private static void trainNextStart(Path home) {
        var cache = System.getenv("OFFTAKE_AOT_CACHE");
        if (cache == null || java.nio.file.Files.exists(Path.of(cache))) return;
        try {
            new ProcessBuilder("sh", "-c", "nice -n 19 \"$0\" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:AOTCacheOutput=\"$1.new\""
                    + " -Dspring.context.exit=onRefresh -jar target/run/offtake.jar train --home \"$2\" && mv \"$1.new\" \"$1\"",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), cache, home.toString())
                    .redirectErrorStream(true).redirectOutput(home.resolve("train.log").toFile()).start();
        } catch (IOException _) {
            // the next start is only slower
        }
    }

    /// The start of a server that ends as soon as it is up, for [#trainNextStart].
    static int train(List<String> arguments) {
        var options = Options.parse(arguments, Databases.OPTIONS, Set.of(), false);
        // alone it would start a database, and a training run ends without stopping one
        if (!EmbeddedPostgres.isHeld(Databases.home(options))) return 3;
        var properties = new ArrayList<>(Databases.asProperties(options));
        properties.addAll(TOOL);
        run(properties).close();
        return 0;
    }

    private static ConfigurableApplicationContext start(List<String> properties, boolean quiet) {
        var all = new ArrayList<>(properties);
        if (quiet) all.add("--logging.threshold.console=error");
        return run(all);
    }

    private static ConfigurableApplicationContext run(List<String> properties) {
        var application = new SpringApplication(Offtake.class);
        application.setBannerMode(org.springframework.boot.Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        var arguments = Stream.concat(properties.stream(), Stream.of("--logging.level.org.springframework.boot.SpringApplication=OFF",
                "--logging.level.org.springframework.boot.diagnostics=OFF", "--logging.level.org.springframework.context.annotation=ERROR",
                "--logging.level.org.springframework.boot.web.server.servlet.context=ERROR")).toArray(String[]::new);
        try {
            return application.run(arguments);
        } catch (RuntimeException failure) {
            for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof DatabaseRefusal refusal) throw refusal;
            }
            throw failure;
        }
    }

    private static int port(Options options) {
        var text = options.get("port", "8080");
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) return port;
        } catch (NumberFormatException _) {
            // said below
        }
        throw new Refusal("--port must be a number from 1 to 65535, not " + text + ".");
    }

    private static void requireFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException _) {
            throw new Refusal("Port " + port + " is in use by another program. Choose another one with --port.");
        }
    }

    private static void reset(Path home) {
        try (var postgres = EmbeddedPostgres.start(home, EmbeddedPostgres.Use.OWN, java.util.Map.of());
             var admin = postgres.admin("postgres"); var statement = admin.createStatement()) {
            statement.execute("drop database if exists offtake with (force)");
        } catch (java.sql.SQLException failure) {
            throw new Refusal("The old example could not be removed: " + failure.getMessage());
        }
    }

    private static String sinceLaunch() {
        var started = System.getenv("OFFTAKE_LAUNCHED_AT");
        if (started == null) return "";
        return " (" + (Instant.now().getEpochSecond() - Long.parseLong(started)) + " s after the command)";
    }

    private static long seconds(Instant since) {
        return Duration.between(since, Instant.now()).toSeconds();
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private static void openBrowser(String address) {
        var mac = System.getProperty("os.name").startsWith("Mac");
        if (!mac && System.getenv("DISPLAY") == null && System.getenv("WAYLAND_DISPLAY") == null) return;
        try {
            new ProcessBuilder(mac ? "open" : "xdg-open", address).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException _) {
            // no browser to open: the address is printed
        }
    }
}
