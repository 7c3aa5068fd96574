package io.offtake;

import static org.assertj.core.api.Assertions.assertThat;

import io.offtake.platform.database.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// SQL is invisible to the module graph: this reads the statements. A module's SQL names its own schema; it reads another
/// module's data through that module's face.
class SqlOwnershipTest {
    private static final Map<String, String> SCHEMA_OF = Map.of("primary", "primary_sales");

    /// Masters whose names and codes every list of documents shows and searches: joined where the list is read.
    private static final Set<String> SHOWN = Set.of("network.outlet", "network.warehouse", "network.distributor", "network.principal", "catalog.sku", "catalog.batch");
    private static final Set<String> LISTS = Set.of("stock", "receivables", "primary", "orders", "billing", "returns", "tax", "sync", "exchange");

    /// Schemas that a module may name besides its own, each with its reason.
    private static final Map<String, Set<String>> ALSO = Map.ofEntries(
            // the audit chain and the change feed share one sequence, and both rows commit with the posting (DESIGN section 4)
            Map.entry("governance", Set.of("platform")),
            // a view or list is one statement, and shows its masters by name (STYLE section 1)
            Map.entry("stock", Set.of("catalog", "network")), Map.entry("receivables", Set.of("network")), Map.entry("primary", Set.of("catalog")), Map.entry("orders", Set.of("catalog", "network")),
            Map.entry("billing", Set.of("network")),
            // what is told to a tax office follows the change feed
            Map.entry("tax", Set.of("platform")),
            // a snapshot is what a device may see of everything, read in one go (DESIGN section 7)
            Map.entry("sync", Set.of("network", "catalog", "stock", "receivables", "primary_sales", "orders", "billing", "platform", "tax", "pricing")),
            // an import of a foreign history writes its masters in sets and compares its control totals with the books; documents go through the modules' faces
            Map.entry("exchange", Set.of("network", "catalog", "tax", "receivables", "platform", "governance", "billing")),
            // the example writes invented masters in sets, and reads what the ledgers hold to invent the next day; documents go through the modules' faces
            Map.entry("example", Set.of("network", "catalog", "pricing", "schemes", "tax", "receivables", "platform", "governance", "stock", "billing", "primary_sales")),
            // facts are the posted documents themselves: the compiler and the rollups read them where they lie (DESIGN section 6)
            Map.entry("insight", Set.of("claims", "billing", "stock", "receivables", "orders", "primary_sales", "network", "catalog", "schemes", "platform")));

    private static final Pattern TABLE = Pattern.compile("\\b(" + Manifest.load().tables().keySet().stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")\\b(?![.(])");

    @Test
    void sqlNamesItsOwnSchemaOnly() throws IOException {
        var found = new TreeSet<String>();
        var root = Path.of("src/main/java/io/offtake");
        try (var files = Files.walk(root)) {
            for (var file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
                var relative = root.relativize(file);
                var module = relative.getName(0).toString();
                if (relative.getNameCount() == 1 || module.equals("launch")) continue;
                var own = SCHEMA_OF.getOrDefault(module, module);
                for (var text : literals(Files.readString(file))) {
                    var matcher = TABLE.matcher(text);
                    while (matcher.find()) {
                        var schema = matcher.group(1).substring(0, matcher.group(1).indexOf('.'));
                        boolean shown = LISTS.contains(module) && SHOWN.contains(matcher.group(1)) && !written(text, matcher.start());
                        if (!schema.equals(own) && !shown && !ALSO.getOrDefault(module, Set.of()).contains(schema)) found.add(relative + " names " + matcher.group(1));
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void migrationsOfAModuleMakeTablesOfItsSchemaOnly() throws IOException {
        var found = new TreeSet<String>();
        var root = Path.of("src/main/resources/db/migration");
        var made = Pattern.compile("create table (?:if not exists )?([a-z_]+)\\.");
        try (var files = Files.walk(root)) {
            for (var file : files.filter(one -> one.toString().endsWith(".sql")).toList()) {
                var module = root.relativize(file).getName(0).toString();
                var matcher = made.matcher(Files.readString(file).toLowerCase());
                while (matcher.find()) {
                    if (!matcher.group(1).equals(SCHEMA_OF.getOrDefault(module, module))) found.add(root.relativize(file) + " makes a table of " + matcher.group(1));
                }
            }
        }
        assertThat(found).isEmpty();
    }

    private static boolean written(String text, int at) {
        return text.substring(0, at).toLowerCase().matches("(?s).*(insert\\s+into|update|delete\\s+from|merge\\s+into)\\s+$");
    }

    /// String literals and text blocks of a Java source, without its comments.
    static ArrayList<String> literals(String source) {
        var found = new ArrayList<String>();
        int i = 0;
        while (i < source.length()) {
            if (source.startsWith("//", i)) {
                int end = source.indexOf('\n', i);
                i = end < 0 ? source.length() : end;
            } else if (source.startsWith("/*", i)) {
                int end = source.indexOf("*/", i + 2);
                i = end < 0 ? source.length() : end + 2;
            } else if (source.startsWith("\"\"\"", i)) {
                int end = source.indexOf("\"\"\"", i + 3);
                if (end < 0) return found;
                found.add(source.substring(i + 3, end));
                i = end + 3;
            } else if (source.charAt(i) == '"') {
                int end = i + 1;
                while (end < source.length() && source.charAt(end) != '"') end += source.charAt(end) == '\\' ? 2 : 1;
                found.add(source.substring(i + 1, Math.min(end, source.length())));
                i = end + 1;
            } else if (source.charAt(i) == '\'') {
                i += source.charAt(Math.min(i + 1, source.length() - 1)) == '\\' ? 2 : 1;
                int end = source.indexOf('\'', i);
                i = end < 0 ? source.length() : end + 1;
            } else {
                i++;
            }
        }
        return found;
    }
}
