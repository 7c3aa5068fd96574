package io.offtake.billing;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.Refusals;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/// Outcomes of a posting as HTTP answers; sync answers its commands with the same.
public final class InvoiceAnswers {
    private InvoiceAnswers() {}

    public static ResponseEntity<Object> of(PostInvoiceOutcome outcome, PostInvoice command) {
        return switch (outcome) {   // no default: a new outcome must be mapped here
            case PostInvoiceOutcome.Posted(var invoice, _) -> ResponseEntity.status(HttpStatus.CREATED).body(invoice);
            case PostInvoiceOutcome.AlreadyPosted(var invoice) -> ResponseEntity.ok(invoice);
            case PostInvoiceOutcome.IdReused() -> Problem.of(ProblemCode.ID_REUSED).rule("OFF-06").at("/id", ProblemCode.ID_REUSED, "was used for another document").response();
            case PostInvoiceOutcome.Unknown(var what) -> Problem.of(ProblemCode.NOT_FOUND, "There is no such " + what + ".").at("/" + what + "Id", ProblemCode.NOT_FOUND, "is not there").response();
            case PostInvoiceOutcome.DateClosed(var earliest, var latest) -> Problem.of(ProblemCode.DATE_CLOSED, "The business date must be from " + earliest + " to " + latest + ".").rule("PX-42")
                    .at("/businessDate", ProblemCode.DATE_CLOSED, "is outside of the open days", earliest + " to " + latest).with("accepted", earliest).response();
            case PostInvoiceOutcome.SeriesMissing(var year) -> Problem.of(ProblemCode.SERIES_CLOSED, "There is no open invoice series for the fiscal year that begins in " + year
                    + ". Somebody with the right to number series opens one.").rule("IN-27").response();
            case PostInvoiceOutcome.OrderNotReady(var status) -> Problem.of(ProblemCode.ILLEGAL_STATE, "The order is " + status + " and cannot be billed.").with("state", status)
                    .with("accepted", java.util.List.of("ALLOCATED", "PART_ALLOCATED")).response();
            case PostInvoiceOutcome.ChoiceUnknown(var choice) -> Problem.of(ProblemCode.INVALID, "A chosen free good is not known.").rule("PX-20")
                    .at(choice.pointer(), ProblemCode.INVALID, choice.member().equals("schemeId") ? "there is no such scheme; accepted: a scheme with a list of free goods"
                            : "there is no such SKU; accepted: an SKU of the scheme's list of free goods").response();
            case PostInvoiceOutcome.BookUnknown(var hash) -> Problem.of(ProblemCode.BOOK_UNKNOWN, "The rule book " + hash + " is not known here.").rule("OFF-10").response();
            case PostInvoiceOutcome.PaperUnlike(var what) -> Problem.of(ProblemCode.INVALID, "What the device decided is another document: " + what + " is unlike.").rule("OFF-10")
                    .at("/" + what, ProblemCode.INVALID, "is not what was decided").response();
            case PostInvoiceOutcome.Refused(var refusals, var names) -> Refusals.problem(refusals, line -> indexOf(command, line), names).response();
        };
    }

    private static int indexOf(PostInvoice command, int line) {
        for (int at = 0; at < command.lines().size(); at++) if (command.lines().get(at).line() == line) return at;
        return 0;
    }

    /// A posted document with its state, which may change after posting.
    public record InvoiceState(String status, InvoiceView invoice) {}

    public static ResponseEntity<Object> of(Billing.CancelOutcome outcome) {
        return switch (outcome) {
            case Billing.CancelOutcome.Cancelled(var done) -> ResponseEntity.ok(new InvoiceState("CANCELLED", done));
            case Billing.CancelOutcome.AlreadyCancelled(var done) -> ResponseEntity.ok(new InvoiceState("CANCELLED", done));
            case Billing.CancelOutcome.Unknown() -> Problem.of(ProblemCode.NOT_FOUND, "There is no such invoice.").response();
            case Billing.CancelOutcome.TooLate(var why) -> Problem.of(ProblemCode.CANCEL_WINDOW, "This invoice cannot be cancelled: " + why + ". Write a credit note instead.").rule("2.6").response();
            case Billing.CancelOutcome.SamePerson(var by) -> Problem.of(ProblemCode.SAME_PERSON, by + " posted this invoice or asked to cancel it; somebody else has to decide.").rule("INV-09").response();
            case Billing.CancelOutcome.Asked(var invoice) -> ResponseEntity.accepted().body(new InvoiceState("CANCEL_ASKED", invoice));
            case Billing.CancelOutcome.Kept(var invoice) -> ResponseEntity.ok(new InvoiceState("POSTED", invoice));
            case Billing.CancelOutcome.NotAsked(_) -> Problem.of(ProblemCode.ILLEGAL_STATE, "Nobody has asked to cancel this invoice.").with("accepted", java.util.List.of("CANCEL_ASKED")).rule("2.6").response();
        };
    }

    public static ResponseEntity<Object> of(Billing.DeliverOutcome outcome) {
        return switch (outcome) {
            case Billing.DeliverOutcome.Delivered(var done) -> ResponseEntity.ok(new InvoiceState("DELIVERED", done));
            case Billing.DeliverOutcome.AlreadyDelivered(var done) -> ResponseEntity.ok(new InvoiceState("DELIVERED", done));
            case Billing.DeliverOutcome.Unknown() -> Problem.of(ProblemCode.NOT_FOUND, "There is no such invoice.").response();
            case Billing.DeliverOutcome.WasCancelled() -> Problem.of(ProblemCode.ILLEGAL_STATE, "This invoice was cancelled.").with("state", "CANCELLED").with("accepted", java.util.List.of("POSTED")).response();
        };
    }
}
