package io.offtake.billing;

import io.offtake.rules.Refusal;
import io.offtake.schemes.FreeChoice;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/// Every answer to [PostInvoice], in the order in which they are checked: the first that applies is the answer.
public sealed interface PostInvoiceOutcome {
    /// The same document was posted before; the answer is the first one again.
    record AlreadyPosted(InvoiceView invoice) implements PostInvoiceOutcome {}

    /// The id was used for another content or another kind of document.
    record IdReused() implements PostInvoiceOutcome {}

    /// The distributor, outlet, warehouse or order is not there (`what` says which).
    record Unknown(String what) implements PostInvoiceOutcome {}

    /// The business date is in the future or too far back.
    record DateClosed(LocalDate earliest, LocalDate latest) implements PostInvoiceOutcome {}

    /// There is no open number series for the fiscal year of the business date.
    record SeriesMissing(int fiscalYear) implements PostInvoiceOutcome {}

    /// The order is not allocated, or belongs to another outlet or principal.
    record OrderNotReady(String status) implements PostInvoiceOutcome {}

    /// A chosen free good is of a scheme or SKU that nobody knows.
    record ChoiceUnknown(FreeChoice.Unknown choice) implements PostInvoiceOutcome {}

    /// The rules refuse: all refusals of the first failing stage.
    record Refused(List<Refusal> refusals, Map<Long, String> skuNames) implements PostInvoiceOutcome {}

    /// The document that was handed out names a rule book that is not known here.
    record BookUnknown(String hash) implements PostInvoiceOutcome {}

    /// What the device asked the rules is not this document; `what` is the first member that is unlike.
    record PaperUnlike(String what) implements PostInvoiceOutcome {}

    /// @param findings of a document that stood already: how it differs from what is in force (OFF-10); empty otherwise
    record Posted(InvoiceView invoice, List<Finding> findings) implements PostInvoiceOutcome {
        public Posted {
            findings = List.copyOf(findings);
        }

        public Posted(InvoiceView invoice) {
            this(invoice, List.of());
        }
    }

    /// One difference between a document that stands and what the rules in force would have decided.
    ///
    /// @param kind   PRICE, SCHEME, TAX, CREDIT, STOCK, or OVERSHOOT: a scheme gave more than its limits had left
    /// @param mine   what the document says
    /// @param server what is in force
    record Finding(Kind kind, String field, String mine, String server) {
        public enum Kind { PRICE, SCHEME, TAX, CREDIT, STOCK, OVERSHOOT }
    }
}
