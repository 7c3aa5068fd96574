package io.offtake.platform;

/// Who is written into a document and its audit entry.
///
/// @param userId 0 for the system itself
public record Actor(long userId, String username) {
    /// The system: generators, imports and scheduled work.
    public static final Actor SYSTEM = new Actor(0, "system");
}
