package io.offtake.tax.india;

import io.offtake.tax.DocumentKind;
import io.offtake.tax.TaxPack;
import java.util.List;

/// India: goods and services tax under four heads (domain/05a).
public final class IndiaPack implements TaxPack, TaxPack.Source {
    private static final List<Head> HEADS = List.of(new Head("CGST", "CGST"), new Head("SGST", "SGST"), new Head("IGST", "IGST"), new Head("CESS", "Cess"));

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
        var title = kind.equals("CREDIT_NOTE") ? DocumentKind.CREDIT_NOTE : registration.equals("REGULAR") && taxed ? DocumentKind.TAX_INVOICE : DocumentKind.BILL_OF_SUPPLY;
        return new Paper(regime(), country(), title, null, null, "GSTIN", "GST", "HSN", HEADS);
    }

    @Override
    public List<IndiaPack> packs() {
        return List.of(this);
    }
}
