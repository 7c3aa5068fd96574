package io.offtake.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// `./offtake backup [--to FILE]` and `./offtake restore FILE`
final class BackupCommand {
    private BackupCommand() {}

    static int backup(List<String> arguments) {
        var valued = new HashSet<>(Databases.OPTIONS);
        valued.add("to");
        var options = Options.parse(arguments, valued, Set.of(), false);
        var file = Path.of(options.get("to", "offtake-" + Instant.now().toString().substring(0, 19).replace(":", "") + ".zip")).toAbsolutePath();
        try (var database = Databases.openExisting(options)) {
            var progress = new ConsoleProgress(System.err);
            var contents = Backup.take(database.access(), file, Instant.now(), progress);
            progress.finish();
            System.out.println(contents.rows() + " rows of " + contents.tables().size() + " tables saved in " + file + " (" + Files.size(file) / 1_000_000 + " MB).");
            return 0;
        } catch (SQLException | IOException failure) {
            throw new Refusal("The backup could not be written: " + failure.getMessage());
        }
    }

    static int restore(List<String> arguments) {
        var options = Options.parse(arguments, Databases.OPTIONS, Set.of(), false);
        if (options.words().size() != 1) throw new Refusal("Name one backup: ./offtake restore FILE --home FOLDER");
        var file = Path.of(options.words().getFirst());
        try (var database = Databases.open(options)) {
            var progress = new ConsoleProgress(System.err);
            var contents = Backup.restore(database.access(), file, Backup.today(), progress);
            System.out.println(contents.rows() + " rows of " + contents.tables().size() + " tables restored.");
            try (var connection = database.access().asNetwork()) {
                var report = Verify.run(connection, progress);
                progress.finish();
                return VerifyCommand.print(report);
            }
        } catch (SQLException | IOException failure) {
            throw new Refusal("The backup could not be restored: " + failure.getMessage());
        }
    }
}
