package io.offtake.receivables;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Outcomes of a collection as HTTP answers; sync answers its commands with the same.
public final class CollectionAnswers {
    private CollectionAnswers() {}

    public static ResponseEntity<Object> of(Collections.Outcome outcome) {
        return switch (outcome) {
            case Collections.Outcome.Posted(var collection) -> ResponseEntity.status(HttpStatus.CREATED).body(collection);
            case Collections.Outcome.AlreadyPosted(var collection) -> ResponseEntity.ok(collection);
            case Collections.Outcome.IdReused() -> Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another document").response();
            case Collections.Outcome.Unknown(var what) -> Problem.of(ProblemCode.NOT_FOUND, "There is no such " + what + ".").at("/" + what + "Id", ProblemCode.NOT_FOUND, "is not there").response();
            case Collections.Outcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".")
                    .rule("PX-42").at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).response();
            case Collections.Outcome.SeriesMissing(var year) -> Problem.of(ProblemCode.SERIES_CLOSED, "There is no open collection series for the fiscal year that begins in " + year + ".")
                    .rule("IN-27").response();
            case Collections.Outcome.ChequeIncomplete(var field) -> Problem.of(ProblemCode.INVALID, "A cheque needs its number and date.").rule("2.9")
                    .at("/" + field, ProblemCode.INVALID, "must be given for a cheque").response();
            case Collections.Outcome.CashLimit(var taken, var limit) -> Problem.of(ProblemCode.REFUSED, "Cash from one person in a day must stay below " + limit.toPlainString() + "; with this it would be "
                    + taken.toPlainString() + ". Take a cheque, UPI or NEFT.").rule("269ST").at("/amount", ProblemCode.REFUSED, "is too much cash in a day", "below " + limit.toPlainString()).response();
            case Collections.Outcome.OverAllocated(var invoiceId, var asked, var open) -> Problem.of(ProblemCode.OVER_ALLOCATED, "Allocated " + asked.toPlainString() + ", but "
                    + open.toPlainString() + (invoiceId == null ? " was received." : " is open on that bill.")).at("/allocations", ProblemCode.OVER_ALLOCATED, "is more than is open",
                    open).response();
        };
    }
}
