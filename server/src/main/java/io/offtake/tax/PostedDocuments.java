package io.offtake.tax;

import io.offtake.platform.RowScope;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What tax asks of the posted documents. Tax stands below billing, so billing answers through this.
public interface PostedDocuments {

    /// One document, if it is in the scope.
    Optional<TaxDocument> find(RowScope scope, UUID id);

    /// Several documents of one distributor, in the caller's transaction if there is one; unknown ids are absent.
    List<TaxDocument> read(long distributorId, Collection<UUID> ids);

    /// A distributor's documents of these business dates (both included), by date and number; cancelled ones too.
    List<TaxDocument> of(RowScope scope, long distributorId, LocalDate from, LocalDate to);
}
