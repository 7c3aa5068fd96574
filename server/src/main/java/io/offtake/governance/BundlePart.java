package io.offtake.governance;

import io.offtake.access.Caller;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Configuration that a signed bundle carries between environments and that is more than the form of one master, such as a
/// price list with its lines. A module offers one as a bean.
public interface BundlePart {
    /// The governed master's type.
    String kind();

    /// @param content the same in every environment: codes for ids
    record Part(String key, JsonNode content) {}

    /// What is in force.
    List<Part> parts(Caller caller);

    /// Proposes one part as a change request.
    /// @param from first day, where the content's own has passed
    /// @return null if the same is in force already
    @Nullable UUID propose(Caller caller, Part part, LocalDate from, String origin);
}
