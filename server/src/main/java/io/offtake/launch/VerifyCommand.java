package io.offtake.launch;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// `./offtake verify`
final class VerifyCommand {
    private VerifyCommand() {}

    static int run(List<String> arguments) {
        var options = Options.parse(arguments, Databases.OPTIONS, Set.of(), false);
        try (var database = Databases.openExisting(options); var connection = database.access().asNetwork()) {
            var progress = new ConsoleProgress(System.err);
            var report = Verify.run(connection, progress);
            progress.finish();
            return print(report);
        } catch (SQLException failure) {
            throw new Refusal("The database could not be read: " + failure.getMessage());
        }
    }

    static int print(Verify.Report report) {
        for (var finding : report.findings()) {
            System.out.println("WRONG  distributor " + finding.distributorId() + "  " + finding.check() + ": " + finding.text());
        }
        System.out.println(report.distributors() + " distributors, " + report.documents() + " documents, " + report.stockRows() + " stock entries, " + report.journalRows()
                + " journal entries, " + report.auditRows() + " audit entries: " + (report.holds() ? "everything agrees." : report.findings().size() + " disagreements."));
        return report.holds() ? 0 : 1;
    }
}
