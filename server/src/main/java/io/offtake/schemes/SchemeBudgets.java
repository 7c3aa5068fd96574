package io.offtake.schemes;

import java.math.BigDecimal;

/// The total that a scheme has for the whole network, handed to distributors in slices (docs/adr/0031). All in short
/// transactions of its own: never called inside a posting's.
public interface SchemeBudgets {

    /// Enlarges a distributor's slice: from what nobody holds yet, else from what others hold and have not spent.
    ///
    /// @param total  the scheme's total, of the version in force
    /// @param needed what is lacking, above 0
    /// @return whether the slice has grown; if not, the budget is exhausted
    boolean refill(long distributorId, long principalId, long schemeId, BigDecimal total, BigDecimal needed);

    /// Whether a refill has lately found nothing, so that asking again is in vain.
    boolean isDry(long distributorId, long schemeId);
}
