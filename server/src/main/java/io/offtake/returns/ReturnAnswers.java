package io.offtake.returns;

import io.offtake.billing.CreditNoteAnswers;
import io.offtake.billing.PostCreditNote;
import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Outcomes of a return's steps as HTTP answers; sync answers its commands with the same.
public final class ReturnAnswers {
    private ReturnAnswers() {}

    private static final PostCreditNote NONE = new PostCreditNote(new UUID(0, 0), 0, 0, new UUID(0, 0), new UUID(0, 0), LocalDate.EPOCH, null, "", null, List.of());

    public static ResponseEntity<Object> of(Returns.Outcome outcome, HttpStatus done) {
        return switch (outcome) {   // no default: a new outcome must be mapped here
            case Returns.Outcome.Done(var view) -> ResponseEntity.status(done).body(view);
            case Returns.Outcome.Already(var view) -> ResponseEntity.ok(view);
            case Returns.Outcome.IdReused() -> Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another document").response();
            case Returns.Outcome.Unknown(var what) -> Problem.of(ProblemCode.NOT_FOUND, "There is no such " + what + ".")
                    .at(what.equals("batch") ? "/lines" : "/" + what + "Id", ProblemCode.NOT_FOUND, "is not there").response();
            case Returns.Outcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".").rule("PX-42")
                    .at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).with("accepted", earliest).response();
            case Returns.Outcome.WrongState(var state, var accepted) -> Problem.of(ProblemCode.ILLEGAL_STATE, "The return is " + state + "; the step is possible when it is "
                    + String.join(" or ", accepted) + ".").rule("2.7").with("state", state).with("accepted", accepted).response();
            case Returns.Outcome.SamePerson(var by) -> Problem.of(ProblemCode.SAME_PERSON, "It was asked for by " + by + ": somebody else decides on it.").rule("INV-09").response();
            case Returns.Outcome.OverLimit(var value, var limit, var roles) -> Problem.of(ProblemCode.RETURN_LIMIT, "The return comes to " + value.toPlainString() + "; your role approves up to "
                    + limit.toPlainString() + ".").rule("2.7").with("value", value).with("accepted", limit).with("roles", roles).response();
            case Returns.Outcome.ReasonUnknown(var reason, var accepted) -> Problem.of(ProblemCode.INVALID, "The reason " + reason + " is not in force.").rule("2.7")
                    .at("/reason", ProblemCode.INVALID, "is not in force", accepted).response();
            case Returns.Outcome.NotThatBill(var why) -> Problem.of(ProblemCode.RETURN_NOT_CREDITABLE, why).rule("2.7").at("/originalId", ProblemCode.RETURN_NOT_CREDITABLE, "does not cover this return").response();
            case Returns.Outcome.NoSuchLine(var line) -> Problem.of(ProblemCode.INVALID, "The bill has no such line.").rule("2.7")
                    .at("/lines/" + (line - 1) + "/originalLine", ProblemCode.INVALID, "is not on the bill").response();
            case Returns.Outcome.NotThatBatch(var line, var batches) -> Problem.of(ProblemCode.INVALID, "That batch was not sold on this line; it was " + String.join(", ", batches) + ".").rule("2.7")
                    .at("/lines/" + (line - 1) + "/batchId", ProblemCode.INVALID, "is not on the bill's line", batches).response();
            case Returns.Outcome.Over(var line, var asked, var left) -> Problem.of(ProblemCode.QUANTITY_INVALID, "Of this line " + left.stripTrailingZeros().toPlainString()
                    + " pieces may still come back, not " + asked.stripTrailingZeros().toPlainString() + ".").rule("PX-41")
                    .at("/lines/" + (line - 1) + "/qty", ProblemCode.QUANTITY_INVALID, "is more than was billed and neither came back nor is on its way", left).response();
            case Returns.Outcome.TooLate(var line, var since, var days) -> Problem.of(ProblemCode.RETURN_NOT_CREDITABLE, "This came back more than " + days + " days after " + since
                    + ". Until " + since.plusDays(days) + " it could have been taken back.").rule("2.7")
                    .at("/lines/" + (line - 1), ProblemCode.RETURN_NOT_CREDITABLE, "is too late", since.plusDays(days)).with("accepted", since.plusDays(days)).response();
            case Returns.Outcome.BillNeeded() -> Problem.of(ProblemCode.RETURN_NOT_CREDITABLE, "Goods are taken back against their bill only.").rule("2.7")
                    .at("/originalId", ProblemCode.RETURN_NOT_CREDITABLE, "is missing; policy returns.unmatched-check").response();
            case Returns.Outcome.NeverSold(var line) -> Problem.of(ProblemCode.RETURN_NOT_CREDITABLE, "This outlet was not billed that SKU.").rule("2.7")
                    .at("/lines/" + (line - 1) + "/skuId", ProblemCode.RETURN_NOT_CREDITABLE, "was never sold to this outlet").response();
            case Returns.Outcome.NotAllPlaced(var line, var received, var placed) -> Problem.of(ProblemCode.QUANTITY_INVALID, "Of line " + line + " " + received.stripTrailingZeros().toPlainString()
                    + " pieces were received; " + placed.stripTrailingZeros().toPlainString() + " were put into buckets.").rule("2.7")
                    .at("/lines", ProblemCode.QUANTITY_INVALID, "every received piece goes into a bucket", received).response();
            case Returns.Outcome.NotCredited(var outcome1) -> CreditNoteAnswers.of(outcome1, NONE);
        };
    }
}
