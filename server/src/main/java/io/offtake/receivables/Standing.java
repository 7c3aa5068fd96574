package io.offtake.receivables;

import io.offtake.rules.DecideCommand;
import io.offtake.rules.Money;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An outlet's standing with one principal before a document, as the rules check it.
///
/// @param exposure what it owes, with orders that are not billed yet (LESSONS 48)
public record Standing(BigDecimal creditLimit, BigDecimal exposure, int overdueDays, int creditDays) {

    /// @param oldestDue due date of the oldest unpaid bill, null if there is none
    public static Standing of(Receivables.Account account, BigDecimal commitments, @Nullable LocalDate oldestDue, LocalDate on) {
        var overdue = oldestDue == null ? 0 : Math.max(0, (int) ChronoUnit.DAYS.between(oldestDue, on));
        return new Standing(account.creditLimit(), account.balance().add(commitments), overdue, account.creditDays());
    }

    /// For a command; null stands for an outlet without an account, which has no credit.
    public static List<DecideCommand.CreditAccount> forRules(long principalId, @Nullable Standing standing) {
        return standing == null ? List.of() : List.of(new DecideCommand.CreditAccount(Long.toString(principalId), money(standing.creditLimit), money(standing.exposure),
                standing.overdueDays, standing.creditDays));
    }

    private static Money money(BigDecimal amount) {
        return new Money(amount.movePointRight(2).longValueExact(), 2);
    }
}
