package io.offtake.schemes;

import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Supplier;

/// The total that a scheme has for the whole network, handed to distributors in slices (docs/adr/0031). All in short
/// transactions of its own: never called inside a posting's.
public interface SchemeBudgets {
    int REFILLS = 12;

    /// Enlarges a distributor's slice: from what nobody holds yet, else from what others hold and have not spent. If that is
    /// nothing, the budget counts as exhausted here for a moment ([#isDry]).
    ///
    /// @param total  the scheme's total, of the version in force
    /// @param needed what is lacking, above 0
    /// @param wanted what is to be spent in all
    void refill(long distributorId, long principalId, long schemeId, BigDecimal total, BigDecimal needed, BigDecimal wanted);

    /// Whether a refill has lately found nothing: the posting decides with what the slice has left.
    boolean isDry(long distributorId, long schemeId);

    /// What a distributor may still be granted beside its slice: its even part of what nobody holds yet, nothing where the budget is
    /// exhausted for it. So much, and what its slice has left, may be promised without asking (OFF-11).
    ///
    /// @param totals by scheme, of the version in force
    /// @return by scheme, in the distributor's currency
    Map<Long, BigDecimal> reach(long distributorId, Map<Long, BigDecimal> totals);

    /// Lets the budget count as exhausted here for a moment.
    void exhausted(long distributorId, long schemeId);

    /// Runs one whole attempt of a posting, and again after each refill that it asks for.
    default <T> T refilling(long distributorId, Supplier<T> attempt) {
        for (int tried = 1; ; tried++) {
            try {
                return attempt.get();
            } catch (BudgetShort low) {
                for (var lack : low.lacks()) {
                    // Where distributors take the last of a budget from each other, somebody has to be content.
                    if (tried > REFILLS) exhausted(distributorId, lack.schemeId());
                    else refill(distributorId, lack.principalId(), lack.schemeId(), lack.total(), lack.needed(), lack.wanted());
                }
            }
        }
    }
}
