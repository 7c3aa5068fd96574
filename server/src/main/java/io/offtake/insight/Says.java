package io.offtake.insight;

import java.util.Map;

/// A sentence by its key, for the reader's own language.
///
/// @param parameters what goes into it: numbers with a point, days as `2026-11-16`, codes as they are
public record Says(String key, Map<String, String> parameters) {
    public Says {
        parameters = Map.copyOf(parameters);
    }

    /// @param pairs name, value, name, value …
    public static Says of(String key, String... pairs) {
        var parameters = new java.util.HashMap<String, String>();
        for (int at = 0; at < pairs.length; at += 2) parameters.put(pairs[at], pairs[at + 1]);
        return new Says(key, parameters);
    }
}
