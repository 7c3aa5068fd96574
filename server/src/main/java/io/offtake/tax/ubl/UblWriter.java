package io.offtake.tax.ubl;

import io.offtake.tax.TaxDocument;
import io.offtake.tax.TaxDocument.Party;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/// Writes an [Ubl] as an UBL 2.1 invoice or credit note, elements in the order of the schema.
final class UblWriter {
    private static final String CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";
    private static final String CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
    /// UN/ECE Recommendation 20, by what our units are called.
    private static final Map<String, String> UNITS = Map.ofEntries(Map.entry("PCS", "H87"), Map.entry("PC", "H87"), Map.entry("NOS", "H87"), Map.entry("EA", "H87"), Map.entry("KG", "KGM"),
            Map.entry("KGS", "KGM"), Map.entry("G", "GRM"), Map.entry("GM", "GRM"), Map.entry("L", "LTR"), Map.entry("LTR", "LTR"), Map.entry("ML", "MLT"), Map.entry("CASE", "XCS"), Map.entry("BOX", "XBX"),
            Map.entry("BTL", "XBO"), Map.entry("PKT", "XPK"), Map.entry("BAG", "XBG"), Map.entry("DOZ", "DZN"), Map.entry("M", "MTR"));

    /// Where a party takes delivery of documents (BT-34, BT-49).
    /// @param scheme of the list EAS, such as `0088` for a GLN
    record Endpoint(String scheme, String address) {}

    private final Ubl ubl;
    private final UblProfile profile;
    private final @Nullable Endpoint seller;
    private final @Nullable Endpoint buyer;
    private final Map<Long, String> gtins;
    private final XMLStreamWriter out;
    private int depth;

    private UblWriter(Ubl ubl, UblProfile profile, @Nullable Endpoint seller, @Nullable Endpoint buyer, Map<Long, String> gtins, XMLStreamWriter out) {
        this.ubl = ubl;
        this.profile = profile;
        this.seller = seller;
        this.buyer = buyer;
        this.gtins = gtins;
        this.out = out;
    }

    /// @param gtins standard item numbers by SKU
    static byte[] write(Ubl ubl, UblProfile profile, @Nullable Endpoint seller, @Nullable Endpoint buyer, Map<Long, String> gtins) {
        var bytes = new ByteArrayOutputStream(8192);
        try {
            var out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            new UblWriter(ubl, profile, seller, buyer, gtins, out).document();
            out.close();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private void document() throws XMLStreamException {
        var document = ubl.document();
        boolean credit = document.isCredit();
        var root = credit ? "CreditNote" : "Invoice";
        out.writeStartDocument("UTF-8", "1.0");
        out.writeCharacters("\n");
        out.writeStartElement("", root, "urn:oasis:names:specification:ubl:schema:xsd:" + root + "-2");
        out.writeDefaultNamespace("urn:oasis:names:specification:ubl:schema:xsd:" + root + "-2");
        out.writeNamespace("cac", CAC);
        out.writeNamespace("cbc", CBC);
        depth = 1;
        text("CustomizationID", profile.customization());
        if (profile.process() != null) text("ProfileID", profile.process());
        text("ID", document.number());
        text("IssueDate", document.businessDate().toString());
        boolean owed = ubl.totals().due().signum() > 0;
        if (!credit && owed) text("DueDate", due(document).toString());
        text(root + "TypeCode", credit ? "381" : "380");
        if (document.note() != null && !document.note().isBlank()) text("Note", document.note().strip());
        text("DocumentCurrencyCode", ubl.currency());
        text("BuyerReference", document.buyer().code());
        if (document.original() != null) {
            open("BillingReference");
            open("InvoiceDocumentReference");
            text("ID", document.original().number());
            text("IssueDate", document.original().businessDate().toString());
            close();
            close();
        }
        open("AccountingSupplierParty");
        party(document.seller(), seller, true);
        close();
        open("AccountingCustomerParty");
        party(document.buyer(), buyer, false);
        close();
        delivery(document);
        if (!credit) {
            open("PaymentMeans");
            text("PaymentMeansCode", switch (document.paymentMode()) {
                case "CASH" -> "10";
                case "CHEQUE" -> "20";
                case "UPI" -> "68";
                default -> "1";
            });
            close();
        }
        if (owed) {
            open("PaymentTerms");
            text("Note", credit ? "Set off against the account" : document.bank() == null || document.bank().isBlank() ? "Due on " + due(document) : "Due on " + due(document) + ", to " + document.bank().strip());
            close();
        }
        for (var allowance : ubl.allowances()) allowance(allowance);
        open("TaxTotal");
        amount("TaxAmount", ubl.totals().tax());
        for (var tax : ubl.taxes()) {
            open("TaxSubtotal");
            amount("TaxableAmount", tax.taxable());
            amount("TaxAmount", tax.tax());
            category("TaxCategory", tax.category(), true);
            close();
        }
        close();
        totals();
        for (var item : ubl.lines()) line(item, credit);
        out.writeCharacters("\n");
        out.writeEndElement();
        out.writeCharacters("\n");
        out.writeEndDocument();
    }

    private static LocalDate due(TaxDocument document) {
        return document.dueOn().isBefore(document.businessDate()) ? document.businessDate() : document.dueOn();
    }

    private void party(Party party, @Nullable Endpoint endpoint, boolean isSeller) throws XMLStreamException {
        var country = Ubl.country(party.stateCode());
        open("Party");
        if (endpoint != null) element("EndpointID", endpoint.address, "schemeID", endpoint.scheme);
        open("PartyIdentification");
        text("ID", party.code());
        close();
        open("PartyName");
        text("Name", party.name());
        close();
        open("PostalAddress");
        if (!party.address().isBlank()) text("StreetName", party.address().strip());
        if (!party.city().isBlank()) text("CityName", party.city().strip());
        if (!party.pin().isBlank()) text("PostalZone", party.pin().strip());
        if (party.stateCode().matches("[0-9]{2}")) text("CountrySubentity", io.offtake.network.States.name(party.stateCode()));
        open("Country");
        text("IdentificationCode", country);
        close();
        close();
        // a document outside the scope of the tax names no tax numbers (BR-O-02 to BR-O-04)
        boolean outside = ubl.taxes().stream().anyMatch(tax -> tax.category().code().equals("O"));
        if (!outside && party.taxId() != null && !party.registration().equals("UNREGISTERED")) {
            open("PartyTaxScheme");
            text("CompanyID", prefixed(country, party.taxId()));
            open("TaxScheme");
            text("ID", "VAT");
            close();
            close();
        }
        open("PartyLegalEntity");
        text("RegistrationName", party.legalName().isBlank() ? party.name() : party.legalName());
        if (outside && party.taxId() != null) text("CompanyID", party.taxId());
        close();
        if (!party.phone().isBlank() && isSeller) {
            open("Contact");
            text("Telephone", party.phone().strip());
            close();
        }
        close();
    }

    /// BT-31 and BT-48 begin with the country (BR-CO-09).
    private static String prefixed(String country, String taxId) {
        return taxId.startsWith(country) && !taxId.substring(2).isEmpty() && Character.isDigit(taxId.charAt(2)) ? taxId : country + taxId;
    }

    private void delivery(TaxDocument document) throws XMLStreamException {
        var buyer = document.buyer();
        open("Delivery");
        text("ActualDeliveryDate", document.businessDate().toString());
        open("DeliveryLocation");
        open("Address");
        if (!buyer.address().isBlank()) text("StreetName", buyer.address().strip());
        if (!buyer.city().isBlank()) text("CityName", buyer.city().strip());
        if (!buyer.pin().isBlank()) text("PostalZone", buyer.pin().strip());
        open("Country");
        text("IdentificationCode", Ubl.country(buyer.stateCode()));
        close();
        close();
        close();
        close();
    }

    private void allowance(Ubl.Allowance allowance) throws XMLStreamException {
        open("AllowanceCharge");
        text("ChargeIndicator", Boolean.toString(allowance.charge()));
        text("AllowanceChargeReasonCode", allowance.code());
        text("AllowanceChargeReason", allowance.reason());
        amount("Amount", allowance.amount());
        if (allowance.category() != null) category("TaxCategory", allowance.category(), false);
        close();
    }

    private void category(String name, Ubl.Category category, boolean withReason) throws XMLStreamException {
        open(name);
        text("ID", category.code());
        if (category.percent() != null) text("Percent", plain(category.percent()));
        if (withReason && category.reason() != null) {
            if (category.code().equals("G")) text("TaxExemptionReasonCode", "VATEX-EU-G");
            if (category.code().equals("O")) text("TaxExemptionReasonCode", "VATEX-EU-O");
            text("TaxExemptionReason", category.reason());
        }
        open("TaxScheme");
        text("ID", "VAT");
        close();
        close();
    }

    private void totals() throws XMLStreamException {
        var totals = ubl.totals();
        open("LegalMonetaryTotal");
        amount("LineExtensionAmount", totals.lines());
        amount("TaxExclusiveAmount", totals.exclusive());
        amount("TaxInclusiveAmount", totals.inclusive());
        if (totals.allowances().signum() != 0) amount("AllowanceTotalAmount", totals.allowances());
        if (totals.charges().signum() != 0) amount("ChargeTotalAmount", totals.charges());
        if (totals.prepaid().signum() != 0) amount("PrepaidAmount", totals.prepaid());
        if (totals.rounding().signum() != 0) amount("PayableRoundingAmount", totals.rounding());
        amount("PayableAmount", totals.due());
        close();
    }

    private void line(Ubl.Item item, boolean credit) throws XMLStreamException {
        var line = item.line();
        open(credit ? "CreditNoteLine" : "InvoiceLine");
        text("ID", Integer.toString(item.number()));
        element(credit ? "CreditedQuantity" : "InvoicedQuantity", plain(line.qty()), "unitCode", UNITS.getOrDefault(line.unit().toUpperCase(Locale.ROOT), "C62"));
        amount("LineExtensionAmount", item.net());
        for (var allowance : item.allowances()) allowance(allowance);
        open("Item");
        text("Name", line.skuName());
        open("SellersItemIdentification");
        text("ID", line.skuCode());
        close();
        var gtin = gtins.get(line.skuId());
        if (gtin != null) {
            open("StandardItemIdentification");
            element("ID", gtin, "schemeID", "0160");
            close();
        }
        if (line.hsn() != null && !line.hsn().isBlank()) {
            open("CommodityClassification");
            element("ItemClassificationCode", line.hsn(), "listID", "HS");
            close();
        }
        category("ClassifiedTaxCategory", item.category(), false);
        for (var batch : line.batches()) {
            open("AdditionalItemProperty");
            text("Name", "Batch");
            text("Value", batch);
            close();
        }
        close();
        open("Price");
        amount("PriceAmount", item.price());
        close();
        close();
    }

    // ---- elements

    private void open(String name) throws XMLStreamException {
        indent();
        out.writeStartElement("cac", name, CAC);
        depth++;
    }

    private void close() throws XMLStreamException {
        depth--;
        indent();
        out.writeEndElement();
    }

    private void text(String name, String value) throws XMLStreamException {
        indent();
        out.writeStartElement("cbc", name, CBC);
        out.writeCharacters(value);
        out.writeEndElement();
    }

    private void element(String name, String value, String attribute, String attributeValue) throws XMLStreamException {
        indent();
        out.writeStartElement("cbc", name, CBC);
        out.writeAttribute(attribute, attributeValue);
        out.writeCharacters(value);
        out.writeEndElement();
    }

    private void amount(String name, BigDecimal value) throws XMLStreamException {
        element(name, name.equals("PriceAmount") ? plain(value) : value.setScale(Math.min(2, Math.max(value.scale(), ubl.document().scale())), RoundingMode.UNNECESSARY).toPlainString(), "currencyID", ubl.currency());
    }

    private void indent() throws XMLStreamException {
        out.writeCharacters("\n" + "  ".repeat(depth));
    }

    private static String plain(BigDecimal value) {
        var stripped = value.stripTrailingZeros();
        return (stripped.scale() < 0 ? stripped.setScale(0) : stripped).toPlainString();
    }
}
