package io.offtake.schemes;

import java.math.BigDecimal;
import java.util.List;

/// A posting would spend more of some schemes' totals than the distributor's slices hold: it rolls back, the slices are refilled,
/// and it looks again ([SchemeBudgets#refilling]).
public final class BudgetShort extends RuntimeException {
    /// @param total  the scheme's total
    /// @param needed what the slice lacks
    /// @param wanted what the posting would spend in all: a slice that holds so much by now needs no refill
    record Lack(long schemeId, long principalId, BigDecimal total, BigDecimal needed, BigDecimal wanted) {}

    private final transient List<Lack> lacks;

    BudgetShort(List<Lack> lacks) {
        super("a budget's slice is short", null, false, false);
        this.lacks = List.copyOf(lacks);
    }

    List<Lack> lacks() {
        return lacks;
    }
}
