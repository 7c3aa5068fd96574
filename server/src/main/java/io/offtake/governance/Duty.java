package io.offtake.governance;

import io.offtake.access.Permission;

/// Who decides on a kind of configuration (domain 12.2). Who may propose is the master's own right to write.
public enum Duty {
    PRICE(Permission.PRICE_APPROVE), SCHEME(Permission.SCHEME_APPROVE), TAX(Permission.TAX_APPROVE), CREDIT(Permission.CREDIT_TERMS_APPROVE),
    SERIES(Permission.CONFIG_APPROVE), POLICY(Permission.CONFIG_APPROVE), SCORE(Permission.SCORE_APPROVE);

    private final Permission approves;

    Duty(Permission approves) {
        this.approves = approves;
    }

    /// The right to approve or reject.
    public Permission approves() {
        return approves;
    }
}
