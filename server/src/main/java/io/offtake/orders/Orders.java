package io.offtake.orders;

import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import io.offtake.rules.Refusal;
import io.offtake.schemes.FreeChoice;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Secondary orders: booked, allocated first expired first, billed by `billing`, or cancelled (domain/02 section 2.5).
public interface Orders {

    /// Every answer to a step of an order, in the order in which they are checked.
    sealed interface Outcome {
        /// The step was done before.
        record Already(OrderView order) implements Outcome {}

        record IdReused() implements Outcome {}

        record Unknown(String what) implements Outcome {}

        record DateClosed(LocalDate earliest, LocalDate latest) implements Outcome {}

        record SeriesMissing(int fiscalYear) implements Outcome {}

        /// The step is not possible in the order's state.
        record WrongState(String state, List<String> accepted) implements Outcome {}

        /// A chosen free good is of a scheme or SKU that nobody knows.
        record ChoiceUnknown(FreeChoice.Unknown choice) implements Outcome {}

        record Refused(List<Refusal> refusals, Map<Long, String> skuNames) implements Outcome {}

        /// The order stands, possibly on hold or allocated in part; its view says so.
        record Done(OrderView order) implements Outcome {}
    }

    /// Books an order once. An order over the credit limit is booked on hold.
    Outcome book(PostOrder command, Actor actor);

    /// Changes the lines of an order that is not allocated yet; it is priced anew (OFF-13).
    /// @param id      the change's own id
    /// @param version the version it is based on; null: the present one
    /// @return WrongState also where somebody else has changed the order since `version`
    Outcome edit(long distributorId, UUID orderId, UUID id, @Nullable Integer version, List<PostOrder.Line> lines, @Nullable String note, Actor actor);

    /// Reserves batches for an order: SALEABLE to RESERVED. What stock does not cover stays unallocated.
    /// @param id the allocation's own id
    Outcome allocate(long distributorId, UUID orderId, UUID id, Actor actor);

    /// Cancels an order and releases what it reserved.
    /// @param id the cancellation's own id
    Outcome cancel(long distributorId, UUID orderId, UUID id, @Nullable String reason, Actor actor);

    /// The order, if it is in the scope.
    Optional<OrderView> find(RowScope scope, UUID id);
}
