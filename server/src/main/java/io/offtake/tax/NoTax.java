package io.offtake.tax;

import java.util.List;

/// Where no tax is kept, such as a history whose prices are stated without it.
public final class NoTax implements TaxPack, TaxPack.Source {

    @Override
    public String regime() {
        return "NONE";
    }

    @Override
    public String country() {
        return "";
    }

    @Override
    public Paper paper(String kind, String registration, boolean taxed) {
        return new Paper(regime(), country(), kind.equals("CREDIT_NOTE") ? DocumentKind.CREDIT_NOTE : DocumentKind.INVOICE, null, null, "", "", "HSN", List.of());
    }

    @Override
    public List<NoTax> packs() {
        return List.of(this);
    }
}
