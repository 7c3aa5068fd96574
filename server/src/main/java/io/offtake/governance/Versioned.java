package io.offtake.governance;

/// A view whose version is its ETag.
public interface Versioned {
    int version();
}
