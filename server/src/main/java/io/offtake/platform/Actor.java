package io.offtake.platform;

import java.util.Set;

/// Who is written into a document and its audit entry.
///
/// @param userId 0 for the system itself
/// @param roles  names of the roles in which a person acts, whose own limits hold (PX-43); none for the system and where no limit is asked for
public record Actor(long userId, String username, Set<String> roles) {
    public Actor {
        roles = Set.copyOf(roles);
    }

    public Actor(long userId, String username) {
        this(userId, username, Set.of());
    }

    /// The system: generators, imports and scheduled work.
    public static final Actor SYSTEM = new Actor(0, "system");
}
