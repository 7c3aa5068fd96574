package io.offtake.billing;

import io.offtake.platform.Numbering;
import io.offtake.rules.Refusal;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Under which terms documents are posted: those of the counter, of a generated or back-dated history, or of a migration.
///
/// @param origin   NATIVE or MIGRATION, kept with the document
/// @param anyDate  whether any business date is taken; else today and a few days back (PX-42)
/// @param approved refusals let through, as warnings on the document
/// @param numbers  numbers that documents already have, by document id; the others get the next of their series
/// @param papers   what documents that were handed to outlets already say, by document id: they are posted as they stand (OFF-10)
public record Terms(String origin, boolean anyDate, List<Refusal.Code> approved, Map<UUID, Numbering.Known> numbers, Map<UUID, Paper> papers) {
    public Terms {
        approved = List.copyOf(approved);
        numbers = Map.copyOf(numbers);
        papers = Map.copyOf(papers);
    }

    /// Terms of documents that nobody holds yet.
    public Terms(String origin, boolean anyDate, List<Refusal.Code> approved, Map<UUID, Numbering.Known> numbers) {
        this(origin, anyDate, approved, numbers, Map.of());
    }

    /// Whether a device gave this document its number and handed it out; a document of a migration has its number from elsewhere.
    public boolean isHandedOut(UUID id) {
        return origin.equals(NATIVE.origin) && numbers.containsKey(id);
    }

    /// How a device decided a document without the server.
    ///
    /// @param ruleBookHash of the book that decided it
    /// @param command      what the rules were asked, as JSON (spec/README.md)
    public record Paper(String ruleBookHash, String command) {}

    /// The counter's.
    public static final Terms NATIVE = new Terms("NATIVE", false, List.of(), Map.of());
    /// A history posted in date order, whatever its dates.
    public static final Terms HISTORY = new Terms("NATIVE", true, List.of(), Map.of());
}
