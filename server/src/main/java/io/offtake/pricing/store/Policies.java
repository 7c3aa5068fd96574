package io.offtake.pricing.store;

import io.offtake.rules.DecideCommand;
import io.offtake.rules.RuleBook;
import java.util.List;

/// The policy every rule book carries until policies are data of their own: hard checks everywhere, a warning 30 days
/// before expiry, the overdue check after 30 days.
final class Policies {
    static final RuleBook.Policy DEFAULT = new RuleBook.Policy(0, List.of(), 30,
            new RuleBook.Credit(RuleBook.Check.BLOCK, RuleBook.Check.BLOCK, 30, List.of(DecideCommand.PaymentMode.CREDIT)),
            RuleBook.Check.BLOCK, RuleBook.Check.BLOCK);

    private Policies() {}
}
