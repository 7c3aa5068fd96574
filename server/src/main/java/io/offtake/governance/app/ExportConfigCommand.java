package io.offtake.governance.app;

import io.offtake.access.Caller;
import io.offtake.access.Directory;
import io.offtake.access.Role;
import io.offtake.platform.LaunchCommand;
import io.offtake.platform.ProblemException;
import io.offtake.platform.Progress;
import io.offtake.platform.RowScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// `./offtake export-config [FILE.json] [KIND …]`: the network's configuration in force as a signed bundle. Who can start the
/// launcher holds the database's passwords, so no further permission is asked for.
@Component
class ExportConfigCommand implements LaunchCommand {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Bundles bundles;
    private final Directory directory;

    ExportConfigCommand(Bundles bundles, Directory directory) {
        this.bundles = bundles;
        this.directory = directory;
    }

    @Override
    public String name() {
        return "export-config";
    }

    @Override
    public String usage() {
        return "export-config [FILE.json] [KIND …]";
    }

    @Override
    public int run(List<String> arguments, Progress progress) {
        if (arguments.stream().anyMatch(word -> word.startsWith("--"))) {
            System.err.println("offtake: ./offtake " + usage());
            return 2;
        }
        var file = Path.of(arguments.isEmpty() ? "offtake-config.json" : arguments.getFirst());
        Set<String> kinds = arguments.size() < 2 ? Set.of() : new TreeSet<>(arguments.subList(1, arguments.size()));
        if (Files.exists(file)) {
            System.err.println("offtake: " + file + " exists. Give another name, or remove it.");
            return 2;
        }
        try {
            var operator = new Caller(0, "launcher", "Launcher", EnumSet.allOf(Role.class), RowScope.of(directory.distributors()), "en");
            var bundle = bundles.export(operator, kinds);
            Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(bundle) + "\n");
            System.out.println(bundle.path("items").size() + " items written to " + file + ", signed with key " + bundle.path("keyId").asString() + ".");
            return 0;
        } catch (ProblemException refused) {
            System.err.println("offtake: " + refused.getMessage() + refused.problem().errors().stream().map(error -> " " + error.detail() + ". Known: " + error.accepted()).findFirst().orElse(""));
            return 2;
        } catch (IOException failure) {
            System.err.println("offtake: " + file + " could not be written: " + failure.getMessage());
            return 1;
        }
    }
}
