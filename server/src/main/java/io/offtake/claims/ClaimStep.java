package io.offtake.claims;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a distributor does with a claim of its own, as a device queues it (OFF-01): the body of the REST operation with the claim it belongs to.
public sealed interface ClaimStep {
    /// The claim it is a step of.
    UUID claimId();

    /// A paper or picture, named by the SHA-256 under which its bytes are stored or will be: they follow in their own lane.
    record Evidence(@NotNull UUID claimId, @NotNull @Pattern(regexp = "PAYOUT_PROOF|INVOICE_COPY|PHOTO|OTHER") String kind, @NotNull @Pattern(regexp = "[0-9a-f]{64}") String hash,
                    @NotBlank @Size(max = 200) String name, @Nullable @Size(max = 1000) String note) implements ClaimStep {}

    /// The claim is filed.
    ///
    /// @param claimed what its person saw that it claims; where it claims another amount by now, it is refused with that amount. Null: whatever it claims
    record Submission(@NotNull UUID claimId, @Nullable @Digits(integer = 16, fraction = 2) BigDecimal claimed, @Nullable @Size(max = 1000) String note) implements ClaimStep {}

    /// The answer to a question of the principal.
    record Reply(@NotNull UUID claimId, @NotBlank @Size(max = 1000) String text) implements ClaimStep {}

    /// The draft is not wanted.
    record Withdrawal(@NotNull UUID claimId, @NotBlank @Size(max = 1000) String reason) implements ClaimStep {}

    /// A line that is disputed.
    record DisputedLine(int line, @Nullable @Size(max = 1000) String note) {}

    /// The decision is not accepted.
    record Dispute(@NotNull UUID claimId, @NotBlank @Size(max = 1000) String text, @Nullable @Size(max = 5000) List<@NotNull @Valid DisputedLine> lines) implements ClaimStep {}

    /// What the decision on the dispute left cut goes to the panel.
    record Appeal(@NotNull UUID claimId, @NotBlank @Size(max = 1000) String text) implements ClaimStep {}
}
