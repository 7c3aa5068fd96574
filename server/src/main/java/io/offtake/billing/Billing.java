package io.offtake.billing;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Tax invoices. One posting: order, invoice, stock, receivable, scheme accrual, numbers, audit and event in one
/// transaction, or nothing (DESIGN section 4).
public interface Billing {

    /// Posts one invoice in three round trips to the database. A repeat of the same command is harmless.
    PostInvoiceOutcome post(PostInvoice command, Actor actor);

    /// Posts many invoices of one distributor in one transaction, in the order given; each is decided with what the earlier
    /// ones left. Refused ones leave nothing behind and do not hinder the rest.
    /// @return one outcome for each command, in their order
    List<PostInvoiceOutcome> postAll(List<PostInvoice> commands, Actor actor, Terms terms);

    /// What would be decided on a command now, with the ladder of schemes on each line. Writes and locks nothing.
    Quote quote(PostInvoice command, Actor actor);

    sealed interface Quote {
        /// @param answer the answer of the rules, decided or refused (spec/README.md)
        record Decided(String answer) implements Quote {}

        /// It does not come to a decision: why not, as posting it would say.
        record NotPossible(PostInvoiceOutcome outcome) implements Quote {}
    }

    /// Decides a posted invoice again, from its stored input and the book that decided it (INV-06), and explains it.
    /// @return empty if there is no such invoice in the scope
    Optional<Explanation> explain(RowScope scope, UUID id);

    /// @param answer        the decision with its ladder (spec/README.md)
    /// @param same          whether today's engine decides as it was decided then, character by character
    /// @param ruleBookHash  of the book that decided it
    /// @param configVersion of the configuration it was made of
    record Explanation(String answer, boolean same, String ruleBookHash, String configVersion) {}

    /// Posted documents of one distributor of the scope, by id; unknown ids are absent.
    Map<UUID, InvoiceView> read(RowScope scope, long distributorId, Collection<UUID> ids);

    /// The posted document, if it is in the scope.
    Optional<InvoiceView> find(RowScope scope, UUID id);

    sealed interface CancelOutcome {
        record Cancelled(InvoiceView invoice) implements CancelOutcome {}

        record AlreadyCancelled(InvoiceView invoice) implements CancelOutcome {}

        record Unknown() implements CancelOutcome {}

        /// Only on the business day itself, before money or goods have moved on; else a credit note.
        record TooLate(String why) implements CancelOutcome {}

        /// Maker is not checker (INV-09).
        /// @param by who posted the bill, or asked to cancel it
        record SamePerson(String by) implements CancelOutcome {}

        /// Somebody else has to confirm.
        record Asked(InvoiceView invoice) implements CancelOutcome {}

        /// The request was turned down; the bill stands.
        record Kept(InvoiceView invoice) implements CancelOutcome {}

        record NotAsked(InvoiceView invoice) implements CancelOutcome {}
    }

    /// Asks for an invoice to be cancelled; somebody else confirms with [#cancel] or turns it down with [#keep]. Asking again changes
    /// nothing.
    /// @param id the request's own id
    CancelOutcome askToCancel(long distributorId, UUID invoiceId, UUID id, String reason, Actor actor);

    /// Turns a request down.
    /// @param reason why the bill stands
    CancelOutcome keep(long distributorId, UUID invoiceId, String reason, Actor actor);

    /// Cancels an invoice in full: its number is burnt, every ledger is reversed (domain/02 section 2.6).
    /// @param id the cancellation's own id
    CancelOutcome cancel(long distributorId, UUID invoiceId, UUID id, String reason, Actor actor);

    sealed interface DeliverOutcome {
        record Delivered(InvoiceView invoice) implements DeliverOutcome {}

        record AlreadyDelivered(InvoiceView invoice) implements DeliverOutcome {}

        record Unknown() implements DeliverOutcome {}

        record WasCancelled() implements DeliverOutcome {}
    }

    /// Confirms that an invoice's goods have reached the outlet: IN_TRANSIT_OUT to CUSTOMER.
    /// @param id the delivery's own id
    DeliverOutcome deliver(long distributorId, UUID invoiceId, UUID id, Actor actor);
}
