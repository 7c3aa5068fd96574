package io.offtake.tax.ubl;

import io.offtake.catalog.CatalogRelations;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import io.offtake.platform.TenantTransaction;
import io.offtake.tax.PostedDocuments;
import io.offtake.tax.TaxDocument;
import io.offtake.tax.ubl.UblWriter.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

/// Writes posted documents as UBL.
@Service
class UblDocuments {
    private final PostedDocuments documents;
    private final TenantTransaction transactions;

    UblDocuments(PostedDocuments documents, TenantTransaction transactions) {
        this.documents = documents;
        this.transactions = transactions;
    }

    record Written(TaxDocument document, byte[] xml) {}

    /// The document as UBL; empty if it is not in the scope.
    /// @throws io.offtake.platform.ProblemException UBL_INCOMPLETE with everything that is missing, ILLEGAL_STATE for a cancelled document
    Optional<Written> write(RowScope scope, UUID id, UblProfile profile) {
        return documents.find(scope, id).map(document -> {
            if (document.cancelled()) throw Problem.of(ProblemCode.ILLEGAL_STATE, "This document was cancelled; it is not sent.").with("state", "CANCELLED").with("accepted", List.of("POSTED", "DELIVERED")).exception();
            return new Written(document, write(document, profile, addresses(scope, document), gtins(document)));
        });
    }

    private static byte[] write(TaxDocument document, UblProfile profile, Map<Optional<UUID>, Endpoint> addresses, Map<Long, String> gtins) {
        var gaps = new ArrayList<Ubl.Gap>();
        var seller = addresses.get(Optional.<UUID>empty());
        var buyer = addresses.get(Optional.ofNullable(document.buyer().id()));
        if (profile == UblProfile.PEPPOL) {
            if (seller == null) gaps.add(new Ubl.Gap("/seller/electronicAddress", "the distributor has no electronic address (BT-34)", "Give it one under electronic addresses, such as its GLN"));
            if (buyer == null) gaps.add(new Ubl.Gap("/outlet/electronicAddress", "outlet " + document.buyer().code() + " has no electronic address (BT-49)", "Give it one under electronic addresses, such as its GLN"));
        }
        try {
            var ubl = Ubl.of(document);
            if (gaps.isEmpty()) return UblWriter.write(ubl, profile, seller, buyer, gtins);
        } catch (Ubl.NotRepresentable lacking) {
            gaps.addAll(lacking.gaps());
        }
        var problem = Problem.of(ProblemCode.UBL_INCOMPLETE, "As UBL this document would be refused: " + String.join("; ", gaps.stream().map(Ubl.Gap::detail).toList()) + ".").rule("05b 5b.3");
        for (var gap : gaps) problem = problem.at(gap.pointer(), ProblemCode.UBL_INCOMPLETE, gap.detail(), gap.accepted());
        throw problem.exception();
    }

    private Map<Optional<UUID>, Endpoint> addresses(RowScope scope, TaxDocument document) {
        return transactions.read(scope, db -> {
            var found = new HashMap<Optional<UUID>, Endpoint>();
            db.sql("select outlet_id, scheme, address from tax.electronic_address where distributor_id = :distributor and (outlet_id is null or outlet_id = :outlet)")
                    .param("distributor", document.distributorId()).param("outlet", document.buyer().id())
                    .query(row -> {
                        found.put(Optional.ofNullable(row.getObject(1, UUID.class)), new Endpoint(row.getString(2), row.getString(3)));
                    });
            return found;
        });
    }

    /// The shortest number of each item, for a till reads that.
    private Map<Long, String> gtins(TaxDocument document) {
        return transactions.shared(db -> {
            var found = new HashMap<Long, String>();
            db.sql("select b.sku_id, b.gtin from " + CatalogRelations.BARCODES + " b where b.sku_id = any (:skus) order by length(b.gtin) desc, b.gtin desc")
                    .param("skus", document.lines().stream().map(TaxDocument.Line::skuId).distinct().toArray(Long[]::new))
                    .query(row -> {
                        found.put(row.getLong(1), row.getString(2));
                    });
            return found;
        });
    }
}
