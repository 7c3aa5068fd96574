package io.offtake.tax.vat;

import io.offtake.tax.vat.ControlUnit.Answer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a document stands with the control unit (domain/05b section 5b.1, Clearance).
///
/// PENDING waits to be sent. UNKNOWN was sent and no answer was understood: it is looked up before it is sent again. STAMPED
/// holds number and signature and never changes. REJECTED needs a person. WITHDRAWN was cancelled before it was ever sent.
enum EtimsState {
    PENDING, UNKNOWN, STAMPED, REJECTED, WITHDRAWN;

    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(30);

    /// What an answer makes of a document that was sent or looked up.
    /// @param stamp        null unless STAMPED
    /// @param sendAgain    the unit does not have it: it may be sent at once
    record Next(EtimsState state, ControlUnit.@Nullable Stamp stamp, @Nullable String code, @Nullable String message, boolean sendAgain) {}

    /// @param number the document's own number: an answer about another one is not understood
    static Next after(Answer answer, String number) {
        return switch (answer) {
            case Answer.Stamped stamped when stamped.number().equals(number) -> new Next(STAMPED, stamped.stamp(), null, null, false);
            case Answer.Stamped other -> new Next(UNKNOWN, null, "ALTERED", "The answer is about " + other.number() + ", not " + number + "; looked up again", false);
            case Answer.Refused refused when refused.code().equals(ControlUnit.DUPLICATE) -> new Next(UNKNOWN, null, refused.code(), refused.text(), false);
            case Answer.Refused refused -> new Next(REJECTED, null, refused.code(), refused.text(), false);
            case Answer.Absent _ -> new Next(PENDING, null, null, null, true);
            case Answer.NotReached down -> new Next(PENDING, null, "NOT_REACHED", down.why(), false);
            case Answer.NoAnswer lost -> new Next(UNKNOWN, null, "NO_ANSWER", lost.why(), false);
        };
    }

    /// When to try again after so many attempts: twice as long each time, half an hour at most.
    static Instant retryAt(Instant now, int attempts) {
        var wait = FIRST_WAIT.multipliedBy(1L << Math.min(10, Math.max(0, attempts - 1)));
        return now.plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }
}
