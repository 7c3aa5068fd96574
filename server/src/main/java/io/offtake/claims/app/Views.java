package io.offtake.claims.app;

import io.offtake.platform.RowScope;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parameters that every read of claims binds.
final class Views {
    private Views() {}

    /// `scope` and `principals` (null for all) of a row scope.
    static Map<String, @Nullable Object> scope(RowScope scope) {
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("scope", scope.distributors().toArray(Long[]::new));
        parameters.put("principals", scope.principals() == null ? null : scope.principals().toArray(Long[]::new));
        return parameters;
    }
}
