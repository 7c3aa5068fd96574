package io.offtake.tax.india;

import io.offtake.tax.DocumentKind;
import io.offtake.tax.TaxPack;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// India: goods and services tax under four heads (domain/05a).
public final class IndiaPack implements TaxPack, TaxPack.Source {
    private static final List<Head> HEADS = List.of(new Head("CGST", "CGST"), new Head("SGST", "SGST"), new Head("IGST", "IGST"), new Head("CESS", "Cess"));

    /// B2B by a notified supplier needs its IRN before it is an invoice (r.48(5)); consumer bills do not.
    @Override
    public OfflineIssue offlineIssue(boolean registeredBuyer, boolean portal) {
        return registeredBuyer && portal ? OfflineIssue.NO : OfflineIssue.YES;
    }

    @Override
    public String regime() {
        return "IN_GST";
    }

    @Override
    public String country() {
        return "IN";
    }

    @Override
    public Paper paper(String kind, String registration, boolean taxed) {
        return paper(kind, registration, taxed, false, List.of(taxed ? "TAXABLE" : "EXEMPT"));
    }

    @Override
    public Paper paper(String kind, String registration, boolean taxed, boolean buyerRegistered, Collection<String> taxKinds) {
        var title = DocumentKind.of(kind, registration, buyerRegistered, taxKinds);
        return new Paper(regime(), country(), title, null, null, "GSTIN", "GST", "HSN", HEADS);
    }

    @Override
    public Optional<LocalDate> lastDayForTaxNote(LocalDate supplied, @Nullable LocalDate annualReturnFiledOn) {
        return Optional.of(FiscalYears.lastDayForTaxNote(supplied, annualReturnFiledOn));
    }

    @Override
    public List<IndiaPack> packs() {
        return List.of(this);
    }
}
