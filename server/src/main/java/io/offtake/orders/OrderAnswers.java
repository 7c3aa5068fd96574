package io.offtake.orders;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.Refusals;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Outcomes of an order's steps as HTTP answers; sync answers its commands with the same.
public final class OrderAnswers {
    private OrderAnswers() {}

    public static ResponseEntity<Object> of(Orders.Outcome outcome, HttpStatus done) {
        return switch (outcome) {
            case Orders.Outcome.Done(var order) -> ResponseEntity.status(done).body(order);
            case Orders.Outcome.Already(var order) -> ResponseEntity.ok(order);
            case Orders.Outcome.IdReused() -> Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another document").response();
            case Orders.Outcome.Unknown(var what) -> Problem.of(ProblemCode.NOT_FOUND, "There is no such " + what + ".").at("/" + what + "Id", ProblemCode.NOT_FOUND, "is not there").response();
            case Orders.Outcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".")
                    .rule("PX-42").at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).response();
            case Orders.Outcome.SeriesMissing(var year) -> Problem.of(ProblemCode.SERIES_CLOSED, "There is no open order series for the fiscal year that begins in " + year + ".")
                    .rule("IN-27").response();
            case Orders.Outcome.WrongState(var state, var accepted) -> Problem.of(ProblemCode.ILLEGAL_STATE, "The order is " + state + ".").with("state", state).with("accepted", accepted).response();
            case Orders.Outcome.ChoiceUnknown(var choice) -> Problem.of(ProblemCode.INVALID, "A chosen free good is not known.").rule("PX-20")
                    .at(choice.pointer(), ProblemCode.INVALID, choice.member().equals("schemeId") ? "there is no such scheme; accepted: a scheme with a list of free goods"
                            : "there is no such SKU; accepted: an SKU of the scheme's list of free goods").response();
            case Orders.Outcome.Refused(var refusals, var names) -> Refusals.problem(refusals, line -> line - 1, names).response();
        };
    }
}
