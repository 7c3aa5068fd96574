package io.offtake.access;

/// Told when distributors came or moved, so that scopes are worked out anew instead of after the cache's ten seconds.
public interface ScopeChanges {
    void distributorsChanged();
}
