package io.offtake.primary;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.rules.Refusal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Goods received from principals: primary sales as the distributor sees them (ANA-01).
public interface GoodsReceipts {

    /// Every answer to [PostGoodsReceipt], in the order in which they are checked.
    sealed interface Outcome {
        record AlreadyPosted(GoodsReceiptView receipt) implements Outcome {}

        record IdReused() implements Outcome {}

        record Unknown(String what) implements Outcome {}

        record DateClosed(LocalDate earliest, LocalDate latest) implements Outcome {}

        /// The principal's invoice was received before, under the number given.
        record InvoiceReceived(String number) implements Outcome {}

        record SeriesMissing(int fiscalYear) implements Outcome {}

        /// A batch that is expired on arrival, or has its dates the wrong way round.
        record BatchDates(int line, String why) implements Outcome {}

        record Refused(List<Refusal> refusals) implements Outcome {}

        record Posted(GoodsReceiptView receipt) implements Outcome {}
    }

    /// Posts a goods receipt once.
    /// @param anyDate whether any business date is taken, for a history; else today and a few days back
    Outcome post(PostGoodsReceipt command, Actor actor, boolean anyDate);

    /// The posted goods receipt, if it is in the scope.
    Optional<GoodsReceiptView> find(RowScope scope, UUID id);
}
