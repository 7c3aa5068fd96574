package io.offtake.billing;

import io.offtake.platform.Actor;
import java.util.List;

/// Credit notes: documents of the shape of an invoice that take back what was sold. Their amounts are positive; the kind
/// says that they count against sales. Goods return from CUSTOMER to SALEABLE at the batch's cost; 4010 takes the value.
public interface CreditNotes {

    /// Posts one credit note. A repeat of the same command is harmless.
    PostCreditNoteOutcome post(PostCreditNote command, Actor actor);

    /// Posts many credit notes of one distributor in one transaction, in the order given. Refused ones leave nothing behind
    /// and do not hinder the rest.
    /// @return one outcome for each command, in their order
    List<PostCreditNoteOutcome> postAll(List<PostCreditNote> commands, Actor actor, Terms terms);
}
