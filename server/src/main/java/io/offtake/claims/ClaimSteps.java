package io.offtake.claims;

import io.offtake.access.Caller;
import java.util.UUID;

/// Steps of a distributor on its claims that arrive from a device's queue, each once.
public interface ClaimSteps {

    /// @param repeated whether the step was done before; nothing was done now
    /// @param claim    as it stands
    record Taken(boolean repeated, ClaimView claim) {}

    /// Takes one step. A repeat of its id with the same content answers the claim as it stands and changes nothing.
    ///
    /// @param distributorId whose queue it came from: the claim must be this distributor's
    /// @param id            of the step
    /// @throws io.offtake.platform.ProblemException NOT_FOUND for a claim of somebody else, ILLEGAL_STATE with the states that pass, CLAIM_EVIDENCE_MISSING (CL-16), STALE where
    ///                                              another amount is claimed by now, ID_REUSED where the id did something else, or another refusal of the claim's rules
    Taken take(Caller caller, long distributorId, UUID id, ClaimStep step);
}
