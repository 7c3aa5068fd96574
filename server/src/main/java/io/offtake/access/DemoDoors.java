package io.offtake.access;

import java.util.List;

/// The ways into the demo that its sign-in page offers. Only an installation that runs as demo shows them.
public interface DemoDoors {
    /// @param sentence what the person behind the door does, such as "I work the counter"
    record Door(String title, String sentence, String username, String password, String workspace) {}

    /// Replaces all doors, in this order.
    void replace(List<Door> doors);
}
