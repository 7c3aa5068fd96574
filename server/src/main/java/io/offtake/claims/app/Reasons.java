package io.offtake.claims.app;

import io.offtake.claims.domain.Reason;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reason codes by name.
final class Reasons {
    private Reasons() {}

    static @Nullable Reason of(@Nullable String code) {
        return Arrays.stream(Reason.values()).filter(reason -> reason.name().equals(code)).findFirst().orElse(null);
    }

    /// What would be accepted, to overrule a rule or to cut.
    static List<String> codes(boolean overrules) {
        return Arrays.stream(Reason.values()).filter(reason -> overrules ? reason.overrules() : reason.cuts()).map(Reason::name).toList();
    }
}
