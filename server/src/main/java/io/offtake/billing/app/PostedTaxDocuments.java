package io.offtake.billing.app;

import io.offtake.billing.store.InvoiceStore;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxDocument;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

/// Hands posted documents to the tax packs.
@Service
class PostedTaxDocuments implements PostedDocuments {
    private final TenantTransaction transactions;
    private final InvoiceStore store;

    PostedTaxDocuments(TenantTransaction transactions, InvoiceStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    @Override
    public Optional<TaxDocument> find(RowScope scope, UUID id) {
        return transactions.readOn(scope, connection -> store.taxDocuments(connection, scope, " where distributor_id = any(?) and id = ?", id)).stream().findFirst();
    }

    @Override
    public List<TaxDocument> read(long distributorId, Collection<UUID> ids) {
        if (ids.isEmpty()) return List.of();
        return transactions.readOn(RowScope.of(distributorId), connection -> store.taxDocuments(connection, RowScope.of(distributorId), " where distributor_id = any(?) and id = any(?)",
                connection.createArrayOf("uuid", ids.toArray())));
    }

    @Override
    public List<TaxDocument> of(RowScope scope, long distributorId, LocalDate from, LocalDate to) {
        return transactions.readOn(scope, connection -> store.taxDocuments(connection, scope,
                " where distributor_id = any(?) and distributor_id = ? and business_date between ? and ?", distributorId, from, to));
    }
}
