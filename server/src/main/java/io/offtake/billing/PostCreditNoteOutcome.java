package io.offtake.billing;

import io.offtake.rules.Refusal;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/// Every answer to [PostCreditNote], in the order in which they are checked.
public sealed interface PostCreditNoteOutcome {
    record AlreadyPosted(InvoiceView creditNote) implements PostCreditNoteOutcome {}

    record IdReused() implements PostCreditNoteOutcome {}

    /// The distributor, outlet, warehouse, batch or original is not there (`what` says which).
    record Unknown(String what) implements PostCreditNoteOutcome {}

    record DateClosed(LocalDate earliest, LocalDate latest) implements PostCreditNoteOutcome {}

    record SeriesMissing(int fiscalYear) implements PostCreditNoteOutcome {}

    /// More of a SKU is credited than the original billed and earlier notes have left.
    record OverCredited(int line, BigDecimal asked, BigDecimal left) implements PostCreditNoteOutcome {}

    /// After this day a note lowers the tax of that supply no more (IN-22): a financial credit note is what is left.
    record TooLateForTax(String originalNumber, LocalDate last) implements PostCreditNoteOutcome {}

    /// The SKU of a line is not on the original.
    record NotOnOriginal(int line) implements PostCreditNoteOutcome {}

    /// The bill gave this line under a scheme, whose money a note by hand would leave with the outlet; a return takes it back by the scheme's policy (PX-41).
    record SchemesGiven(int line, String originalNumber) implements PostCreditNoteOutcome {}

    record Refused(List<Refusal> refusals, Map<Long, String> skuNames) implements PostCreditNoteOutcome {}

    /// What the device asked the rules is not this document; `what` is the first member that is unlike.
    record PaperUnlike(String what) implements PostCreditNoteOutcome {}

    /// @param findings of a note that was handed out without the server: how it differs from what is in force (OFF-10); empty otherwise
    record Posted(InvoiceView creditNote, List<PostInvoiceOutcome.Finding> findings) implements PostCreditNoteOutcome {
        public Posted {
            findings = List.copyOf(findings);
        }
    }
}
