package io.offtake.schemes;

import io.offtake.platform.Pipeline;
import io.offtake.rules.DecideCommand;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/// What schemes ask of an outlet beside its master: where it lies, whether it was ever billed, and whether it keeps its must-sell
/// list. Bills and orders ask here, so that an order is previewed on what its bill will be decided on. Schemes stand below billing,
/// so billing answers.
public interface BuyerFacts {

    /// Adds to a pipeline what `terms` ask for, and nothing else.
    Read read(Pipeline load, long distributorId, Collection<Long> principals, UUID[] outlets, Collection<LocalDate> days, SchemeTerms terms);

    /// The answers, once the pipeline has run.
    interface Read {
        /// The outlet with these facts, as they are on one of the days; the same outlet where no scheme asks.
        DecideCommand.Outlet of(DecideCommand.Outlet outlet, UUID outletId, long principalId, LocalDate on);

        /// Takes a bill in, for the next one that is decided on the same answers.
        void billed(UUID outletId, long principalId, LocalDate on, Set<Long> skus);
    }
}
