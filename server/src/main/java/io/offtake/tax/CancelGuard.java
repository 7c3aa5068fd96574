package io.offtake.tax;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/// What stands in the way of cancelling a document in the books once it was told to a tax office. Every pack that reports
/// documents has one; billing asks them all.
public interface CancelGuard {

    /// Asked inside the cancelling transaction, before anything is reversed. A document that was not told yet is taken out of
    /// the queue by the same call.
    /// @return why it cannot be cancelled, for the sentence "This invoice cannot be cancelled: …"; empty if it can
    Optional<String> refuse(Connection connection, long distributorId, UUID documentId) throws SQLException;
}
