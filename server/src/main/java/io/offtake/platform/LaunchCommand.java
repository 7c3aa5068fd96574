package io.offtake.platform;

import java.util.List;

/// A command of the launcher that needs the whole server. A module offers it as a bean; `./offtake <name> …` starts the
/// server behind a private port, beside a running one if need be, runs the bean and ends with its exit code.
public interface LaunchCommand {

    /// The word after `./offtake`.
    String name();

    /// One line for `./offtake help`-like output when the arguments make no sense.
    String usage();

    /// @param arguments what follows the name, without the options of the launcher itself (`--home`, `--db` and the like)
    /// @return the exit code: 0 for success
    int run(List<String> arguments, Progress progress);
}
