package io.offtake.tax;

import io.offtake.rules.RuleBook;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One tax regime: localisation is a pack, not an `if` (DESIGN section 3; domain/05b section 5b.1). A pack is data and small
/// strategies without state, found as a service; the core knows no country. What changes by date (rates, thresholds) is rows.
public interface TaxPack {

    /// As it stands on the distributor, such as `KE_VAT`.
    String regime();

    /// The heads its rates are taken under.
    default RuleBook.TaxSystem system() {
        return RuleBook.TaxSystem.GST;
    }

    /// ISO 3166-1 alpha-2; empty where the regime is of no country.
    String country();

    /// How the law calls things on this country's documents.
    /// @param kind         `INVOICE`, `CREDIT_NOTE`, … as the document is kept
    /// @param registration the seller's
    /// @param taxed        whether the document has a line that the tax covers, be it at 0 %
    Paper paper(String kind, String registration, boolean taxed);

    /// The same, where the title depends on the buyer and on how each line is taxed (r.46A).
    /// @param taxKinds TAXABLE, NIL, EXEMPT or NON_GST of every line
    default Paper paper(String kind, String registration, boolean taxed, boolean buyerRegistered, Collection<String> taxKinds) {
        return paper(kind, registration, taxed);
    }

    /// The last day on which a credit note may lower the tax of a supply; empty where the law sets none.
    /// @param annualReturnFiledOn of the year of the supply, null while it is not filed
    default Optional<LocalDate> lastDayForTaxNote(LocalDate supplied, @Nullable LocalDate annualReturnFiledOn) {
        return Optional.empty();
    }

    /// Whether a device may give a legal number without a network (OFF-04).
    /// @param registeredBuyer whether the buyer has a tax number
    /// @param portal          whether the seller's documents have to be registered with a tax portal
    default OfflineIssue offlineIssue(boolean registeredBuyer, boolean portal) {
        return OfflineIssue.YES;
    }

    /// YES; NO: the document is made at the server; CONTINGENCY: it may be issued and is registered when the network is back, within
    /// the law's window.
    enum OfflineIssue { YES, CONTINGENCY, NO }

    /// @param title      which document it is to the law
    /// @param titleText  the title in the country's words where the screens' own translation does not do; null: they have one
    /// @param titleLocal the same in the country's other language, null for none
    /// @param taxIdName  what the law calls a tax number: GSTIN, PIN
    /// @param taxName    what the tax is called: GST, VAT; empty for none
    /// @param codeName   what the goods' tax code is called: HSN, HS code
    /// @param heads      the heads a rate is shown under, in the order of printing
    record Paper(String regime, String country, DocumentKind title, @Nullable String titleText, @Nullable String titleLocal, String taxIdName, String taxName,
                 String codeName, List<Head> heads) {
        public Paper {
            heads = List.copyOf(heads);
        }
    }

    /// @param code  the member that carries it: `CGST`, `SGST`, `IGST`, `CESS`, `VAT`
    /// @param label what stands above the column
    record Head(String code, String label) {}

    /// Where packs come from: one service may bring many countries.
    interface Source {
        List<? extends TaxPack> packs();
    }
}
