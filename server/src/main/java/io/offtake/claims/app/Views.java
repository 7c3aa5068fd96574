package io.offtake.claims.app;

import io.offtake.platform.Problem;
import io.offtake.platform.ProblemCode;
import io.offtake.platform.RowScope;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parameters that every read of claims binds.
final class Views {
    private Views() {}

    private static final LocalDate FIRST = LocalDate.of(2010, 1, 1);
    private static final LocalDate LAST = LocalDate.of(2100, 1, 1);

    /// Refuses a window that ends before it begins, or lies outside of what is kept.
    static void window(LocalDate from, LocalDate to) {
        if (from.isAfter(to) || from.isBefore(FIRST) || to.isAfter(LAST))
            throw Problem.of(ProblemCode.INVALID, "The window is from " + from + " to " + to + ".").at("?from", ProblemCode.INVALID, "is after the end, or outside of " + FIRST + " to " + LAST).exception();
    }

    /// `scope` and `principals` (null for all) of a row scope.
    static Map<String, @Nullable Object> scope(RowScope scope) {
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("scope", scope.distributors().toArray(Long[]::new));
        parameters.put("principals", scope.principals() == null ? null : scope.principals().toArray(Long[]::new));
        return parameters;
    }
}
