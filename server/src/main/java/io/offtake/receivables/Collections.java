package io.offtake.receivables;

import io.offtake.platform.Actor;
import io.offtake.platform.Numbering;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
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

    /// Posts many collections of one distributor and principal in one transaction, in the order given; each settles what the
    /// earlier ones left open. Refused ones leave nothing behind and do not hinder the rest.
    /// @param anyDate whether any business date is taken, for a history; else today and a few days back
    /// @return one outcome for each command, in their order
    default List<Outcome> postAll(List<PostCollection> commands, Actor actor, boolean anyDate) {
        return postAll(commands, actor, anyDate, Map.of());
    }

    /// As [#postAll(List, Actor, boolean)], with numbers that were given already, by document id: such a receipt was handed out, so what
    /// it settles of a bill that somebody else has settled meanwhile stays on account instead (OFF-10).
    List<Outcome> postAll(List<PostCollection> commands, Actor actor, boolean anyDate, Map<UUID, Numbering.Known> numbers);

    /// The posted collection, if it is in the scope.
    Optional<CollectionView> find(RowScope scope, UUID id);
}
