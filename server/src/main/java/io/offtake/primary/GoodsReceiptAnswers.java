package io.offtake.primary;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.Refusals;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Outcomes of a goods receipt as HTTP answers; sync answers its commands with the same.
public final class GoodsReceiptAnswers {
    private GoodsReceiptAnswers() {}

    public static ResponseEntity<Object> of(GoodsReceipts.Outcome outcome, PostGoodsReceipt command) {
        return switch (outcome) {
            case GoodsReceipts.Outcome.Posted(var receipt) -> ResponseEntity.status(HttpStatus.CREATED).body(receipt);
            case GoodsReceipts.Outcome.AlreadyPosted(var receipt) -> ResponseEntity.ok(receipt);
            case GoodsReceipts.Outcome.IdReused() -> Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another document").response();
            case GoodsReceipts.Outcome.Unknown(var what) -> Problem.of(ProblemCode.NOT_FOUND, "There is no such " + what + ".").at("/" + what + "Id", ProblemCode.NOT_FOUND, "is not there").response();
            case GoodsReceipts.Outcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".")
                    .rule("PX-42").at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).response();
            case GoodsReceipts.Outcome.InvoiceReceived(var number) -> Problem.of(ProblemCode.DUPLICATE, "This invoice of the principal was received as " + number + ".")
                    .at("/principalInvoiceNumber", ProblemCode.DUPLICATE, "was received as " + number).with("number", number).response();
            case GoodsReceipts.Outcome.SeriesMissing(var year) -> Problem.of(ProblemCode.SERIES_CLOSED, "There is no open goods receipt series for the fiscal year that begins in " + year + ".")
                    .rule("IN-27").response();
            case GoodsReceipts.Outcome.BatchDates(var line, var why) -> Problem.of(ProblemCode.INVALID, "Line " + line + ": " + why + ".").rule("STK-07")
                    .at("/lines/" + indexOf(command, line) + "/expiresOn", ProblemCode.INVALID, why).response();
            case GoodsReceipts.Outcome.Refused(var refusals) -> Refusals.problem(refusals, line -> indexOf(command, line), Map.of()).response();
        };
    }

    private static int indexOf(PostGoodsReceipt command, int line) {
        for (int at = 0; at < command.lines().size(); at++) if (command.lines().get(at).line() == line) return at;
        return 0;
    }
}
