package io.offtake.claims;

import io.offtake.access.Caller;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Claims of a distributor on its principals: drafted from posted benefits, checked by rule, decided by line, settled by credit
/// note (domain/02 section 2.10, domain/06). People come by HTTP; this face is for the system's own work.
public interface Claims {

    /// @param made  new drafts
    /// @param grown drafts that were there and got more lines
    record Drafted(int made, int grown, int lines, List<UUID> claims) {
        public Drafted {
            claims = List.copyOf(claims);
        }
    }

    /// Makes the drafts of a closed month: one for each scheme version whose benefits of the month, or of an earlier one, stand in no
    /// claim yet, less what came back. Running it again changes nothing.
    Drafted draft(long distributorId, YearMonth period);

    /// Books what outlets have earned outside of the bill and is not in the books yet (P-15, CL-26).
    /// @return how many entries were booked
    int bookAccruals(long distributorId);

    /// Where a claim stands.
    ///
    /// @param awaits who has to act; null: nobody
    record Standing(String type, String status, @Nullable String awaits, java.math.BigDecimal claimed, int lines) {}

    Standing standing(Caller caller, UUID claim);

    /// A decision on some lines; the others stay as the rules leave them.
    record LineDecision(int line, java.math.BigDecimal approved, String reason, @Nullable String note) {}

    /// What the desk can do for a person; the screens' endpoints are the same calls.
    void submit(Caller caller, UUID claim);

    /// Files several claims of one distributor; the rules look at all of them in one batch, for the price of one.
    void submit(Caller caller, List<UUID> claims);

    void attach(Caller caller, UUID claim, String kind, String hash, String name);

    void query(Caller caller, UUID claim, String text);

    void reply(Caller caller, UUID claim, String text);

    /// @param decision APPROVE, REJECT or LINES
    void decide(Caller caller, UUID claim, String decision, @Nullable String reason, List<LineDecision> lines);

    void confirm(Caller caller, UUID claim);

    void dispute(Caller caller, UUID claim, String text, List<Integer> lines);

    void settle(Caller caller, UUID claim, UUID settlement, String treatment, LocalDate on);

    /// Validates what is submitted and not validated yet; answers how many claims.
    int validate(long distributorId);
}
