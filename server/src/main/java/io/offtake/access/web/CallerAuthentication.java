package io.offtake.access.web;

import io.offtake.access.Caller;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/// A caller as Spring Security wants to see one.
final class CallerAuthentication extends AbstractAuthenticationToken {
    private final transient Caller caller;
    private final boolean bySession;

    CallerAuthentication(Caller caller, boolean bySession) {
        super(List.of());
        this.caller = caller;
        this.bySession = bySession;
        setAuthenticated(true);
    }

    @Override
    public Object getPrincipal() {
        return caller;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    /// True for a person in a browser, false for a token.
    boolean bySession() {
        return bySession;
    }
}
