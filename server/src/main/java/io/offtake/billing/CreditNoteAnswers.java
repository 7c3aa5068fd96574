package io.offtake.billing;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.Refusals;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Outcomes of a credit note as HTTP answers.
public final class CreditNoteAnswers {
    private CreditNoteAnswers() {}

    public static ResponseEntity<Object> of(PostCreditNoteOutcome outcome, PostCreditNote command) {
        return of(outcome, "credit note", line -> indexOf(command.lines().stream().map(PostCreditNote.Line::line).toList(), line));
    }

    /// For debit notes and financial credit notes; `what` names the kind in sentences.
    public static ResponseEntity<Object> of(PostCreditNoteOutcome outcome, PostNote command, String what) {
        return of(outcome, what, line -> indexOf(command.lines().stream().map(PostNote.Line::line).toList(), line));
    }

    private static ResponseEntity<Object> of(PostCreditNoteOutcome outcome, String kind, IntUnaryOperator index) {
        return switch (outcome) {   // no default: a new outcome must be mapped here
            case PostCreditNoteOutcome.Posted(var note, _) -> ResponseEntity.status(HttpStatus.CREATED).body(note);
            case PostCreditNoteOutcome.AlreadyPosted(var note) -> ResponseEntity.ok(note);
            case PostCreditNoteOutcome.IdReused() -> Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another document").response();
            case PostCreditNoteOutcome.Unknown(var what) -> Problem.of(ProblemCode.NOT_FOUND, "There is no such " + what + ".")
                    .at(what.equals("batch") ? "/lines" : "/" + what + "Id", ProblemCode.NOT_FOUND, "is not there").response();
            case PostCreditNoteOutcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".").rule("PX-42")
                    .at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).with("accepted", earliest).response();
            case PostCreditNoteOutcome.SeriesMissing(var year) -> Problem.of(ProblemCode.SERIES_CLOSED, "There is no open " + kind + " series for the fiscal year that begins in " + year
                    + ". Somebody with the right to number series opens one.").rule("IN-27").response();
            case PostCreditNoteOutcome.OverCredited(var line, var asked, var left) -> Problem.of(ProblemCode.QUANTITY_INVALID, "Of this invoice " + left.stripTrailingZeros().toPlainString()
                    + " pieces are left to be credited, not " + asked.stripTrailingZeros().toPlainString() + ".").rule("PX-41")
                    .at("/lines/" + index.applyAsInt(line) + "/qty", ProblemCode.QUANTITY_INVALID, "is more than was billed and not credited yet", left).response();
            case PostCreditNoteOutcome.TooLateForTax(var number, var last) -> Problem.of(ProblemCode.TAX_NOTE_LATE, "Until " + last + " a credit note could lower the tax of invoice " + number
                    + "; now a financial credit note, without GST, is what the law leaves.").rule("IN-22").at("/businessDate", ProblemCode.TAX_NOTE_LATE, "is after the legal last date", last)
                    .with("lastDate", last).with("accepted", "FINANCIAL_CREDIT_NOTE").response();
            case PostCreditNoteOutcome.NotOnOriginal(var line) -> Problem.of(ProblemCode.INVALID, "A note on an invoice names goods of that invoice.").rule("IN-22")
                    .at("/lines/" + index.applyAsInt(line) + "/skuId", ProblemCode.INVALID, "is not on the original invoice").response();
            case PostCreditNoteOutcome.SchemesGiven(var line, var number) -> Problem.of(ProblemCode.RETURN_NOT_CREDITABLE, "Invoice " + number + " gave this line under a scheme; a note by hand would leave that money with the outlet. "
                    + "Ask for a return of it (POST /api/v1/returns): its credit note takes the benefit back by the scheme's policy.").rule("PX-41")
                    .at("/lines/" + index.applyAsInt(line) + "/skuId", ProblemCode.RETURN_NOT_CREDITABLE, "was sold under a scheme", "a return").with("accepted", "RETURN").response();
            case PostCreditNoteOutcome.PaperUnlike(var what) -> Problem.of(ProblemCode.INVALID, "What the device decided is another note: " + what + " is unlike.").rule("OFF-10")
                    .at("/" + what, ProblemCode.INVALID, "is not what was decided").response();
            case PostCreditNoteOutcome.Refused(var refusals, var names) -> Refusals.problem(refusals, index::applyAsInt, names).response();
        };
    }

    private static int indexOf(List<Integer> lines, int line) {
        return Math.max(0, lines.indexOf(line));
    }
}
