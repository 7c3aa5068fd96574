package io.offtake.tax.ubl;

import com.helger.diagnostics.error.level.IErrorLevel;
import com.helger.diver.api.coord.DVRCoordinate;
import com.helger.phive.api.execute.ValidationExecutionManager;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.en16931.EN16931Validation;
import com.helger.phive.peppol.PeppolValidation2026_05;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/// The official rules of EN 16931 (1.3.16) and Peppol BIS Billing 3 (May 2026), as their owners publish them, run in this
/// process: the schema and the Schematron of each. Nothing is loaded before the first document; the first takes some seconds.
@Component
public class UblRules {
    private static final Set<String> ROOTS = Set.of("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2");
    private static final String CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";

    /// Loaded by the first document.
    private static final class Loaded {
        private static final ValidationExecutorSetRegistry<IValidationSourceXML> RULES = load();

        private static ValidationExecutorSetRegistry<IValidationSourceXML> load() {
            var registry = new ValidationExecutorSetRegistry<IValidationSourceXML>();
            EN16931Validation.initEN16931(registry);
            PeppolValidation2026_05.init(registry);
            return registry;
        }
    }

    /// @param document `Invoice` or `CreditNote`; null if the file is neither
    /// @param ruleSets the names of the rule sets that were run
    /// @param valid    no finding is an error
    public record Verdict(@Nullable String document, @Nullable String number, List<String> ruleSets, boolean valid, List<Finding> findings) {
        public Verdict {
            ruleSets = List.copyOf(ruleSets);
            findings = List.copyOf(findings);
        }
    }

    /// @param rule     such as `BR-CO-15`; `XML` for a file that cannot be read, `XSD` for one the schema refuses
    /// @param severity ERROR or WARNING
    /// @param location XPath of the element, or line and column; null if unknown
    public record Finding(String ruleSet, String rule, String severity, String text, @Nullable String location) {}

    /// Runs the rule sets a file asks for: EN 16931 always, Peppol if the file says so or `profile` wants it.
    public Verdict check(byte[] file, @Nullable UblProfile profile) {
        Document dom;
        try {
            dom = parse(file);
        } catch (SAXParseException bad) {
            return new Verdict(null, null, List.of(), false, List.of(new Finding("XML", "XML", "ERROR", bad.getMessage(), "line " + bad.getLineNumber() + ", column " + bad.getColumnNumber())));
        } catch (SAXException | IOException bad) {
            return new Verdict(null, null, List.of(), false, List.of(new Finding("XML", "XML", "ERROR", String.valueOf(bad.getMessage()), null)));
        }
        var root = dom.getDocumentElement();
        if (!ROOTS.contains(String.valueOf(root.getNamespaceURI()))) {
            return new Verdict(null, null, List.of(), false, List.of(new Finding("XML", "XML", "ERROR", "The root is {" + root.getNamespaceURI() + "}" + root.getLocalName() + "; accepted: an UBL 2.1 Invoice or CreditNote", "/" + root.getNodeName())));
        }
        boolean credit = root.getLocalName().equals("CreditNote");
        boolean peppol = profile == UblProfile.PEPPOL || (profile == null && String.valueOf(child(root, "CustomizationID")).contains("urn:fdc:peppol.eu:2017:poacc:billing:3"));
        var findings = new ArrayList<Finding>();
        var sets = new ArrayList<String>();
        run("EN 16931", credit ? EN16931Validation.VID_UBL_CREDIT_NOTE_1316 : EN16931Validation.VID_UBL_INVOICE_1316, dom, sets, findings);
        if (peppol) run("Peppol BIS Billing 3", credit ? PeppolValidation2026_05.VID_OPENPEPPOL_CREDIT_NOTE_UBL_V3 : PeppolValidation2026_05.VID_OPENPEPPOL_INVOICE_UBL_V3, dom, sets, findings);
        var distinct = findings.stream().distinct().toList();
        return new Verdict(root.getLocalName(), child(root, "ID"), sets, distinct.stream().noneMatch(finding -> finding.severity.equals("ERROR")), distinct);
    }

    private static void run(String name, DVRCoordinate id, Document dom, List<String> sets, List<Finding> findings) {
        sets.add(name + " " + id.getVersionString());
        var results = ValidationExecutionManager.executeValidation(IValidityDeterminator.createDefault(), Loaded.RULES.getOfID(id), ValidationSourceXML.create("document", dom), Locale.ENGLISH);
        for (var result : results) {
            if (result.isSkipped()) continue;
            for (var error : result.getErrorList()) {
                var rule = error.getErrorID() == null || error.getErrorID().isBlank() ? "XSD" : error.getErrorID();
                if (rule.startsWith("cvc-")) rule = "XSD";
                // the network's set holds a copy of the norm's rules: a rule is told once
                var known = rule;
                if (findings.stream().anyMatch(other -> other.rule.equals(known) && !other.ruleSet.equals(name))) continue;
                findings.add(new Finding(name, rule, severity(error.getErrorLevel()), String.valueOf(error.getErrorText(Locale.ENGLISH)), place(error.getErrorFieldName(), error.getErrorLocation())));
            }
        }
    }

    private static String severity(IErrorLevel level) {
        return level.isError() ? "ERROR" : "WARNING";
    }

    private static @Nullable String place(@Nullable String field, com.helger.base.location.@Nullable ILocation at) {
        if (field != null) return field;
        return at == null || !at.hasLineNumber() ? null : "line " + at.getLineNumber() + (at.hasColumnNumber() ? ", column " + at.getColumnNumber() : "");
    }

    private static @Nullable String child(Element root, String name) {
        for (var node = root.getFirstChild(); node != null; node = node.getNextSibling())
            if (CBC.equals(node.getNamespaceURI()) && name.equals(node.getLocalName())) return node.getTextContent().strip();
        return null;
    }

    /// No document type, no entity, nothing fetched.
    static Document parse(byte[] file) throws SAXException, IOException {
        try {
            var factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setXIncludeAware(false);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new ErrorHandler() {
                @Override
                public void warning(SAXParseException exception) {}

                @Override
                public void error(SAXParseException exception) throws SAXException {
                    throw exception;
                }

                @Override
                public void fatalError(SAXParseException exception) throws SAXException {
                    throw exception;
                }
            });
            return builder.parse(new ByteArrayInputStream(file));
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
