package io.offtake.billing;

import io.offtake.platform.Actor;

/// Debit notes and financial credit notes. Both quote one posted invoice, have a series of their own, and move no goods.
public interface Notes {

    /// Charges what was billed too low: sales, tax and the outlet's account rise. It has no last date (s.34(3)).
    PostCreditNoteOutcome debit(PostNote command, Actor actor);

    /// Gives a discount after the sale without touching the tax: own trade discount and the outlet's account (IN-21). It is in no
    /// return and carries no IRN; the outlet keeps its input tax credit.
    PostCreditNoteOutcome financial(PostNote command, Actor actor);
}
