package io.offtake.tax.ubl;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// Fifty ways to spoil a good document, each with the rule that has to notice.
final class UblMutations {
    /// @param rule what refuses the spoiled document
    record Mutation(String rule, String what, Consumer<Document> change) {
        @Override
        public String toString() {
            return rule + ": " + what;
        }
    }

    static final List<Mutation> ALL = all();

    private UblMutations() {}

    private static List<Mutation> all() {
        var all = new ArrayList<Mutation>();
        // the norm: what must be there
        all.add(new Mutation("BR-02", "no number", text("Invoice/ID", "")));
        all.add(new Mutation("BR-01", "no norm", text("Invoice/CustomizationID", "")));
        all.add(new Mutation("BR-04", "no type", without("Invoice/InvoiceTypeCode")));
        all.add(new Mutation("BR-05", "no currency", without("Invoice/DocumentCurrencyCode")));
        all.add(new Mutation("BR-06", "seller without a name", without("Invoice/AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName")));
        all.add(new Mutation("BR-07", "buyer without a name", without("Invoice/AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName")));
        all.add(new Mutation("BR-08", "seller without an address", without("Invoice/AccountingSupplierParty/Party/PostalAddress")));
        all.add(new Mutation("BR-09", "seller without a country", without("Invoice/AccountingSupplierParty/Party/PostalAddress/Country")));
        all.add(new Mutation("BR-10", "buyer without an address", without("Invoice/AccountingCustomerParty/Party/PostalAddress")));
        all.add(new Mutation("BR-11", "buyer without a country", without("Invoice/AccountingCustomerParty/Party/PostalAddress/Country")));
        all.add(new Mutation("BR-12", "no sum of lines", without("Invoice/LegalMonetaryTotal/LineExtensionAmount")));
        all.add(new Mutation("BR-13", "no total without tax", without("Invoice/LegalMonetaryTotal/TaxExclusiveAmount")));
        all.add(new Mutation("BR-14", "no total with tax", without("Invoice/LegalMonetaryTotal/TaxInclusiveAmount")));
        all.add(new Mutation("BR-21", "line without a number", text("Invoice/InvoiceLine/ID", "")));
        all.add(new Mutation("BR-22", "line without a quantity", without("Invoice/InvoiceLine/InvoicedQuantity")));
        all.add(new Mutation("BR-23", "quantity without a unit", document -> element(document, "Invoice/InvoiceLine/InvoicedQuantity").removeAttribute("unitCode")));
        all.add(new Mutation("BR-25", "line without a name", without("Invoice/InvoiceLine/Item/Name")));
        all.add(new Mutation("BR-27", "negative price", text("Invoice/InvoiceLine/Price/PriceAmount", "-1.00")));
        all.add(new Mutation("BR-32", "allowance of the bill without a tax category", without("Invoice/AllowanceCharge/TaxCategory")));
        all.add(new Mutation("BR-33", "allowance of the bill without a reason", document -> {
            without("Invoice/AllowanceCharge/AllowanceChargeReason").accept(document);
            without("Invoice/AllowanceCharge/AllowanceChargeReasonCode").accept(document);
        }));
        all.add(new Mutation("BR-45", "breakdown without a base", without("Invoice/TaxTotal/TaxSubtotal/TaxableAmount")));
        all.add(new Mutation("BR-47", "breakdown without a category", without("Invoice/TaxTotal/TaxSubtotal/TaxCategory/ID")));
        all.add(new Mutation("BR-53", "tax currency without its total", child("Invoice", "TaxCurrencyCode", "EUR", "BuyerReference")));
        all.add(new Mutation("BR-61", "bank transfer without an account", text("Invoice/PaymentMeans/PaymentMeansCode", "30")));
        // the norm: sums
        all.add(new Mutation("BR-CO-04", "line without a tax category", without("Invoice/InvoiceLine/Item/ClassifiedTaxCategory")));
        all.add(new Mutation("BR-CO-09", "tax number without its country", text("Invoice/AccountingSupplierParty/Party/PartyTaxScheme/CompanyID", "0512345678")));
        all.add(new Mutation("BR-CO-10", "sum of lines is wrong", text("Invoice/LegalMonetaryTotal/LineExtensionAmount", "1.00")));
        all.add(new Mutation("BR-CO-11", "sum of allowances is wrong", text("Invoice/LegalMonetaryTotal/AllowanceTotalAmount", "1.00")));
        all.add(new Mutation("BR-CO-13", "total without tax is wrong", text("Invoice/LegalMonetaryTotal/TaxExclusiveAmount", "1.00")));
        all.add(new Mutation("BR-CO-14", "total tax is not the sum of its parts", text("Invoice/TaxTotal/TaxAmount", "1.00")));
        all.add(new Mutation("BR-CO-15", "total with tax is wrong", text("Invoice/LegalMonetaryTotal/TaxInclusiveAmount", "1.00")));
        all.add(new Mutation("BR-CO-16", "amount due is wrong", text("Invoice/LegalMonetaryTotal/PayableAmount", "1.00")));
        all.add(new Mutation("BR-CO-17", "tax of a category is not its base × rate", text("Invoice/TaxTotal/TaxSubtotal/TaxAmount", "99999.00")));
        all.add(new Mutation("BR-DEC-14", "total with tax to a tenth of a cent", document -> {
            var total = element(document, "Invoice/LegalMonetaryTotal/TaxInclusiveAmount");
            total.setTextContent(total.getTextContent() + "1");
        }));
        // the norm: categories
        all.add(new Mutation("BR-S-02", "standard rated without the seller's tax number", without("Invoice/AccountingSupplierParty/Party/PartyTaxScheme")));
        all.add(new Mutation("BR-S-05", "standard rated line at 0 %", text("Invoice/InvoiceLine/Item/ClassifiedTaxCategory/Percent", "0")));
        all.add(new Mutation("BR-S-08", "base of the standard rate is not the sum of its lines", text("Invoice/TaxTotal/TaxSubtotal/TaxableAmount", "5.00")));
        all.add(new Mutation("BR-S-10", "standard rate with a reason for exemption", child("Invoice/TaxTotal/TaxSubtotal/TaxCategory", "TaxExemptionReason", "none", "TaxScheme")));
        all.add(new Mutation("BR-E-10", "exempt without a reason", document -> {
            text("Invoice/TaxTotal/TaxSubtotal/TaxCategory/ID", "E").accept(document);
        }));
        // the norm: code lists
        all.add(new Mutation("BR-CL-01", "unknown type", text("Invoice/InvoiceTypeCode", "999")));
        all.add(new Mutation("BR-CL-04", "unknown currency", text("Invoice/DocumentCurrencyCode", "KSH")));
        all.add(new Mutation("BR-CL-14", "unknown country", text("Invoice/AccountingSupplierParty/Party/PostalAddress/Country/IdentificationCode", "XY")));
        all.add(new Mutation("BR-CL-23", "unknown unit", document -> element(document, "Invoice/InvoiceLine/InvoicedQuantity").setAttribute("unitCode", "PIECE")));
        all.add(new Mutation("BR-CL-16", "unknown means of payment", text("Invoice/PaymentMeans/PaymentMeansCode", "999")));
        all.add(new Mutation("BR-CL-17", "unknown tax category", text("Invoice/TaxTotal/TaxSubtotal/TaxCategory/ID", "X")));
        all.add(new Mutation("BR-CL-18", "unknown tax category of a line", text("Invoice/InvoiceLine/Item/ClassifiedTaxCategory/ID", "X")));
        all.add(new Mutation("BR-CL-19", "unknown reason of an allowance", text("Invoice/AllowanceCharge/AllowanceChargeReasonCode", "999")));
        all.add(new Mutation("BR-CL-25", "unknown kind of electronic address", document -> element(document, "Invoice/AccountingSupplierParty/Party/EndpointID").setAttribute("schemeID", "9999")));
        // the network
        all.add(new Mutation("PEPPOL-EN16931-R002", "two notes", child("Invoice", "Note", "one", "DocumentCurrencyCode").andThen(child("Invoice", "Note", "two", "DocumentCurrencyCode"))));
        all.add(new Mutation("PEPPOL-EN16931-R007", "unknown process", text("Invoice/ProfileID", "urn:other")));
        all.add(new Mutation("PEPPOL-EN16931-R008", "empty element", text("Invoice/AccountingSupplierParty/Party/PartyName/Name", "")));
        all.add(new Mutation("PEPPOL-EN16931-R003", "neither buyer reference nor order", without("Invoice/BuyerReference")));
        all.add(new Mutation("PEPPOL-EN16931-R010", "buyer without an electronic address", without("Invoice/AccountingCustomerParty/Party/EndpointID")));
        all.add(new Mutation("PEPPOL-EN16931-R020", "seller without an electronic address", without("Invoice/AccountingSupplierParty/Party/EndpointID")));
        all.add(new Mutation("PEPPOL-EN16931-R120", "net amount of a line is not quantity × price", document -> {
            var price = element(document, "Invoice/InvoiceLine/Price/PriceAmount");
            price.setTextContent(new java.math.BigDecimal(price.getTextContent()).add(java.math.BigDecimal.TEN).toPlainString());
        }));
        all.add(new Mutation("PEPPOL-COMMON-R040", "mistyped GLN", text("Invoice/AccountingCustomerParty/Party/EndpointID", "5790000436058")));
        return List.copyOf(all);
    }

    /// The document's bytes after the change.
    static byte[] spoiled(byte[] good, Mutation mutation) {
        try {
            var document = UblRules.parse(good);
            mutation.change.accept(document);
            var bytes = new ByteArrayOutputStream();
            TransformerFactory.newDefaultInstance().newTransformer().transform(new DOMSource(document), new StreamResult(bytes));
            return bytes.toByteArray();
        } catch (Exception bad) {
            throw new IllegalStateException(mutation.toString(), bad);
        }
    }

    private static Consumer<Document> without(String path) {
        return document -> {
            var gone = element(document, path);
            gone.getParentNode().removeChild(gone);
        };
    }

    private static Consumer<Document> text(String path, String value) {
        return document -> element(document, path).setTextContent(value);
    }

    /// Adds a basic element before another.
    private static Consumer<Document> child(String path, String name, String text, String before) {
        return document -> {
            var parent = element(document, path);
            var made = document.createElementNS("urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2", "cbc:" + name);
            made.setTextContent(text);
            for (Node at = parent.getFirstChild(); at != null; at = at.getNextSibling()) {
                if (before.equals(at.getLocalName())) {
                    parent.insertBefore(made, at);
                    return;
                }
            }
            throw new IllegalStateException("no " + before + " in " + path);
        };
    }

    private static Element element(Document document, String path) {
        var found = find(document, path);
        if (found == null) throw new IllegalStateException("no " + path);
        return found;
    }

    private static Element find(Document document, String path) {
        Node at = document;
        for (var step : path.split("/")) {
            Node found = null;
            for (var child = at.getFirstChild(); child != null && found == null; child = child.getNextSibling()) if (step.equals(child.getLocalName())) found = child;
            if (found == null) return null;
            at = found;
        }
        return (Element) at;
    }
}
