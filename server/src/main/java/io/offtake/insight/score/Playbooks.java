package io.offtake.insight.score;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The playbooks of domain 7.2: what a state of a distributor suggests, who would approve it, and what both sides do. They
/// open tasks and proposals, never changes. Their texts are in English; the tower has them in every language under code and place.
public final class Playbooks {
    /// @param days after the start by which it is due
    public record Task(String text, String side, int days) {}

    /// @param approvers roles that decide on the proposals, each by change request
    public record Playbook(String code, String title, String trigger, List<String> proposals, List<String> approvers, List<Task> tasks, int reviewDays) {
        public Playbook {
            proposals = List.copyOf(proposals);
            approvers = List.copyOf(approvers);
            tasks = List.copyOf(tasks);
        }
    }

    private static final String OURS = "PRINCIPAL";
    private static final String THEIRS = "DISTRIBUTOR";

    /// All of them, in the order of chapter 7.
    public static final List<Playbook> ALL = List.of(
            new Playbook("GROW_CREDIT", "More credit for a partner that earns it", "Invest for 3 months, credit used above 80 %, nothing overdue",
                    List.of("Raise the limit by the lower of 20 % and 1.5 × average monthly primary × terms ÷ 30 − limit"), List.of("FIN"),
                    List.of(new Task("Check securities and the formula of the limit", OURS, 7), new Task("Show the order plan that the limit is for", THEIRS, 7)), 30),
            new Playbook("REPAIR_FINANCE", "Bring the money in order", "Fix, and the financial pillar below 40",
                    List.of("Lower the limit to the higher of what is owed and 0.8 × limit", "Shorten the terms by 7 days", "Take post-dated cheques"), List.of("FIN", "RSM"),
                    List.of(new Task("Agree on weekly payments and write them down", THEIRS, 7), new Task("Review overdue bills outlet by outlet", OURS, 7), new Task("Collect the ten oldest bills", THEIRS, 21)), 7),
            new Playbook("HOLD_PRIMARY", "Hold new primary until old bills are paid", "Bills to the principal overdue for more than 30 days",
                    List.of("Hold new primary orders", "Release step by step against part payments"), List.of("FIN"),
                    List.of(new Task("Agree on a payment plan", THEIRS, 3), new Task("Confirm each payment and release", OURS, 14)), 7),
            new Playbook("SUPPORT_SERVICE", "Support a grower that cannot deliver", "Service below 50 while growth is 60 or more",
                    List.of("Support a van or opening stock", "Reset the norms", "Study a split of the territory"), List.of("RSM"),
                    List.of(new Task("Walk the godown and the routes together", OURS, 10), new Task("Name the SKUs and beats that fail", THEIRS, 7)), 30),
            new Playbook("COST_TO_SERVE", "Lower the cost to serve", "Return on investment below 8 %",
                    List.of("Merge routes", "Test a subsidy against a control group"), List.of("SO"),
                    List.of(new Task("Work out cost per drop by beat", OURS, 14), new Task("Open the books of rent, salaries and vehicles", THEIRS, 14)), 30),
            new Playbook("STOP_PUSH", "Stop pushing stock", "Stock-push alert",
                    List.of("Stop orders beyond the norm", "Liquidate what is over it"), List.of("RSM"),
                    List.of(new Task("Stop push orders until cover is back in the norm", OURS, 1), new Task("Plan the liquidation of the ten SKUs with most cover", THEIRS, 7)), 14),
            new Playbook("RECOVER", "90 days to recover", "Exit review for 2 months",
                    List.of("Agree on a 90-day recovery plan", "In parallel: back-up distributor, outlet map, estimate of stock and dues"), List.of("RSM", "FIN"),
                    List.of(new Task("Set three targets and their dates", THEIRS, 7), new Task("Visit fortnightly and note what was found", OURS, 14), new Task("Prepare the back-up quietly", OURS, 30)), 14),
            new Playbook("DATA_DISCIPLINE", "Data on the day", "Data late, or data and compliance below 60",
                    List.of("Agree on the cut-off and who sends", "Move to the counter where no system keeps up"), List.of("RSM"),
                    List.of(new Task("Name who sends by the cut-off, and who stands in", THEIRS, 3), new Task("Map the codes that wait in quarantine", OURS, 7)), 14));

    private Playbooks() {}

    public static Optional<Playbook> of(@Nullable String code) {
        return ALL.stream().filter(playbook -> playbook.code.equals(code)).findFirst();
    }
}
