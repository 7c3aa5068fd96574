package io.offtake.governance;

import java.time.Instant;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Notes what somebody let through although a rule spoke against it, where it was not a change request (GOV-12, GOV-17).
public final class OverrideLog {
    private OverrideLog() {}

    /// In the caller's transaction.
    /// @param distributorId whose it is
    /// @param rule          that spoke against it
    public static void note(JdbcClient db, UUID id, long distributorId, Instant at, String actor, String rule, String what, String reason) {
        ChangeStore.override(db, id, distributorId, at, actor, rule, what, reason, null);
    }
}
