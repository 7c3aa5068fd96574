package io.offtake.pricing;

import io.offtake.governance.ConfigVersions.Versions;
import io.offtake.rules.Engine;
import io.offtake.rules.RuleBook;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/// The rule book of a distributor: prices, schemes, tax rates, rounding and policies of all its principals, as one
/// immutable snapshot (DESIGN section 4). It lives in `pricing`, the one module of its floor that may use the others
/// (docs/adr/0020).
///
/// A snapshot is built in one consistent read on a connection of its own, so asking from inside a transaction is safe. It
/// is kept until one of the three parts it was built from is raised; parts that distributors share are built once.
public interface RuleBookSource {

    /// @param parts the book's text; what distributors have in common is shared between their snapshots
    /// @param hash  of all parts ([BookPart#hash])
    record Snapshot(long distributorId, Versions versions, Engine engine, String hash, List<BookPart> parts) {
        public static Snapshot of(long distributorId, Versions versions, Engine engine, List<BookPart> parts) {
            return new Snapshot(distributorId, versions, engine, BookPart.hash(parts), List.copyOf(parts));
        }

        public RuleBook book() {
            return engine.book();
        }

        /// The text that `open()` of the browser build takes; put together on demand.
        public String json() {
            return BookPart.json(parts);
        }
    }

    /// The parts of [io.offtake.governance.ConfigVersions] to read in a posting's load statement.
    Set<String> parts(long distributorId);

    /// The snapshot for the versions a posting has read, whose window holds `on`; a newer one if something was published
    /// meanwhile.
    /// @param parts versions by part, as read from `governance.config_version` for [#parts]; missing parts are 0
    Snapshot current(long distributorId, java.util.Map<String, Long> parts, LocalDate on);

    /// The snapshot in force now, for today's window: what devices hold and screens quote from.
    Snapshot current(long distributorId);

    /// [Snapshot#json] of [#current(long)].
    default String json(long distributorId) {
        return current(distributorId).json();
    }
}
