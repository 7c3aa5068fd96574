package io.offtake.platform;

import java.util.List;

/// The living example that `./offtake demo` shows.
public interface ExampleNetwork {

    /// One door to try: who signs in where.
    record Door(String who, String username, String password, String path) {}

    /// Whether the whole example is there; one that was cut off half-way is not.
    boolean isPresent();

    /// Makes the example, or goes on where it was cut off.
    void generate(Progress progress);

    List<Door> doors();
}
