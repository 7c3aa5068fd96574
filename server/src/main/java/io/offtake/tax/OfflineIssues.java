package io.offtake.tax;

import io.offtake.tax.TaxPack.OfflineIssue;
import io.offtake.tax.india.EInvoice;
import io.offtake.tax.store.LawStore;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which tax documents of a distributor may be issued without a network (OFF-04): as its country's pack says, for a seller that is
/// or is not bound to a tax portal.
///
/// @param consumer   for buyers without a tax number
/// @param registered for buyers with one
public record OfflineIssues(OfflineIssue consumer, OfflineIssue registered) {

    /// Hours within which a document issued in contingency has to be registered.
    public static final int WINDOW_HOURS = 24;

    /// Reads it in the caller's transaction.
    public static OfflineIssues of(JdbcClient db, long distributorId, String regime, LocalDate on) {
        boolean portal = db.sql("select exists (select 1 from tax.registration where distributor_id = ? and e_invoice_from <= ?)").params(distributorId, on).query(Boolean.class).single()
                && EInvoice.isNotified(LawStore.highestTurnover(db, distributorId), on, LawStore.law(db));
        var pack = TaxPacks.of(regime);
        return new OfflineIssues(pack.offlineIssue(false, portal), pack.offlineIssue(true, portal));
    }

    /// @param taxId of the buyer
    public OfflineIssue to(@Nullable String taxId) {
        return taxId == null ? consumer : registered;
    }
}
