package io.offtake.returns;

import io.offtake.access.Role;
import io.offtake.billing.PostCreditNoteOutcome;
import io.offtake.billing.Reversals;
import io.offtake.platform.Actor;
import io.offtake.platform.RowScope;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Returns of goods (domain/02 section 2.7): REQUESTED → APPROVED or REJECTED → RECEIVED → INSPECTED → CREDITED; CANCELLED before the goods are there. Every step has an id of its own and
/// happens once; a repeat answers the return as it stands.
public interface Returns {

    /// A reason code in force.
    /// @param timeLimit SALEABLE (days after the bill), EXPIRY (days after the expiry date) or NONE
    /// @param picture   whether a picture is asked for
    record Reason(String code, String title, String titleHi, String bucket, String timeLimit, boolean picture) {}

    List<Reason> reasons(LocalDate on);

    /// The return, if it is in the scope.
    Optional<ReturnView> find(RowScope scope, UUID id);

    /// What may still come back of a bill.
    Optional<Reversals.Reversible> creditable(RowScope scope, UUID invoiceId);

    /// Asks; the units are held from now on, so that nobody else can credit them.
    Outcome request(RequestReturn command, Actor actor);

    /// What [#request] would come to; writes nothing.
    Quote preview(RequestReturn command, Actor actor);

    /// @param credit    null without a bill, and where the bill no longer covers it
    /// @param value     expected credit, tax included
    /// @param approvers roles whose limit covers it
    record Quote(@Nullable Outcome refused, Reversals.@Nullable Preview credit, BigDecimal value, List<String> flags, List<String> approvers) {}

    /// What roles may approve today, in the distributors' currency.
    ///
    /// @param doubtful of returns that belong to no bill, come too late, or from an outlet that returns too much (RET-08)
    record Limits(BigDecimal ordinary, BigDecimal doubtful) {}

    Limits limits(Set<Role> roles);

    /// Approves or rejects; never the one who asked (INV-09), and only within the role's limit.
    Outcome decide(long distributorId, UUID returnId, UUID stepId, boolean approved, @Nullable String reason, Actor actor, Set<Role> roles);

    /// The goods are there. Lines that are missing came in full.
    Outcome receive(long distributorId, UUID returnId, UUID stepId, List<Came> lines, Actor actor);

    record Came(int line, BigDecimal qty) {}

    /// Every received unit goes into a bucket; BACK goes back to the outlet.
    Outcome inspect(long distributorId, UUID returnId, UUID stepId, List<Inspected> lines, Actor actor);

    record Inspected(int line, List<ReturnView.Bucket> buckets) {
        public Inspected {
            buckets = List.copyOf(buckets);
        }
    }

    /// Posts the credit note, whose id is the step's.
    Outcome credit(long distributorId, UUID returnId, UUID stepId, LocalDate businessDate, Actor actor);

    /// Withdraws a return whose goods are not there yet.
    Outcome cancel(long distributorId, UUID returnId, UUID stepId, String reason, Actor actor);

    /// Adds pictures while the return is not credited.
    Outcome attach(long distributorId, UUID returnId, List<String> hashes, Actor actor);

    /// In the order in which they are checked.
    sealed interface Outcome {
        record Done(ReturnView view) implements Outcome {}

        record Already(ReturnView view) implements Outcome {}

        record IdReused() implements Outcome {}

        /// `what`: return, distributor, outlet, warehouse, original, batch.
        record Unknown(String what) implements Outcome {}

        record DateClosed(LocalDate earliest, LocalDate latest) implements Outcome {}

        record WrongState(String state, List<String> accepted) implements Outcome {}

        record SamePerson(String by) implements Outcome {}

        /// @param limit of the caller's roles; `roles` whose limit covers it
        record OverLimit(BigDecimal value, BigDecimal limit, List<String> roles) implements Outcome {}

        /// @param accepted codes in force
        record ReasonUnknown(String reason, List<String> accepted) implements Outcome {}

        /// The bill is of another outlet or principal, or was cancelled.
        record NotThatBill(String why) implements Outcome {}

        record NoSuchLine(int line) implements Outcome {}

        record NotThatBatch(int line, List<String> batches) implements Outcome {}

        /// More than was billed and neither came back nor is on its way.
        record Over(int line, BigDecimal asked, BigDecimal left) implements Outcome {}

        /// @param days allowed; `since` the bill's day or the expiry date
        record TooLate(int line, LocalDate since, int days) implements Outcome {}

        /// Policy asks for the bill.
        record BillNeeded() implements Outcome {}

        /// The outlet was never billed it.
        record NeverSold(int line) implements Outcome {}

        /// What went into buckets is not what was received.
        record NotAllPlaced(int line, BigDecimal received, BigDecimal placed) implements Outcome {}

        /// The credit note was not posted.
        record NotCredited(PostCreditNoteOutcome outcome) implements Outcome {}
    }
}
