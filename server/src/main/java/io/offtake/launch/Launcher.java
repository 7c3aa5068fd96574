package io.offtake.launch;

import io.offtake.platform.database.DatabaseRefusal;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From the words after `./offtake` to a command. Refusals end in one sentence on the error stream and exit code 2, failures
/// in their trace and exit code 1.
public final class Launcher {
    private Launcher() {}

    /// @return the exit code, or a negative number when the server goes on
    public static int run(String[] arguments) {
        var name = arguments.length == 0 ? "serve" : arguments[0];
        var rest = arguments.length == 0 ? List.<String>of() : Arrays.asList(arguments).subList(1, arguments.length);
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root) root.setLevel(ch.qos.logback.classic.Level.WARN);
        try {
            return switch (name) {
                case "demo" -> Server.demo(rest);
                case "serve" -> Server.serve(rest);
                case "train" -> Server.train(rest);
                case "admin" -> Server.admin(rest);
                case "verify" -> VerifyCommand.run(rest);
                case "backup" -> BackupCommand.backup(rest);
                case "restore" -> BackupCommand.restore(rest);
                default -> Server.command(name, rest);
            };
        } catch (Refusal | DatabaseRefusal refusal) {
            System.err.println("offtake: " + refusal.getMessage());
            return 2;
        } catch (RuntimeException failure) {
            // a server that is up would go on without what failed, and hold its port
            failure.printStackTrace();
            System.err.println("offtake: " + name + " failed: " + root(failure).getMessage());
            return 1;
        }
    }

    private static Throwable root(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) root = root.getCause();
        return root;
    }
}
