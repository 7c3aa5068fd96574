package io.offtake.claims.domain;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Who may decide on a claim (domain/02 section 2.10, domain 12.3): by amount and risk, and never one's own case.
public final class Matrix {
    private Matrix() {}

    /// What somebody does with a claim.
    public enum Step { DECIDE, CONFIRM, SETTLE }

    /// Who has touched the claim; null where nobody has.
    ///
    /// @param disputed     whether this is the decision on a dispute
    /// @param firstDecider  of the decision that is disputed
    /// @param secondDecider of the decision on the dispute, where that is appealed
    public record Hands(@Nullable Long submitted, @Nullable Long proposed, @Nullable Long decided, boolean disputed, @Nullable Long firstDecider, @Nullable Long secondDecider) {
        /// Whether somebody has filed, proposed or decided it, now or before.
        public boolean touched(long who) {
            return is(submitted, who) || is(proposed, who) || is(decided, who) || is(firstDecider, who) || is(secondDecider, who);
        }

        boolean decidedBefore(long who) {
            return disputed && (is(firstDecider, who) || is(secondDecider, who));
        }
    }

    /// Whether a decision needs a second person, one of them from Finance: above the auditor's limit, or at high risk.
    public static boolean needsTwo(BigDecimal claimed, BigDecimal limit, Risk.@Nullable Band band) {
        return claimed.abs().compareTo(limit) > 0 || band == Risk.Band.HIGH;
    }

    /// The conflict in a sentence, null if there is none.
    ///
    /// @param user   who acts
    /// @param behalf for whom he does, null for himself
    public static @Nullable String conflict(Step step, Hands hands, long user, @Nullable Long behalf) {
        for (var who : behalf == null ? new long[] {user} : new long[] {user, behalf}) {
            if (is(hands.submitted, who)) return "Who files a claim does not decide or settle it (SOD-5).";
            switch (step) {
                case DECIDE -> {
                    if (hands.decidedBefore(who)) return "A dispute or an appeal is decided by somebody who has not decided on the claim before (domain/02 section 2.10).";
                }
                case CONFIRM -> {
                    if (is(hands.proposed, who)) return "Who proposes a decision does not confirm it (SOD-1).";
                    if (hands.decidedBefore(who)) return "A dispute or an appeal is decided by somebody who has not decided on the claim before (domain/02 section 2.10).";
                }
                case SETTLE -> {
                    if (is(hands.proposed, who) || is(hands.decided, who)) return "Who decides a claim does not settle it (SOD-1).";
                }
            }
        }
        return null;
    }

    private static boolean is(@Nullable Long one, long other) {
        return one != null && one == other;
    }
}
