package io.offtake.access;

/// Roles of domain 12.1 that sign in today.
public enum Role {
    SO("Sales head office", "tower"),
    FIN("Finance", "tower"),
    IT("IT", "tower"),
    COE("CoE administrator", "tower"),
    RSM("Regional sales manager", "tower"),
    ASM("Area sales manager", "tower"),
    DO("Distributor owner", "counter"),
    BC("Billing clerk", "counter"),
    GK("Godown keeper", "counter"),
    CA("Claims auditor", "tower"),
    AUD("Read-only auditor", "tower"),
    REP("Rep", "counter"),
    VS("Van salesman", "counter"),
    API("Integration account", "tower");

    private final String title;
    private final String workspace;

    Role(String title, String workspace) {
        this.title = title;
        this.workspace = workspace;
    }

    public String title() {
        return title;
    }

    /// Which of the two workspaces it works in.
    public String workspace() {
        return workspace;
    }

    /// Whether its holder belongs to one distributor's staff.
    public boolean ofDistributor() {
        return this == DO || this == BC || this == GK;
    }
}
