package io.offtake.tax.ubl;

import static org.assertj.core.api.Assertions.assertThat;

import com.helger.phive.api.executor.IValidationExecutor;
import com.helger.phive.api.executorset.ValidationExecutorSetRegistry;
import com.helger.phive.api.validity.IValidityDeterminator;
import com.helger.phive.en16931.EN16931Validation;
import com.helger.phive.xml.source.IValidationSourceXML;
import com.helger.phive.xml.source.ValidationSourceXML;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/// The verdicts of `spec/ubl`: each fragment, looked at by the Schematron the product runs, does what its set expects of the
/// named rule; each whole example is accepted by the norm's rules.
@Tag("LOC-01")
class UblVectorsTest {
    private static final Path SPEC = Path.of("..", "spec", "ubl");

    @Test
    void everyExpectedVerdictIsReproduced() throws Exception {
        var registry = new ValidationExecutorSetRegistry<IValidationSourceXML>();
        EN16931Validation.initEN16931(registry);
        var documents = new LinkedHashMap<String, Document>();
        var faults = new ArrayList<String>();
        int rows = 0;
        for (var line : Files.readAllLines(SPEC.resolve("expected.csv"))) {
            var cells = line.substring(1, Math.max(1, line.length() - 1)).split("\",\"", -1);
            if (cells.length < 7) continue;
            rows++;
            if (!documents.containsKey(cells[0])) documents.put(cells[0], parse(SPEC.resolve(cells[0])));
            var fragment = fragment(documents.get(cells[0]), Integer.parseInt(cells[1]), cells[2]);
            var found = failures(registry, fragment, cells[2].equals("CreditNote"));
            if (!cells[4].isEmpty() && found.containsKey(cells[4])) faults.add(cells[0] + " test " + cells[1] + ": " + cells[4] + " fails and should pass");
            if (!cells[5].isEmpty() && !"ERROR".equals(found.get(cells[5]))) faults.add(cells[0] + " test " + cells[1] + ": " + cells[5] + " should fail, found " + found);
            if (!cells[6].isEmpty() && !"WARNING".equals(found.get(cells[6]))) faults.add(cells[0] + " test " + cells[1] + ": " + cells[6] + " should warn, found " + found);
        }
        assertThat(faults).isEmpty();
        assertThat(rows).isEqualTo(380);
        UblDocumentsTest.note("vectors " + rows + ", every verdict reproduced");
    }

    @Test
    void wholeExamplesPassTheNorm() throws IOException {
        var rules = new UblRules();
        var refused = new TreeSet<String>();
        int files = 0;
        try (var examples = Files.list(SPEC.resolve("examples"))) {
            for (var file : examples.sorted().toList()) {
                files++;
                var verdict = rules.check(Files.readAllBytes(file), UblProfile.EN16931);
                if (!verdict.valid()) refused.add(file.getFileName() + " " + verdict.findings().stream().filter(finding -> finding.severity().equals("ERROR")).map(UblRules.Finding::rule).sorted().toList());
            }
        }
        assertThat(files).isEqualTo(16);
        assertThat(refused).isEmpty();
    }

    /// Rules that speak up, with their severity.
    private static Map<String, String> failures(ValidationExecutorSetRegistry<IValidationSourceXML> registry, Document fragment, boolean credit) {
        var found = new LinkedHashMap<String, String>();
        var set = registry.getOfID(credit ? EN16931Validation.VID_UBL_CREDIT_NOTE_1316 : EN16931Validation.VID_UBL_INVOICE_1316);
        for (IValidationExecutor<IValidationSourceXML> executor : set.getAllExecutors()) {
            if (!executor.getValidationArtefact().getValidationType().getBaseType().isSchematron()) continue;
            for (var error : executor.applyValidation(ValidationSourceXML.create("fragment", fragment), IValidityDeterminator.createDefault(), Locale.ENGLISH).getErrorList())
                found.merge(String.valueOf(error.getErrorID()), error.getErrorLevel().isError() ? "ERROR" : "WARNING", (first, second) -> first.equals("ERROR") ? first : second);
        }
        return found;
    }

    /// The document element of the set's n-th test, as a document of its own.
    private static Document fragment(Document set, int number, String root) throws Exception {
        int at = 0;
        for (Node node = set.getDocumentElement().getFirstChild(); node != null; node = node.getNextSibling()) {
            if (!"test".equals(node.getLocalName()) || ++at != number) continue;
            for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
                if (!root.equals(child.getLocalName())) continue;
                var document = factory().newDocumentBuilder().newDocument();
                document.appendChild(document.importNode((Element) child, true));
                return document;
            }
        }
        throw new IllegalStateException("no test " + number);
    }

    private static Document parse(Path file) throws Exception {
        return factory().newDocumentBuilder().parse(file.toFile());
    }

    private static DocumentBuilderFactory factory() {
        return DocumentBuilderFactory.newDefaultNSInstance();
    }
}
