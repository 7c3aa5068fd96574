package io.offtake.exchange.app;

import io.offtake.access.Caller;
import io.offtake.access.Directory;
import io.offtake.access.Role;
import io.offtake.platform.LaunchCommand;
import io.offtake.platform.ListQuery;
import io.offtake.platform.ProblemException;
import io.offtake.platform.Progress;
import io.offtake.platform.RowScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.springframework.stereotype.Component;

/// `./offtake export MASTER [FILE.csv|FILE.xlsx]`: one kind of master of the whole network, in the columns an import reads.
/// Who can start the launcher holds the database's passwords, so no further permission is asked for.
@Component
class ExportCommand implements LaunchCommand {
    private final Exports exports;
    private final Directory directory;

    ExportCommand(Exports exports, Directory directory) {
        this.exports = exports;
        this.directory = directory;
    }

    @Override
    public String name() {
        return "export";
    }

    @Override
    public String usage() {
        return "export MASTER [FILE.csv|FILE.xlsx]";
    }

    @Override
    public int run(List<String> arguments, Progress progress) {
        if (arguments.isEmpty() || arguments.size() > 2 || arguments.stream().anyMatch(word -> word.startsWith("--"))) {
            System.err.println("offtake: ./offtake " + usage());
            return 2;
        }
        var type = arguments.getFirst();
        var file = Path.of(arguments.size() == 2 ? arguments.get(1) : type + ".csv");
        var format = file.toString().endsWith(".xlsx") ? "xlsx" : "csv";
        if (Files.exists(file)) {
            System.err.println("offtake: " + file + " exists. Give another name, or remove it.");
            return 2;
        }
        try {
            var operator = new Caller(0, "launcher", "Launcher", EnumSet.allOf(Role.class), RowScope.of(directory.distributors()), "en");
            Files.write(file, exports.export(operator, type, format, ListQuery.first()));
            System.out.println(type + " written to " + file + ".");
            return 0;
        } catch (ProblemException refused) {
            System.err.println("offtake: " + refused.getMessage() + refused.problem().errors().stream().map(error -> " Known: " + error.accepted()).findFirst().orElse(""));
            return 2;
        } catch (IOException failure) {
            System.err.println("offtake: " + file + " could not be written: " + failure.getMessage());
            return 1;
        }
    }
}
