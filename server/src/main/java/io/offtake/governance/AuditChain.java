package io.offtake.governance;

import java.util.List;
import java.util.UUID;

/// Appends many entries to one audit chain at once: what an import of thousands of masters needs. The entries and hashes
/// are those of [AuditTrail].
public interface AuditChain {

    /// Appends in the caller's transaction, which must be one for that distributor ([AuditTrail#NETWORK] for the network's
    /// own). Holds the chain's head until commit, so it comes last (DESIGN section 4).
    void append(long distributorId, List<AuditTrail.Entry> entries);

    /// How masters with a number as id stand in the trail: the number in the low half of a UUID.
    static UUID idOf(long id) {
        return new UUID(0, id);
    }
}
