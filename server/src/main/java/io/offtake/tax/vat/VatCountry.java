package io.offtake.tax.vat;

import io.offtake.governance.Draft;
import io.offtake.network.PartyTax;
import io.offtake.rules.RuleBook;
import io.offtake.tax.DocumentKind;
import io.offtake.tax.TaxPack;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The generic VAT pack with one country's data (domain/05b): one head, a tax number with a form, documents by name. Another
/// country is another entry of `countries.json` and its rates; it needs no code unless it clears its documents in a new way.
///
/// @param creditNoteMonths how long after the supply a credit note may take back its tax
/// @param clearance        the kind of control unit or portal (`ETIMS`), null for none
/// @param codes            what the tax office calls a class of goods and its rate
public record VatCountry(String regime, String country, String currency, String source, String taxIdName, String taxIdPattern, String taxIdExample,
                         String postcodePattern, String postcodeExample, String taxName, String codeName, String invoice, @Nullable String invoiceLocal,
                         String creditNote, int creditNoteMonths, int keepYears, String returnForm, @Nullable String clearance, List<Code> codes, List<Section> sections) implements TaxPack, PartyTax {
    /// The one head of a VAT.
    public static final String HEAD = "VAT";
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    public VatCountry {
        codes = List.copyOf(codes);
        sections = List.copyOf(sections);
    }

    /// @param kind a tax rate's kind
    public record Code(String code, String kind, BigDecimal rate) {}

    /// A section of the return: what belongs into it.
    /// @param side SALES or PURCHASES
    /// @param rate a fraction; null for every rate of the kind that no other section names
    public record Section(String section, String side, String kind, @Nullable BigDecimal rate) {}

    /// The section of the return for sales or purchases of a kind at a rate; null if the form names none.
    @Nullable String section(String side, String kind, BigDecimal rate) {
        var fits = sections.stream().filter(section -> section.side.equals(side) && section.kind.equals(kind)).toList();
        return fits.stream().filter(section -> section.rate != null && section.rate.compareTo(rate) == 0).findFirst()
                .or(() -> fits.stream().filter(section -> section.rate == null).findFirst()).map(Section::section).orElse(null);
    }

    /// The tax office's letter for a class of goods; empty for a rate it has none for.
    public Optional<String> code(String kind, BigDecimal rate) {
        return codes.stream().filter(code -> code.kind.equals(kind) && code.rate.compareTo(rate) == 0).map(Code::code).findFirst();
    }

    @Override
    public RuleBook.TaxSystem system() {
        return new RuleBook.TaxSystem(RuleBook.TaxType.VAT, taxName);
    }

    /// Where the tax office's unit signs each document, it is issued now and signed when the network is back.
    @Override
    public OfflineIssue offlineIssue(boolean registeredBuyer, boolean portal) {
        return clearance == null ? OfflineIssue.YES : OfflineIssue.CONTINGENCY;
    }

    @Override
    public Optional<LocalDate> lastDayForTaxNote(LocalDate supplied, @Nullable LocalDate annualReturnFiledOn) {
        return creditNoteMonths == 0 ? Optional.empty() : Optional.of(supplied.plusMonths(creditNoteMonths));
    }

    @Override
    public Paper paper(String kind, String registration, boolean taxed) {
        boolean charges = !registration.equals("UNREGISTERED");
        var head = charges ? List.of(new Head(HEAD, taxName)) : List.<Head>of();
        if (kind.equals("CREDIT_NOTE")) return new Paper(regime, country, DocumentKind.CREDIT_NOTE, creditNote, null, taxIdName, charges ? taxName : "", codeName, head);
        if (!charges) return new Paper(regime, country, DocumentKind.INVOICE, null, null, taxIdName, "", codeName, head);
        return new Paper(regime, country, DocumentKind.TAX_INVOICE, invoice, invoiceLocal, taxIdName, taxName, codeName, head);
    }

    /// Sellers are of the country; buyers may be of another one, which makes the sale an export.
    @Override
    public void check(Draft<?> draft, @Nullable String taxId, String registration, String stateCode) {
        if (!registration.equals("REGULAR") && !registration.equals("UNREGISTERED")) {
            draft.fault("registration", registration + " is not known in " + country, "REGULAR or UNREGISTERED");
        }
        if (!COUNTRIES.contains(stateCode)) draft.fault("stateCode", "\"" + stateCode + "\" is no country", "The two letters of the country, such as " + country);
        if (!stateCode.equals(country)) return;
        boolean registered = !registration.equals("UNREGISTERED");
        if (taxId == null) {
            if (registered) draft.fault("gstin", "is missing", "Give the " + taxIdName + ", or say UNREGISTERED");
        } else if (!isTaxId(taxId)) {
            draft.fault("gstin", "\"" + taxId + "\" is no " + taxIdName, "Such as " + taxIdExample);
        }
    }

    /// Whether `text` has the form of the country's tax number.
    public boolean isTaxId(String text) {
        return text.matches(taxIdPattern);
    }

    @Override
    public void postcode(Draft<?> draft, String code) {
        if (!code.isEmpty()) draft.pattern("pin", code, postcodePattern, "Such as " + postcodeExample);
    }
}
