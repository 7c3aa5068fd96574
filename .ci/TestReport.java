import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/// Adds up what every runner reported, writes target/capabilities.json and prints the last line of `./offtake test`.
/// Arguments: which part was asked for, and the sections whose runner failed.
class TestReport {
    static final Pattern CAPABILITY = Pattern.compile("[A-Z]{3}-\\d{2,3}");
    static int passed, failed, skipped;
    static final TreeMap<String, TreeSet<String>> capabilities = new TreeMap<>();
    static final List<String> failures = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        var failedSections = arguments.length > 1 && !arguments[1].isBlank() ? List.of(arguments[1].strip().split(" ")) : List.<String>of();
        int before = 0;
        var bySection = new LinkedHashMap<String, Integer>();
        for (var report : reports("JVM")) suite(report, "");
        bySection.put("JVM", failed - before);
        before = failed;
        suite(Path.of("target/node-rules.xml"), "browser build of the rules: ");
        suite(Path.of("target/vitest-web.xml"), "web: ");
        bySection.put("web", failed - before);
        before = failed;
        suite(Path.of("target/vitest-e2e.xml"), "browser: ");
        bySection.put("browser", failed - before);
        long[] special = tags();

        for (var section : failedSections) {
            // a runner that ended badly without a failed test did not compile, start or find what it needs
            if (bySection.getOrDefault(section, 0) == 0) {
                failed++;
                failures.add(section + ": the runner itself failed, see above");
            }
        }
        Files.writeString(Path.of("target/capabilities.json"), json());
        System.out.println();
        failures.forEach(text -> System.out.println("FAILED  " + text));
        var shares = new StringBuilder("Seconds:");
        if (Files.exists(Path.of("target/test-shares"))) {
            for (var line : Files.readAllLines(Path.of("target/test-shares"))) shares.append(' ').append(line).append(',');
        }
        System.out.println(shares + " of the JVM's race " + special[0] / 1000 + ", crash " + special[1] / 1000);
        System.out.println(capabilities.size() + " capabilities have a passing test (target/capabilities.json)");
        if (passed + failed == 0) {
            failed = 1;
            System.out.println("Nothing ran.");
        }
        System.out.println(passed + " passed, " + failed + " failed, " + skipped + " skipped");
        System.exit(failed > 0 ? 1 : 0);
    }

    static List<Path> reports(String section) throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(Path.of("."))) {
            for (var module : modules.filter(Files::isDirectory).toList()) {
                for (var kind : List.of("surefire-reports", "failsafe-reports")) {
                    var folder = module.resolve("target").resolve(kind);
                    if (!Files.isDirectory(folder)) continue;
                    try (Stream<Path> files = Files.list(folder)) {
                        files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }

    static void suite(Path file, String prefix) throws Exception {
        if (!Files.exists(file)) return;
        var cases = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            var test = (Element) cases.item(i);
            var name = prefix + test.getAttribute("classname") + (prefix.isEmpty() ? "." : " > ") + test.getAttribute("name");
            boolean bad = test.getElementsByTagName("failure").getLength() + test.getElementsByTagName("error").getLength() > 0;
            if (bad) {
                failed++;
                failures.add(name);
            } else if (test.getElementsByTagName("skipped").getLength() > 0) {
                skipped++;
            } else {
                passed++;
                var bracketed = Pattern.compile("\\[(" + CAPABILITY + "(?:[ ,]+" + CAPABILITY + ")*)]").matcher(test.getAttribute("name"));
                while (bracketed.find()) {
                    for (var id : bracketed.group(1).split("[ ,]+")) capabilities.computeIfAbsent(id, _ -> new TreeSet<>()).add(name);
                }
            }
        }
    }

    /// Tags of JUnit tests; returns the milliseconds of the race and of the crash tests.
    static long[] tags() throws IOException {
        var special = new long[2];
        try (Stream<Path> modules = Files.list(Path.of("."))) {
            for (var module : modules.filter(Files::isDirectory).toList()) {
                var file = module.resolve("target/test-tags.tsv");
                if (!Files.exists(file)) continue;
                for (var line : Files.readAllLines(file)) {
                    var fields = line.split("\t", 4);
                    for (var tag : fields[2].split(",")) {
                        if (tag.equals("race")) special[0] += Long.parseLong(fields[1]);
                        if (tag.equals("crash")) special[1] += Long.parseLong(fields[1]);
                        if (fields[0].equals("passed") && CAPABILITY.matcher(tag).matches()) capabilities.computeIfAbsent(tag, _ -> new TreeSet<>()).add(fields[3]);
                    }
                }
            }
        }
        return special;
    }

    static String json() {
        var text = new StringBuilder("{\n");
        for (Map.Entry<String, TreeSet<String>> entry : capabilities.entrySet()) {
            if (text.length() > 2) text.append(",\n");
            text.append("  \"").append(entry.getKey()).append("\": [");
            text.append(String.join(",", entry.getValue().stream().map(name -> "\n    \"" + escaped(name) + '"').toList())).append("\n  ]");
        }
        return text.append("\n}\n").toString();
    }

    static String escaped(String text) {
        var out = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return out.toString();
    }
}
