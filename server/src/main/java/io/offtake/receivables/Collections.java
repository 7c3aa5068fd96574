package io.offtake.receivables;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Money received from outlets.
public interface Collections {

    /// Every answer to [PostCollection], in the order in which they are checked.
    sealed interface Outcome {
        record AlreadyPosted(CollectionView collection) implements Outcome {}

        record IdReused() implements Outcome {}

        record Unknown(String what) implements Outcome {}

        record DateClosed(LocalDate earliest, LocalDate latest) implements Outcome {}

        record SeriesMissing(int fiscalYear) implements Outcome {}

        /// A cheque needs its bank and date; `field` is the one that is missing.
        record ChequeIncomplete(String field) implements Outcome {}

        /// Cash of this amount may not be taken from one person in a day (Income-tax Act 1961 s.269ST).
        record CashLimit(BigDecimal taken, BigDecimal limit) implements Outcome {}

        /// More was allocated to a bill than is open, or than was received in all; `invoiceId` is null for the latter.
        record OverAllocated(@Nullable UUID invoiceId, BigDecimal asked, BigDecimal open) implements Outcome {}

        record Posted(CollectionView collection) implements Outcome {}
    }

    /// Posts a collection once.
    Outcome post(PostCollection command, Actor actor);

    /// The posted collection, if it is in the scope.
    Optional<CollectionView> find(RowScope scope, UUID id);
}
