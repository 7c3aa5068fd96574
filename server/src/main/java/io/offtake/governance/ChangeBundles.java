package io.offtake.governance;

import io.offtake.access.Caller;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The forms of the network's governed masters in bundles; what is more than a form is a [BundlePart].
public interface ChangeBundles {
    Set<String> kinds();

    /// What is in force of a kind.
    List<BundlePart.Part> parts(Caller caller, String kind);

    /// @param request null if nothing differs
    record Made(@Nullable UUID request, int proposed, int same) {}

    /// Proposes all parts that differ as one change request.
    Made propose(Caller caller, String kind, List<BundlePart.Part> parts, LocalDate from, String origin);
}
