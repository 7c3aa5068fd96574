package io.offtake.exchange.history;

import io.offtake.exchange.history.SourceHistory.Totals;
import io.offtake.platform.LaunchCommand;
import io.offtake.platform.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/// `./offtake import --wholesaler FILE [--report FILE]`
@Component
class ImportCommand implements LaunchCommand {
    private final WholesalerImport wholesaler;

    ImportCommand(WholesalerImport wholesaler) {
        this.wholesaler = wholesaler;
    }

    @Override
    public String name() {
        return "import";
    }

    @Override
    public String usage() {
        return "import --wholesaler FILE [--report FILE]";
    }

    @Override
    public int run(List<String> arguments, Progress progress) {
        var file = option(arguments, "--wholesaler");
        var known = List.of("--wholesaler", "--report");
        if (file == null || arguments.stream().anyMatch(word -> word.startsWith("--") && !known.contains(word.split("=", 2)[0]))) {
            System.err.println("offtake: ./offtake " + usage());
            return 2;
        }
        var source = Path.of(file);
        if (!Files.isRegularFile(source)) {
            System.err.println("offtake: There is no file " + source + ".");
            return 2;
        }
        var chosen = option(arguments, "--report");
        var report = chosen != null ? Path.of(chosen) : Path.of(source.getFileName() + ".not-taken.csv");
        try {
            var result = wholesaler.run(source, WholesalerImport.PARTIES, progress);
            Files.write(report, notTaken(result));
            print(result, report);
            return result.isComplete() && result.refused().isEmpty() ? 0 : 1;
        } catch (SourceFile.Unreadable unreadable) {
            System.err.println("offtake: " + unreadable.getMessage());
            return 2;
        } catch (IOException failure) {
            System.err.println("offtake: The report " + report + " could not be written: " + failure.getMessage());
            return 1;
        }
    }

    private static @org.jspecify.annotations.Nullable String option(List<String> arguments, String name) {
        for (int at = 0; at < arguments.size(); at++) {
            if (arguments.get(at).startsWith(name + "=")) return arguments.get(at).substring(name.length() + 1);
            if (arguments.get(at).equals(name) && at + 1 < arguments.size()) return arguments.get(at + 1);
        }
        return null;
    }

    static List<String> notTaken(WholesalerImport.Report result) {
        var lines = new ArrayList<String>();
        lines.add("row,InvoiceNo,StockCode,Description,Quantity,UnitPrice,reason,why");
        for (var one : result.history().notTaken()) {
            var row = one.row();
            lines.add(row.number() + "," + cell(row.invoice()) + "," + cell(row.code()) + "," + cell(row.description()) + "," + row.qty().toPlainString() + "," + row.price().toPlainString() + ","
                    + one.reason() + "," + cell(one.reason().text));
        }
        return lines;
    }

    /// Quoted where it must be; a cell that a spreadsheet would run as a formula is quoted with an apostrophe.
    private static String cell(String text) {
        var safe = !text.isEmpty() && "=+-@".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.contains(",") || safe.contains("\"") ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
    }

    private static void print(WholesalerImport.Report result, Path report) {
        System.out.println();
        System.out.println(pad("Control totals", 24) + pad("rows", 10) + pad("invoices", 10) + pad("credits", 10) + pad("pieces", 14) + "value in GBP");
        for (var month : result.source().keySet()) {
            line(month + " in the file", result.source().get(month));
            line("        posted", result.posted().getOrDefault(month, Totals.ZERO));
            line("        not taken", result.notTaken().getOrDefault(month, Totals.ZERO));
        }
        line("All: in the file", WholesalerImport.Report.sum(result.source()));
        line("     posted", WholesalerImport.Report.sum(result.posted()));
        line("     not taken", WholesalerImport.Report.sum(result.notTaken()));
        for (Map.Entry<SourceHistory.Reason, Totals> reason : WholesalerImport.byReason(result.history()).entrySet())
            System.out.println("  not taken, " + reason.getKey() + ": " + reason.getValue().rows() + " rows, " + reason.getValue().qty().toPlainString() + " pieces, "
                    + reason.getValue().value().toPlainString() + " – " + reason.getKey().text);
        System.out.println(result.history().customers().size() + " outlets, " + result.history().items().size() + " items, "
                + result.history().items().values().stream().filter(item -> !item.aliases().isEmpty()).count() + " of them with more than one description; opening stock derived: "
                + WholesalerImport.openingPieces(result.history()).toPlainString() + " pieces.");
        System.out.println(result.fresh() + " documents posted now; " + (result.history().documents().size() - result.fresh() - result.refused().size()) + " were in the books already.");
        for (var refused : result.refused()) System.out.println("  refused " + refused);
        System.out.println("What was not taken is listed in " + report + ".");
        System.out.println(result.isComplete() ? "In = posted + not taken, to the penny." : "The totals do NOT agree.");
    }

    private static void line(String what, Totals totals) {
        System.out.println(pad(what, 24) + pad(Integer.toString(totals.rows()), 10) + pad(Integer.toString(totals.invoices()), 10) + pad(Integer.toString(totals.creditNotes()), 10)
                + pad(totals.qty().stripTrailingZeros().toPlainString(), 14) + totals.value().toPlainString());
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
