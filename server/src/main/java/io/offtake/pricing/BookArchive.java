package io.offtake.pricing;

import io.offtake.rules.Engine;
import java.util.Optional;

/// Every book that has decided a posted document, by its hash (INV-06).
public interface BookArchive {

    /// Whether this node knows that the book is kept; no statement.
    boolean holds(String hash);

    /// Keeps a book; harmless if it is kept already. In its own transaction, before the document that names it is posted.
    void keep(RuleBookSource.Snapshot snapshot);

    /// The book of that hash as it was, compiled by the engine of today.
    Optional<Engine> engine(String hash);
}
