package io.offtake.platform;

/// Told by long work how far it is; the launcher draws a bar, a job row keeps the last value.
@FunctionalInterface
public interface Progress {
    /// @param total 0 while it is not known
    void at(String what, long done, long total);

    /// For callers that nobody watches.
    Progress SILENT = (_, _, _) -> {};
}
